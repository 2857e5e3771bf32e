"""What is published can be read again: a text that is too long for that is rejected, and named."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import pytest

from lod import NotReadOrWritten, Summary, build_release, verify_release
from lod.build import record
from lod.store import load
from tests.conftest import SAMPLES

PAGE = SAMPLES / "pages" / "90002-valeurs-nues.txt"
SENTENCE = (
    "M. Barnabé Factice interroge M. le ministre des transports merveilleux sur le tarif des tapis volants."
)


def page(folder: Path, number: str, size: int) -> None:
    """Write a page whose text has about so many bytes."""
    text = PAGE.read_text(encoding="utf-8").replace("90002", number)
    assert SENTENCE in text
    filler = "mot " * (size // 4)
    (folder / f"{number}.txt").write_text(text.replace(SENTENCE, SENTENCE + " " + filler), encoding="utf-8")


@pytest.mark.slow
def test_the_longest_text_that_is_published_can_be_read_and_a_longer_one_is_rejected(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    page(folder, "90002", record.LONGEST_TEXT - 2000)
    page(folder, "90012", 12_000_000)
    summary = build_release([folder], tmp_path / "out")
    (problem,) = [problem for problem in summary.problems if "a text of at most" in problem.expected]
    assert problem.document == "90012.txt"
    assert problem.found.startswith("one of 12000")
    assert (summary.counts["questions"], summary.counts["rejected"]) == (1, 1)
    assert verify_release(summary.path).problems == []
    assert load(summary.path, str(tmp_path / "store")).triples > summary.triples


@pytest.mark.parametrize("form", ["nt", "nq"])
def test_the_file_is_named_if_memory_runs_out(
    sample_release: Summary, form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(pyoxigraph, "parse", parse)
    monkeypatch.setattr("lod.store.release_graphs.parse", parse)
    read: Callable[[Path], object] = (
        verify_release if form == "nt" else lambda release: load(release, str(tmp_path))
    )
    with pytest.raises(NotReadOrWritten, match=rf"\w+\.{form}: not enough memory$"):
        read(sample_release.path)


def test_a_dump_with_a_text_that_is_too_long_is_reported_by_its_name(
    sample_release: Summary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*_: object, **__: object) -> None:
        raise MemoryError("Reached the buffer maximal size of 16777216")

    monkeypatch.setattr(pyoxigraph, "parse", parse)
    problems = verify_release(sample_release.path).problems
    assert "questions.nt: expected nt that can be parsed, found a text that is too long: " in problems[0]
