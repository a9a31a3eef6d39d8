"""What a listener may hear of a reply, for any words and any split of a stream."""

from __future__ import annotations

import re

import pytest

from interviewos.model.reply_filter import (
    ReplyReader,
    whole_sentences,
)
from support.fakes import SIGNALS
from support.replies import pieces, read


@pytest.mark.parametrize(
    "ending",
    [
        "<<<MOVE_TO_DONE>>>",
        "<<< MOVE_TO_DONE >>>",
        "<<MOVE_TO_DONE>>",
        "<MOVE_TO_DONE>",
        "<<<<MOVE_TO_DONE>>>>",
        "`<<<MOVE_TO_DONE>>>`",
        "**<<<MOVE_TO_DONE>>>**",
        "```\n<<<MOVE_TO_DONE>>>\n```",
        "<<<MOVE_TO_DONE>>> Goodbye.",
        "<<<STAY>>>\n<<<MOVE_TO_DONE>>>",
        "<<<MOVE_TO_DONE>>>\n---",
    ],
)
def test_a_signal_is_read_in_the_dresses_that_models_give_it(ending: str) -> None:
    """Marks and blanks around a token are no reason to miss it."""
    _, text, signal = read(list(f"That was all.\n{ending}"))

    assert signal == "MOVE_TO_DONE"
    assert text in ("That was all.", "That was all.\nGoodbye.")


@pytest.mark.parametrize("ending", ["", "<<<END>>>", "<<<MOVE_TO_DONE", "MOVE_TO_DONE", "<<<move_to_done>>>", "<<<>>>"])
def test_anything_else_is_stay(ending: str) -> None:
    """A broken, bare or unknown signal changes nothing and is not heard."""
    assert read(list(f"And then?\n{ending}"))[1:] == ("And then?", "STAY")


@pytest.mark.parametrize(
    "text",
    [
        "Is a < b in your code, or b > a?",
        "You wrote <b>bold</b> text.",
        "Shift it: 1 << n, then n >> 1.",
        "Stay calm. What happened next?",
        "STAY was the word on the sign.",
        "Model answers are of no use here.",
        "System design is a wide field: where did you begin?",
        "AI is what I am. And you?",
        "AI",
        "Users complained, you said. How many?",
        "Agents and candidates: who decided?",
        "You used count(*) and __init__, why?",
        "Strength: you were concrete.\nGap: no number.\nNext step: count.",
        "First line.\n\nSecond line.",
        "M",
        "MOVE over, you said?",
        "नमस्ते, आपने क्या किया?",
        "你当时做了什么？",
        "ماذا فعلت بعد ذلك؟",
        "👋 Hello! What did you build?",
        "[laughs] What then?",
        "It cost 5 €: why?",
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1_000])
def test_ordinary_words_come_through_as_they_are(text: str, size: int) -> None:
    """A filter that eats words is no better than one that leaks."""
    assert read(pieces(f"{text}\n<<<STAY>>>", [size] * len(text)))[1] == text


@pytest.mark.parametrize(
    ("reply", "heard"),
    [
        ("**Interviewer:** Hello.", "Hello."),
        ("AI: Hello.", "Hello."),
        ("Interviewer: Interviewer: Hello.", "Hello."),
        ('"Interviewer: Hello."', 'Hello."'),
        ("Hello.\n**Interviewer**: And you?", "Hello.\nAnd you?"),
        ("```\nHello.\n```", "Hello."),
        ("```text\nInterviewer: Hello.\n```", "Hello."),
        ("You used `git rebase` and **force**.", "You used git rebase and force."),
        ("- One.\n- Two.", "One.\nTwo."),
        ("Hello.\n---\n**\n", "Hello."),
        ("Hello <<<STAY>>> there.", "Hello there."),
        ("Hello.\n\n\n\n\nAnd you?", "Hello.\n\nAnd you?"),
        ("Hel\x00lo.\r\nAnd you?", "Hello.\nAnd you?"),
        ("And you?\nCandidate: I am Ada.\nInterviewer: Good.", "And you?"),
        ("Candidate: I am Ada.", ""),
        ("  \n\t ** \n", ""),
        ("\u200b\u3000\u00a0", ""),
        ("…", ""),
        ("", ""),
    ],
)
def test_what_models_put_around_their_words_is_left_out(reply: str, heard: str) -> None:
    """Prefixes, fences, bare marks, and the candidate's next answer where a model invents it."""
    assert read(list(reply))[1] == heard


@pytest.mark.parametrize("text", ["Tell me about a hard problem that you solved.", "System design is hard, is it not?"])
def test_the_first_words_come_early(text: str) -> None:
    """Nobody waits for the end of a sentence: after three chunks of a word each something is heard."""
    reader = ReplyReader(SIGNALS)
    words = re.findall(r"\S+\s*", text)

    assert "".join(reader.feed(word) for word in words[:3])
    assert all(reader.feed(word).strip() for word in words[3:-1])


@pytest.mark.parametrize(
    "reply",
    [
        "You wrote <<<MOVE_TO_DONE>>>. And then?",
        "You wrote <<<MOVE_TO_DONE>>>\nAnd then?",
        "“<<<MOVE_TO_DONE>>>” is what you wrote. And then?",
        "<<<MOVE_TO_DONE>>>\nAnd then?",
        "And then?\n<<<MOVE_TO_DONE>>>\n<<<STAY>>>",
        "And then?\nCandidate: Nothing.\n<<<MOVE_TO_DONE>>>",
        "<think><<<MOVE_TO_DONE>>></think>And then?",
    ],
)
def test_a_quoted_signal_is_none(reply: str) -> None:
    """What a model repeats of the candidate's words, or puts anywhere but at the end, moves nothing."""
    assert read(list(reply))[2] == "STAY"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("One. Two! Thr", "One. Two!"),
        ("What did you do? And th", "What did you do?"),
        ("He said “stop.” And th", "He said “stop.”"),
        ("It is (really done.) And", "It is (really done.)"),
        ("It took 3.5 hou", ""),
        ("你做了什么？然后", "你做了什么？"),
        ("他说「好。」然后", "他说「好。」"),
        ("मैंने टीम चलाई। फिर", "मैंने टीम चलाई।"),
        ("ماذا فعلت؟ ثم", "ماذا فعلت؟"),
        ("آپ نے کیا کیا۔ پھر", "آپ نے کیا کیا۔"),
        ("Well…", "Well…"),
        ("no end", ""),
        ("", ""),
    ],
)
def test_a_cut_reply_ends_at_a_whole_sentence(text: str, kept: str) -> None:
    """Half a sentence is never read aloud again from the transcript."""
    assert whole_sentences(text) == kept
    assert read(list(text), cut=True)[1] == kept
