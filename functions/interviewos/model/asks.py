"""Which sentences of a reply ask something: with a mark, as a request, or by wishing to know."""

from __future__ import annotations

import re
from functools import cache

from interviewos.domain.questions import MARK, own_words
from interviewos.domain.words import count_words
from interviewos.model import tells

_GREEK = re.compile("[\u0370-\u03ff]")
_KNOWN_SCRIPT = re.compile(
    "[a-zà-ɏ\u0370-\u03ff\u0400-\u052f\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]",
    re.IGNORECASE,
)
_LETTER = re.compile(r"[^\W\d_]")
_QUESTION_MARK = re.compile(r"[?？؟՞\u037e]")


def with_marks(text: str) -> str:
    """Write the semicolon that asks in Greek as the mark that it is there; nothing grows longer or shorter."""
    return text.replace(";", "\u037e") if _GREEK.search(text) else text


def has_mark(sentence: str) -> bool:
    """Does it end in a question mark of its own: not in a quotation, and not that of a tag ("…, right?")?"""
    said = own_words(with_marks(sentence))
    said = said if re.search(r"\w", said) else re.sub(r"[\"“”„«»「」]", "", with_marks(sentence))
    return bool(MARK.search(_tags().sub(".", said)) or _thai().search(said))


def requests(sentence: str) -> bool:
    """Is it a request that asks as a question does: "Tell me about …", "Think of …"?"""
    return bool(_requests().search(own_words(sentence)))


def wishes_to_know(sentence: str) -> bool:
    """Is it an indirect question, or one that only lacks its mark?"""
    said = own_words(sentence)
    return bool(_wishes().match(said) or (said[-1:] not in ".!…" and _question_words().match(said)))


def asks(sentence: str) -> bool:
    """Does it want an answer in any of these ways?"""
    return has_mark(sentence) or requests(sentence) or wishes_to_know(sentence)


def hangs_on_another(sentence: str) -> bool:
    """Is it a question that says little without the one before it: "Or the second?", "Why?"?"""
    return bool(_hanging().match(sentence)) or count_words(sentence) < 3


def is_readable(text: str) -> bool:
    """Is it in a script whose questions are known?"""
    return len(_KNOWN_SCRIPT.findall(text)) * 2 >= len(_LETTER.findall(text))


def is_good_bye(sentence: str) -> bool:
    """Does it end a conversation?"""
    return bool(_good_byes().search(own_words(sentence)))


@cache
def _tags() -> re.Pattern[str]:
    tags = tells.pattern("gate", "tags")
    return re.compile(rf"(?:^|[,،，、]\s*|[–—-]\s+)¿?(?:{tags})\s*{_QUESTION_MARK.pattern}", re.IGNORECASE)


@cache
def _thai() -> re.Pattern[str]:
    return re.compile(tells.pattern("gate", "thai"))


@cache
def _begun(*patterns: str) -> str:
    return rf"^(?:[\W_]*\b(?:{tells.pattern('gate', 'lead_ins')})\b){{0,3}}\W*(?:{'|'.join(patterns)})"


@cache
def _requests() -> re.Pattern[str]:
    direct, scenes = tells.pattern("sentences", "requests"), tells.pattern("gate", "requests")
    begun = rf"{_begun(direct, scenes)}|[:,–—-] (?:{direct})"
    ended = "|".join(tells.pattern(table, "requests_at_the_end") for table in ("sentences", "gate"))
    return re.compile(rf"{begun}|(?:{ended})$", re.IGNORECASE)


@cache
def _wishes() -> re.Pattern[str]:
    return re.compile(_begun(tells.pattern("gate", "indirect"), tells.pattern("gate", "openings")), re.IGNORECASE)


@cache
def _question_words() -> re.Pattern[str]:
    return re.compile(_begun(rf"(?:{tells.pattern('thoughts', 'questions_on')})\b"), re.IGNORECASE)


@cache
def _hanging() -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{tells.pattern('gate', 'hanging')})\b", re.IGNORECASE)


@cache
def _good_byes() -> re.Pattern[str]:
    return re.compile(tells.pattern("gate", "good_byes"), re.IGNORECASE)
