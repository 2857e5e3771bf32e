"""A run that left something out is not green: golden files written anew, documents unread, tools missing.

`--regen` writes golden files anew; such a run fails. With LOD_REQUIRE_REAL every test marked real must have
passed. With LOD_REQUIRE_TOOLS a skipped test fails the run, unless its reason is in `ALLOWED_SKIPS`.
"""

import os

import pytest

from tests.conftest import SHARED

NO_REAL_DOCUMENTS = "the real documents are not beside the repository"
ALLOWED_SKIPS = {NO_REAL_DOCUMENTS}
"""Reasons for which a test may be skipped where all tools are installed."""


class Session:
    """What ran in a session, and why it is not green although nothing failed."""

    def __init__(self, *, regen: bool) -> None:
        self._regen = regen
        self._real = set[str]()
        self._passed = set[str]()
        self._skipped = dict[str, str]()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Skip the tests that read real documents where these are absent, unless they are required."""
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


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    assert isinstance(report.longrepr, tuple), report
    return report.longrepr[2].removeprefix("Skipped: ")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files anew."""
    parser.addoption("--regen", action="store_true", help="write golden files anew; such a run always fails")


def pytest_configure(config: pytest.Config) -> None:
    """Watch the session."""
    config.pluginmanager.register(Session(regen=bool(config.getoption("--regen"))))
