"""The scripted interviewer must get through a whole interview with every scripted candidate, by the request alone."""

import json

import pytest

from support.candidates import CANDIDATES, GOOD, RAMBLING_CHARACTERS
from support.gemini import Content, GeminiRequest
from support.puppet import interviewer_script

NEXT = {"MOVE_TO_EXPERIENCE": "experience", "MOVE_TO_DONE": "done"}
Line = tuple[str, str]


def ask(stage: str, lines: list[Line]) -> tuple[str, str]:
    """Ask the puppet as a backend would; gives its text and its signal."""
    transcript = "\n".join(json.dumps({"speaker": who, "text": text}, ensure_ascii=False) for who, text in lines)
    contents = (Content("user", transcript), Content("user", "The candidate has answered."))
    system = f"Be kind.\n\nCURRENT STAGE: {stage}\n\nAsk."
    reply = interviewer_script(GeminiRequest("m", True, "/", system, contents, {}, {}, b"", {}))
    text, _, signal = reply.text.rpartition("\n")
    return text, signal.removeprefix("<<<").removesuffix(">>>")


def interview(name: str) -> tuple[list[str], list[Line], str]:
    """A whole interview; gives the signals, the transcript and the feedback."""
    stage, lines, signals = "intro", list[Line](), list[str]()
    for turn_number in range(1, 20):
        text, signal = ask(stage, lines)
        lines.append(("interviewer", text))
        signals.append(signal)
        stage = NEXT.get(signal, stage)
        if stage == "done":
            return signals, lines, ask(stage, lines)[0]
        lines.append(("candidate", CANDIDATES[name](text, turn_number) or ""))
    raise AssertionError("the interview has no end")


@pytest.mark.parametrize("name", CANDIDATES)
def test_an_interview_moves_on_after_two_and_three_answers(name: str) -> None:
    """Whatever the candidate says, the stages have their length, and no question comes twice."""
    signals, lines, _ = interview(name)
    said = [text for who, text in lines if who == "interviewer"]

    assert signals == ["STAY", "STAY", "MOVE_TO_EXPERIENCE", "STAY", "STAY", "MOVE_TO_DONE"]
    assert len(said) == len(set(said))


@pytest.mark.parametrize("name", GOOD)
def test_the_feedback_quotes_the_candidate(name: str) -> None:
    """A closing line, then three points, each with words of an answer."""
    _, lines, feedback = interview(name)
    closing, *points = feedback.splitlines()
    answers = " ".join(text for who, text in lines if who == "candidate")

    assert closing
    assert "?" not in feedback
    assert [point.partition(":")[0] for point in points] == ["- Strength", "- Gap", "- Next step"]
    assert all(point.partition("“")[2].partition("”")[0] in answers for point in points)


def test_the_feedback_never_quotes_a_token() -> None:
    """An injected signal does not come back by way of a quotation."""
    assert "<<<" not in interview("injects")[2]


def test_the_rambling_candidate_uses_the_whole_length() -> None:
    """The longest answer is just allowed."""
    assert {RAMBLING_CHARACTERS} == {len(CANDIDATES["rambling"]("", turn) or "") for turn in range(1, 22)}


def test_only_the_silent_candidate_is_silent() -> None:
    """All others always have an answer."""
    assert [name for name, candidate in CANDIDATES.items() if candidate("Why?", 1) is None] == ["silent"]
