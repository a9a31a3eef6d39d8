"""The LiveKit room of one interview: who is in it, what the page is told, what it asks for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from livekit import api, rtc
from livekit.agents import JobContext

logger = logging.getLogger(__name__)

GOODBYE_SECONDS = 1.0
"""The last sound is still on its way to the candidate when it has left the worker."""


class InterviewRoom:
    """The room as the interviewer uses it; what happens in it is told by callbacks."""

    def __init__(self, context: JobContext, session_id: str) -> None:
        self._context = context
        self._room = context.room
        self._tasks: set[asyncio.Task[None]] = set()
        self._published: dict[str, str] = {}
        self.candidate = f"cand-{session_id}"

    @property
    def occupied(self) -> bool:
        """Is the candidate here?"""
        return self.candidate in self._room.remote_participants

    def publish(self, **attributes: str) -> None:
        """Tell the page where the interview is, by attributes of this participant."""
        news = {name: value for name, value in attributes.items() if self._published.get(name) != value}
        if news and self._room.isconnected():
            self._published |= news
            self.spawn(self._publish(news))

    async def _publish(self, news: dict[str, str]) -> None:
        try:
            await self._room.local_participant.set_attributes(news)
        except Exception:
            for name in news:  # to be told with whatever comes next
                self._published.pop(name, None)
            raise

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
        """Call when somebody says that the interview went on: by RPC, or by the room's metadata.

        Nobody's word is taken for what changed, so anybody may say it.
        """

        async def changed(_: rtc.RpcInvocationData) -> str:
            look()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.changed", changed)
        self._room.on("room_metadata_changed", lambda *_: look())

    def on_done(self, end_turn: Callable[[], Awaitable[None]]) -> None:
        """Call when the candidate says that they have said all; they are answered when that is done."""

        async def done(call: rtc.RpcInvocationData) -> str:
            if call.caller_identity == self.candidate:
                await end_turn()
            return "ok"

        self._room.local_participant.register_rpc_method("interview.done", done)

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
