"""Content negotiation follows RFC 9110, whatever is in the header."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lod.web.http.negotiation import (
    MAX_LENGTH,
    MAX_PREFERENCES,
    HeaderTooLong,
    accepts_gzip,
    best_language,
    best_media_type,
)

AVAILABLE = ("text/html", "application/ld+json", "application/json", "text/turtle", "application/n-triples")
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
def test_the_preferred_media_type_is_chosen(accept: str, expected: str | None) -> None:
    assert best_media_type(accept, AVAILABLE) == expected


@pytest.mark.parametrize(
    "accept", ["x" * (MAX_LENGTH + 1), "a/b," * MAX_PREFERENCES, "text/html;" + "q=1;" * 2000]
)
def test_a_header_that_is_too_long_is_refused(accept: str) -> None:
    with pytest.raises(HeaderTooLong):
        best_media_type(accept, AVAILABLE)


def test_a_malformed_preference_is_ignored_in_linear_time() -> None:
    began = time.perf_counter()
    assert best_media_type("text/turtle, a" + ";b  " * 1000 + '"', AVAILABLE) == "text/turtle"
    assert time.perf_counter() - began < 1


@pytest.mark.slow
@given(st.text(max_size=300))
def test_any_text_is_accepted(accept: str) -> None:
    assert best_media_type(accept, AVAILABLE) in (*AVAILABLE, None)
    assert best_language(accept, ("fr", "en")) in ("fr", "en")
    assert accepts_gzip(accept) in (True, False)


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
def test_the_preferred_language_is_chosen(accept: str, expected: str) -> None:
    assert best_language(accept, ("fr", "en")) == expected


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
def test_gzip_is_sent_to_clients_that_accept_it(accept: str, *, expected: bool) -> None:
    assert accepts_gzip(accept) is expected
