"""The files of a release, byte by byte, against the manifest."""

import os
from collections import Counter
from pathlib import Path, PurePosixPath

from lod.errors import NotReadOrWritten, quote
from lod.progress import Progress
from lod.release import MANIFEST, File, Manifest, digest
from lod.verify.findings import Findings


def check_files(folder: Path, manifest: Manifest, findings: Findings, progress: Progress) -> list[File]:
    """Compare every file with the manifest, look for others, and give those that are there to be read."""
    there, done, total = [], 0, sum(file.bytes for file in manifest.files)
    for file in manifest.files:
        if _is_there(folder, file, findings):
            there.append(file)
            size, sha256 = _size_and_digest(folder / file.path)
            findings.equal(file.path, "bytes", file.bytes, size)
            if sha256 != file.sha256:
                findings.add(file.path, f"the SHA-256 {quote(file.sha256, 64)}", f"« {sha256} »")
        done += file.bytes
        progress("checksums", done, total)
    for path in _others(folder, {file.path for file in manifest.files}):
        findings.add(quote(path, 200), "no file that the manifest does not list", "one")
    for path, times in Counter(file.path for file in manifest.files).items():
        if times > 1:
            findings.add(MANIFEST, f"the file {quote(path, 200)} once", f"it {times} times")
    findings.compared["files"] = len(there)
    return there


def _is_there(folder: Path, file: File, findings: Findings) -> bool:
    pure = PurePosixPath(file.path)
    if pure.is_absolute() or ".." in pure.parts or "\0" in file.path:
        findings.add(MANIFEST, "files of the release", quote(file.path))
        return False
    if not (folder / file.path).is_file() or (folder / file.path).is_symlink():
        findings.add(quote(file.path, 200), f"a file of {file.bytes} bytes", "none")
        return False
    return True


def _size_and_digest(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_size, digest(path)
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None


def _others(folder: Path, listed: set[str]) -> list[str]:
    found = []
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        found += [(Path(place) / name).relative_to(folder).as_posix() for name in (*files, *links)]
    return sorted(set(found) - listed - {MANIFEST})
