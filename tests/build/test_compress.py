"""Compressed dumps hold the plain ones, the same bytes however they were made, for every reader."""

import gzip
import io
import json
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from bench.corpus import Corpus, write_zip
from lod import CheckFailed, Compression, Options, Summary, build_release, check_files
from lod.build import assemble
from lod.compression import PartJoiner, compress_part, open_decompressed
from tests.cli.test_cli import lod
from tests.conftest import SAMPLES
from tests.support.loops import some
from tests.support.tools import require_tool

pytestmark = pytest.mark.slow  # each test builds releases

FORMS = ("ttl", "jsonld", "nt", "nq")
COMPRESSED = (Compression.GZIP, Compression.ZSTD)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zip of some invented questions, and the register that they need."""
    folder, chamber = tmp_path_factory.mktemp("corpus"), Corpus()
    questions = (chamber.question(number) for number in range(1, 41))
    write_zip(folder / "corpus.zip", ((q["uid"], {"question": q}) for q in questions))
    write_zip(folder / "register.zip", chamber.register())
    return folder


@pytest.fixture(scope="module")
def built(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[Compression, Summary]:
    """The same questions published plain and compressed, in several batches."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assemble, "BATCH", 9)
        return {how: build(corpus, tmp_path_factory.mktemp(how), how) for how in Compression}


def build(corpus: Path, out: Path, how: Compression, jobs: int = 1) -> Summary:
    registers = (corpus / "register.zip", SAMPLES / "register")
    sources = [corpus / "corpus.zip", SAMPLES / "json", SAMPLES / "older-pages"]
    return build_release(sources, out, Options(registers=registers, jobs=jobs, compress=how))


def plain(data: bytes, how: Compression) -> bytes:
    """Decompress with other libraries than the program: one gzip member and no byte after it."""
    if how is Compression.GZIP:
        reader = zlib.decompressobj(31)
        text = reader.decompress(data)
        assert (reader.eof, reader.unused_data) == (True, b"")
        return text
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data), read_across_frames=True).read()


def joined(texts: list[bytes], how: Compression) -> bytes:
    joiner = PartJoiner(how)
    return joiner.start() + b"".join(joiner.add(compress_part(text, how)) for text in texts) + joiner.end()


@pytest.mark.parametrize("how", COMPRESSED)
@given(texts=st.lists(st.one_of(st.binary(max_size=300), st.sampled_from([b"", b"a" * 70_000])), max_size=6))
def test_joined_parts_are_one_file(how: Compression, texts: list[bytes]) -> None:
    assert plain(joined([b"", *texts], how), how) == b"".join(texts)


@pytest.mark.parametrize("how", COMPRESSED)
def test_a_compressed_dump_decompresses_to_the_uncompressed_one(
    built: dict[Compression, Summary], how: Compression
) -> None:
    for form in FORMS:
        whole = (built[Compression.NONE].path / f"questions.{form}").read_bytes()
        packed = (built[how].path / f"questions.{form}{how.suffix}").read_bytes()
        assert plain(packed, how) == whole
        assert len(packed) < len(whole) / 3
    assert not list(built[how].path.glob("questions.??")), "the plain dump is there too"


@pytest.mark.parametrize(("how", "command"), [(Compression.GZIP, "gzip"), (Compression.ZSTD, "zstd")])
def test_the_tools_of_every_system_read_it(
    built: dict[Compression, Summary], how: Compression, command: str
) -> None:
    require_tool(command, install=f"apt-get install {command}")
    path = built[how].path / f"questions.nt{how.suffix}"
    subprocess.run([command, "-t", path], check=True, capture_output=True)
    result = subprocess.run([command, "-dc", path], check=True, capture_output=True)
    assert result.stdout == (built[Compression.NONE].path / "questions.nt").read_bytes()


def test_gzip_files_have_neither_time_nor_name(built: dict[Compression, Summary]) -> None:
    packed = (built[Compression.GZIP].path / "questions.nt.gz").read_bytes()
    assert packed[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


def test_the_first_zstd_frame_alone_is_empty(
    built: dict[Compression, Summary],
) -> None:
    packed = (built[Compression.ZSTD].path / "questions.nt.zst").read_bytes()
    first = zstandard.ZstdDecompressor().decompressobj()
    assert (first.decompress(packed), first.eof) == (b"", True)


@pytest.mark.parametrize("how", COMPRESSED)
def test_the_bytes_are_the_same_whatever_the_number_of_processes(
    corpus: Path,
    built: dict[Compression, Summary],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: Compression,
) -> None:
    monkeypatch.setattr(assemble, "BATCH", 9)
    for jobs in (1, 2, 3):
        again = build(corpus, tmp_path / str(jobs), how, jobs)
        assert again.release == built[how].release
        for path in some(filter(Path.is_file, built[how].path.rglob("*"))):
            assert (again.path / path.relative_to(built[how].path)).read_bytes() == path.read_bytes(), (
                path.name
            )


@pytest.mark.parametrize("how", COMPRESSED)
def test_the_same_compressed_release_is_kept(corpus: Path, tmp_path: Path, how: Compression) -> None:
    first = build(corpus, tmp_path, how)
    before = (first.path / f"questions.nt{how.suffix}").stat().st_ino
    second = build(corpus, tmp_path, how)
    assert (second.path / f"questions.nt{how.suffix}").stat().st_ino == before
    assert build(corpus, tmp_path, Compression.NONE).release != first.release


@pytest.mark.parametrize("how", COMPRESSED)
def test_what_is_compressed_can_be_checked(built: dict[Compression, Summary], how: Compression) -> None:
    release = built[how].path
    assert check_files([release]) == []
    for form in FORMS:
        assert check_files([release / f"questions.{form}{how.suffix}", release / "concepts.ttl"]) == []


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[:-30],
    "cut in the middle": lambda data: data[: len(data) // 2],
    "one byte changed": lambda data: data[:5000] + bytes([data[5000] ^ 1]) + data[5001:],
    "the last checksum changed": lambda data: data[:-5] + bytes([data[-5] ^ 1]) + data[-4:],
    "followed by something else": lambda data: data + b"something else",
    "empty": lambda _: b"",
    "not compressed": lambda _: b"<a:a> <a:a> <a:a> .\n",
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("how", COMPRESSED)
def test_a_damaged_file_is_exit_code_5_and_one_sentence(
    built: dict[Compression, Summary], tmp_path: Path, how: Compression, damage: str
) -> None:
    path = tmp_path / f"x.nt{how.suffix}"
    path.write_bytes(DAMAGES[damage]((built[how].path / f"questions.nt{how.suffix}").read_bytes()))
    result = lod("check", path)
    assert result.returncode == 5
    assert result.stderr.startswith(f"error: {path}: expected a whole {how} file, found « ")
    assert result.stderr.count("\n") == 1


def test_a_compressed_file_of_no_known_form_is_refused(tmp_path: Path) -> None:
    for name in ("x.gz", "x.docx.zst"):
        (tmp_path / name).write_bytes(gzip.compress(b""))
        with pytest.raises(CheckFailed, match=r"expected an RDF file .*, or one compressed \(\.gz \.zst\)"):
            check_files([tmp_path / name])


def test_gzip_of_others_in_several_members_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "X.NT.GZ"
    path.write_bytes(gzip.compress(b"<a:1> <a:a> <a:a> .\r\n") + gzip.compress(b"<a:2> <a:a> <a:a> .\r\n"))
    with open_decompressed(path, Compression.of_path(path)) as stream:
        assert len(stream.readlines()) == 2
    with pytest.raises(CheckFailed, match="a resource that some shape applies to"):
        check_files([path])


def test_the_manifest_says_how_a_dump_is_compressed(built: dict[Compression, Summary]) -> None:
    for how, summary in some(built.items()):
        listed = json.loads((summary.path / "manifest.json").read_text("utf-8"))["files"]
        told = {entry["path"]: entry["dump"] for entry in listed if "dump" in entry}
        assert told == {
            f"questions.{form}{how.suffix}": {"format": form, "compression": str(how), "holds": "all"}
            for form in FORMS
        }
