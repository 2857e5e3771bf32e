"""The consequences of each validation pass: a rejected question, the end of the build, or a warning."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lod import Options, Question, build_release, definitions, describe_question, to_ntriples
from lod.build.accounting import dataset_problem
from lod.build.check import check_across
from lod.definitions import DEFAULT_BASE
from lod.errors import CheckFailed
from lod.shacl import Shapes
from tests.conftest import ROOT, SAMPLES, blocks_of
from tests.support.lives import AWAITING, RECALLING

Alter = Callable[[str, str, str], Options]
"""Replaces a text in a file of shapes and returns options for a build with these shapes."""


@pytest.fixture
def altered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alter:
    def alter(file: str, old: str, new: str) -> Options:
        shutil.copytree(ROOT / "shapes", tmp_path / "shapes")
        path = tmp_path / "shapes" / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
        monkeypatch.setattr(
            definitions, "folder", lambda name: (tmp_path if name == "shapes" else ROOT) / name
        )
        return Options(base=f"https://example.org/{tmp_path.name}/")

    return alter


def test_a_question_with_an_invalid_shared_resource_is_rejected_as_a_whole(
    altered: Alter, tmp_path: Path
) -> None:
    options = altered("shared/constituency.ttl", "^[0-9][0-9AB][0-9]?-[0-9][0-9]$", "^(01|22|23)-[0-9][0-9]$")
    summary = build_release([SAMPLES / "pages"], tmp_path / "out", options)
    assert (summary.counts["questions"], summary.counts["rejected"], summary.exit_code) == (4, 1, 3)
    assert str(summary.problems[0]).endswith(
        "/an/circonscription/974-21: property skos:notation: a constituency must have exactly one code, "
        "such as 44-09 (value « 974-21 »)"
    )
    assert "974-21" in (summary.path / "rejects.txt").read_text("utf-8")
    for name in ("questions.nt", "concepts.ttl"):
        assert "974-21" not in (summary.path / name).read_text("utf-8")


def test_a_violation_across_questions_ends_the_build(altered: Alter, tmp_path: Path) -> None:
    options = altered("across/identity.ttl", "sh:maxCount 1", "sh:maxCount 0")
    with pytest.raises(
        CheckFailed,
        match=r"the questions together, .*: property dcterms:identifier/\^dcterms:identifier: two questions",
    ):
        build_release([SAMPLES / "pages"], tmp_path / "out", options)
    assert not (tmp_path / "out" / "current").exists()


@pytest.mark.parametrize(("published", "told"), [((RECALLING,), 1), ((AWAITING, RECALLING), 0)])
def test_an_unpublished_recalled_question_is_reported(published: tuple[Question, ...], told: int) -> None:
    shapes = Shapes(DEFAULT_BASE)
    with shapes.projection() as projection:
        projection.add_blocks(blocks_of("".join(to_ntriples(describe_question(q)) for q in published)))
        results = check_across(shapes, projection, len(published))
    assert len(results) == told
    for result in results:
        assert str(dataset_problem(result)).startswith(
            f"the questions together, {result.focus}: property eli:refers_to: a question that another one"
        )
