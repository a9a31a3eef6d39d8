"""Loaded by Schemathesis: gives good requests what no JSON Schema can say, so that they get past the door.

Only requests that the schema calls valid are touched. Repaired are the rules between fields and between requests: a key
or an id means one content, each part has an id of its own and the last one is the event's, bytes are bounded beside
characters. And turns are taken in interviews that exist, or the fuzzing would end at 404.

Answers are held to the closed description: no member and no problem that it does not name.
"""

import json
import os
import uuid
from typing import Any

import httpx
import schemathesis

from support.contract import closed

BASE = os.environ.get("FUZZED_BASE", "")
SECRET = {"X-INGEST-SECRET": os.environ.get("FUZZED_SECRET", "")}
CANDIDATES_SESSION = os.environ.get("FUZZED_SESSION", "")
MAX_BYTES = 16_000

_http = httpx.Client(trust_env=False, timeout=30)


@schemathesis.hook
def before_load_schema(_context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Close what is open to later versions."""
    raw_schema.update(closed(raw_schema))


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: "schemathesis.Case[Any]", _kwargs: dict[str, Any]) -> None:
    """Repair what is valid by its schema alone."""
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    if case.path.endswith("/create") and isinstance(case.body, dict):
        case.body = json.loads(json.dumps(case.body)) | {"only": []}  # each plan has questions of its own
    if case.path.endswith("/next_turn") and isinstance(case.body, dict):
        case.body = repaired(case.body, case.path)


def repaired(body: dict[str, Any], path: str) -> dict[str, Any]:
    """The same event, in an interview that is there, with ids of its own."""
    body = json.loads(json.dumps(body))
    body["session_id"] = CANDIDATES_SESSION if path.startswith("/ui/") else begun(body["event_type"])
    if body["event_type"] == "user_turn":
        body["event_id"] = str(uuid.uuid4())
        _repair_words(body)
    return body


def _repair_words(body: dict[str, Any]) -> None:
    for number, part in enumerate(body.get("parts", ())):
        part["id"] = f"{body['event_id']}-{number}"
    if body.get("parts"):
        body["event_id"] = body["parts"][-1]["id"]
        if sum(len(part["text"]) for part in body["parts"]) > 4_000:
            body["parts"] = [{**part, "text": "A shorter answer."} for part in body["parts"]]
    if len(json.dumps(body)) > MAX_BYTES:
        body["user_text"] = "A shorter answer."
        body.pop("parts", None)
        body.pop("heard", None)


def begun(event_type: str) -> str:
    """A new interview, at the point where the event fits."""
    made = _http.post(f"{BASE}/sessions/create", json={}, headers=SECRET).raise_for_status().json()["session_id"]
    if event_type != "start":
        start = {"session_id": made, "event_type": "start"}
        _http.post(f"{BASE}/engine/next_turn", json=start, headers=SECRET).raise_for_status()
    return str(made)
