"""A local Cloud Tasks whose deliveries are decided by the test: early, late, twice, or never."""

import base64
import http.client
import json
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from google.auth.credentials import AnonymousCredentials
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksRestTransport

from support import oidc
from support.local_server import Exchange, LocalServer

QUEUE = "projects/demo-iv/locations/europe-west1/queues/interviews"
COLLECTION = re.compile(r"^/v2/(?P<queue>projects/[^/]+/locations/[^/]+/queues/[^/]+)/tasks$")
TASK_ID = re.compile(r"^[A-Za-z0-9_-]{1,500}$")
HORIZON = timedelta(days=30)
LARGEST_BODY = 1024 * 1024
RETRY_SECONDS = (1.0, 2.0, 4.0)

# As the enum's numbers travel: the REST transport asks for `enum-encoding=int`.
METHODS = {0: "POST", 1: "POST", 2: "GET", 3: "HEAD", 4: "PUT", 5: "DELETE", 6: "PATCH", 7: "OPTIONS"}
STATUS_NAMES = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 409: "ALREADY_EXISTS", 429: "RESOURCE_EXHAUSTED"}

Post = Callable[[str, str, Mapping[str, str], bytes, float], int]
NO_ANSWER = 0


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it was created."""

    name: str
    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    schedule_time: datetime
    created_at: datetime
    oidc_email: str
    oidc_audience: str
    dispatch_deadline_seconds: float

    @property
    def id(self) -> str:
        """The last part of the name."""
        return self.name.rpartition("/")[2]

    @property
    def queue(self) -> str:
        """The full name of the queue."""
        return self.name.rpartition("/tasks/")[0]

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Trouble:
    """How `CreateTask` misbehaves once: slowly, with an error, or not answering. `created`: after the task was kept."""

    status: int = 200
    delay_seconds: float = 0.0
    hang: bool = False
    created: bool = False


class Refused(Exception):
    """The request does not fit Cloud Tasks' rules."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def post(url: str, method: str, headers: Mapping[str, str], body: bytes, timeout_seconds: float) -> int:
    """Send one delivery over HTTP, following no redirect; no answer at all is `NO_ANSWER`."""
    target = urlsplit(url)
    connection = http.client.HTTPConnection(target.netloc, timeout=timeout_seconds)
    try:
        connection.request(method, url.partition(target.netloc)[2] or "/", body, dict(headers))
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return NO_ANSWER
    finally:
        connection.close()


@dataclass(slots=True)
class _Progress:
    """How far the delivery of a task is."""

    next_at: datetime
    attempts: int = 0
    last_status: int = NO_ANSWER
    running: bool = False


class FakeCloudTasks(LocalServer):
    """Cloud Tasks' REST interface on 127.0.0.1, strict where the service is strict.

    `tasks` is every task ever created, `pending` those not yet delivered with a 2xx, deleted or lost. A name is never
    free again. `post` may be replaced to deliver into an app of this process.
    """

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        post: Post = post,
        queues: frozenset[str] = frozenset({QUEUE}),
    ) -> None:
        self.tasks: list[Task] = []
        self.queues = queues
        self.creations = 0
        self._now = now
        self._post = post
        self._progress: dict[str, _Progress] = {}
        self._troubles: deque[Trouble] = deque()
        self._lock = threading.RLock()
        super().__init__(self._serve_request)

    def client(self) -> CloudTasksClient:
        """The real client, connected here."""
        transport = CloudTasksRestTransport(
            host=self.host, url_scheme="http", credentials=AnonymousCredentials()  # type: ignore[no-untyped-call]
        )  # fmt: skip
        return CloudTasksClient(transport=transport)

    @property
    def pending(self) -> list[Task]:
        """Tasks still to be delivered, the earliest first."""
        with self._lock:
            left = [task for task in self.tasks if task.name in self._progress]
        return sorted(left, key=lambda task: task.schedule_time)

    @property
    def delivering(self) -> bool:
        """Whether a running queue waits for an answer just now."""
        with self._lock:
            return any(progress.running for progress in self._progress.values())

    def due(self, now: datetime) -> list[Task]:
        """Pending tasks whose time has come."""
        return [task for task in self.pending if task.schedule_time <= now]

    def trouble(self, *troubles: Trouble) -> None:
        """Let the next creations misbehave, one each."""
        self._troubles.extend(troubles)

    def lose(self, task: Task) -> None:
        """Forget the task without a delivery; its name stays taken."""
        with self._lock:
            self._progress.pop(task.name, None)

    def deliver(self, task: Task, times: int = 1) -> list[int]:
        """Post the task now, whatever its time and even if it was delivered before; a 2xx takes it off the queue."""
        return [self._deliver_once(task) for _ in range(times)]

    @contextmanager
    def run(self, clock: Callable[[], datetime] | None = None, most_attempts: int = 8) -> Iterator[None]:
        """Dispatch by the clock while the block runs, trying again 1, 2, 4, 4, ... s after anything but a 2xx."""
        stop = threading.Event()
        arguments = (stop, clock or self._now, most_attempts)
        dispatcher = threading.Thread(target=self._dispatch, args=arguments, daemon=True)
        dispatcher.start()
        try:
            yield
        finally:
            stop.set()
            dispatcher.join()

    def _deliver_once(self, task: Task) -> int:
        with self._lock:
            progress = self._progress.get(task.name) or _Progress(task.schedule_time)
            headers = _delivery_headers(task, progress)
        status = self._post(task.url, task.method, headers, task.body, task.dispatch_deadline_seconds)
        with self._lock:
            progress.attempts += 1
            progress.last_status = status
            if 200 <= status < 300:
                self._progress.pop(task.name, None)
        return status

    def _dispatch(self, stop: threading.Event, clock: Callable[[], datetime], most_attempts: int) -> None:
        while not stop.wait(0.01):
            for task in self._take_due(clock()):
                arguments = (task, clock, most_attempts)
                threading.Thread(target=self._attempt, args=arguments, daemon=True).start()

    def _take_due(self, now: datetime) -> list[Task]:
        with self._lock:
            ready = [task for task in self.pending if self._is_ready(self._progress[task.name], now)]
            for task in ready:
                self._progress[task.name].running = True
        return ready

    @staticmethod
    def _is_ready(progress: _Progress, now: datetime) -> bool:
        return not progress.running and progress.next_at <= now

    def _attempt(self, task: Task, clock: Callable[[], datetime], most_attempts: int) -> None:
        self._deliver_once(task)
        with self._lock:
            progress = self._progress.get(task.name)
            if progress is None:
                return
            if progress.attempts >= most_attempts:
                self.lose(task)
                return
            wait = RETRY_SECONDS[min(progress.attempts, len(RETRY_SECONDS)) - 1]
            progress.next_at = clock() + timedelta(seconds=wait)
            progress.running = False

    def _serve_request(self, exchange: Exchange) -> None:
        try:
            exchange.send_json(200, self._result(exchange))
        except Refused as refusal:
            _refuse(exchange, refusal.status, str(refusal))

    def _result(self, exchange: Exchange) -> dict[str, Any]:
        collection = COLLECTION.match(exchange.path)
        if collection and collection["queue"] not in self.queues:
            raise Refused(404, "Requested entity was not found.")
        match exchange.method, collection is not None:
            case "POST", True:
                return self._create(exchange, exchange.path.removeprefix("/v2/"))
            case "GET", True:
                return {"tasks": [_wire(task) for task in self.pending]}
            case "GET" | "DELETE", False:
                return self._read_or_delete(exchange.method, exchange.path.removeprefix("/v2/"))
        raise Refused(404, f"no such method: {exchange.method} {exchange.path}")

    def _create(self, exchange: Exchange, collection: str) -> dict[str, Any]:
        with self._lock:
            self.creations += 1
            number = self.creations
            trouble = self._troubles.popleft() if self._troubles else Trouble()
        if not trouble.created:
            self._suffer(exchange, trouble)
        task = self._keep(_parse(json.loads(exchange.body)["task"], collection, number, self._now()))
        if trouble.created:
            self._suffer(exchange, trouble)
        return _wire(task)

    @staticmethod
    def _suffer(exchange: Exchange, trouble: Trouble) -> None:
        exchange.pause(trouble.delay_seconds)
        if trouble.hang:
            exchange.hang()
        if trouble.status != 200:
            raise Refused(trouble.status, "scripted trouble")

    def _keep(self, task: Task) -> Task:
        with self._lock:
            if any(task.name == known.name for known in self.tasks):
                raise Refused(409, "Requested entity already exists")
            self.tasks.append(task)
            self._progress[task.name] = _Progress(task.schedule_time)
        return task

    def _read_or_delete(self, method: str, name: str) -> dict[str, Any]:
        task = next((task for task in self.pending if task.name == name), None)
        if task is None:
            raise Refused(404, "Requested entity was not found.")
        if method == "DELETE":
            self.lose(task)
            return {}
        return _wire(task)


def _parse(given: Mapping[str, Any], collection: str, number: int, now: datetime) -> Task:
    request = given.get("httpRequest")
    if request is None:
        raise Refused(400, "Task must have an http_request.")
    oidc_token = request.get("oidcToken", {})
    task = Task(
        name=given.get("name") or f"{collection}/{number:020}",
        url=request.get("url", ""),
        method=METHODS[int(request.get("httpMethod", 0))],
        headers=request.get("headers", {}),
        body=base64.b64decode(request.get("body", "")),
        schedule_time=max(_time(given.get("scheduleTime")) or now, now),
        created_at=now,
        oidc_email=oidc_token.get("serviceAccountEmail", ""),
        oidc_audience=oidc_token.get("audience", ""),
        dispatch_deadline_seconds=float(given.get("dispatchDeadline", "600s").removesuffix("s")),
    )
    _check(task, collection, now, has_token="oidcToken" in request)
    return task


def _check(task: Task, collection: str, now: datetime, *, has_token: bool) -> None:
    parent, _, task_id = task.name.rpartition("/")
    rules = {
        "Task name must be formatted as .../queues/<QUEUE_ID>/tasks/<TASK_ID>": (
            parent == collection and TASK_ID.match(task_id)
        ),
        "HttpRequest.url must start with http:// or https://": re.match("https?://.", task.url),
        "The Task.scheduleTime is too far in the future": task.schedule_time <= now + HORIZON,
        "Task.dispatchDeadline must be between [15s, 30m]": 15 <= task.dispatch_deadline_seconds <= 1800,
        "Task size too large": len(task.body) <= LARGEST_BODY,
        "OidcToken.service_account_email must be set": task.oidc_email or not has_token,
    }
    for message, kept in rules.items():
        if not kept:
            raise Refused(400, message)


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    seconds, _, fraction = text.removesuffix("Z").partition(".")
    return datetime.fromisoformat(f"{seconds}.{fraction[:6]:0<6}+00:00")


def _wire(task: Task) -> dict[str, Any]:
    number = next(number for number, method in METHODS.items() if number and method == task.method)
    request = {"url": task.url, "httpMethod": number, "headers": dict(task.headers)}
    return {
        "name": task.name,
        "httpRequest": request,
        "scheduleTime": task.schedule_time.isoformat(),
        "createTime": task.created_at.isoformat(),
        "dispatchDeadline": f"{task.dispatch_deadline_seconds:g}s",
        "view": 1,
    }


def _delivery_headers(task: Task, progress: _Progress) -> dict[str, str]:
    headers = {"Content-Type": "application/octet-stream", **task.headers, "User-Agent": "Google-Cloud-Tasks"}
    headers |= {
        "X-CloudTasks-QueueName": task.queue.rpartition("/")[2],
        "X-CloudTasks-TaskName": task.id,
        "X-CloudTasks-TaskRetryCount": str(progress.attempts),
        "X-CloudTasks-TaskExecutionCount": str(progress.attempts),
        "X-CloudTasks-TaskETA": f"{task.schedule_time.timestamp():.6f}",
    }
    if progress.attempts:
        headers["X-CloudTasks-TaskPreviousResponse"] = str(progress.last_status)
    if task.oidc_email:
        bearer = oidc.token(email=task.oidc_email, audience=task.oidc_audience or task.url)
        headers["Authorization"] = f"Bearer {bearer}"
    return headers


def _refuse(exchange: Exchange, status: int, message: str) -> None:
    name = STATUS_NAMES.get(status, "UNAVAILABLE")
    exchange.send_json(status, {"error": {"code": status, "message": message, "status": name}})
