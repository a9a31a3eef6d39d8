"""Who is let into the room of an interview, and when."""

from __future__ import annotations

import uuid

import pytest

from interviewos.domain.errors import InterviewOver, SessionExpired, UnknownSession, VoiceUnavailable
from interviewos.usecases import sessions
from support.fakes import Room


def test_a_candidate_may_speak_from_the_first_moment() -> None:
    """The interview need not have begun: the worker sends its start."""
    room = Room()

    interview, access = sessions.join_room(room.store, room.voice, room.session_id)

    assert interview.room_name == f"iv-{room.session_id}"
    assert access.token == f"a token of iv-{room.session_id}"


def test_nobody_is_let_into_an_interview_that_is_over() -> None:
    """Nor is a room opened for it."""
    room = Room()
    room.start()
    room.finish()

    with pytest.raises(InterviewOver):
        sessions.join_room(room.store, room.voice, room.session_id)
    assert room.voice.agents == {}


def test_nobody_is_let_into_an_interview_that_is_not_there() -> None:
    """Neither one that never was nor one whose time of retention is over."""
    room = Room()

    with pytest.raises(UnknownSession):
        sessions.join_room(room.store, room.voice, str(uuid.uuid4()))
    room.clock.advance(31 * 24 * 3_600)
    with pytest.raises(SessionExpired):
        sessions.join_room(room.store, room.voice, room.session_id)


def test_a_deleted_interview_has_no_room() -> None:
    """It is closed after the words are gone, and also where there was none."""
    room = Room()
    sessions.join_room(room.store, room.voice, room.session_id)

    sessions.delete(room.store, room.voice, room.session_id)
    sessions.delete(room.store, room.voice, room.session_id)

    assert room.voice.agents == {}
    assert room.voice.closed == [f"iv-{room.session_id}"] * 2


def test_voice_that_is_down_keeps_nobody_from_deleting() -> None:
    """What is left of the room ends by itself."""
    room = Room()
    room.voice.down = True

    with pytest.raises(VoiceUnavailable):
        sessions.join_room(room.store, room.voice, room.session_id)
    sessions.delete(room.store, room.voice, room.session_id)

    with pytest.raises(UnknownSession):
        sessions.read(room.store, room.session_id)
