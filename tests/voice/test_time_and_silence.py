"""Time runs while people talk and while they are silent: nobody is cut off in mid-sentence, nobody is nagged."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.caller import Caller, groan
from support.candidates import SENTENCES
from support.client import ApiClient
from support.process import wait_until
from support.speech import Ears, Voice
from support.spoken import SpokenService
from support.word_errors import word_error_rate
from voice import notices

pytestmark = pytest.mark.long

Call = Callable[[ApiClient], Caller]

SOON = {"INTRO_TIMEOUT_S": "6", "STAGE_GRACE_S": "14", "EXPERIENCE_TIMEOUT_S": "300"}
"""The first question may be answered for some fourteen seconds, of which all but six are grace: the answer is late."""
IMPATIENT = Path(__file__).with_name("impatient_worker.py")
AWAY_SECONDS = 3
WORST_HEARD = 0.25


def test_words_until_time_is_up_count_and_moving_on_is_heard_whole(
    start_spoken: Callable[..., SpokenService], call: Call, voice: Voice, ears: Ears
) -> None:
    """A candidate in mid-sentence is ended politely: nothing of the answer is lost, nothing of the reply is cut."""
    spoken = start_spoken(env=SOON)
    interview = spoken.interview()
    caller = call(interview).join()
    caller.wait_for_question()

    story = SENTENCES[:7]
    caller.begin_saying(b"".join(voice.say(sentence).samples for sentence in story))
    began = time.monotonic()
    wait_until(lambda: caller.attributes().get("stage") == "experience", 60, "the next stage")
    assert caller.speaking
    reply = caller.wait_for_speech(after=began)
    caller.end_of_speech()
    caller.wait_for_question(known="4")

    messages = interview.messages()["messages"]
    moved = next(m for m in messages if m["stage"] == "experience")
    first = next(turn for turn in spoken.worker.lines("voice turn") if moved["seq"] in turn["seqs"])
    assert not first["interrupted"]
    assert moved["text"] in [c.text for c in caller.captions(caller.agents()[-1])]
    segment = next(s for s in caller.heard_segments(pause_seconds=0.8) if s.began == reply.began)
    understood = ears.hear(caller.heard(segment.began - 0.3, segment.ended + 0.3))
    assert word_error_rate(moved["text"], understood) <= WORST_HEARD, understood
    parts = [m["text"] for m in messages if m["role"] == "user"]
    told = " ".join(parts)
    rate = word_error_rate(" ".join(story), told)
    print(f"\nthe story came in {len(parts)} answers, word error rate {rate:.1%}")
    assert rate <= WORST_HEARD, told


def test_a_silent_candidate_is_asked_once_for_each_question(
    start_spoken: Callable[..., SpokenService], call: Call
) -> None:
    """Somebody who thinks long is asked whether they are there, and not again, although they groan."""
    spoken = start_spoken(worker_env={"AWAY_SECONDS": str(AWAY_SECONDS)}, script=IMPATIENT)
    interview = spoken.interview()
    caller = call(interview).join()
    caller.wait_for_question()

    wait_until(lambda: asked(caller) == 1, 30, "the worker's own question")
    caller.say_audio(groan())
    caller.wait_for_silence(3 * AWAY_SECONDS)
    assert asked(caller) == 1

    caller.say(SENTENCES[0])
    caller.wait_for_question(known="2")
    wait_until(lambda: asked(caller) == 2, 30, "the worker's own question")
    caller.wait_for_silence(3 * AWAY_SECONDS)
    assert asked(caller) == 2
    assert [m["role"] for m in interview.messages()["messages"]] == ["system", "agent", "user", "agent"]


def asked(caller: Caller) -> int:
    """How often it was asked whether somebody is there."""
    return sum(c.text == notices.STILL_THERE for c in caller.captions(caller.agents()[-1]))
