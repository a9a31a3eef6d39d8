"""A network that fails between the server and Firestore: retries and waiting, and nothing lost, doubled or 500."""

from __future__ import annotations

import random
import time
import uuid

import pytest

from faults.conftest import Start
from faults.interviewee import Interviewee
from support.emulators import FirestoreEmulator
from support.gemini import FakeGemini
from support.network import Network
from support.stores import firestore_store


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
