"""Making a report: the stories, what stands in each, and what was not assessed and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from interviewos.domain.interview import Message, Source
from interviewos.domain.plan import Plan
from interviewos.domain.report import CompetencyResult, Grading, Point, Report, StoryReport, Unknown
from interviewos.domain.words import count_words
from interviewos.report.catalogue import catalogue
from interviewos.report.findings import Proposal
from interviewos.report.observe import observe
from interviewos.report.points import Told, points_by_choice, points_by_rule
from interviewos.report.stories import Story, stories_of

ANSWERS_TO_READ, WORDS_TO_READ = 2, 25
"""So many answers of so many words are worth a reading."""
DEGRADED = 0.3
"""Share of an interviewer's lines that stood in for a model, above which no level is given."""


def told_of(plan: Plan, conversation: Sequence[Message]) -> Told:
    """Sort a conversation into stories, with what a rule finds in each."""
    signs = catalogue(plan.language)
    stories = stories_of(plan, conversation, tuple(signs.competencies))
    return Told(stories, {story.question: observe(signs, story) for story in stories})


def report_by_rule(plan: Plan, conversation: Sequence[Message], now: datetime) -> Report:
    """Make the report that needs no model: what counting shows, and three points of it."""
    told = told_of(plan, conversation)
    return report_of(plan, conversation, now, told, points_by_rule(catalogue(plan.language), told))


def report_by_choice(
    plan: Plan,
    conversation: Sequence[Message],
    now: datetime,
    told: Told,
    strength: Proposal | None,
    gap: Proposal | None,
    *,
    reads: bool = False,
) -> Report:
    """Make the report with the points that a model has chosen, as far as its choice stands.

    With `reads` a model reads it afterwards, where there is enough to read.
    """
    told, points, withheld = points_by_choice(catalogue(plan.language), told, strength, gap)
    grading = Grading.PENDING if reads and is_worth_reading(conversation, told) else Grading.OFF
    made = report_of(plan, conversation, now, told, points)
    return replace(made, grading=grading, withheld=dict(Counter(withheld)))


def report_of(
    plan: Plan, conversation: Sequence[Message], now: datetime, told: Told, points: tuple[Point, ...]
) -> Report:
    """Make the report as an interview ends."""
    why = Unknown.DEGRADED if is_degraded(conversation) else Unknown.GRADER_UNAVAILABLE
    return Report(
        made_at=now,
        language=plan.language,
        points=points,
        stories=tuple(_story(told, story) for story in told.stories),
        competencies=tuple(not_assessed(competency, told, why) for competency in plan.competencies),
    )


def _story(told: Told, story: Story) -> StoryReport:
    return StoryReport(
        question=story.question,
        seqs=tuple(answer.seq for answer in story.answers),
        parts_asked=story.parts_asked,
        findings=told.findings.get(story.question, ()),
        not_assessed=why_not(story),
    )


def why_not(story: Story) -> Unknown | None:
    """Why nothing can be said about a story, if so."""
    if not story.answers:
        return Unknown.NOT_ANSWERED
    return Unknown.TOO_SHORT if story.is_short else None


def not_assessed(competency: str, told: Told, otherwise: Unknown) -> CompetencyResult:
    """Say why a competency has no level: it was not asked, not answered, answered in a few words, or not read."""
    stories = [story for story in told.stories if competency in story.competencies and story.named]
    if not stories:
        return CompetencyResult(competency, not_assessed=Unknown.NOT_ASKED)
    reasons = [why_not(story) for story in stories]
    if None in reasons:
        return CompetencyResult(competency, not_assessed=otherwise)
    reason = Unknown.TOO_SHORT if Unknown.TOO_SHORT in reasons else Unknown.NOT_ANSWERED
    return CompetencyResult(competency, not_assessed=reason)


def is_worth_reading(conversation: Sequence[Message], told: Told) -> bool:
    """Did the candidate give enough answers that are long enough, to an interviewer that a model led?"""
    answers = (answer for story in told.stories if story.competencies for answer in story.answers)
    long = sum(count_words(answer.text) >= WORDS_TO_READ for answer in answers)
    return long >= ANSWERS_TO_READ and not is_degraded(conversation)


def is_degraded(conversation: Sequence[Message]) -> bool:
    """Did a stand-in say too many of the interviewer's lines?"""
    sources = Counter(line.source for line in conversation if line.source)
    return sources[Source.FALLBACK] > DEGRADED * sources.total()
