"""Who is in the room of an interview, what the page is told, and whose job it is."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from livekit import api, rtc

from support import virtual_time
from support.fake_livekit import FakeLiveKit
from voice import logs
from voice.job import accept, session_of
from voice.room import InterviewRoom

SESSION = "3f6f0c1e-8f3a-4f5e-9f63-0d4c3c6f7a11"
OTHER = "9b2d7a60-5c1f-4f0e-8a11-6b7f4f1f2c33"
AGENT = api.ParticipantInfo.Kind.AGENT
STANDARD = api.ParticipantInfo.Kind.STANDARD


def inside(test: Callable[[FakeLiveKit, InterviewRoom], Coroutine[Any, Any, None]], *who: api.ParticipantInfo) -> None:
    """Run a test in a room, on virtual time."""

    async def whole() -> None:
        livekit: Any = FakeLiveKit(*who, name=f"iv-{SESSION}", me=f"agent-{SESSION}-me")
        await test(livekit, InterviewRoom(livekit, SESSION))

    virtual_time.run(whole())


def participant(identity: str, joined_ms: int = 0, kind: Any = AGENT, joined: int = 0) -> api.ParticipantInfo:
    return api.ParticipantInfo(identity=identity, joined_at_ms=joined_ms, joined_at=joined, kind=kind)


def test_the_page_is_told_only_what_is_new() -> None:
    """Attributes go to everybody in the room; what is not confirmed yet is told again."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        room.spawn(room.sync_attributes())
        room.publish(stage="intro", seq="1")
        await asyncio.sleep(1)
        room.publish(stage="intro", seq="2")
        room.publish(stage="intro", seq="2")
        await asyncio.sleep(1)
        assert livekit.sent == [{"stage": "intro", "seq": "1"}, {"seq": "2"}]
        assert livekit.attributes == {"stage": "intro", "seq": "2"}

    inside(test)


def test_only_the_candidate_ends_their_turn() -> None:
    """Whoever else is in the room, or calls by the server, is refused."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        ended: list[bool] = []

        async def end_turn() -> None:
            ended.append(True)

        room.on_done(end_turn)
        for caller in ("", f"cand-{OTHER}", f"agent-{SESSION}-x", "a-server"):
            with pytest.raises(rtc.RpcError):
                await livekit.call("interview.done", caller)
        assert await livekit.call("interview.done", f"cand-{SESSION}") == "ok"
        assert ended == [True]

    inside(test)


def test_the_functions_and_the_candidate_say_that_the_interview_went_on() -> None:
    """By a call or by the room's metadata; a call of the server's API has an identity that nobody has."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        looked: list[bool] = []
        room.on_changed(lambda: looked.append(True))
        livekit.remote_participants = dict.fromkeys([f"cand-{SESSION}", f"cand-{OTHER}", "stranger"], object())
        for caller in ("4e1f0c1e-8f3a-4f5e-9f63-0d4c3c6f7a99", f"cand-{SESSION}"):
            assert await livekit.call("interview.changed", caller) == "ok"
        livekit.emit("room_metadata_changed", "", '{"changed": "1"}')
        assert len(looked) == 3

        for caller in (f"cand-{OTHER}", "stranger"):
            with pytest.raises(rtc.RpcError) as refused:
                await livekit.call("interview.changed", caller)
            assert refused.value.code == 403
        assert len(looked) == 3

    inside(test)


def test_nobody_but_the_candidate_comes_and_goes() -> None:
    """Other participants, an older agent among them, are nobody to talk to."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        seen: list[str] = []
        room.on_candidate(lambda: seen.append("came"), lambda: seen.append("left"))
        for name in ("participant_connected", "participant_disconnected"):
            livekit.emit(name, SimpleNamespace(identity=f"cand-{OTHER}"))
            livekit.emit(name, SimpleNamespace(identity=f"cand-{SESSION}"))
        assert seen == ["came", "left"]
        assert not room.occupied
        livekit.remote_participants[f"cand-{SESSION}"] = object()
        assert room.occupied

    inside(test)


@pytest.mark.parametrize(
    ("others", "removed"),
    [
        ([participant(f"agent-{SESSION}-old", 1_000)], [f"agent-{SESSION}-old"]),
        ([participant(f"agent-{SESSION}-new", 3_000)], []),
        ([participant(f"agent-{SESSION}-a", 2_000)], [f"agent-{SESSION}-a"]),
        ([participant(f"agent-{SESSION}-z", 2_000)], []),
        ([participant(f"agent-{SESSION}-old", 0, joined=1)], [f"agent-{SESSION}-old"]),
        ([participant(f"cand-{SESSION}", 1_000, STANDARD)], []),
    ],
    ids=["older", "newer", "as old, earlier in the alphabet", "as old, later in it", "seconds only", "no agent"],
)
def test_the_newest_interviewer_removes_the_older_ones(others: list[api.ParticipantInfo], removed: list[str]) -> None:
    """Of two that come at once exactly one stays."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        await room.remove_older_agents()
        assert livekit.removed == removed

    inside(test, participant(f"agent-{SESSION}-me", 2_000), *others)


def test_an_older_interviewer_that_left_by_itself_is_no_error() -> None:
    """A killed one stays listed for a while."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        livekit.ghosts = {"agent-a"}
        await room.remove_older_agents()
        assert livekit.removed == ["agent-a", "agent-b"]

    mine = participant(f"agent-{SESSION}-me", 2_000)
    inside(test, mine, participant("agent-a", 1_000), participant("agent-b", 1_000))


@pytest.mark.parametrize("error", [aiohttp.ClientConnectionError(), TimeoutError()], ids=["network", "slow"])
def test_an_interviewer_that_cannot_ask_who_is_there_goes_on(error: Exception) -> None:
    """A blip of the network ends no interview; a dead agent leaves the list by itself."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        livekit.unreachable = error
        await room.remove_older_agents()
        assert livekit.removed == []

    inside(test, participant(f"agent-{SESSION}-me", 2_000), participant("agent-a", 1_000))


def test_an_interviewer_that_is_not_listed_removes_nobody() -> None:
    """It cannot know who is older."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        await room.remove_older_agents()
        assert livekit.removed == []

    inside(test, participant(f"agent-{SESSION}-old", 1_000))


def test_the_room_is_closed_before_the_job_ends() -> None:
    """And a moment after the last word, which is still on its way."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        began = asyncio.get_running_loop().time()
        await room.close()
        assert livekit.ended == ["room", "job"]
        assert asyncio.get_running_loop().time() - began >= 1

    inside(test)


def test_work_that_fails_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """It is nobody's to wait for."""

    async def test(livekit: FakeLiveKit, room: InterviewRoom) -> None:
        async def fail() -> None:
            raise RuntimeError("broken")

        room.spawn(fail())
        await asyncio.sleep(1)

    inside(test)
    assert [record.getMessage() for record in caplog.records] == ["work in the room failed"]


# jobs


@pytest.mark.parametrize(
    "metadata",
    [
        "",
        "{",
        "null",
        "1",
        "[]",
        '"session_id"',
        "{}",
        '{"session_id": null}',
        '{"session_id": ["a"]}',
        '{"session_id": ""}',
        json.dumps({"session_id": OTHER}),
        json.dumps({"session_id": f"{SESSION}\n"}),
        json.dumps({"session_id": SESSION.upper()}),
        json.dumps({"session_id": "../" + SESSION}),
        "[" * 100_000,
    ],
)
def test_a_job_for_another_interview_than_its_rooms_is_refused(metadata: str) -> None:
    """Also one for none."""
    assert session_of(metadata, f"iv-{SESSION}") is None


@pytest.mark.parametrize("room", ["", "iv-", f"iv-{OTHER}", SESSION, f"iv-{SESSION}-2"])
def test_a_job_in_another_room_is_refused(room: str) -> None:
    """A token of one room opens no other interview."""
    assert session_of(json.dumps({"session_id": SESSION}), room) is None


class FakeRequest:
    """A job that LiveKit offers."""

    def __init__(self, metadata: str) -> None:
        self.id = "AJ_1"
        self.job = SimpleNamespace(metadata=metadata)
        self.room = SimpleNamespace(name=f"iv-{SESSION}")
        self.answer: object = None

    async def accept(self, *, identity: str, name: str) -> None:
        self.answer = identity

    async def reject(self) -> None:
        self.answer = "rejected"


@pytest.mark.parametrize(
    ("session_id", "answer"), [(SESSION, f"agent-{SESSION}-AJ_1"), (OTHER, "rejected")], ids=["its own", "another"]
)
def test_each_job_has_an_identity_of_its_own(session_id: str, answer: str) -> None:
    """Two jobs under one identity would end each other."""
    request: Any = FakeRequest(json.dumps({"session_id": session_id}))
    asyncio.run(accept(request))

    assert request.answer == answer


def test_what_the_framework_marks_as_personal_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """It attaches transcripts to its lines."""
    logs.configure()
    caplog.set_level(logging.DEBUG, logger="livekit.agents")
    logger = logging.getLogger("livekit.agents")
    logger.debug("received user transcript", extra={"lk.pii.user_transcript": "I build robots.", "language": "en"})

    (record,) = caplog.records
    assert record.__dict__["language"] == "en"
    assert "robots" not in repr(record.__dict__)
