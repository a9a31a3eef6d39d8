"""How often the token of one interview may ask: real use never comes near it, and a refusal costs the store nothing."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support.client import BASE, ApiClient
from support.entry_points import entry_point
from support.problems import assert_problem
from support.stores import CountedSqlite

FEW = {"CALLS_PER_MINUTE": "4"}


@pytest.fixture
def store() -> CountedSqlite:
    return CountedSqlite(":memory:")


@pytest.fixture
def interview(store: CountedSqlite, tmp_path: Path) -> Iterator[ApiClient]:
    """An interview that has begun; its token may read and answer four times in a minute, `start` among them."""
    with entry_point("dev", tmp_path, FEW, store=store) as client:
        client.create()
        client.start()
        yield client


def ask(interview: ApiClient, method: str, path: str, **more: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {interview.session_token}"}
    return interview.http.request(method, f"{BASE}/{path}", headers=headers, **more)  # type: ignore[arg-type]


def read(interview: ApiClient) -> httpx.Response:
    return ask(interview, "GET", f"sessions/{interview.session_id}/messages")


def answer(interview: ApiClient, words: str) -> httpx.Response:
    event = {"session_id": interview.session_id, "event_type": "user_turn", "event_id": words, "user_text": words}
    return ask(interview, "POST", "ui/next_turn", json=event)


def check_refused(response: httpx.Response, policy: str, quota: int) -> None:
    body = assert_problem(response, 429, "rate-limited")
    assert response.headers["RateLimit-Policy"] == f'"{policy}";q={quota};w=60'
    assert response.headers["RateLimit"].startswith(f'"{policy}";r=0;t=')
    assert 1 <= int(response.headers["Retry-After"]) == body["retry_after_s"] <= 60 / quota


def test_reads_are_counted_and_every_answer_says_how_many_are_left(interview: ApiClient) -> None:
    """Also one that holds nothing new, and one that is refused for another reason."""
    tag = read(interview).headers["ETag"]
    unchanged = interview.messages(etag=tag)
    wrong = ask(interview, "GET", f"sessions/{interview.session_id}/messages?after=x")
    last = read(interview)

    told = [answered.headers["RateLimit"].split(";")[:2] for answered in (unchanged, wrong, last)]
    assert (unchanged.status, wrong.status_code) == (304, 422)
    assert told == [['"read"', f"r={n}"] for n in (2, 1, 0)]
    check_refused(read(interview), "read", 4)
    check_refused(ask(interview, "DELETE", f"sessions/{interview.session_id}"), "read", 4)


def test_turns_are_counted_and_a_refused_answer_was_not_taken(interview: ApiClient) -> None:
    """The page keeps the words and sends them again; a stream tells its limits, too."""
    answers = [answer(interview, f"I bake bread {n}.".replace(" ", "-")) for n in range(4)]

    assert [answered.status_code for answered in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit"].startswith('"turn";r=2;')
    check_refused(answers[3], "turn", 4)
    said = [message["text"] for message in interview.with_door("secret").messages()["messages"]]
    assert "I-bake-bread-2." in said
    assert "I-bake-bread-3." not in said


def test_tokens_for_the_room_are_counted(interview: ApiClient) -> None:
    """Each of them makes LiveKit work, so there are a sixth as many, and one at least."""
    asked = [ask(interview, "POST", "livekit/token", json={"session_id": interview.session_id}) for _ in range(2)]

    assert [answered.status_code for answered in asked] == [503, 429]
    check_refused(asked[-1], "voice", 1)


def test_a_refusal_reads_neither_the_store_nor_the_body(interview: ApiClient, store: CountedSqlite) -> None:
    """Whoever knocks a thousand times costs a thousand looks at a dictionary."""
    for _ in range(4):
        read(interview)
        answer(interview, "again")
    store.statements.clear()

    statuses = {read(interview).status_code for _ in range(50)}
    statuses |= {ask(interview, "POST", "ui/next_turn", content=b"no JSON").status_code for _ in range(50)}

    assert (statuses, store.statements) == ({429}, [])


def test_other_interviews_and_trusted_servers_are_not_held_up(interview: ApiClient) -> None:
    """A worker reads on every change and sends speech in many parts."""
    for _ in range(5):
        read(interview)
    trusted = interview.with_door("secret")
    many = [trusted.messages() for _ in range(30)] + [trusted.answer(f"Part {n}.", f"e{n}") for n in range(10)]

    assert {200} == {answered.status for answered in many}
    assert not [answered for answered in many if "RateLimit" in answered.headers]
    interview.create()
    assert read(interview).status_code == 200


def test_a_whole_interview_stays_far_below_the_limits(tmp_path: Path) -> None:
    """The usual limits: every answer sent three times and looked at by two devices, all in a few seconds."""
    with entry_point("dev", tmp_path) as client:
        client.create()
        client.start()
        statuses = set()
        for number in range(22):
            statuses |= {client.answer(f"I baked {number} loaves.", f"e{number}").status for _ in range(3)}
            statuses |= {client.messages().status for _ in range(2)}
        ended = client.finish().status in (200, 409)

    assert statuses <= {200, 409}  # 409: the interview is over
    assert ended
