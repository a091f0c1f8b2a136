"""Where the page is to be served and cannot be: told in a sentence, before anything is loaded."""

import socket

import pytest

pytest.importorskip("gradio", reason="the page needs genzu[app]")

from generation.app import Place, main
from provenance.errors import OutputError


def test_a_port_that_somebody_has_is_told_before_a_record_is_begun(settings):
    with socket.socket() as theirs:
        theirs.bind(("127.0.0.1", 0))
        theirs.listen()
        with pytest.raises(OutputError, match="the port is taken; give another --port or --host"):
            main(settings, Place("127.0.0.1", theirs.getsockname()[1]))
    assert not settings.home.exists()


def test_an_address_that_this_machine_has_not_is_told(settings):
    with pytest.raises(OutputError, match=r"cannot be served: .*; give another --port or --host"):
        main(settings, Place("203.0.113.7", 7860))
