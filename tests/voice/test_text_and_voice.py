"""One interview, in writing and by voice in turns: nothing is asked twice and nothing is lost on the way."""

from collections.abc import Callable

import pytest

from support.caller import Caller
from support.client import ApiClient
from support.spoken import SpokenService


@pytest.mark.long
def test_an_interview_changes_between_writing_and_speaking_in_the_middle_of_a_question(
    spoken: SpokenService, call: Callable[[ApiClient], Caller]
) -> None:
    """Text, voice, text, voice: each way goes on with the question that stands."""
    interview = spoken.interview()
    interview.start()

    caller = call(interview).join()
    assert caller.wait_for_question() == "2"
    caller.say("Hello, I am Ada, and I work as a backend engineer in Berlin.")
    assert caller.wait_for_question(known="2") == "4"
    caller.leave()

    interview.answer("In writing: I build tools for other developers.")
    caller.join()
    assert caller.wait_for_question(known="4") == "6"
    caller.say("For the last four years I have been responsible for our payment service.")
    assert caller.wait_for_question(known="6") == "8"

    messages = interview.messages()["messages"]
    assert [m["role"] for m in messages[1:]] == ["agent", "user"] * 3 + ["agent"]
    assert "backend engineer" in messages[2]["text"]
    assert messages[4]["text"] == "In writing: I build tools for other developers."
    assert "payment service" in messages[6]["text"]
    spoken_questions = [c.text for c in caller.captions() if c.identity.startswith("agent-")]
    assert spoken_questions == [messages[i]["text"] for i in (1, 3, 5, 7)]
