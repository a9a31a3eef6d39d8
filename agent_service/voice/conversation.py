"""One interview as the ear and the mouth of a candidate see it: which turn runs, what is to be said, what was heard.

The functions decide everything; here it is kept in order. One turn at a time: whatever comes while one runs waits for
it, but for words that go on before its reply sounds, which take it over.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any

from voice import lines
from voice.backend import (
    Answered,
    Backend,
    Delta,
    Event,
    Heard,
    Kept,
    Message,
    Part,
    Refused,
    Standing,
    Step,
    Waiting,
    now,
)
from voice.words import MOST_CHARACTERS, Words

logger = logging.getLogger(__name__)

APOLOGY_SECONDS = 2.0
"""A function that starts cold takes a second; a candidate who waits longer is told why."""
REASSURE_SECONDS = 15.0
THINKING_SECONDS = 0.5
LAST_SECONDS = 2.0
"""So long the last words of an interview that breaks off may take to the functions."""
MOST_PARTS = 40
"""Of one answer, by the contract of the functions."""


class Flush:
    """Speak what came so far: nothing else may come for a while."""


Piece = str | Flush


@dataclass(eq=False)
class Reply:
    """Something to be said, as it comes. Its turn is taken to the end whether anybody listens or not."""

    event_id: str
    parts: tuple[Part, ...] = ()
    after: Reply | None = None
    """The turn that must have ended before this one is sent."""
    tells_of: Cut | None = None
    said: dict[int, str] = field(default_factory=dict)
    asides: list[str] = field(default_factory=list)
    """Lines of the worker's own."""
    audible: bool = False
    spoken: bool = False
    """It was said, or broke off, and what was heard of it is known."""
    taken_over: bool = False
    begun_at: float = field(default_factory=now)
    kept_at: float | None = None
    first_at: float | None = None
    waiting_since: float | None = None
    refused: Refused | None = None
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What the framework measured of the answer that this replies to."""
    _script: list[tuple[int | None, str]] = field(default_factory=list)
    """All that is said, in its order, and of which message it is; None is of no message."""
    _pieces: asyncio.Queue[Piece | None] = field(default_factory=asyncio.Queue)
    _kept: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Task[None] | None = None

    async def pieces(self) -> AsyncIterator[Piece]:
        """Give each piece once, to one listener."""
        while (piece := await self._pieces.get()) is not None:
            yield piece

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    @property
    def is_heard(self) -> bool:
        """Does the candidate hear it already, and not just an apology for the wait?"""
        return self.audible and bool(self.said)

    async def kept(self) -> None:
        """Wait until the functions have the words, or never will."""
        await self._kept.wait()

    async def finished(self) -> None:
        await self._ended.wait()

    def say(self, seq: int, text: str) -> None:
        """Say what a message says beyond what was said of it; one that came out otherwise is said anew."""
        before = self.said.get(seq, "")
        if before.startswith(text):  # a repeat that has not come so far yet, or ends sooner
            return
        if not text.startswith(before):  # whoever was answering is gone, and somebody else did
            del self.said[seq]
            self._script = [(None if of == seq else of, words) for of, words in self._script]
            self._pieces.put_nowait(Flush())
            before = ""
        if self.said and seq not in self.said:
            self._pieces.put_nowait("\n")
        self.said[seq] = text
        self.first_at = self.first_at or now()
        self._put(seq, text[len(before) :])

    def settle(self, seq: int, text: str) -> None:
        """Say what the transcript says; of a message that ends there sooner, no more than that counts as said."""
        self.say(seq, text)
        self.said[seq] = text

    def keep(self) -> None:
        self.kept_at = self.kept_at or now()
        self._kept.set()

    def say_aside(self, line: str) -> None:
        """Say a line of the worker's own, before the reply."""
        self.asides.append(line)
        self._put(None, line)
        self._pieces.put_nowait(Flush())

    def _put(self, seq: int | None, words: str) -> None:
        self._script.append((seq, words))
        self._pieces.put_nowait(words)

    def run(self, turn: Coroutine[None, None, None]) -> asyncio.Task[None]:
        self._turn = asyncio.create_task(turn, name=f"turn {self.event_id}")
        return self._turn

    def leave(self) -> None:
        """Leave the turn to another one, which has its words."""
        self.taken_over = True
        if self._turn:
            self._turn.cancel()
        self.end()

    def end(self) -> None:
        self._pieces.put_nowait(None)
        self._kept.set()
        self._ended.set()

    def heard(self, played: str) -> Heard | None:
        """Find the message that broke off, and its first words that were played; None when all were heard.

        Of `played` only the length counts, without white space: whatever it is, words of the message are given.
        """
        left, reached = _length(played), Counter[int | None]()
        for seq, words in self._script:
            reached[seq] += min(left, _length(words))
            left = max(0, left - _length(words))
        for seq, text in self.said.items():
            if reached[seq] < _length(text):
                return Heard(seq, _first_words(text, reached[seq]))
        return None


def _length(text: str) -> int:
    return len("".join(text.split()))


def _first_words(text: str, most: int) -> str:
    """The whole words at the beginning of a text that have no more characters than that."""
    lengths = itertools.accumulate(map(len, text.split()))
    return " ".join(word for word, length in zip(text.split(), lengths, strict=True) if length <= most)


@dataclass(frozen=True, eq=False)
class Cut:
    """A reply that broke off, and what was played of it."""

    reply: Reply
    played: str

    @property
    def heard(self) -> Heard | None:
        """What was heard, of all that the reply said in the end."""
        return self.reply.heard(self.played)


class Conversation:
    """The worker's side of one interview.

    `on_change` is told when a reply got further or ended; `on_wait`, for how many seconds reading it failed by now.
    """

    def __init__(
        self, backend: Backend, words: Words, on_change: Callable[[Reply], None], on_wait: Callable[[float], None]
    ) -> None:
        self._backend = backend
        self._on_change = on_change
        self._on_wait = on_wait
        self._current: Reply | None = None
        self._cut: Cut | None = None
        self._turns: set[asyncio.Task[None]] = set()
        self.words = words
        self.standing: Standing | None = None
        self.spoken_seq = 0

    @property
    def busy(self) -> bool:
        return self._current is not None and self._current.running

    @property
    def done(self) -> bool:
        return self.standing is not None and self.standing.done

    def seconds_left(self) -> float | None:
        """How long until the interview moves on by itself; None when no clock runs."""
        if self.standing is None or self.standing.moves_on_at is None:
            return None
        return self.standing.moves_on_at - now()

    # what is to be said

    async def resume(self) -> Reply:
        """Begin, or go on where the interview stands: the same question, never a second greeting. Raises Refused."""
        standing = await self._read()
        if standing.status == "created":
            return self._send(Reply("start"), Event("start", "start"))
        if standing.pending:  # whoever was answering these words is gone
            self.spoken_seq = standing.seq
            return self.wake()
        return self._tell(standing, _last_turn(standing))

    def answer(self, event_id: str) -> Reply | None:
        """Send what the candidate said; None when nothing is new, or no question was asked yet."""
        running = self._current if self.busy else None
        if not self.words.waiting or (running is None and self.standing is None):
            return None
        if running and self._may_take_over(running):
            running.leave()
            if self._cut and self._cut.reply is running:  # it never was: this turn tells what that one was to tell
                self._cut = running.tells_of
            before, after = running.parts, running.after
        else:
            before, after = (), running
        parts = (*before, Part(event_id, self.words.take()))
        return self._send(Reply(event_id, parts, after, self._cut), Event("user_turn", event_id, parts))

    def wake(self) -> Reply:
        """Have the functions do what is due."""
        return self._send(Reply("timeout"), Event("timeout", "timeout"))

    async def look(self) -> Reply | None:
        """See whether the interview went on without us, and give what is to be said. Raises Refused."""
        if self.standing is None:  # it is to be resumed, not told from its beginning
            return None
        standing = await self._read()
        fresh = self._unspoken(standing)
        reply = self._tell(standing, fresh)
        return reply if fresh else None

    # what was heard

    def was_cut(self, reply: Reply, played: str) -> None:
        """Keep how much of a reply was heard: the next answer tells it."""
        if not reply.taken_over:
            self._cut = Cut(reply, played)

    def was_heard(self, reply: Reply) -> None:
        """Forget that it broke off before."""
        if self._cut and self._cut.reply.said.keys() & reply.said.keys():
            self._cut = None

    def unheard(self, reply: Reply) -> Heard | None:
        """The message of a reply that broke off."""
        return self._cut.heard if self._cut and self._cut.reply is reply else None

    # its turns

    async def aclose(self) -> None:
        """Leave every turn, once the functions know of it: they finish it."""
        if self._turns:
            await asyncio.wait(self._turns, timeout=LAST_SECONDS)
        for turn in self._turns:
            turn.cancel()
        await asyncio.gather(*self._turns, return_exceptions=True)

    async def _read(self) -> Standing:
        """Read the interview when nobody is answering in it: not we, nor a worker that died, nor the page."""
        while True:
            while self._current and self._current.running:
                await self._current.finished()
            standing = await self._backend.read(self._on_wait)
            if not (standing.thinking or self.busy or standing.seq < self.spoken_seq):
                return standing
            await asyncio.sleep(THINKING_SECONDS)

    def _unspoken(self, standing: Standing) -> list[Message]:
        return [m for m in standing.messages if m.role == "agent" and m.seq > self.spoken_seq]

    def _tell(self, standing: Standing, messages: list[Message]) -> Reply:
        reply = self._current = Reply("told")
        self._follow(standing, messages, reply)
        return reply

    def _may_take_over(self, running: Reply) -> bool:
        """The words of a turn go along with more of them until its reply sounds, if they fit into one answer."""
        characters = sum(len(part.text) for part in running.parts) + self.words.characters
        fits = characters <= MOST_CHARACTERS and len(running.parts) < MOST_PARTS
        return bool(running.parts) and not running.is_heard and fits

    def _send(self, reply: Reply, event: Event) -> Reply:
        self._current = reply
        turn = reply.run(self._take(event, reply))
        self._turns.add(turn)
        turn.add_done_callback(self._turns.discard)
        return reply

    async def _take(self, event: Event, reply: Reply) -> None:
        try:
            if reply.after:
                await reply.after.finished()
            if reply.tells_of:
                event = replace(event, heard=reply.tells_of.heard)
            async with aclosing(self._backend.take_turn(event)) as steps:
                async for step in steps:
                    await self._note(step, reply)
        except Refused as refused:
            logger.warning("turn refused", extra={"event_id": event.event_id, "why": refused.slug})
            if refused.status == 409:  # not now; any other problem is one with the words themselves
                self.words.put_back(part.text for part in reply.parts)
            reply.refused = refused
            reply.end()
            self._on_change(reply)
        finally:
            reply.end()

    async def _note(self, step: Step, reply: Reply) -> None:
        match step:
            case Kept():
                reply.keep()
            case Waiting(seconds):
                _apologise(reply, seconds)
                self._on_change(reply)
            case Delta(seq, text):
                reply.say(seq, text)
            case Answered(standing, moved):
                if self._cut is reply.tells_of:
                    self._cut = None
                if not moved and standing.seq > self.spoken_seq:  # somebody else was quicker
                    standing = await self._backend.read(self._on_wait)
                self._follow(standing, self._unspoken(standing), reply)

    def _follow(self, standing: Standing, messages: list[Message], reply: Reply) -> None:
        """The transcript has the last word: what was not streamed is said now."""
        for message in messages:
            reply.settle(message.seq, message.text)
        self.standing = standing
        self.spoken_seq = max(self.spoken_seq, standing.seq)
        reply.waiting_since = None
        reply.end()
        self._on_change(reply)


def _last_turn(standing: Standing) -> list[Message]:
    agent = [m for m in standing.messages if m.role == "agent"]
    return [m for m in agent if m.event_ids & agent[-1].event_ids]


def _apologise(reply: Reply, seconds: float) -> None:
    if seconds < APOLOGY_SECONDS:
        return
    reply.waiting_since = reply.waiting_since or now() - seconds
    if not reply.asides:
        reply.say_aside(lines.ONE_MOMENT)
    elif seconds >= REASSURE_SECONDS and reply.asides == [lines.ONE_MOMENT]:
        reply.say_aside(lines.STILL_TRYING)
