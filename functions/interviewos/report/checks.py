"""What words themselves must have for a sign, as far as a rule can tell: figures, and who acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interviewos.report.stories import Story

_MEASURED = re.compile(
    r"\d[\d.,]*\s*(?:%|٪|percent\b|per cent\b|Prozent\b|por ciento\b|pour cent\b)"
    r"|\bfrom\b.{1,40}?\d[\d.,]*.{0,30}?\bto\b.{0,20}?\d"
    r"|\d[\d.,]*\s*([^\W\d_]{2,}?)(?:s|en|n)?\b.{1,60}?\d[\d.,]*\s*\1(?:s|en|n)?\b",
    re.IGNORECASE,
)
FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_SUPPOSED = re.compile(
    r"\b(?:would|could|should|might|if|hope[ds]?|wish(?:ed)?|plan(?:ned)?|want(?:ed)?|never|not|nobody|without)\b"
    r"|n['’]t\b|['’](?:d|ll)\b"
    r"|\b(?:würde\w*|könnte\w*|wenn|nicht|kein\w*|nie)\b|\b(?:ne|pas|jamais|si)\b|\b(?:nunca|no|si|habría)\b",
    re.IGNORECASE,
)
"""What did not happen, or not yet, is no deed and no result."""


@dataclass(frozen=True, slots=True)
class Person:
    """How a language says that the speaker acts; a `state` of the speaker is no action."""

    acts: re.Pattern[str]
    state: re.Pattern[str]


_EN_STATES = (
    r"am|was|were|have(?! \w+ed\b)|had|feel|felt|think|thought|believed?|know|knew|want\w*|liked?|loved?|hated?"
    r"|need\w*|hoped?|wish\w*|guess\w*|supposed?|mean|meant|remember\w*|underst\w+|misspoke|see|saw|hear\w*"
    r"|can|cannot|refuse|decline|will|must|may|do|did|always|usually|often|sometimes|still|already|really|live[ds]?|stud(?:y|ied)|get|got"
    r"|become|became|come|came|prefer\w*|enjoy\w*|agreed?|used|tend\w*|qualified|tired|bored|look(?:ed)? for"
    r"|work(?:ed)? (?:as|for|at|in|on|there|here|since|mostly|mainly)"
)
_ENGLISH = (
    r"(?<![Aa]s )(?<![Ll]ike )\b[Ii](?: (?:then|also|myself|just|finally|first|simply|quickly|only|um|uh|er|like))* "
)
_NEVER = re.compile(r"(?!)")
PEOPLE: Mapping[str, Person] = {
    "en": Person(re.compile(rf"{_ENGLISH}(?!(?:{_EN_STATES})\b)[a-z]{{2,}}\b(?!['’])"), _NEVER),
    "de": Person(
        re.compile(r"\b[Ii]ch\b"),
        re.compile(
            r"\b(?:bin|war|hatte|möchte|würde|wollte|will|denke|dachte|glaube|finde|mag|kann|konnte|weiß|wusste|suche"
            r"|heiße|unterrichte|arbeite|gesagt|nicht|kein\w*|nie)\b",
            re.IGNORECASE,
        ),
    ),
    "fr": Person(
        re.compile(
            r"\bj['’]ai (?!été|eu\b|envie|besoin|pensé|cru)\w{3,}"
            r"|\bje (?!suis|pense|crois|veux|voudrais|peux|sais|serais)\w{3,}",
            re.IGNORECASE,
        ),
        _NEVER,
    ),
    "es": Person(re.compile(r"\b(?!(?:así|aquí|allí|ahí|café|qué|porqué)\b)\w{3,}[éí]\b", re.IGNORECASE), _NEVER),
}
"""Languages in which it can be told by rule that the speaker acts."""

_FIRST_PERSON = re.compile(
    r"\b(?:I|me|my|mine|myself)\b|\bI['’]|\b(?:ich|mir|mich|mein\w*)\b|\b(?:je|moi|mon|ma|mes)\b|\bj['’]"
    r"|\b(?:yo|mi|mis|conmigo)\b|\b(?!(?:así|aquí|allí|ahí|café|qué)\b)\w{3,}[éí]\b|\b(?:io|mio|mia)\b"
    r"|\b(?:eu|meu|minha)\b|我|私|僕",
    re.IGNORECASE,
)
_WE = re.compile(r"\b(?:we|us|our|ours|wir|uns|unser\w*)\b|\bwe['’]", re.IGNORECASE)
_WE_LANGUAGES = re.compile(r"\b(?:the|and|of|to|der|die|das|und|ein|eine)\b", re.IGNORECASE)
_LIST_LINE = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s", re.MULTILINE)
FEWEST_WE = 3


def measured(sentence: str) -> re.Match[str] | None:
    """Find two figures of one unit, or a percentage, in a sentence about something that happened."""
    return None if _SUPPOSED.search(sentence) else _MEASURED.search(sentence)


def acts(sentence: str) -> re.Match[str] | None:
    """Find where the speaker does something, in a language that has a row in `PEOPLE`."""
    for person in PEOPLE.values():
        found = person.acts.search(sentence)
        if found and not (person.state.search(sentence) or _SUPPOSED.search(sentence[: found.end()])):
            return found
    return None


def is_measured(sentence: str, story: Story) -> bool:
    return measured(sentence) is not None


def has_first_person(sentence: str, story: Story) -> bool:
    return bool(_FIRST_PERSON.search(sentence))


def is_we_alone(sentence: str, story: Story) -> bool:
    """Is a story, in English or German, told as "we" again and again, and never as "I"? A list has no speaker."""
    told = "\n".join(answer.text for answer in story.answers)
    if not _WE_LANGUAGES.search(told) or _LIST_LINE.search(told) or _FIRST_PERSON.search(told):
        return False
    return len(_WE.findall(told)) >= FEWEST_WE and bool(_WE.search(sentence))


CHECKS: Mapping[str, Callable[[str, Story], bool]] = {
    "measured": is_measured,
    "first_person": has_first_person,
    "we_alone": is_we_alone,
}
"""The rules that the catalogue names, each over the whole sentences of the words and the story that they stand in."""
