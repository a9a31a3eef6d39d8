"""The Cloud Tasks emulator on loopback alone.

Given an issuer's address it would serve its keys there, on all interfaces. Without one it signs just the same, with the
key that stands in its program, and this serves the public half.
"""

import re
from typing import Self

import grpc  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from google.cloud.tasks_v2 import Queue
from jwt.algorithms import RSAAlgorithm

from support import oidc
from support.emulators import TASKS_BINARY, TasksEmulator
from support.local_server import Exchange, LocalServer
from support.process import Child

ISSUER = "http://cloud-tasks-emulator"
KEY_ID = "cloudtasks-emulator-test"
_PEM = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----", re.DOTALL)


class QuietTasksEmulator(TasksEmulator):
    """A TasksEmulator whose only port is the queue's own; `token` signs as it does, for Cloud Scheduler's part."""

    def __init__(self, queue: str) -> None:
        super().__init__(queue)
        self.issuer = ISSUER

    def start(self) -> Self:
        """Start it, serve its public key and create the queue."""
        self._child = Child([str(TASKS_BINARY), "-host", "127.0.0.1", "-port", str(self.port)])
        self._jwks = LocalServer(self._serve_keys)
        self._channel = grpc.insecure_channel(self.host)
        grpc.channel_ready_future(self._channel).result(20)
        self.client().create_queue(parent=self.queue.rpartition("/queues/")[0], queue=Queue(name=self.queue))
        return self

    def token(self, audience: str, email: str = oidc.INVOKER) -> str:
        """Mint a token of the same issuer."""
        return oidc.token(audience=audience, email=email, issuer=ISSUER, key=_key(), kid=KEY_ID)

    def _serve_keys(self, exchange: Exchange) -> None:
        public = RSAAlgorithm.to_jwk(_key().public_key(), as_dict=True)
        exchange.send_json(200, {"keys": [{**public, "alg": "RS256", "use": "sig", "kid": KEY_ID}]})


def _key() -> RSAPrivateKey:
    """Take the emulator's key out of its program: it is no secret, and changes with the program alone."""
    found = _PEM.search(TASKS_BINARY.read_bytes())
    assert found, "this version of the emulator keeps its key elsewhere"
    key = load_pem_private_key(found[0], password=None)
    assert isinstance(key, RSAPrivateKey)
    return key
