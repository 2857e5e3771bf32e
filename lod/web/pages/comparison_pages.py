"""The pages of « Chiffres »: an overview, and tables that compare ministries, groups, deputies and so on."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from lod.departements import departements_by_code
from lod.web.index.comparison import ComparedFigures, Scope, Topic, compare, legislatures
from lod.web.index.question_filter import QuestionFilter
from lod.web.pages.comparison_chart import Chart, ChartValue, bar_chart, column_chart
from lod.web.pages.comparison_table import (
    COLUMNS,
    FIGURES,
    NAME,
    OVERDUE,
    TABLES,
    ComparisonColumn,
    TableAddress,
    addresses,
    csv_table,
    default_column,
    json_table,
    parse_address,
    scopes,
    sort_rows,
)
from lod.web.pages.figures import sort_key
from lod.web.pages.language import Label, format_day
from lod.web.pages.renderer import PageRenderer

TABLE_PAGE_SIZE = 100
"""How many rows a page of a table has."""
_CACHED = 24
"""How many tables are kept: more than all of one legislature."""
_OVERDUE_PAGE_SIZE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCell:
    """A value of a table as it is printed, what it is sorted by, and how many answers a share is about."""

    text: str
    value: float | None
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of a column: the key of its words, and the address of the table in that order."""

    key: str
    href: str
    is_sorted: bool
    is_in_days: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTable:
    """A link to another table, or to the same one of another legislature."""

    label: Label
    href: str
    is_current: bool


class ComparisonPages:
    """Renders the pages of « Chiffres » in one language; what they count is computed once a day."""

    def __init__(self, renderer: PageRenderer) -> None:
        self._renderer = renderer
        self._index = renderer.index
        self._tables = OrderedDict[tuple[Topic, Scope], list[ComparedFigures]]()

    def paths(self) -> list[str]:
        """Return the paths of all pages, without further ones."""
        return [FIGURES, OVERDUE, *(address.path for address in addresses(self._index))]

    def page(self, path: str, number: int = 1) -> str | None:
        """Return a page; None if there is none of this path or number."""
        if path == OVERDUE:
            return self._overdue(number)
        if path == FIGURES:
            return self._overview() if number == 1 else None
        address = parse_address(path, self._index)
        return self._table(address, number) if address else None

    def file(self, path: str, form: str) -> bytes | None:
        """Return a table as CSV or JSON, or its chart as SVG; None if there is none."""
        address = parse_address(path, self._index)
        if address is None or (form != "svg" and address.path != address.data_path):
            return None
        rows = self._rows(address)
        if form == "svg":
            chart = self._chart(address, rows)
            return self._renderer.page("chart.svg", chart.title, chart=chart).encode() if chart else None
        scope = self._scope(address.legislature)
        if form == "csv":
            return csv_table(rows, self._name, scope)
        about = {"title": self._title(address), "release": self._index.release}
        return json_table(rows, self._name, scope, **about)

    def _overview(self) -> str:
        renderer, newest = self._renderer, next(iter(legislatures(self._index)), None)
        day = renderer.stated_day
        tables = [
            OtherTable(
                label=self._topic_label(topic),
                href=renderer.links.page(self._address(topic, newest).path),
                is_current=False,
            )
            for topic in Topic
        ]
        overdue = self._index.count(QuestionFilter(overdue_on=day))
        slowest = self._address(Topic.MINISTRIES, newest).sorted_by("median")
        return renderer.page(
            "figures.html",
            renderer.words("figures"),
            here=renderer.here(FIGURES),
            summary=renderer.words("figures_lead"),
            tables=tables,
            others=self._legislatures(self._address(Topic.MINISTRIES, newest))[1:],
            overdue=overdue,
            overdue_href=renderer.links.page(OVERDUE),
            day=day,
            legislature=self._legislature_label(newest) if newest else None,
            chart=self._chart(slowest, self._rows(slowest)),
        )

    def _table(self, address: TableAddress, number: int) -> str | None:
        renderer, rows = self._renderer, self._rows(address)
        pages = ceil(len(rows) / TABLE_PAGE_SIZE) or 1
        if not 1 <= number <= pages:
            return None
        columns = [COLUMNS[key] for key in TABLES[address.topic]]
        on_page = rows[(number - 1) * TABLE_PAGE_SIZE : number * TABLE_PAGE_SIZE]
        return renderer.page(
            "comparison.html",
            self._title(address),
            here=renderer.here(address.path, number),
            summary=renderer.words(f"compare_{address.topic}_lead"),
            topic=address.topic,
            heads=[self._head(address, key) for key in (NAME, *(column.key for column in columns))],
            rows=[self._row(row, columns) for row in on_page],
            chart=self._chart(address, rows),
            chart_href=self._chart_url(address),
            csv_href=renderer.links.data(address.data_path, "csv"),
            json_href=renderer.links.data(address.data_path, "json"),
            day=renderer.stated_day,
            number=number,
            pages=pages,
            page_url=lambda other: renderer.links.page(address.path, other),
            tables=[
                OtherTable(
                    label=self._topic_label(topic),
                    href=renderer.links.page(address.of(topic, address.legislature).path),
                    is_current=topic is address.topic,
                )
                for topic in Topic
            ],
            legislatures=self._legislatures(address),
            overdue_href=renderer.links.page(OVERDUE),
        )

    def _overdue(self, number: int) -> str | None:
        renderer, day = self._renderer, self._renderer.stated_day
        overdue = QuestionFilter(overdue_on=day)
        total = self._index.count(overdue)
        pages = ceil(total / _OVERDUE_PAGE_SIZE) or 1
        if not 1 <= number <= pages:
            return None
        skip = (number - 1) * _OVERDUE_PAGE_SIZE
        return renderer.page(
            "overdue.html",
            renderer.words("overdue_title"),
            here=renderer.here(OVERDUE, number),
            summary=renderer.words("overdue_lead"),
            questions=renderer.with_statuses(self._index.overdue(day, skip, _OVERDUE_PAGE_SIZE)),
            total=total,
            day=day,
            release_day=self._index.release[:10],
            number=number,
            pages=pages,
            page_url=lambda other: renderer.links.page(OVERDUE, other),
        )

    def _rows(self, address: TableAddress) -> list[ComparedFigures]:
        """Return the rows of a table in its order."""
        key = (address.topic, self._scope(address.legislature))
        if key not in self._tables:
            self._tables[key] = compare(self._index, *key)
            while len(self._tables) > _CACHED:
                self._tables.popitem(last=False)
        return sort_rows(self._tables[key], address.column, address.topic, self._sort_name)

    def _scope(self, legislature: int | None) -> Scope:
        return Scope(legislature=legislature, day=self._renderer.stated_day)

    def _address(self, topic: Topic, legislature: int | None) -> TableAddress:
        return TableAddress(topic=topic, legislature=legislature, column=default_column(topic))

    def _head(self, address: TableAddress, key: str) -> Head:
        href = self._renderer.links.page(address.sorted_by(key).path)
        is_in_days = key != NAME and COLUMNS[key].unit == "days"
        return Head(key=key, href=href, is_sorted=key == address.column, is_in_days=is_in_days)

    def _row(
        self, row: ComparedFigures, columns: list[ComparisonColumn]
    ) -> tuple[Label, str | None, list[ComparisonCell]]:
        """Return the name of a row, what it is sorted by if that is not the name, and its cells."""
        key = row.key if _is_month(row.key) else None
        return self._label(row), key, [self._cell(column, row) for column in columns]

    def _cell(self, column: ComparisonColumn, row: ComparedFigures) -> ComparisonCell:
        value = column.value(row)
        count = getattr(row, column.count) if column.count and value is not None else None
        return ComparisonCell(text=self._print(value, column.unit), value=value, count=count)

    def _print(self, value: float | None, unit: str) -> str:
        if value is None:
            return "–"
        fmt = self._renderer.fmt
        return fmt.share(value) if unit == "share" else fmt.decimal(value, 1 if unit == "ratio" else 0)

    def _label(self, row: ComparedFigures) -> Label:
        if row.key in departements_by_code():
            return Label(text=departements_by_code()[row.key].name)
        if _is_month(row.key):
            language = self._renderer.language
            return Label(text=self._renderer.fmt.month(row.key), language=language)
        return self._renderer.links.label(row.key)

    def _name(self, row: ComparedFigures) -> str:
        return row.key if _is_month(row.key) else self._label(row).text

    def _sort_name(self, row: ComparedFigures) -> str:
        return sort_key(self._name(row))

    def _title(self, address: TableAddress) -> str:
        words = self._renderer.words
        title = words(f"compare_{address.topic}")
        if address.column != default_column(address.topic):
            title = self._figure_by(address.column, address.topic)
        return f"{title}, {self._scope_name(address.legislature)}"

    def _figure_by(self, column: str, topic: Topic) -> str:
        words = self._renderer.words
        return words("figure_by", what=words(f"column_{column}"), by=words(f"by_{topic}"))

    def _scope_name(self, legislature: int | None) -> str:
        if legislature is None:
            return self._renderer.words("all_legislatures")
        return self._legislature_label(legislature).text

    def _chart(self, address: TableAddress, rows: Sequence[ComparedFigures]) -> Chart | None:
        """Return the chart of the column by which a table is sorted, or of its first one if that is names."""
        words, key = self._renderer.words, address.column
        column = COLUMNS[TABLES[address.topic][0] if key == NAME else key]
        ranked = sorted(rows, key=column.rank) if key == NAME else rows
        is_by_month = address.topic is Topic.MONTHS
        ranked = sorted(rows, key=self._name) if is_by_month else ranked
        values = [
            ChartValue(label=self._label(row).text, value=value, text=self._print(value, column.unit))
            for row in ranked
            if (value := column.value(row)) is not None and (is_by_month or not column.rank(row)[0])
        ]
        title = f"{self._figure_by(column.key, address.topic)}, {self._scope_name(address.legislature)}"
        if column.unit == "days":
            title = f"{title}, {words('days_unit')}"
        if column.key in {"waiting", "waiting_median", "overdue"}:
            day = format_day(self._renderer.stated_day, self._renderer.language)
            title = f"{title} ({words('on_day')} {day})"
        return (column_chart if is_by_month else bar_chart)(title, values)

    def _legislatures(self, address: TableAddress) -> list[OtherTable]:
        language = self._renderer.language
        all_label = Label(text=self._renderer.words("all_legislatures"), language=language)
        return [
            OtherTable(
                label=self._legislature_label(number).unlinked if number else all_label,
                href=self._renderer.links.page(address.of(address.topic, number).path),
                is_current=number == address.legislature,
            )
            for number in scopes(self._index)
        ]

    def _legislature_label(self, number: int) -> Label:
        return self._renderer.links.label(self._index.iris.legislature(number))

    def _topic_label(self, topic: Topic) -> Label:
        return Label(text=self._renderer.words(f"topic_{topic}"), language=self._renderer.language)

    def _chart_url(self, address: TableAddress) -> str:
        return self._renderer.links.at(address.path + self._renderer.language.suffix.replace("html", "svg"))


def _is_month(key: str) -> bool:
    return key[:4].isdecimal() and key[4:5] == "-"
