"""Waiting for what must happen, however slow the machine is, and not for ever."""

import asyncio
import time
from collections.abc import Callable

_LONGEST = 60.0
"""Seconds after which it will not happen any more."""


def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened; fail if it does not."""
    deadline = time.monotonic() + _LONGEST
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def soon(happened: Callable[[], bool]) -> None:
    """Wait likewise, and let the event loop go on."""
    async with asyncio.timeout(_LONGEST):
        while not happened():
            await asyncio.sleep(0.02)
