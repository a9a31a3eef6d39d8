"""A time limit on somebody else's iterator.

The HTTP client limits the time between two bytes, not the time of a whole reply, so a model that drips or hangs could
hold a turn for minutes. The iterator runs in a thread of its own and can be left at any moment.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
_END = object()


def relay(
    make: Callable[[], Iterable[T]],
    first_seconds: float,
    all_seconds: float,
    begins: Callable[[T], bool] = lambda item: True,
) -> Iterator[T]:
    """Yield what the iterable yields. Raises TimeoutError when the first item that `begins`, or the last, is late."""
    items: queue.SimpleQueue[object] = queue.SimpleQueue()
    left = threading.Event()
    begun = time.monotonic()
    end, limit = begun + all_seconds, begun + min(first_seconds, all_seconds)
    threading.Thread(target=_pump, args=(make, items, left, end), name="relay", daemon=True).start()
    try:
        while True:
            try:
                item = items.get(timeout=max(0.001, limit - time.monotonic()))
            except queue.Empty:
                raise TimeoutError from None
            if item is _END:
                return
            if isinstance(item, BaseException):
                raise item
            if begins(item):  # type: ignore[arg-type]
                limit = end
            elif time.monotonic() > limit:
                raise TimeoutError
            yield item  # type: ignore[misc]
    finally:
        left.set()


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
