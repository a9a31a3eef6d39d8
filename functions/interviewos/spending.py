"""What a day may cost, whoever asks and however many processes answer: the caps that count, kept in the store.

Only creating is capped. An interview that exists goes on to its feedback, and what it can use is bounded by its length.
Its tokens are counted together when it ends or is deleted; a reply that came too late for it is counted by itself.
"""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, time, timedelta

from interviewos.errors import DailyBudgetReached, DailyInterviewsReached, StoreUnavailable
from interviewos.interview import Usage
from interviewos.ports import Spending
from interviewos.settings import DailyCaps

logger = logging.getLogger(__name__)


def admit(spending: Spending, caps: DailyCaps, now: datetime) -> None:
    """Count one more interview of a stranger, if this day has room for it: one read and one write, refused one read.

    Callers between their read and their write do not see each other, so a day may end above its cap by as many
    interviews as were being created at that moment, less one. Raises DailyBudgetReached, DailyInterviewsReached and
    StoreUnavailable.
    """
    day = now.date()
    spent = spending.of(day)
    wait = _seconds_left(now)
    if caps.tokens and spent.tokens >= caps.tokens:
        raise DailyBudgetReached(retry_after=wait)
    if caps.interviews and spent.interviews >= caps.interviews:
        raise DailyInterviewsReached(retry_after=wait)
    spending.add(day, interviews=1)


def count_tokens(spending: Spending | None, session_id: str, usage: Usage, day: date) -> None:
    """Count what models have used: one write, and none for nothing. Never raises: no turn or delete is lost for it."""
    tokens = usage.input_tokens + usage.output_tokens
    if spending is None or not tokens:
        return
    try:
        spending.add(day, tokens=tokens)
    except StoreUnavailable:
        logger.warning("tokens not counted", extra={"session_id": session_id, "tokens": tokens})


def _seconds_left(now: datetime) -> float:
    """Give the seconds to the next midnight UTC."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()
