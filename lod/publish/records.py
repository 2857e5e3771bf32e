"""The accounts of a build, kept on disk while it runs: memory holds no more than their names and places."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

import msgspec

from lod.model import Question, QuestionId


class Records:
    """Accounts of questions, by question; a context manager, since they lie in a file without a name."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._places: dict[QuestionId, list[tuple[int, int]]] = defaultdict(list)
        self._end = 0
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Question).decode

    def __enter__(self) -> "Records":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, account: Question) -> None:
        """Keep an account."""
        data = self._encode(account)
        self._places[account.id].append((self._end, len(data)))
        self._file.seek(self._end)
        self._file.write(data)
        self._end += len(data)

    def accounts(self, question: QuestionId) -> list[Question]:
        """Give the accounts of a question, in the order in which they came."""
        return [self._at(*place) for place in self._places[question]]

    def drop(self, question: QuestionId) -> None:
        """Forget a question."""
        del self._places[question]

    def ids(self, order: Callable[[QuestionId], str]) -> list[QuestionId]:
        """Give the questions there are accounts of, in this order."""
        return sorted(self._places, key=order)

    def __iter__(self) -> Iterator[QuestionId]:
        return iter(self._places)

    def _at(self, place: int, size: int) -> Question:
        self._file.seek(place)
        return self._decode(self._file.read(size))
