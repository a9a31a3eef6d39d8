"""What models write around spoken words: Markdown, and the name of who speaks.

Code keeps its signs: `count(*)`, `__init__`, `2 ** 8` and `handlers[name](event)` are words of an interview.
"""

from __future__ import annotations

import re
from functools import cache

from interviewos.model import tells

GONE = "\0"
"""Stands where a token was, so that nothing grows together around it."""
SIGNS = "\1\2\3\4\5\6\7\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"
"""One for each signal that a reply may carry, where the token was."""
HEAD, LABEL = "\x1a", "\x1b"
"""Stand in front of a heading, and of what was set off as a label; no reply holds control characters."""
LONGEST_SPAN = 400
"""Characters between two marks that belong together; a lone star holds no more than these back."""
LONGEST_LINK = 200

_MARK = re.compile(r"\*+|_+|~+|`+|!?\[|!\Z")
_OPENS = re.compile(r"[^\s*_~)\].,;:!?]")
_LETTER = re.compile(r"[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
"""A letter or figure of a script that puts spaces between words."""
_TARGET = re.compile(r"(?:https?:|mailto:|www\.|[/#.]|[\w-]+\.\w)\S*(?:\s+[\"'(].*)?")


class InlineMarks:
    """Takes emphasis, code marks and links out of a text that is still coming, and leaves their words."""

    def __init__(self) -> None:
        self._held = ""
        self._before = "\n"

    def feed(self, text: str, last: bool = False) -> str:
        """Take more of the text and give what is settled of it."""
        text, self._held = self._held + text, ""
        words, at = "", 0
        while mark := _MARK.search(text, at):
            words += text[at : mark.start()]
            before = text[mark.start() - 1] if mark.start() else self._before
            span = _span(text, mark, before, last)
            if span is None:
                self._held, self._before = text[mark.start() :], before
                return words
            words, at = words + span[0], span[1]
        self._before = text[-1:] or self._before
        return words + text[at:]


def plain(text: str) -> str:
    """Take the marks out of a whole text."""
    return InlineMarks().feed(text, last=True)


def _span(text: str, mark: re.Match[str], before: str, last: bool) -> tuple[str, int] | None:
    """Give the words that begin with a mark and where they end; None while more of the text may change that."""
    sign, begin = mark[0], mark.end()
    if begin == len(text):
        return (sign, begin) if last else None
    if sign.endswith("["):
        return _link(text, sign, begin, before, last)
    longest = 1 if sign == "`" else 2 if sign[0] == "~" else 3
    emphasis = sign[0] in "*_~"
    if len(sign) > longest or (emphasis and (_LETTER.match(before) or not _OPENS.match(text[begin]))):
        return sign, begin
    line = text.find("\n", begin, begin + LONGEST_SPAN)
    stop = line if line >= 0 else min(len(text), begin + LONGEST_SPAN)
    if end := _closing(sign).search(text, begin, stop):
        if end.end() == len(text) and not last:
            return None
        if not (emphasis and end.end() < len(text) and _LETTER.match(text[end.end()])):
            return _dressed(text, sign, text[begin : end.start()], before, end.end())
    whole = last or line >= 0 or len(text) - begin >= LONGEST_SPAN
    return (sign, begin) if whole else None


def _closing(sign: str) -> re.Pattern[str]:
    """Find the same run of marks, after a word."""
    one = re.escape(sign[0])
    return re.compile(rf"(?<![\s{one}(]){one}{{{len(sign)}}}(?!{one})")


def _dressed(text: str, sign: str, inner: str, before: str, end: int) -> tuple[str, int]:
    if sign == "`":
        return inner, end
    if sign[0] == "_" and len(sign) == 2 and re.fullmatch(r"\w+", inner):
        return f"{sign}{inner}{sign}", end  # __init__
    words = plain(inner)
    if before != "\n" or len(sign) < 2:
        return words, end
    if words.rstrip().endswith((":", "：")) or text[end : end + 1] in (":", "："):
        return LABEL + words, end
    alone = text[end : end + 1] == "\n" and words[-1:] not in set(".!?…。？！؟।")
    return (HEAD + words if alone else words), end


def _link(text: str, sign: str, begin: int, before: str, last: bool) -> tuple[str, int] | None:
    """Leave the words of `[words](address)`; other brackets, and those of code, stay."""
    if _LETTER.match(before):
        return sign, begin
    window = text[begin : begin + 2 * LONGEST_LINK].partition("\n")[0]
    if found := re.match(r"([^\[\]]+)\]\(([^()]*(?:\([^()]*\))?[^()]*)\)", window):
        words = plain(found[1]) if _TARGET.fullmatch(found[2].strip()) else f"{sign}{found[0]}"
        return words, begin + found.end()
    may_come = re.fullmatch(r"[^\[\]]*(?:\](?:\([^()]*(?:\([^()]*\)?)?[^()]*)?)?", window)
    whole = last or len(window) < len(text) - begin or not may_come
    return (sign, begin) if whole else None


# who speaks

LONGEST_NAME, LONGEST_EASTERN_NAME = 36, 21
"""Bytes in front of a colon: where a character is a word, seven of them are more than a name and a title."""
LONGEST_FIRST_WORD, LONGEST_GREETING = 16, 7
_PART = r"[^\W\d_][\w'’\u0300-\u036f\u0900-\u0dff-]*"


@cache
def _title() -> re.Pattern[str]:
    return re.compile(rf"(?:{tells.pattern('names', 'titles')})(?:\. ?| |\Z)", re.IGNORECASE)


@cache
def _name() -> re.Pattern[str]:
    return re.compile(rf"(?:{_title().pattern})?(?P<name>{_PART}(?: {_PART})?)[ \t]?[:：][ \t]*(?=\S)", re.IGNORECASE)


@cache
def _said(name: str) -> re.Pattern[str]:
    """Find one of these words where a text begins."""
    return re.compile(rf"(?:{tells.pattern('names', name)})(?![a-zà-ž])", re.IGNORECASE)


def name_in_front(line: str, bold: bool = False) -> int:
    """Give the length of "Taylor: " at the beginning of a reply, or 0; `bold` when it was set off as a label.

    A name is one or two words in capital letters, and what follows begins as a sentence does.
    """
    found = _name().match(line)
    if not found or not _fits(line[: found.end("name")]) or not _is_name(found["name"]):
        return 0
    name, after = found["name"], line[found.end() :]
    titled = name.istitle() or not _cased(name)
    if bold or _said("greetings").match(after) or name.endswith(tuple(tells.words("names", "honored"))):
        return found.end() if titled else 0
    begins = after.lstrip("¿¡“„«\"'")[:1].isupper()
    return found.end() if name.istitle() and begins and not _said("german_questions").match(after) else 0


def may_become_a_name(line: str) -> bool:
    """May more of this line still make a name of its beginning?"""
    head, colon, after = line.replace("：", ":").partition(":")
    name = _title().sub("", head) or head
    if colon:
        after = after.lstrip(" \t¿¡“„«\"'")
        enough = LONGEST_FIRST_WORD if _cased(name) else LONGEST_GREETING
        return _is_name(name) and (not after or (len(after) < enough and not re.search(r"\s", after)))
    *whole, last = name.split(" ")
    short = _fits(head) and len(whole) + bool(last) < 3
    may_be = all(map(_may_be_part, filter(None, (*whole, last))))
    return short and may_be and tells.words("names", "lead_ins").isdisjoint(map(str.casefold, whole))


def _fits(name: str) -> bool:
    return len(name.encode()) <= (LONGEST_EASTERN_NAME if name[:1] >= "\u3040" else LONGEST_NAME)


def _may_be_part(word: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w'’.\u0300-\u036f\u0900-\u0dff-]*", word)) and not word[0].islower()


def _is_name(words: str) -> bool:
    parts = words.casefold().replace("’", "'").split()
    return 0 < len(parts) < 3 and tells.words("names", "lead_ins").isdisjoint(parts)


def _cased(text: str) -> bool:
    return text.upper() != text.lower()
