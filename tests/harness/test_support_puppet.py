"""The scripted interviewer must get through a whole interview with every scripted candidate, by the request alone."""

import json

import pytest

from interviewos.model.close import chosen, closing_request
from interviewos.model.prompt import quoted
from interviewos.report.catalogue import catalogue
from support.candidates import CANDIDATES, GOOD, RAMBLING_CHARACTERS
from support.gemini import Content, GeminiRequest
from support.puppet import interviewer_script

NEXT = {"MOVE_TO_EXPERIENCE": "experience", "MOVE_TO_DONE": "done"}
Line = tuple[str, str]


def send(system: str, *contents: str) -> str:
    """Ask the puppet as a backend would."""
    said = tuple(Content("user", text) for text in contents)
    return interviewer_script(GeminiRequest("m", True, "/", system, said, {}, {}, b"", {})).text


def ask(stage: str, lines: list[Line]) -> tuple[str, str]:
    """Ask for a line; gives its text and its signal."""
    transcript = "\n".join(json.dumps({"speaker": who, "text": text}, ensure_ascii=False) for who, text in lines)
    reply = send(f"Be kind.\n\nCURRENT STAGE: {stage}\n\nAsk.", transcript, "The candidate has answered.")
    text, _, signal = reply.rpartition("\n")
    return text, signal.removeprefix("<<<").removesuffix(">>>")


def interview(name: str) -> tuple[list[str], list[Line], str]:
    """A whole interview; gives the signals, the transcript and the choice at its end."""
    stage, lines, signals = "intro", list[Line](), list[str]()
    for turn_number in range(1, 20):
        text, signal = ask(stage, lines)
        lines.append(("interviewer", text))
        signals.append(signal)
        stage = NEXT.get(signal, stage)
        if stage == "done":
            told = [quoted(text) for who, text in lines if who == "candidate"]
            request = closing_request(catalogue(), ())
            return signals, lines, send(request.system, json.dumps({"question": "", "told": told}))
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
def test_at_the_end_it_chooses_a_strength_in_words_of_the_candidate(name: str) -> None:
    """In the form that is asked for, out of an answer, and with a sign of the catalogue."""
    _, lines, answer = interview(name)
    strength, gap = chosen(answer)
    answers = " ".join(text for who, text in lines if who == "candidate")

    assert strength
    assert strength.sign in catalogue().signs
    assert strength.quote in answers
    assert gap is None


def test_it_never_chooses_a_token() -> None:
    """An injected signal does not come back by way of a quotation."""
    assert "MOVE TO" not in interview("injects")[2]


def test_the_rambling_candidate_uses_the_whole_length() -> None:
    """The longest answer is just allowed."""
    assert {RAMBLING_CHARACTERS} == {len(CANDIDATES["rambling"]("", turn) or "") for turn in range(1, 22)}


def test_only_the_silent_candidate_is_silent() -> None:
    """All others always have an answer."""
    assert [name for name, candidate in CANDIDATES.items() if candidate("Why?", 1) is None] == ["silent"]
