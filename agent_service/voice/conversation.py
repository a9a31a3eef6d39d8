"""One interview as the ear and the mouth of a candidate see it: which turn runs, what is to be said, what was heard.

The functions decide everything; here it is kept in order. One turn at a time: whatever comes while one runs waits for
it, but for words that go on before its reply sounds, which take it over.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from voice import lines
from voice.backend import Answered, Backend, Delta, Event, Heard, Kept, Message, Refused, Standing, Step, Waiting
from voice.words import Words

logger = logging.getLogger(__name__)

APOLOGY_SECONDS = 2.0
"""A function that starts cold takes a second; a candidate who waits longer is told why."""
REASSURE_SECONDS = 15.0
THINKING_SECONDS = 0.5
UNUSABLE = frozenset({"empty-text", "invalid-field", "invalid-unicode", "body-too-large", "event-reused"})
"""Problems with the words themselves: sent again they would be refused again."""


class Flush:
    """Speak what came so far: nothing else may come for a while."""


Piece = str | Flush


@dataclass(eq=False)
class Reply:
    """Something to be said, as it comes. Its turn is taken to the end whether anybody listens or not."""

    event_id: str
    is_answer: bool = False
    said: dict[int, str] = field(default_factory=dict)
    own_words: int = 0
    audible: bool = False
    begun_at: float = field(default_factory=time.monotonic)
    kept_at: float | None = None
    first_at: float | None = None
    waiting_since: float | None = None
    refused: Refused | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the framework measured of the answer that this replies to."""
    _pieces: asyncio.Queue[Piece | None] = field(default_factory=asyncio.Queue)
    _task: asyncio.Task[None] | None = None

    async def pieces(self) -> AsyncIterator[Piece]:
        """Give each piece once, to one listener."""
        while (piece := await self._pieces.get()) is not None:
            yield piece

    def run(self, turn: Coroutine[None, None, None]) -> None:
        self._task = asyncio.create_task(turn, name=f"turn {self.event_id}")

    @property
    def running(self) -> bool:
        return self._task is not None and not self._task.done()

    async def finished(self) -> None:
        if self._task:
            await asyncio.wait({self._task})

    def drop(self) -> None:
        """Leave a turn that something else takes over; the functions keep its words."""
        if self._task:
            self._task.cancel()
        self.end()

    def say(self, seq: int, text: str) -> None:
        """Say more of a message of the transcript."""
        if self.said and seq not in self.said:
            self._pieces.put_nowait("\n")
        self.said[seq] = self.said.get(seq, "") + text
        self.first_at = self.first_at or time.monotonic()
        self._pieces.put_nowait(text)

    def say_aside(self, line: str) -> None:
        """Say a line of the worker's own, before the reply."""
        self.own_words += len(line.split())
        self._pieces.put_nowait(line)
        self._pieces.put_nowait(Flush())

    def end(self) -> None:
        self._pieces.put_nowait(None)

    def heard(self, played: str) -> Heard | None:
        """Find the message that broke off, by the words that were really played; None when all were heard."""
        left = max(0, len(played.split()) - self.own_words)
        for seq, text in self.said.items():
            words = text.split()
            if left < len(words):
                return Heard(seq, " ".join(words[:left]))
            left -= len(words)
        return None


class Conversation:
    """The worker's side of one interview; `on_change` is told when a reply got further or ended."""

    def __init__(self, backend: Backend, words: Words, on_change: Callable[[Reply], None]) -> None:
        self._backend = backend
        self._on_change = on_change
        self._current: Reply | None = None
        self.words = words
        self.standing: Standing | None = None
        self.spoken_seq = 0
        self.heard: Heard | None = None

    @property
    def busy(self) -> bool:
        return self._current is not None and self._current.running

    @property
    def done(self) -> bool:
        return self.standing is not None and self.standing.done

    @property
    def behind(self) -> bool:
        """Did the interviewer say something that we have not seen? A clock of the functions may have been quicker."""
        return self.standing is not None and self.standing.seq > self.spoken_seq

    def seconds_left(self) -> float | None:
        """How long until the interview moves on by itself; None when no clock runs."""
        if self.standing is None or self.standing.moves_on_at is None:
            return None
        return self.standing.moves_on_at - time.monotonic()

    async def resume(self) -> Reply:
        """Begin, or go on where the interview stands: the same question, never a second greeting. Raises Refused."""
        standing = await self._read()
        if standing.status == "created":
            return self._send(Event("start", "start"))
        if standing.pending:  # whoever was answering these words is gone
            return self.wake()
        return self._tell(standing, _last_turn(standing))

    def answer(self, event_id: str) -> Reply | None:
        """Send what the candidate said; None when nothing is new."""
        running = self._current if self._current and self._current.running else None
        if running and running.is_answer and not running.audible:
            running.drop()  # its words go along, and the functions let the new turn take it over
        else:
            self.words.answered()  # its reply is being heard, so it stays; the new words are the next answer
        parts = self.words.take(event_id)
        return self._send(Event("user_turn", event_id, parts, self.heard), running) if parts else None

    def wake(self) -> Reply:
        """Have the functions do what is due."""
        return self._send(Event("timeout", "timeout"))

    async def look(self) -> Reply | None:
        """See whether the interview went on without us, and give what is to be said. Raises Refused."""
        standing = await self._read()
        fresh = [m for m in standing.messages if m.role == "agent" and m.seq > self.spoken_seq]
        reply = self._tell(standing, fresh)
        return reply if fresh else None

    def again(self, reply: Reply, unheard: Heard) -> Reply:
        """Say a reply once more, from the message that was not heard to its end."""
        assert self.standing
        rest = {seq: text for seq, text in reply.said.items() if seq >= unheard.seq}
        return self._tell(self.standing, [Message(seq, "agent", text, frozenset()) for seq, text in rest.items()])

    async def settled(self) -> None:
        """Wait until no turn of ours runs."""
        while self._current and self._current.running:
            await self._current.finished()

    async def aclose(self) -> None:
        if self._current:
            self._current.drop()

    async def _read(self) -> Standing:
        """Read the interview when nobody is answering in it: not we, nor a worker that died, nor the page."""
        while True:
            await self.settled()
            standing = await self._backend.read()
            if not (standing.thinking or self.busy):
                return standing
            await asyncio.sleep(THINKING_SECONDS)

    def _tell(self, standing: Standing, messages: list[Message]) -> Reply:
        self.standing = standing
        reply = self._current = Reply("told")
        for message in messages:
            reply.say(message.seq, message.text)
        reply.end()
        self.spoken_seq = max(self.spoken_seq, standing.seq)
        self._on_change(reply)
        return reply

    def _send(self, event: Event, after: Reply | None = None) -> Reply:
        reply = self._current = Reply(event.event_id, is_answer=bool(event.parts))
        reply.run(self._take(event, reply, after))
        return reply

    async def _take(self, event: Event, reply: Reply, after: Reply | None) -> None:
        try:
            if after:
                await after.finished()
            async for step in self._backend.take_turn(event):
                self._note(step, reply)
        except Refused as refused:
            logger.warning("turn refused", extra={"event_id": event.event_id, "why": refused.slug})
            reply.refused = refused
            self.words.refused(keep=refused.slug not in UNUSABLE)
        reply.end()
        self._on_change(reply)

    def _note(self, step: Step, reply: Reply) -> None:
        match step:
            case Kept():
                reply.kept_at = reply.kept_at or time.monotonic()
            case Waiting(seconds):
                _apologise(reply, seconds)
                self._on_change(reply)
            case Delta(seq, text):
                reply.say(seq, text)
            case Answered(standing):
                self._follow(standing, reply)

    def _follow(self, standing: Standing, reply: Reply) -> None:
        """The turn has the last word: what was not streamed is said now."""
        for message in standing.messages:
            if message.role == "agent" and message.seq not in reply.said:
                reply.say(message.seq, message.text)
        self.standing = standing
        self.spoken_seq = max([self.spoken_seq, *(message.seq for message in standing.messages)])
        reply.waiting_since = None
        if reply.is_answer:
            self.words.answered()
            self.heard = None


def _last_turn(standing: Standing) -> list[Message]:
    agent = [m for m in standing.messages if m.role == "agent"]
    return [m for m in agent if m.event_ids & agent[-1].event_ids]


def _apologise(reply: Reply, seconds: float) -> None:
    reply.waiting_since = reply.waiting_since or time.monotonic() - seconds
    if seconds >= APOLOGY_SECONDS and not reply.own_words:
        reply.say_aside(lines.ONE_MOMENT)
    elif seconds >= REASSURE_SECONDS and reply.own_words == len(lines.ONE_MOMENT.split()):
        reply.say_aside(lines.STILL_TRYING)
