"""A folder that a command keeps what it makes in: nothing of others there is removed or taken over."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from lod import Summary, build_release
from lod.release import Release
from lod.store import load
from lod.web.index.builder import checksums_of, ensure_index
from lod.web.static.site_writer import SiteOptions, write_site
from tests.cli.test_cli import lod
from tests.conftest import SAMPLES

PAGES = SAMPLES / "pages"


@pytest.fixture(scope="module")
def out(sample_release: Summary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases, in whose `store` is a store."""
    folder = tmp_path_factory.mktemp("kept") / "out"
    shutil.copytree(sample_release.path.parent.parent, folder, symlinks=True)
    load(folder / "current", str(folder / "store"))
    return folder


@pytest.mark.slow
def test_only_versions_made_by_a_command_are_removed(out: Path, tmp_path: Path) -> None:
    release = Release(out / "current")
    index = ensure_index(release, tmp_path / "work")
    of_others = [
        tmp_path / kept / name
        for kept in ("releases", "sites", "stores")
        for name in ("mine", "2026-09-15-mine.1", f"{release.manifest.release}.old", f"{'0' * 12}.1")
    ] + [tmp_path / ".staging"]
    for folder in of_others:
        folder.mkdir(parents=True)
        (folder / "document.txt").write_text("mine")
    makers: list[Callable[[], object]] = [
        lambda: build_release([PAGES], tmp_path),
        lambda: write_site(release, index, tmp_path, SiteOptions()),
        lambda: load(out / "current", str(tmp_path)),
    ]
    for make in makers:
        for _ in range(3):
            make()
        (tmp_path / "current").unlink()
    assert all((folder / "document.txt").read_text() == "mine" for folder in of_others)
    assert len(list((tmp_path / "sites").iterdir())) == 4 + 2
    assert len(list((tmp_path / "stores").iterdir())) == 4 + 1  # a release that is loaded is not loaded again


def test_only_indexes_are_removed_from_where_they_lie(out: Path, tmp_path: Path) -> None:
    release = Release(out / "current")
    of_others = [tmp_path / name for name in ("mine.sqlite", "2026-09-15.sqlite", ".fresh")]
    ours = [tmp_path / f"2026-09-15-{n:012x}-{n:012x}.sqlite" for n in range(3)]
    for file in (*of_others, *ours):
        file.write_text("mine")
    made = ensure_index(release, tmp_path)
    assert set(tmp_path.iterdir()) == {*of_others, ours[-1], made, checksums_of(made)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "folder", "kept", "found"),
    [
        ("site current --out .", ".", "sites", "one to « releases/"),
        ("load current --into .", ".", "stores", "one to « releases/"),
        ("site current --out store", "store", "sites", "one to « stores/"),
        (f"build {PAGES} --out store", "store", "releases", "one to « stores/"),
        (f"build {PAGES} --out real", "real", "releases", "a folder"),
        ("site current --out real", "real", "sites", "a folder"),
        ("load current --into file", "file", "stores", "a file"),
        ("load current --into half", "half", "stores", "a folder"),
    ],
)
def test_a_current_of_another_command_is_never_replaced(
    out: Path, tmp_path: Path, words: str, folder: str, kept: str, found: str
) -> None:
    shutil.copytree(out, tmp_path / "out", symlinks=True)
    (tmp_path / "out/real/current").mkdir(parents=True)
    (tmp_path / "out/file").mkdir()
    (tmp_path / "out/file/current").write_text("")
    (tmp_path / "out/half/.current").mkdir(parents=True)
    before = sorted((tmp_path / "out").rglob("*"))
    result = lod(*words.split(), cwd=tmp_path / "out")
    link = Path(folder) / (".current" if folder == "half" else "current")
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"error: {link}: expected a link into « {kept} », found {found}")
    assert result.stderr.endswith("; name another folder\n")
    assert sorted((tmp_path / "out").rglob("*")) == before


def test_current_may_be_set_by_hand_to_any_version(tmp_path: Path) -> None:
    """By its whole path too, and where the releases lie on another disk."""
    first = build_release([PAGES], tmp_path / "out")
    (tmp_path / "out/releases").rename(tmp_path / "disk")
    (tmp_path / "out/releases").symlink_to(tmp_path / "disk")
    (tmp_path / "out/current").unlink()
    (tmp_path / "out/current").symlink_to(tmp_path / "disk" / first.release)
    second = build_release([PAGES], tmp_path / "out")
    assert (tmp_path / "out/current").resolve() == second.path.resolve()
    assert second.release == first.release


@pytest.mark.parametrize("words", ["site out/current --out pages", "load out/current --into pages"])
def test_stores_and_sites_are_refused_among_other_files(out: Path, tmp_path: Path, words: str) -> None:
    (tmp_path / "out").symlink_to(out)
    shutil.copytree(PAGES, tmp_path / "pages")
    before = sorted((tmp_path / "pages").iterdir())
    result = lod(*words.split(), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    found = f"found « {before[0].name} » in it; name another folder"
    assert result.stderr == f"error: pages: expected a folder without other files, {found}\n"
    assert sorted((tmp_path / "pages").iterdir()) == before


def test_releases_are_refused_among_the_documents(tmp_path: Path) -> None:
    shutil.copytree(PAGES, tmp_path / "pages")
    before = sorted((tmp_path / "pages").iterdir())
    result = lod("build", PAGES, tmp_path / "pages", "--out", ".", cwd=tmp_path / "pages")
    assert (result.returncode, result.stdout) == (2, "")
    why = "--out must not be one of the source folders; name another folder"
    assert result.stderr == f"error: .: {why}\n"
    assert sorted((tmp_path / "pages").iterdir()) == before


def test_a_site_may_lie_where_its_index_does(out: Path, tmp_path: Path) -> None:
    (tmp_path / ".gitkeep").write_text("")
    (tmp_path / "others").mkdir()
    index = ensure_index(Release(out / "current"), tmp_path)
    assert write_site(Release(out / "current"), index, tmp_path, SiteOptions()).parent == tmp_path / "sites"
