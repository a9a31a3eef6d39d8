"""What was told to which question: every answer belongs to one story, and only what was asked counts as asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from interviewos.domain.interview import Message, Role
from interviewos.domain.wishes import Wish
from interviewos.report.making import report_by_rule
from interviewos.report.stories import Story
from support.fakes import CLASSIC, NURSING
from support.told import AT, Telling


def told(story: Story) -> list[str]:
    return [answer.text for answer in story.answers]


def by_question(telling: Telling) -> dict[str, list[str]]:
    return {story.question: told(story) for story in telling.stories()}


def test_answers_belong_to_the_question_that_is_open() -> None:
    """From the line that opens it to the next one that opens another, in the order in which they were asked."""
    telling = Telling()
    telling.ask("nursing.introduction")
    telling.say("I am Maria.")
    telling.ask("nursing.near-miss")
    telling.say("Two ampoules look the same.")
    telling.remark("I see, go on.")
    telling.say("I stopped her hand.")
    telling.ask("nursing.near-miss", "result")
    telling.say("They lie in two drawers now.")

    assert list(by_question(telling).items()) == [
        ("nursing.introduction", ["I am Maria."]),
        ("nursing.near-miss", ["Two ampoules look the same.", "I stopped her hand.", "They lie in two drawers now."]),
    ]


def test_the_order_of_the_lines_as_they_are_given_does_not_matter() -> None:
    """Their numbers do."""
    telling = Telling()
    telling.ask("nursing.near-miss")
    telling.say("Two ampoules look the same.")
    telling.say("I stopped her hand.")
    expected = by_question(telling)
    telling.lines.reverse()

    assert by_question(telling) == expected


def test_a_story_knows_what_was_asked() -> None:
    """In the planned words without the greeting, and in a model's own words the sentence that asks."""
    planned = NURSING.question("nursing.near-miss")
    assert planned
    telling = Telling()
    telling.ask("nursing.near-miss", text=f"Hello, I am a script. Let us begin. {planned.text}")
    telling.ask("nursing.idea", text="That was quick. Thank you. Which idea of yours helped a patient?")

    assert [story.asked for story in telling.stories()] == [planned.text, "Which idea of yours helped a patient?"]


def test_a_part_is_asked_for_by_its_line_alone() -> None:
    """The question opens none, a repetition asks nothing new, and the whole story is all of its parts."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I wrote a card.")
    assert telling.story("nursing.idea").parts_asked == ()

    telling.ask("nursing.idea", "result")
    telling.ask("nursing.idea", "action", repeats=True)
    assert telling.story("nursing.idea").parts_asked == ("result",)

    telling.ask("nursing.idea", "story")
    assert telling.story("nursing.idea").parts_asked == ("result", "situation", "action", "number")


@pytest.mark.parametrize(
    ("wish", "answered"),
    [(None, True), (Wish.NEXT, True), (Wish.SKIP, False), (Wish.PAUSE, False), (Wish.REPEAT, False)],
)
def test_a_part_is_answered_once_something_was_said_of_it(wish: Wish | None, answered: bool) -> None:
    """Were it that there is nothing to add; not where it was left, or the time was over."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I wrote a card.")
    telling.ask("nursing.idea", "result")
    assert telling.story("nursing.idea").parts_answered == ()

    telling.say("It helped.", wish)
    assert telling.story("nursing.idea").parts_answered == (("result",) if answered else ())


@pytest.mark.parametrize("wish", Wish)
def test_a_wish_is_neither_an_answer_nor_evidence(wish: Wish) -> None:
    """One of them leaves the question open."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I called the doctor and then I called the family.", wish)
    story = telling.story("nursing.idea")

    assert story.answers == ()
    assert story.skipped is (wish is Wish.SKIP)
    assert report_by_rule(NURSING, telling.lines, AT).stories[0].findings == ()


def test_speech_that_goes_on_belongs_to_the_line_that_was_heard() -> None:
    """The question that nobody heard opens nothing, though it stands between; asked again it does."""
    telling = Telling()
    heard = telling.ask("nursing.near-miss")
    telling.say("Two ampoules look the same.")
    telling.ask("nursing.idea")
    telling.say("and I stopped her hand", after=heard.seq)

    assert by_question(telling) == {"nursing.near-miss": ["Two ampoules look the same.", "and I stopped her hand"]}

    telling.ask("nursing.idea")
    telling.say("I wrote a card.")
    assert by_question(telling)["nursing.idea"] == ["I wrote a card."]


def test_a_part_that_nobody_heard_was_not_asked_for() -> None:
    """Nobody can lack it."""
    telling = Telling()
    heard = telling.ask("nursing.idea")
    telling.say("I wrote a card.")
    telling.ask("nursing.idea", "number")
    telling.say("with the visiting hours", after=heard.seq)

    assert telling.story("nursing.idea").parts_asked == ()


def test_a_question_that_is_asked_twice_is_one_story() -> None:
    """With all that was said to it, and the words that asked it first."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.say("I wrote a card.")
    telling.ask("nursing.near-miss")
    telling.say("Two ampoules look the same.")
    telling.ask("nursing.idea", text="Back to your idea: what came of it?")
    telling.say("The phone is silent.")

    assert by_question(telling)["nursing.idea"] == ["I wrote a card.", "The phone is silent."]
    assert [story.question for story in telling.stories()] == ["nursing.idea", "nursing.near-miss"]
    planned = NURSING.question("nursing.idea")
    assert planned
    assert telling.story("nursing.idea").asked == planned.text


def test_without_questions_the_stages_are_stories() -> None:
    """So it is with interviews that were held before questions had names; nothing is asked for by part there."""
    telling = Telling(CLASSIC)
    telling.remark("Please introduce yourself.", "intro")
    telling.say("I am Maria.", stage="intro")
    telling.remark("Tell me about a hard day.", "experience")
    telling.say("I called the doctor at once.", stage="experience")
    telling.say("He came.", stage="experience")
    intro, experience = telling.stories()

    assert (intro.question, told(intro), intro.competencies) == ("intro", ["I am Maria."], ())
    assert (experience.question, told(experience)) == ("experience", ["I called the doctor at once.", "He came."])
    assert experience.competencies
    assert not experience.named
    assert (intro.asked, experience.asked, experience.parts_asked) == ("", "", ())


def test_a_stage_that_the_plan_does_not_know_shows_nothing() -> None:
    """An interview of a later release is read as far as it can be."""
    telling = Telling()
    telling.say("I called the doctor at once.", stage="role-play")
    telling.say("Good bye.", stage="done")

    assert [(story.question, story.competencies) for story in telling.stories()] == [("role-play", ()), ("done", ())]


def test_a_question_says_what_its_story_may_show() -> None:
    """Its own competencies, else the plan's, else all; who somebody is shows none."""
    telling = Telling()
    telling.ask("nursing.introduction")
    telling.ask("nursing.unhappy")
    telling.ask("nursing.of-a-later-release", text="How was it?")
    intro, unhappy, later = telling.stories()

    assert (intro.competencies, intro.named) == ((), False)
    assert (unhappy.competencies, unhappy.named) == (("people",), True)
    assert (later.competencies, later.named) == (NURSING.competencies, False)

    everything = Telling(CLASSIC)
    everything.ask(CLASSIC.questions_of("experience")[0].id)
    assert set(everything.stories()[0].competencies) == {"approach", "ownership", "impact", "people", "learning"}


def test_an_interview_without_a_word_has_no_stories() -> None:
    """Nor has one in which only the system spoke."""
    note = Message(1, Role.SYSTEM, "intro", "Session created.", AT)

    assert Telling().stories() == ()
    assert Telling(lines=[note]).stories() == ()
    report = report_by_rule(NURSING, [note], AT + timedelta(seconds=1))
    assert report.stories == ()
    assert {result.not_assessed for result in report.competencies} == {"not_asked"}
    assert all(point.span is None for point in report.points)


def test_a_question_without_an_answer_is_a_story_too() -> None:
    """So that the report can say that it was not answered, and a short one that it was too short."""
    telling = Telling()
    telling.ask("nursing.idea")
    telling.ask("nursing.near-miss")
    telling.say("No idea.")
    telling.ask("nursing.short-shift")
    telling.say("I sorted them with the doctor by who could get worse.")
    stories = report_by_rule(NURSING, telling.lines, AT).stories

    assert [story.not_assessed for story in stories] == ["not_answered", "too_short", None]
    assert [story.seqs for story in stories] == [(), (4,), (6,)]


def test_what_the_interviewer_said_first_is_known_by_its_place() -> None:
    """A line after an answer says it back; one before it says it first."""
    telling = Telling()
    telling.ask("nursing.idea", text="Was it a card with the visiting hours?")
    first = telling.say("Yes, a card with the visiting hours, printed by my sister.")
    telling.remark("Printed by your sister, then: a card printed by my sister.")
    second = telling.say("A card printed by my sister.")
    story = telling.story("nursing.idea")

    assert story.repeats(first, "card with the visiting hours")
    assert not story.repeats(first, "printed by my sister")
    assert story.repeats(second, "printed by my sister")
    assert not story.repeats(replace(first, seq=1), "card with the visiting hours")
