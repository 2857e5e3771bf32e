"""The catalogue conforms to DCAT-AP 3, its figures are those of the dumps, the concepts follow SKOS."""

import hashlib
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
import rdflib
from rdflib import DCAT, DCTERMS, RDF, SH, VOID, XSD

from lod import Summary
from lod.definitions import DEFAULT_BASE
from lod.release import Release
from lod.store.graph_digests import graph_of
from lod.store.release_graphs import ReleaseGraphs
from tests.conftest import SHARED
from tests.support.loops import some

DCAT_3 = rdflib.Namespace(str(DCAT))
"""The terms that rdflib's namespace, which is DCAT 2, does not have."""
CODES = {"questions-ecrites": "qe", "questions-au-gouvernement": "qg", "questions-orales-sans-debat": "qosd"}
SHAPES = SHARED / "external-shapes"


def graph(*paths: Path) -> rdflib.Graph:
    read = rdflib.Graph()
    for path in paths:
        read.parse(path)
    return read


def validated(data: rdflib.Graph, *shapes: Path) -> tuple[bool, str]:
    shape_graph = graph(*shapes)
    for shape, part in list(shape_graph.subject_objects(SH.property)):
        if (part, SH.path, None) not in shape_graph:
            shape_graph.remove(
                (shape, SH.property, part)
            )  # the official file refers to shapes it does not hold
    conforms, _, text = pyshacl.validate(data, shacl_graph=shape_graph, do_owl_imports=False)
    return bool(conforms), str(text)


@pytest.fixture(params=["sample_release", pytest.param("real_release", marks=pytest.mark.real)])
def release(request: pytest.FixtureRequest) -> Path:
    summary: Summary = request.getfixturevalue(request.param)
    return summary.path


@pytest.mark.real
@pytest.mark.parametrize("name", ["html_shacl_shapes.ttl", "html_shacl_range.ttl", "shacl_dcat-ap-SHACL.ttl"])
def test_the_catalogue_conforms_to_dcat_ap(release: Path, name: str) -> None:
    conforms, text = validated(graph(release / "catalog.ttl"), SHAPES / "dcat-ap-3" / name)
    assert conforms, text


@pytest.mark.slow
@pytest.mark.real
@pytest.mark.parametrize("name", ["skos.shacl.ttl", "skos.bestPractice.shacl.ttl", "skohub.shacl.ttl"])
def test_the_concepts_conform_to_the_rules_of_skos(release: Path, name: str) -> None:
    conforms, text = validated(graph(release / "concepts.ttl"), SHAPES / "skos" / name)
    assert conforms, text


def test_both_forms_of_the_catalogue_are_one_graph(release: Path) -> None:
    turtle, jsonld = graph(release / "catalog.ttl"), graph(release / "catalog.jsonld")
    assert set(turtle) == set(jsonld)
    assert not [node for triple in turtle for node in triple if isinstance(node, rdflib.BNode)]


def test_the_catalogue_for_udata_is_the_same_with_checksums_that_it_reads_as_strings(release: Path) -> None:
    value = rdflib.URIRef("http://spdx.org/rdf/terms#checksumValue")
    typed, plain = graph(release / "catalog.ttl"), graph(release / "catalog-udata.ttl")
    checksums = {subject: str(each) for subject, each in typed.subject_objects(value)}
    assert len(checksums) > 4
    read = {
        s: each.toPython() for s, each in plain.subject_objects(value) if isinstance(each, rdflib.Literal)
    }
    assert read == checksums
    assert set(typed) ^ set(plain) == {
        triple for each in (typed, plain) for triple in each.triples((None, value, None))
    }


def test_the_figures_of_the_catalogue_are_those_of_the_dumps(release: Path) -> None:
    catalogue, data = graph(release / "catalog.ttl"), graph(release / "questions.nt")
    whole = rdflib.URIRef("https://w3id.org/anq/jeu/questions#id")

    def figure(of: rdflib.term.Node, name: rdflib.URIRef) -> int:
        value = catalogue.value(of, name)
        assert isinstance(value, rdflib.Literal)
        return int(value)

    assert figure(whole, VOID.triples) == len(data)
    assert figure(whole, VOID.distinctSubjects) == len(set(data.subjects()))
    assert figure(whole, VOID.properties) == len(set(data.predicates()))
    assert figure(whole, VOID.classes) == len(set(data.objects(None, RDF.type)))
    for part in some(catalogue.objects(whole, VOID.classPartition)):
        kind = catalogue.value(part, VOID["class"])
        assert figure(part, VOID.entities) == len(set(data.subjects(RDF.type, kind)))
    for part in some(catalogue.objects(whole, VOID.propertyPartition)):
        term = catalogue.value(part, VOID.property)
        assert figure(part, VOID.triples) == len(set(data.subject_objects(term)))
    for linkset in some(catalogue.subjects(RDF.type, VOID.Linkset)):
        term, name = (
            catalogue.value(linkset, VOID.linkPredicate),
            str(linkset).rsplit("/", 1)[1].partition("#")[0],
        )
        links = data if name == "questions" else graph(release / f"{name}.nt")
        questions = f"{DEFAULT_BASE}jeu/questions#id"
        outside = {str(target) for target in catalogue.objects(linkset, VOID.target)} - {questions}
        targets = tuple(outside) or f"{DEFAULT_BASE}an/"
        found = {(s, o) for s, o in links.subject_objects(term) if str(o).startswith(targets)}
        assert figure(linkset, VOID.triples) == len(found)
    for dump in some(catalogue.subjects(RDF.type, DCAT.Distribution)):
        name = str(catalogue.value(dump, DCAT.downloadURL)).rsplit("/", 1)[1]
        assert figure(dump, DCAT.byteSize) == (release / name).stat().st_size


TITLES = {
    "questions": ("Questions à l’Assemblée nationale", "Questions in the Assemblée nationale"),
    "concepts": (
        "Concepts des questions à l’Assemblée nationale",
        "Concepts of questions in the Assemblée nationale",
    ),
    "questions-parlementaires": (
        "Questions parlementaires par législature et par type",
        "Parliamentary questions by legislature and type",
    ),
    "questions-ecrites-17": ("Questions écrites, XVIIe législature", "Written questions, legislature 17"),
}


def test_every_data_set_and_the_series_have_a_title_in_both_languages(release: Path) -> None:
    catalogue = graph(release / "catalog.ttl")
    described = {
        str(catalogue.value(each, DCTERMS.identifier)): {
            getattr(title, "language", None): str(title) for title in catalogue.objects(each, DCTERMS.title)
        }
        for kind in (DCAT.Dataset, DCAT_3.DatasetSeries)
        for each in catalogue.subjects(RDF.type, kind)
    }
    for name, (french, english) in TITLES.items():
        assert described[name] == {"fr": french, "en": english}
    assert all(set(titles) == {"fr", "en"} for titles in described.values())


def test_every_named_graph_that_a_store_holds_is_described_with_its_size_and_its_files(
    split_release: Summary, varied_release: Summary
) -> None:
    shared = {"acteurs": 0, "lieux": 0, "liens": 0, "metadonnees": 0}
    for summary, dump in ((varied_release, "questions.nq"), (split_release, "shared.nq.zst")):
        catalogue = graph(summary.path / "catalog.ttl")
        files = dict.fromkeys(shared, dump) | {"concepts": "concepts.ttl", "ontologie": "ontology.ttl"}
        ending = ".zst" if dump.endswith("zst") else ""
        files |= {"alignements": f"alignments.nq{ending}", "questions-semblables": f"related.nq{ending}"}
        held = Counter(graph_of(quad) for quad in ReleaseGraphs(Release(summary.path)).quads())
        for name, file in files.items():
            described = rdflib.URIRef(f"{DEFAULT_BASE}graphe/{name}")
            assert held[str(described)] > 0
            assert int(str(catalogue.value(described, VOID.triples))) == held[str(described)]
            files_of = {str(address) for address in catalogue.objects(described, VOID.dataDump)}
            dumps = [
                path
                for path in summary.path.glob("*.nq*")
                if not path.name.startswith(("alignments", "related"))
            ]
            listed = dumps if name == "metadonnees" else [summary.path / file]
            assert files_of == {f"{DEFAULT_BASE}dumps/{path.name}" for path in listed}
            for said in (DCTERMS.title, DCTERMS.description):
                assert {getattr(v, "language", None) for v in catalogue.objects(described, said)} == {
                    "fr",
                    "en",
                }
        found = {name for name in held if name.startswith(f"{DEFAULT_BASE}graphe/")}
        assert found == {f"{DEFAULT_BASE}graphe/{name}" for name in files}


def test_a_data_set_has_the_period_of_its_own_documents(varied_release: Summary) -> None:
    catalogue, data = (graph(varied_release.path / name) for name in ("catalog.ttl", "questions.nt"))
    periods = set()
    for part in catalogue.subjects(DCAT_3.inSeries):
        name = str(catalogue.value(part, DCTERMS.identifier))
        about = f"https://w3id.org/anq/an/{name.rpartition('-')[2]}/{CODES[name.rpartition('-')[0]]}/"
        issued = data.subject_objects(DCTERMS.issued)
        days = sorted(str(day) for subject, day in issued if str(subject).startswith(about))
        period = catalogue.value(part, DCTERMS.temporal)
        told = [str(catalogue.value(period, term)) for term in (DCAT.startDate, DCAT.endDate)]
        assert told == [days[0], days[-1]]
        periods.add(tuple(told))
    assert len(periods) > 3


def test_there_is_a_data_set_for_each_legislature_and_type_in_a_series(release: Path) -> None:
    catalogue = graph(release / "catalog.ttl")
    series = catalogue.value(None, RDF.type, DCAT_3["DatasetSeries"])
    assert [str(s) for s in catalogue.subjects(DCAT_3["inSeries"], series)] == [
        "https://w3id.org/anq/jeu/questions-ecrites-17#id"
    ]
    for kind in (DCAT.Dataset, DCAT.Catalog):
        for described in some(catalogue.subjects(RDF.type, kind)):
            for said in (DCTERMS.title, DCTERMS.description):
                languages = {getattr(v, "language", None) for v in catalogue.objects(described, said)}
                assert languages == {"fr", "en"}, described


def test_every_iri_under_the_base_is_described(release: Path) -> None:
    data = graph(*(release / name for name in ("questions.nt", "concepts.ttl", "catalog.ttl")))
    ours = {
        o for o in data.objects() if isinstance(o, rdflib.URIRef) and o.startswith("https://w3id.org/anq/")
    }
    described = set(data.subjects())
    addresses = set(described)
    addresses |= {o for o in ours if o.startswith("https://w3id.org/anq/dumps/")}
    for term in ("endpointURL", "endpointDescription"):
        addresses |= {*some(data.objects(None, DCAT_3[term]))}
    assert {str(iri) for iri in ours - addresses if "/anq/ontology#" not in iri} == set()


def test_every_file_of_a_data_set_has_its_checksum(release: Path) -> None:
    catalogue = graph(release / "catalog.ttl")
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    for dump in some(catalogue.subjects(RDF.type, DCAT.Distribution)):
        name = str(catalogue.value(dump, DCAT.downloadURL)).rsplit("/", 1)[1]
        checksum = catalogue.value(dump, spdx.checksum)
        assert catalogue.value(checksum, spdx.algorithm) == spdx.checksumAlgorithm_sha256
        value = catalogue.value(checksum, spdx.checksumValue)
        assert str(value).lower() == hashlib.sha256((release / name).read_bytes()).hexdigest()
        assert getattr(value, "datatype", None) == XSD.hexBinary


def test_the_services_are_described_and_found_from_the_data(release: Path) -> None:
    catalogue = graph(release / "catalog.ttl")
    whole = rdflib.URIRef(f"{DEFAULT_BASE}jeu/questions#id")
    root = catalogue.value(None, RDF.type, DCAT.Catalog)
    services = set(catalogue.objects(root, DCAT_3["service"]))
    assert services == set(catalogue.subjects(RDF.type, DCAT_3["DataService"]))
    addresses = {str(catalogue.value(each, DCAT_3["endpointURL"])) for each in services}
    expected = {f"{DEFAULT_BASE}{path}" for path in ("sparql", "api/questions", "questions.atom")}
    assert addresses == expected
    for service in some(services):
        assert whole in set(catalogue.objects(service, DCAT_3["servesDataset"]))
        assert (catalogue.value(service, DCTERMS.conformsTo), RDF.type, DCTERMS.Standard) in catalogue
    assert catalogue.value(whole, VOID.sparqlEndpoint) == rdflib.URIRef(f"{DEFAULT_BASE}sparql")
    assert catalogue.value(whole, VOID.rootResource) == root
    series = catalogue.value(None, RDF.type, DCAT_3["DatasetSeries"])
    assert str(catalogue.value(series, DCTERMS.identifier)) == "questions-parlementaires"
