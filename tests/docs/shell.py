"""The shell in which the commands of one page run one after the other, and the servers that they start."""

import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.support.nginx import free_port

SERVERS = {
    "dask scheduler": 8786,
    "dask worker": None,
    "lod serve": 8000,
    "nginx": 8080,
    "oxigraph serve": 7878,
    "python -m http.server": 8001,
    "oxigraph serve-read-only": 7879,
    "virtuoso-t": 8890,
}
"""What a page may start with `&`, and where it must then be listened; each is ended with the page."""

_PORTS = (1111, *(port for port in SERVERS.values() if port))
"""The ports that the documents name: in a test each stands for one that is free."""

_LONGEST = 120
_PROLOGUE = """
until_open() {
  for _ in $(seq 600); do
    (exec 4<>/dev/tcp/127.0.0.1/$1) 2>/dev/null && return 0
    kill -0 $! || return 1
    sleep 0.1
  done
  return 1
}
"""


class Ended(Exception):
    """The shell has ended, or does not: what it printed."""


class Shell:
    """A shell in a folder; `run` keeps its variables, its working directory and its jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports = {port: free_port() for port in _PORTS}
        self._output = folder.parent / "output"
        self._done, done = os.pipe()
        self._told = done
        self._process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=_environment(folder.parent),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[done],
            start_new_session=True,
        )
        os.close(done)
        self._send(_PROLOGUE)

    def run(self, text: str) -> str:
        """Run commands and return what they print; raise Ended at the first that fails."""
        script = self.folder.parent / "script"
        script.write_text(self.with_ports(self._started(text)), encoding="utf-8")
        redirected = f"</dev/null >{self._output} 2>&1 {self._told}>&-"
        self._send(f"set -e; . {script} {redirected}; set +e; echo >&{self._told}\n")
        ready, _, _ = select.select([self._done], [], [], _LONGEST)
        has_ended = not ready or not os.read(self._done, 1)
        output = self._output.read_text(encoding="utf-8", errors="backslashreplace")
        if has_ended:
            raise Ended(output)
        return self._as_documented(output)

    def with_ports(self, text: str) -> str:
        """Put the ports of this run in place of those that a document names."""
        for written, free in self._ports.items():
            text = re.sub(rf"(:|--port |listen |http.server ){written}\b", rf"\g<1>{free}", text)
        return text

    def close(self) -> None:
        """End the shell and all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()
        os.close(self._done)

    def _send(self, text: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def _started(self, text: str) -> str:
        """Have each server write into a file of its own, and wait until it listens."""
        lines = []
        for number, line in enumerate(text.splitlines()):
            if not line.endswith(" &"):
                lines.append(line)
                continue
            (name,) = (name for name in SERVERS if re.match(rf"(?:\S*/)?{name} ", line))
            port = SERVERS[name]
            told = f"--port {port} " if name == "lod serve" and "--port" not in line else ""
            command = line.removesuffix(" &").replace("lod serve ", f"lod serve {told}")
            lines.append(f"{command} >{self.folder.parent}/server-{number} 2>&1 &")
            lines += [f"until_open {self._ports[port]}"] if port else []
        return "\n".join(lines) + "\n"

    def _as_documented(self, text: str) -> str:
        """Put the ports that a document names in place of those of this run, `…` in place of its folder."""
        text = text.replace(str(self.folder), "…")
        for written, free in self._ports.items():
            text = re.sub(rf"\b{free}\b", str(written), text)
        return text


@contextlib.contextmanager
def shell(folder: Path) -> Iterator[Shell]:
    """Open a shell in a folder, for as long as it is used."""
    opened = Shell(folder)
    try:
        yield opened
    finally:
        opened.close()


def _environment(home: Path) -> dict[str, str]:
    """Return an environment with this program's commands first, and nothing of whoever runs the tests."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin"
    return {"PATH": path, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
