"""The worker's own clock."""

from __future__ import annotations

import asyncio


def now() -> float:
    """Read the monotonic clock of the event loop, in seconds; every moment and duration of the worker is on it."""
    return asyncio.get_running_loop().time()
