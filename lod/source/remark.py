"""What a reader remarks upon in a document that is published all the same."""

from typing import NamedTuple

from lod.errors import Cause


class Remark(NamedTuple):
    """Something odd: where it stands, what was expected there, what was found."""

    place: str
    expected: str
    found: str
    cause: Cause = Cause.FIELD
