"""The two languages of the pages: their words, numbers, days and typography."""

import enum
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from lod.dates import MONTHS
from lod.numbers import group_thousands
from lod.web.pages import markup

_WORDS = Path(__file__).with_name("words.toml")
_ENGLISH_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_MONTHS = {"fr": MONTHS, "en": _ENGLISH_MONTHS}
_BYTE_UNITS = {"fr": ("o", "ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
_NO_BREAK, _NARROW_NO_BREAK = "\u00a0", "\u202f"
_FRENCH_NUMBER = str.maketrans({",": _NARROW_NO_BREAK, ".": ","})
_SPACE_BEFORE_SIGN = re.compile(rf"[ {_NO_BREAK}]([;!?])")
_SPACED = (" :", "« ", " »", " %", "n° ")
"""Where French has a space at which a line must not break."""


class Language(enum.StrEnum):
    """A language in which every page exists."""

    FR = "fr"
    EN = "en"

    @property
    def suffix(self) -> str:
        """The ending of the URLs of pages in this language."""
        return ".html" if self is Language.FR else f".{self}.html"

    @property
    def other(self) -> "Language":
        """The language to which a reader may switch."""
        return Language.EN if self is Language.FR else Language.FR


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """The name of a resource on a page: a text, its language, and the URL of the resource's page, if any."""

    text: str
    language: Language = Language.FR
    href: str | None = None

    @property
    def unlinked(self) -> "Label":
        """The same label without its link."""
        return Label(text=self.text, language=self.language)


class Words:
    """The fixed texts of the pages in one language, by key."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._table = words_table()

    def __call__(self, key: str, **values: object) -> str:
        """Return a text, with values filled in; raise KeyError if there is none or it has a plural."""
        text = self._table[key][self._language]
        if not isinstance(text, str):
            raise KeyError(f"{key}: has a singular and a plural")
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._table

    def count(self, key: str, count: int, **values: object) -> str:
        """Return the singular or plural of a text with its number: « 1 question », « 2 000 questions »."""
        singular, plural = self._table[key][self._language]
        is_singular = count == 1 or (count == 0 and self._language is Language.FR)
        text = str(singular if is_singular else plural)
        return text.format(n=format_number(count, self._language), **values)


@cache
def words_table() -> dict[str, dict[str, Any]]:
    """Return the table of texts: key, then language, then a text or a pair of singular and plural."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


class Formatter:
    """Formats values for the templates of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.words = Words(language)

    def day(self, iso: str) -> Markup:
        """Format a day as a time element."""
        return Markup('<time datetime="{}">{}</time>').format(iso, format_day(iso, self.language))

    def month(self, iso: str) -> str:
        """Format a month, such as « 2026-06 », or a year."""
        return format_month(iso, self.language)

    def number(self, value: int) -> str:
        """Format an integer with separated thousands."""
        return format_number(value, self.language)

    def decimal(self, value: float, digits: int = 0) -> str:
        """Format a number with a fixed number of decimals: 2,5 in French, 2.5 in English."""
        text = f"{value:,.{digits}f}"
        return text if self.language is Language.EN else text.translate(_FRENCH_NUMBER)

    def share(self, value: float) -> str:
        """Format a share in percent: 82 % in French, 82% in English."""
        percent = f"{100 * value:.0f}"
        return f"{percent}%" if self.language is Language.EN else f"{percent}{_NO_BREAK}%"

    def lang(self, language: Language = Language.FR) -> Markup:
        """Return the lang attribute of a text; empty in the language of the page."""
        return Markup(' lang="{}"').format(language.value) if language is not self.language else Markup("")

    def english(self) -> Markup:
        """Return the lang attribute of an English text; empty on an English page."""
        return self.lang(Language.EN)

    def french(self, text: str) -> str:
        """Return a French text with the non-breaking spaces of French typography."""
        return set_french_spaces(text)

    def text(self, label: Label) -> str:
        """Return the text of a label with the typography of its language."""
        return set_french_spaces(label.text) if label.language is Language.FR else label.text

    def label(self, label: Label) -> Markup:
        """Format a label, as a link if its resource has a page."""
        text, lang = self.text(label), self.lang(label.language)
        if label.href:
            return Markup('<a href="{}"{}>{}</a>').format(label.href, lang, text)
        return Markup("<span{}>{}</span>").format(lang, text) if lang else Markup("{}").format(text)

    def structured(self, html: str) -> Markup:
        """Return the HTML of a French text for a page."""
        return markup.render(html, set_french_spaces, self.words("table"))


@lru_cache(1 << 14)
def format_day(iso: str, language: Language) -> str:
    """Format a day: 1er juin 2026."""
    year, month, day = iso.split("-")
    ordinal = "er" if language is Language.FR and day == "01" else ""
    return _NO_BREAK.join([f"{int(day)}{ordinal}", _MONTHS[language][int(month) - 1], year])


def format_month(iso: str, language: Language) -> str:
    """Format a month, « 2026-06 », or a year."""
    year, _, month = iso.partition("-")
    return f"{_MONTHS[language][int(month) - 1]} {year}" if month else year


def format_number(value: int, language: Language) -> str:
    """Format an integer with separated thousands: 12 000 in French, 12,000 in English."""
    return group_thousands(value) if language is Language.FR else f"{value:,}"


def format_size(count: int, language: Language) -> str:
    """Format a number of bytes: 28,8 ko."""
    units = _BYTE_UNITS[language]
    size, power = float(count), 0
    while size >= 1000 and power < len(units) - 1:
        size, power = size / 1000, power + 1
    number = f"{size:.0f}" if size >= 100 or not power else f"{size:.1f}"
    return f"{number.replace('.', ',') if language is Language.FR else number}{_NO_BREAK}{units[power]}"


def english_ordinal(number: int) -> str:
    """Return 1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def set_french_spaces(text: str) -> str:
    """Replace the spaces at which a French line must not break by non-breaking ones."""
    text = _SPACE_BEFORE_SIGN.sub(rf"{_NARROW_NO_BREAK}\1", text)
    for spaced in _SPACED:
        text = text.replace(spaced, spaced.replace(" ", _NO_BREAK))
    return text
