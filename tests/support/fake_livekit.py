"""A job's context, its room and LiveKit's API in one, as the worker meets them; it remembers what it was told.

It is held to the vendor's own client and server by `tests/contract/test_livekit_client.py`.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

from livekit import api, rtc

MOST_BYTES = 64_000
NO_ANSWER_SECONDS = 5.0
ANSWER_SECONDS = 0.01


class FakeLiveKit:
    """Its `participants` are listed by the API, also the `ghosts` among them; `me` is the agent whose job it is.

    As with the real one, setting attributes returns whatever became of it, and of two calls at once the second arrives
    first; `attributes` are those that the server has confirmed.
    """

    def __init__(self, *participants: api.ParticipantInfo, name: str = "room", me: str = "agent") -> None:
        self.name = name
        self.room = self.local_participant = self.api = self
        self.identity = me
        self.remote_participants: dict[str, object] = {}
        self.connection_state = rtc.ConnectionState.CONN_CONNECTED
        self.attributes: dict[str, str] = {}
        self.may_publish = True
        self.sent: list[dict[str, str]] = []
        self.ghosts: set[str] = set()
        self.unreachable: Exception | None = None
        self.removed: list[str] = []
        self.ended: list[str] = []
        self._participants = {one.identity: one for one in participants}
        self._methods: dict[str, Callable[[Any], Coroutine[Any, Any, str]]] = {}
        self._handlers: dict[str, list[Callable[..., None]]] = defaultdict(list)
        self._ways = itertools.cycle((3 * ANSWER_SECONDS, ANSWER_SECONDS))

    # the room

    def on(self, name: str, handler: Callable[..., None]) -> None:
        self._handlers[name].append(handler)

    def emit(self, name: str, *details: object) -> None:
        """Something happens in the room."""
        for handler in self._handlers[name]:
            handler(*details)

    def register_rpc_method(self, name: str, method: Callable[[Any], Coroutine[Any, Any, str]]) -> None:
        self._methods[name] = method

    async def call(self, name: str, caller: str) -> str:
        """Somebody calls a method. Raises what the method raises, as the caller would see it."""
        return await self._methods[name](SimpleNamespace(caller_identity=caller, payload=""))

    async def set_attributes(self, attributes: dict[str, str]) -> None:
        self.sent.append(dict(attributes))
        arrives = self.connected
        await asyncio.sleep(next(self._ways))
        if not (arrives and self.connected):
            await asyncio.sleep(NO_ANSWER_SECONDS)
        elif self.may_publish and sum(map(len, attributes.values())) < MOST_BYTES:
            asyncio.get_running_loop().call_later(ANSWER_SECONDS / 2, self._confirm, attributes)

    def _confirm(self, attributes: dict[str, str]) -> None:
        news = {name: value for name, value in attributes.items() if self.attributes.get(name, "") != value}
        self.attributes = {name: value for name, value in {**self.attributes, **attributes}.items() if value}
        if news:
            self.emit("participant_attributes_changed", news, self)

    # the way to the server

    @property
    def connected(self) -> bool:
        return self.connection_state == rtc.ConnectionState.CONN_CONNECTED

    def break_off(self) -> None:
        """The connection is gone, and is being made again."""
        self.connection_state = rtc.ConnectionState.CONN_RECONNECTING
        self.emit("reconnecting")

    def come_back(self) -> None:
        """The connection is there again."""
        self.connection_state = rtc.ConnectionState.CONN_CONNECTED
        self.emit("reconnected")

    # the server's API, and the job's context

    async def list_participants(self, request: api.ListParticipantsRequest) -> api.ListParticipantsResponse:
        if self.unreachable:
            raise self.unreachable
        listed = self._participants.values() if request.room == self.name else ()
        return api.ListParticipantsResponse(participants=listed)

    async def remove_participant(self, request: api.RoomParticipantIdentity) -> None:
        self.removed.append(request.identity)
        gone = request.identity in self.ghosts or request.identity not in self._participants
        self._participants.pop(request.identity, None)
        if gone:
            raise api.TwirpError(api.TwirpErrorCode.NOT_FOUND, "participant does not exist", status=404)

    async def delete_room(self) -> None:
        self.ended.append("room")

    def shutdown(self, reason: str) -> None:
        self.ended.append("job")
