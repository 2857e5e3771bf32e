"""The page of what was sought: the questions found, choices to narrow them, filters to take away."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import ceil

from lod.web.index.index import PAGE
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.index.search_parameters import FACETS, SINCE, UNTIL, WORDS, pairs, query
from lod.web.pages.language import Language
from lod.web.pages.links import Named
from lod.web.pages.renderer import PageRenderer

_MOST = 10
_OFFERED = tuple(facet for facet in FACETS if facet not in {Facet.AUTHOR, Facet.CONSTITUENCY, Facet.SUBJECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What narrows a search, and the address of the search without it."""

    key: str
    named: Named
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetChoice:
    """What a search can be narrowed to, and the address of the search so narrowed."""

    named: Named
    count: int
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """The choices of a facet."""

    name: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everywhere:
    """The same words without filters: how many questions have them."""

    href: str
    count: int


def search_page(made: PageRenderer, wanted: QuestionFilter, number: int) -> str:
    """Write a page of what was sought."""
    found = _Finding(made)
    total = made.index.count(wanted)
    told = list(pairs(wanted, made.index))
    return made.page(
        "search.html",
        wanted.words or made.words("search_title"),
        here={language: found.address(wanted, number, language) for language in Language},
        wanted=wanted,
        number=number,
        pages=ceil(total / PAGE) or 1,
        total=total,
        listed=made.rows(wanted, number),
        address=lambda other: found.address(wanted, other),
        kept=[(name, value) for name, value in told if name != WORDS],
        undated=[(name, value) for name, value in told if name not in {SINCE, UNTIL}],
        active=list(found.filters(wanted)),
        facets=list(found.facets(wanted)) if total else [],
        everywhere=None if total else found.everywhere(wanted),
    )


class _Finding:
    """The addresses of searches in one language."""

    def __init__(self, made: PageRenderer) -> None:
        self._made = made
        self._links = made.links

    def address(self, wanted: QuestionFilter, number: int = 1, language: Language | None = None) -> str:
        """Give the address of a page of a search."""
        told = query(wanted, self._made.index) + (f"&page={number}" if number > 1 else "")
        place = self._links.search(language)
        return f"{place}?{told.lstrip('&')}" if told else place

    def filters(self, wanted: QuestionFilter) -> Iterator[Filter]:
        """Give what narrows a search, days and resources."""
        voice = self._made.voice
        for facet in FACETS:
            if facet in wanted.facets:
                named = replace(self._links.named(wanted.facets[facet]), href=None)
                yield Filter(key=f"facet_{facet}", named=named, href=self.address(wanted.without(facet)))
        for key, iso, less in (
            ("from", wanted.since, replace(wanted, since=None)),
            ("to", wanted.until, replace(wanted, until=None)),
        ):
            if iso:
                named = Named(text=voice.day(iso).striptags(), language=self._made.language)
                yield Filter(key=key, named=named, href=self.address(less))

    def facets(self, wanted: QuestionFilter) -> Iterator[Choices]:
        """Give the choices to narrow a search, each facet's counted as if it were not chosen yet."""
        for facet in _OFFERED:
            offered = self._made.index.choices(facet, wanted, most=_MOST)
            yield Choices(
                name=facet.value,
                choices=tuple(
                    FacetChoice(
                        named=replace(self._links.named({"id": one.iri, "label": one.label}), href=None),
                        count=one.questions,
                        href=self.address(replace(wanted, facets={**wanted.facets, facet: one.iri})),
                        is_chosen=wanted.facets.get(facet) == one.iri,
                    )
                    for one in offered
                ),
            )

    def everywhere(self, wanted: QuestionFilter) -> Everywhere | None:
        """Count the questions that have the same words, whatever else they have."""
        words = QuestionFilter(words=wanted.words)
        count = self._made.index.count(words) if wanted.words and words != wanted else 0
        return Everywhere(href=self.address(words), count=count) if count else None
