"""Every format has the same triples: independent parsers read those of the N-Triples from each."""

import json
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from lod import Summary, describe_question, to_graph, to_jsonld, to_ntriples, to_turtle
from lod.context import published
from lod.errors import CheckFailed
from lod.write import ntriples
from lod.write.turtle import TurtleWriter
from tests.conftest import SAMPLES
from tests.support.golden import approved
from tests.support.lives import STATES

OX = pyoxigraph.RdfFormat


def lines(text: str) -> set[str]:
    return {line for line in text.split("\n") if line}


def by_pyoxigraph(data: str, form: pyoxigraph.RdfFormat) -> set[str]:
    return {f"{t.subject} {t.predicate} {t.object} ." for t in pyoxigraph.parse(data.encode(), format=form)}


def by_pyld(data: str) -> set[str]:
    return lines(
        jsonld.to_rdf(json.loads(data), {"format": "application/n-quads", "documentLoader": no_loader})
    )


def no_loader(url: str, _options: object) -> object:
    raise AssertionError(f"nothing may be fetched, and {url} was asked for")


def by_rdflib(data: str, form: str) -> set[tuple[rdflib.term.Node, ...]]:
    rdflib.NORMALIZE_LITERALS = False
    return set(rdflib.Graph().parse(data=data, format=form))


@pytest.fixture(params=["samples", pytest.param("real", marks=pytest.mark.real)])
def release(request: pytest.FixtureRequest) -> Path:
    summary: Summary = request.getfixturevalue(
        "sample_release" if request.param == "samples" else "real_release"
    )
    return summary.path


def dump(release: Path, form: str) -> str:
    return (release / f"questions.{form}").read_text(encoding="utf-8")


def test_the_dumps_hold_the_same_triples_for_every_parser(release: Path) -> None:
    triples = lines(dump(release, "nt"))
    assert len(triples) > 400
    assert by_pyoxigraph(dump(release, "nt"), OX.N_TRIPLES) == triples
    assert by_pyoxigraph(dump(release, "ttl"), OX.TURTLE) == triples
    assert by_pyoxigraph(dump(release, "nq"), OX.N_QUADS) == triples
    assert by_pyoxigraph(dump(release, "jsonld"), OX.JSON_LD) == triples
    assert by_pyld(dump(release, "jsonld")) == triples
    expected = by_rdflib(dump(release, "nt"), "nt")
    assert len(expected) == len(triples)
    assert by_rdflib(dump(release, "ttl"), "turtle") == expected
    assert by_rdflib(dump(release, "jsonld"), "json-ld") == expected


def test_each_triple_is_in_exactly_one_graph(release: Path) -> None:
    quads = dump(release, "nq").splitlines()
    assert len({quad.rsplit(" <", 1)[0] for quad in quads}) == len(quads)
    graphs = {quad.rsplit(" <", 1)[1][:-3] for quad in quads}
    questions = {graph for graph in graphs if "/qe/" in graph}
    assert len(questions) == 5
    shared = {graph.rsplit("/", 1)[1] for graph in graphs if "/graphe/" in graph}
    assert shared <= {"acteurs", "lieux", "liens", "metadonnees"}


def test_there_is_no_blank_node_and_no_line_twice(release: Path) -> None:
    everything = dump(release, "nt").splitlines()
    assert len(set(everything)) == len(everything)
    assert not [line for line in everything if line.startswith("_:") or " _:" in line.split('"')[0]]


def test_every_line_of_the_json_ld_is_a_document_of_its_own(release: Path) -> None:
    first, *documents, last = dump(release, "jsonld").rstrip("\n").split("\n")
    assert (first, last) == ("[", "]")
    whole = set()
    for document in documents:
        alone = by_pyld(document.removesuffix(","))
        assert alone == by_pyoxigraph(document.removesuffix(","), OX.JSON_LD)
        whole |= alone
    assert whole == lines(dump(release, "nt"))
    questions = [json.loads(line.removesuffix(",")) for line in documents if '"Question"' in line]
    assert len(questions) == 5
    for question in questions:
        assert list(question)[:3] == ["@context", "type", "id"]
        assert question["author"]["label"]
        assert question["participations"][0]["participantPerson"]["label"] == question["author"]["label"]


def test_a_question_s_file_is_its_graph_with_its_description(release: Path) -> None:
    files = sorted((release / "an").rglob("*.jsonld"))
    assert len(files) == 5
    quads = dump(release, "nq").splitlines()
    for file in files:
        iri = "https://w3id.org/anq/" + file.relative_to(release).as_posix().removesuffix(".jsonld")
        own, metadata = (graph_of(quads, name) for name in (iri, "https://w3id.org/anq/graphe/metadonnees"))
        described = by_pyld(file.read_text(encoding="utf-8"))
        assert own < described
        about = {line.split(" ")[0] for line in described - own}
        assert {f"<{iri}#description>", f"<{iri}#lecture>"} < about
        assert described - own == {line for line in metadata if line.split(" ")[0] in about}


def graph_of(quads: list[str], graph: str) -> set[str]:
    """Return the triples of a named graph."""
    return {quad.removesuffix(f" <{graph}> .") + " ." for quad in quads if quad.endswith(f" <{graph}> .")}


def test_blocks_are_sorted_by_iri_and_within(release: Path) -> None:
    text = [line for line in dump(release, "nt").splitlines() if "/an/17/qe/" in line.split(" ")[0]]
    owners = [
        line[1 : line.index(">")].split("#")[0].removesuffix("/html").removesuffix("/fr") for line in text
    ]
    assert owners == sorted(owners)
    for owner in set(owners):
        block = [line for line, of in zip(text, owners, strict=True) if of == owner]
        assert block == sorted(block)


@pytest.mark.parametrize("state", STATES)
def test_the_library_writes_one_description_in_every_form(state: str) -> None:
    described = describe_question(STATES[state])
    expected = by_rdflib(to_ntriples(described), "nt")
    assert set(to_graph(described)) == expected
    assert by_rdflib(to_turtle(described), "turtle") == expected
    alone = by_pyld(to_jsonld(described))
    assert alone < lines(to_ntriples(described))


@pytest.mark.parametrize("name", [path.stem for path in sorted((SAMPLES / "pages").glob("*.txt"))])
def test_a_sample_becomes_the_approved_triples(name: str, sample_release: Summary, regen: bool) -> None:
    iri = f"https://w3id.org/anq/an/17/qe/{name[:5]}"
    block = [line for line in dump(sample_release.path, "nq").splitlines() if line.endswith(f" <{iri}> .")]
    assert block
    approved(f"{name}.nq", "\n".join(block) + "\n", regen=regen)


def test_the_shared_resources_of_the_samples_are_the_approved_ones(
    sample_release: Summary, regen: bool
) -> None:
    shared = [
        line for line in dump(sample_release.path, "nq").splitlines() if "/qe/" not in line.rsplit(" ", 2)[1]
    ]
    approved("shared.nq", "\n".join(shared) + "\n", regen=regen)


printable = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=40)
hostile = st.one_of(
    printable,
    st.sampled_from(
        [
            '"""',
            "\\",
            "\\u003E",
            "a\nb",
            "\t",
            '"@fr',
            '"^^<x>',
            "<script>",
            "{{x}}",
            "=1+1",
            "%s",
            "'''",
            "\\\\",
        ]
    ),
)


@settings(max_examples=150)
@given(title=hostile, text=hostile, page=hostile, markup=hostile)
def test_any_text_comes_back_from_every_format(title: str, text: str, page: str, markup: str) -> None:
    node = {
        "type": ["Work", "Question"],
        "id": "https://w3id.org/anq/an/17/qe/1",
        "title": title,
        "text": text,
        "pageStart": page,
        "expression": {
            "type": ["Expression"],
            "id": "https://w3id.org/anq/an/17/qe/1/fr",
            "embodiedBy": {
                "type": ["Manifestation"],
                "id": "https://w3id.org/anq/an/17/qe/1/fr/html",
                "html": markup,
            },
        },
    }
    triples = ntriples.document([node], published()).decode()
    turtle = TurtleWriter(published(), "https://w3id.org/anq/").document([node])
    said = {str(o) for _, _, o in by_rdflib(triples, "nt") if isinstance(o, rdflib.Literal)}
    assert said == {title, text, page, markup}
    expected = by_pyoxigraph(triples, OX.N_TRIPLES)
    assert by_pyoxigraph(turtle, OX.TURTLE) == expected
    document = json.dumps({"@context": json.loads(published().part(published().walk(node).used)), **node})
    assert by_pyoxigraph(document, OX.JSON_LD) == expected


@pytest.mark.parametrize(
    "bad",
    [
        "https://example.org/a b",
        "https://example.org/<x>",
        'https://example.org/"',
        "https://example.org/\n",
        "no-scheme",
        "https://example.org/{x}",
        "https://example.org/\\u003E",
    ],
)
def test_a_bad_iri_is_never_written(bad: str) -> None:
    with pytest.raises(CheckFailed, match="not a valid IRI"):
        ntriples.document([{"type": ["Work"], "id": bad}], published())


def test_an_unknown_key_or_type_is_never_written() -> None:
    with pytest.raises(CheckFailed, match="no key « motto »"):
        ntriples.document([{"id": "https://example.org/1", "motto": "x"}], published())
    with pytest.raises(CheckFailed, match="no type « Motion »"):
        ntriples.document([{"type": ["Motion"], "id": "https://example.org/1"}], published())
