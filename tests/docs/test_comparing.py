"""A comparison that agrees with everything would let every document pass."""

import pytest

from tests.docs.blocks import blocks, commands, written
from tests.docs.comparing import agrees, is_excerpt, is_json_excerpt


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("a\n...\nc", "a\nb\nb\nc"),
        ("a\n...", "a"),
        ("in … days", "in 12 days"),
        ("in 0.4 s", "in 3 s"),
        ("release 2026-09-16-0fe00010965f", "release 2027-01-01-abcdefabcdef"),
        ("two  ", "two"),
    ],
)
def test_what_is_left_out_or_volatile_agrees(printed: str, found: str) -> None:
    assert agrees(printed, found)


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("a", "a\nb"),
        ("", "something"),
        ("something", ""),
        ("a\n...\nc", "a\nb\nd"),
        ("4 questions", "5 questions"),
        ("a.c", "abc"),
        ("in … days", "in\n12 days"),
        ("2026-09-16", "2026-09-17"),
    ],
)
def test_anything_else_does_not(printed: str, found: str) -> None:
    assert not agrees(printed, found)


def test_an_excerpt_stands_in_its_file() -> None:
    whole = "<a> a b ;\n    c d ;\n    e f .\n\n<g> a h .\n"
    assert is_excerpt("<a> a b ; … e f .", whole)
    assert not is_excerpt("<a> a b ; … e h .", whole)
    assert not is_excerpt("e f . … c d", whole)


def test_an_excerpt_of_json_has_its_keys_and_values() -> None:
    whole = '{"files": [{"path": "x", "bytes": 1, "dump": {"format": "nt"}}]}'
    assert is_json_excerpt('{"path": "x", "bytes": 2, "dump": {"format": "…"}}', whole)
    assert not is_json_excerpt('{"path": "x", "dump": {"format": "ttl"}}', whole)
    assert not is_json_excerpt('{"path": "x", "size": "…"}', whole)


def test_a_page_is_taken_apart_and_put_together() -> None:
    text = "$ one \\\n> more\nout\n$ two\n"
    page = f"# Page\n\n<!-- not run: network -->\n```sh\ncurl\n```\n\n```console\n{text}```\n"
    first, second = blocks(page)
    assert (first.line, first.language, first.mark, first.value) == (4, "sh", "not run", "network")
    assert [(c.text, c.output) for c in commands(second.text)] == [("one \\\nmore", "out"), ("two", "")]
    assert written(commands(second.text)) == text
    with pytest.raises(ValueError, match="expected a command"):
        commands("out\n")
