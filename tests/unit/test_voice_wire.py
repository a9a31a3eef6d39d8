"""The worker's half of the wire contract is in the words of the description that the functions serve."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from support import virtual_time
from voice.wire import (
    EVENTS,
    Ack,
    Delta,
    Event,
    Heard,
    Message,
    Part,
    Problem,
    Speech,
    Turn,
    decode_event,
    decode_problem,
    decode_snapshot,
)

[DESCRIPTION] = (Path(__file__).resolve().parents[2] / "functions").rglob("openapi.yaml")
SCHEMAS: dict[str, Any] = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))["components"]["schemas"]
MESSAGE = {"seq": 4, "role": "agent", "text": "Why?", "event_ids": ["a"]}
STATE = {"status": "running", "stage": "intro", "seq": 4, "moves_on_at": None, "moves_on_in_s": None}


class Read(dict[str, Any]):
    """An object of JSON that remembers which of its members were read."""

    def __init__(self, members: dict[str, Any]) -> None:
        super().__init__(members)
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)


def members(schema: str) -> set[str]:
    return set(SCHEMAS[schema]["properties"])


def test_events_have_the_names_of_the_wire() -> None:
    """Those of a stream, each read into what is called like it."""
    described = set(SCHEMAS["TurnEvents"]["items"]["discriminator"]["mapping"])

    assert described == EVENTS
    assert described == {kind.__name__.lower() for kind in (Ack, Delta, Turn, Problem)}


READINGS: dict[str, tuple[Callable[[Any], object], dict[str, Any]]] = {
    "Interview": (
        decode_snapshot,
        {**STATE, "messages": [], "pending": [], "thinking": False, "accepts": [], "plan": {"stages": []}},
    ),
    "Turn": (lambda data: decode_event("turn", data), {**STATE, "messages": [], "moved": True}),
    "Delta": (lambda data: decode_event("delta", data), {"seq": 4, "text": "Why?"}),
    "Problem": (lambda data: decode_event("problem", data), {"type": "/problems#internal", "status": 500}),
}


@pytest.mark.parametrize("schema", READINGS)
def test_only_fields_that_are_described_are_read(schema: str) -> None:
    """A field that changes its name there is missed here, and not in an interview."""
    decode, body = READINGS[schema]
    read = Read(body)

    async def decoded() -> object:
        return decode(read)

    virtual_time.run(decoded())
    # A turn and an interview have their common fields from one reading, which asks a turn for some that it lacks.
    others = members("Interview") if schema == "Turn" else set()
    assert read.names & set(body) == set(body)
    assert read.names <= members(schema) | others


def test_a_message_is_read_by_fields_that_are_described() -> None:
    """Its members are those of the class."""
    read = Read(MESSAGE)

    async def decoded() -> Message:
        return decode_snapshot({**STATE, "messages": [read]}).messages[0]

    assert virtual_time.run(decoded()) == Message(4, "agent", "Why?", frozenset({"a"}))
    assert read.names == set(Message.__slots__) <= members("Message")


def test_a_stage_is_read_by_fields_that_are_described() -> None:
    """How soon silence ends an answer in it; what a plan holds besides, or is instead, is no obstacle."""
    read = Read({"id": "intro", "pauses": "short", "mood": ["calm"]})

    async def decoded(plan: Any) -> Mapping[str, str]:
        return decode_snapshot({**STATE, "plan": plan}).pauses

    assert virtual_time.run(decoded({"stages": [read, {"id": "case"}, None]}))["intro"] == "short"
    assert read.names == {"id", "pauses"} <= members("InterviewStage")
    assert [virtual_time.run(decoded(plan)) for plan in (None, [], {}, {"stages": "two"})] == [{}] * 4


@pytest.mark.parametrize(("told", "factor"), [(2, 2.0), (1.5, 1.5), (0.5, 1.0), ("2", 1.0), (None, 1.0)])
def test_the_time_that_a_candidate_was_promised_is_read_from_the_plan(told: object, factor: float) -> None:
    """Functions of an earlier release promise nothing."""

    async def decoded() -> float:
        return decode_snapshot({**STATE, "plan": {"time_factor": told}}).time_factor

    assert virtual_time.run(decoded()) == factor
    assert "time_factor" in members("InterviewPlan")


def test_a_problem_is_read_by_its_type() -> None:
    """A slug of ours, or the status where a proxy answered."""
    assert decode_problem(409, {"type": "/problems#wrong-state"}) == Problem("wrong-state", 409)
    assert [decode_problem(404, body) for body in (None, [], {})] == [Problem("status-404", 404)] * 3


def test_only_fields_that_are_described_are_sent() -> None:
    """The functions refuse a body with any other."""
    parts = (Part("a", "I build"), Part("b", "robots."))
    event = Event("user_turn", "b", parts, Heard(4, "Why"), 4, Speech(3, 900, 1, 1_200))
    body = event.body("3f6f0c1e-8f3a-4f5e-9f63-0d4c3c6f7a11")

    assert set(body) <= members("TrustedEvent")
    assert all(set(part) == members("SpokenPart") for part in body["parts"])
    assert set(body["heard"]) == members("Heard")
    assert set(body["speech"]) == members("Speech")
    assert {"start", "user_turn", "timeout"} <= set(SCHEMAS["TrustedEvent"]["properties"]["event_type"]["enum"])
