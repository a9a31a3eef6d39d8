"""Clients that others' tools make of our description hold a whole interview and read its problems, typed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clients.generators import QUICK, SLOW, Generator
from clients.later_release import LaterRelease
from clients.tools import run
from support.client import BASE, ApiClient
from support.emulators import require
from support.server import DevServer

WRITTEN = "I bake bread."
SPOKEN = [{"id": "e2", "text": "I bake cakes"}, {"id": "e3", "text": "for weddings."}]

pytestmark = pytest.mark.server


def hold_by_hand(caller: ApiClient) -> dict[str, Any]:
    """The interview that every program holds, by our own client, and what is to be told of it."""

    def refused(answer: Any) -> str:
        return " ".join([answer["type"], *(error["pointer"] for error in answer.body.get("errors", ()))])

    caller.create(candidate_name="Ada", role="Baker")
    refusals = [refused(caller.answer(WRITTEN, "e1"))]
    greeting = caller.start()
    refusals.append(refused(caller.answer(" ", "e1")))
    reply = caller.answer(WRITTEN, "e1")
    heard = {"seq": reply["seq"], "text": reply["assistant_text"][:5]}
    speech = {"words": 5, "speech_ms": 1_500, "pauses": 1, "longest_pause_ms": 1_000}
    caller.turn("user_turn", event_id="e3", parts=SPOKEN, heard=heard, speech=speech)
    end = caller.finish()
    read = caller.messages()
    caller.delete()
    refusals.append(refused(caller.messages()))
    return {
        "done": end["done"],
        "clocks": [greeting["moves_on_at"] is not None, read["moves_on_at"] is not None],
        "sources": [message["source"] for message in read["messages"]],
        "words": [message["text"] for message in read["messages"] if message["role"] == "user"],
        "refusals": refusals,
    }


@pytest.fixture
def later(server: DevServer) -> Iterator[LaterRelease]:
    """The clients are of today and the service of tomorrow, so that a new member breaks nobody's."""
    with LaterRelease(server) as release:
        yield release


def hold(generator: Generator, where: Path, server: DevServer, later: LaterRelease) -> dict[str, Any]:
    """Make the client of the description that the server serves, and let it hold its interview."""
    generator.prepare(where)
    document = where / "openapi.json"
    with ApiClient(server.url) as caller:
        document.write_text(json.dumps(caller.request("GET", "openapi.json").body))
    settings = {"BASE": later.url + BASE, "INGEST_SECRET": server.secret}
    for command in generator.commands:
        printed = run([document if part == "{document}" else part for part in command], where, settings)
    told: dict[str, Any] = json.loads(printed)
    return told


@pytest.mark.parametrize(
    "generator",
    [*QUICK, *(pytest.param(slow, marks=pytest.mark.long) for slow in SLOW)],
    ids=lambda generator: f"{generator.name}-{generator.language}",
)
def test_a_generated_client_holds_a_whole_interview(
    generator: Generator, tmp_path: Path, server: DevServer, later: LaterRelease, api: ApiClient
) -> None:
    """Create, start, answers written and spoken, finish, read, delete; three refusals on the way, each of its type."""
    require(generator.why_not())

    told = hold(generator, tmp_path, server, later)

    assert told == hold_by_hand(api)
    assert {None, "script"} == set(told["sources"])
    assert told["refusals"] == [
        "/problems#wrong-state",
        "/problems#empty-text /user_text",
        "/problems#unknown-session",
    ]
