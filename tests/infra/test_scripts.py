"""The scripts beside Terraform: the zip file of the functions, and the values of the secrets."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.terraform import INFRA, ROOT

GCLOUD = """#!{python}
# A Secret Manager with the versions that were added to it, one JSON list a secret.
import json, pathlib, sys
secrets = pathlib.Path({directory!r})
command, name = sys.argv[1:4], sys.argv[4]
if command == ["secrets", "versions", "access"]:
    name = next(each for each in sys.argv if each.startswith("--secret=")).partition("=")[2]
    sys.stdout.write(json.loads((secrets / name).read_text())[-1])
else:
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


def copy_of_functions(directory: Path) -> Path:
    """A checkout with nothing in it but the functions and the script that packs them."""
    shutil.copytree(ROOT / "functions", directory / "functions")
    (directory / "infra").mkdir()
    shutil.copy(INFRA / "package-functions", directory / "infra")
    return directory


def pack(checkout: Path) -> Path:
    """The zip file that the script makes."""
    packed = subprocess.run([checkout / "infra" / "package-functions"], capture_output=True, text=True, check=True)
    return Path(packed.stdout.strip())


def test_the_same_sources_are_the_same_zip_file(tmp_path: Path) -> None:
    """Whenever and wherever it is made, and whatever lies around that is no source."""
    one, other = copy_of_functions(tmp_path / "one"), copy_of_functions(tmp_path / "other")
    (other / "functions" / ".env").write_text("INGEST_SECRET=oh")
    (other / "functions" / "interviewos" / "__pycache__").mkdir(exist_ok=True)
    (other / "functions" / "interviewos" / "__pycache__" / "turns.pyc").write_bytes(b"\0")
    os.utime(other / "functions" / "main.py", (0, 0))
    (other / "functions" / "main.py").chmod(0o700)

    assert pack(one).read_bytes() == pack(other).read_bytes()
    assert pack(one).name == pack(other).name


def test_other_sources_are_another_zip_file(tmp_path: Path) -> None:
    """Its name says what is in it."""
    checkout = copy_of_functions(tmp_path / "checkout")
    before = pack(checkout)
    with (checkout / "functions" / "main.py").open("a") as main:
        main.write("# changed\n")

    assert before.name != pack(checkout).name


def test_the_zip_file_holds_what_a_function_needs(tmp_path: Path) -> None:
    """The entry points at its root, their requirements, and the texts that they read."""
    with zipfile.ZipFile(pack(copy_of_functions(tmp_path / "checkout"))) as archive:
        names = set(archive.namelist())

    assert {
        "main.py",
        "requirements.txt",
        "interviewos/web/openapi.yaml",
        "interviewos/model/prompts/persona.md",
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith((".", "/"))]


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


def test_a_rotation_changes_places(secret_manager: SecretManager) -> None:
    """Both values are valid before and after, so nobody is turned away in between."""
    secret_manager.set("INGEST_SECRET", "INGEST_SECRET_NEXT")
    (old,), (new,) = secret_manager.versions("INGEST_SECRET"), secret_manager.versions("INGEST_SECRET_NEXT")
    said = secret_manager.set("--swap", "INGEST_SECRET")

    assert said.stdout + said.stderr == "INGEST_SECRET = 2\nINGEST_SECRET_NEXT = 2\n"
    assert [old, new] == secret_manager.versions("INGEST_SECRET")
    assert [new, old] == secret_manager.versions("INGEST_SECRET_NEXT")


@pytest.mark.parametrize(
    ("arguments", "given", "says"),
    [
        (("LIVEKIT_API_SECRET",), "short", "LIVEKIT_API_SECRET has 5 characters; 32 are the least."),
        (("LIVEKIT_API_SECRET",), "", "LIVEKIT_API_SECRET has 0 characters; 32 are the least."),
        (("PASSWORD",), LIVEKIT, "PASSWORD is no secret of InterviewOS."),
        (("--swap",), "", "--swap takes one secret."),
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
