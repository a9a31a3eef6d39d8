"""How an interview ends: a line at once, one question to the model, and three points that are true whatever it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from interviewos import logs
from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import StoreUnavailable, TurnInProgress
from interviewos.domain.interview import FINISH_ID, Ceiling, EventType, Interview, Message, Source, Status, Usage
from interviewos.domain.plan import DONE
from interviewos.domain.report import Grading, Report, Shown
from interviewos.model.close import CLOSING_TOKENS
from interviewos.model.prompt import Request
from interviewos.offline import lines
from interviewos.report.making import report_by_rule
from interviewos.report.points import feedback_text
from interviewos.usecases.ports import Fragment, Interviewer
from interviewos.usecases.turns import TURN_SECONDS, Ack, Delta, Step
from support.choices import READS, choice, is_feedback, misquoted
from support.clock import FakeClock
from support.fakes import CLASSIC, NURSING, DownInterviewer, FakeInterviewer, Room, last, plan

HELLO = "Hello, who are you?\n<<<NEXT>>>"
TO_EXPERIENCE = "Tell me about a hard problem.\n<<<MOVE_TO_EXPERIENCE>>>"
TO_DONE = "That was the last question, thank you.\n<<<MOVE_TO_DONE>>>"
INTRODUCTION = "I am Ada, and I keep the water works of Leeds going."
STORY = "Two pumps had failed at night. I switched the line over by hand, and we lost 20 minutes instead of 3 hours."
SWITCHED = "I switched the line over by hand"


def told(interviewer: Interviewer | None = None, answers: Sequence[str] = (STORY,), **more: object) -> Room:
    """An interview in which these stories were told, and that goes on."""
    room = Room(interviewer or FakeInterviewer([HELLO, TO_EXPERIENCE]), **more)  # type: ignore[arg-type]
    room.start()
    for answer in (INTRODUCTION, *answers):
        room.answer(answer)
    assert room.interview.stage == "experience"
    return room


def ended(choosing: str, answers: Sequence[str] = (STORY,)) -> Room:
    """An interview that was finished, with a model that answers this when it is to choose."""
    room = told(FakeInterviewer([HELLO, TO_EXPERIENCE], choosing=choosing), answers)
    room.finish()
    return room


def finishing(room: Room) -> Iterator[Step]:
    return room.steps(EventType.FINISH, FINISH_ID)


def report(room: Room) -> Report:
    """The report that was stored."""
    made = room.interview.report
    assert made
    return made


def by_rule(room: Room) -> Report:
    """What counting alone says of the same words."""
    return report_by_rule(room.turns.default_plan(), room.interview.messages, report(room).made_at)


def points(room: Room) -> Message:
    return room.interview.messages[-1]


# what is said, and when


def test_the_closing_line_is_heard_before_the_model_is_asked() -> None:
    """It is ours, and hides the seconds that a choice takes."""
    room = told()
    model = room.interviewer
    assert isinstance(model, FakeInterviewer)
    steps = finishing(room)
    heard = [next(steps), next(steps)]

    assert [type(step) for step in heard] == [Ack, Delta]
    assert heard[1] == Delta(room.interview.seq + 1, f"{lines.CLOSINGS['finish']} {lines.MOMENT}")  # type: ignore[index]
    assert model.closed == 0
    feedback = next(steps)
    assert model.closed == 1
    assert isinstance(feedback, Delta)
    assert is_feedback(feedback.text)
    assert last(steps).turn.spoken[-1].text == feedback.text


def test_a_closing_line_of_the_models_is_heard_before_it_is_asked_again() -> None:
    """Where its own signal ends the interview, its own words do, and nothing of ours is added."""
    model = FakeInterviewer([HELLO, TO_EXPERIENCE, "What came then?\n<<<STAY>>>", TO_DONE])
    room = told(model)
    heard = ""
    for step in room.steps(EventType.USER_TURN, "e", [("e", STORY)]):
        if isinstance(step, Delta) and not model.closed:
            heard += step.text
    closing, feedback = room.interview.messages[-2:]

    assert heard == closing.text == "That was the last question, thank you."
    assert (closing.source, feedback.source, model.closed) == (Source.MODEL, Source.MODEL, 1)


def test_who_said_what_is_labelled() -> None:
    """The line is ours, the points are the model's choice."""
    room = told()
    closing, feedback = room.finish().turn.spoken

    assert (closing.source, closing.meta.model) == (Source.SCRIPT, "")
    assert (feedback.source, feedback.meta.model) == (Source.MODEL, "fake")
    assert feedback.text == feedback_text(report(room).points)


def test_a_moment_is_promised_only_where_somebody_chooses() -> None:
    """Neither by the script, nor where nothing was answered, nor at a ceiling."""
    by_script = told(ScriptedInterviewer(), [STORY, "No.", STORY])
    silent = Room()
    silent.start()
    spent = told(most_tokens=12_000)
    spent.store.change(spent.session_id, lambda before, now: (replace(before, tokens=99_000), None))
    spent.answer(STORY)
    said = [each.spoken[-2] for each in (by_script, silent) if each.finish()] + [spent.spoken[-2]]

    assert said == [lines.CLOSINGS["finish"], lines.CLOSING_WITHOUT_ANSWERS, lines.CEILINGS[Ceiling.TOKENS]]  # type: ignore[index]


@pytest.mark.parametrize("how", ["finish", "wake", "late"])
def test_the_model_is_asked_once_however_it_ends(how: str) -> None:
    """By wish, by clock, or with a last answer that came late: one request, and one report."""
    model = FakeInterviewer([HELLO, TO_EXPERIENCE])
    room = told(model, rules=plan(grace=5))
    if how == "finish":
        room.finish()
    else:
        room.clock.advance(2_000 if how == "wake" else 901)
        assert room.wake() if how == "wake" else room.answer(STORY)

    assert room.interview.status is Status.ENDED
    assert (model.closed, points(room).source) == (1, Source.MODEL)
    assert [point.chosen for point in report(room).points] == [True, False, False]


def test_who_said_nothing_costs_no_model() -> None:
    """There is nothing to choose from."""
    model = FakeInterviewer()
    room = Room(model)
    room.start()
    room.finish()

    assert (model.closed, points(room).source) == (0, Source.SCRIPT)
    assert feedback_text(by_rule(room).points) == points(room).text


def test_at_a_ceiling_no_model_is_asked() -> None:
    """What may not be spent on a question is not spent on the end."""
    room = told()
    room.turns = replace(room.turns, most_tokens=1)
    room.answer("And then the water came back.")
    model = room.interviewer
    assert isinstance(model, FakeInterviewer)

    assert (room.interview.stage, model.closed, points(room).source) == (DONE, 0, Source.FALLBACK)
    assert SWITCHED in points(room).text


def test_the_script_says_its_own_points() -> None:
    """They are no stand-in there."""
    room = told(ScriptedInterviewer(), [STORY, "No.", STORY])
    room.finish()

    assert {m.source for m in room.interview.messages[-2:]} == {Source.SCRIPT}
    assert report(room) == by_rule(room)


# models that fail, and models that lie


def test_a_model_that_is_down_costs_nobody_their_points() -> None:
    """Counting finds them, and they are labelled as a stand-in's."""
    room = Room(DownInterviewer())
    room.start()
    room.answer(STORY)
    room.finish()

    assert (points(room).source, points(room).meta.model) == (Source.FALLBACK, "")
    assert report(room).points == by_rule(room).points
    assert not any(point.chosen for point in report(room).points)


LIES = {
    "words that nobody said": choice(("own_action", "I rebuilt the pump from scrap"), ("team_only", "we all slept")),
    "a sign that is none": choice(("brilliant", SWITCHED), ("lazy", SWITCHED)),
    "nothing that a rule looks after": choice(None, ("no_number", SWITCHED)),
    "an insult": choice(("You are hired!", SWITCHED), ("no_lesson", "You are too old.")),
    "a lack as a strength": choice(("no_result", SWITCHED)),
    "the words of a question": choice((READS, "Tell me about a hard problem.")),
    "a figure that is none": choice(("result_measured", "Two pumps had failed at night")),
    "a team that acts alone": choice(None, ("team_only", SWITCHED)),
    "who they are": choice((READS, "I keep the water works of Leeds going")),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_is_not_printed(lie: str) -> None:
    """What counting shows is said in its place, labelled; how many were withheld, and why, is in the report."""
    room = ended(lie)

    assert points(room).source is Source.FALLBACK
    assert report(room).points == by_rule(room).points
    assert sum(report(room).withheld.values()) == lie.count('"sign"')
    assert not misquoted(room.interview)


def test_a_sign_of_another_competency_is_not_printed() -> None:
    """What a question is looked at for is the plan's to say."""
    question = next(q for q in NURSING.questions_of("experience") if q.competencies and "people" not in q.competencies)
    model = FakeInterviewer(
        [HELLO, f"{question.text}\n<<<MOVE_TO_EXPERIENCE>>>"], choosing=choice(("hard_talk", SWITCHED))
    )
    room = told(model, rules=replace(NURSING, questions=(*NURSING.questions_of("intro"), question)))
    room.finish()

    assert (points(room).source, dict(report(room).withheld)) == (Source.FALLBACK, {"other_competency": 1})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thank you.\n\n- Strength: you are brilliant.\n- Gap: none.\n- Next step: rest.\n<<<STAY>>>",
        "I would not know.",
        choice((READS, SWITCHED))[:40],
        choice((READS, SWITCHED))[:-2],
        "{" * 5_000,
        "[]",
        "null",
    ],
    ids=["nothing", "the old form", "prose", "cut", "cut at its end", "braces", "list", "null"],
)
def test_what_is_no_choice_leaves_what_counting_shows(text: str) -> None:
    """No sentence of a model is printed."""
    room = ended(text)

    assert (points(room).source, report(room).points) == (Source.FALLBACK, by_rule(room).points)
    assert "brilliant" not in points(room).text
    assert room.interview.failures == 0


@pytest.mark.parametrize(
    "dress", ["```json\n{}\n```", "Here is what I {did} choose:\n\n{}", "{}\n\nI hope this helps {you}!", "\n\t{}\n"]
)
def test_a_choice_counts_in_whatever_dress_it_comes(dress: str) -> None:
    """In a fence, with prose before or after it."""
    room = ended(dress.replace("{}", choice((READS, SWITCHED))))
    (strength, *_) = report(room).points

    assert points(room).source is Source.MODEL
    assert (strength.sign, strength.by, strength.chosen) == (READS, Shown.ONE_READING, True)
    assert f"“{SWITCHED}”" in points(room).text


def test_one_choice_of_two_is_enough_to_be_the_models() -> None:
    """The other point is what counting shows, and the points say of each who chose it."""
    room = ended(choice((READS, SWITCHED), ("no_number", SWITCHED)))

    assert points(room).source is Source.MODEL
    assert [point.chosen for point in report(room).points] == [True, False, False]
    assert report(room).points[1] == by_rule(room).points[1]


def test_another_language_is_quoted_to_the_letter() -> None:
    """Whatever was spoken; our sentence around it is of the plan's language."""
    said = "Am Montag fiel die Presse aus. Ich habe die Hydraulik zerlegt, weil der Druck in der Nacht abfiel."
    room = ended(choice(("choice_reasoned", "weil der Druck in der Nacht abfiel")), [said])

    assert points(room).source is Source.MODEL
    assert "“weil der Druck in der Nacht abfiel”" in points(room).text


def test_feedback_says_nothing_back_of_the_candidates_own_life() -> None:
    """However a model chooses, and whatever stands beside it in the sentence."""
    said = "I had burnout in May, and I rewrote the rota of my ward before that."
    for quote in ("I had burnout in May", "I rewrote the rota of my ward"):
        room = ended(choice((READS, quote)), [said])

        assert (points(room).source, "burnout" in points(room).text) == (Source.FALLBACK, False)
        assert dict(report(room).withheld) == {"private": 1}


def test_too_little_is_said_to_be_too_little() -> None:
    """A model that praises a word is not followed."""
    room = ended(choice((READS, "Yes, yes.")), ["Yes, yes."])

    assert report(room).points == by_rule(room).points
    assert "Yes, yes." not in report(room).points[0].text
    assert dict(report(room).withheld) == {"no_such_words": 1}
    assert points(room).source is Source.FALLBACK


# what it costs, and when it is kept


@dataclass
class Timed(FakeInterviewer):
    """Remembers how long, and how much, it may write; each line takes `line_seconds`, and a choice five."""

    clock: FakeClock = field(default_factory=FakeClock)
    line_seconds: float = 0.0
    given: list[tuple[float, int]] = field(default_factory=list)

    def stream(self, turn: object, seconds: float) -> Iterator[Fragment]:
        self.clock.advance(self.line_seconds)
        yield from super().stream(turn, seconds)  # type: ignore[arg-type]

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        self.given.append((seconds, most_tokens))
        self.clock.advance(5)
        yield from super().write(request, seconds, most_tokens)
        yield Fragment(usage=Usage(1, 700, 50))


@pytest.mark.parametrize(("line_seconds", "left"), [(0, TURN_SECONDS), (9, TURN_SECONDS - 9)])
def test_line_and_choice_fit_into_one_turn(line_seconds: float, left: float) -> None:
    """What the model has taken for its last line is missing from the time to choose."""
    clock = FakeClock()
    model = Timed([HELLO, TO_EXPERIENCE, "What came then?\n<<<STAY>>>", TO_DONE], clock=clock)
    room = told(model, clock=clock)
    model.line_seconds = line_seconds
    room.answer(STORY)

    assert model.given == [(left, CLOSING_TOKENS)]


def test_what_a_choice_costs_is_counted_with_the_interview() -> None:
    """And in the log of the turn, which says who chose."""
    clock = FakeClock()
    room = told(Timed([HELLO, TO_EXPERIENCE], clock=clock), clock=clock)
    room.finish()

    assert room.interview.usage == Usage(1, 700, 50)


def test_the_report_is_kept_in_the_commit_that_ends_the_interview() -> None:
    """One read and two writes, as any turn; before it there is none, and after it there is no end without one."""
    room = told()
    opened = logs.open_context("", "")
    seen = list[tuple[Status, bool]]()
    for _ in finishing(room):
        at = (opened.reads, opened.writes)
        seen.append((room.interview.status, room.interview.report is not None))
        opened.reads, opened.writes = at  # our own look does not count

    assert (opened.reads, opened.writes) == (1, 2)
    assert seen == [(Status.RUNNING, False)] * (len(seen) - 1) + [(Status.ENDED, True)]
    assert report(room).grading is Grading.OFF


class LeavesAtTheEnd(SqliteStore):
    """Is gone when an interview is to be ended, once."""

    was_gone = False

    def _swap(self, after: Interview, version: object) -> bool:
        if after.report and not self.was_gone:
            self.was_gone = True
            raise StoreUnavailable
        return super()._swap(after, version)


def test_without_a_commit_there_is_no_report() -> None:
    """Whoever asks again gets a whole end, and the model is asked again."""
    clock = FakeClock()
    room = told(store=LeavesAtTheEnd(":memory:", clock.now), clock=clock)
    with pytest.raises(StoreUnavailable):
        last(finishing(room))
    assert (room.interview.status, room.interview.report) == (Status.RUNNING, None)
    with pytest.raises(TurnInProgress):
        room.finish()
    room.clock.advance(31)
    room.finish()

    assert (room.interview.status, points(room).source) == (Status.ENDED, Source.MODEL)


def test_an_end_that_is_asked_for_again_is_told_again() -> None:
    """Nobody chooses twice."""
    room = told()
    first, made = room.finish(), report(room)
    model = room.interviewer
    assert isinstance(model, FakeInterviewer)

    assert (room.finish().turn, report(room), model.closed) == (first.turn, made, 1)


def test_the_report_says_of_each_story_which_lines_told_it() -> None:
    """And what was found there stands in them."""
    room = ended(choice((READS, SWITCHED)))
    messages = {m.seq: m.text for m in room.interview.messages}
    story = next(story for story in report(room).stories if story.findings)

    assert story.question == CLASSIC.questions_of("experience")[0].id
    assert [messages[seq] for seq in story.seqs] == [STORY]
    assert {f.sign: messages[f.span.seq][f.span.start : f.span.end] for f in story.findings} == {
        "own_action": "I switched the line over by hand",
        "result_measured": "we lost 20 minutes instead of 3 hours",
        READS: SWITCHED,
    }


def test_what_went_on_after_the_choice_was_begun_is_not_lost() -> None:
    """A turn that was fenced off while the model chose keeps no report; its successor's stands."""
    room = told()
    slow = finishing(room)
    next(slow)
    room.clock.advance(31)
    room.finish()
    made = report(room)

    assert last(slow).turn == room.finish().turn
    assert report(room) == made
