"""The attributes of the worker's participant, by which the page learns the state of the interview.

`set_attributes` of the client never raises: a call that was refused or lost returns like any other, and two concurrent
calls may arrive in either order. So one task sends, and sends again until the server has confirmed: only its answer
changes `local_participant.attributes`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from livekit import rtc

logger = logging.getLogger(__name__)

CONFIRM_SECONDS = 2.0
"""A confirmation takes some milliseconds; after this long the call counts as lost."""


class Attributes:
    """The newest value of each attribute, sent until the server confirms it."""

    def __init__(self, room: rtc.Room) -> None:
        self._room = room
        self._wanted: dict[str, str] = {}
        self._afresh = False
        self._woken = asyncio.Event()
        room.on("participant_attributes_changed", lambda *_: self._woken.set())
        room.on("reconnected", self._reconnected)

    def publish(self, attributes: Mapping[str, str]) -> None:
        """Set values; they replace unsent ones of the same names."""
        self._wanted |= attributes
        self._woken.set()

    async def sync(self) -> None:
        """Send what is not confirmed; never returns."""
        while True:
            self._woken.clear()
            if self._connected and (news := self._news()):
                await self._send(news)
            else:
                await self._woken.wait()

    @property
    def _connected(self) -> bool:
        """False while the client reconnects: what is sent then is dropped."""
        return self._room.connection_state == rtc.ConnectionState.CONN_CONNECTED

    def _news(self) -> dict[str, str]:
        return dict(self._wanted) if self._afresh else self._unconfirmed(self._wanted)

    async def _send(self, news: Mapping[str, str]) -> None:
        self._afresh = False
        try:
            async with asyncio.timeout(CONFIRM_SECONDS):
                await self._room.local_participant.set_attributes(dict(news))
                while self._unconfirmed(news):
                    self._woken.clear()
                    await self._woken.wait()
        except TimeoutError:
            logger.warning("attributes not confirmed", extra={"attributes": sorted(self._unconfirmed(news))})

    def _unconfirmed(self, attributes: Mapping[str, str]) -> dict[str, str]:
        confirmed = self._room.local_participant.attributes
        # Setting an attribute to the empty string removes it.
        return {name: value for name, value in attributes.items() if confirmed.get(name, "") != value}

    def _reconnected(self) -> None:
        """Send all attributes again: after its restart a server knows none, which the client does not notice."""
        self._afresh = True
        self._woken.set()
