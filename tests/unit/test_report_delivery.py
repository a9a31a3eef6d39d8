"""How it was said is counted, and never judged."""

from dataclasses import replace
from datetime import UTC, datetime

from interviewos.domain.interview import Message, Meta, Role, Speech
from interviewos.domain.wishes import Wish
from interviewos.report.delivery import Delivery, Spoken, delivery_of

AT = datetime(2026, 1, 1, tzinfo=UTC)


def answer(seq: int, text: str, speech: Speech | None = None, wish: Wish | None = None) -> Message:
    return Message(seq, Role.USER, "intro", text, AT, meta=Meta(speech=speech, wish=wish))


def test_written_answers_have_a_length_and_no_pace() -> None:
    said = [answer(1, "one two three"), answer(2, "skip", wish=Wish.SKIP), answer(3, "one two")]

    assert delivery_of(said) == Delivery(2, 5, 3, None)


def test_spoken_answers_are_added_up() -> None:
    said = [
        answer(1, "a b c", Speech(3, 2_000, 1, 1_500)),
        answer(2, "a b", Speech(2, 3_000, 0, 0)),
        answer(3, "typed"),
    ]

    assert delivery_of(said) == Delivery(3, 6, 3, Spoken(2, 60, 1, 1.5))


def test_where_no_time_of_speech_is_known_nothing_is_measured() -> None:
    assert delivery_of([answer(1, "a b", Speech(2, 0, 0, 0))]) == Delivery(1, 2, 2, None)


def test_who_said_nothing_has_no_delivery() -> None:
    interviewer = replace(answer(1, "What happened?"), role=Role.AGENT)

    assert delivery_of([interviewer, answer(2, "skip", wish=Wish.SKIP)]) is None
