"""The messages between a worker process and its parent.

A message is MessagePack with its length in four bytes before it, sent over a pair of sockets. The parent
sends one WorkerStart; the worker replies when the store is open. Then the parent sends QueryRequests, one at
a time, each with a file descriptor for the answer; the worker replies to each. The worker ends when the
parent closes the connection, or after a reply with `is_last`.
"""

import enum

import msgspec

from lod.query.limits import Limits

LENGTH_BYTES = 4


class QueryJob(msgspec.Struct, frozen=True, kw_only=True):
    """A query, its RDF dataset, and the formats of its answer.

    `default_graphs` and `named_graphs` replace FROM and FROM NAMED. The format `page`, of rows or of a graph,
    is a ResultPage of at most `max_rows` rows.
    """

    query: str
    is_union: bool
    default_graphs: list[str] | None = None
    named_graphs: list[str] | None = None
    rows_format: str = "json"
    graph_format: str = "nt"
    max_rows: int = 1000


class WorkerStart(msgspec.Struct, frozen=True, kw_only=True):
    """The folder of a store, and the limits of each query.

    `seconds` limits the time until the store is open; without it there is no limit.
    """

    folder: str
    limits: Limits
    seconds: float | None = None


class QueryRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A query to answer, within so many seconds."""

    job: QueryJob
    seconds: float


class Failure(enum.StrEnum):
    """Why a worker has not opened its store or answered a query."""

    BAD_QUERY = "bad query"
    MEMORY = "memory"
    ANSWER_SIZE = "answer size"
    ENGINE = "engine"


class WorkerReply(msgspec.Struct, frozen=True, kw_only=True):
    """Success, or a failure with a message; `is_last` if the worker now ends, to free its memory."""

    failure: Failure | None = None
    message: str = ""
    is_last: bool = False


class PageCell(msgspec.Struct, frozen=True, kw_only=True):
    """An RDF term as a page shows it."""

    value: str
    is_iri: bool = False
    language: str | None = None
    datatype: str | None = None


class ResultPage(msgspec.Struct, frozen=True, kw_only=True):
    """The first rows of an answer, and whether there are more."""

    names: list[str]
    rows: list[list[PageCell | None]]
    has_more: bool = False


def encode(message: msgspec.Struct) -> bytes:
    """Return a message as it is sent, its length first."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(LENGTH_BYTES) + body
