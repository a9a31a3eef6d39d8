"""The worker's state of one interview: which turn runs, what is spoken next, what was heard of it.

The functions decide everything; this keeps it in order. Turns run one at a time, and a later one waits for the one
before it. The exception are words that continue an answer before its reply is audible: they supersede its turn.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import replace

from voice import notices
from voice.backend import Backend, Refused, Retrying, Step
from voice.clock import now
from voice.delivery import Stopwatch, speech_of
from voice.reply import Interruption, Reply
from voice.transcript import MOST_CHARACTERS, TranscriptBuffer
from voice.wire import Ack, Delta, Event, Heard, InterviewSnapshot, Message, Part, Turn

logger = logging.getLogger(__name__)

SLOW_SECONDS = 5.0
"""A model that takes longer to begin is slow; who waits for it hears that somebody is still there."""
OUTAGE_NOTICE_SECONDS = 2.0
"""A cold start takes a second; after a longer wait the candidate is told the reason."""
OUTAGE_REMINDER_SECONDS = 15.0
THINKING_SECONDS = 0.5
"""Between two reads of an interview in which another client's turn is running."""
LAST_SECONDS = 2.0
"""Longest that the last words of an interview that breaks off may take to reach the functions."""
MOST_PARTS = 40
"""Of one answer, by the contract of the functions."""


class Conversation:
    """The worker's side of one interview.

    `on_change` is called when a reply made progress or ended; `on_wait` with the seconds for which reading has failed.
    """

    def __init__(
        self,
        backend: Backend,
        transcript: TranscriptBuffer,
        on_change: Callable[[Reply], None],
        on_wait: Callable[[float], None],
    ) -> None:
        self._backend = backend
        self._on_change = on_change
        self._on_wait = on_wait
        self._current: Reply | None = None
        self._interruption: Interruption | None = None
        self._audible: Reply | None = None
        self._heard_seq: int | None = None
        self._turns: set[asyncio.Task[None]] = set()
        self._pauses: Mapping[str, str] = {}
        self.time_factor = 1.0
        self.transcript = transcript
        self.stopwatch = Stopwatch()
        self.snapshot: InterviewSnapshot | None = None
        self.spoken_seq = 0

    @property
    def busy(self) -> bool:
        """Whether a turn of ours is running."""
        return self._current is not None and self._current.running

    @property
    def ended(self) -> bool:
        return self.snapshot is not None and self.snapshot.ended

    @property
    def pauses(self) -> str:
        """How long the candidate is expected to pause in an answer; empty where the functions do not say so."""
        return self._pauses.get(self.snapshot.stage, "") if self.snapshot else ""

    def seconds_left(self) -> float | None:
        """How long until the interview moves on by itself; None while no clock runs."""
        if self.snapshot is None or self.snapshot.due_at is None:
            return None
        return self.snapshot.due_at - now()

    # what to say next

    async def resume(self) -> Reply:
        """Start the interview, or repeat the open question of one that was started. Raises Refused."""
        snapshot = await self._read()
        if snapshot.status == "created":
            return self._send(Reply("start"), Event("start", "start"))
        if snapshot.pending:  # the request that was answering these words has died
            self.spoken_seq = snapshot.seq
            return self.wake()
        return self._reply_with(snapshot, _last_turn(snapshot))

    def answer(self, event_id: str) -> Reply | None:
        """Send the candidate's words; None if there are no new ones, or no question was asked yet."""
        running = self._current if self.busy else None
        if not self.transcript.waiting or (running is None and self.snapshot is None):
            return None
        if running and self._may_supersede(running):
            self._supersede(running)
            earlier, predecessor = running.parts, running.predecessor
        else:
            earlier, predecessor = (), running
        parts = (*earlier, Part(event_id, self.transcript.take(), self.stopwatch.take()))
        reply = Reply(event_id, parts, predecessor, self._interruption)
        return self._send(reply, Event("user_turn", event_id, parts))

    def wake(self) -> Reply:
        """Have the functions do what is due."""
        return self._send(Reply("timeout"), Event("timeout", "timeout"))

    async def refresh(self) -> Reply | None:
        """Read the interview, and return what was said in it without this worker, if anything. Raises Refused."""
        if self.snapshot is None:  # `resume` begins, or its first messages would be spoken from the beginning
            return None
        snapshot = await self._read()
        unspoken = self._unspoken(snapshot)
        reply = self._reply_with(snapshot, unspoken)
        return reply if unspoken else None

    async def again(self, reply: Reply) -> Reply | None:
        """Make a reply that was stopped speakable once more when its turn has ended; None if something follows it."""
        await reply.finished()
        if reply is not self._current or not reply.texts:
            return None
        again = self._current = Reply("again")
        for seq, text in reply.texts.items():
            again.settle(seq, text)
        again.end()
        return again

    # what was heard

    def note_audible(self, reply: Reply) -> None:
        """Remember that the candidate hears a reply from now on."""
        self._note_heard(self.last_heard)
        self._audible = reply
        reply.audible = True

    @property
    def last_heard(self) -> int | None:
        """Number of the last message that the candidate has begun to hear; None before the first.

        How far a reply of several messages has come is known when it has been played.
        """
        sounding = min(self._audible.texts, default=None) if self._audible else None
        return max((seq for seq in (self._heard_seq, sounding) if seq is not None), default=None)

    def _note_heard(self, seq: int | None) -> None:
        self._heard_seq = max((each for each in (self._heard_seq, seq) if each is not None), default=None)

    def note_interrupted(self, reply: Reply, played: str) -> None:
        """Remember how much of a reply was heard; the next answer reports it."""
        self._note_heard(reply.last_begun(played))
        if not reply.superseded:
            self._interruption = Interruption(reply, played)

    def note_shown(self, reply: Reply) -> None:
        """Take a reply that nobody interrupted for known: what its voice could not say stands on the page."""
        self._note_heard(max(reply.texts, default=None))

    def note_played(self, reply: Reply) -> None:
        """Forget an earlier interruption of the same messages: by now they were heard whole."""
        reply.audible = True
        self.note_shown(reply)
        if self._interruption and self._interruption.reply.texts.keys() & reply.texts.keys():
            self._interruption = None

    def interrupted_message(self, reply: Reply) -> Heard | None:
        """Which message of a reply was interrupted, and what was heard of it; None if all was played."""
        return self._interruption.heard if self._interruption and self._interruption.reply is reply else None

    # turns

    async def aclose(self) -> None:
        """Abandon every turn as soon as the functions have its words: they finish it without a listener."""
        if self._turns:
            await asyncio.wait(self._turns, timeout=LAST_SECONDS)
        for turn in self._turns:
            turn.cancel()
        await asyncio.gather(*self._turns, return_exceptions=True)

    async def _read(self) -> InterviewSnapshot:
        """Read the interview while no turn runs in it: neither ours, nor that of a dead worker or of the page."""
        while True:
            while self._current and self._current.running:
                await self._current.finished()
            snapshot = await self._backend.read(self._on_wait)
            if not (snapshot.thinking or self.busy or snapshot.seq < self.spoken_seq):
                self._pauses, self.time_factor = snapshot.pauses, snapshot.time_factor
                return snapshot
            await asyncio.sleep(THINKING_SECONDS)

    def _unspoken(self, snapshot: InterviewSnapshot) -> list[Message]:
        return [m for m in snapshot.messages if m.role == "agent" and m.seq > self.spoken_seq]

    def _reply_with(self, snapshot: InterviewSnapshot, messages: list[Message]) -> Reply:
        reply = self._current = Reply("told")
        self._adopt(snapshot, messages, reply)
        return reply

    def _may_supersede(self, running: Reply) -> bool:
        """Whether a running turn can be given up for one with more words: its reply is not audible, and all fit."""
        characters = sum(len(part.text) for part in running.parts) + self.transcript.characters
        fits = characters <= MOST_CHARACTERS and len(running.parts) < MOST_PARTS
        return bool(running.parts) and not running.is_heard and fits

    def _supersede(self, running: Reply) -> None:
        running.supersede()
        if self._interruption and self._interruption.reply is running:
            # Nothing of it was heard, so the next turn reports what this one was to report.
            self._interruption = running.interruption

    def _send(self, reply: Reply, event: Event) -> Reply:
        self._current = reply
        turn = reply.run(self._run_turn(event, reply))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return reply

    async def _run_turn(self, event: Event, reply: Reply) -> None:
        slow: asyncio.TimerHandle | None = None
        try:
            if reply.predecessor:
                await reply.predecessor.finished()
            if reply.parts:
                slow = asyncio.get_running_loop().call_later(SLOW_SECONDS, _announce_slowness, reply)
            if reply.interruption:
                event = replace(event, heard=reply.interruption.heard)
            if self._backend.accepts("after"):
                event = replace(event, after=self.last_heard)
            if self._backend.accepts("speech"):
                event = replace(event, speech=speech_of(event.parts))
            async with aclosing(self._backend.take_turn(event)) as steps:
                async for step in steps:
                    await self._apply(step, reply)
        except Refused as refused:
            self._note_refused(reply, refused)
        finally:
            if slow:
                slow.cancel()
            reply.end()

    def _note_refused(self, reply: Reply, refused: Refused) -> None:
        logger.warning("turn refused", extra={"event_id": reply.event_id, "why": refused.slug})
        if refused.status == 409:  # a conflict with the interview's state; any other problem is with the words
            self.transcript.put_back(part.text for part in reply.parts)
            for part in reply.parts:
                self.stopwatch.put_back(part.speech)
        reply.refused = refused
        reply.end()
        self._on_change(reply)

    async def _apply(self, step: Step, reply: Reply) -> None:
        match step:
            case Ack():
                reply.acknowledge()
            case Retrying(seconds):
                _announce_outage(reply, seconds)
                self._on_change(reply)
            case Delta(seq, text):
                reply.say(seq, text)
            case Turn(snapshot, moved):
                if self._interruption is reply.interruption:
                    self._interruption = None
                if not moved and snapshot.seq > self.spoken_seq:  # another client's wake came first
                    snapshot = await self._backend.read(self._on_wait)
                self._adopt(snapshot, self._unspoken(snapshot), reply)

    def _adopt(self, snapshot: InterviewSnapshot, messages: list[Message], reply: Reply) -> None:
        """Take the state over, and speak of the messages what was not streamed: the transcript is authoritative."""
        for message in messages:
            reply.settle(message.seq, message.text)
        self.snapshot = snapshot
        self.spoken_seq = max(self.spoken_seq, snapshot.seq)
        reply.unavailable_since = None
        reply.end()
        self._on_change(reply)


def _last_turn(snapshot: InterviewSnapshot) -> list[Message]:
    """All messages of the interviewer's last turn: the closing line and the feedback are two."""
    agent = [m for m in snapshot.messages if m.role == "agent"]
    return [m for m in agent if m.event_ids & agent[-1].event_ids]


def _announce_slowness(reply: Reply) -> None:
    """Say that an answer is thought about, unless the wait was explained or is over."""
    if reply.running and not (reply.texts or reply.notices):
        reply.say_notice(notices.LET_ME_THINK)


def _announce_outage(reply: Reply, seconds: float) -> None:
    """Explain a long wait, and once more when it becomes very long."""
    if seconds < OUTAGE_NOTICE_SECONDS:
        return
    reply.unavailable_since = reply.unavailable_since or now() - seconds
    if notices.ONE_MOMENT not in reply.notices:
        reply.say_notice(notices.ONE_MOMENT)
    elif seconds >= OUTAGE_REMINDER_SECONDS and notices.STILL_TRYING not in reply.notices:
        reply.say_notice(notices.STILL_TRYING)
