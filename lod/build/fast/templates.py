"""Templates: texts with gaps, cut from the texts of a twin at its values."""

import re
from collections.abc import Iterable, Sequence
from operator import itemgetter

from lod.build.fast import spellings
from lod.build.fast.forms import Leaf
from lod.build.fast.spellings import Spelling


class Slots:
    """The values that the texts of a form have, each in one spelling, in the order of their finding."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        """Prepare to find the values of a twin."""
        self._found: dict[bytes, tuple[int, Spelling]] = {}
        for n, leaf in enumerate(leaves):
            for spelling in spellings.of_type(type(leaf)) if _is_found_again(leaf) else ():
                self._found.setdefault(spelling(leaf), (n, spelling))
        self._pattern = re.compile(b"|".join(map(re.escape, sorted(self._found, key=len, reverse=True))))
        self._slots: dict[bytes, int] = {}
        self._spelt: list[tuple[int, Spelling]] = []
        self._names: set[int] = set()

    def cut(self, text: bytes) -> "Template":
        """Cut a text at the values."""
        pieces, order, end = list[bytes](), list[int](), 0
        for match in self._pattern.finditer(text):
            if match[0] not in self._slots:
                self._slots[match[0]] = len(self._slots)
                self._spelt.append(self._found[match[0]])
            order.append(self._slots[match[0]])
            pieces += [text[end : match.start()], b""]
            end = match.end()
        return Template([*pieces, text[end:]], order)

    def cut_statements(self, statements: Iterable[bytes]) -> "Template":
        """Cut statements of N-Triples at the values; note which values are parts of IRIs."""
        for statement in statements:
            iris = statement.partition(b'"')[0]
            found = (self._found[match[0]] for match in self._pattern.finditer(iris))
            self._names.update(n for n, spelling in found if spelling is spellings.literal)
        return self.cut(b"\n".join(statements))

    def spell(self, leaves: Sequence[Leaf]) -> tuple[bytes, ...] | None:
        """Return the values of a question as its texts have them; None if one cannot be part of an IRI.

        Raise BadValue if a value has no such spelling.
        """
        if not all(spellings.is_name(leaves[n]) for n in self._names):
            return None
        return tuple([spelling(leaves[n]) for n, spelling in self._spelt])


class Template:
    """A text with gaps, each for a value given by its position."""

    def __init__(self, pieces: list[bytes], order: Sequence[int]) -> None:
        self._pieces = pieces
        self._values = itemgetter(*order) if len(order) > 1 else lambda values: [values[n] for n in order]

    def fill(self, values: Sequence[bytes]) -> bytes:
        """Return the text with these values."""
        pieces = self._pieces.copy()
        pieces[1::2] = self._values(values)
        return b"".join(pieces)


def _is_found_again(leaf: Leaf) -> bool:
    """Return whether a value of a twin is unlike all else: no empty text, no small number of days."""
    return leaf > 9 if isinstance(leaf, int) else bool(leaf)
