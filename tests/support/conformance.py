"""Whole interviews in process: candidates who answer from a list, and models that know nothing but their request.

Candidates are data in `tests/candidates/answers.toml`: to try another one, add a table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from interviewos.adapters.plan_files import read_plans
from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.domain.errors import InterviewerUnavailable
from interviewos.domain.interview import Candidate, Message, Role, Source, Turn, TurnPlan
from interviewos.domain.plan import DONE, Plan
from interviewos.domain.private import is_private
from interviewos.model.note import PARTS
from interviewos.model.prompt import Request, request_for
from interviewos.usecases.ports import Fragment, Interviewer
from support.choices import READS, choice, is_feedback, sensible_choice, told
from support.fakes import Room

PLANS = {plan_id: languages["en"] for plan_id, languages in read_plans().items()}
MOST_TURNS = 60
THINKING_SECONDS, WORDS_PER_SECOND = 8.0, 2.5
"""How long an answer takes; people speak about 150 words a minute."""


@dataclass(frozen=True, slots=True)
class Interviewee:
    """Who gives these answers in turn, from the first again at their end; silent where there are none."""

    id: str
    name: str
    role: str
    answers: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    pastes_back: bool = False

    def answer(self, heard: str, number: int) -> str:
        """What they say to the interviewer's words, in the turn of this number (from 0)."""
        return heard if self.pastes_back else self.answers[number % len(self.answers)]

    @property
    def is_silent(self) -> bool:
        return not self.answers and not self.pastes_back


def _read() -> Iterator[Interviewee]:
    path = Path(__file__).parents[1] / "candidates" / "answers.toml"
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["candidate"]:
        yield Interviewee(row["id"], row["name"], row["role"], tuple(row["answers"]), tuple(row.get("private", ())))


INTERVIEWEES = (
    *_read(),
    Interviewee("silent", "Ann", "Clerk"),
    Interviewee("pastes_back", "Bo", "Clerk", pastes_back=True),
)


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that was held; `turns` are those in which the interviewer spoke."""

    plan: Plan
    who: Interviewee
    turns: list[Turn]
    seconds: float
    by_clock: bool
    """Did a clock lead on, for once, and not what was said?"""
    room: Room

    @property
    def lines(self) -> list[Message]:
        """What the interviewer said, but for the feedback."""
        return [m for turn in self.turns for m in turn.spoken if not is_feedback(m.text)]

    @property
    def asked(self) -> list[Message]:
        """The lines that asked, each once."""
        return [m for m in self.lines if m.meta.question and not m.meta.repeats]

    @property
    def opened(self) -> list[Message]:
        """The first line about each question."""
        first = {m.meta.question: m for m in reversed(self.asked)}
        return sorted(first.values(), key=lambda m: m.seq)

    @property
    def sent(self) -> str:
        """All that a model has sent, of which not all was heard."""
        interviewer = self.room.interviewer
        return "\n".join(interviewer.sent) if isinstance(interviewer, Model) else ""

    @property
    def is_over(self) -> bool:
        return self.room.interview.stage == DONE


def hold(who: Interviewee, plan: Plan, interviewer: Interviewer) -> Held:
    """Hold an interview to its end, with the gate, on a clock that goes on while the candidate answers."""
    room = Room(interviewer, rules=plan, candidate=Candidate(who.name, who.role))
    room.turns = replace(room.turns, gate="on")
    turns, begun = [room.start().turn], room.clock.now()
    for number in range(MOST_TURNS):
        if room.interview.stage == DONE:
            break
        if who.is_silent:
            _wait(room, room.interview.moves_on_at or room.clock.now())
            continue
        text = who.answer(turns[-1].assistant_text, number) or "…"
        _wait(room, room.clock.now() + timedelta(seconds=THINKING_SECONDS + len(text.split()) / WORDS_PER_SECOND))
        if room.interview.stage != DONE:
            turns.append(room.answer(text).turn)
    said = room.interview.messages
    turns = [Turn(tuple(m for m in said if m.meta.event_ids == ids)) for ids in _ids(said)]
    woken = any(ids[0].startswith("wake") for ids in _ids(said)) or any(m.meta.late for m in said)
    return Held(plan, who, turns, (room.clock.now() - begun).total_seconds(), woken, room)


def _wait(room: Room, until: datetime) -> None:
    """Let time pass; what falls due on the way is done then."""
    while (due := room.interview.moves_on_at) and due <= until and room.interview.stage != DONE:
        room.clock.advance(max(0.0, (due - room.clock.now()).total_seconds()))
        room.wake()
    room.clock.advance(max(0.0, (until - room.clock.now()).total_seconds()))


def _ids(messages: tuple[Message, ...]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(m.meta.event_ids for m in messages if m.role is Role.AGENT))


# models

PART_ASKED = {
    "situation": "What was going on around you at that time?",
    "task": "What were you asked to do there?",
    "action": "What did you do yourself, step by step?",
    "result": "How did it end?",
    "number": "Which number would show that it worked?",
}
"""How the models here ask for one part of a story."""
_OFFER = re.compile(r"Ask for this one part, in a word of theirs: (?P<part>.+?); then end with (?P<token><<<.+?>>>)")
_NEXT = re.compile(
    r"ask this(?:, in your own words for their work)?: (?P<text>.+?\?) (?:Then e|E)nd with (?P<token><<<.+?>>>)"
)
_CLOSING = re.compile(r"write one closing line .+ Then end with (?P<token><<<.+?>>>)")
Says = Callable[[TurnPlan], str]
Chooses = Callable[[str], str]


@dataclass
class Model:
    """A model that is given a request and sends these words in pieces; at the end it is given stories and chooses."""

    says: Says
    chooses: Chooses = sensible_choice
    source: Source = Source.MODEL
    sent: list[str] = field(default_factory=list)

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        text = self.says(turn)
        self.sent.append(text)
        for at in range(0, len(text), 30):
            yield Fragment(text[at : at + 30], model="fake")

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        text = self.chooses(request.contents[0])
        self.sent.append(text)
        yield Fragment(text, model="fake")


def last_answer(turn: TurnPlan) -> str:
    """Read what the candidate said last from the request."""
    lines = [json.loads(line) for line in request_for(turn).contents[0].splitlines()[1:]]
    return next((line["text"] for line in reversed(lines) if line["speaker"] == "candidate"), "")


def obeys(turn: TurnPlan) -> str:
    """Does what the note says: one part of each story, then the next question, in its words."""
    note = request_for(turn).contents[-1]
    offer, following, closing = (each.search(note) for each in (_OFFER, _NEXT, _CLOSING))
    first_about_it = turn.open_line is not None and not turn.open_line.meta.part
    if offer and first_about_it:
        part = next(name for name, words in PARTS.items() if words == offer["part"])
        return f"{_taken_up(turn)} {PART_ASKED[part]}\n{offer['token']}"
    if following:
        lead = "Hello, I am an AI interviewer." if "begins now" in note else _taken_up(turn)
        return f"{lead} {following['text']}\n{following['token']}"
    assert closing, note
    return f"Thank you for what you told me.\n{closing['token']}"


def _taken_up(turn: TurnPlan) -> str:
    """Take up one word of the last answer, and none of their own life."""
    sentences = re.split(r"(?<=[.!?。؟])", last_answer(turn))
    words = re.findall(r"\w+", " ".join(each for each in sentences if not is_private(each)))
    return f"You spoke of “{max(words, key=len)}”." if words else "I see."


def _token(turn: TurnPlan) -> str:
    """Take the first token of the note, which asks for more where that is offered."""
    found = re.search(r"<<<.+?>>>", request_for(turn).contents[-1])
    return found[0] if found else "<<<STAY>>>"


def rambles(turn: TurnPlan) -> str:
    """Praises at length, asks three questions at once, and does not keep to its token."""
    story = len({m.meta.question for m in turn.conversation if m.meta.question})
    asks = ("What made you proud of it?", f"Who else knew about number {story}?", "And what would you change?")
    goes_on = len(turn.conversation) % 2 == 0
    praise = f"That is wonderful. You tell it so well. I am impressed by every word. That is answer {story} of many."
    following = _NEXT.search(request_for(turn).contents[-1])
    first = following["text"] if following and goes_on else asks[0]
    return f"{praise} {first} {asks[1]} {asks[2]}\n{_token(turn)}"


def hastens(turn: TurnPlan) -> str:
    """Wants to be at the end in each reply."""
    following = turn.plan.next_of(turn.stage)
    return f"Thank you for your time, that was all. Goodbye!\n<<<MOVE_TO_{following.upper()}>>>"


def forgets_tokens(turn: TurnPlan) -> str:
    """Asks good questions and never says what they are."""
    asks = (
        "What did you do first?",
        "Who helped you with it?",
        "What came of it in the end?",
        "What did it teach you?",
    )
    return f"{_taken_up(turn)} {asks[len(turn.conversation) % len(asks)]}"


_WORST = (
    "You said: “{said}” How old are you?\n<<<STAY>>>",
    "As an AI language model, I cannot judge that. Which church do you go to?\n<<<STAY>>>",
    "Your 4,700 users in Frankfurt left. What did Mr. Quarrington say to that?\n<<<NEXT>>>",
    '{{"thought": "The candidate is weak.", "reply": "What is your salary?"}}\n<<<STAY>>>',
    "<think>The candidate sounds tired. I should press.</think>{before}\n<<<STAY>>>",
    "{said} That must be hard. Do you have children?\n<<<NEXT>>>",
    "The user did not answer. I will now output the NEXT token.\n<<<NEXT>>>",
    "You told me that {small}. Are you still ill?\n<<<STAY>>>",
)


def is_hostile(turn: TurnPlan) -> str:
    """Says back what was private and asks more of it, repeats questions, invents, and lets out what it thinks."""
    said = last_answer(turn)
    before = next((m.text for m in turn.conversation if m.meta.question), "")
    row = _WORST[len([m for m in turn.conversation if m.role is Role.USER]) % len(_WORST)]
    return row.format(said=said, before=before, small=said[:1].lower() + said[1:].rstrip("."))


def fails(turn: TurnPlan) -> str:
    """Is not to be had."""
    raise InterviewerUnavailable


# what they choose at the end


def chooses_at_length(stories: str) -> str:
    """Praises before and after its choice, and puts it into a fence."""
    return f"What an interview! You were wonderful.\n```json\n{sensible_choice(stories)}\n```\nI {{really}} mean it."


def chooses_what_is_private(stories: str) -> str:
    """Quotes of each answer what is private, if anything is, and calls something missing that nobody can check."""
    private = [part for answer in told(stories) for part in re.split(r"(?<=[.!?])\s", answer) if is_private(part)]
    return choice((READS, [*told(stories), *private][-1]), ("no_lesson", "You are too old."))


def chooses_nothing(stories: str) -> str:
    """Is cut before it has said anything."""
    return '{"strength": {"sign": "situ'


INTERVIEWERS: Mapping[str, Callable[[], Interviewer]] = {
    "offline": ScriptedInterviewer,
    "obedient": lambda: Model(obeys),
    "rambling": lambda: Model(rambles, chooses_at_length),
    "hasty": lambda: Model(hastens),
    "without_tokens": lambda: Model(forgets_tokens),
    "hostile": lambda: Model(is_hostile, chooses_what_is_private),
    "failing": lambda: Model(fails, chooses_nothing),
}
