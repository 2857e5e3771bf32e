"""The configuration of a site: what it may say, and one sentence for what it may not."""

from pathlib import Path

import pytest

from lod.compression import Compression
from lod.configuration import Configuration, load_configuration
from lod.errors import Misused
from tests.support.command import lod


def written(folder: Path, text: str) -> Path:
    file = folder / "lod.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_without_a_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_configuration(None) == Configuration()


def test_paths_are_relative_to_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "site").mkdir()
    text = 'out = "releases"\nmirror = "/srv/mirror"\ndocuments = ["pages"]\ncompress = "zstd"'
    file = written(tmp_path / "site", f'{text}\nlinks = ["people.csv"]')
    found = load_configuration(file)
    assert (found.out, found.mirror) == (tmp_path / "site/releases", Path("/srv/mirror"))
    assert (found.documents, found.compress) == ((tmp_path / "site/pages",), Compression.ZSTD)
    assert found.links == (tmp_path / "site/people.csv",)
    monkeypatch.chdir(tmp_path / "site")
    assert load_configuration(None).publisher == found.publisher


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("legislature = [17]", "expected one of the keys legislatures, kinds, registers, "),
        ("legislatures = 17", "lod.toml, legislatures: expected `array`, got `int`"),
        ('legislatures = ["17"]', "lod.toml, legislatures[0]: expected `int`, got `str`"),
        ('out = "a\\u0000b"', "lod.toml, out: expected a path, got « a"),
        ("keep = 1", "lod.toml, keep: expected `int` >= 2"),
        ("kinds = []", "lod.toml, kinds: expected `array` of length >= 1"),
        ('compress = "zst"', "lod.toml, compress: invalid enum value 'zst'"),
        ('without = ["mentions"]', "lod.toml, without[0]: invalid enum value 'mentions'"),
        ("out = 3", "lod.toml, out: expected a path"),
        ('out = ""', "lod.toml, out: expected a path"),
        ("keep = 3\nkeep = 4", "expected a configuration in TOML, found « Cannot overwrite a value"),
        ("\x00", "expected a configuration in TOML"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Misused) as raised:
        load_configuration(written(tmp_path, text))
    assert why in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_configuration_ends_with_2_before_anything_is_made(tmp_path: Path) -> None:
    written(tmp_path, 'kinds = ["QX"]')
    ran = lod("update", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "found none for « 17-QX »" in ran.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["lod.toml"]
