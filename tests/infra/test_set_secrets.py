"""infra/set-secrets: the values of the secrets."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from infra.terraform import INFRA

GCLOUD = """#!{python}
# A Secret Manager with the versions that were added to it, one JSON list a secret.
import json, pathlib, sys
secrets = pathlib.Path({directory!r})
command, name = sys.argv[1:4], sys.argv[4]
assert command == ["secrets", "versions", "add"] and "--data-file=-" in sys.argv and "--project=acme" in sys.argv
versions = json.loads((secrets / name).read_text()) if (secrets / name).exists() else []
(secrets / name).write_text(json.dumps([*versions, sys.stdin.read()]))
print(len(versions) + 1)
"""
LIVEKIT = "a-secret-that-livekit-made-for-us-0815"


class SecretManager:
    """What infra/set-secrets leaves in Google's Secret Manager, for which a `gcloud` of the test's own stands."""

    def __init__(self, directory: Path) -> None:
        self._secrets = directory / "secrets"
        self._secrets.mkdir()
        self._path = directory / "bin"
        self._path.mkdir()
        gcloud = self._path / "gcloud"
        gcloud.write_text(GCLOUD.format(python=sys.executable, directory=str(self._secrets)), encoding="utf-8")
        gcloud.chmod(0o755)

    def set(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run the script."""
        environment = os.environ | {"PATH": f"{self._path}:{os.environ['PATH']}"}
        command = [INFRA / "set-secrets", "acme", *arguments]
        return subprocess.run(command, input=given, env=environment, capture_output=True, text=True, check=False)

    def versions(self, name: str) -> list[str]:
        """The values of a secret, oldest first."""
        found = self._secrets / name
        return list(json.loads(found.read_text())) if found.exists() else []


@pytest.fixture
def secret_manager(tmp_path: Path) -> SecretManager:
    """An empty one."""
    return SecretManager(tmp_path)


def test_a_secret_of_ours_is_random(secret_manager: SecretManager) -> None:
    """32 bytes, another one each time, and on nobody's screen."""
    said = secret_manager.set("INGEST_SECRET", "SESSION_SIGNING_KEY")
    again = secret_manager.set("INGEST_SECRET")
    values = secret_manager.versions("INGEST_SECRET") + secret_manager.versions("SESSION_SIGNING_KEY")

    assert (said.stdout, again.stdout) == ("INGEST_SECRET = 1\nSESSION_SIGNING_KEY = 1\n", "INGEST_SECRET = 2\n")
    assert {32} == {len(base64.b64decode(value, validate=True)) for value in values}
    assert len(set(values)) == 3
    assert not [value for value in values if value in said.stdout + said.stderr + again.stdout + again.stderr]


def test_a_secret_of_others_is_given(secret_manager: SecretManager) -> None:
    """On standard input, where neither a shell's history nor a list of processes shows it."""
    said = secret_manager.set("LIVEKIT_API_SECRET", given=f"{LIVEKIT}\n")

    assert secret_manager.versions("LIVEKIT_API_SECRET") == [LIVEKIT]
    assert said.stdout + said.stderr == "LIVEKIT_API_SECRET = 1\n"


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("LIVEKIT_API_SECRET",), "short", "LIVEKIT_API_SECRET has 5 characters; 32 are the least."),
        (("LIVEKIT_API_SECRET",), "", "LIVEKIT_API_SECRET has 0 characters; 32 are the least."),
        (("PASSWORD",), LIVEKIT, "PASSWORD is no secret of InterviewOS."),
        ((), "", "infra/set-secrets PROJECT INGEST_SECRET SESSION_SIGNING_KEY"),
    ],
)
def test_what_is_no_secret_is_refused(
    secret_manager: SecretManager, arguments: tuple[str, ...], given: str, says: str
) -> None:
    """In a sentence, and nothing is stored."""
    said = secret_manager.set(*arguments, given=given)

    assert said.returncode == 2
    assert says in said.stderr
    assert secret_manager.versions("LIVEKIT_API_SECRET") + secret_manager.versions("PASSWORD") == []
