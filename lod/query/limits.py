"""The limits of a query, and the errors of queries that exceed them."""

from dataclasses import dataclass

from lod.errors import StoreFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query may use: seconds, megabytes of memory, megabytes of answer; and SERVICE, or not.

    Memory is address space, beyond that of the open store; loading a release counts.
    """

    seconds: float = 60
    megabytes: int = 4096
    answer_megabytes: int = 1024
    allow_service: bool = False


class OutOfTime(StoreFailed):
    """The query was not answered within its seconds."""

    def __init__(self, limits: Limits, advice: str = "") -> None:
        super().__init__(f"no answer within {limits.seconds:g} s{advice}")


class OutOfMemory(StoreFailed):
    """The query was not answered within its memory."""

    def __init__(self, limits: Limits, advice: str = "") -> None:
        super().__init__(f"no answer within {limits.megabytes} MB of memory{advice}")


class AnswerTooLarge(StoreFailed):
    """The answer is larger than allowed."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(f"the answer is larger than {limits.answer_megabytes} MB")
