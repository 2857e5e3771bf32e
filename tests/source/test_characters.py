"""Characters that no format of RDF can carry are refused, those beside them are not."""

import pytest

from tests.source.test_page_labels import PAGE
from tests.support.reading import plain, read

REFUSED = (
    *(0x00, 0x01, 0x08, 0x0B, 0x0C, 0x0E, 0x1F, 0x7F, 0x80, 0x84, 0x86, 0x9F, 0xFDD0, 0xFDEF),
    *(0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE, 0x1FFFF, 0x10FFFE, 0x10FFFF),
)
ACCEPTED = (0x20, 0x7E, 0xA0, 0xA1, 0xD7FF, 0xE000, 0xFDCF, 0xFDF2, 0xFFFC, 0x10000, 0x1FFFD, 0x10FFFD)


@pytest.mark.parametrize("code", REFUSED, ids=hex)
def test_a_control_character_or_noncharacter_is_refused(code: int) -> None:
    found, problems = read(PAGE.replace("Qui veille ?", f"Qui{chr(code)} veille ?"))
    assert (found, len(problems)) == ([], 1)


@pytest.mark.parametrize("code", ACCEPTED, ids=hex)
def test_any_other_character_is_kept(code: int) -> None:
    found, problems = read(PAGE.replace("Qui veille ?", f"Qui {chr(code)}x veille ?"))
    assert found, problems
    assert chr(code) in plain(found[0].text)
