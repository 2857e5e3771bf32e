"""The ways that are compared: each turns the same zip of official JSON into N-Triples, Turtle and JSON-LD.

    python -m bench.contenders NAME CORPUS REGISTER OUT

All but the floor make the same triples from the same descriptions: the difference is how they are held.
"""

import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from lod import build_release, load_register, read_file
from lod import context as contexts
from lod.context import Block
from lod.describe import describe, merged
from lod.iri import Iris
from lod.model import Question
from lod.publish import Options, checking
from lod.version import VERSION

if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

A_QUESTION = 49_000
"""How many bytes a question of the corpus has in the three formats: what the floor writes for each."""


def ours(corpus: Path, register: Path, out: Path, *, jobs: int = 1) -> None:
    """Build a whole release, checked."""
    build_release([corpus], out, Options(registers=(register,), jobs=jobs))


def ours_in_two(corpus: Path, register: Path, out: Path) -> None:
    """Build a whole release, checked, in two processes."""
    ours(corpus, register, out, jobs=2)


def ours_unchecked(corpus: Path, register: Path, out: Path) -> None:
    """Build a whole release, but let no engine look at it: no user can."""
    checking.Checker.check = lambda _self, _batch: []  # type: ignore[assignment]
    ours(corpus, register, out)


def floor(corpus: Path, _register: Path, out: Path) -> None:
    """Inflate, parse and write as many bytes: what the machine can do at best."""
    decode = msgspec.json.Decoder().decode
    written = b"x" * A_QUESTION
    with zipfile.ZipFile(corpus) as archive, out.open("wb") as stream, corpus.open("rb") as packed:
        for member in archive.infolist():
            packed.seek(member.header_offset + 30 + len(member.filename.encode()))
            decode(zlib.decompress(packed.read(member.compress_size), -15))
            stream.write(written)


def rdflib_graph(corpus: Path, register: Path, out: Path) -> None:
    """Put all triples into one rdflib graph, and let it write itself three times."""
    import rdflib

    out.mkdir()
    graph = rdflib.Graph()
    for subject, statements in _blocks(corpus, register):
        for predicate, objects in statements:
            for value in objects:
                graph.add((rdflib.URIRef(subject[1:-1]), rdflib.URIRef(predicate[1:-1]), _term(value)))
    for form, name in (("nt11", "nt"), ("turtle", "ttl"), ("json-ld", "jsonld")):
        graph.serialize(out / f"questions.{name}", format=form, encoding="utf-8")


def rdflib_and_pyshacl(corpus: Path, register: Path, out: Path) -> None:
    """Do that, and then check the whole graph with pySHACL."""
    import pyshacl
    import rdflib

    from lod import definitions

    rdflib_graph(corpus, register, out)
    data, shapes = rdflib.Graph().parse(out / "questions.nt"), rdflib.Graph()
    for folder, graph in (("ontology/schemes", data), ("shapes", shapes)):
        files = sorted(definitions.folder(folder).rglob("*.ttl"))
        graph.parse(data=definitions.turtle_of(files, definitions.DEFAULT_BASE), format="turtle")
    conforms, _, text = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    if not conforms:
        raise SystemExit(text)


def pyoxigraph_streams(corpus: Path, register: Path, out: Path) -> None:
    """Make terms and triples of pyoxigraph, streamed three times into its serialiser."""
    import pyoxigraph

    out.mkdir()
    forms = {
        "nt": pyoxigraph.RdfFormat.N_TRIPLES,
        "ttl": pyoxigraph.RdfFormat.TURTLE,
        "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    }
    triples = [
        pyoxigraph.Triple(pyoxigraph.NamedNode(s[1:-1]), pyoxigraph.NamedNode(p[1:-1]), _oxigraph(o))
        for s, statements in _blocks(corpus, register)
        for p, objects in statements
        for o in objects
    ]
    for name, form in forms.items():
        pyoxigraph.serialize(triples, str(out / f"questions.{name}"), form)


def _blocks(corpus: Path, register: Path) -> Iterator[Block]:
    known, _ = load_register(register)
    context, described = contexts.published(), []
    for question in read_file(corpus):
        if isinstance(question, Question):
            one = describe(known.resolve(question)[0], Iris(), VERSION)
            yield from context.walk(one.document).blocks
            described.append(one.shared)
    for resource in merged(described):
        yield from context.walk(resource.node).blocks


def _term(spelt: str) -> "rdflib.URIRef | rdflib.Literal":
    import rdflib

    if spelt.startswith("<"):
        return rdflib.URIRef(spelt[1:-1])
    lexical, language, datatype = _literal(spelt)
    return rdflib.Literal(lexical, lang=language, datatype=rdflib.URIRef(datatype) if datatype else None)


def _oxigraph(spelt: str) -> "pyoxigraph.NamedNode | pyoxigraph.Literal":
    import pyoxigraph

    if spelt.startswith("<"):
        return pyoxigraph.NamedNode(spelt[1:-1])
    lexical, language, datatype = _literal(spelt)
    kind = pyoxigraph.NamedNode(datatype) if datatype else None
    return pyoxigraph.Literal(lexical, language=language, datatype=kind)


def _literal(spelt: str) -> tuple[str, str | None, str | None]:
    """Part a literal of N-Triples into text, language and datatype."""
    text, _, rest = spelt.rpartition('"')
    lexical: str = msgspec.json.decode(f'{text}"')
    return lexical, rest[1:] if rest.startswith("@") else None, rest[3:-1] if rest.startswith("^^") else None


CONTENDERS: dict[str, Callable[[Path, Path, Path], None]] = {
    "floor": floor,
    "ours, unchecked": ours_unchecked,
    "ours": ours,
    "ours, two processes": ours_in_two,
    "pyoxigraph": pyoxigraph_streams,
    "rdflib": rdflib_graph,
    "rdflib and pySHACL": rdflib_and_pyshacl,
}


if __name__ == "__main__":
    CONTENDERS[sys.argv[1]](*map(Path, sys.argv[2:5]))
