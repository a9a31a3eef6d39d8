"""The local Cloud Tasks is tried through the real google-cloud-tasks client."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.auth.transport import requests as google_requests
from google.cloud import tasks_v2
from google.oauth2 import id_token

from support import oidc
from support.clock import START, FakeClock
from support.local_server import Exchange, LocalServer
from support.process import wait_until
from support.tasks import NO_ANSWER, QUEUE, FakeCloudTasks, Trouble

AUDIENCE = "https://iv.test"


class Target(LocalServer):
    """Receives deliveries and answers with the statuses that the test wants, then with 200."""

    def __init__(self) -> None:
        self.arrived: list[Exchange] = []
        self.statuses: list[int] = []
        super().__init__(self._receive)

    def wait_for(self, deliveries: int) -> None:
        """Wait until so many have arrived."""
        wait_until(lambda: deliveries == len(self.arrived), 10, "a delivery")

    def _receive(self, exchange: Exchange) -> None:
        self.arrived.append(exchange)
        exchange.send(self.statuses.pop(0) if self.statuses else 200)


@pytest.fixture
def clock() -> FakeClock:
    """The time of the queue."""
    return FakeClock()


@pytest.fixture
def tasks(clock: FakeClock) -> Iterator[FakeCloudTasks]:
    """A local Cloud Tasks."""
    with FakeCloudTasks(clock.now) as server:
        yield server


@pytest.fixture
def client(tasks: FakeCloudTasks) -> Iterator[tasks_v2.CloudTasksClient]:
    """The real client."""
    with tasks.client() as real:
        yield real


@pytest.fixture
def target() -> Iterator[Target]:
    """Where tasks are delivered."""
    with Target() as server:
        yield server


def new_task(name: str = "t-1", url: str = "http://127.0.0.1:9/stage", in_seconds: float = 60) -> tasks_v2.Task:
    """A task as the product makes them."""
    return tasks_v2.Task(
        name=f"{QUEUE}/tasks/{name}",
        schedule_time=START + timedelta(seconds=in_seconds),
        dispatch_deadline=timedelta(seconds=60),
        http_request=tasks_v2.HttpRequest(
            url=url,
            http_method=tasks_v2.HttpMethod.POST,
            headers={"Content-Type": "application/json"},
            body=b'{"session_id": "s1"}',
            oidc_token=tasks_v2.OidcToken(service_account_email=oidc.INVOKER, audience=AUDIENCE),
        ),
    )


def create(client: tasks_v2.CloudTasksClient, task: tasks_v2.Task, **options: Any) -> tasks_v2.Task:
    """Create a task by the real client."""
    return client.create_task(parent=QUEUE, task=task, **options)


def test_a_task_is_kept_as_it_was_created(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient) -> None:
    """All that a test may want to know of a task is in the record."""
    made = create(client, new_task())

    task = tasks.tasks[0]
    assert made.name == task.name
    assert made.schedule_time == task.schedule_time == START + timedelta(seconds=60)
    assert (
        task.id,
        task.method,
        task.json,
        task.dispatch_deadline_seconds,
    ) == ("t-1", "POST", {"session_id": "s1"}, 60)
    assert (task.oidc_email, task.oidc_audience) == (oidc.INVOKER, AUDIENCE)


def test_a_name_is_never_free_again(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient) -> None:
    """A second task of the same name is refused, and so it is after the first was deleted."""
    create(client, new_task())

    with pytest.raises(exceptions.Conflict):
        create(client, new_task())
    client.delete_task(name=tasks.tasks[0].name)
    with pytest.raises(exceptions.Conflict):
        create(client, new_task())
    assert tasks.pending == []


@pytest.mark.parametrize(
    "task",
    [
        new_task(in_seconds=30 * 24 * 3600 + 1),
        new_task(name="no spaces"),
        new_task(url="ftp://somewhere"),
        tasks_v2.Task(name=f"{QUEUE}/tasks/t"),
    ],
    ids=["too-late", "bad-name", "bad-url", "no-request"],
)
def test_what_the_service_refuses_is_refused(client: tasks_v2.CloudTasksClient, task: tasks_v2.Task) -> None:
    """A local queue that is too kind would hide mistakes until production."""
    with pytest.raises(exceptions.BadRequest):
        create(client, task)


def test_tasks_can_be_read_and_listed(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient) -> None:
    """Reading shows what is pending; what is gone is not found."""
    made = create(client, new_task())

    assert [made.name] == [task.name for task in client.list_tasks(parent=QUEUE)]
    assert made.schedule_time == client.get_task(name=made.name).schedule_time
    tasks.lose(tasks.tasks[0])
    with pytest.raises(exceptions.NotFound):
        client.get_task(name=made.name)


def test_an_unknown_queue_is_not_found(client: tasks_v2.CloudTasksClient) -> None:
    """A queue has to exist first."""
    with pytest.raises(exceptions.NotFound):
        client.create_task(parent=QUEUE.replace("interviews", "other"), task=tasks_v2.Task())


def test_a_delivery_carries_identity_and_headers(
    tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient, target: Target
) -> None:
    """The receiver gets the body, the queue's headers and a token that verifies."""
    create(client, new_task(url=f"{target.url}/stage?x=1"))

    assert tasks.deliver(tasks.tasks[0]) == [200]

    arrived = target.arrived[0]
    assert (arrived.path, arrived.query, json.loads(arrived.body)) == ("/stage", {"x": ["1"]}, {"session_id": "s1"})
    assert (
        arrived.headers["x-cloudtasks-taskname"],
        arrived.headers["x-cloudtasks-queuename"],
        arrived.headers["x-cloudtasks-taskretrycount"],
        arrived.headers["content-type"],
    ) == ("t-1", "interviews", "0", "application/json")
    bearer = arrived.headers["authorization"].removeprefix("Bearer ")
    request = google_requests.Request()
    with oidc.JwksServer() as issuer:
        claims = id_token.verify_token(bearer, request, audience=AUDIENCE, certs_url=issuer.certs_url)
    request.session.close()
    assert claims["email"] == oidc.INVOKER


def test_a_task_stays_until_a_success(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient, target: Target) -> None:
    """Anything but a 2xx leaves it on the queue; a delivered one may still be delivered again."""
    target.statuses = [409, 503]
    create(client, new_task(url=target.url))
    task = tasks.tasks[0]

    assert tasks.deliver(task, times=2) == [409, 503]
    assert [task] == tasks.pending
    assert tasks.deliver(task, times=2) == [200, 200]
    assert tasks.pending == []


def test_nobody_at_home_is_no_answer(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient, target: Target) -> None:
    """A target that is down gives no status."""
    target.close()
    create(client, new_task(url=target.url))

    assert tasks.deliver(tasks.tasks[0]) == [NO_ANSWER]


def test_due_goes_by_the_clock_of_the_test(
    tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient, clock: FakeClock
) -> None:
    """Nothing is delivered by itself; a lost task is not due any more."""
    create(client, new_task("late", in_seconds=90))
    create(client, new_task("early", in_seconds=30))

    assert tasks.due(clock.now()) == []
    clock.advance(90)
    assert [task.id for task in tasks.due(clock.now())] == ["early", "late"]
    tasks.lose(tasks.due(clock.now())[0])
    assert [task.id for task in tasks.due(clock.now())] == ["late"]


def test_a_creation_may_fail(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient) -> None:
    """An error before the task was kept leaves nothing; one after it leaves the task and hides the success."""
    tasks.trouble(Trouble(503), Trouble(503, created=True))

    for kept in (0, 1):
        with pytest.raises(exceptions.ServiceUnavailable):
            create(client, new_task())
        assert kept == len(tasks.tasks)
    with pytest.raises(exceptions.Conflict):
        create(client, new_task())


def test_a_creation_may_hang(tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient) -> None:
    """Only the caller's own timeout ends it."""
    tasks.trouble(Trouble(hang=True))

    with pytest.raises((exceptions.RetryError, OSError)):
        create(client, new_task(), timeout=0.2, retry=None)
    assert tasks.tasks == []


def test_a_running_queue_delivers_and_tries_again(
    tasks: FakeCloudTasks, client: tasks_v2.CloudTasksClient, clock: FakeClock, target: Target
) -> None:
    """While it runs, a task goes out when the clock says so, and again 1, 2 and 4 s after each failure."""
    target.statuses = [503, 409, 503]
    create(client, new_task(url=target.url))
    with tasks.run():
        for step, attempts in ((60, 1), (1, 2), (2, 3), (4, 4)):
            assert attempts - 1 == len(target.arrived)
            clock.advance(step)
            target.wait_for(attempts)
            wait_until(lambda: not tasks.delivering, 10, "the end of a delivery")

    assert tasks.pending == []

    assert [sent.headers["x-cloudtasks-taskretrycount"] for sent in target.arrived] == ["0", "1", "2", "3"]


def test_deliveries_can_go_to_an_app_of_this_process(clock: FakeClock) -> None:
    """The way of delivery is replaceable."""
    seen: list[str] = []
    done = threading.Event()

    def post(url: str, method: str, headers: Any, body: bytes, timeout_seconds: float) -> int:
        seen.append(f"{method} {url}")
        done.set()
        return 204

    with FakeCloudTasks(clock.now, post=post) as tasks, tasks.client() as client:
        create(client, new_task(in_seconds=0))
        with tasks.run():
            assert done.wait(10)

    assert seen == ["POST http://127.0.0.1:9/stage"]
