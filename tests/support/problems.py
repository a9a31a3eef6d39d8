"""What every refusal has in common, whoever refuses and why."""

import json
import uuid
from typing import Any

import httpx

TRACES = ("Traceback", 'File "', "Error(", ".py")


def assert_problem(response: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """Hold a response to RFC 9457 and to our promises about it, and give its body."""
    assert (status, f"/problems#{slug}") == (response.status_code, problem_of(response)), response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "instance"} <= body.keys()
    assert status == body["status"]
    assert body["instance"] == f"urn:uuid:{uuid.UUID(response.headers['X-Request-Id'])}"
    assert (status == 422) == ("errors" in body)
    assert (status == 401) == ("WWW-Authenticate" in response.headers)
    assert (status == 405) == ("Allow" in response.headers)
    assert ("retry_after_s" in body) == ("Retry-After" in response.headers)
    assert not any(trace in response.text for trace in TRACES)
    return body


def problem_of(response: httpx.Response) -> str:
    """The problem's type, or nothing where the body is none."""
    try:
        return str(json.loads(response.content)["type"])
    except (ValueError, KeyError, TypeError):
        return ""
