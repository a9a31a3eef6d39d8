"""What every interviewer promises, tried on the script and on Gemini by the real SDK."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from google import genai
from google.genai import types

from interviewos.adapters.gemini import GeminiInterviewer
from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.domain.errors import InterviewerUnavailable
from interviewos.domain.interview import Candidate, Message, Reason, Role, Source, Status, TurnPlan
from interviewos.domain.steps import next_step
from interviewos.model.close import CLOSING_TOKENS, chosen, closing_request
from interviewos.model.reply_filter import ReplyReader
from interviewos.report.catalogue import catalogue
from interviewos.report.stories import stories_of
from interviewos.settings import GeminiSettings
from interviewos.usecases.ports import Fragment, Interviewer
from support.candidates import CANDIDATES
from support.choices import READS, choice, is_feedback, misquoted
from support.fakes import CLASSIC, SIGNALS, Room
from support.gemini import OVERLOADED, QUOTA, REFUSED, Empty, FakeGemini, Hang, PromptBlock, Reply, Text, cut, drip
from support.puppet import interviewer_script

SIGNAL = re.compile(rf"\n<<<({'|'.join(SIGNALS)})>>>\s*\Z")
AT = datetime(2026, 1, 1, tzinfo=UTC)
ANSWERS = (
    "I am a backend engineer with six years in payments.",
    "I split the ledger by month, and the job went from five hours to fifty minutes.",
)


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    """A local Gemini that interviews well."""
    with FakeGemini(interviewer_script) as server:
        yield server


@pytest.fixture(params=["script", "gemini"])
def interviewer(request: pytest.FixtureRequest) -> Iterator[Interviewer]:
    """Every interviewer there is."""
    if request.param == "script":
        yield ScriptedInterviewer()
        return
    server: FakeGemini = request.getfixturevalue("gemini")
    options = types.HttpOptions(base_url=server.url, client_args={"verify": False})
    with genai.Client(api_key="key", http_options=options) as client:
        yield GeminiInterviewer(client, GeminiSettings(fallback_models=("gemini-3.5-flash-lite",)))


def turn(stage: str, reason: Reason, left: str | None = None, answers: tuple[str, ...] = ANSWERS) -> TurnPlan:
    """A turn after a question to each of these answers."""
    said = left or stage
    conversation = []
    for number, answer in enumerate(answers):
        question = f"Question {number}, please?"
        conversation.append(Message(2 * number + 2, Role.AGENT, said, question, AT, Source.MODEL))
        conversation.append(Message(2 * number + 3, Role.USER, said, answer, AT))
    step = next_step(CLASSIC, stage, (), 600)
    return TurnPlan(CLASSIC, reason, stage, "Ada", "Engineer", tuple(conversation), len(conversation) + 2, step=step)


GREETING = turn("intro", Reason.START, answers=())
SPOKEN = {
    "greeting": GREETING,
    "answer in intro": turn("intro", Reason.ANSWER),
    "late": turn("experience", Reason.LATE, "intro"),
    "limit": turn("experience", Reason.LIMIT, "intro"),
    "silence": turn("experience", Reason.SILENCE, "intro"),
    "answer in experience": turn("experience", Reason.ANSWER),
}


def listen(interviewer: Interviewer, turn: TurnPlan) -> list[Fragment]:
    return list(interviewer.stream(turn, 12))


def reply(interviewer: Interviewer, turn: TurnPlan) -> str:
    return "".join(fragment.text for fragment in listen(interviewer, turn))


def spoken(text: str) -> str:
    """What a listener hears of a reply."""
    reader = ReplyReader(SIGNALS)
    reader.feed(text)
    return reader.finish()[0]


@pytest.mark.parametrize("turn", SPOKEN.values(), ids=SPOKEN)
def test_a_reply_comes_in_pieces(interviewer: Interviewer, turn: TurnPlan) -> None:
    """There is more than one, each short enough to be shown as it comes, and the reply is not cut."""
    fragments = listen(interviewer, turn)
    pieces = [fragment.text for fragment in fragments if fragment.text]

    assert len(pieces) > 1
    assert max(map(len, pieces)) < 200
    assert not any(fragment.cut for fragment in fragments)


@pytest.mark.parametrize("turn", SPOKEN.values(), ids=SPOKEN)
def test_a_reply_ends_with_one_valid_signal(interviewer: Interviewer, turn: TurnPlan) -> None:
    """On a line of its own, and there is no other."""
    text = reply(interviewer, turn)

    assert SIGNAL.search(text)
    assert text.count("<<<") == text.count(">>>") == 1
    assert spoken(text) == SIGNAL.sub("", text).strip()


@pytest.mark.parametrize("turn", SPOKEN.values(), ids=SPOKEN)
def test_a_reply_asks_one_question(interviewer: Interviewer, turn: TurnPlan) -> None:
    """Never two at once, and never one that was asked before."""
    text = spoken(reply(interviewer, turn))

    assert text.count("?") == 1
    assert "Question" not in text


# what nobody hears

CLOSES = closing_request(
    catalogue(), stories_of(CLASSIC, turn("experience", Reason.ANSWER).conversation, ("approach",))
)
BROKEN_SERVERS: dict[str, Reply] = {
    "overloaded": OVERLOADED,
    "over its quota": QUOTA,
    "refusing": REFUSED,
    "blocking": PromptBlock(),
    "empty": Empty(),
    "cut": cut(choice((READS, ANSWERS[0])), after_chunks=1),
    "cut before a byte": cut("{}", after_chunks=0),
    "at its limit": Text("{" * 50, finish_reason="MAX_TOKENS"),
    "silent": Hang(),
    "slow": Text(choice((READS, ANSWERS[0])), first_delay_seconds=30),
    "without an end": drip("{" * 4_000, chunk_size=1, delay_seconds=0.05),
}


def test_what_is_chosen_at_the_end_is_raw_text_or_nothing(interviewer: Interviewer) -> None:
    """A model quotes the candidate in the form that is asked for; the script does not act as if it understood."""
    fragments = list(interviewer.write(CLOSES, 12, CLOSING_TOKENS))
    strength, gap = chosen("".join(fragment.text for fragment in fragments))

    assert bool(strength) is (interviewer.source is Source.MODEL)
    assert strength is None or any(strength.quote in answer for answer in ANSWERS)
    assert gap is None
    assert not any(fragment.cut for fragment in fragments)


@pytest.mark.parametrize("reply", BROKEN_SERVERS.values(), ids=BROKEN_SERVERS)
def test_writing_raises_nothing_and_ends_in_time(interviewer: Interviewer, gemini: FakeGemini, reply: Reply) -> None:
    """Whatever the server does: what came until then, or nothing."""
    gemini.script = lambda _: reply
    begun = time.monotonic()
    fragments = list(interviewer.write(CLOSES, 2.5, CLOSING_TOKENS))

    assert time.monotonic() - begun < 15  # of 30 and more that the slow ones would take
    assert chosen("".join(fragment.text for fragment in fragments)) == (None, None)
    assert sum(fragment.usage.calls for fragment in fragments) == gemini.calls


@pytest.mark.parametrize("reply", [OVERLOADED, REFUSED, Empty(), cut("{}", after_chunks=0)], ids=repr)
def test_where_one_model_fails_another_one_chooses(interviewer: Interviewer, gemini: FakeGemini, reply: Reply) -> None:
    """As long as there is time; the fragments say which one it was."""
    gemini.say(reply)
    fragments = list(interviewer.write(CLOSES, 12, CLOSING_TOKENS))
    models = {fragment.model for fragment in fragments if fragment.text}

    assert models == ({"gemini-3.5-flash-lite"} if interviewer.source is Source.MODEL else set())
    assert bool(chosen("".join(fragment.text for fragment in fragments))[0]) is bool(models)


@pytest.mark.parametrize("seconds", [0, -1])
def test_without_time_nothing_is_written(interviewer: Interviewer, gemini: FakeGemini, seconds: float) -> None:
    """And nobody is asked."""
    assert list(interviewer.write(CLOSES, seconds, CLOSING_TOKENS)) == []
    assert gemini.calls == 0


def test_who_stops_reading_does_no_harm(interviewer: Interviewer, gemini: FakeGemini) -> None:
    """The next one is answered as ever."""
    stream = interviewer.write(CLOSES, 12, CLOSING_TOKENS)
    next(stream, None)
    del stream
    again = [list(interviewer.write(CLOSES, 12, CLOSING_TOKENS)) for _ in range(2)]

    assert again[0] == again[1]


@pytest.mark.parametrize("turn", SPOKEN.values(), ids=SPOKEN)
def test_an_interviewer_remembers_nothing(interviewer: Interviewer, turn: TurnPlan) -> None:
    """Two turns at once do not disturb each other: everything is in the request."""
    streams = [interviewer.stream(turn, 12), interviewer.stream(GREETING, 12)]
    begun = [next(stream).text for stream in streams]
    replies = [
        "".join([first, *(fragment.text for fragment in stream)]) for first, stream in zip(begun, streams, strict=True)
    ]

    assert replies == [reply(interviewer, turn), reply(interviewer, GREETING)]


def test_a_reply_that_nobody_hears_to_its_end_does_no_harm(interviewer: Interviewer) -> None:
    """A listener may leave at any word; the next turn is as good as ever."""
    stream = interviewer.stream(GREETING, 12)
    next(stream)
    stream.close()  # type: ignore[attr-defined]

    assert spoken(reply(interviewer, GREETING)).endswith("?")


@pytest.mark.parametrize("name", ["engineer", "one_word", "rambling", "does_not_know", "code_switching", "injects"])
def test_an_interview_runs_to_its_end_and_says_who_spoke(interviewer: Interviewer, name: str) -> None:
    """With an easy candidate and with difficult ones: no line twice, three bullets, one source."""
    candidate = CANDIDATES[name]
    room = Room(interviewer, candidate=Candidate("Ada", "Engineer"))
    said = room.start().turn.assistant_text
    answers = 0
    while room.interview.status is Status.RUNNING:
        answers += 1
        said = room.answer(candidate(said, answers) or "…").turn.assistant_text
    sources = {message.source for message in room.interview.messages if message.role is Role.AGENT}

    assert room.interview.status is Status.ENDED
    assert answers <= 21
    assert {interviewer.source} <= sources <= {interviewer.source, Source.SCRIPT, Source.FALLBACK}
    assert all(m.stage == "done" for m in room.interview.messages if m.source not in (interviewer.source, None))
    assert len(set(room.spoken)) == len(room.spoken)
    assert is_feedback(room.spoken[-1])
    assert not misquoted(room.interview)
    assert not any("<<<" in line for line in room.spoken)


def test_the_label_is_the_truth(interviewer: Interviewer) -> None:
    """A model names itself; the script claims to be no model."""
    models = {fragment.model for fragment in listen(interviewer, GREETING) if fragment.text}

    assert (interviewer.source is Source.MODEL) == (models == {GeminiSettings().model})
    assert (interviewer.source is Source.SCRIPT) == (models == {""})


@pytest.mark.parametrize("failing_first", [True, False])
def test_unavailable_is_raised_before_the_first_word_only(
    interviewer: Interviewer, gemini: FakeGemini, failing_first: bool
) -> None:
    """Either nothing was said, or what was said stands; the script needs no network at all."""
    gemini.script = lambda _: OVERLOADED if failing_first else Text("Well then. What did y", cut_after=1)
    heard = ""
    try:
        for fragment in interviewer.stream(GREETING, 12):
            heard += fragment.text
        raised = False
    except InterviewerUnavailable:
        raised = True

    assert raised == (not heard)
    assert raised == (failing_first and interviewer.source is Source.MODEL)
    assert gemini.calls == 0 or interviewer.source is Source.MODEL
