"""Many interviews at once for a while, each with a turn every eleven seconds; then more of them, until something gives.

    python tests/bench/load.py [interviews [minutes]]

Three instances of all functions share two processors with the Firestore emulator, the model and the candidates, so a
figure is of this machine as a whole. Nothing here is asserted.
"""

from __future__ import annotations

import json
import random
import re
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from beside import Call, Model, Ours, Session, answer, answered, megabytes

from support.emulators import FirestoreEmulator
from support.stores import firestore_store

INTERVIEWS, MINUTES = 300, 10.0
EVERY_SECONDS = 11.0
MODEL_SECONDS = 1.0
INSTANCES, THREADS = 3, 20
"""As many as Cloud Run keeps for this: 30 turns are under way, and an instance takes 20."""
STEP_SECONDS, GROWTH = 45.0, 1.5
BREAKS_AT_MS = 2_000
MOST_INTERVIEWS = 3_000
_OVER = re.compile(rb'"done": ?true')


@dataclass
class Seen:
    """What candidates met since the last report."""

    own_ms: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    begun: int = 0

    def line(self) -> str:
        """Our own part of the turns: how many, median, 95th percentile, worst; and what went wrong."""
        if len(self.own_ms) < 2:
            return f"{len(self.own_ms)} turns; {dict(self.refused)}"
        cuts, worst = statistics.quantiles(self.own_ms, n=20, method="inclusive"), max(self.own_ms)
        wrong = ", ".join(f"{count} × {what}" for what, count in self.refused.most_common()) or "none"
        turns = f"{len(self.own_ms)} turns, {self.begun} interviews begun"
        return f"{turns} | {cuts[9]:.0f} | {cuts[18]:.0f} | {worst:.0f} | {wrong}"

    def p95(self) -> float:
        return statistics.quantiles(self.own_ms, n=20, method="inclusive")[18] if len(self.own_ms) > 1 else 0.0


class Candidates:
    """People who hold one interview after the other, on whichever instance takes the request."""

    def __init__(self, instances: Sequence[Ours], model: Model) -> None:
        self._instances, self._model = instances, model
        self._seen, self._lock, self._stopped = Seen(), threading.Lock(), threading.Event()
        self._people: list[threading.Thread] = []

    def grow_to(self, count: int) -> None:
        """Let more come, spread over the time between two turns."""
        fresh = [threading.Thread(target=self._practise, daemon=True) for _ in range(count - len(self._people))]
        self._people += fresh
        for person in fresh:
            person.start()

    def taken(self) -> Seen:
        """Give what was seen, and begin anew."""
        with self._lock:
            seen, self._seen = self._seen, Seen()
        return seen

    def stop(self) -> None:
        self._stopped.set()
        for person in self._people:
            person.join(timeout=30)

    def _practise(self) -> None:
        self._wait(random.uniform(0, EVERY_SECONDS))
        while not self._stopped.is_set():
            try:
                self._hold_one()
            except (OSError, RuntimeError, KeyError) as error:
                with self._lock:
                    self._seen.refused[str(error) or type(error).__name__] += 1
                self._wait(EVERY_SECONDS)

    def _hold_one(self) -> None:
        session = self._any().create()
        with self._lock:
            self._seen.begun += 1
        self._ask(self._any().first(session))
        due, etag, turns = time.monotonic() + EVERY_SECONDS, "", 0
        while not self._stopped.is_set():
            self._wait(due - time.monotonic())
            due += EVERY_SECONDS
            if self._turn(session):
                return
            turns += 1
            etag = self._look(session, turns, etag)

    def _turn(self, session: Session) -> bool:
        """Answer once; True when the interview is over."""
        note = secrets.token_hex(4)
        begun = time.monotonic()
        body = self._ask(self._any().answer(session, answer(int(note, 16), note)))
        whole = time.monotonic() - begun
        asked, spoken = self._model.times.pop(note, (0.0, 0.0))  # the last words are not put to the model at once
        with self._lock:
            self._seen.own_ms.append((whole - (spoken - asked)) * 1000)
        return _OVER.search(body) is not None

    def _look(self, session: Session, turns: int, etag: str) -> str:
        instance = self._any()
        response = answered(instance.connect(), instance.look(session, turns, etag))
        response.read()
        return response.headers.get("ETag", "")

    def _ask(self, call: Call) -> bytes:
        response = answered(self._any().connect(), call)
        body = response.read()
        if response.status != 200 or b"event: problem" in body:
            raise RuntimeError(f"{response.status} {_slug(body)}")
        return body

    def _any(self) -> Ours:
        return random.choice(self._instances)

    def _wait(self, seconds: float) -> None:
        self._stopped.wait(max(0.0, seconds))


def _slug(body: bytes) -> str:
    found = re.search(rb'"type": ?"/problems#([a-z-]+)"', body)
    return found[1].decode() if found else body[:80].decode(errors="replace")


def report(name: str, seconds: float, candidates: Candidates, memory: Callable[[], float]) -> Seen:
    """Wait, and print one row of the table."""
    time.sleep(seconds)
    seen = candidates.taken()
    print(f"| {name} | {seen.line()} | {memory():.0f} |", flush=True)
    return seen


def main() -> None:
    """Print a table: a row for each minute, then one for each step up."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else INTERVIEWS
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else MINUTES
    if reason := FirestoreEmulator.why_not():
        print(f"Nothing to load: {reason}")
        return
    with Model() as model, tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        emulator = running.enter_context(FirestoreEmulator())
        store, channel = firestore_store(emulator.host, "demo-load", timeout_seconds=20)
        running.callback(channel.close)
        env = {
            "GOOGLE_API_KEY": "a-key-for-the-local-model",
            "GOOGLE_GEMINI_BASE_URL": model.url,
            "FIRESTORE_EMULATOR_HOST": emulator.host,
            "GOOGLE_CLOUD_PROJECT": "demo-load",
            "INTERVIEWOS_DATA": str(Path(folder)),
            "THREADS": str(THREADS),
        }
        instances = [running.enter_context(Ours(f"instance {number}", env, store)) for number in range(INSTANCES)]
        model.seconds = MODEL_SECONDS
        candidates = Candidates(instances, model)

        def memory() -> float:
            return sum(megabytes(each.pid) for each in instances)

        print("| | turns | own part, p50, ms | p95 | worst | refused | memory, MB |\n|---|---|---:|---:|---:|---|---:|")
        candidates.grow_to(count)
        report(f"{count}, warming up", 2 * EVERY_SECONDS, candidates, memory)
        for minute in range(1, round(minutes) + 1):
            report(f"{count}, minute {minute}", 60, candidates, memory)
        while count < MOST_INTERVIEWS:
            count = int(count * GROWTH)
            candidates.grow_to(count)
            seen = report(f"{count}", STEP_SECONDS, candidates, memory)
            if seen.refused or seen.p95() > BREAKS_AT_MS:
                break
        candidates.stop()
        print(json.dumps({"interviews": count}))


if __name__ == "__main__":
    main()
