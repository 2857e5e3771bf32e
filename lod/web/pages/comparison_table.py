"""The tables of « Chiffres »: their addresses, columns and rows in order, and the same as CSV and JSON."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from lod.web.index.comparison import MIN_ANSWERS, ComparedFigures, Scope, Topic, legislatures
from lod.web.index.reader import Index

FIGURES = "chiffres"
OVERDUE = "questions-en-retard"
"""The paths of the overview and of the list of overdue questions."""
ALL = "toutes"
"""What stands for a legislature in the address of a table of all legislatures."""
NAME = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonColumn:
    """A column: the segment of the address of the table that is sorted by it, and the unit of its values.

    `count` is the figure of how many questions or answers the value is about.
    """

    key: str
    slug: str
    unit: str = "number"
    count: str | None = None

    def value(self, figures: ComparedFigures) -> float | None:
        """Return the value of a row; None if it has none."""
        value: float | None = attrgetter(self.key)(figures)
        return value

    def rank(self, figures: ComparedFigures) -> tuple[bool, float]:
        """Return a sort key: the highest value first, then shares of very few, then what has no value."""
        value = self.value(figures)
        is_small = self.count is not None and attrgetter(self.count)(figures) < MIN_ANSWERS
        return value is None or is_small, -(value or 0)


_COLUMNS = (
    ComparisonColumn(key="questions", slug="questions"),
    ComparisonColumn(key="authors", slug="auteurs"),
    ComparisonColumn(key="per_author", slug="par-auteur", unit="ratio"),
    ComparisonColumn(key="written", slug="questions-ecrites"),
    ComparisonColumn(key="answered_share", slug="repondues", unit="share", count="answered"),
    ComparisonColumn(key="in_time_share", slug="dans-le-delai", unit="share", count="judged"),
    ComparisonColumn(key="median", slug="delai-median", unit="days"),
    ComparisonColumn(key="ninetieth", slug="neuf-sur-dix", unit="days"),
    ComparisonColumn(key="half_answered", slug="une-sur-deux", unit="days"),
    ComparisonColumn(key="waiting", slug="en-attente"),
    ComparisonColumn(key="waiting_median", slug="attente-mediane", unit="days"),
    ComparisonColumn(key="overdue", slug="en-retard"),
)
COLUMNS = {column.key: column for column in _COLUMNS}
_RESPONSE = ("written", "answered_share", "in_time_share", "median", "ninetieth", "half_answered")
TABLES: dict[Topic, tuple[str, ...]] = {
    Topic.MINISTRIES: (*_RESPONSE, "waiting", "waiting_median", "overdue"),
    Topic.GROUPS: (
        *("questions", "authors", "per_author", "written", "answered_share", "in_time_share"),
        *("median", "half_answered", "overdue"),
    ),
    Topic.DEPUTIES: ("questions", "written", "answered_share", "median", "waiting", "overdue"),
    Topic.RUBRICS: (*_RESPONSE, "waiting", "overdue"),
    Topic.MONTHS: ("questions", *_RESPONSE, "overdue"),
    Topic.DEPARTEMENTS: (
        "questions",
        "authors",
        "per_author",
        "written",
        "answered_share",
        "median",
        "overdue",
    ),
}
"""The columns of each table besides that of the names; the first one sorts the table at its own address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAddress:
    """Which table of which legislature, or of all, sorted by which column."""

    topic: Topic
    legislature: int | None
    column: str

    @property
    def path(self) -> str:
        """The path of the table, without an ending."""
        path = f"{FIGURES}/{self.legislature or ALL}/{self.topic}"
        return path if self.column == default_column(self.topic) else f"{path}/{_slug(self.column)}"

    @property
    def data_path(self) -> str:
        """The path of the table as data, whatever it is sorted by."""
        return f"{FIGURES}/{self.legislature or ALL}/{self.topic}"

    def sorted_by(self, column: str) -> "TableAddress":
        """Return the address of the same table in another order."""
        return TableAddress(topic=self.topic, legislature=self.legislature, column=column)

    def of(self, topic: Topic, legislature: int | None) -> "TableAddress":
        """Return the address of another table in the same order, if it has that column."""
        has_column = self.column in (NAME, *TABLES[topic]) and self.column != default_column(self.topic)
        column = self.column if has_column or topic is self.topic else default_column(topic)
        return TableAddress(topic=topic, legislature=legislature, column=column)


def default_column(topic: Topic) -> str:
    """Return what sorts a table at its own address: months themselves, all else its first column."""
    return NAME if topic is Topic.MONTHS else TABLES[topic][0]


def parse_address(path: str, index: Index) -> TableAddress | None:
    """Return the table of a path; None if there is none."""
    segments = path.split("/")
    if segments[0] != FIGURES or len(segments) not in (3, 4) or segments[2] not in tuple(Topic):
        return None
    known = {str(number): number for number in legislatures(index)} | {ALL: None}
    topic = Topic(segments[2])
    columns = {_slug(key): key for key in (NAME, *TABLES[topic])}
    slug = segments[3] if len(segments) > 3 else _slug(default_column(topic))
    if segments[1] not in known or slug not in columns:
        return None
    address = TableAddress(topic=topic, legislature=known[segments[1]], column=columns[slug])
    return address if address.path == path else None


def scopes(index: Index) -> list[int | None]:
    """Return the legislatures that have tables, the newest first, and None for all if there are several."""
    numbers: list[int | None] = list(legislatures(index))
    return [*numbers, None] if len(numbers) > 1 else numbers


def addresses(index: Index) -> list[TableAddress]:
    """Return all tables in all orders: of each legislature, and of all if there are several."""
    return [
        TableAddress(topic=topic, legislature=legislature, column=column)
        for legislature in scopes(index)
        for topic in Topic
        for column in (NAME, *TABLES[topic])
    ]


def sort_rows(
    rows: Sequence[ComparedFigures], column: str, topic: Topic, name: Callable[[ComparedFigures], str]
) -> list[ComparedFigures]:
    """Return rows in the order of a column: the highest first, months from the latest, names from A to Z."""
    by_name = sorted(rows, key=name, reverse=topic is Topic.MONTHS)
    return by_name if column == NAME else sorted(by_name, key=COLUMNS[column].rank)


def csv_table(rows: Sequence[ComparedFigures], name: Callable[[ComparedFigures], str], scope: Scope) -> bytes:
    """Return a table as CSV."""
    records = [_record(row, name, scope) for row in rows]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]) if records else ["key"], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue().encode()


def json_table(
    rows: Sequence[ComparedFigures], name: Callable[[ComparedFigures], str], scope: Scope, **about: str
) -> bytes:
    """Return a table as JSON, with what it is about."""
    records = [_record(row, name, scope) for row in rows]
    return json.dumps({**about, "day": scope.day, "rows": records}, ensure_ascii=False, indent=1).encode()


def _record(row: ComparedFigures, name: Callable[[ComparedFigures], str], scope: Scope) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": name(row),
        "legislature": scope.legislature,
        "day": scope.day,
        "questions": row.questions,
        "authors": row.authors or None,
        "questions_per_author": _rounded(row.per_author),
        "written_questions": row.written,
        "answered": row.answered,
        "answered_share": _rounded(row.answered_share),
        "answers_with_deadline": row.judged,
        "answered_in_time": row.in_time,
        "in_time_share": _rounded(row.in_time_share),
        "median_days": row.median,
        "ninetieth_percentile_days": row.ninetieth,
        "half_of_questions_answered_days": row.half_answered,
        "waiting": row.waiting,
        "median_days_waited": row.waiting_median,
        "overdue": row.overdue,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _slug(column: str) -> str:
    return "nom" if column == NAME else COLUMNS[column].slug
