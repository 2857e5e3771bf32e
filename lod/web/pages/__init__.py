"""The pages of a release, in French and English, made from its index alone."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from lod.web.index.lookup import Names
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.reader import Index, IndexedDocument
from lod.web.pages.comparison_pages import ComparisonPages
from lod.web.pages.dataset_pages import render_catalogue, render_dataset, render_graph
from lod.web.pages.definition_pages import render_ontology, render_shapes
from lod.web.pages.home_and_lists import LISTS, render_home, render_list
from lod.web.pages.language import Language
from lod.web.pages.links import page_kind
from lod.web.pages.question_page import render_question, render_question_on_day
from lod.web.pages.renderer import PageRenderer, PageSettings
from lod.web.pages.resource_page import count_pages, render_replaced, render_resource
from lod.web.pages.search_page import render_search

__all__ = ["LISTS", "Language", "Pages"]

_SINGLE_PAGES: dict[str, Callable[[PageRenderer, IndexedDocument], str]] = {
    "question": render_question,
    "replaced": render_replaced,
    "dataset": render_dataset,
    "graph": render_graph,
    "catalogue": render_catalogue,
    "ontology": render_ontology,
    "shapes": render_shapes,
}
"""The kinds of documents with a page of their own and no list; all others are rendered as resources."""
_LONG_LIST = 40
"""A list of more pages than this takes so long to count and rank that its first page is kept."""


class Pages:
    """Renders the pages of an index as HTML. Like the index, it must not be shared between threads.

    `address` is the public address of the site, if it is known; the site lies below its path. A site that is
    not served but written to files has no search and no SPARQL. `folders` hold the templates of other
    packages. `today` returns the day on which questions are overdue: without it, that of the release.
    """

    def __init__(
        self,
        index: Index,
        *,
        address: str | None = None,
        is_served: bool = True,
        folders: Sequence[Path] = (),
        today: Callable[[], date] | None = None,
    ) -> None:
        self._index = index
        settings = PageSettings(address=address, is_served=is_served, folders=folders, today=today)
        self._renderers = {language: PageRenderer(index, language, settings) for language in Language}
        self._names = Names(index)
        self._figures = {
            language: ComparisonPages(renderer) for language, renderer in self._renderers.items()
        }
        self._rendered = dict[tuple[str, Language, int], tuple[str, str]]()

    def document(self, document: IndexedDocument, language: Language, page: int = 1) -> str | None:
        """Return the page of a document, or a further page of its list; None if its list has no such page."""
        pages = self.count_pages(document)
        if not 1 <= page <= pages:
            return None
        renderer = self._renderers[language]
        if page_kind(document) in _SINGLE_PAGES:
            return _SINGLE_PAGES[page_kind(document)](renderer, document)
        if page == 1 and pages > _LONG_LIST:
            key = (document.path, language, page)
            return self._render_once(key, lambda: render_resource(renderer, document, page))
        return render_resource(renderer, document, page)

    def question_on_day(self, document: IndexedDocument, language: Language, day: date) -> str | None:
        """Return the page of a question as of a past day; None if the question is of a later day."""
        return render_question_on_day(self._renderers[language], document, day.isoformat())

    def count_pages(self, document: IndexedDocument) -> int:
        """Return the number of pages of a document: those of its list, else one."""
        return 1 if page_kind(document) in _SINGLE_PAGES else count_pages(self._index, document)

    def home(self, language: Language) -> str:
        """Return the home page."""
        return self._render_once(("", language, 1), lambda: render_home(self._renderers[language])) or ""

    def listing(self, name: str, language: Language, page: int = 1) -> str | None:
        """Return a page of one of LISTS; None if there is no such page."""
        key = (name, language, page)
        return self._render_once(key, lambda: render_list(self._renderers[language], name, page))

    def search(self, question_filter: QuestionFilter, language: Language, page: int = 1) -> str:
        """Return a page of a search; a page beyond the last one lists no questions."""
        return render_search(self._renderers[language], question_filter, page, self._names)

    def error(self, status: int, language: Language, path: str, detail: str | None = None) -> str:
        """Return the error page of an HTTP status code; the detail is a sentence in English."""
        renderer = self._renderers[language]
        key = status if f"error_{status}" in renderer.words else 500 if status >= 500 else 400
        return renderer.page(
            "error.html",
            renderer.words(f"error_{key}"),
            status=status,
            explanation=renderer.words(f"error_{key}_lead"),
            detail=detail,
            requested_path=path if status in {404, 410} else None,
        )

    def wrap(self, title: str, body_template: str, language: Language, **values: Any) -> str:
        """Return a page from a template of one of the folders, which extends `page.html`.

        `here`, if it is among the values, maps languages to the URLs of the page.
        """
        return self._renderers[language].page(body_template, title, **values)

    def figures(self, path: str, language: Language, page: int = 1) -> str | None:
        """Return a page of « Chiffres », or of the overdue questions; None if there is none."""
        return self._figures[language].page(path, page)

    def figures_file(self, path: str, form: str, language: Language) -> bytes | None:
        """Return a table of « Chiffres » as CSV or JSON, or its chart as SVG; None if there is none.

        Data have French names whatever the language, like all data of the release.
        """
        return self._figures[language if form == "svg" else Language.FR].file(path, form)

    @property
    def figures_paths(self) -> list[str]:
        """The paths of the pages of « Chiffres », without endings."""
        return self._figures[Language.FR].paths()

    def _render_once(self, key: tuple[str, Language, int], render: Callable[[], str | None]) -> str | None:
        """Keep a page that takes long to render and is requested often; it changes with the stated day."""
        day = self._renderers[key[1]].stated_day
        if key not in self._rendered or self._rendered[key][0] != day:
            page = render()
            if page is None:
                return None
            self._rendered[key] = day, page
        return self._rendered[key][1]
