"""The rules of the readings of a report: when one is due, who makes it, and what is kept of it.

A reading has a lease of its own and never holds up anything else: the interview is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from interviewos.domain.interview import Interview, Status, Usage
from interviewos.domain.report import Grading, ReadingLease, Report

LEASE_SECONDS = 90
FIRST_TRY_SECONDS = 2
"""After the end: what is asked for before it is committed finds nothing."""
AGAIN_SECONDS = (60, 300)
"""After a try that gave nothing, until the next one."""
MOST_TRIES = len(AGAIN_SECONDS) + 1
HANDED_OVER_SECONDS = 120
"""Until what was handed over is looked for again."""


def is_pending(interview: Interview) -> bool:
    """Is a reading still to be made?"""
    report = interview.report
    return interview.status is Status.ENDED and report is not None and report.grading is Grading.PENDING


def is_reading_due(interview: Interview, now: datetime) -> bool:
    return is_pending(interview) and interview.due_at is not None and interview.due_at <= now


def first_reading_at(report: Report | None, now: datetime) -> datetime | None:
    """When an interview that ends now is read; None where it is not."""
    pending = report is not None and report.grading is Grading.PENDING
    return now + timedelta(seconds=FIRST_TRY_SECONDS) if pending else None


def hand_over(interview: Interview, now: datetime) -> tuple[Interview, bool]:
    """Leave a reading that is due to somebody with more time; False where none is."""
    if not is_reading_due(interview, now):
        return interview, False
    return replace(interview, due_at=now + timedelta(seconds=HANDED_OVER_SECONDS)), True


def claim_reading(interview: Interview, now: datetime, fence: str) -> tuple[Interview, bool]:
    """Take the reading that is pending, unless another process has it or every try was made."""
    if not is_pending(interview):
        return interview, False
    assert interview.report
    readings = interview.report.readings
    if readings.lease and readings.lease.fence == fence:  # the answer to our own write was lost
        return interview, True
    if readings.lease and readings.lease.until > now:
        return interview, False
    if readings.tries >= MOST_TRIES:
        return _given_up(interview, interview.report), False
    until = now + timedelta(seconds=LEASE_SECONDS)
    claimed = replace(readings, tries=readings.tries + 1, lease=ReadingLease(fence, until))
    return replace(interview, report=replace(interview.report, readings=claimed), due_at=until), True


@dataclass(frozen=True, slots=True)
class Read:
    """What a try came to: the report as it is to be, None where nothing could be read, and what it cost."""

    report: Report | None
    usage: Usage


def commit_reading(interview: Interview, now: datetime, fence: str, read: Read) -> tuple[Interview, bool]:
    """Keep what a try came to, unless its lease was taken over; False then, and what was read is not kept.

    What a candidate has called wrong in the meantime stays called that.
    """
    report = interview.report
    lease = report.readings.lease if report else None
    if report is None or lease is None or lease.fence != fence:
        return interview, report is not None and report.grading is Grading.MADE
    spent = replace(report.readings, lease=None, tokens=report.readings.tokens + read.usage.tokens)
    interview = replace(
        interview,
        usage=interview.usage + read.usage,
        counted_tokens=interview.counted_tokens + read.usage.tokens,
    )
    if read.report:
        used = replace(read.report.readings, tries=spent.tries, tokens=spent.tokens, lease=None)
        made = replace(read.report, readings=used, objections=report.objections)
        return replace(interview, report=made, due_at=None), True
    if spent.tries >= MOST_TRIES:
        return _given_up(interview, replace(report, readings=spent)), True
    again = now + timedelta(seconds=AGAIN_SECONDS[spent.tries - 1])
    return replace(interview, report=replace(report, readings=spent), due_at=again), True


def _given_up(interview: Interview, report: Report) -> Interview:
    readings = replace(report.readings, lease=None)
    return replace(interview, report=replace(report, grading=Grading.UNAVAILABLE, readings=readings), due_at=None)
