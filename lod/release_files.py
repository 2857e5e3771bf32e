"""The files of a release as its manifest lists them and its catalogue describes them."""

import enum
from typing import Any

import msgspec

from lod.compression import Compression
from lod.iri import LinkGraph
from lod.model import QuestionKind


class DumpScope(enum.StrEnum):
    """What a dump contains: questions with their shared resources, only one of these, or links."""

    ALL = "all"
    QUESTIONS = "questions"
    SHARED = "shared"
    LINKS = "links"


class Dump(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dump: its format (such as `nt`), its compression, its scope.

    Legislature and type are those of its questions, if it contains only those of one legislature and type.
    """

    format: str
    compression: Compression
    holds: DumpScope
    legislature: int | None = None
    type: str | None = None

    @property
    def part(self) -> tuple[int, QuestionKind] | None:
        """The legislature and kind of its questions; None if it contains all, or what they share."""
        return (self.legislature, QuestionKind(self.type)) if self.legislature and self.type else None


class LinkKind(enum.StrEnum):
    """The kinds of links to other data: each has a graph and files of its own, and can be left out."""

    CITATIONS = "citations"
    ALIGNMENTS = "alignments"
    RELATED = "related"


LINK_GRAPHS = {
    LinkKind.CITATIONS: LinkGraph.CITATIONS,
    LinkKind.ALIGNMENTS: LinkGraph.ALIGNMENTS,
    LinkKind.RELATED: LinkGraph.RELATED,
}
"""The named graph of each kind of links."""


class LinkDump(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dump of the links of one kind: its format and its compression."""

    kind: LinkKind
    format: str
    compression: Compression


class Table(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A table: its format (`csv`, `parquet`, `xlsx`), its compression, its rows (one for each question)."""

    format: str
    compression: Compression
    rows: int


class File(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A finished file of a release."""

    path: str
    bytes: int
    sha256: str
    triples: int | None = None
    dump: Dump | None = None
    table: Table | None = None
    links: LinkDump | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the entry of the manifest."""
        entry: dict[str, Any] = msgspec.to_builtins(self)
        return entry
