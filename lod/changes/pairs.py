"""Two releases read side by side, in the order of the IRIs."""

from collections.abc import Iterator
from typing import Protocol, TypeVar


class _Identified(Protocol):
    @property
    def iri(self) -> str: ...


T = TypeVar("T", bound=_Identified)


def pairs(before: Iterator[T], after: Iterator[T]) -> Iterator[tuple[T | None, T | None]]:
    """Pair what two releases have by IRI; what only one of them has comes with None."""
    old, new = next(before, None), next(after, None)
    while old is not None or new is not None:
        has_old = old is not None and (new is None or old.iri <= new.iri)
        has_new = new is not None and (old is None or new.iri <= old.iri)
        yield old if has_old else None, new if has_new else None
        old = next(before, None) if has_old else old
        new = next(after, None) if has_new else new
