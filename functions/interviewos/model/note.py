"""The note on a turn, last in a request: where the interview stands, and the two things that may come next."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from interviewos.domain.interview import Reason, TurnPlan
from interviewos.domain.plan import DONE, INTRODUCTION, NEXT, STAY, STORIES, Question, move_to

PARTS: Mapping[str, str] = {
    "situation": "the situation",
    "task": "their task",
    "action": "what they did themselves",
    "result": "how it ended",
    "number": "a number, or another sign that it worked",
}
_ABOUT = {INTRODUCTION: "about them", STORIES: "about their past work"}


def note_for(turn: TurnPlan, read: Callable[[str], str]) -> str:
    """Write the note; `read` gives the text of a prompt by its name."""
    again = turn.reason is Reason.START and turn.plan.excerpt
    note = read("notes/start_again" if again else f"notes/{turn.reason}")
    for place, words in _PLACES.items():
        if place in note:
            note = note.replace(place, words(turn))
    return note.strip()


def token(signal: str) -> str:
    return f"<<<{signal}>>>"


def _outline(turn: TurnPlan) -> str:
    """Say in what order an interview goes: "first about them, then about their past work"."""
    topics = dict.fromkeys(_ABOUT[stage.goal] for stage in turn.plan.stages)
    return ", ".join(f"{'then' if index else 'first'} {topic}" for index, topic in enumerate(topics))


def _ask(turn: TurnPlan) -> str:
    """Have the next question asked, or the end written where there is none."""
    if turn.step.next:
        return f"Then ask this{_for_their_work(turn)}: {turn.step.next.text} End with {token(NEXT)}."
    return f"Then do what the current stage describes, and end with {token(STAY)}."


def _for_their_work(turn: TurnPlan) -> str:
    return "" if turn.reason is Reason.START else ", in your own words for their work"


def _where(turn: TurnPlan) -> str:
    step = turn.step
    if step.open is None:
        return ""
    minutes = f"about {step.minutes_left} minute{'s' * (step.minutes_left != 1)} are left"
    return f"Question {step.number} of {step.count} is open, {minutes}. "


def _more(turn: TurnPlan) -> str:
    """Offer one part of the open question, or one thin place of its answer."""
    if turn.step.part:
        part = turn.step.part
        return f"Ask for this one part, in a word of theirs: {PARTS[part]}; then end with {token(f'{STAY} {part}')}. "
    return f"Ask about one thing of their answer that is still thin; then end with {token(STAY)}. "


def _on(turn: TurnPlan) -> str:
    """Offer what comes after the open question: the next one, the next part, or the end."""
    told = "Or, when it is told or they have no more,"
    if turn.step.next:
        return f"{told} ask this, in your own words for their work: {turn.step.next.text} Then end with {token(NEXT)}."
    following = turn.plan.next_of(turn.stage)
    if following == DONE:
        closing = "write one closing line that thanks them for something particular they told and asks nothing"
        return f"{told} {closing}: the feedback follows by itself. Then end with {token(move_to(DONE))}."
    opening = _opening(turn, following)
    return (
        f"{told} lead over to the next part in half a sentence and ask this, in your own words for their work:"
        f" {opening.text if opening else 'a first question of it.'} Then end with {token(move_to(following))}."
    )


def _opening(turn: TurnPlan, stage: str) -> Question | None:
    return next(iter(turn.plan.questions_of(stage)), None)


_PLACES: Mapping[str, Callable[[TurnPlan], str]] = {
    "{outline}": _outline,
    "{ask}": _ask,
    "{where}": _where,
    "{more}": _more,
    "{on}": _on,
}
