"""A log line is found by its request and its trace, and says what a turn took and cost."""

import io
import json
import logging
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from interviewos import logs
from support.clock import FakeClock
from support.fakes import FakeInterviewer, RecordingAlarm, Room

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PARENT = f"00-{TRACE}-{SPAN}-01"

Line = Callable[[], dict[str, Any]]


class SlowAlarm(RecordingAlarm):
    """Takes half a second to be set."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self._clock = clock

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        self._clock.advance(0.5)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Line:
    """Writes a line in a request as it now is; gives what Cloud Logging would read."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    for name, value in {"handlers": [], "propagate": False, "level": logging.INFO}.items():
        monkeypatch.setattr(logging.getLogger("interviewos"), name, value)
    logs.configure("demo")

    def write() -> dict[str, Any]:
        logging.getLogger("interviewos.test").info("something happened", extra={"seconds": 3})
        found: dict[str, Any] = json.loads(written.getvalue().splitlines()[-1])
        return found

    return lambda: copy_context().run(write)


@pytest.mark.parametrize(
    ("headers", "span"),
    [((PARENT, ""), SPAN), (("", f"{TRACE}/123;o=1"), None), ((PARENT, f"{TRACE[::-1]}/1"), SPAN), (("", TRACE), None)],
)
def test_a_line_belongs_to_the_trace_of_its_request(line: Line, headers: tuple[str, str], span: str | None) -> None:
    """The standard header is preferred; Google's own gives a span in another form, which is left out."""
    opened = logs.open_context(*headers)
    told = line()

    assert told["logging.googleapis.com/trace"] == f"projects/demo/traces/{TRACE}"
    assert told.get("logging.googleapis.com/spanId") == span
    assert (told["severity"], told["message"], told["seconds"]) == ("INFO", "something happened", 3)
    assert told["request_id"] == opened.request_id


@pytest.mark.parametrize("odd", ["", "00-1-1-01", f"{PARENT} ", "x" * 10_000, f"{TRACE}\n", "💥"])
def test_a_header_that_is_no_trace_is_left_out(line: Line, odd: str) -> None:
    """Whatever a caller sends, the line is written and holds nothing of it."""
    logs.open_context(odd, odd)

    assert "logging.googleapis.com/trace" not in line()


def test_a_turn_says_what_it_cost_the_store(caplog: pytest.LogCaptureFixture) -> None:
    """One read and two writes, whoever else was served before in the same thread."""
    room = Room()
    caplog.set_level(logging.INFO, "interviewos")
    for turn in (room.start, lambda: room.answer("I build robots.")):
        logs.open_context("", "")
        turn()
        told = vars(caplog.records[-1])
        assert told["message"] == "turn answered"
        assert (told["store_reads"], told["store_writes"]) == (1, 2)


def test_a_turn_says_how_long_each_part_took(caplog: pytest.LogCaptureFixture) -> None:
    """What the model took is told apart from what came before and after it."""
    clock = FakeClock()
    room = Room(FakeInterviewer(during=lambda: clock.advance(2)), clock=clock)
    room.turns = replace(room.turns, alarm=SlowAlarm(clock))
    caplog.set_level(logging.INFO, "interviewos")
    room.start()

    told = vars(caplog.records[-1])
    assert [told[part] for part in ("before_ms", "asked_ms", "after_ms", "answered_ms")] == [0, 2000, 500, 2500]


def test_what_one_request_does_for_many_is_counted_for_each() -> None:
    """A sweep wakes twenty interviews; each line tells of its own."""
    opened = logs.open_context(PARENT, "")
    opened.reads = 5

    def part() -> logs.RequestContext:
        logs.fork_context()
        logs.context().reads += 1
        return logs.context()

    parts = [copy_context().run(part) for _ in range(2)]
    assert [one.reads for one in parts] == [1, 1]
    assert {one.request_id for one in parts} == {opened.request_id}
    assert logs.context().reads == 5
