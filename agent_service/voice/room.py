"""The LiveKit room of one interview: who is in it, what the page is told, what it asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from livekit import api, rtc
from livekit.agents import JobContext

from voice.attributes import Attributes

logger = logging.getLogger(__name__)

GOODBYE_SECONDS = 1.0
"""The last sound is still on its way to the candidate when it has left the worker."""
FORBIDDEN = 403
"""Code of an RPC error; those from 1001 to 1999 are LiveKit's own."""


class InterviewRoom:
    """The room as the interviewer uses it; what happens in it is told by callbacks."""

    def __init__(self, context: JobContext, session_id: str) -> None:
        self._context = context
        self._room = context.room
        self._tasks: set[asyncio.Task[None]] = set()
        self._attributes = Attributes(context.room)
        self.candidate = f"cand-{session_id}"

    @property
    def occupied(self) -> bool:
        """Is the candidate here?"""
        return self.candidate in self._room.remote_participants

    def publish(self, **attributes: str) -> None:
        """Tell the page where the interview is, by attributes of this participant."""
        self._attributes.publish(attributes)

    async def sync_attributes(self) -> None:
        """See to it that the page learns what is published, whatever becomes of the connection; never ends."""
        await self._attributes.keep()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside; a failure is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("work in the room failed", exc_info=error)

    def on_candidate(self, came: Callable[[], None], left: Callable[[], None]) -> None:
        """Call when the candidate comes, comes back, or leaves."""

        def connected(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == self.candidate:
                came()

        def disconnected(participant: rtc.RemoteParticipant) -> None:
            if participant.identity == self.candidate:
                left()

        self._room.on("participant_connected", connected)
        self._room.on("participant_disconnected", disconnected)

    def on_changed(self, look: Callable[[], None]) -> None:
        """Call when the functions or the candidate's page say that the interview went on, or the room's metadata does.

        Their word is not taken for what changed.
        """

        async def changed(call: rtc.RpcInvocationData) -> str:
            if not self._is_server(call.caller_identity):
                self._require_candidate(call.caller_identity)
            look()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.changed", changed)
        self._room.on("room_metadata_changed", lambda *_: look())

    def on_done(self, end_turn: Callable[[], Awaitable[None]]) -> None:
        """Call when the candidate says that they have said all; they are answered when that is done."""

        async def done(call: rtc.RpcInvocationData) -> str:
            self._require_candidate(call.caller_identity)
            await end_turn()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.done", done)

    def _is_server(self, caller: str) -> bool:
        """Does a call come by LiveKit's server API? Each of its calls has a random identity of its own."""
        return caller not in self._room.remote_participants and caller != self.candidate

    def _require_candidate(self, caller: str) -> None:
        """Raise RpcError for everybody else in the room."""
        if caller != self.candidate:
            raise rtc.RpcError(FORBIDDEN, "only the candidate of this interview may call this")

    async def remove_older_agents(self) -> None:
        """See to it that one interviewer speaks: the newest. A killed one stays listed for a while."""
        participants = await self._context.api.room.list_participants(api.ListParticipantsRequest(room=self._room.name))
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
        except api.TwirpError as error:  # it left by itself
            logger.info("older agent was gone", extra={"error": error.code})

    async def close(self) -> None:
        """Send everybody home."""
        await asyncio.sleep(GOODBYE_SECONDS)
        await self._context.delete_room()
        self._context.shutdown("interview over")
