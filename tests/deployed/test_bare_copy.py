"""Every entry point starts from a bare copy of functions/, as the platform starts it, and loads what it needs."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from support import oidc
from support.bare_copy import BareCopy
from support.client import BASE
from support.deployed import HEALTH, Function, cloud_env

HEAVY = (
    "google.genai",
    "google.cloud.firestore",
    "google.cloud.tasks_v2",
    "firebase_admin",
    "grpc",
    "yaml",
    "pydantic",
)
MODEL = {"google.genai", "google.cloud.firestore", "google.cloud.tasks_v2", "grpc", "pydantic"}
LIGHT_MODULES, MODEL_MODULES = 590, 1_300
"""A tenth more than there are today: what comes on top is to be noticed."""
STARTS = """
import functions_framework, json, sys
client = functions_framework.create_app("{target}", "functions/main.py").test_client()
answered = client.get("{path}")
assert answered.status_code == 200, answered.text
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A service account that Google does not know: a client is made with it, and never used."""
    key = oidc.signing_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    file = tmp_path_factory.mktemp("account") / "account.json"
    known = {"type": "service_account", "client_email": oidc.INVOKER, "token_uri": "http://127.0.0.1:9/token"}
    file.write_text(json.dumps({**known, "project_id": "demo-iv", "private_key_id": "1", "private_key": key}))
    return {"GOOGLE_APPLICATION_CREDENTIALS": str(file), "GOOGLE_API_KEY": "a-key-that-is-never-used"}


def env_of(target: str, account: dict[str, str]) -> dict[str, str]:
    return cloud_env(target, "https://interviews.test", "https://stage-timeout.test") | account


@pytest.mark.parametrize("target", HEALTH)
def test_an_entry_point_starts_alone(target: str, bare: BareCopy, account: dict[str, str], tmp_path: Path) -> None:
    """Under the production server with the environment of its service; no emulator is near."""
    with Function(bare, target, tmp_path, env_of(target, account)) as function:
        assert function.healthy()


@pytest.mark.parametrize("target", HEALTH)
def test_an_entry_point_stays_within_its_budget_of_modules(
    target: str, bare: BareCopy, account: dict[str, str]
) -> None:
    """A cold start is imports: only who speaks to the model loads its client, and none loads firebase_admin."""
    modules = loaded(target, bare, env_of(target, account))

    heavy = modules & set(HEAVY)
    assert heavy == (MODEL if target == "next_turn" else set())
    assert len(modules) <= (MODEL_MODULES if target == "next_turn" else LIGHT_MODULES)


def loaded(target: str, bare: BareCopy, env: dict[str, str]) -> set[str]:
    """Tell which modules a process has loaded once it has answered its health check."""
    script = STARTS.format(target=target, path=f"{BASE}/{HEALTH[target]}/health")
    ran = subprocess.run(
        [str(bare.python), "-c", script],
        cwd=bare.home,
        env={"PATH": os.environ["PATH"], "NO_GCE_CHECK": "true", **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))
