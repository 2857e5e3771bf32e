"""A release served for tests: in this process, or by the command in one of its own."""

import contextlib
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import requests
from starlette.testclient import TestClient

from lod.web.server.app import application
from lod.web.server.release_reloader import ReleaseReloader, ServerConfig

ADDRESS = "http://data.example.org/"
_SAID = re.compile(r"release (\S+) is served at (\S+) ")


def client(release: Path, work: Path, address: str = ADDRESS) -> TestClient:
    """Serve a release in this process."""
    current = ReleaseReloader(ServerConfig(release=release, address=address, work=work))
    host = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    return TestClient(application(current), base_url=host, raise_server_exceptions=False)


class Served:
    """A running `lod serve`."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.address = address

    @property
    def port(self) -> int:
        """The port it listens at."""
        return urlsplit(self.address).port or 80

    def get(self, path: str, **headers: str) -> requests.Response:
        """Ask it."""
        return requests.get(self.address + path, headers=headers, timeout=30)


@contextlib.contextmanager
def served(release: Path, work: Path, *more: str, err: IO[str] | None = None) -> Iterator[Served]:
    """Run `lod serve` on a free port; it must end well when it is told to."""
    command = [sys.executable, "-m", "lod", "serve", str(release), "--port", "0", "--work", str(work), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = _SAID.search(line)
            assert found, line
            yield Served(process, found[2])
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in (0, 143)
        finally:
            process.kill()
