"""What a candidate asks for in words: only where the words are all that was said.

"Please go on to the next question" is a wish; "I told them to go on to the next question" is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Wish(StrEnum):
    """What a candidate may ask for instead of an answer."""

    REPEAT = "repeat"
    SIMPLER = "simpler"
    NEXT = "next"
    """There is nothing to add to the open question."""
    SKIP = "skip"
    """The open question is left open."""
    PAUSE = "pause"
    MORE_TIME = "more_time"


_ASK = r"(?:(?:can|could|would|will|may) (?:you|we|i) )?(?:please )?"
_THAT = r"(?: (?:that|this|it|that one|this one|(?:the|this|that|your)(?: last)? question))?"
_MOMENT = r"(?:a|one)(?: short| little)? (?:moment|minute|second|sec)"
_TO_THINK = r"to think(?: about (?:that|it|this))?"
_FORMS: Mapping[Wish, tuple[str, ...]] = {
    Wish.REPEAT: (
        rf"{_ASK}repeat{_THAT}(?: again)?",
        rf"{_ASK}say (?:that|it)(?: again| once more| one more time)",
        rf"{_ASK}ask (?:that|it|me)(?: again| once more)",
        r"what|huh|sorry|come again|pardon(?: me)?|what was (?:that|the question)(?: again)?|what did you (?:ask|say)",
        rf"i (?:didn't|did not|couldn't|could not) (?:hear|catch|get){_THAT}",
    ),
    Wish.SIMPLER: (
        rf"{_ASK}(?:rephrase|reword|explain|simplify|clarify){_THAT}",
        r"what do you mean(?: by (?:that|it|this))?|in simpler words|simpler",
        rf"{_ASK}(?:say|put|ask) (?:that|it) (?:more simply|differently|in (?:other|simpler|easier) words)",
        rf"i (?:don't|do not|didn't|did not) (?:quite )?understand{_THAT}",
    ),
    Wish.NEXT: (
        r"(?:the )?next(?: one| question)?",
        rf"{_ASK}(?:go|move|carry) on(?: to the next(?: one| question)?)?|continue",
        r"(?:let's|let us) (?:go|move) on(?: to the next(?: one| question)?)?",
        r"that's (?:all|it|everything)(?: from me)?|(?:i am|i'm) done(?: next)?",
        r"(?:i have |i've |there is |there's )?nothing (?:more|else)(?: to (?:say|add|tell))?",
    ),
    Wish.SKIP: (
        rf"{_ASK}(?:skip|pass){_THAT}|pass on (?:that|this)(?: one)?",
        rf"i(?:'d| would)? (?:rather|like to|prefer to|want to) (?:skip|pass){_THAT}",
        rf"i(?:'d| would)? (?:rather|prefer)(?: to)? not (?:say|answer|talk about){_THAT}",
        r"(?:i )?(?:don't|do not) know|no idea|i have no idea|i'm not sure",
        r"(?:i )?(?:can't|cannot|can not) think of (?:one|anything|any|an example)|nothing comes to mind",
    ),
    Wish.PAUSE: (
        rf"(?:(?:give me |let me have )?(?:just )?|hold on |wait ){_MOMENT}(?: {_TO_THINK})?|hold on",
        rf"let me think(?: about (?:that|it|this))?(?: for {_MOMENT})?",
        rf"i need (?:(?:{_MOMENT}|some time|a bit of time)(?: {_TO_THINK})?|(?:time )?{_TO_THINK})",
    ),
    Wish.MORE_TIME: (rf"{_ASK}have more time|(?:i need )?more time",),
}
_POLITE = r"(?:(?:sorry|excuse me|please|ok|okay|[ue]h*m+|uh+|er+|hm+|well|so|yes|no|thanks|thank you|now|then)\b ?)*"
_WISHES = {wish: re.compile(rf"{_POLITE}(?:{'|'.join(forms)}) ?{_POLITE}(?:for me)?") for wish, forms in _FORMS.items()}
_LONGEST = 80
"""Characters; a longer utterance says something else as well."""


_END = re.compile(
    rf"{_POLITE}(?:stop(?: (?:it|this|here|now|please))?|(?:let's|let us|i want to|i'd like to|i would like to|can we)"
    rf" (?:stop|finish|end|quit)(?: (?:it|this|here|now|the interview))?|i (?:quit|give up)) ?{_POLITE}"
)


def wants_to_end(text: str) -> bool:
    """Does an utterance say that the interview shall end, and nothing else?"""
    return _END.fullmatch(_plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w' ]+", " ", text.replace("’", "'").lower()).split())


def wish_in(text: str) -> Wish | None:
    """Find the wish that an utterance is, if it is nothing else."""
    if len(text) > _LONGEST:
        return None
    words = _plain(text)
    return next((wish for wish, form in _WISHES.items() if form.fullmatch(words)), None)
