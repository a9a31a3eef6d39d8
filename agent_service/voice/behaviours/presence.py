"""The candidate's coming and going: an interview begins, stops and resumes with them."""

from __future__ import annotations

import asyncio

from voice.backend import Refused
from voice.behaviours.answering import Answering
from voice.behaviours.call import Call
from voice.behaviours.closing import Closing
from voice.behaviours.speaking import Speaking

GONE_SECONDS = 3.0
"""A page that is reloaded is back sooner; after that the words of a candidate who left are sent."""


class Presence:
    """Welcomes the candidate, and takes care of their words when they leave."""

    def __init__(self, call: Call, speaking: Speaking, answering: Answering, closing: Closing) -> None:
        self._call = call
        self._speaking = speaking
        self._answering = answering
        self._closing = closing
        self._welcoming = False

    def start(self) -> None:
        """Watch the room, and welcome a candidate who is there already."""
        room = self._call.room
        room.on_candidate(lambda: room.spawn(self.welcome()), lambda: room.spawn(self._on_left()))
        if room.occupied:
            room.spawn(self.welcome())

    async def welcome(self) -> None:
        """Begin, or repeat the open question; a candidate who comes again meanwhile hears it once."""
        if self._welcoming or self._call.over:
            return
        self._welcoming = True
        try:
            reply = await self._call.conversation.resume()
        except Refused as refused:
            await self._closing.give_up(refused)
        else:
            self._speaking.interrupt()
            self._speaking.speak(reply, interruptible=not self._call.conversation.ended)
        finally:
            self._welcoming = False

    async def _on_left(self) -> None:
        """Stop speaking, and send the words of a candidate who does not come back at once."""
        self._speaking.interrupt()
        await asyncio.sleep(GONE_SECONDS)
        if not (self._call.room.occupied or self._call.over):
            await self._answering.end_turn()
