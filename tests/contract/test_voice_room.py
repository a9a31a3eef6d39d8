"""What every voice room promises, and what the one on LiveKit does on a real server with real clients."""

from __future__ import annotations

import asyncio
import json
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any, Protocol

import httpx
import jwt
import pytest
from livekit import api

from interviewos.adapters.livekit import DISPATCH_SECONDS, ROOM_SECONDS, TOKEN_SECONDS, LiveKitRoom
from interviewos.adapters.no_voice import NoVoice
from interviewos.domain.errors import VoiceFull, VoiceNotConfigured, VoiceUnavailable
from interviewos.settings import LiveKitSettings
from interviewos.usecases.ports import VoiceRoom
from interviewos.usecases.turns import utc_now
from support.clock import FakeClock
from support.fakes import FakeVoiceRoom
from support.livekit import LiveKitServer
from support.local_server import Exchange, LocalServer
from support.participant import Participant, agent, guest
from support.process import free_port, wait_until

AGENT = "interviewer"
LIVEKIT = pytest.param("livekit", marks=pytest.mark.livekit)
SECRET = "b7Kq2ZtVx9WnR4mYc8LsJd5PfHg3TaEu"
PRIVATE = ("eyJ", SECRET, "Ada")
"""The beginning of every JSON web token, and what must stay between us and LiveKit."""


class World(Protocol):
    """A voice room and the means to see what it did."""

    @property
    def room(self) -> VoiceRoom:
        """The room itself."""

    def enter(self, session_id: str) -> None:
        """The candidate and an agent are in the room."""

    def told(self, session_id: str) -> int:
        """How often the agent was told to look."""

    def is_open(self, session_id: str) -> bool:
        """Whether there is such a room."""

    def fall(self) -> None:
        """From now on nothing can be reached."""


class FakeWorld:
    """The double that other tests rely on."""

    def __init__(self) -> None:
        self.room = FakeVoiceRoom()

    def enter(self, session_id: str) -> None:
        self.room.grant(session_id, f"iv-{session_id}", "Ada")

    def told(self, session_id: str) -> int:
        return self.room.agents[f"iv-{session_id}"]

    def is_open(self, session_id: str) -> bool:
        return f"iv-{session_id}" in self.room.agents

    def fall(self) -> None:
        self.room.down = True


class LiveKitWorld:
    """A real server with real clients."""

    def __init__(self, server: LiveKitServer, people: ExitStack) -> None:
        self._server = server
        self._people = people
        self._agents: dict[str, Participant] = {}
        self.room: VoiceRoom = room_on(server)

    def enter(self, session_id: str) -> None:
        access = self.room.grant(session_id, f"iv-{session_id}", "Ada")
        self._people.enter_context(Participant(access.url, access.token))
        came = agent(self._server, f"iv-{session_id}", f"agent-{session_id}-1")
        self._agents[session_id] = self._people.enter_context(came)

    def told(self, session_id: str) -> int:
        return len(self._agents[session_id].saw("called"))

    def is_open(self, session_id: str) -> bool:
        return f"iv-{session_id}" in open_rooms(self._server)

    def fall(self) -> None:
        self.room = LiveKitRoom(LiveKitSettings(f"ws://127.0.0.1:{free_port()}", "devkey", SECRET, AGENT), utc_now)


def room_on(server: LiveKitServer, clock: Callable[[], datetime] = utc_now) -> LiveKitRoom:
    settings = LiveKitSettings(server.url, server.api_key, server.api_secret, AGENT, max_rooms=1_000)
    return LiveKitRoom(settings, clock)


def asked(server: LiveKitServer, question: Callable[[api.LiveKitAPI], Any]) -> Any:
    """What the server says to the vendor's own client."""

    async def ask() -> Any:
        async with api.LiveKitAPI(server.api_url, server.api_key, server.api_secret) as client:
            return await question(client)

    return asyncio.run(ask())


def open_rooms(server: LiveKitServer) -> list[str]:
    return [room.name for room in asked(server, lambda lk: lk.room.list_rooms(api.ListRoomsRequest())).rooms]


def dispatches(server: LiveKitServer, room_name: str) -> list[Any]:
    """The times somebody sent for our agent; the server lists one for agents without a name in every room."""
    found = asked(server, lambda lk: lk.agent_dispatch.list_dispatch(room_name))
    return [one for one in found if one.agent_name == AGENT]


@pytest.fixture
def people() -> Iterator[ExitStack]:
    """Whoever joined a room leaves when the test is over."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def session_id() -> str:
    """An interview of this test alone, and so a room."""
    return str(uuid.uuid4())


@pytest.fixture(params=["fake", LIVEKIT])
def world(request: pytest.FixtureRequest, people: ExitStack) -> World:
    """Every voice room there is, with nobody in it."""
    if request.param == "fake":
        return FakeWorld()
    return LiveKitWorld(request.getfixturevalue("livekit"), people)


# what every room promises


def test_who_is_admitted_gets_a_place_and_a_token_that_nobody_prints(world: World, session_id: str) -> None:
    """Access is an address and a token, and a log line that holds it would not show the token."""
    access = world.room.grant(session_id, f"iv-{session_id}", "Ada")

    assert access.url.startswith(("ws://", "wss://"))
    assert access.token
    assert access.token not in repr(access)


def test_an_agent_that_is_there_is_told_to_look(world: World, session_id: str) -> None:
    """Once for each time that something changed."""
    world.enter(session_id)

    world.room.changed(session_id, f"iv-{session_id}")
    wait_until(lambda: world.told(session_id) >= 1, 10, "the agent's call")
    world.room.changed(session_id, f"iv-{session_id}")
    wait_until(lambda: world.told(session_id) >= 2, 10, "the agent's second call")

    assert world.told(session_id) == 2


def test_a_room_that_nobody_entered_is_left_alone(world: World, session_id: str) -> None:
    """An interview in text has no room: telling it and closing it make none."""
    world.room.changed(session_id, f"iv-{session_id}")
    world.room.close(f"iv-{session_id}")

    assert not world.is_open(session_id)


def test_a_closed_room_is_gone(world: World, session_id: str) -> None:
    """Closing it again is no error."""
    world.enter(session_id)
    assert world.is_open(session_id)

    world.room.close(f"iv-{session_id}")
    world.room.close(f"iv-{session_id}")

    assert not world.is_open(session_id)


def test_what_cannot_be_reached_admits_nobody_and_disturbs_nothing(world: World, session_id: str) -> None:
    """The candidate is told when to ask again; a wake and a deletion go on without voice."""
    world.fall()

    with pytest.raises(VoiceUnavailable) as refusal:
        world.room.grant(session_id, f"iv-{session_id}", "Ada")
    world.room.changed(session_id, f"iv-{session_id}")
    world.room.close(f"iv-{session_id}")

    assert (refusal.value.retry_after or 0) > 0


def test_a_service_without_voice_says_so_and_does_nothing(session_id: str) -> None:
    """Nobody is admitted; a wake and a deletion need not know."""
    room = NoVoice()

    with pytest.raises(VoiceNotConfigured):
        room.grant(session_id, f"iv-{session_id}", "Ada")
    room.changed(session_id, f"iv-{session_id}")
    room.close(f"iv-{session_id}")


# the candidate's token


@pytest.mark.livekit
def test_the_token_is_what_livekits_own_code_would_make(livekit: LiveKitServer, session_id: str) -> None:
    """Their verifier takes it, and it grants speaking and listening in one room for ten minutes, and nothing else."""
    room_name = f"iv-{session_id}"
    before = time.time()
    token = room_on(livekit).grant(session_id, room_name, "Ada Lovelace").token

    claims = api.TokenVerifier(livekit.api_key, livekit.api_secret).verify(token)
    grants = api.VideoGrants(
        room_join=True,
        room=room_name,
        can_publish=True,
        can_publish_sources=["microphone"],
        can_publish_data=True,
        can_subscribe=True,
    )
    dispatch = api.RoomAgentDispatch(agent_name=AGENT, metadata=json.dumps({"session_id": session_id}))
    config = api.RoomConfiguration(agents=[dispatch], empty_timeout=60, departure_timeout=60)
    theirs = api.AccessToken(livekit.api_key, livekit.api_secret).with_identity(f"cand-{session_id}")
    theirs = theirs.with_name("Ada Lovelace").with_grants(grants).with_room_config(config)

    assert (claims.identity, claims.name) == (f"cand-{session_id}", "Ada Lovelace")
    assert (claims.video, claims.room_config) == (grants, config)
    ours, vendors = body_of(token), body_of(theirs.to_jwt())
    assert ours.keys() == vendors.keys() - {"nbf"}
    assert {key: ours[key] for key in ours if key != "exp"} == {key: vendors[key] for key in ours if key != "exp"}
    assert 0 <= ours["exp"] - before - TOKEN_SECONDS + 1 <= 5
    assert livekit.api_secret not in json.dumps(ours)


def body_of(token: str) -> dict[str, Any]:
    body: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return body


@pytest.mark.livekit
def test_a_candidate_enters_and_the_agent_is_sent_for_once(
    livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """The first one in brings the dispatch along; the worker learns whose interview it is."""
    room_name = f"iv-{session_id}"
    access = room_on(livekit).grant(session_id, room_name, "Ada")

    joined = people.enter_context(Participant(access.url, access.token)).wait_for("joined")

    assert (joined["room"], joined["identity"], joined["name"]) == (room_name, f"cand-{session_id}", "Ada")
    (sent,) = dispatches(livekit, room_name)
    assert json.loads(sent.metadata) == {"session_id": session_id}
    (room,) = asked(livekit, lambda lk: lk.room.list_rooms(api.ListRoomsRequest(names=[room_name]))).rooms
    assert (room.empty_timeout, room.departure_timeout) == (60, 60)


ADMIN = {
    "RoomService/ListParticipants": {},
    "RoomService/RemoveParticipant": {"identity": "guest"},
    "RoomService/UpdateRoomMetadata": {"metadata": "x"},
    "RoomService/SendData": {"data": "eA=="},
    "RoomService/PerformRpc": {"destination_identity": "guest", "method": "interview.changed"},
    "RoomService/DeleteRoom": {},
    "RoomService/CreateRoom": {"name": "mine"},
    "RoomService/ListRooms": {},
    "AgentDispatchService/CreateDispatch": {"agent_name": AGENT},
    "AgentDispatchService/ListDispatch": {},
}


@pytest.mark.livekit
@pytest.mark.parametrize("method", ADMIN)
def test_a_candidates_token_administers_nothing(
    method: str, livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """Neither in the own room nor in another one."""
    other = f"iv-{uuid.uuid4()}"
    people.enter_context(guest(livekit, other))
    token = room_on(livekit).grant(session_id, f"iv-{session_id}", "Ada").token
    with httpx.Client(trust_env=False) as client:
        answers = [
            client.post(
                f"{livekit.api_url}/twirp/livekit.{method}",
                json={"room": room_name, **ADMIN[method]},
                headers={"Authorization": f"Bearer {token}"},
            )
            for room_name in (f"iv-{session_id}", other)
        ]

    assert {401} == {answered.status_code for answered in answers}
    assert other in open_rooms(livekit)


@pytest.mark.livekit
def test_a_candidates_token_opens_no_other_room(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """Whichever room a client asks for, it lands in its own."""
    token = room_on(livekit).grant(session_id, f"iv-{session_id}", "Ada").token

    inside = people.enter_context(Participant(f"{livekit.url}?room=iv-other", token))

    assert inside.wait_for("joined")["room"] == f"iv-{session_id}"


@pytest.mark.livekit
def test_a_token_that_was_not_used_in_time_opens_nothing(
    livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """After ten minutes, and the minute that LiveKit grants to slow clocks, a new one is needed."""
    early = FakeClock(utc_now() - timedelta(seconds=TOKEN_SECONDS + 61))
    with LocalServer(lambda exchange: exchange.send_json(200, {"rooms": []})) as trusting:
        settings = LiveKitSettings(trusting.url.replace("http", "ws"), livekit.api_key, livekit.api_secret, AGENT)
        token = LiveKitRoom(settings, early.now).grant(session_id, f"iv-{session_id}", "Ada").token

    late = people.enter_context(Participant(livekit.url, token))

    assert late.saw("refused")
    assert not late.saw("joined")


# an agent is there


@pytest.mark.livekit
def test_an_agent_that_answers_is_enough(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """A reload finds the same agent, which is told to look, and nobody else is sent for."""
    room_name = f"iv-{session_id}"
    there = enter_old_room(livekit, people, room_name, f"agent-{session_id}-1")

    room_on(livekit).grant(session_id, room_name, "Ada")

    there.wait_for("called")
    assert dispatches(livekit, room_name) == []


def enter_old_room(
    server: LiveKitServer, people: ExitStack, room_name: str, identity: str, *, answers: bool = True
) -> Participant:
    """A room that no token of ours made, so that nobody was sent for, with an agent in it."""
    people.enter_context(guest(server, room_name))
    return people.enter_context(agent(server, room_name, identity, answers=answers))


@pytest.mark.livekit
@pytest.mark.parametrize("agents", ["none", "killed", "deaf"])
def test_an_agent_is_sent_for_once_where_none_answers(
    agents: str, livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """A dead one is listed for 20 s more; whoever asks again in the meantime finds that one is on its way."""
    room_name = f"iv-{session_id}"
    people.enter_context(guest(livekit, room_name))
    if agents != "none":
        came = people.enter_context(agent(livekit, room_name, f"agent-{session_id}-1", answers=agents == "killed"))
        if agents == "killed":
            came.kill()
    room = room_on(livekit)

    tokens = [room.grant(session_id, room_name, "Ada").token for _ in range(2)]

    assert all(tokens)
    (sent,) = dispatches(livekit, room_name)
    assert json.loads(sent.metadata) == {"session_id": session_id}


@pytest.mark.livekit
def test_callers_at_once_send_for_one_agent(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """Two tabs, and a page that asks twice."""
    room_name = f"iv-{session_id}"
    people.enter_context(guest(livekit, room_name))
    room = room_on(livekit)

    with ThreadPoolExecutor(8) as pool:
        admitted = [pool.submit(room.grant, session_id, room_name, "Ada") for _ in range(8)]

    assert all(one.result().token for one in admitted)
    assert len(dispatches(livekit, room_name)) == 1


@pytest.mark.livekit
@pytest.mark.parametrize("ahead", [DISPATCH_SECONDS + 1, -DISPATCH_SECONDS - 20])
def test_an_agent_that_did_not_come_is_sent_for_again(
    ahead: int, livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """After ten seconds; and a clock that differs from LiveKit's by more sends twice rather than never."""
    room_name = f"iv-{session_id}"
    access = room_on(livekit).grant(session_id, room_name, "Ada")
    people.enter_context(Participant(access.url, access.token))

    room_on(livekit).grant(session_id, room_name, "Ada")
    at_once = len(dispatches(livekit, room_name))
    room_on(livekit, FakeClock(utc_now() + timedelta(seconds=ahead)).now).grant(session_id, room_name, "Ada")

    assert (at_once, len(dispatches(livekit, room_name))) == (1, 2)


@pytest.mark.livekit
def test_the_newest_agent_is_the_one_that_counts(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """It removes the others when it begins."""
    room_name = f"iv-{session_id}"
    older = enter_old_room(livekit, people, room_name, "agent-z")
    newer = people.enter_context(agent(livekit, room_name, "agent-a"))

    room_on(livekit).changed(session_id, room_name)

    newer.wait_for("called")
    assert not older.saw("called")


@pytest.mark.livekit
def test_an_agent_that_cannot_be_called_sees_that_something_changed(
    livekit: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """The room's metadata is another way to the ear, and differs each time."""
    room_name = f"iv-{session_id}"
    deaf = enter_old_room(livekit, people, room_name, "agent-1", answers=False)

    room_on(livekit).changed(session_id, room_name)
    first = deaf.wait_for("metadata")["new"]
    room_on(livekit).changed(session_id, room_name)
    second = deaf.wait_for("metadata", times=2)["new"]

    assert json.loads(first).keys() == {"changed"}
    assert first != second


@pytest.mark.livekit
def test_where_no_agent_is_nobody_is_told(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """Whoever else is in the room has the page."""
    room_name = f"iv-{session_id}"
    alone = people.enter_context(guest(livekit, room_name))

    room_on(livekit).changed(session_id, room_name)
    end = api.UpdateRoomMetadataRequest(room=room_name, metadata="end")
    asked(livekit, lambda lk: lk.room.update_room_metadata(end))

    assert alone.wait_for("metadata")["old"] == ""


@pytest.mark.livekit
def test_who_is_in_a_closed_room_learns_it(livekit: LiveKitServer, people: ExitStack, session_id: str) -> None:
    """A deleted interview does not go on being spoken."""
    room_name = f"iv-{session_id}"
    there = enter_old_room(livekit, people, room_name, "agent-1")

    room_on(livekit).close(room_name)

    there.wait_for("left")


# a server that is slow, not there, not right, or not LiveKit


def test_callers_at_once_send_for_one_agent_however_slow_the_server_is(session_id: str) -> None:
    """Whoever comes second looks after the first one has sent, not while."""
    sent = list[dict[str, Any]]()

    def answer(exchange: Exchange) -> None:
        method = exchange.path.rpartition("/")[2]
        known, rooms = list(sent), [{"name": f"iv-{session_id}"}]
        exchange.pause(0.1)
        if method == "CreateDispatch":
            sent.append({"agent_name": AGENT, "state": {"created_at": str(time.time_ns())}})
        exchange.send_json(200, {"rooms": rooms, "participants": [], "agent_dispatches": known})

    with LocalServer(answer) as server, ThreadPoolExecutor(4) as pool:
        room = LiveKitRoom(LiveKitSettings(server.url.replace("http", "ws"), "devkey", SECRET, AGENT), utc_now)
        admitted = [pool.submit(room.grant, session_id, f"iv-{session_id}", "Ada") for _ in range(4)]
        assert all(one.result().token for one in admitted)

    assert len(sent) == 1


def refuse(exchange: Exchange) -> None:
    exchange.send_json(401, {"code": "unauthenticated", "msg": "permissions denied"})


def fail(exchange: Exchange) -> None:
    exchange.send(502, b"<html>Bad gateway</html>", {"Content-Type": "text/html"})


def babble(exchange: Exchange) -> None:
    exchange.send_json(200, {"rooms": "many", "participants": [7]})


def stammer(exchange: Exchange) -> None:
    exchange.send(200, b'{"rooms": [', {"Content-Type": "application/json"})


STRANGE: dict[str, tuple[Callable[[Exchange], None], str]] = {
    "hangs": (lambda exchange: exchange.hang(), "TimeoutError"),
    "hangs-up": (lambda exchange: exchange.drop(), "RemoteDisconnected"),
    "refuses": (refuse, "unauthenticated"),
    "fails": (fail, "HTTP 502"),
    "babbles": (babble, "HTTP 200"),
    "stammers": (stammer, "HTTP 200"),
}


@pytest.mark.parametrize(("answer", "why"), STRANGE.values(), ids=STRANGE)
def test_a_strange_server_makes_voice_unavailable_and_nothing_else(
    answer: Callable[[Exchange], None], why: str, session_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody waits for ever, nothing but the refusal is raised, and the log says why without a token."""
    caplog.set_level(logging.INFO, "interviewos")
    with LocalServer(answer) as server:
        room = LiveKitRoom(LiveKitSettings(server.url.replace("http", "ws"), "devkey", SECRET, AGENT), utc_now)
        with pytest.raises(VoiceUnavailable):
            room.grant(session_id, f"iv-{session_id}", "Ada")
        room.changed(session_id, f"iv-{session_id}")
        room.close(f"iv-{session_id}")

    lines = [record.__dict__ for record in caplog.records if record.name == "interviewos.adapters.livekit"]
    assert why in {line["why"] for line in lines}
    assert not [line for line in lines if any(private in str(line) for private in PRIVATE)]


def test_each_call_shows_a_token_for_that_call_alone(session_id: str) -> None:
    """One grant, one room, one minute: who reads it on the way has nothing."""
    room_name, seen = f"iv-{session_id}", dict[str, api.VideoGrants | None]()

    def answer(exchange: Exchange) -> None:
        claims = api.TokenVerifier("devkey", SECRET).verify(exchange.headers["authorization"].removeprefix("Bearer "))
        seen[exchange.path.rpartition("/")[2]] = claims.video
        if exchange.path.endswith("ListParticipants"):
            exchange.send_json(200, {"participants": [{"identity": "agent-1", "kind": "AGENT", "joined_at_ms": "1"}]})
        elif exchange.path.endswith("PerformRpc"):
            exchange.send_json(408, {"code": "deadline_exceeded", "msg": "no answer"})
        else:
            exchange.send_json(200, {"rooms": [{"name": room_name}], "agent_dispatches": [], "id": "AD_1"})

    with LocalServer(answer) as server:
        room = LiveKitRoom(LiveKitSettings(server.url.replace("http", "ws"), "devkey", SECRET, AGENT), utc_now)
        room.grant(session_id, room_name, "Ada")
        room.changed(session_id, room_name)
        room.close(room_name)

    admin = api.VideoGrants(room_admin=True, room=room_name)
    called = ("ListParticipants", "PerformRpc", "ListDispatch", "CreateDispatch", "UpdateRoomMetadata")
    assert seen == {
        "ListRooms": api.VideoGrants(room_list=True, room=room_name),
        "DeleteRoom": api.VideoGrants(room_create=True, room=room_name),
        **dict.fromkeys(called, admin),
    }


# how many there may be


@pytest.fixture
def empty_server(livekit: LiveKitServer) -> Iterator[LiveKitServer]:
    """One on which no other test has left a room; that there can be one the other has shown."""
    with LiveKitServer() as running:
        yield running


def one_room_at(server: LiveKitServer, room_seconds: int = ROOM_SECONDS) -> LiveKitRoom:
    settings = LiveKitSettings(server.url, server.api_key, server.api_secret, AGENT, max_rooms=1)
    return LiveKitRoom(settings, utc_now, room_seconds)


@pytest.mark.livekit
def test_there_are_no_more_rooms_than_workers_can_serve(
    empty_server: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """Whoever is in an open room comes back to it; a room that would be one too many is not opened, till one closes."""
    room, room_name, other = one_room_at(empty_server), f"iv-{session_id}", str(uuid.uuid4())
    token = room.grant(session_id, room_name, "Ada").token
    people.enter_context(Participant(empty_server.url, token)).wait_for("joined")

    assert room.grant(session_id, room_name, "Ada").token
    with pytest.raises(VoiceFull) as refused:
        room.grant(other, f"iv-{other}", "Bob")
    room.close(room_name)

    assert refused.value.retry_after
    assert room.grant(other, f"iv-{other}", "Bob").token


@pytest.mark.livekit
def test_rooms_of_others_and_tokens_that_nobody_used_are_not_counted(
    empty_server: LiveKitServer, people: ExitStack, session_id: str
) -> None:
    """Another program may share the server, and a token opens nothing by itself."""
    people.enter_context(guest(empty_server, "somebody-elses")).wait_for("joined")
    for _ in range(3):
        one_room_at(empty_server).grant(str(uuid.uuid4()), f"iv-{uuid.uuid4()}", "Bob")

    assert open_rooms(empty_server) == ["somebody-elses"]
    assert one_room_at(empty_server).grant(session_id, f"iv-{session_id}", "Ada").token


@pytest.mark.livekit
def test_a_room_that_everybody_left_is_closed_with_its_dispatch(empty_server: LiveKitServer, session_id: str) -> None:
    """Whoever comes and goes holds a room, and the worker that was sent for, for a minute; here for a second."""
    room, room_name = one_room_at(empty_server, room_seconds=1), f"iv-{session_id}"
    token = room.grant(session_id, room_name, "Ada").token
    with Participant(empty_server.url, token) as candidate:
        candidate.wait_for("joined")
        assert dispatches(empty_server, room_name)

    wait_until(lambda: room_name not in open_rooms(empty_server), 30, "the end of the room")
    other = str(uuid.uuid4())
    assert room.grant(other, f"iv-{other}", "Bob").token
