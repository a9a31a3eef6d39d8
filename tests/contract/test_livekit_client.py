"""What livekit's client does when attributes are set, and what the worker makes of it: the double and the real one."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from livekit import api, rtc

from support import virtual_time
from support.fake_livekit import FakeLiveKit
from support.livekit import LiveKitServer
from support.network import Network
from voice.attributes import CONFIRM_SECONDS, Attributes

LIVEKIT = pytest.param("livekit", marks=pytest.mark.livekit)
PATIENCE_SECONDS = 30
TOO_LARGE = "x" * 70_000

Scene = Callable[["World"], Coroutine[Any, Any, None]]
Play = Callable[[Scene], None]


class World:
    """A room with the worker's participant in it; `seen` are its attributes as others see them."""

    def __init__(self, room: Any, seen: Callable[[], dict[str, str]]) -> None:
        self.room = room
        self.seen = seen

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not condition():
                await asyncio.sleep(0.01)

    async def until_seen(self, **attributes: str) -> None:
        """Wait until everybody in the room, the participant too, has these attributes."""
        wanted = attributes.items()
        await self.until(lambda: wanted <= self.seen().items() and wanted <= self.mine().items())

    def mine(self) -> dict[str, str]:
        return dict(self.room.local_participant.attributes)

    async def set(self, **attributes: str) -> None:
        await self.room.local_participant.set_attributes(attributes)

    async def may_not(self) -> None:
        """It is not allowed any more to change its attributes."""
        raise NotImplementedError

    async def remove(self, identity: str) -> None:
        """Remove somebody from the room by the server's API."""
        raise NotImplementedError

    def away(self) -> AbstractAsyncContextManager[None]:
        """The way to the server is gone, and there again afterwards."""
        raise NotImplementedError


class FakeWorld(World):
    def __init__(self) -> None:
        self.livekit = FakeLiveKit()
        super().__init__(self.livekit, lambda: self.livekit.attributes)

    async def may_not(self) -> None:
        self.livekit.may_publish = False

    async def remove(self, identity: str) -> None:
        await self.livekit.remove_participant(api.RoomParticipantIdentity(room=self.livekit.name, identity=identity))

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        self.livekit.break_off()
        yield
        self.livekit.come_back()


class RealWorld(World):
    def __init__(self, room: rtc.Room, other: rtc.Room, server: LiveKitServer, network: Network) -> None:
        super().__init__(room, lambda: dict(other.remote_participants[room.local_participant.identity].attributes))
        self._server = server
        self._network = network

    async def may_not(self) -> None:
        permission = api.ParticipantPermission(can_subscribe=True, can_update_metadata=False)
        request = api.UpdateParticipantRequest(
            room=self.room.name, identity=self.room.local_participant.identity, permission=permission
        )
        async with self._api() as calls:
            await calls.room.update_participant(request)
        await self.until(lambda: not self.room.local_participant.permissions.can_update_metadata)

    async def remove(self, identity: str) -> None:
        async with self._api() as calls:
            await calls.room.remove_participant(api.RoomParticipantIdentity(room=self.room.name, identity=identity))

    def _api(self) -> api.LiveKitAPI:
        return api.LiveKitAPI(self._server.api_url, self._server.api_key, self._server.api_secret)

    @asynccontextmanager
    async def away(self) -> AsyncIterator[None]:
        back = asyncio.Event()
        self.room.on("reconnected", lambda: back.set())
        with self._network.down():
            connected = rtc.ConnectionState.CONN_CONNECTED
            await self.until(lambda: self.room.connection_state != connected)
            yield
        async with asyncio.timeout(PATIENCE_SECONDS):
            await back.wait()


@asynccontextmanager
async def real_world(server: LiveKitServer) -> AsyncIterator[World]:
    room, other, name = rtc.Room(), rtc.Room(), f"attributes-{secrets.token_hex(4)}"

    def token(identity: str) -> str:
        grants = api.VideoGrants(room_join=True, room=name, can_update_own_metadata=True)
        made = api.AccessToken(server.api_key, server.api_secret).with_identity(identity)
        return made.with_grants(grants).to_jwt()

    with Network(server.port) as network:
        await other.connect(server.url, token("other"))
        await room.connect(f"ws://{network.host}", token("agent"))
        try:
            world = RealWorld(room, other, server, network)
            await world.until(lambda: "agent" in other.remote_participants)
            yield world
        finally:
            await room.disconnect()
            await other.disconnect()


@pytest.fixture(params=["fake", LIVEKIT])
def play(request: pytest.FixtureRequest) -> Play:
    """Plays a scene in a world; the fake one has a time of its own."""

    async def fake(scene: Scene) -> None:
        await scene(FakeWorld())

    async def real(scene: Scene) -> None:
        async with real_world(request.getfixturevalue("livekit")) as world:
            await scene(world)

    if request.param == "fake":
        return lambda scene: virtual_time.run(fake(scene))
    return lambda scene: asyncio.run(real(scene))


# what the client does


def test_the_server_confirms_what_was_set(play: Play) -> None:
    """The participant learns it as everybody does; what is set to nothing is taken away."""

    async def scene(world: World) -> None:
        news: list[dict[str, str]] = []
        world.room.on("participant_attributes_changed", lambda changed, _: news.append(changed))
        await world.set(stage="intro", trouble="speech")
        await world.until_seen(stage="intro", trouble="speech")
        await world.set(trouble="")
        await world.until(lambda: "trouble" not in world.seen() and "trouble" not in world.mine())
        await world.set(stage="intro")
        await world.set(stage="done")
        await world.until_seen(stage="done")
        assert news == [{"stage": "intro", "trouble": "speech"}, {"trouble": ""}, {"stage": "done"}]

    play(scene)


def test_what_the_server_does_not_take_is_no_error(play: Play) -> None:
    """Too large, or not allowed: the call returns, and nothing is confirmed."""

    async def scene(world: World) -> None:
        await world.set(stage=TOO_LARGE)
        await world.may_not()
        await world.set(stage="intro")
        await asyncio.sleep(0.5)
        assert world.mine() == world.seen() == {}

    play(scene)


def test_what_is_lost_on_the_way_is_no_error(play: Play) -> None:
    """Without a connection the call returns after some seconds, and nobody says later that it was lost."""

    async def scene(world: World) -> None:
        await world.set(stage="intro")
        await world.until_seen(stage="intro")
        async with world.away():
            lost = asyncio.create_task(world.set(stage="done"))
            await asyncio.sleep(0.5)
        await lost
        await asyncio.sleep(1)
        assert world.mine() == world.seen() == {"stage": "intro"}

    play(scene)


def test_who_is_not_there_cannot_be_removed(play: Play) -> None:
    """The server's API says so by a code that the worker knows."""

    async def scene(world: World) -> None:
        with pytest.raises(api.TwirpError) as refused:
            await world.remove("agent-nobody")
        assert (refused.value.code, refused.value.status) == (api.TwirpErrorCode.NOT_FOUND, 404)

    play(scene)


# what the worker makes of it


@asynccontextmanager
async def kept(world: World) -> AsyncIterator[Attributes]:
    attributes = Attributes(world.room)
    keeping = asyncio.create_task(attributes.sync())
    try:
        yield attributes
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)


def test_what_is_published_while_the_connection_is_away_is_known_when_it_is_back(play: Play) -> None:
    """Nothing else needs to be published for it."""

    async def scene(world: World) -> None:
        async with kept(world) as attributes:
            attributes.publish({"stage": "intro", "trouble": "backend"})
            await world.until_seen(stage="intro", trouble="backend")
            async with world.away():
                attributes.publish({"trouble": ""})
                await asyncio.sleep(0.3)
                attributes.publish({"stage": "experience", "seq": "7"})
                await asyncio.sleep(0.5)
            await world.until_seen(stage="experience", seq="7")
            assert "trouble" not in world.seen()

    play(scene)


def test_of_two_values_in_one_moment_the_newer_one_stays(play: Play) -> None:
    """However often it happens: calls of the client may overtake each other."""

    async def scene(world: World) -> None:
        async with kept(world) as attributes:
            for number in range(30):
                attributes.publish({"seq": f"{number} older"})
                await asyncio.sleep(0)
                attributes.publish({"seq": f"{number} newer"})
                await world.until_seen(seq=f"{number} newer")
            await asyncio.sleep(0.2)
            assert world.seen() == {"seq": "29 newer"}

    play(scene)


def test_a_value_that_somebody_else_put_back_is_set_again(play: Play) -> None:
    """The framework sets attributes, too, each in a task of its own."""

    async def scene(world: World) -> None:
        async with kept(world) as attributes:
            attributes.publish({"lk.agent.state": "listening"})
            await world.until_seen(**{"lk.agent.state": "listening"})
            await world.set(**{"lk.agent.state": "thinking"})
            await world.until_seen(**{"lk.agent.state": "listening"})
            await asyncio.sleep(0.2)
            assert world.seen() == {"lk.agent.state": "listening"}

    play(scene)


def test_what_is_never_confirmed_is_logged_and_holds_nothing_up(play: Play, caplog: pytest.LogCaptureFixture) -> None:
    """Names are logged, values are not; and what comes next is sent along with it."""

    async def scene(world: World) -> None:
        async with kept(world) as attributes:
            attributes.publish({"stage": TOO_LARGE})
            await asyncio.sleep(CONFIRM_SECONDS + 0.5)
            attributes.publish({"stage": "intro"})
            await world.until_seen(stage="intro")

    play(scene)
    assert {record.getMessage() for record in caplog.records if record.name == "voice.attributes"} == {
        "attributes not confirmed"
    }
    assert TOO_LARGE[:9] not in caplog.text
