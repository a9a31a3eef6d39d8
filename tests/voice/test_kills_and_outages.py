"""Whoever is killed, cut off or reloaded: the interview goes on in its question, and no turn is lost or doubled."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from support.caller import Caller
from support.candidates import SENTENCES
from support.client import ApiClient
from support.gemini import Gate, GeminiRequest, Text
from support.process import wait_until
from support.puppet import interviewer_script
from support.speech import Voice
from support.spoken import SpokenService
from support.talk import Talk

pytestmark = pytest.mark.long

NETWORK_AWAY_SECONDS = 60

Start = Callable[..., SpokenService]
Call = Callable[[ApiClient], Caller]
Moment = Callable[[Talk, SpokenService], None]


def in_mid_answer(talk: Talk, spoken: SpokenService) -> None:
    """The candidate says something long; nothing of it has been recognised when the worker is gone."""
    talk.caller.begin_saying(Voice().say(SENTENCES[7]).samples)
    time.sleep(1.5)
    assert talk.caller.speaking


def in_mid_reply(talk: Talk, spoken: SpokenService) -> None:
    """The interviewer has begun to ask the next question."""
    ended = time.monotonic()
    talk.answer()
    talk.caller.wait_for_speech(after=ended)
    talk.wait(lambda: talk.caller.attributes()["lk.agent.state"] == "speaking", "the interviewer's turn to speak")
    talk.known = str(int(talk.known) + 2)


def in_mid_thought(talk: Talk, spoken: SpokenService) -> None:
    """The answer is kept, the model has it, and its reply comes when nobody waits for it any more."""
    gate = Gate()

    def thinks_long(request: GeminiRequest) -> Text:
        return replace(interviewer_script(request), gate=gate)

    spoken.gemini.script = thinks_long
    talk.answer()
    wait_until(gate.reached.is_set, 30, "the answer's way to the model")
    gate.set()
    talk.known = str(int(talk.known) + 2)


MOMENTS = (in_mid_answer, in_mid_reply, in_mid_thought)


@pytest.mark.parametrize("moment", [in_mid_answer, in_mid_reply, in_mid_thought])
def test_a_killed_job_is_replaced(start_spoken: Start, call: Call, moment: Moment) -> None:
    """The worker's main process lives on and takes the interview again when the page calls."""
    spoken = start_spoken()
    talk = begun(spoken, call)
    moment(talk, spoken)

    killed_at = time.monotonic()
    os.kill(spoken.worker.interview_pid(talk.interview.session_id), signal.SIGKILL)
    go_on(talk, killed_at)


def test_a_killed_worker_is_replaced_by_a_new_one(start_spoken: Start, call: Call) -> None:
    """All of its processes are gone; another one takes the interview when the page calls."""
    spoken = start_spoken()
    talk = begun(spoken, call)
    in_mid_reply(talk, spoken)

    killed_at = time.monotonic()
    spoken.worker.kill()
    with spoken.new_worker():
        go_on(talk, killed_at)


@pytest.mark.parametrize("seconds", [1, 75])
def test_a_killed_livekit_server_comes_back(start_spoken: Start, call: Call, seconds: float) -> None:
    """Its rooms are gone with it: both sides find back after a second, and come anew after more than a minute."""
    spoken = start_spoken()
    talk = begun(spoken, call)

    spoken.livekit.kill()
    time.sleep(seconds)
    spoken.livekit.start()
    go_on(talk, time.monotonic())


def test_a_page_is_reloaded(spoken: SpokenService, call: Call) -> None:
    """The candidate leaves and is back at once, in the middle of a reply."""
    talk = begun(spoken, call)
    in_mid_reply(talk, spoken)

    left_at = time.monotonic()
    talk.caller.leave()
    talk.caller.join()
    go_on(talk, left_at)


def test_a_browser_crashes(spoken: SpokenService, call: Call) -> None:
    """The candidate is back before LiveKit has noticed that they were gone."""
    talk = begun(spoken, call)

    left_at = time.monotonic()
    talk.caller.drop()
    talk.caller.join()
    go_on(talk, left_at)


def test_a_network_is_away_for_a_minute(spoken: SpokenService, call: Call) -> None:
    """The candidate's side does not even notice until it is back."""
    talk = begun(spoken, call)

    talk.caller.freeze()
    time.sleep(NETWORK_AWAY_SECONDS)
    talk.caller.thaw()
    go_on(talk, time.monotonic())


def test_a_second_tab_takes_over(spoken: SpokenService, call: Call) -> None:
    """The first one is told why it was sent away, and the interview goes on in the second."""
    first = begun(spoken, call)
    second = first.elsewhere(call(first.interview))

    opened_at = time.monotonic()
    second.caller.join()
    wait_until(lambda: first.caller.disconnected == "DUPLICATE_IDENTITY", 30, "the end of the first tab")
    go_on(second, opened_at)


def begun(spoken: SpokenService, call: Call) -> Talk:
    """An interview in its second question, so that a second greeting would be noticed."""
    interview = spoken.interview(candidate_name="Ada")
    talk = Talk(interview, call(interview))
    talk.begin()
    talk.answer()
    talk.next_question()
    return talk


def go_on(talk: Talk, since: float) -> None:
    """Hear the question that stands once more, and hold the interview to its end."""
    began = talk.hear_again(since)
    print(f"\nheard again {began - since:.1f} s later")
    talk.to_the_end()
    talk.check_transcript()
    talk.check_voices()
