"""Files, folders and zips: every document is read or reported; nothing is unpacked to disk or hangs."""

import os
import stat
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from lod import Document, Problem, read_documents
from lod.errors import Severity
from lod.source import zip_file
from lod.source.document import MAX_BYTES


def read(source: Path) -> tuple[dict[str, bytes], dict[str, Problem]]:
    items = list(read_documents(source))
    documents = {item.name: item.data for item in items if isinstance(item, Document)}
    return documents, {item.document: item for item in items if isinstance(item, Problem)}


def make_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return path


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/y.txt", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    documents, problems = read(tmp_path)
    assert list(documents) == ["a/y.txt", "a/z.txt", "b.txt"]
    assert list(problems) == [".hidden"]


def test_a_zip_is_read_in_the_order_of_names(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"json/b": b"2", "json/a": b"1"})
    assert read(path) == ({"p.zip!json/a": b"1", "p.zip!json/b": b"2"}, {})


def test_devices_pipes_and_broken_links_are_reported_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "up").symlink_to(tmp_path)
    (tmp_path / "null").symlink_to("/dev/zero")
    (tmp_path / "fine.txt").write_text("fine")
    documents, problems = read(tmp_path)
    assert list(documents) == ["fine.txt"]
    assert set(problems) == {"pipe", "nowhere", "loop", "up", "null"}


def test_hostile_names_never_reach_the_disk_and_are_escaped_in_messages(tmp_path: Path) -> None:
    names = ["../../evil", "/etc/evil", "-rf", "a\nb", "x" * 240, "é", "\x1b[31mred"]
    path = make_zip(tmp_path / "p.zip", dict.fromkeys(names, b"data"))
    documents, problems = read(path)
    assert len(documents) == len(names)
    assert problems == {}
    assert all(name.isprintable() for name in documents)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p.zip"]


def test_a_damaged_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a": b"first " * 50, "b": os.urandom(400), "c": b"third"})
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as made:
        start = made.getinfo("b").header_offset
    data[start + 100] ^= 0xFF
    path.write_bytes(bytes(data))
    documents, problems = read(path)
    assert set(documents) == {"p.zip!a", "p.zip!c"}
    assert "damaged" in problems["p.zip!b"].found


def test_a_truncated_zip_is_one_problem(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a": b"first", "b": b"second"})
    path.write_bytes(path.read_bytes()[:-30])
    assert read(path)[1]["p.zip"].found == "a zip without its directory: it is cut short"


def test_a_zip_with_a_damaged_directory_is_one_problem(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a": b"first", "b": b"second"})
    data = path.read_bytes()
    place = data.index(b"PK\x01\x02")
    path.write_bytes(data[:place] + b"XXXX" + data[place + 4 :])
    assert read(path)[1]["p.zip"].found.startswith("a damaged zip")


def test_hidden_files_of_systems_are_skipped_and_reported(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a.txt": b"a", "__MACOSX/._a.txt": b"x", ".DS_Store": b"x"})
    (tmp_path / ".DS_Store").write_text("x")
    for source in (path, tmp_path):
        documents, problems = read(source)
        assert list(documents) == ["p.zip!a.txt"]
        assert {problem.severity for problem in problems.values()} == {Severity.WARNING}
    assert len(problems) == 3


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a": b"first"})
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    _, problems = read(path)
    assert problems["p.zip!a"].found == "an encrypted one"


def test_a_zip_bomb_is_stopped_by_the_size_of_its_output(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"bomb": b"\0" * (40 * 2**20), "fine": b"fine"})
    documents, problems = read(path)
    assert set(documents) == {"p.zip!fine"}
    assert "at most" in problems["p.zip!bomb"].expected


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_duplicate_name_in_an_archive_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("a", b"1")
        made.writestr("a", b"2")
    documents, problems = read(path)
    assert len(documents) == 1
    assert problems["p.zip!a"].found == "a duplicate name"


def test_a_file_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    _, problems = read(path)
    assert str(MAX_BYTES) in problems["big.txt"].expected


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_file, "MAX_MEMBERS", 2)
    _, problems = read(make_zip(tmp_path / "p.zip", dict.fromkeys("abc", b"")))
    assert problems["p.zip"].found == "3"


def test_a_symbolic_link_inside_a_zip_is_read_as_plain_data(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
    assert read(path)[0] == {"p.zip!link": b"/etc/passwd"}


def test_a_name_that_is_not_valid_text_is_escaped(tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt"))).write_text("x")
    documents, _ = read(tmp_path)
    assert list(documents) == [r"\udcff.txt"]


def test_damage_is_reported_in_the_words_of_the_library(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "p.zip", {"a": b"first " * 9, "b": b"second"}).read_bytes()
    wrong_name = whole.replace(b"b", b"c", 1)
    with zipfile.ZipFile(tmp_path / "p.zip") as made:
        end = made.getinfo("b").header_offset
    wrong_sum = bytearray(whole)
    wrong_sum[whole.index(b"PK\x01\x02") + 16] ^= 0xFF
    for data, name, message in (
        (wrong_name, "b", "File name in directory 'b' and header b'c' differ."),
        (bytes(wrong_sum), "a", "Bad CRC-32 for file 'a'"),
        (whole[:end] + b"XX" + whole[end + 2 :], "b", "Bad magic number for file header"),
    ):
        (tmp_path / "p.zip").write_bytes(data)
        assert read(tmp_path / "p.zip")[1][f"p.zip!{name}"].found == f"a damaged one ({message})"


def test_unusual_members_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("stored", b"1", zipfile.ZIP_STORED)
        made.writestr("bzip2", b"2", zipfile.ZIP_BZIP2)
        made.writestr("é", b"3")
        late = zipfile.ZipInfo("extra")
        late.extra, late.compress_type = b"\x99\x99\x00\x02" + bytes(512), zipfile.ZIP_DEFLATED
        made.writestr(late, b"4")
        made.writestr("large", b"5" + os.urandom(2**20))
    first_bytes = {name.removeprefix("p.zip!"): data[:1] for name, data in read(path)[0].items()}
    assert first_bytes == {"stored": b"1", "bzip2": b"2", "é": b"3", "extra": b"4", "large": b"5"}


def test_only_small_usual_members_are_read_without_opening(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {"a": b"first " * 9, "b": b"second " * 9})
    whole = path.read_bytes()
    opened = zip_file.ZipCache().open(path)
    first, second = opened.members
    assert (opened.read_small(first), opened.read_small(second)) == (b"first " * 9, b"second " * 9)
    longer = bytearray(whole)
    longer[whole.index(b"PK\x01\x02") + 20] += (
        20  # the compressed size, so that it reaches into the next member
    )
    path.write_bytes(bytes(longer))
    opened = zip_file.ZipCache().open(path)
    assert opened.read_small(opened.members[0]) is None


def test_only_a_member_with_a_bad_offset_is_reported(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "p.zip", {"a": b"first", "b": b"second"}).read_bytes()
    place = whole.rindex(b"PK\x01\x02")
    head, name, rest = whole[:place], whole[place : place + 47], whole[place + 47 : -22]
    far = struct.pack("<HHQ", 1, 8, 2**63 + 5)  # the offset of a member in an archive of more than 4 GB
    entry = name[:30] + struct.pack("<H", len(far)) + name[32:42] + b"\xff\xff\xff\xff" + name[46:] + far
    end = bytearray(whole[-22:])
    end[12:16] = struct.pack("<I", struct.unpack("<I", end[12:16])[0] + len(far))
    (tmp_path / "p.zip").write_bytes(head + entry + rest + bytes(end))
    documents, problems = read(tmp_path / "p.zip")
    assert documents == {"p.zip!a": b"first"}
    assert problems["p.zip!b"].expected == "a whole member of an archive"


def test_concatenated_archives_are_reported(tmp_path: Path) -> None:
    first = make_zip(tmp_path / "a.zip", {"a": b"1"}).read_bytes()
    second = make_zip(tmp_path / "b.zip", {"b": b"2"}).read_bytes()
    (tmp_path / "glued.zip").write_bytes(first + second)
    documents, problems = read(tmp_path / "glued.zip")
    assert list(documents) == ["glued.zip!b"]
    assert problems["glued.zip"].found == f"{len(first)} bytes, which are not read"


def test_an_archive_that_begins_with_a_folder_has_nothing_before_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as made:
        made.mkdir("json")
        made.writestr("json/a", "1")
    assert read(tmp_path / "p.zip") == ({"p.zip!json/a": b"1"}, {})


def test_an_empty_archive_is_reported(tmp_path: Path) -> None:
    assert read(make_zip(tmp_path / "p.zip", {}))[1]["p.zip"].found == "0"


def test_no_flipped_byte_of_a_zip_crashes_the_reader(tmp_path: Path) -> None:
    whole = make_zip(tmp_path / "p.zip", {"a": b"first " * 9, "é": b"second"}).read_bytes()
    for place in range(len(whole)):
        data = bytearray(whole)
        data[place] ^= 0xFF
        (tmp_path / "p.zip").write_bytes(bytes(data))
        documents, problems = read(tmp_path / "p.zip")
        assert documents or problems


def test_an_archive_may_not_hold_a_thousand_times_its_size(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "p.zip", {f"{n:03}": b" " * 2**20 for n in range(100)})
    documents, problems = read(path)
    assert 64 < len(documents) < 100
    assert "in all" in next(iter(problems.values())).expected


def test_a_folder_may_be_as_deep_as_the_disk_allows(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(400):
        deep /= "d"
    deep.mkdir(parents=True)
    (deep / "x").write_text("x")
    assert list(read(tmp_path)[0]) == ["d/" * 400 + "x"]


def _dates(source: Path) -> list[date | None]:
    return [item.source.dated for item in read_documents(source) if isinstance(item, Document)]


def test_a_document_is_dated_by_its_member_or_else_by_a_day_in_a_name(tmp_path: Path) -> None:
    path = tmp_path / "exports-20260302.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(zipfile.ZipInfo("a.json", (2026, 3, 9, 10, 0, 0)), b"a")
        made.writestr(zipfile.ZipInfo("b-2026-03-07.json", (1980, 1, 1, 0, 0, 0)), b"b")
        made.writestr(zipfile.ZipInfo("c.json", (1980, 1, 1, 0, 0, 0)), b"c")
    assert _dates(path) == [date(2026, 3, 9), date(2026, 3, 7), date(2026, 3, 2)]


def test_the_day_of_a_file_is_in_its_name_or_its_folder_never_that_of_the_copy(tmp_path: Path) -> None:
    folder = tmp_path / "export_2026-03-02"
    (folder / "2026-03-05").mkdir(parents=True)
    for name in ("2026-03-05/a.json", "b.json", "c-20260399.json"):
        (folder / name).write_bytes(b"x")
    assert _dates(folder) == [date(2026, 3, 5), date(2026, 3, 2), date(2026, 3, 2)]
    (tmp_path / "d.json").write_bytes(b"x")
    assert _dates(tmp_path / "d.json") == [None]
