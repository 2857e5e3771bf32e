"""Names reduced to their letters and digits: the one rule by which spellings of a name are the same."""

import re
import unicodedata

_LATIN_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_SEPARATORS = re.compile(r"[\W_]+")


def words(name: str) -> list[str]:
    """Return the words of a name in lower case, without accents, split at all but letters and digits."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LATIN_LETTERS)
    unaccented = plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
    return [word for word in _SEPARATORS.split(unaccented) if word]


def text_key(text: str) -> str:
    """Return the key by which two printings of a text are the same: no spaces, plain apostrophes, no case."""
    return "".join(text.split()).replace("’", "'").casefold()
