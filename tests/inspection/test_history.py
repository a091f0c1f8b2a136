"""Who made this, in one sentence: the whole chain, AI named, and nobody named who is not."""

from dataclasses import replace

import pytest
from film_chain import Film
from reading_samples import (
    ALL_AI,
    DRAWN,
    EDITED,
    LOOKED_AT,
    OVER,
    PARENT,
    PART,
    PHOTO,
    STRANGER,
    chain,
    film,
    step,
)  # fmt: skip

from provenance.credentials.identity.trust import Trust
from provenance.credentials.read.chain import Chain, Verdict
from provenance.inspection.answers import Classification
from provenance.inspection.classification import classify
from provenance.inspection.history import Deed, History, Part, history_of
from provenance.inspection.inspection import inspect
from provenance.inspection.lineage import history_of_record, lineage
from provenance.inspection.sentence import worded
from provenance.people.register import register_of
from provenance.people.roster import change_person
from provenance.release.job import Job
from provenance.release.opening import open_archive
from provenance.release.reissue import reissue
from provenance.release.release import record
from provenance.settings import Settings
from provenance.statement.credit import NOT_NAMED, parse_credit
from provenance.statement.vocabulary import SourceType

ENHANCED = SourceType.ALGORITHMICALLY_ENHANCED
M = ({"name": "m"},)


def told(*steps, **more):
    graph = lineage(chain(*steps, **more))
    return history_of(graph, classify(graph))


def test_the_films_chain_is_told_whole_and_the_model_by_its_name():
    graph = lineage(film())
    history = history_of(graph, classify(graph))
    assert (
        history.sentence == "AI-assisted: drawn by Mori Aoi, painted by genzu-house, revised by Tanaka Yui."
    )
    assert [(each.role, each.name) for each in history.credits] == [
        ("layout", "Mori Aoi"),
        ("prompt", "Sato Ren"),
        ("retouch", "Tanaka Yui"),
        ("supervision", None),
    ]


def test_nobody_is_named_for_a_hand_that_nobody_names():
    """The end roll of the film: AI (+Human)."""
    history = told(step("a", DRAWN), step("b", OVER, [("a", PARENT)]), step("c", EDITED, [("b", PARENT)]))
    assert history.sentence == (
        "AI-assisted: drawn by hand (nobody is named for the drawing), painted by an AI model that is not named, "
        "revised by hand (nobody is named for the revision)."
    )


def test_somebody_who_asked_not_to_be_named_counts_and_is_not_named():
    one = told(step("a", DRAWN, people=[("layout", None)]))
    assert one.sentence == "Recorded as human-made: drawn by somebody who asked not to be named."
    two = told(step("a", DRAWN, people=[("layout", None), ("layout", None), ("layout", "Mori Aoi")]))
    assert "drawn by Mori Aoi and 2 people who asked not to be named" in two.sentence


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([step("a", ALL_AI, agent="Adobe Firefly")], "AI-generated: painted by Adobe Firefly."),
        (
            [step("a", PHOTO, people=[("creator", "Kita Jun")]), step("b", OVER, [("a", PARENT)], models=M)],
            "AI-assisted: photographed by Kita Jun, painted by m.",
        ),
        (
            [step("a", SourceType.PRINT, people=[("key drawing", "A"), ("background", "B")])],
            "Recorded as human-made: drawn by A, painted by hand by B.",
        ),
        (
            [step("a", DRAWN, people=[("layout", n) for n in ("A", "B", "C")])],
            "Recorded as human-made: drawn by A, B and C.",
        ),
        (
            [step("a", DRAWN, people=[("layout", n) for n in "ABCDEF"])],
            "Recorded as human-made: drawn by A, B, C and 3 more.",
        ),
        (
            [step("a", ALL_AI, models=({"name": "m1"}, {"name": "m2"})), step("b", EDITED, [("a", PARENT)])],
            "AI-assisted: painted by m1 and m2, revised by hand (nobody is named for the revision).",
        ),
        (
            [step("r", ALL_AI, models=M), step("b", DRAWN, [("r", LOOKED_AT)], people=[("layout", "A")])],
            "AI-assisted: with a reference painted by m, drawn by A.",
        ),
        (
            [step("s", signer=None), step("b", OVER, [("s", PARENT)], models=({"name": "m"},))],
            "AI-assisted: begun from a picture of which nothing is stated, painted by m.",
        ),
        (
            [step("r", signer=None), step("s", signer=None),
             step("b", OVER, [("s", PARENT), ("r", LOOKED_AT)], models=({"name": "m"},))],
            "AI-assisted: with a reference of which nothing is stated, begun from a picture of which nothing is "
            "stated, painted by m.",
        ),
        (
            [step("a", DRAWN, people=[("layout", "A")]), step("b", ENHANCED, [("a", PARENT)])],
            "Unknown: drawn by A, processed by software.",
        ),
        (
            [step("a", DRAWN, people=[("layout", "A")]), step("p", PHOTO, people=[("creator", "P")]),
             step("b", EDITED, [("a", PARENT), ("p", PART)], people=[("compositing", "C")])],
            "Recorded as human-made: drawn by A, photographed by P, revised by C.",
        ),
        (
            [step("a", DRAWN, people=[("layout", "A")]), step("b", OVER, [("a", PARENT)], models=M),
             step("c", None, [("b", PARENT)])],
            "AI-assisted: drawn by A, painted by m, a further step, how it was done is not stated.",
        ),
        (
            [step("a", DRAWN, people=[("layout", "A")]), step("b", None, [("a", PARENT)])],
            "Unknown: drawn by A, a further step, how it was done is not stated.",
        ),
        (
            [step("s", signer=None), step("b", DRAWN, [("s", PART)])],
            "Unknown: with a picture of which nothing is stated, drawn by hand (nobody is named for the drawing).",
        ),
        (
            [step("s", signer=None), step("b", DRAWN, [("s", PART)], people=[("layout", "A")])],
            "Unknown: with a picture of which nothing is stated, drawn by A.",
        ),
        (
            [step("s", signer=None), step("b", ALL_AI, [("s", PART)], models=M)],
            "AI-generated: with a picture of which nothing is stated, painted by m.",
        ),
    ],
)  # fmt: skip
def test_every_shape_of_a_chain_has_its_sentence(steps, expected):
    assert told(*steps).sentence == expected


def test_whom_another_program_carries_along_did_not_do_its_step():
    """A program that keeps the names of a picture in its own manifest says by that nothing of its own step."""
    begun = [("layout", "A"), ("background", "B")]
    painted = [
        step("a", DRAWN, people=begun[:1]),
        step("b", OVER, [("a", PARENT)], people=begun[1:], models=M),
    ]
    edited = told(*painted, step("c", EDITED, [("b", PARENT)], people=begun))
    revised = "revised by hand (nobody is named for the revision)"
    assert edited.sentence == f"AI-assisted: drawn by A, painted by m, {revised}."
    assert [each.name for each in edited.credits] == ["A", "B"]
    named = told(*painted, step("c", EDITED, [("b", PARENT)], people=[*begun, ("retouch", "C")]))
    assert named.sentence == "AI-assisted: drawn by A, painted by m, revised by C."
    over = told(
        *painted,
        step("c", EDITED, [("b", PARENT)], people=[("retouch", "C")]),
        step("d", OVER, [("c", PARENT)], people=[*begun, ("retouch", "C")], agent="Firefly"),
    )
    assert over.sentence == "AI-assisted: drawn by A, painted by m, revised by C, painted by Firefly."
    photo = step("p", PHOTO, people=[("creator", "P")])
    assert told(photo, step("e", EDITED, [("p", PARENT)], people=[("creator", "P")])).sentence == (
        f"Recorded as human-made: photographed by P, {revised}."
    )
    # Two photographs of one person, placed beside each other: neither carries the other's name.
    two = told(
        photo, step("q", PHOTO, people=[("creator", "P")]), step("e", EDITED, [("p", PART), ("q", PART)])
    )
    assert (
        two.sentence.startswith("Unknown: photographed by P, ") and "photographed (nobody" not in two.sentence
    )


def test_whoever_revises_their_own_painting_is_named_for_both(archive, tmp_path):
    film = Film(archive, tmp_path)
    painted = film.paint(film.layout("layout: Mori Aoi").path, "retouch: Sato Ren")
    final = film.retouch(painted.path, "retouch: Sato Ren")
    expected = "AI-assisted: drawn by Mori Aoi, painted by genzu-house, revised by Sato Ren."
    assert history_of_record(archive.ledger, final.record).sentence == expected
    again = film.retouch(film.layout("layout: Mori Aoi").path, "layout: Mori Aoi")
    assert inspect(again.path, trust=archive.trust, ledger=archive.ledger).history.sentence == (
        "Recorded as human-made: drawn by Mori Aoi, revised by Mori Aoi."
    )


def test_what_only_the_file_says_is_told_as_its_own_word():
    history = told(step("a", DRAWN, signer=STRANGER, people=[("creator", "Mori Aoi")]))
    assert history.sentence == "Unknown: made by Mori Aoi, by the file's own word."


def test_no_record_does_not_mean_human_made():
    assert told().sentence == "Unknown: no record; this does not mean human-made."
    unread = inspect(b"no picture", trust=Trust(), ledger=None)
    assert unread.history.sentence == "Unknown: it could not be checked; this does not mean human-made."


def test_an_altered_picture_names_nobody_as_its_maker():
    sentence = told(step("a", DRAWN, verdict=Verdict.ALTERED, people=[("layout", "Mori Aoi")])).sentence
    assert sentence.startswith("Altered: ") and "Mori" not in sentence


def test_a_chain_of_fifty_steps_is_bounded_and_a_hostile_name_is_plain():
    steps = [step("s0", DRAWN, people=[("layout", "a\x1b[31m\u202eb")])]
    steps += [
        step(f"s{n}", EDITED if n % 2 else OVER, [(f"s{n - 1}", PARENT)], people=[("retouch", f"P{n}")])
        for n in range(1, 50)
    ]
    sentence = told(*steps).sentence
    assert "further steps" in sentence and "\x1b" not in sentence and "\u202e" not in sentence
    assert len(sentence) < 3_000


def test_every_deed_and_every_answer_has_words_in_both_languages():
    for language in ("en", "ja"):
        for answer in Classification:
            for deed in Deed:
                for by in ((), ("N",), (None,)):
                    assert worded(History(answer, (Part(deed, by),), because="x"), language)


def test_the_ledgers_sentence_is_that_of_the_file(archive, tmp_path):
    film = Film(archive, tmp_path)
    drawn = film.layout("layout: Mori Aoi")
    painted = film.paint(drawn.path, "prompt: Sato Ren")
    final = film.retouch(painted.path, "retouch: Tanaka Yui")
    expected = "AI-assisted: drawn by Mori Aoi, painted by genzu-house, revised by Tanaka Yui."
    assert history_of_record(archive.ledger, final.record).sentence == expected
    seen = inspect(final.path, trust=archive.trust, ledger=archive.ledger)
    assert seen.history.sentence == expected
    assert (
        history_of_record(archive.ledger, final.record).sentence_in("ja").startswith("AI使用：作画 Mori Aoi")
    )


def test_whom_a_picture_was_recorded_again_to_name_is_among_everybody_in_its_history(archive, tmp_path):
    film = Film(archive, tmp_path)
    drawn = film.layout("layout: Mori Aoi")
    job = Job(film.credits(("layout: Mori Aoi", "background: Sato Hana")), tmp_path / "again.png")
    again = record(archive, drawn.path, job, source_type=SourceType.DIGITAL_CREATION)
    for trust, ledger in ((archive.trust, archive.ledger), (Trust(), None)):
        seen = inspect(again.path, trust=trust, ledger=ledger)
        assert [each.name for each in seen.history.credits] == ["Mori Aoi", "Sato Hana"]
        assert seen.history.sentence.count("Mori Aoi") == 1
    by_record = history_of_record(archive.ledger, again.record).credits
    assert [each.name for each in by_record] == ["Mori Aoi", "Sato Hana"]


def test_a_picture_that_was_signed_again_with_a_corrected_name_is_told_by_it_to_strangers(archive, tmp_path):
    film = Film(archive, tmp_path)
    drawn = film.layout("layout: Mori Aio")
    register = register_of(archive.ledger)
    person = register.raw(drawn.record.statement.credits[0].person)
    change_person(archive.ledger, register, replace(person, name="Mori Aoi"))
    again = reissue(archive, drawn.record.picture, tmp_path / "again.png")
    painted = film.paint(again.path, "prompt: Sato Ren")
    for file, expected in (
        (again.path, "Recorded as human-made: drawn by Mori Aoi."),
        (painted.path, "AI-assisted: drawn by Mori Aoi, painted by genzu-house."),
    ):
        assert inspect(file, trust=archive.trust, ledger=archive.ledger).history.sentence == expected
        assert inspect(file, trust=archive.trust, ledger=None).history.sentence == expected
        stranger = inspect(file, trust=Trust(), ledger=None).history
        assert "drawn by Mori Aoi" in stranger.sentence and "Aio" not in stranger.sentence


def test_a_drawing_that_was_recorded_twice_is_told_by_every_answer_in_the_names_of_its_file(
    archive, tmp_path
):
    film = Film(archive, tmp_path)
    drawing = film.draw()
    for by, expected in (
        (("layout: Mori Aoi",), "drawn by Mori Aoi"),
        (("layout: Mori Aoi", "background: Sato Hana"), "drawn by Mori Aoi, painted by hand by Sato Hana"),
        (("layout: Kita Jun", "background: Sato Hana"), "drawn by Kita Jun, painted by hand by Sato Hana"),
    ):
        job = Job(film.credits(by), film.out())
        made = record(archive, drawing, job, source_type=SourceType.DIGITAL_CREATION)
        assert (
            history_of_record(archive.ledger, made.record).sentence == f"Recorded as human-made: {expected}."
        )
        seen = inspect(made.path, trust=archive.trust, ledger=archive.ledger)
        assert seen.history.sentence == f"Recorded as human-made: {expected}."


def test_nobody_is_named_in_anothers_place_by_signing_their_picture_again(archive, tmp_path):
    drawn = Film(archive, tmp_path).layout("layout: Mori Aoi")
    with open_archive(Settings(home=tmp_path / "other")) as other:
        job = Job((parse_credit("layout: Somebody Else"),), tmp_path / "again.png")
        again = record(other, drawn.path, job, source_type=SourceType.DIGITAL_CREATION)
    for ledger in (archive.ledger, None):
        told = inspect(again.path, trust=archive.trust, ledger=ledger).history
        assert "drawn by Mori Aoi" in told.sentence and "Somebody" not in told.sentence
    assert [each.name for each in told.credits] == ["Mori Aoi", "Somebody Else"]


def test_a_layout_that_only_the_painting_speaks_of_is_drawn_by_whom_it_names(archive, tmp_path):
    film = Film(archive, tmp_path)
    painted = film.paint(film.draw(), "layout: Mori Aoi", "prompt: Sato Ren")
    assert history_of_record(archive.ledger, painted.record).sentence == (
        "AI-assisted: drawn by Mori Aoi, painted by genzu-house."
    )
    assert NOT_NAMED not in history_of_record(archive.ledger, painted.record).sentence


def test_an_empty_chain_that_could_not_be_checked_says_so():
    graph = lineage(Chain(Verdict.NOT_CHECKED, ()))
    assert history_of(graph, classify(graph)).answer is Classification.UNKNOWN


def test_that_nothing_is_stated_is_nobody_s_word():
    nothing, somebody = Part(Deed.UNSTATED), Part(Deed.UNSTATED, ("Mori Aoi",))
    said = {
        parts: (
            worded(History(Classification.UNKNOWN, parts, own_word=True), "en"),
            worded(History(Classification.UNKNOWN, parts, own_word=True), "ja"),
        )
        for parts in ((nothing,), (nothing, nothing), (nothing, somebody))
    }
    assert said[(nothing,)] == ("Unknown: how it was made is not stated.", "不明：制作方法の記載なし。")
    assert "own word" not in said[(nothing, nothing)][0] and "ファイル自身" not in said[(nothing, nothing)][1]
    assert said[(nothing, somebody)][0].endswith(
        "worked on by Mori Aoi, how is not stated, by the file's own word."
    )
