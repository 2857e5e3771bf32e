"""The questions of a build are kept on disk: there it is found what ties them together."""

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
from lod.build.worker import Settings, at_work
from lod.cross_references import CrossReferences, LinkKeys, complete, link_keys
from lod.executors.process_pool import ProcessPool
from lod.iri import Iris
from lod.model import JournalPage, Question, QuestionId, QuestionKind, Text
from tests.conftest import SAMPLES
from tests.support.lives import ANSWERED, AWAITING, IDENTIFIED

IRIS = Iris()
PAGE = SAMPLES / "pages" / "90001-lien-vide.txt"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[AccountDatabase]:
    with open_account_database(tmp_path, IRIS) as questions:
        yield questions


def number(of: int, kind: QuestionKind = QuestionKind.WRITTEN) -> QuestionId:
    return QuestionId(legislature=17, kind=kind, number=of)


def known(of: int, *answers: bytes, recalls: Sequence[int] = (), who: str = "PA1") -> LinkKeys:
    return LinkKeys(number(of), who, tuple(enumerate(answers)), tuple(map(number, recalls)))


def accounts(known: Iterable[LinkKeys]) -> list[Account]:
    return [Account(ByteRange("accounts", place, 1), one) for place, one in enumerate(known)]


def items(questions: AccountDatabase, size: int = 100) -> list[QuestionRef]:
    return [item for batch in questions.batches(size) for item in batch]


def completed(questions: AccountDatabase, asked: Sequence[Question]) -> dict[QuestionId, Question]:
    """Give the questions as all of them together have them."""
    questions.take(accounts(map(link_keys, asked)))
    found = items(questions)
    return {
        asked[item.places[0].start].id: complete(asked[item.places[0].start], item.completion)
        for item in found
    }


def test_questions_come_in_the_order_of_their_iris_so_many_at_a_time(begun: AccountDatabase) -> None:
    begun.take(accounts(known(n) for n in (9, 10, 100, 2, 11)))
    batches = [[item.places[0].start for item in batch] for batch in begun.batches(2)]
    assert batches == [[1, 2], [4, 3], [0]]
    assert len(begun) == 5
    assert list(begun.batches(5)) == [[item for batch in begun.batches(2) for item in batch]]


def test_a_batch_is_of_one_legislature_and_kind(begun: AccountDatabase) -> None:
    written = [number(n) for n in (1, 2, 3)]
    others = [number(1, QuestionKind.GOVERNMENT), replace(number(1), legislature=16)]
    begun.take(accounts(LinkKeys(q, "PA1", (), ()) for q in (*written, *others)))
    assert [[item.places[0].start for item in batch] for batch in begun.batches(2)] == [[4], [0, 1], [2], [3]]


def test_no_questions_are_no_batches(begun: AccountDatabase) -> None:
    begun.take([])
    assert (list(begun.batches(2)), len(begun)) == ([], 0)


def test_the_accounts_of_a_question_stay_together_as_they_came(begun: AccountDatabase) -> None:
    begun.take(accounts(known(n) for n in (3, 1, 3, 2, 3, 2)))
    assert [(iri, [place.start for place in places]) for iri, places in begun.several()] == [
        (IRIS.question(number(2)), [3, 5]),
        (IRIS.question(number(3)), [0, 2, 4]),
    ]
    assert [[place.start for place in item.places] for item in items(begun, 1)] == [[1], [3, 5], [0, 2, 4]]
    assert len(begun) == 3


def test_what_accounts_say_together_replaces_what_each_said(begun: AccountDatabase) -> None:
    begun.take(accounts([known(1, b"a", recalls=[5]), known(1, b"b"), known(2, b"a"), known(3, b"b", b"c")]))
    begun.restate(IRIS.question(number(1)), known(1, b"c", b"b"))
    told = [item.completion.firsts for item in items(begun)]
    assert told == [((0, number(1)), (1, number(1))), (), ((0, number(1)), (1, number(1)))]
    assert list(begun.doubts()) == []


def test_a_question_that_is_none_after_all_is_nowhere(begun: AccountDatabase) -> None:
    begun.take(accounts([known(1, b"a"), known(1, b"a"), known(2, b"a"), known(3, b"a", recalls=[1, 2])]))
    begun.restate(IRIS.question(number(1)), None)
    assert [item.completion for item in items(begun)] == [
        CrossReferences(((0, number(2)),), ()),
        CrossReferences(((0, number(2)),), (number(2),)),
    ]
    assert [bad.found for _, bad in begun.doubts()] == ["none"]
    assert len(begun) == 2


def test_the_first_question_of_a_common_answer_is_that_of_the_lowest_number(begun: AccountDatabase) -> None:
    begun.take(accounts([known(10, b"a"), known(9, b"a"), known(100, b"a")]))
    assert [item.completion.firsts for item in items(begun, 1)] == [((0, number(9)),)] * 3


def test_an_answer_given_to_several_questions_is_known_by_day_and_words(begun: AccountDatabase) -> None:
    other = replace(ANSWERED, id=replace(ANSWERED.id, number=91050))
    spaced = replace(other.answers[0], text=Text(plain="Les marées  imaginaires\nsont à l'heure."))
    later = replace(other.answers[0], published=JournalPage(on=date(2026, 5, 12), page=None))
    alike, unlike = replace(other, answers=(spaced,)), replace(other, id=AWAITING.id, answers=(later,))
    found = completed(begun, [ANSWERED, alike, unlike])
    assert found[ANSWERED.id].answers[0].first == ANSWERED.id
    assert found[alike.id].answers == (replace(spaced, first=ANSWERED.id),)
    assert found[unlike.id].answers == (later,)


def test_two_answers_of_one_day_to_one_question_are_common_to_nothing(begun: AccountDatabase) -> None:
    twice = replace(
        ANSWERED, answers=(*ANSWERED.answers, replace(ANSWERED.answers[0], text=Text(plain="Non.")))
    )
    other = replace(ANSWERED, id=AWAITING.id)
    found = completed(begun, [twice, other])
    assert [answer.first for answer in found[twice.id].answers] == [None, None]
    assert found[other.id].answers[0].first is None


def test_a_recall_holds_if_the_earlier_question_is_there_and_by_the_same_author(
    begun: AccountDatabase,
) -> None:
    earlier = replace(AWAITING, author=IDENTIFIED)
    mine = replace(ANSWERED, recalls=(earlier.id, replace(earlier.id, number=5)))
    strangers = replace(mine, id=replace(mine.id, number=91051), author=AWAITING.author)
    found = completed(begun, [mine, strangers, earlier])
    assert found[mine.id].recalls == (earlier.id,)
    assert found[strangers.id].recalls == ()
    assert sorted((item.places[0].start, bad.found) for item, bad in begun.doubts()) == [
        (0, "none"),
        (1, "none"),
        (1, "one of another author"),
    ]


def test_a_question_that_is_left_out_still_tells_the_others_what_it_told(begun: AccountDatabase) -> None:
    begun.take(accounts([known(1, b"a"), known(2, b"a", recalls=[1]), known(3, b"a"), known(4)]))
    before = items(begun)
    begun.drop([number(1), number(3)])
    assert list(begun.batches(1)) == [[before[1]], [before[3]]]
    assert before[1].completion == CrossReferences(((0, number(1)),), (number(1),))
    assert len(begun) == 2
    assert list(begun.doubts()) == []


NUMBERS = st.builds(
    QuestionId, legislature=st.integers(9, 10), kind=st.sampled_from(QuestionKind), number=st.integers(8, 12)
)
ANSWERS = st.lists(st.sampled_from([b"a", b"b", b"c"]), unique=True).map(lambda keys: tuple(enumerate(keys)))
SAID = st.builds(
    LinkKeys,
    id=st.just(number(1)),
    who=st.sampled_from("xy"),
    answers=ANSWERS,
    recalls=st.lists(NUMBERS, max_size=3).map(tuple),
)
CHAMBER = st.dictionaries(NUMBERS, st.tuples(st.lists(SAID, min_size=1, max_size=3), st.none() | SAID))


def expected(of: LinkKeys, every: dict[QuestionId, LinkKeys]) -> CrossReferences:
    """Look at all other questions, one by one."""
    given = (
        (n, [q for q, other in every.items() if key in dict(other.answers).values()]) for n, key in of.answers
    )
    firsts = tuple((n, min(asked)) for n, asked in given if len(asked) > 1)
    return CrossReferences(firsts, tuple(q for q in of.recalls if q in every and every[q].who == of.who))


@given(chamber=CHAMBER, size=st.integers(1, 4), left_out=st.sets(NUMBERS))
def test_what_is_added_to_a_question_is_what_a_look_at_all_others_tells(
    chamber: dict[QuestionId, tuple[list[LinkKeys], LinkKeys | None]], size: int, left_out: set[QuestionId]
) -> None:
    every = {q: said[0] if len(said) == 1 else merged for q, (said, merged) in chamber.items()}
    there = {q: said._replace(id=q) for q, said in every.items() if said}
    with TemporaryDirectory() as folder, open_account_database(Path(folder), IRIS) as questions:
        questions.take(accounts(one._replace(id=q) for q, (said, _) in chamber.items() for one in said))
        assert dict(questions.several()).keys() == {
            IRIS.question(q) for q, (said, _) in chamber.items() if len(said) > 1
        }
        for q, (said, _) in chamber.items():
            if len(said) > 1:
                questions.restate(IRIS.question(q), there.get(q))
        for out in (set[QuestionId](), left_out):
            questions.drop(out)
            left, found = sorted(there.keys() - out, key=IRIS.question), items(questions, size)
            kinds = [len(list(alike)) for _, alike in groupby(left, lambda q: (q.legislature, q.kind))]
            sizes = [min(size, count - start) for count in kinds for start in range(0, count, size)]
            assert [len(batch) for batch in questions.batches(size)] == sizes
            assert [item.completion for item in found] == [expected(there[q], there) for q in left]
            assert [len(item.places) for item in found] == [len(chamber[q][0]) for q in left]
            assert len(questions) == len(left)


def test_nothing_of_a_question_stays_in_memory(begun: AccountDatabase) -> None:
    def held(first: int, last: int) -> int:
        for start in range(first, last, 100):
            begun.take(accounts(known(n, b"%d" % n, recalls=[n - 1]) for n in range(start, start + 100)))
        for _ in begun.batches(100):
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
    """Let no file of this process grow beyond a size, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_database, "CACHE", 64)

    def fill() -> None:
        with open_account_database(tmp_path, IRIS) as begun, files_up_to(2**18):
            for n in range(0, 10_000, 100):
                begun.take(accounts(known(n + more) for more in range(100)))

    with pytest.raises(NotReadOrWritten, match=r"questions\.db: disk I/O error"):
        fill()


def test_a_build_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotReadOrWritten, match=r"questions\.db: disk I/O error"), files_up_to(2**14):
        build_release([PAGE], tmp_path)
    assert list(tmp_path.iterdir()) == []
    build_release([PAGE], tmp_path)


def test_a_file_that_is_damaged_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_database, "CACHE", 64)

    def damage() -> None:
        with open_account_database(tmp_path, IRIS) as begun:
            begun.take(accounts(known(n) for n in range(1, 5000)))
            file = tmp_path / "questions.db"
            file.write_bytes(b"\xff" * file.stat().st_size)
            items(begun)

    with pytest.raises(NotReadOrWritten, match=r"questions\.db: database disk image is malformed"):
        damage()


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
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
    ledger, how = Accounting(), Settings(folder=tmp_path / "parts", base=IRIS.base)
    with at_work(how), ingest([folder], how, ProcessPool(1), ledger) as found:
        assert [len(item.places) for item in items(found)] == [1, 2, 3]
        assert [item.completion.recalls for item in items(found)] == [(), (number(90001),), (number(90001),)]
    assert (ledger.received, ledger.duplicates, ledger.rejected) == (8, 3, 2)
    assert [problem.document for problem in ledger.problems] == ["90004-0.txt", "90004-1.txt"]


@given(
    st.lists(
        st.sampled_from(["a", "é", "’", " ", "\n", "\t", "\u00a0", "\u202f", "\u2009", "\u0085"]), max_size=6
    )
)
def test_answers_are_common_whatever_their_white_space(pieces: list[str]) -> None:
    def keys(text: str) -> tuple[tuple[int, bytes], ...]:
        answer = replace(ANSWERED.answers[0], text=Text(plain=text))
        return link_keys(replace(ANSWERED, answers=(answer,))).answers

    text = "".join(pieces)
    assert keys(text) == keys(" ".join(text.split()))
    assert keys(text) != keys(f"{text}b")
    if text.isspace():
        assert keys(f"a{text}b") == keys("a b")
