"""« Chiffres »: tables that say the same as the saved queries, in every order and format."""

import csv
import gzip
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from lod import Summary
from lod.departements import INSEE
from lod.query import cookbook
from lod.release import Release
from lod.web.index.builder import ensure_index
from lod.web.index.comparison import MIN_ANSWERS, ComparedFigures, Scope, Topic, compare, legislatures
from lod.web.index.question_filter import Facet, QuestionFilter
from lod.web.index.reader import Index
from lod.web.pages import Language, Pages
from lod.web.pages.comparison_table import COLUMNS, NAME, addresses, parse_address

DAY = "2026-12-31"
EVERYTHING = Scope(legislature=None, day=DAY)
QueryRows = Callable[..., list[dict[str, str]]]


@pytest.fixture(scope="module")
def release(varied_release: Summary) -> Release:
    return Release(varied_release.path)


@pytest.fixture(scope="module")
def index(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(ensure_index(release, tmp_path_factory.mktemp("comparison")))


@pytest.fixture(scope="module")
def pages(index: Index) -> Pages:
    return Pages(index, today=lambda: date.fromisoformat(DAY))


@pytest.fixture(scope="module")
def query(release: Release) -> QueryRows:
    """Runs a saved query on the release."""
    store = ox.Store()
    store.bulk_load(path=str(release.file("questions.nt")), format=ox.RdfFormat.N_TRIPLES)
    store.bulk_load(path=str(release.file("concepts.ttl")), format=ox.RdfFormat.TURTLE)

    def run(name: str, **values: str) -> list[dict[str, str]]:
        found = store.query(cookbook()[name].bind(values))
        assert isinstance(found, ox.QuerySolutions)
        text = found.serialize(format=ox.QueryResultsFormat.CSV)
        assert text
        return list(csv.DictReader(io.StringIO(text.decode())))

    return run


def by_label(index: Index, rows: list[ComparedFigures], key: str) -> Counter[str]:
    """Add up a figure by label, as the queries do; rows without any are left out."""
    counts = Counter[str]()
    for row in rows:
        counts[index.label(row.key) or row.key] += getattr(row, key)
    return +counts


def by_name(rows: list[dict[str, str]], name: str, key: str) -> Counter[str]:
    return +Counter({row[name]: int(row[key]) for row in rows})


def test_answers_in_time_and_late_are_those_of_the_saved_query(index: Index, query: QueryRows) -> None:
    rows, expected = compare(index, Topic.MINISTRIES, EVERYTHING), query("answers-in-time-by-ministry")
    assert by_label(index, rows, "in_time") == by_name(expected, "ministry", "inTime") != Counter()
    late = by_label(index, rows, "judged") - by_label(index, rows, "in_time")
    assert late == by_name(expected, "ministry", "late") != Counter()


def test_overdue_questions_are_those_of_the_saved_query(index: Index, query: QueryRows) -> None:
    rows, expected = compare(index, Topic.MINISTRIES, EVERYTHING), query("overdue-by-ministry", today=DAY)
    assert by_label(index, rows, "overdue") == by_name(expected, "ministry", "questions") != Counter()
    listed = [row.title for row in index.overdue(DAY, 0, 1000)]
    assert sorted(listed) == sorted(row["title"] for row in query("overdue", today=DAY))
    assert index.count(QuestionFilter(overdue_on=DAY)) == len(listed)


def test_nothing_is_overdue_before_the_last_day_due(index: Index) -> None:
    newest = index.overdue(DAY, 0, 1000)[0]
    sql = "SELECT due FROM question_lives JOIN documents ON id = question WHERE path = ?"
    due = index.rows(sql, (newest.path,))[0][0]
    assert newest.path not in [row.path for row in index.overdue(due, 0, 1000)]


@pytest.mark.parametrize(
    ("topic", "name", "column"),
    [(Topic.GROUPS, "questions-by-group", "group"), (Topic.DEPUTIES, "questions-by-deputy", "deputy")],
)
def test_questions_are_those_of_the_saved_query(
    index: Index, query: QueryRows, topic: Topic, name: str, column: str
) -> None:
    expected = Counter[str]()
    for row in query(name):
        expected[row[column]] += int(row["questions"])
    assert by_label(index, compare(index, topic, EVERYTHING), "questions") == expected != Counter()


def test_departements_count_constituencies_and_questions_that_only_name_the_departement(
    index: Index, query: QueryRows
) -> None:
    expected = Counter({row["code"]: int(row["questions"]) for row in query("questions-by-departement")})
    for value in index.facet_counts(Facet.CONSTITUENCY, QuestionFilter(), limit=1000):
        if value.iri.startswith(INSEE):
            expected[value.iri.removeprefix(INSEE).upper()] += value.questions
    counts = Counter({row.key: row.questions for row in compare(index, Topic.DEPARTEMENTS, EVERYTHING)})
    assert {code: counts[code] for code in expected} == dict(expected)
    assert expected


def test_months_and_legislatures_add_up(index: Index) -> None:
    everything = index.count(QuestionFilter())
    assert sum(row.questions for row in compare(index, Topic.MONTHS, EVERYTHING)) == everything
    each = [
        compare(index, Topic.MONTHS, Scope(legislature=number, day=DAY)) for number in legislatures(index)
    ]
    assert sum(row.questions for rows in each for row in rows) == everything
    assert len(each) > 1


def figures(**values: object) -> ComparedFigures:
    counts = dict.fromkeys(("questions", "written", "answered", "judged", "in_time", "waiting", "overdue"), 0)
    return ComparedFigures(**{"key": "k", **counts, **values})  # type: ignore[arg-type]


def test_medians_ignore_the_unanswered_but_the_figure_beside_them_does_not() -> None:
    delays = ((10, 3), (20, 2), (90, 1))
    row = figures(written=10, answered=6, delays=delays)
    assert (row.median, row.ninetieth, row.half_answered) == (10, 90, 20)
    assert figures(written=20, answered=6, delays=delays).half_answered is None


def test_a_median_needs_five_answers() -> None:
    assert figures(written=9, answered=4, delays=((10, MIN_ANSWERS - 1),)).median is None
    assert figures(written=9, answered=5, delays=((10, MIN_ANSWERS),)).median == 10


def test_shares_of_very_few_answers_are_listed_after_the_others() -> None:
    many, few = figures(judged=10, in_time=1), figures(judged=1, in_time=1)
    none = figures()
    column = COLUMNS["in_time_share"]
    assert sorted([none, few, many], key=column.rank) == [many, few, none]


def test_every_table_is_a_page_in_each_order_that_its_heads_link_to(pages: Pages, index: Index) -> None:
    for address in addresses(index):
        assert parse_address(address.path, index) == address
        text = pages.figures(address.path, Language.EN)
        assert text is not None
        for column in (NAME, "overdue"):
            assert parse_address(address.sorted_by(column).path, index) is None or (
                f'href="/{address.sorted_by(column).path}.en.html"' in text
            )


@pytest.mark.parametrize(
    "path",
    ["chiffres/0/mois", "chiffres/17/mois/attente", "chiffres/17/x", "chiffres/17", "chiffres/17/mois/nom"],
)
def test_other_addresses_are_no_tables(pages: Pages, path: str) -> None:
    assert pages.figures(path, Language.FR) is None
    assert pages.figures_file(path, "csv", Language.FR) is None
    assert pages.figures("chiffres/17/mois", Language.FR, 2) is None


def test_csv_and_json_have_the_rows_of_the_page(pages: Pages) -> None:
    text = pages.figures_file("chiffres/17/ministeres", "csv", Language.FR)
    data = pages.figures_file("chiffres/17/ministeres", "json", Language.EN)
    assert text
    assert data
    rows = list(csv.DictReader(io.StringIO(text.decode())))
    table = json.loads(data)
    assert [row["name"] for row in rows] == [row["name"] for row in table["rows"]] != []
    assert table["day"] == rows[0]["day"] == DAY
    page = pages.figures("chiffres/17/ministeres", Language.FR) or ""
    assert all(row["name"].replace("'", "&#39;") in page for row in rows)


def test_a_chart_draws_the_column_that_its_title_names(pages: Pages) -> None:
    drawing = pages.figures_file("chiffres/toutes/ministeres/en-retard", "svg", Language.EN)
    assert drawing
    root = ET.fromstring(drawing.decode())
    titles = [node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0].startswith("Overdue questions by ministry, all legislatures")
    data = pages.figures_file("chiffres/toutes/ministeres", "json", Language.EN)
    overdue = [row["overdue"] for row in json.loads(data or b"")["rows"]]
    drawn = [int(title.rpartition(": ")[2]) for title in titles[1:]]
    assert drawn == sorted(overdue, reverse=True)[: len(drawn)]
    assert drawn[0] > 0


def test_overdue_questions_have_a_badge_in_lists_and_a_count_on_the_pages_of_their_ministries(
    pages: Pages, index: Index
) -> None:
    listed = pages.figures("questions-en-retard", Language.FR) or ""
    overdue = index.overdue(DAY, 0, 1)[0]
    assert f"/{overdue.path}.html" in listed
    assert "badge-overdue" in listed
    question = index.document(overdue.path)
    assert question
    assert "réponse en retard de" in (pages.document(question, Language.FR) or "")
    ministry = next(row for row in compare(index, Topic.MINISTRIES, EVERYTHING) if row.overdue)
    document = index.document(index.iris.path(ministry.key))
    assert document
    page = pages.document(document, Language.EN) or ""
    count = re.search(r'overdue as of <time datetime="2026-12-31">[^<]*</time></dt><dd>(\d+)</dd>', page)
    assert count
    assert int(count[1]) == ministry.overdue


def test_a_page_kept_from_yesterday_is_rendered_again_today(index: Index) -> None:
    days = [date(2000, 1, 1)]
    pages = Pages(index, today=lambda: days[-1])
    before = pages.home(Language.FR)
    days.append(date.fromisoformat(DAY))
    after = pages.home(Language.FR)
    assert "badge-overdue" not in before
    assert "badge-overdue" in after


def test_a_page_of_a_table_is_light(pages: Pages) -> None:
    for path in pages.figures_paths:
        page = pages.figures(path, Language.FR) or ""
        assert len(gzip.compress(page.encode())) < 25_000, path
