"""The voice room on LiveKit: tokens by PyJWT, the server API as JSON over HTTP.

livekit-api says the same and would double the cold start of every entry point that makes a few calls.
"""

from __future__ import annotations

import json
import logging
import ssl
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import jwt
import msgspec

from interviewos.domain.errors import VoiceFull, VoiceUnavailable
from interviewos.domain.interview import room_of
from interviewos.prewarm import prewarm_types
from interviewos.settings import LiveKitSettings
from interviewos.usecases.ports import RoomAccess

logger = logging.getLogger(__name__)

TOKEN_SECONDS = 600
"""Time to connect; LiveKit itself renews the token of who is connected."""
CALL_TOKEN_SECONDS = 60
ROOM_SECONDS = 60
"""How long an empty room waits: a candidate whose network is gone comes back to the same agent."""
CALL_SECONDS = 2.0
PING_SECONDS = 2.0
PING_CALL_SECONDS = 3.5
"""LiveKit itself takes 3 s to say that no participant has that name."""
DISPATCH_SECONDS = 10
"""An agent that was sent for comes within this time, or not at all."""
RETRY_SECONDS = 5
FULL_SECONDS = 60
"""An empty room is closed after this time, so that one may be free by then."""
MAX_BYTES = 8 << 20
OURS = room_of("")
"""How the names of our rooms begin; a LiveKit server may have others."""
CHANGED = "interview.changed"

T = TypeVar("T")


class _CallFailed(Exception):
    """A call of the server API gave nothing; the reason is LiveKit's word for it or the kind of error."""


class _Refusal(msgspec.Struct):
    code: str = ""


class _Done(msgspec.Struct):
    """Nothing in the answer matters."""


class _Room(msgspec.Struct):
    name: str


class _Rooms(msgspec.Struct):
    rooms: list[_Room] = []


class _Participant(msgspec.Struct):
    identity: str
    kind: str = "STANDARD"
    joined_at_ms: int = 0


class _Participants(msgspec.Struct):
    participants: list[_Participant] = []


class _DispatchState(msgspec.Struct):
    created_at: int = 0  # nanoseconds


class _Dispatch(msgspec.Struct):
    agent_name: str = ""
    state: _DispatchState = msgspec.field(default_factory=_DispatchState)


class _Dispatches(msgspec.Struct):
    agent_dispatches: list[_Dispatch] = []


prewarm_types(_Refusal, _Done, _Rooms, _Participants, _Dispatches)


class LiveKitRoom:
    """A VoiceRoom on a LiveKit server. It remembers nothing: who is in a room and who was sent for, LiveKit knows."""

    def __init__(
        self, settings: LiveKitSettings, clock: Callable[[], datetime], room_seconds: int = ROOM_SECONDS
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._room_seconds = room_seconds
        self._address = urlsplit(settings.api_url)
        self._sending = tuple(Lock() for _ in range(64))  # two tabs of a candidate send for one agent

    def grant(self, session_id: str, room_name: str, candidate_name: str) -> RoomAccess:
        try:
            self._ensure_agent(session_id, room_name)
        except _CallFailed as failed:
            logger.warning("voice room unavailable", extra={"session_id": session_id, "why": str(failed)})
            raise VoiceUnavailable(retry_after=RETRY_SECONDS) from failed
        return RoomAccess(self._settings.url, self._candidate_token(session_id, room_name, candidate_name))

    def changed(self, session_id: str, room_name: str) -> None:
        try:
            agent = self._newest_agent(room_name)
            if agent and not self._ping(session_id, room_name, agent):
                news = json.dumps({"changed": uuid.uuid4().hex})
                self._call("RoomService/UpdateRoomMetadata", _Done, room_name, {"metadata": news})
        except _CallFailed as failed:
            logger.warning("voice room not told", extra={"session_id": session_id, "why": str(failed)})

    def close(self, room_name: str) -> None:
        try:
            self._call("RoomService/DeleteRoom", _Done, room_name, grant="roomCreate")
        except _CallFailed as failed:
            if str(failed) != "not_found":
                logger.warning("voice room not closed", extra={"room_name": room_name, "why": str(failed)})

    def _ensure_agent(self, session_id: str, room_name: str) -> None:
        """Send for an agent where a room has none: a token brings one into a new room only.

        An agent that was killed is listed for 20 s more, so it is asked. Raises VoiceFull where a new room would be one
        too many; unused tokens are not counted, since LiveKit knows nothing of them.
        """
        rooms = self._call("RoomService/ListRooms", _Rooms, room_name, grant="roomList").rooms
        open_ones = {room.name for room in rooms if room.name.startswith(OURS)}
        if room_name not in open_ones:
            if len(open_ones) >= self._settings.max_rooms:
                raise VoiceFull(retry_after=FULL_SECONDS)
            return
        agent = self._newest_agent(room_name)
        if agent and self._ping(session_id, room_name, agent):
            return
        with self._sending[hash(room_name) % len(self._sending)]:
            if not self._was_sent_for(room_name):
                self._call("AgentDispatchService/CreateDispatch", _Done, room_name, self._dispatch(session_id))
                logger.info("agent sent for", extra={"session_id": session_id})

    def _newest_agent(self, room_name: str) -> str:
        """Give the identity of the agent that will stay: a newer one removes the others."""
        found = self._call("RoomService/ListParticipants", _Participants, room_name).participants
        agents = [(one.joined_at_ms, one.identity) for one in found if one.kind == "AGENT"]
        return max(agents)[1] if agents else ""

    def _ping(self, session_id: str, room_name: str, agent: str) -> bool:
        """Have the agent look at the interview; True when it answered."""
        request = {
            "destination_identity": agent,
            "method": CHANGED,
            "payload": "",
            "response_timeout_ms": round(PING_SECONDS * 1000),
        }
        try:
            self._call("RoomService/PerformRpc", _Done, room_name, request, seconds=PING_CALL_SECONDS)
        except _CallFailed as failed:
            logger.warning("agent does not answer", extra={"session_id": session_id, "why": str(failed)})
            return False
        return True

    def _was_sent_for(self, room_name: str) -> bool:
        """Is our agent on its way? A clock that is far off must not keep it away for ever."""
        found = self._call("AgentDispatchService/ListDispatch", _Dispatches, room_name).agent_dispatches
        ours = [one.state.created_at / 1e9 for one in found if one.agent_name == self._settings.agent_name]
        return any(abs(self._clock().timestamp() - sent) < DISPATCH_SECONDS for sent in ours)

    def _dispatch(self, session_id: str) -> dict[str, str]:
        return {"agent_name": self._settings.agent_name, "metadata": json.dumps({"session_id": session_id})}

    # tokens

    def _candidate_token(self, session_id: str, room_name: str, candidate_name: str) -> str:
        """Sign what a candidate may: speak and listen in this one room, and bring the agent into it."""
        dispatch = self._dispatch(session_id)
        claims = {
            "sub": f"cand-{session_id}",
            "name": candidate_name,
            "video": {
                "roomJoin": True,
                "room": room_name,
                "canPublish": True,
                "canPublishSources": ["microphone"],
                "canPublishData": True,
                "canSubscribe": True,
            },
            "roomConfig": {
                "emptyTimeout": self._room_seconds,
                "departureTimeout": self._room_seconds,
                "agents": [{"agentName": dispatch["agent_name"], "metadata": dispatch["metadata"]}],
            },
        }
        return self._sign(claims, TOKEN_SECONDS)

    def _sign(self, claims: Mapping[str, Any], seconds: int) -> str:
        expires = int(self._clock().timestamp()) + seconds
        whole = {"iss": self._settings.api_key, "exp": expires, **claims}
        return jwt.encode(whole, self._settings.api_secret, algorithm="HS256")

    # the server API

    def _call(
        self,
        method: str,
        into: type[T],
        room_name: str,
        fields: Mapping[str, Any] | None = None,
        *,
        grant: str = "roomAdmin",
        seconds: float = CALL_SECONDS,
    ) -> T:
        """Call a method of the server API about one room, with a token that allows no more. Raises _CallFailed."""
        token = self._sign({"video": {grant: True, "room": room_name}}, CALL_TOKEN_SECONDS)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps({"room": room_name, **(fields or {})}).encode()
        connection = self._connection(seconds)
        try:
            connection.request("POST", f"/twirp/livekit.{method}", body, headers)
            response = connection.getresponse()
            return _read(response.status, response.read(MAX_BYTES), into)
        except (OSError, HTTPException) as error:
            raise _CallFailed(type(error).__name__) from error
        finally:
            connection.close()

    def _connection(self, seconds: float) -> HTTPConnection:
        if self._address.scheme == "http":
            return HTTPConnection(self._address.netloc, timeout=seconds)
        return HTTPSConnection(self._address.netloc, timeout=seconds, context=self._certificates)

    @cached_property
    def _certificates(self) -> ssl.SSLContext:
        return ssl.create_default_context()


def _read(status: int, body: bytes, into: type[T]) -> T:
    """Give the answer its shape. Raises _CallFailed with LiveKit's code when it is a refusal."""
    try:
        if status == 200:
            return msgspec.json.decode(body, type=into, strict=False)  # protobuf writes large numbers as text
        code = msgspec.json.decode(body, type=_Refusal).code
    except msgspec.MsgspecError as error:
        raise _CallFailed(f"HTTP {status}") from error
    raise _CallFailed(code or f"HTTP {status}")
