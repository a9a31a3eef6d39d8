"""Telling what a model plans to say from what it says: only the second is for the candidate.

A plan speaks about the candidate and not to them, or about asking instead of asking. What gives it away is listed by
language; a sentence that addresses the candidate is never taken for a plan, whatever else is in it.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from interviewos.model import tells
from interviewos.model.marks import GONE, HEAD, SIGNS
from interviewos.model.sentences import asks, sentence_ends, sentences


class Verdict(Enum):
    """What a sentence is. A hint alone is none: "The user complained twice" is said in many interviews."""

    SAID = "said"
    OPEN = "open"
    HINT = "hint"
    PLAN = "plan"


_BLANK = f"{GONE}{SIGNS} \t\n"
LONGEST_HELD = 300
"""Characters of a sentence after which it is judged, though it goes on."""
SENTENCES_BEFORE_A_QUESTION = 2
"""What a reply may say before it asks, once there was a plan in it."""

_THOUGHT_RUNS_ON = re.compile(r"\W*thought[ \t\0]*(?=[^\W\d_a-z])")
_QUOTED = re.compile(r"“[^”]*(?:”|\Z)|\"[^\"]*(?:\"|\Z)|«[^»]*(?:»|\Z)|„[^“”]*(?:[“”]|\Z)|「[^」]*(?:」|\Z)")
LABELS = (*tells.phrases("thoughts", "labels"), *tells.phrases("thoughts", "topics"))


@cache
def _tell(name: str, form: str = "{}") -> re.Pattern[str]:
    """Compile a table when it is first needed, in a form around it."""
    return re.compile(form.replace("{}", f"(?:{tells.pattern('thoughts', name)})"), re.IGNORECASE | re.MULTILINE)


@cache
def _thought() -> re.Pattern[str]:
    labels, topics = (tells.pattern("thoughts", name) for name in ("labels", "topics"))
    return re.compile(
        rf"\W*(?:(?i:{labels})[ \t*_]*(?:[:：]\s*|\n)|(?i:{topics})[ \t*_]*(?:[:：]\s*(?=[A-Z])|[:：]?[ \t]*\n))"
    )


def begins_with_a_thought(line: str) -> bool:
    """Does a reply begin with "thought", alone, with a colon, or run together with what follows?"""
    return bool(_thought().match(line) or _THOUGHT_RUNS_ON.match(line))


def judge(text: str, ended: bool) -> Verdict:
    """Judge a sentence that has just begun by all that has come since; `ended` when no more will come."""
    body = _after_heading(text.lstrip(_BLANK))
    if not body:
        return Verdict.SAID if ended else Verdict.OPEN
    end = _first_end(body, ended)
    if end is None:
        plan = _may_be_a_plan(body) and not addresses(body.rpartition(" ")[0])
        return Verdict.OPEN if plan else Verdict.SAID
    found = verdict(body[:end]) if _may_be_a_plan(body[:end]) else Verdict.SAID
    return _after_a_hint(body[end:], ended) if found is Verdict.HINT else found


def _after_a_hint(text: str, ended: bool) -> Verdict:
    """Judge a hint by what follows: a plan, another hint or a new line make it a plan; a question or "you" do not."""
    body = text.lstrip(_BLANK)
    if "\n" in text[: len(text) - len(body)] and body:
        return Verdict.PLAN
    if not body or _tell("questions_on", r"{}(?=\W)").match(body):
        return Verdict.SAID if body or ended else Verdict.OPEN
    end = _first_end(body, ended)
    if end is None:
        return Verdict.SAID if addresses(body.rpartition(" ")[0]) else Verdict.OPEN
    if addresses(body[:end]) or asks(body[:end]):
        return Verdict.SAID
    return Verdict.PLAN if verdict(body[:end]) is not Verdict.SAID else _after_a_hint(body[end:], ended)


def _first_end(body: str, ended: bool) -> int | None:
    """Find where the first sentence ends, when that is settled: what follows a full stop may take it back."""
    known = len(body) if ended else len(body.rstrip(_BLANK)) - 1
    line = body.find("\n")
    ends = [end for end in sentence_ends(body) if end <= known]
    ends += [line] if line >= 0 else []
    ends += [LONGEST_HELD] if len(body) > LONGEST_HELD else [len(body)] if ended else []
    return min(ends, default=None)


def verdict(sentence: str) -> Verdict:
    """Judge a whole sentence."""
    if addresses(sentence):
        return Verdict.SAID
    bare = _bare(sentence)
    if _tell("plans").match(bare):
        own = bare.rstrip(_BLANK).endswith(("?", "？", "؟")) and not _tell("to_oneself").search(bare)
        return Verdict.SAID if own else Verdict.PLAN
    return Verdict.HINT if _tell("hints").match(bare) else Verdict.SAID


def spoken_part(text: str) -> str:
    """Take what is for the candidate out of a text with a plan in it: the last question, and little before it.

    Nothing is left of a text that only plans.
    """
    label = list(_tell("reply_labels", r"^[\W_]*{}[ \t*_]*[:：][ \t*_]*").finditer(text))
    if label:
        text = text[label[-1].end() :]
    lines = [line for line in map(_without_thought, text.split("\n")) if line.strip()]
    asking = [number for number, line in enumerate(lines) if _questions(line)]
    said = _around_its_question(lines[asking[-1]]) if asking else _after_the_plan(lines)
    return said + text[len(text.rstrip(_BLANK)) :]


def _without_thought(line: str) -> str:
    line = line.lstrip(HEAD)
    found = _THOUGHT_RUNS_ON.match(line) or _thought().match(line)
    return line[found.end() :] if found else line


def _questions(line: str) -> list[int]:
    return [at for at, each in enumerate(sentences(line)) if asks(each) and verdict(each) is Verdict.SAID]


def _around_its_question(line: str) -> str:
    """Keep the question, what follows it, and at most two sentences before it.

    Where a plan stands on the same line, only what addresses the candidate is told from it.
    """
    each = sentences(line)
    first = _questions(line)[0]
    planned = any(verdict(sentence) is not Verdict.SAID for sentence in each[:first])
    before: list[str] = []
    for sentence in reversed(each[max(0, first - SENTENCES_BEFORE_A_QUESTION) : first]):
        must_address = planned or (before and addresses(before[0]))
        if verdict(sentence) is not Verdict.SAID or (must_address and not addresses(sentence)):
            break
        before.insert(0, sentence)
    after = [sentence for sentence in each[first + 1 :] if verdict(sentence) is Verdict.SAID]
    return _joined([*before, each[first], *after])


def _joined(each: list[str]) -> str:
    """Put sentences side by side, as their script does."""
    return re.sub(r"(?<=[。！？｡．」』]) ", "", " ".join(each))


def _after_the_plan(lines: list[str]) -> str:
    """Keep the last lines without a plan in them, where nothing is asked."""
    kept: list[str] = []
    for line in reversed(lines):
        if any(verdict(sentence) is not Verdict.SAID for sentence in sentences(line)):
            break
        kept.insert(0, line)
    return "\n".join(kept)


def _after_heading(text: str) -> str:
    return text.partition("\n")[2].lstrip(_BLANK) if text.startswith(HEAD) else text


def _bare(sentence: str) -> str:
    """Leave out marks and the words on the way into a sentence."""
    found = _tell("lead_ins", r"(?:[\W_]|\b{}\b)*").match(sentence)
    return sentence[found.end() if found else 0 :].replace("’", "'")


def _may_be_a_plan(sentence: str) -> bool:
    """May this beginning of a sentence belong to a plan?"""
    bare = _bare(sentence).casefold()
    return any(
        opener.startswith(bare) or bare.startswith(opener) for opener in tells.phrases("thoughts", "openers")
    ) or _leads_in(sentence)


def _leads_in(sentence: str) -> bool:
    """Is this the beginning of words that only lead in?"""
    words = re.sub(r"[\W_]+", " ", sentence).casefold().strip()
    return any(lead.startswith(words) for lead in ("okay", "alright", "given that", "since", "because"))


def addresses(sentence: str) -> bool:
    """Does it speak to the candidate, outside of what it quotes?"""
    return bool(_tell("addresses").search(_QUOTED.sub(" ", sentence)))
