"""App Check at the door of strangers: firebase-admin itself, with keys of the test's own where Google's would be."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Unpack

import firebase_admin  # type: ignore[import-untyped]
import httpx
import pytest
from firebase_admin import app_check

from interviewos.adapters.firebase import THREADS, FirebaseAppCheck
from interviewos.bootstrap import Parts
from interviewos.domain.errors import AppCheckFailed, AppCheckUnavailable
from support import oidc
from support.client import BASE, ApiClient
from support.entry_points import entry_point
from support.local_server import Exchange, LocalServer
from support.problems import assert_problem
from support.stores import CountedSqlite

PROJECT, NUMBER = "demo-guarded", "1234567890"
ISSUER = f"https://firebaseappcheck.googleapis.com/{NUMBER}"
ENFORCED = {"APP_CHECK": "enforce", "GOOGLE_CLOUD_PROJECT": PROJECT, "CREATES_PER_MINUTE": "100000"}


def token(**changes: Any) -> str:
    """What Firebase gives to our page, but for the changes."""
    audience = [f"projects/{NUMBER}", f"projects/{PROJECT}"]
    usual = {"issuer": ISSUER, "aud": audience, "sub": f"1:{NUMBER}:web:abc", "email": None, "email_verified": None}
    return oidc.token(audience="", **{**usual, **changes})


GOOD = token()
FORGED = {
    "missing": None,
    "empty": "",
    "not-a-token": "aaa.bbb.ccc",
    "very-long": "a." * 2_000,
    "no-signature": token(alg="none"),
    "signed-with-the-public-key": token(alg="HS256"),
    "signed-by-somebody-else": token(key=oidc.other_key()),
    "of-an-unknown-key": token(kid="other"),
    "expired": token(expires_in=-60),
    "of-another-project": token(aud=["projects/999", "projects/demo-other"]),
    "for-one-audience": token(aud=f"projects/{PROJECT}"),
    "of-another-issuer": token(issuer="https://evil.example.test/"),
    "of-google-for-a-service": oidc.token(audience=f"projects/{PROJECT}"),
    "of-no-app": token(sub=None),
}


@pytest.fixture
def keys() -> Iterator[oidc.JwksServer]:
    """Who publishes the keys of App Check."""
    with oidc.JwksServer() as server:
        yield server


@pytest.fixture
def store() -> CountedSqlite:
    """A store in memory, for a project means Firestore and nobody is asked for one here."""
    return CountedSqlite(":memory:")


@contextmanager
def guarded(url: str, where: Path, monkeypatch: pytest.MonkeyPatch, **given: Unpack[Parts]) -> Iterator[ApiClient]:
    """The entry point that creates, with the library's own verification and these keys."""
    monkeypatch.setattr(app_check._AppCheckService, "_JWKS_URL", url)
    with entry_point("create", where, ENFORCED, **given) as client:
        try:
            yield client
        finally:
            for app in list(firebase_admin._apps.values()):
                firebase_admin.delete_app(app)


@pytest.fixture
def client(
    keys: oidc.JwksServer, store: CountedSqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ApiClient]:
    """A caller of the guarded door."""
    with guarded(keys.certs_url, tmp_path, monkeypatch, store=store) as caller:
        yield caller


def create(client: ApiClient, presented: str | None) -> httpx.Response:
    """Ask as a page that presents this."""
    headers = {} if presented is None else {"X-Firebase-AppCheck": presented}
    return client.http.post(f"{BASE}/sessions/create", json={}, headers=headers)


def test_our_own_page_gets_in(client: ApiClient, keys: oidc.JwksServer) -> None:
    """As often as its token lives; the keys are fetched once."""
    asked = [create(client, GOOD) for _ in range(5)]

    assert [answered.status_code for answered in asked] == [201] * 5
    assert keys.fetched == 1


@pytest.mark.parametrize("forged", FORGED)
def test_nobody_else_does(forged: str, client: ApiClient, store: CountedSqlite) -> None:
    """Anything else is refused in one way, without a call for an Authorization, and nothing is made."""
    refused = create(client, FORGED[forged])

    body = assert_problem(refused, 403, "app-check-failed")
    assert body["detail"].startswith("Load the page again")
    assert store.count("INSERT") == 0


def test_a_page_of_another_origin_may_send_its_token(store: CountedSqlite, tmp_path: Path) -> None:
    """Its browser asks before it sends a header that is not everybody's."""
    origin = "https://interviews.example.test"
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asks["Access-Control-Request-Headers"] = "content-type,idempotency-key,x-firebase-appcheck"
    with entry_point("create", tmp_path, {"ALLOWED_ORIGINS": origin}) as client:
        allowed = client.http.options(f"{BASE}/sessions/create", headers=asks).headers

    named = {name.strip().lower() for name in allowed["Access-Control-Allow-Headers"].split(",")}
    assert named >= set(asks["Access-Control-Request-Headers"].split(","))


@pytest.mark.parametrize("odd", ["t\xe4ken.t\xe4ken.t\xe4ken", "\ud800.a.b", "\0", "\xe9" * 5_000])
def test_what_no_token_is_made_of_is_refused(odd: str) -> None:
    """Whatever a header can carry, and more."""
    with pytest.raises(AppCheckFailed):
        FirebaseAppCheck("demo-app-check").check(odd)


def test_unknown_keys_are_not_looked_up_each_time(client: ApiClient, keys: oidc.JwksServer) -> None:
    """A stranger who makes tokens up does not make us ask Google for each of them."""
    for number in range(10):
        assert create(client, token(kid=f"made-up-{number}")).status_code == 403

    assert keys.fetched == 1


def test_a_server_with_the_secret_needs_no_page(client: ApiClient, keys: oidc.JwksServer) -> None:
    """Nothing is looked up for it, whatever it sends."""
    made = client.with_door("secret").create()

    assert (made.status, keys.fetched) == (201, 0)


def test_a_candidate_needs_it_once(client: ApiClient, store: CountedSqlite, tmp_path: Path) -> None:
    """The session token opens all else."""
    session = create(client, GOOD).json()
    with entry_point("messages", tmp_path, ENFORCED, store=store) as reader:
        headers = {"Authorization": f"Bearer {session['session_token']}"}
        seen = reader.http.get(f"{BASE}/sessions/{session['session_id']}/messages", headers=headers)

    assert seen.status_code == 200


@pytest.mark.parametrize("trouble", ["503", "not-json", "dropped", "nobody", "silent"])
def test_keys_that_cannot_be_fetched_are_no_fault_of_the_page(
    trouble: str, store: CountedSqlite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 and a wait, for a good token and soon, whatever is wrong on the way to Google."""
    server = LocalServer(lambda exchange: _fail(exchange, trouble))
    url = f"{server.url}/certs"
    if trouble == "nobody":
        server.close()
    try:
        guard = FirebaseAppCheck(PROJECT, seconds=0.5)
        with guarded(url, tmp_path, monkeypatch, store=store, app_check=guard) as client:
            begun = time.monotonic()
            assert_problem(create(client, GOOD), 503, "app-check-unavailable")
            assert time.monotonic() - begun < 20  # the library by itself waits for 30
            assert_problem(create(client, "not a token"), 403, "app-check-failed")
    finally:
        server.close()


def _fail(exchange: Exchange, trouble: str) -> None:
    match trouble:
        case "503":
            exchange.send_json(503, {})
        case "not-json":
            exchange.send(200, b"<html>")
        case "dropped":
            exchange.drop()
        case _:
            exchange.hang()


def test_who_has_given_up_is_not_checked_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """While Google's keys do not answer nobody waits behind those who are long gone."""
    keys_answer = threading.Event()
    looked_at: list[str] = []

    def verify(presented: str, _app: object) -> None:
        looked_at.append(presented)
        keys_answer.wait(30)

    monkeypatch.setattr(app_check, "verify_token", verify)
    guard = FirebaseAppCheck(PROJECT, seconds=0.05)
    for number in range(THREADS + 5):
        with pytest.raises(AppCheckUnavailable):
            guard.check(f"caller {number}")
    keys_answer.set()
    guard._pool.shutdown()
    firebase_admin.delete_app(guard._app)

    assert len(looked_at) <= THREADS


def test_it_may_be_made_twice(client: ApiClient) -> None:
    """Two threads may come first, and each makes its own; that is no accident."""
    for guard in (FirebaseAppCheck(PROJECT), FirebaseAppCheck(PROJECT)):
        guard.check(GOOD)


@pytest.mark.parametrize("env", [{}, {"APP_CHECK": "off"}], ids=["unset", "off"])
def test_without_app_check_nobody_is_asked(env: dict[str, str], tmp_path: Path) -> None:
    """A token that is there all the same is not read."""
    with entry_point("create", tmp_path, env) as client:
        assert [create(client, presented).status_code for presented in (None, "rubbish")] == [201, 201]
