"""Names reduced to their letters and digits: the one fold by which spellings of a name are the same."""

import re
import unicodedata

_LATIN_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)
_SEPARATORS = re.compile(r"[\W_]+")


def words(name: str) -> list[str]:
    """Give the words of a name in lower case, without accents; what is no letter or digit separates them."""
    plain = unicodedata.normalize("NFKD", name).casefold().translate(_LATIN_LETTERS)
    unaccented = plain if plain.isascii() else "".join(c for c in plain if not unicodedata.combining(c))
    return [word for word in _SEPARATORS.split(unaccented) if word]


def text_key(text: str) -> str:
    """Reduce a text to what it says, however it is spaced: for comparing two printings of it."""
    return "".join(text.split()).replace("’", "'").casefold()
