"""Releases over time: listed, gone back to, removed."""

import json
import os
from pathlib import Path

import pytest

from lod.errors import Busy, CheckFailed, LodError, Misused, NotReadOrWritten, Refused
from lod.release import (
    MANIFEST,
    UpdateState,
    current_release,
    digest,
    list_releases,
    load_state,
    prune,
    roll_back,
    save_state,
)
from lod.versioned_dir import CURRENT, locked

A, B, C, D = (f"2026-03-0{n}-{n:012x}" for n in range(1, 5))


def add(out: Path, *names: str) -> None:
    """Write releases, each an hour after the one before, of which the last one is current."""
    for name in names:
        folder = out / "releases" / name
        folder.mkdir(parents=True)
        (folder / "data.nt").write_text(name)
        entry = {"path": "data.nt", "bytes": len(name), "sha256": digest(folder / "data.nt")}
        manifest = {"release": name, "base": "https://w3id.org/anq/", "counts": {"questions": 3}}
        (folder / MANIFEST).write_text(json.dumps(manifest | {"files": [entry]}))
        hour = 1_800_000_000 + 3600 * len(list((out / "releases").iterdir()))
        os.utime(folder / MANIFEST, (hour, hour))
        select(out, name)


def select(out: Path, name: str) -> None:
    (out / CURRENT).unlink(missing_ok=True)
    (out / CURRENT).symlink_to(f"releases/{name}")


def statuses(out: Path) -> dict[str, str]:
    return {release.name: str(release.status) for release in list_releases(out)}


def test_releases_are_listed_by_the_time_at_which_they_were_written(tmp_path: Path) -> None:
    assert list_releases(tmp_path) == []
    add(tmp_path, D, A, B)
    (tmp_path / "releases" / "notes").mkdir()
    assert statuses(tmp_path) == {D: "earlier", A: "earlier", B: "current"}
    assert [release.name for release in list_releases(tmp_path)] == [D, A, B]


def test_a_rollback_withdraws_all_releases_since_then(tmp_path: Path) -> None:
    add(tmp_path, A, B, C)
    assert roll_back(tmp_path, A) == A
    assert statuses(tmp_path) == {A: "current", B: "withdrawn", C: "withdrawn"}
    assert load_state(tmp_path).is_held


def test_without_a_name_a_rollback_goes_to_the_last_release_that_was_not_withdrawn(tmp_path: Path) -> None:
    add(tmp_path, A, B, C)
    assert roll_back(tmp_path) == B
    add(tmp_path, D)
    assert roll_back(tmp_path) == B
    assert roll_back(tmp_path) == A
    with pytest.raises(Refused, match="there is no release before the current one"):
        roll_back(tmp_path)
    assert current_release(tmp_path) == A


def test_going_forward_again_releases_what_was_withdrawn(tmp_path: Path) -> None:
    add(tmp_path, A, B, C)
    roll_back(tmp_path, A)
    roll_back(tmp_path, B)
    assert statuses(tmp_path) == {A: "earlier", B: "current", C: "withdrawn"}
    assert load_state(tmp_path).is_held
    roll_back(tmp_path, C)
    assert statuses(tmp_path) == {A: "earlier", B: "earlier", C: "current"}
    assert not load_state(tmp_path).is_held


def test_a_link_that_leads_nowhere_is_mended(tmp_path: Path) -> None:
    add(tmp_path, A, B)
    select(tmp_path, C)
    assert roll_back(tmp_path) == B
    assert statuses(tmp_path) == {A: "earlier", B: "current"}


@pytest.mark.parametrize(
    ("name", "error", "why"),
    [
        (C, Refused, "is the current one already"),
        (D, Misused, f"expected one of the releases {A}, {B}, {C}; found « {D} »"),
        ("../x", Misused, "expected one of the releases"),
        (B, CheckFailed, "expected a whole release"),
    ],
)
def test_what_cannot_be_gone_back_to_is_told_and_nothing_changes(
    tmp_path: Path, name: str, error: type[LodError], why: str
) -> None:
    add(tmp_path, A, B, C)
    (tmp_path / "releases" / B / "data.nt").write_text("altered")
    with pytest.raises(error, match=why):
        roll_back(tmp_path, name)
    assert (current_release(tmp_path), load_state(tmp_path)) == (C, UpdateState())


def test_there_must_be_releases_to_go_back_to(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="expected a folder with releases, found none"):
        roll_back(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_rollback_does_not_disturb_a_build(tmp_path: Path) -> None:
    add(tmp_path, A, B)
    with locked(tmp_path, "a build"), pytest.raises(Busy):
        roll_back(tmp_path)
    assert current_release(tmp_path) == B


def test_old_releases_are_removed_with_what_was_made_of_them(tmp_path: Path) -> None:
    add(tmp_path, A, B, C, D)
    kept = ["site/notes.sqlite", f"site/{C}-0123456789ab.sqlite", f"site/store/stores/{A}.1/data"]
    gone = [f"site/{A}-0123456789ab.sqlite", f"store/stores/{B}.2/data"]
    for path in (*kept, *gone):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "site/store/current").symlink_to(f"stores/{A}.1")  # a server still has it open
    assert prune(tmp_path, 2) == [A, B]
    assert list(statuses(tmp_path)) == [C, D]
    assert [path for path in (*kept, *gone) if (tmp_path / path).exists()] == kept


def test_the_current_release_is_never_removed_nor_a_withdrawn_one_that_updates_compare_with(
    tmp_path: Path,
) -> None:
    add(tmp_path, A, B, C, D)
    select(tmp_path, A)
    assert prune(tmp_path, 2) == [B]
    save_state(tmp_path, UpdateState(withdrawn=(C, D), is_held=True))
    assert prune(tmp_path, 2) == []
    save_state(tmp_path, UpdateState(withdrawn=(C, D)))
    assert prune(tmp_path, 2) == [C, D]
    assert load_state(tmp_path).withdrawn == ()


def test_a_damaged_memory_is_told(tmp_path: Path) -> None:
    (tmp_path / "update.json").write_text('{"withdrawn": 3}')
    with pytest.raises(NotReadOrWritten, match="expected what updates remember"):
        load_state(tmp_path)
