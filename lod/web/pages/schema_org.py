"""What search engines read of a page: its subject in the terms of schema.org, as JSON-LD."""

import json
from typing import Any

from markupsafe import Markup

from lod.web.pages.language import Label, Language
from lod.web.pages.question_view import AnswerView, QuestionView

_ESCAPED = str.maketrans({character: f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"})


def question(view: QuestionView, language: Language, url: str) -> Markup:
    """Return a question and its answers as JSON-LD for a script element.

    A page of questions and answers (`QAPage`) has an answer to show; any other page is a mere `WebPage`.
    """
    answers = [_answer(view, answer, url) for answer in view.answers if answer.text]
    node = {
        "@type": "Question",
        "@id": view.iri,
        "name": view.title,
        "text": view.text or view.title,
        "inLanguage": "fr",
        "datePublished": view.published,
        "author": _agent("Person", view.author),
        "about": [rubric.text for rubric in view.rubrics],
        "answerCount": len(answers),
        "acceptedAnswer": answers,
    }
    page = {
        "@context": "https://schema.org",
        "@type": "QAPage" if answers else "WebPage",
        "url": url,
        "inLanguage": language,
    }
    return _script(page | {"mainEntity": _without_empty(node)})


def _answer(view: QuestionView, answer: AnswerView, url: str) -> dict[str, Any]:
    node = {
        "@type": "Answer",
        "@id": f"{view.iri}/{answer.anchor}",
        "text": answer.text,
        "inLanguage": "fr",
        "datePublished": answer.published,
        "author": _agent("GovernmentOrganization", answer.ministry),
        "url": f"{url}#{answer.anchor}",
    }
    return _without_empty(node)


def _agent(type_: str, label: Label | None) -> dict[str, str] | None:
    return {"@type": type_, "name": label.text} if label else None


def _without_empty(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value is not None and value != []}


def _script(value: Any) -> Markup:
    """Return a value as JSON that cannot close a script element or open another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - escaped just now
