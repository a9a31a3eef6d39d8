"""A cold start is imports: what an entry point does not need, its process never loads. Looked up in fresh processes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.emulators import FirestoreEmulator
from support.entry_points import MAIN, SECRET, SECRETS

HEAVY = ("google.genai", "google.cloud.firestore", "google.cloud.tasks_v2", "livekit", "grpc", "yaml", "firebase_admin")
FIRESTORE = {"google.cloud.firestore", "grpc"}
ONE_INTERVIEW = """
made = client.post("/api/interview/sessions/create", json={}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
assert made.status_code == 201, made.text
"""
REFUSED = """
refused = client.post("/api/interview/sessions/create", json={}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
assert refused.json["type"] == "/problems#app-check-failed", refused.text
"""
READ_IT = f"""
headers = {{"X-INGEST-SECRET": "{SECRET}"}}
path = "/api/interview/sessions/11111111-2222-4333-8444-555555555555/messages"
assert client.get(path, headers=headers).status_code == 404
"""
VOICE = """
assert client.post("/api/interview/livekit/token", json={}).status_code == 401
"""
VOICE_SECRET = "b7Kq2ZtVx9WnR4mYc8LsJd5PfHg3TaEu"
ONE_ROOM = f"""
app = sys.modules["main"].APP
from interviewos.usecases import sessions
from interviewos.domain.errors import VoiceUnavailable
from interviewos.domain.interview import Candidate
from interviewos.usecases.turns import utc_now
keep = app.settings.retention
made = sessions.create(app.store, Candidate(), key="", scope="", now=utc_now(), retention=keep)
headers = {{"X-INGEST-SECRET": "{SECRET}"}}
asked = client.post("/api/interview/livekit/token", json={{"session_id": made.session_id}}, headers=headers)
assert asked.json["type"] == "/problems#voice-unavailable", asked.text
"""
HEALTH = """
assert client.get("/api/interview/{path}/health").status_code == 200
"""


def loaded(script: str, data: Path, **env: str) -> set[str]:
    """Run a script in a process of its own and tell which heavy packages it has loaded in the end."""
    report = f"import json, sys\nprint(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(MAIN.parent), "INTERVIEWOS_DATA": str(data)}
    ran = subprocess.run(
        [sys.executable, "-c", f"{script}\n{report}"],
        env={**environment, **SECRETS, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


def serving(target: str, requests: str) -> str:
    made = f'client = functions_framework.create_app("{target}", "{MAIN}").test_client()'
    return f"import sys\nimport functions_framework\n{made}\n{requests}"


def test_importing_the_entry_points_loads_no_client_of_anything(tmp_path: Path) -> None:
    """One file holds them all, and none pays for the others."""
    assert set() == loaded("import main", tmp_path)


@pytest.mark.parametrize(
    ("target", "requests"),
    [
        ("create", ONE_INTERVIEW),
        ("messages", READ_IT),
        ("token", VOICE),
        ("next_turn", HEALTH.format(path="ui/next_turn")),
        ("stage_timeout", HEALTH.format(path="tasks/stage_timeout")),
        ("sweep", HEALTH.format(path="tasks/sweep")),
    ],
    ids=["create", "messages", "token", "next_turn", "stage_timeout", "sweep"],
)
def test_on_a_laptop_no_entry_point_loads_a_cloud(target: str, requests: str, tmp_path: Path) -> None:
    """SQLite and the offline interviewer need nothing of Google."""
    assert set() == loaded(serving(target, requests), tmp_path)


@pytest.mark.emulator
@pytest.mark.parametrize(
    ("target", "requests"),
    [("create", ONE_INTERVIEW), ("messages", READ_IT), ("token", VOICE)],
    ids=["create", "messages", "token"],
)
def test_with_firestore_only_who_reads_or_writes_loads_it(
    target: str, requests: str, firestore_emulator: FirestoreEmulator, tmp_path: Path
) -> None:
    """Neither the model's nor the queue's client comes along; a voice token needs no store here."""
    env = {"FIRESTORE_EMULATOR_HOST": firestore_emulator.host, "GOOGLE_CLOUD_PROJECT": "demo-cold-start"}

    assert loaded(serving(target, requests), tmp_path, **env) == (set() if target == "token" else FIRESTORE)


def test_voice_loads_no_client_of_livekit(tmp_path: Path) -> None:
    """A token and a few calls need none; nobody listens at this address."""
    voice = {"LIVEKIT_URL": "ws://127.0.0.1:9", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": VOICE_SECRET}

    assert set() == loaded(serving("token", ONE_ROOM), tmp_path, **voice)


def test_only_the_turn_loads_the_model(tmp_path: Path) -> None:
    """The health check of `next_turn` makes ready what the first turn needs; nobody else knows of a key."""
    key = {"GOOGLE_API_KEY": "a-key-that-is-never-used"}

    assert loaded(serving("next_turn", HEALTH.format(path="ui/next_turn")), tmp_path, **key) == {"google.genai"}
    assert set() == loaded(serving("create", ONE_INTERVIEW), tmp_path, **key)
    assert set() == loaded(serving("messages", READ_IT), tmp_path, **key)


def test_the_caps_of_a_day_load_nothing(tmp_path: Path) -> None:
    """They count where the interviews are."""
    caps = {"INTERVIEWS_PER_DAY": "9", "TOKENS_PER_DAY": "9", "APP_CHECK": "off"}

    assert set() == loaded(serving("create", ONE_INTERVIEW), tmp_path, **caps)


def test_only_who_creates_loads_app_check(tmp_path: Path) -> None:
    """A stranger without a token is refused before any store is asked; the others know nothing of it."""
    enforced = {"APP_CHECK": "enforce", "GOOGLE_CLOUD_PROJECT": "demo-cold-start"}

    assert loaded(serving("create", REFUSED), tmp_path, **enforced) == {"firebase_admin"}
    assert set() == loaded(serving("token", VOICE), tmp_path, **enforced)
    for target, path in (
        ("create", "sessions/create"),
        ("messages", "sessions/messages"),
        ("stage_timeout", "tasks/stage_timeout"),
        ("sweep", "tasks/sweep"),
    ):
        assert set() == loaded(serving(target, HEALTH.format(path=path)), tmp_path, **enforced)


def test_only_the_description_loads_yaml(tmp_path: Path) -> None:
    """openapi.json is read by few and made on demand."""
    request = '\nassert client.get("/api/interview/openapi.json").status_code == 200'

    assert loaded(serving("create", request), tmp_path) == {"yaml"}
