"""Who gets a stream, and who gets JSON: whoever prefers one of them (RFC 9110, section 12.5.1)."""

from collections.abc import Iterator

import pytest

from support.client import BASE, ApiClient
from support.entry_points import entry_point

STREAM, JSON = "text/event-stream; charset=utf-8", "application/json; charset=utf-8"


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """An interview that has begun: `start` again is the same turn again."""
    with entry_point("dev", tmp_path_factory.mktemp("accept")) as client:
        client.create()
        client.start()
        yield client


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/event-stream", STREAM),
        ("TEXT/Event-Stream", STREAM),
        ("text/event-stream; charset=utf-8", STREAM),
        ("text/*", STREAM),
        ("text/event-stream, application/json;q=0.9", STREAM),
        ("application/json;q=0.5, text/event-stream;q=0.6", STREAM),
        ("text/event-stream, */*;q=0.1", STREAM),
        ("application/json;q=0, */*", STREAM),
        ("application/json, text/event-stream;q=0.1", JSON),
        ("application/json, text/event-stream;q=0", JSON),
        ("text/event-stream;q=0", JSON),
        ("text/event-stream;q=0, */*", JSON),
        ("application/json, text/event-stream", JSON),
        ("text/event-stream, application/json, application/problem+json", JSON),
        ("text/event-stream, */*", JSON),
        ("application/json", JSON),
        ("*/*", JSON),
        ("text/html", JSON),
        ("", JSON),
        ("text/event-streams", JSON),
        ("text/event-stream;q=nonsense, ,;", JSON),
    ],
)
def test_a_stream_is_for_who_prefers_it(accept: str, kind: str, interview: ApiClient) -> None:
    """Without a preference it is JSON, which every client reads."""
    event = {"session_id": interview.session_id, "event_type": "start"}
    headers = {"Accept": accept, "Authorization": f"Bearer {interview.session_token}"}

    answered = interview.http.post(f"{BASE}/ui/next_turn", json=event, headers=headers)

    assert (answered.status_code, answered.headers["Content-Type"]) == (200, kind)
