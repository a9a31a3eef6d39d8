"""One turn of an interview: claim it, ask the interviewer outside any lock, commit it.

Whatever dies on the way, the words of the candidate are kept from the claim on, and `wake` finishes what was left.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from interviewos import logs, offline
from interviewos.domain.errors import (
    AnsweredElsewhere,
    InterviewerUnavailable,
    InterviewOver,
    InterviewStuck,
    SessionExpired,
    UnknownSession,
)
from interviewos.domain.interview import (
    MOST_TOKENS,
    Claimed,
    Event,
    EventType,
    Interview,
    NothingDue,
    Reason,
    Repeated,
    Reply,
    Source,
    Stale,
    Stuck,
    Turn,
    TurnPlan,
    Usage,
)
from interviewos.domain.plan import DONE, NEXT, STAY, Plan
from interviewos.domain.reading import is_pending, is_reading_due
from interviewos.domain.turn import claim_turn, commit_turn, finish_turn, is_error, lead, plan_turn
from interviewos.model.close import CLOSING_TOKENS, chosen, closing_request
from interviewos.model.gate import Gate
from interviewos.model.reply_filter import ReplyReader
from interviewos.model.sentences import asks
from interviewos.model.tailor import TAILORING_TOKENS, says_enough, tailored, tailoring_request
from interviewos.report.catalogue import catalogue
from interviewos.report.making import report_by_choice, told_of
from interviewos.report.points import feedback_text
from interviewos.usecases.ports import Alarm, Interviewer, InterviewStore, VersionedInterview, VoiceRoom
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.readings import Readings
from interviewos.usecases.writing import Written, written

logger = logging.getLogger(__name__)

TURN_SECONDS = 12.0
"""Everything that a model says in one turn fits into this; the lease is 30 s."""
TAILORING_SECONDS = 4.0
"""Beside the greeting, which takes longer to hear."""


@dataclass(frozen=True, slots=True)
class Ack:
    """From here on the candidate's words are kept."""


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of the message that will have this number; `Answered` replaces what was streamed."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The turn is in the transcript; `moved` is False for a wake that found nothing to do."""

    turn: Turn
    interview: Interview
    now: datetime
    event_id: str
    moved: bool = True


Step = Ack | Delta | Answered
Stopwatch = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Turns:
    """The ports that a turn needs, joined in `bootstrap`; interviews that have no plan of their own are of the default.

    `most_tokens` is what one interview may use of a model, in and out. `gate` is "on", "shadow" or "off": what a model
    says passes the gate, is only held against it, or neither. `readings` makes those that reports wait for; without it
    none do.
    """

    default_plan: Callable[[], Plan]
    store: InterviewStore
    interviewer: Interviewer
    alarm: Alarm
    room: VoiceRoom
    stopwatch: Stopwatch = time.monotonic
    budget: DayBudget | None = None
    most_tokens: int = MOST_TOKENS
    gate: str = "on"
    readings: Readings | None = None

    def take_turn(self, event: Event) -> Iterator[Step]:
        """Answer one event of an interview, once, however often it is sent.

        Raises what `claim_turn` raises, AnsweredElsewhere, InterviewStuck, UnknownSession and StoreUnavailable.
        """
        begun = self.stopwatch()
        day_spent = self.budget is not None and self.budget.is_spent()
        claim, seen = self.store.change(event.session_id, partial(claim_turn, event, day_spent=day_spent))
        times = _Times(begun, self.stopwatch())
        if isinstance(claim, NothingDue):
            yield from self._nothing_due(seen)
        elif isinstance(claim, Repeated):
            yield from _replay(claim.turn, seen, event.event_id)
        elif isinstance(claim, Stale):
            raise AnsweredElsewhere(Answered(claim.turn, seen.interview, seen.at, event.event_id))
        elif isinstance(claim, Stuck):
            logger.error("interview is stuck", extra={"session_id": event.session_id})
            raise InterviewStuck
        else:
            yield Ack()
            yield from self._answer(claim, event, seen, times, day_spent)

    def wake(self, session_id: str, *, in_haste: bool = False) -> bool:
        """Do what is due in an interview without a caller, and have it said aloud; True when something was.

        Once it is over, it is the reading that its report waits for; who is `in_haste` hands that over. Raises
        TurnInProgress while another request is answering, and StoreUnavailable.
        """
        event = Event(session_id, EventType.TIMEOUT, "", fence=uuid.uuid4().hex)
        try:
            *_, answered = self.take_turn(event)
        except (UnknownSession, InterviewOver, InterviewStuck, SessionExpired) as gone:
            logger.info("nothing to wake", extra={"session_id": session_id, "why": gone.slug})
            return False
        assert isinstance(answered, Answered)
        if answered.moved:
            self.room.changed(session_id, answered.interview.room_name)
        elif self.readings and is_reading_due(answered.interview, answered.now):
            (self.readings.hand_over if in_haste else self.readings.read)(session_id)
        return answered.moved

    def _answer(
        self, claim: Claimed, event: Event, seen: VersionedInterview, times: _Times, day_spent: bool
    ) -> Iterator[Step]:
        interview = claim.interview
        plan = interview.plan or self.default_plan()
        turn = plan_turn(plan, interview, claim.now, day_spent, self.most_tokens)
        tailoring = self._begin_tailoring(interview, turn)
        reply = yield from self._ask(interview, turn, claim.now)
        if tailoring:
            plan, usage = tailoring.result()
            interview, reply = replace(interview, plan=plan), replace(reply, usage=reply.usage + usage)
        times.asked = self.stopwatch()
        now = claim.now + timedelta(seconds=times.asked - times.claimed)
        stored = reply if self.gate == "on" else replace(reply, gate=())
        outcome = finish_turn(plan, interview, turn, stored, now)
        moves_on_at = outcome.interview.moves_on_at
        if moves_on_at not in (None, interview.moves_on_at):  # before the commit: a spare alarm is harmless
            self.alarm.set(interview.session_id, moves_on_at)
        if is_pending(outcome.interview) and outcome.interview.due_at:
            self.alarm.set(interview.session_id, outcome.interview.due_at)
        try:
            answered, seen = self.store.change(interview.session_id, partial(commit_turn, claim, outcome), seen)
        except Exception:  # whatever became of the turn, the model was asked
            self._count(interview, reply.usage.tokens, now)
            raise
        times.committed = self.stopwatch()
        _log_turn(claim, event, turn, reply, outcome.interview, times)
        yield Answered(answered, seen.interview, seen.at, claim.event_id)
        successor_answered = answered != outcome.turn
        self._count(interview, reply.usage.tokens if successor_answered else outcome.tokens, now)

    def _begin_tailoring(self, interview: Interview, turn: TurnPlan) -> Future[tuple[Plan, Usage]] | None:
        """Have the questions worded while the greeting is asked for and heard: nobody waits for both in turn."""
        is_model = self.interviewer.source is Source.MODEL and not turn.ceiling
        if turn.reason is not Reason.START or not is_model or not says_enough(interview.paste):
            return None
        threads = ThreadPoolExecutor(1, "tailor")
        begun = threads.submit(copy_context().run, self._tailor, interview, turn)
        threads.shutdown(wait=False)
        return begun

    def _tailor(self, interview: Interview, turn: TurnPlan) -> tuple[Plan, Usage]:
        """Word the planned questions for what was pasted."""
        spoken = turn.step.next.id if turn.step.next else ""
        request = tailoring_request(turn.plan, spoken, interview.paste)
        answer = written(self.interviewer, request, TAILORING_SECONDS, TAILORING_TOKENS)
        plan = tailored(turn.plan, spoken, interview.paste, answer.text)
        count = sum(question.tailored for question in plan.questions)
        logger.info("plan tailored", extra={"session_id": interview.session_id, "questions": count})
        return plan, answer.usage

    def _count(self, interview: Interview, tokens: int, now: datetime) -> None:
        if self.budget:
            self.budget.count(interview.session_id, tokens, now.date())

    def _nothing_due(self, seen: VersionedInterview) -> Iterator[Step]:
        if seen.interview.moves_on_at:
            self.alarm.set(seen.interview.session_id, seen.interview.moves_on_at)
        yield Answered(Turn(()), seen.interview, seen.at, "", moved=False)

    def _ask(self, interview: Interview, turn: TurnPlan, now: datetime) -> Generator[Delta, None, Reply]:
        """Get the line of this turn, and the feedback when it ends the interview."""
        begun = self.stopwatch()
        if turn.stage == DONE:
            if turn.ceiling and turn.answered:
                about = {"session_id": interview.session_id, "ceiling": turn.ceiling}
                logger.warning("interview ends at a ceiling", extra=about)
            text = offline.closing(turn, waits=self._may_choose(turn))
            yield Delta(turn.seq, text)
            reply = Reply(text, self._in_place(turn) if turn.ceiling else Source.SCRIPT)
        else:
            reply = yield from self._grant(turn) if turn.grants else self._speak(interview, turn)
            if lead(turn.plan, interview, turn, reply.signal).stage != DONE:
                return reply
        reply = self._with_feedback(reply, turn, TURN_SECONDS - (self.stopwatch() - begun), now)
        yield Delta(turn.seq + 1 + bool(reply.question), reply.feedback)
        return reply

    def _may_choose(self, turn: TurnPlan) -> bool:
        """May a model choose what is said at the end?"""
        return self.interviewer.source is Source.MODEL and turn.answered and not turn.ceiling

    def _with_feedback(self, reply: Reply, turn: TurnPlan, seconds: float, now: datetime) -> Reply:
        """Make the report and say its three points: a model chooses them where it can, and code writes."""
        told, choice = told_of(turn.plan, turn.conversation), Written()
        if self._may_choose(turn):
            request = closing_request(catalogue(turn.plan.language), told.stories)
            choice = written(self.interviewer, request, seconds, CLOSING_TOKENS)
        reads = self.readings is not None and self._may_choose(turn)
        report = report_by_choice(turn.plan, turn.conversation, now, told, *chosen(choice.text), reads=reads)
        return replace(
            reply,
            feedback=feedback_text(report.points),
            feedback_source=Source.MODEL if any(point.chosen for point in report.points) else self._in_place(turn),
            report=report,
            model=reply.model or choice.model,
            usage=reply.usage + choice.usage,
        )

    def _in_place(self, turn: TurnPlan) -> Source:
        """Who speaks where a model does not: in the script's own interview, and where nothing was said, no stand-in."""
        is_own = self.interviewer.source is Source.SCRIPT or not turn.answered
        return Source.SCRIPT if is_own else Source.FALLBACK

    def _grant(self, turn: TurnPlan) -> Generator[Delta, None, Reply]:
        """Do what the candidate asked for instead of answering; no model is needed for it."""
        text = offline.granted(turn)
        yield Delta(turn.seq, text)
        return Reply(text, Source.SCRIPT)

    def _speak(self, interview: Interview, turn: TurnPlan) -> Generator[Delta, None, Reply]:
        """Pass the interviewer's line on as it comes; a stand-in speaks where none came."""
        said = self._listen(interview.session_id, turn, TURN_SECONDS)
        line = yield from _said(turn.seq, self._through_the_gate(interview, turn, said))
        if not line.text and not line.gate:
            return (yield from self._stand_in(interview, turn, line))
        planned = offline.planned(turn) if line.owed else None
        signal = NEXT if line.owed else line.signal
        if not line.text:
            text = offline.stand_in(turn, planned, 0, failed=False) if planned else offline.closing(turn)
            yield Delta(turn.seq, text)
            return Reply(text, Source.FALLBACK, signal, usage=line.usage, gate=line.gate)
        question = (planned.text if planned else offline.closing(turn)) if line.owed else ""
        if question:
            yield Delta(turn.seq + 1, question)
        source = self.interviewer.source
        return Reply(line.text, source, signal, model=line.model, usage=line.usage, question=question, gate=line.gate)

    def _through_the_gate(
        self, interview: Interview, turn: TurnPlan, pieces: Generator[str, None, _Line]
    ) -> Generator[str, None, _Line]:
        """Let through what the gate lets through; in its shadow all passes, and is only held against it."""
        gate = Gate(turn, self.stopwatch) if self._is_gated else None
        line = yield from _passed(pieces, gate, self.gate == "on")
        if not line.text:
            return line
        ends = lead(turn.plan, interview, turn, line.signal).stage == DONE
        settled = gate.settle(line.signal, line.cut, ends) if gate else None
        if settled is None or self.gate != "on":
            owed = line.cut and not ends and not asks(line.text)
            return replace(line, owed=owed, gate=settled.changes if settled else ())
        if settled.rest:
            yield settled.rest
        return replace(line, text=settled.text, signal=settled.signal, owed=settled.owed, gate=settled.changes)

    @property
    def _is_gated(self) -> bool:
        """What the script says is planned, and needs no gate."""
        return self.gate != "off" and self.interviewer.source is not Source.SCRIPT

    def _stand_in(self, interview: Interview, turn: TurnPlan, line: _Line) -> Generator[Delta, None, Reply]:
        """Say honestly that no line came, and ask what is planned, as long as it is worth going on."""
        error = is_error(interview, turn)
        going_on = offline.planned(turn) if line.cut else turn.step.next  # for a failed model no stage is left
        planned = None if error else going_on
        text = offline.error_line(turn) if error else offline.stand_in(turn, planned, interview.failures, not line.cut)
        yield Delta(turn.seq, text)
        return Reply(text, Source.FALLBACK, NEXT if planned else STAY, usage=line.usage, asks=planned is not None)

    def _listen(self, session_id: str, turn: TurnPlan, seconds: float) -> Generator[str, None, _Line]:
        """Yield what may be heard as it comes, "" while nothing does; the line is empty when nothing usable came."""
        reader, cut, model, usage = ReplyReader(turn.plan.signals), False, "", Usage()
        try:
            for fragment in self.interviewer.stream(turn, seconds):
                yield reader.feed(fragment.text)
                cut |= fragment.cut
                model = fragment.model or model
                usage += fragment.usage
        except InterviewerUnavailable:
            logger.warning("interviewer unavailable", extra={"session_id": session_id, "reason": turn.reason})
        text, signal, rest = reader.finish(cut)
        if rest:
            yield rest
        return _Line(text, signal, model, usage, cut or reader.overflowed)


@dataclass(slots=True)
class _Times:
    """When a turn reached what, in seconds of the stopwatch."""

    begun: float
    claimed: float
    asked: float = 0.0
    committed: float = 0.0

    def fields(self) -> dict[str, int]:
        """How long it took until the model was asked, until it had answered, and until that was stored."""
        steps = {"before_ms": (self.begun, self.claimed), "asked_ms": (self.claimed, self.asked)}
        steps |= {"after_ms": (self.asked, self.committed), "answered_ms": (self.begun, self.committed)}
        return {name: round((end - begin) * 1000) for name, (begin, end) in steps.items()}


@dataclass(frozen=True, slots=True)
class _Line:
    """What the interviewer said, what it cost, and whether it broke off."""

    text: str
    signal: str
    model: str
    usage: Usage
    cut: bool
    owed: bool = False
    """Must the planned question follow?"""
    gate: tuple[str, ...] = ()


def _said(seq: int, pieces: Generator[str, None, _Line]) -> Generator[Delta, None, _Line]:
    while True:
        try:
            yield Delta(seq, next(pieces))
        except StopIteration as end:
            line: _Line = end.value
            return line


def _passed(pieces: Generator[str, None, _Line], gate: Gate | None, is_on: bool) -> Generator[str, None, _Line]:
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            line: _Line = end.value
            return line
        heard = gate.feed(piece) if gate else piece
        if passed := heard if is_on else piece:  # while nothing comes, a question may have been held long enough
            yield passed


def utc_now() -> datetime:
    return datetime.now(UTC)


def _replay(turn: Turn, seen: VersionedInterview, event_id: str) -> Iterator[Step]:
    yield Ack()
    for message in turn.spoken:
        yield Delta(message.seq, message.text)
    yield Answered(turn, seen.interview, seen.at, event_id)


def _log_turn(claim: Claimed, event: Event, turn: TurnPlan, reply: Reply, after: Interview, times: _Times) -> None:
    """Write the one line of a turn; `store_reads` and `store_writes` count documents.

    `heard_dropped`: the caller told that words were heard which the interviewer never said. `gate`: what was changed of
    the reply, or would have been, by kind.
    """
    heard = {words.heard for words in claim.interview.pending}
    fields: dict[str, object] = {
        "session_id": after.session_id,
        "event_id": claim.event_id,
        "reason": turn.reason,
        "ceiling": turn.ceiling,
        "attempt": claim.interview.attempts,
        "heard_dropped": event.heard is not None and event.heard not in heard,
        "stage": after.stage,
        "status": after.status,
        "source": reply.source,
        "model": reply.model,
        "attempts": reply.usage.calls,
        "input_tokens": reply.usage.input_tokens,
        "output_tokens": reply.usage.output_tokens,
        "gate": dict(Counter(reply.gate)),
        "store_reads": logs.context().reads,
        "store_writes": logs.context().writes,
    }
    logger.info("turn answered", extra=fields | times.fields())
