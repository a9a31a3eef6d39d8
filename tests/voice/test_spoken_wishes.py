"""A candidate who speaks asks for what a page has buttons for, and is understood."""

from collections.abc import Callable
from typing import Any

import pytest

from support.caller import Caller
from support.client import ApiClient
from support.speech import Ears
from support.spoken import SpokenService
from support.word_errors import edits, words

JOB = (
    "Staff nurse on a stroke ward in Leeds, night shifts, early mobilisation, a team of twelve nurses and two doctors."
)
WISHES = (
    ("Could you repeat the question, please?", "repeat"),
    ("Can you say it in simpler words?", "simpler"),
    ("I need a moment to think, please.", "pause"),
    ("Can I have more time?", "more_time"),
    ("I would rather skip this question.", "skip"),
)
WORST_HEARD = 0.3
PAUSE_SECONDS = 1.5
"""Between two sentences of the interviewer; the candidate takes longer to speak."""


@pytest.mark.long
def test_wishes_are_heard_and_granted_aloud_in_an_interview_as_it_was_chosen(
    spoken: SpokenService, call: Callable[[ApiClient], Caller], ears: Ears
) -> None:
    """Each in a short form; none counts as an answer, and the question that is repeated is the open one."""
    interview = spoken.interview(
        candidate_name="Ada", role="Nurse", plan="nursing", level="senior", time_factor=1.2, job=JOB
    )
    caller = call(interview).join()
    heard = caller.wait_for_question()
    opening = _lines(interview)[-1]
    granted = []
    for said, _ in WISHES:
        spoke = caller.say(said)
        heard = caller.wait_for_question(heard)
        granted.append(caller.heard_segments(spoke.ended, PAUSE_SECONDS)[0])

    body = interview.messages()
    asked = [m for m in body["messages"] if m["role"] == "user"]
    print("\n".join(f"{m['wish']}: {m['text']}" for m in asked))
    assert [m["wish"] for m in asked] == [wish for _, wish in WISHES]
    repeated = next(m for m in body["messages"] if m["role"] == "agent" and m["wish"] == "repeat")
    assert opening["text"].split(": ")[-1].lower() in repeated["text"].lower()
    assert body["quiet_until"] is None or body["plan"]["asked"] == 2
    understood = ears.hear(caller.heard(granted[0].began - 0.3, granted[0].ended + 0.3))
    assert edits(words(repeated["text"]), words(understood)) <= WORST_HEARD * len(words(repeated["text"])), understood
    assert (body["plan"]["id"], body["plan"]["level"], body["plan"]["time_factor"]) == ("nursing", "senior", 1.2)


def _lines(interview: ApiClient) -> list[dict[str, Any]]:
    return [m for m in interview.messages()["messages"] if m["role"] == "agent"]
