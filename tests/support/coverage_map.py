"""A pytest plugin that tells coverage.py which test or shared fixture runs, and writes how long each takes.

Use it under `coverage run`, with COVERAGE_MAP naming the file to write. The processes that tests start find
the name of the test in COVERAGE_CONTEXT.
"""

import json
import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import Path
from typing import Any

import coverage
import pytest

CONTEXT = "COVERAGE_CONTEXT"


def name_of(nodeid: str) -> str:
    """Return the test of which a node is one case."""
    return nodeid.partition("[")[0]


class Recorder:
    """Switches the context of the coverage that runs, and adds up the time of each test."""

    def __init__(self, running: coverage.Coverage, path: Path) -> None:
        self._running = running
        self._path = path
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._failed = set[str]()
        self._shared = dict[str, str]()
        self._uses: defaultdict[str, set[str]] = defaultdict(set)

    def _switch(self, context: str) -> str:
        before = os.environ.get(CONTEXT, "")
        os.environ[CONTEXT] = context
        self._running.switch_context(context)
        return before

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, bool, bool]:
        """Let what runs from here on count for this test."""
        before = self._switch(name_of(item.nodeid))
        try:
            return (yield)
        finally:
            self._switch(before)
            names = set(getattr(item, "fixturenames", ()))
            used = {key for key, name in self._shared.items() if name in names}
            self._uses[name_of(item.nodeid)] |= {
                k for k in used if item.nodeid.startswith(k.partition("|")[0])
            }

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Let what makes a fixture that several tests share count for all of them."""
        if fixturedef.scope == "function":
            return (yield)
        key = f"{fixturedef.baseid}|{fixturedef.argname}"
        self._shared[key] = fixturedef.argname
        before = self._switch(key)
        try:
            return (yield)
        finally:
            self._switch(before)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the time, and note what does not pass."""
        self._seconds[name_of(report.nodeid)] += report.duration
        if report.failed:
            self._failed.add(name_of(report.nodeid))

    def pytest_sessionfinish(self) -> None:
        """Write the tests that pass, with their seconds and the shared fixtures that they use."""
        passed = {name: seconds for name, seconds in self._seconds.items() if name not in self._failed}
        uses = {name: sorted(self._uses[name]) for name in passed}
        written = {"seconds": passed, "fixtures": uses, "failed": sorted(self._failed)}
        self._path.write_text(json.dumps(written), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Record, if coverage runs."""
    running = coverage.Coverage.current()
    assert running, "run this under coverage.py"
    config.pluginmanager.register(Recorder(running, Path(os.environ["COVERAGE_MAP"])))
