"""A ledger that remembers answers as the ledger does."""

from provenance.ledger.remembered import expect, remembered
from provenance.ledger.sizes import sizes_in
from provenance.statement.canonical import Digest


def test_every_question_of_an_audit_has_the_ledger_s_own_answer(film):
    chain = film.chain()
    ledger = film.archive.ledger
    known = remembered(ledger)
    records = [ledger.picture(each.record.picture) for each in chain]
    digests = [each.output.digest for each in records] + [each.output.pixels for each in records]
    digests += [one.resource.digest for each in records for one in each.statement.inputs]
    for digest in [*digests, Digest.of(b"nobody has this")]:
        assert known.pictures_with_file(digest) == ledger.pictures_with_file(digest)
        assert known.pictures_with_pixels(digest) == ledger.pictures_with_pixels(digest)
        assert known.pictures_made_from(digest) == ledger.pictures_made_from(digest)
    for _ in range(2):
        assert [known.picture(each.record.picture) for each in chain] == records
    assert len(known) == len(ledger) and known.id == ledger.id


def test_what_shares_the_first_bytes_of_a_digest_is_asked_for_and_not_found(film):
    record = film.layout("layout: Mori Aoi").record
    near = Digest(record.output.digest.value[:8] + bytes(24))
    assert remembered(film.archive.ledger).pictures_with_file(near) == []


def test_the_sizes_are_those_of_every_released_picture(film):
    film.layout("layout: Mori Aoi")
    assert sizes_in([film.archive.ledger]).keys.keys() == {(96, 64)}


def test_files_that_are_expected_have_the_ledger_s_own_answer(film):
    chain, ledger = film.chain(), film.archive.ledger
    files = [ledger.picture(each.record.picture).output.digest for each in chain]
    known = remembered(ledger)
    for expected in ([*files, Digest.of(b"nobody has this")], files[:1], []):
        expect(known, expected)
        for digest in files:
            assert known.pictures_with_file(digest) == ledger.pictures_with_file(digest) != []
    expect(ledger, files)  # a ledger that remembers nothing takes no note of it
