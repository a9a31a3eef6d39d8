"""The pipeline's files are right by their linters, and each of their commands is run once, to a stand-in for Google."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.terraform import ENVIRONMENTS, INFRA, LEFT_BEHIND, ROOT, Terraform, environment
from support.emulators import require
from support.google import FakeGoogle

WORKFLOWS = {path.stem: path for path in (ROOT / ".github" / "workflows").glob("*.yml")}
DELIVERED = "us-central1-docker.pkg.dev/acme-interviews/interviewos"
MOST_SAID = 3_000
SHIMS = {
    # The providers are here, and the state is in no bucket: `init` has nothing else to do than to find the modules.
    "terraform": """for word; do case $word in
        -chdir=*) folder=$word ;;
        init) exec {terraform} "$folder" get ;;
        esac; done
        exec {terraform} "$@" """,
    "npm": """case "$*" in "ci --prefix tests/hosting"*) exit ;; esac; exec {npm} "$@" """,
    "firebase": """echo "firebase $*" >>{log}""",
}
SMOKE = '#!/usr/bin/env bash\necho "smoke $*" >>{log}\n[ ! -e {broken} ] || [[ "$*" != *"--wait 240"* ]]\n'


def workflow(name: str) -> dict[Any, Any]:
    """A workflow as GitHub reads it; `on` is a yes to YAML."""
    return dict(yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8")))


def steps() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every step, with its workflow and its job."""
    for name in WORKFLOWS:
        for job, content in workflow(name)["jobs"].items():
            yield from ((name, job, step) for step in content.get("steps", []))


def test_what_is_used_is_pinned() -> None:
    """A tag of somebody else's may be another action tomorrow."""
    used = [step["uses"] for _, _, step in steps() if "uses" in step]

    assert used
    assert [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []


def test_nobody_has_more_rights_than_the_job_needs() -> None:
    """A pull request comes in as who may look, and a deployment as who may change one environment, which it names."""
    accounts = {
        (name, job): (step["with"]["service_account"], workflow(name)["jobs"][job].get("environment"))
        for name, job, step in steps()
        if "auth@" in step.get("uses", "")
    }

    assert {workflow(name)["permissions"] == {} for name in WORKFLOWS} == {True}
    assert accounts == {
        ("plan", "plan"): ("${{ vars.PLANNER }}", None),
        ("release", "build"): ("${{ vars.DEPLOYER }}", "delivery"),
        ("deploy", "deploy"): ("${{ vars.DEPLOYER }}", "${{ inputs.environment }}"),
    }


def test_each_environment_is_planned_and_released() -> None:
    """A folder that nobody looks at drifts."""
    folders = {path.name for path in ENVIRONMENTS.iterdir()} - {"delivery"}
    released = [job["with"]["environment"] for job in workflow("release")["jobs"].values() if "with" in job]

    assert set(workflow("plan")["jobs"]["plan"]["strategy"]["matrix"]["environment"]) == folders
    assert released == ["dev", "prod"]
    assert "dev" in workflow("release")["jobs"]["prod"]["needs"]


class Runner:
    """Runs the commands of a job's steps one after the other, as GitHub does; what it lends is in the folder."""

    def __init__(self, folder: Path, google: FakeGoogle, **context: str) -> None:
        self.folder, self.context = folder, context
        self._google = google
        self._given = folder.parent / "given"
        self.summary = folder.parent / "summary"

    def run(self, name: str, job: str) -> list[tuple[str, int]]:
        """Give what was run and how it ended; a step that fails is the last one but for what is always run."""
        content = workflow(name)["jobs"][job]
        ended: list[tuple[str, int]] = []
        self.said = ""
        for step in (step for step in content["steps"] if "run" in step):
            if step.get("if") == "always()" or not any(code for _, code in ended):
                ran = self._step(step["run"], content.get("env", {}))
                ended.append((step["name"], ran.returncode))
                self.said += ran.stdout + ran.stderr
        return ended

    def succeeds(self, name: str, job: str) -> None:
        """Run a job of which no step fails."""
        ended = self.run(name, job)
        assert {code for _, code in ended} == {0}, f"{ended}\n{self.said[-MOST_SAID:]}"

    def outputs(self) -> dict[str, str]:
        """What steps have written for others."""
        lines = self._given.read_text(encoding="utf-8").splitlines() if self._given.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def _step(self, command: str, given: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        files = {"GITHUB_ENV": self._given, "GITHUB_OUTPUT": self._given, "GITHUB_STEP_SUMMARY": self.summary}
        event = {"GITHUB_EVENT_NAME": self.context.get("github.event_name", "push")}
        env = environment() | self._google.environment | event | {name: str(path) for name, path in files.items()}
        env |= {name: self._filled(value) for name, value in given.items()} | self.outputs()
        del env["TF_DATA_DIR"]
        env["PATH"] = f"{self.folder.parent / 'shims'}:{env['PATH']}"
        line = ["bash", "-e", "-o", "pipefail", "-c", self._filled(command)]
        return subprocess.run(line, cwd=self.folder, env=env, capture_output=True, text=True, check=False)

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: self.context[found[1]], text)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose state is in a file, and whose smoke test only notes what it was told."""
    folder, shims, log = tmp_path / "checkout", tmp_path / "shims", tmp_path / "log"
    shutil.copytree(INFRA, folder / "infra", ignore=LEFT_BEHIND)
    for name in ("functions", "agent_service", "hosting"):
        (folder / name).symlink_to(ROOT / name)
    for file in (folder / "infra" / "terraform" / "environments").glob("*/*.tf"):
        text = re.sub(r'  backend "gcs" {.*?\n  }\n', "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        file.write_text(text.replace("  max_instances       = 2\n", "  grant_seconds = 0\n"), encoding="utf-8")
    shims.mkdir()
    places = {"terraform": shutil.which("terraform"), "npm": shutil.which("npm"), "log": log}
    for name, text in SHIMS.items():
        (shims / name).write_text(f"#!/usr/bin/env bash\n{text.format(**places)}\n", encoding="utf-8")
        (shims / name).chmod(0o755)
    smoke = SMOKE.format(log=log, broken=tmp_path / "broken")
    (folder / "infra" / "smoke").write_text(smoke, encoding="utf-8")
    return folder


@pytest.mark.long
def test_every_command_of_the_pipeline_runs(checkout: Path, tmp_path: Path) -> None:
    """Images are built once and deployed by digest; a candidate is tried, promoted, taken back; a drift is told."""
    require(Terraform.why_not() or FakeGoogle.why_not(os.environ.get("TF_CLI_CONFIG_FILE")))
    (tmp_path / "google").mkdir()
    with FakeGoogle(tmp_path / "google") as google:
        google.secrets |= {"INGEST_SECRET": ["s" * 32], "SESSION_SIGNING_KEY": ["s" * 32]}
        bootstrap = {"ENVIRONMENT": "infra/terraform/environments/delivery"}
        by_hand = Runner(checkout, google)
        for command in ("init", "apply -auto-approve"):
            ran = by_hand._step(f'terraform -chdir="$ENVIRONMENT" {command}', bootstrap)
            assert ran.returncode == 0, ran.stderr

        build = Runner(checkout, google, **{"vars.STATE_BUCKET_delivery": "state", "vars.WITH_VOICE": ""})
        build.succeeds("release", "build")
        functions = build.outputs()["functions"]
        assert functions.startswith(f"{DELIVERED}/functions@sha256:")

        inputs = {"inputs.environment": "dev", "inputs.functions_image": functions, "inputs.worker_image": ""}
        bucket = {"vars[format('STATE_BUCKET_{0}', inputs.environment)]": "state"}
        deploy = Runner(checkout, google, **inputs, **bucket)
        deploy.succeeds("deploy", "deploy")
        first = google.serving("next-turn")
        log = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
        tried = "smoke https://acme-interviews-dev.web.app --secret-file ingest-secret"
        assert log == [
            f"{tried} --wait 0 --next-turn https://candidate---next-turn.run.app",
            "firebase deploy --only hosting --project acme-interviews-dev",
            f"{tried} --wait 240",
        ]
        assert not (checkout / "ingest-secret").exists()

        again = google.images.popitem()
        google.images |= {again[0]: again[1], f"{DELIVERED}/functions:next": f"sha256:{'2' * 64}"}
        deploy.context["inputs.functions_image"] = f"{DELIVERED}/functions@sha256:{'2' * 64}"
        (tmp_path / "broken").touch()
        ended = dict(deploy.run("deploy", "deploy"))
        assert [name for name, code in ended.items() if code] == ["Hold an interview, or go back"]
        assert google.serving("next-turn") == first
        assert google.service("next-turn")["latestReadyRevision"].rpartition("/")[2] > first

        matrix = {"matrix.environment": "dev", "vars[format('STATE_BUCKET_{0}', matrix.environment)]": "state"}
        night = Runner(checkout, google, **matrix, **{"github.event_name": "schedule"})
        night.succeeds("plan", "plan")
        assert "No changes." in night.summary.read_text(encoding="utf-8")

        queue = google.of("queues")["interview-alarms"]
        queue["rateLimits"] = queue["rateLimits"] | {"maxDispatchesPerSecond": 1}
        assert dict(night.run("plan", "plan"))["Plan with the images that are deployed"] == 1
        assert "infra/terraform/environments/dev is not what the repository says" in night.said
        asked = Runner(checkout, google, **matrix, **{"github.event_name": "pull_request"})
        asked.succeeds("plan", "plan")
