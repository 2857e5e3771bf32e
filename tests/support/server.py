"""Servers of a release for tests: in this process, or `lod serve` in another."""

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
_STARTED = re.compile(r"release (\S+) is served at (\S+) ")


def client(release: Path, work: Path, address: str = ADDRESS) -> TestClient:
    """Return a client of a server in this process."""
    reloader = ReleaseReloader(ServerConfig(release=release, address=address, work=work))
    host = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    return TestClient(application(reloader), base_url=host, raise_server_exceptions=False)


class Served:
    """A running `lod serve`."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.process = process
        self.address = address

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return urlsplit(self.address).port or 80

    def get(self, path: str, **headers: str) -> requests.Response:
        """Send it a request."""
        return requests.get(self.address + path, headers=headers, timeout=30)


@contextlib.contextmanager
def served(release: Path, work: Path, *more: str, err: IO[str] | None = None) -> Iterator[Served]:
    """Run `lod serve` on a free port; it must stop cleanly on SIGTERM."""
    command = [sys.executable, "-m", "lod", "serve", str(release), "--port", "0", "--work", str(work), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            match = _STARTED.search(line)
            assert match, line
            yield Served(process, match[2])
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in (0, 143)
        finally:
            process.kill()
