"""How often a caller may come, by a clock of the test's own."""

import sys
from contextlib import suppress

import pytest

from interviewos.domain.errors import RateLimited
from interviewos.web.rate_limit import MAX_KEYS, RateLimits, policies
from support.clock import FakeClock


@pytest.fixture
def limits(clock: FakeClock) -> RateLimits:
    """Three creations a minute, and six calls of each other kind."""
    return RateLimits(policies(creates_per_minute=3, calls_per_minute=6), clock.monotonic)


@pytest.fixture
def clock() -> FakeClock:
    """Stands still until it is told to go on."""
    return FakeClock()


def left(headers: dict[str, str]) -> str:
    return headers["RateLimit"]


def test_a_quota_may_be_used_at_once_and_comes_back_bit_by_bit(limits: RateLimits, clock: FakeClock) -> None:
    """Six in a minute are one in ten seconds; who is refused is told when the next one is there."""
    told = [left(limits.hit("read", "a")) for _ in range(6)]
    with pytest.raises(RateLimited) as refused:
        limits.hit("read", "a")
    clock.advance(9)
    with pytest.raises(RateLimited) as again:
        limits.hit("read", "a")
    clock.advance(1)
    then = limits.hit("read", "a")

    assert told == [f'"read";r={5 - n};t={10 * (n + 1)}' for n in range(6)]
    assert (refused.value.retry_after, again.value.retry_after) == (10, 1)
    assert refused.value.headers == {"RateLimit-Policy": '"read";q=6;w=60', "RateLimit": '"read";r=0;t=10'}
    assert left(then) == '"read";r=0;t=60'


def test_whoever_asks_on_and_on_gets_what_there_is(limits: RateLimits, clock: FakeClock) -> None:
    """A refusal counts for nothing, so that haste makes no wait longer."""
    served = 0
    for _ in range(600):
        with suppress(RateLimited):
            limits.hit("turn", "a")
            served += 1
        clock.advance(0.5)

    assert served == 6 + 29  # five minutes, less the first of thirty and the last


def test_kinds_and_callers_are_counted_apart(limits: RateLimits) -> None:
    """Who has read much may still answer."""
    for _ in range(6):
        limits.hit("read", "a")
    with pytest.raises(RateLimited):
        limits.hit("read", "a")

    assert left(limits.hit("turn", "a")) == '"turn";r=5;t=10'
    assert left(limits.hit("read", "b")) == '"read";r=5;t=10'
    assert left(limits.hit("voice", "a")) == '"voice";r=0;t=60'


@pytest.mark.parametrize("quota", [1, 7, 10, 59, 60, 61, 120, 100_000])
def test_any_quota_is_exactly_as_large_as_it_is_said_to_be(quota: int, clock: FakeClock) -> None:
    """No rounding takes one away or adds one."""
    limits = RateLimits(policies(quota, quota), clock.monotonic)
    told = [int(left(limits.hit("read", "a")).split(";")[1][2:]) for _ in range(quota)]

    assert told == list(range(quota - 1, -1, -1))
    with pytest.raises(RateLimited) as refused:
        limits.hit("read", "a")
    assert refused.value.retry_after == max(1, -(-60 // quota))


def test_strangers_cannot_fill_the_memory(limits: RateLimits) -> None:
    """However many addresses come; who came last is still known."""
    for _ in range(3):
        limits.hit("create", "the last one")
    for number in range(5 * MAX_KEYS):
        limits.hit("create", f"2001:db8:{number:x}::/64")
        if number % 1_000 == 0:
            with pytest.raises(RateLimited):
                limits.hit("create", "the last one")

    assert len(limits._full_at) == MAX_KEYS
    assert sys.getsizeof(limits._full_at) < 2_000_000
