"""The interviewer in the room: when it listens, when it speaks, and what it does while nobody says anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from livekit.agents import EndpointingOptions, UserTranscriptionTimeoutEvent, stt

from support import virtual_time
from support.fake_functions import FakeFunctions, TurnScript
from support.fake_session import speech_failed
from support.scene import Scene
from voice import notices
from voice.backend import Refused
from voice.recordings import SPEECH_IS_DOWN, text_of
from voice.turn_taking import (
    AWAY_SECONDS,
    BEGUN_SECONDS,
    DEFAULT_ENDPOINTING,
    ENDPOINTING,
    NO_PATIENCE,
    endpointing_of,
)
from voice.wire import Heard

FEEDBACK = TurnScript(("Thank you for your time.", "- Strength: you were brief."), ends=True)
LONG_FEEDBACK = TurnScript(("Thank you for your time.", "- Strength: " + "really " * 40 + "brief."), ends=True)


def play(scene: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a scene on virtual time, to its end and not longer."""

    async def whole() -> None:
        await scene()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    virtual_time.run(whole())


# beginning, leaving, coming back


def test_nobody_is_greeted_before_somebody_is_there() -> None:
    """The clock of an interview begins with its start."""

    async def scene() -> None:
        at = Scene()
        await at.interviewer.on_enter()
        await asyncio.sleep(10)
        assert at.functions.events == []

        at.room.arrive()
        await asyncio.sleep(1)
        assert at.heard == ["Question 1?"]

    play(scene)


def test_an_interview_is_held_to_its_end() -> None:
    """The room is closed when the last word was heard, and not before."""

    async def scene() -> None:
        at = await Scene().begin()
        await at.session.says("I build robots.")
        await asyncio.sleep(1)
        at.functions.turns.append(LONG_FEEDBACK)
        await at.session.says("That was all.")
        await asyncio.sleep(1)
        await at.session.says("Thank you, too!")
        assert at.functions.status == "ended"
        assert not at.room.closed.is_set()

        await at.room.closed.wait()
        assert at.heard == ["Question 1?", "Question 2?", " ".join(LONG_FEEDBACK.texts)]
        assert at.room.published["over"] == "1"
        assert at.functions.candidate_words == "I build robots. That was all."

    play(scene)


def test_a_page_that_is_reloaded_hears_the_same_question() -> None:
    """From its beginning, once, and no second greeting."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What was the hardest part of it for you and your team?",)))
        await at.session.says("I build robots.")
        await asyncio.sleep(0.35)
        at.room.leave()
        await asyncio.sleep(0.14)
        at.room.arrive()
        await asyncio.sleep(0.1)
        await at.session.silence()

        assert at.heard[1:] == ["What was the hardest", "What was the hardest part of it for you and your team?"]
        await at.session.says("The wheels.")
        assert at.functions.heard == []
        assert [event.type for event in at.functions.events] == ["start", "user_turn", "user_turn"]

    play(scene)


def test_words_of_somebody_who_left_are_kept() -> None:
    """After three seconds they are sent; the reply waits for them."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build")
        await asyncio.sleep(1)
        at.room.leave()
        await asyncio.sleep(2)
        assert at.functions.candidate_words == ""
        await asyncio.sleep(3)
        assert at.functions.candidate_words == "I build"

        at.room.arrive()
        await asyncio.sleep(1)
        assert at.heard == ["Question 1?", "Question 2?"]

    play(scene)


def test_somebody_who_is_back_at_once_may_go_on() -> None:
    """Half of an answer is not sent because a page was reloaded."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build")
        at.room.leave()
        await asyncio.sleep(1)
        at.room.arrive()
        await asyncio.sleep(5)

        assert at.functions.candidate_words == ""

    play(scene)


def test_who_comes_and_goes_quickly_hears_one_voice() -> None:
    """Each coming begins the question anew, and each stops what was begun before."""

    async def scene() -> None:
        at = Scene()
        at.room.occupied = True
        await at.interviewer.on_enter()
        at.room.leave()
        at.room.arrive()
        at.room.leave()
        at.room.arrive()
        await at.session.silence()
        await asyncio.sleep(1)

        assert [event.type for event in at.functions.events] == ["start"]
        assert at.heard[-1] == "Question 1?"
        sounding = [speech for speech in at.session.speeches if not speech.interrupted]
        assert len(sounding) == 1

    play(scene)


def test_an_interview_that_is_gone_says_so_and_closes() -> None:
    """It was deleted while somebody was talking."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.gone = Refused("unknown-session", 404)
        await at.session.says("I build robots.")
        await at.room.closed.wait()

        assert at.heard[-1] == notices.GONE
        assert at.room.published["trouble"] == "backend"

    play(scene)


# answers


def test_the_words_really_heard_of_an_interrupted_question_are_told() -> None:
    """With the answer that interrupted it."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What was the hardest part of it for you and your team?",)))
        await at.session.says("I build robots.")
        await asyncio.sleep(0.1)
        at.session.begins_to_say("The wheels.")
        await at.session.ends()
        await asyncio.sleep(1)

        (heard,) = at.functions.heard
        assert isinstance(heard, Heard)
        assert heard.seq == 4
        assert heard.text == at.heard[1]
        assert "What was the hardest part of it for you and your team?".startswith(heard.text)

    play(scene)


def test_the_framework_may_not_ask_a_model_of_its_own() -> None:
    """Whatever it finds to be a turn, the functions answer."""

    async def scene() -> None:
        at = await Scene().begin()
        await at.session.says("...")

        assert len(at.functions.events) == 1

    play(scene)


def test_the_button_ends_a_turn_at_once() -> None:
    """Before the framework would find a silence, and with the words that are on their way."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build robots.")
        await asyncio.sleep(1)
        at.room.done()
        at.room.done()
        await asyncio.sleep(0.6)

        assert at.functions.candidate_words == "I build robots."
        assert len(at.functions.events) == 2
        assert at.session.input.enabled == [True, False, True]

    play(scene)


def test_a_second_press_is_answered_once_the_words_are_stored() -> None:
    """A Finish right after it would end the interview before them."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build robots.")
        await asyncio.sleep(1)
        at.room.done()
        await asyncio.sleep(0)
        await at.room.press_done()

        assert at.functions.candidate_words == "I build robots."

    play(scene)


def test_the_button_waits_for_functions_that_have_to_start() -> None:
    """For five seconds. The page finishes the interview once it is answered, and later words would be refused."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(waits=(0.5,) * 20))
        at.session.begins_to_say("I build robots.")
        await asyncio.sleep(1)
        await at.room.press_done()

        assert at.functions.candidate_words == "I build robots."

    play(scene)


def test_the_button_waits_for_the_sound_that_is_on_its_way() -> None:
    """A press overtakes the last syllable, which is no answer of its own."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build")
        await asyncio.sleep(1)
        at.session.last_word("robots.")
        at.room.done()
        await asyncio.sleep(1)

        assert at.functions.candidate_words == "I build robots."
        assert len(at.functions.events) == 2

    play(scene)


def test_the_button_without_a_word_does_nothing() -> None:
    """No turn is made up, and a reply is not cut."""

    async def scene() -> None:
        at = await Scene().begin()
        at.room.done()
        await asyncio.sleep(3)
        assert len(at.functions.events) == 1

        at.functions.turns.append(TurnScript(("What was the hardest part?",)))
        await at.session.says("I build robots.")
        at.room.done()
        await at.session.silence()
        assert at.heard[-1] == "What was the hardest part?"

    play(scene)


def test_the_button_stops_an_interviewer_who_is_talked_over() -> None:
    """What was heard is told with it."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What was the hardest part of it for you and your team?",)))
        await at.session.says("I build robots.")
        await asyncio.sleep(0.2)
        at.session.begins_to_say("The wheels.")
        at.room.done()
        await at.session.silence()

        assert at.functions.candidate_words == "I build robots. The wheels."
        assert len(at.functions.heard) == 1
        assert at.heard[-1] == "Question 2?"

    play(scene)


def test_no_silence_is_waited_for_after_the_button_until_the_reply_sounds() -> None:
    """Else the framework would keep the words, and end a turn with them once more."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build robots.")
        await asyncio.sleep(1)
        at.room.done()
        await asyncio.sleep(0.1)
        assert at.session.options[-1] == NO_PATIENCE
        await asyncio.sleep(1)
        assert at.heard[-1] == "Question 2?"
        assert at.session.options[-1] == DEFAULT_ENDPOINTING

    play(scene)


def test_the_button_without_a_word_takes_nobodys_time_to_pause() -> None:
    """The answer has not begun."""

    async def scene() -> None:
        at = await Scene().begin()
        at.room.done()
        await asyncio.sleep(0.1)
        assert at.session.options[-1] == DEFAULT_ENDPOINTING

    play(scene)


def test_a_reply_that_a_turn_without_words_has_stopped_is_said_again() -> None:
    """Nobody would ask for an answer, and the candidate would wait for the question."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What was the hardest part of it for you and your team?",)))
        await at.session.says("I build robots.")
        await asyncio.sleep(0.2)
        await at.session.ends()
        await at.session.silence()

        assert at.heard[-1] == "What was the hardest part of it for you and your team?"
        assert len(at.functions.events) == 2

        await at.session.says("The wheels.")
        await at.session.silence()
        assert at.functions.heard == []

    play(scene)


def test_what_follows_a_reply_that_was_stopped_is_said_in_its_place() -> None:
    """The turn without words ends before the reply is written, and more words of the answer come meanwhile."""

    async def scene() -> None:
        at = await Scene().begin()
        written = asyncio.Event()
        at.functions.turns.append(TurnScript(("What was the hardest part?",), hold=written))
        await at.session.says("I build robots.")
        await at.session.ends()
        await at.session.says("For ships.")
        written.set()
        await at.session.silence()

        assert at.functions.candidate_words == "I build robots. For ships."
        assert at.heard[-1] == "Question 2?"
        assert len(at.heard) == 2

    play(scene)


def test_calls_that_come_together_are_one_look() -> None:
    """However many say that the interview went on, it is read at once, and then twice a second at most."""

    async def scene() -> None:
        at = await Scene().begin()
        reads = at.functions.reads
        for _ in range(500):
            at.room.changed()
            await asyncio.sleep(0.004)
        assert 1 < at.functions.reads - reads <= 5

        at.functions.moves_on("experience", "Tell me about a project.")
        at.room.changed()
        await asyncio.sleep(3)
        assert at.heard[-1] == "Tell me about a project."
        assert at.functions.reads - reads <= 6

    play(scene)


def test_the_page_knows_what_the_interviewer_does() -> None:
    """Also after the connection was away when it changed: the framework itself says it only once."""

    async def scene() -> None:
        at = await Scene().begin()
        states = [state.get("lk.agent.state") for state in at.room.history]
        assert list(dict.fromkeys(state for state in states if state)) == ["thinking", "speaking", "listening"]

    play(scene)


def test_words_that_the_framework_drops_travel_with_the_next_answer() -> None:
    """Somebody talked over a speech that nothing may interrupt."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("I build")
        at.functions.moves_on("experience", "Let us talk about a project of yours and of your team.")
        at.room.changed()
        await asyncio.sleep(0.5)
        await at.session.ends()
        await at.session.silence()
        assert at.heard[-1] == "Let us talk about a project of yours and of your team."
        assert at.functions.candidate_words == ""

        await at.session.says("It was robots.")
        await asyncio.sleep(0.1)
        assert at.functions.candidate_words == "I build It was robots."

    play(scene)


def test_words_that_the_framework_dropped_are_sent_when_nothing_follows() -> None:
    """Instead of asking whether somebody is there who has spoken."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.recognises("I build robots.")
        at.session.goes_away()
        await asyncio.sleep(1)

        assert at.functions.candidate_words == "I build robots."
        assert notices.STILL_THERE not in at.heard

    play(scene)


def test_a_very_long_answer_is_ended_before_it_is_too_long() -> None:
    """And what is replied is heard though the candidate goes on."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.moves_on_at = asyncio.get_running_loop().time() + 900
        at.session.begins_to_say("and so on")
        at.session.recognises("robots " * 501)
        await asyncio.sleep(2)

        assert at.functions.candidate_words.startswith("robots")
        assert at.functions.candidate_words.endswith("and so on")
        assert not at.session.speeches[-1].allow_interruptions

    play(scene)


def test_an_answer_that_nobody_can_take_is_asked_for_again() -> None:
    """The interview goes on."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(refused=Refused("invalid-unicode", 422)))
        await at.session.says("I build robots.")
        await asyncio.sleep(5)
        assert at.heard[-1] == notices.NOT_UNDERSTOOD

        await at.session.says("I build robots.")
        await asyncio.sleep(1)
        assert at.heard[-1] == "Question 2?"

    play(scene)


@pytest.mark.parametrize(("seconds", "asked"), [(0.5, False), (1.5, True)])
def test_somebody_who_is_not_understood_is_told(seconds: float, asked: bool) -> None:
    """A short sound was a cough."""

    async def scene() -> None:
        at = await Scene().begin()
        nothing = UserTranscriptionTimeoutEvent(speech_duration=seconds, vad_speech_started_at=0.0)
        at.session.tell("user_transcription_timeout", nothing)
        await asyncio.sleep(5)

        assert (notices.NOT_UNDERSTOOD in at.heard) == asked

    play(scene)


# time


def test_a_silent_candidate_is_asked_once_for_each_question() -> None:
    """Whether they are still there."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.goes_away()
        await at.session.silence()
        at.session.user_state = "listening"
        at.session.goes_away()
        await at.session.silence()
        assert at.heard.count(notices.STILL_THERE) == 1

        await at.session.says("Yes. I build robots.")
        await asyncio.sleep(1)
        at.session.goes_away()
        await at.session.silence()
        assert at.heard.count(notices.STILL_THERE) == 2
        assert notices.STILL_THERE not in at.functions.said()

    play(scene)


def test_a_candidate_who_was_promised_more_time_is_asked_later() -> None:
    """Whether they are still there: as much later as they were promised, and not once they have spoken."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(time_factor=2)).begin()
        at.session.goes_away()
        await asyncio.sleep(AWAY_SECONDS - 2)
        at.session.comes_back()
        at.session.goes_away()
        await asyncio.sleep(AWAY_SECONDS - 1)
        assert notices.STILL_THERE not in at.heard

        await asyncio.sleep(10)
        assert at.heard.count(notices.STILL_THERE) == 1

    play(scene)


@pytest.mark.parametrize("pauses", ["short", "long", "of a later release"])
def test_more_time_is_more_silence_too(pauses: str) -> None:
    """Nobody with twice the time is interrupted within six seconds, and nobody without it waits longer than ever."""
    usual, double = endpointing_of(pauses), endpointing_of(pauses, 2)

    assert usual == ENDPOINTING.get(pauses, DEFAULT_ENDPOINTING)
    assert double["min_delay"] >= 6
    assert endpointing_of(pauses, 2, "Good question.")["min_delay"] > double["min_delay"]
    assert endpointing_of(pauses, 2, "I profiled it, and")["min_delay"] == double["max_delay"]
    assert endpointing_of(pauses, 1.5)["min_delay"] > 3
    assert endpointing_of(pauses, 3)["max_delay"] < AWAY_SECONDS


@pytest.mark.parametrize(
    "words",
    [
        "We decided against a new tool because nobody in the",
        "In the spring we decided against a new tool for the whole team, and.",
        "In the spring we decided against a new tool that costs money, um.",
        "In the spring we decided against a new tool for the whole team...",
        "In the spring we decided against a new tool, nobody, nobody.",
        "In the spring we decided against a new tool, which cost nothing,",
    ],
)
def test_an_answer_that_breaks_off_has_the_longest_silence(words: str) -> None:
    """However finished it sounds; recognisers put a full stop after everything."""
    most = endpointing_of("long")["max_delay"]

    assert endpointing_of("long", words=words) == {"min_delay": most, "max_delay": most}


@pytest.mark.parametrize("words", ["Good question.", "At my last job.", "I profiled it, and found one query."])
@pytest.mark.parametrize("pauses", ["short", "long"])
def test_an_answer_of_few_words_may_go_on(pauses: str, words: str) -> None:
    """For so long that a pause of four seconds is not cut off."""
    most = endpointing_of(pauses)["max_delay"]

    assert endpointing_of(pauses, words=words) == {"min_delay": BEGUN_SECONDS, "max_delay": most}


@pytest.mark.parametrize(
    "words",
    [
        "",
        "…",
        "Could you say that again, please?",
        "We decided against a new tool because nobody in the team had used it.",
        "我们当时没有采用新的工具，因为团队里没有人用过它，而且时间也很紧。",
    ],
)
def test_an_answer_that_may_be_whole_is_judged_by_its_melody(words: str) -> None:
    """And so is silence, and a question to the interviewer."""
    assert endpointing_of("long", words=words) == endpointing_of("long")


def test_silence_is_judged_by_the_words_until_then() -> None:
    """By those of the answer that is being given, and the framework is told only what is new."""

    async def scene() -> None:
        at = await Scene().begin()
        usual, most = DEFAULT_ENDPOINTING, DEFAULT_ENDPOINTING["max_delay"]
        at.session.recognises("We decided against a new tool in the spring, because", final=False)
        at.session.recognises("We decided against a new tool in the spring, because")
        assert at.session.options == [usual, {"min_delay": most, "max_delay": most}]

        at.session.recognises("nobody had used it before.")
        assert at.session.options[2:] == [usual]

        await at.session.says("And it cost nothing.")
        await asyncio.sleep(1)
        assert at.session.options[3:] == []

        await at.session.says("Yes.")
        await asyncio.sleep(1)
        assert at.session.options[3:] == [{"min_delay": BEGUN_SECONDS, "max_delay": most}, usual]

    play(scene)


def test_where_silence_alone_ends_an_answer_words_do_not_count() -> None:
    """As the deployment chose."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.turn_detection = "vad"
        at.session.recognises("I build robots because")

        assert at.session.options == [DEFAULT_ENDPOINTING]

    play(scene)


def test_a_candidate_who_asked_for_a_moment_is_left_in_peace() -> None:
    """Nobody asks whether they are there until something else was said."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.pauses_to_think = True
        await at.session.says("Give me a moment.")
        await asyncio.sleep(1)
        at.session.goes_away()
        await at.session.silence()
        assert notices.STILL_THERE not in at.heard

    play(scene)


def test_words_that_no_turn_has_taken_do_not_wait_for_more_time() -> None:
    """The candidate has said them, and it is the interviewer who is silent."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(time_factor=3)).begin()
        at.session.recognises("I build robots.")
        at.session.goes_away()
        await asyncio.sleep(1)

        assert at.functions.candidate_words == "I build robots."

    play(scene)


def test_an_answer_to_a_question_that_no_voice_could_say_belongs_to_it() -> None:
    """It stands on the page; asked again and again it would never be answered."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.breaks_after = 0
        for words in ("I build robots.", "Big ones.", "For ships."):
            await at.session.says(words)
            await asyncio.sleep(5)

        assert [event.after for event in at.functions.events] == [None, 2, 4, 6]

    play(scene)


def test_a_silent_candidate_hears_the_next_stage_when_time_is_up() -> None:
    """By the worker's own clock, once."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(stage_seconds=60)).begin()
        at.functions.turns.append(TurnScript(("Tell me about a project.",), stage="experience"))
        await asyncio.sleep(58)
        assert len(at.functions.events) == 1
        await asyncio.sleep(2.5)

        assert at.heard == ["Question 1?", "Tell me about a project."]
        assert at.room.published["stage"] == "experience"
        assert at.session.options[-1] == {"min_delay": 0.8, "max_delay": 5.5}

    play(scene)


@pytest.mark.parametrize(
    ("pauses", "endpointing"),
    [
        ({"case": "long"}, ENDPOINTING["long"]),
        ({"case": "short", "experience": "long"}, ENDPOINTING["short"]),
        ({"case": "endless"}, DEFAULT_ENDPOINTING),
        ({}, DEFAULT_ENDPOINTING),
    ],
    ids=["long", "short", "of-a-later-release", "of-an-earlier-release"],
)
def test_silence_ends_an_answer_as_the_plan_of_the_interview_says(
    pauses: dict[str, str], endpointing: EndpointingOptions
) -> None:
    """Whatever the stage is called; turns do not repeat the plan, and its pauses are remembered."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(pauses=pauses)).begin()
        at.functions.turns.append(TurnScript(("How many taxis are there in Berlin?",), stage="case"))
        await at.session.says("I build robots.")
        await at.session.silence()
        assert at.room.published["stage"] == "case"
        assert at.session.options[-1] == endpointing

    play(scene)


def test_a_stage_that_only_later_functions_know_is_held_like_any_other() -> None:
    """It has the default endpointing, the page is told its name, and a candidate who comes back hears its question."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("How many taxis are there in Berlin?",), stage="case"))
        await at.session.says("I build robots.")
        await at.session.silence()
        assert at.room.published["stage"] == "case"
        assert at.session.options[-1] == DEFAULT_ENDPOINTING

        at.room.leave()
        await asyncio.sleep(10)
        at.room.arrive()
        await asyncio.sleep(1)
        await at.session.says("Some eight thousand.")
        await asyncio.sleep(1)
        assert at.heard[1:] == ["How many taxis are there in Berlin?"] * 2 + ["Question 2?"]
        assert at.functions.candidate_words == "I build robots. Some eight thousand."

    play(scene)


def test_a_clock_that_is_a_little_fast_asks_again() -> None:
    """Once a second, until the functions find that time is up."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(stage_seconds=60)).begin()
        assert at.functions.moves_on_at
        at.functions.moves_on_at += 3
        await asyncio.sleep(61)
        timeouts = [event for event in at.functions.events if event.type == "timeout"]
        assert 1 <= len(timeouts) <= 3
        await asyncio.sleep(6)

        assert at.heard == ["Question 1?", "Question 2?"]

    play(scene)


def test_somebody_in_mid_sentence_is_ended_politely_before_time_is_up() -> None:
    """Their words are heard, and they hear the reply."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(stage_seconds=60)).begin()
        await asyncio.sleep(50)
        at.session.begins_to_say("And then I built another robot")
        await asyncio.sleep(5)
        assert at.functions.candidate_words == ""
        await asyncio.sleep(4)

        assert at.functions.candidate_words == "And then I built another robot"
        assert [event.type for event in at.functions.events] == ["start", "user_turn"]
        assert not at.session.speeches[-1].allow_interruptions

    play(scene)


def test_time_stands_still_in_an_empty_room() -> None:
    """The functions have clocks of their own for somebody who left."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(stage_seconds=60)).begin()
        at.room.leave()
        await asyncio.sleep(100)

        assert [event.type for event in at.functions.events] == ["start"]

    play(scene)


def test_what_the_functions_said_meanwhile_is_heard() -> None:
    """They say that it went on, and the interviewer stops what it was saying."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What " * 50 + "was it?",)))
        await at.session.says("I build robots.")
        await asyncio.sleep(1)
        at.functions.moves_on("experience", "Tell me about a project.")
        at.room.changed()
        at.room.changed()
        await at.session.silence()

        assert at.heard[-1] == "Tell me about a project."
        assert at.heard.count("Tell me about a project.") == 1
        assert at.room.published["seq"] == "5"

    play(scene)


# the end


def test_finish_on_the_page_reaches_the_ear() -> None:
    """The feedback is heard, and the room is closed."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.finishes()
        at.room.changed()
        await at.room.closed.wait()

        assert at.heard[-1] == "Thank you. - Strength: brief."

    play(scene)


def test_finish_on_the_page_during_an_answer_takes_its_words_along() -> None:
    """Nothing is lost and nothing is said twice."""

    async def scene() -> None:
        hold = asyncio.Event()
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(hold=hold))
        await at.session.says("I build robots.")
        await asyncio.sleep(0.1)
        at.functions.finishes()
        hold.set()
        at.room.changed()
        await at.room.closed.wait()

        assert at.functions.candidate_words == "I build robots."
        assert at.heard[-1].endswith("Thank you. - Strength: brief.")
        assert at.heard.count("Thank you. - Strength: brief.") <= 1

    play(scene)


def test_a_thank_you_in_between_does_not_swallow_the_feedback() -> None:
    """The closing line sounds, somebody says a word, and the feedback is still being written."""

    async def scene() -> None:
        hold_end = asyncio.Event()
        at = await Scene().begin()
        at.functions.turns.append(
            TurnScript(("Thank you for your time.", "- Strength: brief."), hold_end=hold_end, ends=True)
        )
        await at.session.says("That was all.")
        await asyncio.sleep(0.2)
        await at.session.says("Thanks!")
        hold_end.set()
        await at.room.closed.wait()

        assert at.heard[-1].endswith("- Strength: brief.")
        assert not at.session.speeches[-1].allow_interruptions
        assert at.room.published["over"] == "1"

    play(scene)


def test_feedback_that_is_stopped_is_said_again() -> None:
    """Whatever stopped it."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(LONG_FEEDBACK)
        await at.session.says("That was all.")
        await asyncio.sleep(1)
        at.session.interrupt(force=True)
        await at.room.closed.wait()

        assert at.heard[-1] == " ".join(LONG_FEEDBACK.texts)
        assert len(at.heard) == 3

    play(scene)


def test_the_room_stays_open_while_the_feedback_waits_to_be_said() -> None:
    """It came while something else was said that nothing may interrupt."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.begins_to_say("That was all.")
        at.functions.moves_on("experience", "Let us talk about a project of yours and of your team. " * 3)
        at.room.changed()
        await asyncio.sleep(0.5)
        at.functions.turns.append(FEEDBACK)
        at.room.done()
        await at.room.closed.wait()

        assert at.heard[-1] == " ".join(FEEDBACK.texts)
        assert at.functions.candidate_words == "That was all."

    play(scene)


def test_somebody_who_loses_the_connection_during_the_feedback_hears_it_when_back() -> None:
    """The room is not closed over their head."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(LONG_FEEDBACK)
        await at.session.says("That was all.")
        await asyncio.sleep(1)
        at.room.leave()
        await asyncio.sleep(30)
        assert not at.room.closed.is_set()

        at.functions.unreadable.extend([0.0, 0.25, 0.5])
        at.room.arrive()
        await at.room.closed.wait()
        _, partly, whole = at.heard
        assert whole == " ".join(LONG_FEEDBACK.texts)
        assert whole.startswith(partly)

    play(scene)


def test_an_interview_that_ends_in_an_empty_room_is_told_to_who_comes_back() -> None:
    """By its clock, by the page, or by an answer that was on its way."""

    async def scene() -> None:
        at = await Scene().begin()
        at.room.leave()
        await asyncio.sleep(5)
        at.functions.finishes()
        at.room.changed()
        await asyncio.sleep(5)
        assert not at.room.closed.is_set()

        at.room.arrive()
        await at.room.closed.wait()
        assert at.heard == ["Question 1?", "Thank you. - Strength: brief."]

    play(scene)


def test_feedback_that_nobody_can_speak_does_not_keep_the_room_open() -> None:
    """It stands on the page."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.mute = True
        at.functions.turns.append(FEEDBACK)
        await at.session.says("That was all.")
        await at.room.closed.wait()

        assert at.heard == ["Question 1?"]

    play(scene)


def test_an_interviewer_who_leaves_says_nothing_more() -> None:
    """The words in hand are sent, the clock stops, and the turn is left to the functions."""

    async def scene() -> None:
        at = await Scene(FakeFunctions(stage_seconds=60)).begin()
        at.functions.turns.append(TurnScript(hold=asyncio.Event()))
        at.session.recognises("I build robots.")
        await at.interviewer.on_exit()
        at.room.arrive()
        await asyncio.sleep(100)

        assert len(at.functions.events) == 2
        assert at.functions.candidate_words == "I build robots."
        assert at.heard == ["Question 1?"]

    play(scene)


# trouble


def test_an_outage_is_said_and_shown_and_forgotten() -> None:
    """The answer is replied to when it is over."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(waits=(0.0, 1.0, 2.0) + (3.0,) * 60))
        await at.session.says("I build robots.")
        await asyncio.sleep(2)
        assert at.room.published["trouble"] == "backend"
        await asyncio.sleep(20)

        assert at.heard[-1] == f"{notices.ONE_MOMENT} Question 2?"
        assert at.room.published["trouble"] == ""

    play(scene)


def test_a_short_hitch_is_no_trouble() -> None:
    """A page that says so for a quarter of a second only frightens."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(waits=(0.0, 0.25)))
        await at.session.says("I build robots.")
        await asyncio.sleep(2)

        assert {state.get("trouble", "") for state in at.room.history} == {""}

    play(scene)


def test_who_joins_during_an_outage_is_told() -> None:
    """Once, and is greeted when it is over."""

    async def scene() -> None:
        functions = FakeFunctions()
        functions.unreadable.extend([0.0, 1.0, 2.0, 3.0, 4.0])
        at = Scene(functions)
        at.room.occupied = True
        await at.interviewer.on_enter()
        await asyncio.sleep(0.9)
        assert at.room.published["trouble"] == "backend"
        await asyncio.sleep(10)

        assert at.heard[-1] == "Question 1?"
        assert len(at.heard) == 2
        assert notices.ONE_MOMENT.startswith(at.heard[0])
        assert at.room.published["trouble"] == ""

    play(scene)


def hearing_failed(recoverable: bool = False) -> stt.STTError:
    return stt.STTError(timestamp=0.0, label="stt", error=RuntimeError("deaf"), recoverable=recoverable)


def test_a_recogniser_that_fails_is_said_and_shown() -> None:
    """Once, until it hears again."""

    async def scene() -> None:
        at = await Scene().begin()
        for _ in range(3):
            at.session.fails(hearing_failed())
            await at.session.silence()
        assert at.heard.count(notices.CANNOT_HEAR) == 1
        assert at.room.published["trouble"] == "hearing"

        await at.session.says("I build robots.")
        assert at.room.published["trouble"] == ""

    play(scene)


def test_a_voice_that_fails_is_told_by_a_recording() -> None:
    """Once, until it speaks again."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.fails(speech_failed())
        at.session.fails(speech_failed())
        await at.session.silence()
        assert at.heard.count(text_of(SPEECH_IS_DOWN)) == 1
        assert at.room.published["trouble"] == "speech"

        await at.session.says("I build robots.")
        await asyncio.sleep(1)
        assert at.room.published["trouble"] == ""

    play(scene)


def test_what_was_heard_of_a_question_before_the_voice_failed_is_told() -> None:
    """With the next answer; the rest stands on the page."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(TurnScript(("What was the hardest part of it?",)))
        at.session.breaks_after = 3
        await at.session.says("I build robots.")
        await at.session.silence()
        at.session.breaks_after = None
        await at.session.says("The wheels.")
        await at.session.silence()

        assert at.heard[1:3] == ["What was the", text_of(SPEECH_IS_DOWN)]
        assert at.functions.heard == [Heard(4, "What was the")]

    play(scene)


def test_a_voice_that_fails_in_the_feedback_is_told_before_the_room_closes() -> None:
    """The whole of it stands on the page, and is not begun again and again."""

    async def scene() -> None:
        at = await Scene().begin()
        at.functions.turns.append(LONG_FEEDBACK)
        at.session.breaks_after = 6
        await at.session.says("That was all.")
        await at.room.closed.wait()

        assert at.heard[1:] == ["Thank you for your time. -", text_of(SPEECH_IS_DOWN)]

    play(scene)


def test_what_the_framework_tries_again_is_no_trouble() -> None:
    """It may work the next time."""

    async def scene() -> None:
        at = await Scene().begin()
        at.session.fails(hearing_failed(recoverable=True))
        at.session.fails(speech_failed(recoverable=True))
        await asyncio.sleep(1)

        assert at.heard == ["Question 1?"]
        assert at.room.published["trouble"] == ""

    play(scene)


def test_nobodys_words_are_in_the_logs(caplog: pytest.LogCaptureFixture) -> None:
    """Neither those of the candidate nor those of the interviewer; each spoken turn is one line."""
    caplog.set_level(logging.DEBUG, logger="voice")

    async def scene() -> None:
        at = await Scene().begin()
        await at.session.says("I build robots.")
        await asyncio.sleep(1)
        at.functions.turns.append(TurnScript(refused=Refused("invalid-unicode", 422)))
        await at.session.says("And cars.")
        await asyncio.sleep(1)

    play(scene)
    records = [record for record in caplog.records if record.name.startswith("voice")]
    assert [r.__dict__["seqs"] for r in records if r.getMessage() == "voice turn"][:2] == [[2], [4]]
    assert not [r for r in records if any(word in repr(r.__dict__) for word in ("robots", "cars", "Question"))]
