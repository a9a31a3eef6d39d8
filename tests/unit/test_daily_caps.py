"""How far a day's caps let strangers in, and what is counted of an interview that is over."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from interviewos.adapters.sqlite_spending import SqliteSpending
from interviewos.errors import DailyBudgetReached, DailyInterviewsReached, InterviewError, StoreUnavailable
from interviewos.interview import TurnPlan, Usage
from interviewos.ports import Fragment, Spent
from interviewos.settings import DailyCaps
from interviewos.spending import admit, count_tokens
from support.clock import START, FakeClock
from support.fakes import FakeInterviewer, Room

TODAY = START.date()
FIVE = DailyCaps(interviews=5)


@pytest.fixture
def spending() -> SqliteSpending:
    """Nothing counted yet."""
    return SqliteSpending(":memory:")


class Down(SqliteSpending):
    """Cannot be reached."""

    def __init__(self) -> None:
        super().__init__(":memory:")

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        raise StoreUnavailable(retry_after=2)


class Costly(FakeInterviewer):
    """Each line takes a thousand tokens to read and forty to say."""

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        yield from super().stream(turn, seconds)
        yield Fragment(usage=Usage(1, 1_000, 40))


class InStep(SqliteSpending):
    """Lets its callers write only when four of them have read: the worst that can happen."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self._four = threading.Barrier(4)

    def of(self, day: date) -> Spent:
        spent = super().of(day)
        self._four.wait(10)
        return spent


def passes(spending: SqliteSpending, caps: DailyCaps, now: datetime = START) -> bool:
    """Whether a stranger is let in."""
    try:
        admit(spending, caps, now)
    except InterviewError:
        return False
    return True


def test_the_cap_holds_until_the_next_day(spending: SqliteSpending) -> None:
    """As many as it says, and as many again after midnight UTC."""
    clock = FakeClock(datetime(2026, 1, 1, 23, 59, 30, tzinfo=UTC))
    today = [passes(spending, FIVE, clock.now()) for _ in range(7)]
    clock.advance(29)
    still = passes(spending, FIVE, clock.now())
    clock.advance(1)
    tomorrow = [passes(spending, FIVE, clock.now()) for _ in range(7)]

    assert today == tomorrow == [True] * 5 + [False] * 2
    assert not still


def test_a_refusal_says_how_long_the_day_is(spending: SqliteSpending) -> None:
    """Seconds to midnight UTC, at noon and a moment before."""
    spending.add(TODAY, interviews=5, tokens=9)
    for now, wait in ((START, 12 * 3_600), (START + timedelta(hours=11, minutes=59, seconds=59.5), 0.5)):
        with pytest.raises(DailyInterviewsReached) as interviews:
            admit(spending, FIVE, now)
        with pytest.raises(DailyBudgetReached) as tokens:
            admit(spending, DailyCaps(tokens=9), now)
        assert interviews.value.retry_after == tokens.value.retry_after == wait


def test_the_cap_on_tokens_holds_by_itself(spending: SqliteSpending) -> None:
    """Up to it strangers come in, however many; what is refused is not counted."""
    spending.add(TODAY, tokens=999)
    caps = DailyCaps(tokens=1_000)
    assert all(passes(spending, caps) for _ in range(20))
    spending.add(TODAY, tokens=1)

    assert not passes(spending, caps)
    assert spending.of(TODAY) == Spent(20, 1_000)


def test_callers_at_the_same_moment_exceed_the_cap_by_less_than_their_number() -> None:
    """Twenty callers, four at a time, in the worst order there is: five may come in, eight do, and never more."""
    spending = InStep()
    with ThreadPoolExecutor(4) as pool:
        let_in = list(pool.map(lambda _: passes(spending, FIVE), range(20)))

    assert sum(let_in) == SqliteSpending.of(spending, TODAY).interviews == 5 + 4 - 1


def test_what_cannot_be_counted_is_not_let_in() -> None:
    """A cap that cannot be kept is no cap."""
    with pytest.raises(StoreUnavailable):
        admit(Down(), FIVE, START)


def test_an_interview_is_counted_on_the_day_it_ends(spending: SqliteSpending) -> None:
    """Words in and words out alike; one that is not over, or that no model has held, is not."""
    ended = replace(Room().interview, ended_at=START + timedelta(days=1), usage=Usage(9, 30_000, 1_200))
    count_tokens(spending, replace(ended, ended_at=None))
    count_tokens(spending, replace(ended, usage=Usage()))
    count_tokens(spending, ended)

    assert (spending.of(TODAY), spending.of(TODAY + timedelta(days=1))) == (Spent(), Spent(0, 31_200))


def test_only_the_turn_that_ends_an_interview_counts_it(spending: SqliteSpending) -> None:
    """Once, with all that its turns have used; a repeat of the end uses nothing."""
    room = Room(Costly())
    room.turns = replace(room.turns, spending=spending)
    room.start()
    room.answer("I bake bread.")
    before = spending.of(TODAY)
    for _ in range(3):
        room.finish()

    used = room.interview.usage.input_tokens + room.interview.usage.output_tokens
    assert (before, spending.of(TODAY)) == (Spent(), Spent(0, used))
    assert used == 3 * 1_040


def test_a_turn_is_answered_though_it_cannot_be_counted() -> None:
    """The feedback is stored and told."""
    room = Room(Costly())
    room.turns = replace(room.turns, spending=Down())
    room.start()

    assert room.finish().interview.status == "ended"


def test_a_price_that_cannot_be_counted_breaks_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The turn is stored; an operator reads what is missing."""
    ended = replace(Room().interview, ended_at=START, usage=Usage(9, 30_000, 1_200))
    count_tokens(Down(), ended)

    (line,) = caplog.records
    assert (line.levelname, line.message) == ("WARNING", "tokens not counted")
    assert (line.__dict__["session_id"], line.__dict__["tokens"]) == (ended.session_id, 31_200)
