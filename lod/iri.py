"""The only builder of IRIs: made from what the source states, in ASCII, no counter, no hash of a text.

Documents are slash IRIs; things that are not documents are hash IRIs (docs/iris.md has the whole table).
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from lod.definitions import DEFAULT_BASE
from lod.errors import BadValue, Misused, quote
from lod.model import Author, Group, Journal, Ministry, QuestionId, QuestionKind, Seat
from lod.slugs import words

FRENCH: Final = "http://publications.europa.eu/resource/authority/language/FRA"

_SERIES = {Journal.QUESTIONS: "an-questions", Journal.DEBATES: "an-debats", Journal.LAWS: "lois-et-decrets"}
_BASE = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~-]+)*/")
_QUESTION = re.compile(r"an/([1-9][0-9]?)/([a-z]+)/([1-9][0-9]{0,8})")
_VALID = re.compile(r"[a-z][a-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", re.ASCII)


@lru_cache(maxsize=2**14)
def slug(label: str) -> str:
    """Turn a label into the last step of an IRI; raise BadValue if a letter would be lost."""
    name = "-".join(words(label))
    if not name or not name.isascii():
        raise BadValue("a name in Latin letters and digits", quote(label))
    return name


def is_valid(iri: str) -> bool:
    """Say whether every RDF parser takes this as an IRI."""
    return _VALID.fullmatch(iri) is not None


@dataclass(frozen=True, slots=True)
class Iris:
    """The names of all things under one base."""

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.base):
            raise Misused(f"the base must be an http(s) address that ends with « / », not {quote(self.base)}")

    # documents

    def question(self, question: QuestionId) -> str:
        """Name a question: an/17/qe/16300."""
        return f"{self.base}an/{question.legislature}/{question.kind.lower()}/{question.number}"

    def question_of(self, iri: str) -> QuestionId:
        """Take the name of a question apart; raise BadValue if it is none under this base."""
        kinds = {kind.lower(): kind for kind in QuestionKind}
        found = _QUESTION.fullmatch(iri.removeprefix(self.base)) if iri.startswith(self.base) else None
        if found is None or found[2] not in kinds:
            raise BadValue(f"the name of a question, such as {self.base}an/17/qe/16300", quote(iri))
        return QuestionId(legislature=int(found[1]), kind=kinds[found[2]], number=int(found[3]))

    def answer(self, question: QuestionId, rank: int = 1) -> str:
        """Name the first, second … answer to a question."""
        return f"{self.question(question)}/reponse" + _nth(rank)

    def common_answer(self, first: QuestionId, on: date) -> str:
        """Name what is common to the answers of a day to several questions, by the first of these."""
        return f"{self.question(first)}/reponse-commune/{on.isoformat()}"

    @staticmethod
    def erratum(corrected: str, rank: int = 1) -> str:
        """Name the first, second … erratum of a question or of an answer."""
        return f"{corrected}/erratum" + _nth(rank)

    @staticmethod
    def expression(work: str) -> str:
        """Name the French text of a question or of an answer."""
        return f"{work}/fr"

    @staticmethod
    def part(document: str, name: str) -> str:
        """Name a part of a document, such as its author's participation."""
        return f"{document}#{name}"

    def description(self, question: QuestionId) -> str:
        """Name the description of a question: what was derived from documents, by a run of this program."""
        return self.part(self.question(question), "description")

    def correction(self, question: QuestionId, name: str) -> str:
        """Name a correction of a question by the name of its file."""
        return self.part(self.question(question), f"correction-{name}")

    def issue(self, on: date, journal: Journal = Journal.QUESTIONS) -> str:
        """Name the issue of a day of a series of the Journal officiel."""
        return f"{self.base}jo/{_SERIES[journal]}/{on.isoformat()}"

    def legislature(self, number: int) -> str:
        """Name a legislature."""
        return f"{self.base}an/legislature/{number}"

    def constituency(self, seat: Seat) -> str:
        """Name a constituency: an/circonscription/44-09."""
        return f"{self.base}an/circonscription/{seat.notation.lower()}"

    def source(self, digest: str) -> str:
        """Name a document as received by its SHA-256."""
        return f"{self.base}source/sha256/{digest}"

    # people and organs

    def deputy(self, question: QuestionId, author: Author) -> str:
        """Name a deputy by the official id, if known, or else by what the document states."""
        if author.official_id:
            return f"{self.base}an/acteur/{author.official_id}#id"
        return self.named_deputy(question, author)

    def named_deputy(self, question: QuestionId, author: Author) -> str:
        """Name a deputy by legislature, place and name: an/depute/17/44-09/jean-michel-brard#id.

        The place is the seat, or else the département. Without one, the deputy is named as the author of the
        question alone, which no homonym shares: an/16/qe/200#depute. Raise BadValue if no name is stated.
        """
        if author.name is None:
            raise BadValue("an official id, or a name", "neither", "author")
        place = author.seat.notation if author.seat else author.departement
        if place is None:
            return self.part(self.question(question), "depute")
        return f"{self.base}an/depute/{question.legislature}/{place.lower()}/{slug(author.name)}#id"

    def group(self, legislature: int, group: Group) -> str:
        """Name a group by the official id, if known, or else by its name."""
        return self._organ(group.official_id) or self.named_group(legislature, group)

    def named_group(self, legislature: int, group: Group) -> str:
        """Name a group by its name: an/groupe/17/horizons-independants#id."""
        return f"{self.base}an/groupe/{legislature}/{slug(group.label)}#id"

    def ministry(self, ministry: Ministry) -> str:
        """Name a ministry by the official id, if known, or else by its name."""
        named = f"{self.base}gouvernement/ministere/{slug(ministry.label)}#id"
        return self._organ(ministry.official_id) or named

    @staticmethod
    def held(person: str, name: str) -> str:
        """Name a mandate or a membership by its official id, or by what the document states."""
        document, _, part = person.partition("#")
        return f"{document}#{name}" if part == "id" else f"{person}-{name}"

    @staticmethod
    def period(membership: str) -> str:
        """Name the days of a mandate or a membership."""
        return f"{membership}-periode"

    def chamber(self) -> str:
        """Name the Assemblée nationale."""
        return f"{self.base}an/assemblee-nationale#id"

    def _organ(self, official_id: str | None) -> str | None:
        return f"{self.base}an/organe/{official_id}#id" if official_id else None

    # concepts and graphs

    def scheme(self, scheme: str) -> str:
        """Name a concept scheme: def/role."""
        return f"{self.base}def/{scheme}"

    def concept(self, scheme: str, name: str) -> str:
        """Name a concept by its label or code: def/role/auteur."""
        return f"{self.scheme(scheme)}/{slug(name)}"

    def graph(self, name: str) -> str:
        """Name one of the graphs that hold what questions share."""
        return f"{self.base}graphe/{name}"

    def software(self, version: str) -> str:
        """Name a version of this program."""
        return f"{self.base}logiciel/lod/{version}#id"

    # the catalogue

    def catalogue(self) -> str:
        """Name the catalogue."""
        return f"{self.base}catalogue#id"

    def publisher(self) -> str:
        """Name whoever publishes the data."""
        return f"{self.base}editeur#id"

    def contact(self) -> str:
        """Name where to turn to."""
        return f"{self.base}contact#id"

    def profile(self) -> str:
        """Name the profile that the data follow."""
        return f"{self.base}def/profil"

    def dataset(self, name: str, part: str = "id") -> str:
        """Name a data set, or a part of its description."""
        return f"{self.dataset_page(name)}#{part}"

    def dataset_page(self, name: str) -> str:
        """Name the page about a data set."""
        return f"{self.base}jeu/{name}"

    def distribution(self, path: str) -> str:
        """Name a file of a data set as its distribution."""
        return f"{self.base}jeu/{path}#dist"

    def dump(self, path: str) -> str:
        """Give the address of a file of a release."""
        return f"{self.base}dumps/{path}"

    def report(self, name: str, part: str = "id") -> str:
        """Name a report on a release, or a result in it."""
        return f"{self.base}{name}#{part}"


def _nth(rank: int) -> str:
    return "" if rank == 1 else f"-{rank}"
