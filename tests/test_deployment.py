"""What is in `deploy/`, and what `docs/web.md` says to type: run, as far as one machine can."""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import requests
import trustme

from lod import Summary, errors
from lod.configuration import load_configuration
from tests.conftest import ROOT
from tests.support import nginx
from tests.support.server import Served, served
from tests.support.tools import require_tool

DEPLOY = ROOT / "deploy"
QUESTION = "an/17/qe/90001"
HARDENED = 3.0
UNITS = ("lod.service", "lod-update.service", "lod-update.timer")


def instructions() -> list[tuple[str, str]]:
    """Give the instructions of the Dockerfile, lines that go on joined, comments left out."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#")).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line]


def instruction(name: str) -> str:
    """Give the last instruction of a name: that of the image that is run."""
    return [said for each, said in instructions() if each == name][-1]


def unit(name: str = "lod.service") -> dict[str, str]:
    lines = (DEPLOY / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@contextmanager
def started(command: list[str], port: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server, as soon as it answers that it is well; it must end well when it is told to."""
    with subprocess.Popen(command) as process:
        try:
            for _ in range(300):
                assert process.poll() is None
                try:
                    urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                    break
                except (URLError, OSError):
                    time.sleep(0.1)
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) in (0, 143)
        finally:
            process.kill()


def here(command: list[str], release: Path, work: Path, port: int) -> list[str]:
    """Put this machine's places and port into a command written for another machine."""
    places = {"/opt/lod/bin/lod": "lod", "/srv/lod/current": str(release), "/data/current": str(release)}
    places |= {
        "/srv/lod/lod.toml": str(DEPLOY / "lod.toml"),
        "${CACHE_DIRECTORY}": str(work),
        "/work": str(work),
        "8000": str(port),
        "0.0.0.0": "127.0.0.1",
    }
    words = [places.get(word, word) for word in command]
    assert words[0] == "lod"
    return [sys.executable, "-m", *words]


@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path, name: str) -> None:
    require_tool("systemd-analyze", install="apt-get install systemd")
    for path in DEPLOY.glob("lod*.*"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace("/opt/lod/bin/lod", "/bin/true"), encoding="utf-8")
    file = tmp_path / name
    told = subprocess.run(["systemd-analyze", "verify", file], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")


@pytest.mark.parametrize("name", ["lod.service", "lod-update.service"])
def test_the_services_are_hardened(tmp_path: Path, name: str) -> None:
    require_tool("systemd-analyze", install="apt-get install systemd")
    file = shutil.copy(DEPLOY / name, tmp_path)
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(file)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(rf"exposure level for {name}: ([0-9.]+)", told.stdout)
    assert found, told.stderr
    assert float(found[1]) < HARDENED


def test_the_configuration_is_one_and_units_and_cron_name_it() -> None:
    configuration = load_configuration(DEPLOY / "lod.toml")
    assert (configuration.out, configuration.mirror) == (DEPLOY, DEPLOY / "mirror")
    command = "/opt/lod/bin/lod update --config /srv/lod/lod.toml"
    assert unit("lod-update.service")["ExecStart"] == command
    (line,) = [line for line in (DEPLOY / "lod.cron").read_text().splitlines() if line[:1].isdigit()]
    assert line.endswith(f"; {command}")


def test_what_is_tried_again_is_what_may_get_better_by_itself() -> None:
    settled = {int(code) for code in unit("lod-update.service")["RestartPreventExitStatus"].split()}
    codes = {error.exit_code for error in errors.LodError.__subclasses__()}
    may_get_better = {errors.SourceFailed.exit_code, errors.Busy.exit_code}
    others = {errors.StoreFailed.exit_code, errors.Unread.exit_code}  # not of an update
    assert settled == codes - may_get_better - others


def test_the_command_of_the_unit_serves(varied_release: Summary, tmp_path: Path) -> None:
    port = nginx.free_port()
    command = here(shlex.split(unit()["ExecStart"]), varied_release.path, tmp_path, port)
    with started(command, port):
        found = requests.get(
            f"http://127.0.0.1:{port}/{QUESTION}", headers={"Accept": "text/turtle"}, timeout=30
        )
        assert found.headers["Content-Type"] == "text/turtle; charset=utf-8"


def test_the_command_of_the_image_serves_and_its_health_is_seen(
    varied_release: Summary, tmp_path: Path
) -> None:
    port = nginx.free_port()
    command = json.loads(instruction("ENTRYPOINT")) + json.loads(instruction("CMD"))
    look = json.loads(instruction("HEALTHCHECK").partition(" CMD ")[2])
    name, address = instruction("ENV").split("=", 1)
    assert (look[0], name) == ("python", "HEALTH")
    environment = os.environ | {name: address.replace("8000", str(port))}

    def health() -> int:
        return subprocess.run(
            [sys.executable, *look[1:]], env=environment, capture_output=True, check=False
        ).returncode

    with started(here(command, varied_release.path, tmp_path, port), port):
        assert health() == 0
    assert health() == 1


def test_the_image_runs_without_privileges_and_has_only_the_package() -> None:
    last = max(number for number, (name, _) in enumerate(instructions()) if name == "FROM")
    image = instructions()[last:]
    assert instruction("USER") == "10001"
    assert "--uid 10001" in " ".join(said for name, said in image if name == "RUN")
    assert [said for name, said in image if name in ("COPY", "ADD")] == ["--from=built /wheel /wheel"]
    words = {name for name, _ in instructions()}
    assert words <= {
        "ARG",
        "FROM",
        "RUN",
        "WORKDIR",
        "COPY",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "HEALTHCHECK",
    } | {
        "STOPSIGNAL",
        "ENTRYPOINT",
        "CMD",
    }


@pytest.fixture
def proxy(varied_release: Summary, tmp_path: Path) -> Iterator[tuple[Served, str, requests.Session]]:
    """A server, the address of nginx before it, and a session that trusts its certificate."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "fullchain.pem")
    certificate.private_key_pem.write_to_path(tmp_path / "privkey.pem")
    port, live = nginx.free_port(), "/etc/letsencrypt/live/data.example.org/"
    with served(varied_release.path, tmp_path / "site", "--query-processes", "1") as server:
        swaps = {
            "    listen 443 ssl;\n    listen [::]:443 ssl;\n": f"    listen 127.0.0.1:{port} ssl;\n",
            "127.0.0.1:8000": f"127.0.0.1:{server.port}",
            f"{live}fullchain.pem": f"{tmp_path}/fullchain.pem",
            f"{live}privkey.pem": f"{tmp_path}/privkey.pem",
            "https://data.example.org": f"https://127.0.0.1:{port}",
        }
        with (
            nginx.running(DEPLOY / "nginx" / "proxy.conf", tmp_path, swaps) as address,
            requests.Session() as session,
        ):
            session.trust_env = False
            session.verify = str(tmp_path / "authority.pem")
            yield server, address, session


def test_nginx_sends_on_what_the_server_answers_over_tls(
    proxy: tuple[Served, str, requests.Session],
) -> None:
    server, address, session = proxy
    for accept in ("text/html", "text/turtle", "application/ld+json", "image/png"):
        before = server.get(QUESTION, Accept=accept)
        found = session.get(f"{address}/{QUESTION}", headers={"Accept": accept}, timeout=30)
        assert found.url.startswith("https://")
        assert found.history[0].status_code == 301
        assert (found.status_code, found.content) == (before.status_code, before.content)
        assert found.headers["Strict-Transport-Security"] == "max-age=31536000"
        for name in ("Content-Type", "Vary", "Content-Security-Policy", "Access-Control-Allow-Origin"):
            assert found.headers[name] == before.headers[name]
        if accept != "image/png":
            assert found.headers["Content-Encoding"] == "gzip"
    assert server.get("metrics").status_code == 200
    assert session.get(f"{address}/metrics", timeout=30).status_code == 404


def test_nginx_slows_down_a_client_that_sends_many_queries(
    proxy: tuple[Served, str, requests.Session],
) -> None:
    _, address, session = proxy
    secure = session.get(f"{address}/healthz", timeout=30).url.removesuffix("healthz")
    statuses = [session.get(f"{secure}sparql?query=ASK{{}}", timeout=30).status_code for _ in range(40)]
    assert statuses[:20] == [200] * 20
    assert 429 in statuses


def test_the_unit_limits_memory_and_tasks() -> None:
    assert {"MemoryMax", "TasksMax", "LimitNOFILE"} <= unit().keys()


def test_the_files_that_the_documentation_names_are_there() -> None:
    text = "".join((ROOT / "docs" / page).read_text(encoding="utf-8") for page in ("web.md", "operation.md"))
    named = set(re.findall(r"\bdeploy/[A-Za-z./-]+[a-z]", text))
    assert named >= {"deploy/Dockerfile", "deploy/lod.service", "deploy/nginx/proxy.conf"}
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
