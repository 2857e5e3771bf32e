"""What a test session leaves out: a run that left something out by accident fails.

`--regen` rewrites golden files; such a run fails. With LOD_REQUIRE_REAL every test marked real must have
passed. With LOD_REQUIRE_TOOLS a skipped test fails the run, unless its reason is in `ALLOWED_SKIPS`.
Tests that need another program or the network are marked `engine`, which `make check` leaves out.
"""

import inspect
import os
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from tests.conftest import SHARED

NO_REAL_DOCUMENTS = "the real documents are not beside the repository"
ALLOWED_SKIPS = {NO_REAL_DOCUMENTS}
"""Reasons for which a test may be skipped where all tools are installed."""

REAL_TESTS = "tests_of_real_documents"
"""Where a process that runs tests sends which of them read real documents."""

ENGINES = {
    # a module, or a name of one: whoever uses it needs another program, a server or the network
    "tests.docs.shell",
    "tests.packaging.repository",
    "tests.support.nginx",
    "tests.support.server.served",
    "tests.support.stores",
    "tests.support.tools",
    "distributed",
    "moto",
    "playwright",
    "uvicorn",
}


class Session:
    """What ran in a session, and why it is not green although nothing failed."""

    def __init__(self, config: pytest.Config) -> None:
        self._regen = bool(config.getoption("--regen"))
        self._sent = getattr(config, "workeroutput", None)
        """In a process of several that run tests: what it sends to the one that judges the run."""
        self._real = set[str]()
        self._passed = set[str]()
        self._skipped = dict[str, str]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark the tests that need an engine; skip those that read real documents where there are none.

        None is skipped for that if LOD_REQUIRE_REAL is set.
        """
        for item in items:
            if isinstance(item, pytest.Function) and needs_engine(item):
                item.add_marker("engine")
        real = [item for item in items if item.get_closest_marker("real")]
        self._real = {item.nodeid for item in real}
        if SHARED.is_dir() or os.environ.get("LOD_REQUIRE_REAL"):
            return
        for item in real:
            item.add_marker(pytest.mark.skip(reason=NO_REAL_DOCUMENTS))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that was skipped as a whole."""
        if report.skipped:
            self._skipped[report.nodeid] = _reason(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note what passed and what was skipped."""
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        if report.skipped and not hasattr(report, "wasxfail"):
            self._skipped[report.nodeid] = _reason(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Note which tests of real documents a process that ran tests had found."""
        self._real |= set(getattr(node, "workeroutput", {}).get(REAL_TESTS, ()))

    def complaints(self) -> list[str]:
        """Return why the run is not green, one sentence each."""
        found = ["golden files were written anew: read them, then run again without --regen"] * self._regen
        if os.environ.get("LOD_REQUIRE_REAL"):
            found += [f"{name} must read the real documents, and did not pass" for name in self._unread()]
            if not self._real:
                found.append("LOD_REQUIRE_REAL is set, and no test reads the real documents")
        if os.environ.get("LOD_REQUIRE_TOOLS"):
            found += [
                f"{name} was skipped: {reason}"
                for name, reason in self._skipped.items()
                if reason not in ALLOWED_SKIPS
            ]
        return found

    def _unread(self) -> list[str]:
        return sorted(self._real - self._passed)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a run that is not green."""
        if self._sent is not None:
            self._sent[REAL_TESTS] = sorted(self._real)
            return
        if self.complaints() and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print why the run is not green."""
        if complaints := self.complaints():
            terminalreporter.section("not green")
            for complaint in complaints:
                terminalreporter.line(complaint)


def needs_engine(test: pytest.Function) -> bool:
    """Return whether a test, a fixture of it or a function of the tests that they call uses an engine."""
    scopes = [vars(test.module), vars(sys.modules["tests.conftest"])]
    fixtures = [scope[name] for name in test.fixturenames for scope in scopes if name in scope]
    waiting = [inspect.unwrap(each) for each in (test.function, *fixtures)]
    seen = set[int]()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if _is_engine(value):
            return True
        if isinstance(value, FunctionType | type) and value.__module__.startswith("tests."):
            waiting += _uses(value)
    return False


def _is_engine(value: object) -> bool:
    if isinstance(value, ModuleType):
        name = value.__name__
    else:
        name = f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', '')}"
    parts = name.split(".")
    return any(".".join(parts[:length]) in ENGINES for length in range(1, len(parts) + 1))


def _uses(value: FunctionType | type) -> Iterator[object]:
    """Yield the global values that a function refers to, or the methods of a class."""
    if isinstance(value, type):
        yield from (each for each in vars(value).values() if isinstance(each, FunctionType))
        return
    names = set(_names(value.__code__))
    yield from (
        inspect.unwrap(each) for name, each in value.__globals__.items() if name in names and callable(each)
    )
    yield from (
        each for name, each in value.__globals__.items() if name in names and isinstance(each, ModuleType)
    )


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names that code and the functions within it refer to."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    assert isinstance(report.longrepr, tuple), report
    return report.longrepr[2].removeprefix("Skipped: ")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew."""
    parser.addoption("--regen", action="store_true", help="write golden files anew; such a run always fails")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the session."""
    config.pluginmanager.register(Session(config))
