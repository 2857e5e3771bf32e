"""The page of a question."""

from lod.web.index.reader import IndexedDocument, nodes
from lod.web.pages import schema_org
from lod.web.pages.citation import cite
from lod.web.pages.memberships import MembershipResolver
from lod.web.pages.question_on_day import on_day
from lod.web.pages.question_view import QuestionView, QuestionViewReader
from lod.web.pages.renderer import PageRenderer


def render_question(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of a question."""
    return _render(renderer, document, read_question(renderer, document), renderer.stated_day)


def render_question_on_day(renderer: PageRenderer, document: IndexedDocument, day: str) -> str | None:
    """Render the page of a question as of a past day (2026-05-01); return None if it is of a later day."""
    node = on_day(nodes(renderer.index.json(document))[0], day, renderer.index.iris)
    if node is None:
        return None
    memberships = MembershipResolver(renderer.index, day)
    question = QuestionViewReader(renderer.index, renderer.links, memberships, day).read(node)
    return _render(renderer, document, question, day, is_past=True)


def _render(
    renderer: PageRenderer,
    document: IndexedDocument,
    question: QuestionView,
    day: str,
    *,
    is_past: bool = False,
) -> str:
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
        today=day,
        last_day=renderer.stated_day,
        is_past=is_past,
    )


def read_question(renderer: PageRenderer, document: IndexedDocument) -> QuestionView:
    """Return the view of the question that a document describes."""
    reader = QuestionViewReader(renderer.index, renderer.links, renderer.memberships, renderer.stated_day)
    return reader.read(nodes(renderer.index.json(document))[0])
