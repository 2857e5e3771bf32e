"""The public classes and functions of the package: the one list of them.

    bytes ── read_documents ──▶ Document ── read_questions ──▶ Question | Problem
    Question ── describe_question ──▶ Description: JSON-LD nodes whose keys are the published context's
    Description ── to_ntriples · to_turtle · to_jsonld · to_graph ──▶ the same triples in any format
    N-Triples ── check_ntriples ──▶ ValidationResult

`build_release` does all this for whole sources and publishes the result whole or not at all; `load_register`
loads the register that identifies authors; `explain_file` does it for one document and publishes nothing;
`check_files` checks RDF files of any origin. `Release` opens a published release and its decompressed dumps;
`verify_release` checks whether it is whole; `compare_releases` compares two of them question by question.
"""

import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lod import context, describe, iri, shacl, source, verify
from lod.build import Explained as Explained
from lod.build import Options as Options
from lod.build import Summary as Summary
from lod.build import build_release as build_release
from lod.build import check_files as check_files
from lod.build import explain_file as explain_file
from lod.changes import ChangeKind as ChangeKind
from lod.changes import QuestionChange as QuestionChange
from lod.changes import compare_releases as compare_releases
from lod.compression import Compression as Compression
from lod.definitions import DEFAULT_BASE
from lod.describe import Description as Description
from lod.errors import BadValue as BadValue
from lod.errors import Busy as Busy
from lod.errors import CheckFailed as CheckFailed
from lod.errors import LodError as LodError
from lod.errors import Misused as Misused
from lod.errors import NotReadOrWritten as NotReadOrWritten
from lod.errors import Problem as Problem
from lod.errors import Refused as Refused
from lod.model import Question as Question
from lod.release import Release as Release
from lod.shacl import ValidationResult as ValidationResult
from lod.source import archive, register
from lod.source.document import Document as Document
from lod.source.register import Register as Register
from lod.version import VERSION
from lod.write import jsonld, ntriples, turtle

if TYPE_CHECKING:
    from rdflib import Graph


load_register = register.load_register
read_documents = archive.read_documents
read_questions = source.read
verify_release = verify.verify


def read_file(path: Path) -> "Iterator[Question | Problem]":
    """Yield the questions of a file, a folder or a zip; what is wrong with a document is a Problem."""
    yield from source.read_all(read_documents(path))


def describe_question(question: Question, base: str = DEFAULT_BASE) -> Description:
    """Describe a question as its own JSON-LD document and the shared resources it refers to.

    Raise BadValue if something in it cannot be named by an IRI.
    """
    return describe.describe(question, iri.Iris(base), VERSION)


def to_ntriples(description: Description) -> str:
    """Return a description as sorted N-Triples, each triple once."""
    return ntriples.document(description.nodes, context.published()).decode()


def to_turtle(description: Description, base: str = DEFAULT_BASE) -> str:
    """Return a description as Turtle for people to read."""
    return turtle.TurtleWriter(context.published(), base).document(description.nodes)


def to_jsonld(description: Description) -> str:
    """Return the question's own document as JSON-LD that can be read alone and offline."""
    return jsonld.document(description.document, context.published())


def to_graph(description: Description) -> "Graph":
    """Return a description as an rdflib graph."""
    from lod.write import ntriples

    return ntriples.to_graph(description.nodes, context.published())


def check_ntriples(triples: str, base: str = DEFAULT_BASE) -> list[ValidationResult]:
    """Check N-Triples against the shapes; without results, they conform.

    Raise CheckFailed if there is nothing in them that a shape applies to.
    """
    shapes = _shapes(base)
    results = shapes.check(triples.encode())
    for reason in shapes.failures:
        warnings.warn(f"pySHACL has checked instead: {reason}", RuntimeWarning, stacklevel=2)
    return results


@cache
def _shapes(base: str) -> shacl.Shapes:
    return shacl.Shapes(base)
