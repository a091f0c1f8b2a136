"""The words of a report in English and Japanese; lines of evidence and reasons: provenance/inspection/translated.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from provenance.audit.acts import Act
from provenance.audit.rules import RuleStanding
from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import Classification
from provenance.inspection.basis import Evidence
from provenance.inspection.translated import sentences
from provenance.statement.credit import Role
from provenance.statement.words import ROLES, STAGES


@dataclass(frozen=True, slots=True)
class ActWords:
    """What an act is called, and what somebody does about it."""

    name: str
    todo: str


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a rule asks, by which field that is shown, and what was not checked."""

    title: str
    shown_by: str
    limits: str = ""


@dataclass(frozen=True, slots=True)
class ReportWords:
    """All of one language."""

    answers: Mapping[Classification, str]
    verdicts: Mapping[Verdict, str]
    acts: Mapping[Act, ActWords]
    rules: Mapping[str, RuleWords]
    standings: Mapping[RuleStanding, str]
    columns: Mapping[str, str]
    stages: Mapping[str, str]
    kinds: Mapping[str, str]  # of lines of evidence
    said: Mapping[str, str]  # headings and sentences, by name

    def numbered(self, name: str, number: int, **more: str) -> str:
        """A sentence about so many: the singular where it is one and there is a word for it."""
        one = self.said.get(f"{name}_one") if number == 1 else None
        return (one or self.said[name]).format(f"{number:,}", **more)


_EN = ReportWords(
    answers={each: each.value for each in Classification},
    verdicts={each: each.value for each in Verdict},
    acts={
        Act.ALTERED: ActWords("Altered", "Do not use them. Ask the vendor for the file as it was signed."),
        Act.CONFLICT: ActWords("Conflicting", "Ask the vendor which of the two is true, in writing."),
        Act.DISPUTED: ActWords("Disputed", "Have the keeper of the ledger decide before they are credited or used."),
        Act.UNCHECKED: ActWords(
            "Could not be checked",
            "Each says why. Ask for whole files, as PNG, TIFF or JPEG, or for credentials beside them.",
        ),
        Act.UNNAMED: ActWords("A hand without a name", "Ask who drew or revised it, and have it recorded."),
        Act.UNKNOWN: ActWords("Unknown", "Ask how they were made. Unknown does not mean human-made."),
    },
    rules={
        "eu-mark": RuleWords(
            "EU AI Act, article 50(2): each AI picture carries a signed, machine-readable mark",
            "digitalSourceType in intact Content Credentials",
            "Since 2 August 2026 for new systems, from 2 December 2026 for older ones. The time stamp and the "
            "imperceptible mark that the code of practice asks for as well are not looked for by this rule.",
        ),
        "eu-label": RuleWords(
            "EU AI Act, article 50(4): a visible disclosure where the public sees the picture",
            "nothing in the file",
            "Since 2 August 2026; milder for what is evidently art. Whether a label can be seen is for people.",
        ),
        "sb-942": RuleWords(
            "California SB 942: each AI picture names provider, system and version, time, and an identifier",
            "signer, model or software with a version, time of signing, manifest, in intact Content Credentials",
            "Since 2 August 2026, for providers with more than a million users; films are exempt.",
        ),
        "iptc": RuleWords(
            "IPTC 2025.1: source type, AI system and prompt writer are stated",
            "DigitalSourceType, AISystemUsed and AIPromptWriterName in XMP, or the same in credentials",
        ),
        "client": RuleWords(
            "A streaming client's guidance: AI pictures that stay in the film have a written approval",
            "the approval of the production in the ledger (genzu project)",
            "Files that no record names a production for are left open.",
        ),
        "guild": RuleWords(
            "A guild's notice: the use of AI was notified in writing",
            "the notice of the production in the ledger (genzu project)",
            "Files that no record names a production for are left open.",
        ),
        "academy": RuleWords(
            "The Academy's question on human authorship: a person is named for each AI picture",
            "names in credentials or in the ledger",
            "How far a person was at the heart of the work is for people to judge.",
        ),
    },
    standings={each: each.value for each in RuleStanding},
    columns={
        "path": "Picture", "classification": "How it was made", "verdict": "Credentials", "people": "People",
        "models": "Model", "evidence": "Evidence", "cut": "Cut",
    },
    stages={
        "": "not stated", "layout": "layout", "reference": "reference",
        **{each.value: words["en"] for each, words in STAGES.items()},
    },
    kinds={each.value: each.value for each in Evidence},
    said={
        "title": "Audit of a delivery",
        "intro": "Each line of evidence is observed in the file, recorded in a ledger, derived by a rule, or not "
        "available. “Unknown” is an answer: missing data says nothing about how a picture was made.",
        "act_first": "What to act on first",
        "nothing": "Nothing: no file is altered, contradicts itself, is disputed, could not be checked, lacks a name "
        "or is unknown.",
        "calm": "No file is altered, contradicts itself, is disputed, could not be checked, lacks a name or is "
        "unknown.",
        "unmet": "Rules that are not met",
        "unmet_todo": "Each stands below with what would show it, and with the first files that lack it.",
        "lacking": "{} files lack it",
        "lacking_one": "1 file lacks it",
        "more": "and {} more",
        "unknown_too": "{} more are unknown because two things are said of them; they stand under Conflicting.",
        "unknown_too_one": "1 more is unknown because two things are said of it; it stands under Conflicting.",
        "answers": "Answers",
        "by_vendor": "By vendor (folder)",
        "by_cut": "By cut",
        "cuts_to_act": "Cuts to act on",
        "in_part": "Of {} cuts no name or record says the episode, scene or production, and other cuts of the same "
        "number have it: they are counted apart, and may be the same.",
        "in_part_one": "Of 1 cut no name or record says the episode, scene or production, and another cut of the same "
        "number has it: they are counted apart, and may be the same.",
        "with_only": "{} files do not say what their cuts are counted in; they stand with {only}, as the others do.",
        "with_only_one": "1 file does not say what its cut is counted in; it stands with {only}, as the others do.",
        "cards": "Every cut, its layout beside its final",
        "by_stage": "By stage",
        "stage": "Stage",
        "no_cut": "no cut in name or record",
        "no_vendor": "no vendor's folder",
        "files": "Files",
        "group": "Group",
        "to_act": "To act on",
        "why": "Why",
        "todo": "What to do",
        "rules": "Rules",
        "rules_note": "A rule is held against what the files and the ledger state. Files that could not be "
        "checked count as AI pictures, too, where unsigned text says AI. This is no legal advice.",
        "rule": "Rule",
        "standing": "Standing",
        "shown_by": "Shown by",
        "of": "{shown} of {} files",
        "of_one": "{shown} of 1 file",
        "left_open": "{} left open",
        "without": "Without it:",
        "copies": "Copies",
        "bytes": "the same file",
        "pixels": "the same pixels",
        "no_copies": "No two files are the same, byte for byte.",
        "since": "Since the last delivery",
        "since_what": "Compared with {name}{made}.",
        "new": "New",
        "gone": "No longer there",
        "changed": "Other bytes under the same name",
        "answered": "Another answer",
        "renamed": "Renamed",
        "same": "{} files as before.",
        "same_one": "1 file as before.",
        "all_files": "All files",
        "search": "Search",
        "sort": "Click a heading to sort.",
        "shown": "{} of {} shown",
        "all": "All",
        "left_out": "Left out",
        "left_out_note": "They are no pictures, and hold none.",
        "layout": "began from",
        "cut_pages": "Cuts",
        "page": "Files {first} to {last}",
        "back": "Back to the summary",
        "small": "The small pictures are drawn from the files; what a picture began from comes from the vault.",
        "signed": "To check that this report is as it was written: genzu audit --verify {}",
        "by_name": "by its name",
        "by_record": "by the ledger",
        "tally": "{files} files: {answers}",
        "likeness": "Likeness: {}",
        "looks_like": "Looks like {picture} ({sureness}), which proves no origin",
        "signed_by": "signed by {}",
        "file": "FILE",
        "thumbnail": "thumbnail that its credentials hold, {} of {}",
        "elsewhere": "recorded by another ledger, {}",
        "certain": "certain",
        "near": "near",
        "alike": "{} of them look like a picture on record.",
        "alike_one": "1 of them looks like a picture on record.",
        "change": "Against the picture that its last step was made over, {}. Computed from the two pictures; it says "
        "nothing about how much work it was.",
    },
)  # fmt: skip
_TERMS = sentences()
_JA = ReportWords(
    answers={each: _TERMS[each.value] for each in Classification},
    verdicts={each: _TERMS[each.value] for each in Verdict},
    acts={
        Act.ALTERED: ActWords("改変あり", "使用せず、署名時のファイルを納品元に依頼してください。"),
        Act.CONFLICT: ActWords("矛盾あり", "どちらが正しいか、納品元に書面で確認してください。"),
        Act.DISPUTED: ActWords("異議あり", "クレジットや使用の前に、台帳の管理者に判断を依頼してください。"),
        Act.UNCHECKED: ActWords(
            "確認できず",
            "理由は各ファイルにあります。破損のないPNG・TIFF・JPEG、または認証情報ファイルの添付を依頼してください。",
        ),
        Act.UNNAMED: ActWords("氏名のない手作業", "作画・加筆した人を確認し、記録してください。"),
        Act.UNKNOWN: ActWords("不明", "制作方法を確認してください。不明は人の手による制作を意味しません。"),
    },
    rules={
        "eu-mark": RuleWords(
            "EU AI法 第50条2項：AIを使った画像に、署名された機械可読の表示がある",
            "改変のない Content Credentials の digitalSourceType",
            "新しいシステムは2026年8月2日から、それ以前のものは2026年12月2日から。行動規範が求めるタイムスタンプと"
            "知覚できない透かしは、この項目では調べていません。",
        ),
        "eu-label": RuleWords(
            "EU AI法 第50条4項：公衆が見る場所での目に見える表示",
            "ファイルには記載されません",
            "2026年8月2日から。明らかな芸術作品では緩やかです。表示が見えるかどうかは、人が確認してください。",
        ),
        "sb-942": RuleWords(
            "カリフォルニア州 SB 942：提供者、システムと版、時刻、識別子の記載",
            "改変のない Content Credentials の署名者、モデルまたはソフトウェアと版、署名時刻、マニフェスト",
            "2026年8月2日から、利用者100万人を超える提供者が対象です。映画は除外されています。",
        ),
        "iptc": RuleWords(
            "IPTC 2025.1：ソースタイプ、AIシステム、プロンプト作成者の記載",
            "XMP の DigitalSourceType・AISystemUsed・AIPromptWriterName、または認証情報の同じ記載",
        ),
        "client": RuleWords(
            "配信会社の指針：本編に残るAI画像に、書面の承認がある",
            "台帳にある作品の承認（genzu project）",
            "作品が記録されていないファイルは判断していません。",
        ),
        "guild": RuleWords(
            "組合への通知：AIの使用が書面で通知されている",
            "台帳にある作品の通知（genzu project）",
            "作品が記録されていないファイルは判断していません。",
        ),
        "academy": RuleWords(
            "アカデミーの人間による創作：AIを使った画像ごとに人の氏名がある",
            "認証情報または台帳の氏名",
            "人がどこまで創作の中心であったかは、人が判断してください。",
        ),
    },
    standings={
        RuleStanding.MET: "満たす",
        RuleStanding.NOT_MET: "満たさない",
        RuleStanding.NOT_APPLICABLE: "該当なし",
        RuleStanding.NOT_CHECKED: "未確認",
    },
    columns={
        "path": "画像", "classification": "制作方法", "verdict": "認証情報", "people": "関わった人", "models": "モデル",
        "evidence": "根拠", "cut": "カット", "because": "理由", "history": "来歴", "exit_code": "終了コード",
        "signed_by": "署名者", "record": "記録", "elsewhere": "別の台帳", "sha256": "SHA-256", "vendor": "納品元",
        "stage": "段階", "place_is": "カットと段階の根拠", "production": "作品", "act": "要対応", "tools": "プログラム",
        "size": "バイト数", "pixels": "画素", "change": "変化", "looks_like": "似ている記録",
    },
    stages={
        "": "記載なし", "layout": ROLES[Role.LAYOUT].roll["ja"], "reference": "参考",
        **{each.value: words["ja"] for each, words in STAGES.items()},
    },
    kinds={each.value: _TERMS[each.value] for each in Evidence},
    said={
        "title": "納品物の監査",
        "intro": "根拠の各行は、ファイルの中で見たもの（ファイル内）、台帳の記録、規則による導出、"
        "得られないもの（情報なし）のいずれかです。「不明」も答えの一つで、"
        "情報がないことは制作方法について何も示しません。",
        "act_first": "最初に対応すること",
        "nothing": "ありません。改変、矛盾、異議、確認できないもの、氏名のない手作業、不明なものはありません。",
        "calm": "改変、矛盾、異議、確認できないもの、氏名のない手作業、不明なものはありません。",
        "unmet": "満たしていない規則",
        "unmet_todo": "示す項目と、記載のないファイルは、下の「規則」にあります。",
        "lacking": "{}件に記載がありません",
        "more": "ほか{}件",
        "unknown_too": "ほか{}件は、記載が矛盾するため不明です（「矛盾あり」に含みます）。",
        "answers": "判定",
        "by_vendor": "納品元（フォルダー）別",
        "by_cut": "カット別",
        "cuts_to_act": "要対応のカット",
        "in_part": "{}カットは名前にも記録にも話数・シーン・作品の記載がなく、"
        "同じ番号で記載のあるカットがほかにあります。別々に数えていますが、同じカットかもしれません。",
        "with_only": "{}件は話数やシーンの記載がなく、ほかのファイルにある {only} に含めて数えています。",
        "cards": "カットごと（レイアウトと完成）",
        "by_stage": "段階別",
        "stage": "段階",
        "no_cut": "カットの記載なし",
        "no_vendor": "納品元のフォルダーなし",
        "files": "ファイル数",
        "group": "区分",
        "to_act": "要対応",
        "why": "理由",
        "todo": "対応",
        "rules": "規則",
        "rules_note": "ファイルと台帳の記載を規則と照らし合わせたものです。確認できないファイルも、"
        "署名のない文字情報がAIを示すものはAIを使った画像に数えます。法的助言ではありません。",
        "rule": "規則",
        "standing": "状態",
        "shown_by": "示す項目",
        "of": "{}件中{shown}件",
        "left_open": "{}件は判断していません",
        "without": "記載のないファイル：",
        "copies": "重複",
        "bytes": "同じファイル",
        "pixels": "同じ画素",
        "no_copies": "バイト単位で同じファイルはありません。",
        "since": "前回の納品との差",
        "since_what": "{name}{made}と比べました。",
        "new": "新規",
        "gone": "なくなったもの",
        "changed": "同じ名前で内容が異なるもの",
        "answered": "判定が変わったもの",
        "renamed": "名前の変更",
        "same": "{}件は前回のとおりです。",
        "all_files": "すべてのファイル",
        "search": "検索",
        "sort": "見出しをクリックすると並べ替えます。",
        "shown": "{1}件中{0}件を表示",
        "all": "すべて",
        "left_out": "対象外",
        "left_out_note": "画像ではなく、画像も含みません。",
        "layout": "元の画像",
        "cut_pages": "カット",
        "page": "ファイル {first}〜{last}",
        "back": "概要に戻る",
        "small": "小さい画像はファイルから作成し、元の画像は保管庫から取り出したものです。",
        "signed": "この報告書が書かれたままであることの確認：genzu audit --verify {}",
        "by_name": "名前による",
        "by_record": "台帳による",
        "tally": "{files}件：{answers}",
        "likeness": "似ている度合い：{}",
        "looks_like": "{picture} に似ています（{sureness}）。出所の証明ではありません",
        "signed_by": "署名：{}",
        "file": "ファイル",
        "thumbnail": "認証情報に含まれる縮小画像 {}/{}",
        "elsewhere": "別の台帳に記録あり、{}",
        "certain": "確実",
        "near": "近い",
        "alike": "うち{}件は、記録のある画像に似ています。",
        "change": "最後の工程とその元の画像との比較：{}。二つの画像から計算したもので、"
        "作業量については何も示しません。",
    },
)  # fmt: skip
REPORT_WORDS: Mapping[str, ReportWords] = {"en": _EN, "ja": _JA}
