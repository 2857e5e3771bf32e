"""Questions that recall an earlier one of the same author: « les termes de sa question n° 12345 »."""

import re

from lod.model import QuestionId

_RECALL = re.compile(
    r"termes\s+de\s+(?:s[ao]n?|ses)\s+questions?\s+(?:écrites?\s+)?(?:n[°ºo]s?|numéro)\s?"
    r"(?P<number>[1-9][0-9]{0,2}(?:[ \u00a0\u202f]?[0-9]{3})*)(?![.,]?[0-9])(?![^.;]{0,80}législature)",
    re.IGNORECASE,
)


def recalled(text: str | None, question: QuestionId) -> tuple[QuestionId, ...]:
    """Give the questions that a text recalls: of the same kind and legislature, hence with a lower number.

    A higher number is one of an earlier legislature, which the text does not name: it is not resolved.
    """
    if not text or "question" not in text or "termes de" not in text:
        return ()
    numbers = (int(re.sub(r"\D", "", found["number"])) for found in _RECALL.finditer(text))
    earlier = sorted({number for number in numbers if number < question.number})
    return tuple(
        QuestionId(legislature=question.legislature, kind=question.kind, number=number) for number in earlier
    )
