"""The words of a candidate until a turn takes them: whatever happens, each is sent once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.transcript import LONG_CHARACTERS, MOST_CHARACTERS, TranscriptBuffer, has_words

transcripts = st.lists(st.text(st.sampled_from("abc é1"), min_size=1, max_size=60).filter(has_words), max_size=8)
deeds = st.lists(st.one_of(transcripts, st.integers(20, 120), st.just("put back")), max_size=30)


def said(*transcripts: str) -> TranscriptBuffer:
    words = TranscriptBuffer()
    for transcript in transcripts:
        words.add(transcript)
    return words


@given(deeds)
def test_no_word_is_lost_and_none_is_doubled(deeds: list[list[str] | int | str]) -> None:
    """Whatever is added, taken and put back, all letters come out once and in their order."""
    words, heard, taken = TranscriptBuffer(), [], list[str]()
    for deed in deeds:
        if isinstance(deed, list):
            for transcript in deed:
                words.add(transcript)
                heard += transcript.split()
        elif isinstance(deed, int):
            text = words.take(deed)
            assert len(text) <= deed
            taken += [text] if text else []
        elif taken:
            words.put_back([taken.pop()])
    while words.waiting:
        taken.append(words.take())

    assert "".join(taken).replace(" ", "") == "".join(heard)


@given(st.text(max_size=200))
def test_whatever_was_recognised_is_clean(transcript: str) -> None:
    """Nothing that the functions refuse: no control characters, no half of a character, nothing without a word."""
    text = said(transcript).take()

    assert text == "" or any(character.isalnum() for character in text)
    assert not [c for c in text if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000]
    assert text == " ".join(text.split())


@pytest.mark.parametrize("cough", ["", " ", "...", "…", "\x00\x1b", "\ud800", "—", "\u200b", "♪"])
def test_a_cough_is_no_answer(cough: str) -> None:
    """What holds no letter and no digit is not sent."""
    words = said(cough)

    assert not words.waiting
    assert words.take() == ""


def test_control_characters_do_not_glue_words_together() -> None:
    """A line end between two words is a blank."""
    assert said("I build\x00\x00robots\nand\u2028more\t.").take() == "I build robots and more ."


def test_what_does_not_fit_into_one_answer_stays_for_the_next() -> None:
    """It is cut between two words."""
    words = said("robots " * 1_500)
    first, second, third = words.take(), words.take(), words.take()

    assert max(len(first), len(second), len(third)) <= MOST_CHARACTERS
    assert (f"{first} {second} {third}").split() == ["robots"] * 1_500
    assert not words.waiting


def test_ten_thousand_characters_without_a_blank_are_all_sent() -> None:
    """A recogniser gone wrong is cut anywhere."""
    words = said("x" * 10_000)

    assert [len(words.take()) for _ in range(4)] == [4_000, 4_000, 2_000, 0]


def test_an_answer_is_long_before_it_is_too_long() -> None:
    """There is time to break in while all of it still fits."""
    words = said("a" * LONG_CHARACTERS)
    assert not words.long
    words.add("b")

    assert words.long
    assert words.characters == LONG_CHARACTERS + 2 <= MOST_CHARACTERS


def test_words_that_come_back_are_said_before_newer_ones() -> None:
    """They were said before."""
    words = said("I build")
    taken = words.take()
    words.add("robots")
    words.put_back([taken])

    assert words.take() == "I build robots"
