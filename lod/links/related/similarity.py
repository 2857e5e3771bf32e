"""The similarity of texts: the cosine of the weights of their words, rarer words weighing more."""

import csv
import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from lod import definitions
from lod.links.related.clusters import Pair

LEAST = 0.2
"""The least similarity of a pair of questions on the same subject."""
COPIED = 0.5
"""The least share of common five-word sequences of two texts of which one copies the other."""
WINDOW = timedelta(days=365)
"""How far apart two questions may be asked."""
_DIGITS = 3
_HALF_DIGIT = 0.0005
_SHINGLE = 5
_BLOCK = 400
_MOST_FREQUENT = 0.3
"""Words in more than this share of the texts say nothing of their subject."""
_WORD = re.compile(r"[a-z]{2,}")


class QuestionText(NamedTuple):
    """The text of a question, by the IRI of the question, and the day on which it was asked."""

    iri: str
    published_on: date
    text: str


def tokens(text: str) -> list[str]:
    """Return the words of a text of two letters and more, without accents."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe")).encode("ascii", "ignore")
    return _WORD.findall(plain.decode().replace("'", " "))


def word_counts(text: str) -> Counter[str]:
    """Return how often a text has each word that may say something of its subject."""
    weights = _table().weights
    counts = Counter(tokens(text))
    return Counter({word: n for word, n in counts.items() if weights.get(word, 1.0) > 0})


def similar_pairs(texts: Sequence[QuestionText]) -> list[Pair]:
    """Return the pairs of questions that are similar, by their IRIs; raise ImportError without SciPy."""
    ordered = sorted(texts, key=lambda each: (each.published_on, each.iri))
    matrix, days = _matrix(ordered), [each.published_on for each in ordered]
    shingles: dict[int, frozenset[tuple[str, ...]]] = {}
    pairs = []
    for start in range(0, len(ordered), _BLOCK):
        end = min(start + _BLOCK, len(ordered))
        first = bisect_left(days, days[start] - WINDOW)
        block = (matrix[start:end] @ matrix[first:end].T).tocoo()
        near = block.data > LEAST - _HALF_DIGIT
        found = (block.row[near].tolist(), block.col[near].tolist(), block.data[near].tolist())
        for row, column, score in zip(*found, strict=True):
            one, other = start + row, first + column
            value = round(score, _DIGITS)
            if other < one and value >= LEAST and days[one] - days[other] <= WINDOW:
                copied = value >= COPIED and _overlap(ordered, shingles, one, other) >= COPIED
                names = sorted((ordered[one].iri, ordered[other].iri))
                pairs.append(Pair(one=names[0], other=names[1], score=value, is_copied=copied))
    return sorted(pairs, key=lambda pair: (-pair.score, pair.one, pair.other))


def _overlap(
    texts: Sequence[QuestionText], known: dict[int, frozenset[tuple[str, ...]]], one: int, other: int
) -> float:
    """Return the share of five-word sequences that two texts have in common (Jaccard)."""
    for n in (one, other):
        if n not in known:
            words = tokens(texts[n].text)
            known[n] = frozenset(tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1))
    union = len(known[one] | known[other])
    return len(known[one] & known[other]) / union if union else 0.0


def _matrix(texts: Sequence[QuestionText]) -> Any:
    """Return the weights of the words of each text, a row of length one for each text."""
    from scipy.sparse import csr_array

    weights, rarest = _table()
    columns, indices, data, ends = dict[str, int](), list[int](), list[float](), [0]
    for each in texts:
        row = {
            columns.setdefault(word, len(columns)): (1 + math.log(n)) * weights.get(word, rarest)
            for word, n in sorted(word_counts(each.text).items())
        }
        length = math.sqrt(math.fsum(weight * weight for weight in row.values())) or 1.0
        indices += row
        data += [weight / length for weight in row.values()]
        ends.append(len(indices))
    return csr_array((data, indices, ends), shape=(len(texts), max(1, len(columns))))


class _Weights(NamedTuple):
    """The weight of each word of the table, 0 for those that say nothing; and that of any other word."""

    weights: dict[str, float]
    rarest: float


@cache
def _table() -> _Weights:
    """Return the weights of words by the table of their frequencies in real questions."""
    with (definitions.folder("ontology") / "word-frequencies.tsv").open(
        encoding="utf-8", newline=""
    ) as lines:
        rows = csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")
        counts = {row["word"]: int(row["texts"]) for row in rows}
    total = counts.pop("")
    weights = {word: 0.0 if n > _MOST_FREQUENT * total else _weight(total, n) for word, n in counts.items()}
    return _Weights(weights, _weight(total, 1))


def _weight(total: int, count: int) -> float:
    return math.log((1 + total) / (1 + count)) + 1
