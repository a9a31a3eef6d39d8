"""What several readings of a model come to: claims that most of them make and code can check, and levels with proof."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from interviewos.domain.interview import Message
from interviewos.domain.plan import Plan
from interviewos.domain.report import (
    CompetencyResult,
    Contrast,
    Finding,
    Grading,
    Point,
    Report,
    Retold,
    Shown,
    Span,
    StoryReport,
    Unknown,
)
from interviewos.report.catalogue import Catalogue, catalogue
from interviewos.report.findings import Proposal, Withheld, check_findings
from interviewos.report.spans import find_span
from interviewos.report.stories import Story, stories_of

APART = 2
"""Levels of one competency that are so far apart do not agree."""
MOST_CONTRASTS = 2
_LEVEL_OF = {0: 2, 1: 3, 2: 4}
"""The highest level that so many signs in a story carry; the key sign among two carries the fifth."""
_SETTLED = (Unknown.NOT_ASKED, Unknown.NOT_ANSWERED, Unknown.TOO_SHORT)


@dataclass(frozen=True, slots=True)
class StoryReading:
    """What one reading says of a story: levels from 1 to 5 by competency, signs, and words for the parts of a story."""

    levels: Mapping[str, int] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    retell: tuple[tuple[str, str], ...] = ()


Reading = Mapping[str, StoryReading]
"""One reading, by question."""


@dataclass(frozen=True, slots=True)
class _Voted:
    """A story, the claims that stand, which of them are new, and how often each sign was claimed."""

    story: Story
    findings: tuple[Finding, ...]
    votes: Mapping[str, int]
    withheld: tuple[Withheld, ...]


def settle(plan: Plan, conversation: Sequence[Message], report: Report, readings: Sequence[Reading]) -> Report:
    """Put what the readings come to into a report; what it has by rule stays."""
    signs = catalogue(report.language)
    stories = stories_of(plan, conversation, tuple(signs.competencies))
    before = {story.question: story for story in report.stories}
    voted = {story.question: _vote(signs, story, _by_rule(signs, before, story), readings) for story in stories}
    withheld = Counter(report.withheld)
    withheld.update(reason.value for each in voted.values() for reason in each.withheld)
    return replace(
        report,
        grading=Grading.MADE,
        stories=tuple(_story(before[question], each, readings) for question, each in voted.items()),
        points=tuple(_confirmed(signs, point, voted, len(readings)) for point in report.points),
        competencies=tuple(_level(signs, result, voted, readings) for result in report.competencies),
        contrasts=tuple(_contrasts(signs, voted))[:MOST_CONTRASTS],
        withheld=dict(withheld),
    )


def is_open(plan: Plan, conversation: Sequence[Message], report: Report, readings: Sequence[Reading]) -> bool:
    """Do two readings leave something open that a third would decide: a level, or a vote?"""
    signs = catalogue(report.language)
    stories = stories_of(plan, conversation, tuple(signs.competencies))
    before = {story.question: story for story in report.stories}
    voted = [_vote(signs, story, _by_rule(signs, before, story), readings) for story in stories]
    if any(count * 2 == len(readings) for each in voted for count in each.votes.values()):
        return True
    levels = (_levels(result.id, {v.story.question: v for v in voted}, readings) for result in report.competencies)
    return any(max(found.values()) - min(found.values()) >= APART for found in levels if found)


def _by_rule(signs: Catalogue, before: Mapping[str, StoryReport], story: Story) -> tuple[Finding, ...]:
    """Give what rules have found, but for what only another release can say."""
    kept = before.get(story.question, StoryReport(story.question))
    return tuple(finding for finding in kept.findings if finding.by is Shown.RULE and finding.sign in signs.signs)


def _vote(signs: Catalogue, story: Story, ruled: tuple[Finding, ...], readings: Sequence[Reading]) -> _Voted:
    """Have the readings vote: first on what is there, then on what is missing beside that."""
    told = [reading[story.question] for reading in readings if story.question in reading]
    shown, votes, reasons = _ballot(signs, story, ruled, told, len(readings), shows=True)
    missing, more_votes, more = _ballot(signs, story, (*ruled, *shown), told, len(readings), shows=False)
    return _Voted(story, (*ruled, *shown, *missing), votes | more_votes, (*reasons, *more))


def _ballot(
    signs: Catalogue,
    story: Story,
    found: tuple[Finding, ...],
    told: Sequence[StoryReading],
    readings: int,
    *,
    shows: bool,
) -> tuple[tuple[Finding, ...], dict[str, int], list[Withheld]]:
    claims: dict[str, list[Finding]] = {}
    withheld = list[Withheld]()
    for reading in told:
        proposals = [each for each in reading.proposals if _shows(signs, each) is shows]
        checked = check_findings(signs, story, proposals, _basis(readings), found)
        withheld += [reason for reason in checked.withheld if reason is not Withheld.TWICE]
        for name, finding in {finding.sign: finding for finding in reversed(checked.findings)}.items():
            claims.setdefault(name, []).append(finding)
    carried = (each[0] for each in claims.values() if len(each) * 2 > readings and (shows or readings > 1))
    return tuple(carried), {sign: len(each) for sign, each in claims.items()}, withheld


def _shows(signs: Catalogue, proposal: Proposal) -> bool:
    """Does a claim say that something is there? One of an unknown sign is looked at with those that do."""
    sign = signs.signs.get(proposal.sign)
    return sign is None or sign.shows


def _basis(readings: int) -> Shown:
    return Shown.READINGS if readings > 1 else Shown.ONE_READING


def _story(before: StoryReport, voted: _Voted, readings: Sequence[Reading]) -> StoryReport:
    return replace(before, findings=voted.findings, retell=_retell(voted.story, readings))


def _retell(story: Story, readings: Sequence[Reading]) -> tuple[Retold, ...]:
    """Put their own words in the order of a story, as the first reading that can; what was asked for may be missing."""
    for reading in readings:
        told = [(part, _span(story, quote)) for part, quote in reading.get(story.question, StoryReading()).retell]
        found = {part: span for part, span in told if span and part in story.parts}
        if found:
            parts = (part for part in story.parts if part in found or part in story.parts_answered)
            return tuple(Retold(part, found.get(part)) for part in parts)
    return ()


def _span(story: Story, quote: str) -> Span | None:
    places = ((answer.seq, find_span(quote, answer.text)) for answer in story.answers)
    return next((Span(seq, *place) for seq, place in places if place), None)


def _confirmed(signs: Catalogue, point: Point, voted: Mapping[str, _Voted], readings: int) -> Point:
    """A point that a reading chose is not confirmed where no later one sees it, or most say the opposite."""
    there = voted.get(point.question)
    if not point.chosen or point.by is Shown.RULE or there is None:
        return point
    return replace(point, confirmed=there.votes.get(point.sign, 0) > 0)


def _level(
    signs: Catalogue, result: CompetencyResult, voted: Mapping[str, _Voted], readings: Sequence[Reading]
) -> CompetencyResult:
    """Settle a level: the lower median of the readings, as far as signs in its story carry it."""
    if result.not_assessed in _SETTLED:
        return result
    found = _levels(result.id, voted, readings)
    if not found:
        return replace(result, not_assessed=Unknown.NO_EVIDENCE)
    levels = sorted(found.values())
    apart = levels[-1] - levels[0] >= APART
    if apart and len(set(levels)) in (len(levels), 1):
        return replace(result, not_assessed=Unknown.UNCERTAIN)
    level = levels[(len(levels) - 1) // 2]
    story = next(_best(result.id, voted, readings[at])[1] for at, each in found.items() if each == level)
    carried = _carried(signs, result.id, voted[story].findings, level)
    if carried is None:
        return replace(result, not_assessed=Unknown.NO_EVIDENCE)
    return CompetencyResult(result.id, carried, story)


def _levels(competency: str, voted: Mapping[str, _Voted], readings: Sequence[Reading]) -> dict[int, int]:
    """Give the level of a competency in each reading that names one, by the number of the reading."""
    best = {at: _best(competency, voted, reading)[0] for at, reading in enumerate(readings)}
    return {at: level for at, level in best.items() if level}


def _best(competency: str, voted: Mapping[str, _Voted], reading: Reading) -> tuple[int, str]:
    """Give the highest level that a reading has for a competency, and its story."""
    asked = (q for q, each in voted.items() if competency in each.story.competencies and not each.story.is_short)
    levels = [(reading[question].levels.get(competency, 0), question) for question in asked if question in reading]
    return max(levels, key=lambda each: each[0], default=(0, ""))


def _carried(signs: Catalogue, competency: str, findings: Sequence[Finding], level: int) -> int | None:
    """Give the highest level up to this one that a story's signs carry; below the third something must be missing."""
    here = {f.sign for f in findings if signs.signs[f.sign].competency == competency}
    shown = [sign for sign in here if signs.signs[sign].shows]
    most = _LEVEL_OF.get(len(shown), 4)
    if len(shown) > 1 and any(signs.signs[sign].key for sign in shown):
        most = 5
    carried = min(level, most)
    lacks = any(not signs.signs[sign].shows for sign in here)
    return carried if carried > 2 or lacks else None


def _contrasts(signs: Catalogue, voted: Mapping[str, _Voted]) -> Iterator[Contrast]:
    """Find parts that one story has, and another was asked for and lacks; each part once."""
    seen = set[str]()
    for question, each in voted.items():
        for finding in each.findings:
            sign = signs.signs[finding.sign]
            has = _has(sign.unless, voted, question)
            if not sign.shows and sign.part and sign.part not in seen and has:
                seen.add(sign.part)
                yield Contrast(sign.part, has, question)


def _has(wanted: Sequence[str], voted: Mapping[str, _Voted], but: str) -> str:
    others = (question for question in voted if question != but)
    return next((q for q in others if any(finding.sign in wanted for finding in voted[q].findings)), "")
