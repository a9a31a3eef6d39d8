"""What a page may ask before there is an interview."""

import uuid

from support.client import ApiClient


def test_the_health_of_turns_says_what_an_interview_is_like(api: ApiClient) -> None:
    """Who asks, for how long, by which means, and what is kept for how many days."""
    for door in ("ui", "engine"):
        health = api.request("GET", f"{door}/next_turn/health")
        assert health.body == {
            "status": "ok",
            "interviewer": "script",
            "voice": False,
            "stage_minutes": {"intro": 3.0, "experience": 15.0},
            "retention_days": 30,
        }


def test_reading_can_be_woken_without_an_interview(api: ApiClient) -> None:
    """The function behind messages answers its health with and without a session's id."""
    for path in ("sessions/messages/health", f"sessions/{uuid.uuid4()}/messages/health"):
        assert api.request("GET", path).body == {"status": "ok"}


def test_a_path_that_the_framework_does_not_match_gets_our_answer(api: ApiClient) -> None:
    """A line break in a path is an address like any other that is not there."""
    for path in ("/api/interview/sessions/a%0Ab/messages", "/api/interview/%0A"):
        refused = api.http.get(path)
        assert refused.status_code == 404
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.headers["Cache-Control"] == "no-store"


def test_an_interview_says_until_when_it_is_kept(api: ApiClient) -> None:
    """Whoever opens an interview by a link learns the same day that its maker was told."""
    made = api.create()

    assert made["expires_at"] == api.messages()["expires_at"]
