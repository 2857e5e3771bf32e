"""Deltas: each makes the next release byte for byte, of the release that it is for and of no other."""

import copy
import gzip
import io
import itertools
import json
import random
import shutil
from pathlib import Path

import pytest

from lod import CheckFailed, Compression, Refused, Release
from lod.compression import part_sizes
from lod.delta import CHANGES, ChainEntry, check_chain, patch, read_chain, record_current, write_delta
from lod.delta.lines import steps
from lod.delta.records import Add, Copy, read_records
from lod.release import roll_back
from tests.changes.conftest import Documents, Publish
from tests.support.command import lod
from tests.update.conftest import question


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def days() -> list[Documents]:
    """Return the documents of days: something new, corrected, gone, back, another day, nothing."""
    first = {number: question(number) for number in range(90101, 90107)}
    second = {**first, 90110: question(90110)}
    third = copy.deepcopy(second)
    third[90102]["question"]["indexationAN"]["analyses"]["analyse"] = "Recensement des licornes"
    fourth = {number: document for number, document in third.items() if number != 90104}
    return [first, second, third, fourth, third, first]


@pytest.mark.slow
@pytest.mark.parametrize(
    "layout",
    [
        {},
        {"compress": Compression.GZIP, "split": True, "documents": True},
        {"compress": Compression.ZSTD, "parquet": True},
    ],
    ids=["plain", "gzip, split, documents", "zstd, Parquet"],
)
def test_a_chain_of_deltas_makes_every_release(
    publish: Publish, tmp_path: Path, layout: dict[str, object]
) -> None:
    releases = [publish(documents, **layout) for documents in days()]
    made, out = releases[0], tmp_path / "copy"
    for before, after in itertools.pairwise(releases):
        delta = tmp_path / f"{after.manifest.release}.delta"
        write_delta(before, after, delta)
        made = Release(patch(made, delta, out))
        assert contents(made.folder) == contents(after.folder)
        assert (out / "current").resolve() == made.folder
        if "parquet" not in layout:
            assert delta.stat().st_size < sum(map(len, contents(after.folder).values())) / 10


def test_a_delta_that_is_not_for_this_release_or_damaged_is_refused(publish: Publish, tmp_path: Path) -> None:
    first, second, third = (publish(documents) for documents in days()[:3])
    delta, out = tmp_path / "delta", tmp_path / "copy"
    write_delta(second, third, delta)
    with pytest.raises(Refused, match=f"expected a delta for release {first.manifest.release}, found one"):
        patch(first, delta, out)
    data = delta.read_bytes()
    for place in random.Random(19).sample(range(len(data)), 60):
        delta.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(CheckFailed, match=r"expected (the delta|a delta)"):
            patch(second, delta, out)
    delta.write_bytes(data[:-20])
    with pytest.raises(CheckFailed, match="another one"):
        patch(second, delta, out)
    assert not (out / "current").exists()


def test_what_a_release_no_longer_says_is_not_in_its_delta(publish: Publish, tmp_path: Path) -> None:
    documents = days()[0]
    first = publish({90102: question(90102)})
    analyses = documents[90102]["question"]["indexationAN"]["analyses"]
    before, analyses["analyse"] = analyses["analyse"], "Recensement des licornes"
    second = publish({90102: documents[90102]})
    write_delta(first, second, tmp_path / "delta")
    added = b"".join(each.data for each in read_records(tmp_path / "delta") if isinstance(each, Add))
    assert analyses["analyse"].encode() in added
    assert before.encode() not in added


@pytest.mark.parametrize("seed", range(40))
def test_the_steps_between_any_two_texts_make_the_second(seed: int) -> None:
    chance = random.Random(seed)
    lines = [f"{chance.randrange(50)} line\n".encode() * chance.randrange(1, 3) for _ in range(3000)]
    after = list(lines)
    for _ in range(chance.randrange(12)):
        start, size = chance.randrange(len(after) + 1), chance.randrange(60)
        after[start : start + size] = [b"new %d\n" % chance.randrange(9)] * chance.randrange(4)
    old, new = b"".join(lines), b"".join(after)[: -(seed % 3) or None]
    source, made, added = io.BytesIO(old), b"", 0
    for step in steps(io.BytesIO(old), io.BytesIO(new)):
        if isinstance(step, Add):
            made, added = made + step.data, added + len(step.data)
        elif isinstance(step, Copy):
            made += source.read(step.size)
        else:
            source.read(step.size)
    assert made == new
    assert added < len(new)


@pytest.mark.parametrize("how", [Compression.GZIP, Compression.ZSTD])
def test_a_file_of_another_compressor_has_no_parts_of_ours(how: Compression, tmp_path: Path) -> None:
    path = tmp_path / f"questions.nt{how.suffix}"
    path.write_bytes(gzip.compress(b"text\n" * 1000, 9))
    assert part_sizes(path, how) is None


def test_the_chain_says_what_followed_what_and_tells_of_any_fault(publish: Publish, tmp_path: Path) -> None:
    out = tmp_path / "out"
    releases, entries = list[Release](), list[ChainEntry | None]()
    for documents in days()[:3]:
        releases.append(publish(documents))
        entries.append(record_current(out))
        assert record_current(out) is None
    first, second, third = (release.manifest.release for release in releases)
    roll_back(out, second)
    entries.append(record_current(out))
    found = [(each.before, each.after, each.rollback) for each in entries if each]
    assert found == [(first, second, False), (second, third, False), (third, second, True)]
    assert (read_chain(out), list(check_chain(out))) == ([each for each in entries if each], [])
    assert lod("verify", out / "current", "--history", "--quiet").returncode == 0
    folders = sorted((out / CHANGES).iterdir())
    made = lod("patch", releases[0].folder, folders[0] / "delta", "--out", tmp_path / "copy")
    assert (made.returncode, made.stdout) == (0, f"release {second} is in {tmp_path / 'copy' / 'current'}\n")
    delta, listed = folders[0] / "delta", folders[1] / "changes.jsonl"
    [change] = map(json.loads, listed.read_text(encoding="utf-8").splitlines())
    assert change["happened"] == ["corrected"]
    delta.write_bytes(delta.read_bytes()[:-1] + b"?")
    listed.write_text("", encoding="utf-8")
    (folders[2] / "delta").unlink()
    wrong = list(check_chain(out))
    assert [each.split(":")[0] for each in wrong] == [
        str(delta),
        str(delta),
        str(listed),
        str(folders[2] / "delta"),
    ]
    for path in folders[1].iterdir():
        path.unlink()
    assert any("expected an entry after release" in each for each in check_chain(out))
    assert lod("verify", out / "current", "--history").returncode == CheckFailed.exit_code


def test_a_release_that_was_pruned_is_followed_by_an_entry_without_a_delta(
    publish: Publish, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    releases = [publish(documents) for documents in days()[:2]]
    assert record_current(out)
    shutil.rmtree(releases[1].folder)
    releases.append(publish(days()[2]))
    entry = record_current(out)
    assert entry
    assert (entry.before, entry.delta) == (releases[1].manifest.release, None)
    assert list(check_chain(out)) == []


def test_what_a_correction_may_have_redacted_is_in_no_entry(publish: Publish, tmp_path: Path) -> None:
    documents, out = days()[0], tmp_path / "out"
    publish({90101: documents[90101]})
    secret = "Le nom secret"
    documents[90102]["question"]["indexationAN"]["analyses"]["analyse"] = secret
    publish(documents)
    assert record_current(out)
    folder = tmp_path / "corrections"
    folder.mkdir()
    (folder / "titre.toml").write_text(
        f'question = "QANR5L17QE90102"\nproperty = "title"\nold = "{secret}"\nnew = "Recensement"\n'
        'reason = "Donnée personnelle."\nsource = "https://example.org/demande"\ndate = 2026-11-02\n',
        encoding="utf-8",
    )
    assert lod("corrections", "redact", folder / "titre.toml").returncode == 0
    redacting = publish(documents, corrections=(folder,))
    assert record_current(out)
    earlier, entry = read_chain(out)
    assert (earlier.delta, earlier.redacted_by) == (None, redacting.manifest.release)
    assert entry.delta
    assert list(check_chain(out)) == []
    for path in (out / CHANGES).rglob("*"):
        if path.name == "delta":
            added = (each.data for each in read_records(path) if isinstance(each, Add))
            assert secret.encode() not in b"".join(added)
        elif path.is_file():
            assert secret not in path.read_text(encoding="utf-8")
