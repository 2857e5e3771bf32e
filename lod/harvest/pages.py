"""Single questions: the pages and items to ask for, and whether what comes is the question."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from lod.errors import BadValue, Misused, quote
from lod.harvest.client import Deadline
from lod.harvest.download import DownloadTarget
from lod.harvest.sources import SourceTable
from lod.model import QuestionId, QuestionKind

_MAX_PAGE_BYTES = 2**24
_MAX_LIST_BYTES = 2**24
_KINDS = "|".join(QuestionKind)
_NUMBER = re.compile(rf"([0-9]{{1,2}})-([0-9]{{1,7}})({_KINDS})")
_RANGE = re.compile(rf"([0-9]{{1,2}})-([0-9]{{1,7}})\.\.([0-9]{{1,7}})({_KINDS})")
_UID = re.compile(rf"QANR5L([0-9]{{1,2}})({_KINDS})([0-9]{{1,7}})")


def single_target(text: str, table: SourceTable) -> DownloadTarget:
    """Return the page of 17-16300QE, or the item of QANR5L17QE16300; raise Misused for any other text."""
    if match := _NUMBER.fullmatch(text):
        return page_target(_question(match[1], match[3], match[2]), table)
    if match := _UID.fullmatch(text):
        return _item_target(_question(match[1], match[2], match[3]), table)
    raise Misused(
        f"expected a question such as 17-16300QE (a page) or QANR5L17QE16300 (an item), found {quote(text)}"
    )


def read_list(text: str) -> Iterator[QuestionId]:
    """Yield the questions of a list: a file, or the list itself.

    It has numbers such as 13-5QE and ranges such as 13-1..5000QE, separated by commas, spaces or lines; the
    rest of a line after # is a comment. Raise Misused for anything else, before any question is yielded.
    """
    words = [word for line in _list_text(text).split("\n") for word in line.split("#", 1)[0].split()]
    ranges = [_range(part) for word in words for part in word.split(",") if part]
    for legislature, kind, numbers in ranges:
        for number in numbers:
            yield QuestionId(legislature=legislature, kind=kind, number=number)


def _list_text(text: str) -> str:
    path = Path(text)
    if _NUMBER.match(text) or _RANGE.match(text) or not path.is_file():
        return text
    with path.open("rb") as file:
        data = file.read(_MAX_LIST_BYTES)
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Misused(f"{path}: expected a list of questions as text in UTF-8, found other bytes") from None


def _range(word: str) -> tuple[int, QuestionKind, range]:
    if match := _RANGE.fullmatch(word):
        return int(match[1]), QuestionKind(match[4]), range(int(match[2]), int(match[3]) + 1)
    if match := _NUMBER.fullmatch(word):
        return int(match[1]), QuestionKind(match[3]), range(int(match[2]), int(match[2]) + 1)
    raise Misused(
        f"--pages: expected a file, or questions such as 13-5QE or 13-1..5000QE, found {quote(word)}"
    )


def _question(legislature: str, kind: str, number: str) -> QuestionId:
    return QuestionId(legislature=int(legislature), kind=QuestionKind(kind), number=int(number))


def page_target(question: QuestionId, table: SourceTable) -> DownloadTarget:
    """Return what to download for the page of a question."""
    name = f"{question.legislature}-{question.number}{question.kind}"

    def inspect(path: Path, _deadline: Deadline) -> list[zipfile.ZipInfo] | None:
        _check_page(path.read_bytes(), question)
        return None

    return DownloadTarget(
        name=name,
        path=f"questions/pages/q{question.legislature}/{name}.htm",
        address=table.page(question),
        max_bytes=_MAX_PAGE_BYTES,
        signature=b"",
        inspect=inspect,
    )


def _item_target(question: QuestionId, table: SourceTable) -> DownloadTarget:
    def inspect(path: Path, _deadline: Deadline) -> list[zipfile.ZipInfo] | None:
        _check_item(path.read_bytes(), question)
        return None

    return DownloadTarget(
        name=question.uid,
        path=f"questions/items/{question.uid}.json",
        address=table.item(question),
        max_bytes=_MAX_PAGE_BYTES,
        signature=b"",
        inspect=inspect,
    )


def _check_page(data: bytes, question: QuestionId) -> None:
    """Raise BadValue unless a page, in whatever encoding, prints « n° » with the number of the question.

    An error page with the status 200 may well repeat the address, and does not.
    """
    digits = str(question.number).encode()
    grouped = digits[:-3] + rb"(?:\s|\xc2?\xa0|&nbsp;)?" + digits[-3:] if len(digits) > 3 else digits
    sign = rb"n\s*(?:\xc2?[\xb0\xba]|&deg;|&#176;|&ordm;)"
    between = rb"[\s:]*(?:<[^<>]{0,200}>[\s:]*){0,4}(?:&nbsp;)?"
    if not re.search(sign + between + grouped + rb"(?![0-9])", data, re.IGNORECASE):
        raise BadValue(f"the page of question n° {question.number}", "a page that does not have this number")


def _check_item(data: bytes, question: QuestionId) -> None:
    """Raise BadValue unless a JSON document is the question."""
    try:
        item = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadValue("a question in JSON", f"another document ({error})") from None
    body = item.get("question", item) if isinstance(item, dict) else None
    uid = body.get("uid") if isinstance(body, dict) else None
    if uid != question.uid:
        raise BadValue(f"a question with the uid {question.uid}", quote(str(uid)))
