"""The TOML files of corrections: read, checked, and rewritten without an old value that may not be shown."""

import json
import re
import secrets
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from lod.corrections.correction import Correction, Corrections, Redacted
from lod.corrections.properties import Property, ValueKind, find_property
from lod.errors import BadValue, Misused, NotReadOrWritten, escape_unprintable, quote
from lod.model import QuestionId, QuestionKind

FOLDER = "corrections"
"""The name of the folder beside the sources whose corrections are applied unless others are named."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_UID = re.compile(r"QANR5L([1-9][0-9]?)(QE|QG|QOSD)([1-9][0-9]{0,8})")
_REQUIRED = ("question", "property", "reason", "source", "date")
_REDACTION = {"old_sha256": r"[0-9a-f]{64}", "salt": r"[0-9a-f]{16,64}"}
_KEYS = (*_REQUIRED, "old", "new", "passage", "redact", *_REDACTION, "old_length")
_MAX_BYTES = 2**20


def default_folders(sources: Iterable[Path]) -> list[Path]:
    """Return the folders of corrections that lie beside sources."""
    beside = dict.fromkeys(source.absolute().parent / FOLDER for source in sources)
    return [folder for folder in beside if folder.is_dir()]


def list_files(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the TOML files of folders, by name; other files are not corrections."""
    for folder in folders:
        yield from sorted(path for path in folder.iterdir() if path.suffix == ".toml")


def load(folders: Iterable[Path]) -> Corrections:
    """Read the corrections of some folders; raise Misused if one of them cannot be understood."""
    corrections = dict[str, Correction]()
    for path in list_files(folders):
        if path.stem in corrections:
            raise Misused(f"{path}: expected a name of its own, found another correction « {path.stem} »")
        corrections[path.stem] = read(path)
    return Corrections.of(corrections.values())


def read(path: Path) -> Correction:
    """Read a correction; raise Misused, with one sentence, if it cannot be understood."""
    fields = _fields(path)
    try:
        return _correction(path.stem, fields)
    except BadValue as bad:
        place = f", {bad.place}" if bad.place else ""
        raise Misused(f"{path}{place}: expected {bad.expected}, found {bad.found}") from None


def redact(path: Path) -> None:
    """Replace the old value in a file by its salted digest; comments in the file are lost.

    Raise Misused if the file is no correction with an old text.
    """
    fields = _fields(path)
    if fields.get("redact") is True and "old" not in fields:
        raise Misused(f"{path}: the old value is redacted already")
    try:
        correction = _correction(path.stem, {**fields, "redact": False})
        if correction.target.kind is not ValueKind.TEXT or not isinstance(correction.old, str):
            raise BadValue("an old value that is a text", "none", "old")
    except BadValue as bad:
        raise Misused(f"{path}, {bad.place}: expected {bad.expected}, found {bad.found}") from None
    redacted = Redacted.of(correction.old, secrets.token_hex(16))
    kept = {key: fields[key] for key in (*_REQUIRED, "new", "passage") if key in fields}
    digests = {"old_sha256": redacted.sha256, "salt": redacted.salt, "old_length": redacted.length}
    _write(path, {**kept, "redact": True, **digests})


def _fields(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise Misused(f"{path}: expected a correction of at most {_MAX_BYTES} bytes, found a larger file")
        text = path.read_bytes().decode()
    except OSError as error:
        raise NotReadOrWritten.from_os(error, path) from None
    except UnicodeDecodeError:
        raise Misused(f"{path}: expected text in UTF-8, found another encoding") from None
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Misused(f"{path}: expected TOML, found: {escape_unprintable(str(error))}") from None


def _correction(name: str, fields: dict[str, Any]) -> Correction:
    if not _NAME.fullmatch(name):
        raise BadValue("a file name of lower-case letters, digits and hyphens", quote(name))
    if unknown := [key for key in fields if key not in _KEYS]:
        raise BadValue(f"only the keys {', '.join(_KEYS)}", quote(unknown[0]))
    question, prop = _question(_text(fields, "question")), _property(_text(fields, "property"))
    redacted = _redacted(fields, prop)
    correction = Correction(
        name=name,
        question=question,
        target=prop,
        old=None if redacted else _value(fields, "old", prop),
        new=_value(fields, "new", prop),
        passage=_flag(fields, "passage"),
        redacted=redacted,
        reason=_text(fields, "reason"),
        source=_text(fields, "source"),
        on=_day(fields),
    )
    _check(correction)
    return correction


def _check(correction: Correction) -> None:
    """Raise BadValue if the parts of a correction contradict each other."""
    prop, has_old = correction.target, correction.old is not None or correction.redacted is not None
    if correction.passage and (prop.kind is not ValueKind.TEXT or not has_old):
        raise BadValue("a text with an old passage", "none", "passage")
    if correction.old == correction.new and not correction.redacted:
        raise BadValue("an old and a new value that differ", "the same, or neither", "new")
    if correction.new is None and not (prop.optional or correction.passage):
        raise BadValue(f"a new value: a question always has {prop.name}", "none", "new")


def _question(uid: str) -> QuestionId:
    found = _UID.fullmatch(uid)
    if found is None:
        raise BadValue("an official identifier such as QANR5L17QE16300", quote(uid), "question")
    return QuestionId(legislature=int(found[1]), kind=QuestionKind(found[2]), number=int(found[3]))


def _property(name: str) -> Property:
    try:
        return find_property(name)
    except BadValue as bad:
        raise bad.at("property") from None


def _redacted(fields: dict[str, Any], prop: Property) -> Redacted | None:
    if not _flag(fields, "redact"):
        return None
    if "old" in fields:
        found = "the old value itself: run « lod corrections redact » on the file"
        raise BadValue("old_sha256, salt and old_length", found, "redact")
    if prop.kind is not ValueKind.TEXT:
        raise BadValue("a property that is a text", quote(prop.name), "redact")
    for key, pattern in _REDACTION.items():
        if not re.fullmatch(pattern, _text(fields, key)):
            raise BadValue("hexadecimal digits, as « lod corrections redact » writes them", "others", key)
    length = fields.get("old_length")
    if not isinstance(length, int) or length < 1:
        raise BadValue("the number of characters of the old value", quote(str(length)), "old_length")
    return Redacted(sha256=fields["old_sha256"], salt=fields["salt"], length=length)


def _value(fields: dict[str, Any], key: str, prop: Property) -> Any:
    if key not in fields:
        return None
    try:
        return prop.parse(fields[key])
    except BadValue as bad:
        raise bad.at(key) from None


def _text(fields: dict[str, Any], key: str) -> str:
    value = fields.get(key)
    if not isinstance(value, str) or not value.strip():
        raise BadValue("a text", "nothing" if value is None else quote(str(value)), key)
    return value


def _flag(fields: dict[str, Any], key: str) -> bool:
    value = fields.get(key, False)
    if not isinstance(value, bool):
        raise BadValue("true or false", quote(str(value)), key)
    return value


def _day(fields: dict[str, Any]) -> date:
    value = fields.get("date")
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadValue("a day such as 2026-01-06, without quotation marks", quote(str(value)), "date")
    return value


def _write(path: Path, fields: dict[str, Any]) -> None:
    """Replace a file, so that it is never half written."""
    draft = path.with_suffix(".toml.tmp")
    text = "".join(f"{key} = {_toml(value)}\n" for key, value in fields.items())
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise NotReadOrWritten.from_os(error, path) from None


def _toml(value: Any) -> str:
    """Write a text, a day, a number or a truth value; texts in TOML are escaped as in JSON."""
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
