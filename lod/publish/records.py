"""The accounts of a build, kept on disk while it runs: memory holds no more than their names and places."""

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import IO

from lod.model import Question, QuestionId


class Records:
    """Accounts of questions, by question; a context manager, since they lie in a file without a name."""

    def __init__(self) -> None:
        self._file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._places: dict[QuestionId, list[int]] = defaultdict(list)

    def __enter__(self) -> "Records":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, account: Question) -> None:
        """Keep an account."""
        self._places[account.id].append(self._file.tell())
        pickle.dump(account, self._file, pickle.HIGHEST_PROTOCOL)

    def accounts(self, question: QuestionId) -> list[Question]:
        """Give the accounts of a question, in the order in which they came."""
        return [self._at(place) for place in self._places[question]]

    def drop(self, question: QuestionId) -> None:
        """Forget a question."""
        del self._places[question]

    def ids(self, order: Callable[[QuestionId], str]) -> list[QuestionId]:
        """Give the questions there are accounts of, in this order."""
        return sorted(self._places, key=order)

    def __contains__(self, question: QuestionId) -> bool:
        return question in self._places

    def __iter__(self) -> Iterator[QuestionId]:
        return iter(self._places)

    def _at(self, place: int) -> Question:
        end = self._file.tell()
        self._file.seek(place)
        found: Question = pickle.load(self._file)  # noqa: S301 - written above, in a file that nobody else can open
        self._file.seek(end)
        return found
