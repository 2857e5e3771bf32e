"""Real triple stores, started for the tests on free ports and ended with them."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.conftest import ROOT
from tests.support.tools import require_file, require_tool

PASSWORD = "dba"
_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
[SPARQL]
ResultSetMaxRows = 10000
"""


@contextmanager
def oxigraph(folder: Path) -> Iterator[str]:
    """Start an Oxigraph server on an empty store and give its address."""
    port = _port()
    program = require_tool("oxigraph", install="pip install oxigraph")
    command = [program, "serve", "--location", str(folder / "data"), "--bind", f"127.0.0.1:{port}"]
    with _running(command, folder, f"http://127.0.0.1:{port}") as address:
        yield address


@contextmanager
def virtuoso(folder: Path) -> Iterator[str]:
    """Start a Virtuoso server on an empty database and give its address; its user is dba."""
    http, sql = _port(), _port()
    program = require_tool("virtuoso-t", install="apt-get install virtuoso-opensource")
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(sql=sql, http=http))
    command = [program, "-f", "+configfile", str(folder / "virtuoso.ini")]
    with _running(command, folder, f"http://127.0.0.1:{http}") as address:
        yield address


@contextmanager
def running(folder: Path) -> Iterator[dict[str, str]]:
    """Start all stores, and give where each is to be loaded, by its name; credentials are set."""
    places = {name: folder / name for name in ("oxigraph", "virtuoso", "jena")}
    for place in places.values():
        place.mkdir()
    with (
        oxigraph(places["oxigraph"]) as of_oxigraph,
        virtuoso(places["virtuoso"]) as of_virtuoso,
        pytest.MonkeyPatch.context() as m,
    ):
        m.setenv("JENA_HOME", str(jena(places["jena"])))
        m.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # short runs
        m.setenv("LOD_STORE_USER", "dba")
        m.setenv("LOD_STORE_PASSWORD", PASSWORD)
        folders = {"embedded": f"{folder / 'embedded'}", "tdb2": f"tdb2:{folder / 'tdb2'}"}
        yield folders | {"oxigraph": of_oxigraph, "virtuoso": of_virtuoso}


def jena(folder: Path) -> Path:
    """Make a JENA_HOME of Debian's package as the documentation says, and give it."""
    require_file(
        Path("/usr/share/java/jena-tdb2.jar"), "apt-get install libapache-jena-java default-jre-headless"
    )
    require_tool("java", install="apt-get install default-jre-headless")
    text = (ROOT / "docs/stores.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```sh\n(# jena-home\n.*?)```", text, re.DOTALL)
    subprocess.run(["sh", "-ec", script], cwd=folder, check=True)
    return folder / "jena"


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[str]:
    with (folder / "told").open("wb") as told:
        process = subprocess.Popen(command, cwd=folder, stdout=told, stderr=told, env=_without_proxies())
    try:
        for _ in range(240):
            try:
                requests.get(f"{address}/sparql", timeout=10)
                break
            except requests.ConnectionError:
                if process.poll() is not None:
                    pytest.fail(f"{command[0]} has ended: {(folder / 'told').read_text()[-1000:]}")
                time.sleep(0.25)
        else:
            pytest.fail(f"{command[0]} does not answer: {(folder / 'told').read_text()[-1000:]}")
        yield address
    finally:
        process.kill()
        process.wait()


def _without_proxies() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
