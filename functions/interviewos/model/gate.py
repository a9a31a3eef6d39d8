"""The last look at a reply before anybody hears it: it asks one question that makes sense, or the planned one follows.

Sentences that cannot be a question pass at once. From the first one that may be, or that may be too much, the reply is
held to its end, and then one question is chosen. What was let out is never taken back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from interviewos.domain.interview import Reason, TurnPlan
from interviewos.domain.plan import NEXT, STAY
from interviewos.domain.questions import before_a_second
from interviewos.domain.words import count_words
from interviewos.model.asks import (
    asks,
    hangs_on_another,
    has_mark,
    is_good_bye,
    is_readable,
    requests,
    with_marks,
)
from interviewos.model.said import Said
from interviewos.model.sentences import MAY_END, NEAR, sentence_ends, whole_sentences

HOLD_SECONDS = 0.4
"""A question is held so long for what may follow it, and then let out."""
MOST_SENTENCES = 2.0
MOST_SENTENCES_AT_FIRST = 4.0
"""Sentences before the question, and after it; a greeting also says who asks and what will come."""
MOST_WORDS = 30
FEW_WORDS = 3
"""A sentence of so few words ("I see.") counts half."""
ECHO_WORDS = 6
"""A request of so few words after a question belongs to it ("Walk me through it.")."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a reply: its whole text, the rest of it that was not let out yet, and its signal.

    `owed` says that it asks nothing that can be asked, so that the planned question must follow. `changes` names what
    was changed, in the order of the reply.
    """

    text: str
    rest: str
    signal: str
    owed: bool = False
    changes: tuple[str, ...] = ()


class Gate:
    """Reads one reply while it comes, as `ReplyReader` lets it out. Pure but for the `clock`, in seconds."""

    def __init__(self, turn: TurnPlan, clock: Callable[[], float] = time.monotonic) -> None:
        self._said = Said(turn)
        self._clock = clock
        self._most = MOST_SENTENCES_AT_FIRST if turn.reason is Reason.START else MOST_SENTENCES
        self._sentences_left = self._most
        """How many sentences may still be said before the question, or after it."""
        self._sentence = ""
        """The sentence that is coming."""
        self._held: list[str] = []
        self._held_since: float | None = None
        self._has_asked = False
        self._follows_the_plan = turn.reason is Reason.ANSWER
        self._must_go_on = turn.reason in (Reason.COVERED, Reason.LATE, Reason.LIMIT, Reason.SILENCE)
        """Is only the next question offered? A reply that does not say that it asks it must have its words."""
        self._asks_the_next = False
        self._out = ""
        self._space = ""
        self._changes: list[str] = []

    def feed(self, piece: str) -> str:
        """Take a piece of the reply and give what may be heard now, in order and without gaps."""
        return "".join(map(self._pass, self._cut(piece))) + self._hurry()

    def settle(self, signal: str, cut: bool = False, ends: bool = False) -> Settled:
        """Decide about all that was held, now that the reply is over.

        `cut`: it broke off, so the sentence that it broke off in is left out. `ends`: its signal ends the interview.
        """
        before = len(self._out)
        if not cut or _is_whole(self._sentence):
            self._pass(self._sentence)
        owed = False
        if self._has_asked:
            self._say(self._after_the_question(self._held))
            signal = STAY if ends else signal
        elif ends:
            self._say(self._without_questions())
        else:
            owed = not self._ask(self._must_go_on and signal.startswith(STAY)) and self._is_owed()
        if self._asks_the_next and signal.startswith(STAY):
            signal = NEXT
            self._changes.append("token")
        return Settled(self._out, self._out[before:], signal, owed, tuple(dict.fromkeys(self._changes)))

    def _cut(self, piece: str) -> Iterator[str]:
        """Give each sentence once it is settled where it ends; sign by sign, so that it matters not how they come."""
        for sign in piece:
            if not sign.isspace() and self._has_ended(sign):
                yield self._sentence
                self._sentence = ""
            self._sentence += sign

    def _has_ended(self, following: str) -> bool:
        said = self._sentence.rstrip()
        if not said or "\n" in self._sentence[len(said) :]:
            return bool(said)
        if said[-1] not in MAY_END:
            return False
        begin = max(0, len(said) - NEAR)
        return len(said) - begin in sentence_ends(with_marks(self._sentence[begin:] + following))

    def _pass(self, sentence: str) -> str:
        """Let a sentence out, or hold it with all that follows."""
        if not sentence.strip():
            return ""
        if self._held or self._has_asked or asks(sentence) or is_good_bye(sentence):
            self._held.append(sentence)
            return ""
        if fault := self._said.fault_of_words(sentence):
            self._changes.append(fault)
            return ""
        if not self._takes_room(sentence):
            self._held.append(sentence)
            return ""
        return self._say([sentence])

    def _takes_room(self, sentence: str) -> bool:
        """Is there room for one sentence more?"""
        words = count_words(sentence)
        size = 0.5 if words <= FEW_WORDS else 1.0
        if words > MOST_WORDS or size > self._sentences_left:
            return False
        self._sentences_left -= size
        return True

    def _say(self, sentences: Sequence[str]) -> str:
        """Let sentences out, with the white space between them as it came."""
        before = len(self._out)
        for sentence in sentences:
            words = sentence.strip()
            between = self._space or sentence[: len(sentence) - len(sentence.lstrip())]
            self._out += (between if self._out else "") + words
            self._space = sentence[len(sentence.rstrip()) :]
        return self._out[before:]

    def _hurry(self) -> str:
        """Let a question out that was held long enough for what might follow it."""
        held = [*self._held, *([self._sentence] if _is_whole(self._sentence) else [])]
        if self._has_asked or not any(map(asks, held)):
            return ""
        if self._held_since is None:
            self._held_since = self._clock()
        if self._clock() - self._held_since < HOLD_SECONDS or not self._question(held, [], self._must_go_on):
            return ""
        before = len(self._out)
        if len(held) > len(self._held):
            self._held, self._sentence = held, ""
        self._ask(self._must_go_on)
        return self._out[before:]

    def _ask(self, only_next: bool) -> bool:
        """Choose the question among what is held and let it out with what belongs to it; False where there is none."""
        held, faults = self._held, list[str]()
        question = self._question(held, faults, only_next)
        self._changes += faults
        if not question:
            first = next((at for at, each in enumerate(held) if asks(each)), len(held))
            self._say([each for each in held[:first] if self._may_be_said(each, last=True)])
            return False
        begin, end = question
        before = [each for each in held[:begin] if not asks(each)]
        if len(before) < begin:
            self._changes.append("second_question")
        self._say([each for each in before if self._may_be_said(each)])
        self._say([*held[begin : end - 1], self._alone(held[end - 1])])
        self._asks_the_next = self._follows_the_plan and self._said.is_the_next("".join(held[begin:end]))
        self._has_asked, self._sentences_left, self._held = True, MOST_SENTENCES, []
        self._say(self._after_the_question(held[end:]))
        return True

    def _alone(self, sentence: str) -> str:
        """Leave out a second question that "and" hangs on the first."""
        first = before_a_second(sentence.strip())
        if first == sentence.strip():
            return sentence
        self._changes.append("second_question")
        return first + sentence[len(sentence.rstrip()) :]

    def _question(self, held: Sequence[str], faults: list[str], only_next: bool) -> tuple[int, int] | None:
        """Find the question to be kept: the next planned one, or the last that can be asked and stands by itself."""
        found = _questions(held)
        can = []
        for begin, end in found:
            text = "".join(held[begin:end]).strip()
            if fault := self._said.fault_of(text, f"{self._out} {''.join(held[:end])}".strip()):
                faults.append(fault)
            elif only_next and not self._said.is_the_next(text):
                faults.append("not_the_next")
            else:
                can.append((begin, end))
        planned = (each for each in can if self._said.is_the_next("".join(held[slice(*each)])))
        alone = (each for each in reversed(can) if each[1] - each[0] > 1 or not hangs_on_another(held[each[0]]))
        return next(planned, None) or next(alone, None) or next(iter(can), None)

    def _after_the_question(self, sentences: Sequence[str]) -> list[str]:
        """Keep what only rounds off."""
        if any(map(asks, sentences)):
            self._changes.append("second_question")
        return [each for each in sentences if not asks(each) and self._may_be_said(each, last=True)]

    def _may_be_said(self, sentence: str, last: bool = False) -> bool:
        """May a sentence that asks nothing stand beside the question?"""
        if fault := self._said.fault_of_words(sentence):
            self._changes.append(fault)
        elif last and is_good_bye(sentence):
            self._changes.append("good_bye")
        elif not self._takes_room(sentence):
            self._changes.append("too_long")
        else:
            return True
        return False

    def _without_questions(self) -> list[str]:
        """Keep what ends an interview; it takes no answer any more."""
        kept = [each for each in self._held if not has_mark(each) and not requests(each)]
        if len(kept) < len(self._held):
            self._changes.append("question_at_end")
        return [each for each in kept if not self._said.fault_of_words(each)]

    def _is_owed(self) -> bool:
        """Must the planned question follow? Not after words in a script whose questions are not known."""
        if not is_readable(self._out + "".join(self._held)):
            return False
        if not any(map(asks, self._held)):
            self._changes.append("no_question")
        return True


def _questions(held: Sequence[str]) -> list[tuple[int, int]]:
    """Find each question. A request and the question after it are one, a few words' request after it as well."""
    found: list[tuple[int, int]] = []
    for at, each in enumerate(held):
        if not asks(each):
            continue
        begin = found[-1][0] if found and _belongs(held, found[-1], at) else at
        found[-1 if begin < at else len(found) :] = [(begin, at + 1)]
    return found


def _belongs(held: Sequence[str], question: tuple[int, int], at: int) -> bool:
    """Does a sentence belong to the question before it? One may stand between a scene and what is asked about it."""
    begin, end = question
    marked = any(map(_is_direct, held[begin:end]))
    if has_mark(held[at]):
        return _is_direct(held[at]) and not marked and at - end <= 1 and at - begin <= 2
    return at == end and (count_words(held[at]) <= ECHO_WORDS if marked else at - begin == 1)


def _is_direct(sentence: str) -> bool:
    """Is it a question, and no request that is only put as one ("Could you tell me about …?")?"""
    return has_mark(sentence) and not requests(sentence)


def _is_whole(sentence: str) -> bool:
    words = with_marks(sentence).rstrip()
    return bool(words) and whole_sentences(words) == words
