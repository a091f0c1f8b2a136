"""The film's chain from layout to credit roll, a name corrected after a dispute, a person forgotten."""

from click.testing import CliRunner
from film_chain import PRODUCTION, Film

from provenance.commands.dispute import dispute
from provenance.commands.ledger import ledger_group
from provenance.commands.people import people
from provenance.commands.receipt import receipt_group
from provenance.commands.roll import roll_command
from provenance.people.register import register_of
from provenance.release.opening import open_archive


def test_four_people_and_one_unnamed_go_from_layout_to_roll_to_dispute_to_oblivion(settings, tmp_path):
    def genzu(command, *words: str, code: int = 0) -> str:  # type: ignore[no-untyped-def]
        result = CliRunner().invoke(command, words, obj=settings)
        assert result.exit_code == code, (words, result.output, result.exception)
        return " ".join(result.stdout.split())

    with open_archive(settings) as archive:
        first, *_, last = Film(archive, tmp_path).chain()

    for language, words in (
        (
            "en",
            ("Layout", "森 あおい", "Prompts Sato Hana", "Retouch Elin Lindqvist", "asked not to be named"),
        ),
        (
            "ja",
            (
                "レイアウト 森 あおい",
                "加筆修正 Elin Lindqvist",
                "本人の希望により非公開 1件",
                "生成AI使用モデル",
            ),
        ),
    ):
        roll = genzu(roll_command, "--production", PRODUCTION, "--lang", language)
        assert all(each in roll for each in words)

    held = tmp_path / "held.tlog-proof"
    genzu(ledger_group, "prove", first.record.picture, "-o", str(held))
    opened = genzu(dispute, "open", "--picture", first.record.picture, "--claim", "the name is 森 葵",
                   "--contact", "aoi@example.org").split()[0]  # fmt: skip
    genzu(people, "set", "森 あおい", "--name", "森 葵", "--romaji", "Mori Aoi", "--dispute", opened)
    with open_archive(settings) as archive:
        changed = register_of(archive.ledger).changes()[-1].seq
    genzu(dispute, "answer", opened, "--outcome", "accepted", "--correction", str(changed), "--by", "森 葵")
    assert "then 森 あおい, now 森 葵" in genzu(receipt_group, "compare", str(held))
    assert "Layout Mori Aoi" in genzu(roll_command, "--production", PRODUCTION)
    assert genzu(dispute, "list") == ""
    assert "accepted" in genzu(dispute, "list", "--all")

    genzu(ledger_group, "prove", last.record.picture, "-o", str(tmp_path / "elin.tlog-proof"))
    genzu(people, "erase", "Elin Lindqvist", "--yes")
    genzu(ledger_group, "verify", "--rebuild", "--files", "--against", str(settings.checkpoints))
    for receipt in (held, tmp_path / "elin.tlog-proof"):
        genzu(receipt_group, "verify", str(receipt))
    assert "Retouch 1 whose name was erased on request" in genzu(roll_command, "--production", PRODUCTION)
    assert "Elin" not in genzu(people, "list")
