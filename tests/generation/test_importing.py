"""Imports without the garbage collector in between: it goes on afterwards as it did before."""

import gc
import subprocess
import sys

import pytest

from generation.importing import uncollected


@pytest.fixture(autouse=True)
def collecting():
    yield
    gc.enable()


def test_nothing_is_collected_while_libraries_are_imported_and_the_collector_goes_on_afterwards():
    gc.enable()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_somebody_stopped_stays_stopped():
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()


def test_one_inside_the_other_goes_on_only_at_the_end():
    gc.enable()
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_import_that_fails_leaves_the_collector_going():
    gc.enable()
    with pytest.raises(ImportError), uncollected():
        import a_module_that_nobody_has  # noqa: F401
    assert gc.isenabled()


def test_only_imports_are_left_alone_for_good_so_that_a_long_run_keeps_no_garbage():
    code = """
import gc
from generation.importing import uncollected
with uncollected():
    import wsgiref.simple_server
first = gc.get_freeze_count()
for _ in range(3):
    with uncollected():
        import wsgiref.simple_server
        ring = []
        ring.append(ring)
print(first > 0, gc.get_freeze_count() == first)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["True", "True"]
