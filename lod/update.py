"""An update: harvest, build if a document has changed, compare with the last release, remove old ones."""

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec import structs

from lod import build, corrections
from lod.build.origins import FetchedDocument, Origins, fetched_documents, source_lines
from lod.changes import ChangeKind, compare_releases, count_changes
from lod.configuration import Configuration
from lod.delta import record_current
from lod.errors import Problem, Refused, SourceFailed, escape_unprintable
from lod.harvest import HarvestOptions, HarvestOutcome, HarvestState, Mirror, harvest
from lod.harvest.mirror import MirroredFile, now
from lod.harvest.sources import SourceTable
from lod.links.alignments import read_links
from lod.numbers import group_thousands
from lod.progress import Progress, silent
from lod.release import (
    RELEASES,
    Release,
    UpdateState,
    current_release,
    digest,
    list_releases,
    load_state,
    prune,
    save_state,
)
from lod.source import archive
from lod.version import VERSION
from lod.versioned_dir import CURRENT

_PUBLISHED_WITH_REJECTIONS = 3
_WORDS = {
    ChangeKind.NEW: ("new question", "new questions"),
    ChangeKind.RETURNED: ("question back", "questions back"),
    ChangeKind.ANSWERED: ("answer", "answers"),
    ChangeKind.REATTRIBUTED: ("change of ministry", "changes of ministry"),
    ChangeKind.RENEWED: ("renewal", "renewals"),
    ChangeKind.FLAGGED: ("flagging", "flaggings"),
    ChangeKind.ENDED: ("end without answer", "ends without answer"),
    ChangeKind.ERRATUM: ("erratum", "errata"),
    ChangeKind.CORRECTED: ("correction", "corrections"),
    ChangeKind.COMPLETED: ("completion", "completions"),
    ChangeKind.WITHDRAWN: ("withdrawal", "withdrawals"),
}
"""What the kinds of changes are called when they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateOptions:
    """What one run of an update may do that the configuration does not allow for good.

    `allow_shrink` accepts archives and releases that are much smaller than before, `resume` publishes what a
    rollback has taken back.
    """

    allow_shrink: bool = False
    resume: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateResult:
    """What an update has done: the current release, the one before if it was replaced, what has changed."""

    release: str
    path: Path
    previous: str | None = None
    is_new: bool = False
    changes: dict[ChangeKind, int] = field(default_factory=dict)
    rejected: int = 0
    kept: int = 0
    problems: Sequence[Problem] = ()
    removed: Sequence[str] = ()

    @property
    def exit_code(self) -> int:
        """0 if all is published or nothing is new, 3 if documents were rejected."""
        return _PUBLISHED_WITH_REJECTIONS if self.rejected else 0

    def __str__(self) -> str:
        if not self.is_new:
            return f"nothing new; release {self.release} stays"
        counts = [_count(number, *_WORDS[kind]) for kind, number in self.changes.items()]
        if self.kept:
            counts.append(_count(self.kept, "question kept as it was", "questions kept as they were"))
        if self.rejected:
            counts.append(_count(self.rejected, "document rejected", "documents rejected"))
        return f"{', '.join(counts) or 'no question has changed'}; release {self.release}"

    def as_json(self) -> dict[str, Any]:
        """Return the result for programs."""
        return {
            "release": self.release,
            "path": str(self.path),
            "previous": self.previous,
            "published": self.is_new,
            "changes": {str(kind): number for kind, number in self.changes.items()},
            "rejected": self.rejected,
            "kept": self.kept,
            "removed": list(self.removed),
            "exit_code": self.exit_code,
        }


def update(
    configuration: Configuration,
    options: UpdateOptions,
    report: Callable[[HarvestOutcome], None],
    progress: Progress = silent,
) -> UpdateResult:
    """Bring the sources up to date, and publish a release if any of their documents has changed.

    `report` is called with what became of each source. Raise SourceFailed if one could not be had whole,
    Refused if publishing would lose data, repeat what was withdrawn, or hide what this program does not know;
    the last release then stays. Raise Misused for a wrong configuration or a wrong file of links.
    """
    out = configuration.out
    for path in configuration.links:
        read_links(path)
    _harvest(configuration, options, report, progress)
    inputs = _inputs(configuration)
    out.mkdir(parents=True, exist_ok=True)
    state = structs.replace(load_state(out), checked=now())
    save_state(out, state)
    name = current_release(out)
    if name and (state.release, state.inputs, state.is_held) == (name, inputs.digest, False):
        return UpdateResult(release=name, path=out / CURRENT)
    last = Release(out / CURRENT) if name else None
    if last and state.is_held and not options.resume:
        _refuse_withdrawn(out, last, state, inputs.origins)
    summary = build.build_release(
        inputs.sources, out, _build_options(configuration, options, inputs), progress
    )
    made = summary.release
    withdrawn = tuple(each for each in state.withdrawn if each != made)
    save_state(
        out, UpdateState(release=made, inputs=inputs.digest, checked=state.checked, withdrawn=withdrawn)
    )
    record_current(out)
    changes = count_changes(compare_releases(last, Release(summary.path))) if made != name else {}
    return UpdateResult(
        release=made,
        path=summary.path,
        previous=name,
        is_new=made != name,
        changes=changes,
        rejected=summary.counts["rejected"],
        kept=summary.counts["kept"],
        problems=summary.problems,
        removed=prune(out, configuration.keep),
    )


def _harvest(
    configuration: Configuration,
    options: UpdateOptions,
    report: Callable[[HarvestOutcome], None],
    progress: Progress,
) -> None:
    """Bring the sources into the mirror; raise SourceFailed if one of them could not be had."""
    wanted = HarvestOptions(
        kinds=(*configuration.registers, *configuration.kinds),
        legislatures=configuration.legislatures,
        sources=configuration.sources,
        contact=configuration.contact,
        timeout=configuration.timeout,
        allow_shrink=options.allow_shrink,
    )
    failed = list[str]()
    for outcome in harvest(configuration.mirror, wanted, progress):
        report(outcome)
        if outcome.state in (HarvestState.FAILED, HarvestState.ABSENT):
            failed.append(outcome.source)
    if failed:
        stays = current_release(configuration.out)
        ending = f"release {stays} stays" if stays else "there is no release yet"
        raise SourceFailed(f"{', '.join(failed)} could not be had; nothing is published, {ending}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Inputs:
    """What a release is built of; `digest` differs if the release could."""

    sources: list[Path]
    registers: list[Path]
    origins: Origins
    digest: str


def _inputs(configuration: Configuration) -> _Inputs:
    """Return the archives and documents that the configuration names, and where they came from."""
    mirror = Mirror.open(configuration.mirror)
    wanted = (*configuration.registers, *configuration.kinds)
    archives = SourceTable(configuration.sources).select(wanted, configuration.legislatures)
    registers = [mirror.folder / each.path for each in archives if each.legislature is None]
    sources = [mirror.folder / each.path for each in archives if each.legislature is not None]
    sources += configuration.documents
    origins, own = dict[Path, tuple[FetchedDocument, ...]](), list[str]()
    for source in [*registers, *sources]:
        for name, path in archive.list_files(source):
            if origin := mirror.sound_origin(path):
                origins[path.resolve()] = _documents(name, origin)
            elif path.is_file():
                own.append(f"{digest(path)} {name}\n")
    own += [f"{digest(path)} {path.name}\n" for path in corrections.list_files(configuration.corrections)]
    own += [f"{digest(path)} {path.name}\n" for path in configuration.links]
    settings = (
        VERSION,
        configuration.base,
        configuration.publisher,
        configuration.compress,
        f"{configuration.split} {configuration.parquet} {configuration.xlsx}",
        ",".join(sorted(build.installed_links().difference(configuration.without))),
    )
    content = hashlib.sha256("\n".join(settings).encode())
    for line in (*source_lines(origins), *sorted(own)):
        content.update(line.encode())
    return _Inputs(sources=sources, registers=registers, origins=origins, digest=content.hexdigest())


def _documents(name: str, origin: MirroredFile) -> tuple[FetchedDocument, ...]:
    """Return the documents in a file of a mirror, named as in messages of a build."""
    if origin.members is None:
        whole = FetchedDocument(
            document=name,
            address=origin.address,
            bytes=origin.size,
            sha256=origin.sha256,
            first_fetched=origin.first_fetched,
        )
        return (whole,)
    return tuple(
        FetchedDocument(
            document=f"{name}!{escape_unprintable(member)}",
            address=origin.address,
            bytes=known.size,
            crc32=known.crc32,
            first_fetched=known.first_fetched,
        )
        for member, known in origin.members.items()
    )


def _build_options(configuration: Configuration, options: UpdateOptions, inputs: _Inputs) -> build.Options:
    return build.Options(
        registers=tuple(inputs.registers),
        corrections=configuration.corrections,
        base=configuration.base,
        publisher=configuration.publisher,
        strict=configuration.strict,
        allow_shrink=options.allow_shrink,
        jobs=configuration.jobs or len(os.sched_getaffinity(0)),
        compress=configuration.compress,
        split=configuration.split,
        parquet=configuration.parquet,
        xlsx=configuration.xlsx,
        links=configuration.links,
        without=frozenset(configuration.without),
        origins=inputs.origins,
    )


def _refuse_withdrawn(out: Path, current: Release, state: UpdateState, origins: Origins) -> None:
    """Raise Refused if the sources still have what releases that were withdrawn had changed."""
    stays = current.manifest.release
    names = [release.name for release in list_releases(out)]
    good = _contents(current)
    found = {each.document: each.content for documents in origins.values() for each in documents}
    for name in names[names.index(stays) + 1 :]:
        if name not in state.withdrawn:
            continue
        bad = _contents(Release(out / RELEASES / name))
        if good is None or bad is None:
            reason = "its documents are not known, so that it cannot be told whether the sources are better"
        else:
            changed = [each for each in good | bad if good.get(each) != bad.get(each)]
            same = [each for each in changed if found.get(each) == bad.get(each)]
            if not same and found != bad:
                continue
            reason = f"{len(same)} of the {len(changed)} documents in which it differed are still the same"
        raise Refused(
            f"release {name} was withdrawn, and {reason}; release {stays} stays; "
            "lod update --resume publishes what the sources have"
        )


def _contents(release: Release) -> dict[str, tuple[int, str | None]] | None:
    """Return what identifies the bytes of each document of a release; None if it has no list of them."""
    documents = fetched_documents(release)
    return None if documents is None else {each.document: each.content for each in documents}


def _count(number: int, one: str, many: str) -> str:
    return f"{group_thousands(number)} {one if number == 1 else many}"
