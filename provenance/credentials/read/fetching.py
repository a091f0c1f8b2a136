"""Credentials that a file keeps on a server, fetched from hosts that somebody named, and from no other.

The library would fetch them too, but takes whatever comes: 600 MB of zeros fill the memory. So it is told not to, and
this asks: bounded in size and time, http and https only, each redirect held to the same list.
"""

import html
import http.client
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import IO

from provenance.errors import NotFetched
from provenance.media.sidecar import LIMIT

PATIENCE = 20.0  # seconds for the whole answer
_ADDRESS = re.compile(r"Remote: .*?\bfrom url (https?://[!-~]{1,2000})\Z", re.DOTALL)
_PORTS = {"http": 80, "https": 443}


def remote_address(message: str) -> str | None:
    """The address in the library's refusal to fetch; None where the message is about something else."""
    found = _ADDRESS.match(message)
    if found is None:
        return "" if message.startswith("Remote") else None
    return html.unescape(found[1])  # it stands in XMP


def host_of(address: str) -> str:
    """`name` or `name:port`, as hosts are named; "(unknown)" where there is none."""
    try:
        parts = urllib.parse.urlsplit(address)
        port = parts.port
    except ValueError:
        return "(unknown)"
    name = parts.hostname or "(unknown)"
    return name if port in (None, _PORTS.get(parts.scheme)) else f"{name}:{port}"


def fetch(address: str, hosts: Sequence[str], *, kind: str = "application/c2pa") -> bytes:
    """What lies at the address; NotFetched where its host was not named, or gives nothing that can be used."""
    if not hosts:
        raise NotFetched("nothing is fetched unless its host is named")
    _check(address, hosts)
    given: list[bytes | str] = []

    def ask() -> None:
        try:
            given.append(_ask(address, hosts, kind))
        except NotFetched as refused:
            given.append(str(refused))
        except (OSError, http.client.HTTPException, ValueError) as error:
            given.append(f"the server could not be reached ({type(error).__name__})")

    # Not joined for good: a server that sends a byte a second is left behind in a thread that ends with us.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    answer = given[0] if given else f"the server did not answer within {PATIENCE:.0f} seconds"
    if isinstance(answer, str):
        raise NotFetched(answer)
    return answer


def _check(address: str, hosts: Sequence[str]) -> None:
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in _PORTS or parts.username is not None:
        raise NotFetched("its address is none that is fetched from")
    full = f"{parts.hostname}:{parts.port or _PORTS[parts.scheme]}"
    if not {host_of(address).lower(), full.lower()} & {each.lower() for each in hosts}:
        raise NotFetched(f"{host_of(address)} is not among the hosts that were named")


def _ask(address: str, hosts: Sequence[str], kind: str) -> bytes:
    class SameHost(urllib.request.HTTPRedirectHandler):
        def redirect_request(
            self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str,
            headers: http.client.HTTPMessage, newurl: str,
        ) -> urllib.request.Request | None:  # fmt: skip
            _check(newurl, hosts)
            return super().redirect_request(req, fp, code, msg, headers, newurl)

    request = urllib.request.Request(address, headers={"Accept": kind})  # noqa: S310 - see _check
    try:
        with urllib.request.build_opener(SameHost).open(request, timeout=PATIENCE) as response:
            data: bytes = response.read(LIMIT + 1)
    except urllib.error.HTTPError as error:
        raise NotFetched(f"the server answered {error.code}") from error
    if len(data) > LIMIT:
        raise NotFetched(f"the server answered more than {LIMIT:,} bytes")
    if not data:
        raise NotFetched("the server answered nothing")
    return data
