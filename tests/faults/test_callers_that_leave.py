"""A caller who goes away in mid-stream, as a reload does, does not stop the turn."""

from __future__ import annotations

import pytest

from faults.conftest import Start
from support.gemini import FakeGemini, Gate, Text
from support.process import wait_until

pytestmark = pytest.mark.server


def test_a_turn_is_finished_after_its_caller_has_gone(start: Start, gemini: FakeGemini) -> None:
    """The first words were heard, the rest was not, and all of it is in the transcript; a repeat gets it whole."""
    _, api = start(**gemini.env())
    api.create()
    api.start()
    gate = Gate()
    gemini.say(Text("What did you build there, and for whom? <<<STAY>>>", chunk_size=9, gate=gate))
    heard = api.stream_answer("I build robots.", event_id="e1")
    assert [name for name, _ in (next(heard), next(heard))] == ["ack", "delta"]
    heard.close()  # the page is gone
    waiting = api.messages().body
    assert waiting["thinking"]
    assert [word["text"] for word in waiting["pending"]] == ["I build robots."]
    gate.set()
    wait_until(lambda: not api.messages()["thinking"], 10, "the turn to be stored")

    whole = api.messages().body
    assert [m["text"] for m in whole["messages"]][-2:] == ["I build robots.", "What did you build there, and for whom?"]
    assert whole["stage"] == "intro"
    calls = len(gemini.requests)
    assert api.answer("I build robots.", event_id="e1")["assistant_text"] == "What did you build there, and for whom?"
    assert len(gemini.requests) == calls


def test_first_words_come_while_the_model_is_still_talking(start: Start, gemini: FakeGemini) -> None:
    """A stream that waited for the end would be no stream."""
    _, api = start(**gemini.env())
    api.create()
    gate = Gate()
    gemini.say(Text("Welcome to this interview. Who are you? <<<STAY>>>", chunk_size=16, gate=gate))
    events = api.stream("start")
    next(events)

    assert next(events)[1]["text"].startswith("Welcome")
    assert not gate.is_set()
    gate.set()
    assert list(events)[-1][1]["assistant_text"] == "Welcome to this interview. Who are you?"


def test_whole_sentences_come_while_the_question_is_held(start: Start, gemini: FakeGemini) -> None:
    """With the gate on, what stands before the question is heard at once; what cannot be asked is never heard."""
    _, api = start(**gemini.env(), REPLY_GATE="on")
    api.create()
    gate = Gate()
    gemini.say(Text("Welcome to this interview. How old are you? <<<STAY>>>", chunk_size=38, gate=gate))
    events = api.stream("start")
    next(events)

    assert next(events)[1]["text"] == "Welcome to this interview."
    gate.set()
    heard = list(events)[-1][1]["assistant_text"]
    assert heard == "Welcome to this interview.\n\nWould you introduce yourself in a minute or two?"
