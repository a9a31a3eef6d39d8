"""Readers of server-sent events that others wrote hear whole interviews."""

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx_sse
import pytest

from clients.tools import HERE, NODE_MODULES, run, why_not
from support.client import BASE
from support.emulators import require
from support.local_server import Exchange, LocalServer
from support.server import DevServer

ACK, DELTA, TURN = "ack", "delta", "turn"

pytestmark = pytest.mark.server


def heard_to_the_end(early: str | int) -> dict[str, Any]:
    """Three turns, each with all its events; the last one ends the interview."""
    turns = [{"kinds": [ACK, DELTA, TURN], "whole": True, "done": done} for done in (False, False, True)]
    return {"early": early, "heard": turns}


def listen(program: str, where: Path, server: DevServer, *arguments: str, base: str = "") -> dict[str, Any]:
    """Run one of the readers in JavaScript."""
    require(why_not(["node"], [NODE_MODULES / "eventsource", NODE_MODULES / "eventsource-parser"]))
    for file in (HERE / "streams").iterdir():
        (where / file.name).write_bytes(file.read_bytes())
    (where / "node_modules").symlink_to(NODE_MODULES)
    settings = {"BASE": (base or server.url) + BASE, "INGEST_SECRET": server.secret}
    told: dict[str, Any] = json.loads(run(("node", f"{program}.mjs", *arguments), where, settings))
    return told


def test_eventsource_parser_hears_a_whole_interview(server: DevServer, tmp_path: Path) -> None:
    """A refusal before a stream is an ordinary problem."""
    assert listen("eventsource_parser", tmp_path, server) == heard_to_the_end("/problems#wrong-state")


def test_eventsource_hears_a_whole_interview(server: DevServer, tmp_path: Path) -> None:
    """Closed at each `turn`; a refusal closes it by itself."""
    assert listen("eventsource", tmp_path, server) == heard_to_the_end(409)


def test_an_eventsource_that_nobody_closes_stays_away(server: DevServer, tmp_path: Path) -> None:
    """It connects again whenever a stream ends, after three seconds unless it is told otherwise."""
    assert listen("eventsource", tmp_path, server, "leave-open") == {"requests": 1}


def test_eventsource_gets_the_turn_that_a_lost_connection_cut_off(server: DevServer, tmp_path: Path) -> None:
    """It sends the same event again by itself, and a repeat gets the same turn."""
    with CutsFirstStreams(server) as network:
        told = listen("eventsource", tmp_path, server, base=network.url)

    assert network.cut == 3
    assert told == heard_to_the_end(409)


class CutsFirstStreams(LocalServer):
    """Passes each call on; the stream of an event that comes for the first time breaks off after its first words."""

    def __init__(self, server: DevServer) -> None:
        self._port = server.port
        self._seen: set[bytes] = set()
        super().__init__(self._pass_on)

    @property
    def cut(self) -> int:
        """How many streams broke off."""
        return len(self._seen)

    def _pass_on(self, exchange: Exchange) -> None:
        onward = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {name: value for name, value in exchange.headers.items() if name not in ("host", "connection")}
        onward.request(exchange.method, exchange.path, exchange.body, headers)
        answer = onward.getresponse()
        body, kind = answer.read(), answer.getheader("Content-Type", "")
        onward.close()
        if not kind.startswith("text/event-stream") or exchange.body in self._seen:
            exchange.send(answer.status, body, {"Content-Type": kind})
            return
        self._seen.add(exchange.body)
        exchange.begin(answer.status, {"Content-Type": kind})
        exchange.chunk(body[: body.index(b"event: delta") + 20])
        exchange.drop()


@pytest.fixture
def trusted(server: DevServer) -> Iterator[httpx.Client]:
    """An integrator in Python."""
    headers = {"X-INGEST-SECRET": server.secret}
    with httpx.Client(base_url=server.url + BASE, headers=headers, trust_env=False, timeout=35) as client:
        yield client


def test_httpx_sse_hears_a_whole_interview(trusted: httpx.Client) -> None:
    """Each event's data is JSON, and the pieces of a turn make its text."""
    session_id = trusted.post("/sessions/create", json={}).json()["session_id"]
    answer = {"event_type": "user_turn", "event_id": "e1", "user_text": "I bake bread."}
    heard = []
    for event in ({"event_type": "start"}, answer, {"event_type": "finish"}):
        body = {"session_id": session_id, **event}
        with httpx_sse.connect_sse(trusted, "POST", "/engine/next_turn", json=body) as source:
            heard.append([(sse.event, json.loads(sse.data)) for sse in source.iter_sse()])

    pieces = [dict[int, str]() for _ in heard]
    for number, events in enumerate(heard):
        for kind, data in events:
            if kind == DELTA:
                pieces[number][data["seq"]] = pieces[number].get(data["seq"], "") + data["text"]
    ends = [events[-1][1] for events in heard]
    assert all((events[0][0], events[-1][0]) == (ACK, TURN) for events in heard)
    assert ["\n\n".join(texts.values()) for texts in pieces] == [end["assistant_text"] for end in ends]
    assert [end["done"] for end in ends] == [False, False, True]
