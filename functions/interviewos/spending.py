"""What a day may cost, whoever asks and however many processes answer: the caps that count, kept in the store.

Only creating is capped. An interview that exists goes on to its feedback, and what it can use is bounded by its length.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time, timedelta

from interviewos.errors import DailyBudgetReached, DailyInterviewsReached, StoreUnavailable
from interviewos.interview import Interview
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


def count_tokens(spending: Spending, interview: Interview) -> None:
    """Count what an interview has used once it is over: one write. Never raises: a stored turn is not lost for it."""
    tokens = interview.usage.input_tokens + interview.usage.output_tokens
    if interview.ended_at is None or not tokens:
        return
    try:
        spending.add(interview.ended_at.date(), tokens=tokens)
    except StoreUnavailable:
        logger.warning("tokens not counted", extra={"session_id": interview.session_id, "tokens": tokens})


def _seconds_left(now: datetime) -> float:
    """Give the seconds to the next midnight UTC."""
    midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
    return (midnight - now).total_seconds()
