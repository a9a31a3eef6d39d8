"""The report on an interview that is over: read it, and say what is wrong in it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from functools import partial

from interviewos.domain.errors import InterviewRuns, InvalidField, TooManyObjections
from interviewos.domain.interview import Interview, Status
from interviewos.domain.plan import Plan
from interviewos.domain.report import MAX_OBJECTIONS, Finding, Grading, Objection, Report
from interviewos.report.making import report_by_rule
from interviewos.usecases.ports import InterviewStore

logger = logging.getLogger(__name__)


def report_of(plan: Plan, interview: Interview, now: datetime) -> Report:
    """Give the report on an interview; one that ended before there were reports gets what counting shows.

    Raises InterviewRuns before the end.
    """
    if interview.status is not Status.ENDED:
        raise InterviewRuns
    report = interview.report or report_by_rule(plan, interview.messages, interview.ended_at or now)
    is_lost = report.grading is Grading.PENDING and interview.due_at is None  # by an earlier release that cleared it
    return replace(report, grading=Grading.UNAVAILABLE) if is_lost else report


def object_to(store: InterviewStore, plan: Plan, session_id: str, objection: Objection) -> None:
    """Keep what a candidate says is wrong about a finding, once: one read and one write.

    Raises InterviewRuns, InvalidField where no finding begins there, TooManyObjections, UnknownSession and
    StoreUnavailable.
    """
    finding, _ = store.change(session_id, partial(_object, plan, objection))
    logger.info("finding called wrong", extra={"session_id": session_id, "sign": finding.sign, "by": finding.by})


def _object(plan: Plan, objection: Objection, interview: Interview, now: datetime) -> tuple[Interview, Finding]:
    report = report_of(plan, interview, now)
    finding = _finding(report, objection)
    if finding is None:
        raise InvalidField("There is no note of this sign at this place of the report.", pointer="/sign")
    others = tuple(each for each in report.objections if not _is_about(each, finding))
    objections = (*others, objection)
    if len(objections) > MAX_OBJECTIONS:
        raise TooManyObjections
    if objections == report.objections:
        return interview, finding
    return replace(interview, report=replace(report, objections=objections)), finding


def _finding(report: Report, objection: Objection) -> Finding | None:
    findings = (finding for story in report.stories for finding in story.findings)
    return next((finding for finding in findings if _is_about(objection, finding)), None)


def _is_about(objection: Objection, finding: Finding) -> bool:
    place = (objection.sign, objection.seq, objection.start)
    return place == (finding.sign, finding.span.seq, finding.span.start)
