"""Optional libraries: which extra of the distribution has each, what to install where one is missing."""

from importlib.util import find_spec

from lod.errors import Misused

DISTRIBUTION = "lod-assemblee"
"""What is installed; `lod` is what is imported and typed."""


def is_installed(library: str) -> bool:
    """Return whether an optional library is there."""
    return find_spec(library) is not None


def missing(library: str | None, purpose: str, extra: str) -> Misused:
    """Return the error that says which extra to install for a library that is not there."""
    return Misused(f"expected {library} for {purpose}, found none: pip install '{DISTRIBUTION}[{extra}]'")
