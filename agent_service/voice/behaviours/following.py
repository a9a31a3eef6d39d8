"""Following an interview that goes on without this worker: by the page, by the functions' own clock."""

from __future__ import annotations

import asyncio

from voice.backend import Refused
from voice.behaviours.call import Call
from voice.behaviours.closing import Closing
from voice.behaviours.speaking import Speaking

REFRESH_SECONDS = 0.5
"""Least time between two reads of the interview, however many calls report a change."""


class Following:
    """Reads the interview when a change is reported, and speaks what is new."""

    def __init__(self, call: Call, speaking: Speaking, closing: Closing) -> None:
        self._call = call
        self._speaking = speaking
        self._closing = closing
        self._running = self._due = False

    def refresh_soon(self) -> None:
        """Read the interview now. Reports that come meanwhile, or soon after, share one more read."""
        self._due = True
        if not self._running:
            self._running = True
            self._call.room.spawn(self._refresh_while_due())

    async def _refresh_while_due(self) -> None:
        try:
            while self._due:
                self._due = False
                await self._refresh()
                await asyncio.sleep(REFRESH_SECONDS)
        finally:
            self._running = False

    async def _refresh(self) -> None:
        try:
            reply = await self._call.conversation.refresh()
        except Refused as refused:
            await self._closing.give_up(refused)
            return
        if reply:
            self._speaking.interrupt()
            talking = self._call.session.user_state == "speaking"
            self._speaking.speak(reply, interruptible=not (self._call.conversation.ended or talking))
