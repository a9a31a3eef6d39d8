"""The spoken candidate of the tests is itself tried, in a room of the real server, with a stand-in for the worker."""

import asyncio
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from livekit import api
from speaking_agent import WORDS

from speech import pcm
from support.call_records import SAMPLE_RATE
from support.caller import Caller, CallFailed
from support.emulators import require
from support.livekit import LiveKitServer
from support.process import Child, wait_until
from support.speech import Ears, Voice
from support.word_errors import word_error_rate

SCRIPT = Path(__file__).with_name("speaking_agent.py")
AGENT = "agent-caller-1"
MOST_WORD_ERRORS = 0.25
"""Of what travels through a room and is then recognised."""

SENTENCE = "Hello, I am Ada, and I work as a backend engineer in Berlin."


@pytest.fixture(scope="module")
def livekit() -> Iterator[LiveKitServer]:
    """A server of this file's own."""
    require(LiveKitServer.why_not())
    with LiveKitServer(departure_timeout=5) as server:
        yield server


@pytest.fixture
def room() -> str:
    """A room that no other test was in."""
    return f"iv-{uuid.uuid4().hex}"


@pytest.fixture
def tokens(livekit: LiveKitServer, room: str) -> Callable[[], tuple[str, str]]:
    """Tokens of a candidate."""
    return lambda: (livekit.url, token(livekit, room, "cand-caller", "standard"))


@pytest.fixture
def heard(tmp_path: Path) -> Path:
    """Where the agent keeps what it hears."""
    return tmp_path / "heard.wav"


@pytest.fixture
def agent(livekit: LiveKitServer, room: str, voice: Voice, tmp_path: Path, heard: Path) -> Iterator[Child]:
    """An agent in the room."""
    speech = tmp_path / "speech.wav"
    speech.write_bytes(pcm.wav(voice.say(WORDS).samples, SAMPLE_RATE))
    arguments = [livekit.url, token(livekit, room, AGENT, "agent"), str(speech), str(heard)]
    child = Child([sys.executable, str(SCRIPT), *arguments])
    yield child
    print(child.log)
    child.close()


@pytest.fixture
def caller(tokens: Callable[[], tuple[str, str]], voice: Voice, agent: Child) -> Iterator[Caller]:
    """A candidate in the room, who sees the agent."""
    with Caller(tokens, voice) as candidate:
        candidate.join()
        candidate.wait_for_agent()
        candidate.wait_for_attribute("stage", "intro")
        yield candidate


def token(livekit: LiveKitServer, room: str, identity: str, kind: str) -> str:
    """A token for the room, by the vendor's own code."""
    grants = api.VideoGrants(room_join=True, room=room, can_update_own_metadata=True)
    made = api.AccessToken(livekit.api_key, livekit.api_secret).with_identity(identity).with_grants(grants)
    return made.with_kind(kind).to_jwt()


async def delete_room(livekit: LiveKitServer, room: str) -> None:
    """Close the room under everybody's feet."""
    async with api.LiveKitAPI(livekit.api_url, livekit.api_key, livekit.api_secret) as client:
        await client.room.delete_room(api.DeleteRoomRequest(room=room))


def test_what_the_candidate_says_reaches_the_agent(caller: Caller, heard: Path, ears: Ears) -> None:
    """A sentence arrives whole, and the candidate knows when it began and ended."""
    spoken = caller.say(SENTENCE)
    time.sleep(0.5)
    caller.rpc("interview.done")

    samples, rate = pcm.read_wav(heard.read_bytes())
    assert word_error_rate(SENTENCE, ears.hear(samples, rate)) <= MOST_WORD_ERRORS
    assert spoken.began < spoken.ended <= time.monotonic()


def test_the_microphone_never_pauses(caller: Caller, heard: Path) -> None:
    """Silence is sent as well, without which nobody notices the end of a sentence."""
    time.sleep(5)
    caller.rpc("interview.done")

    samples, rate = pcm.read_wav(heard.read_bytes())
    assert len(samples) / 2 / rate > 4


def test_the_candidate_hears_the_agent(caller: Caller, ears: Ears) -> None:
    """Speech is noticed when it begins and ends, its words can be recognised, and its caption is complete."""
    called = time.monotonic()
    assert caller.rpc("interview.changed") == "ok"
    first = caller.wait_for_speech(after=called)
    said_at = caller.wait_for_attribute("stage", "experience")
    last_sound = caller.wait_for_silence(0.5)

    assert called < first.began < last_sound
    assert called < said_at
    assert word_error_rate(WORDS, ears.hear(caller.heard(called, last_sound))) <= MOST_WORD_ERRORS
    segments = caller.heard_segments(after=called)
    assert [segment.identity for segment in segments] == [AGENT] * len(segments)
    wait_until(lambda: caller.captions(AGENT)[0].final, 10, "the end of the caption")
    [caption] = caller.captions(AGENT)
    assert (caption.text.strip(), caption.segment_id) == (WORDS, "SG_1")
    assert caller.attributes()["stage"] == "experience"


def test_a_candidate_that_leaves_can_come_again(caller: Caller) -> None:
    """Leaving is clean, and the same agent is there afterwards."""
    caller.leave()
    assert caller.disconnected == "CLIENT_INITIATED"

    caller.join()

    assert caller.wait_for_agent() == AGENT
    assert caller.rpc("interview.changed") == "ok"


def test_a_candidate_that_vanishes_can_come_again(caller: Caller) -> None:
    """A crash leaves nothing behind that would be in the way, and the log goes on."""
    caller.drop()
    caller.join()

    assert caller.wait_for_agent() == AGENT
    assert caller.rpc("interview.changed") == "ok"
    happened = [entry.what for entry in caller.log]
    assert [what for what in happened if what in ("joined", "dropped")] == ["joined", "dropped", "joined"]


def test_a_frozen_candidate_goes_on(caller: Caller) -> None:
    """After some seconds without a network the candidate is in the room again."""
    caller.freeze()
    time.sleep(3)
    caller.thaw()

    assert caller.rpc("interview.changed", timeout_seconds=15) == "ok"
    caller.wait_for_speech(after=0)


def test_a_closed_room_is_noticed(livekit: LiveKitServer, room: str, caller: Caller) -> None:
    """The candidate knows that it was put out, and why."""
    asyncio.run(delete_room(livekit, room))

    wait_until(lambda: caller.disconnected != "", 10, "the end of the room")
    assert caller.disconnected == "ROOM_DELETED"


def test_a_call_to_nobody_fails(caller: Caller) -> None:
    """An unknown method is an error with LiveKit's own words."""
    with pytest.raises(CallFailed, match="Method not supported"):
        caller.rpc("interview.unknown")


def test_nothing_stays_behind(tokens: Callable[[], tuple[str, str]], voice: Voice) -> None:
    """A candidate that never joined closes, and so does one that did."""
    Caller(tokens, voice).close()
    with Caller(tokens, voice) as candidate:
        pid = candidate.join().pid

    assert not Path(f"/proc/{pid}").exists()
    assert candidate.disconnected == ""
