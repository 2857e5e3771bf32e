"""Pages of lists: how many there are, and the number of one that somebody asks for."""

from lod.errors import BadValue, quote

MOST = 100
"""How many questions one answer of the interface for programs may have."""
DEEPEST = 1_000
"""The last page that is given: whoever wants all questions has the dumps."""


def number(text: str, name: str, most: int) -> int:
    """Read a number from 1 to the most; raise BadValue for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise BadValue(f"a number from 1 to {most}", quote(text)).at(name)
    return int(text)
