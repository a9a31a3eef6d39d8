"""What a question may be: one at a time, and nothing about the candidate's own private life.

The same definitions hold for the questions of a plan and for those of a model. How a language asks is a row of
`interviewos.domain.asking`.
"""

from __future__ import annotations

import re
from functools import cache

from interviewos.domain.asking import LANGUAGES

_QUOTED = re.compile(
    r"""“[^”]{1,300}”|„[^“”]{1,300}[“”]|«[^»]{1,300}»|"[^"]{1,300}"|「[^」]{1,300}」|(?<!\w)[‘'][^‘']{1,300}'(?!\w)"""
)
MARK = re.compile(r"[?՞፧؟\u037e]+!*(?=[\s)\]*_]|$)|？+|か。")
"""What ends a question."""
_LAST_MARK = re.compile(rf"(?:{MARK.pattern})[\s)\]*_]*$")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…؟])\s+|(?<=[。？！])")


def is_one_question(text: str) -> bool:
    """Does a text hold exactly one question, at its end?

    A request before it belongs to it ("Tell me about a mistake. What did you do then?"). Marks inside quotation marks
    and tags ("…, right?") are no questions, and two questions that "and" joins are two.
    """
    said = _tags().sub(".", own_words(text))
    if len(MARK.findall(said)) != 1 or not _LAST_MARK.search(said):
        return False
    return not _joined().search(_sentences(said)[-1])


def before_a_second(question: str) -> str:
    """Give a question without the second one that "and" hangs on it; whole where there is none."""
    found = _joined().search(question.replace("’", "'"))
    first = question[: found.start()].rstrip(" ,") if found else ""
    return f"{first}?" if len(first.split()) > 2 else question


def asks_forbidden(text: str, language: str) -> bool:
    """Does a text ask for something private of the candidate's own? False in a language without a row."""
    return forbidden_topic(text, language) is not None


def forbidden_topic(text: str, language: str) -> str | None:
    """Name the topic that a text must not ask about, if it does; a topic that it only mentions is none."""
    code = language.partition("-")[0]
    if code not in LANGUAGES:
        return None
    asking = [each for each in _sentences(own_words(text)) if MARK.search(each) or _requests(code).match(each)]
    topics = _private(code).items()
    return next((topic for topic, pattern in topics if any(map(pattern.search, asking))), None)


def own_words(text: str) -> str:
    """Leave out what others are quoted with, and write apostrophes and white space in one way."""
    return " ".join(_QUOTED.sub("", text.replace("’", "'")).split())


def _sentences(text: str) -> list[str]:
    return [each for each in _BETWEEN_SENTENCES.split(text) if each]


@cache
def _tags() -> re.Pattern[str]:
    return _any_of([rf", (?:{language.tags})\?" for language in LANGUAGES.values()])


@cache
def _joined() -> re.Pattern[str]:
    return _any_of([line for language in LANGUAGES.values() for line in language.joined])


@cache
def _requests(code: str) -> re.Pattern[str]:
    return _any_of(LANGUAGES[code].requests)


@cache
def _private(code: str) -> dict[str, re.Pattern[str]]:
    frames, topics = LANGUAGES[code].frames, LANGUAGES[code].private
    return {
        topic: _any_of([frames[frame].replace("TOPIC", f"(?:{words})") for frame, words in rows])
        for topic, rows in topics.items()
    }


def _any_of(patterns: list[str] | tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)
