"""Starts one function as the platform does, with Google's services on this machine: a program of its own.

The settings are read first, from the environment of a deployed service, and pass its checks. Only then is Firestore's
client led to the emulator, Cloud Tasks' client to another one, and the tokens of callbacks to the issuer behind that.
"""

import os
from functools import cache
from typing import Any

from functions_framework._cli import _cli

from interviewos import bootstrap


def use_local_queue(address: str) -> None:
    """Give the queue's client the emulator's channel; it has no variable for that."""
    import grpc  # type: ignore[import-untyped]
    from google.cloud import tasks_v2
    from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

    known: Any = tasks_v2
    client = tasks_v2.CloudTasksClient
    known.CloudTasksClient = lambda: client(transport=CloudTasksGrpcTransport(channel=grpc.insecure_channel(address)))


def trust_local_issuer(issuer: str, certs_url: str) -> None:
    """Check callbacks as always, with the keys of another issuer."""
    from interviewos.web.auth import GoogleCallers, google_key

    callers = cache(lambda: GoogleCallers(bootstrap.settings().tasks, google_key(certs_url), (issuer,)))
    bootstrap.google_callers = callers


if __name__ == "__main__":
    bootstrap.settings()
    os.environ["FIRESTORE_EMULATOR_HOST"] = os.environ["LOCAL_FIRESTORE"]
    if bootstrap.settings().tasks.configured:
        use_local_queue(os.environ["LOCAL_QUEUE"])
        trust_local_issuer(os.environ["LOCAL_ISSUER"], os.environ["LOCAL_CERTS"])
    _cli()
