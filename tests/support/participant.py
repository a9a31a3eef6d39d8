"""Somebody in a LiveKit room, by LiveKit's own client, in a process of its own that can be killed in mid-room.

The client's native threads stay out of the process of the tests.

Run as a program it joins with the URL and token of its environment and writes one line of JSON for each thing that
happens to it, to a file where nobody else writes.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx
from livekit import api

from support.process import ManagedProcess, wait_until

if TYPE_CHECKING:
    from livekit import rtc

    from support.livekit import LiveKitServer

TESTS = Path(__file__).resolve().parents[1]
METHOD, HELLO = "interview.changed", "are-you-there"


class Participant(ManagedProcess):
    """A client that has joined when the `with` block begins; `answers` says whether it knows our RPC method.

    `reachable` is waited for then: calls do not arrive before the data channel is open, a moment after the join.
    """

    cwd = TESTS
    grace_seconds = 3

    def __init__(
        self, url: str, token: str, *, answers: bool = False, reachable: Callable[[], bool] = lambda: True
    ) -> None:
        self._reachable = reachable
        self._file = tempfile.NamedTemporaryFile()  # noqa: SIM115, for it lives as long as the child
        told = {"ROOM_URL": url, "ROOM_TOKEN": token, "ROOM_ANSWERS": "1" if answers else ""}
        self._env = {**os.environ, **told, "ROOM_EVENTS": self._file.name, "PYTHONPATH": str(TESTS)}

    @property
    def events(self) -> list[dict[str, Any]]:
        """What happened to it so far: `joined` or `refused`, `called`, `metadata`, `left`."""
        whole = Path(self._file.name).read_text().rpartition("\n")[0]
        return [json.loads(line) for line in whole.splitlines()]

    def saw(self, event: str) -> list[dict[str, Any]]:
        """The events of one kind."""
        return [seen for seen in self.events if seen["event"] == event]

    def wait_for(self, event: str, times: int = 1) -> dict[str, Any]:
        """Wait until this has happened so often, and give the last one."""
        wait_until(lambda: len(self.saw(event)) >= times, 15, f"{event} in a room")
        return self.saw(event)[-1]

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "support.participant"]

    def environment(self) -> Mapping[str, str]:
        return self._env

    def healthy(self) -> bool:
        """Whether it knows if it may be in the room."""
        return bool(self.saw("joined") or self.saw("refused"))

    def start(self) -> Self:
        super().start()
        wait_until(self._reachable, 15, "the open channel of a participant")
        return self

    def close(self) -> None:
        super().close()
        self._file.close()


def agent(server: LiveKitServer, room_name: str, identity: str, *, answers: bool = True) -> Participant:
    """An agent that came by itself; a worker's come by dispatch."""
    grants = api.VideoGrants(room_join=True, room=room_name, agent=True)
    made = api.AccessToken(server.api_key, server.api_secret).with_identity(identity).with_kind("agent")
    reachable = (lambda: hears(server, room_name, identity)) if answers else (lambda: True)
    return Participant(server.url, made.with_grants(grants).to_jwt(), answers=answers, reachable=reachable)


def hears(server: LiveKitServer, room_name: str, identity: str) -> bool:
    """Whether a call reaches a participant that answers."""
    grants = api.VideoGrants(room_admin=True, room=room_name)
    token = api.AccessToken(server.api_key, server.api_secret).with_grants(grants).to_jwt()
    call = {"room": room_name, "destination_identity": identity, "method": HELLO, "response_timeout_ms": 1_000}
    with httpx.Client(base_url=server.api_url, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
        return client.post("/twirp/livekit.RoomService/PerformRpc", json=call).status_code == 200


def guest(server: LiveKitServer, room_name: str, identity: str = "guest") -> Participant:
    """Somebody whose token sends for nobody."""
    grants = api.VideoGrants(room_join=True, room=room_name)
    made = api.AccessToken(server.api_key, server.api_secret).with_identity(identity)
    return Participant(server.url, made.with_grants(grants).to_jwt())


def say(event: str, **fields: Any) -> None:
    with Path(os.environ["ROOM_EVENTS"]).open("a") as file:
        file.write(json.dumps({"event": event, **fields}) + "\n")


async def main() -> None:
    """Live in the room until it is closed."""
    from livekit import rtc

    room, over = rtc.Room(), asyncio.Event()
    room.on("room_metadata_changed", lambda old, new: say("metadata", old=old, new=new))
    room.on("disconnected", lambda reason: over.set())
    try:
        await room.connect(os.environ["ROOM_URL"], os.environ["ROOM_TOKEN"])
    except rtc.ConnectError:
        say("refused")
        await over.wait()  # until it is told to go
    if os.environ["ROOM_ANSWERS"]:
        room.local_participant.register_rpc_method(METHOD, called)
        room.local_participant.register_rpc_method(HELLO, answered)
    local = room.local_participant
    say("joined", room=room.name, identity=local.identity, name=local.name, kind=local.kind)
    await over.wait()
    say("left")


async def called(data: rtc.RpcInvocationData) -> str:
    say("called", payload=data.payload)
    return "ok"


async def answered(data: rtc.RpcInvocationData) -> str:
    return "yes"


if __name__ == "__main__":
    asyncio.run(main())
