"""The records: a question and its life, as frozen values, without input, output, French or RDF."""

import enum
import re
from datetime import date
from typing import Any

from msgspec import Struct

PROVENANCE_FIELDS = ("sources", "stated", "corrections")
"""The fields of a question about its documents: these, its author as each states them, what was corrected."""


class QuestionKind(enum.StrEnum):
    """The three kinds of questions, by the codes of the Assemblée."""

    WRITTEN = "QE"
    GOVERNMENT = "QG"
    ORAL = "QOSD"


class Journal(enum.StrEnum):
    """The series of the Journal officiel in which the life of a question is published."""

    QUESTIONS = "questions"
    DEBATES = "debates"
    LAWS = "laws"


class Quality(enum.StrEnum):
    """The capacity in which a deputy belongs to a group."""

    MEMBER = "member"
    AFFILIATED = "affiliated"
    CHAIR = "chair"
    NON_ATTACHED = "non-attached"


class Ending(enum.StrEnum):
    """How a question ends without an answer."""

    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Status(enum.StrEnum):
    """The state of the procedure of a question."""

    AWAITING = "awaiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"
    ENDED = "ended"


class QuestionId(Struct, frozen=True, kw_only=True, order=True):
    """The official number: two documents with the same one are one question."""

    legislature: int
    kind: QuestionKind
    number: int

    @classmethod
    def of_uid(cls, uid: str) -> "QuestionId":
        """Return the number for an identifier that this program made; those of sources are not parsed."""
        legislature, kind, number = re.split("([A-Z]+)", uid.removeprefix("QANR5L"))
        return cls(legislature=int(legislature), kind=QuestionKind(kind), number=int(number))

    @property
    def uid(self) -> str:
        """The identifier of the Assemblée, such as QANR5L17QE16300."""
        return f"QANR5L{self.legislature}{self.kind}{self.number}"

    @property
    def part(self) -> tuple[int, QuestionKind]:
        """The legislature and the kind: the part of the data that the question belongs to."""
        return self.legislature, self.kind


class Source(Struct, frozen=True, kw_only=True, eq=False):
    """A document received, by its SHA-256 and its name; alone if it has no other question.

    It is dated by its archive or its name, never by the clock; `export` distinguishes official exports from
    pages. Documents with the same bytes are equal, whatever their names.
    """

    digest: str
    name: str
    alone: bool = True
    dated: date | None = None
    export: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.digest == other.digest

    def __lt__(self, other: "Source") -> bool:
        return self.digest < other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


class Seat(Struct, frozen=True, kw_only=True):
    """A constituency: the code of its département and its number there, such as 44 and 9."""

    departement: str
    number: int

    @property
    def notation(self) -> str:
        """The code of the constituency, such as 44-09."""
        return f"{self.departement}-{self.number:02}"


class Tenure(Struct, frozen=True, kw_only=True):
    """A mandate or a membership as the register knows it, with its official id and its first and last day."""

    id: str
    start: date | None = None
    end: date | None = None
    quality: Quality | None = None


class Identity(Struct, frozen=True, kw_only=True):
    """Who a deputy is, according to the register of the chamber."""

    id: str
    civility: str | None
    given_name: str
    family_name: str
    mandate: Tenure | None = None
    affiliations: tuple[Tenure, ...] = ()


class Group(Struct, frozen=True, kw_only=True):
    """A political group, by its name as printed; or, if not attached, the deputies who belong to none."""

    label: str
    official_id: str | None = None
    abbreviation: str | None = None
    attached: bool = True


class Author(Struct, frozen=True, kw_only=True):
    """The deputy who asks, as the document states, with their identity if the register knows it.

    A document states a name with a seat, or at least a département (by its code); or an official id; or both.
    One that states neither has a fault.
    """

    name: str | None
    civility: str | None
    official_id: str | None
    seat: Seat | None
    group: Group | None
    departement: str | None = None
    mandate_id: str | None = None
    constituency_id: str | None = None
    identity: Identity | None = None


class Ministry(Struct, frozen=True, kw_only=True):
    """A ministry, by its short name as printed, and its full name if that is stated."""

    label: str
    official_id: str | None = None
    full_name: str | None = None


class JournalPage(Struct, frozen=True, kw_only=True):
    """A day of a series of the Journal officiel and the page there: « 5635 » or « 5635-5636 ».

    The series is None if the source does not state it and it does not follow from the kind of question; the
    number is that of the issue in its year, where the source states it.
    """

    on: date
    page: str | None
    journal: Journal | None = Journal.QUESTIONS
    number: str | None = None


class Attribution(Struct, frozen=True, kw_only=True):
    """A ministry put in charge, the day, and the journal that published it: each None if it is not stated."""

    ministry: Ministry
    on: date | None
    journal: Journal | None = Journal.QUESTIONS
    number: str | None = None


class Text(Struct, frozen=True, kw_only=True):
    """A text as plain lines, and with its structure as HTML of a few tags; None if it has only paragraphs."""

    plain: str
    html: str | None = None


class Erratum(Struct, frozen=True, kw_only=True):
    """A correction of a question or of an answer: where it was published, and its text, as far as stated."""

    published: JournalPage | None
    text: Text | None


class Answer(Struct, frozen=True, kw_only=True):
    """An answer as published; `first` is the first question, by number, if several have the same answer.

    Its text is None if the source states the day of an answer, but not what it says: of old answers, only the
    page of the Journal officiel may be known.
    """

    published: JournalPage
    text: Text | None
    errata: tuple[Erratum, ...] = ()
    first: QuestionId | None = None


class Closure(Struct, frozen=True, kw_only=True):
    """The end of a question without an answer, with its day and the words of the source as far as stated."""

    ending: Ending
    on: date | None = None
    label: str | None = None


class AppliedCorrection(Struct, frozen=True, kw_only=True, order=True):
    """A correction of what a document states: its name, the RDF property and its French label, why and when.

    `digest` is the SHA-256 of the document.
    """

    name: str
    term: str
    label: str
    reason: str
    source: str
    on: date
    digest: str


class Question(Struct, frozen=True, kw_only=True, eq=False):
    """A question with its whole life; two are equal if their content is, whatever their documents.

    Its attributions are in the order of their days: the last one says which ministry is in charge now.
    `stated` has the author as each document states them, if that is not what is published. What a faulty
    document does not state is None or missing: a text, the ministry asked, those in charge.
    """

    id: QuestionId
    title: str | None
    author: Author
    rubric: str | None
    keywords: tuple[str, ...] = ()
    ministry_asked: Ministry | None
    attributions: tuple[Attribution, ...]
    published: JournalPage
    text: Text | None
    answers: tuple[Answer, ...] = ()
    renewals: tuple[date, ...] = ()
    flaggings: tuple[date, ...] = ()
    closure: Closure | None = None
    errata: tuple[Erratum, ...] = ()
    recalls: tuple[QuestionId, ...] = ()
    sources: tuple[Source, ...] = ()
    stated: tuple[Author, ...] = ()
    corrections: tuple[AppliedCorrection, ...] = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Question) and self.content == other.content

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def content(self) -> dict[str, Any]:
        """The fields of the question by name, without those about its documents."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in PROVENANCE_FIELDS}

    @property
    def pages(self) -> list[JournalPage]:
        """The pages on which the question, its answers and all errata were published, as far as stated."""
        errata = (*self.errata, *(erratum for answer in self.answers for erratum in answer.errata))
        corrected = [erratum.published for erratum in errata if erratum.published]
        return [self.published, *(answer.published for answer in self.answers), *corrected]

    @property
    def days(self) -> list[date]:
        """The days of these publications."""
        return [page.on for page in self.pages]

    def days_to(self, answer: Answer) -> int | None:
        """Return the days from the publication of the question to an answer; None if that is earlier."""
        days = (answer.published.on - self.published.on).days
        return days if days >= 0 else None

    @property
    def in_charge(self) -> Ministry | None:
        """The ministry in charge now: that of the last attribution."""
        return self.attributions[-1].ministry if self.attributions else None

    @property
    def reattributions(self) -> list[tuple[int, Attribution, date]]:
        """The attributions after the publication, each with its rank and the stated day."""
        return [
            (rank, attribution, attribution.on)
            for rank, attribution in enumerate(self.attributions, 1)
            if attribution.on and (rank > 1 or attribution.on != self.published.on)
        ]

    @property
    def status(self) -> Status:
        """The state of the question: an answer counts more than a closure, a closure more than waiting."""
        if self.answers:
            return Status.ANSWERED
        return _STATUS_BY_ENDING[self.closure.ending] if self.closure else Status.AWAITING


_STATUS_BY_ENDING = {
    Ending.WITHDRAWN: Status.WITHDRAWN,
    Ending.LAPSED: Status.LAPSED,
    Ending.CLOSED: Status.CLOSED,
    Ending.UNKNOWN: Status.ENDED,
}
