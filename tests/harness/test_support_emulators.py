"""The emulators must start, be reachable by the real clients, and be missing with one clear sentence."""

import json
import threading

import pytest
from google.api_core.exceptions import AlreadyExists
from google.auth.credentials import AnonymousCredentials
from google.auth.transport import requests as google_requests
from google.cloud import firestore
from google.cloud.tasks_v2 import HttpMethod, HttpRequest, OidcToken, Task
from google.oauth2 import id_token

from support.emulators import FirestoreEmulator, TasksEmulator, require
from support.local_server import Exchange, LocalServer


def test_what_is_there_is_not_skipped() -> None:
    """No reason, no skip."""
    require(None)


def test_what_is_missing_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """At home a missing emulator is a skip with its sentence."""
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(pytest.skip.Exception, match="no java"):
        require("no java")


def test_what_is_missing_on_ci_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """On CI nothing may be left out silently."""
    monkeypatch.setenv("CI", "true")

    with pytest.raises(pytest.fail.Exception, match="no java"):
        require("no java")


def test_without_java_the_reason_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence names what to install."""
    monkeypatch.setenv("PATH", "")

    assert "Java" in (FirestoreEmulator.why_not() or "")


@pytest.mark.emulator
def test_the_real_firestore_client_reads_what_it_wrote(
    firestore_emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing, reading and clearing a project work."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator.host)
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    client = firestore.Client(project="demo-selftest", credentials=nobody)
    document = client.document("interviews/one")
    document.set({"stage": "intro"})

    assert document.get().to_dict() == {"stage": "intro"}
    firestore_emulator.clear("demo-selftest")
    assert not document.get().exists
    assert firestore_emulator.index_usage("demo-selftest") == {}
    client.close()  # type: ignore[no-untyped-call]


@pytest.mark.emulator
def test_a_task_is_delivered_with_a_token_that_verifies(tasks_emulator: TasksEmulator) -> None:
    """The emulator posts the task, and google-auth accepts its token by the corrected keys."""
    arrived: list[Exchange] = []
    delivered = threading.Event()

    def receive(exchange: Exchange) -> None:
        arrived.append(exchange)
        exchange.send(200)
        delivered.set()

    with LocalServer(receive) as target:
        client = tasks_emulator.client()
        task = _task(f"{tasks_emulator.queue}/tasks/t-1", target.url)
        client.create_task(parent=tasks_emulator.queue, task=task)
        assert delivered.wait(10)
        with pytest.raises(AlreadyExists):
            client.create_task(parent=tasks_emulator.queue, task=task)

    token = arrived[0].headers["authorization"].removeprefix("Bearer ")
    request = google_requests.Request()
    claims = id_token.verify_token(token, request, audience="https://iv.test", certs_url=tasks_emulator.jwks_url)
    request.session.close()
    assert json.loads(arrived[0].body) == {"session_id": "s1"}
    assert ("invoker@demo-iv.test", tasks_emulator.issuer) == (claims["email"], claims["iss"])


def _task(name: str, url: str) -> Task:
    return Task(
        name=name,
        http_request=HttpRequest(
            url=url,
            http_method=HttpMethod.POST,
            body=b'{"session_id": "s1"}',
            oidc_token=OidcToken(service_account_email="invoker@demo-iv.test", audience="https://iv.test"),
        ),
    )
