"""What search engines read of a page: its subject in the terms of schema.org, as JSON-LD."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from lod.context import Node
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
        "@type": "QAPage" if answers else "WebPage",
        "url": url,
        "inLanguage": language,
    }
    return script(page | {"mainEntity": _without_empty(node)})


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


def catalogue(name: str, about: str, url: str, datasets: Sequence[dict[str, Any]]) -> Markup:
    """Return a catalogue and its data sets as JSON-LD for a script element."""
    node = {"@type": "DataCatalog", "name": name, "description": about, "url": url}
    return script({**node, "dataset": list(datasets)})


def dataset(described: Sequence[Node], subject: Node, name: str, about: str, url: str) -> dict[str, Any]:
    """Return a data set, described by the nodes of its document, with its files."""
    checksums = {each["id"]: each["checksumValue"] for each in described if "checksumValue" in each}
    periods = (each for each in described if "startDate" in each and "endDate" in each)
    node = {
        "@type": "Dataset",
        "@id": subject["id"],
        "name": name,
        "description": about,
        "url": url,
        "identifier": subject.get("identifier"),
        "version": subject.get("version"),
        "license": subject.get("license"),
        "isAccessibleForFree": True,
        "inLanguage": "fr",
        "keywords": subject.get("keywords"),
        "dateModified": subject.get("modified"),
        "creator": {"@type": "Organization", "name": "Assemblée nationale"},
        "temporalCoverage": next((f"{each['startDate']}/{each['endDate']}" for each in periods), None),
        "distribution": [
            _download(each, checksums)
            for each in described
            if "Distribution" in each.get("type", ()) and "downloadUrl" in each
        ],
    }
    return _without_empty(node)


def _download(distribution: Node, checksums: Mapping[str, str]) -> dict[str, Any]:
    compressed = distribution.get("compressFormat") or distribution.get("mediaType")
    node = {
        "@type": "DataDownload",
        "contentUrl": distribution["downloadUrl"],
        "encodingFormat": compressed.partition("/media-types/")[2] if compressed else None,
        "contentSize": f"{distribution['byteSize']} B" if "byteSize" in distribution else None,
        "sha256": checksums.get(distribution.get("checksum", "")),
    }
    return _without_empty(node)


def _agent(type_: str, label: Label | None) -> dict[str, str] | None:
    return {"@type": type_, "name": label.text} if label else None


def _without_empty(node: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in node.items() if value is not None and value != []}


def script(node: dict[str, Any]) -> Markup:
    """Return a node as JSON-LD that cannot close a script element or open another."""
    value = {"@context": "https://schema.org", **node}
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - escaped just now
