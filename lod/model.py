"""What a question is and what its life holds: frozen records, without input, output, French or RDF."""

import enum
from dataclasses import dataclass, field
from datetime import date


class Kind(enum.StrEnum):
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
    """As what a deputy belongs to a group."""

    MEMBER = "member"
    AFFILIATED = "affiliated"
    CHAIR = "chair"
    NON_ATTACHED = "non-attached"


class Ending(enum.StrEnum):
    """How a question ends without an answer."""

    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


class Status(enum.StrEnum):
    """Where the procedure of a question stands."""

    AWAITING = "awaiting"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class QuestionId:
    """The official number: two documents with the same one are one question."""

    legislature: int
    kind: Kind
    number: int

    @property
    def uid(self) -> str:
        """The identifier of the Assemblée, such as QANR5L17QE16300."""
        return f"QANR5L{self.legislature}{self.kind}{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Source:
    """A document received, by its SHA-256 and its name; alone if it tells of no other question."""

    digest: str
    name: str = field(compare=False)
    alone: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A constituency: the code of its département and its number there, such as 44 and 9."""

    departement: str
    number: int

    @property
    def notation(self) -> str:
        """The code of the constituency, such as 44-09."""
        return f"{self.departement}-{self.number:02}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A mandate or a membership as the register knows it, with its official id and its first and last day."""

    id: str
    start: date | None = None
    end: date | None = None
    quality: Quality | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a deputy is, as the register of the chamber says."""

    id: str
    civility: str | None
    given_name: str
    family_name: str
    mandate: Term | None = None
    affiliations: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A political group, by its name as printed; or those deputies who are attached to none."""

    label: str
    official_id: str | None = None
    abbreviation: str | None = None
    attached: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The deputy who asks, as the document says, and who that is if the register knows.

    A document gives a name, with a seat or at least a département (by its code), or an official id, or both.
    What the register made more exact is kept as it was stated.
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
    stated: "Author | None" = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ministry:
    """A ministry, by its short name as printed, and its full one where that is given."""

    label: str
    official_id: str | None = None
    full_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPage:
    """A day of a series of the Journal officiel and the page there: « 5635 » or « 5635-5636 »."""

    on: date
    page: str | None
    journal: Journal = Journal.QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """A ministry put in charge, from a day on, as published there: each is None if it is not stated."""

    ministry: Ministry
    on: date | None
    journal: Journal | None = Journal.QUESTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Erratum:
    """A correction of a question or of an answer: where it was published, what it says, as far as stated."""

    published: JournalPage | None
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer as published; first is the first question, by number, of several that were given this one."""

    published: JournalPage
    text: str
    errata: tuple[Erratum, ...] = ()
    first: QuestionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """The end of a question that got no answer, in the words of the source."""

    ending: Ending
    on: date
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its whole life; equal if the documents say the same, whichever these are."""

    id: QuestionId
    title: str | None
    author: Author
    rubric: str | None
    keywords: tuple[str, ...] = ()
    asked: Ministry
    attributions: tuple[Attribution, ...]
    published: JournalPage
    text: str | None
    answers: tuple[Answer, ...] = ()
    renewals: tuple[date, ...] = ()
    flaggings: tuple[date, ...] = ()
    closure: Closure | None = None
    errata: tuple[Erratum, ...] = ()
    recalls: tuple[QuestionId, ...] = ()
    sources: tuple[Source, ...] = field(default=(), compare=False)

    @property
    def pages(self) -> list[JournalPage]:
        """Where the question, its answers and their errata were published, as far as stated."""
        errata = (*self.errata, *(erratum for answer in self.answers for erratum in answer.errata))
        corrected = [erratum.published for erratum in errata if erratum.published]
        return [self.published, *(answer.published for answer in self.answers), *corrected]

    @property
    def reattributions(self) -> list[tuple[int, Attribution, date]]:
        """The ministries put in charge after the publication, on a day that is stated, with their ranks."""
        return [
            (rank, given, given.on)
            for rank, given in enumerate(self.attributions, 1)
            if given.on and (rank > 1 or given.on != self.published.on)
        ]

    @property
    def status(self) -> Status:
        """Where the question stands: an answer counts more than a closure, a closure more than waiting."""
        if self.answers:
            return Status.ANSWERED
        return Status(self.closure.ending.value) if self.closure else Status.AWAITING
