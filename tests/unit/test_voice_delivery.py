"""What the worker counts of an answer that is spoken: each second and word belongs to one part, none to two."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.agents import UserTranscriptionTimeoutEvent

from support import virtual_time
from support.fake_functions import FakeFunctions, TurnScript
from support.scene import Scene
from voice.backend import Refused
from voice.delivery import MOST_MS, MOST_PAUSES, MOST_WORDS, Stopwatch, speech_of
from voice.wire import Event, Part, Speech

NOTHING = Speech(0, 0, 0, 0)


def play(scene: Callable[[Scene], Coroutine[Any, Any, None]], functions: FakeFunctions | None = None) -> list[Event]:
    """Run a scene after the greeting, and give the answers that were sent."""

    async def whole() -> list[Event]:
        at = await Scene(functions).begin()
        await scene(at)
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        return [event for event in at.functions.events if event.parts]

    return virtual_time.run(whole())


def test_an_answer_without_a_pause_is_its_words_and_their_time() -> None:
    """Neither the silence before it counts nor the one that ends it."""

    async def scene(at: Scene) -> None:
        await asyncio.sleep(8)
        await at.session.says("I build robots for ships.")

    [answer] = play(scene)
    assert answer.speech == Speech(words=5, speech_ms=500, pauses=0, longest_pause_ms=0)


def test_a_silence_of_a_second_inside_an_answer_is_a_pause() -> None:
    """A shorter one is a breath."""

    async def scene(at: Scene) -> None:
        for words, seconds in (("I build", 0.9), ("robots", 1.0), ("for ships", 2.5), ("and ports", 1.2)):
            at.session.begins_to_say(words)
            await asyncio.sleep(0.5)
            await at.session.thinks(seconds)
        await at.session.says("in Bremen.")

    [answer] = play(scene)
    assert answer.speech == Speech(words=9, speech_ms=2_200, pauses=3, longest_pause_ms=2_500)


def test_speech_that_goes_on_brings_the_counts_of_all_its_parts() -> None:
    """The silence between them was one in the answer. What the functions keep already they take off themselves."""

    async def scene(at: Scene) -> None:
        at.functions.turns.append(TurnScript(hold=asyncio.Event()))
        await at.session.says("I build")
        await asyncio.sleep(1.25)
        await at.session.says("robots for ships.")
        await at.session.silence()

    first, both = play(scene)
    assert first.speech == Speech(2, 200, 0, 0)
    assert [part.text for part in both.parts] == ["I build", "robots for ships."]
    assert [part.speech for part in both.parts] == [Speech(2, 200, 0, 0), Speech(3, 300, 1, 2_000)]
    assert both.speech == Speech(5, 500, 1, 2_000)


def test_a_silence_in_which_the_interviewer_is_heard_is_no_pause() -> None:
    """Between two answers there is a reply."""

    async def scene(at: Scene) -> None:
        at.functions.turns.append(TurnScript(("one two three four five six seven eight nine ten eleven twelve",)))
        await at.session.says("I build robots.")
        await at.session.silence()
        await at.session.says("For ships.")
        await at.session.silence()

    *_, second = play(scene)
    assert second.speech == Speech(2, 200, 0, 0)


def test_a_silence_that_the_interviewer_talks_through_is_no_pause() -> None:
    """Nothing interrupts what is said when a stage is over; words that are spoken over it come with the next ones."""

    async def scene(at: Scene) -> None:
        at.functions.moves_on("experience", "really " * 60)
        at.session.begins_to_say("Ports")
        await asyncio.sleep(0.1)
        at.room.changed()
        await asyncio.sleep(0.3)
        at.session.current_speech.allow_interruptions = False  # type: ignore[union-attr]
        await at.session.ends()
        await asyncio.sleep(1.5)
        await at.session.says("and ships")
        assert at.session.agent_state == "speaking"
        await at.session.silence()
        await at.session.says("and cranes.")

    [answer] = play(scene)
    assert answer.parts[-1].text == "Ports and ships and cranes."
    assert answer.speech == Speech(5, 800, 0, 0)


def test_the_button_takes_the_speech_until_then() -> None:
    """What is said after it is of the next answer, and the press is answered as soon as ever."""

    async def scene(at: Scene) -> None:
        at.session.begins_to_say("I build robots.")
        await asyncio.sleep(0.5)
        pressed = asyncio.get_running_loop().time()
        await at.room.press_done()
        assert asyncio.get_running_loop().time() - pressed < 0.6
        await at.session.silence()
        await at.session.says("For ships.")

    first, second = play(scene)
    assert first.speech
    assert (first.speech.words, first.speech.pauses) == (3, 0)
    assert 500 <= first.speech.speech_ms <= 700  # the sound that was on its way included
    assert second.speech == Speech(2, 200, 0, 0)


def test_a_noise_long_before_an_answer_is_no_part_of_it() -> None:
    """Where nothing was understood there was no speech, and the silence after it is no pause."""

    async def scene(at: Scene) -> None:
        at.session.begins_to_say("")
        await asyncio.sleep(0.4)
        at.session.comes_back()
        await asyncio.sleep(5)
        unheard = UserTranscriptionTimeoutEvent(speech_duration=0.4, vad_speech_started_at=0.0)
        at.session.tell("user_transcription_timeout", unheard)
        await asyncio.sleep(3)
        await at.session.says("I build robots.")

    [answer] = play(scene)
    assert answer.speech == Speech(3, 300, 0, 0)


def test_words_whose_speech_nobody_heard_have_no_counts() -> None:
    """A recogniser that hears better than the detector: there is no time, and none is made up."""

    async def scene(at: Scene) -> None:
        at.session.recognises("I whisper.")
        await at.room.press_done()
        await at.session.silence()

    [answer] = play(scene)
    assert (answer.parts[0].text, answer.speech) == ("I whisper.", None)
    assert "speech" not in answer.body("an-interview")


def test_functions_of_an_earlier_release_are_not_told() -> None:
    """They do not name the field."""

    async def scene(at: Scene) -> None:
        await at.session.says("I build robots.")

    [answer] = play(scene, FakeFunctions(accepted=frozenset({"after"})))
    assert (answer.speech, answer.after) == (None, 2)


def test_counts_of_words_that_nobody_takes_come_with_the_next_answer() -> None:
    """As the words themselves do."""

    async def scene(at: Scene) -> None:
        at.functions.turns.append(TurnScript(refused=Refused("wrong-state", 409)))
        await at.session.says("I build robots.")
        await asyncio.sleep(2)
        await at.session.says("For ships.")
        await at.session.silence()

    *_, answer = play(scene)
    assert answer.parts[0].text == "I build robots. For ships."
    assert answer.speech
    assert (answer.speech.words, answer.speech.speech_ms) == (5, 500)


# the stopwatch itself

TALK = st.lists(
    st.tuples(
        st.sampled_from(["speech", "silence", "words", "take", "interviewer"]),
        st.floats(0.05, 4).map(lambda seconds: round(seconds, 3)),
    ),
    max_size=60,
)


@given(TALK)
def test_no_second_is_lost_and_none_is_doubled(talk: list[tuple[str, float]]) -> None:
    """However speech, transcripts and answers come: all that is taken is all that was said."""
    watch, at, spoken, words = Stopwatch(), 0.0, 0.0, 0
    speaking = False
    taken = NOTHING
    for kind, seconds in [*talk, ("silence", 1.0), ("words", 1.0), ("take", 1.0)]:
        if kind in ("speech", "silence") and speaking != (kind == "speech"):
            speaking = not speaking
            (watch.begin if speaking else watch.end)(at)
        elif kind == "words":
            watch.understand(2, at)
            words += 2
        elif kind == "interviewer":
            watch.break_silence()
        elif kind == "take":
            part = watch.take()
            watch.put_back(part)
            taken += watch.take()
        spoken += seconds if speaking else 0
        at += seconds

    assert taken.words == words
    assert taken.speech_ms == pytest.approx(spoken * 1_000, abs=len(talk) + 3)


@given(st.lists(st.floats(0, 5).map(lambda seconds: round(seconds, 3)), max_size=20))
def test_pauses_are_the_silences_of_a_second_and_more(silences: list[float]) -> None:
    """Between two stretches of speech each."""
    watch, at = Stopwatch(), 100.0
    for seconds in silences:
        watch.begin(at)
        watch.end(at + 1)
        at = round(at + 1 + seconds, 3)
    watch.begin(at)
    watch.end(at + 1)
    watch.understand(1, at + 1)
    pauses = [seconds for seconds in silences if seconds > 1]

    taken = watch.take()
    assert len(pauses) <= taken.pauses <= len(pauses) + silences.count(1)
    assert taken.longest_pause_ms == (round(max(pauses) * 1_000) if pauses else 1_000 if taken.pauses else 0)


def test_a_transcript_in_the_middle_of_speech_cuts_it_there() -> None:
    """A recogniser that streams does not wait for silence."""
    watch = Stopwatch()
    watch.begin(10.0)
    watch.understand(8, 13.0)
    first = watch.take()
    watch.end(15.5)
    watch.understand(7, 16.0)

    assert (first, watch.take()) == (Speech(8, 3_000, 0, 0), Speech(7, 2_500, 0, 0))


def test_an_end_of_speech_that_is_noticed_after_its_words_is_still_where_it_was() -> None:
    """A recogniser may be quicker than the silence by which the detector knows."""
    watch = Stopwatch()
    watch.begin(10.0)
    watch.understand(8, 13.1)
    watch.end(13.0)
    watch.understand(1, 14.0)

    assert watch.take() == Speech(9, 3_000, 0, 0)


@pytest.mark.parametrize(
    "counted",
    [
        Speech(5, 0, 0, 0),
        Speech(5, -200, 0, 0),
        Speech(5, MOST_MS + 1, 0, 0),
        Speech(5, 2_000, 1, MOST_MS + 1),
        Speech(5, 2_000, MOST_PAUSES + 1, 2_000),
        Speech(MOST_WORDS + 1, 2_000, 0, 0),
    ],
)
def test_what_cannot_be_is_not_sent(counted: Speech) -> None:
    """The functions would refuse the words with it: a clock of the machine that was set is no reason for that."""
    assert speech_of([Part("a", "I build", counted)]) is None
    assert speech_of([Part("a", "I build", Speech(MOST_WORDS, MOST_MS, MOST_PAUSES, MOST_MS))])
    assert speech_of([]) is None
