"""A candidate who speaks holds a whole interview: livekit-server, the worker's own process, speech made and heard."""

from collections.abc import Callable, Iterator
from typing import Any

from support.caller import Caller
from support.candidates import SENTENCES
from support.client import ApiClient
from support.speech import Ears
from support.spoken import SpokenService
from support.word_errors import edits, words
from voice.transcript import words_in

WORST_HEARD_OF_CANDIDATE = 0.15
WORST_HEARD_OF_INTERVIEWER = 0.25
SPEECH_OF_SOUND = (0.6, 1.2)
"""A voice that is made has silences of its own; what is counted is speech."""
PAUSE_SECONDS = 0.7
"""A longer one separates what is understood on its own: ears have a window of half a minute."""


def test_every_answer_reaches_the_transcript_once_and_every_reply_is_heard(
    spoken: SpokenService, call: Callable[[ApiClient], Caller], ears: Ears
) -> None:
    """Words reach the transcript through the worker, and come out of it as speech that is understood."""
    interview = spoken.interview(candidate_name="Ada", role="Backend engineer")
    caller = call(interview).join()
    said, seconds = _hold_the_interview(caller, iter(SENTENCES))

    body = interview.messages()
    assert body["stage"] == "done"
    told = [m for m in body["messages"] if m["role"] == "user"]
    assert [m["stage"] for m in body["messages"] if m["role"] == "agent"] == [
        "intro", "intro", "experience", "experience", "experience", "done", "done",
    ]  # fmt: skip
    assert len({event for m in told for event in m["event_ids"]}) == len(told)
    _check_counts([(m["text"], m["speech"]) for m in told], seconds)
    _check("candidate", " ".join(said), " ".join(m["text"] for m in told), WORST_HEARD_OF_CANDIDATE)

    assert _without_ids(body["messages"]) == _in_writing(spoken, [m["text"] for m in told])

    replies = [m["text"] for m in body["messages"] if m["role"] == "agent"]
    speeches = caller.heard_segments(0, PAUSE_SECONDS)
    heard = [ears.hear(caller.heard(speech.began - 0.3, speech.ended + 0.3)) for speech in speeches]
    for speech, understood in zip(speeches, heard, strict=True):
        print(f"{speech.seconds:5.1f} s of sound: {understood}")
    print("\n".join(f"{entry.at:.1f} {entry.what} {entry.detail}" for entry in caller.log))
    _check("interviewer", " ".join(replies), " ".join(heard), WORST_HEARD_OF_INTERVIEWER)


def _in_writing(spoken: SpokenService, answers: list[str]) -> list[dict[str, Any]]:
    """The transcript of the same interview in writing."""
    interview = spoken.interview(candidate_name="Ada", role="Backend engineer")
    interview.start()
    for answer in answers:
        interview.answer(answer)
    return _without_ids(interview.messages()["messages"])


def _without_ids(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: m[name] for name in ("seq", "role", "stage", "text", "source")} for m in messages]


def _hold_the_interview(caller: Caller, answers: Iterator[str]) -> tuple[list[str], float]:
    """Answer until the interview is over; what was said, and how many seconds it took to say it."""
    said: list[str] = []
    seconds = 0.0
    heard = "0"
    while heard := caller.wait_for_question(heard):
        said.append(next(answers))
        spoken = caller.say(said[-1])
        seconds += spoken.ended - spoken.began
    return said, seconds


def _check_counts(told: list[tuple[str, dict[str, int]]], seconds: float) -> None:
    """Hold the counts of each answer to its words, and their time to that of the sounds."""
    print("\n".join(f"{counts}: {text}" for text, counts in told))
    assert [counts["words"] for _, counts in told] == [len(words_in(text)) for text, _ in told]
    spoken = sum(counts["speech_ms"] for _, counts in told) / 1_000
    print(f"\nspeech: {spoken:.1f} s were heard of {seconds:.1f} s of sound")
    assert SPEECH_OF_SOUND[0] <= spoken / seconds <= SPEECH_OF_SOUND[1]


def _check(who: str, reference: str, heard: str, worst: float) -> None:
    wanted, got = words(reference), words(heard)
    rate = edits(wanted, got) / len(wanted)
    print(f"\n{who}: {len(wanted)} words, word error rate {rate:.1%}")
    assert rate <= worst, (reference, heard)
