"""The entry points of a deployment whose Google services are on this machine: a source for functions-framework.

The settings are read first, from the environment of a deployed service, and pass its checks. Only then is Firestore's
client led to the emulator, Cloud Tasks' client to another one, and the tokens of callbacks to the issuer behind that.
"""

import os
from typing import Any

from interviewos.bootstrap import Parts, build
from interviewos.settings import Settings
from interviewos.web.app import entry_point
from interviewos.web.auth import GoogleCallers, google_key
from interviewos.web.endpoints import ENTRY_POINTS


def use_local_queue(address: str) -> None:
    """Give the queue's client the emulator's channel; it has no variable for that."""
    import grpc  # type: ignore[import-untyped]
    from google.cloud import tasks_v2
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    known: Any = tasks_v2
    client = tasks_v2.CloudTasksClient
    known.CloudTasksClient = lambda: client(transport=CloudTasksGrpcTransport(channel=grpc.insecure_channel(address)))


def parts(settings: Settings) -> Parts:
    """Check callbacks as always, with the keys of another issuer."""
    if not settings.tasks.configured:
        return {}
    use_local_queue(os.environ["LOCAL_QUEUE"])
    key, issuers = google_key(os.environ["LOCAL_CERTS"]), (os.environ["LOCAL_ISSUER"],)
    return {"google_callers": GoogleCallers(settings.tasks, key, issuers)}


SETTINGS = Settings.from_env(os.environ)
os.environ["FIRESTORE_EMULATOR_HOST"] = os.environ["LOCAL_FIRESTORE"]
APP = build(SETTINGS, **parts(SETTINGS))
globals().update({name: entry_point(APP, routes) for name, routes in ENTRY_POINTS.items()})
