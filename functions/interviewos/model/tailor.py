"""Planned questions in words for a pasted job and background: what a model is told, and what of its answer counts.

A model proposes wordings, and each is held against what a planned question must be. What fails stays as it is planned,
so the worst that a paste or a model can bring about is an interview that is not tailored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import msgspec

from interviewos.domain.interview import Paste
from interviewos.domain.plan import Plan, Question
from interviewos.domain.plan_check import each_text_can_be_kept_in_mind, each_text_is_one_question
from interviewos.model import tells
from interviewos.model.facts import Facts
from interviewos.model.prompt import Request, prompt_of, quoted
from interviewos.model.said import is_private
from interviewos.model.sentences import sentences

FEWEST_LETTERS = 60
"""A paste of fewer says too little of a job."""
MOST_BRIEF = 400
"""Characters of what the interviewer is told of the job and the background."""
TAILORING_TOKENS = 1_200
"""Some twenty questions; lines that are whole count when it is cut."""
RULES = (each_text_is_one_question, each_text_can_be_kept_in_mind)


class _Proposal(msgspec.Struct, frozen=True):
    id: str = ""
    text: str = ""
    brief: str = ""


def says_enough(paste: Paste) -> bool:
    """Is a paste worth asking a model about?"""
    return sum(map(str.isalpha, paste.job + paste.background)) >= FEWEST_LETTERS


def tailoring_request(plan: Plan, spoken: str, paste: Paste) -> Request:
    """Write the request for wordings of all questions but the one that is `spoken` already; musts come first."""
    left = sorted((each for each in plan.questions if each.id != spoken), key=lambda each: not each.must)
    lines = [{"id": each.id, "text": each.text} for each in left]
    pasted = {"job": quoted(paste.job), "background": quoted(paste.background)}
    return Request(prompt_of("tailor"), (_json_lines(lines), _json_lines([pasted])))


def _json_lines(lines: list[dict[str, str]]) -> str:
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def tailored(plan: Plan, spoken: str, paste: Paste, answer: str) -> Plan:
    """Put the wordings and the brief of an answer that pass into a plan; a line that was cut counts for nothing."""
    planned = (f"{each.text} {each.plain}" for each in plan.questions)
    known = Facts([paste.job, paste.background, *planned], told="")  # "a third" there makes no "45 percent" true
    for proposal in _proposals(answer):
        question = plan.question(proposal.id)
        if question and question.id != spoken and _is_sound(plan, question, proposal.text, known):
            plan = _with(plan, replace(question, text=proposal.text, tailored=True))
        if proposal.brief and _is_brief(plan, proposal.brief, known):
            plan = replace(plan, brief=proposal.brief)
    return plan


def _proposals(answer: str) -> Iterator[_Proposal]:
    for line in answer.splitlines():
        try:
            yield msgspec.json.decode(line, type=_Proposal)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):  # prose, a fence, a line that was cut
            continue


def _is_sound(plan: Plan, question: Question, text: str, known: Facts) -> bool:
    """May a text stand in place of the planned one?"""
    alone = replace(plan, questions=(replace(question, text=text),))
    if "\n" in text or any(True for rule in RULES for _ in rule(alone)):
        return False
    return _asks_alike(text, question.text) and not (is_private(text) or _is_invented(plan, text, known))


def _asks_alike(text: str, planned: str) -> bool:
    """Is the same asked in it: does its last sentence have half of the words that the planned one has?"""
    wanted, words = (set(re.findall(r"\w+", sentences(each)[-1].casefold())) for each in (planned, text))
    return len(wanted & words) * 2 >= len(wanted)


def _is_brief(plan: Plan, text: str, known: Facts) -> bool:
    """Does it only tell facts of the paste: no order, nothing private, no figure and no name that is not there?"""
    return len(text) <= MOST_BRIEF and not _no_brief().search(text) and not _is_invented(plan, text, known)


def _is_invented(plan: Plan, text: str, known: Facts) -> bool:
    return known.is_invented(text, german=plan.language.startswith("de"))


@cache
def _no_brief() -> re.Pattern[str]:
    return re.compile(rf"[?？\n<>]|\b(?:{tells.pattern('tailor', 'no_brief')})\b", re.IGNORECASE)


def _with(plan: Plan, question: Question) -> Plan:
    questions = tuple(question if each.id == question.id else each for each in plan.questions)
    return replace(plan, questions=questions)
