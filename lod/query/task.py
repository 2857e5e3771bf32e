"""What the process of a query and its parent say to each other, as JSON."""

import msgspec


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One query, and the folder of the store or of the release it is asked of."""

    query: str
    folder: str
    is_release: bool
    is_union: bool
    megabytes: int


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """Why there is no answer: an exit code and a sentence, or that memory ran out."""

    code: int
    says: str
    memory: bool = False
