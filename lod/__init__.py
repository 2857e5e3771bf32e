"""The parliamentary questions of the Assemblée nationale as checked linked data.

The one flow, drawn with its functions:

    bytes ── read_documents ──▶ Document ── read_questions ──▶ Question | Problem
    Question ── describe_question ──▶ Description: JSON-LD nodes whose keys are the published context's
    Described ── to_ntriples · to_turtle · to_jsonld · to_graph ──▶ the same triples in any form
    N-Triples ── check_ntriples ──▶ what the SHACL shapes say

`build_release` runs it over whole sources and publishes the result whole or not at all; `load_register` gives
the register that says who an author is, `explain_file` does it all for one document and publishes nothing,
`check_files` checks RDF files of any origin. `Release` opens what was published: its dumps, decompressed;
`verify_release` says whether it is whole.

A name is loaded when it is first asked for: who asks a store does not wait for the readers of pages.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lod.definitions import DEFAULT_BASE
from lod.version import VERSION

if TYPE_CHECKING:
    from rdflib import Graph

    from lod.build import Explained, Options, Summary, check_files
    from lod.build import build as build_release
    from lod.build import explain as explain_file
    from lod.compression import Compression
    from lod.describe import Description
    from lod.errors import (
        BadValue,
        Busy,
        CheckFailed,
        LodError,
        Misused,
        NotReadOrWritten,
        Problem,
        Refused,
    )
    from lod.model import Question
    from lod.release import Release
    from lod.shacl import Shapes, ValidationResult
    from lod.source import read as read_questions
    from lod.source.archive import read_documents
    from lod.source.document import Document
    from lod.source.register import Register, load_register
    from lod.verify import Findings

__version__ = VERSION

__all__ = [
    "BadValue",
    "Busy",
    "CheckFailed",
    "Compression",
    "Description",
    "Document",
    "Explained",
    "LodError",
    "Misused",
    "NotReadOrWritten",
    "Options",
    "Problem",
    "Question",
    "Refused",
    "Register",
    "Release",
    "Summary",
    "ValidationResult",
    "__version__",
    "build_release",
    "check_files",
    "check_ntriples",
    "describe_question",
    "explain_file",
    "load_register",
    "read_documents",
    "read_file",
    "read_questions",
    "to_graph",
    "to_jsonld",
    "to_ntriples",
    "to_turtle",
    "verify_release",
]


_HOMES = {
    # a name -> where it is at home
    **dict.fromkeys(("BadValue", "Busy", "CheckFailed", "LodError"), "errors"),
    **dict.fromkeys(("Misused", "NotReadOrWritten", "Problem", "Refused"), "errors"),
    **dict.fromkeys(("Explained", "Options", "Summary"), "build"),
    "Compression": "compression",
    "Description": "describe",
    "Document": "source.document",
    "Question": "model",
    "Register": "source.register",
    "Release": "release",
    "ValidationResult": "shacl",
    "build_release": "build:build",
    "check_files": "build",
    "explain_file": "build:explain",
    "load_register": "source.register:load_register",
    "read_documents": "source.archive:read_documents",
    "read_questions": "source:read",
}


def _at_home(name: str) -> Any:
    """Load what is asked for, once."""
    if name not in _HOMES:
        raise AttributeError(f"module 'lod' has no attribute {name!r}")
    module, _, its_name = _HOMES[name].partition(":")
    found = globals()[name] = getattr(import_module(f"lod.{module}"), its_name or name)
    return found


if not TYPE_CHECKING:  # to whom the imports above say more
    __getattr__ = _at_home


def __dir__() -> list[str]:
    return __all__


def read_file(path: Path) -> "Iterator[Question | Problem]":
    """Read the questions of a file, a folder or a zip; what is wrong with a document is a Problem."""
    from lod.source import read_all
    from lod.source.archive import read_documents

    yield from read_all(read_documents(path))


def describe_question(question: "Question", base: str = DEFAULT_BASE) -> "Description":
    """Describe a question as its own JSON-LD document and the shared resources it refers to.

    Raise BadValue if something in it cannot be named by an IRI.
    """
    from lod.describe import describe
    from lod.iri import Iris

    return describe(question, Iris(base), __version__)


def to_ntriples(described: "Description") -> str:
    """Write a description as sorted N-Triples, each triple once."""
    from lod import context
    from lod.write import ntriples

    return ntriples.document(described.nodes, context.published()).decode()


def to_turtle(described: "Description", base: str = DEFAULT_BASE) -> str:
    """Write a description as Turtle for people to read."""
    from lod import context
    from lod.write.turtle import TurtleWriter

    return TurtleWriter(context.published(), base).document(described.nodes)


def to_jsonld(described: "Description") -> str:
    """Write the question's own document as JSON-LD that can be read alone and offline."""
    from lod import context
    from lod.write import jsonld

    return jsonld.document(described.document, context.published())


def to_graph(described: "Description") -> "Graph":
    """Give a description as an rdflib graph."""
    from lod import context
    from lod.write import ntriples

    return ntriples.to_graph(described.nodes, context.published())


def check_ntriples(triples: str, base: str = DEFAULT_BASE) -> "list[ValidationResult]":
    """Check N-Triples against the shapes; no result means that they conform.

    Raise CheckFailed if there is nothing in them that a shape looks at.
    """
    import warnings

    shapes = _shapes(base)
    results = shapes.check(triples.encode())
    for reason in shapes.failures:
        warnings.warn(f"pySHACL has checked instead: {reason}", RuntimeWarning, stacklevel=2)
    return results


@cache
def _shapes(base: str) -> "Shapes":
    from lod.shacl import Shapes

    return Shapes(base)


def verify_release(release: Path) -> "Findings":
    """Say whether a release is whole; raise CheckFailed if the folder has no manifest that can be read."""
    from lod.verify import verify

    return verify(release)
