"""The records of `lod/model.py`: every field is filled, so that one added halfway fails a test."""

from collections.abc import Iterator

import msgspec
import pytest
from msgspec.structs import FieldInfo

from lod import model
from tests.support.lives import STATES

RECORDS = [
    value
    for value in vars(model).values()
    if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == model.__name__
]
FIELDS = [(record, field) for record in RECORDS for field in msgspec.structs.fields(record)]


def records_in(value: object) -> Iterator[msgspec.Struct]:
    """Yield the records in a value, at any depth."""
    if isinstance(value, msgspec.Struct):
        yield value
        for name in value.__struct_fields__:
            yield from records_in(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from records_in(item)


def is_filled(record: msgspec.Struct, field: FieldInfo) -> bool:
    """Return whether a record says something in a field, rather than nothing or what is said by default."""
    value = getattr(record, field.name)
    return value is not None and value not in ((), field.default)


@pytest.mark.parametrize(
    ("record", "field"), FIELDS, ids=lambda each: getattr(each, "__name__", None) or each.name
)
def test_every_field_of_every_record_is_filled_in_an_example(
    record: type[msgspec.Struct], field: FieldInfo
) -> None:
    """The examples are described, checked and written in all formats; an empty field would prove nothing."""
    found = [each for question in STATES.values() for each in records_in(question) if type(each) is record]
    assert any(is_filled(each, field) for each in found), (
        f"no record in tests/support/lives.py has {record.__name__}.{field.name}"
    )
