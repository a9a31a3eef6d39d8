"""What the model is told.

The system instruction depends on the plan and the stage alone, so it is the same bytes for every candidate; what people
said goes in as JSON lines, where no text can end a line or pose as another speaker.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from interviewos.domain.interview import Role, TurnPlan
from interviewos.domain.plan import NEXT, STAY, Plan
from interviewos.domain.words import TEXTS_KEPT
from interviewos.model.note import note_for

PROMPTS = Path(__file__).parent / "prompts"
_AS_JSON = json.JSONEncoder(ensure_ascii=False).encode
TOLD_CHARACTERS = 120
"""Of each line about a question that is not open any more; the end of an interview reads all of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model: instructions from us, words from people."""

    system: str
    contents: tuple[str, ...]


def request_for(turn: TurnPlan) -> Request:
    """Write the request for a turn: the transcript travels once and only grows at its end."""
    return Request(system_instruction(turn.plan, turn.stage), (transcript(turn), note_for(turn, prompt_of)))


def system_instruction(plan: Plan, stage: str) -> str:
    """Join persona, stage and the stage's goal."""
    return f"{prompt_of('persona')}\n\nCURRENT STAGE: {stage}\n\n{_goal(plan, stage)}"


def _goal(plan: Plan, stage: str) -> str:
    goal = prompt_of(f"goals/{plan.stage(stage).goal}")
    return goal.replace("{part}", _part(plan, stage)).replace("{minutes}", _in_words(plan.stage(stage).seconds))


def _part(plan: Plan, stage: str) -> str:
    """Say where in an interview a stage stands: "the first of two parts, the introduction"."""
    if len(plan.stages) == 1:
        return f"the only part, the {plan.stage(stage).label.lower()}"
    place = _ORDINALS[[each.id for each in plan.stages].index(stage)]
    return f"the {place} of {_NUMBERS[len(plan.stages)]} parts, the {plan.stage(stage).label.lower()}"


_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


def _in_words(seconds: float) -> str:
    """Say a time as one says it: in whole minutes, or in seconds where those would mislead."""
    count, unit = round(seconds / 60), "minute"
    if seconds < 120 and seconds % 60:
        count, unit = max(1, round(seconds)), "second"
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} {unit}{'s' * (count != 1)}"


@cache
def prompt_of(name: str) -> str:
    """Read a prompt."""
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def transcript(turn: TurnPlan) -> str:
    """Write candidate and conversation as JSON lines."""
    heard = dict.fromkeys(turn.unheard, "")
    heard |= {m.meta.heard.seq: m.meta.heard.text for m in turn.conversation if m.meta.heard}
    about = {"candidate_name": quoted(turn.candidate_name), "role": quoted(turn.role)}
    chosen = {"level": turn.plan.level, "job_and_background": quoted(turn.plan.brief)}
    lines = [_AS_JSON(about | {name: text for name, text in chosen.items() if text})]
    opened_at = turn.opened_at
    said = (m for m in turn.conversation if m.role is not Role.SYSTEM)
    lines += [_line(m.role, m.text, m.seq < opened_at, heard.get(m.seq)) for m in said]
    return "\n".join(lines)


@lru_cache(TEXTS_KEPT)
def _line(role: Role, text: str, is_told: bool, heard: str | None) -> str:
    """Write a line; of a story that is told its beginning is enough, since the plan knows what was asked of it."""
    speaker = "candidate" if role is Role.USER else "interviewer"
    line = {"speaker": speaker, "text": quoted(_beginning(text) if is_told else text)}
    if heard is not None:
        line["interrupted_candidate_heard_only"] = quoted(heard)
    return _AS_JSON(line)


def _beginning(text: str) -> str:
    words = text[:TOLD_CHARACTERS]
    return text if words == text else f"{words.rpartition(' ')[0] or words} …"


# Tags, variation selectors and zero-width characters can hide an instruction from everybody but the model.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
LINE_END = re.compile("\r\n|[\x85\u2028\u2029]")
"""Line ends that JSON does not escape."""


def visible(text: str) -> str:
    """Leave out what no reader can see. For the prompt's copy only: joiners are letters in Persian and Hindi."""
    if text.isascii():
        return text.replace("\r\n", "\n")
    return LINE_END.sub("\n", _INVISIBLE.sub("", text))


_TOKEN = re.compile(
    rf"<+[ \t/]*({STAY}(?:[ \t]+[a-z_]+)?|{NEXT}|MOVE_TO_[A-Z0-9_]+)[ \t/]*>+|\b(MOVE_TO_\w*)", re.IGNORECASE
)


def quoted(text: str) -> str:
    """Write what people said for the prompt: what can be seen of it, and no token that a model could send back."""
    seen = visible(text)
    if "<" not in seen and "move_to_" not in seen.casefold():  # as nearly always
        return seen
    return _TOKEN.sub(lambda token: f"({(token[1] or token[2]).replace('_', ' ')})", seen)
