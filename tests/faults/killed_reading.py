"""Read an interview in a process of its own that kills itself before or after one of its writes.

Arguments: the database file, the session, the number of the write, and `before` or `after`.
"""

from __future__ import annotations

import sys

from faults.killed_turn import DeadlyStore
from interviewos.usecases.readings import Readings
from support.fakes import NURSING
from support.reader import Reader
from support.stores import now


def main(path: str, session_id: str, write: str, moment: str) -> None:
    """Live up to the write."""
    store = DeadlyStore(path, now)
    store.deadly = (int(write), moment)
    Readings(lambda: NURSING, store, Reader(), begin=lambda *_: None).read(session_id)
    sys.exit("nobody was killed")


if __name__ == "__main__":
    main(*sys.argv[1:])
