"""RDF read without network access: our own definitions as triples, other files into graphs."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from lod import definitions, formats, versions
from lod.compression import Compression, open_decompressed
from lod.errors import BadValue, CheckFailed, quote
from lod.formats import COMPRESSED, RDF

if TYPE_CHECKING:
    from rdflib import Graph

Triple: TypeAlias = tuple[str, str, str]
"""Subject, predicate and object, spelt as in N-Triples."""


def triples(turtle: str) -> list[Triple]:
    """Return the triples of definitions, each once; raise CheckFailed if they are not Turtle."""
    import pyoxigraph  # twenty times as fast as rdflib, whose import takes as long as all others together

    try:
        parsed = list(pyoxigraph.parse(turtle, pyoxigraph.RdfFormat.TURTLE))
    except SyntaxError as error:
        raise CheckFailed(f"the definitions are not Turtle: {quote(error.msg, 200)}") from None
    triples = ((str(quad.subject), str(quad.predicate), str(quad.object)) for quad in parsed)
    return list(dict.fromkeys(triples))


def parse(data: str, form: str, base: str = definitions.DEFAULT_BASE) -> "Graph":
    """Parse RDF in one of the formats of `lod.formats.RDF`, by name, into one graph; graph names are ignored.

    Literals keep their spelling.
    """
    import rdflib

    # rdflib's reader of N-Triples is quadratic in the length of a line
    media_type = RDF["ttl" if form == "nt" else form].media_type
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        if form not in ("nq", "trig", "jsonld"):
            return rdflib.Graph().parse(data=data, format=media_type, publicID=base)
        dataset, graph = rdflib.Dataset(), rdflib.Graph()
        dataset.parse(data=data, format=media_type, publicID=base)
        for triple in dataset.quads():
            graph.add(triple[:3])
        return graph
    finally:
        rdflib.NORMALIZE_LITERALS = before


def load(path: Path, base: str) -> "Graph":
    """Read an RDF file, compressed or not; raise BadValue if it is not RDF, CheckFailed if it is damaged.

    JSON-LD may refer to the published contexts of this base; no other context is fetched.
    """
    how = Compression.of_path(path)
    ending = (path.with_suffix("") if how.suffix else path).suffix.removeprefix(".")
    form = formats.named(RDF.values(), ending)
    if form is None:
        endings, compressed = (" ".join(f".{each.name}" for each in t.values()) for t in (RDF, COMPRESSED))
        raise BadValue(f"an RDF file ({endings}), or one compressed ({compressed})", quote(path.name))
    with open_decompressed(path, how) as stream:
        data = stream.read()
    try:
        text = data.decode()
        if form is RDF["jsonld"]:
            known = _with_known_contexts(json.loads(text), base)
            text = json.dumps(known, ensure_ascii=False)
        if form is RDF["rdf"] and "<!DOCTYPE" in text:
            raise BadValue("RDF/XML without a document type", "<!DOCTYPE")
        text.encode()
        return parse(text, form.name, base)
    except (BadValue, OSError):
        raise
    except Exception as error:  # noqa: BLE001 - rdflib's parsers raise whatever they meet
        raise BadValue(f"valid {form.label}", " ".join(str(error).split())[:200]) from None


def _with_known_contexts(value: Any, base: str) -> Any:
    """Insert our own context where a document refers to it; raise BadValue for any other reference."""
    if isinstance(value, list):
        return [_with_known_contexts(item, base) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _context(item, base) if key == "@context" else _with_known_contexts(item, base)
        for key, item in value.items()
    }


def _context(value: Any, base: str) -> Any:
    if isinstance(value, list):
        return [part for item in value for part in _as_list(_context(item, base))]
    if isinstance(value, dict):
        if "@import" in value:
            raise BadValue("a context in the file itself", f"a reference to {quote(str(value['@import']))}")
        return {key: _scoped(item, base) for key, item in value.items()}
    if not isinstance(value, str):
        return value
    file = versions.contexts().get(value.removeprefix(base)) if value.startswith(base) else None
    if file is None:
        raise BadValue("a context in the file itself", f"a reference to {quote(value)}")
    return json.loads(file.read_text(encoding="utf-8"))["@context"]


def _scoped(term: Any, base: str) -> Any:
    if isinstance(term, dict) and "@context" in term:
        return {**term, "@context": _context(term["@context"], base)}
    return term


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
