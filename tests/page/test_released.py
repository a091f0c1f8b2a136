"""What the page says of a picture that was just signed."""

import re

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from provenance.inspection.inspected import Inspection
from provenance.inspection.inspection import inspect
from provenance.release.archive import Archive
from provenance.release.job import Job
from provenance.release.made import Released
from provenance.release.release import record, retouch
from provenance.statement.credit import parse_credit
from provenance.statement.vocabulary import SourceType
from provenance.tabs.told.released import done, story


def seen(archive: Archive, made: Released) -> Inspection:
    return inspect(made.path, trust=archive.trust, ledger=archive.ledger)


def test_it_opens_with_who_made_it_from_the_first_step_on(archive, layout, revised, tmp_path):
    drawn = record(
        archive,
        layout,
        Job((parse_credit("layout: Mori <Aoi>"),), tmp_path / "1.png"),
        source_type=SourceType.PRINT,
    )
    told = done(drawn, seen(archive, drawn))
    assert re.search(r'data-state="done">\s*<p class="gz-history"><b>[^<]*drawn by Mori &lt;Aoi&gt;', told)
    after = retouch(
        archive, drawn.path, revised, Job((parse_credit("retouch: Sato Hana"),), tmp_path / "2.png")
    )
    told = done(after, seen(archive, after))
    assert "drawn by Mori &lt;Aoi&gt;, revised by Sato Hana" in told
    # Everybody on the way to it is credited, not the last step's people alone.
    credits = story(after, seen(archive, after)).partition("<details")[0]
    assert "Mori &lt;Aoi&gt;" in credits and "Sato Hana" in credits
