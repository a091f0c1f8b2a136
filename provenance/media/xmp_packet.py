"""An XMP packet as a tree: its properties read, set and taken away; everything else stays as it stands.

    <?xpacket begin="…" id="W5M0MpCehiHzreSzNTczkc9d"?>
    <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF …><rdf:Description rdf:about="" photoshop:Credit="Studio Kita">
      <dc:creator><rdf:Seq><rdf:li>Mori Aoi</rdf:li></rdf:Seq></dc:creator>
    </rdf:Description></rdf:RDF></x:xmpmeta>
    <?xpacket end="w"?>

Packets come from strangers. lxml reads them without entities, without a DTD and without a network; own code for XML
would know less of what is legal. A property is known by its namespace, whatever prefix a program gave it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from provenance.statement.json_value import Json

LONGEST = 16 * 1024 * 1024  # bytes
OUR_PROGRAM = "Genzu"
NAMESPACES: Mapping[str, str] = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "genzu": "https://genzu.org/xmp/1.0/",  # which of the names in a merged packet we put there
}
_RDF, _META = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "adobe:ns:meta/"
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*\?>")
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
_END = '<?xpacket end="w"?>'


class Packet:
    """One packet. Properties are named by their usual prefix, such as `dc:creator`."""

    def __init__(self, root: Any) -> None:
        self._root = root

    @classmethod
    def parse(cls, raw: bytes) -> "Packet | None":
        """The packet in these bytes; None where they are no XML, or none that is safe or can be added to."""
        from lxml import etree

        if not raw or len(raw) > LONGEST:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(text_of(raw, "strict").encode(), parser)
        except (etree.XMLSyntaxError, UnicodeError, ValueError):
            return None
        packet = cls(root)
        has_type = root.getroottree().docinfo.internalDTD is not None
        return None if has_type or packet._rdf() is None else packet

    @classmethod
    def new(cls) -> "Packet":
        """An empty packet of ours."""
        from lxml import etree

        root = etree.Element(f"{{{_META}}}xmpmeta", nsmap={"x": _META})
        root.set(f"{{{_META}}}xmptk", OUR_PROGRAM)
        rdf = etree.SubElement(root, f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF})
        etree.SubElement(rdf, f"{{{_RDF}}}Description").set(f"{{{_RDF}}}about", "")
        return cls(root)

    @property
    def is_ours(self) -> bool:
        """Whether we wrote all of it."""
        return bool(self._root.get(f"{{{_META}}}xmptk") == OUR_PROGRAM)

    def texts(self, name: str) -> list[str]:
        """The values of a property: one of a plain one, those of a list; none where it is not there."""
        found: list[str] = []
        for description in self._descriptions():
            plain = description.get(_tag(name))
            if plain is not None:
                found.append(plain)
            for element in description.findall(_tag(name)):
                items = [each.text or "" for each in element.iter(f"{{{_RDF}}}li")]
                # A value that is an address may stand as one: <Iptc4xmpExt:DigitalSourceType rdf:resource="…"/>.
                found += items or [element.text or element.get(f"{{{_RDF}}}resource", "")]
        return [each for each in found if each.strip()]

    def set(self, name: str, value: str | Sequence[str]) -> None:
        """A property with this value alone: a text, or an ordered list of texts."""
        from lxml import etree

        self.remove([name])
        home = self._first_with(name.partition(":")[0])
        if isinstance(value, str):
            home.set(_tag(name), _clean(value))
            return
        items = etree.SubElement(etree.SubElement(home, _tag(name)), f"{{{_RDF}}}Seq")
        for each in value:
            etree.SubElement(items, f"{{{_RDF}}}li").text = _clean(each)

    def remove(self, names: Sequence[str]) -> bool:
        """Takes properties away; whether there were any."""
        return self._remove(list(self._descriptions()), {_tag(name) for name in names}.__contains__)

    def remove_like(self, namespace: str, pattern: "re.Pattern[str]") -> bool:
        """Takes away, wherever they stand, properties of this namespace whose own name fits the pattern."""

        def unwanted(tag: str) -> bool:
            space, _, name = tag.rpartition("}")
            return space == f"{{{namespace}" and pattern.fullmatch(name) is not None

        return self._remove(list(self._root.iter()), unwanted)

    def to_bytes(self, padding: int) -> bytes:
        """The packet as UTF-8, with room to be edited in place."""
        from lxml import etree

        body = etree.tostring(self._root, encoding="unicode", with_tail=False)
        return f"{_BEGIN}{body}{' ' * padding}{_END}".encode()

    def body(self) -> bytes:
        """Only the tree, as the parts of extended XMP have it."""
        from lxml import etree

        return bytes(etree.tostring(self._root, encoding="utf-8", with_tail=False))

    def _remove(self, places: Sequence[Any], unwanted: Any) -> bool:
        changed = False
        for place in places:
            for key in [key for key in place.attrib if unwanted(key)]:
                del place.attrib[key]
                changed = True
            for child in [child for child in place if isinstance(child.tag, str) and unwanted(child.tag)]:
                place.remove(child)
                changed = True
        return changed

    def _rdf(self) -> Any:
        if self._root.tag == f"{{{_RDF}}}RDF":
            return self._root
        return self._root.find(f"{{{_RDF}}}RDF")

    def _descriptions(self) -> Iterator[Any]:
        yield from self._rdf().findall(f"{{{_RDF}}}Description")

    def _first_with(self, prefix: str) -> Any:
        """The first description; written anew where it does not know the namespace yet."""
        from lxml import etree

        uri = NAMESPACES[prefix]
        first = next(self._descriptions(), None)
        if first is None:
            first = etree.SubElement(self._rdf(), f"{{{_RDF}}}Description")
            first.set(f"{{{_RDF}}}about", "")
        if uri in first.nsmap.values():
            return first
        spaces = {**first.nsmap}
        while prefix in spaces:
            prefix += "1"
        wider = etree.Element(first.tag, nsmap={**spaces, prefix: uri})
        for key, value in first.attrib.items():
            wider.set(key, value)
        wider.text, wider.tail = first.text, first.tail
        wider.extend(list(first))
        first.getparent().replace(first, wider)
        return wider


def texts_of(fields: Mapping[str, Json]) -> dict[str, str | list[str]]:
    """The fields that XMP can hold: texts, and lists of texts."""
    told: dict[str, str | list[str]] = {}
    for name, value in fields.items():
        if isinstance(value, str):
            told[name] = value
        elif isinstance(value, list):
            told[name] = [each for each in value if isinstance(each, str)]
    return told


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def text_of(raw: bytes, errors: str = "replace") -> str:
    """The packet as text; it may be in UTF-16, and programs pad it with zeros."""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", errors)
    elif raw[:2] in (b"<\0", b"\0<"):
        text = raw.decode("utf-16-le" if raw[:1] == b"<" else "utf-16-be", errors)
    else:
        text = raw.rstrip(b"\0").decode("utf-8-sig", errors)
    return _DECLARATION.sub("", text.strip("\ufeff\0 \t\r\n"))


def _clean(text: str) -> str:
    """XML 1.0 has no place for most control characters."""
    return "".join(each for each in text if _is_xml(each))


def _is_xml(character: str) -> bool:
    if character in "\t\n\r":
        return True
    return " " <= character <= "\ud7ff" or "\ue000" <= character <= "\ufffd" or character >= "\U00010000"
