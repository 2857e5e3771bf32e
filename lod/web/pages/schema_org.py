"""What search engines read on the page of a question, in schema.org's words."""

import json
from typing import Any

from markupsafe import Markup

from lod.web.pages.links import Named
from lod.web.pages.question_view import AnswerView, QuestionView

_UNSAFE = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def schema_org(asked: QuestionView, language: str) -> Markup:
    """Write a question and its answers as JSON-LD that may stand inside a page's script element."""
    question = {
        "@type": "Question",
        "@id": asked.iri,
        "name": asked.title,
        "text": asked.text or asked.title,
        "inLanguage": "fr",
        "datePublished": asked.published,
        "author": _somebody("Person", asked.author),
        "about": [rubric.text for rubric in asked.rubrics],
        "answerCount": len(asked.answers),
        "acceptedAnswer": [_answer(asked, answer) for answer in asked.answers],
    }
    page = {"@context": "https://schema.org", "@type": "QAPage", "inLanguage": language}
    return safe(page | {"mainEntity": _said(question)})


def _answer(asked: QuestionView, answer: AnswerView) -> dict[str, Any]:
    node = {
        "@type": "Answer",
        "@id": f"{asked.iri}/{answer.anchor}",
        "text": answer.text,
        "inLanguage": "fr",
        "datePublished": answer.published,
        "author": _somebody("GovernmentOrganization", answer.ministry),
        "url": f"{asked.iri}/{answer.anchor}",
    }
    return _said(node)


def _somebody(type_: str, who: Named | None) -> dict[str, str] | None:
    return {"@type": type_, "name": who.text} if who else None


def _said(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value is not None and value != []}


def safe(value: Any) -> Markup:
    """Write a value as JSON in which nothing can end or open an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_UNSAFE))  # noqa: S704 - escaped just now
