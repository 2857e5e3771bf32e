"""nginx run for tests: one process, on a free port, with all that it writes in a folder."""

import contextlib
import re
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.tools import require_file, require_tool

_MODULE = Path("/usr/lib/nginx/modules/ngx_http_js_module.so")
_WHOLE = """load_module {module};
daemon off;
master_process off;
pid {work}/pid;
error_log {work}/error.log notice;
events {{}}
http {{
    access_log off;
    client_body_temp_path {work}/body;
    proxy_temp_path {work}/proxy;
    fastcgi_temp_path {work}/fastcgi;
    uwsgi_temp_path {work}/uwsgi;
    scgi_temp_path {work}/scgi;
    include {work}/site.conf;
}}
"""


@contextlib.contextmanager
def running(configuration: Path, work: Path, swaps: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run nginx with a server's configuration as it was written but for the port; give its address.

    `swaps` are further words to be replaced by others.
    """
    require_tool("nginx", install="apt-get install nginx")
    require_file(_MODULE, "apt-get install libnginx-mod-http-js")
    port = free_port()
    text = _at(port, configuration.read_text(encoding="utf-8"))
    for word, other in (swaps or {}).items():
        assert word in text
        text = text.replace(word, other)
    (work / "site.conf").write_text(text, encoding="utf-8")
    (work / "nginx.conf").write_text(_WHOLE.format(module=_MODULE, work=work), encoding="utf-8")
    command = ["nginx", "-e", f"{work}/error.log", "-c", f"{work}/nginx.conf"]
    with subprocess.Popen(command) as process:
        try:
            _wait(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
    log = (work / "error.log").read_text(encoding="utf-8")
    assert not re.findall(r"\[(?:alert|crit|emerg|warn)\].*|.*js exception.*", log), log


def _at(port: int, configuration: str) -> str:
    assert configuration.count("    listen 80;\n    listen [::]:80;\n") == 1
    return configuration.replace("    listen 80;\n    listen [::]:80;\n", f"    listen 127.0.0.1:{port};\n")


def free_port() -> int:
    """Find a port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(100):
        assert process.poll() is None, "nginx has ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")
