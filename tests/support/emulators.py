"""The real emulators of Firestore and Cloud Tasks, started for a run and stopped with it."""

import contextlib
import functools
import json
import os
import re
import shutil
import socket
import subprocess
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import grpc  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from google.cloud.tasks_v2 import CloudTasksClient, Queue
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from jwt.algorithms import RSAAlgorithm

from support import oidc
from support.local_server import Exchange, LocalServer
from support.process import REPOSITORY, ManagedProcess, answer_of, free_port

TASKS_MODULE = Path(__file__).parent / "cloud-tasks-emulator"
TASKS_BINARY = REPOSITORY / ".cache" / "bin" / "cloud-tasks-emulator-v1.2.0"
TASKS_PACKAGE = "github.com/aertje/cloud-tasks-emulator"
TASKS_KEY_ID = "cloudtasks-emulator-test"
_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)

FIRESTORE_JAR = Path("platform/cloud-firestore-emulator/cloud-firestore-emulator.jar")
FIRESTORE_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
SDK_HOMES = (
    "/usr/lib/google-cloud-sdk",
    "/usr/share/google-cloud-sdk",
    "/opt/google-cloud-sdk",
    "/snap/google-cloud-cli/current",
    "~/google-cloud-sdk",
)


def require(reason: str | None) -> None:
    """Skip the test for this reason; on CI, where everything must be there, fail."""
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


class FirestoreEmulator(ManagedProcess):
    """Google's Firestore emulator; each project id is a world of its own."""

    ready_seconds = 60
    grace_seconds = 3

    def __init__(self) -> None:
        self.port = free_port()

    @property
    def host(self) -> str:
        """Host and port, as FIRESTORE_EMULATOR_HOST wants them."""
        return f"127.0.0.1:{self.port}"

    @staticmethod
    def why_not() -> str | None:
        """Say what this machine lacks, or nothing."""
        if shutil.which("java") is None:
            return "the Firestore emulator needs Java, and there is no `java` here"
        if _firestore_jar() is None:
            return "the Firestore emulator's jar is missing: install gcloud's component cloud-firestore-emulator"
        return None

    def command(self) -> Sequence[str]:
        """In little memory: a test run shares its machine."""
        small = ["-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
        where = ["--host=127.0.0.1", f"--port={self.port}"]
        return ["java", *small, "-cp", str(_firestore_jar()), FIRESTORE_CLASS, *where]

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def healthy(self) -> bool:
        return answer_of(f"http://{self.host}/") is not None

    def clear(self, project: str, database: str = "(default)") -> None:
        """Forget all documents of a project."""
        documents = f"http://{self.host}/emulator/v1/projects/{project}/databases/{database}/documents"
        _call(urllib.request.Request(documents, method="DELETE"))

    def index_usage(self, project: str, database: str = "(default)") -> dict[str, Any]:
        """The emulator's report of the composite indexes that a project's queries would need."""
        name = f"projects/{project}/databases/{database}"
        report = _call(f"http://{self.host}/emulator/v1/projects/{project}:indexUsage?database={name}")
        return dict(json.loads(report))


class TasksEmulator(ManagedProcess):
    """aertje's Cloud Tasks emulator with one queue; it delivers for real, with tokens that can be verified.

    Given an issuer's address it would serve its keys there, on all interfaces. Without one it signs just the same, with
    the key that stands in its program, and this serves the public half on loopback.
    """

    issuer = "http://cloud-tasks-emulator"
    grace_seconds = 3

    def __init__(self, queue: str = "projects/demo-iv/locations/europe-west1/queues/interviews") -> None:
        self.port = free_port()
        self.queue = queue
        self._jwks: LocalServer | None = None
        self._channel: grpc.Channel | None = None

    @property
    def host(self) -> str:
        """Host and port of its gRPC API."""
        return f"127.0.0.1:{self.port}"

    @staticmethod
    @functools.cache
    def why_not() -> str | None:
        """Say what this machine lacks, or nothing; the first call builds the emulator."""
        if TASKS_BINARY.exists():
            return None
        if shutil.which("go") is None:
            return "the Cloud Tasks emulator is built with Go, and there is no `go` here"
        return _build_tasks_emulator()

    @property
    def jwks_url(self) -> str:
        """The issuer's keys."""
        assert self._jwks is not None, "the emulator is not started"
        return f"{self._jwks.url}/certs"

    def command(self) -> Sequence[str]:
        return [str(TASKS_BINARY), "-host", "127.0.0.1", "-port", str(self.port)]

    def healthy(self) -> bool:
        """Whether it can be connected to."""
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def start(self) -> Self:
        """Start it, serve its public key and create the queue."""
        super().start()
        self._jwks = LocalServer(self._serve_keys)
        self._channel = grpc.insecure_channel(self.host)
        grpc.channel_ready_future(self._channel).result(20)
        self.client().create_queue(parent=self.queue.rpartition("/queues/")[0], queue=Queue(name=self.queue))
        return self

    def client(self) -> CloudTasksClient:
        """The real client, connected to the emulator."""
        return CloudTasksClient(transport=CloudTasksGrpcTransport(channel=self._channel))

    def token(self, audience: str, email: str = oidc.INVOKER) -> str:
        """Mint a token of the same issuer, for Cloud Scheduler's part."""
        return oidc.token(audience=audience, email=email, issuer=self.issuer, key=_tasks_key(), kid=TASKS_KEY_ID)

    def close(self) -> None:
        """Stop the emulator with everything that belongs to it."""
        if self._channel is not None:
            self._channel.close()
        if self._jwks is not None:
            self._jwks.close()
        super().close()

    def _serve_keys(self, exchange: Exchange) -> None:
        public = RSAAlgorithm.to_jwk(_tasks_key().public_key(), as_dict=True)
        exchange.send_json(200, {"keys": [{**public, "alg": "RS256", "use": "sig", "kid": TASKS_KEY_ID}]})


def _tasks_key() -> RSAPrivateKey:
    """Take the emulator's key out of its program: it is no secret, and changes with the program alone."""
    found = _PEM.search(TASKS_BINARY.read_bytes())
    assert found, "this version of the emulator keeps its key elsewhere"
    key = load_pem_private_key(found[0], password=None)
    assert isinstance(key, RSAPrivateKey)
    return key


def _firestore_jar() -> Path | None:
    gcloud = shutil.which("gcloud")
    found = [Path(gcloud).resolve().parents[1]] if gcloud else []
    homes = [*found, *(Path(home).expanduser() for home in SDK_HOMES)]
    return next((home / FIRESTORE_JAR for home in homes if (home / FIRESTORE_JAR).is_file()), None)


def _build_tasks_emulator() -> str | None:
    TASKS_BINARY.parent.mkdir(parents=True, exist_ok=True)
    fresh = TASKS_BINARY.with_suffix(f".{os.getpid()}")
    command = ["go", "build", "-mod=readonly", "-buildvcs=false", "-o", str(fresh), TASKS_PACKAGE]
    built = subprocess.run(command, cwd=TASKS_MODULE, capture_output=True, text=True, check=False)
    if built.returncode:
        return f"the Cloud Tasks emulator does not build here: {built.stderr.strip()[-300:]}"
    fresh.replace(TASKS_BINARY)  # whole or not at all, for another run may be building too
    return None


def _call(request: str | urllib.request.Request) -> bytes:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as response:
        return bytes(response.read())
