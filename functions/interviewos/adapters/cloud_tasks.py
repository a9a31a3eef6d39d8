"""Alarms by Cloud Tasks, which delivers at least once, in no order, sometimes late: `wake` takes it as it comes."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import datetime, timedelta

from google.api_core import exceptions as google
from google.auth import exceptions as auth
from google.cloud import tasks_v2
from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from interviewos.settings import TasksSettings

logger = logging.getLogger(__name__)

CREATE_SECONDS = 2.0
"""A candidate waits for this call, so it may not take long; the sweep finds what it could not create."""
DELAY = timedelta(seconds=2)
"""A task that arrives before its time finds nothing due, so it comes a little later."""
DISPATCH_SECONDS = 60
SAME_SECONDS = 300
"""Within which handing over twice is once; the queue has delivered by then what one sweep hands over."""


class CloudTasksAlarm:
    """An Alarm that has `stage_timeout` called with an OIDC token of its own service account."""

    def __init__(
        self, client: tasks_v2.CloudTasksClient, settings: TasksSettings, seconds: float = CREATE_SECONDS
    ) -> None:
        self._client = client
        self._settings = settings
        self._seconds = seconds
        self._parent = client.queue_path(settings.project, settings.location, settings.queue)

    def set(self, session_id: str, moves_on_at: datetime) -> None:
        self._create(session_id, self._task(session_id, task_id(session_id, moves_on_at), moves_on_at + DELAY))

    def hand_over(self, session_id: str, now: datetime) -> bool:
        return self._create(session_id, self._task(session_id, handed_over_id(session_id, now), now))

    def _create(self, session_id: str, task: tasks_v2.Task) -> bool:
        try:
            self._client.create_task(parent=self._parent, task=task, timeout=self._seconds, retry=None)
        except google.Conflict:  # AlreadyExists is one
            logger.debug("alarm exists", extra={"session_id": session_id})
        except (google.GoogleAPICallError, google.RetryError, auth.GoogleAuthError, OSError) as error:
            fields = {"session_id": session_id, "error": type(error).__name__}
            logger.warning("alarm left to the sweep", extra=fields)
            return False
        return True

    def _task(self, session_id: str, name: str, at: datetime) -> tasks_v2.Task:
        due = Timestamp()
        due.FromDatetime(at)
        target = self._settings.target_url
        return tasks_v2.Task(
            name=f"{self._parent}/tasks/{name}",
            schedule_time=due,
            dispatch_deadline=Duration(seconds=DISPATCH_SECONDS),
            http_request=tasks_v2.HttpRequest(
                http_method=tasks_v2.HttpMethod.POST,
                url=target,
                headers={"Content-Type": "application/json"},
                body=json.dumps({"session_id": session_id}).encode(),
                oidc_token=tasks_v2.OidcToken(service_account_email=self._settings.invoker, audience=target),
            ),
        )


def task_id(session_id: str, moves_on_at: datetime) -> str:
    """Name an alarm after what it is for, so that two are one; hashed, because ordered names slow a queue down."""
    return hashlib.sha256(f"{session_id} {moves_on_at.isoformat()}".encode()).hexdigest()[:40]


def handed_over_id(session_id: str, now: datetime) -> str:
    """Name what a sweep hands over: not as its alarm, whose name is taken for an hour even after it failed."""
    period = int(now.timestamp() // SAME_SECONDS)
    return hashlib.sha256(f"{session_id} due in {period}".encode()).hexdigest()[:40]
