"""What a client would rather have is found as RFC 9110 says, whatever stands in the header."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.web.http.negotiation import LONGEST, MOST, TooMuch, best, language, takes_gzip

OFFERED = ("text/html", "application/ld+json", "application/json", "text/turtle", "application/n-triples")
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        (FIREFOX, "text/html"),
        ("application/ld+json", "application/ld+json"),
        ("application/ld+json, */*", "application/ld+json"),
        ("text/turtle;q=0.5, application/n-triples;q=0.7", "application/n-triples"),
        ("text/turtle;q=1.0, text/html;q=0.999", "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened, x"', "application/ld+json"),
        ('application/ld+json;profile="a;q=0";q=0.3, text/turtle;q=0.2', "application/ld+json"),
        ("TEXT/TURTLE", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("text/*;q=0.3, text/html;q=0, */*;q=0.1", "text/turtle"),
        ("text/html;q=0", None),
        ("*/*;q=0", None),
        ("application/rdf+xml", None),
        ("image/png, application/pdf", None),
        (";;;,,, text/turtle ,;q=", "text/turtle"),
        ("garbage", None),
        ("text/turtle;q=2", None),
        ("text/turtle;q=-1, application/json;q=0.1", "application/json"),
        ('text/turtle;a="', None),
        ("application/json", "application/json"),
    ],
)
def test_the_most_wanted_is_chosen(accept: str, expected: str | None) -> None:
    assert best(accept, OFFERED) == expected


@pytest.mark.parametrize("accept", ["x" * (LONGEST + 1), "a/b," * MOST, "text/html;" + "q=1;" * 2000])
def test_a_bomb_is_refused(accept: str) -> None:
    with pytest.raises(TooMuch):
        best(accept, OFFERED)


def test_a_preference_that_never_ends_is_passed_over_at_once() -> None:
    began = time.perf_counter()
    assert best("text/turtle, a" + ";b  " * 1000 + '"', OFFERED) == "text/turtle"
    assert time.perf_counter() - began < 1


@given(st.text(max_size=300))
def test_any_text_gives_an_answer(accept: str) -> None:
    assert best(accept, OFFERED) in (*OFFERED, None)
    assert language(accept, ("fr", "en")) in ("fr", "en")
    assert takes_gzip(accept) in (True, False)


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "fr"),
        ("en", "en"),
        ("en-GB,en;q=0.9,fr;q=0.5", "en"),
        ("fr-CH, en;q=0.3", "fr"),
        ("de, en;q=0.2", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("fr;q=0.1, *;q=0.5", "en"),
    ],
)
def test_the_most_wanted_language_is_chosen(accept: str, expected: str) -> None:
    assert language(accept, ("fr", "en")) == expected


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", False),
        ("gzip, br", True),
        ("gzip;q=0", False),
        ("*", True),
        ("identity", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(accept: str, *, expected: bool) -> None:
    assert takes_gzip(accept) is expected
