"""The worker's side of an interview: one turn at a time, nothing lost, nothing said twice."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import virtual_time
from support.fake_functions import FakeFunctions, TurnScript
from voice import notices
from voice.backend import Backend, Refused
from voice.conversation import Conversation
from voice.reply import Flush, Reply
from voice.transcript import MOST_CHARACTERS, TranscriptBuffer
from voice.wire import Heard, InterviewSnapshot, Message, Part, Turn

T = TypeVar("T")


class Candidate:
    """A conversation, and somebody who talks in it and hears its replies."""

    def __init__(self, functions: FakeFunctions | None = None, backend: Backend | None = None) -> None:
        self.functions = functions or FakeFunctions()
        self.changes: list[Reply] = []
        self.waited: list[float] = []
        self.words = TranscriptBuffer()
        self.talk = Conversation(backend or self.functions, self.words, self.changes.append, self.waited.append)

    async def begin(self) -> Reply:
        """Hear the greeting."""
        reply = await self.talk.resume()
        await self.hear(reply)
        return reply

    def says(self, text: str, event_id: str) -> Reply | None:
        self.words.add(text)
        return self.talk.answer(event_id)

    async def hear(self, reply: Reply | None) -> str:
        """Listen to a reply to its end; a line of the worker's own ends with a bar."""
        assert reply
        heard = "".join([" | " if isinstance(piece, Flush) else piece async for piece in reply.pieces()])
        self.talk.note_played(reply)
        return heard


def virtually(test: Coroutine[Any, Any, T]) -> T:
    return virtual_time.run(test)


async def a_while(seconds: float = 0.1) -> None:
    await asyncio.sleep(seconds)


# beginning and coming back


def test_a_new_interview_is_started_and_an_old_one_goes_on_with_its_question() -> None:
    """There is one greeting, whoever joins and however often."""

    async def test() -> None:
        functions = FakeFunctions()
        first = Candidate(functions)
        assert await first.hear(await first.talk.resume()) == "Question 1?"
        await first.hear(first.says("I build robots.", "a"))

        again = Candidate(functions)
        assert await again.hear(await again.talk.resume()) == "Question 2?"
        assert await first.hear(await first.talk.resume()) == "Question 2?"
        assert [event.type for event in functions.events] == ["start", "user_turn"]
        assert again.talk.snapshot == first.talk.snapshot

    virtually(test())


def test_all_messages_of_the_last_turn_are_told_again() -> None:
    """Who missed the feedback hears the closing line, too."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.finishes()

        reply = await candidate.talk.resume()
        assert await candidate.hear(reply) == "Thank you.\n- Strength: brief."
        assert candidate.talk.ended

    virtually(test())


def test_words_of_a_worker_that_died_are_answered() -> None:
    """They are in the functions; only the answer of these words is told, and not the interview from its beginning."""

    async def test() -> None:
        functions = FakeFunctions()
        await Candidate(functions).begin()
        functions.pending["a"] = "I build robots."

        candidate = Candidate(functions)
        assert await candidate.hear(await candidate.talk.resume()) == "Question 2?"
        assert functions.candidate_words == "I build robots."

    virtually(test())


def test_words_that_somebody_else_answers_in_the_same_moment_are_answered_once() -> None:
    """The wake finds nothing due; what is new is told, and nothing else."""

    async def test() -> None:
        functions = FakeFunctions()
        await Candidate(functions).begin()
        functions.pending["a"] = "I build robots."
        candidate = Candidate(functions)

        reply = await candidate.talk.resume()
        functions.moves_on("experience", "The sweep was quicker.")
        assert await candidate.hear(reply) == "The sweep was quicker."

    virtually(test())


def test_a_turn_of_the_page_is_waited_for() -> None:
    """Somebody who changes from text to voice in the middle of a turn hears its answer."""

    async def test() -> None:
        functions = FakeFunctions()
        await Candidate(functions).begin()
        functions.thinking = True
        candidate = Candidate(functions)
        resumed = asyncio.create_task(candidate.talk.resume())
        await a_while(3)
        assert not resumed.done()

        functions.moves_on("intro", "That of the page.")
        functions.thinking = False
        assert await candidate.hear(await resumed) == "That of the page."

    virtually(test())


def test_two_who_resume_at_once_start_once() -> None:
    """A page that is reloaded while the interview is read."""

    async def test() -> None:
        candidate = Candidate()
        first, second = await asyncio.gather(candidate.talk.resume(), candidate.talk.resume())

        assert [await candidate.hear(first), await candidate.hear(second)] == ["Question 1?", "Question 1?"]
        assert [event.type for event in candidate.functions.events] == ["start"]

    virtually(test())


def test_reading_an_interview_that_is_gone_is_refused() -> None:
    """It was deleted."""

    async def test() -> None:
        functions = FakeFunctions(gone=Refused("unknown-session", 404))
        with pytest.raises(Refused):
            await Candidate(functions).talk.resume()

    virtually(test())


def test_an_interview_that_cannot_be_read_is_told_of() -> None:
    """Nobody speaks yet who could say so."""

    async def test() -> None:
        functions = FakeFunctions()
        functions.unreadable.extend([0.0, 1.0, 3.0])
        candidate = Candidate(functions)
        await candidate.begin()
        assert candidate.waited == [0.0, 1.0, 3.0]

    virtually(test())


# answers


def test_words_wait_for_a_first_question() -> None:
    """Before there is one, nobody can answer it."""

    async def test() -> None:
        candidate = Candidate()
        assert candidate.says("Hello?", "a") is None
        await candidate.begin()
        await candidate.hear(candidate.says("I build robots.", "b"))

        assert candidate.functions.candidate_words == "Hello? I build robots."
        assert candidate.talk.answer("c") is None

    virtually(test())


def test_words_during_the_greeting_are_the_first_answer() -> None:
    """They are sent when the start is answered."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate(FakeFunctions())
        candidate.functions.turns.append(TurnScript(hold=hold))
        start = await candidate.talk.resume()
        reply = candidate.says("Hello, I am Ada.", "a")
        await a_while()
        assert len(candidate.functions.events) == 1

        hold.set()
        assert await candidate.hear(start) == "Question 1?"
        assert await candidate.hear(reply) == "Question 2?"

    virtually(test())


def test_words_that_go_on_take_the_running_turn_over() -> None:
    """Until its reply sounds they belong to the same answer, and one reply answers all of them."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(hold=asyncio.Event()))
        dropped = candidate.says("I build", "a")
        await a_while()
        reply = candidate.says("robots.", "b")

        assert await candidate.hear(dropped) == ""
        assert await candidate.hear(reply) == "Question 3?"
        assert candidate.functions.events[-1].parts == (Part("a", "I build"), Part("b", "robots."))
        assert candidate.functions.said("user") == ["I build", "robots."]
        assert len(candidate.functions.said()) == 2

    virtually(test())


def test_words_that_go_on_during_an_outage_are_not_lost() -> None:
    """The first request never arrived; its words go along with the second."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(waits=(0.0, 1.0, 3.0) * 10))
        lost = candidate.says("I build", "a")
        assert lost
        await a_while(1)
        candidate.talk.note_audible(lost)  # it is the apology that sounds
        reply = candidate.says("robots.", "b")
        await candidate.hear(reply)

        assert candidate.functions.said("user") == ["I build", "robots."]
        assert len(candidate.functions.said()) == 2

    virtually(test())


def test_words_after_a_reply_began_to_sound_are_the_next_answer() -> None:
    """A reply that is heard stays."""

    async def test() -> None:
        end = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(("What robots?",), hold_end=end))
        first = candidate.says("I build robots.", "a")
        assert first
        await a_while()
        candidate.talk.note_audible(first)
        second = candidate.says("Wait, I am not done.", "b")
        await a_while()
        assert len(candidate.functions.events) == 2

        end.set()
        assert await candidate.hear(first) == "What robots?"
        assert await candidate.hear(second) == "Question 2?"
        assert candidate.functions.events[-1].parts == (Part("b", "Wait, I am not done."),)

    virtually(test())


def test_a_third_answer_takes_over_the_one_that_waits_and_leaves_the_one_that_sounds() -> None:
    """The words of the waiting one were never sent: they must go along."""

    async def test() -> None:
        end = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(("What robots?",), hold_end=end))
        first = candidate.says("I build robots.", "a")
        assert first
        await a_while()
        candidate.talk.note_audible(first)
        candidate.says("Wait,", "b")
        third = candidate.says("I am not done.", "c")
        await a_while()
        end.set()
        await candidate.hear(third)

        assert candidate.functions.said("user") == ["I build robots.", "Wait,", "I am not done."]
        assert len(candidate.functions.said()) == 3

    virtually(test())


def test_each_answer_names_the_last_line_that_was_heard_before_it() -> None:
    """A reply that is stored and not heard yet is none: words that go on belong to the line before it."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        greeting = candidate.functions.messages[-1].seq
        reply = candidate.says("I build robots.", "a")
        assert reply
        await a_while()
        await candidate.hear(candidate.says("Big ones.", "b"))
        await candidate.hear(candidate.says("For ships.", "c"))

        assert [event.after for event in candidate.functions.events] == [None, greeting, greeting, 6]

    virtually(test())


def test_a_line_that_was_heard_in_part_was_heard() -> None:
    """How much of it is told beside it; of one that was cut before its first sound there is nothing to tell."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        for event_id, played in (("a", "Quest"), ("b", "")):
            reply = candidate.says("I build robots.", event_id)
            assert reply
            await a_while()
            candidate.talk.note_interrupted(reply, played)
        await candidate.hear(candidate.says("Big ones.", "c"))

        assert [event.after for event in candidate.functions.events] == [None, 2, 4, 4]

    virtually(test())


def test_of_two_messages_only_those_count_that_were_begun() -> None:
    """A question of its own behind a line that was cut was not heard by whoever spoke before it."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        reply = candidate.says("I build robots.", "a")
        assert reply
        reply.say(4, "One two three.")
        reply.say(5, "What then?")
        candidate.talk.note_audible(reply)
        begun = [candidate.talk.last_heard]
        candidate.talk.note_interrupted(reply, "One two")
        begun.append(candidate.talk.last_heard)
        candidate.talk.note_interrupted(reply, "One two three. What")
        begun.append(candidate.talk.last_heard)

        assert begun == [4, 4, 5]

    virtually(test())


def test_functions_of_an_earlier_release_are_not_told() -> None:
    """They would refuse the answer for a field that they do not know."""

    async def test() -> None:
        candidate = Candidate(FakeFunctions(accepted=frozenset()))
        await candidate.begin()
        await candidate.hear(candidate.says("I build robots.", "a"))

        assert [event.after for event in candidate.functions.events] == [None, None]

    virtually(test())


def test_a_noise_leaves_the_running_turn_alone() -> None:
    """Without a new word there is nothing that could take it over."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(hold=hold))
        reply = candidate.says("I build robots.", "a")
        await a_while()
        assert candidate.says("...", "b") is None

        hold.set()
        assert await candidate.hear(reply) == "Question 2?"

    virtually(test())


@pytest.mark.parametrize(("words", "answers"), [(["robots " * 400] * 3, 1), (["go"] * 45, 44)])
def test_more_than_fits_into_one_answer_waits_for_the_next(words: list[str], answers: int) -> None:
    """4,000 characters or 40 parts: no word is lost for that, and no answer is refused."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.extend([TurnScript(hold=hold)] * len(words))
        reply = None
        for number, text in enumerate(words):
            reply = candidate.says(text, str(number)) or reply
            await a_while()
        hold.set()
        await candidate.hear(reply)
        while reply := candidate.talk.answer("rest"):
            await candidate.hear(reply)

        assert candidate.functions.candidate_words.split() == " ".join(words).split()
        for event in candidate.functions.events:
            assert sum(len(part.text) for part in event.parts) <= MOST_CHARACTERS
            assert len(event.parts) <= 40

    virtually(test())


def test_a_turn_that_is_taken_over_no_more_is_waited_for() -> None:
    """Somebody who speaks in short pieces: after a while a turn is let run, and no word is lost or doubled."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate(FakeFunctions(most_takeovers=3))
        await candidate.begin()
        candidate.functions.turns.extend([TurnScript(hold=hold)] * 9)
        reply = None
        for number in range(9):
            reply = candidate.says(f"Part {number},", str(number))
            await a_while(0.3)
        hold.set()
        await candidate.hear(reply)

        assert candidate.functions.candidate_words == " ".join(f"Part {number}," for number in range(9))
        assert candidate.functions.said("user") == [f"Part {number}," for number in range(9)]
        assert len(candidate.functions.said()) == 3  # the greeting, the turn that was let run, and the one that waited
        assert candidate.talk.spoken_seq == candidate.functions.messages[-1].seq

    virtually(test())


def test_words_that_the_interview_does_not_take_now_are_kept() -> None:
    """It has not begun for the functions, though it had for us."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(refused=Refused("wrong-state", 409)))
        refused = candidate.says("I build", "a")
        assert await candidate.hear(refused) == ""
        assert refused
        assert refused.refused
        assert candidate.changes[-1] is refused

        await candidate.hear(candidate.says("robots.", "b"))
        assert candidate.functions.said("user") == ["I build robots."]

    virtually(test())


def test_words_that_nobody_could_take_are_given_up() -> None:
    """Sent again they would be refused again, for ever."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(refused=Refused("invalid-unicode", 422)))
        await candidate.hear(candidate.says("I build", "a"))

        assert not candidate.words.waiting
        assert not candidate.talk.busy

    virtually(test())


class Storm:
    """Everything that may happen between a candidate and the functions, one deed at a time."""

    def __init__(self) -> None:
        self.candidate = Candidate()
        self.said: list[str] = []
        self._holds: list[asyncio.Event] = []

    async def begin(self) -> None:
        self._last = await self.candidate.begin()

    async def say(self) -> None:
        self.said.append(f"word{len(self.said)}")
        self._last = self.candidate.says(self.said[-1], str(len(self.said))) or self._last

    async def slow(self) -> None:
        self._holds.append(asyncio.Event())
        self.candidate.functions.turns.append(TurnScript(hold_end=self._holds[-1]))

    async def outage(self) -> None:
        self.candidate.functions.turns.append(TurnScript(waits=(0.0, 0.25, 3.0)))

    async def release(self) -> None:
        for hold in self._holds:
            hold.set()

    async def sounds(self) -> None:
        self.candidate.talk.note_audible(self._last)

    async def cut(self) -> None:
        self.candidate.talk.note_interrupted(self._last, "One")

    async def look(self) -> None:
        if not self.candidate.talk.busy:
            await self.candidate.talk.refresh()

    async def wake(self) -> None:
        if not self.candidate.talk.busy:
            self._last = self.candidate.talk.wake()

    async def wait(self) -> None:
        await a_while(0.3)


DEEDS = ("say", "slow", "release", "sounds", "cut", "wait", "outage", "look", "wake")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(DEEDS), max_size=25))
def test_every_word_reaches_the_transcript_once(deeds: list[str]) -> None:
    """Whatever happens, in whatever order."""

    async def test() -> None:
        storm = Storm()
        await storm.begin()
        for deed in deeds:
            await getattr(storm, deed)()
        await storm.release()
        await a_while(60)

        assert not storm.candidate.talk.busy
        assert not storm.candidate.words.waiting
        assert storm.candidate.functions.candidate_words.split() == storm.said

    virtually(test())


# what was heard


def test_an_interrupted_reply_is_reported_once() -> None:
    """With the next answer, and not again with the one after it."""

    async def test() -> None:
        candidate = Candidate()
        reply = await candidate.begin()
        candidate.talk.note_interrupted(reply, "Question")
        await candidate.hear(candidate.says("I build robots.", "a"))
        await candidate.hear(candidate.says("And cars.", "b"))

        assert [event.heard for event in candidate.functions.events] == [None, Heard(2, "Question"), None]

    virtually(test())


def test_what_came_after_the_interruption_was_not_heard() -> None:
    """A reply that is cut while it is still written is reported by all of its words."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(("One two three four.",), hold=hold))
        first = candidate.says("I build robots.", "a")
        assert first
        first.say(4, "One two")
        candidate.talk.note_audible(first)
        candidate.talk.note_interrupted(first, "One two")
        second = candidate.says("Cars, too.", "b")
        hold.set()
        await candidate.hear(second)

        assert candidate.functions.heard == [Heard(4, "One two")]

    virtually(test())


def test_a_report_travels_with_the_turn_that_takes_over() -> None:
    """The reply that was never heard does not stand in the transcript, so it is not reported; the one before is."""

    async def test() -> None:
        candidate = Candidate()
        greeting = await candidate.begin()
        candidate.talk.note_interrupted(greeting, "Question")
        candidate.functions.turns.append(TurnScript(waits=(0.0,) * 50))
        first = candidate.says("I build", "a")
        assert first
        await a_while()
        first.say(4, "Nobody hears this.")
        candidate.talk.note_interrupted(first, "")
        second = candidate.says("robots.", "b")
        candidate.talk.note_interrupted(first, "")
        await candidate.hear(second)
        await candidate.hear(candidate.says("And cars.", "c"))

        assert candidate.functions.heard == [Heard(2, "Question")]

    virtually(test())


def test_a_question_that_was_repeated_to_its_end_was_heard() -> None:
    """Somebody left in the middle of it and came back."""

    async def test() -> None:
        candidate = Candidate()
        candidate.talk.note_interrupted(await candidate.begin(), "")
        await candidate.hear(await candidate.talk.resume())
        await candidate.hear(candidate.says("I build robots.", "a"))

        assert candidate.functions.heard == []

    virtually(test())


def test_the_message_that_broke_off_is_known() -> None:
    """Of several that one reply is made of."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(("Thank you.", "- Strength: brief."), ends=True))
        reply = candidate.says("That is all.", "a")
        await candidate.hear(reply)
        assert reply
        assert candidate.talk.interrupted_message(reply) is None
        candidate.talk.note_interrupted(reply, "Thank you. - Strength:")
        assert candidate.talk.interrupted_message(reply) == Heard(5, "- Strength:")

    virtually(test())


def test_words_of_the_workers_own_are_no_part_of_what_was_heard() -> None:
    """An apology comes before the reply, and counts for nothing."""

    async def test() -> None:
        reply = Reply("a")
        reply.say_notice(notices.ONE_MOMENT)
        reply.say(7, "What robots do you build?")
        assert reply.heard(f"{notices.ONE_MOMENT} What robots") == Heard(7, "What robots")
        assert reply.heard("One moment,") == Heard(7, "")
        assert reply.heard(f"{notices.ONE_MOMENT}What robots") == Heard(7, "What robots")
        assert reply.heard(f"{notices.ONE_MOMENT} What robots do you build?") is None

    virtually(test())


# what others do


def test_what_the_clock_of_the_functions_said_is_told() -> None:
    """Once, however often it is looked for."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.moves_on("experience", "Tell me about a project.")
        first, second = await asyncio.gather(candidate.talk.refresh(), candidate.talk.refresh())

        told = [reply for reply in (first, second) if reply]
        assert [await candidate.hear(reply) for reply in told] == ["Tell me about a project."]
        assert await candidate.talk.refresh() is None

    virtually(test())


def test_an_interview_that_is_not_resumed_yet_is_not_told_from_its_beginning() -> None:
    """Somebody says that it went on while the worker still reads it."""

    async def test() -> None:
        functions = FakeFunctions()
        await Candidate(functions).begin()
        functions.moves_on("experience", "Tell me about a project.")
        candidate = Candidate(functions)
        looked, resumed = await asyncio.gather(candidate.talk.refresh(), candidate.talk.resume())

        assert looked is None
        assert await candidate.hear(resumed) == "Tell me about a project."

    virtually(test())


def test_a_wake_that_comes_second_tells_what_the_first_one_said() -> None:
    """The functions have clocks of their own; whoever is quicker, the candidate hears it once."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        wake = candidate.talk.wake()
        candidate.functions.moves_on("experience", "Tell me about a project.")

        assert await candidate.hear(wake) == "Tell me about a project."
        assert await candidate.talk.refresh() is None

    virtually(test())


def test_a_wake_with_nothing_due_says_nothing() -> None:
    """The clocks differ by a little."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()

        assert await candidate.hear(candidate.talk.wake()) == ""
        assert candidate.functions.reads == 1

    virtually(test())


def test_looking_waits_for_the_running_turn() -> None:
    """Its reply is told by the turn itself."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(hold=hold))
        reply = candidate.says("I build robots.", "a")
        looked = asyncio.create_task(candidate.talk.refresh())
        await a_while(4)
        assert not looked.done()

        hold.set()
        assert await candidate.hear(reply) == "Question 2?"
        assert await looked is None

    virtually(test())


def test_what_was_read_before_a_turn_of_ours_ended_is_old() -> None:
    """It is read again, or the page would be told of an earlier stage."""

    class Slow(FakeFunctions):
        async def read(self, on_wait: Any) -> InterviewSnapshot:
            snapshot = await super().read(on_wait)
            await asyncio.sleep(1)
            return snapshot

    async def test() -> None:
        candidate = Candidate(Slow())
        await candidate.begin()
        looked = asyncio.create_task(candidate.talk.refresh())
        await a_while(0.5)
        await candidate.hear(candidate.says("I build robots.", "a"))

        assert await looked is None
        assert candidate.talk.snapshot
        assert candidate.talk.snapshot.seq == 4

    virtually(test())


def test_finish_on_the_page_answers_the_words_that_were_on_their_way() -> None:
    """They are in the transcript, and the feedback is heard as the reply to them."""

    async def test() -> None:
        hold = asyncio.Event()
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(hold=hold))
        reply = candidate.says("I build robots.", "a")
        await a_while()
        candidate.functions.finishes()
        hold.set()
        heard = await candidate.hear(reply)

        assert heard.endswith("Thank you.\n- Strength: brief.")
        assert candidate.functions.candidate_words == "I build robots."
        assert candidate.talk.ended

    virtually(test())


def test_an_answer_after_the_end_is_refused() -> None:
    """It changes nothing."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.finishes()
        reply = candidate.says("One more thing.", "a")
        await candidate.hear(reply)
        assert reply
        assert reply.refused
        assert reply.refused.slug == "interview-over"

        assert await candidate.hear(await candidate.talk.refresh()) == "Thank you.\n- Strength: brief."

    virtually(test())


# outages


def test_a_long_outage_is_explained_twice_and_a_short_one_not_at_all() -> None:
    """Before the reply, and at once."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(waits=(0.0, 1.0, 2.0, 5.0, 15.0, 17.0)))
        heard = await candidate.hear(candidate.says("I build robots.", "a"))
        assert heard == f"{notices.ONE_MOMENT} | {notices.STILL_TRYING} | Question 2?"

        candidate.functions.turns.append(TurnScript(waits=(0.0, 0.25, 0.75)))
        assert await candidate.hear(candidate.says("And cars.", "b")) == "Question 3?"

    virtually(test())


@pytest.mark.parametrize(
    ("seconds", "said"), [(4.9, ""), (5.1, f"{notices.LET_ME_THINK} | "), (30.0, f"{notices.LET_ME_THINK} | ")]
)
def test_who_waits_long_for_a_reply_hears_once_that_it_is_thought_about(seconds: float, said: str) -> None:
    """Functions that took the words and are slow leave nobody in silence."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(hold=(hold := asyncio.Event())))
        reply = candidate.says("I build robots.", "a")
        asyncio.get_running_loop().call_later(seconds, hold.set)
        assert await candidate.hear(reply) == f"{said}Question 2?"

    virtually(test())


def test_an_outage_after_a_slow_beginning_is_explained_too() -> None:
    """That somebody thinks is not the reason any more."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(waits=(0.0,) * 21 + (2.0, 15.0)))
        heard = await candidate.hear(candidate.says("I build robots.", "a"))
        assert heard == f"{notices.LET_ME_THINK} | {notices.ONE_MOMENT} | {notices.STILL_TRYING} | Question 2?"

    virtually(test())


def test_the_greeting_is_not_thought_about() -> None:
    """There is nothing yet that was said."""

    async def test() -> None:
        candidate = Candidate()
        candidate.functions.turns.append(TurnScript(hold=(hold := asyncio.Event())))
        asyncio.get_running_loop().call_later(9, hold.set)
        assert await candidate.hear(await candidate.talk.resume()) == "Question 1?"

    virtually(test())


def test_an_outage_is_over_when_the_turn_is_answered() -> None:
    """Until then the page says that there is trouble."""

    async def test() -> None:
        candidate = Candidate()
        await candidate.begin()
        candidate.functions.turns.append(TurnScript(waits=(0.0, 3.0)))
        waiting: list[bool] = []
        candidate.talk._on_change = lambda reply: waiting.append(reply.unavailable_since is not None)
        await candidate.hear(candidate.says("I build robots.", "a"))

        assert waiting == [False, True, False]

    virtually(test())


def test_a_conversation_that_ends_leaves_nothing_running() -> None:
    """Also not what waits for a turn before it."""

    async def test() -> None:
        candidate = Candidate()
        candidate.functions.turns.append(TurnScript(hold=asyncio.Event()))
        await candidate.talk.resume()
        candidate.says("Hello?", "a")
        await a_while()
        await candidate.talk.aclose()

        left = [task for task in asyncio.all_tasks() if task.get_name().startswith("turn")]
        assert left == []
        assert not candidate.talk.busy

    virtually(test())


# a reply over a stream that breaks


def answer(*texts: str) -> Turn:
    messages = tuple(Message(seq, "agent", text, frozenset()) for seq, text in enumerate(texts, 4))
    return Turn(InterviewSnapshot("running", "intro", messages[-1].seq, None, "", messages), moved=True)


@pytest.mark.parametrize(
    ("attempts", "heard"),
    [
        ([["What robots"], ["What robots do", "What robots do you build?"]], "What robots do you build?"),
        ([["What robots do you"], ["What robots do you build?"]], "What robots do you build?"),
        ([["What robots"], ["What"]], "What robots do you build?"),
        ([["What robots"], []], "What robots do you build?"),
        ([["Which cars"], ["What robots"]], "Which cars | What robots do you build?"),
        ([["Which cars do you build at all?"], []], "Which cars do you build at all? | What robots do you build?"),
        ([["What robots do you build? And then it bro"]], "What robots do you build? And then it bro"),
    ],
)
def test_nothing_is_told_twice_and_nothing_is_missed(attempts: list[list[str]], heard: str) -> None:
    """A repeat comes as whole messages; a reply that another one replaced is said anew."""

    async def test() -> None:
        reply = Reply("a")
        for attempt in attempts:
            for text in attempt:
                reply.say(4, text)
        for message in answer("What robots do you build?").snapshot.messages:
            reply.settle(message.seq, message.text)
        reply.end()

        assert await Candidate().hear(reply) == heard
        assert reply.heard(heard.replace(" | ", " ")) is None
        for end in range(len(heard)):
            told = reply.heard(heard[:end].replace(" | ", " "))
            assert told is None or (told.seq == 4 and begins("What robots do you build?", told.text))

    virtually(test())


WRITTEN = (
    "You used `count(*)` and __init__ for $20: is 5 < 6, e.g. in handlers[name](event)?",
    "- Strength: **clear**, 24/7.\n- Gap: QA took 10–15 days…",
    "你好，请介绍一下你自己。 And in English?",
)


@pytest.mark.parametrize("aside", ["", notices.ONE_MOMENT])
@pytest.mark.parametrize("joint", ["", " ", "\n"])
def test_what_was_heard_is_always_the_beginning_of_what_was_written(aside: str, joint: str) -> None:
    """Wherever it broke off, and however the framework joins what it played: in a sign, a figure or a mark, too."""

    async def test() -> None:
        reply = Reply("a")
        if aside:
            reply.say_notice(aside)
        for seq, text in enumerate(WRITTEN, 4):
            for end in range(0, len(text), 7):
                reply.say(seq, text[: end + 7])
            reply.settle(seq, text)
        played = joint.join([aside, *WRITTEN])

        order = []
        for end in range(len(played)):
            told = reply.heard(played[:end])
            assert told is not None
            assert begins(WRITTEN[told.seq - 4], told.text)
            order.append((told.seq, len(told.text)))
        assert order == sorted(order)
        assert {seq for seq, _ in order} == {4, 5, 6}
        assert reply.heard(played) is None

    virtually(test())


def begins(written: str, heard: str) -> bool:
    """Whether these are first words of a text; white space apart."""
    words = heard.split()
    return written.split()[: len(words)] == words


def test_a_stream_that_breaks_is_heard_whole() -> None:
    """Over the real client: some deltas, a broken connection, a repeat."""
    delta = 'event: delta\ndata: {"seq": 2, "text": "%s"}\n\n'
    turn = (
        'event: turn\ndata: {"status": "running", "stage": "intro", "seq": 2, "moves_on_at": null, "moved": true, '
        '"moves_on_in_s": null, "messages": [{"seq": 2, "role": "agent", "text": "Who are you?", "event_ids": []}]}\n\n'
    )
    streams = iter([delta % "Who " + delta % "are", "", delta % "Who are you?" + turn])

    def functions(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            body = {"status": "created", "stage": "intro", "seq": 1, "moves_on_at": None, "moves_on_in_s": None}
            return httpx.Response(200, json=body)
        return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, text=next(streams))

    async def test() -> None:
        http = httpx.AsyncClient(transport=httpx.MockTransport(functions), base_url="http://functions")
        candidate = Candidate(backend=Backend(http, "id"))
        assert await candidate.hear(await candidate.talk.resume()) == "Who are you?"

    virtually(test())
