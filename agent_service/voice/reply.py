"""What the interviewer says in one turn: pieces in, as the functions stream them; pieces out, to the voice."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from voice.backend import Refused
from voice.clock import now
from voice.wire import Heard, Part


class Flush:
    """Synthesize what came so far: nothing else may come for a while."""


Piece = str | Flush


@dataclass(eq=False)
class Reply:
    """The interviewer's side of one turn. The turn runs to its end whether the reply is spoken or not."""

    event_id: str
    parts: tuple[Part, ...] = ()
    """The candidate's words that it answers."""
    predecessor: Reply | None = None
    """The turn that must end before this one is sent."""
    interruption: Interruption | None = None
    """The interrupted reply that this turn reports to the functions."""
    texts: dict[int, str] = field(default_factory=dict)
    """What was said so far of each message, by seq."""
    notices: list[str] = field(default_factory=list)
    """What the worker itself said before the reply."""
    audible: bool = False
    played: bool = False
    """Playback has ended or was interrupted, and how much was heard is known."""
    superseded: bool = False
    """A later turn has taken its words over."""
    begun_at: float = field(default_factory=now)
    ack_at: float | None = None
    first_delta_at: float | None = None
    unavailable_since: float | None = None
    refused: Refused | None = None
    answer_metrics: Mapping[str, Any] = field(default_factory=dict)
    """The framework's metrics of the answer that this replies to."""
    _spans: list[tuple[int | None, str]] = field(default_factory=list)
    """All text in the order in which it is spoken, each with the seq of its message; None for no message's."""
    _pieces: asyncio.Queue[Piece | None] = field(default_factory=asyncio.Queue)
    _acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Task[None] | None = None

    async def pieces(self) -> AsyncIterator[Piece]:
        """Yield each piece once, to one consumer."""
        while (piece := await self._pieces.get()) is not None:
            yield piece

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    @property
    def is_heard(self) -> bool:
        """Whether the candidate hears the reply itself by now, and not only a notice before it."""
        return self.audible and bool(self.texts)

    async def acknowledged(self) -> None:
        """Wait until the functions have stored the words, or the turn has ended without that."""
        await self._acknowledged.wait()

    async def finished(self) -> None:
        await self._ended.wait()

    def say(self, seq: int, text: str) -> None:
        """Speak what a message, `text` so far, has beyond what was said; all of it where the two differ."""
        before = self.texts.get(seq, "")
        if before.startswith(text):  # a repeated attempt that is not as far yet, or ends sooner
            return
        if not text.startswith(before):  # the server that was answering died, and another one answered anew
            del self.texts[seq]
            self._spans = [(None if of == seq else of, words) for of, words in self._spans]
            self._pieces.put_nowait(Flush())
            before = ""
        if self.texts and seq not in self.texts:
            self._pieces.put_nowait("\n")
        self.texts[seq] = text
        self.first_delta_at = self.first_delta_at or now()
        self._put(seq, text[len(before) :])

    def settle(self, seq: int, text: str) -> None:
        """Speak a message as the transcript has it; if it is shorter than what was said, only that much counts."""
        self.say(seq, text)
        self.texts[seq] = text

    def say_notice(self, notice: str) -> None:
        """Speak a notice of the worker's own, before the reply."""
        self.notices.append(notice)
        self._put(None, notice)
        self._pieces.put_nowait(Flush())

    def _put(self, seq: int | None, words: str) -> None:
        self._spans.append((seq, words))
        self._pieces.put_nowait(words)

    def acknowledge(self) -> None:
        self.ack_at = self.ack_at or now()
        self._acknowledged.set()

    def run(self, turn: Coroutine[None, None, None]) -> asyncio.Task[None]:
        self._turn = asyncio.create_task(turn, name=f"turn {self.event_id}")
        return self._turn

    def supersede(self) -> None:
        """Cancel the turn in favour of a later one, which carries its words."""
        self.superseded = True
        if self._turn:
            self._turn.cancel()
        self.end()

    def end(self) -> None:
        """Let everything that waits for the reply go on; more pieces do not come."""
        self._pieces.put_nowait(None)
        self._acknowledged.set()
        self._ended.set()

    def heard(self, played: str) -> Heard | None:
        """Find the first message that was not played whole, and its words that were; None if all were.

        Only the length of `played` counts, white space apart: the words returned are always those of the message.
        """
        reached = self._reached(played)
        for seq, text in self.texts.items():
            if reached[seq] < _length(text):
                return Heard(seq, _first_words(text, reached[seq]))
        return None

    def last_begun(self, played: str) -> int | None:
        """Number of the last message of which something was played; None where nothing was."""
        reached = self._reached(played)
        return max((seq for seq in self.texts if reached[seq]), default=None)

    def _reached(self, played: str) -> Counter[int | None]:
        """Count the characters of each message that were played."""
        left, reached = _length(played), Counter[int | None]()
        for seq, words in self._spans:
            reached[seq] += min(left, _length(words))
            left = max(0, left - _length(words))
        return reached


def _length(text: str) -> int:
    return len("".join(text.split()))


def _first_words(text: str, most: int) -> str:
    """The whole words at the beginning of a text that have at most so many characters, white space apart."""
    lengths = itertools.accumulate(map(len, text.split()))
    return " ".join(word for word, length in zip(text.split(), lengths, strict=True) if length <= most)


@dataclass(frozen=True, eq=False)
class Interruption:
    """A reply whose playback was interrupted, and what was played of it."""

    reply: Reply
    played: str

    @property
    def heard(self) -> Heard | None:
        """What was heard, measured by the text that the reply has in the end."""
        return self.reply.heard(self.played)
