"""The two doors of the clock, for Google's services alone: rows 73 to 75 of the bad inputs.

The product trusts Google's keys and no others, so the app runs in this process with an issuer of the test's own.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

from interviewos.domain.errors import Unauthenticated
from interviewos.domain.interview import EventType
from interviewos.settings import TasksSettings
from interviewos.web.auth import GoogleCallers
from support import oidc
from support.client import BASE, ApiClient
from support.entry_points import SECRET, entry_point
from support.fakes import Room
from support.problems import assert_problem
from support.stores import DownStore

AUDIENCE = "https://stage-timeout.example.test"
TASKS = {
    "GOOGLE_CLOUD_PROJECT": "demo-clock",
    "TASKS_LOCATION": "europe-west1",
    "TASKS_QUEUE": "stage-timeouts",
    "TASKS_TARGET_URL": AUDIENCE,
    "TASKS_INVOKER": oidc.INVOKER,
}
CANARY = "canary-words-of-a-stranger"
Door = Literal["stage_timeout", "sweep"]


@pytest.fixture
def room() -> Room:
    """An interview that has begun, on a store in memory with a clock that stands still."""
    begun = Room()
    begun.start()
    return begun


@pytest.fixture(scope="module")
def issuer() -> Iterator[oidc.JwksServer]:
    """Who publishes the keys."""
    with oidc.JwksServer() as server:
        yield server


@pytest.fixture(params=["stage_timeout", "sweep"])
def door(request: pytest.FixtureRequest) -> str:
    """Each of the two entry points."""
    return str(request.param)


@pytest.fixture
def clock(door: Door, room: Room, issuer: oidc.JwksServer, tmp_path: Path) -> Iterator[ApiClient]:
    """One entry point of the clock, with that interview behind it."""
    callers = oidc.google_callers(issuer, TASKS)
    with entry_point(door, tmp_path, TASKS, google_callers=callers, turns=room.turns) as client:
        yield client


only_stage_timeout = pytest.mark.parametrize("door", ["stage_timeout"], indirect=True)
only_sweep = pytest.mark.parametrize("door", ["sweep"], indirect=True)


def call(client: ApiClient, door: str, token: str | None = None, **options: Any) -> httpx.Response:
    """Call as Google does, with a good token if none is given."""
    authorization = {"Authorization": f"Bearer {token or oidc.token(audience=AUDIENCE)}"}
    given = {"json": {}, **options}
    return client.http.post(f"{BASE}/tasks/{door}", headers=authorization, **given)


def wake(client: ApiClient, session_id: str) -> httpx.Response:
    return call(client, "stage_timeout", json={"session_id": session_id})


FORGED = {
    "not-a-token": "aaa.bbb.ccc",
    "no-signature": oidc.token(audience=AUDIENCE, alg="none"),
    "signed-with-the-public-key": oidc.token(audience=AUDIENCE, alg="HS256"),
    "signed-by-somebody-else": oidc.token(audience=AUDIENCE, key=oidc.other_key()),
    "of-an-unknown-key": oidc.token(audience=AUDIENCE, kid="other"),
    "of-another-issuer": oidc.token(audience=AUDIENCE, issuer="https://evil.example.test"),
    "for-another-audience": oidc.token(audience="https://other.example.test"),
    "for-the-audience-and-a-slash": oidc.token(audience=f"{AUDIENCE}/"),
    "of-another-account": oidc.token(audience=AUDIENCE, email="other@demo-iv.iam.gserviceaccount.com"),
    "of-no-account": oidc.token(audience=AUDIENCE, email=None),
    "of-an-unverified-account": oidc.token(audience=AUDIENCE, verified=False),
    "expired": oidc.token(audience=AUDIENCE, expires_in=-60),
    "not-valid-yet": oidc.token(audience=AUDIENCE, nbf=4_000_000_000),
    "without-an-expiry": oidc.token(audience=AUDIENCE, exp=None),
}


@pytest.mark.parametrize("forged", FORGED)
def test_row_73_only_the_invoker_of_this_service_gets_in(forged: str, door: str, clock: ApiClient, room: Room) -> None:
    """Anybody else is refused in one and the same way, and nothing is done for them."""
    room.clock.advance(3_600)

    response = call(clock, door, FORGED[forged], json={"session_id": room.session_id})

    assert_problem(response, 401, "unauthenticated")
    assert room.spoken == ["Question 1?"]


@pytest.mark.parametrize(
    "headers",
    [{}, {"X-INGEST-SECRET": SECRET}, {"X-CloudTasks-QueueName": "stage-timeouts", "X-CloudScheduler": "true"}],
    ids=["nothing", "the-ingest-secret", "headers-that-google-sets"],
)
def test_row_73_nothing_but_a_token_opens(headers: dict[str, str], door: str, clock: ApiClient) -> None:
    """What anybody can write, and a secret for other doors, count for nothing here."""
    response = clock.http.post(f"{BASE}/tasks/{door}", json={}, headers=headers)

    assert_problem(response, 401, "unauthenticated")


def test_each_door_has_an_invoker_of_its_own(door: str, issuer: oidc.JwksServer, room: Room, tmp_path: Path) -> None:
    """Cloud Tasks may not sweep, nor the scheduler wake one interview, though their tokens name the same audience."""
    theirs = {"stage_timeout": oidc.INVOKER, "sweep": "scheduler@demo-iv.iam.gserviceaccount.com"}
    env = TASKS | {"SWEEP_INVOKER": theirs["sweep"]}
    callers = oidc.google_callers(issuer, env)
    with entry_point(door, tmp_path, env, google_callers=callers, turns=room.turns) as client:
        answered = {
            name: call(client, door, oidc.token(audience=AUDIENCE, email=email), json={"session_id": room.session_id})
            for name, email in theirs.items()
        }

    assert answered.pop(door).status_code == 200
    (other,) = answered.values()
    assert_problem(other, 401, "unauthenticated")


def test_without_cloud_tasks_nobody_gets_in(door: str, tmp_path: Path) -> None:
    """Where no invoker is set, no token can be the right one."""
    with entry_point(door, tmp_path) as client:
        assert_problem(call(client, door), 401, "unauthenticated")


def test_a_token_for_nobody_opens_nothing_where_nothing_is_set() -> None:
    """Google would sign one for an empty audience; where no queue is set its key is not even looked up."""
    asked: list[str] = []
    callers = GoogleCallers(TasksSettings(), lambda token: asked.append(token) or oidc.signing_key().public_key())

    with pytest.raises(Unauthenticated):
        callers.check(f"Bearer {oidc.token(audience='', email='')}", "")
    assert asked == []


@only_stage_timeout
def test_row_74_early_due_doubled_and_late_deliveries_are_all_answered_200(clock: ApiClient, room: Room) -> None:
    """Only the delivery that finds something due moves the interview."""
    early = wake(clock, room.session_id)
    room.clock.advance(211)
    due, doubled = wake(clock, room.session_id), wake(clock, room.session_id)

    assert [(200, {"moved": moved}) for moved in (False, True, False)] == [
        (answered.status_code, answered.json()) for answered in (early, due, doubled)
    ]
    assert room.interview.stage == "experience"


@only_stage_timeout
@pytest.mark.parametrize("gone", ["unknown", "deleted", "over"])
def test_row_74_a_task_that_outlived_its_interview_changes_nothing(gone: str, clock: ApiClient, room: Room) -> None:
    """It is answered 200, or it would come again."""
    session_id = room.session_id
    match gone:
        case "unknown":
            session_id = "11111111-2222-4333-8444-555555555555"
        case "deleted":
            room.store.delete(session_id)
        case _:
            room.finish()

    answered = wake(clock, session_id)

    assert (answered.status_code, answered.json()) == (200, {"moved": False})


@only_stage_timeout
@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"json": [CANARY]}, id="list"),
        pytest.param({"json": {"session_id": CANARY}}, id="no-session-id"),
        pytest.param({"json": {"session": CANARY}}, id="another-field"),
        pytest.param({"json": None, "content": CANARY.encode()}, id="not-json"),
        pytest.param({"json": None, "content": b""}, id="empty"),
        pytest.param({"json": {"session_id": CANARY * 1_000}}, id="too-large"),
    ],
)
def test_row_75_a_body_that_is_not_ours_is_logged_and_done_with(
    options: dict[str, Any], clock: ApiClient, room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal would be delivered again and again; an operator reads about it, without its content."""
    room.clock.advance(3_600)

    answered = call(clock, "stage_timeout", **options)

    assert (answered.status_code, answered.json()) == (200, {"moved": False})
    assert [(line.levelname, line.message) for line in caplog.records] == [("ERROR", "callback not understood")]
    assert CANARY not in json.dumps([vars(line) for line in caplog.records], default=str)
    assert room.spoken == ["Question 1?"]


@only_stage_timeout
def test_a_task_that_meets_a_running_turn_comes_again(clock: ApiClient, room: Room) -> None:
    """409 makes Cloud Tasks try again, when the turn will be over."""
    next(room.steps(EventType.USER_TURN, "a1", [("a1", "I bake bread.")]))

    assert_problem(wake(clock, room.session_id), 409, "turn-in-progress")


def test_a_store_that_is_down_makes_google_try_again(
    door: str, room: Room, issuer: oidc.JwksServer, tmp_path: Path
) -> None:
    """503 and nothing else says so."""
    turns, callers = replace(room.turns, store=DownStore()), oidc.google_callers(issuer, TASKS)

    with entry_point(door, tmp_path, TASKS, google_callers=callers, turns=turns) as clock:
        assert_problem(call(clock, door, json={"session_id": room.session_id}), 503, "store-unavailable")


def test_keys_that_cannot_be_fetched_let_nobody_in(door: str, clock: ApiClient, issuer: oidc.JwksServer) -> None:
    """An outage at the issuer is no reason to trust anybody; Cloud Tasks tries again."""
    issuer.failing = True
    try:
        assert_problem(call(clock, door), 401, "unauthenticated")
    finally:
        issuer.failing = False

    assert call(clock, door, json={"session_id": "11111111-2222-4333-8444-555555555555"}).status_code == 200


def test_keys_are_fetched_once(door: str, clock: ApiClient, issuer: oidc.JwksServer) -> None:
    """A delivery costs no request to Google."""
    before = issuer.fetched
    for _ in range(5):
        assert call(clock, door, json={"session_id": "11111111-2222-4333-8444-555555555555"}).status_code == 200

    assert before + 1 == issuer.fetched


@only_sweep
def test_sweep_says_what_moved_and_what_is_left(clock: ApiClient, room: Room) -> None:
    """It wakes what is overdue, whatever its body says; the next run finds nothing."""
    room.clock.advance(211)

    swept = [call(clock, "sweep", json=None, content=b"not json") for _ in range(2)]

    assert [answered.json() for answered in swept] == [
        {"moved": 1, "handed_over": 0, "left": 0},
        {"moved": 0, "handed_over": 0, "left": 0},
    ]
    assert timedelta() < room.interview.moves_on_at - room.clock.now()  # type: ignore[operator]
