"""The name of a release is a digest of its manifest: any change there is noticed. It can be signed."""

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lod import CheckFailed, Options, Release, Summary, build_release, verify_release
from lod.release import seal
from lod.verify.files import check_seal
from lod.verify.findings import Findings
from tests.conftest import SAMPLES
from tests.support.loops import some
from tests.support.tools import require_tool


@pytest.fixture
def release(sample_release: Summary, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sample_release.path, tmp_path / "release"))


def is_noticed(release: Path, manifest: bytes) -> bool:
    """Return whether a manifest is not one, has not the name of its release, or not its catalogues."""
    (release / "manifest.json").write_bytes(manifest)
    findings = Findings("")
    try:
        Release(release).check_files(seal.CATALOGUES)
        check_seal(release, findings)
    except CheckFailed:
        return True
    return bool(findings.problems)


def test_the_name_of_a_release_is_the_digest_of_its_manifest(release: Path) -> None:
    assert not is_noticed(release, (release / "manifest.json").read_bytes())


def test_a_flipped_bit_anywhere_in_the_manifest_is_noticed(release: Path) -> None:
    whole = (release / "manifest.json").read_bytes()
    for place in some(range(0, len(whole), 7)):
        changed = bytearray(whole)
        changed[place] ^= 1 << place % 8
        assert is_noticed(release, bytes(changed)), (place, whole[place - 40 : place + 10])


def variants(value: Any) -> Iterator[Any]:
    """Yield a JSON value with one thing changed: each value in it in turn, each key left out, one added."""
    if isinstance(value, dict):
        yield {**value, "added": 1}
        for key, inner in value.items():
            yield {other: value[other] for other in value if other != key}
            yield from ({**value, key: variant} for variant in variants(inner))
    elif isinstance(value, list):
        yield value[::-1] if len(value) > 1 else [*value, 1]
        for place, inner in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ([*value[:place], variant, *value[place + 1 :]] for variant in variants(inner))
    else:
        yield f"{value}0" if isinstance(value, str) else value + 1


def test_any_other_value_in_the_manifest_is_noticed(release: Path) -> None:
    whole = json.loads((release / "manifest.json").read_bytes())
    for variant in some(list(variants(whole))):
        text = json.dumps(variant, ensure_ascii=False, indent=2) + "\n"
        assert is_noticed(release, text.encode()), text


@pytest.mark.parametrize("spelling", ['"release":  "', '"release"\t: "', '"release": "x", "release": "'])
def test_another_spelling_of_the_same_values_is_noticed(release: Path, spelling: str) -> None:
    whole = (release / "manifest.json").read_text(encoding="utf-8")
    assert is_noticed(release, whole.replace('"release": "', spelling, 1).encode())


@pytest.mark.parametrize("name", ["catalog.ttl", "catalog.jsonld", "catalog-udata.ttl"])
def test_a_catalogue_that_was_changed_with_its_checksum_is_noticed(release: Path, name: str) -> None:
    data = (release / name).read_bytes()
    changed = data.replace(b"parlementaires", b"parlementaires ", 1)
    (release / name).write_bytes(changed)
    manifest = json.loads((release / "manifest.json").read_bytes())
    entry = next(file for file in manifest["files"] if file["path"] == name)
    entry.update(bytes=len(changed), sha256=hashlib.sha256(changed).hexdigest())
    assert is_noticed(release, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())


def test_verify_names_the_manifest_and_the_name_that_the_release_should_have(release: Path) -> None:
    text = (release / "manifest.json").read_text(encoding="utf-8")
    (release / "manifest.json").write_text(text.replace('"name": "lod"', '"name": "dol"'), encoding="utf-8")
    (problem,) = verify_release(release).problems
    found = Release(release).manifest.release
    assert problem.startswith("manifest.json: expected the release « 2026-09-15-")
    assert problem.endswith(f" », by the digest of its manifest and catalogue, found « {found} »")


def test_a_signature_beside_the_manifest_is_checked_by_ssh_keygen_and_kept(tmp_path: Path) -> None:
    require_tool("ssh-keygen", install="apt-get install openssh-client")
    release = build_release([SAMPLES / "pages"], tmp_path / "out", Options()).path
    key, signers = str(tmp_path / "key"), tmp_path / "signers"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    signers.write_text(f"lod {(tmp_path / 'key.pub').read_text()}")
    manifest = release / "manifest.json"
    sign = ["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "lod", str(manifest)]
    subprocess.run(sign, check=True, capture_output=True)
    assert verify_release(release).problems == []
    build_release([SAMPLES / "pages"], tmp_path / "out", Options())
    verify = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        str(signers),
        "-I",
        "lod",
        "-n",
        "lod",
        "-s",
        f"{manifest}.sig",
    ]
    assert subprocess.run(verify, input=manifest.read_bytes(), check=False).returncode == 0
    changed = manifest.read_bytes().replace(b'"lod"', b'"dol"')
    assert subprocess.run(verify, input=changed, check=False).returncode != 0
