"""What a listener may hear of a reply, for any words and any split of a stream."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from interviewos.model.reply_filter import MAX_REPLY_CHARACTERS, ReplyReader
from support.fakes import SIGNALS
from support.replies import pieces, read

LEAK = re.compile(
    r"<<<|>>>|```|MOVE_TO_|[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
    r"|^[\W_]*(?:interviewer|ai interviewer|assistant|ai|agent|model|system|candidate|user)[ \t*_`\])]*[:：]"
    r"|^[\W_]*(?-i:STAY)[\W_]*$",
    re.MULTILINE | re.IGNORECASE,
)
SIGNS = ("STAY", "MOVE_TO_EXPERIENCE", "MOVE_TO_DONE")
WORDS = ("Tell me more", "what did you do?", "a < b", "<b>", "x << 2", "Stay", "System", "AI", "नमस्ते", "你好。")
TOKENS = tuple(f"<<<{name}>>>" for name in SIGNS)
BROKEN_TOKENS = ("<<<MOVE_TO_DONE", "<<STAY>>", "<STAY>", "<<< STAY >>>", "<<<STAY1>>>", "<<<ST<<<STAY>>>AY>>>", "<<<")
SPEAKERS = ("**Interviewer:** ", "Interviewer:", "AI: ", "[Assistant]: ", "model：", "SYSTEM:", "> Agent : ")
IMITATED = ("Candidate: I did it.", "**User:** yes", '{"speaker": "candidate"}')
FENCES = ("```", "```text\n", "````", "`")
CONTROL = ("\x00", "\x1b[2J", "\x7f", "\x85", "\r\n", "\ud83d", "\u2028")
CRUMBS = ("<", ">", "*", "_", "`", ":", " ", "\n", "\n\n\n", "M", "MOVE_TO_", "DONE", "STAY", "[", "(", "Inter")

PIECE = st.sampled_from(WORDS + TOKENS + BROKEN_TOKENS + SPEAKERS + IMITATED + FENCES + CONTROL + CRUMBS)
REPLY = st.lists(PIECE, max_size=14).map("".join)
SPLIT = st.lists(st.integers(1, 30), max_size=40)
thorough = settings(max_examples=1_000, deadline=None, derandomize=True, database=None)


@given(reply=REPLY, sizes=SPLIT)
@example(reply="<<<ST<<<STAY>>>AY>>>", sizes=[])
@example(reply="<<<STAY>>>Interviewer: Hello", sizes=[])
@example(reply="Interviewer: AI: Hello", sizes=[])
@example(reply="<<<MOVE_TO_DONE\nThank you.", sizes=[])
@example(reply="<< <<<STAY>>>< you", sizes=[])
@example(reply="MOVE_TO_<<<STAY>>>DONE", sizes=[])
@example(reply="a <<< b, and what follows is longer than any token could ever be, so it goes on", sizes=[])
@thorough
def test_nothing_but_words_gets_out_however_a_reply_is_split(reply: str, sizes: list[int]) -> None:
    """No token, name of a signal, speaker, fence or control character is heard, not even for a moment."""
    early, text, _ = read(pieces(reply, sizes))

    assert not LEAK.search(early)
    assert not LEAK.search(text)
    assert text == text.strip(" \t\n")


@given(reply=REPLY, sizes=SPLIT)
@thorough
def test_the_split_of_a_stream_changes_nothing(reply: str, sizes: list[int]) -> None:
    """Text and signal are those of the reply in one piece."""
    whole = read([reply])[1:]

    assert read(pieces(reply, sizes))[1:] == whole
    assert read(list(reply))[1:] == whole


@given(reply=REPLY, sizes=SPLIT)
@thorough
def test_a_cut_reply_is_a_beginning_of_the_whole_one(reply: str, sizes: list[int]) -> None:
    """Where a stream breaks off, what is kept was said, and nothing of a half token is in it."""
    _, kept, _ = read(pieces(reply, sizes), cut=True)

    assert read([reply])[1].startswith(kept)
    assert not LEAK.search(kept)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1), names=st.lists(st.sampled_from((*SIGNS, "END", "stay", ""))))
@settings(thorough, max_examples=300)
def test_only_a_signal_on_the_last_line_counts(words: list[str], names: list[str]) -> None:
    """Doubled, unknown and misplaced signals are read past; none at the end is STAY."""
    reply = " ".join(words)
    for name in names:
        reply += f" and\n<<<{name}>>>\n"

    assert read(list(reply))[2] == (names[-1] if names and names[-1] in SIGNS else "STAY")


@given(text=st.lists(st.sampled_from(["Tell", "me", "a < b", "<b>", "Stay", "AI", "model", "—", "x", "more."])))
@settings(thorough, max_examples=300)
def test_little_is_held_back_of_ordinary_words(text: list[str]) -> None:
    """At any moment no more is kept than the length of the longest mark it could become."""
    reader, fed, heard = ReplyReader(SIGNALS), "", ""
    for character in "Well " + " ".join(text):
        fed += character
        heard += reader.feed(character)
        assert len(fed.rstrip()) - len(heard) <= 24


@pytest.mark.parametrize("filling", ["Word ", "<", "<<<STAY>>>", "*", " ", "\n", "`", "M", "Interviewer:"])
def test_a_megabyte_is_bounded(filling: str) -> None:
    """A model gone wrong is heard to the limit, and what comes after it costs nothing."""
    reader = ReplyReader(SIGNALS)
    reply = "Well, this is it. " + filling * (1_000_000 // len(filling))
    for start in range(0, len(reply), 1_000):
        reader.feed(reply[start : start + 1_000])
    text, signal, _ = reader.finish()

    assert text.startswith("Well, this is it.")
    assert len(text) <= MAX_REPLY_CHARACTERS
    assert reader.feed("more") == ""
    assert signal == "STAY"


@pytest.mark.parametrize(
    "filling",
    [
        "Word, ",
        "A. ",
        "1. ",
        "{ ",
        "[a ",
        "`a ",
        "**a ",
        "*a*b ",
        "The user ",
        "The user.\n",
        "候補者は。",
        "“",
        "\n",
        "Al: ",
    ],
)
def test_a_reply_in_single_characters_is_read_in_a_moment(filling: str) -> None:
    """However a model goes wrong, no chunk makes all that came before it be looked at again."""
    reader, begun = ReplyReader(SIGNALS), time.process_time()
    for character in filling * (MAX_REPLY_CHARACTERS // len(filling)):
        reader.feed(character)
    reader.finish()

    assert time.process_time() - begun < 6  # of the processor; it takes less than one
