"""hadolint and checkov read the worker's Dockerfile; tests/voice/test_worker_image.py builds it and speaks with it."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from infra.terraform import ROOT

DOCKERFILE = ROOT / "agent_service" / "Dockerfile"


def found(checkers: Path, dockerfile: Path) -> list[str]:
    """The rules of both that the file breaks."""
    lint = subprocess.run(
        [checkers / "hadolint", "-f", "json", dockerfile], capture_output=True, text=True, check=False
    )
    command = [checkers / "checkov", "-f", dockerfile, "--framework", "dockerfile", "--skip-download", "-o", "json"]
    check = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(check.stdout)

    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["resource_count"] == 1
    assert report["results"].get("skipped_checks", []) == []
    return [each["code"] for each in json.loads(lint.stdout)] + [
        each["check_id"] for each in report["results"]["failed_checks"]
    ]


def test_nothing_is_found(checkers: Path) -> None:
    """Neither has a rule that the file breaks, and none is waived."""
    assert found(checkers, DOCKERFILE) == []
    assert "hadolint ignore" not in DOCKERFILE.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        ("python:3.11-slim-bookworm\n\nCOPY --from", "python:latest\n\nCOPY --from", {"DL3007", "CKV_DOCKER_7"}),
        ("USER 10001:10001\n", "", {"CKV_DOCKER_3"}),
        ("HEALTHCHECK --interval", "ONBUILD HEALTHCHECK --interval", {"CKV_DOCKER_2"}),
        ('CMD ["/venv/bin/python", "agent.py", "start"]', "CMD /venv/bin/python agent.py start", {"DL3025"}),
    ],
    ids=["a base that changes", "root", "no health check", "a shell that keeps SIGTERM"],
)
def test_what_is_broken_is_found(old: str, new: str, rules: set[str], checkers: Path, tmp_path: Path) -> None:
    """The checkers look at what they are given."""
    text = DOCKERFILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    broken = tmp_path / "Dockerfile"
    broken.write_text(text.replace(old, new), encoding="utf-8")

    assert set(found(checkers, broken)) == rules


def test_a_pod_runs_as_the_user_of_the_image() -> None:
    """Its manifest says so itself, so that no other image runs as another one."""
    manifest = (ROOT / "infra/terraform/modules/interviewos/kubernetes/worker.yaml").read_text(encoding="utf-8")
    user, group = re.findall(r"runAsUser: (\d+)\n +runAsGroup: (\d+)\n", manifest)[0]

    assert f"USER {user}:{group}\n" in DOCKERFILE.read_text(encoding="utf-8")
