"""The table of addresses: complete, and open to those of the user."""

from pathlib import Path

import pytest

from lod.errors import Misused
from lod.harvest.client import HttpClient, user_agent
from lod.harvest.sources import OFFICIAL_SOURCES, SourceTable
from lod.model import QuestionId, QuestionKind
from lod.source.legislatures import FIRST_DAYS
from tests.support.official_server import table

OFFICIAL = "https://data.assemblee-nationale.fr/static/openData/repository/"


def test_the_default_is_the_register_and_the_questions_of_the_current_legislature() -> None:
    sources = SourceTable().select()
    assert [source.name for source in sources] == ["AMO30", "17-QE", "17-QG", "17-QOSD"]
    assert max(FIRST_DAYS) == 17


def test_every_legislature_with_archives_has_all_kinds() -> None:
    addresses = set()
    for legislature in (14, 15, 16, 17):
        for source in SourceTable().select(list(QuestionKind), [legislature]):
            assert source.address.url.startswith(f"{OFFICIAL}{legislature}/questions/questions_")
            assert not source.address.may_be_private
            addresses.add(source.address.url)
    assert len(addresses) == 12


def test_registers_come_first_whatever_the_order_and_once_for_all_legislatures() -> None:
    sources = SourceTable().select(["QE", "AMO10", "QG", "AMO50"], [16, 17, 16])
    names = [source.name for source in sources]
    assert names == ["AMO10", "AMO50", "16-QE", "17-QE", "16-QG", "17-QG"]


@pytest.mark.parametrize(("kinds", "legislatures"), [(["QX"], []), (["QE"], [13]), (["../QE"], [])])
def test_an_unknown_source_is_a_usage_error_that_lists_the_known(
    kinds: list[str], legislatures: list[int]
) -> None:
    with pytest.raises(Misused, match=r"AMO30.*17-QE.*--sources FILE adds one"):
        SourceTable().select(kinds, legislatures)


def test_a_table_of_the_user_overrides_and_adds_rows(tmp_path: Path) -> None:
    rows = (("QE", 17, "http://localhost:8080/qe.zip"), ("QE", 18, "https://example.org/18.zip"))
    merged = SourceTable(table(tmp_path / "sources.toml", rows, '[single]\nitem = "https://x.org/{uid}"'))
    own, newest = merged.select(["QE"], [17, 18])
    assert own.address.url == "http://localhost:8080/qe.zip"
    assert own.address.may_be_private
    assert merged.select(["QE"]) == [newest]
    question = QuestionId(legislature=17, kind=QuestionKind.WRITTEN, number=16300)
    assert merged.item(question).url == "https://x.org/QANR5L17QE16300"
    assert merged.page(question).url == "https://questions.assemblee-nationale.fr/q17/17-16300QE.htm"
    assert not merged.page(question).may_be_private


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[archive]", "expected a table of sources in TOML"),
        ('[[archive]]\nkind = "QE"', "missing required field `address`"),
        ('[[archive]]\nkind = "QE"\naddress = "https://x"\nurl = 1', "unknown field `url`"),
        ('[[archive]]\nkind = "../QE"\naddress = "https://x"', "regex"),
        ('[[archive]]\nkind = "QE"\nlegislature = -1\naddress = "https://x"', ">= 1"),
        (
            '[[archive]]\nkind = "QE"\naddress = "file:///etc/passwd"',
            "expected an address with http: or https:",
        ),
        ('[[archive]]\nkind = "QE"\naddress = "https://[x"', "expected an address with http: or https:"),
        ('[[archive]]\nkind = "QE"\naddress = "https://x/é"', "expected an address with http: or https:"),
        ('[[archive]]\nkind = "QE"\naddress = "https://u:geheim@x/"', "without a user or password"),
        ("x = 1", "unknown field `x`"),
    ],
)
def test_a_wrong_table_is_named_with_what_is_wrong(tmp_path: Path, text: str, why: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Misused) as error:
        SourceTable(file)
    assert str(error.value).startswith(f"{file}: expected")
    assert why in str(error.value)
    assert "geheim" not in str(error.value)


def test_the_official_table_is_one_that_a_user_could_write() -> None:
    assert SourceTable(OFFICIAL_SOURCES).select() != SourceTable().select()  # private addresses are allowed
    assert len(SourceTable(OFFICIAL_SOURCES).select()) == 4


def test_the_contact_is_in_the_user_agent() -> None:
    assert user_agent("mailto:nobody@example.org") == "lod/0.1.0 (mailto:nobody@example.org)"
    for wrong in ("", " ", "a\r\nX: y", "é@example.org", "x" * 300):
        with pytest.raises(Misused, match="--contact: expected an e-mail or web address"):
            HttpClient(wrong)
