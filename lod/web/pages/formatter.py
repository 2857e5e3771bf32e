"""How a page of one language says things: words, days, numbers, names, French that is set as French."""

import re

from markupsafe import Markup

from lod.web.pages import language as spoken
from lod.web.pages.language import Language, set_in_french
from lod.web.pages.links import Named
from lod.web.pages.words import Words

_ROW = re.compile(r"\s*\|\s*")


class Formatter:
    """What templates write with, in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.words = Words(language)
        self._foreign = Markup(' lang="fr"') if language is Language.EN else Markup("")

    def day(self, iso: str) -> Markup:
        """Write a day so that programs read it too."""
        return Markup('<time datetime="{}">{}</time>').format(iso, spoken.day(iso, self.language))

    def month(self, iso: str) -> str:
        """Write a month or a year."""
        return spoken.month(iso, self.language)

    def number(self, value: int) -> str:
        """Write a number."""
        return spoken.number(value, self.language)

    def lang(self, language: Language = Language.FR) -> Markup:
        """Give the attribute of what is said in another language than the page's."""
        return Markup(' lang="{}"').format(language.value) if language is not self.language else Markup("")

    def french(self, text: str) -> Markup:
        """Write a French text on a page of any language."""
        told = set_in_french(text)
        return Markup("<span{}>{}</span>").format(self._foreign, told) if self._foreign else _escaped(told)

    def text(self, named: Named) -> str:
        """Give the words of a name, set as its language is."""
        return set_in_french(named.text) if named.language is Language.FR else named.text

    def name(self, named: Named) -> Markup:
        """Name something, with a link to its page."""
        text = self.text(named)
        lang = self.lang(named.language)
        if named.href:
            return Markup('<a href="{}"{}>{}</a>').format(named.href, lang, text)
        return Markup("<span{}>{}</span>").format(lang, text) if lang else _escaped(text)

    def blocks(self, text: str) -> list[str | list[list[str]]]:
        """Cut a text into paragraphs, and tables where lines in a row have the same cells."""
        found = list[str | list[list[str]]]()
        for line in text.split("\n"):
            cells = _ROW.split(line.strip())
            before = found[-1] if found else None
            if len(cells) < 2 or not all(cells):
                found += [line.strip()] if line.strip() else []
            elif isinstance(before, list) and len(before[0]) == len(cells):
                before.append(cells)
            else:
                found.append([cells])
        return [" | ".join(b[0]) if isinstance(b, list) and len(b) == 1 else b for b in found]


def _escaped(text: str) -> Markup:
    return Markup("{}").format(text)
