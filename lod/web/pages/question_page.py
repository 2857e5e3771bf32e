"""The page of a question, with the schema.org description that search engines read."""

import json
from typing import Any

from markupsafe import Markup

from lod.web.index.reader import IndexedDocument, nodes
from lod.web.pages.language import Label
from lod.web.pages.question_view import AnswerView, QuestionView, QuestionViewReader
from lod.web.pages.renderer import PageRenderer

_DESCRIPTION_LENGTH = 200
"""How many characters of a description search engines display."""
_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def render_question(renderer: PageRenderer, document: IndexedDocument) -> str:
    """Render the page of a question."""
    question = read_question(renderer, document)
    return renderer.page(
        "question.html",
        question.title,
        here=renderer.here(document.path),
        path=document.path,
        question=question,
        description=_shorten(question.text or question.title),
        schema_org=_schema_org(question, renderer.language),
        today=renderer.index.release[:10],
    )


def read_question(renderer: PageRenderer, document: IndexedDocument) -> QuestionView:
    """Return the view of the question that a document describes."""
    reader = QuestionViewReader(renderer.index, renderer.links, renderer.memberships)
    return reader.read(nodes(renderer.index.json(document))[0])


def _shorten(text: str) -> str:
    """Cut a text between words to the length of a description."""
    line = " ".join(text.split())
    if len(line) <= _DESCRIPTION_LENGTH:
        return line
    return line[:_DESCRIPTION_LENGTH].rpartition(" ")[0] + "…"


def _schema_org(question: QuestionView, language: str) -> Markup:
    """Return a question and its answers as JSON-LD for a script element."""
    node = {
        "@type": "Question",
        "@id": question.iri,
        "name": question.title,
        "text": question.text or question.title,
        "inLanguage": "fr",
        "datePublished": question.published,
        "author": _agent("Person", question.author),
        "about": [rubric.text for rubric in question.rubrics],
        "answerCount": len(question.answers),
        "acceptedAnswer": [_schema_org_answer(question, answer) for answer in question.answers],
    }
    page = {"@context": "https://schema.org", "@type": "QAPage", "inLanguage": language}
    return _script_json(page | {"mainEntity": _without_empty(node)})


def _schema_org_answer(question: QuestionView, answer: AnswerView) -> dict[str, Any]:
    node = {
        "@type": "Answer",
        "@id": f"{question.iri}/{answer.anchor}",
        "text": answer.text,
        "inLanguage": "fr",
        "datePublished": answer.published,
        "author": _agent("GovernmentOrganization", answer.ministry),
        "url": f"{question.iri}/{answer.anchor}",
    }
    return _without_empty(node)


def _agent(type_: str, label: Label | None) -> dict[str, str] | None:
    return {"@type": type_, "name": label.text} if label else None


def _without_empty(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value is not None and value != []}


def _script_json(value: Any) -> Markup:
    """Return a value as JSON that cannot close a script element or open another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - escaped just now
