"""People think in the middle of a sentence, so the worker waits; who has said all presses Done and does not wait."""

import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from livekit import api

from support.call_records import SAMPLE_RATE
from support.caller import Caller, CallFailed
from support.client import ApiClient
from support.emulators import require
from support.livekit import LiveKitServer
from support.speech import Voice
from support.spoken import SpokenService
from support.word_errors import word_error_rate

pytestmark = pytest.mark.long

Call = Callable[[ApiClient], Caller]

ANSWER = "My name is Ada, and I have worked as an engineer in Berlin for seven years."
MORE = "I like databases, and I like to write things down."
BEGINNING, REST = "We decided against a new tool because", "nobody in the team had used it before."
WORST_HEARD = 0.25
WORST_CUT = 0.45
"""Where the words are cut in which Done was pressed."""


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpokenService]:
    """A worker whose turn detector is a model, which takes most synthetic speech for unfinished and waits."""
    require(LiveKitServer.why_not())
    folder = tmp_path_factory.mktemp("patient")
    with SpokenService(folder, worker_env={"TURN_DETECTION": "v1-mini"}) as service:
        yield service


@pytest.fixture
def asked(patient: SpokenService, call: Call) -> tuple[ApiClient, Caller]:
    """A candidate who heard the first question."""
    interview = patient.interview()
    caller = call(interview).join()
    assert caller.wait_for_question() == "2"
    return interview, caller


def answers(interview: ApiClient) -> list[str]:
    return [m["text"] for m in interview.messages()["messages"] if m["role"] == "user"]


def roles(interview: ApiClient) -> list[str]:
    return [m["role"] for m in interview.messages()["messages"]]


def press(caller: Caller) -> float:
    """Press Done; when."""
    at = time.monotonic()
    assert caller.rpc("interview.done", timeout_seconds=15) == "ok"
    return at


def test_a_pause_in_mid_sentence_does_not_split_an_answer(asked: tuple[ApiClient, Caller], voice: Voice) -> None:
    """Somebody who thinks for a second and a half is not taken for somebody who has finished."""
    interview, caller = asked
    silence = bytes(2 * int(1.5 * SAMPLE_RATE))
    spoken = caller.say_audio(voice.say(BEGINNING).samples + silence + voice.say(REST).samples)
    assert caller.wait_for_question(known="2") == "4"

    reply = next(s for s in caller.record.segments if s.began > spoken.began)
    print(f"\nthe reply came {reply.began - spoken.ended:.1f} s after the end of the answer")
    (told,) = answers(interview)
    assert word_error_rate(f"{BEGINNING} {REST}", told) <= WORST_HEARD, told

    (counts,) = [m["speech"] for m in interview.messages()["messages"] if m["role"] == "user"]
    print(f"{counts} of {spoken.ended - spoken.began:.1f} s of sound with a silence of 1.5 s in it")
    assert counts["pauses"] == 1
    assert 1_000 <= counts["longest_pause_ms"] <= 2_500


def test_done_ends_the_turn_at_once(asked: tuple[ApiClient, Caller]) -> None:
    """The reply begins when the words are recognised, and not when a silence was long enough."""
    interview, caller = asked
    caller.say(ANSWER)
    pressed = press(caller)
    reply = caller.wait_for_speech(after=pressed)
    assert caller.wait_for_question(known="2") == "4"

    print(f"\nthe reply began {reply.began - pressed:.2f} s after the press")
    (told,) = answers(interview)
    assert word_error_rate(ANSWER, told) <= WORST_HEARD, told


def test_who_goes_on_after_done_has_said_each_word_once(asked: tuple[ApiClient, Caller], voice: Voice) -> None:
    """The press falls into a gap that is too short to end speech."""
    interview, caller = asked
    before, gap = voice.say(ANSWER).samples, bytes(2 * int(0.2 * SAMPLE_RATE))
    caller.begin_saying(before + gap + voice.say(MORE).samples)
    time.sleep(len(before) / 2 / SAMPLE_RATE)
    reply_to_a_press_is_heard(interview, caller)

    told = answers(interview)
    assert word_error_rate(f"{ANSWER} {MORE}", " ".join(told)) <= WORST_HEARD, told
    assert sum("Ada" in text for text in told) == 1


@pytest.mark.parametrize("early", [0.4, 0.8])
def test_done_in_the_last_words_is_answered(early: float, asked: tuple[ApiClient, Caller], voice: Voice) -> None:
    """What is left of them may be no word to a recogniser, and does not stop the reply."""
    interview, caller = asked
    samples = voice.say(ANSWER).samples
    caller.begin_saying(samples)
    time.sleep(len(samples) / 2 / SAMPLE_RATE - early)
    reply_to_a_press_is_heard(interview, caller)

    told = answers(interview)
    assert word_error_rate(ANSWER, " ".join(told)) <= WORST_CUT, told
    assert sum("Ada" in text for text in told) == 1


def reply_to_a_press_is_heard(interview: ApiClient, caller: Caller) -> None:
    """Press Done, and listen to the end of the question that follows."""
    pressed = press(caller)
    reply = caller.wait_for_speech(after=pressed)
    caller.end_of_speech()
    caller.wait_for_question(known="2")
    ended = caller.wait_for_silence(6)

    *_, question = (m["text"] for m in interview.messages()["messages"] if m["role"] == "agent")
    *_, heard = (c.text for c in caller.captions() if c.identity.startswith("agent-"))
    print(f"\nthe reply began {reply.began - pressed:.2f} s after the press and ended after {ended - pressed:.2f} s")
    print(f"the answer: {answers(interview)}")
    assert heard.split() == question.split()


def test_done_after_nothing_does_nothing(asked: tuple[ApiClient, Caller]) -> None:
    """No turn is made of no words, and the next answer is heard as usual."""
    interview, caller = asked
    pressed = press(caller)
    caller.wait_for_silence(4)
    assert [s for s in caller.record.segments if s.began > pressed] == []
    assert roles(interview) == ["system", "agent"]

    caller.say(ANSWER)
    press(caller)
    assert caller.wait_for_question(known="2") == "4"
    (told,) = answers(interview)
    assert word_error_rate(ANSWER, told) <= WORST_HEARD, told


def test_done_pressed_twice_is_one_turn(asked: tuple[ApiClient, Caller]) -> None:
    """An impatient candidate is answered once."""
    interview, caller = asked
    caller.say(ANSWER)
    press(caller)
    press(caller)
    assert caller.wait_for_question(known="2") == "4"
    caller.wait_for_silence(6)

    assert roles(interview) == ["system", "agent", "user", "agent"]
    (told,) = answers(interview)
    assert word_error_rate(ANSWER, told) <= WORST_HEARD, told


def test_nobody_else_ends_the_turn(patient: SpokenService, asked: tuple[ApiClient, Caller], voice: Voice) -> None:
    """Somebody else in the room presses in the middle of the candidate's sentence, and it stays whole."""
    interview, caller = asked
    stranger = Caller(lambda: stranger_token(patient.livekit, interview), voice)
    with stranger:
        stranger.join()
        stranger.wait_for_agent()
        samples = voice.say(ANSWER).samples
        caller.begin_saying(samples)
        time.sleep(len(samples) / 2 / SAMPLE_RATE / 2)
        with pytest.raises(CallFailed, match="only the candidate"):
            press(stranger)
        caller.end_of_speech()
        assert caller.wait_for_question(known="2") == "4"

    (told,) = answers(interview)
    assert word_error_rate(ANSWER, told) <= WORST_HEARD, told


def stranger_token(livekit: LiveKitServer, interview: ApiClient) -> tuple[str, str]:
    """A token for the candidate's room in another name."""
    grants = api.VideoGrants(room_join=True, room=f"iv-{interview.session_id}")
    token: Any = api.AccessToken(livekit.api_key, livekit.api_secret).with_identity(f"guest-{uuid.uuid4().hex}")
    return livekit.url, str(token.with_grants(grants).to_jwt())
