"""What is made ready before the first request."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec


def prewarm_types(*types: type) -> None:
    """Have msgspec look at types, and at all that they consist of, while a module is imported.

    It does so when it first needs one, and two threads that are first at the same time crash the process: in 32 of 40
    processes that began with sixteen threads (msgspec 0.22.0, CPython 3.11).
    """
    for each in types:
        msgspec.json.Decoder(each)


@contextmanager
def importing() -> Iterator[None]:
    """Import without looking for garbage, of which there is none, and never look through what is there now again.

    A large library is some hundred thousand objects, and each full collection would go through all of them.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
