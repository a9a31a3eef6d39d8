"""`speech`: how an answer was spoken is taken with its words, shown beside them, and refused where it cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from support.client import ApiClient

SPEECH = {"words": 5, "speech_ms": 2_000, "pauses": 1, "longest_pause_ms": 1_500}
BOTH = {"words": 9, "speech_ms": 3_700, "pauses": 2, "longest_pause_ms": 1_900}
PART, MORE = {"id": "a", "text": "I bake bread in Rye."}, {"id": "b", "text": "And rolls for the school."}


@pytest.fixture
def spoken(api: ApiClient) -> ApiClient:
    """An interview that was greeted."""
    api.create()
    api.start()
    return api


def say(api: ApiClient, *parts: dict[str, str], **fields: Any) -> Any:
    return api.turn("user_turn", event_id=parts[-1]["id"], parts=parts, **fields)


def test_counts_are_shown_with_the_words_that_they_are_of(spoken: ApiClient) -> None:
    """In the turn and in the transcript; every other line has none."""
    turn = say(spoken, PART, speech=SPEECH)
    spoken.answer("I like it.")
    shown = {m["text"]: m["speech"] for m in spoken.messages()["messages"]}

    assert turn["messages"][0]["speech"] == shown.pop(PART["text"]) == SPEECH
    assert set(shown.values()) == {None}
    assert "speech" in spoken.messages()["accepts"]


def test_counts_of_parts_that_are_kept_are_taken_off(spoken: ApiClient) -> None:
    """Speech that went on: nothing is counted twice."""
    say(spoken, PART, speech=SPEECH)
    say(spoken, PART, MORE, speech=BOTH)
    shown = [m["speech"] for m in spoken.messages()["messages"] if m["role"] == "user"]

    assert shown == [SPEECH, {"words": 4, "speech_ms": 1_700, "pauses": 1, "longest_pause_ms": 1_900}]


def test_words_that_a_client_of_its_own_has_recognised_may_have_counts(spoken: ApiClient) -> None:
    """As one text, too."""
    turn = spoken.answer("I bake bread.", speech=SPEECH)

    assert turn["messages"][0]["speech"] == SPEECH


def test_a_repeat_with_other_counts_gets_its_turn(spoken: ApiClient) -> None:
    """It is the words that make an event the same."""
    first = say(spoken, PART, speech=SPEECH)
    again = say(spoken, PART, speech=BOTH)
    without = say(spoken, PART)

    assert first["messages"] == again["messages"] == without["messages"]


@pytest.mark.parametrize("counts", [dict.fromkeys(SPEECH, 0), SPEECH | {"pauses": 0, "longest_pause_ms": 0}])
def test_counts_may_be_nothing(spoken: ApiClient, counts: dict[str, int]) -> None:
    """Somebody who spoke without a pause."""
    assert say(spoken, PART, speech=counts)["messages"][0]["speech"] == counts


def test_what_a_later_release_counts_is_left_out(spoken: ApiClient) -> None:
    """As every member that is not known yet."""
    assert say(spoken, PART, speech=SPEECH | {"laughs": 3})["messages"][0]["speech"] == SPEECH


@pytest.mark.parametrize(
    ("speech", "pointer"),
    [
        (SPEECH | {"words": -1}, "/words"),
        (SPEECH | {"words": 4_001}, "/words"),
        (SPEECH | {"words": "5"}, "/words"),
        (SPEECH | {"speech_ms": -1}, "/speech_ms"),
        (SPEECH | {"speech_ms": 3_600_001}, "/speech_ms"),
        (SPEECH | {"speech_ms": 1.5}, "/speech_ms"),
        (SPEECH | {"pauses": -1}, "/pauses"),
        (SPEECH | {"pauses": 3_601}, "/pauses"),
        (SPEECH | {"longest_pause_ms": -1}, "/longest_pause_ms"),
        (SPEECH | {"longest_pause_ms": 3_600_001}, "/longest_pause_ms"),
        (SPEECH | {"pauses": 0}, "/longest_pause_ms"),
        ({name: SPEECH[name] for name in ("words", "speech_ms", "pauses")}, "/longest_pause_ms"),
        ({}, "/words"),
        (None, ""),
        (5, ""),
        ([SPEECH], ""),
    ],
)
def test_counts_that_cannot_be_are_refused(spoken: ApiClient, speech: object, pointer: str) -> None:
    """With a pointer to what is wrong, and nothing is kept."""
    refused = say(spoken, PART, speech=speech)

    assert (refused.status, refused["type"]) == (422, "/problems#invalid-field")
    assert refused["errors"][0]["pointer"] == f"/speech{pointer}"
    assert PART["text"] not in [m["text"] for m in spoken.messages()["messages"]]
    assert say(spoken, PART, speech=SPEECH).status == 200


@pytest.mark.parametrize("event_type", ["start", "finish"])
def test_counts_belong_to_an_answer(spoken: ApiClient, event_type: str) -> None:
    """Nobody speaks in any other event."""
    refused = spoken.turn(event_type, speech=SPEECH)

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/speech")
