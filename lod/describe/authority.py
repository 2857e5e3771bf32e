"""What a catalogue refers to and official shapes must find described: tables, agents, pages."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from lod.context import Node
from lod.describe.links import LinkFacts
from lod.describe.organ import CHAMBER
from lod.finding import Finding
from lod.formats import COMPRESSED, DUMPS, RDF, TABLES
from lod.iri import Iris, SharedGraph, slug
from lod.model import QuestionKind
from lod.release_files import Dump, File, LinkDump, LinkKind, Table
from lod.void_statistics import VoidStatistics

LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
SPDX_LICENCE = "http://spdx.org/licenses/etalab-2.0"

EU = "http://publications.europa.eu/resource/authority/"
IANA = "https://www.iana.org/assignments/media-types/"
_ATTRIBUTION = "http://purl.org/adms/licencetype/Attribution"
CSVW = "http://www.w3.org/ns/csvw"
"""What a table in CSV with its metadata beside it conforms to."""
PLURALS = {
    QuestionKind.WRITTEN: ("Questions écrites", "Written questions"),
    QuestionKind.GOVERNMENT: ("Questions au Gouvernement", "Questions to the Government"),
    QuestionKind.ORAL: ("Questions orales sans débat", "Oral questions without debate"),
}

FindingCounts: TypeAlias = Mapping[tuple[int, str] | tuple[()], Mapping[Finding, int]]
"""How often each kind of problem was found, by legislature and kind of question; `()` if not known."""
Period: TypeAlias = tuple[date, date]
"""A first and a last day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A named graph: which it is, the number of its triples, the files that contain it."""

    name: SharedGraph
    triples: int
    files: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFacts:
    """What the catalogue says of a release: version, days, publisher, files by path, graphs, statistics."""

    version: str
    modified: date
    publisher: str
    example: str
    files: Mapping[str, File]
    graphs: Sequence[Graph]
    whole: VoidStatistics
    parts: Mapping[tuple[int, QuestionKind], VoidStatistics]
    periods: Mapping[tuple[int, QuestionKind], Period]
    findings: FindingCounts
    links: Sequence[LinkFacts] = ()

    @property
    def dumps(self) -> list[tuple[str, Dump]]:
        """The dumps, by path."""
        return [(path, file.dump) for path, file in sorted(self.files.items()) if file.dump]

    def link_dumps(self, kind: LinkKind) -> list[tuple[str, LinkDump]]:
        """Return the dumps of links of a kind, by path."""
        listed = [(path, file.links) for path, file in sorted(self.files.items()) if file.links]
        return [(path, links) for path, links in listed if links.kind is kind]

    @property
    def tables(self) -> list[tuple[str, Table]]:
        """The tables, by path."""
        return [(path, file.table) for path, file in sorted(self.files.items()) if file.table]

    @property
    def period(self) -> Period:
        """The first and the last day of all that is published."""
        return spanning(self.periods.values())


def spanning(periods: Iterable[Period]) -> Period:
    """Return the shortest period that contains all of these."""
    firsts, lasts = zip(*periods, strict=True)
    return min(firsts), max(lasts)


def authorities(iris: Iris, facts: ReleaseFacts) -> Iterator[Node]:
    """Yield all that a catalogue refers to, described."""
    formats = [
        *(RDF[form] for form in DUMPS),
        *(TABLES[form] for form in sorted({table.format for _, table in facts.tables})),
    ]
    for table, name, kind, label in (
        ("language", "FRA", "LinguisticSystem", "français"),
        ("country", "FRA", "Location", "France"),
        ("data-theme", "GOVE", None, "Gouvernement et secteur public"),
        ("frequency", "WEEKLY", "Frequency", "hebdomadaire"),
        *(("file-type", each.file_type, "MediaTypeOrExtent", each.label) for each in formats),
    ):
        yield _authority(f"{EU}{table}", f"{EU}{table}/{name}", kind, label)
    yield _authority("http://purl.org/adms/licencetype/1.0", _ATTRIBUTION, None, "Attribution")
    for title, table in (
        ("Langues", f"{EU}language"),
        ("Pays", f"{EU}country"),
        ("Thèmes", f"{EU}data-theme"),
        ("Fréquences", f"{EU}frequency"),
        ("Types de fichiers", f"{EU}file-type"),
        ("Types de licences", "http://purl.org/adms/licencetype/1.0"),
    ):
        yield {"type": ["ConceptScheme"], "id": table, "title": title}
    used = {dump.compression for _, dump in facts.dumps} | {table.compression for _, table in facts.tables}
    compressed = {COMPRESSED[how].media_type for how in used & COMPRESSED.keys()}
    for media_type in (*(each.media_type for each in formats), *sorted(compressed)):
        yield {"type": ["MediaType"], "id": f"{IANA}{media_type}"}
    licence: Node = {
        "title": "Licence Ouverte / Open Licence 2.0",
        "kind": _ATTRIBUTION,
        "exactMatch": [SPDX_LICENCE],
    }
    yield {"type": ["LicenseDocument"], "id": LICENCE, **licence}
    yield {"type": ["Agent"], "id": iris.publisher(), "name": facts.publisher}
    yield {"type": ["Agent"], "id": iris.chamber(), "name": CHAMBER}
    contact = {"formattedName": facts.publisher, "contactUrl": iris.base}
    yield {"type": ["Contact"], "id": iris.contact(), **contact}
    yield {
        "type": ["Standard"],
        "id": iris.profile(),
        "title": "Profil des questions parlementaires",
    }
    yield {"type": ["Standard"], "id": CSVW, "title": "CSV on the Web"}
    pages = {iris.base, *(iris.dataset_page(name) for name in _pages(facts))}
    yield from ({"type": ["Document"], "id": page} for page in sorted(pages))


def _pages(facts: ReleaseFacts) -> list[str]:
    parts = [f"{slug(PLURALS[kind][0])}-{legislature}" for legislature, kind in facts.parts]
    return ["questions", "concepts", *parts, *(str(links.kind) for links in facts.links)]


def _authority(scheme: str, iri: str, kind: str | None, label: str) -> Node:
    types = [kind, "Concept"] if kind else ["Concept"]
    return {"type": types, "id": iri, "prefLabel": label, "inScheme": scheme}
