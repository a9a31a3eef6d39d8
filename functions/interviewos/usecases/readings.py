"""Reading an interview that is over: a model reads it twice, a third time where it is in doubt, and code settles.

Whatever dies on the way, the report by rule stands, and what is due is found again.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from interviewos.domain.errors import UnknownSession
from interviewos.domain.interview import Interview, Usage
from interviewos.domain.plan import Plan
from interviewos.domain.reading import Read, claim_reading, commit_reading, hand_over
from interviewos.domain.report import Report
from interviewos.model.prompt import Request
from interviewos.model.read import STORY_TOKENS, prompt_version, readable, reading_of, reading_request
from interviewos.report.catalogue import catalogue
from interviewos.report.readings import Reading, is_open, settle
from interviewos.report.stories import Story, stories_of
from interviewos.usecases.ports import Interviewer, InterviewStore
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.writing import Written, written

logger = logging.getLogger(__name__)

READ_SECONDS = 40.0
"""Of all readings together; the lease is 90 s, and the request that asks for them has 60."""
THIRD_SECONDS = 12.0
"""With less time left than this a third reading is not asked for."""
MOST_READINGS = 3

Begin = Callable[[str, datetime], None]
"""Has a session's reading begun at a time, by somebody else; never raises."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Makes the readings that reports wait for. `asked` is how many, from 1 to 3; `begin` has one made elsewhere."""

    default_plan: Callable[[], Plan]
    store: InterviewStore
    interviewer: Interviewer
    begin: Begin
    asked: int = 2
    stopwatch: Callable[[], float] = time.monotonic
    budget: DayBudget | None = None

    def hand_over(self, session_id: str) -> None:
        """Leave a reading that is due to a request of its own. Raises UnknownSession and StoreUnavailable."""
        is_due, seen = self.store.change(session_id, hand_over)
        if is_due:
            self.begin(session_id, seen.at)

    def read(self, session_id: str) -> None:
        """Make the reading that a report waits for, if it does: two writes, and no more when it was made meanwhile.

        Raises StoreUnavailable: what is due then is found again.
        """
        fence = uuid.uuid4().hex
        try:
            is_ours, seen = self.store.change(session_id, partial(claim_reading, fence=fence))
            if not is_ours:
                return
            read = self._read(seen.interview)
            if self.budget:  # whatever becomes of it, the model was asked
                self.budget.count(session_id, read.usage.tokens, seen.at.date())
            kept, seen = self.store.change(session_id, partial(commit_reading, fence=fence, read=read), seen)
        except UnknownSession:  # deleted in the meantime: nothing comes back
            logger.info("nothing to read", extra={"session_id": session_id})
            return
        if seen.interview.due_at:
            self.begin(session_id, seen.interview.due_at)
        _log(seen.interview, read, kept)

    def _read(self, interview: Interview) -> Read:
        """Have the model read, and settle what its readings come to."""
        report, plan = interview.report, interview.plan or self.default_plan()
        assert report
        if interview.capped and self.budget and self.budget.is_spent():
            return Read(None, Usage())
        signs = catalogue(report.language)
        stories = stories_of(plan, interview.messages, tuple(signs.competencies))
        request = reading_request(signs, plan, stories, interview.candidate_name)
        answers = self._ask(request, stories, plan, interview, report)
        usage = sum((each.usage for each in answers), Usage())
        readings = _readings(answers, stories)
        if not readings:
            return Read(None, usage)
        settled = settle(plan, interview.messages, report, readings)
        made = replace(
            report.readings,
            models=tuple(dict.fromkeys(each.model for each in answers if each.model)),
            prompt=prompt_version(signs),
            asked=len(answers),
            used=len(readings),
        )
        return Read(replace(settled, readings=made), usage)

    def _ask(
        self, request: Request, stories: tuple[Story, ...], plan: Plan, interview: Interview, report: Report
    ) -> list[Written]:
        """Ask twice at once, and once more where that leaves something open and there is time."""
        begun, first, most = self.stopwatch(), min(self.asked, 2), STORY_TOKENS * len(readable(stories))
        with ThreadPoolExecutor(first, "read") as threads:
            ask = partial(written, self.interviewer, request, READ_SECONDS, most)
            jobs = [threads.submit(copy_context().run, ask) for _ in range(first)]
            answers = [job.result() for job in jobs]
        left = READ_SECONDS - (self.stopwatch() - begun)
        readings = _readings(answers, stories)
        in_doubt = len(readings) == 2 and is_open(plan, interview.messages, report, readings)
        if left > THIRD_SECONDS and (self.asked == MOST_READINGS or in_doubt):
            answers.append(written(self.interviewer, request, left, most))
        return answers


def _readings(answers: Sequence[Written], stories: Sequence[Story]) -> list[Reading]:
    """Read the answers; what says nothing of any story is no reading."""
    return [reading for answer in answers if (reading := reading_of(answer.text, stories))]


def _log(interview: Interview, read: Read, kept: bool) -> None:
    assert interview.report
    fields = {
        "session_id": interview.session_id,
        "grading": interview.report.grading,
        "tries": interview.report.readings.tries,
        "used": interview.report.readings.used,
        "kept": kept,
        "input_tokens": read.usage.input_tokens,
        "output_tokens": read.usage.output_tokens,
        "withheld": dict(interview.report.withheld),
    }
    logger.info("interview read", extra=fields)
