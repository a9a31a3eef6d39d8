"""Histories: callers, alarms, deaths, zombies, failing models and lost answers in any order, and what must hold in all.

Nothing here is left to threads. A turn is a generator, so Hypothesis decides between any two of its steps who goes on,
who dies and how much time passes, and a history that breaks a promise shrinks to a few lines.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import (
    EventReused,
    InterviewError,
    InterviewerUnavailable,
    InterviewOver,
    InterviewStuck,
    StoreUnavailable,
    TurnInProgress,
    WrongState,
)
from interviewos.domain.interview import (
    FINISH_ID,
    START_ID,
    Candidate,
    Claimed,
    Event,
    EventType,
    Interview,
    Message,
    Outcome,
    Part,
    Repeated,
    Role,
    Source,
    Status,
    Turn,
    TurnPlan,
    new_interview,
)
from interviewos.domain.turn import LAST_ATTEMPT, LEASE_SECONDS, claim_turn, commit_turn, finish_turn, turn_of
from interviewos.model.prompt import Request
from interviewos.report.points import feedback_text
from interviewos.usecases import turns as turns_module
from interviewos.usecases.ports import Fragment
from interviewos.usecases.turns import Ack, Answered, Step, Turns
from support.choices import READS, choice, is_feedback, told
from support.clock import FakeClock
from support.fakes import STAGES, RecordingAlarm, plan

BULLETS = ["- Strength", "- Gap", "- Next step"]
MOODS = ["STAY", "STAY", "MOVE_TO_EXPERIENCE", "MOVE_TO_DONE", "fails", "breaks off", "prose"]
FAULTS = ["not written", "not answered", "told lost"]
LEAPS = [0.5, 5, 29, 31, 100, 200, 1_000]


def digest(messages: Sequence[Message]) -> str:
    """What a model that saw these messages would show of them."""
    seen = repr([(m.role.value, m.text) for m in messages])
    return hashlib.sha256(seen.encode()).hexdigest()[:12]


@dataclass
class Digester:
    """A model whose every line shows what conversation it was given."""

    mood: str = "STAY"
    source: Source = Source.MODEL

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        """Speak in two pieces, as the mood is."""
        mood, mark = self.mood, digest(turn.conversation)
        if mood == "fails":
            raise InterviewerUnavailable
        if mood == "breaks off":
            yield Fragment(f"I heard {mark}. And")
            yield Fragment(" then", cut=True)
        else:
            yield Fragment(f"Question {mark}?", model="digester")
            yield Fragment(f"\n<<<{mood}>>>")

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        """Choose the last answer, as the mood is."""
        said = told(request.contents[0])
        text = choice((READS, said[-1])) if said else "{}"
        if self.mood == "prose":
            yield Fragment("Thank you.\n- Strength: all.\n- Gap: none.\n- Next step: rest.", model="digester")
        elif self.mood != "fails":
            yield Fragment(text[: 20 if self.mood == "breaks off" else None], model="digester")


class AuditedStore(SqliteStore):
    """Looks at every write, and breaks the next one where a history says so."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(":memory:", clock)
        self.writer: Event | None = None
        self.fault = ""
        self.meanwhile: Callable[[], None] | None = None
        self.writes = 0

    def _swap(self, after: Interview, version: object) -> bool:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        fault, self.fault = self.fault, ""
        if fault == "not written":
            raise StoreUnavailable
        before = self.read(after.session_id)
        swapped = self._compare_and_swap(after, version)
        self.writes += swapped
        if swapped and self.writer:
            check_write(before.interview, after, self.writer, before.at)
        if fault == "not answered":
            raise StoreUnavailable
        return swapped and fault != "told lost"

    def _compare_and_swap(self, after: Interview, version: object) -> bool:
        return super()._swap(after, version)


def check_write(before: Interview, after: Interview, writer: Event, now: datetime) -> None:
    """A write is a claim or a commit, by whoever may, and takes nothing back."""
    assert before.status is not Status.ENDED, "done absorbs"
    assert after.messages[: len(before.messages)] == before.messages, "messages are only appended"
    forward = STAGES.index(after.stage) - STAGES.index(before.stage)
    assert forward >= 0, "stages only move forward"
    assert after.epoch - before.epoch == (forward > 0), "an epoch is one stage"
    if after.lease:
        assert after.lease.fence == writer.fence
        assert after.messages == before.messages
        assert after.pending[: len(before.pending)] == before.pending, "words that wait go on waiting"
        assert not before.thinking(now) or may_take_over(writer, before), "never two live claims"
        assert writer.type is not EventType.TIMEOUT or is_due(before, now), "a wake does what is due and no more"
    elif before.attempts == LAST_ATTEMPT:
        rests = (before.messages, before.pending, before.stage, Status.ERROR)
        assert (after.messages, after.pending, after.stage, after.status) == rests, "what cannot be stored is kept"
        assert not before.thinking(now) or may_take_over(writer, before)
    else:
        assert before.lease
        assert before.lease.fence == writer.fence, "whoever lost its lease writes nothing"
        added = after.messages[len(before.messages) :]
        assert [m.text for m in added if m.role is Role.USER] == [w.text for w in before.pending]
        assert [m.role for m in added] == sorted((m.role for m in added), reverse=True), "answers before their reply"
        assert after.pending == ()


def may_take_over(writer: Event, before: Interview) -> bool:
    """Speech that goes on, and the wish to finish."""
    assert before.lease
    running = before.lease.event_id
    return writer.type is EventType.FINISH or running in [part.id for part in writer.parts[:-1]]


def is_due(before: Interview, now: datetime) -> bool:
    """A dead turn, or a silence that has lasted long enough."""
    return before.lease is not None or (before.moves_on_at is not None and before.moves_on_at <= now)


@dataclass(eq=False)
class Actor:
    """One request on its way."""

    event: Event
    steps: Iterator[Step] = field(repr=False)
    acknowledged: bool = False


class Histories(RuleBasedStateMachine):
    """One interview, and everybody who may touch it."""

    store_class: ClassVar[type[AuditedStore]] = AuditedStore

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.store = self.store_class(self.clock.now)
        self.model = Digester()
        self.alarm = RecordingAlarm()
        rules = plan(most_intro=3, most=4)
        self.turns = Turns(
            lambda: rules, self.store, self.model, self.alarm, NoVoice(), self.clock.monotonic, gate="off"
        )
        self.session_id = str(uuid.uuid4())
        self.store.create(new_interview(self.session_id, Candidate(), self.clock.now(), timedelta(days=365)))
        self.running: list[Actor] = []
        self.sent: list[Event] = []
        self.kept: dict[str, str] = {}
        self.answered: dict[str, Turn] = {}
        self.speech: list[Part] = []
        self.number = 0
        self.last_read = (-1, self.store.read(self.session_id).interview)

    @property
    def interview(self) -> Interview:
        """As the store has it; read again after each write only, because decoding is what takes the time here."""
        if self.last_read[0] != self.store.writes:
            self.last_read = (self.store.writes, self.store.read(self.session_id).interview)
        return self.last_read[1]

    # who acts

    @initialize(answers=st.sampled_from([None, 0, 0, 1, 1, 2, 3]))
    def begin_with(self, answers: int | None) -> None:
        """Most histories begin where something can happen."""
        if answers is not None:
            self.run_actor(self.begin(self.event(EventType.START, START_ID)))
        for number in range(answers or 0):
            self.model.mood = "STAY" if number else "MOVE_TO_EXPERIENCE"
            self.answer(whole=True)

    @rule()
    def start(self) -> None:
        """The page's button, or the worker's join."""
        self.begin(self.event(EventType.START, START_ID))

    @rule(whole=st.booleans())
    def answer(self, whole: bool) -> None:
        """An answer of one piece."""
        actor = self.begin(self.event(EventType.USER_TURN, *self.words()))
        if whole:
            self.run_actor(actor)

    @rule()
    def go_on_speaking(self) -> None:
        """All that was spoken and not answered yet, and some more."""
        answered = {i for turn in self.answered.values() for m in turn.messages for i in m.meta.event_ids}
        self.speech = [part for part in self.speech if part.id not in answered]
        self.speech.append(self.words()[1])
        self.begin(self.event(EventType.USER_TURN, self.speech[-1].id, *self.speech))

    @rule()
    def finish(self) -> None:
        """The candidate's wish."""
        self.begin(self.event(EventType.FINISH, FINISH_ID))

    @rule()
    def wake(self) -> None:
        """An alarm, on time or not."""
        self.begin(self.event(EventType.TIMEOUT, ""))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 9))
    def send_again(self, which: int) -> None:
        """The same event under a new fence, whatever became of it."""
        again = self.sent[-1 - which % len(self.sent)]
        self.begin(replace(again, fence=uuid.uuid4().hex))

    @precondition(lambda self: self.sent)
    @rule(which=st.integers(0, 9))
    def send_other_words(self, which: int) -> None:
        """A known id with other words is refused, and an unknown one is not touched by this rule."""
        event = self.sent[-1 - which % len(self.sent)]
        before = self.interview
        if event.parts and event.event_id in {*kept_ids(before)}:
            other = replace(event, fence=uuid.uuid4().hex, parts=(Part(event.event_id, "Other words."),))
            assert isinstance(self.refusal_of(other), EventReused)
            assert self.interview == before, "what is refused changes nothing"

    def refusal_of(self, event: Event) -> InterviewError | None:
        try:
            list(self.turns.take_turn(event))
        except InterviewError as error:
            return error
        return None

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9))
    def step(self, which: int) -> None:
        """Somebody goes on a little, perhaps long after its lease."""
        self.advance_actor(self.running[which % len(self.running)])

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9))
    def go_to_the_end(self, which: int) -> None:
        """Somebody goes on until it is answered."""
        self.run_actor(self.running[which % len(self.running)])

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9))
    def die(self, which: int) -> None:
        """A process is gone."""
        self.running.pop(which % len(self.running))

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9), kind=st.sampled_from(["answer", "finish", "wake"]))
    def be_overtaken(self, which: int, kind: str) -> None:
        """Somebody's next write is prepared while a competitor's whole turn goes by."""
        competitor = {
            "answer": lambda: self.event(EventType.USER_TURN, *self.words()),
            "finish": lambda: self.event(EventType.FINISH, FINISH_ID),
            "wake": lambda: self.event(EventType.TIMEOUT, ""),
        }[kind]()
        actor = self.running[which % len(self.running)]
        self.store.meanwhile = lambda: self.run_actor(self.begin(competitor))
        self.advance_actor(actor)
        self.store.meanwhile = None

    # what the world does

    @rule(seconds=st.sampled_from(LEAPS))
    def let_time_pass(self, seconds: float) -> None:
        """A moment, a lease, a stage."""
        self.clock.advance(seconds)

    @rule(mood=st.sampled_from(MOODS))
    def change_the_model(self, mood: str) -> None:
        """It behaves, proposes, fails or rambles from now on."""
        self.model.mood = mood

    @rule(fault=st.sampled_from(FAULTS))
    def break_the_next_write(self, fault: str) -> None:
        """It fails, or its answer is lost and its caller told so or not."""
        self.store.fault = fault

    # what holds at any time

    @invariant()
    def kept_words_are_there_once(self) -> None:
        """Ack means kept: in the transcript or among the words that wait, and never twice."""
        found = kept_ids(self.interview)
        assert len(found) == len(set(found)), "no word is doubled"
        assert self.kept.keys() <= set(found), "no kept word is lost"
        texts = {w.event_id: w.text for w in self.interview.pending}
        texts |= {m.meta.event_ids[0]: m.text for m in self.interview.messages if m.role is Role.USER}
        assert all(texts[event_id] == text for event_id, text in self.kept.items())

    @invariant()
    def the_transcript_is_whole(self) -> None:
        """Numbers without a gap; the greeting first; no line of the interviewer twice."""
        messages = self.interview.messages
        assert [m.seq for m in messages] == list(range(1, self.interview.seq + 1))
        spoken = [m for m in messages if m.role is Role.AGENT]
        assert len({m.text for m in spoken}) == len(spoken)
        assert not spoken or spoken[0].meta.event_ids == (START_ID,)

    @invariant()
    def replies_are_about_the_transcript_before_them(self) -> None:
        """The model saw exactly what stands there."""
        messages = self.interview.messages
        for message in messages:
            if message.source is Source.MODEL and is_feedback(message.text):
                answers = [m.text for m in messages if m.role is Role.USER]
                assert f"“{answers[-1].rstrip('.')}”" in message.text.splitlines()[0]
            elif message.source is Source.MODEL:
                turn = turn_of(self.interview, message.meta.event_ids[0])
                assert turn
                assert digest(messages[: turn.spoken[0].seq - 1]) in message.text

    @invariant()
    def done_is_ended_is_feedback(self) -> None:
        """One commit, so all or nothing."""
        interview = self.interview
        lines = [line.partition(":")[0] for line in interview.messages[-1].text.splitlines()]
        assert (interview.stage == "done") == (interview.status is Status.ENDED) == (lines == BULLETS)
        made = feedback_text(interview.report.points) if interview.report else None
        assert made == (interview.messages[-1].text if interview.stage == "done" else None)

    @invariant()
    def somebody_will_look_at_it(self) -> None:
        """Where something is still to come there is a time for it, and an alarm was made before."""
        interview = self.interview
        if interview.lease:
            assert interview.due_at == interview.lease.until
            assert interview.lease.until <= self.clock.now() + timedelta(seconds=LEASE_SECONDS)
        elif interview.status is Status.RUNNING:
            assert interview.due_at == interview.moves_on_at
            assert (self.session_id, interview.moves_on_at) in self.alarm.set_for
        else:
            assert interview.due_at is None

    def teardown(self) -> None:
        """When all faults stop, everything converges: by the sweep alone, and for whoever asks again."""
        self.store.fault, self.model.mood = "", "STAY"
        while self.running:
            self.run_actor(self.running[0])
        self.converge()
        self.ask_for_everything_again()

    # how it is done

    def converge(self) -> None:
        """Sweep whenever something is due: it ends, unless nobody began or the model had stopped it."""
        for _ in range(4):
            interview = self.interview
            if interview.due_at is None:
                break
            self.clock.advance(max(0.0, (interview.due_at - self.clock.now()).total_seconds()))
            assert [due.session_id for due in self.store.due(self.clock.now(), 2)] == [self.session_id]
            self.run_actor(self.begin(self.event(EventType.TIMEOUT, "")))
            assert self.interview != interview, "what is due gets done"
            self.check_invariants_again()
        assert (self.interview.due_at, self.interview.lease) == (None, None)
        assert self.interview.pending == () or self.interview.attempts == LAST_ATTEMPT

    def ask_for_everything_again(self) -> None:
        """Every event that has a turn has it for good."""
        before = self.interview
        for event in self.sent:
            if event.event_id and turn_of(before, event.event_id):
                self.run_actor(self.begin(replace(event, fence=uuid.uuid4().hex)))
        assert self.interview == before

    def check_invariants_again(self) -> None:
        """Also between the steps of the end."""
        self.kept_words_are_there_once()
        self.the_transcript_is_whole()
        self.replies_are_about_the_transcript_before_them()
        self.done_is_ended_is_feedback()
        self.somebody_will_look_at_it()

    def words(self) -> tuple[str, Part]:
        """A new answer under a new id."""
        self.number += 1
        return f"e{self.number}", Part(f"e{self.number}", f"These are words {self.number}.")

    def event(self, type_: EventType, event_id: str, *parts: Part) -> Event:
        """A new request."""
        return Event(self.session_id, type_, event_id, uuid.uuid4().hex, parts)

    def begin(self, event: Event) -> Actor:
        """Send it, and let it go as far as its claim."""
        if event.event_id and event.event_id not in [known.event_id for known in self.sent]:
            self.sent.append(event)
        actor = Actor(event, self.turns.take_turn(event))
        self.running.append(actor)
        self.advance_actor(actor)
        return actor

    def run_actor(self, actor: Actor) -> None:
        """Let it go on until it is answered or refused."""
        while actor in self.running:
            self.advance_actor(actor)

    def advance_actor(self, actor: Actor) -> None:
        """Let it do one thing, and look at what it says."""
        before, self.store.writer = self.store.writer, actor.event
        known = kept_ids(self.interview)
        try:
            self.hear(actor, next(actor.steps))
        except (TurnInProgress, InterviewOver, InterviewStuck, WrongState) as refusal:
            self.running.remove(actor)
            self.check_refusal(actor, refusal, known)
        except StoreUnavailable:
            self.running.remove(actor)
        except AssertionError:
            self.running.clear()  # a broken promise is enough: nobody goes on after it
            raise
        finally:
            self.store.writer = before

    def hear(self, actor: Actor, step: Step) -> None:
        """Remember what was promised, and compare it with what was promised before."""
        if isinstance(step, Ack):
            actor.acknowledged = True
            self.kept |= {part.id: part.text for part in actor.event.parts}
        if isinstance(step, Answered):
            self.running.remove(actor)
            if step.turn.messages:
                assert actor.acknowledged or actor.event.type is EventType.TIMEOUT
                assert step.event_id == actor.event.event_id or actor.event.type is EventType.TIMEOUT
                assert step.turn == self.answered.setdefault(step.event_id, step.turn), "a repeat gets the first answer"
                assert set(step.turn.messages) <= set(self.interview.messages), "what is said stands in the transcript"
                assert any(step.event_id in m.meta.event_ids for m in step.turn.spoken)

    def check_refusal(self, actor: Actor, refusal: Exception, known: list[str]) -> None:
        """Nobody is refused without a reason, and refused words are not kept behind their caller's back."""
        interview, event = self.interview, actor.event
        if not actor.acknowledged and not self.store.meanwhile:
            new = set(kept_ids(interview)) - set(known)
            assert not new & {part.id for part in event.parts}
        assert not event.event_id or turn_of(interview, event.event_id) is None, "what was answered is not refused"
        if isinstance(refusal, TurnInProgress):
            assert refusal.retry_after
            assert interview.lease is None or interview.lease.fence != event.fence, "nobody stands in its own way"
            assert actor.acknowledged or interview.thinking(self.clock.now())
        if isinstance(refusal, InterviewOver):
            assert interview.stage == "done"
        if isinstance(refusal, InterviewStuck):
            assert (interview.attempts, interview.status) == (LAST_ATTEMPT, Status.ERROR)
        if isinstance(refusal, WrongState):
            assert interview.status is Status.CREATED


def kept_ids(interview: Interview) -> list[str]:
    """The ids of all answers that the interview has, waiting ones included."""
    said = [i for m in interview.messages if m.role is Role.USER for i in m.meta.event_ids]
    return said + [w.event_id for w in interview.pending]


def run(machine: type[Histories], histories: int, steps: int = 40, **more: Any) -> None:
    """Try so many histories."""
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=quiet,
            **more,
        ),
    )


def test_no_history_breaks_a_promise() -> None:
    """The same few hundred histories each time."""
    run(Histories, 300, derandomize=True)


def test_a_turn_whose_every_claim_dies_rests_with_its_words() -> None:
    """Too long for a history to find it often."""
    history = Histories()
    history.begin_with(answers=0)
    for _ in range(LAST_ATTEMPT + 2):
        history.go_on_speaking()
        history.running.clear()
        history.let_time_pass(LEASE_SECONDS + 1)
        history.check_invariants_again()
    waits = history.interview.pending

    assert (history.interview.status, history.interview.due_at) == (Status.ERROR, None)
    assert len(waits) == LAST_ATTEMPT
    history.teardown()
    assert history.interview.pending == waits


@pytest.mark.long
def test_ten_thousand_histories_break_no_promise() -> None:
    """Others each time."""
    run(Histories, 10_000)


# the harness bites: each of these mistakes is found


Rule = tuple[Interview, Any]


def commits_without_its_fence(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> Rule:
    """Forgets that it may have been taken over."""
    if turn := turn_of(interview, claim.event_id):
        return interview, turn
    return outcome.interview, outcome.turn


def commits_without_looking_for_an_heir(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> Rule:
    """Forgets that it may have been answered, by itself or by another."""
    mine = claim.interview.lease
    if mine is None or interview.lease is None or interview.lease.fence != mine.fence:
        raise TurnInProgress(retry_after=1)
    return outcome.interview, outcome.turn


def commits_and_leaves_the_words_waiting(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> Rule:
    """Answers the words and keeps them for the next turn, too."""
    after, turn = commit_turn(claim, outcome, interview, now)
    return (after if after is interview else replace(after, pending=interview.pending)), turn


def commits_without_the_words(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> Rule:
    """Stores the reply alone."""
    after, turn = commit_turn(claim, outcome, interview, now)
    if after is interview:
        return after, turn
    added = [m for m in after.messages[len(interview.messages) :] if m.role is not Role.USER]
    renumbered = [replace(m, seq=interview.seq + n) for n, m in enumerate(added, 1)]
    return replace(after, messages=(*interview.messages, *renumbered), seq=renumbered[-1].seq), turn


def commits_and_keeps_its_lease(claim: Claimed, outcome: Outcome, interview: Interview, now: datetime) -> Rule:
    """Nobody else gets a turn for half a minute, and then somebody does it again."""
    after, turn = commit_turn(claim, outcome, interview, now)
    return (after if after is interview else replace(after, lease=interview.lease)), turn


def claims_over_a_live_lease(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Lets everybody in at once."""
    lease = interview.lease
    return claim_turn(event, replace(interview, lease=lease and replace(lease, until=now)), now)


def claims_without_keeping_the_words(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Holds the words in its own memory only."""
    after, claim = claim_turn(event, interview, now)
    return (after if after is interview else replace(after, pending=interview.pending)), claim


def claims_whatever_the_words(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Takes a known id for known words."""
    known = {w.event_id: w.text for w in interview.pending}
    known |= {m.meta.event_ids[0]: m.text for m in interview.messages if m.role is Role.USER}
    parts = tuple(replace(part, text=known.get(part.id, part.text)) for part in event.parts)
    return claim_turn(replace(event, parts=parts), interview, now)


def claims_words_again_that_wait(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Adds the words of a dead turn a second time."""
    after, claim = claim_turn(event, interview, now)
    if not isinstance(claim, Claimed) or after is interview:
        return after, claim
    waiting = {w.event_id for w in interview.pending}
    again = tuple(w for w in after.pending if w.event_id in waiting & {part.id for part in event.parts})
    doubled = replace(after, pending=(*after.pending, *again))
    return doubled, replace(claim, interview=doubled)


def claims_without_knowing_itself(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Takes its own claim, whose answer was lost, for a stranger's."""
    return claim_turn(replace(event, fence=f"{event.fence} or another"), interview, now)


def claims_without_a_time_to_look(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """A process that dies now is never noticed."""
    after, claim = claim_turn(event, interview, now)
    return (after if after is interview else replace(after, due_at=interview.due_at)), claim


def claims_for_ever(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """A lease without an end."""
    after, claim = claim_turn(event, interview, now)
    if after is interview or after.lease is None:
        return after, claim
    for_ever = replace(after.lease, until=now + timedelta(days=300))
    return replace(after, lease=for_ever, due_at=for_ever.until), claim


def claims_a_wake_that_is_not_due(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Believes every alarm."""
    if event.type is EventType.TIMEOUT and interview.status is Status.RUNNING:
        return claim_turn(event, replace(interview, moves_on_at=now), now)
    return claim_turn(event, interview, now)


def claims_a_dead_turn_as_its_own(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """A wake that forgets what the dead process was about."""
    after, claim = claim_turn(event, interview, now)
    if event.type is EventType.TIMEOUT and isinstance(claim, Claimed) and after.lease:
        name = f"wake-{interview.epoch}"
        after = replace(after, lease=replace(after.lease, event_id=name))
        claim = Claimed(after, name, now)
    return after, claim


def claims_a_repeat_as_the_last_turn(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Gives the newest reply to whoever asks again."""
    after, claim = claim_turn(event, interview, now)
    if isinstance(claim, Repeated):
        newest = turn_of(interview, interview.messages[-1].meta.event_ids[0])
        assert newest
        claim = Repeated(newest)
    return after, claim


def claims_an_answered_event_again(event: Event, interview: Interview, now: datetime, **_: bool) -> Rule:
    """Forgets what it has answered."""
    after, claim = claim_turn(event, interview, now)
    if isinstance(claim, Repeated) and interview.stage != "done" and interview.lease is None:
        return claim_turn(replace(event, event_id=f"{event.event_id} again", parts=()), interview, now)
    return after, claim


def finishes_without_a_time_to_look(*arguments: Any) -> Outcome:
    """The alarm is the only one who knows."""
    outcome = finish_turn(*arguments)
    return replace(outcome, interview=replace(outcome.interview, due_at=None))


def finishes_without_feedback(*arguments: Any) -> Outcome:
    """The end comes first, the feedback in another commit that may never come."""
    outcome = finish_turn(*arguments)
    if outcome.interview.stage != "done":
        return outcome
    shorter = replace(outcome.interview, messages=outcome.interview.messages[:-1], seq=outcome.interview.seq - 1)
    return Outcome(shorter, Turn(outcome.turn.messages[:-1]))


def finishes_without_a_report(*arguments: Any) -> Outcome:
    """The report is left to whoever asks for it."""
    outcome = finish_turn(*arguments)
    return replace(outcome, interview=replace(outcome.interview, report=None))


def finishes_as_the_model_says(plan_: Any, interview: Interview, turn: TurnPlan, reply: Any, now: datetime) -> Outcome:
    """Believes a signal to go back."""
    outcome = finish_turn(plan_, interview, turn, reply, now)
    back = reply.signal == "MOVE_TO_EXPERIENCE" and interview.stage == "experience"
    return replace(outcome, interview=replace(outcome.interview, stage="intro")) if back else outcome


class Overwriting(AuditedStore):
    """A store that writes without comparing."""

    def _compare_and_swap(self, after: Interview, version: object) -> bool:
        return super()._compare_and_swap(after, self.read(after.session_id).version)


class ForgetfulAlarm(RecordingAlarm):
    """Does not set what it is told to."""

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        if not self.set_for:
            super().set(session_id, moves_on_at)


CLAIMS = [
    claims_over_a_live_lease,
    claims_without_keeping_the_words,
    claims_whatever_the_words,
    claims_words_again_that_wait,
    claims_without_knowing_itself,
    claims_without_a_time_to_look,
    claims_for_ever,
    claims_a_wake_that_is_not_due,
    claims_a_dead_turn_as_its_own,
    claims_a_repeat_as_the_last_turn,
    claims_an_answered_event_again,
]
COMMITS = [
    commits_without_its_fence,
    commits_without_looking_for_an_heir,
    commits_and_leaves_the_words_waiting,
    commits_without_the_words,
    commits_and_keeps_its_lease,
]
FINISHES = [
    finishes_without_a_time_to_look,
    finishes_without_feedback,
    finishes_without_a_report,
    finishes_as_the_model_says,
]


def find_a_broken_promise(machine: type[Histories]) -> None:
    """Some history must fail; the first that does is enough."""
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(machine, 3_000, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)


@pytest.mark.parametrize("mistake", [*CLAIMS, *COMMITS, *FINISHES], ids=lambda mistake: mistake.__name__)
def test_a_planted_mistake_is_found(mistake: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each rule that is a little wrong breaks a promise in some history."""
    name = "claim_turn" if mistake in CLAIMS else "commit_turn" if mistake in COMMITS else "finish_turn"
    monkeypatch.setattr(turns_module, name, mistake)

    find_a_broken_promise(Histories)


def test_a_store_that_does_not_compare_is_found() -> None:
    """Compare-and-swap is what all of it rests on."""
    find_a_broken_promise(type("Careless", (Histories,), {"store_class": Overwriting}))


def test_an_alarm_that_is_not_set_is_found() -> None:
    """An interview that nobody will look at."""

    class Careless(Histories):
        def __init__(self) -> None:
            super().__init__()
            self.turns = replace(self.turns, alarm=ForgetfulAlarm())

    find_a_broken_promise(Careless)
