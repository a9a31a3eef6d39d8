"""Timekeeping: what has to be done at a certain moment, though no event of the room says so."""

from __future__ import annotations

import asyncio

from voice.behaviours.answering import Answering
from voice.behaviours.call import Call
from voice.behaviours.closing import Closing
from voice.behaviours.listening import Listening
from voice.behaviours.presence import Presence
from voice.behaviours.speaking import Speaking
from voice.clock import now

TICK_SECONDS = 0.25
LAST_WORDS_SECONDS = 3.0
"""So long before the interview moves on, words in hand are sent: late ones move it on anyway, and count."""
WAKE_SECONDS = 1.0
"""Between two wakes: the clock of this machine may be fast, and the functions find nothing due yet."""


class Timekeeping:
    """Ends an answer that is too long or too late, wakes an interview that is due, and sees its end spoken."""

    def __init__(
        self,
        call: Call,
        speaking: Speaking,
        listening: Listening,
        answering: Answering,
        presence: Presence,
        closing: Closing,
    ) -> None:
        self._call = call
        self._speaking = speaking
        self._listening = listening
        self._answering = answering
        self._presence = presence
        self._closing = closing
        self._ended_for: float | None = None
        self._wake_after = 0.0

    async def run(self) -> None:
        """Look at the clock until the call is over; in an empty room nothing is done."""
        while not self._call.over:
            await asyncio.sleep(TICK_SECONDS)
            if self._call.room.occupied and not self._call.conversation.busy:
                await (self._see_out() if self._call.conversation.ended else self._tick())

    async def _tick(self) -> None:
        conversation = self._call.conversation
        left, snapshot = conversation.seconds_left(), conversation.snapshot
        if conversation.transcript.long:
            # The candidate may be in mid-sentence, which must not stop the reply.
            await self._answering.end_turn(interruptible=False)
        elif left is None or snapshot is None:
            return
        elif left <= LAST_WORDS_SECONDS and self._words_in_hand and self._ended_for != snapshot.due_at:
            self._ended_for = snapshot.due_at
            await self._answering.end_turn(interruptible=False)
        elif left <= 0 and now() >= self._wake_after:
            self._wake_after = now() + WAKE_SECONDS
            self._speaking.speak(conversation.wake())

    @property
    def _words_in_hand(self) -> bool:
        return self._listening.recognising or self._call.conversation.transcript.waiting

    async def _see_out(self) -> None:
        """After the end of the interview, repeat its last turn until all of it was heard."""
        reply = self._speaking.reply
        if self._call.session.current_speech or (reply and not reply.played):
            return
        self._closing.close_when_heard(reply)
        await self._presence.welcome()
