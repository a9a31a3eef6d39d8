"""What strangers may take in a day, over HTTP: the caps that hold however many processes there are."""

import uuid
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Unpack

import httpx
import pytest

from interviewos.adapters.firestore.calls import connect
from interviewos.adapters.firestore.quota import FirestoreQuota
from interviewos.adapters.sqlite import SqliteStore
from interviewos.adapters.sqlite_quota import SqliteQuota
from interviewos.bootstrap import Parts
from interviewos.domain.errors import StoreUnavailable
from interviewos.usecases.ports import DayUsage, QuotaCounter
from support.client import BASE, ApiClient
from support.emulators import FirestoreEmulator
from support.entry_points import SECRET, SECRETS, entry_point
from support.gemini import FakeGemini
from support.problems import assert_problem, problem_of
from support.process import free_port
from support.server import DevServer
from support.stores import CountedSqlite

NO_HURRY = {"CREATES_PER_MINUTE": "100000"}
CREATE = f"{BASE}/sessions/create"


class Ledger:
    """Counts for a day what a test says was used, and how often it was looked at."""

    def __init__(self, interviews: int = 0, fails_to: str = "") -> None:
        self.spent = DayUsage(interviews)
        self.calls: list[str] = []
        self._fails_to = fails_to

    def add(self, day: date, *, interviews: int = 0, tokens: int = 0) -> None:
        self._call("add")
        self.spent = DayUsage(self.spent.interviews + interviews, self.spent.tokens + tokens)

    def of(self, day: date) -> DayUsage:
        self._call("of")
        return self.spent

    def _call(self, name: str) -> None:
        self.calls.append(name)
        if name == self._fails_to:
            raise StoreUnavailable(retry_after=2)


@contextmanager
def door(where: Path, env: Mapping[str, str], **given: Unpack[Parts]) -> Iterator[ApiClient]:
    """The entry point that creates, with so much for a day."""
    with entry_point("create", where, {**NO_HURRY, **env}, **given) as client:
        yield client


def spending_of(where: Path, env: Mapping[str, str] | None = None) -> QuotaCounter:
    """What another process would see of the days."""
    if env and "GOOGLE_CLOUD_PROJECT" in env:
        return FirestoreQuota(connect(env["GOOGLE_CLOUD_PROJECT"], "(default)"))
    return SqliteQuota(str(where / "interviews.db"))


def create(client: ApiClient, key: str = "") -> httpx.Response:
    """Ask as a stranger."""
    return client.http.post(CREATE, json={}, headers={"Idempotency-Key": key} if key else {})


def assert_until_midnight(refused: httpx.Response) -> None:
    """The wait ends with the day, in UTC."""
    back = datetime.now(UTC) + timedelta(seconds=int(refused.headers["Retry-After"]))
    assert timedelta() <= back - datetime.combine(back.date(), datetime.min.time(), UTC) < timedelta(seconds=30)


def test_the_interviews_of_a_day(tmp_path: Path) -> None:
    """So many may begin, the next one waits for midnight; a server with the secret is neither counted nor stopped."""
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "3"}) as client:
        trusted = client.with_door("secret").create()
        made = [create(client) for _ in range(3)]
        refused = create(client)
        trusted_again = client.with_door("secret").create()

    assert [answered.status_code for answered in made] == [201] * 3
    assert "midnight UTC" in assert_problem(refused, 429, "daily-interviews-reached")["detail"]
    assert_until_midnight(refused)
    assert (trusted.status, trusted_again.status) == (201, 201)


def test_the_tokens_of_a_day(tmp_path: Path) -> None:
    """When they are used up no stranger begins, until midnight."""
    with door(tmp_path, {"TOKENS_PER_DAY": "1000"}) as client:
        spending_of(tmp_path).add(datetime.now(UTC).date(), tokens=999)
        last = create(client)
        spending_of(tmp_path).add(datetime.now(UTC).date(), tokens=1)
        refused = create(client)
        trusted = client.with_door("secret").create()

    assert (last.status_code, trusted.status) == (201, 201)
    assert_problem(refused, 503, "daily-budget-reached")
    assert_until_midnight(refused)


@pytest.mark.server
def test_interviews_that_run_use_up_the_day(gemini: FakeGemini, tmp_path: Path) -> None:
    """What they pay in advance closes the door to the next stranger, and to nobody who is inside."""
    with (
        DevServer(tmp_path, gemini.env() | {"TOKENS_PER_DAY": "150000"}) as server,
        ApiClient(server.url) as first,
        ApiClient(server.url) as second,
        ApiClient(server.url) as third,
    ):
        for client in (first, second):
            assert client.create().status == 201
            assert client.start().status == 200
        refused = create(third)
        inside = second.answer("I bake bread.")
        ended = [first.finish(), second.finish()]
        then = create(third)

    assert inside["source"] == "model"
    assert [each["done"] for each in ended] == [True, True]
    assert sum(request.closes for request in gemini.requests) == 1  # nothing was answered in the first one
    assert_problem(refused, 503, "daily-budget-reached")
    assert then.status_code == 201


@pytest.mark.server
def test_an_interview_that_ends_uses_up_the_day(gemini: FakeGemini, tmp_path: Path) -> None:
    """Its tokens close the door to the next stranger until midnight."""
    with DevServer(tmp_path, gemini.env() | {"TOKENS_PER_DAY": "1"}) as server, ApiClient(server.url) as first:
        first.create()
        first.start()
        ended = first.finish()
        refused = create(first)

    assert ended["done"]
    assert_problem(refused, 503, "daily-budget-reached")


@pytest.mark.server
def test_an_interview_that_is_deleted_uses_up_the_day(gemini: FakeGemini, tmp_path: Path) -> None:
    """What was asked of the model was paid for, whatever becomes of the transcript."""
    with (
        DevServer(tmp_path, gemini.env() | {"TOKENS_PER_DAY": "1"}) as server,
        ApiClient(server.url) as first,
        ApiClient(server.url) as second,
    ):
        first.create()
        first.start()
        first.delete()
        refused = create(second)

    assert_problem(refused, 503, "daily-budget-reached")


def test_yesterday_is_over(tmp_path: Path) -> None:
    """What was used then takes nothing from today."""
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "1", "TOKENS_PER_DAY": "10"}) as client:
        spending_of(tmp_path).add(datetime.now(UTC).date() - timedelta(days=1), interviews=1, tokens=10)

        assert create(client).status_code == 201


def test_a_repeat_is_found_again_after_the_last_interview(tmp_path: Path) -> None:
    """A stranger whose answer was lost gets the interview that was made, and it is counted once."""
    key, other = str(uuid.uuid4()), str(uuid.uuid4())
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "2"}) as client:
        made = [create(client, key) for _ in range(5)]
        last = create(client)
        again = create(client, key)
        refused = create(client, other)

    assert [answered.status_code for answered in (*made, last, again)] == [201] * 7
    assert len({answered.json()["session_id"] for answered in (*made, again)}) == 1
    assert_problem(refused, 429, "daily-interviews-reached")


@pytest.mark.parametrize("fails_to", ["of", "add"])
def test_a_store_that_cannot_count_lets_no_stranger_in(fails_to: str, tmp_path: Path) -> None:
    """503 and a wait, and nothing is made; a server with the secret needs no counting."""
    store = CountedSqlite(str(tmp_path / "counted.db"))
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "3"}, spending=Ledger(fails_to=fails_to), store=store) as client:
        store.statements.clear()
        body = assert_problem(create(client), 503, "store-unavailable")
        written = store.statements[:]
        trusted = client.with_door("secret").create()

    assert body["retry_after_s"] == 2
    assert written == []
    assert trusted.status == 201


@pytest.mark.parametrize(
    ("env", "key", "looks", "statements"),
    [
        ({}, "", [], ["INSERT"]),
        ({}, "key", [], ["INSERT"]),
        ({"INTERVIEWS_PER_DAY": "0", "TOKENS_PER_DAY": "0"}, "key", [], ["INSERT"]),
        ({"INTERVIEWS_PER_DAY": "9"}, "", ["of", "add"], ["INSERT"]),
        ({"TOKENS_PER_DAY": "9"}, "key", ["of", "add"], ["SELECT", "INSERT"]),
    ],
    ids=["no-cap", "no-cap-with-a-key", "caps-of-nothing", "cap", "cap-with-a-key"],
)
def test_what_a_create_costs(
    env: dict[str, str],
    key: str,
    looks: list[str],
    statements: list[str],
    tmp_path: Path,
) -> None:
    """Without a cap one write and nothing else; a cap costs a look and a count, a key one read more."""
    ledger, store = Ledger(), CountedSqlite(str(tmp_path / "counted.db"))
    with door(tmp_path, env, spending=ledger, store=store) as client:
        store.statements.clear()
        assert create(client, key and str(uuid.uuid4())).status_code == 201

    assert ledger.calls == looks
    assert [statement.split()[0] for statement in store.statements] == statements


def test_what_a_refusal_costs(tmp_path: Path) -> None:
    """One look, and nothing is written: a crowd at a closed door is cheap."""
    ledger, store = Ledger(interviews=3), CountedSqlite(str(tmp_path / "counted.db"))
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "3"}, spending=ledger, store=store) as client:
        store.statements.clear()
        assert_problem(create(client), 429, "daily-interviews-reached")

    assert (ledger.calls, store.statements) == (["of"], [])


def test_the_address_comes_first(tmp_path: Path) -> None:
    """Who is turned away for their own haste costs no look at the day."""
    ledger = Ledger()
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "9", "CREATES_PER_MINUTE": "1"}, spending=ledger) as client:
        asked = [create(client) for _ in range(5)]

    assert ["", *["/problems#rate-limited"] * 4] == [problem_of(answered) for answered in asked]
    assert ledger.calls == ["of", "add"]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("firestore", marks=pytest.mark.emulator)])
def test_twenty_at_once_for_five_places(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Four at a time: five get in, and at most three more who looked at the same moment as the fifth."""
    env = {"INTERVIEWS_PER_DAY": "5"}
    if kind == "firestore":
        env |= firestore_of(request.getfixturevalue("firestore_emulator"))
    with door(tmp_path, env) as client, ThreadPoolExecutor(4) as pool:
        assert client.with_door("secret").create().status == 201  # what is sent again for slowness counts again
        asked = list(pool.map(lambda _: create(client), range(20)))
        counted = spending_of(tmp_path, env).of(datetime.now(UTC).date()).interviews

    let_in = [answered.status_code for answered in asked].count(201)
    assert 5 <= let_in <= 5 + 4 - 1
    assert let_in == counted
    assert {problem_of(answered) for answered in asked if answered.status_code != 201} == {
        "/problems#daily-interviews-reached"
    }


def firestore_of(emulator: FirestoreEmulator) -> dict[str, str]:
    """A world of this test's own."""
    return {"FIRESTORE_EMULATOR_HOST": emulator.host, "GOOGLE_CLOUD_PROJECT": f"demo-{uuid.uuid4().hex[:12]}"}


@pytest.mark.server
@pytest.mark.emulator
def test_two_processes_share_one_cap(firestore_emulator: FirestoreEmulator, tmp_path: Path) -> None:
    """The functions as they are deployed, twice, on one Firestore: what one lets in the other counts."""
    env = {**SECRETS, **NO_HURRY, **firestore_of(firestore_emulator), "INTERVIEWS_PER_DAY": "5"}
    with ExitStack() as stack:
        here, there = (stack.enter_context(deployed(tmp_path / name, env)) for name in ("here", "there"))
        trusted = [client.with_door("secret").create() for client in (here, there)]
        made = [create(client) for client in (here, there, here, there, here)]
        refused = [create(client) for client in (here, there)]

    assert [answered.status_code for answered in made] == [201] * 5
    for answered in refused:
        assert_problem(answered, 429, "daily-interviews-reached")
    assert [answered.status for answered in trusted] == [201, 201]


@contextmanager
def deployed(data: Path, env: dict[str, str]) -> Iterator[ApiClient]:
    """The entry point in a process of its own, under functions-framework."""
    port = free_port()
    command = ["-m", "functions_framework", "--target", "create", "--source", "functions/main.py"]
    where = ["--host", "127.0.0.1", "--port", str(port)]
    with (
        DevServer(data, env, port=port, command=[*command, *where]) as server,
        ApiClient(server.url, secret=SECRET) as client,
    ):
        yield client


def test_the_file_of_a_laptop_holds_both(tmp_path: Path) -> None:
    """Interviews and counts are in one database, so that one folder is all there is to keep."""
    with door(tmp_path, {"INTERVIEWS_PER_DAY": "3"}) as client:
        made = create(client).json()["session_id"]

    assert [file.name for file in tmp_path.glob("*.db")] == ["interviews.db"]
    assert SqliteStore(str(tmp_path / "interviews.db"), lambda: datetime.now(UTC)).read(made).interview
