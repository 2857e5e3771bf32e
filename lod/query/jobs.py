"""What the process of a query and its parent say to each other, as JSON or as MessagePack."""

import enum

import msgspec


class QueryJob(msgspec.Struct, frozen=True, kw_only=True):
    """A query, the graphs it is asked of, and how its answer is to be written.

    Graphs given beside the query count instead of those it names itself. `page` as the format of rows or of a
    graph is what a page shows: a Page of at most `most` rows.
    """

    query: str
    is_union: bool
    default_graphs: list[str] | None = None
    named_graphs: list[str] | None = None
    rows: str = "json"
    graph: str = "nt"
    most: int = 1000


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One query, and the folder of the store or of the release it is asked of."""

    asked: QueryJob
    folder: str
    is_release: bool
    megabytes: int


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer: an exit code and a sentence, or that memory ran out."""

    code: int
    says: str
    memory: bool = False


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A value as people see it: its words, and its language or datatype if it has one."""

    value: str
    is_iri: bool = False
    language: str | None = None
    datatype: str | None = None


class ResultPage(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows of an answer, and whether there are more."""

    names: list[str]
    rows: list[list[Cell | None]]
    has_more: bool = False


class Why(enum.StrEnum):
    """What kept a warm process from answering."""

    MISUSED = "misused"
    MEMORY = "memory"
    SIZE = "size"
    FAILED = "failed"


class WorkerRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a warm process is to do next, and after how many seconds it ends itself if nobody else ends it."""

    asked: QueryJob
    seconds: int


class WorkerReply(msgspec.Struct, frozen=True, kw_only=True):
    """How it went: why there is no answer, if so; whether the process ends now, having grown too large."""

    why: Why | None = None
    says: str = ""
    is_last: bool = False
