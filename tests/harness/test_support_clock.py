"""Time stands still in tests until they let it pass."""

from datetime import timedelta

import pytest

from support.clock import START, FakeClock


def test_time_stands_still() -> None:
    """Looking at the clock does not move it."""
    clock = FakeClock()

    assert (clock.now(), clock.now(), clock.monotonic()) == (START, START, 0.0)


def test_both_clocks_move_together() -> None:
    """What passes on the wall passes for the stop watch."""
    clock = FakeClock()
    clock.advance(1.5)

    assert (START + timedelta(seconds=1.5), 1.5) == (clock.now(), clock.monotonic())


def test_time_does_not_go_back() -> None:
    """A negative step is a mistake of the test."""
    with pytest.raises(ValueError, match="back"):
        FakeClock().advance(-1)
