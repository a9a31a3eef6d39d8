"""Choosing what to say next: the plan of the interviewer, read anew from the conversation at every turn.

Nothing is remembered beside the conversation, so the same turn always gets the same words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from interviewos.interview import Reason, Role, Signal, Stage, TurnPlan
from interviewos.script import bank, lines, signs
from interviewos.script.answers import NO_ANSWER, QUESTIONS, RICH, Answer, Kind, read_answers
from interviewos.script.bank import Family, Question
from interviewos.script.followups import EXAMPLE_PROBES, FOLLOW_UPS, INTRO_FOLLOW_UPS, FollowUp, Part
from interviewos.script.phrases import best

FOLLOW_UPS_PER_STORY = 2
EXPERIENCE_ANSWERS = 6
BRIEF = 15
"""Words below which an introduction gets a follow-up before anything else is asked."""

_MAIN: tuple[Question, ...] = (
    lines.INTRODUCTION,
    *(q for family in (*bank.FAMILIES, bank.GENERAL) for q in (*family.intro, *family.experience)),
)
_SIDE: tuple[Question, ...] = (*lines.INTRO_PROBES, *lines.BEGINNINGS)
_FOLLOWING: tuple[FollowUp, ...] = (*(f for fs in FOLLOW_UPS.values() for f in fs), *INTRO_FOLLOW_UPS, *EXAMPLE_PROBES)


@dataclass(frozen=True)
class Talk:
    """The conversation so far, as the interviewer sees it."""

    turn: TurnPlan

    @cached_property
    def said(self) -> tuple[str, ...]:
        """All lines of the interviewer, oldest first."""
        return tuple(m.text for m in self.turn.conversation if m.role is Role.AGENT)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        return read_answers(self.turn.conversation)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The sentences with a question mark that were said."""
        return frozenset(sentence for line in self.said for sentence in question_sentences(line))

    @cached_property
    def family(self) -> Family:
        return find_family(self.turn.role, self.answers)

    @property
    def last(self) -> Answer | None:
        return self.answers[-1] if self.answers else None

    def answers_in(self, stage: Stage) -> tuple[Answer, ...]:
        return tuple(a for a in self.answers if a.stage is stage)

    def is_new(self, question: Question | FollowUp) -> bool:
        """Was neither form of this question asked before?"""
        return not self.asked.intersection(question_sentences(question.text) + question_sentences(question.plain))

    def unsaid(self, choices: Sequence[str]) -> str:
        """Pick the first line that was not yet said, or else go round."""
        whole = "\n".join(self.said)
        fresh = (line for line in choices if _fixed(line) not in whole)
        return next(fresh, choices[len(self.said) % len(choices)])

    def quote(self, answer: Answer) -> str:
        """Find words of an answer that were not quoted before, or nothing."""
        phrase = best([answer], avoid=[])
        return phrase.text if phrase and not any(f"“{phrase.text}”" in line for line in self.said) else ""


def _fixed(line: str) -> str:
    """The longest part of a line that is the same whatever is quoted in it."""
    return max(line.split("{quote}"), key=len)


def question_sentences(text: str) -> list[str]:
    """List the questions of a text, each without what stands before it."""
    found = re.findall(r"([^.!?:”\n]*\?)", text)
    return [sentence.strip(" ,;“”").casefold() for sentence in found]


def find_family(role: str, answers: Iterable[Answer]) -> Family:
    """Find the kind of work from the role that was typed in, or else from the first answer that names one."""
    if family := _best_family(role, hints=True):
        return family
    found = (_best_family(a.own, hints=False) for a in answers)
    return next((family for family in found if family), bank.GENERAL)


def _best_family(text: str, *, hints: bool) -> Family | None:
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    ranked = [(score, -number) for number, f in enumerate(bank.FAMILIES) if (score := _score(f, words, hints)) > (0, 0)]
    return bank.FAMILIES[-max(ranked)[1]] if ranked else None


def _score(family: Family, words: str, hints: bool) -> tuple[int, int]:
    """Weigh a family: the words found, and how late the last one stands, for a title ends with what it is."""
    text = f" {words}."
    titles = [at for w in family.titles if (at := _find(text, w)) >= 0]
    hinted = [at for w in family.hints if (at := _find(text, w)) >= 0] if hints else []
    return 2 * len(titles) + len(hinted), max(titles + hinted, default=-1) + 1


def _find(text: str, word: str) -> int:
    if word.endswith("."):
        return max(text.rfind(f" {word[:-1]} "), text.rfind(f" {word}"))
    return text.rfind(f" {word}")


def next_line(turn: TurnPlan) -> tuple[str, Signal]:
    """Say the next line in a stage that still asks, and propose where it leads."""
    talk = Talk(turn)
    if turn.reason is Reason.START:
        return _greet(turn.candidate_name), Signal.STAY
    if turn.reason is not Reason.ANSWER or talk.last is None:
        return _join(_bridge(talk), question_of(talk, Stage.EXPERIENCE)), Signal.STAY
    if again := _say_again(talk, talk.last):
        return again, Signal.STAY
    if turn.stage is Stage.INTRO and _introduced(talk):
        return _join(_bridge(talk), question_of(talk, Stage.EXPERIENCE)), Signal.MOVE_TO_EXPERIENCE
    if turn.stage is Stage.EXPERIENCE and _told_enough(talk):
        return lines.CLOSINGS[Reason.ANSWER], Signal.MOVE_TO_DONE
    return _ask_on(talk, talk.last), Signal.STAY


def clean_name(name: str) -> str:
    """Make one short line of a name that anybody may have typed: letters, spaces and the marks of names."""
    letters = re.sub(r"<<<.*?>>>|[^\w\s'’.\-\u0300-\u036f\u0900-\u0dff]|[\d_]", " ", name)
    words = letters.split()[:5]
    while words and len(" ".join(words)) > 40:
        words.pop()
    cleaned = " ".join(words).strip(" .-'’")
    return cleaned if re.search(r"[^\W\d_]", cleaned) else ""


def _greet(name: str) -> str:
    called = clean_name(name)
    return _join(lines.GREETING.format(name=f", {called}" if called else ""), lines.INTRODUCTION.text)


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _introduced(talk: Talk) -> bool:
    """Is the introduction over: two answers at length, three good ones, or four of any kind?"""
    given = [a for a in talk.answers_in(Stage.INTRO) if a.kind not in NO_ANSWER]
    good = [a for a in given if a.kind is Kind.SAID]
    return len(given) >= 4 or len(good) >= 3 or sum(a.length >= RICH for a in good) >= 2


def _told_enough(talk: Talk) -> bool:
    if lines.CLOSINGS[Reason.ANSWER] in talk.said:
        return False
    answers = talk.answers_in(Stage.EXPERIENCE)
    given = [a for a in answers if a.kind not in NO_ANSWER]
    wants_to_end = answers and answers[-1].kind is Kind.ENDING and len(answers) > 2
    return len(given) >= EXPERIENCE_ANSWERS or bool(wants_to_end)


def _bridge(talk: Talk) -> str:
    reason = talk.turn.reason
    last = talk.last
    if reason in (Reason.ANSWER, Reason.LIMIT) and last and last.kind is Kind.SAID and (quote := talk.quote(last)):
        return lines.BRIDGE_WITH_QUOTE.format(quote=quote)
    return lines.BRIDGES.get(reason, lines.BRIDGES[Reason.ANSWER])


# Asking again


def _say_again(talk: Talk, last: Answer) -> str:
    """Repeat or rephrase the last question, when the candidate wants that."""
    if last.kind is Kind.REPEAT:
        return _join(_rotate(lines.REPEATED, talk), _as_asked(last.asked))
    if last.kind is Kind.REPHRASE:
        return _join(_rotate(lines.REPHRASED, talk), _in_other_words(talk, last.asked))
    return ""


def _rotate(choices: Sequence[str], talk: Talk) -> str:
    return choices[sum(a.kind in (Kind.REPEAT, Kind.REPHRASE) for a in talk.answers[:-1]) % len(choices)]


def _as_asked(line: str) -> str:
    """Give the question of a line again, with the words that belong to it and without those that do not."""
    if item := item_of(line):
        form = item.text if item.text in line else item.plain
        if isinstance(item, FollowUp) and form == item.text:
            begin = line.find(item.lead.split("{quote}")[0])
            return line[begin:] if begin >= 0 else _capital(form)
        return _capital(form)
    found = re.findall(r"[^.!?\n]*\?", line)
    return _capital(found[-1].strip()) if found else line


def _in_other_words(talk: Talk, line: str) -> str:
    item = item_of(line)
    if item is None:
        return _as_asked(line)
    return _capital(item.text) if item.plain in line else _capital(item.plain)


def item_of(line: str) -> Question | FollowUp | None:
    """Find the question of the script that a line asks, in either of its forms."""
    low = line.casefold()
    found = [q for q in (*_MAIN, *_SIDE, *_FOLLOWING) if q.text.casefold() in low or q.plain.casefold() in low]
    return max(found, key=lambda q: len(q.text if q.text.casefold() in low else q.plain), default=None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# Asking on


def _ask_on(talk: Talk, last: Answer) -> str:
    stage = talk.turn.stage
    if last.kind is Kind.WAIT:
        return _join(
            talk.unsaid(lines.AFTER[Kind.WAIT]), _first_new(talk, lines.BEGINNINGS) or question_of(talk, stage)
        )
    if last.kind in QUESTIONS or last.kind is Kind.PASTED:
        return _join(talk.unsaid(lines.AFTER[last.kind]), _back(talk, last) or question_of(talk, stage))
    if last.kind is Kind.THIN:
        return _probe(talk, last) or _join(talk.unsaid(lines.AFTER[Kind.THIN]), question_of(talk, stage))
    if last.kind is not Kind.SAID:
        return _join(talk.unsaid(lines.AFTER[last.kind]), question_of(talk, stage))
    aside = talk.unsaid(lines.AFTER[last.also]) if last.also else ""
    if last.foreign and lines.FOREIGN_LEAD not in "\n".join(talk.said):
        return _join(aside or lines.FOREIGN_LEAD, question_of(talk, stage))
    follow_up = _follow_up(talk, last, quote=not aside)
    return _join(aside, follow_up or _join("" if aside else _lead(talk, last), question_of(talk, stage)))


def _first_new(talk: Talk, questions: Iterable[Question]) -> str:
    return next((q.text for q in questions if talk.is_new(q)), "")


def _back(talk: Talk, last: Answer) -> str:
    """Return to the open question in plainer words, once."""
    item = item_of(last.asked)
    if item is None or talk.asked.intersection(question_sentences(item.plain)):
        return ""
    return _join(lines.BACK, item.plain[:1].lower() + item.plain[1:])


def _lead(talk: Talk, last: Answer) -> str:
    if quote := talk.quote(last):
        return talk.unsaid(lines.LEADS).format(quote=quote)
    return talk.unsaid(lines.PLAIN_LEADS)


def question_of(talk: Talk, stage: Stage) -> str:
    """Take the next question of the bank; when a stage has run dry, the other one still has some."""
    family = talk.family
    intro = _in_turns(family.intro, bank.GENERAL.intro)
    experience = (*family.experience, *bank.GENERAL.experience)
    wanted = (*intro, *experience) if stage is Stage.INTRO else (*experience, *intro)
    return _first_new(talk, (*wanted, *(q for f in bank.FAMILIES for q in f.experience)))


def _in_turns(special: tuple[Question, ...], general: tuple[Question, ...]) -> Iterator[Question]:
    """Mix motivation by kind of work with what everybody is asked: special, general, special, general …"""
    for one, other in zip(special, general[1:], strict=False):
        yield one
        yield other
    yield from special[len(general) - 1 :]
    yield general[0]
    yield from general[len(special) + 1 :]


def _probe(talk: Talk, last: Answer) -> str:
    """Ask once for more after a word or two; who stays short is asked something else."""
    before = talk.answers[:-1]
    if before and before[-1].kind is Kind.THIN and before[-1].stage is last.stage:
        return ""
    if last.stage is Stage.INTRO:
        return _first_new(talk, lines.INTRO_PROBES) and _join(
            "A few words more would help me.", _first_new(talk, lines.INTRO_PROBES)
        )
    return _ask_follow_up(talk, last, EXAMPLE_PROBES, quote=True)


def _ask_follow_up(talk: Talk, answer: Answer, choices: Iterable[FollowUp], *, quote: bool) -> str:
    words = talk.quote(answer) if quote else ""
    for choice in choices:
        if talk.is_new(choice):
            return _join(choice.lead.format(quote=words), choice.text) if words else _capital(choice.text)
    return ""


def _follow_up(talk: Talk, last: Answer, *, quote: bool) -> str:
    """Dig for what is missing in the story, or return nothing when the story is told."""
    if last.stage is Stage.INTRO:
        if last.length < BRIEF and not any(f.text in line for f in INTRO_FOLLOW_UPS for line in talk.said):
            return _ask_follow_up(talk, last, INTRO_FOLLOW_UPS, quote=quote)
        return ""
    story, dug = _story(talk)
    if len(dug) >= FOLLOW_UPS_PER_STORY:
        return ""
    for part in missing_parts(story):
        if part not in dug and (line := _ask_follow_up(talk, last, FOLLOW_UPS[part], quote=quote)):
            return line
    return ""


def _story(talk: Talk) -> tuple[list[Answer], set[Part | None]]:
    """Collect the answers since the last question of the bank, and what has been dug for in them."""
    story: list[Answer] = []
    dug: set[Part | None] = set()
    for answer in reversed(talk.answers):
        story.insert(0, answer)
        item = item_of(answer.asked)
        if not isinstance(item, FollowUp):
            break
        dug.add(_part_of(item))
    return story, dug


def _part_of(item: FollowUp) -> Part | None:
    return next((part for part, choices in FOLLOW_UPS.items() if item in choices), None)


def missing_parts(story: Sequence[Answer]) -> list[Part]:
    """List what a story lacks, the most telling part first."""
    text = " ".join(a.own for a in story).casefold()
    own, team = len(signs.I_WORD.findall(text)), len(signs.WE_WORD.findall(text))
    acted, result = signs.OWN_ACTION.search(text), signs.RESULT.search(text)
    missing = []
    if not signs.SITUATION.search(text) and not acted:
        missing.append(Part.SITUATION)
    if team > own:
        missing.append(Part.OWN_PART)
    elif not acted:
        missing.append(Part.ACTION)
    if not result:
        missing.append(Part.RESULT)
    elif not signs.NUMBER.search(text):
        missing.append(Part.MEASURE)
    if not signs.TASK.search(text):
        missing.append(Part.TASK)
    if not missing and not signs.LESSON.search(text):
        missing.append(Part.LESSON)
    return missing
