"""A model reads an interview that is over: what most readings claim and code can check is kept, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from interviewos.adapters.sqlite_quota import SqliteQuota
from interviewos.domain.errors import UnknownSession
from interviewos.domain.interview import Candidate, Message, Meta, Role, Source, new_interview
from interviewos.domain.plan import Plan
from interviewos.domain.reading import AGAIN_SECONDS, LEASE_SECONDS, claim_reading
from interviewos.domain.report import CompetencyResult, Finding, Grading, Report, Shown, Span, Unknown
from interviewos.model.prompt import Request
from interviewos.model.read import instruction, masked, reading_of, reading_request
from interviewos.report.catalogue import catalogue
from interviewos.report.findings import Proposal
from interviewos.report.making import report_by_choice, told_of
from interviewos.report.readings import Reading, StoryReading, is_open, settle
from interviewos.report.stories import stories_of
from interviewos.settings import DailyCaps
from interviewos.usecases.ports import VersionedInterview
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.readings import Readings
from interviewos.usecases.sweeping import sweep
from interviewos.usecases.writing import CHARACTERS_A_TOKEN, written
from interviewos.web.report_view import report_view
from support.fakes import NURSING, Room
from support.reader import GOOD, REASON, SEPSIS, SHIFT, Reader, line, tell_all

AT = datetime(2026, 1, 1, tzinfo=UTC)
SIGNS = catalogue()
WORSE, ALONE = "nursing.deteriorating", "nursing.short-shift"


def told(*stories: tuple[str, str, str]) -> list[Message]:
    """A conversation of questions, the part that was asked of each, and what was told."""
    lines = list[Message]()
    for question, part, answer in stories:
        meta = Meta(question=question)
        lines.append(Message(len(lines) + 1, Role.AGENT, "experience", "What happened?", AT, Source.MODEL, meta))
        if part:
            meta = Meta(question=question, part=part)
            lines.append(Message(len(lines) + 1, Role.AGENT, "experience", "And then?", AT, Source.MODEL, meta))
        lines.append(Message(len(lines) + 1, Role.USER, "experience", answer, AT))
    return lines


TWO = told((WORSE, "result", SEPSIS), (ALONE, "action", SHIFT))


def by_rule(conversation: Sequence[Message] = TWO, plan: Plan = NURSING) -> Report:
    return report_by_choice(plan, conversation, AT, told_of(plan, conversation), None, None, reads=True)


def reading(
    question: str = WORSE,
    levels: dict[str, int] | None = None,
    signs: Sequence[tuple[str, str]] = (),
    retell: Sequence[tuple[str, str]] = (),
) -> Reading:
    return {question: StoryReading(levels or {}, tuple(Proposal(*each) for each in signs), tuple(retell))}


def settled(*readings: Reading, conversation: Sequence[Message] = TWO) -> Report:
    return settle(NURSING, conversation, by_rule(conversation), readings)


def findings(report: Report, question: str = WORSE) -> list[tuple[str, Shown]]:
    return [(f.sign, f.by) for story in report.stories if story.question == question for f in story.findings]


def result(report: Report, competency: str) -> CompetencyResult:
    return next(each for each in report.competencies if each.id == competency)


ENDED = ("result_told", "he came back to us three weeks later")
MET = ("obstacle_met", "pale after his second treatment")
NO_PART = ("no_action", "We sorted them by who could get worse")


def test_what_one_of_two_readings_claims_is_not_kept() -> None:
    report = settled(reading(signs=[REASON]), reading())

    assert ("choice_reasoned", Shown.READINGS) not in findings(report)


def test_what_both_readings_claim_is_kept_with_its_words() -> None:
    report = settled(reading(signs=[REASON]), reading(signs=[("choice_reasoned", "“his hands were cold”")]))
    (finding,) = (f for story in report.stories for f in story.findings if f.sign == "choice_reasoned")

    assert finding.by is Shown.READINGS
    assert SEPSIS[finding.span.start : finding.span.end] == REASON[1]


def test_two_of_three_readings_are_most() -> None:
    report = settled(reading(signs=[REASON]), reading(), reading(signs=[REASON]))

    assert ("choice_reasoned", Shown.READINGS) in findings(report)


def test_one_reading_alone_says_what_is_there_and_never_what_is_missing() -> None:
    report = settled(reading(signs=[REASON]) | reading(ALONE, signs=[NO_PART]))

    assert ("choice_reasoned", Shown.ONE_READING) in findings(report)
    assert findings(report, ALONE) == []


def test_what_was_not_asked_for_is_not_missing() -> None:
    asked = settled(*[reading(ALONE, signs=[NO_PART])] * 2)
    unasked = settled(*[reading(ALONE, signs=[NO_PART])] * 2, conversation=told((ALONE, "result", SHIFT)))

    assert ("no_action", Shown.READINGS) in findings(asked, ALONE)
    assert findings(unasked, ALONE) == []
    assert unasked.withheld == {"not_asked": 2}


def test_what_a_rule_has_found_is_not_called_missing() -> None:
    report = settled(*[reading(signs=[("no_action", "I called the doctor")])] * 2, conversation=TWO)

    assert findings(report) == [("own_action", Shown.RULE)]


def test_a_lie_of_every_reading_is_withheld_and_counted() -> None:
    lie = reading(signs=[("result_told", "the whole ward was saved by me alone"), ("saint", "I called the doctor")])
    report = settled(lie, lie)

    assert findings(report) == [("own_action", Shown.RULE)]
    assert report.withheld == {"no_such_words": 2, "unknown_sign": 2}


@pytest.mark.parametrize(
    ("signs", "claimed", "level"),
    [
        ([REASON], 5, 3),
        ([REASON, MET], 5, 5),
        ([MET], 4, 3),
        ([MET, ("situation_named", "A boy of six was pale")], 5, 4),
        ([REASON, MET], 3, 3),
        ([], 4, None),
        ([], 2, None),
    ],
)
def test_a_level_needs_its_signs(signs: list[tuple[str, str]], claimed: int, level: int | None) -> None:
    """One sign carries the third level, two the fourth, with the key sign among them the fifth."""
    report = settled(*[reading(levels={"approach": claimed}, signs=signs)] * 2)
    approach = result(report, "approach")

    assert approach.level == level
    assert approach.story == (WORSE if level else "")
    assert approach.not_assessed is (None if level else Unknown.NO_EVIDENCE)


def test_a_low_level_needs_something_that_is_missing() -> None:
    low = reading(ALONE, levels={"ownership": 2}, signs=[NO_PART])

    assert result(settled(low, low), "ownership").level == 2


@pytest.mark.parametrize(("levels", "level"), [((3, 4), 3), ((3, 5), None), ((3, 5, 5), 5), ((2, 3, 5), None)])
def test_readings_that_are_two_apart_do_not_agree(levels: tuple[int, ...], level: int | None) -> None:
    """The lower median counts; where all are different and two apart, none does."""
    each = [reading(levels={"approach": claimed}, signs=[REASON, MET]) for claimed in levels]
    approach = result(settled(*each), "approach")

    assert approach.level == level
    assert approach.not_assessed is (None if level else Unknown.UNCERTAIN)


def test_the_best_story_of_a_competency_counts() -> None:
    both = reading(levels={"approach": 3}, signs=[REASON]) | reading(ALONE, levels={"approach": 1})

    assert result(settled(both, both), "approach").story == WORSE


def test_what_was_not_asked_or_not_answered_is_not_assessed() -> None:
    high = reading(levels={"people": 5, "approach": 3}, signs=[REASON])
    report = settled(high, high, conversation=told((WORSE, "", SEPSIS), ("nursing.unhappy", "", "No.")))

    assert result(report, "people").not_assessed is Unknown.TOO_SHORT
    assert result(report, "ownership").not_assessed is Unknown.NOT_ASKED


@pytest.mark.parametrize(
    ("first", "second", "open_"),
    [
        (reading(signs=[REASON]), reading(signs=[REASON]), False),
        (reading(signs=[REASON]), reading(), True),
        (reading(levels={"approach": 2}), reading(levels={"approach": 4}), True),
        (reading(levels={"approach": 3}), reading(levels={"approach": 4}), False),
    ],
)
def test_a_third_reading_is_for_what_two_leave_open(first: Reading, second: Reading, open_: bool) -> None:
    assert is_open(NURSING, TWO, by_rule(), [first, second]) is open_


def test_a_point_that_no_reading_sees_is_not_confirmed() -> None:
    picked = Proposal("obstacle_met", "pale after his second treatment")
    chosen = report_by_choice(NURSING, TWO, AT, told_of(NURSING, TWO), picked, None)
    seen = settle(NURSING, TWO, chosen, [reading(signs=[MET]), reading()])
    unseen = settle(NURSING, TWO, chosen, [reading(), reading()])

    assert chosen.points[0].by is Shown.ONE_READING
    assert seen.points[0].confirmed
    assert not unseen.points[0].confirmed
    assert unseen.points[1].confirmed


def test_one_story_has_what_another_was_asked_for_and_lacks() -> None:
    both = reading() | reading(ALONE, signs=[NO_PART])
    (contrast,) = settled(both, both).contrasts

    assert (contrast.part, contrast.has, contrast.lacks) == ("action", WORSE, ALONE)


def test_a_contrast_quotes_the_words_of_the_story_that_has_the_part() -> None:
    both = reading() | reading(ALONE, signs=[NO_PART])
    interview = replace(new_interview("s1", Candidate("Maria", "Nurse"), AT, timedelta(days=1)), messages=tuple(TWO))
    shown = report_view(VersionedInterview(interview, 1, AT), NURSING, settled(both, both))
    own_action = next(f for f in shown["stories"][0]["findings"] if f["sign"] == "own_action")
    place = ("seq", "start", "end", "quote", "sentence")

    assert own_action["quote"] in SEPSIS
    assert [[each[name] for name in place] for each in shown["contrasts"]] == [[own_action[name] for name in place]]


def test_a_story_is_told_again_in_its_own_sentences() -> None:
    again = reading(retell=[("result", "he came back to us three weeks later"), ("action", "I called the doctor")])
    story = settled(again, again).stories[0]
    said = {each.part: each.span and SEPSIS[each.span.start : each.span.end] for each in story.retell}

    assert list(said) == ["action", "result"]
    assert said["action"] == "I called the doctor"


def test_a_part_that_was_asked_for_may_be_missing_from_the_story() -> None:
    again = reading(retell=[("action", "I called the doctor"), ("result", "it all ended well for the boy")])
    story = settled(again, again).stories[0]

    assert [(each.part, each.span is None) for each in story.retell] == [("action", False), ("result", True)]


# What a reader is sent, and what of its answer counts.


def request(name: str = "", role: str = "", plan: Plan = NURSING, conversation: Sequence[Message] = TWO) -> Request:
    return reading_request(SIGNS, plan, stories_of(plan, conversation, ()), name)


def test_a_reader_learns_nothing_but_what_was_told() -> None:
    """No name, no line of the interviewer's, and no wording for a job; the instruction is the same for everybody."""
    questions = tuple(replace(each, text="What at Acme Motors?", tailored=True) for each in NURSING.questions)
    tailored = request("Ada", plan=replace(NURSING, questions=questions))
    plain = request("Ada")

    assert tailored.system == plain.system == instruction(SIGNS)
    assert "Acme" not in "".join(tailored.contents)
    assert "What happened?" not in "".join(plain.contents)
    assert plain == request("Grace")


def test_a_name_is_masked_in_its_owners_words() -> None:
    assert masked("I'm Maria Rossi, Maria to friends, and Mariana is my boss.", "Maria Rossi") == (
        "I'm [name] [name], [name] to friends, and Mariana is my boss."
    )
    assert masked("I will.", "") == "I will."


LINE = {"story": 1, "levels": {"approach": 4}, "signs": [{"sign": "own_action", "quote": "I called the doctor"}]}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(LINE),
        f"```json\n{json.dumps(LINE, indent=2)}\n```",
        f"Here it is:\n[{json.dumps(LINE)}, {json.dumps(LINE | {'story': 9})}]",
        f'{json.dumps(LINE)}\n{{"story": 2, "levels": {{"app',
        f'{{"story": "two"}}\n{json.dumps(LINE)}',
    ],
)
def test_of_an_answer_whole_lines_about_stories_count(text: str) -> None:
    stories = stories_of(NURSING, TWO, ())

    assert reading_of(text, stories) == {
        WORSE: StoryReading({"approach": 4}, (Proposal("own_action", "I called the doctor"),))
    }


@pytest.mark.parametrize("text", ["", "I cannot do that.", "{", "[]", '{"story": 3}', "{" * 5000])
def test_what_is_no_reading_is_none(text: str) -> None:
    assert reading_of(text, stories_of(NURSING, TWO, ())) == {}


# How a reading is made.


class Over:
    """An interview that a model led to its end, and that is to be read."""

    def __init__(self, *readings: str | Callable[[], str], asked: int = 2) -> None:
        self.reader = Reader(readings=list(readings))
        self.room = Room(self.reader, rules=NURSING, candidate=Candidate("Maria", "Nurse"))
        self.begun: list[tuple[str, datetime]] = []
        clock = self.room.clock
        self.readings = Readings(
            lambda: NURSING,
            self.room.store,
            self.reader,
            begin=lambda session_id, at: self.begun.append((session_id, at)),
            asked=asked,
            stopwatch=clock.monotonic,
        )
        self.room.turns = replace(self.room.turns, readings=self.readings)
        tell_all(self.room)

    @property
    def report(self) -> Report:
        report = self.room.interview.report
        assert report
        return report

    def wake(self, seconds: float = 0) -> None:
        self.room.clock.advance(seconds)
        self.room.wake()


def test_the_end_sets_an_alarm_for_the_reading() -> None:
    over = Over(GOOD)

    assert over.report.grading is Grading.PENDING
    assert over.room.alarm.set_for[-1] == (over.room.session_id, over.room.interview.due_at)
    assert over.reader.requests == []


def test_a_wake_reads_twice_and_keeps_what_both_say() -> None:
    over = Over(GOOD)
    over.wake(2)

    assert over.report.grading is Grading.MADE
    assert (over.report.readings.asked, over.report.readings.used, over.report.readings.models) == (2, 2, ("reader",))
    assert over.report.readings.tokens == 2_200
    assert over.room.interview.due_at is None
    assert over.room.interview.usage.tokens >= 2_200
    assert over.room.interview.counted_tokens == over.room.interview.usage.tokens


def test_a_second_wake_reads_nothing() -> None:
    over = Over(GOOD)
    over.wake(2)
    over.wake(1)

    assert len(over.reader.requests) == 2


def test_a_third_reading_is_asked_for_in_doubt() -> None:
    over = Over(GOOD, line(), GOOD)
    over.wake(2)

    assert over.report.readings.asked == 3


def test_what_gives_nothing_is_tried_three_times_and_given_up() -> None:
    over = Over("Sorry.")
    waits = [2, *AGAIN_SECONDS]
    for seconds in waits:
        assert over.report.grading is Grading.PENDING
        over.wake(seconds)

    assert over.report.grading is Grading.UNAVAILABLE
    assert over.room.interview.due_at is None
    assert len(over.reader.requests) == 6
    assert [at for _, at in over.begun] == sorted(at for _, at in over.begun)
    assert len(over.begun) == 2


def test_a_try_that_fails_comes_again() -> None:
    over = Over("Sorry.", "Sorry.", GOOD)
    over.wake(2)
    over.wake(AGAIN_SECONDS[0])

    assert over.report.grading is Grading.MADE
    assert over.report.readings.tries == 2


def test_who_dies_while_reading_is_followed_when_its_lease_is_over() -> None:
    over = Over(GOOD)
    over.room.clock.advance(2)
    over.room.store.change(over.room.session_id, lambda interview, now: claim_reading(interview, now, "dead"))
    over.wake(LEASE_SECONDS - 1)
    assert over.report.grading is Grading.PENDING
    over.wake(1)

    assert over.report.grading is Grading.MADE
    assert over.report.readings.tries == 2


def test_who_reads_too_long_keeps_nothing() -> None:
    """Another one has the lease by then, and its reading counts."""
    over = Over(GOOD)
    over.room.clock.advance(2)

    def meanwhile() -> str:
        over.room.clock.advance(LEASE_SECONDS + 1)
        over.room.store.change(over.room.session_id, lambda interview, now: claim_reading(interview, now, "other"))
        return GOOD

    over.reader.readings = [meanwhile, GOOD]
    over.room.wake()

    assert over.report.grading is Grading.PENDING
    assert over.report.readings.lease
    assert over.report.readings.lease.fence == "other"


def test_nothing_comes_back_of_an_interview_that_was_deleted_meanwhile() -> None:
    over = Over(GOOD)
    over.room.clock.advance(2)

    def meanwhile() -> str:
        over.room.store.delete(over.room.session_id)
        return GOOD

    over.reader.readings = [meanwhile]
    over.room.wake()

    with pytest.raises(UnknownSession):
        over.room.store.read(over.room.session_id)


def test_what_was_asked_of_a_model_is_counted_though_nothing_is_kept_of_it() -> None:
    """Who deletes an interview while it is read does not read for nothing."""
    over = Over(GOOD)
    over.room.clock.advance(2)
    spending = SqliteQuota(":memory:")
    budget = DayBudget(spending, DailyCaps(), over.room.clock.now)
    over.room.turns = replace(over.room.turns, readings=replace(over.readings, budget=budget))

    def meanwhile() -> str:
        over.room.store.delete(over.room.session_id)
        return GOOD

    over.reader.readings = [meanwhile]
    over.room.wake()

    assert spending.of(over.room.clock.now().date()).tokens == 2_200


def test_a_sign_of_a_later_release_is_passed_over() -> None:
    """A roll-back leaves reports that say more than the release before can."""
    report = by_rule()
    later = replace(report.stories[0], findings=(Finding("of_later", Span(3, 0, 5)), *report.stories[0].findings))
    made = settle(NURSING, TWO, replace(report, stories=(later, *report.stories[1:])), [reading(), reading()])

    assert findings(made) == [("own_action", Shown.RULE)]


def test_what_is_longer_than_any_reading_is_cut() -> None:
    """Something that is no model may write for ever."""
    over = Over("x" * 1_000_000)
    request = reading_request(SIGNS, NURSING, stories_of(NURSING, TWO, ()), "")

    assert len(written(over.reader, request, 40, 400).text) == 400 * CHARACTERS_A_TOKEN


def test_a_sweep_hands_readings_over_and_waits_for_none() -> None:
    over = Over(GOOD)
    over.room.clock.advance(2)
    sweep(over.room.turns, over.room.clock.now())
    sweep(over.room.turns, over.room.clock.now())

    assert [session for session, _ in over.begun] == [over.room.session_id]
    assert over.reader.requests == []
    assert over.report.grading is Grading.PENDING


def test_who_told_too_little_is_not_read() -> None:
    room = Room(Reader(readings=[GOOD]), rules=NURSING)
    room.turns = replace(room.turns, readings=Readings(lambda: NURSING, room.store, room.interviewer, lambda *_: None))
    room.start()
    room.answer("I am a nurse.")
    room.finish()
    report = room.interview.report

    assert report
    assert report.grading is Grading.OFF
    assert room.interview.due_at is None
