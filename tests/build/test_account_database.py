"""The questions of a build are in a database on disk, which finds the links between them."""

import gc
import resource
import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lod import NotReadOrWritten, build_release
from lod.build import account_database
from lod.build.account_database import AccountDatabase, open_account_database
from lod.build.accounting import Accounting
from lod.build.ingest import ingest
from lod.build.messages import Account, QuestionRef
from lod.build.spool import ByteRange
from lod.build.worker import Settings, open_executor
from lod.cross_references import CrossReferences, LinkKeys, add_cross_references, link_keys
from lod.iri import Iris
from lod.model import JournalPage, Question, QuestionId, QuestionKind, Text
from tests.conftest import SAMPLES
from tests.support.lives import ANSWERED, AWAITING, IDENTIFIED

IRIS = Iris()
PAGE = SAMPLES / "pages" / "90001-lien-vide.txt"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[AccountDatabase]:
    with open_account_database(tmp_path, IRIS) as questions:
        yield questions


def number(of: int, kind: QuestionKind = QuestionKind.WRITTEN) -> QuestionId:
    return QuestionId(legislature=17, kind=kind, number=of)


def keys(of: int, *answers: bytes, recalls: Sequence[int] = (), author: str = "PA1") -> LinkKeys:
    return LinkKeys(number(of), author, tuple(enumerate(answers)), tuple(map(number, recalls)))


def accounts(every: Iterable[LinkKeys]) -> list[Account]:
    return [Account(ByteRange("accounts", start, 1), one) for start, one in enumerate(every)]


def refs(database: AccountDatabase, size: int = 100) -> list[QuestionRef]:
    return [ref for batch in database.batches(size) for ref in batch]


def cross_referenced(database: AccountDatabase, questions: Sequence[Question]) -> dict[QuestionId, Question]:
    """Return the questions with what all of them together add to each."""
    database.add(accounts(map(link_keys, questions)))
    by_ref = [(questions[ref.locations[0].start], ref) for ref in refs(database)]
    return {question.id: add_cross_references(question, ref.cross_references) for question, ref in by_ref}


def test_batches_are_in_the_order_of_iris_and_have_at_most_the_given_size(database: AccountDatabase) -> None:
    database.add(accounts(keys(n) for n in (9, 10, 100, 2, 11)))
    batches = [[ref.locations[0].start for ref in batch] for batch in database.batches(2)]
    assert batches == [[1, 2], [4, 3], [0]]
    assert len(database) == 5
    assert list(database.batches(5)) == [[ref for batch in database.batches(2) for ref in batch]]


def test_a_batch_has_questions_of_one_legislature_and_kind(database: AccountDatabase) -> None:
    written = [number(n) for n in (1, 2, 3)]
    others = [number(1, QuestionKind.GOVERNMENT), replace(number(1), legislature=16)]
    database.add(accounts(LinkKeys(q, "PA1", (), ()) for q in (*written, *others)))
    assert [[ref.locations[0].start for ref in batch] for batch in database.batches(2)] == [
        [4],
        [0, 1],
        [2],
        [3],
    ]


def test_without_questions_there_are_no_batches(database: AccountDatabase) -> None:
    database.add([])
    assert (list(database.batches(2)), len(database)) == ([], 0)


def test_the_accounts_of_a_question_stay_together_in_order_of_arrival(database: AccountDatabase) -> None:
    database.add(accounts(keys(n) for n in (3, 1, 3, 2, 3, 2)))
    assert [
        (iri, [place.start for place in locations]) for iri, locations in database.with_several_accounts()
    ] == [
        (IRIS.question(number(2)), [3, 5]),
        (IRIS.question(number(3)), [0, 2, 4]),
    ]
    assert [[place.start for place in ref.locations] for ref in refs(database, 1)] == [[1], [3, 5], [0, 2, 4]]
    assert len(database) == 3


def test_merged_keys_replace_those_of_each_account(database: AccountDatabase) -> None:
    database.add(accounts([keys(1, b"a", recalls=[5]), keys(1, b"b"), keys(2, b"a"), keys(3, b"b", b"c")]))
    database.replace(IRIS.question(number(1)), keys(1, b"c", b"b"))
    told = [ref.cross_references.firsts for ref in refs(database)]
    assert told == [((0, number(1)), (1, number(1))), (), ((0, number(1)), (1, number(1)))]
    assert list(database.unresolved_recalls()) == []


def test_a_question_whose_keys_are_removed_is_removed(database: AccountDatabase) -> None:
    database.add(accounts([keys(1, b"a"), keys(1, b"a"), keys(2, b"a"), keys(3, b"a", recalls=[1, 2])]))
    database.replace(IRIS.question(number(1)), None)
    assert [ref.cross_references for ref in refs(database)] == [
        CrossReferences(((0, number(2)),), ()),
        CrossReferences(((0, number(2)),), (number(2),)),
    ]
    assert [bad.found for _, bad in database.unresolved_recalls()] == ["none"]
    assert len(database) == 2


def test_the_first_question_with_a_common_answer_has_the_lowest_number(database: AccountDatabase) -> None:
    database.add(accounts([keys(10, b"a"), keys(9, b"a"), keys(100, b"a")]))
    assert [ref.cross_references.firsts for ref in refs(database, 1)] == [((0, number(9)),)] * 3


def test_a_common_answer_has_the_same_day_and_the_same_words(database: AccountDatabase) -> None:
    other = replace(ANSWERED, id=replace(ANSWERED.id, number=91050))
    spaced = replace(other.answers[0], text=Text(plain="Les marées  imaginaires\nsont à l'heure."))
    later = replace(other.answers[0], published=JournalPage(on=date(2026, 5, 12), page=None))
    alike, unlike = replace(other, answers=(spaced,)), replace(other, id=AWAITING.id, answers=(later,))
    found = cross_referenced(database, [ANSWERED, alike, unlike])
    assert found[ANSWERED.id].answers[0].first == ANSWERED.id
    assert found[alike.id].answers == (replace(spaced, first=ANSWERED.id),)
    assert found[unlike.id].answers == (later,)


def test_two_answers_of_one_day_to_one_question_are_never_common(database: AccountDatabase) -> None:
    twice = replace(
        ANSWERED, answers=(*ANSWERED.answers, replace(ANSWERED.answers[0], text=Text(plain="Non.")))
    )
    other = replace(ANSWERED, id=AWAITING.id)
    found = cross_referenced(database, [twice, other])
    assert [answer.first for answer in found[twice.id].answers] == [None, None]
    assert found[other.id].answers[0].first is None


def test_a_recall_is_resolved_if_the_earlier_question_exists_and_has_the_same_author(
    database: AccountDatabase,
) -> None:
    earlier = replace(AWAITING, author=IDENTIFIED)
    mine = replace(ANSWERED, recalls=(earlier.id, replace(earlier.id, number=5)))
    strangers = replace(mine, id=replace(mine.id, number=91051), author=AWAITING.author)
    found = cross_referenced(database, [mine, strangers, earlier])
    assert found[mine.id].recalls == (earlier.id,)
    assert found[strangers.id].recalls == ()
    assert sorted((ref.locations[0].start, bad.found) for ref, bad in database.unresolved_recalls()) == [
        (0, "none"),
        (1, "none"),
        (1, "one of another author"),
    ]


def test_a_dropped_question_still_adds_to_others(database: AccountDatabase) -> None:
    database.add(accounts([keys(1, b"a"), keys(2, b"a", recalls=[1]), keys(3, b"a"), keys(4)]))
    before = refs(database)
    database.drop([number(1), number(3)])
    assert list(database.batches(1)) == [[before[1]], [before[3]]]
    assert before[1].cross_references == CrossReferences(((0, number(1)),), (number(1),))
    assert len(database) == 2
    assert list(database.unresolved_recalls()) == []


NUMBERS = st.builds(
    QuestionId, legislature=st.integers(9, 10), kind=st.sampled_from(QuestionKind), number=st.integers(8, 12)
)
ANSWERS = st.lists(st.sampled_from([b"a", b"b", b"c"]), unique=True).map(lambda keys: tuple(enumerate(keys)))
SAID = st.builds(
    LinkKeys,
    id=st.just(number(1)),
    author=st.sampled_from("xy"),
    answers=ANSWERS,
    recalls=st.lists(NUMBERS, max_size=3).map(tuple),
)
CHAMBER = st.dictionaries(NUMBERS, st.tuples(st.lists(SAID, min_size=1, max_size=3), st.none() | SAID))


def expected(of: LinkKeys, every: dict[QuestionId, LinkKeys]) -> CrossReferences:
    """Compare a question with all others, one by one."""
    given = (
        (n, [q for q, other in every.items() if key in dict(other.answers).values()]) for n, key in of.answers
    )
    firsts = tuple((n, min(asked)) for n, asked in given if len(asked) > 1)
    return CrossReferences(
        firsts, tuple(q for q in of.recalls if q in every and every[q].author == of.author)
    )


@given(chamber=CHAMBER, size=st.integers(1, 4), left_out=st.sets(NUMBERS))
def test_cross_references_equal_those_found_by_comparing_all_questions(
    chamber: dict[QuestionId, tuple[list[LinkKeys], LinkKeys | None]], size: int, left_out: set[QuestionId]
) -> None:
    every = {q: said[0] if len(said) == 1 else merged for q, (said, merged) in chamber.items()}
    there = {q: said._replace(id=q) for q, said in every.items() if said}
    with TemporaryDirectory() as folder, open_account_database(Path(folder), IRIS) as database:
        database.add(accounts(one._replace(id=q) for q, (said, _) in chamber.items() for one in said))
        assert dict(database.with_several_accounts()).keys() == {
            IRIS.question(q) for q, (said, _) in chamber.items() if len(said) > 1
        }
        for q, (said, _) in chamber.items():
            if len(said) > 1:
                database.replace(IRIS.question(q), there.get(q))
        for out in (set[QuestionId](), left_out):
            database.drop(out)
            left, found = sorted(there.keys() - out, key=IRIS.question), refs(database, size)
            kinds = [len(list(alike)) for _, alike in groupby(left, lambda q: (q.legislature, q.kind))]
            sizes = [min(size, count - start) for count in kinds for start in range(0, count, size)]
            assert [len(batch) for batch in database.batches(size)] == sizes
            assert [ref.cross_references for ref in found] == [expected(there[q], there) for q in left]
            assert [len(ref.locations) for ref in found] == [len(chamber[q][0]) for q in left]
            assert len(database) == len(left)


def test_questions_do_not_stay_in_memory(database: AccountDatabase) -> None:
    def held(first: int, last: int) -> int:
        for start in range(first, last, 100):
            database.add(accounts(keys(n, b"%d" % n, recalls=[n - 1]) for n in range(start, start + 100)))
        for _ in database.batches(100):
            pass
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = held(1, 1001)
        assert held(1001, 5001) - before < 50_000
    finally:
        tracemalloc.stop()


@contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Limit the size of the files of this process, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_reported_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_database, "CACHE", 64)

    def fill() -> None:
        with open_account_database(tmp_path, IRIS) as database, files_up_to(2**18):
            for n in range(0, 10_000, 100):
                database.add(accounts(keys(n + more) for more in range(100)))

    with pytest.raises(NotReadOrWritten, match=r"questions\.db: disk I/O error"):
        fill()


def test_a_build_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotReadOrWritten, match=r"questions\.db: disk I/O error"), files_up_to(2**14):
        build_release([PAGE], tmp_path)
    assert list(tmp_path.iterdir()) == []
    build_release([PAGE], tmp_path)


def test_a_database_that_is_damaged_during_the_build_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account_database, "CACHE", 64)

    def damage() -> None:
        with open_account_database(tmp_path, IRIS) as database:
            database.add(accounts(keys(n) for n in range(1, 5000)))
            file = tmp_path / "questions.db"
            file.write_bytes(b"\xff" * file.stat().st_size)
            refs(database)

    with pytest.raises(NotReadOrWritten, match=r"questions\.db: database disk image is malformed"):
        damage()


def test_a_path_that_is_not_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "questions.db").mkdir()
    with (
        pytest.raises(NotReadOrWritten, match=r"questions\.db: unable to open"),
        open_account_database(tmp_path, IRIS),
    ):
        pass


def test_one_two_and_three_documents_of_a_question_are_each_accounted_for(tmp_path: Path) -> None:
    page, folder = PAGE.read_text(encoding="utf-8"), tmp_path / "in"
    recalling = page.replace("Elle lui", "Elle rappelle les termes de sa question n° 90001. Elle lui")
    folder.mkdir()
    for of, copies in ((90001, 1), (90002, 2), (90003, 3)):
        for copy in range(copies):
            text = recalling.replace("écrite n° 90001", f"écrite n° {of}")
            text = text.replace("la question : 90001", f"la question : {of}")
            (folder / f"{of}-{copy}.txt").write_text(text, encoding="utf-8")
    for copy, rubric in enumerate(("Eau", "Forêts")):
        text = page.replace("90001", "90004").replace("Rubrique : Environnement", f"Rubrique : {rubric}")
        (folder / f"90004-{copy}.txt").write_text(text, encoding="utf-8")
    accounting = Accounting()
    with (
        open_executor(Settings(spool=tmp_path / "parts", base=IRIS.base)) as (worker, executor),
        ingest([folder], worker, executor, accounting) as found,
    ):
        assert [len(ref.locations) for ref in refs(found)] == [1, 2, 3]
        assert [ref.cross_references.recalls for ref in refs(found)] == [
            (),
            (number(90001),),
            (number(90001),),
        ]
    assert (accounting.received, accounting.duplicates, accounting.rejected) == (8, 3, 2)
    assert sorted(problem.document for problem in accounting.problems) == ["90004-0.txt", "90004-1.txt"]


@given(
    st.lists(
        st.sampled_from(["a", "é", "’", " ", "\n", "\t", "\u00a0", "\u202f", "\u2009", "\u0085"]), max_size=6
    )
)
def test_common_answers_may_differ_in_white_space(pieces: list[str]) -> None:
    def keys(text: str) -> tuple[tuple[int, bytes], ...]:
        answer = replace(ANSWERED.answers[0], text=Text(plain=text))
        return link_keys(replace(ANSWERED, answers=(answer,))).answers

    text = "".join(["a", *pieces])
    assert keys(text) == keys(" ".join(text.split()))
    assert keys(text) != keys(f"{text}b")
    if text[1:].isspace():
        assert keys(f"{text}b") == keys("a b")
