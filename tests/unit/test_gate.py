"""The gate: of what a model says, one question that makes sense is heard, or the planned one.

Replies and their talks are data in `tests/replies/questions.toml`: to try another one, add a row.
"""

from __future__ import annotations

import itertools
import logging
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewos.adapters.plan_files import read_plans
from interviewos.adapters.sqlite import SqliteStore
from interviewos.bootstrap import build
from interviewos.domain.errors import InterviewerUnavailable
from interviewos.domain.interview import Heard, Message, Meta, Reason, Role, Source, Status, TurnPlan
from interviewos.domain.plan import DONE, NEXT, STAY
from interviewos.domain.questions import MARK, is_one_question, own_words
from interviewos.domain.steps import Asked, lead_of, next_step
from interviewos.model.gate import HOLD_SECONDS, Gate, Settled
from interviewos.model.reply_filter import ReplyReader
from interviewos.settings import Settings
from interviewos.usecases.ports import Fragment
from interviewos.usecases.turns import Delta
from support.clock import FakeClock
from support.fakes import FakeInterviewer, Room

TESTS = Path(__file__).parents[1]
PLANS = {name: languages["en"] for name, languages in read_plans().items()}
TALKS: list[dict[str, Any]] = tomllib.loads((TESTS / "replies" / "questions.toml").read_text(encoding="utf-8"))["talk"]
ORDINARY = [(talk, reply) for talk in TALKS for reply in talk["ordinary"]]
FAULTS = [(talk, row) for talk in TALKS for row in talk["faults"]]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = "We moved forty machines from Leeds in 9 days, and I wrote the runbook. Nobody helped me."
MOST_CHANGED, FEWEST_CAUGHT = 0.01, 0.98
LATER_BYTES = 90
"""What may be held back of a reply's first words: about twenty tokens, a third of a second at sixty a second."""


def turn_of(talk: dict[str, Any]) -> TurnPlan:
    """The turn that a reply of this talk answers."""
    plan = PLANS[talk["plan"]]
    said = talk.get("said", [])
    if talk.get("last"):
        said = [[question.id, question.text] for question in plan.questions] + [["", "We kept the kitchen open alone."]]
    asked = [Asked(question) for question, _ in said if question]
    stage = plan.question(asked[-1].question).stage if asked else plan.first  # type: ignore[union-attr]
    return TurnPlan(
        plan=plan,
        reason=Reason.ANSWER if asked else Reason.START,
        stage=stage,
        candidate_name="Ada",
        role=talk["role"],
        conversation=tuple(line(seq, *each, stage) for seq, each in enumerate(said, 2)),
        seq=99,
        step=next_step(plan, stage, asked, 600),
    )


def line(seq: int, question: str, text: str, stage: str) -> Message:
    role, source = (Role.AGENT, Source.MODEL) if question else (Role.USER, None)
    return Message(seq, role, stage, text, NOW, source, Meta(question=question))


def hear(turn: TurnPlan, chunks: list[str], may_leave: bool = True) -> tuple[str, Settled]:
    """Hear a reply that comes in these chunks; give it as the filter leaves it, and what the gate makes of that."""
    reader, gate = ReplyReader(turn.plan.signals), Gate(turn, lambda: 0.0)
    early = "".join(gate.feed(reader.feed(chunk)) for chunk in chunks)
    text, signal, rest = reader.finish()
    early += gate.feed(rest)
    to = lead_of(turn.plan, turn.stage, turn.step, signal, may_leave)
    settled = gate.settle(signal, ends=turn.reason is Reason.ANSWER and to.stage == DONE)
    assert early + settled.rest == settled.text
    return text, settled


def is_caught(talk: dict[str, Any], row: dict[str, Any], chunks: list[str]) -> bool:
    _, settled = hear(turn_of(talk), chunks, may_leave=not row.get("stays"))
    wanted = (
        row.get("heard", settled.text),
        row.get("planned", "heard" not in row and settled.owed),
        row.get("signal", settled.signal),
    )
    return row["kind"] in settled.changes and (settled.text, settled.owed, settled.signal) == wanted


def is_unchanged(talk: dict[str, Any], reply: str, chunks: list[str]) -> bool:
    text, settled = hear(turn_of(talk), chunks)
    return settled.text == text and not settled.owed and not settled.changes


def splits(text: str) -> Iterator[list[str]]:
    """The reply in one piece, in pieces of each small size, and at random."""
    yield [text]
    for size in (1, 2, 7):
        yield [text[at : at + size] for at in range(0, len(text), size)]
    chance = random.Random(text)
    for _ in range(3):
        places = sorted(chance.sample(range(len(text)), min(len(text), chance.randrange(1, 12))))
        yield [text[begin:end] for begin, end in zip([0, *places], [*places, len(text)], strict=True)]


@pytest.mark.parametrize(("talk", "reply"), ORDINARY, ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_an_ordinary_reply_is_heard_as_it_is(talk: dict[str, Any], reply: str) -> None:
    """Not a letter of what a good interviewer says is changed, however it comes."""
    assert all(is_unchanged(talk, reply, chunks) for chunks in splits(reply))


@pytest.mark.parametrize(
    ("talk", "row"),
    FAULTS,
    ids=lambda value: value["sends"][:40] if "sends" in value else "",
)
def test_a_planted_fault_is_not_heard(talk: dict[str, Any], row: dict[str, Any]) -> None:
    """However the reply comes, what is left is what the row promises."""
    assert all(is_caught(talk, row, chunks) for chunks in splits(row["sends"]))


def test_false_changes_are_counted_beside_the_caught_ones(capsys: pytest.CaptureFixture[str]) -> None:
    """At most one ordinary reply in a hundred is changed, and 98 of a hundred planted ones are caught."""
    changed = sum(not is_unchanged(talk, reply, [reply]) for talk, reply in ORDINARY)
    caught = sum(is_caught(talk, row, [row["sends"]]) for talk, row in FAULTS)
    with capsys.disabled():
        print(f"\ngate: changed {changed} of {len(ORDINARY)} ordinary, caught {caught} of {len(FAULTS)} planted")

    assert changed <= MOST_CHANGED * len(ORDINARY)
    assert caught >= FEWEST_CAUGHT * len(FAULTS)
    assert len(ORDINARY) >= 60
    assert len(FAULTS) >= 60
    assert len({talk["language"] for talk in TALKS}) >= 8


# questions about work, written for the check of plans


def questions(name: str) -> list[str]:
    tables = tomllib.loads((TESTS / "questions" / f"{name}.toml").read_text(encoding="utf-8"))
    return [text for rows in tables.values() for texts in rows.values() for text in texts]


def after(answer: str, **more: Any) -> TurnPlan:
    """A turn after an answer about the first story, in which nothing else was said."""
    question = PLANS["classic"].questions_of("experience")[0]
    turn = turn_of({"plan": "classic", "role": "Engineer", "said": [[question.id, question.text], ["", answer]]})
    return replace(turn, **more)


def test_questions_of_twelve_professions_pass() -> None:
    """Where the candidate has named the things in it, a question about work is never changed."""
    changed = [
        text for text in questions("ordinary") if settle(f"I see. {text}", after(text.replace("?", "."))).changes
    ]

    assert changed == []


def test_private_questions_do_not_pass() -> None:
    """What a plan must not ask, a model must not either."""
    heard = [text for text in questions("forbidden") if "private" not in settle(f"I see. {text}").changes]

    assert heard == []


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_every_planned_question_passes(plan: Any) -> None:
    """A model that reads the plan aloud is not changed."""
    texts = [text for question in plan.questions for text in (question.text, question.plain)]
    turn = after(TOLD, plan=plan, step=next_step(plan, plan.stages[-1].id, [], 600), conversation=())

    assert [text for text in texts if settle(text, turn).changes not in ((), ("token",))] == []


# one rule each


def settle(reply: str, turn: TurnPlan | None = None, signal: str = STAY, **how: bool) -> Settled:
    gate = Gate(turn or after(TOLD), lambda: 0.0)
    gate.feed(reply)
    return gate.settle(signal, **how)


def test_sentences_that_cannot_be_a_question_pass_at_once() -> None:
    """A listener does not wait for the question to hear what stands before it."""
    gate = Gate(after(TOLD), lambda: 0.0)

    assert gate.feed("You moved forty machines. What") == "You moved forty machines."
    assert gate.feed(" was hardest?") == ""
    assert gate.settle(STAY).rest == " What was hardest?"


def test_a_request_and_the_question_after_it_are_one() -> None:
    """Neither half of it is a second question."""
    reply = "Tell me about the first day. What did you do then?"

    assert settle(reply) == Settled(reply, reply, STAY)


def test_two_requests_and_a_question_do_not_swallow_a_third() -> None:
    """What belongs together ends with its question mark."""
    assert settle(
        "Tell me about it. What was hard? Describe your team in detail to me, please, and at length."
    ).text == ("Describe your team in detail to me, please, and at length.")


def test_a_question_that_hangs_on_another_does_not_stand_alone() -> None:
    """ "And why?" says nothing without the question before it."""
    assert settle("What did you leave out? And why?").text == "What did you leave out?"


@pytest.mark.parametrize("signal", [STAY, NEXT])
def test_who_would_like_to_know_asks(signal: str) -> None:
    """An indirect question is one where more is asked; at the end it is not."""
    reply = "I'd like to hear how you tested it."

    assert not settle(reply, signal=signal).owed
    assert settle(reply, signal=signal, ends=True).text == reply


def test_the_same_words_may_ask_about_another_story() -> None:
    """A follow-up is held against those of its own question; an opening against all."""
    plan = PLANS["classic"]
    first, second, *_ = plan.questions_of("experience")
    before = "You told the board. How did it end for everybody?"
    talk = [[first.id, first.text], ["", "A."], [first.id, before], ["", "B."]]
    here = {"plan": "classic", "role": "", "said": talk}
    there = {**here, "said": [*talk, [second.id, second.text], ["", "C."]]}
    reply = "You slept on it. How did it end for everybody?"

    assert settle(reply, turn_of(here)).changes == ("asked_before",)
    assert settle(reply, turn_of(there)).changes == ()
    assert settle("You told the staff. How did it end for everybody?", turn_of(there)).changes == ()
    assert settle(before, turn_of(there)).changes == ("asked_before",)
    assert settle(first.text, turn_of(there)).changes == ("asked_before",)


@pytest.mark.parametrize("meta", [Meta(heard=Heard(2, "Tell me")), Meta()])
def test_who_did_not_hear_a_question_gets_it_again(meta: Meta) -> None:
    """After an interruption, or where the candidate asks back, the same words are right."""
    turn = after("Which one do you mean?" if meta == Meta() else "Sorry.")
    asked, answer = turn.conversation
    again = replace(turn, conversation=(asked, replace(answer, meta=meta)))

    assert settle(asked.text, again).changes == ()


def test_who_asks_back_is_asked_what_is_open_once_more() -> None:
    """Neither twice more, nor what another question asked before."""
    first, second, *_ = PLANS["classic"].questions_of("experience")
    said = [[first.id, first.text], ["", "A."], [second.id, second.text], ["", "Which one do you mean?"]]
    turn = turn_of({"plan": "classic", "role": "", "said": said})
    again = turn_of({"plan": "classic", "role": "", "said": [*said, [second.id, second.text], ["", "Which one?"]]})

    assert settle(second.text, turn).changes == ()
    assert settle(first.text, turn).changes == ("asked_before",)
    assert settle(second.text, again).changes == ("asked_before",)


def test_who_answers_a_question_of_their_own_does_not_ask_back() -> None:
    """Some begin by saying the question once more."""
    turn = after("How I did that? I wrote the runbook.")

    assert settle(turn.conversation[0].text, turn).changes == ("asked_before",)


def test_the_next_planned_question_is_kept_before_any_other() -> None:
    """It is what the label says that was asked."""
    turn = after(TOLD)
    assert turn.step.next
    planned = turn.step.next.text

    settled = settle(f"Nine days. {planned} Who else was there? What did they say?", turn, NEXT)

    assert (settled.text, settled.changes) == (f"Nine days. {planned}", ("second_question",))


@pytest.mark.parametrize("reason", [Reason.COVERED, Reason.LATE, Reason.LIMIT, Reason.SILENCE])
def test_where_only_the_next_question_is_offered_no_other_passes_for_it(reason: Reason) -> None:
    """A reply in other words than the plan's must say by its token that it goes on."""
    turn = after(TOLD, reason=reason)
    assert turn.step.next
    other = "Nine days. Who was proud of it in the end?"

    assert settle(other, turn) == Settled("Nine days.", "", STAY, True, ("not_the_next",))
    assert settle(other, turn, NEXT).text == other
    assert settle(f"Nine days. {turn.step.next.text}", turn).changes == ()


def test_a_question_of_the_candidates_is_not_put_to_them() -> None:
    """It was asked, or told, by themselves."""
    turn = after("What was I meant to achieve? To keep the hotel open.")

    assert settle("The hotel. What was I meant to achieve?", turn).changes == ("said_before",)


def test_nothing_is_said_twice() -> None:
    """Neither the interviewer's own sentences nor what candidates tell of themselves, but where they ask again."""
    question, thanks = PLANS["classic"].questions_of("experience")[0], "I am here to listen to you."
    said = [[question.id, f"{thanks} {question.text}"], ["", "I moved all machines alone. Nobody helped."]]
    turn = turn_of({"plan": "classic", "role": "", "said": said})

    assert settle(f"{thanks} I moved all machines alone. What was hardest?", turn) == Settled(
        "What was hardest?", "What was hardest?", STAY, False, ("said_before",)
    )
    asked = turn_of({"plan": "classic", "role": "", "said": [said[0], ["", "Are you there?"]]})
    assert settle(f"{thanks} What was hardest?", asked).changes == ()


@pytest.mark.parametrize(
    "quoted", ["You said that since the chemo I cannot drive. What helped?", "Since the chemo I cannot drive?"]
)
def test_what_people_tell_of_their_own_life_is_not_said_back(quoted: str) -> None:
    """To name it kindly is no quotation, and a patient's illness is not the candidate's."""
    turn = after("Since the chemo I cannot drive at night.")

    assert "private" in settle(quoted, turn).changes
    assert "cannot drive" not in settle(quoted, turn).text
    assert settle("I am sorry that the chemo was hard. What do you drive?", turn).changes == ()
    assert settle("He had his second chemo at noon. What came then?", after("He had his second chemo at noon!")).text


def test_a_sentence_about_the_candidate_holds_nothing_invented() -> None:
    """What is put to them as theirs was said; what the note says of the time may be said as well."""
    assert settle("Your 250 users in Frankfurt left. What was hardest?").changes == ("invented",)
    assert settle(f"You have {after(TOLD).step.minutes_left} minutes left. What was hardest?").changes == ()


def test_a_model_does_not_talk_about_itself_unless_it_is_asked() -> None:
    """Who asks what it is gets an honest answer."""
    said = "As an AI language model, I cannot judge that. What was hardest?"

    assert settle(said) == Settled("What was hardest?", "What was hardest?", STAY, False, ("about_itself",))
    assert settle(said, after("It was late. Are you a person?")).changes == ()


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("It took forty five minutes.", "What did you do in these 45 minutes?"),
        ("We had 40k users.", "What did the 40,000 users say?"),
        ("It cost 1.500 euros.", "Who paid the 1,500 euros?"),
        ("We used postgres.", "What made PostgreSQL the right choice?"),
        ("We used java script.", "What made you choose JavaScript?"),
        ("o'neill said no.", "What did you tell Mr. O'Neill?"),
        ("I asked HR.", "What did HR say when the CEO called?"),
        ("It was late.", "What did you do in the first 10 minutes?"),
    ],
)
def test_what_somebody_said_in_other_letters_is_not_invented(answer: str, question: str) -> None:
    """Speech is written down in many ways, and small numbers are words."""
    assert settle(question, after(answer)).changes == ()


@pytest.mark.parametrize(
    "question", ["Who paid the 4,700 euros?", "What did Miller say?", "How did Jenkins help?", "What did Mr. Hill say?"]
)
def test_what_nobody_said_is_invented(question: str) -> None:
    """A figure or a name of the model's own is not put to the candidate."""
    assert settle(question, after("It was late.")) == Settled("", "", STAY, True, ("invented",))


def test_a_name_in_an_english_question_counts_after_a_german_answer() -> None:
    """Only in German are all nouns written like names."""
    turn = after("Wir haben die Maschinen in einer Woche verlegt, und ich habe das Handbuch geschrieben.")

    assert settle("What did Jenkins say to that?", turn).changes == ("invented",)
    assert settle("Was stand in dem Handbuch für den Notfall?", turn).changes == ()


def test_a_figure_without_end_is_only_a_figure() -> None:
    """No reply of a model breaks a turn."""
    assert settle(f"What did the {'9' * 5_000} users say?").changes == ("invented",)


def test_a_good_bye_may_stand_before_a_question() -> None:
    """Only what nothing follows ends a conversation."""
    reply = "Thank you for your time so far. What was hardest?"

    assert settle(reply).text == reply
    assert settle("What was hardest? Thank you for your time.").text == "What was hardest?"


def test_short_sentences_count_half() -> None:
    """Two sentences may stand before a question, or more where they are a word or two."""
    reply = "I see. Nine days. You did it alone. What was hardest?"

    assert settle(reply).text == reply
    assert settle("You did it all alone. It took nine days. The others went home. What was hardest?").changes == (
        "too_long",
    )


def test_three_words_are_still_short() -> None:
    """ "That is clear." leaves room for as much again."""
    reply = "That is clear. You did it all alone. Nine whole days. What was hardest?"

    assert settle(reply).text == reply


@pytest.mark.parametrize(("words", "changes"), [(30, ()), (31, ("too_long",))])
def test_a_sentence_may_have_thirty_words(words: int, changes: tuple[str, ...]) -> None:
    """A longer one is left out, and its question kept."""
    long = f"You did it {'very ' * (words - 4)}well."

    assert settle(f"{long} What was hardest?").changes == changes


def test_a_few_words_of_request_belong_to_the_question_before() -> None:
    """Six are an echo of it; seven ask for something of their own."""
    echo, other = "What was hardest? Tell me about it in detail.", "Tell me about it in more detail."

    assert settle(echo) == Settled(echo, echo, STAY)
    assert settle(f"What was hardest? {other}") == Settled(other, other, STAY, False, ("second_question",))


def test_a_line_break_before_the_reply_cuts_nothing_off() -> None:
    """The first sentence begins behind it."""
    reply = "Tell me about your first day there."

    assert settle(f"\n{reply}") == Settled(reply, reply, STAY)


def test_an_initial_at_the_beginning_ends_no_sentence() -> None:
    """Nothing is let out of a sentence that goes on."""
    gate = Gate(after("I told J. Weber of it."), lambda: 0.0)

    assert gate.feed("J. Weber helped") == ""
    assert gate.feed(" you. What") == "J. Weber helped you."


def test_who_was_spoken_of_may_be_spoken_of() -> None:
    """A recruiter is asked about candidates, and a designer about users."""
    reply = "The candidate left early. What did that teach you?"

    assert settle(reply, after("My candidate left.")).text == reply
    assert settle(reply).text == "What did that teach you?"


def test_the_next_planned_question_goes_on_whatever_the_token_says() -> None:
    """A model that stays by its token and goes on in its words has gone on."""
    turn = after(TOLD)
    assert turn.step.next

    settled = settle(f"I see. {turn.step.next.text}", turn, f"{STAY} result")

    assert (settled.signal, settled.changes) == (NEXT, ("token",))


def test_the_first_question_of_the_next_stage_goes_on_as_well() -> None:
    """After the last one of a stage it is what comes next."""
    plan = PLANS["classic"]
    last, first = plan.questions_of("intro")[-1], plan.questions_of("experience")[0]
    said = [[question.id, question.text] for question in plan.questions_of("intro")] + [["", "A bank."]]
    turn = turn_of({"plan": "classic", "role": "", "said": said})
    assert (turn.step.open, turn.step.next) == (last, None)

    assert settle(f"A bank, then. {first.text}", turn).signal == NEXT


def test_a_sentence_that_broke_off_is_left_out() -> None:
    """And the planned question follows where nothing was asked yet."""
    assert settle("You wrote the runbook. How did", cut=True) == Settled(
        "You wrote the runbook.", "", STAY, True, ("no_question",)
    )


def test_marks_in_unknown_scripts_are_not_missed() -> None:
    """Where we do not know how a language asks, a reply passes as it is."""
    reply = "ഞങ്ങൾ സംസാരിക്കാം. നിങ്ങൾ പറയൂ"

    assert settle(reply) == Settled(reply, reply[reply.index(" നി") :], STAY)


# time


@dataclass
class Clock:
    now: float = 0.0
    ticks: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now


def test_a_question_is_let_out_while_the_model_goes_on() -> None:
    """It waits for what may follow, and no longer; what follows then is left out."""
    clock = Clock()
    gate = Gate(after(TOLD), clock)
    assert gate.feed("Nine days. What was hardest?") == "Nine days."
    clock.now = HOLD_SECONDS - 0.01
    assert gate.feed(" I") == ""
    clock.now = HOLD_SECONDS
    assert gate.feed(" ask because") == " What was hardest?"

    assert gate.feed(" it matters. And who helped you? Goodbye!") == ""
    settled = gate.settle(STAY)

    assert settled.text == "Nine days. What was hardest? I ask because it matters."
    assert settled.changes == ("second_question", "good_bye")


def test_a_question_is_let_out_though_nothing_follows() -> None:
    """A model that stands still after its question keeps nobody waiting."""
    clock = Clock()
    gate = Gate(after(TOLD), clock)
    assert gate.feed("What was hardest?") == ""
    clock.now = HOLD_SECONDS

    assert gate.feed("") == "What was hardest?"


def test_a_question_that_is_out_is_waited_for() -> None:
    """A token that ends the interview comes too late for a question that was heard."""
    clock = Clock()
    gate = Gate(after(TOLD), clock)
    gate.feed("What was hardest?")
    clock.now = 1.0

    assert gate.feed(" Goodbye.") == "What was hardest?"
    assert gate.settle("MOVE_TO_DONE", ends=True) == Settled("What was hardest?", "", STAY, False, ("good_bye",))


def test_what_cannot_be_asked_is_not_let_out_by_waiting() -> None:
    """Time is no reason to hear it."""
    clock = Clock()
    gate = Gate(after(TOLD), clock)
    gate.feed("How old are you?")
    clock.now = 5.0

    assert gate.feed(" Tell me.") == ""
    assert gate.settle(STAY) == Settled("", "", STAY, True, ("private",))


def test_first_words_are_hardly_later_than_they_come() -> None:
    """Most replies that begin with a statement are heard after its last sign."""
    held = [held_at_first(talk, reply) for talk, reply in ORDINARY]

    assert sum(amount <= LATER_BYTES for amount in held) >= 0.6 * len(held)


def held_at_first(talk: dict[str, Any], reply: str) -> int:
    """Bytes that a listener waits for until something is heard."""
    turn = turn_of(talk)
    reader, gate = ReplyReader(turn.plan.signals), Gate(turn, lambda: 0.0)
    for at, character in enumerate(reply):
        if gate.feed(reader.feed(character)):
            return len(reply[: at + 1].encode())
    return len(reply.encode())


# whole interviews with bad models


@dataclass
class Model(FakeInterviewer):
    """Says the same lines again and again, whatever it is asked."""

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        said = self.replies[len(self.asked) % len(self.replies)]
        self.asked.append(turn)
        assert isinstance(said, str)
        return (Fragment(said[at : at + 7], model="fake") for at in range(0, len(said), 7))


BAD_MODELS = {
    "hostile": [
        "How old are you?\n<<<STAY>>>",
        "You are wrong. Do you have children?\n<<<STAY>>>",
        "The candidate is weak.\n<<<NEXT>>>",
        "What is your salary? Are you married?\n<<<NEXT>>>",
        "Your 300 users in Frankfurt left. Why did Frankfurt leave?\n<<<STAY action>>>",
        "You would be hired.\n<<<STAY>>>",
    ],
    "rambling": [
        "You told a lot. " * 20 + "What was hardest? What was easiest? And why? Who helped you?\n<<<STAY>>>",
        "I see. I see. I see. Nice. " * 5 + "I could tell a story of my own here.\n<<<STAY>>>",
        "Well, " * 200,
    ],
    "hasty": ["Thank you for your time. Goodbye!\n<<<MOVE_TO_DONE>>>", "That is all.\n<<<MOVE_TO_EXPERIENCE>>>"],
    "silent about tokens": ["I see. What was hardest?", "I see. How did you test it?", "Who helped you?"],
    "repeating": ["What was hardest?\n<<<STAY>>>"],
    "going on": ["What came after that?\n<<<NEXT>>>", "Tell me more.\n<<<NEXT>>>"],
    "asking at the end": ["Is there anything else?\n<<<MOVE_TO_DONE>>>"],
    "saying nothing": ["I see.\n<<<STAY>>>", "Interesting.\n<<<NEXT>>>"],
}
ANSWERS = itertools.cycle(
    f"On day {number} we moved the machines of one hall and I wrote the runbook for the others."
    for number in range(1, 9)
)


def gated(room: Room, how: str = "on") -> Room:
    room.turns = replace(room.turns, gate=how)
    return room


@pytest.mark.parametrize("plan", [PLANS[name] for name in ("classic", "nursing", "quick")], ids=lambda plan: plan.id)
@pytest.mark.parametrize("replies", BAD_MODELS.values(), ids=BAD_MODELS)
def test_every_turn_of_a_bad_model_asks_one_sensible_question_or_ends(replies: list[str], plan: Any) -> None:
    """Whatever the model says, the interview goes its way: one question a turn, none twice, and an end."""
    room = gated(Room(Model(replies), rules=plan))
    turn = room.start()
    opened: list[str] = []
    for _ in range(60):
        *before, last = turn.turn.spoken
        if turn.interview.stage == DONE:
            break
        assert not any(MARK.search(own_words(message.text)) for message in before)
        assert is_one_question(last.text) or last.text == "Tell me more."
        opened += [last.meta.question] if last.meta.question not in opened[-1:] else []
        turn = room.answer(next(ANSWERS))
    else:
        pytest.fail("the interview did not end")

    assert room.interview.status is Status.ENDED
    assert len(opened) == len(set(opened))
    asked = [m.text for m in room.interview.messages if m.meta.question and m.source is Source.FALLBACK]
    assert len(asked) == len(set(asked))


# in a turn


def test_a_planned_question_in_place_of_the_models_is_labelled(caplog: pytest.LogCaptureFixture) -> None:
    """What was heard of the model is the model's, the planned line is a stand-in's, and the log counts the kinds."""
    caplog.set_level(logging.INFO)
    room = gated(Room(FakeInterviewer(["Hello, Ada. Who are you?\n<<<NEXT>>>", "I see. How old are you?\n<<<STAY>>>"])))
    room.start()
    *streamed, answered = room.steps("user_turn", "e1", [("e1", "I am Ada.")])  # type: ignore[arg-type]
    said, question = answered.turn.spoken

    assert [delta.text for delta in streamed if isinstance(delta, Delta)] == ["I see.", question.text]
    assert (said.text, said.source, said.meta.gate) == ("I see.", Source.MODEL, ("private",))
    assert (question.source, question.meta.question) == (Source.FALLBACK, "classic.wish")
    assert caplog.records[-1].__dict__["gate"] == {"private": 1}


def test_a_reply_that_is_replaced_whole_is_no_failure() -> None:
    """Failures count where a model gives nothing; one that asks badly has answered."""
    room = gated(Room(Model(["How old are you?\n<<<STAY>>>"])))
    room.start()
    for _ in range(4):
        room.answer(next(ANSWERS))

    assert room.interview.status is Status.RUNNING
    assert room.interview.failures == 0


def test_a_model_that_gives_nothing_still_fails() -> None:
    """The gate makes no answer of an absence."""
    room = gated(Room(FakeInterviewer([InterviewerUnavailable()] * 9)))
    room.start()

    assert room.interview.failures == 1


def test_a_question_in_place_of_a_good_bye_is_closed_by_us() -> None:
    """Nothing is left of a reply that asks at the end, and still the interview ends with a word."""
    room = gated(Room(Model(["Is there more?\n<<<MOVE_TO_DONE>>>"]), rules=PLANS["quick"]))
    turn = room.start()
    while turn.interview.stage != DONE:
        turn = room.answer(next(ANSWERS))

    closing, _ = turn.turn.spoken
    assert closing.source is Source.FALLBACK
    assert closing.text.endswith(".")


def test_the_last_reply_is_closed_by_us_where_it_does_not_ask() -> None:
    """What is heard of it stays the model's; a word that ends the interview follows, and then the feedback."""
    room = gated(Room(Model(["I see. How old are you?\n<<<STAY>>>"]), rules=PLANS["quick"]))
    turn, deltas = room.start(), list[tuple[int, str]]()
    while turn.interview.stage != DONE:
        *steps, turn = room.steps("user_turn", answer := next(ANSWERS), [(answer, answer)])  # type: ignore[arg-type, assignment]
        deltas = [(step.seq, step.text) for step in steps if isinstance(step, Delta)]

    said, closing, points = turn.turn.spoken
    assert (said.text, said.source, closing.source) == ("I see.", Source.MODEL, Source.FALLBACK)
    assert closing.text.endswith("Thank you for taking the time to answer.")
    assert deltas == [(m.seq, m.text) for m in (said, closing, points)]


def test_in_its_shadow_nothing_is_changed(caplog: pytest.LogCaptureFixture) -> None:
    """The log says what would have been changed; candidate and record see nothing of it."""
    caplog.set_level(logging.INFO)
    room = gated(Room(FakeInterviewer(["Hello, Ada. How old are you?\n<<<NEXT>>>"])), "shadow")
    said = room.start().turn.spoken

    assert [(m.text, m.meta.gate) for m in said] == [("Hello, Ada. How old are you?", ())]
    assert caplog.records[-1].__dict__["gate"] == {"private": 1}


@pytest.mark.parametrize(
    ("env", "gate"), [({}, "on"), *(({"REPLY_GATE": how}, how) for how in ("on", "shadow", "off"))]
)
def test_the_gate_is_on_unless_it_is_set(env: dict[str, str], gate: str) -> None:
    """Who wants to watch it first sets its shadow."""
    assert build(Settings.from_env(env), store=SqliteStore(":memory:", FakeClock().now)).turns.gate == gate


def test_the_script_passes_no_gate() -> None:
    """Its lines are planned, and some ask in ways of their own."""
    room = gated(Room(FakeInterviewer(["How old are you?\n<<<NEXT>>>"], source=Source.SCRIPT)))

    assert room.start().turn.assistant_text == "How old are you?"


def test_the_clock_of_a_turn_bounds_the_waiting() -> None:
    """A model that talks on for seconds does not keep its question from the listener."""
    clock = FakeClock()

    @dataclass
    class Slow(FakeInterviewer):
        def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
            for piece in ("Hello. Who are you?", " You may", " take", " your time.\n<<<NEXT>>>"):
                yield Fragment(piece)
                clock.advance(0.3)

    room = gated(Room(Slow(), clock=clock))
    deltas = [step.text for step in room.steps("start", "start") if isinstance(step, Delta)]  # type: ignore[arg-type]

    assert deltas == ["Hello.", " Who are you?", " You may take your time."]
