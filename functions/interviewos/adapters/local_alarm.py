"""Alarms inside one process, for a laptop: a thread that sleeps until something is due and then sweeps.

It holds no state that counts. What is due stands in the store, so a new process goes on where a killed one was.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain

logger = logging.getLogger(__name__)

LONGEST_SLEEP_SECONDS = 60.0
"""As Cloud Scheduler would: it finds the turns whose process died."""
LAST = 2
"""Of the alarms that were set for an interview so many count, the last ones."""


class LocalAlarm:
    """An Alarm that calls `sweep` in this process when the next interview is due."""

    def __init__(self, clock: Callable[[], datetime], longest_sleep_seconds: float = LONGEST_SLEEP_SECONDS) -> None:
        self._clock = clock
        self._longest_sleep = timedelta(seconds=longest_sleep_seconds)
        self._times: dict[str, deque[datetime]] = {}
        """When each interview may be due. Each answer sets an alarm, and hundreds of interviews would be swept for all
        the time if all of them counted; the last alone would not do, since a turn that loses a race sets one as well.
        """
        self._changed = threading.Condition()

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        with self._changed:
            times = self._times.setdefault(session_id, deque(maxlen=LAST))
            if moves_on_at not in times:
                times.append(moves_on_at)
            if moves_on_at == self._next():  # who sleeps wakes for the next one only
                self._changed.notify()

    def hand_over(self, session_id: str, now: datetime) -> bool:
        """There is nobody else in this process."""
        return False

    def run(self, sweep: Callable[[], object]) -> None:
        """Sweep now and whenever something is due, for ever, in a thread that ends with the process."""
        threading.Thread(target=self._loop, args=(sweep,), name="local-alarm", daemon=True).start()

    def do_aside(self, job: Callable[[str], object], session_id: str) -> None:
        """Do it in a thread of its own, so that no alarm is late for it; what fails is still due, and found again."""
        threading.Thread(target=self._do, args=(job, session_id), name="local-job", daemon=True).start()

    def _do(self, job: Callable[[str], object], session_id: str) -> None:
        try:
            job(session_id)
        except Exception:  # nobody waits for it; a store that is down for a moment is up at the next sweep
            logger.exception("local job failed", extra={"session_id": session_id})

    def _loop(self, sweep: Callable[[], object]) -> None:
        while True:
            try:
                sweep()
            except Exception:  # the thread must outlive a store that is down for a moment
                logger.exception("local sweep failed")
            self._sleep()

    def _sleep(self) -> None:
        with self._changed:
            rest = self._clock() + self._longest_sleep
            while (moment := min(rest, self._next() or rest)) > self._clock():
                self._changed.wait((moment - self._clock()).total_seconds())
            now = self._clock()
            to_come = {name: deque((at for at in times if at > now), LAST) for name, times in self._times.items()}
            self._times = {name: times for name, times in to_come.items() if times}

    def _next(self) -> datetime | None:
        return min(chain.from_iterable(self._times.values()), default=None)
