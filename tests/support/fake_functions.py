"""The interview functions as the voice worker meets them: claims, fences, replays, and an outage now and then."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field, replace
from itertools import count

from voice.backend import Backend, Refused, Retrying, Step
from voice.clock import now
from voice.transcript import MOST_CHARACTERS
from voice.wire import Ack, Delta, Event, Heard, InterviewSnapshot, Message, Part, Turn


@dataclass
class TurnScript:
    """How one event goes: `waits` before it is reached, `hold` before the reply begins, `hold_end` before it is kept.

    `lost` loses the event itself, so often as `waits` say; `refused` is answered instead of a reply.
    """

    texts: tuple[str, ...] = ()
    waits: tuple[float, ...] = ()
    hold: asyncio.Event | None = None
    hold_end: asyncio.Event | None = None
    refused: Refused | None = None
    ends: bool = False
    stage: str | None = None


@dataclass
class FakeFunctions(Backend):
    """One interview. A turn that was claimed is finished though its caller leaves, unless it is fenced off."""

    status: str = "created"
    stage: str = "intro"
    stage_seconds: float | None = None
    pauses: dict[str, str] = field(default_factory=lambda: {"intro": "short", "experience": "long"})
    turns: deque[TurnScript] = field(default_factory=deque)
    events: list[Event] = field(default_factory=list)
    messages: list[Message] = field(default_factory=lambda: [Message(1, "system", "Session created.", frozenset())])
    pending: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    thinking: bool = False
    reads: int = 0
    unreadable: deque[float] = field(default_factory=deque)
    gone: Refused | None = None
    moves_on_at: float | None = None
    pauses_to_think: bool = False
    most_takeovers: int = 5
    time_factor: float = 1.0
    accepted: frozenset[str] = frozenset({"after", "speech"})
    _takeovers: int = 0
    _lease: Event | None = None
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    # what the worker calls

    def accepts(self, field: str) -> bool:
        return field in self.accepted

    async def prewarm(self) -> None:
        """Nothing is cold here."""

    async def read(self, on_wait: Callable[[float], None]) -> InterviewSnapshot:
        self.reads += 1
        while self.unreadable:
            on_wait(self.unreadable.popleft())
            await asyncio.sleep(0.25)
        await asyncio.sleep(0.001)
        if self.gone:
            raise self.gone
        return replace(
            self._snapshot(), messages=tuple(self.messages), pauses=self.pauses, time_factor=self.time_factor
        )

    async def take_turn(self, event: Event) -> AsyncGenerator[Step, None]:
        self.events.append(event)
        turn = self.turns.popleft() if self.turns else TurnScript()
        for seconds in turn.waits:
            yield Retrying(seconds)
            await asyncio.sleep(0.25)
        await asyncio.sleep(0.001)
        if turn.refused or self.gone:
            raise turn.refused or self.gone  # type: ignore[misc]
        async for step in self._answer(event, turn):
            yield step

    # what happens without the worker

    def moves_on(self, stage: str, *texts: str) -> None:
        """Move by a clock of the functions' own, or by the page."""
        self._commit(Event("timeout", "wake"), TurnScript(texts, stage=stage))

    def finishes(self) -> None:
        """The candidate pressed Finish on the page."""
        self._lease = None
        self._commit(Event("finish", "finish"), TurnScript(("Thank you.", "- Strength: brief."), ends=True))

    # what it has kept

    @property
    def candidate_words(self) -> str:
        """All words of the candidate, in their order."""
        return " ".join([m.text for m in self.messages if m.role == "user"] + list(self.pending.values()))

    def said(self, role: str = "agent") -> list[str]:
        return [m.text for m in self.messages if m.role == role]

    async def settled(self) -> None:
        """Wait for the turns whose callers left."""
        await asyncio.gather(*self._serving)

    def _snapshot(self) -> InterviewSnapshot:
        seq = self.messages[-1].seq
        thinking = self.thinking or self._lease is not None
        return InterviewSnapshot(
            self.status,
            self.stage,
            seq,
            self.moves_on_at,
            f"at {self.moves_on_at}",
            (),
            bool(self.pending),
            thinking,
            self.pauses_to_think,
        )

    async def _answer(self, event: Event, turn: TurnScript) -> AsyncGenerator[Step, None]:
        assert sum(len(part.text) for part in event.parts) <= MOST_CHARACTERS, "the contract says so"
        while self._lease and not self._is_taken_over(event):
            await asyncio.sleep(0.25)  # the client waits so long after a 409 turn-in-progress
        replay = self._turn_of(event)
        if replay is None and event.type == "timeout" and not self._due():
            yield Turn(self._snapshot(), moved=False)
        elif replay is None and self.status == "ended":
            raise Refused("interview-over", 409)
        elif replay is None:
            async for step in self._speak(event, turn):
                yield step
        else:
            yield Ack()
            for message in replay:
                yield Delta(message.seq, message.text)
            yield Turn(replace(self._snapshot(), messages=tuple(replay)), moved=True)

    async def _speak(self, event: Event, turn: TurnScript) -> AsyncGenerator[Step, None]:
        self._claim(event)
        turn = turn if turn.texts else replace(turn, texts=(f"Question {next(self._numbers)}?",))
        served = asyncio.create_task(self._serve(event, turn))
        self._serving.add(served)
        yield Ack()
        if turn.hold:
            await turn.hold.wait()
        for seq, text in enumerate(turn.texts, self.messages[-1].seq + len(self.pending) + 1):
            words = text.split()
            for end in range(1, len(words) + 1):
                yield Delta(seq, " ".join(words[:end]))
        await asyncio.shield(served)
        if event.type != "timeout":
            async for step in self._answer(event, TurnScript()):  # its own turn, or that of whoever took it over
                yield step
        else:
            told = tuple(self.messages[-len(turn.texts) :])
            yield Turn(replace(self._snapshot(), messages=told), moved=True)

    def _is_taken_over(self, event: Event) -> bool:
        """Whether a running turn ends for this one, which has its words; not for ever in one question."""
        assert self._lease
        goes_on = self._lease.event_id in [part.id for part in event.parts[:-1]]
        return goes_on and self._takeovers < self.most_takeovers

    def _due(self) -> bool:
        return bool(self.pending) or (self.moves_on_at is not None and self.moves_on_at <= now())

    def _claim(self, event: Event) -> None:
        answered = {i for m in self.messages if m.role == "user" for i in m.event_ids}
        new = [part for part in event.parts if part.id not in answered and part.id not in self.pending]
        self.pending |= {part.id: part.text for part in new}
        if new and event.heard and self._was_said(event.heard):
            self.heard.append(event.heard)
        self._takeovers += self._lease is not None
        self._lease = event

    def _was_said(self, heard: Heard) -> bool:
        """Whether these are the first words of that message; anything else is dropped."""
        words = heard.text.split()
        return any(m.text.split()[: len(words)] == words for m in self.messages if m.seq == heard.seq)

    async def _serve(self, event: Event, turn: TurnScript) -> None:
        for gate in (turn.hold, turn.hold_end):
            if gate:
                await gate.wait()
        if self._lease is event:
            self._commit(event, turn)

    def _commit(self, event: Event, turn: TurnScript) -> None:
        ids = frozenset({*self.pending, event.event_id})
        for event_id, text in self.pending.items():
            self._add("user", text, frozenset({event_id}))
        self.pending.clear()
        self._takeovers = 0
        for text in turn.texts:
            self._add("agent", text, ids)
        self._lease = None
        self.status = "ended" if turn.ends else "running"
        self.stage = "done" if turn.ends else turn.stage or self.stage
        in_time = None if turn.ends or self.stage_seconds is None else now() + self.stage_seconds
        self.moves_on_at = in_time

    def _add(self, role: str, text: str, ids: frozenset[str]) -> None:
        self.messages.append(Message(self.messages[-1].seq + 1, role, text, ids))

    def _turn_of(self, event: Event) -> list[Message] | None:
        if event.type == "timeout":
            return None
        return [m for m in self.messages if m.role == "agent" and event.event_id in m.event_ids] or None


def parts(*texts: str) -> tuple[Part, ...]:
    """Parts with the ids a, b, c, …"""
    return tuple(Part(chr(ord("a") + number), text) for number, text in enumerate(texts))
