"""A reply is spoken while it is being written."""

import time
from collections.abc import Callable

import pytest

from support.caller import Caller
from support.candidates import SENTENCES
from support.client import ApiClient
from support.gemini import Gate, Text
from support.process import wait_until
from support.spoken import SpokenService

WORDS_A_SECOND = 40
LONG = " ".join(
    ["Thank you, that is a good start.", *["Let me tell you a little more about what I would like to hear."] * 18]
)


@pytest.mark.long
def test_the_first_sentence_sounds_before_the_last_word_is_written(
    spoken: SpokenService, call: Callable[[ApiClient], Caller]
) -> None:
    """With a model that writes forty words a second, the beginning of a long reply is heard before its end exists."""
    caller = call(spoken.interview()).join()
    caller.wait_for_question()
    pieces = tuple(f"{word} " for word in LONG.split())
    end = Gate(after_chunks=len(pieces))  # open: it only tells that the last word was written
    end.set()
    spoken.gemini.say(Text(LONG, pieces=pieces, chunk_delay_seconds=1 / WORDS_A_SECOND, gate=end))

    answer = caller.say(SENTENCES[0])
    wait_until(end.reached.is_set, 60, "the last word")
    written = time.monotonic()
    reply = caller.wait_for_speech(after=answer.ended)

    print(
        f"\nfirst sound {reply.began - answer.ended:.1f} s, last word {written - answer.ended:.1f} s after the answer"
    )
    assert reply.began < written
