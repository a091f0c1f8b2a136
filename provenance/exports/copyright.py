"""A draft for a copyright office: what people made, what is excluded, and the evidence. A draft, and no legal advice.

The US Copyright Office (Part 2, 2025) protects what a person drew, changed, selected and arranged, and wants more
than trivial AI material disclosed; prompts alone are not authorship. The draft says only what is on record.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from provenance.exports.roll import Roll
from provenance.inspection.translated import name_in
from provenance.ledger.ancestry import recorded_again
from provenance.ledger.any_ledger import AnyLedger
from provenance.ledger.store.records import PictureRecord
from provenance.people.candidate import Choice
from provenance.people.person import Person
from provenance.people.register import Register
from provenance.people.ties import Credited
from provenance.statement.credit import DRAWING, NOT_NAMED
from provenance.statement.vocabulary import Maker, Step
from provenance.statement.words import MARKS, ROLES

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "DRAFT for the registration of {production}",
        "warning": (
            "Put together from the record; to be checked by a person who knows the work and the law. "
            "No legal advice."
        ),
        "no_authorship": "Words given to a model (prompts) are not claimed as authorship of the picture.",
        "made": "AUTHOR CREATED",
        "excluded": "MATERIAL EXCLUDED",
        "gaps": "NOT STATED",
        "evidence": "EVIDENCE",
        "no_made": "nothing made by hand is on record",
        "no_excluded": "no generated material is on record",
        "no_gaps": "no gap was found in the record",
        "ledger": "Ledger {ledger}; `genzu ledger prove` gives a receipt for each entry.",
        "what": "{cut}, picture {picture}",
        "record": "{what}: drawn by hand by {names}",
        "photograph": "{what}: photographed by {names}",
        "retouch": "{what}: revised by hand over the picture before it by {names}",
        "generated": "{what}: generated with {model}{over}; words and settings by {names}",
        "over": ", over the input at strength {strength}",
        "other": "{what}: recorded as made with AI or software, by {names}",
        "chosen": "{cut}: selected among {count} candidates by {by} (entry {seq})",
        "nobody": "nobody stated",
        "beside": "; further credits: {names}",
        "proof": "{what}{again}: entries {requested} and {released}, {at}, {file}",
        "again": ", signed again",
        "file": "file {digest}",
        "no_file": "no file",
    },
    "ja": {
        "title": "登録申請の下書き：{production}",
        "warning": "記録から作成した下書きです。作品と法律を知る人が確認してください。法的助言ではありません。",
        "no_authorship": "モデルに与えた言葉（プロンプト）は、画像の著作として主張しません。",
        "made": "著作者が創作した部分",
        "excluded": "除外する素材",
        "gaps": "記載のない事項",
        "evidence": "証拠",
        "no_made": "手作業による制作の記録はありません",
        "no_excluded": "生成された素材の記録はありません",
        "no_gaps": "記録に欠けているところは見つかりませんでした",
        "ledger": "台帳 {ledger}。各項目の受領証は `genzu ledger prove` で得られます。",
        "what": "{cut}、画像 {picture}",
        "record": "{what}：手描き、{names}",
        "photograph": "{what}：撮影（カメラ）、{names}",
        "retouch": "{what}：前の画像への手作業による加筆、{names}",
        "generated": "{what}：{model} による生成{over}。言葉と設定：{names}",
        "over": "（入力画像への適用強度 {strength}）",
        "other": "{what}：AIまたはソフトウェアによる制作と記録、{names}",
        "chosen": "{cut}：{count} 件の候補から {by} が選定（項目 {seq}）",
        "nobody": "氏名の記載なし",
        "beside": "。ほかのクレジット：{names}",
        "proof": "{what}{again}：項目 {requested} と {released}、{at}、{file}",
        "again": "（再署名）",
        "file": "ファイル {digest}",
        "no_file": "ファイルなし",
    },
}


def draft_statement(ledger: AnyLedger, register: Register, roll: Roll, language: str = "en") -> str:
    """The draft as plain text, one section for what is claimed, what is excluded, and what proves either."""
    draft = _Draft(register, WORDS[language], language)
    for cut in roll.cuts:
        for step in cut.steps:
            draft.take(str(cut.shot.cut), step)
        if cut.shot.choice is not None:
            draft.choice(cut.shot.choice)
    words = draft.words
    sections = (
        (words["made"], [f"- {each}" for each in draft.made or (words["no_made"],)]),
        (
            words["excluded"],
            [*(f"- {each}" for each in draft.excluded or (words["no_excluded"],)), words["no_authorship"]],
        ),
        (words["gaps"], [f"- {each}" for each in roll.not_stated(language) or (words["no_gaps"],)]),
        (
            words["evidence"],
            [words["ledger"].format(ledger=ledger.id), *(f"- {each}" for each in draft.evidence)],
        ),
    )
    lines = [words["title"].format(production=roll.production), words["warning"]]
    for heading, told in sections:
        lines += ["", heading, *told]
    return "\n".join(lines) + "\n"


@dataclass(slots=True)
class _Draft:
    """The sections as they fill: what people made, what is excluded, what proves either."""

    register: Register
    words: Mapping[str, str]
    language: str
    made: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)

    def take(self, cut: str, step: PictureRecord) -> None:
        """A step into what people made, or what a model made; one that was only signed again into neither."""
        words, said = self.words, step.statement
        what = words["what"].format(cut=cut, picture=step.picture)
        again = recorded_again(step) is not None
        self.evidence.append(self._proof(what, step, again=again))
        if again:
            return
        by_people = said.source_type.maker in (Maker.HUMAN, Maker.CAMERA)
        if said.step in (Step.RECORD, Step.RETOUCH) and by_people:
            # A revision is by hand, over a photograph too.
            by_camera = said.step is Step.RECORD and said.source_type.maker is Maker.CAMERA
            made = words["photograph" if by_camera else said.step.value]
            self.made.append(made.format(what=what, names=self._hands(step)))
        elif said.model is not None:
            strength = said.parameters.get("strength")
            over = words["over"].format(strength=strength) if strength is not None else ""
            self.excluded.append(
                words["generated"].format(
                    what=what,
                    model=said.model.public.name,
                    over=over,
                    names=self._names(self.register.credits(step)),
                )
            )
        else:
            self.excluded.append(
                words["other"].format(what=what, names=self._names(self.register.credits(step)))
            )

    def choice(self, choice: Choice) -> None:
        by = self._named(self.register.person(choice.by))
        count = len(choice.among)
        self.made.append(self.words["chosen"].format(cut=choice.cut, count=count, by=by, seq=choice.seq))

    def _named(self, person: Person) -> str:
        return name_in(person.shown(self.language) or NOT_NAMED, self.language)

    def _names(self, credits: Sequence[Credited]) -> str:
        marks = MARKS[self.language]
        names = [
            marks.within(self._named(each.person), ROLES[each.role].roll[self.language].lower())
            for each in credits
        ]
        return marks.comma.join(names) or self.words["nobody"]

    def _hands(self, step: PictureRecord) -> str:
        """Who drew; and apart from them who directed, supervised or wrote a prompt, and drew nothing."""
        credits = self.register.credits(step)
        others = [each for each in credits if each.role not in DRAWING]
        beside = self.words["beside"].format(names=self._names(others)) if others else ""
        return self._names([each for each in credits if each.role in DRAWING]) + beside

    def _proof(self, what: str, step: PictureRecord, *, again: bool) -> str:
        words = self.words
        file = words["file"].format(digest=step.output.digest) if step.output else words["no_file"]
        return words["proof"].format(
            what=what, again=words["again"] if again else "", requested=step.requested,
            released=step.released, at=step.requested_at, file=file,
        )  # fmt: skip
