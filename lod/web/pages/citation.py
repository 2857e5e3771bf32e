"""How to cite a question: a sentence, and a record in BibTeX."""

import re
from dataclasses import dataclass

from lod.web.pages.language import Language, format_day
from lod.web.pages.question_view import QuestionView

_SPECIAL = re.compile(r"([{}%&#_$\\])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A citation as a sentence and as BibTeX; both name the permanent address."""

    sentence: str
    bibtex: str


def cite(question: QuestionView, language: Language) -> Citation:
    """Return the citation of a question."""
    author = question.author.text if question.author else None
    number = "n°\u00a0" if language is Language.FR else "no.\u00a0"
    parts = [
        author,
        f"«\u00a0{question.title}\u00a0»",
        f"{question.type.text} {number}{question.number}",
        question.legislature.text,
        question.issue.text if question.issue else format_day(question.published, language),
        f"p.\u00a0{question.page}" if question.issue and question.page else None,
        question.iri,
    ]
    year, month, _ = question.published.split("-")
    fields = {
        "author": _escape(author) if author else None,
        "title": _escape(question.title),
        "howpublished": _escape(f"{question.type.text} {question.number}, {question.legislature.text}"),
        "year": year,
        "month": str(int(month)),
        "url": question.iri,
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    key = "-".join(question.iri.rsplit("/", 3)[1:])
    return Citation(
        sentence=", ".join(part for part in parts if part),
        bibtex="\n".join([f"@misc{{{key},", *lines, "}"]),
    )


def _escape(text: str) -> str:
    """Return a text with the characters escaped that BibTeX would interpret."""
    return _SPECIAL.sub(lambda match: "\\textbackslash{}" if match[1] == "\\" else f"\\{match[1]}", text)
