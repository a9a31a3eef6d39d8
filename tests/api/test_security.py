"""Every door against every credential, and what must never be found where: secrets, tokens and a candidate's words."""

import base64
import json
import re
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.errors import Unauthenticated
from interviewos.settings import Secrets, Settings
from interviewos.web.auth import AUDIENCE, MAX_TOKEN_CHARACTERS, SessionTokens, identify, is_secret
from interviewos.web.auth import bearer as token_of
from interviewos.web.rate_limit import SHARED
from support.client import BASE, ApiClient
from support.clock import FakeClock
from support.entry_points import SECRET, SECRETS, SIGNING_KEY, entry_point
from support.problems import assert_problem
from support.process import free_port
from support.raw import exchange, status_of
from support.server import DevServer
from support.stores import DownStore

NEXT_SECRET = "Vd8yPq1sKf6hWz3tNb5mGx0uRj7cLe2o"
NEXT_KEY = "oT5rBw2jXn9vEq7yHd0kMz4sUf8cPg1l"
OTHER_KEY = "kD8sNf3wLq6zTy1bXe5mRv9hJc2uGp7o"
LIVE = {"INGEST_SECRET_NEXT": NEXT_SECRET, "SESSION_SIGNING_KEY_NEXT": NEXT_KEY}
OTHER_SESSION = "11111111-2222-4333-8444-555555555555"
ORIGIN = "https://interviews.example.test"
LATER = datetime.now(UTC) + timedelta(days=1)

Headers = dict[str, str]
Door = Callable[[ApiClient, Headers], httpx.Response]


@pytest.fixture(scope="module")
def interview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiClient]:
    """An interview that has begun, on a server with both secrets in the midst of a rotation."""
    env = {**SECRETS, **LIVE, "CREATES_PER_MINUTE": "100000"}
    with (
        DevServer(tmp_path_factory.mktemp("doors"), env) as server,
        ApiClient(server.url, secret=SECRET) as client,
    ):
        client.create()
        client.start()
        yield client


# every door with every credential


def signed(key: str = SIGNING_KEY, *, algorithm: str = "HS256", kid_of: str | None = None, **changes: Any) -> str:
    """A session token like ours, but for the changes; a claim of None is left out."""
    claims = {"aud": AUDIENCE, "sub": OTHER_SESSION, "exp": int(LATER.timestamp()), **changes}
    kept = {name: value for name, value in claims.items() if value is not None}
    ours = SessionTokens(Secrets(kid_of or SIGNING_KEY)).issue(OTHER_SESSION, "", LATER)
    kid = jwt.get_unverified_header(ours)["kid"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for the longer hashes our key is short
        return jwt.encode(kept, key if algorithm != "none" else "", algorithm=algorithm, headers={"kid": kid})


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def secret(value: str) -> Headers:
    return {"X-INGEST-SECRET": value}


def own(interview: ApiClient, **changes: Any) -> str:
    return signed(sub=interview.session_id, **changes)


def tampered(token: str) -> str:
    head, claims, signature = token.split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"sub": OTHER_SESSION}
    return f"{head}.{base64.urlsafe_b64encode(json.dumps(changed).encode()).decode().rstrip('=')}.{signature}"


NOTHING, SESSION, STRANGER, TRUSTED, WRONG = "nothing", "session", "stranger", "trusted", "wrong"
"""What a credential is worth: nothing presented, this session, another one, the secret, or something is not right."""

CREDENTIALS: dict[str, tuple[str, Callable[[ApiClient], Headers]]] = {
    "anonymous": (NOTHING, lambda _: {}),
    "session-token": (SESSION, lambda iv: bearer(iv.session_token)),
    "session-token-of-the-next-key": (SESSION, lambda iv: bearer(own(iv, key=NEXT_KEY, kid_of=NEXT_KEY))),
    "lower-case-bearer": (SESSION, lambda iv: {"Authorization": f"bearer {iv.session_token}"}),
    "token-of-another-session": (STRANGER, lambda _: bearer(signed())),
    "secret": (TRUSTED, lambda _: secret(SECRET)),
    "next-secret": (TRUSTED, lambda _: secret(NEXT_SECRET)),
    "secret-and-session-token": ("both", lambda iv: secret(SECRET) | bearer(iv.session_token)),
    "secret-and-a-strangers-token": (TRUSTED, lambda _: secret(SECRET) | bearer(signed())),
    "expired-token": (WRONG, lambda iv: bearer(own(iv, exp=int(time.time()) - 1))),
    "token-not-valid-yet": (WRONG, lambda iv: bearer(own(iv, nbf=int(time.time()) + 3_600))),
    "token-without-expiry": (WRONG, lambda iv: bearer(own(iv, exp=None))),
    "token-for-another-audience": (WRONG, lambda iv: bearer(own(iv, aud="interviewos-worker"))),
    "token-without-audience": (WRONG, lambda iv: bearer(own(iv, aud=None))),
    "token-without-session": (WRONG, lambda _: bearer(signed(sub=None))),
    "token-for-a-number": (WRONG, lambda _: bearer(signed(sub=7))),
    "token-without-signature": (WRONG, lambda iv: bearer(own(iv, algorithm="none"))),
    "token-of-another-algorithm": (WRONG, lambda iv: bearer(own(iv, algorithm="HS512"))),
    "token-of-another-key": (WRONG, lambda iv: bearer(own(iv, key=OTHER_KEY))),
    "token-of-an-unknown-key": (WRONG, lambda iv: bearer(own(iv, key=OTHER_KEY, kid_of=OTHER_KEY))),
    "token-changed": (WRONG, lambda iv: bearer(tampered(iv.session_token))),
    "token-cut": (WRONG, lambda iv: bearer(iv.session_token[:-4])),
    "token-as-basic": (WRONG, lambda iv: {"Authorization": f"Basic {iv.session_token}"}),
    "token-without-scheme": (WRONG, lambda iv: {"Authorization": iv.session_token}),
    "secret-as-bearer": (WRONG, lambda _: bearer(SECRET)),
    "wrong-secret": (WRONG, lambda _: secret(OTHER_KEY)),
    "empty-secret": (WRONG, lambda _: secret("")),
    "half-a-secret": (WRONG, lambda _: secret(SECRET[:-1])),
    "secret-in-capitals": (WRONG, lambda _: secret(SECRET.upper())),
    "secret-twice": (WRONG, lambda _: secret(f"{SECRET},{SECRET}")),
    "signing-key-as-secret": (WRONG, lambda _: secret(SIGNING_KEY)),
    "secret-not-ascii": (WRONG, lambda _: secret("pässwörd" * 4)),
    "wrong-secret-beside-a-good-token": (WRONG, lambda iv: secret(OTHER_KEY) | bearer(iv.session_token)),
    "good-secret-beside-a-wrong-token": (WRONG, lambda iv: secret(SECRET) | bearer(tampered(iv.session_token))),
}


def send(client: ApiClient, method: str, path: str, headers: Headers, body: Any = None) -> httpx.Response:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    if body is None:
        return client.http.request(method, f"{BASE}/{path}", headers=raw)
    content, typed = json.dumps(body).encode(), (b"Content-Type", b"application/json")
    return client.http.request(method, f"{BASE}/{path}", content=content, headers=[*raw, typed])


def session(client: ApiClient) -> dict[str, str]:
    return {"session_id": client.session_id}


def event(client: ApiClient, event_type: str) -> dict[str, str]:
    return {"session_id": client.session_id, "event_type": event_type}


DOORS: dict[str, Door] = {
    "create": lambda iv, headers: send(iv, "POST", "sessions/create", headers, {}),
    "messages": lambda iv, headers: send(iv, "GET", f"sessions/{iv.session_id}/messages", headers),
    "delete": lambda iv, headers: send(iv, "DELETE", f"sessions/{OTHER_SESSION}", headers),
    "ui": lambda iv, headers: send(iv, "POST", "ui/next_turn", headers, event(iv, "start")),
    "ui-timeout": lambda iv, headers: send(iv, "POST", "ui/next_turn", headers, event(iv, "timeout")),
    "engine": lambda iv, headers: send(iv, "POST", "engine/next_turn", headers, event(iv, "start")),
    "voice": lambda iv, headers: send(iv, "POST", "livekit/token", headers, session(iv)),
    "stage_timeout": lambda iv, headers: send(iv, "POST", "tasks/stage_timeout", headers, session(iv)),
    "sweep": lambda iv, headers: send(iv, "POST", "tasks/sweep", headers),
}  # fmt: skip
# The delete of this table names another session, so that the interview outlives it: what is its own here is foreign.
WORTH: dict[str, dict[str, int]] = {
    "create": {NOTHING: 201, SESSION: 201, STRANGER: 201, TRUSTED: 201, "both": 201},
    "messages": {NOTHING: 401, SESSION: 200, STRANGER: 404, TRUSTED: 200, "both": 200},
    "delete": {NOTHING: 401, SESSION: 404, STRANGER: 204, TRUSTED: 204, "both": 204},
    "ui": {NOTHING: 401, SESSION: 200, STRANGER: 404, TRUSTED: 401, "both": 200},
    "ui-timeout": {NOTHING: 401, SESSION: 403, STRANGER: 403, TRUSTED: 401, "both": 403},
    "engine": {NOTHING: 401, SESSION: 401, STRANGER: 401, TRUSTED: 200, "both": 200},
    "voice": {NOTHING: 401, SESSION: 503, STRANGER: 404, TRUSTED: 503, "both": 503},
    "stage_timeout": dict.fromkeys((NOTHING, SESSION, STRANGER, TRUSTED, "both"), 401),
    "sweep": dict.fromkeys((NOTHING, SESSION, STRANGER, TRUSTED, "both"), 401),
}


@pytest.mark.server
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_door_opens_to_its_own_credential_alone(door: str, credential: str, interview: ApiClient) -> None:
    """Whatever is presented must be right; the answers say no more than that it was not."""
    worth, made = CREDENTIALS[credential]
    expected = 401 if worth == WRONG else WORTH[door][worth]
    if credential == "secret-and-a-strangers-token" and door.startswith("ui"):
        expected = 404 if door == "ui" else 403  # at the candidate's door the token counts

    response = DOORS[door](interview, made(interview))

    assert expected == response.status_code, response.text
    if expected == 401:
        body = assert_problem(response, 401, "unauthenticated")
        assert len({key: body[key] for key in ("type", "title", "status", "detail", "instance")}) == len(body)


def test_all_refusals_of_a_credential_are_one(interview: ApiClient) -> None:
    """A forger learns nothing from the text of a refusal."""
    answers = {
        re.sub(r"urn:uuid:[0-9a-f-]+", "", DOORS["messages"](interview, made(interview)).text)
        for worth, made in CREDENTIALS.values()
        if worth in (WRONG, NOTHING)
    }

    assert len(answers) == 1


def test_a_token_of_an_earlier_release_still_opens() -> None:
    """Pages keep theirs while a new release comes, so neither audience nor the name of a key may change."""
    claims = {"aud": "interviewos-session", "sub": OTHER_SESSION, "inc": "1", "exp": int(LATER.timestamp())}
    token = jwt.encode(claims, SIGNING_KEY, headers={"kid": "d14b0daf"})

    caller = SessionTokens(Secrets(SIGNING_KEY)).caller_of(token)

    assert (caller.session_id, caller.incarnation) == (OTHER_SESSION, "1")


def test_a_token_opens_one_session_and_says_no_more() -> None:
    """It brings no trust, and one that names no incarnation fits any."""
    caller = SessionTokens(Secrets(SIGNING_KEY)).caller_of(signed())

    assert (caller.trusted, caller.session_id, caller.incarnation) == (False, OTHER_SESSION, "")
    assert [caller.may_open(each) for each in (OTHER_SESSION, "another", "")] == [True, False, False]


@pytest.mark.parametrize(
    "token",
    ["", "a", "a.b.c", "a\udc80.b.c", signed(exp=[1]), signed(exp="soon"), signed(exp=int(time.time()) - 1)],
    ids=["nothing", "one-part", "no-json", "no-text", "a-list-of-times", "a-word-for-a-time", "expired"],
)
def test_whatever_is_wrong_with_a_token_is_one_error(token: str) -> None:
    """No library's own error gets past the door."""
    with pytest.raises(Unauthenticated):
        SessionTokens(Secrets(SIGNING_KEY)).caller_of(token)


def test_who_presents_nothing_may_open_nothing() -> None:
    """The secret alone makes a caller trusted, beside a token too."""
    tokens, ingest = SessionTokens(Secrets(SIGNING_KEY)), Secrets(SECRET)
    presented = [(None, None), (None, SECRET), (f"Bearer {signed()}", None), (f"Bearer {signed()}", SECRET)]
    callers = [identify(*each, tokens, ingest) for each in presented]

    assert [(each.trusted, each.session_id) for each in callers] == [
        (False, None),
        (True, None),
        (False, OTHER_SESSION),
        (True, OTHER_SESSION),
    ]
    assert [each.may_open("another") for each in callers] == [False, True, False, True]


def test_a_token_may_be_so_long_and_no_longer() -> None:
    """What is longer is not even looked at; ours have less than a tenth of it."""
    longest = "x" * 4_096

    assert token_of(f"Bearer {longest}") == longest
    assert len(signed()) < MAX_TOKEN_CHARACTERS / 10
    with pytest.raises(Unauthenticated):
        token_of(f"Bearer {longest}x")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic x", "x", " Bearer x"])
def test_a_header_without_a_bearers_token_has_none(header: str) -> None:
    """Neither the scheme alone nor a token alone is enough."""
    with pytest.raises(Unauthenticated):
        token_of(header)


@pytest.mark.server
def test_blanks_around_a_header_are_not_part_of_it(server: DevServer, api: ApiClient) -> None:
    """HTTP itself strips them on the wire; a blank that reaches us belongs to the value and makes it wrong."""
    api.create()
    line = f"GET {BASE}/sessions/{api.session_id}/messages HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"

    for blank, status in ((" ", 200), ("\t", 200), ("\u00a0", 401)):
        header = f"X-INGEST-SECRET: {api.secret}{blank}\r\n\r\n"
        assert status == status_of(exchange(server.port, (line + header).encode()))
    assert not is_secret(f"{SECRET} ", Secrets(SECRET))


@pytest.mark.server
def test_two_secrets_in_two_headers_are_none(api: ApiClient) -> None:
    """The server in front joins them, and the whole is what was presented."""
    twice = [(b"X-INGEST-SECRET", str(api.secret).encode())] * 2

    assert_problem(api.http.post(f"{BASE}/sessions/create", json={}, headers=twice), 401, "unauthenticated")


def test_both_secrets_are_always_compared() -> None:
    """Time does not tell which of two live secrets was nearer."""
    compared: list[bytes] = []

    def compare(given: bytes, live: bytes) -> bool:
        compared.append(live)
        return given == live

    assert is_secret(SECRET, Secrets(SECRET, NEXT_SECRET), compare)
    assert [SECRET.encode(), NEXT_SECRET.encode()] == compared


def test_without_a_secret_nothing_is_the_secret() -> None:
    """An unset secret opens no door, an empty header included."""
    assert not any(is_secret(given, Secrets()) for given in ("", " ", "None"))


def test_what_is_no_text_is_no_secret() -> None:
    """Bytes that no character stands for are compared like any others, and nothing breaks."""
    assert not is_secret("\udce4" * 8, Secrets(SECRET))


def test_row_58_a_rotated_key_closes_after_its_rotation(tmp_path: Path) -> None:
    """The successor signs nothing yet and opens already; the predecessor is closed once it is gone."""
    presented = [bearer(signed()), bearer(signed(NEXT_KEY, kid_of=NEXT_KEY)), secret(SECRET), secret(NEXT_SECRET)]
    after = {"SESSION_SIGNING_KEY": NEXT_KEY, "INGEST_SECRET": NEXT_SECRET}
    answers = []
    for env in ({}, LIVE, after):
        with entry_point("messages", tmp_path, env) as client:
            client.session_id = OTHER_SESSION
            answers.append([DOORS["messages"](client, headers).status_code for headers in presented])

    # 404 is who got in and found nothing
    assert answers == [[404, 401, 404, 401], [404, 404, 404, 404], [401, 404, 401, 404]]


def test_row_56_an_interview_past_its_time_is_gone_at_once(tmp_path: Path) -> None:
    """The store may take a day to erase it; nobody reads or continues it in between."""
    clock = FakeClock(datetime.now(UTC))
    store = SqliteStore(":memory:", clock.now)
    with entry_point("dev", tmp_path, store=store) as client:
        client.create()
        clock.advance(31 * 24 * 3_600)

        for response in (DOORS[name](client, secret(SECRET)) for name in ("messages", "engine")):
            assert_problem(response, 410, "session-expired")


def test_a_store_that_is_down_is_a_problem_and_no_accident(tmp_path: Path) -> None:
    """Every door says that it is not the caller's fault and when to come again."""
    with entry_point("dev", tmp_path, store=DownStore()) as client:
        client.session_id = OTHER_SESSION
        for name in ("create", "messages", "delete", "engine"):
            body = assert_problem(DOORS[name](client, secret(SECRET)), 503, "store-unavailable")
            assert body["retry_after_s"] == 2


# CORS


@pytest.fixture
def public(tmp_path: Path) -> Iterator[ApiClient]:
    """All entry points, for the pages of two origins."""
    with entry_point("dev", tmp_path, {"ALLOWED_ORIGINS": f"{ORIGIN},https://other.test"}) as client:
        client.create()
        yield client


def preflight(client: ApiClient, origin: str | None, method: str, path: str = "ui/next_turn") -> httpx.Response:
    headers = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": "authorization,content-type"}
    return client.http.options(f"{BASE}/{path}", headers=headers | ({} if origin is None else {"Origin": origin}))


def test_the_page_of_an_allowed_origin_may_call(public: ApiClient) -> None:
    """It is told so before and with each answer, errors included; credentials of the browser are never asked for."""
    asked = preflight(public, ORIGIN, "POST")
    read = public.http.get(f"{BASE}/sessions/{public.session_id}/messages", headers={"Origin": ORIGIN})

    assert (asked.status_code, asked.headers["Access-Control-Allow-Methods"]) == (204, "POST")
    assert asked.headers["Access-Control-Max-Age"] == "600"
    allowed = set(asked.headers["Access-Control-Allow-Headers"].lower().split(", "))
    assert {"authorization", "content-type", "idempotency-key", "if-none-match"} <= allowed
    assert "x-ingest-secret" not in allowed
    assert read.status_code == 401
    for response in (asked, read):
        assert response.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Origin" in response.headers["Vary"]
        assert "Access-Control-Allow-Credentials" not in response.headers
    exposed = set(read.headers["Access-Control-Expose-Headers"].split(", "))
    assert {"ETag", "Retry-After", "X-Request-Id", "RateLimit"} <= exposed


@pytest.mark.parametrize(
    "origin", ["https://evil.test", "null", f"{ORIGIN}.evil.test", f"{ORIGIN}:444", "", ORIGIN.upper()]
)
def test_row_71_any_other_origin_is_told_nothing(origin: str, public: ApiClient) -> None:
    """Its browser keeps the answer from its page; the preflight is refused."""
    asked = preflight(public, origin, "POST")
    health = public.http.get(f"{BASE}/sessions/create/health", headers={"Origin": origin})

    assert_problem(asked, 403, "forbidden")
    assert health.status_code == 200
    for response in (asked, health):
        assert not [name for name in response.headers if name.lower().startswith("access-control")]
        assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", "ui/next_turn", 403),
        ("GET", "ui/next_turn", 403),
        ("GET", f"sessions/{OTHER_SESSION}/messages", 204),
        ("DELETE", f"sessions/{OTHER_SESSION}", 204),
        ("GET", "nothing", 404),
    ],
)
def test_row_71_a_preflight_knows_the_methods(method: str, path: str, status: int, public: ApiClient) -> None:
    """What an address does not take is refused before it is sent."""
    assert status == preflight(public, ORIGIN, method, path).status_code


def test_options_tells_what_an_address_takes(public: ApiClient) -> None:
    """Who is no browser and asks gets the methods."""
    asked = public.http.options(f"{BASE}/ui/next_turn")

    assert (asked.status_code, asked.headers["Allow"]) == (204, "OPTIONS, POST")
    assert_problem(public.http.options(f"{BASE}/nothing"), 404, "not-found")


# what is read again


@pytest.mark.server
def test_an_unchanged_interview_is_304(interview: ApiClient) -> None:
    """A tag saves the transfer until something has happened; another question has another tag."""
    first = interview.messages()
    tag = first.headers["ETag"]

    for sent in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = interview.messages(etag=sent)
        assert (again.status, again.body, again.headers["ETag"]) == (304, None, tag)
        assert again.headers["Cache-Control"] == "no-store"
    assert interview.messages(after=1).headers["ETag"] != tag
    interview.answer("I bake bread.")
    assert ((changed := interview.messages(etag=tag)).status, changed.headers["ETag"] != tag) == (200, True)


@pytest.mark.server
def test_nothing_new_is_a_short_answer(interview: ApiClient) -> None:
    """Who has all messages gets the state, how the interview goes, and an empty list."""
    seen = interview.messages(after=999_999)

    assert seen["messages"] == []
    assert len(json.dumps(seen.body)) < 1_200


# create again


def created(client: ApiClient, key: str, **fields: str) -> httpx.Response:
    return client.http.post(f"{BASE}/sessions/create", json=fields, headers={"Idempotency-Key": key})


def test_a_repeated_create_is_the_same_interview(interview: ApiClient) -> None:
    """However the same UUID is written; the interview that it made is not begun anew."""
    key = str(uuid.uuid4())

    answers = [created(interview, form, role="Baker") for form in (key, f'"{key}"', key.upper())]

    assert {201} == {answered.status_code for answered in answers}
    assert len({answered.json()["session_id"] for answered in answers}) == 1


def test_a_key_with_another_candidate_is_refused(interview: ApiClient) -> None:
    """A key means one request."""
    key = str(uuid.uuid4())
    created(interview, key, candidate_name="Ada")

    assert_problem(created(interview, key, candidate_name="Bob"), 422, "event-reused")


def test_strangers_and_servers_share_no_keys(interview: ApiClient) -> None:
    """The same key by another credential is another interview."""
    key = str(uuid.uuid4())
    stranger = created(interview, key).json()["session_id"]

    trusted = interview.http.post(f"{BASE}/sessions/create", json={}, headers={"Idempotency-Key": key} | secret(SECRET))

    assert trusted.json()["session_id"] != stranger


@pytest.mark.parametrize("key", ["order-7", "1", "", "a b", "x" * 129, "ä"])
def test_a_strangers_key_must_be_a_uuid(key: str, interview: ApiClient) -> None:
    """Who guesses a key gets the interview, so a stranger's must not be one that can be guessed."""
    headers = [(b"Idempotency-Key", key.encode())]

    assert_problem(interview.http.post(f"{BASE}/sessions/create", json={}, headers=headers), 422, "invalid-field")


def test_a_servers_key_may_be_its_own(interview: ApiClient) -> None:
    """Who presents the secret names interviews as they like, within a header's means."""
    answers = [interview.with_door("secret").create(idempotency_key="order-7") for _ in range(2)]

    assert len({answered["session_id"] for answered in answers}) == 1


# limits


@contextmanager
def created_in_memory(data: Path, *, deployed: bool) -> Iterator[Callable[[dict[str, str]], int]]:
    """Creates an interview with these headers and gives the status; one a minute, on a laptop or in the cloud."""
    store = SqliteStore(":memory:", lambda: datetime.now(UTC))
    cloud = {"K_SERVICE": "create", "GOOGLE_CLOUD_PROJECT": "demo-limits", "ALLOWED_ORIGINS": ORIGIN}
    with entry_point("create", data, {"CREATES_PER_MINUTE": "1", **(cloud if deployed else {})}, store=store) as client:
        yield lambda headers: client.http.post(f"{BASE}/sessions/create", json={}, headers=headers).status_code


def test_an_address_may_create_so_many_in_a_minute(tmp_path: Path) -> None:
    """The headers count down, the next one waits, a server with the secret is not counted."""
    with entry_point("create", tmp_path, {"CREATES_PER_MINUTE": "3"}) as client:
        left = [client.create().headers["RateLimit"].split(";")[1] for _ in range(3)]
        refused = client.http.post(f"{BASE}/sessions/create", json={})
        trusted = client.with_door("secret").create()

    body = assert_problem(refused, 429, "rate-limited")
    assert left == ["r=2", "r=1", "r=0"]
    assert refused.headers["RateLimit-Policy"] == '"create";q=3;w=60'
    assert refused.headers["RateLimit"].startswith('"create";r=0;t=')
    assert 1 <= int(refused.headers["Retry-After"]) == body["retry_after_s"] <= 60
    assert (trusted.status, "RateLimit" in trusted.headers) == (201, False)


@pytest.mark.parametrize(
    ("deployed", "first", "second", "same"),
    [
        (True, "198.51.100.1, 203.0.113.7", "198.51.100.2, 203.0.113.7", True),
        (True, "203.0.113.7", "203.0.113.8", False),
        (True, "2001:db8:1:2::7", "2001:db8:1:2:ffff::8", True),
        (True, "2001:db8:1:2::7", "2001:db8:1:3::7", False),
        (True, "not an address", "not an address", True),
        (False, "203.0.113.7", "203.0.113.8", True),
    ],
)
def test_an_address_is_what_googles_front_end_saw(
    deployed: bool, first: str, second: str, same: bool, tmp_path: Path
) -> None:
    """What a caller writes before the last hop changes nothing; on a laptop the header is anybody's and is not read."""
    with created_in_memory(tmp_path, deployed=deployed) as create:
        statuses = [create({"X-Forwarded-For": hops}) for hops in (first, second)]

    assert statuses == [201, 429 if same else 201]


@pytest.mark.parametrize(
    ("deployed", "first", "second", "same"),
    [
        (True, "203.0.113.7", "203.0.113.8", False),
        (True, "203.0.113.7", "203.0.113.7", True),
        (False, "203.0.113.7", "203.0.113.8", True),
    ],
)
def test_people_behind_hosting_are_told_apart(
    deployed: bool, first: str, second: str, same: bool, tmp_path: Path
) -> None:
    """They come by the same proxy, which tells whom it stands for."""
    with created_in_memory(tmp_path, deployed=deployed) as create:
        statuses = [create({"X-Forwarded-For": "198.51.100.1", "Fastly-Client-IP": told}) for told in (first, second)]

    assert statuses == [201, 429 if same else 201]


def test_whoever_makes_addresses_up_does_not_get_far(tmp_path: Path) -> None:
    """One hop has a limit of its own, however many it says to stand for; one that is refused does not use it up."""
    with created_in_memory(tmp_path, deployed=True) as create:
        hop = {"X-Forwarded-For": "198.51.100.1"}
        crowd = [hop | {"Fastly-Client-IP": f"203.0.113.{number}"} for number in range(SHARED + 1)]
        statuses = [create(headers) for headers in (crowd[0], crowd[0], *crowd[1:])]

    assert statuses == [201, 429, *[201] * (SHARED - 1), 429]


# what is never told


@pytest.mark.server
def test_secrets_tokens_and_words_never_reach_the_log(tmp_path: Path) -> None:
    """A whole interview and every kind of refusal later, the log names requests and sessions, and nobody's words."""
    name, role, said, key = (f"canary-{what}-{uuid.uuid4().hex}" for what in ("name", "role", "words", "key"))
    ingest, signing = NEXT_SECRET, OTHER_KEY
    with DevServer(tmp_path, {"INGEST_SECRET": ingest, "SESSION_SIGNING_KEY": signing}) as server:
        with ApiClient(server.url, secret=ingest) as client:
            client.create(candidate_name=name, role=role)
            client.start()
            answers = [client.answer(f"{said} {number}", f"e{number}") for number in range(3)]
            answers += [
                client.answer(said, "e0"),
                client.answer(said, "\n"),
                client.answer(""),
                client.answer("\0" + said),
            ]
            client.with_door("secret").turn("user_turn", parts=[{"id": "p", "text": said}], event_id="p")
            client.turn(said)
            list(client.stream_answer(said))
            client.finish()
            client.answer(said)
            token = client.session_token
            client.request("GET", f"sessions/{client.session_id}/messages?after={said}", headers=bearer(token))
            client.request("POST", "sessions/create", headers={"Idempotency-Key": key}, content=said.encode())
            client.request("POST", "sessions/create", json={said: said}, headers=secret(said))
            client.request("GET", f"{said}?token={token}", headers=bearer(said))
            client.voice_token()
            client.delete()
        log = server.log

    assert {200, 422} == {answered.status for answered in answers}
    assert "turn answered" in log
    for private in (name, role, said, key, ingest, signing, token, token.rpartition(".")[2]):
        assert private not in log


@pytest.mark.server
def test_every_answer_and_every_log_line_names_its_request(server: DevServer, api: ApiClient) -> None:
    """The id of an answer finds the lines of its request."""
    made = api.create()
    greeted = api.start()
    refused = api.request("GET", "nothing")
    gone = api.delete()

    ids = [answered.headers["X-Request-Id"] for answered in (made, greeted, refused, gone)]
    lines = [json.loads(line) for line in server.log.splitlines() if line.startswith("{")]
    told = {line["request_id"]: line for line in lines if line.get("request_id") in ids}
    assert len({str(uuid.UUID(id_)) for id_ in ids}) == 4
    assert [told[id_]["message"] for id_ in ids if id_ in told] == [
        "interview created",
        "turn answered",
        "request refused",
        "interview deleted",
    ]
    assert all(line["severity"] == "INFO" and line["timestamp"] for line in told.values())


def test_settings_do_not_print_secrets() -> None:
    """Neither as a whole nor in parts, nor in the message of a fault."""
    settings = Settings.from_env({**SECRETS, **LIVE, "GOOGLE_API_KEY": OTHER_KEY})
    printed = f"{settings!r} {settings} {settings.ingest!r} {settings.signing} {settings.gemini!r}"

    assert not [value for value in (*SECRETS.values(), *LIVE.values(), OTHER_KEY) if value in printed]


# how it is run


TARGETS = {
    "create": ("sessions/create", "sessions/create/health", "openapi.json"),
    "messages": (f"sessions/{OTHER_SESSION}", f"sessions/{OTHER_SESSION}/messages", "sessions/messages/health"),
    "next_turn": ("ui/next_turn", "engine/next_turn", "ui/next_turn/health", "engine/next_turn/health"),
    "token": ("livekit/token", "livekit/token/health"),
    "stage_timeout": ("tasks/stage_timeout", "tasks/stage_timeout/health"),
    "sweep": ("tasks/sweep", "tasks/sweep/health"),
}


@pytest.mark.parametrize("target", TARGETS)
def test_each_entry_point_answers_its_own_paths_alone(target: str, tmp_path: Path) -> None:
    """Its paths and its health, with a slash or without; those of the others are not there."""
    with entry_point(target, tmp_path) as client:
        found = {
            path
            for paths in TARGETS.values()
            for path in paths
            if client.http.request("PUT", f"{BASE}/{path}").status_code == 405
        }
        health = [path for path in TARGETS[target] if path.endswith("health")]
        answers = [client.http.get(f"{BASE}/{path}{slash}") for path in health for slash in ("", "/")]

    assert set(TARGETS[target]) == found
    assert {"ok"} == {answered.json()["status"] for answered in answers}
    assert all(answered.headers["Cache-Control"] == "no-store" for answered in answers)


@pytest.mark.server
@pytest.mark.parametrize("threads", ["1", "80"])
def test_an_entry_point_deploys_alone_under_the_real_server(threads: str, tmp_path: Path) -> None:
    """functions-framework's own command and one source file: that is all a deployment is."""
    command = ["-m", "functions_framework", "--target", "create", "--source", "functions/main.py"]
    env = {**SECRETS, "THREADS": threads}
    port = free_port()
    where = ["--host", "127.0.0.1", "--port", str(port)]
    with (
        DevServer(tmp_path, env, port=port, command=[*command, *where]) as server,
        ApiClient(server.url) as client,
    ):
        made = client.create()
        elsewhere = client.request(
            "GET", f"sessions/{client.session_id}/messages", headers=bearer(client.session_token)
        )

    assert (made.status, elsewhere.status) == (201, 404)


@pytest.mark.parametrize("path", ["sessions/create", "ui/next_turn", "sessions/{id}/messages", "livekit/token"])
def test_a_slash_at_the_end_is_optional(path: str, interview: ApiClient) -> None:
    """No redirect and no 404: the same answer."""
    method = "GET" if "messages" in path else "POST"
    answers = [
        send(interview, method, path.format(id=interview.session_id) + slash, bearer(interview.session_token), None)
        for slash in ("", "/")
    ]

    assert len({answered.status_code for answered in answers}) == 1
    assert answers[0].status_code in (200, 415)


def test_head_answers_as_get_without_a_body(interview: ApiClient) -> None:
    """Probes that use HEAD are served."""
    answered = interview.http.head(f"{BASE}/sessions/create/health")

    assert (answered.status_code, answered.content) == (200, b"")
