"""What the interviewer takes for granted about LiveKit's session, with the real one, in real time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from livekit.agents import inference

from support.fake_functions import FakeFunctions, TurnScript
from support.fake_session import FakeRoom
from support.real_session import Call, call
from voice.interviewer import Interviewer
from voice.turn_taking import DEFAULT_ENDPOINTING

LONG = "What was the hardest part of all of it for you and for your whole team in those days?"
WRITTEN = (
    "You used count(*) for $20, e.g. in handlers[name](event), when 5 < 6. Why did you do that with __init__, 24/7, "
    "for QA and for everybody else, and what did they say about it in the end, when all of it was done and paid for?"
)

Scene = Callable[[Call, FakeFunctions, FakeRoom], Coroutine[Any, Any, None]]


def play(scene: Scene) -> None:
    """Hold a scene after the greeting."""

    async def whole() -> None:
        functions, room = FakeFunctions(), FakeRoom()
        room.occupied = True
        async with call(Interviewer(functions, room)) as candidate:  # type: ignore[arg-type]
            await candidate.until_speaking()
            await candidate.until_listening()
            assert candidate.heard == ["Question 1?"]
            await scene(candidate, functions, room)
        await functions.settled()

    asyncio.run(whole())


def test_a_cough_does_not_end_a_reply() -> None:
    """It pauses, and goes on, whatever a recogniser makes of the sound."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        functions.turns.append(TurnScript((LONG,)))
        await candidate.makes_a_sound(0.5, "I build robots.")
        await candidate.until_speaking()
        await candidate.makes_a_sound(0.6, "...")
        await candidate.until_listening()
        await candidate.until_speaking()
        await candidate.until_listening()

        assert candidate.heard[-1] == LONG
        assert len(functions.events) == 2

    play(scene)


def test_words_over_the_interviewer_stop_it() -> None:
    """They are the next answer, and it is told that the question broke off."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        functions.turns.append(TurnScript((LONG,)))
        await candidate.makes_a_sound(0.5, "I build robots.")
        await candidate.until_speaking()
        await candidate.makes_a_sound(0.8, "The wheels.")
        await candidate.until_heard("Question 2?")

        assert functions.said("user") == ["I build robots.", "The wheels."]
        assert candidate.heard[-1] == "Question 2?"

    play(scene)


def test_code_and_figures_are_said_in_words_and_told_as_they_were_written() -> None:
    """What broke off is known by the written words: the first of them were heard."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        functions.turns.append(TurnScript((WRITTEN,)))
        await candidate.makes_a_sound(0.5, "I build robots.")
        await candidate.until_speaking()
        await asyncio.sleep(1)
        await candidate.makes_a_sound(0.8, "The wheels.")
        await candidate.until_heard("Question 2?")

        [heard] = functions.heard
        assert 0 < len(heard.text) < len(WRITTEN)
        assert WRITTEN.startswith(heard.text)
        assert "You used count star for 20 dollars" in " ".join(candidate.said)

    play(scene)


def test_the_button_sends_what_was_said_without_a_silence() -> None:
    """Also the words that are on their way, once."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        speaking = asyncio.create_task(candidate.makes_a_sound(2.0, "I build robots."))
        await asyncio.sleep(0.6)
        room.done()
        await candidate.until(lambda: functions.candidate_words == "I build robots.")
        assert not speaking.done()

        await speaking
        await candidate.until_listening()
        await asyncio.sleep(1.2)
        assert functions.candidate_words == "I build robots."

    play(scene)


def test_sound_after_the_button_that_is_no_word_does_not_stop_the_reply() -> None:
    """The framework has not kept the words that the button took, or it would end a turn with them after the sound."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        speaking = asyncio.create_task(candidate.makes_a_sound(1.0, "I build robots."))
        await asyncio.sleep(0.6)
        room.done()
        await speaking
        await candidate.until_heard("Question 2?")
        await asyncio.sleep(1)
        assert functions.said("user") == ["I build robots."]
        assert candidate.said == ["Question 1?", "Question 2?"]

    play(scene)


def test_what_is_said_next_follows_an_interruption_at_once() -> None:
    """Whatever sounded or waited before is stopped, and the new speech is not."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        functions.turns.append(TurnScript((LONG,)))
        await candidate.makes_a_sound(0.5, "I build robots.")
        await candidate.until_speaking()
        functions.moves_on("experience", "Tell me about a project.")
        room.changed()
        await candidate.until_heard("Tell me about a project.")
        await candidate.until_listening()

        assert candidate.heard[-1] == "Tell me about a project."
        assert candidate.heard.count("Tell me about a project.") == 1

    play(scene)


def test_an_answer_during_a_speech_that_nothing_interrupts_is_not_lost() -> None:
    """The framework drops that turn and its words travel with the next one, or ends it after the speech."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        speaking = asyncio.create_task(candidate.makes_a_sound(1.0, "I build"))
        await asyncio.sleep(0.3)
        functions.moves_on("experience", LONG)
        room.changed()
        await speaking
        await candidate.until_speaking()
        await candidate.until_listening()
        assert functions.said("user") == []

        await candidate.makes_a_sound(0.5, "robots.")
        await candidate.until_speaking()
        assert " ".join(functions.said("user")) == "I build robots."

    play(scene)


def test_the_feedback_is_heard_to_its_end() -> None:
    """Nothing interrupts it, and then the room is closed."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        functions.turns.append(TurnScript(("Thank you.", LONG), ends=True))
        await candidate.makes_a_sound(0.5, "That was all.")
        await candidate.until_speaking()
        await candidate.makes_a_sound(0.8, "Thank you, too!")
        async with asyncio.timeout(10):
            await room.closed.wait()

        assert candidate.heard[-1].split() == f"Thank you. {LONG}".split()
        assert room.published["over"] == "1"

    play(scene)


def test_the_silence_after_an_answer_is_judged_with_its_last_words() -> None:
    """The framework looks at its delays once the interviewer has heard the words, so what joins is waited for."""
    whole = "they last for many years and nobody has to climb up there in the winter."

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        always_finished = inference.TurnDetector(version="v1-mini", unlikely_threshold=0.0)
        candidate.session.update_options(turn_detection=always_finished)
        await candidate.makes_a_sound(0.5, "I build robots because.")
        await asyncio.sleep(DEFAULT_ENDPOINTING["min_delay"] + 1)
        await candidate.makes_a_sound(0.5, whole)
        await candidate.until_heard("Question 2?")

        assert functions.said("user") == [f"I build robots because. {whole}"]

    play(scene)


def test_an_answer_is_counted_by_the_moments_that_the_framework_tells() -> None:
    """They are set back to where speech began and ended; the pause in it is one, the silence around it none."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        candidate.session.update_options(endpointing_opts={"min_delay": 2.5, "max_delay": 2.5})
        await asyncio.sleep(1.5)
        began = time.monotonic()
        await candidate.makes_a_sound(1.0, "I build robots.")
        paused = time.monotonic()
        await asyncio.sleep(1.6)
        went_on = time.monotonic()
        await candidate.makes_a_sound(0.8, "They last for many years and nobody has to climb up there in the winter.")
        ended = time.monotonic()
        await candidate.until(lambda: len(functions.events) == 2)

        speech = functions.events[-1].speech
        assert speech
        loud, silent = paused - began + ended - went_on, went_on - paused
        print(f"\ncounted {speech} of {loud:.2f} s with a pause of {silent:.2f} s")
        assert (speech.words, speech.pauses) == (18, 1)
        assert speech.speech_ms == pytest.approx(loud * 1_000, abs=700)
        assert speech.longest_pause_ms == pytest.approx(silent * 1_000, abs=700)

    play(scene)


def test_the_button_in_mid_speech_ends_the_time_of_its_answer() -> None:
    """What goes on after it is of the next one: together they are as long as the speech."""

    async def scene(candidate: Call, functions: FakeFunctions, room: FakeRoom) -> None:
        began = time.monotonic()
        speaking = asyncio.create_task(candidate.makes_a_sound(3.0, "I build robots."))
        await asyncio.sleep(0.8)
        candidate.will_be_understood_as("For ships.")
        room.done()
        await candidate.until(lambda: len(functions.events) >= 2)
        await speaking
        seconds = time.monotonic() - began
        await candidate.until(lambda: functions.candidate_words == "I build robots. For ships.")

        counted = [part.speech for event in functions.events[1:] for part in event.parts[-1:]]
        assert [speech.words for speech in counted] == [3, 2]
        assert sum(speech.pauses for speech in counted) == 0
        print(f"\ncounted {counted} of {seconds:.2f} s")
        assert sum(speech.speech_ms for speech in counted) == pytest.approx(seconds * 1_000, abs=1_200)

    play(scene)
