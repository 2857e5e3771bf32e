"""The only module that knows the shapes of IRIs: it builds them, takes them apart and matches them.

IRIs are made from what the source states, in ASCII, with no counter and no hash of a text. Documents are
slash IRIs; things that are not documents are hash IRIs (docs/iris.md has the whole table).
"""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lod.definitions import DEFAULT_BASE
from lod.errors import BadValue, Misused, quote
from lod.model import Author, Group, Journal, Ministry, QuestionId, QuestionKind, Seat
from lod.slugs import words

FRENCH: Final = "http://publications.europa.eu/resource/authority/language/FRA"

LEGIFRANCE: Final = "https://www.legifrance.gouv.fr/"
"""The beginning of the addresses of French law."""

_SERIES = {Journal.QUESTIONS: "an-questions", Journal.DEBATES: "an-debats", Journal.LAWS: "lois-et-decrets"}
LEGISLATURE: Final = "an/legislature/{legislature}"
"""The path of a legislature, as a template."""
ANSWER: Final = "/reponse"
"""What the IRI of the first answer adds to that of its question."""
DUMPS: Final = "dumps/"
"""The path of the files of a release."""
THING: Final = "#id"
"""The fragment of what a document describes and is not itself: a person, an organ."""
DEPUTY: Final = "#depute"
"""The fragment of a deputy who is known only as the author of a question."""

_DESCRIPTION, _RUN, _CORRECTION = "description", "lecture", "correction-"
"""The fragments of the provenance of a question; the name of a correction follows the last one."""

_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/")
_QUESTION = re.compile(r"an/([1-9][0-9]?)/([a-z]+)/([1-9][0-9]{0,8})")
_QUESTION_SEGMENTS = 4
_KINDS = {kind.lower(): kind for kind in QuestionKind}
_VALID = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", re.ASCII)


class SharedGraph(enum.StrEnum):
    """The named graphs of what questions share, each by the last segment of its IRI."""

    PEOPLE = "acteurs"
    PLACES = "lieux"
    CONCEPTS = "concepts"
    LINKS = "liens"
    METADATA = "metadonnees"
    ONTOLOGY = "ontologie"
    WITHDRAWN = "retraits"


def eli_of_act(kind: str, number: str, signed: date) -> str:
    """Return the ELI of a French act: …/eli/loi/2005/2/23/2005-157/jo/texte, of the day of its signature."""
    return f"{LEGIFRANCE}eli/{kind}/{signed.year}/{signed.month}/{signed.day}/{number}/jo/texte"


class LinkGraph(enum.StrEnum):
    """The named graphs of links to other data, each by the last segment of its IRI."""

    CITATIONS = "citations"
    RELATED = "questions-semblables"
    ALIGNMENTS = "alignements"


@lru_cache(maxsize=2**14)
def slug(label: str) -> str:
    """Return a label as the last segment of an IRI; raise BadValue if a letter would be lost."""
    name = "-".join(words(label))
    if not name or not name.isascii():
        raise BadValue("a name in Latin letters and digits", quote(label))
    return name


def is_valid(iri: str) -> bool:
    """Return whether every RDF parser accepts this as an IRI."""
    return _VALID.fullmatch(iri) is not None


def fragment(iri: str) -> str:
    """Return the fragment of an IRI, without « # »; empty if it has none."""
    return iri.partition("#")[2]


def last_segment(iri: str) -> str:
    """Return the last segment of an IRI, without the fragment « #id »."""
    return iri.removesuffix(THING).rpartition("/")[2]


def deputy_key(iri: str) -> str:
    """Return what identifies a deputy, from their IRI: the official id, or else the place and the name.

    For a deputy known only as the author of a question, it is the IRI, which no other question shares.
    """
    if iri.endswith(DEPUTY):
        return iri
    *_, place, name = iri.removesuffix(THING).split("/")
    return name if place == "acteur" else f"{place} {name}"


def scheme_path(scheme: str) -> str:
    """Return the path of a concept scheme: def/role."""
    return f"def/{scheme}"


def concept_path(scheme: str, name: str) -> str:
    """Return the path of a concept by its label or code: def/role/auteur."""
    return f"{scheme_path(scheme)}/{slug(name)}"


def owning_question(path: str) -> str | None:
    """Return the path of the question that owns the path of a part, such as that of an answer; else None."""
    segments = path.split("/")
    question = "/".join(segments[:_QUESTION_SEGMENTS])
    return question if len(segments) > _QUESTION_SEGMENTS and _QUESTION.fullmatch(question) else None


@dataclass(frozen=True, slots=True)
class Iris:
    """The IRIs of all things under one base."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.base):
            raise Misused(f"the base must be an http(s) address that ends with « / », not {quote(self.base)}")

    def path(self, iri: str) -> str:
        """Return the path below the base of the document that describes an IRI of the base."""
        return iri.removeprefix(self.base).partition("#")[0]

    # documents

    def question(self, question: QuestionId) -> str:
        """Return the IRI of a question: an/17/qe/16300."""
        return f"{self.base}an/{question.legislature}/{question.kind.lower()}/{question.number}"

    def question_of(self, iri: str) -> QuestionId:
        """Return the question that an IRI names; raise BadValue if it names none under this base."""
        found = _QUESTION.fullmatch(iri.removeprefix(self.base)) if iri.startswith(self.base) else None
        if found is None or found[2] not in _KINDS:
            raise BadValue(f"the name of a question, such as {self.base}an/17/qe/16300", quote(iri))
        return QuestionId(legislature=int(found[1]), kind=_KINDS[found[2]], number=int(found[3]))

    def related_list(self, first: QuestionId) -> str:
        """Return the IRI of a list of related questions, by the first: an/questions-semblables/17/qe/1."""
        return f"{self.base}an/{LinkGraph.RELATED}/{self.path(self.question(first)).removeprefix('an/')}"

    def answer(self, question: QuestionId, rank: int = 1) -> str:
        """Return the IRI of the first, second … answer to a question."""
        return f"{self.question(question)}{ANSWER}" + _nth(rank)

    def common_answer(self, first: QuestionId, on: date) -> str:
        """Return the IRI of what the answers of a day to several questions share, by the first of these."""
        return f"{self.question(first)}/reponse-commune/{on.isoformat()}"

    @staticmethod
    def erratum(corrected: str, rank: int = 1) -> str:
        """Return the IRI of the first, second … erratum of a question or of an answer."""
        return f"{corrected}/erratum" + _nth(rank)

    @staticmethod
    def expression(work: str) -> str:
        """Return the IRI of the French text of a question or of an answer."""
        return f"{work}/fr"

    @staticmethod
    def html(expression: str) -> str:
        """Name a text with its structure, as HTML: an/17/qe/16300/fr/html."""
        return f"{expression}/html"

    @staticmethod
    def part(document: str, name: str) -> str:
        """Return the IRI of a part of a document, such as its author's participation."""
        return f"{document}#{name}"

    def description(self, question: QuestionId) -> str:
        """Return the IRI of what this program derived from documents about a question, its description."""
        return self.part(self.question(question), _DESCRIPTION)

    def run(self, question: QuestionId) -> str:
        """Return the IRI of the run that derived the description of a question."""
        return self.part(self.question(question), _RUN)

    def correction(self, question: QuestionId, name: str) -> str:
        """Return the IRI of a correction of a question, by the name of the file of the correction."""
        return self.part(self.question(question), f"{_CORRECTION}{name}")

    def issue(self, on: date, journal: Journal = Journal.QUESTIONS) -> str:
        """Return the IRI of the issue of a day of a series of the Journal officiel."""
        return f"{self.base}jo/{_SERIES[journal]}/{on.isoformat()}"

    def legislature(self, number: int) -> str:
        """Return the IRI of a legislature."""
        return self.base + LEGISLATURE.format(legislature=number)

    def constituency(self, seat: Seat) -> str:
        """Return the IRI of a constituency: an/circonscription/44-09."""
        return f"{self.constituency_prefix}{seat.notation.lower()}"

    @property
    def constituency_prefix(self) -> str:
        """What the IRIs of constituencies begin with, before code of the département and number."""
        return f"{self.base}an/circonscription/"

    def source(self, digest: str) -> str:
        """Return the IRI of a document as received by its SHA-256."""
        return f"{self.base}source/sha256/{digest}"

    def change(self, release: str, iri: str) -> str:
        """Return the IRI of what a release changes of something: changement/{release}/an/17/qe/16300."""
        path = iri.removeprefix(self.base).partition("://")
        return f"{self.base}changement/{release}/{path[2] or path[0]}"

    # people and organs

    def deputy(self, question: QuestionId, author: Author) -> str:
        """Return the IRI of a deputy by the official id, if known, or else by what the document states."""
        if author.official_id:
            return f"{self.base}an/acteur/{author.official_id}{THING}"
        return self.named_deputy(question, author)

    def named_deputy(self, question: QuestionId, author: Author) -> str:
        """Return the IRI of a deputy by legislature, place and name: an/depute/17/44-09/jean-michel-brard#id.

        The place is the seat, or else the département. Without one, or without a name, the deputy is named as
        the author of the question alone, which no homonym shares: an/16/qe/200#depute.
        """
        place = author.seat.notation if author.seat else author.departement
        if place is None or author.name is None:
            return self.question(question) + DEPUTY
        return f"{self.base}an/depute/{question.legislature}/{place.lower()}/{slug(author.name)}{THING}"

    def group(self, legislature: int, group: Group) -> str:
        """Return the IRI of a group by the official id, if known, or else by its name."""
        return self._organ(group.official_id) or self.named_group(legislature, group)

    def named_group(self, legislature: int, group: Group) -> str:
        """Return the IRI of a group by its name: an/groupe/17/horizons-independants#id."""
        return f"{self.base}an/groupe/{legislature}/{slug(group.label)}{THING}"

    def ministry(self, ministry: Ministry) -> str:
        """Return the IRI of a ministry by the official id, if known, or else by its name."""
        named = f"{self.base}gouvernement/ministere/{slug(ministry.label)}{THING}"
        return self._organ(ministry.official_id) or named

    @staticmethod
    def capacity(person: str, name: str) -> str:
        """Return the IRI of a mandate or a membership by its official id, or by what the document states."""
        document = person.removesuffix(THING)
        return f"{document}#{name}" if document != person else f"{person}-{name}"

    @staticmethod
    def period(membership: str) -> str:
        """Return the IRI of the days of a mandate or a membership."""
        return f"{membership}-periode"

    def chamber(self) -> str:
        """Return the IRI of the Assemblée nationale."""
        return f"{self.base}an/assemblee-nationale{THING}"

    def official(self, official_id: str) -> list[str]:
        """Return the IRIs that a person (PA…) or an organ (PO…) may have by the official id."""
        places = {"PA": "acteur", "PO": "organe"}
        return [f"{self.base}an/{places[official_id[:2]]}/{official_id}{THING}"]

    def _organ(self, official_id: str | None) -> str | None:
        return f"{self.base}an/organe/{official_id}{THING}" if official_id else None

    # concepts and graphs

    def scheme(self, scheme: str) -> str:
        """Return the IRI of a concept scheme: def/role."""
        return self.base + scheme_path(scheme)

    def concept(self, scheme: str, name: str) -> str:
        """Return the IRI of a concept by its label or code: def/role/auteur."""
        return self.base + concept_path(scheme, name)

    def graph(self, name: SharedGraph | LinkGraph) -> str:
        """Return the IRI of one of the graphs that hold what questions share, or links."""
        return f"{self.base}graphe/{name}"

    def software(self, version: str) -> str:
        """Return the IRI of a version of this program."""
        return f"{self.base}logiciel/lod/{version}{THING}"

    # the catalogue

    def catalogue(self) -> str:
        """Return the IRI of the catalogue."""
        return f"{self.base}catalogue{THING}"

    def publisher(self) -> str:
        """Return the IRI of the publisher of the data."""
        return f"{self.base}editeur{THING}"

    def contact(self) -> str:
        """Return the IRI of the contact point."""
        return f"{self.base}contact{THING}"

    def uri_space(self) -> str:
        """Return the beginning of the IRIs of questions and of the people and organs of the chamber."""
        return f"{self.base}an/"

    def profile(self) -> str:
        """Return the IRI of the profile that the data follow."""
        return f"{self.base}def/profil"

    def dataset(self, name: str, part: str = "id") -> str:
        """Return the IRI of a data set, or a part of its description."""
        return f"{self.dataset_page(name)}#{part}"

    def dataset_page(self, name: str) -> str:
        """Return the IRI of the page about a data set."""
        return f"{self.base}jeu/{name}"

    def distribution(self, path: str) -> str:
        """Return the IRI of a file of a data set as its distribution."""
        return f"{self.base}jeu/{path}#dist"

    def checksum(self, path: str) -> str:
        """Return the IRI of the checksum of a file of a data set."""
        return f"{self.base}jeu/{path}#sha256"

    def service(self, name: str) -> str:
        """Return the IRI of a service that answers about the data: service/sparql."""
        return f"{self.base}service/{name}{THING}"

    def at(self, path: str) -> str:
        """Return the persistent address of a path of the site that publishes the data."""
        return self.base + path

    def dump(self, path: str) -> str:
        """Return the address of a file of a release."""
        return f"{self.base}{DUMPS}{path}"

    def report(self, name: str, part: str = "id") -> str:
        """Return the IRI of a report on a release, or a result in it."""
        return f"{self.base}{name}#{part}"


class NTriplesPatterns:
    """Matches the IRIs under a base as N-Triples spells them, in angle brackets, and finds their graphs."""

    def __init__(self, base: str) -> None:
        kinds = "|".join(_KINDS)
        self._question = rf"<{re.escape(base)}an/\d+/(?:{kinds})/\d+"
        common_answer = "/reponse-commune/"
        self._is_question = re.compile(f"{self._question}>")
        provenance = f"#(?:{_DESCRIPTION}>|{_RUN}>|{_CORRECTION})"
        elsewhere = f"{common_answer}|{DEPUTY}|{provenance}"
        self._part_of_question = re.compile(rf"({self._question})(?!{elsewhere})[/#>]")
        self._has_own_graph = re.compile(rf"<{re.escape(base)}jo/|{self._question}{common_answer}")
        self._correction = re.compile(rf"({self._question})#{_CORRECTION}")
        self._base = f"<{base}"
        self._places = f"<{base}an/circonscription/"
        self._metadata = re.compile(rf"<{re.escape(base)}(?:source|logiciel)/|{self._question}{provenance}")
        self.shared_graphs = f"<{base}graphe/"
        """The beginning of the names of all shared graphs."""
        self.graphs = {graph: f"{self.shared_graphs}{graph}>" for graph in SharedGraph}
        """The names of the shared graphs."""

    def is_question(self, iri: str) -> bool:
        """Return whether an IRI is that of a question."""
        return self._is_question.fullmatch(iri) is not None

    def question_of(self, iri: str) -> str | None:
        """Return the question that an IRI names or names a part of, such as its answer; else None."""
        match = self._part_of_question.match(iri)
        return f"{match[1]}>" if match else None

    def correction_of(self, iri: str) -> str | None:
        """Return the question that an IRI names a correction of; else None."""
        match = self._correction.match(iri)
        return f"{match[1]}>" if match else None

    def graph_of_shared(self, iri: str) -> str:
        """Return the graph of a resource that questions share."""
        if self._has_own_graph.match(iri):
            return iri
        if not iri.startswith(self._base) or iri.startswith(self._places):
            return self.graphs[SharedGraph.PLACES]
        is_metadata = self._metadata.match(iri)
        return self.graphs[SharedGraph.METADATA if is_metadata else SharedGraph.PEOPLE]

    def questions_with(self, endings: Iterable[str]) -> re.Pattern[str]:
        """Return a pattern of the IRIs of questions with one of these endings, which is its only group."""
        return re.compile(f"{self._question}({'|'.join(sorted(map(re.escape, set(endings))))})>")


def _nth(rank: int) -> str:
    return "" if rank == 1 else f"-{rank}"
