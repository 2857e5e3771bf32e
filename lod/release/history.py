"""The releases of an output folder over time: which there are, which is current, which are removed."""

import contextlib
import enum
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, structs

from lod.errors import CheckFailed, Misused, NotReadOrWritten, Refused, quote
from lod.release.draft import BUSY, RELEASES
from lod.release.manifest import MANIFEST, is_whole, load
from lod.versioned_dir import CURRENT, INDEX, RELEASE, VersionedDirectory, replace_file

STATE = "update.json"
"""The file in an output folder with what updates must remember."""

_RELEASE = re.compile(RELEASE)
_OF_RELEASE = re.compile(rf"({RELEASE})(?:\.[0-9]+|-[0-9a-f]{{12}}{re.escape(INDEX)})")
"""What is made of a release, and named after it: a store, an index."""
_MADE_OF_RELEASES = ("site", "site/store/stores", "store/stores")
"""The folders in an output folder in which these are, unless the user names others."""


class ReleaseStatus(enum.StrEnum):
    """What a release in an output folder is to its readers."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    """It was current, and a rollback took it back."""
    EARLIER = "earlier"


class PublishedRelease(NamedTuple):
    """A release in an output folder: when it was written, how many questions it has, what it is now."""

    name: str
    published: datetime
    questions: int
    status: ReleaseStatus

    def as_json(self) -> dict[str, Any]:
        """Return the release for programs."""
        return {**self._asdict(), "published": self.published.isoformat(timespec="seconds")}


class UpdateState(Struct, frozen=True, kw_only=True):
    """What updates remember: the release made last, of which input, and when its sources were last seen.

    `withdrawn` are releases that rollbacks have taken back; `is_held` is whether nothing has been published
    since the last rollback.
    """

    release: str | None = None
    inputs: str | None = None
    checked: datetime | None = None
    withdrawn: tuple[str, ...] = ()
    is_held: bool = False


def list_releases(out: Path) -> list[PublishedRelease]:
    """Return the releases of an output folder, oldest first, by the time at which they were written."""
    folder, found = out / RELEASES, list[PublishedRelease]()
    statuses = dict.fromkeys(load_state(out).withdrawn, ReleaseStatus.WITHDRAWN)
    if current := current_release(out):
        statuses[current] = ReleaseStatus.CURRENT
    for path in folder.iterdir() if folder.is_dir() else ():
        with contextlib.suppress(CheckFailed):
            if _RELEASE.fullmatch(path.name):
                questions = load(path).counts.get("questions", 0)
                status = statuses.get(path.name, ReleaseStatus.EARLIER)
                found.append(PublishedRelease(path.name, written_at(path), questions, status))
    return sorted(found, key=lambda release: (release.published, release.name))


def written_at(release: Path) -> datetime:
    """Return when a release was written, by its manifest."""
    return datetime.fromtimestamp((release / MANIFEST).stat().st_mtime, UTC)


def current_release(out: Path) -> str | None:
    """Return the name of the current release of an output folder; None if there is none."""
    path = (out / CURRENT).resolve()
    return path.name if (path / MANIFEST).is_file() else None


def predecessor(out: Path, name: str) -> str | None:
    """Return the last release before one that no rollback took back; None if there is none."""
    releases = list_releases(out)
    now = next((n for n, each in enumerate(releases) if each.name == name), 0)
    earlier = [each.name for each in releases[:now] if each.status is not ReleaseStatus.WITHDRAWN]
    return earlier[-1] if earlier else None


def roll_back(out: Path, name: str | None = None) -> str:
    """Make another release the current one, by default the last before it, and return its name.

    The releases from then up to the current one are remembered as withdrawn, so that no update publishes the
    same again. Raise Refused if there is no such release before, Misused if there is none of that name,
    CheckFailed if it is not whole, Busy if another process works there.
    """
    if not (out / RELEASES).is_dir():
        raise Misused(f"{out}: expected a folder with releases, found none")
    with VersionedDirectory.locked(out, RELEASES, BUSY, allow_files=True) as directory:
        releases = list_releases(out)
        names = [release.name for release in releases]
        now = next((n for n, each in enumerate(releases) if each.status is ReleaseStatus.CURRENT), len(names))
        to = _last_before(out, releases[:now]) if name is None else _position(out, names, name)
        if to == now:
            raise Refused(f"{out}: release {names[to]} is the current one already")
        path = directory.version(names[to])
        if not is_whole(path):
            raise CheckFailed(f"{path}: expected a whole release, found one with missing or altered files")
        state = load_state(out)
        withdrawn = {*state.withdrawn, *names[to + 1 : now + 1]} - {names[to]}
        is_held = not withdrawn.isdisjoint(names[to + 1 :])
        save_state(out, structs.replace(state, withdrawn=tuple(sorted(withdrawn)), is_held=is_held))
        directory.select(names[to])
    return names[to]


def _last_before(out: Path, earlier: list[PublishedRelease]) -> int:
    for position in reversed(range(len(earlier))):
        if earlier[position].status is not ReleaseStatus.WITHDRAWN:
            return position
    raise Refused(f"{out}: there is no release before the current one to go back to")


def _position(out: Path, names: list[str], name: str) -> int:
    if name not in names:
        raise Misused(f"{out}: expected one of the releases {', '.join(names)}; found {quote(name)}")
    return names.index(name)


def prune(out: Path, keep: int) -> list[str]:
    """Remove all but the newest sound releases of an output folder, with indexes and stores made of them.

    The current release stays. So do withdrawn ones until something is published again: updates compare with
    them. Return the names of the releases that were removed. Nothing else is ever removed.
    """
    with VersionedDirectory.locked(out, RELEASES, BUSY, allow_files=True) as directory:
        releases, state = list_releases(out), load_state(out)
        sound = [release.name for release in releases if release.name not in state.withdrawn]
        kept = {*sound[-keep:], *(state.withdrawn if state.is_held else ()), current_release(out)}
        removed = [release.name for release in releases if release.name not in kept]
        for name in removed:
            # renamed first, so that a run that is killed leaves no part of it
            shutil.rmtree(directory.version(name).rename(directory.staging / name))
            for path in _made_of(out, name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        withdrawn = tuple(name for name in state.withdrawn if name not in removed)
        if withdrawn != state.withdrawn:
            save_state(out, structs.replace(state, withdrawn=withdrawn))
    return removed


def _made_of(out: Path, release: str) -> Iterator[Path]:
    """Yield the indexes and stores that were made of a release, except those that are in use."""
    for folder in (out / name for name in _MADE_OF_RELEASES):
        in_use = (folder.parent / CURRENT).resolve()
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            match = _OF_RELEASE.fullmatch(path.name)
            if match and match[1] == release and path.resolve() != in_use:
                yield path


def load_state(out: Path) -> UpdateState:
    """Return what updates remember of an output folder; raise NotReadOrWritten if that is damaged."""
    path = out / STATE
    try:
        return msgspec.json.decode(path.read_bytes(), type=UpdateState)
    except FileNotFoundError:
        return UpdateState()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotReadOrWritten(
            f"{path}: expected what updates remember, found {quote(str(error), 200)}; remove it, and the "
            "next update builds a release whether or not anything has changed"
        ) from None


def save_state(out: Path, state: UpdateState) -> None:
    """Replace what updates remember of an output folder."""
    data = msgspec.json.format(msgspec.json.encode(state), indent=1)
    replace_file(out / STATE, data + b"\n")
