"""The page of a question."""

from lod.web.index.reader import IndexedDocument, nodes
from lod.web.pages import schema_org
from lod.web.pages.citation import cite
from lod.web.pages.question_view import QuestionView, QuestionViewReader
from lod.web.pages.renderer import PageRenderer


def render_question(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of a question."""
    question = read_question(renderer, document)
    url = renderer.links.absolute(renderer.links.page(document.path))
    return renderer.page(
        "question.html",
        question.title,
        here=renderer.here(document.path),
        path=document.path,
        question=question,
        citation=cite(question, renderer.language),
        summary=question.text or question.title,
        schema_org=schema_org.question(question, renderer.language, url),
        today=renderer.stated_day,
    )


def read_question(renderer: PageRenderer, document: IndexedDocument) -> QuestionView:
    """Return the view of the question that a document describes."""
    reader = QuestionViewReader(renderer.index, renderer.links, renderer.memberships, renderer.stated_day)
    return reader.read(nodes(renderer.index.json(document))[0])
