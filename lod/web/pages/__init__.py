"""The pages of a release, in French and English, made of its index alone."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lod.web.index.index import Held, Index
from lod.web.index.question_filter import QuestionFilter
from lod.web.pages.home import home
from lod.web.pages.kind_pages import SPECIAL
from lod.web.pages.language import Language
from lod.web.pages.links import kind
from lod.web.pages.listing import LISTS, listing
from lod.web.pages.question_page import question_page
from lod.web.pages.renderer import PageRenderer
from lod.web.pages.resource import pages_of, resource_page
from lod.web.pages.search import search_page

__all__ = ["LISTS", "Language", "Pages"]

_LONG = 40
"""A list of more pages than this takes long to count and rank."""


class Pages:
    """Writes the pages of an index as HTML. `root` is the path under which the site lies.

    What is not served is laid out as files: it has no search and no SPARQL. As its index, it is not to be
    shared by threads.
    """

    def __init__(
        self, index: Index, *, root: str = "/", is_served: bool = True, folders: Sequence[Path] = ()
    ) -> None:
        self._index = index
        self._made = {
            language: PageRenderer(index, language, root=root, is_served=is_served, folders=folders)
            for language in Language
        }
        self._kept = dict[tuple[str, Language, int], str]()

    def document(self, held: Held, language: Language, page: int = 1) -> str | None:
        """Give the page of a document, or a further page of its list; None if its list has no such page."""
        if not 1 <= page <= self.pages_of(held):
            return None
        made = self._made[language]
        if kind(held) == "question":
            return question_page(made, held)
        if kind(held) in SPECIAL:
            return SPECIAL[kind(held)](made, held)
        if page == 1 and self.pages_of(held) > _LONG:
            return self._keep((held.path, language, page), lambda: resource_page(made, held, page))
        return resource_page(made, held, page)

    def pages_of(self, held: Held) -> int:
        """Say how many pages the list of a document has; what has no list has one."""
        if kind(held) == "question" or kind(held) in SPECIAL:
            return 1
        return pages_of(self._index, held)

    def home(self, language: Language) -> str:
        """Give the first page of the site."""
        return self._keep(("", language, 1), lambda: home(self._made[language])) or ""

    def listing(self, name: str, language: Language, page: int = 1) -> str | None:
        """Give a page of all `deputes`, `groupes` or `ministeres`; None if there is no such page."""
        return self._keep((name, language, page), lambda: listing(self._made[language], name, page))

    def search(self, wanted: QuestionFilter, language: Language, page: int = 1) -> str:
        """Give a page of what was sought; beyond the last one it says that there is nothing."""
        return search_page(self._made[language], wanted, page)

    def error(self, status: int, language: Language, path: str) -> str:
        """Give the page that says why a path could not be answered."""
        made = self._made[language]
        like = status if f"error_{status}" in made.words else 500 if status >= 500 else 400
        return made.page(
            "error.html",
            made.words(f"error_{like}"),
            status=status,
            told=made.words(f"error_{like}_lead"),
            asked_path=path if status in {404, 410} else None,
        )

    def wrap(self, title: str, body_template: str, language: Language, **values: Any) -> str:
        """Write a template of one of the folders that extends `page.html`, with its values.

        `here`, if given, has the addresses of that page in each language.
        """
        return self._made[language].page(body_template, title, **values)

    def _keep(self, key: tuple[str, Language, int], make: Callable[[], str | None]) -> str | None:
        """Make once what takes long and is asked for often: a release does not change."""
        if key not in self._kept:
            made = make()
            if made is None:
                return None
            self._kept[key] = made
        return self._kept[key]
