"""Follow-ups: finding what a story lacks and asking for it, once for each part and twice at most for a story."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from interviewos.domain.plan import INTRODUCTION
from interviewos.offline import lines, signs
from interviewos.offline.again import item_of
from interviewos.offline.answers import Answer
from interviewos.offline.followups import EXAMPLE_PROBES, FOLLOW_UPS, INTRO_FOLLOW_UPS, FollowUp, Part
from interviewos.offline.kinds import Kind
from interviewos.offline.talk import Talk

FOLLOW_UPS_A_STORY = 2
FOR_EVERY_STORY = (Part.ACTION, Part.LESSON)
"""What can be asked about a story in another language, whose signs are not read."""
BRIEF = 15
"""Words below which an introduction gets a follow-up of its own, once."""


def probe(talk: Talk, last: Answer) -> str:
    """Ask for more after a word or two, once: whoever stays short is asked something else."""
    before = talk.answers_in(last.stage)[:-1]
    if before and before[-1].kind is Kind.THIN:
        return ""
    if last.goal == INTRODUCTION:
        question = talk.first_new(lines.INTRO_PROBES)
        return f"{lines.INTRO_PROBE_LEAD} {question}" if question else ""
    return _ask(talk, last, EXAMPLE_PROBES, quote=True)


def follow_up(talk: Talk, last: Answer, *, quote: bool = True) -> str:
    """Ask for what is missing in the story, or return nothing when the story is told."""
    if last.goal == INTRODUCTION:
        first = all(talk.is_new(choice) for choice in INTRO_FOLLOW_UPS)
        return _ask(talk, last, INTRO_FOLLOW_UPS, quote=quote) if first and last.length < BRIEF else ""
    story, dug = _story(talk)
    if len(dug) >= FOLLOW_UPS_A_STORY:
        return ""
    missing = FOR_EVERY_STORY if last.foreign else missing_parts(story)
    asked = (_ask(talk, last, FOLLOW_UPS[part], quote=quote) for part in missing if part not in dug)
    return next((line for line in asked if line), "")


def missing_parts(story: Sequence[Answer]) -> list[Part]:
    """List what a story lacks, the most telling part first."""
    text = " ".join(answer.own for answer in story)
    acted = signs.OWN_ACTION.found_in(text)
    team_speaks = signs.WE_WORD.count_in(text) > signs.I_WORD.count_in(text)
    result = signs.RESULT.found_in(text)
    lacks = {
        Part.OWN_PART: team_speaks,
        Part.SITUATION: not (acted or signs.SITUATION.found_in(text)),
        Part.ACTION: not (acted or team_speaks),
        Part.RESULT: not result,
        Part.MEASURE: result and not signs.NUMBER.found_in(text),
        Part.TASK: not signs.TASK.found_in(text),
    }
    return [part for part, lacking in lacks.items() if lacking] or [Part.LESSON]


def _ask(talk: Talk, answer: Answer, choices: Iterable[FollowUp], *, quote: bool) -> str:
    choice = next((choice for choice in choices if talk.is_new(choice)), None)
    if choice is None:
        return ""
    words = talk.quote(answer) if quote else ""
    return f"{choice.lead.format(quote=words)} {choice.text}" if words else choice.text[:1].upper() + choice.text[1:]


def _story(talk: Talk) -> tuple[list[Answer], set[Part]]:
    """Collect the answers since the last question of the bank, and the parts asked for since then."""
    story: list[Answer] = []
    dug: set[Part] = set()
    for answer in reversed(talk.answers):
        story.append(answer)
        item = item_of(answer.asked)
        if not isinstance(item, FollowUp):
            break
        dug.update(part for part, choices in FOLLOW_UPS.items() if item in choices)
    return story, dug
