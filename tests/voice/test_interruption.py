"""Both speak at a time: who gives way, what counts as heard, and what the model is told of it."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from support.caller import Caller, cough, groan
from support.client import ApiClient
from support.gemini import FakeGemini, Gate, Text
from support.process import wait_until
from support.speech import Ears, Voice
from support.spoken import SpokenService
from voice.settings import TurnDetection
from voice.turn_taking import turn_handling

Call = Callable[[ApiClient], Caller]

GREETING = (
    "Welcome to this interview. First I ask about you and about your path so far, then we look closely at one project "
    "of yours, and at last you hear what went well and what could be better. So: could you please introduce yourself?"
)
"""Some twelve seconds."""
ECHO_SECONDS = 3.5
"""For three seconds of its first speech the framework hears nobody: a browser learns meanwhile what its echo is."""
WHOLE = 0.85
SHORT = "Wait, please."
"""0.8 seconds."""


def greeted(spoken: SpokenService, call: Call) -> tuple[ApiClient, Caller]:
    """A candidate who hears a long greeting, and whose echo the framework does not wait for any more."""
    spoken.gemini.say(f"{GREETING}\n<<<STAY>>>")
    interview = spoken.interview()
    caller = call(interview).join()
    caller.wait_for_speech(after=0)
    time.sleep(ECHO_SECONDS)
    return interview, caller


def wait_until_said(caller: Caller, text: str) -> None:
    """Wait until the interviewer's captions end with these words: they come with the sound."""
    words = text.split()

    wait_until(lambda: last_caption(caller).split()[-len(words) :] == words, 60, "the end of what the interviewer says")


def sounded_whole(caller: Caller, voice: Voice, text: str, after: float = 0.0) -> bool:
    """Whether the interviewer sounded for as long as these lines take, pauses left out; any voice takes about that."""
    sounded = sum(segment.ended - max(segment.began, after) for segment in caller.heard_segments(after))
    wanted = sum(voice.say(line).seconds for line in text.splitlines())
    print(f"\nsounded for {sounded:.1f} s, and {wanted:.1f} s were to be heard")
    return sounded >= WHOLE * wanted


def last_caption(caller: Caller) -> str:
    """What the interviewer said last; it may have left by now."""
    return [c.text for c in caller.captions() if c.identity.startswith("agent-")][-1]


def told_of_interruptions(gemini: FakeGemini) -> list[dict[str, Any]]:
    """The lines of the newest request that the candidate did not hear to their end."""
    lines = [json.loads(line) for line in gemini.requests[-1].text.splitlines() if line.startswith("{")]
    return [line for line in lines if "interrupted_candidate_heard_only" in line]


def answers(interview: ApiClient) -> list[str]:
    return [m["text"] for m in interview.messages()["messages"] if m["role"] == "user"]


def test_a_candidate_who_speaks_gets_the_floor_and_the_model_learns_what_was_heard(
    spoken: SpokenService, call: Call, ears: Ears
) -> None:
    """Eight tenths of a second are enough; what was heard goes along with the answer, and nothing else."""
    interview, caller = greeted(spoken, call)

    said = caller.say(SHORT)
    assert caller.wait_for_question(known="2") == "4"

    cut, *_ = caller.heard_segments(after=said.began, pause_seconds=0.6)
    least = turn_handling(TurnDetection.VAD)["interruption"]["min_duration"]
    print(f"\nstopped {cut.ended - said.began - least:.2f} s after {least:g} s of speech")
    assert len(answers(interview)) == 1
    (told,) = told_of_interruptions(spoken.gemini)
    assert told["text"] == GREETING
    known = told["interrupted_candidate_heard_only"]
    assert GREETING.startswith(known)
    understood = ears.hear(caller.heard(cut.began - 0.3, cut.ended + 0.3))
    print(f"{len(known.split())} words count as heard, {len(understood.split())} were")
    assert 0 < len(known.split()) < len(GREETING.split()) / 2

    caller.say("I am Ada, and I work as a backend engineer in Berlin.")
    assert caller.wait_for_question(known="4") == "6"
    assert told_of_interruptions(spoken.gemini) == [told]


@pytest.mark.long
@pytest.mark.parametrize("sound", [cough(0.3), cough(0.7), groan()], ids=["cough", "long-cough", "groan"])
def test_a_sound_without_words_does_not_end_what_the_interviewer_says(
    spoken: SpokenService, call: Call, voice: Voice, sound: bytes
) -> None:
    """It goes on and is heard to its end, and no turn is made."""
    interview, caller = greeted(spoken, call)
    asked = spoken.gemini.calls

    caller.say_audio(sound)
    wait_until_said(caller, GREETING)
    assert caller.wait_for_question() == "2"
    caller.wait_for_silence(3)

    print(f"\npauses: {[round(s.seconds, 1) for s in caller.heard_segments(pause_seconds=0.8)]}")
    assert interview.messages()["seq"] == 2
    assert interview.messages()["pending"] == []
    assert spoken.gemini.calls == asked
    assert sounded_whole(caller, voice, GREETING)


@pytest.mark.long
def test_an_answer_that_goes_on_while_the_model_thinks_gets_one_reply(spoken: SpokenService, call: Call) -> None:
    """Both parts are stored once, and what the model made of the first one alone is never heard."""
    interview = spoken.interview()
    caller = call(interview).join()
    caller.wait_for_question()
    gate = Gate(after_chunks=0)
    spoken.gemini.say(Text("This answers one half.\n<<<STAY>>>", gate=gate))

    caller.say("I work as a backend engineer in Berlin.")
    wait_until(gate.reached.is_set, 30, "the question to the model")
    caller.say("I like it very much.")
    seq = caller.wait_for_question(known="3")
    gate.set()

    messages = interview.messages()["messages"]
    assert seq == "5"
    assert [m["role"] for m in messages] == ["system", "agent", "user", "user", "agent"]
    assert "backend engineer" in messages[2]["text"]
    assert "very much" in messages[3]["text"]
    assert [c.text for c in caller.captions(caller.agents()[-1])] == [messages[1]["text"], messages[4]["text"]]


@pytest.mark.long
def test_feedback_is_heard_to_its_end_although_the_candidate_talks(
    spoken: SpokenService, call: Call, voice: Voice
) -> None:
    """Nobody interrupts the end, and the room closes after it."""
    interview = spoken.interview()
    interview.start()
    for number in range(4):
        interview.answer(f"Answer {number}: I build robots that sort parcels.")
    caller = call(interview).join()
    known = caller.wait_for_question()
    caller.say("My own part was the design and most of the code.")
    wait_until(lambda: caller.attributes().get("stage") == "done", 60, "the end of the interview")
    began = caller.wait_for_speech(after=time.monotonic() - 1).began

    caller.say("Oh, and I like this work because a small change can save a lot of people a lot of time.")
    assert caller.wait_for_question(known) == ""

    body = interview.messages()
    *_, closing, feedback = [m["text"] for m in body["messages"]]
    assert body["status"] == "ended"
    assert sounded_whole(caller, voice, f"{closing}\n{feedback}", began)
    assert last_caption(caller).split() == f"{closing}\n{feedback}".split()
    caller.wait_for_attribute("over", "1")


@pytest.mark.long
def test_a_candidate_who_finishes_in_writing_hears_the_feedback_at_once(
    spoken: SpokenService, call: Call, voice: Voice
) -> None:
    """The page ends the interview while the interviewer speaks; that stops, and the feedback is heard to its end."""
    interview, caller = greeted(spoken, call)
    finished = interview.finish()
    told = time.monotonic()
    caller.rpc("interview.changed")
    assert caller.wait_for_question(known="9") == ""

    states = [c for c in caller.record.attributes if c.name == "lk.agent.state" and c.at > told]
    began = next(change.at for change in states if change.value == "speaking")
    print(f"\nthe feedback began {began - told:.2f} s after the press")
    text = "\n".join(m["text"] for m in finished["messages"])
    assert sounded_whole(caller, voice, text, told)
    assert last_caption(caller).split() == text.split()
    caller.wait_for_attribute("over", "1")
