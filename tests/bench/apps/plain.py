"""A plain app of the usual kind: a row a message in SQLite, a `Content` a message, and the reply when it is whole."""

from __future__ import annotations

import os
import sqlite3
import uuid
from typing import Any

import functions_framework
from flask import Request
from google import genai
from google.genai import types

MODEL = genai.Client()
PERSONA = "You hold a mock interview. Ask one short question at a time."
TABLES = """
CREATE TABLE IF NOT EXISTS session (id TEXT PRIMARY KEY, stage TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    number INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL REFERENCES session (id), role TEXT, text TEXT
);
CREATE INDEX IF NOT EXISTS message_session ON message (session);
"""


@functions_framework.http  # type: ignore[untyped-decorator]
def serve(request: Request) -> dict[str, Any]:
    """Answer `/health`, `/create`, `/turn/<id>` and `/look/<id>?after=<messages>`; a connection for each request."""
    what, _, session_id = request.path.strip("/").partition("/")
    store = sqlite3.connect(os.environ["PLAIN_DATABASE"], timeout=30)
    try:
        match what:
            case "create":
                return create(store)
            case "turn":
                return turn(store, session_id, request.get_json()["text"])
            case "look":
                return {"messages": _messages(store, session_id)[int(request.args["after"]) :]}
            case _:
                store.executescript(TABLES)
                return {"status": "ok"}
    finally:
        store.close()


def create(store: sqlite3.Connection) -> dict[str, Any]:
    session_id = str(uuid.uuid4())
    with store:
        store.execute("INSERT INTO session VALUES (?, 'intro')", (session_id,))
    return {"id": session_id}


def turn(store: sqlite3.Connection, session_id: str, text: str) -> dict[str, Any]:
    _add(store, session_id, "user", text)
    told = [types.Content(role=role, parts=[types.Part(text=said)]) for role, said in _messages(store, session_id)]
    config = types.GenerateContentConfig(system_instruction=PERSONA, max_output_tokens=280)
    reply = MODEL.models.generate_content_stream(model="gemini-3.5-flash", contents=told, config=config)
    said = "".join(chunk.text or "" for chunk in reply)
    _add(store, session_id, "model", said)
    return {"text": said}


def _add(store: sqlite3.Connection, session_id: str, role: str, text: str) -> None:
    with store:
        store.execute("INSERT INTO message (session, role, text) VALUES (?, ?, ?)", (session_id, role, text))


def _messages(store: sqlite3.Connection, session_id: str) -> list[tuple[str, str]]:
    return store.execute("SELECT role, text FROM message WHERE session = ? ORDER BY number", (session_id,)).fetchall()
