"""A time limit on an iterator of another library.

The HTTP client limits the time between two bytes, not the time of a whole reply, so a model that drips or hangs could
hold a turn for minutes. The iterator runs in a thread of its own and can be left at any moment.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
LINGER_SECONDS = 0.1
"""How long the end of a source is waited for when nothing more is needed of it: what it cost may come in an item of
its own, and a connection whose stream was read to its end is used again.
"""
_END = object()


def with_deadline(
    make: Callable[[], Iterable[T]],
    first_seconds: float,
    all_seconds: float,
    begins: Callable[[T], bool] = lambda item: True,
    ends: Callable[[T], bool] = lambda item: False,
    pulse_seconds: float = math.inf,
) -> Iterator[T | None]:
    """Yield what the iterable yields. Raises TimeoutError when the first item that `begins`, or the last, is late.

    Once begun, None is yielded whenever nothing came for `pulse_seconds`: whoever listens may not want to wait.
    After an item that `ends` no more is needed: what comes at once is passed on, and nothing that goes wrong is raised.
    """
    items: queue.SimpleQueue[object] = queue.SimpleQueue()
    left = threading.Event()
    begun = time.monotonic()
    end, limit, pulse = begun + all_seconds, begun + min(first_seconds, all_seconds), math.inf
    threading.Thread(target=_pump, args=(make, items, left, end), name="relay", daemon=True).start()
    try:
        while True:
            wait = max(0.001, min(limit - time.monotonic(), pulse))
            try:
                item = items.get(timeout=wait)
            except queue.Empty:
                if time.monotonic() >= limit:
                    raise TimeoutError from None
                yield None
                continue
            if item is _END:
                return
            if isinstance(item, BaseException):
                raise item
            if ends(item):  # type: ignore[arg-type]
                yield item  # type: ignore[misc]
                yield from _at_once(items)  # type: ignore[misc]
                return
            if begins(item):  # type: ignore[arg-type]
                limit, pulse = end, pulse_seconds
            elif time.monotonic() > limit:
                raise TimeoutError
            yield item  # type: ignore[misc]
    finally:
        left.set()


def _at_once(items: queue.SimpleQueue[object]) -> Iterator[object]:
    limit = time.monotonic() + LINGER_SECONDS
    while (seconds := limit - time.monotonic()) > 0:
        try:
            item = items.get(timeout=seconds)
        except queue.Empty:
            return
        if item is _END or isinstance(item, Exception):
            return
        yield item


def _pump(
    make: Callable[[], Iterable[object]], items: queue.SimpleQueue[object], left: threading.Event, end: float
) -> None:
    try:
        for item in make():
            if left.is_set():
                return
            if time.monotonic() > end:  # it comes quicker than it is heard, and without an end
                raise TimeoutError
            items.put(item)
        items.put(_END)
    except BaseException as error:  # carried over to the thread that waits for it
        items.put(error)
