"""An interview is the same one however its id is written, and another one however alike its id is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.client import ApiClient
from support.problems import assert_problem
from support.server import DevServer

KEY = "application-4711"


@pytest.fixture
def trusted(server: DevServer) -> Iterator[ApiClient]:
    """A server of an integrator, with an interview that was greeted."""
    with ApiClient(server.url, secret=server.secret, door="secret") as client:
        assert client.create().status == 201
        assert client.start().status == 200
        yield client


# ids in capitals


@pytest.mark.parametrize("door", ["session", "secret"])
def test_an_id_in_capitals_is_the_same_interview_everywhere(trusted: ApiClient, door: str) -> None:
    """Read, answered, spoken and forgotten: RFC 9562 takes either case."""
    caller = trusted.with_door(door)  # type: ignore[arg-type]
    plain, caller.session_id = caller.session_id, caller.session_id.upper()

    assert caller.messages()["session_id"] == plain
    assert caller.answer("I bake bread.").status == 200
    assert caller.voice_token().body["type"] == "/problems#voice-not-configured"
    assert caller.delete().status == 204
    caller.session_id = plain
    assert caller.messages().status == 404


@pytest.mark.parametrize("odd", ["x" * 36, "0" * 36, "40b13620-15d7-4dd2-ad27-de116279cd3g", "-" * 36])
def test_what_is_no_id_is_not_said_to_be_forgotten(trusted: ApiClient, odd: str) -> None:
    """204 means that the store was asked."""
    response = trusted.http.delete(f"/api/interview/sessions/{odd}", headers={"X-INGEST-SECRET": str(trusted.secret)})

    assert_problem(response, 404, "unknown-session")


# one id, two interviews


def test_a_token_does_not_open_what_was_created_later_under_the_same_id(trusted: ApiClient) -> None:
    """Create, delete, create again with one key: the old candidate's token opens nothing of the new interview."""
    trusted.create(idempotency_key=KEY)
    old = trusted.with_door("session")
    trusted.delete()
    trusted.create(idempotency_key=KEY)
    new = trusted.with_door("session")
    assert old.session_id == new.session_id
    assert old.session_token != new.session_token

    assert new.start().status == 200
    refused = [old.messages(), old.start(), old.answer("I am somebody else."), old.finish(), old.delete()]
    assert {(each.status, each.body["type"]) for each in refused} == {(404, "/problems#unknown-session")}
    assert old.voice_token().status in (404, 503)
    assert [m["role"] for m in new.messages()["messages"]] == ["system", "agent"]


def test_a_repeat_of_create_gives_a_token_that_opens_it(trusted: ApiClient) -> None:
    """It is the same interview, and both tokens are good."""
    trusted.create(idempotency_key=KEY + "-2")
    first = trusted.with_door("session")
    assert first.start().status == 200
    trusted.create(idempotency_key=KEY + "-2")

    assert first.messages().status == trusted.with_door("session").messages().status == 200


# two devices


def test_an_answer_to_a_line_that_is_not_the_last_any_more_is_not_taken(api: ApiClient) -> None:
    """It says what came since, so that a page can show it without another request; the words stay with their sender."""
    api.create()
    greeting = api.start()["seq"]
    other = api.answer("I bake bread.", after=greeting)
    late = api.answer("I bake rolls.", "late", after=greeting)

    assert (late.status, late.body["type"]) == (409, "/problems#answered-elsewhere")
    assert late["turn"]["messages"] == other["messages"]
    assert (late["turn"]["stage"], late["turn"]["done"]) == (other["stage"], False)
    assert "I bake rolls." not in [m["text"] for m in api.messages()["messages"]]
    assert api.messages()["pending"] == []
    assert api.answer("I bake rolls.", "again", after=other["seq"]).status == 200


def test_a_stream_is_refused_before_it_begins(api: ApiClient) -> None:
    """With the same problem and its status."""
    api.create()
    greeting = api.start()["seq"]
    other = api.answer("I bake bread.")
    refused = api.turn("user_turn", stream=True, event_id="late", user_text="I bake rolls.", after=greeting)

    assert refused.status == 409
    assert refused["turn"]["messages"] == other["messages"]


def test_a_repeat_gets_its_turn_whatever_it_was_an_answer_to(api: ApiClient) -> None:
    """What was answered comes before what is stale."""
    api.create()
    greeting = api.start()["seq"]
    first = api.answer("I bake bread.", "e1", after=greeting)
    api.answer("I bake rolls.")
    again = api.answer("I bake bread.", "e1", after=greeting)

    assert again.status == 200
    assert again["assistant_text"] == first["assistant_text"]


def test_speech_may_go_on_over_a_new_line(api: ApiClient) -> None:
    """The words belong to the line that was heard, and what nobody heard is asked again."""
    api.create()
    greeting = api.start()["seq"]
    unheard = api.answer("I bake bread in a village.", "a")["messages"][-1]
    parts = [{"id": "b", "text": "And rolls for the school."}]
    again = api.turn("user_turn", event_id="b", parts=parts, after=greeting)

    assert (again.status, again["messages"][-1]["question"]) == (200, unheard["question"])
    assert again["messages"][-1]["text"] == unheard["text"]


@pytest.mark.parametrize("after", [-1, 100_001, "2", None, True, 1.5])
def test_what_is_no_number_of_a_line_is_refused(api: ApiClient, after: object) -> None:
    """With a pointer to the field."""
    api.create()
    api.start()
    refused = api.answer("I bake bread.", after=after)

    assert (refused.status, refused["errors"][0]["pointer"]) == (422, "/after")
