"""Types that msgspec must know before threads meet them."""

from __future__ import annotations

import msgspec


def prewarm_types(*types: type) -> None:
    """Have msgspec look at types, and at all that they consist of, while a module is imported.

    It does so when it first needs one, and two threads that are first at the same time crash the process: in 32 of 40
    processes that began with sixteen threads (msgspec 0.22.0, CPython 3.11).
    """
    for each in types:
        msgspec.json.Decoder(each)
