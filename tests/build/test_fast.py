"""Questions written from templates: never other than in the ordinary way, and most of them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from lod import Options, Problem, Question, build_release, read_questions, shacl
from lod.build.fast import writer as fast
from lod.build.fast.forms import form_of, twin
from lod.build.fast.templates import Slots
from lod.build.fast.writer import FastWriter
from lod.build.record import PublishedQuestion, RecordWriter
from lod.describe import life
from lod.errors import BadValue, CheckFailed
from lod.iri import Iris
from lod.model import Answer, JournalPage, QuestionKind, Text
from lod.source import archive
from lod.source.register import load_register
from tests.conftest import ROOT, SAMPLES
from tests.support.command import lod
from tests.support.lives import ANSWERED, AWAITING, STATES

ORDINARY = RecordWriter(Iris())
SHAPES = shacl.Shapes(Iris().base)
WITHOUT_FORM = {"amended", "printed-otherwise"}
"""The states with corrections, or with two memberships of which one is chosen."""
ODD = [
    "Zq1w0003x",
    "zq2w0001x 987000001",
    'a "quotation" and \\ a backslash\\',
    "\U0001d518nicode \U0001f419 e\u0301",
    "tab\tline\nend\r\x7f\x85\u2028",
    "%b %% {0} \\u0000 \x01",
    "2026-01-06",
    "1> <https://example.org/> .",
    " ",
    "",
    "9001",
]


def new_writer(compared: int = 1) -> FastWriter:
    return FastWriter(ORDINARY, SHAPES.project, seen_before=0, compared=compared)


def comparable(written: PublishedQuestion) -> list[object]:
    shared = [(each.graph, each.node) for each in written.shared]
    projected = SHAPES.project(written.blocks)
    return [
        written.iri,
        written.texts,
        written.row,
        shared,
        written.metadata,
        written.void,
        projected,
        written.subjects,
    ]


def outcome(write: FastWriter | RecordWriter, question: Question) -> object:
    try:
        return comparable(write.write(question))
    except BadValue as bad:
        return str(bad)


def require_equal(questions: Iterable[Question], writer: FastWriter) -> None:
    for question in questions:
        expected = outcome(ORDINARY, question)
        assert outcome(writer, question) == expected  # templates may be made
        assert outcome(writer, question) == expected  # and are filled


def with_text(question: Question, text: str) -> Question:
    """Return a question that has a text wherever it has one of its own."""
    said = Text(plain=text, html=f"<p>{text}</p>")
    page = replace(question.published, page=text)
    answers = [
        replace(each, text=each.text and said, published=replace(each.published, page=text))
        for each in question.answers
    ]
    closure = question.closure and replace(question.closure, label=text)
    return replace(
        question,
        title=text,
        text=question.text and said,
        published=page,
        answers=tuple(answers),
        closure=closure,
        author=replace(question.author, name=question.author.name and text),
    )


@pytest.mark.parametrize("state", STATES)
def test_every_state_is_written_alike(state: str) -> None:
    writer, question = new_writer(), STATES[state]
    require_equal([question, replace(question, id=replace(question.id, number=123456789))], writer)
    assert writer.forms == (state not in WITHOUT_FORM)


@pytest.mark.parametrize("text", ODD)
def test_odd_values_are_written_alike(text: str) -> None:
    writer = new_writer()
    require_equal((with_text(question, text) for question in STATES.values()), writer)


def odd_names() -> Iterator[Question]:
    for text in ODD:
        yield replace(ANSWERED, rubric=text, keywords=(text, "Une autre"))
        yield replace(ANSWERED, keywords=("Été", "ete", text))
        asked = ANSWERED.ministry_asked
        yield replace(ANSWERED, ministry_asked=asked and replace(asked, label=text, official_id=None))
        yield replace(ANSWERED, author=replace(ANSWERED.author, group=None, name=text))


def test_odd_names_are_written_alike() -> None:
    require_equal(odd_names(), new_writer())


def test_what_cannot_be_part_of_an_iri_is_left_to_the_ordinary_path() -> None:
    writer = new_writer()
    writer.write(ANSWERED)
    bad = replace(ANSWERED, author=replace(ANSWERED.author, official_id="PA 1"))
    with pytest.raises(CheckFailed, match="is not a valid IRI"):
        writer.write(bad)


def lives() -> Iterator[Question]:
    """Yield lives with days in any order, on both sides of a change of the rules, equal or not."""
    for start in (date(2009, 1, 31), life.TWO_MONTHS_SINCE - timedelta(1), date(2024, 2, 29)):
        for days in (-3, 0, 1, 8, 400):
            on = start + timedelta(days)
            answer = Answer(published=JournalPage(on=on, page="1"), text=Text(plain="Oui."))
            life_of = replace(ANSWERED, published=replace(ANSWERED.published, on=start), answers=(answer,))
            yield life_of
            yield replace(life_of, flaggings=(start, on), renewals=(on, on))
            yield replace(life_of, id=replace(life_of.id, kind=QuestionKind.ORAL))


def test_days_in_any_order_are_written_alike() -> None:
    writer = new_writer()
    require_equal(lives(), writer)
    assert writer.forms > 9


_WORDS = st.text(max_size=12)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    title=_WORDS,
    rubric=_WORDS,
    words=st.lists(_WORDS, max_size=3),
    text=_WORDS,
    number=st.integers(1, 999_999_999),
    days=st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), min_size=3, max_size=3),
)
def test_any_values_are_written_alike(
    title: str, rubric: str, words: list[str], text: str, number: int, days: list[date]
) -> None:
    question = with_text(ANSWERED, text)
    answers = tuple(replace(each, published=replace(each.published, on=days[1])) for each in question.answers)
    asked = replace(
        question,
        id=replace(question.id, number=number),
        title=title,
        rubric=rubric,
        keywords=tuple(words),
        published=replace(question.published, on=days[0]),
        answers=answers,
        flaggings=(days[2],),
    )
    require_equal([asked], new_writer())


def test_twins_have_the_form_of_their_question_and_no_value_of_it_or_of_each_other() -> None:
    for state, question in STATES.items():
        form = form_of(question)
        if form is None:
            assert state in WITHOUT_FORM
            continue
        twins = [form_of(twin(question, which)) for which in (1, 2)]
        assert [each and each.key for each in twins] == [form.key] * 2
        values = [
            {leaf for leaf in each.leaves if isinstance(leaf, str | date) and leaf} for each in twins if each
        ]
        assert values[0].isdisjoint(values[1])


def test_a_form_has_no_templates_if_a_value_decides_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(life, "DAYS_TO_ANSWER_ONCE_FLAGGED", 11)  # a spelling that `spellings` does not know
    writer = new_writer()
    require_equal([ANSWERED], writer)
    assert writer.forms == 0


def test_a_difference_ends_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    writer, spell = new_writer(), Slots.spell
    writer.write(AWAITING)
    monkeypatch.setattr(Slots, "spell", lambda *given: (*(spell(*given) or ())[1:], b"x"))
    with pytest.raises(CheckFailed, match=r"QANR5L17QE91001: the fast path writes \w+ other than") as failed:
        writer.write(AWAITING)
    assert failed.value.exit_code == 5
    assert "--no-fast" in str(failed.value)


def test_one_question_in_a_hundred_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = list[str]()
    monkeypatch.setattr(FastWriter, "_compare", lambda _, filled, __: compared.append(filled.iri))
    writer = new_writer(fast.COMPARED)
    for number in range(1, 2001):
        writer.write(replace(AWAITING, id=replace(AWAITING.id, number=number)))
    assert 10 <= len(compared) <= 30


def test_the_release_is_the_same_without_the_fast_path(tmp_path: Path) -> None:
    sources = [SAMPLES / "pages", SAMPLES / "json", SAMPLES / "xml"]
    quick, slow = (build_release(sources, tmp_path / str(f), Options(fast=f)).release for f in (True, False))
    assert quick == slow
    ran = lod("build", *map(str, sources), "--out", str(tmp_path / "cli"), "--no-fast", "--json")
    assert f'"release": "{quick}"' in ran.stdout


def real_questions() -> Iterator[Question]:
    data = ROOT.parent / "shared/data"
    register, _ = load_register(data / "AMO10_deputes_actifs_mandats_actifs_organes_2025-04.json.zip")
    paths = [p for p in sorted(data.rglob("*")) if p.is_file() and not p.name.startswith("AMO10")]
    for path in paths:
        for document in archive.read_documents(path):
            for found in read_questions(document) if not isinstance(document, Problem) else ():
                if isinstance(found, Question):
                    yield found
                    yield register.resolve(found)[0]


@pytest.mark.real
@pytest.mark.slow
def test_every_real_question_is_written_alike() -> None:
    writer, seen = new_writer(), 0
    for question in real_questions():
        seen += 1
        assert outcome(writer, question) == outcome(ORDINARY, question)
    assert seen > 500
    assert writer.forms > 20
