"""What JSON Schema calls an integer is one here: a number without a fraction, however it is written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from interviewos.web.openapi import document
from support.client import BASE, ApiClient
from support.entry_points import entry_point

SCHEMAS: Mapping[str, Any] = document()["components"]["schemas"]
PLACE = "the number goes here"


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return SCHEMAS[name] if name else schema


def integers(schema: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The places of all integers in the objects that this one is made of."""
    here = resolved(schema)
    if here.get("type") == "integer":
        yield path
    for name, part in here.get("properties", {}).items():
        yield from integers(part, (*path, name))


FIELDS = sorted(set(integers(SCHEMAS["TrustedEvent"])))


@pytest.fixture
def interview(tmp_path: Path) -> Iterator[ApiClient]:
    """An interview that has begun."""
    with entry_point("dev", tmp_path) as client:
        client.create()
        client.start()
        yield client


def answer_with(number: str, field: tuple[str, ...], interview: ApiClient) -> int:
    """Send an answer with this number as it is written here, and give the status."""
    event: dict[str, Any] = {
        "session_id": interview.session_id,
        "event_type": "user_turn",
        "user_text": "I bake bread.",
    }
    event["event_id"] = f"with-{number.encode().hex()}"
    value: Any = PLACE
    if field[0] == "heard":
        value = {"seq": 2, "text": "Hello", field[1]: PLACE}
    if field[0] == "speech":
        value = {"words": 2, "speech_ms": 900, "pauses": 1, "longest_pause_ms": 0, field[1]: PLACE}
    body = json.dumps(event | {field[0]: value}).replace(json.dumps(PLACE), number)
    headers = {"Authorization": f"Bearer {interview.session_token}", "Content-Type": "application/json"}
    return interview.http.post(f"{BASE}/ui/next_turn", content=body, headers=headers).status_code


def test_the_fields_are_found() -> None:
    """A schema that is read wrongly would leave nothing to test."""
    assert ("heard", "seq") in FIELDS


@pytest.mark.parametrize("field", FIELDS, ids="/".join)
def test_an_integer_may_be_written_in_any_way(field: tuple[str, ...], interview: ApiClient) -> None:
    """With a fraction of nothing, or with an exponent, as some languages write every number.

    Two is the greeting, and no `after` of a later answer.
    """
    for answered, number in enumerate(("2", "2.0", "2e0", "2E+0", "20e-1", "0.2e1", "20.00E-1")):
        stale = answered and field == ("after",)
        assert answer_with(number, field, interview) == (409 if stale else 200), number


@pytest.mark.parametrize("field", FIELDS, ids="/".join)
def test_what_is_no_integer_or_out_of_range_is_refused(field: tuple[str, ...], interview: ApiClient) -> None:
    """Nothing is rounded, cut or taken for a number."""
    for number in ("2.5", "-1.0", "1e22", "true", '"2"', "[2]"):
        assert answer_with(number, field, interview) == 422, number


@pytest.mark.parametrize("after", ["1.0", "1e0", "%2B1", "-0", "%D9%A1", "1%20"])
def test_a_number_in_an_address_is_digits(after: str, interview: ApiClient) -> None:
    """There is no JSON in a query: one way to write it."""
    headers = {"Authorization": f"Bearer {interview.session_token}"}

    answered = interview.http.get(f"{BASE}/sessions/{interview.session_id}/messages?after={after}", headers=headers)

    assert answered.status_code == 422
