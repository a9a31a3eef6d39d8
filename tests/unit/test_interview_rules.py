"""The rules by themselves, as tables: the model proposes, the table and the counts dispose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from interviewos.domain.interview import (
    FINISH_ID,
    START_ID,
    WAKE_PREFIX,
    Interview,
    Lease,
    Message,
    PendingUtterance,
    Reason,
    Reply,
    Role,
    Source,
    Status,
)
from interviewos.domain.report import Report
from interviewos.domain.turn import finish_turn, is_error, lead, plan_turn
from support.fakes import PROPOSED, SIGNALS, STAGES, plan

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=3)
PLAN = plan(most_intro=4, most=5)
LEASES = {Reason.START: START_ID, Reason.FINISH: FINISH_ID, Reason.SILENCE: f"{WAKE_PREFIX}1"}
INTRO, EXPERIENCE, DONE = "intro", "experience", "done"


def interview(stage: str, answers: int, reason: Reason) -> Interview:
    """An interview in which somebody is to speak for this reason, the last of the answers still waiting for a reply."""
    questions = PLAN.stage(stage).most_questions if reason is Reason.LIMIT else min(answers, 3)
    waits = reason in (Reason.ANSWER, Reason.LATE, Reason.LIMIT) and answers > 0
    words = PendingUtterance("e", "I am Ada.", LATER if reason is Reason.LATE else NOW)
    return Interview(
        session_id="s",
        room_name="iv-s",
        candidate_name="Ada",
        role="Engineer",
        created_at=NOW,
        expire_at=NOW + timedelta(days=30),
        status=Status.CREATED if reason is Reason.START else Status.RUNNING,
        stage=stage,
        stage_deadline=LATER,
        messages=tuple(_conversation(stage, questions, answers - waits)),
        pending=(words,) if waits else (),
        lease=Lease(LEASES.get(reason, "e"), "fence", LATER),
    )


def _conversation(stage: str, questions: int, answers: int) -> Iterator[Message]:
    for number in range(max(questions, answers)):
        if number < questions:
            yield Message(2 * number + 2, Role.AGENT, stage, f"Question {number}?", NOW, Source.MODEL)
        else:
            yield Message(2 * number + 2, Role.AGENT, stage, "I lost my connection.", NOW, Source.FALLBACK)
        if number < answers:
            yield Message(2 * number + 3, Role.USER, stage, f"Answer {number}.", NOW)


# where a reply leads

FORCED = {
    (INTRO, Reason.START): INTRO,
    (INTRO, Reason.LATE): EXPERIENCE,
    (INTRO, Reason.LIMIT): EXPERIENCE,
    (INTRO, Reason.SILENCE): EXPERIENCE,
    (INTRO, Reason.FINISH): DONE,
    (EXPERIENCE, Reason.LATE): DONE,
    (EXPERIENCE, Reason.LIMIT): DONE,
    (EXPERIENCE, Reason.SILENCE): DONE,
    (EXPERIENCE, Reason.FINISH): DONE,
}
"""What happens whatever the model says and however little was answered."""


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("stage", [INTRO, EXPERIENCE])
@pytest.mark.parametrize("answers", [1, 2, 3, 4])
def test_a_signal_moves_only_as_the_table_says_and_after_the_fewest_answers(
    stage: str, signal: str, answers: int
) -> None:
    """Every stage, signal and number of answers; anything else stays."""
    to, fewest = PROPOSED.get((stage, signal), (stage, 0))
    here = interview(stage, answers, Reason.ANSWER)
    turn = plan_turn(PLAN, here, NOW)

    assert turn.reason is (Reason.ANSWER if answers <= 4 else Reason.LIMIT)
    assert turn.stage == stage
    assert lead(PLAN, here, turn, signal).stage == (to if answers >= fewest else stage)


@pytest.mark.parametrize(("stage", "reason"), FORCED)
@pytest.mark.parametrize("answers", [0, 1, 2, 4])
@pytest.mark.parametrize("signal", SIGNALS)
def test_a_guard_rail_a_clock_and_a_wish_ask_no_model(stage: str, reason: Reason, answers: int, signal: str) -> None:
    """The fewest answers and the signals bind the model only; the model is told where it goes before it speaks."""
    if answers == 0 and reason in (Reason.LATE, Reason.LIMIT):
        answers = 1  # there is no such turn without an answer
    here = interview(stage, answers, reason)
    turn = plan_turn(PLAN, here, NOW)

    assert (turn.reason, turn.stage) == (reason, FORCED[stage, reason])
    assert lead(PLAN, here, turn, signal).stage == FORCED[stage, reason]


def test_the_table_leads_forward_one_stage_at_a_time() -> None:
    """No move goes back, skips a stage or leaves the end."""
    assert [PLAN.next_of(stage.id) for stage in PLAN.stages] == [*STAGES[1:]]
    assert PLAN.signals[:4] == ("STAY", "NEXT", "MOVE_TO_EXPERIENCE", "MOVE_TO_DONE")
    assert {"STAY result", "STAY story"} < set(PLAN.signals)


@pytest.mark.parametrize(("stage", "signal", "answers"), list(product([INTRO, EXPERIENCE], SIGNALS, [1, 2, 3])))
def test_a_turn_is_stored_where_it_leads(stage: str, signal: str, answers: int) -> None:
    """The epoch counts stage entries, and the end, its status, its feedback and its report come together."""
    here = interview(stage, answers, Reason.ANSWER)
    turn = plan_turn(PLAN, here, NOW)
    to = lead(PLAN, here, turn, signal).stage
    reply = Reply("Well?", Source.MODEL, signal, feedback="- Strength: …", report=Report(NOW))
    after = finish_turn(PLAN, here, turn, reply, NOW).interview

    assert (after.stage, after.epoch) == (to, here.epoch + (to != stage))
    assert after.messages[-1].stage == to
    assert (after.status is Status.ENDED) == (to == DONE) == (after.messages[-1].text == "- Strength: …")
    assert after.report == (reply.report if to == DONE else None)
    assert (after.due_at is None) == (to == DONE)
    assert (after.pending, after.lease) == ((), None)


@pytest.mark.parametrize("failures", range(4))
@pytest.mark.parametrize(("stage", "reason"), [*FORCED, (INTRO, Reason.ANSWER), (EXPERIENCE, Reason.ANSWER)])
def test_the_third_failure_stops_what_somebody_can_resume(failures: int, stage: str, reason: Reason) -> None:
    """A silent turn has nobody to resume it, and an end needs no model."""
    here = replace(interview(stage, 1, reason), failures=failures)
    turn = plan_turn(PLAN, here, NOW)
    ends = turn.stage == DONE or reason is Reason.SILENCE

    assert is_error(here, turn) is (failures >= 2 and not ends)


@pytest.mark.parametrize(
    ("asked", "reason"), [(0, Reason.ANSWER), (3, Reason.ANSWER), (4, Reason.LIMIT), (9, Reason.LIMIT)]
)
def test_the_limit_counts_questions_really_asked_in_this_stage(asked: int, reason: Reason) -> None:
    """Stand-in lines and the questions of another stage are none."""
    here = interview(INTRO, 1, Reason.ANSWER)
    question = Message(2, Role.AGENT, INTRO, "Who are you?", NOW, Source.MODEL)
    others = (replace(question, stage=EXPERIENCE), replace(question, source=Source.FALLBACK)) * 10
    here = replace(here, messages=(*others, *(replace(question, seq=seq) for seq in range(2, 2 + asked))))

    assert plan_turn(PLAN, here, NOW).reason is reason
