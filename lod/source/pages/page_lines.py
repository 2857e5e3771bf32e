"""The lines of a page, whether it comes as HTML or as text, and what in them is part of no document."""

from collections.abc import Callable
from typing import NamedTuple

from lod.errors import BadValue, quote
from lod.source import french
from lod.source.pages import html
from lod.source.pages.values import BLANKS, unmarked

IGNORED = {
    "partager": "a button",
    "imprimer": "a button",
    "format pdf": "a button",
    "-->": "the end of a comment that was none",
    "suppress htmlunknownanchortarget": "a note of the programmers to their editor",
    "aller au contenu": "a link within the page",
    "aller en bas de la page": "a link within the page",
    "fiche question": "the name of the form",
}
"""What stands on pages beside the document, and why it is not read."""

_LONGEST = 100
"""The length that no heading comes near."""
_HEADINGS = frozenset(
    ("assemblee nationale", "texte de la question", "texte de la reponse", "debat", "donnees cles")
)


class PageLines(NamedTuple):
    """The lines of a page that are not blank, what takes the marks off a text, and all that was read."""

    lines: list[str]
    unmarked: Callable[[str], str]
    whole: str


def of(text: str) -> PageLines:
    """Give the lines of a page."""
    if text.lstrip().startswith("<"):
        lines = html.lines(text)
        return PageLines(_wanted(lines), html.unmarked, "\n".join(lines))
    return PageLines(_wanted(text.split("\n")), unmarked, text)


def key(line: str) -> str:
    """Give the key by which a heading is recognised, whatever its case, accents and colon."""
    plain = french.squeeze(line)
    return french.name_key(plain) if len(plain) < _LONGEST else ""


def places(lines: list[str], heading: str) -> list[int]:
    """Give the ranks of the lines that are a heading."""
    return [n for n, line in enumerate(lines) if key(line) == french.name_key(heading)]


def text_of(lines: list[str], sheet: PageLines, label: str) -> str | None:
    """Join the paragraphs of a text, each a line, without blanks around it; give None if there are none."""
    for line in lines:
        if key(line) in _HEADINGS:
            raise BadValue("a text without other headings", quote(line), label)
    text = "\n".join(line.strip(" \t") for line in lines).strip(BLANKS)
    if "\u00a0" in text and " " not in text:
        raise BadValue("a text with ordinary spaces", "only no-break spaces (U+00A0)", label)
    return sheet.unmarked(text) or None


def _wanted(lines: list[str]) -> list[str]:
    return [line for line in lines if line.strip(BLANKS) and not _ignored(french.label(line[:_LONGEST]))]


def _ignored(label: str) -> bool:
    return label in IGNORED or label.startswith("suppress htmlunknownanchortarget")
