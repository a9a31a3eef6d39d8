"""Saying a question again: as it was asked, or in plainer words."""

from __future__ import annotations

from interviewos.offline import bank, lines
from interviewos.offline.answers import Answer
from interviewos.offline.bank import Question
from interviewos.offline.followups import EXAMPLE_PROBES, FOLLOW_UPS, INTRO_FOLLOW_UPS, FollowUp
from interviewos.offline.kinds import Kind
from interviewos.offline.talk import Talk
from interviewos.offline.words import sentences_that_ask

_ALL: tuple[Question | FollowUp, ...] = (
    lines.INTRODUCTION,
    *lines.INTRO_PROBES,
    *lines.BEGINNINGS,
    *(q for family in (*bank.FAMILIES, bank.GENERAL) for q in (*family.intro, *family.experience)),
    *(follow_up for choices in FOLLOW_UPS.values() for follow_up in choices),
    *INTRO_FOLLOW_UPS,
    *EXAMPLE_PROBES,
)


def say_again(talk: Talk, last: Answer) -> str:
    """Repeat or rephrase the last question when the candidate asks for that and there is one, or return nothing."""
    if last.kind not in (Kind.REPEAT, Kind.REPHRASE) or "?" not in last.asked:
        return ""
    times = sum(answer.kind is last.kind for answer in talk.answers) - 1
    openings, say = (lines.REPEATED, _as_asked) if last.kind is Kind.REPEAT else (lines.REPHRASED, _in_other_words)
    return f"{openings[times % len(openings)]} {say(last.asked)}"


def say_plainly(talk: Talk, line: str) -> str:
    """Return to an open question in plainer words, once; afterwards return nothing."""
    item = item_of(line)
    if item is None or not talk.asked.isdisjoint(sentences_that_ask(item.plain)):
        return ""
    return f"{lines.BACK} {item.plain[:1].lower()}{item.plain[1:]}"


def item_of(line: str) -> Question | FollowUp | None:
    """Find the question of the script that a line asks, in either of its forms."""
    low = line.casefold()
    forms = ((form, item) for item in _ALL for form in (item.text, item.plain))
    found = [(len(form), number, item) for number, (form, item) in enumerate(forms) if low.endswith(form.casefold())]
    return max(found)[2] if found else None


def _as_asked(line: str) -> str:
    """Give the question of a line with the words that belong to it, and without those that only led to it."""
    item = item_of(line)
    if item is None:
        return line
    if isinstance(item, FollowUp) and line.endswith(item.text):
        begin = line.rfind(item.lead.partition("{quote}")[0], 0, line.rfind("“") + 1)
        return _capital(line[begin:] if begin >= 0 else item.text)
    return _capital(item.text if line.endswith(item.text) else item.plain)


def _in_other_words(line: str) -> str:
    item = item_of(line)
    if item is None:
        return line
    return _capital(item.plain if line.endswith(item.text) else item.text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
