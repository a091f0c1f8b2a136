"""The exports read by programs that are not ours, none of them with a network: PROV, schema.org, IPTC."""

import json
import shutil
import subprocess

import pytest

from provenance.exports.prov import to_prov
from provenance.exports.public import public_pictures
from provenance.exports.schema_org import to_schema_org
from provenance.people.register import register_of

PROV = "http://www.w3.org/ns/prov#"

# PROV-O as far as our graph uses it: https://www.w3.org/TR/prov-o/, and what the roles of an association ask.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix schema: <https://schema.org/> .
[] a sh:NodeShape ; sh:targetClass prov:Activity ;
   sh:property [ sh:path prov:startedAtTime ; sh:datatype xsd:dateTime ; sh:minCount 1 ; sh:maxCount 1 ] ,
               [ sh:path prov:endedAtTime ; sh:datatype xsd:dateTime ; sh:minCount 1 ; sh:maxCount 1 ] ,
               [ sh:path prov:used ; sh:class prov:Entity ] ,
               [ sh:path prov:qualifiedAssociation ; sh:class prov:Association ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass prov:Association ;
   sh:property [ sh:path prov:agent ; sh:class prov:Agent ; sh:minCount 1 ; sh:maxCount 1 ] ,
               [ sh:path prov:hadRole ; sh:class prov:Role ] .
[] a sh:NodeShape ; sh:targetSubjectsOf prov:wasGeneratedBy ;
   sh:class prov:Entity ;
   sh:property [ sh:path prov:wasGeneratedBy ; sh:class prov:Activity ; sh:maxCount 1 ] ,
               [ sh:path prov:wasDerivedFrom ; sh:class prov:Entity ] ,
               [ sh:path prov:wasAttributedTo ; sh:class prov:Agent ] ,
               [ sh:path schema:sha256 ; sh:pattern "^[0-9a-f]{64}$" ; sh:minCount 1 ] .
[] a sh:NodeShape ; sh:targetClass prov:SoftwareAgent ; sh:not [ sh:class prov:Person ] .
"""


@pytest.fixture
def pictures(film):
    """The film's chain as everybody may know it, over a layout that is not on record by itself, too."""
    film.chain()
    film.paint(film.draw(), "prompt: Sato Hana", "layout: -", shot="c020")
    return public_pictures(film.archive.ledger, register_of(film.archive.ledger))


def no_network(url, *_):
    raise AssertionError(f"{url} was asked for")


def test_rdflib_reads_the_prov_graph_and_shacl_finds_it_whole(film, pictures, monkeypatch):
    rdflib, pyshacl = pytest.importorskip("rdflib"), pytest.importorskip("pyshacl")
    monkeypatch.setattr("urllib.request.urlopen", no_network)
    text = to_prov(pictures, film.archive.ledger.id)
    graph = rdflib.Graph().parse(data=text, format="json-ld")
    terms = rdflib.Namespace(PROV)
    assert len(set(graph.subjects(rdflib.RDF.type, terms.Activity))) == len(pictures)
    conforms, _, told = pyshacl.validate(
        graph, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle")
    )
    assert conforms, told
    # The validator can fail: a step that used nobody knows what is found.
    graph.add((rdflib.URIRef("urn:genzu:step:x"), rdflib.RDF.type, terms.Activity))
    assert not pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle"))[0]


def test_every_prov_term_is_one_that_w3c_defines(film, pictures):
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=to_prov(pictures, film.archive.ledger.id), format="json-ld")
    defined = {str(each) for each in dir(rdflib.PROV)}
    used = {str(term) for triple in graph for term in triple if str(term).startswith(PROV)}
    assert used and used <= defined


def test_the_prov_library_reads_the_graph_as_prov_dm(film, pictures):
    model, serializers = pytest.importorskip("prov.model"), pytest.importorskip("prov.serializers")
    assert serializers
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(data=to_prov(pictures, film.archive.ledger.id), format="json-ld")
    document = model.ProvDocument.deserialize(
        content=graph.serialize(format="turtle"), format="rdf", rdf_format="turtle"
    )
    kinds = [type(each).__name__ for each in document.get_records()]
    assert kinds.count("ProvActivity") == len(pictures)
    assert kinds.count("ProvGeneration") == len(pictures)
    assert kinds.count("ProvAssociation") >= sum(len(each.credits) for each in pictures)
    assert "ProvDerivation" in kinds and "ProvUsage" in kinds


def test_schema_org_expands_to_terms_that_schema_org_defines(film, pictures):
    jsonld = pytest.importorskip("pyld.jsonld")
    rdflib = pytest.importorskip("rdflib")
    defined = {str(each) for each in dir(rdflib.SDO)}

    def bundled(url, _options):
        assert url in {"https://schema.org", "https://schema.org/"}, f"{url} was asked for"
        document = {"@context": {"@vocab": "https://schema.org/"}}
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            "document": document,
        }

    for each in pictures:
        told = json.loads(json.dumps(to_schema_org(each, film.archive.ledger.id)))
        (expanded,) = jsonld.expand(told, {"documentLoader": bundled})
        assert expanded["@type"] == ["https://schema.org/ImageObject"]
        unknown = set(_terms(expanded)) - defined
        assert unknown <= {"https://schema.org/digitalSourceType"}  # newer than the list that rdflib carries


def _terms(node):
    if isinstance(node, list):
        for each in node:
            yield from _terms(each)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "@type":
                yield from value if isinstance(value, list) else [value]
            elif not name.startswith("@"):
                yield name
            yield from _terms(value)


def test_exiftool_reads_the_iptc_fields_of_a_signed_file(film):
    tool = shutil.which("exiftool")
    if tool is None:
        pytest.skip("exiftool is not installed (Debian: libimage-exiftool-perl)")
    made = film.chain()[-1]
    done = subprocess.run([tool, "-j", "-G1", str(made.path)], capture_output=True, text=True, check=True)
    (told,) = json.loads(done.stdout)
    names = {name.rpartition(":")[2] for name in told}
    assert {"DigitalSourceType", "Credit"} & names == {"DigitalSourceType"}
