"""Three points about what was said, by counting alone: what is there is shown, and nothing is said to be missing.

Every quotation is letter by letter out of one message of the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from interviewos.domain.interview import Message, Role, TurnPlan
from interviewos.domain.plan import STORIES
from interviewos.domain.private import is_private
from interviewos.domain.wishes import Wish
from interviewos.domain.words import count_words

FEWEST_QUOTED, MOST_QUOTED = 4, 15
"""Words of a quotation."""
SHORT, ENOUGH, LONG = 8, 12, 320
"""Words: of an answer that tells little, of one that can be told again, and of more than two minutes' talk."""

_SENTENCE = re.compile(r"[^.!?…。！？\n]+(?:[.](?=\d)[^.!?…。！？\n]+)*")
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_CHANGE = re.compile(
    r"\d[\d.,]*\s*(?:%|percent\b|per cent\b)"
    r"|\bfrom\b.{1,40}?\d[\d.,]*.{0,30}?\bto\b.{0,20}?\d"
    r"|\d[\d.,]*\s*([a-z]{2,}?)s?\b.{1,60}?\d[\d.,]*\s*\1s?\b",
    re.IGNORECASE,
)
_OWN_ACTION = re.compile(
    r"\bI (?:then |also |myself |just |finally |first )?"
    r"(?:\w{3,}ed|built|wrote|made|led|ran|told|taught|found|took|brought|kept|cut|set|sold|went|chose|gave|spoke|held"
    r"|drew|drove|began|put|sent|met|fought|won|rebuilt|rewrote|split|spent|shut"
    r"|dug|dealt|caught|bought|paid|grew)\b(?! (?:to (?:be|think)|that I))"
)
_TO_US = re.compile(r"\byou\b|\?", re.IGNORECASE)
"""Words to the interviewer are about the interview, and not about work."""
_NOT_OWN = re.compile(r"\bI (?:wanted|liked|loved|hated|needed|hoped|wished|used|supposed|guessed|tired|bored)\b")


def feedback(turn: TurnPlan) -> str:
    """Write exactly three lines: `- Strength: …`, `- Gap: …`, `- Next step: …`."""
    answers = [m for m in turn.conversation if m.role is Role.USER and not m.meta.wish]
    answers.sort(key=lambda m: turn.plan.goal_of(m.stage) != STORIES)  # what they did comes before who they are
    stories = [answer for answer in answers if turn.plan.goal_of(answer.stage) == STORIES]
    step = _next_step(stories or answers)
    return f"- Strength: {_strength(answers)}\n- Gap: {_gap(turn, answers)}\n- Next step: {step}"


def _strength(answers: list[Message]) -> str:
    if quote := _quote(answers, lambda sentence: _CHANGE.search(sentence)):
        return f"You put figures to it: “{quote}”. That can be checked, and an interviewer remembers it."
    if quote := _quote(answers, _own_action):
        return f"You said what you did yourself: “{quote}”. That lets an interviewer see your part."
    told = [answer for answer in answers if count_words(answer.text) >= ENOUGH]
    if quote := _quote(told, lambda sentence: _FIGURE.search(sentence)):
        return f"You gave a figure: “{quote}”. It is easier to picture than a word like often."
    if told and (quote := _first_words(max(told, key=lambda m: count_words(m.text)).text)):
        return f"You told something at length: “{quote}”."
    return "There was too little to name one, and a guess would not help you."


def _gap(turn: TurnPlan, answers: list[Message]) -> str:
    if not answers:
        return "No question was answered, so nothing can be said about any."
    if skipped := _left_open(turn):
        return f"You left {_number(skipped, 'question')} open. To say what you would do in such a case is more."
    short = sum(count_words(answer.text) < SHORT for answer in answers)
    if short * 2 >= len(answers):
        return f"{short} of your {len(answers)} answers had fewer than eight words; nobody learns much from that."
    longest = max(count_words(answer.text) for answer in answers)
    if longest > LONG:
        return f"One answer had {longest} words. About 250 are two minutes; more is hard to follow."
    return "None shows by counting, and this script cannot judge what a story lacks. Have a person listen to one."


def _left_open(turn: TurnPlan) -> int:
    return sum(m.role is Role.USER and m.meta.wish is Wish.SKIP for m in turn.conversation)


def _next_step(answers: list[Message]) -> str:
    told = [answer for answer in answers if count_words(answer.text) >= ENOUGH]
    quote = _quote(told, _own_action) or (_first_words(told[-1].text) if told else "")
    if not quote:
        return (
            "Start once more and answer the first question in four sentences: who you are, what you do, since when, "
            "and what you are looking for."
        )
    return f"Tell “{quote}” again in two minutes: the situation, what you did, how it ended, and one figure."


def _own_action(sentence: str) -> re.Match[str] | None:
    if _NOT_OWN.search(sentence) or len(sentence.split()) < FEWEST_QUOTED:
        return None
    return _OWN_ACTION.search(sentence)


def _quote(answers: list[Message], shows: Callable[[str], re.Match[str] | None]) -> str:
    """Find the first words that show something, whole where they are few."""
    found = (
        (sentence, shown) for answer in answers for sentence in _sentences(answer.text) if (shown := shows(sentence))
    )
    sentence, shown = next(found, ("", None))
    return _around(sentence, *shown.span()) if shown else ""


def _sentences(text: str) -> Iterator[str]:
    """Give the sentences of an answer that may be quoted."""
    for found in _SENTENCE.finditer(text):
        sentence = found[0].strip(' ,;:-–—"“”\t')
        if sentence and not is_private(sentence) and not _TO_US.search(sentence + text[found.end() : found.end() + 1]):
            yield sentence


def _around(sentence: str, begin: int, end: int) -> str:
    """Cut a sentence to so many words around what it shows, from its beginning where that fits."""
    words = list(re.finditer(r"\S+", sentence))
    if not words:
        return ""
    last = next((at for at, word in enumerate(words) if word.end() >= end), len(words) - 1)
    first = next(at for at, word in enumerate(words) if word.end() > begin)
    start = 0 if last < MOST_QUOTED else min(first, max(0, last - MOST_QUOTED + 1))
    stop = min(len(words), start + MOST_QUOTED) - 1
    return sentence[words[start].start() : words[stop].end()].strip(" ,;:-–—")


def _first_words(text: str) -> str:
    return _around(next((each for each in _sentences(text) if count_words(each) >= FEWEST_QUOTED), ""), 0, 1)


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}{'s' * (count != 1)}"
