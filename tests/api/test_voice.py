"""Voice through the functions' own doors: who gets a token, what it opens, and what happens while LiveKit is down."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from livekit import api as livekit_api

from support.client import BASE, ApiClient
from support.entry_points import SECRETS, entry_point
from support.livekit import LiveKitServer
from support.participant import Participant, agent, guest
from support.problems import assert_problem
from support.process import free_port, wait_until
from support.server import DevServer

API_SECRET = "b7Kq2ZtVx9WnR4mYc8LsJd5PfHg3TaEu"
NAME = "Ada Lovelace of Canary Wharf"
SHORT = {"INTRO_TIMEOUT_S": "0.1", "STAGE_GRACE_S": "0.1"}


def nowhere() -> dict[str, str]:
    """Voice that is set up, at an address where nobody listens."""
    return {
        "LIVEKIT_URL": f"ws://127.0.0.1:{free_port()}",
        "LIVEKIT_API_KEY": "devkey",
        "LIVEKIT_API_SECRET": API_SECRET,
    }


@pytest.fixture
def spoken(livekit: LiveKitServer, tmp_path: Path) -> Iterator[ApiClient]:
    """A started interview in a service with voice."""
    with entry_point("dev", tmp_path, livekit.env()) as client:
        client.create(candidate_name=NAME)
        client.start()
        yield client


@pytest.fixture
def silent(tmp_path: Path) -> Iterator[ApiClient]:
    """A started interview in a service whose LiveKit is down."""
    with entry_point("dev", tmp_path, nowhere()) as client:
        client.create(candidate_name=NAME)
        client.start()
        yield client


@pytest.mark.livekit
@pytest.mark.parametrize("door", ["session", "secret"])
def test_a_candidate_gets_into_the_room_of_the_own_interview(
    door: str, spoken: ApiClient, livekit: LiveKitServer
) -> None:
    """The answer is all that a client needs to connect, by the door of the page and by that of a trusted server."""
    asked = spoken.with_door(door).voice_token()  # type: ignore[arg-type]

    room_name = f"iv-{spoken.session_id}"
    assert (200, livekit.url, room_name) == (asked.status, asked["url"], asked["room_name"])
    assert asked.body.keys() == {"url", "token", "room_name", "session_id"}
    with Participant(asked["url"], asked["token"]) as candidate:
        joined = candidate.wait_for("joined")
    assert (joined["room"], joined["identity"]) == (room_name, f"cand-{spoken.session_id}")


@pytest.mark.livekit
def test_a_token_for_voice_holds_no_secret_of_ours(spoken: ApiClient, livekit: LiveKitServer) -> None:
    """It is signed with LiveKit's secret and says who may speak where; it opens none of our doors."""
    asked = spoken.voice_token()

    claims = livekit_api.TokenVerifier(livekit.api_key, livekit.api_secret).verify(asked["token"])
    told = str(claims)
    assert claims.name == NAME
    assert not [one for one in (*SECRETS.values(), livekit.api_secret, spoken.session_token) if one in told]
    headers = {"Authorization": f"Bearer {asked['token']}"}
    read = spoken.http.get(f"{BASE}/sessions/{spoken.session_id}/messages", headers=headers)
    assert_problem(read, 401, "unauthenticated")


@pytest.mark.livekit
def test_after_the_end_nobody_is_admitted(spoken: ApiClient) -> None:
    """The feedback has been given: there is nothing left to say."""
    spoken.finish()

    refused = spoken.http.post(
        f"{BASE}/livekit/token",
        json={"session_id": spoken.session_id},
        headers={"Authorization": f"Bearer {spoken.session_token}"},
    )

    assert_problem(refused, 409, "interview-over")


@pytest.mark.livekit
def test_a_deleted_interview_is_not_spoken_any_more(spoken: ApiClient) -> None:
    """Whoever is in its room is sent out."""
    asked = spoken.voice_token()
    with Participant(asked["url"], asked["token"]) as candidate:
        assert spoken.delete().status == 204
        candidate.wait_for("left")

    assert spoken.voice_token().status == 404


@pytest.mark.livekit
def test_the_agent_is_told_when_time_moves_the_interview_on(livekit: LiveKitServer, tmp_path: Path) -> None:
    """A silent candidate hears the next stage: the clock's wake reaches the room."""
    with entry_point("dev", tmp_path, livekit.env() | SHORT) as client:
        client.create()
        with agent(livekit, f"iv-{client.session_id}", "agent-1") as there:
            client.start()
            there.wait_for("called")
        assert client.messages()["stage"] == "experience"


def test_while_livekit_is_down_the_candidate_is_told_so(silent: ApiClient) -> None:
    """At once, with the time to try again; the interview is not affected."""
    refused = silent.http.post(
        f"{BASE}/livekit/token",
        json={"session_id": silent.session_id},
        headers={"Authorization": f"Bearer {silent.session_token}"},
    )

    body = assert_problem(refused, 503, "voice-unavailable")
    assert body["retry_after_s"] == int(refused.headers["Retry-After"]) > 0
    assert silent.answer("I go on in text.").status == 200


def test_while_livekit_is_down_interviews_are_deleted(silent: ApiClient) -> None:
    """The room has nobody in it then."""
    assert silent.delete().status == 204
    assert silent.messages().status == 404


def test_while_livekit_is_down_interviews_move_on(tmp_path: Path) -> None:
    """The wake has done its work before anybody is told."""
    with entry_point("dev", tmp_path, nowhere() | SHORT) as client:
        client.create()
        client.start()
        wait_until(lambda: bool(client.messages()["stage"] == "experience"), 10, "the next stage")

        assert client.answer("I go on in text.").status == 200


@pytest.mark.livekit
def test_when_all_rooms_are_taken_a_candidate_is_told_when_to_ask_again(livekit: LiveKitServer, tmp_path: Path) -> None:
    """One room at most: the second candidate may write meanwhile."""
    with entry_point("dev", tmp_path, livekit.env() | {"MAX_VOICE_ROOMS": "1"}) as client:
        client.create(candidate_name=NAME)
        client.start()
        with guest(livekit, "iv-somebody"):
            wait_until(lambda: client.voice_token().status == 503, 20, "a room that is taken")
            headers = {"Authorization": f"Bearer {client.session_token}"}
            refused = client.http.post(f"{BASE}/livekit/token", json={"session_id": client.session_id}, headers=headers)

            assert_problem(refused, 503, "voice-full")
            assert int(refused.headers["Retry-After"]) >= 1
            assert client.answer("I go on in text.").status == 200


def test_health_says_whether_there_is_voice(silent: ApiClient) -> None:
    """A page offers to speak where the service is set up for it."""
    assert silent.request("GET", "ui/next_turn/health")["voice"] is True


@pytest.mark.livekit
@pytest.mark.server
def test_a_laptop_offers_voice_and_logs_nothing_of_it(livekit: LiveKitServer, tmp_path: Path) -> None:
    """The banner names the server, the page may connect to it, and no line holds a name, a secret or a token."""
    with DevServer(tmp_path, livekit.env()) as server, ApiClient(server.url, secret=server.secret) as client:
        client.create(candidate_name=NAME)
        client.start()
        asked = client.voice_token()
        with Participant(asked["url"], asked["token"]):
            again = client.voice_token()
        client.delete()
        policy = client.http.get("/").headers["Content-Security-Policy"]
        log, secret = server.log, server.secret

    assert f"voice  LiveKit, {livekit.url}\n" in log
    assert f"connect-src 'self' {livekit.url} {livekit.api_url};" in policy
    private = (NAME, livekit.api_secret, secret, client.session_token, asked["token"], again["token"], "eyJ")
    assert not [one for one in private if one in log]


@pytest.mark.server
def test_while_livekit_is_down_the_log_says_why_and_no_more(tmp_path: Path) -> None:
    """An operator reads what failed; tokens and names are not in it."""
    with DevServer(tmp_path, nowhere()) as server, ApiClient(server.url) as client:
        client.create(candidate_name=NAME)
        client.voice_token()
        client.delete()
        log = server.log

    assert '"message": "voice room unavailable"' in log
    assert '"message": "voice room not closed"' in log
    assert '"why": "ConnectionRefusedError"' in log
    assert not [one for one in (NAME, API_SECRET, "eyJ") if one in log]
