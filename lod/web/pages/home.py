"""The first page: what this is, how much there is of it, and the ways in."""

from lod.web.index.index import Figures
from lod.web.index.question_filter import QuestionFilter
from lod.web.index.question_row import Facet
from lod.web.pages.chart import bars, columns
from lod.web.pages.renderer import PageRenderer

_NEWEST = 8
_MOST = 6
WRITTEN = "def/type/question-ecrite"


def home(made: PageRenderer) -> str:
    """Write the first page."""
    index = made.index
    figures = index.figures(QuestionFilter())
    ranked = {facet: bars(index.choices(facet, QuestionFilter(), most=_MOST), made.links) for facet in _SHOWN}
    return made.page(
        "home.html",
        made.words("home_title"),
        here=made.here("index"),
        figures=figures,
        times=times(made, QuestionFilter(), figures),
        newest=made.rows(QuestionFilter(), most=_NEWEST),
        columns=columns(figures.months),
        rubrics=ranked[Facet.RUBRIC],
        ministries=ranked[Facet.MINISTRY],
        groups=ranked[Facet.GROUP],
        legislatures=bars(index.choices(Facet.LEGISLATURE, QuestionFilter(), most=99), made.links),
        doors=made.doors(),
    )


_SHOWN = (Facet.RUBRIC, Facet.MINISTRY, Facet.GROUP)


def times(made: PageRenderer, wanted: QuestionFilter, figures: Figures) -> Figures | None:
    """Say how long answers to written questions took; those put in the chamber are answered at once.

    `figures` are those of all that is wanted; None if no written question is.
    """
    written = made.index.base + WRITTEN
    types = [choice.iri for choice in made.index.choices(Facet.TYPE, wanted)]
    if types == [written] or written not in types:
        return figures if types == [written] else None
    facets = {**wanted.facets, Facet.TYPE: written}
    return made.index.figures(QuestionFilter(facets=facets, resource=wanted.resource))
