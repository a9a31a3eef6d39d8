"""The LiveKit room of one interview: its participants, attributes and RPC methods."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import aiohttp
from livekit import api, rtc
from livekit.agents import JobContext

from voice.attributes import Attributes

logger = logging.getLogger(__name__)

GOODBYE_SECONDS = 1.0
UNREACHABLE = (api.TwirpError, aiohttp.ClientError, TimeoutError)
"""What a call of LiveKit's API raises when it is refused, or cannot be made."""
"""The last audio still travels to the candidate when the worker has sent it."""
FORBIDDEN = 403
"""Code of an RPC error; those from 1001 to 1999 are LiveKit's own."""


class InterviewRoom:
    """The room as the interviewer uses it. Events are delivered to callbacks."""

    def __init__(self, context: JobContext, session_id: str) -> None:
        self._context = context
        self._room = context.room
        self._tasks: set[asyncio.Task[None]] = set()
        self._attributes = Attributes(context.room)
        self.candidate = f"cand-{session_id}"

    @property
    def occupied(self) -> bool:
        """Whether the candidate is in the room."""
        return self.candidate in self._room.remote_participants

    def publish(self, **attributes: str) -> None:
        """Set attributes of this participant, which the page reads."""
        self._attributes.publish(attributes)

    async def sync_attributes(self) -> None:
        """Deliver published attributes, also after a lost connection; never returns."""
        await self._attributes.sync()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine as a task; its failure is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("work in the room failed", exc_info=error)

    def on_candidate(self, came: Callable[[], None], left: Callable[[], None]) -> None:
        """Call `came` when the candidate joins or rejoins, `left` when they leave."""

        def connected(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == self.candidate:
                came()

        def disconnected(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == self.candidate:
                left()

        self._room.on("participant_connected", connected)
        self._room.on("participant_disconnected", disconnected)

    def on_changed(self, look: Callable[[], None]) -> None:
        """Call `look` when the functions or the page report a change of the interview, by RPC or by room metadata.

        Only the fact is used: the interview itself is read from the functions.
        """

        async def changed(call: rtc.RpcInvocationData) -> str:
            if not self._is_server(call.caller_identity):
                self._require_candidate(call.caller_identity)
            look()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.changed", changed)
        self._room.on("room_metadata_changed", lambda *_: look())

    def on_done(self, end_turn: Callable[[], Awaitable[None]]) -> None:
        """Call `end_turn` when the candidate presses Done; the RPC is answered when it returns."""

        async def done(call: rtc.RpcInvocationData) -> str:
            self._require_candidate(call.caller_identity)
            await end_turn()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.done", done)

    def _is_server(self, caller: str) -> bool:
        """Whether a call came by LiveKit's server API, which uses a random identity for each call."""
        return caller not in self._room.remote_participants and caller != self.candidate

    def _require_candidate(self, caller: str) -> None:
        """Raise RpcError if the caller is another participant."""
        if caller != self.candidate:
            raise rtc.RpcError(FORBIDDEN, "only the candidate of this interview may call this")

    async def remove_older_agents(self) -> None:
        """Remove older agents, so that only the newest one speaks. A killed worker stays listed for a while."""
        try:
            request = api.ListParticipantsRequest(room=self._room.name)
            participants = await self._context.api.room.list_participants(request)
        except UNREACHABLE as error:  # two may speak for a moment; LiveKit drops the dead one by itself
            logger.warning("older agents not looked for", extra={"error": type(error).__name__})
            return
        agents = [p for p in participants.participants if p.kind == api.ParticipantInfo.Kind.AGENT]
        mine = self._room.local_participant.identity
        age = {p.identity: (p.joined_at_ms or p.joined_at * 1000, p.identity) for p in agents}
        for identity in age:
            if mine in age and age[identity] < age[mine]:
                await self._remove(identity)

    async def _remove(self, identity: str) -> None:
        try:
            await self._context.api.room.remove_participant(
                api.RoomParticipantIdentity(room=self._room.name, identity=identity)
            )
        except UNREACHABLE as error:  # mostly it has left by itself
            logger.info("older agent was gone", extra={"error": getattr(error, "code", type(error).__name__)})

    async def close(self) -> None:
        """Delete the room, which disconnects every participant, and end the job."""
        await asyncio.sleep(GOODBYE_SECONDS)
        await self._context.delete_room()
        self._context.shutdown("interview over")
