"""AVIF: its items cannot be added to in place, so a packet is written only over one that is there, whose length stays.

Those that we encode are given room for one (`ROOM`). XMP foresees white space at the end of a packet for this.
"""

import re

ROOM = 8_192  # bytes; what does not fit stands in `cawg.metadata` alone
_PACKET = re.compile(
    rb"<\?xpacket begin.{0,100}?\?>.{0,4000000}?<\?xpacket end=[\"'][wr][\"']\s*\?>", re.DOTALL
)
_END = re.compile(rb"<\?xpacket end=[\"'][wr][\"']\s*\?>\s*\Z")


def xmp_of(data: bytes) -> bytes | None:
    """The XMP packet; None where there is none."""
    found = _PACKET.search(data)
    return None if found is None else found.group()


def with_xmp(data: bytes, packet: bytes) -> bytes | None:
    """The file with this packet over the one that it has; None where it has none, or a shorter one."""
    found = _PACKET.search(data)
    if found is None:
        return None
    size = found.end() - found.start()
    fitted = filled(packet, size)
    return None if len(fitted) != size else data[: found.start()] + fitted + data[found.end() :]


def filled(packet: bytes, size: int) -> bytes:
    """The packet with exactly so much white space before its end that it has this size, where it is not longer."""
    end = _END.search(packet)
    if end is None:
        return packet
    body = packet[: end.start()].rstrip()
    return body + b" " * (size - len(body) - len(end.group())) + end.group()
