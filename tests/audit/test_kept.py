"""The rows of an audit on disk: which count again, and in which order."""

import pytest

from provenance.audit.delivery import Item
from provenance.audit.kept import Kept
from provenance.audit.row import Row
from provenance.credentials.read.chain import Verdict
from provenance.inspection.answers import Classification


def item(name, stamp="as it was"):
    return Item(name, lambda _: b"", stamp=stamp)


def row(name):
    return Row(name, Classification.UNKNOWN, "", Verdict.NO_CREDENTIALS, 3)


@pytest.fixture
def table(tmp_path):
    """Opens the table with these items looked at, and closes it again; gives its path."""

    def filled(*names):
        path = tmp_path / "r.json.looking"
        with Kept(path, "state") as rows:
            for number, name in enumerate(names):
                rows.put(number, item(name).stamp, row(name))
        return path

    return filled


def test_rows_come_in_the_order_of_the_files_as_they_are_now(table):
    with Kept(table("a", "b", "c"), "state") as rows:
        rows.begin((item("new"), item("c"), item("a")))
        assert [rows.has(item(each)) for each in ("new", "c", "a")] == [False, True, True]
        rows.put(0, "as it was", row("new"))
        assert [each.path for each in rows] == ["new", "c", "a"] and len(rows) == 3


def test_a_row_of_a_file_that_is_gone_is_forgotten(table):
    path = table("a", "b")
    with Kept(path, "state") as rows:
        rows.begin((item("b"),))
    with Kept(path, "state") as rows:
        assert [each.path for each in rows] == ["b"] and not rows.has(item("a"))


@pytest.mark.parametrize("now", [item("a", "changed since"), item("a", ""), item("another name")])
def test_a_file_that_changed_or_is_named_otherwise_is_looked_at_anew(table, now):
    with Kept(table("a"), "state") as rows:
        assert not rows.has(now)


def test_under_another_state_nothing_counts(table):
    path = table("a")
    with Kept(path, "another state") as rows:
        assert not rows.has(item("a")) and len(rows) == 0


def test_a_file_that_cannot_be_told_apart_is_kept_for_this_report_alone(tmp_path):
    path = tmp_path / "r.json.looking"
    with Kept(path, "state") as rows:
        rows.put(0, "", row("a"))
        assert [each.path for each in rows] == ["a"]
    with Kept(path, "state") as rows:
        rows.begin((item("a", ""),))
        assert len(rows) == 0
