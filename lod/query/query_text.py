"""What is asked: the name of a saved query, a file, or the text of a query."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lod.definitions import DEFAULT_BASE
from lod.errors import Misused, NotReadOrWritten, quote
from lod.query.cookbook import cookbook


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query that can be asked, and its title if it has one."""

    text: str
    title: str | None = None


def resolve_query(words: str, values: Mapping[str, str], base: str = DEFAULT_BASE) -> Query:
    """Find the query that is meant; raise Misused if it is none, or if a parameter is wrong."""
    saved = cookbook().get(words)
    if saved:
        return Query(text=saved.bound(values, base), title=saved.title)
    if values:
        raise Misused("expected --param with a saved query only, found it with a text or a file")
    if "{" in words:
        return Query(text=words)
    return Query(text=_read(words))


def _read(words: str) -> str:
    try:
        return Path(words).read_text(encoding="utf-8")
    except (FileNotFoundError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            raise Misused(
                f"{words}: expected a query in UTF-8, found byte {error.start} that is not"
            ) from None
        near = difflib.get_close_matches(words, cookbook(), n=3)
        meant = f"; did you mean {' or '.join(near)}?" if near else ": lod query --list shows those there are"
        raise Misused(f"expected a saved query, a file or a query, found {quote(words)}{meant}") from None
    except OSError as error:
        raise NotReadOrWritten.from_os(error, words) from None
