"""Speech that goes on after its answer was taken: it belongs to the line it answers, and nothing is left unasked."""

import json

import pytest

from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.domain.errors import AnsweredElsewhere
from interviewos.domain.interview import Interview, Message, Reason, Role
from interviewos.model.gate import Gate
from interviewos.model.prompt import transcript
from support.fakes import CLASSIC, FakeInterviewer, Room

STORY = "In spring our nightly job took five hours, so I split the ledger and it went down to fifty minutes."

ASKED = ("Who are you?\n<<<NEXT>>>", "Which story comes to mind?\n<<<MOVE_TO_EXPERIENCE>>>")


def lines(room: Room) -> list[Message]:
    return [m for m in room.interview.messages if m.role is Role.AGENT]


def test_a_question_that_nobody_heard_is_asked_again() -> None:
    """The candidate went on about the first one while the second was on its way to the room."""
    room = Room(ScriptedInterviewer())
    room.start()
    first = lines(room)[-1]
    room.speak(("a", "I have been a payments engineer for six years at a bank in Leipzig."))
    unheard = lines(room)[-1]
    room.speak(("b", "And before that I was a nurse."), after=first.seq)
    again = lines(room)[-1]

    assert again.meta.question == unheard.meta.question != first.meta.question
    assert again.text == unheard.text
    assert [(m.text[:3], m.meta.after) for m in room.interview.messages if m.role is Role.USER] == [
        ("I h", None),
        ("And", first.seq),
    ]


def test_the_first_question_of_a_stage_that_nobody_heard_is_asked_again() -> None:
    """The stage is not left and not entered twice."""
    room = Room(ScriptedInterviewer())
    room.start()
    while room.interview.stage == "intro":
        before = lines(room)[-1]
        room.answer("I have been a payments engineer for six years at a bank in Leipzig.")
    opening, epoch = lines(room)[-1], room.interview.epoch
    room.speak(("z", "And I like the people there."), after=before.seq)

    assert lines(room)[-1].meta.question == opening.meta.question
    assert (room.interview.stage, room.interview.epoch) == ("experience", epoch)


def test_a_model_is_asked_for_nothing_but_the_opening_that_nobody_heard() -> None:
    """There is no open question there about which it could ask more."""
    model = FakeInterviewer([*ASKED])
    room = Room(model)
    room.start()
    room.answer("An engineer.")
    room.speak(("more", "For six years."), after=2)

    assert (model.asked[-1].reason, model.asked[-1].step.next) == (
        Reason.COVERED,
        CLASSIC.questions_of("experience")[0],
    )


def test_a_part_that_was_asked_for_unheard_is_asked_for_again() -> None:
    """What is left of the story is offered as before, to the model as well."""
    offered = CLASSIC.questions_of("experience")[0].parts[0]
    model = FakeInterviewer([*ASKED, f"And what then?\n<<<STAY {offered}>>>"])
    room = Room(model)
    room.start()
    room.answer("An engineer.")
    told = lines(room)[-1]
    room.answer(STORY)
    assert lines(room)[-1].meta.part == offered
    room.speak(("more", "It was in May, and I was alone."), after=told.seq)

    assert model.asked[-1].step.part == offered
    assert model.asked[-1].open_line == told


def test_the_model_is_told_what_nobody_heard() -> None:
    """In the line itself, as for one that was interrupted."""
    model = FakeInterviewer(["Who are you?\n<<<NEXT>>>", "Why there?\n<<<STAY>>>"])
    room = Room(model)
    room.start()
    room.answer("An engineer.")
    room.speak(("more", "For six years."), after=2)
    said = [json.loads(line) for line in transcript(model.asked[-1]).splitlines()[1:]]

    assert [line.get("interrupted_candidate_heard_only") for line in said] == [None, None, "", None]


def test_what_nobody_heard_may_be_asked_again_in_the_same_words() -> None:
    """For the gate it was never asked."""
    model = FakeInterviewer([*ASKED])
    room = Room(model)
    room.start()
    room.answer("An engineer.")
    room.speak(("more", "For six years."), after=2)
    gate = Gate(model.asked[-1])
    said = gate.feed("Which story comes to mind?")

    assert said + gate.settle("NEXT").rest == "Which story comes to mind?"


def test_typed_words_for_an_older_line_are_not_taken() -> None:
    """Their page can show what has come meanwhile; a speaker cannot be asked to say it again."""
    room = Room(ScriptedInterviewer())
    room.start()
    room.answer("I have been a payments engineer for six years at a bank in Leipzig.")
    before: Interview = room.interview
    with pytest.raises(AnsweredElsewhere):
        room.answer("And before that I was a nurse.", after=2)

    assert room.interview == before


def test_words_that_go_on_are_no_second_answer() -> None:
    """Or one answer in two breaths would be enough to leave a stage that wants two."""
    room = Room(FakeInterviewer([*ASKED, "And?\n<<<STAY>>>", "So?\n<<<STAY>>>", "Thanks.\n<<<MOVE_TO_DONE>>>"]))
    room.start()
    room.answer("An engineer.")
    asked = lines(room)[-1].seq
    room.answer(STORY)
    room.speak(("more", "In May."), after=asked)
    room.speak(("yet more", "And alone."), after=asked)

    assert room.interview.stage == "experience"
