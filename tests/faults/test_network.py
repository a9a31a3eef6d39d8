"""A network that fails between the server and Firestore: retries and waiting, and nothing lost, doubled or 500."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
import time
import uuid
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import pytest

from faults.conftest import Start
from faults.interviewee import Interviewee
from support.emulators import FirestoreEmulator
from support.gemini import FakeGemini
from support.stores import firestore_store

RESET = struct.pack("ii", 1, 0)


class Network:
    """A way to a server that can be cut, stopped up and closed."""

    def __init__(self, to_port: int) -> None:
        self._to = ("127.0.0.1", to_port)
        self._open: set[socket.socket] = set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._up = True
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, in the middle of whatever they carry."""
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                each.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def stopped_up(self) -> Iterator[None]:
        """Nothing gets through, and nobody is told; afterwards what waited arrives late."""
        self._flowing.clear()
        yield
        self._flowing.set()

    @contextlib.contextmanager
    def down(self) -> Iterator[None]:
        """Connections break, and new ones break at once."""
        self._up = False
        self.cut()
        yield
        self._up = True

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._up:
                near.close()
                continue
            far = socket.create_connection(self._to)
            for one, other in ((near, far), (far, near)):
                self._open.add(one)
                threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                self._flowing.wait()
                other.sendall(data)
        for each in (one, other):
            self._open.discard(each)
            each.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._listener.close()
        self._flowing.set()
        self.cut()


@pytest.mark.emulator
@pytest.mark.server
@pytest.mark.long
def test_a_bad_network_to_the_store_loses_and_doubles_nothing(
    start: Start, model: FakeGemini, firestore_emulator: FirestoreEmulator
) -> None:
    """Six candidates, a hundred faults: every answer once, every reply as it was given, no status but 503 and 409."""
    chance, project = random.Random(7), f"demo-{uuid.uuid4().hex[:12]}"
    with Network(firestore_emulator.port) as network:
        server, _ = start(**model.env(), FIRESTORE_EMULATOR_HOST=network.host, GOOGLE_CLOUD_PROJECT=project)
        candidates = [Interviewee(server.url) for _ in range(6)]
        for candidate in candidates:
            candidate.start()
        for _ in range(100):
            time.sleep(chance.uniform(0.1, 1))
            fault = chance.choice(("cut", "cut", "cut", "stopped up", "down"))
            if fault == "cut":
                network.cut()
            else:
                with network.stopped_up() if fault == "stopped up" else network.down():
                    time.sleep(chance.choice((0.2, 1, 6)))
        for candidate in candidates:
            candidate.enough.set()
        for candidate in candidates:
            candidate.join(120)

    store, channel = firestore_store(firestore_emulator.host, project)
    for candidate in candidates:
        assert not candidate.is_alive()
        candidate.check(lambda session_id: store.read(session_id).interview)
    channel.close()
    assert "request failed" not in server.log
