"""The kinds of interview: which there are, choosing one, and what an interview tells of its own."""

import uuid

import pytest

from support.client import BASE, ApiClient
from support.fakes import CLASSIC

pytestmark = pytest.mark.server


def test_the_plans_are_open_to_anybody(api: ApiClient) -> None:
    """Without a token; whoever has the list already is not sent it again."""
    listed = api.http.get(f"{BASE}/plans")
    again = api.http.get(f"{BASE}/plans", headers={"If-None-Match": listed.headers["ETag"]})

    classic = next(plan for plan in listed.json() if plan["id"] == "classic")
    assert (classic["title"], classic["languages"]) == ("Interview for any work", ["en"])
    assert [(stage["id"], stage["label"]) for stage in classic["stages"]] == [
        ("intro", "Introduction"),
        ("experience", "Experience"),
    ]
    assert classic["minutes"] == sum(stage["minutes"] for stage in classic["stages"])
    assert classic["questions"] == len(CLASSIC.questions)
    assert (again.status_code, again.content) == (304, b"")


def test_an_interview_tells_its_plan_and_what_it_accepts(api: ApiClient) -> None:
    """A page needs the names and the time of the stages, a listener the pauses, before the first turn."""
    api.create(plan="classic")
    read = api.messages()

    assert read["plan"]["id"] == "classic"
    assert [(stage["id"], stage["pauses"]) for stage in read["plan"]["stages"]] == [
        ("intro", "short"),
        ("experience", "long"),
    ]
    assert read["accepts"] == ["after", "event_id", "heard", "parts", "user_text", "wish"]


def test_a_plan_that_is_none_is_refused_and_the_plans_are_named(api: ApiClient) -> None:
    """Nothing is created; the sentence says what can be had."""
    refused = api.create(plan="astrology")

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/plan")
    assert "classic" in refused["detail"]


def test_what_a_later_page_sends_with_an_answer_is_left_out(api: ApiClient) -> None:
    """In the turn, in a part of speech and in what was heard: the answer is taken as it is."""
    api.create()
    api.start(mood="calm")
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    heard = {"seq": 2, "text": "", "by": "a person"}
    parts = [{"id": first, "text": "I herd", "loud": 1}, {"id": second, "text": "quick lemurs.", "loud": 2}]
    turn = api.turn("user_turn", event_id=second, parts=parts, heard=heard, mood={"of": "later"})

    assert turn.status == 200
    assert [m["text"] for m in api.messages()["messages"] if m["role"] == "user"] == ["I herd", "quick lemurs."]
