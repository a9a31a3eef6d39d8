"""The interviewer without a model: it asks the planned questions, and does not pretend to understand the answers."""

from __future__ import annotations

from collections.abc import Sequence

from interviewos.domain.interview import Reason, Role, TurnPlan
from interviewos.domain.plan import DONE, NEXT, STAY, STORIES, WHOLE_STORY, Question
from interviewos.domain.wishes import Wish, wants_to_end
from interviewos.domain.words import count_words
from interviewos.offline import lines
from interviewos.offline.words import clean_name

THIN = 8
"""Words below which a story is asked for an example, once an interview."""


def next_line(turn: TurnPlan) -> tuple[str, str]:
    """Say the next line in a stage that asks, and its signal."""
    if turn.reason is Reason.ANSWER and not wants_to_end(_answer(turn)) and (more := _more_of_it(turn)):
        return more
    question = planned(turn)
    if question is None:
        return closing(turn), NEXT
    if turn.reason is Reason.START:
        greeting = lines.GREETING_AGAIN if turn.plan.excerpt else lines.GREETING
        return f"{_greeting(greeting, turn)} {question.text}", NEXT
    lead = lines.END if wants_to_end(_answer(turn)) else lines.LEADS.get(turn.reason, "")
    return _joined(lead, question.text), NEXT


def planned(turn: TurnPlan) -> Question | None:
    """Find the question that comes next by plan, in this stage or as the first of the one after it."""
    if turn.step.next or turn.stage == DONE:
        return turn.step.next
    following = turn.plan.next_of(turn.stage)
    return next(iter(turn.plan.questions_of(following)), None)


def _more_of_it(turn: TurnPlan) -> tuple[str, str] | None:
    """Ask once an interview for an example, and once a question for what its story may still lack."""
    if not turn.step.follow_ups:
        return None
    said = [m.text for m in turn.conversation if m.role is Role.AGENT]
    open_question, asked = turn.step.open, turn.open_line
    fresh = asked is not None and not asked.meta.part
    if fresh and turn.goal == STORIES and count_words(_answer(turn)) < THIN and lines.EXAMPLE not in said:
        return lines.EXAMPLE, STAY
    if turn.step.part and open_question and fresh:
        checks = sum(m.meta.part == WHOLE_STORY and not m.meta.repeats for m in turn.conversation)
        return _check(open_question.parts, checks), f"{STAY} {WHOLE_STORY}"
    return None


def _answer(turn: TurnPlan) -> str:
    """Give what was said since the interviewer's last line."""
    last = max((m.seq for m in turn.conversation if m.role is Role.AGENT), default=0)
    return " ".join(m.text for m in turn.conversation if m.role is Role.USER and m.seq > last and not m.meta.wish)


def _check(parts: Sequence[str], number: int) -> str:
    """Have the candidate look themselves for what a story of theirs lacks."""
    told = [lines.PARTS[part] for part in parts]
    forms = lines.CHECK if len(told) > 1 else lines.CHECK_ONE
    return forms[number % len(forms)].format(parts=", ".join(told))


def granted(turn: TurnPlan) -> str:
    """Do what the candidate asked for instead of answering."""
    wish, before = turn.grants, [m for m in turn.conversation if m.meta.repeats]
    here = [m for m in before if turn.open_line and m.seq > turn.open_line.seq]
    if wish is Wish.PAUSE:
        return lines.PAUSE if turn.may_pause else lines.PAUSED
    if wish is Wish.MORE_TIME:
        return lines.MORE_TIME if turn.may_extend else lines.NO_MORE_TIME
    question = turn.step.open
    as_planned = question is not None and turn.step.follow_ups == question.follow_ups
    if wish is Wish.SIMPLER and question and as_planned and not any(m.meta.wish is wish for m in here):
        return lines.SIMPLER.format(question=question.plain)
    return lines.REPEATED[len(before) % len(lines.REPEATED)].format(question=_as_asked(turn))


def _as_asked(turn: TurnPlan) -> str:
    """Give the words in which the open question was asked."""
    asked = turn.open_line
    if asked is None:
        return ""
    question = turn.step.open
    return question.text if question and not asked.meta.part and question.text in asked.text else asked.text


def stand_in(turn: TurnPlan, question: Question | None, failures: int, failed: bool = True) -> str:
    """Say honestly that the AI interviewer gave nothing, and ask what is planned in its place.

    `failures` counts those in a row before this one; a reply of which nothing was left did not fail.
    """
    if question is None:
        return lines.NOTHING_PLANNED[failures % len(lines.NOTHING_PLANNED)]
    if turn.reason is Reason.START:
        greeting = lines.GREETING_IN_PLACE if failed else lines.GREETING_BY_SCRIPT
        return f"{_greeting(greeting, turn)} {question.text}"
    if not failed:
        return _joined(lines.LEADS.get(turn.reason, ""), question.text)
    return _joined(lines.STAND_IN[failures % len(lines.STAND_IN)], question.text)


def error_line(turn: TurnPlan) -> str:
    """Say plainly that the AI interviewer cannot be reached, that all is kept, and how it goes on."""
    said = [m.text for m in turn.conversation if m.role is Role.AGENT]
    return lines.ERROR[sum(line in said for line in lines.ERROR) % len(lines.ERROR)]


def closing(turn: TurnPlan) -> str:
    """Say one line that ends the interview, led by a model or not."""
    if not turn.answered:
        return lines.CLOSING_WITHOUT_ANSWERS
    if turn.ceiling:
        return lines.CEILINGS[turn.ceiling]
    return lines.CLOSINGS.get(turn.reason, lines.CLOSINGS[Reason.ANSWER])


def _greeting(greeting: str, turn: TurnPlan) -> str:
    called = clean_name(turn.candidate_name)
    return greeting.format(name=f", {called}" if called else "")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
