"""What a day may cost, for all callers and processes together: the caps that count, kept in the store.

Only interviews that were created without the secret are capped. None is created when a cap is reached; those that run
go on to their feedback until half as many tokens again are used, and end by script then. What one interview may use is
bounded by its own rules.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from interviewos.domain.errors import DailyBudgetReached, DailyInterviewsReached, StoreUnavailable
from interviewos.domain.turn import seconds_left_of_day
from interviewos.settings import DailyCaps
from interviewos.usecases.ports import QuotaCounter

logger = logging.getLogger(__name__)

RESERVE = 0.5
"""Share of a day's tokens that interviews which run already may use beyond them."""
LOOK_EVERY, LOOK_OFTEN = timedelta(seconds=60), timedelta(seconds=5)
"""Between two looks of a process at the day's tokens, and once these are used up; whatever the number of turns."""


@dataclass(frozen=True, slots=True)
class _Look:
    at: datetime
    tokens: int


class DayBudget:
    """The caps of a day, and what has been counted against them."""

    def __init__(self, spending: QuotaCounter, caps: DailyCaps, clock: Callable[[], datetime]) -> None:
        self._spending = spending
        self._caps = caps
        self._clock = clock
        self._look: _Look | None = None

    def charge_quota(self) -> None:
        """Count one more capped interview, if this day has room for it: one read and one write, refused one read.

        Callers between their read and their write do not see each other, so a day may end above its cap by as many
        interviews as were being created at that moment, less one. Raises DailyBudgetReached, DailyInterviewsReached and
        StoreUnavailable.
        """
        now = self._clock()
        spent = self._spending.of(now.date())
        if self._caps.tokens and spent.tokens >= self._caps.tokens:
            raise DailyBudgetReached(retry_after=seconds_left_of_day(now))
        if self._caps.interviews and spent.interviews >= self._caps.interviews:
            raise DailyInterviewsReached(retry_after=seconds_left_of_day(now))
        self._spending.add(now.date(), interviews=1)

    def is_spent(self) -> bool:
        """Is the reserve used up as well, as far as this process knows? Never raises: no turn waits for an answer."""
        return bool(self._caps.tokens) and self._tokens() >= self._caps.tokens * (1 + RESERVE)

    def count(self, session_id: str, tokens: int, day: date) -> None:
        """Count what models have used: one write, and none for nothing. Never raises: nothing else is lost for it.

        `tokens` are below 0 where less was used than counted before.
        """
        if not tokens:
            return
        if self._look:
            self._look = replace(self._look, tokens=self._look.tokens + tokens)
        try:
            self._spending.add(day, tokens=tokens)
        except StoreUnavailable:
            logger.warning("tokens not counted", extra={"session_id": session_id, "tokens": tokens})

    def _tokens(self) -> int:
        now, look = self._clock(), self._look
        if look and look.at.date() == now.date():
            fresh = LOOK_EVERY if look.tokens < self._caps.tokens else LOOK_OFTEN
            if now - look.at < fresh:
                return look.tokens
        try:
            tokens = self._spending.of(now.date()).tokens
        except StoreUnavailable:
            logger.warning("the day's tokens are not known")
            tokens = look.tokens if look and look.at.date() == now.date() else 0
        self._look = _Look(now, tokens)
        return tokens
