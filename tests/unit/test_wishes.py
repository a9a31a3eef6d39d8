"""What candidates ask for in words, and what only sounds like it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.domain.choice import Choice, choose
from interviewos.domain.errors import EventReused
from interviewos.domain.interview import Event, EventType, Part, Reason, Source
from interviewos.domain.wishes import Wish, wish_in
from support.fakes import CLASSIC, FakeInterviewer, Room, last

SAID = {
    Wish.REPEAT: (
        "Could you repeat the question?",
        "Sorry, can you say that again please?",
        "Pardon?",
        "I didn't catch that.",
        "repeat",
        "What was the question again?",
    ),
    Wish.SIMPLER: (
        "What do you mean?",
        "I don't understand the question.",
        "Could you please rephrase that?",
        "Can you say it in simpler words",
    ),
    Wish.NEXT: (
        "Next.",
        "next question please",
        "Please go on to the next question.",
        "That’s all.",
        "Nothing else to add",
    ),
    Wish.SKIP: (
        "I don't know",
        "Skip this one",
        "Can we skip that question?",
        "pass",
        "I can't think of one.",
        "No idea…",
    ),
    Wish.PAUSE: (
        "Give me a moment.",
        "Um, let me think about it",
        "One second, please",
        "hold on",
        "Just a moment",
        "I need a moment to think.",
        "I need some time to think about it",
        "I need time to think",
        "I need to think about that",
        "Let me think for a minute",
        "Give me a second to think, please",
    ),
    Wish.MORE_TIME: ("Could I have more time?", "I need more time"),
}
ANSWERS = (
    "I told them to go on to the next question and they did.",
    "Next I called the doctor.",
    "We passed the audit.",
    "I don't know how to weld, so I asked my colleague to show me.",
    "One minute later the alarm went off.",
    "I repeat every measurement twice.",
    "He said: give me a moment.",
    "I need",
    "I need a moment alone before each shift.",
    "Skip bins were my first job.",
    "I need more time for tests than others.",
    "No.",
    "Yes, please.",
    "please " * 20 + "repeat",
    "",
)


@pytest.mark.parametrize(("wish", "said"), [(wish, said) for wish, forms in SAID.items() for said in forms])
def test_a_wish_is_understood(wish: Wish, said: str) -> None:
    """Typed or spoken, with or without marks and manners."""
    assert wish_in(said) is wish


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_is_no_wish(said: str) -> None:
    """Only words that are nothing else count."""
    assert wish_in(said) is None


def wished(room: Room, wish: Wish, text: str = "", event_id: str = "w1") -> Event:
    return Event(room.session_id, EventType.USER_TURN, event_id, f"f-{event_id}", (Part(event_id, text),), wish=wish)


@pytest.fixture
def room() -> Room:
    """An interview with the first story open, held by a model."""
    room = Room(FakeInterviewer(["Hello. Who are you?\n<<<NEXT>>>", "A hard problem?\n<<<MOVE_TO_EXPERIENCE>>>"]))
    room.start()
    room.answer("I am Ada, and I build bridges.")
    return room


@pytest.mark.parametrize(
    ("wish", "reason", "said"),
    [
        (Wish.REPEAT, Reason.REPEAT, "Of course. A hard problem?"),
        (Wish.SIMPLER, Reason.SIMPLER, f"In simpler words: {CLASSIC.questions[2].plain}"),
        (Wish.PAUSE, Reason.PAUSE, "Take your time. I wait."),
        (Wish.MORE_TIME, Reason.MORE_TIME, "You have more time for this part now."),
    ],
)
def test_what_can_be_granted_needs_no_model(room: Room, wish: Wish, reason: Reason, said: str) -> None:
    """The open question stays open, nothing counts as asked, and the line says what it grants."""
    asked = len(room.interviewer.asked)  # type: ignore[attr-defined]
    turn = last(room.turns.take_turn(wished(room, wish))).turn

    assert len(room.interviewer.asked) == asked  # type: ignore[attr-defined]
    (line,) = turn.messages
    assert (line.text, line.source, line.meta.repeats, line.meta.wish) == (said, Source.SCRIPT, True, wish)
    assert line.meta.question == "classic.hard-problem"


def test_a_wish_is_granted_once_for_each_id(room: Room) -> None:
    """The same id with another wish, or with words, is refused; sent again it gets the same line."""
    first = last(room.turns.take_turn(wished(room, Wish.REPEAT))).turn

    assert last(room.turns.take_turn(wished(room, Wish.REPEAT))).turn == first
    for other in (wished(room, Wish.SKIP), wished(room, Wish.REPEAT, "Again!")):
        with pytest.raises(EventReused):
            last(room.turns.take_turn(other))


def test_simpler_words_are_said_once(room: Room) -> None:
    """After that the question is repeated as it was asked."""
    lines = [last(room.turns.take_turn(wished(room, Wish.SIMPLER, event_id=f"w{n}"))).turn.messages[0] for n in (1, 2)]

    assert lines[0].text.startswith("In simpler words: ")
    assert lines[1].text.endswith("A hard problem?")


@pytest.mark.parametrize(("wish", "said"), [(Wish.NEXT, ""), (Wish.SKIP, "I can't think of one.")])
def test_who_goes_on_is_asked_the_next_question(room: Room, wish: Wish, said: str) -> None:
    """The model is offered nothing else, and the wish is neither answer nor evidence."""
    turn = last(room.turns.take_turn(wished(room, wish, said))).turn
    (asked,) = room.interviewer.asked[-1:]  # type: ignore[attr-defined]

    assert (asked.reason, turn.messages[-1].meta.question) == (Reason.COVERED, "classic.disagreement")
    assert [(m.text, m.meta.wish) for m in turn.messages[:-1]] == ([(said, wish)] if said else [])


def test_a_pause_is_granted_once_for_a_question(room: Room) -> None:
    """It moves the end of the stage and the alarm, and says until when nobody speaks."""
    before = room.interview
    last(room.turns.take_turn(wished(room, Wish.PAUSE)))
    paused = room.interview
    last(room.turns.take_turn(wished(room, Wish.PAUSE, event_id="w2")))

    assert paused.stage_deadline - before.stage_deadline == timedelta(seconds=60)  # type: ignore[operator]
    assert paused.quiet_until == room.clock.now() + timedelta(seconds=60)
    assert paused.moves_on_at in [moment for _, moment in room.alarm.set_for]
    assert room.interview.stage_deadline == paused.stage_deadline
    assert (room.interview.quiet_until, room.spoken[-1][:10]) == (None, "You have h")


def test_each_question_has_its_pause_and_each_stage_its_time() -> None:
    """What was granted before is used up there alone."""
    room = Room(FakeInterviewer(["Who are you?\n<<<NEXT>>>", "Which story?\n<<<MOVE_TO_EXPERIENCE>>>"]))
    room.start()
    for number in range(5):
        last(room.turns.take_turn(wished(room, Wish.MORE_TIME, event_id=f"m{number}")))
    last(room.turns.take_turn(wished(room, Wish.PAUSE, event_id="p1")))
    room.answer("An engineer.")
    begun = room.interview.stage_deadline
    last(room.turns.take_turn(wished(room, Wish.MORE_TIME, event_id="m9")))
    longer = room.interview.stage_deadline
    last(room.turns.take_turn(wished(room, Wish.PAUSE, event_id="p2")))

    assert longer - begun == timedelta(seconds=450)  # type: ignore[operator]
    assert room.interview.quiet_until == room.clock.now() + timedelta(seconds=60)


def test_whoever_has_twice_the_time_has_twice_the_pause() -> None:
    """In which nobody speaks, and by which the stage is longer."""
    room = Room(FakeInterviewer(["Who are you?\n<<<NEXT>>>"]), rules=choose(CLASSIC, Choice(time_factor=2)))
    room.start()
    begun = room.interview.stage_deadline
    last(room.turns.take_turn(wished(room, Wish.PAUSE)))

    assert room.interview.quiet_until == room.clock.now() + timedelta(seconds=120)
    assert room.interview.stage_deadline - begun == timedelta(seconds=120)  # type: ignore[operator]


def test_a_stage_can_be_made_three_times_as_long(room: Room) -> None:
    """By half at a time; then it says that it cannot."""
    begun = room.interview.stage_deadline
    for number in range(6):
        last(room.turns.take_turn(wished(room, Wish.MORE_TIME, event_id=f"w{number}")))

    assert room.interview.stage_deadline - begun == timedelta(seconds=2 * 900)  # type: ignore[operator]
    assert room.spoken[-1] == "This part cannot be made any longer. Tell me what matters most."


def test_a_wish_after_the_time_is_granted_until_the_grace_is_over(room: Room) -> None:
    """Lateness moves answers on, and not whoever asks to hear the question."""
    room.clock.advance(910)
    last(room.turns.take_turn(wished(room, Wish.REPEAT)))

    assert (room.interview.stage, room.spoken[-1]) == ("experience", "Of course. A hard problem?")


@pytest.mark.parametrize("wish", [Wish.NEXT, Wish.SKIP])
def test_a_wish_after_the_time_moves_no_stage(room: Room, wish: Wish) -> None:
    """Only an answer is late; until the grace is over whoever goes on is asked the next question of the stage."""
    room.clock.advance(910)
    answered = last(room.turns.take_turn(wished(room, wish)))

    (line,) = answered.turn.messages
    assert (room.interview.stage, line.stage, line.meta.question) == (
        "experience",
        "experience",
        "classic.disagreement",
    )


def test_an_answer_that_ends_in_a_wish_is_answered(room: Room) -> None:
    """Whoever has told something and then asks to hear the question again has answered it; who says next goes on."""
    room.speak(("a", "We moved a ledger in one night."), ("b", "Could you repeat the question?"))
    room.speak(("c", "Nobody noticed it."), ("d", "Next question, please."))
    reasons = [turn.reason for turn in room.interviewer.asked[2:]]  # type: ignore[attr-defined]

    assert reasons == [Reason.ANSWER, Reason.COVERED]


def test_what_is_only_repeated_counts_as_no_question(room: Room) -> None:
    """Or whoever asks to hear it fourteen times would be led out of the stage."""
    for number in range(CLASSIC.stage("experience").most_questions):
        last(room.turns.take_turn(wished(room, Wish.REPEAT, event_id=f"w{number}")))
    room.answer("We moved a ledger in one night, and nobody noticed it.")

    assert room.interview.stage == "experience"


def test_words_that_are_a_wish_are_taken_for_it(room: Room) -> None:
    """Without a button, by text or by voice."""
    room.answer("Could you repeat the question?")

    assert room.spoken[-1] == "Of course. A hard problem?"
    assert room.interview.messages[-2].meta.wish is Wish.REPEAT


def test_before_anything_was_asked_there_is_nothing_to_repeat() -> None:
    """An interview of an earlier release has no open question: the wish is answered as words are."""
    room = Room(ScriptedInterviewer())
    room.start()
    messages = tuple(
        m if not m.meta.question else type(m)(m.seq, m.role, m.stage, m.text, m.created_at, m.source)
        for m in room.interview.messages
    )
    room.store.change(room.session_id, lambda before, now: (replace(before, messages=messages), None))
    room.answer("Could you repeat the question?")

    assert room.spoken[-1].endswith(CLASSIC.questions[0].text)


def test_only_the_next_question_is_offered_where_the_follow_ups_are_used_up() -> None:
    """Before a model is asked: a reply that stays all the same opens the next one."""
    question = CLASSIC.questions_of("experience")[0]
    more = [f"What came {number}?\n<<<STAY>>>" for number in ("then", "next", "after that")]
    model = FakeInterviewer(["Who are you?\n<<<NEXT>>>", "Which story?\n<<<MOVE_TO_EXPERIENCE>>>", *more])
    room = Room(model)
    room.start()
    for words in ("An engineer.", *["We moved a ledger."] * (1 + question.follow_ups)):
        answered = room.answer(words)
    reasons = [turn.reason for turn in model.asked[2:]]

    assert reasons == [Reason.ANSWER] * question.follow_ups + [Reason.COVERED]
    assert answered.turn.messages[-1].meta.question == CLASSIC.questions_of("experience")[1].id
