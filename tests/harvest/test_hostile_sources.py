"""A server that fails, lies or hangs: the mirror stays whole, and one sentence says what happened."""

import gzip
import io
import re
import socket
import ssl
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from lod.errors import SourceFailed
from lod.harvest import HarvestState, Mirror
from lod.harvest.client import MAX_ATTEMPTS, Deadline, HttpClient, redirect_target
from lod.harvest.connection import _is_public
from lod.harvest.partial import FOLDER
from lod.harvest.sources import SourceAddress
from tests.harvest.conftest import QUESTIONS, Run
from tests.harvest.test_archives import QE, only
from tests.support.official_server import (
    TUESDAY,
    Fault,
    OfficialFile,
    OfficialServer,
    archive,
    cut,
    replaced,
    streamed,
)

NEW = archive(QUESTIONS | {"json/QANR5L17QE41.json": "{}"})


@pytest.fixture
def old(server: OfficialServer, run: Run, tmp_path: Path) -> bytes:
    """What the mirror has of the questions; the server has a newer archive."""
    run()
    server.answered.clear()
    server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"tuesday"')
    return (tmp_path / "mirror" / QE).read_bytes()


def refused(run: Run, old: bytes, tmp_path: Path, **options: object) -> str:
    """Return the sentence for a source that cannot be had, while the mirror stays as it was."""
    outcome = only(run(**options))
    assert outcome.state is HarvestState.FAILED, outcome
    assert (tmp_path / "mirror" / QE).read_bytes() == old
    assert Mirror.open(tmp_path / "mirror").sound_entry(QE)
    assert "\n" not in str(outcome)
    return str(outcome)


def brought(run: Run, tmp_path: Path) -> None:
    """Check that the new archive comes whole, and that nothing is left over."""
    assert only(run()).state is HarvestState.CHANGED
    assert (tmp_path / "mirror" / QE).read_bytes() == NEW
    assert Mirror.open(tmp_path / "mirror").sound_entry(QE)
    assert list((tmp_path / "mirror" / FOLDER).iterdir()) == []


def ranges(server: OfficialServer) -> list[str | None]:
    return [answer.headers.get("Range") for answer in server.answered]


CUTS = [1 + n * (len(NEW) - 2) // 49 for n in range(50)]


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("offset", CUTS)
def test_an_answer_cut_at_any_offset_is_resumed_there(
    server: OfficialServer, run: Run, tmp_path: Path, offset: int
) -> None:
    server.faults = [cut(offset)]
    brought(run, tmp_path)
    assert ranges(server) == [None, f"bytes={offset}-"]
    assert server.answered[1].headers["If-Range"] == '"tuesday"'
    assert server.answered[1].body_bytes == len(NEW) - offset


def test_the_next_run_resumes_what_a_run_could_not_finish(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path
) -> None:
    server.faults = [cut(1000), *[replaced(b"", 500)] * MAX_ATTEMPTS * 2]
    refused(run, old, tmp_path)
    server.faults.clear()
    server.answered.clear()
    brought(run, tmp_path)
    assert ranges(server) == ["bytes=1000-"]


@pytest.mark.parametrize("etag", [None, 'W/"tuesday"'])
def test_without_a_strong_etag_the_date_says_of_which_version_the_rest_must_be(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, etag: str | None
) -> None:
    server.files["/qe.zip"].etag = etag
    server.faults = [cut(1000), *[replaced(b"", 500)] * MAX_ATTEMPTS * 2]
    refused(run, old, tmp_path)
    server.faults.clear()
    server.answered.clear()
    brought(run, tmp_path)
    assert server.answered[0].headers["If-Range"] == "Tue, 08 Sep 2026 05:00:00 GMT"


@pytest.mark.usefixtures("old")
def test_without_any_validator_a_download_begins_anew(
    server: OfficialServer, run: Run, tmp_path: Path
) -> None:
    server.files["/qe.zip"] = OfficialFile(NEW, None)
    server.faults = [cut(1000)]
    brought(run, tmp_path)
    assert ranges(server) == [None, None]


@pytest.mark.usefixtures("old")
def test_a_server_that_cuts_every_answer_is_asked_as_long_as_bytes_come(
    server: OfficialServer, run: Run, tmp_path: Path
) -> None:
    server.always = cut(len(NEW) // 20)
    brought(run, tmp_path)
    assert len(server.answered) == 21


def test_a_server_that_sends_no_more_bytes_is_not_asked_for_ever(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, slept: list[float]
) -> None:
    server.always = cut(0)
    assert "the answer was cut; run again to go on from here" in refused(run, old, tmp_path)
    assert len(server.answered) == MAX_ATTEMPTS
    assert sorted(slept) == slept
    assert len(slept) == MAX_ATTEMPTS - 1


class Changing:
    """Serves the beginning of one version, then another one for the request for the rest."""

    def __init__(self, server: OfficialServer, second: Fault | None) -> None:
        self._server = server
        self._second = second

    def __call__(self, request: Request, response: Response) -> Response:
        self._server.files["/qe.zip"] = OfficialFile(NEW, TUESDAY, '"wednesday"')
        self._server.faults = [self._second] if self._second else []
        return cut(1500)(request, response)


def other_part(**headers: str) -> Fault:
    """Ignore If-Range: send the rest of the new version whatever the old one was."""
    length = f"bytes 1500-{len(NEW) - 1}/{len(NEW)}"
    return replaced(NEW[1500:], 206, **({"Content_Range": length} | headers))


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize(
    "second",
    [
        pytest.param(None, id="the server minds If-Range"),
        pytest.param(other_part(ETag='"wednesday"'), id="it says another ETag"),
        pytest.param(other_part(Last_Modified="Wed, 09 Sep 2026 05:00:00 GMT"), id="another date"),
        pytest.param(other_part(Content_Range="bytes 0-9/10"), id="another range"),
        pytest.param(other_part(Content_Range="bytes"), id="no range"),
        pytest.param(other_part(Content_Range=f"bytes 1500-{len(NEW)}/{len(NEW) + 1}"), id="another length"),
        pytest.param(replaced(b"", 416), id="it does not know this range"),
        pytest.param(replaced(NEW[1500:], 206, Last_Modified="x" * 5000), id="no sensible date"),
        pytest.param(other_part(ETag='"tuesday"'), id="it lies"),
    ],
)
def test_a_file_that_changes_between_two_answers_is_never_a_mixture(
    server: OfficialServer, run: Run, tmp_path: Path, second: Fault | None
) -> None:
    first = archive({name: text[::-1] for name, text in QUESTIONS.items()} | {"json/QANR5L17QE41.json": "{}"})
    server.files["/qe.zip"] = OfficialFile(first.ljust(len(NEW), b"\0"), TUESDAY, '"tuesday"')
    server.faults = [Changing(server, second)]
    brought(run, tmp_path)


def flipped(data: bytes) -> bytes:
    """Return an archive with one bit of its first member's data changed."""
    place = data.index(b"json/QANR5L17QE2.json") - 35
    return data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]


def zip_of(*members: tuple[zipfile.ZipInfo | str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return buffer.getvalue()


def encrypted() -> bytes:
    data = bytearray(zip_of(("a", b"a")))
    data[6] |= 1
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (replaced(b"<!DOCTYPE html><html>Maintenance", Content_Type="text/html"), "found « text/html »"),
        (replaced(b"<!DOCTYPE html><html>Maintenance"), "expected a zip, found « application/zip »"),
        (replaced(b""), "expected a whole zip, found a damaged one"),
        (replaced(NEW[:-30]), "expected a whole zip, found a damaged one"),
        (replaced(flipped(NEW)), "expected a whole zip, found a damaged one (Bad CRC-32"),
        (replaced(NEW[:5000]), "expected a whole zip, found a damaged one"),
        (replaced(encrypted()), "expected readable members, found an encrypted one, « a »"),
        (replaced(zip_of(("bomb", bytes(2**27)))), "expected a zip of this size that unpacks to at most"),
        (replaced(zip_of(("folder/", b""))), "expected a zip of 1 to 1000000 files, found one of 0"),
        (replaced(gzip.compress(NEW), Content_Encoding="gzip"), "found it encoded as « gzip »"),
        (replaced(gzip.compress(bytes(2**20)), Content_Encoding="br, gzip"), "encoded as « br, gzip »"),
        (replaced(NEW, 206), "found a part that was not asked for (206)"),
        (replaced(b"", 416), "found the unexpected answer 416"),
        (replaced(b"", 401), "the server answers 401: it requires a password"),
        (replaced(b"", 403), "the server answers 403: it refuses access"),
        (replaced(b"", 404), "there is nothing at this address (404); --sources FILE can name another one"),
        (replaced(b"", 410), "there is nothing at this address (410)"),
        (replaced(b"", 418), "the server answers 418: « I'M A TEAPOT »"),
        (
            lambda _, response: streamed(response, iter([NEW]), 2**31),
            "expected at most 1073741824 bytes, found more",
        ),
        (
            replaced(b"", 302, Location="https://example.org/qe.zip"),
            "refused: the server redirects to « https:",
        ),
        (
            replaced(b"", 302, Location="http://10.0.0.1/qe.zip"),
            "refused: the server redirects to « http://10.",
        ),
        (replaced(b"", 301, Location="file:///etc/passwd"), "refused: the server redirects to « file:///etc"),
        (replaced(b"", 307, Location="//localhost/qe.zip"), "refused: the server redirects to « //localhost"),
        (replaced(b"", 302, Location="http://u:p@127.0.0.1/"), "refused: the server redirects to"),
    ],
)
def test_an_answer_that_is_not_the_file_is_refused_at_once(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, fault: Fault, why: str
) -> None:
    server.always = fault
    outcome = only(run())
    assert why in str(outcome)
    assert str(outcome).endswith(f"({server.url('/qe.zip')})")
    assert len(server.answered) == 1
    assert (tmp_path / "mirror" / QE).read_bytes() == old
    assert Mirror.open(tmp_path / "mirror").sound_entry(QE)
    server.always = None
    brought(run, tmp_path)


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("https://a.example/x", "https://a.example:443/y#z", "https://a.example:443/y"),
        ("https://a.example:443/x", "/y", "https://a.example:443/y"),
        ("https://a.example:443/x", "https://a.example/y", "https://a.example/y"),
        ("http://a.example:80/x", "http://a.example/y", "http://a.example/y"),
        ("http://a.example/x", "https://a.example/y", "https://a.example/y"),
        ("http://a.example:8080/x", "https://a.example/y", "https://a.example/y"),
    ],
)
def test_a_server_may_redirect_to_itself(url: str, location: str, target: str) -> None:
    assert redirect_target(url, location) == target


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("https://a.example/x", "http://a.example/x"),
        ("https://a.example/x", "https://a.example:80/x"),
        ("http://a.example/x", "http://a.example:443/x"),
        ("http://a.example/x", "https://a.example:80/x"),
        ("https://a.example/x", "ftp://a.example/x"),
        ("https://a.example/x", "https://b.a.example/x"),
    ],
)
def test_a_server_may_not_redirect_elsewhere(url: str, location: str) -> None:
    with pytest.raises(SourceFailed, match="refused: the server redirects to"):
        redirect_target(url, location)


@pytest.mark.usefixtures("old")
def test_a_redirect_on_the_same_server_is_followed(server: OfficialServer, run: Run, tmp_path: Path) -> None:
    server.files["/moved.zip"] = server.files["/qe.zip"]
    server.faults = [replaced(b"", 302, Location="/moved.zip#part")]
    brought(run, tmp_path)
    assert server.asked == ["/qe.zip", "/moved.zip"]


def test_a_redirect_that_leads_to_itself_ends(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path
) -> None:
    server.always = replaced(b"", 302, Location="/qe.zip")
    assert "refused: more than 5 redirects" in refused(run, old, tmp_path)
    assert len(server.answered) == 6


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1", "::1"),
        *("fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "fc00::1"),
    ],
)
def test_an_address_of_a_private_network_is_told_from_a_public_one(address: str) -> None:
    assert not _is_public(address)
    assert _is_public("8.8.8.8")
    assert _is_public("2001:4860:4860::8888")
    assert _is_public("64:ff9b::808:808")


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_public_address_that_leads_into_a_private_network_is_refused_before_it_is_connected_to(
    scheme: str, host: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        url = f"{scheme}://{host}:{listener.getsockname()[1]}/qe.zip"
        address = SourceAddress(url=url, may_be_private=False)
        with (
            pytest.raises(SourceFailed, match=r"is at the private address .*--sources FILE"),
            HttpClient(None).get(address, {}, Deadline(5)),
        ):
            pass
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.usefixtures("old")
def test_a_busy_server_is_asked_again_after_the_time_that_it_states(
    server: OfficialServer, run: Run, tmp_path: Path, slept: list[float]
) -> None:
    server.faults = [replaced(b"", 503, Retry_After="7"), replaced(b"", 429), replaced(b"", 502)]
    brought(run, tmp_path)
    assert slept[0] == 7
    assert 1 <= slept[1] <= 4
    assert len(slept) == 3


def test_a_server_that_asks_to_wait_beyond_the_deadline_is_left_alone(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, slept: list[float]
) -> None:
    server.always = replaced(b"", 503, Retry_After="3600")
    sentence = refused(run, old, tmp_path)
    assert (
        "the server answers 503: it is overloaded or under maintenance, and asks to wait 3600 s" in sentence
    )
    assert len(server.answered) == 1
    assert slept == []


@pytest.mark.parametrize("after", ["soon", "-1", "9" * 400, "Fri, 99 Sep 2026 05:00:00 GMT"])
def test_a_time_to_wait_that_is_none_is_passed_over(server: OfficialServer, run: Run, after: str) -> None:
    server.faults = [replaced(b"", 500, Retry_After=after)]
    outcome = only(run(timeout=1e7))
    assert outcome.state is HarvestState.NEW


def drip(server: OfficialServer, every: bytes, forever: int = 1) -> Iterator[bytes]:
    while not server.ended.wait(0.2):
        yield every * forever


@pytest.mark.parametrize("length", [10_000_000, None])
def test_a_server_that_sends_a_byte_now_and_then_is_left_at_the_deadline(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, length: int | None
) -> None:
    server.always = lambda _, response: streamed(response, drip(server, b"P"[:1]), length)
    started = time.monotonic()
    sentence = refused(run, old, tmp_path, timeout=1.5)
    assert 1 < time.monotonic() - started < 4
    assert "not whole within 1.5 s; run again to go on from here, or raise --timeout" in sentence


def test_an_endless_answer_ends_at_the_limit_of_size(
    server: OfficialServer, run: Run, old: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lod.harvest.run._MAX_ARCHIVE_BYTES", 2**22)

    def endless() -> Iterator[bytes]:
        yield NEW
        while not server.ended.is_set():
            yield bytes(2**16)

    server.always = lambda _, response: streamed(response, endless(), None)
    assert "expected at most 4194304 bytes, found more" in refused(run, old, tmp_path)
    assert list((tmp_path / "mirror" / FOLDER).iterdir()) == []


@pytest.mark.usefixtures("old")
def test_a_hostile_file_name_is_not_used(server: OfficialServer, run: Run, tmp_path: Path) -> None:
    server.always = lambda _, response: named(response, 'attachment; filename="../../evil.zip"')
    brought(run, tmp_path)
    files = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert files == ["17-QE.zip", "index.json", "sources.toml"]


def named(response: Response, disposition: str) -> Response:
    response.headers["Content-Disposition"] = disposition
    return response


def test_a_validator_that_cannot_be_sent_back_is_not_kept(
    server: OfficialServer, run: Run, tmp_path: Path
) -> None:
    server.always = replaced(NEW, ETag='"\xff"', Last_Modified="x" * 300)
    run()
    entry = Mirror.open(tmp_path / "mirror").entries[QE]
    assert (entry.etag, entry.last_modified) == (None, None)
    assert only(run()).state is HarvestState.REGENERATED


def test_no_password_is_sent_and_no_cookie_kept(
    server: OfficialServer, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login zoé password geheim\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.always = lambda _, response: with_cookie(response)
    run(kinds=("QE", "AMO30"), contact="mailto:nobody@example.org")
    for answer in server.answered:
        assert answer.headers["User-Agent"] == "lod/0.1.0 (mailto:nobody@example.org)"
        assert answer.headers["Accept-Encoding"] == "identity"
        assert answer.headers.keys().isdisjoint({"Authorization", "Cookie"})


def with_cookie(response: Response) -> Response:
    response.set_cookie("visitor", "1")
    return response


Talk = Callable[[socket.socket, threading.Event], None]


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """Listen, and answer each connection with what need not be HTTP; yield the address."""
    ended = threading.Event()

    def serve(listener: socket.socket) -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                try:
                    connection.recv(65536)
                    talk(connection, ended)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/qe.zip"
        ended.set()
        thread.join()


def slow_header(connection: socket.socket, ended: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not ended.wait(0.2):
        connection.sendall(b"x")


def continues(connection: socket.socket, ended: threading.Event) -> None:
    while not ended.wait(0.05):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 20)


def silence(_connection: socket.socket, ended: threading.Event) -> None:
    ended.wait(10)


def sends(data: bytes) -> Talk:
    return lambda connection, _: connection.sendall(data)


@pytest.mark.parametrize("talk", [slow_header, continues, silence])
def test_a_header_that_never_ends_is_left_at_the_deadline(sources: Path, run: Run, talk: Talk) -> None:
    with talking(talk) as address:
        retarget(sources, address)
        started = time.monotonic()
        outcome = only(run(timeout=1.5))
        assert time.monotonic() - started < 4
    assert "not whole within 1.5 s" in str(outcome)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(2000)), "header of the answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, "the header of the answer is too long"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "the server closed the connection"),
        (b"", "the server closed the connection"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nPK", ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nPK", ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nPK", ""),
        (
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999999/\r\n\r\n",
            "refused: the server redirects",
        ),
        (b"HTTP/1.1 302 Found\r\nLocation: http://[x/\r\n\r\n", "refused: the server redirects"),
        (b"HTTP/1.1 302 Found\r\nLocation: \xff\xfe\r\n\r\n", ""),
        (b"HTTP/1.1 999999 OK\r\n\r\n", "the server closed the connection"),
    ],
)
def test_what_is_not_http_is_refused_in_one_sentence(sources: Path, run: Run, data: bytes, why: str) -> None:
    with talking(sends(data)) as address:
        retarget(sources, address)
        outcome = only(run())
    assert outcome.state is HarvestState.FAILED
    assert why in str(outcome)
    assert str(outcome).isprintable()


def retarget(sources: Path, address: str) -> None:
    text = sources.read_text(encoding="utf-8")
    sources.write_text(re.sub(r'"http://\S*/qe.zip"', f'"{address}"', text), encoding="utf-8")


def test_a_server_that_is_not_there_is_named(sources: Path, run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    retarget(sources, f"http://127.0.0.1:{port}/qe.zip")
    assert "nothing listens there; try again later" in str(only(run()))


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """A certificate authority that the client may be told to trust."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return authority


@contextmanager
def encrypted_server(authority: trustme.CA, name: str, data: bytes) -> Iterator[OfficialServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    with HTTPServer(host="127.0.0.1", ssl_context=context, threaded=True) as http:
        server = OfficialServer(http, {"/qe.zip": OfficialFile(data)})
        http.expect_request(re.compile("")).respond_with_handler(server.respond)
        yield server
        server.ended.set()


def test_an_encrypted_answer_comes_whole_or_is_left_at_the_deadline(
    sources: Path, run: Run, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with encrypted_server(authority, "127.0.0.1", NEW) as server:
        retarget(sources, server.url("/qe.zip"))
        assert "the certificate of the server is not valid (https:" in str(only(run()))
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
        assert only(run()).state is HarvestState.NEW
        assert (tmp_path / "mirror" / QE).read_bytes() == NEW
        server.files["/qe.zip"].modified = TUESDAY
        server.always = lambda _, response: streamed(response, drip(server, b""), 10_000)
        started = time.monotonic()
        assert "not whole within 1.5 s" in str(only(run(timeout=1.5)))
        assert time.monotonic() - started < 4


def test_a_certificate_of_another_server_is_not_accepted(
    sources: Path, run: Run, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    with encrypted_server(authority, "example.org", NEW) as server:
        retarget(sources, server.url("/qe.zip"))
        assert "the certificate of the server is not valid" in str(only(run()))
        assert server.asked == []


def test_a_proxy_of_the_environment_is_used_and_left_at_the_deadline(
    sources: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("no_proxy")
    monkeypatch.delenv("NO_PROXY", raising=False)
    retarget(sources, "http://archives.invalid/qe.zip")
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(NEW) + NEW
    for talk, expected in ((sends(answer), "17-QE: new"), (slow_header, "not whole within 1.5 s")):
        with talking(talk) as address:
            monkeypatch.setenv("http_proxy", address.removesuffix("/qe.zip"))
            assert expected in str(only(run(timeout=1.5)))
