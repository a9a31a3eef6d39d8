"""The least that a turn can cost on Firestore: one read, one streamed question to the model, one commit.

No product: nobody is told from anybody else, nothing is sent twice, nothing fails. What it takes is what the framework,
the store's client and the model's client cost, and a multiple of it says how much of a turn is ours.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import functions_framework
from flask import Request, Response
from google import genai
from google.cloud import firestore

STORE = firestore.Client(project="demo-floor")
MODEL = genai.Client()
PERSONA = "You hold a mock interview. Ask one short question at a time."


@functions_framework.http  # type: ignore[untyped-decorator]
def serve(request: Request) -> Response | dict[str, Any]:
    """Answer `/health`, `/create`, `/turn/<id>` and `/look/<id>?after=<turns>`."""
    what, _, session_id = request.path.strip("/").partition("/")
    match what:
        case "create":
            return create()
        case "turn":
            return turn(session_id, request.get_json()["text"])
        case "look":
            return look(session_id, int(request.args["after"]))
        case _:
            return {"status": "ok"}


def create() -> dict[str, Any]:
    session_id = str(uuid.uuid4())
    _document(session_id).create({"turns": []})
    return {"id": session_id}


def look(session_id: str, after: int) -> dict[str, Any]:
    return {"turns": _document(session_id).get().get("turns")[after:]}


def turn(session_id: str, text: str) -> Response:
    document = _document(session_id)
    found = document.get()
    told = [f"Candidate: {each['heard']}\nInterviewer: {each['said']}" for each in found.get("turns")]
    asked = "\n".join([*told, f"Candidate: {text}"])

    def lines() -> Iterator[str]:
        said = ""
        config = {"system_instruction": PERSONA, "max_output_tokens": 280}
        for chunk in MODEL.models.generate_content_stream(model="gemini-3.5-flash", contents=asked, config=config):
            said += chunk.text or ""
            yield json.dumps({"delta": chunk.text}) + "\n"
        added = firestore.ArrayUnion([{"heard": text, "said": said}])
        unchanged = STORE.write_option(last_update_time=found.update_time)
        document.update({"turns": added}, option=unchanged)
        yield json.dumps({"done": True}) + "\n"

    return Response(lines(), mimetype="application/x-ndjson")


def _document(session_id: str) -> Any:
    return STORE.collection("floor").document(session_id)
