"""How words were spoken is kept beside them, for each part its own, and is no part of what makes an event the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from interviewos.domain.errors import TurnInProgress
from interviewos.domain.interview import EventType, Message, Role, Speech
from interviewos.model.prompt import transcript
from support.fakes import FakeInterviewer, Room

FIRST = Speech(words=5, speech_ms=2_000, pauses=1, longest_pause_ms=1_500)
BOTH = Speech(words=12, speech_ms=4_500, pauses=3, longest_pause_ms=2_500)
REST = Speech(words=7, speech_ms=2_500, pauses=2, longest_pause_ms=2_500)

A, B = ("a", "I bake bread for the"), ("b", "school and for the village, too.")


@pytest.fixture
def room() -> Room:
    """An interview with its first question."""
    room = Room(FakeInterviewer(["Hello!\n<<<STAY>>>", "Why?\n<<<STAY>>>", "How?\n<<<STAY>>>", "And?\n<<<STAY>>>"]))
    room.start()
    return room


def told(room: Room) -> list[tuple[str, Speech | None]]:
    return [(m.text, m.meta.speech) for m in room.interview.messages if m.role is Role.USER]


def claimed(room: Room, *parts: tuple[str, str], speech: Speech | None) -> None:
    """Send speech, and let the process die before it is answered."""
    turn = room.steps(EventType.USER_TURN, parts[-1][0], parts, spoken=True, speech=speech)
    next(turn)
    turn.close()  # type: ignore[attr-defined]


def test_counts_wait_with_their_words_and_stand_in_the_transcript(room: Room) -> None:
    """An answer that is written has none."""
    claimed(room, A, speech=FIRST)
    [waits] = room.interview.pending
    assert (waits.event_id, waits.speech) == ("a", FIRST)
    room.clock.advance(31)
    room.wake()
    room.answer("I like it.")

    assert told(room) == [(A[1], FIRST), ("I like it.", None)]
    assert {m.meta.speech for m in room.interview.messages if m.role is not Role.USER} == {None}


def test_speech_that_goes_on_keeps_for_each_part_its_own(room: Room) -> None:
    """The event tells of all its parts: together they have as much as it said."""
    claimed(room, A, speech=FIRST)
    room.speak(A, B, speech=BOTH)

    assert told(room) == [(A[1], FIRST), (B[1], REST)]


def test_speech_of_which_the_beginning_never_came_is_counted_whole(room: Room) -> None:
    """The first request was lost on the way; nothing of it is kept, so nothing is taken off."""
    room.speak(A, B, speech=BOTH)

    assert told(room) == [(A[1], None), (B[1], BOTH)]


def test_a_part_that_was_answered_meanwhile_is_not_counted_again(room: Room) -> None:
    """The reply came before the candidate's next words did."""
    room.speak(A, speech=FIRST)
    room.speak(A, B, speech=BOTH)

    assert told(room) == [(A[1], FIRST), (B[1], REST)]


def test_a_third_part_has_what_the_first_two_have_not(room: Room) -> None:
    """Whoever breaks off often."""
    claimed(room, A, speech=FIRST)
    claimed(room, A, B, speech=BOTH)
    room.speak(A, B, ("c", "And cake."), speech=replace(BOTH, words=14, speech_ms=5_200))

    assert [speech for _, speech in told(room)] == [FIRST, REST, Speech(2, 700, 0, 0)]


def test_a_part_without_counts_takes_nothing_off(room: Room) -> None:
    """An instance of an earlier release has taken it."""
    claimed(room, A, speech=None)
    room.speak(A, B, speech=BOTH)

    assert told(room) == [(A[1], None), (B[1], BOTH)]


def test_a_repeat_with_other_counts_is_the_same_event(room: Room) -> None:
    """The words are, and the first counts stay."""
    first = room.speak(A, speech=FIRST)
    again = room.speak(A, speech=BOTH)

    assert again.turn == first.turn
    assert told(room) == [(A[1], FIRST)]


def test_a_repeat_while_it_is_answered_keeps_the_counts_that_came_first(room: Room) -> None:
    """Nothing is counted twice for it."""
    claimed(room, A, speech=FIRST)
    with pytest.raises(TurnInProgress):
        room.speak(A, speech=BOTH)
    room.clock.advance(31)
    room.speak(A, speech=BOTH)

    assert told(room) == [(A[1], FIRST)]


def test_less_than_was_counted_before_is_nothing() -> None:
    """A caller who counts each part alone is wrong, and no count falls below zero for it."""
    assert Speech(0, 0, 0, 0) == FIRST - BOTH
    assert BOTH - FIRST == REST


def test_the_model_is_told_nothing_of_it(room: Room) -> None:
    """How fast somebody speaks is for the report, not for the interviewer."""
    room.speak(A, speech=FIRST)
    asked = room.interviewer.asked[-1]  # type: ignore[attr-defined]
    silent = replace(asked, conversation=tuple(without_counts(m) for m in asked.conversation))

    assert transcript(asked) == transcript(silent)


def without_counts(message: Message) -> Message:
    return replace(message, meta=replace(message.meta, speech=None))
