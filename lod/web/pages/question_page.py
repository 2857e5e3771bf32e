"""The page of a question."""

from lod.web.index.index import Held
from lod.web.pages.capacity import nodes
from lod.web.pages.question_view import QuestionView, QuestionViewReader
from lod.web.pages.renderer import PageRenderer
from lod.web.pages.schema_org import schema_org

_LONG = 200
"""How much of a text a search engine shows."""


def question_page(made: PageRenderer, held: Held) -> str:
    """Write the page of a question."""
    asked = read(made, held)
    return made.page(
        "question.html",
        asked.title,
        here=made.here(held.path),
        path=held.path,
        asked=asked,
        summary=_summary(asked.text or asked.title),
        structured=schema_org(asked, made.language),
        today=made.index.release[:10],
    )


def read(made: PageRenderer, held: Held) -> QuestionView:
    """Read the question of a document, which comes first in it."""
    return QuestionViewReader(made.index, made.links, made.holders).read(nodes(made.index.json(held))[0])


def _summary(text: str) -> str:
    """Give the beginning of a text, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[:_LONG].rpartition(" ")[0] + "…"
