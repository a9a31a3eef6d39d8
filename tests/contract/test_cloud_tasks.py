"""Alarms by Cloud Tasks, from the real client to the real entry point, with deliveries as bad as they come."""

from __future__ import annotations

import logging
import random
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc  # type: ignore[import-untyped]
import pytest
from flask import Flask
from google.cloud.tasks_v2 import CloudTasksClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from interviewos.adapters.cloud_tasks import CREATE_SECONDS, SAME_SECONDS, CloudTasksAlarm, task_id
from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.sqlite import SqliteStore
from interviewos.bootstrap import build
from interviewos.domain.interview import Candidate, EventType, Interview, Role, Status, new_interview
from interviewos.settings import Settings, TasksSettings
from interviewos.usecases.turns import Turns
from interviewos.web.auth import GoogleCallers, google_key
from support import oidc
from support.clock import FakeClock
from support.emulators import TasksEmulator
from support.entry_points import flask_app
from support.fakes import FakeInterviewer, Room, last, plan
from support.local_server import Exchange, LocalServer
from support.process import wait_until
from support.stores import DownStore, now
from support.tasks import QUEUE, FakeCloudTasks, Task, Trouble

TARGET = "https://iv.test/api/interview/tasks/stage_timeout"
PROJECT, LOCATION, QUEUE_ID = "demo-iv", "europe-west1", "interviews"
SETTINGS = TasksSettings(PROJECT, LOCATION, QUEUE_ID, TARGET, oidc.INVOKER)


ENVIRONMENT = {
    "GOOGLE_CLOUD_PROJECT": PROJECT,
    "TASKS_LOCATION": LOCATION,
    "TASKS_QUEUE": QUEUE_ID,
    "TASKS_TARGET_URL": TARGET,
    "TASKS_INVOKER": oidc.INVOKER,
}


@pytest.fixture
def tasks(clock: FakeClock) -> Iterator[FakeCloudTasks]:
    """A Cloud Tasks whose time is the test's."""
    with FakeCloudTasks(now=clock.now) as queue:
        yield queue


@pytest.fixture
def alarm(tasks: FakeCloudTasks) -> CloudTasksAlarm:
    """The adapter under test, with the real client."""
    return CloudTasksAlarm(tasks.client(), SETTINGS)


# the task


def test_a_task_holds_all_that_its_delivery_needs(
    tasks: FakeCloudTasks, alarm: CloudTasksAlarm, clock: FakeClock
) -> None:
    """Name, address, body, identity, time and patience."""
    moves_on_at = clock.now() + timedelta(seconds=210)
    alarm.set("some-session", moves_on_at)
    (task,) = tasks.tasks

    assert task.name == f"{QUEUE}/tasks/{task_id('some-session', moves_on_at)}"
    assert (task.url, task.method) == (TARGET, "POST")
    assert task.headers["Content-Type"] == "application/json"
    assert task.json == {"session_id": "some-session"}
    assert (task.oidc_email, task.oidc_audience) == (oidc.INVOKER, TARGET)
    assert task.schedule_time == moves_on_at + timedelta(seconds=2)
    assert task.dispatch_deadline_seconds >= 60


def test_the_name_tells_interview_and_time_apart_and_nothing_about_them(clock: FakeClock) -> None:
    """A hash: ordered names are slow, and a session id is nobody else's business."""
    first, later = clock.now(), clock.now() + timedelta(microseconds=1)
    names = {task_id(session, at) for session in ("one", "two") for at in (first, later)}

    assert len(names) == 4
    assert all(name.isalnum() and len(name) >= 32 for name in names)


def test_the_same_alarm_twice_is_one_task(tasks: FakeCloudTasks, alarm: CloudTasksAlarm, clock: FakeClock) -> None:
    """Also after it was delivered, when Cloud Tasks still remembers the name."""
    alarm.set("some-session", clock.now())
    alarm.set("some-session", clock.now())
    tasks.lose(tasks.tasks[0])
    alarm.set("some-session", clock.now())
    alarm.set("some-session", clock.now() + timedelta(seconds=1))

    assert tasks.creations == 4
    assert len(tasks.tasks) == 2


def test_two_sweeps_hand_an_interview_over_once(
    tasks: FakeCloudTasks, alarm: CloudTasksAlarm, clock: FakeClock
) -> None:
    """At once and not as its alarm, whose name is taken; minutes later it may be handed over again."""
    period = timedelta(seconds=SAME_SECONDS)
    begins = clock.now() + period - (clock.now() - datetime.fromtimestamp(0, UTC)) % period
    alarm.set("some-session", begins)
    taken = [alarm.hand_over("some-session", begins + part * period) for part in (0, 0.5, 1)]

    assert taken == [True, True, True]
    assert len(tasks.tasks) == 3
    assert {task.schedule_time for task in tasks.tasks[1:]} == {begins, begins + period}


def test_what_the_queue_does_not_take_is_not_handed_over(tasks: FakeCloudTasks, alarm: CloudTasksAlarm) -> None:
    tasks.trouble(Trouble(503))

    assert alarm.hand_over("some-session", now()) is False


TROUBLES = {
    "refused": Trouble(403),
    "throttled": Trouble(429),
    "broken": Trouble(500),
    "unavailable": Trouble(503),
    "hanging": Trouble(hang=True),
    "kept but not answered": Trouble(created=True, hang=True),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
def test_a_task_that_cannot_be_created_costs_the_candidate_nothing(
    trouble: Trouble,
    tasks: FakeCloudTasks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried once, given up, logged without a word of the candidate, and left to the sweep."""
    tasks.trouble(trouble)
    room = Room()
    room.turns = replace(room.turns, alarm=CloudTasksAlarm(tasks.client(), SETTINGS, seconds=0.5))

    assert room.start().interview.status is Status.RUNNING
    assert room.interview.due_at == room.interview.moves_on_at
    wait_until(lambda: tasks.creations == 1, 5, "the call")
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "alarm left to the sweep"
    ]


def test_a_cloud_tasks_out_of_reach_costs_the_candidate_nothing() -> None:
    """By gRPC as deployed: nobody listens, or somebody listens and never answers."""
    for backlog in (None, 8):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            if backlog:
                listener.listen(backlog)
            with grpc.insecure_channel(f"127.0.0.1:{listener.getsockname()[1]}") as channel:
                client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
                CloudTasksAlarm(client, SETTINGS, seconds=0.2).set("some-session", now())


def test_a_candidate_waits_two_seconds_for_a_task_at_most() -> None:
    """The limit that the other tests shorten."""
    assert CREATE_SECONDS == 2


# whole interviews of a silent candidate


@dataclass
class Cloud:
    """The deployed service in one process: store, queue and both entry points of the clock, and one time for all."""

    clock: FakeClock
    tasks: FakeCloudTasks
    room: Room
    sweeper: Any

    def sweep(self) -> Any:
        """Cloud Scheduler's call, once a minute."""
        bearer = oidc.token(audience=TARGET)
        response = self.sweeper.post("/api/interview/tasks/sweep", headers={"Authorization": f"Bearer {bearer}"})
        assert response.status_code == 200
        return response.json

    def wait_for(self, task: Task, seconds: float = 0) -> None:
        """Let the time of a task come, and some more."""
        left = (task.schedule_time - self.clock.now()).total_seconds()
        self.clock.advance(max(0, left) + seconds)

    @property
    def interview(self) -> Interview:
        """As it is now."""
        return self.room.interview

    @property
    def ended(self) -> bool:
        """Is it over?"""
        return self.interview.status is Status.ENDED


class WsgiPost:
    """Delivers into apps of this process."""

    def __init__(self) -> None:
        self.app: Any = None
        self.statuses: list[int] = []

    def __call__(self, url: str, method: str, headers: Mapping[str, str], body: bytes, seconds: float) -> int:
        path = url.partition("iv.test")[2]
        status = int(self.app.test_client().open(path, method=method, headers=dict(headers), data=body).status_code)
        self.statuses.append(status)
        return status


@pytest.fixture
def post() -> WsgiPost:
    """Remembers what was answered."""
    return WsgiPost()


@pytest.fixture
def cloud(clock: FakeClock, post: WsgiPost) -> Iterator[Cloud]:
    """A started interview; its candidate will not say a word."""
    callers = GoogleCallers(SETTINGS, lambda _: oidc.signing_key().public_key())
    with FakeCloudTasks(now=clock.now, post=post) as tasks:
        room = Room(clock=clock)
        room.turns = Turns(
            plan,
            room.store,
            room.interviewer,
            CloudTasksAlarm(tasks.client(), SETTINGS),
            room.voice,
            clock.monotonic,
            gate="off",
        )
        app = build(Settings.from_env(ENVIRONMENT), clock=clock.now, turns=room.turns, google_callers=callers)
        post.app = flask_app(app, "stage_timeout")
        room.start()
        yield Cloud(clock, tasks, room, flask_app(app, "sweep").test_client())


def assert_ended_once(interview: Interview) -> None:
    """Three bullets, every stage once, nothing said twice, nothing left to do."""
    spoken = [m for m in interview.messages if m.role is Role.AGENT]
    ids = [m.meta.event_ids for m in spoken]
    assert (interview.status, interview.stage, interview.epoch) == (Status.ENDED, "done", 3)
    assert spoken[-1].text.count("\n- ") == 2
    assert ids == [("start",), ("wake-1",), ("wake-2",), ("wake-2",)]
    assert len({m.text for m in spoken}) == len(spoken)
    assert [m.seq for m in interview.messages] == list(range(1, interview.seq + 1))
    assert (interview.due_at, interview.lease, interview.pending) == (None, None, ())


def test_tasks_on_time_lead_a_silent_candidate_to_the_end(cloud: Cloud, post: WsgiPost) -> None:
    """One task a stage, each answered 200."""
    while not cloud.ended:
        (task,) = cloud.tasks.pending
        cloud.wait_for(task)
        cloud.tasks.deliver(task)

    assert_ended_once(cloud.interview)
    assert post.statuses == [200, 200]
    assert cloud.tasks.pending == []


def test_doubled_tasks_move_once(cloud: Cloud, post: WsgiPost) -> None:
    """The second delivery finds nothing due, also when it comes a stage later or after the end."""
    while not cloud.ended:
        (task,) = cloud.tasks.pending
        cloud.wait_for(task)
        assert cloud.tasks.deliver(task, times=3) == [200] * 3
        for known in cloud.tasks.tasks[:-1]:
            cloud.tasks.deliver(known)
    for known in cloud.tasks.tasks:
        cloud.tasks.deliver(known, times=2)

    assert_ended_once(cloud.interview)
    assert set(post.statuses) == {200}


def test_early_tasks_are_done_again_by_the_sweep(cloud: Cloud, post: WsgiPost) -> None:
    """A queue whose clock is ahead: nothing is due yet, and the name of the alarm is taken for good."""
    while not cloud.ended:
        for task in cloud.tasks.pending:
            before = cloud.interview
            assert cloud.tasks.deliver(task) == [200]
            assert cloud.interview == before
        cloud.clock.advance(60)
        cloud.sweep()

    assert_ended_once(cloud.interview)
    assert set(post.statuses) == {200}


def test_late_tasks_move_late(cloud: Cloud, post: WsgiPost) -> None:
    """Ten minutes are only ten minutes."""
    while not cloud.ended:
        (task,) = cloud.tasks.pending
        cloud.wait_for(task, seconds=600)
        cloud.tasks.deliver(task)

    assert_ended_once(cloud.interview)
    assert post.statuses == [200, 200]


def test_lost_tasks_are_found_by_the_sweep(cloud: Cloud, post: WsgiPost) -> None:
    """Once a minute is enough, and no minute is wasted."""
    minutes = 0
    while not cloud.ended:
        for task in cloud.tasks.pending:
            cloud.tasks.lose(task)
        cloud.clock.advance(60)
        minutes += 1
        cloud.sweep()

    assert_ended_once(cloud.interview)
    assert minutes == 4 + 16
    assert post.statuses == []


def test_a_task_that_meets_a_turn_comes_again(cloud: Cloud, post: WsgiPost) -> None:
    """409 makes Cloud Tasks try again; then the answer was in time and nothing is due."""
    (task,) = cloud.tasks.pending
    cloud.clock.advance(179)
    steps = cloud.room.steps(EventType.USER_TURN, "e1", [("e1", "I am Ada.")])
    next(steps)
    cloud.clock.advance(5)
    assert cloud.tasks.deliver(task) == [409]
    answered = last(steps)
    assert cloud.tasks.deliver(task) == [200]

    assert cloud.interview == answered.interview
    assert cloud.interview.stage == "intro"
    assert cloud.room.answers == ["I am Ada."]
    assert [task.schedule_time - timedelta(seconds=2) for task in cloud.tasks.pending] == [
        answered.interview.moves_on_at
    ]


def test_a_task_finishes_the_turn_of_a_dead_process(cloud: Cloud, post: WsgiPost) -> None:
    """While the lease lives 409, then the words are answered, without anybody asking."""
    (task,) = cloud.tasks.pending
    cloud.wait_for(task, seconds=-20)
    next(cloud.room.steps(EventType.USER_TURN, "e1", [("e1", "I am Ada.")]))
    assert cloud.tasks.deliver(task) == [409]
    cloud.clock.advance(30)

    assert cloud.tasks.deliver(task) == [200]
    assert cloud.room.answers == ["I am Ada."]
    assert cloud.interview.lease is None


def test_a_task_for_nothing_is_answered_200(cloud: Cloud, post: WsgiPost) -> None:
    """Ended, deleted and unknown interviews and bodies that are not ours: trying again would mend none of them."""
    (task,) = cloud.tasks.pending
    cloud.room.finish()
    cloud.tasks.deliver(task)
    cloud.room.store.delete(cloud.room.session_id)
    cloud.tasks.deliver(task)
    for body in (b"", b"{", b"[]", b'{"session_id": 1}', b'{"session_id": "x"}', b'{"other": 1}', b"\xff"):
        headers = dict(task.headers) | {"Authorization": f"Bearer {oidc.token(audience=TARGET)}"}
        post(TARGET, "POST", headers, body, 60)

    assert set(post.statuses) == {200}


def test_an_interview_past_its_retention_is_answered_200(cloud: Cloud, post: WsgiPost) -> None:
    """The store may delete a day late."""
    (task,) = cloud.tasks.pending
    cloud.clock.advance(31 * 86_400)

    assert cloud.tasks.deliver(task) == [200]


def test_only_a_store_that_is_down_is_answered_503(cloud: Cloud, post: WsgiPost) -> None:
    """Cloud Tasks holds the whole queue back on 503, which is right then and only then."""
    (task,) = cloud.tasks.pending
    down = Turns(plan, DownStore(), cloud.room.interviewer, cloud.room.alarm, NoVoice())
    callers = GoogleCallers(SETTINGS, lambda _: oidc.signing_key().public_key())
    post.app = flask_app(build(Settings.from_env(ENVIRONMENT), turns=down, google_callers=callers), "stage_timeout")

    assert cloud.tasks.deliver(task) == [503]


@pytest.mark.parametrize("fault", ["none", "audience", "account", "expired", "issuer"])
def test_strangers_wake_nothing(cloud: Cloud, post: WsgiPost, fault: str) -> None:
    """Without the token of our own service account nothing is read or written."""
    tokens: dict[str, Callable[[], str]] = {
        "none": lambda: "",
        "audience": lambda: oidc.token(audience="https://elsewhere.test"),
        "account": lambda: oidc.token(audience=TARGET, email="somebody@demo-iv.iam.gserviceaccount.com"),
        "expired": lambda: oidc.token(audience=TARGET, expires_in=-60),
        "issuer": lambda: oidc.token(audience=TARGET, issuer="https://elsewhere.test"),
    }
    (task,) = cloud.tasks.pending
    cloud.wait_for(task)
    before = cloud.interview
    headers = dict(task.headers) | {"Authorization": f"Bearer {tokens[fault]()}"}

    assert post(task.url, task.method, headers, task.body, 60) == 401
    assert cloud.interview == before


# many deliveries


def deliver_wildly(cloud: Cloud, chance: random.Random, most: int) -> int:
    """Deliver what was ever created, in any order and number, while time goes on in leaps; give how many."""
    delivered = 0
    while not cloud.ended or delivered < most:
        for task in chance.choices(cloud.tasks.tasks, k=chance.randint(0, 5)):
            delivered += 1
            cloud.tasks.deliver(task)
        if chance.random() < 0.2:
            cloud.sweep()
        cloud.clock.advance(chance.choice((0, 0, 1, 30, 60, 100)))
    return delivered


@pytest.mark.parametrize("seed", range(3))
def test_wild_deliveries_change_nothing(cloud: Cloud, post: WsgiPost, seed: int) -> None:
    """Shuffled, doubled, early and late together: every one 200, no move too many."""
    deliver_wildly(cloud, random.Random(seed), most=50)

    assert_ended_once(cloud.interview)
    assert set(post.statuses) == {200}


@pytest.mark.long
def test_ten_thousand_wild_deliveries_change_nothing(cloud: Cloud, post: WsgiPost) -> None:
    """The same over many interviews."""
    chance = random.Random(2026)
    while len(post.statuses) < 10_000:
        deliver_wildly(cloud, chance, most=chance.randint(5, 100))
        assert_ended_once(cloud.interview)
        cloud.room.session_id = str(uuid.uuid4())
        fresh = new_interview(cloud.room.session_id, Candidate(), cloud.clock.now(), timedelta(days=30))
        cloud.room.store.create(fresh)
        cloud.room.interviewer = FakeInterviewer()
        cloud.room.start()

    assert set(post.statuses) == {200}


# the other emulator, in real time


@pytest.mark.emulator
def test_an_emulator_that_is_not_ours_leads_to_the_end(tasks_emulator: TasksEmulator) -> None:
    """Real tasks, real tokens, real waiting: the candidate is silent and the interview ends with three bullets."""
    function: list[Flask] = []

    def receive(exchange: Exchange) -> None:
        headers = {"Authorization": exchange.headers["authorization"], "Content-Type": exchange.headers["content-type"]}
        exchange.send(function[0].test_client().post(exchange.path, headers=headers, data=exchange.body).status_code)

    with LocalServer(receive) as target:
        settings = TasksSettings(
            PROJECT, LOCATION, QUEUE_ID, f"{target.url}/api/interview/tasks/stage_timeout", oidc.INVOKER
        )
        room = Room(store=SqliteStore(":memory:", now), clock=FakeClock(now()))
        alarm = CloudTasksAlarm(tasks_emulator.client(), settings)
        room.turns = Turns(
            lambda: plan(0.3, 0.3, grace=0.2), room.store, room.interviewer, alarm, room.voice, gate="off"
        )
        callers = GoogleCallers(settings, google_key(tasks_emulator.jwks_url), issuers=(tasks_emulator.issuer,))
        app = build(Settings.from_env(ENVIRONMENT), turns=room.turns, google_callers=callers)
        function.append(flask_app(app, "stage_timeout"))
        room.start()
        alarm.set(room.session_id, moves_on_at(room))  # the name is known there, too
        wait_until(lambda: room.interview.status is Status.ENDED, 30, "the end of the interview")

    assert_ended_once(room.interview)


def moves_on_at(room: Room) -> datetime:
    """When the interviewer will go on."""
    assert room.interview.moves_on_at
    return room.interview.moves_on_at
