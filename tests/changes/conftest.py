"""What the tests of changes share: releases that follow each other."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lod import Options, Release, build_release
from tests.conftest import SAMPLES

Documents = dict[int, dict[str, Any]]
Publish = Callable[..., Release]


@pytest.fixture
def publish(tmp_path: Path) -> Publish:
    """Publish questions as the release after the one before."""

    def publish(documents: Documents, /, indent: int | None = None, **options: Any) -> Release:
        folder = tmp_path / f"documents-{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        for number, document in documents.items():
            (folder / f"{number}.json").write_text(json.dumps(document, indent=indent), encoding="utf-8")
        given = Options(registers=(SAMPLES / "register",), allow_shrink=True, **options)
        return Release(build_release([folder], tmp_path / "out", given).path)

    return publish
