"""A build checks only what has changed since the last one; what is wrong is checked every time."""

import shutil
from pathlib import Path

import pytest

from lod import Options, Summary, build_release
from lod.build import VERDICTS
from lod.shacl import Engine, Shapes, ValidationPass, ValidationResult
from tests.conftest import SAMPLES

PAGES = SAMPLES / "pages"


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many questions each pass over documents is given."""
    counts = list[int]()
    check = Shapes.check

    def noted(
        self: Shapes, ntriples: bytes, questions: int | None = None, part: ValidationPass = ValidationPass.ALL
    ) -> list[ValidationResult]:
        if part is ValidationPass.DOCUMENTS:
            counts.append(questions or 0)
        return check(self, ntriples, questions, part)

    monkeypatch.setattr(Shapes, "check", noted)
    return counts


def build(out: Path, source: Path = PAGES, options: Options | None = None) -> Summary:
    return build_release([source], out, options)


def test_only_what_has_changed_is_checked_again(tmp_path: Path, checked: list[int]) -> None:
    pages = tmp_path / "pages"
    shutil.copytree(PAGES, pages)
    first, again = build(tmp_path / "out", pages), build(tmp_path / "out", pages)
    assert first.release == again.release
    assert checked == [5]
    page = pages / "90001-lien-vide.txt"
    page.write_text(page.read_text(encoding="utf-8").replace("parapluies", "ombrelles"), encoding="utf-8")
    build(tmp_path / "out", pages)
    assert checked == [5, 1]


@pytest.mark.parametrize(
    "options", [Options(cache=False), Options(engine=Engine.PYSHACL), Options(base="https://example.org/")]
)
def test_all_is_checked_if_asked_or_if_what_decides_has_changed(
    tmp_path: Path, checked: list[int], options: Options
) -> None:
    build(tmp_path)
    build(tmp_path, options=options)
    assert checked == [5, 5]


def test_a_damaged_memory_is_no_memory(tmp_path: Path, checked: list[int]) -> None:
    build(tmp_path)
    for damage in (b"", b"x", (tmp_path / VERDICTS).read_bytes()[:-1], b"y" * 96):
        (tmp_path / VERDICTS).write_bytes(damage)
        build(tmp_path)
    assert checked == [5] * 5
