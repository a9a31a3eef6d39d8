"""Waking what is overdue, once a minute: the safety net under the alarms."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime

from interviewos import logs
from interviewos.domain.errors import TurnInProgress
from interviewos.usecases.ports import Due
from interviewos.usecases.turns import Turns

logger = logging.getLogger(__name__)

WOKEN_HERE = 20
"""That many a sweep moves itself, also where nothing takes what it would hand over."""
MOST_DUE = 3_000
"""Looked at in one sweep, and about what the queue delivers until the next one."""
THREADS = 8
"""Twenty turns of a slow model in a row would outlast the request that sweeps."""
WAKE_SECONDS, HAND_OVER_SECONDS = 10.0, 10.0
"""After these nothing more of the kind is begun: twenty turns take up to 45 s, the request has 60."""
AT_ONCE = 16
"""Handed over between two looks at whether anybody takes it."""


@dataclass(frozen=True, slots=True)
class Swept:
    """How many interviews moved, were handed to the queue, and are left; of more than 3,000 no more are counted."""

    moved: int
    handed_over: int = 0
    left: int = 0


def sweep(turns: Turns, now: datetime) -> Swept:
    """Wake what is overdue, oldest first, and have the queue wake what is more.

    Cloud Tasks delivers late or never now and then, and a process may die between claim and commit. A broken interview
    stays the oldest for good, so only what moved takes a place of the twenty.
    """
    due = turns.store.due(now, MOST_DUE)
    with ThreadPoolExecutor(THREADS, "sweep") as pool:
        handed_over = _hand_over(turns, pool, due[WOKEN_HERE:], now)
        ours = [item for item in due if item.session_id not in handed_over]
        tried, moved = _wake(turns, pool, ours)
    swept = Swept(moved, len(handed_over), len(ours) - tried)
    fields = {"moved": swept.moved, "handed_over": swept.handed_over, "left": swept.left}
    if any(fields.values()):
        logger.log(logging.WARNING if swept.left else logging.INFO, "swept", extra=fields)
    return swept


def _hand_over(turns: Turns, pool: ThreadPoolExecutor, due: Sequence[Due], now: datetime) -> set[str]:
    """Give what is due to the queue, as long as it takes it."""
    begun, taken = turns.stopwatch(), set[str]()
    for first in range(0, len(due), AT_ONCE):
        batch = [item.session_id for item in due[first : first + AT_ONCE]]
        jobs = [pool.submit(turns.alarm.hand_over, session_id, now) for session_id in batch]
        took = {session_id for session_id, job in zip(batch, jobs, strict=True) if job.result()}
        taken |= took
        if not took or turns.stopwatch() - begun > HAND_OVER_SECONDS:
            break
    return taken


def _wake(turns: Turns, pool: ThreadPoolExecutor, due: Sequence[Due]) -> tuple[int, int]:
    """Wake the oldest here; give how many were tried, and how many of them moved."""
    begun, tried, moved = turns.stopwatch(), 0, 0
    while tried < len(due) and moved < WOKEN_HERE and turns.stopwatch() - begun < WAKE_SECONDS:
        batch = due[tried : tried + WOKEN_HERE - moved]
        tried += len(batch)
        jobs = [pool.submit(copy_context().run, _wake_one, turns, item.session_id) for item in batch]
        moved += sum(job.result() for job in jobs)
    return tried, moved


def _wake_one(turns: Turns, session_id: str) -> bool:
    """Wake an interview whatever happens to it; a broken one must not keep the others waiting."""
    logs.fork_context()
    try:
        return turns.wake(session_id, in_haste=True)
    except TurnInProgress:
        return False
    except Exception:
        logger.exception("sweep could not wake", extra={"session_id": session_id})
        return False
