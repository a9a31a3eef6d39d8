"""How far a day's caps let strangers in, and what is counted of what models have said."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from interviewos import logs
from interviewos.adapters.sqlite import SqliteStore
from interviewos.adapters.sqlite_quota import SqliteQuota
from interviewos.domain.errors import (
    DailyBudgetReached,
    DailyInterviewsReached,
    InterviewError,
    StoreUnavailable,
    TurnInProgress,
    UnknownSession,
)
from interviewos.domain.interview import EventType, Interview, TurnPlan, Usage
from interviewos.model.prompt import Request
from interviewos.settings import DailyCaps
from interviewos.usecases import sessions
from interviewos.usecases.ports import DayUsage, Fragment, InterviewStore, VersionedInterview
from interviewos.usecases.quota import DayBudget
from support.clock import START, FakeClock
from support.fakes import FakeInterviewer, Room, last

TODAY = START.date()
FIVE = DailyCaps(interviews=5)
LINE = 1_040
"""What each line of `Costly` takes."""


@pytest.fixture
def spending() -> SqliteQuota:
    """Nothing counted yet."""
    return SqliteQuota(":memory:")


class Down(SqliteQuota):
    """Cannot be reached."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        raise StoreUnavailable(retry_after=2)


class Costly(FakeInterviewer):
    """Each line takes a thousand tokens to read and forty to say, and so does the choice at the end."""

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        yield from super().stream(turn, seconds)
        yield Fragment(usage=Usage(1, 1_000, 40))

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        yield from super().write(request, seconds, most_tokens)
        yield Fragment(usage=Usage(1, 1_000, 40))


class InStep(SqliteQuota):
    """Lets its callers write only when four of them have read: the worst that can happen."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._four = threading.Barrier(4)

    def of(self, day: date) -> DayUsage:
        spent = super().of(day)
        self._four.wait(10)
        return spent


def budget(spending: SqliteQuota, caps: DailyCaps, now: datetime = START) -> DayBudget:
    """What a process knows that has just begun."""
    return DayBudget(spending, caps, lambda: now)


def passes(spending: SqliteQuota, caps: DailyCaps, now: datetime = START) -> bool:
    """Whether a stranger is let in."""
    try:
        budget(spending, caps, now).charge_quota()
    except InterviewError:
        return False
    return True


def test_the_cap_holds_until_the_next_day(spending: SqliteQuota) -> None:
    """As many as it says, and as many again after midnight UTC."""
    clock = FakeClock(datetime(2026, 1, 1, 23, 59, 30, tzinfo=UTC))
    today = [passes(spending, FIVE, clock.now()) for _ in range(7)]
    clock.advance(29)
    still = passes(spending, FIVE, clock.now())
    clock.advance(1)
    tomorrow = [passes(spending, FIVE, clock.now()) for _ in range(7)]

    assert today == tomorrow == [True] * 5 + [False] * 2
    assert not still


def test_a_refusal_says_how_long_the_day_is(spending: SqliteQuota) -> None:
    """Seconds to midnight UTC, at noon and a moment before."""
    spending.add(TODAY, interviews=5, tokens=9)
    for now, wait in ((START, 12 * 3_600), (START + timedelta(hours=11, minutes=59, seconds=59.5), 0.5)):
        with pytest.raises(DailyInterviewsReached) as interviews:
            budget(spending, FIVE, now).charge_quota()
        with pytest.raises(DailyBudgetReached) as tokens:
            budget(spending, DailyCaps(tokens=9), now).charge_quota()
        assert interviews.value.retry_after == tokens.value.retry_after == wait


def test_the_cap_on_tokens_holds_by_itself(spending: SqliteQuota) -> None:
    """Up to it strangers come in, however many; what is refused is not counted."""
    spending.add(TODAY, tokens=999)
    caps = DailyCaps(tokens=1_000)
    assert all(passes(spending, caps) for _ in range(20))
    spending.add(TODAY, tokens=1)

    assert not passes(spending, caps)
    assert spending.of(TODAY) == DayUsage(20, 1_000)


def test_callers_at_the_same_moment_exceed_the_cap_by_less_than_their_number() -> None:
    """Twenty callers, four at a time, in the worst order there is: five may come in, eight do, and never more."""
    spending = InStep()
    with ThreadPoolExecutor(4) as pool:
        let_in = list(pool.map(lambda _: passes(spending, FIVE), range(20)))

    assert sum(let_in) == SqliteQuota.of(spending, TODAY).interviews == 5 + 4 - 1


def test_what_cannot_be_counted_is_not_let_in() -> None:
    """A cap that cannot be kept is no cap."""
    with pytest.raises(StoreUnavailable):
        budget(Down(), FIVE).charge_quota()


class Unheard(SqliteStore):
    """Writes the next commit without being heard; `meanwhile` is what happens before it is asked again."""

    meanwhile: Callable[[], object] | None = None

    def _swap(self, after: Interview, version: object) -> bool:
        swapped = super()._swap(after, version)
        if self.meanwhile is None or after.lease:
            return swapped
        meanwhile, self.meanwhile = self.meanwhile, None
        meanwhile()
        return False


class Unreadable(SqliteStore):
    """Can be written to only."""

    def __init__(self, why: Exception) -> None:
        super().__init__(":memory:", FakeClock().now)
        self.why = why

    def read(self, session_id: str) -> VersionedInterview:
        raise self.why


def costly(spending: SqliteQuota, store: InterviewStore | None = None, clock: FakeClock | None = None) -> Room:
    """An interview that has begun, and costs."""
    room = Room(Costly(), store, clock)
    room.turns = replace(room.turns, budget=budget(spending, DailyCaps()))
    room.start()
    return room


def said(room: Room) -> DayUsage:
    """All that the model has said."""
    assert isinstance(room.interviewer, Costly)
    return DayUsage(0, room.interviewer.calls * LINE)


def delete(room: Room, spending: SqliteQuota) -> None:
    """Forget the interview."""
    sessions.delete(room.store, room.voice, room.session_id, budget=budget(spending, DailyCaps()))


# an interview that ends


def test_an_interview_is_counted_on_the_day_it_ends(spending: SqliteQuota) -> None:
    """Words in and words out alike."""
    room = costly(spending)
    room.answer("I bake bread.")
    room.clock.advance(24 * 3_600)
    room.finish()

    assert [spending.of(TODAY + timedelta(days=days)) for days in range(3)] == [DayUsage(), said(room), DayUsage()]


def test_only_the_turn_that_ends_an_interview_counts_it(spending: SqliteQuota) -> None:
    """Once, with all that its turns have used; a repeat of the end uses nothing."""
    room = costly(spending)
    room.answer("I bake bread.")
    before = spending.of(TODAY)
    for _ in range(3):
        room.finish()

    assert (before, spending.of(TODAY)) == (DayUsage(), DayUsage(0, 3 * LINE))


def test_what_no_model_has_held_is_not_counted(caplog: pytest.LogCaptureFixture) -> None:
    """No tokens, no write: not even one that would fail."""
    room = Room()
    room.turns = replace(room.turns, budget=budget(Down(), DailyCaps()))
    room.start()
    room.finish()

    assert "tokens not counted" not in caplog.messages


def test_a_commit_that_was_not_heard_is_counted_once(spending: SqliteQuota) -> None:
    """What is found again is our own, and no successor's."""
    store = Unheard(":memory:", FakeClock().now)
    room = costly(spending, store)
    room.answer("I bake bread.")
    store.meanwhile = lambda: None
    room.finish()

    assert spending.of(TODAY) == said(room) == DayUsage(0, 3 * LINE)


def test_an_answer_that_was_not_heard_ends_nothing(spending: SqliteQuota) -> None:
    """The interview that it finds again was ended, and counted, by somebody else."""
    store = Unheard(":memory:", FakeClock().now)
    room = costly(spending, store)
    store.meanwhile = room.finish
    room.answer("I bake bread.")

    assert spending.of(TODAY) == said(room) == DayUsage(0, 3 * LINE)


# turns that overlap


def test_a_turn_whose_successor_ended_the_interview_counts_its_own_reply(spending: SqliteQuota) -> None:
    """Its reply is in no interview, and the interview is counted already."""
    room = costly(spending)
    running = room.steps(EventType.USER_TURN, "e1", [("e1", "I bake bread.")])
    next(running)
    room.finish()
    last(running)

    assert spending.of(TODAY) == said(room) == DayUsage(0, 3 * LINE)


def test_a_turn_whose_successor_went_on_counts_its_own_reply(spending: SqliteQuota) -> None:
    """Speech that goes on, as often as one likes, is not for nothing."""
    room = costly(spending)
    running = room.steps(EventType.USER_TURN, "a", [("a", "I bake")])
    next(running)
    room.speak(("a", "I bake"), ("b", "bread."))
    last(running)
    fenced = spending.of(TODAY)
    room.finish()

    assert fenced == DayUsage(0, LINE)
    assert spending.of(TODAY) == said(room) == DayUsage(0, 4 * LINE)


def test_a_turn_that_was_fenced_off_counts_its_own_reply(spending: SqliteQuota) -> None:
    """Though the successor is still busy."""
    room = costly(spending)
    running = room.steps(EventType.USER_TURN, "e1", [("e1", "I bake bread.")])
    next(running)
    successor = room.steps(EventType.FINISH, "finish")
    next(successor)
    with pytest.raises(TurnInProgress):
        last(running)
    fenced = spending.of(TODAY)
    last(successor)

    assert fenced == DayUsage(0, LINE)
    assert spending.of(TODAY) == said(room) == DayUsage(0, 3 * LINE)


def test_a_turn_of_a_deleted_interview_counts_its_own_reply(spending: SqliteQuota) -> None:
    """And the delete all that was said before."""
    room = costly(spending)
    running = room.steps(EventType.USER_TURN, "e1", [("e1", "I bake bread.")])
    next(running)
    delete(room, spending)
    deleted = spending.of(TODAY)
    with pytest.raises(UnknownSession):
        last(running)

    assert deleted == DayUsage(0, LINE)
    assert spending.of(TODAY) == said(room) == DayUsage(0, 2 * LINE)


@pytest.mark.parametrize("gone", [True, False], ids=["deleted", "fenced off"])
def test_a_fenced_turn_is_told_so_though_it_cannot_be_counted(gone: bool) -> None:
    """The error is the turn's own."""
    room = costly(Down())
    running = room.steps(EventType.USER_TURN, "e1", [("e1", "I bake bread.")])
    next(running)
    if gone:
        room.store.delete(room.session_id)
    else:
        next(room.steps(EventType.FINISH, "finish"))

    with pytest.raises(UnknownSession if gone else TurnInProgress):
        last(running)


# interviews that are deleted


def test_a_deleted_interview_is_counted_today(spending: SqliteQuota) -> None:
    """Once, however often it is deleted, and whatever day it began."""
    room = costly(spending)
    room.answer("I bake bread.")
    room.clock.advance(24 * 3_600)
    for _ in range(3):
        delete(room, spending)

    assert (spending.of(TODAY), spending.of(TODAY + timedelta(days=1))) == (DayUsage(), DayUsage(0, 2 * LINE))


def test_an_interview_that_ended_is_not_counted_again_when_it_is_deleted(spending: SqliteQuota) -> None:
    """Its last turn did."""
    room = costly(spending)
    room.finish()
    delete(room, spending)

    assert spending.of(TODAY) == said(room)


def test_what_ended_before_tokens_were_counted_costs_nothing_when_it_is_deleted(spending: SqliteQuota) -> None:
    """Its release counted it by its end, and does not say so in the document."""
    room = costly(spending)
    room.finish()
    room.store.change(room.session_id, lambda interview, now: (replace(interview, counted_tokens=0), None))
    delete(room, spending)

    assert spending.of(TODAY) == said(room)


def test_a_delete_is_one_read_more(spending: SqliteQuota) -> None:
    """And nothing is written for an interview that has used nothing."""
    room = Room()
    logs.open_context("", "")
    delete(room, spending)

    assert (logs.context().reads, logs.context().writes) == (1, 0)


@pytest.mark.parametrize("why", [StoreUnavailable(), ValueError("no such stage")], ids=["down", "illegible"])
def test_an_interview_that_cannot_be_read_can_be_deleted(why: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody's words are kept for the sake of a count; an operator reads what is missing."""
    room = Room(store=Unreadable(why))
    delete(room, SqliteQuota(":memory:"))

    with pytest.raises(UnknownSession):
        SqliteStore.read(room.store, room.session_id)  # type: ignore[arg-type]
    assert "tokens not counted" in caplog.messages


def test_an_interview_that_cannot_be_counted_can_be_deleted() -> None:
    """It is gone all the same."""
    room = costly(Down())
    delete(room, Down())

    with pytest.raises(UnknownSession):
        room.store.read(room.session_id)


# counts that fail


def test_a_turn_is_answered_though_it_cannot_be_counted() -> None:
    """The feedback is stored and told."""
    assert costly(Down()).finish().interview.status == "ended"


def test_a_price_that_cannot_be_counted_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """An operator reads what is missing."""
    budget(Down(), DailyCaps()).count("some-session", 31_200, TODAY)

    (line,) = caplog.records
    assert (line.levelname, line.message) == ("WARNING", "tokens not counted")
    assert (line.__dict__["session_id"], line.__dict__["tokens"]) == ("some-session", 31_200)
