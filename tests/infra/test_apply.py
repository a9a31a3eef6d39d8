"""The module is applied, mended, changed and destroyed: by the real provider, to a stand-in for Google."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from infra.terraform import INFRA, ROOT, Deployment, Terraform
from support.emulators import require
from support.google import GATEWAY, FakeGoogle

REGISTRY = "us-central1-docker.pkg.dev/acme-interviews/interviewos"
FIRST, SECOND = (f"{REGISTRY}/functions@sha256:{digit * 64}" for digit in "12")
WORKER = f"{REGISTRY}/worker@sha256:{'3' * 64}"
GIVEN: dict[str, Any] = {
    "project_id": "acme-interviews",
    "functions_image": FIRST,
    "worker_image": WORKER,
    "on_call": {"critical": ["on-call@acme.example"]},
    "budget": {"billing_account": "0A1B2C-3D4E5F-6A7B8C", "monthly": 200},
    "gemini_model_retires_on": "2027-06-30",
    "grant_seconds": 0,
}
VOICE = {"livekit": {"url": "wss://acme.livekit.cloud", "api_key": "APIacme"}, "worker_home": "cloud_run"}
HOUSES: dict[str, dict[str, Any]] = {
    "billing is central": {"budget": None},
    "no network but a shared one": {
        **VOICE,
        "worker_home": "gke",
        "network": {
            "network": "projects/acme-net/global/networks/shared",
            "subnetwork": "projects/acme-net/regions/us-central1/subnetworks/interviews",
            "pods_range": "pods",
            "services_range": "services",
        },
    },
    "nothing may be called by everybody": {
        "ingress": "load_balancer",
        "domain": "interviews.acme.example",
        "invokers": [f"serviceAccount:{GATEWAY}"],
    },
}
"""What a company has decided before it hears of us."""
MOST_RESOURCES = 100
"""In one state: a plan is read by people."""


@dataclass
class Applied:
    """A deployment, and how its first applies went."""

    deployment: Deployment
    first: list[subprocess.CompletedProcess[str]] = field(default_factory=list)

    def change(self, **given: Any) -> subprocess.CompletedProcess[str]:
        """Apply other arguments."""
        self.deployment.give(GIVEN | given)
        return self.deployment.apply()


KEPT, DELETED = "11111111-2222-4333-8444-555555555555", "99999999-2222-4333-8444-555555555555"


def runbook(title: str) -> list[str]:
    """The lines of the first commands under a title of infra/README.md."""
    section = (INFRA / "README.md").read_text(encoding="utf-8").partition(f"## {title}\n")[2]
    return re.findall(r"```bash\n(.*?)```", section, re.DOTALL)[0].splitlines()


def follow(lines: list[str], applied: Applied, google: FakeGoogle, **changed: str) -> None:
    """Run each line as a person does, in one shell; a line that is a comment is what they write into main.tf."""
    place = {"PROJECT": "acme-interviews", "BACKUP": "one", "SINCE": "2026-11-30T02:00:00Z"}
    place |= {
        "ENVIRONMENT": str(applied.deployment.folder),
        "FIRESTORE_EMULATOR_HOST": google.environment["FAKE_GOOGLE"],
    }
    (written,) = (number for number, line in enumerate(lines) if line.startswith("#"))
    for part in (lines[:written], lines[written:]):
        script = "set -euo pipefail\n" + "\n".join(part).replace(
            "$ENVIRONMENT apply", "$ENVIRONMENT apply -auto-approve"
        )
        environment = applied.deployment.environment | place
        ran = subprocess.run(
            ["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

        assert ran.returncode == 0, flat(ran)
        applied.deployment.give(GIVEN | changed)


def go_back(deployment: Deployment) -> None:
    """Have the first database managed again, for the tests after this one."""
    deployment.give(GIVEN)
    managed = [each for each in deployment.resources() if each.startswith("module.interviewos.google_firestore_")]
    first = "projects/acme-interviews/databases/(default)"
    (index,) = (
        key.removeprefix("firestore/")
        for key in deployment.google.resources
        if f"{first}/" in key and "/indexes/" in key
    )
    deployment.run("state", "rm", *managed).check_returncode()
    deployment.run("import", "module.interviewos.google_firestore_database.this", first).check_returncode()
    deployment.run("import", "module.interviewos.google_firestore_index.spending_of_a_day", index).check_returncode()


def told(service: dict[str, Any]) -> dict[str, str]:
    """What a service of Cloud Run is told."""
    return {each["name"]: each.get("value", "") for each in service["template"]["containers"][0]["env"]}


def flat(ran: subprocess.CompletedProcess[str]) -> str:
    """What Terraform said, without its line breaks."""
    return " ".join((ran.stdout + ran.stderr).split())


@pytest.fixture(scope="module")
def google(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeGoogle]:
    """A project in which somebody has built images, and nothing else."""
    require(Terraform.why_not() or FakeGoogle.why_not(os.environ.get("TF_CLI_CONFIG_FILE")))
    with FakeGoogle(tmp_path_factory.mktemp("google")) as google:
        google.has_built(FIRST, SECOND, WORKER)
        yield google


@pytest.fixture(scope="module")
def shared(google: FakeGoogle, tmp_path_factory: pytest.TempPathFactory) -> Applied:
    """What all tests here begin with: a first apply that nobody gave the secrets, and a second one with them."""
    applied = Applied(Deployment(tmp_path_factory.mktemp("state") / "root", "interviewos", google, GIVEN))
    applied.first.append(applied.deployment.apply())
    google.secrets |= {"INGEST_SECRET": ["one"], "SESSION_SIGNING_KEY": ["one"]}
    applied.first.append(applied.deployment.apply())
    return applied


@pytest.fixture
def applied(shared: Applied, google: FakeGoogle) -> Iterator[Applied]:
    """The same, in text alone again afterwards, and with a Google that is well."""
    yield shared
    google.propagation_seconds = 0.0
    google.out_of_quota.clear()


def test_a_first_revision_that_fails_is_mended_by_the_next_apply(shared: Applied) -> None:
    """The secrets were forgotten. Google names one of them, and with them nothing is left in the way."""
    forgotten, mended = shared.first

    assert forgotten.returncode == 1
    assert re.search(r"secrets/(INGEST_SECRET|SESSION_SIGNING_KEY)/versions/1 was not found", flat(forgotten))
    assert mended.returncode == 0, flat(mended)
    assert shared.deployment.google.serving("next-turn").startswith("next-turn-")


def test_an_apply_without_a_change_changes_nothing(applied: Applied) -> None:
    """So that a plan at night that is not empty is a drift; and what is there can be looked through."""
    again = applied.deployment.plan()

    assert again.returncode == 0, flat(again)
    assert len(applied.deployment.resources()) < MOST_RESOURCES


@pytest.mark.long
@pytest.mark.parametrize("house", HOUSES.values(), ids=HOUSES)
def test_a_company_with_rules_of_its_own_applies_too(house: dict[str, Any], tmp_path: Path) -> None:
    """In a project of its own: once, and then nothing is left to do."""
    require(Terraform.why_not() or FakeGoogle.why_not(os.environ.get("TF_CLI_CONFIG_FILE")))
    with FakeGoogle(tmp_path) as google:
        google.has_built(FIRST, WORKER)
        google.secrets |= {name: ["one"] for name in ("INGEST_SECRET", "SESSION_SIGNING_KEY", "LIVEKIT_API_SECRET")}
        deployment = Deployment(tmp_path / "root", "interviewos", google, GIVEN | house)
        applied = deployment.apply()

        assert applied.returncode == 0, flat(applied)
        assert google.serving("next-turn")
        assert deployment.plan().returncode == 0


@pytest.mark.long
def test_a_grant_that_is_late_is_waited_for(applied: Applied, google: FakeGoogle) -> None:
    """Voice is switched on: accounts and a secret that were not there a moment ago; and off again."""
    google.secrets["LIVEKIT_API_SECRET"] = ["one"]
    google.propagation_seconds = 2.0
    on = applied.change(**VOICE, grant_seconds=4)

    assert on.returncode == 0, flat(on)
    assert google.serving("interview-worker")
    assert applied.deployment.plan().returncode == 0

    off = applied.change(grant_seconds=4)

    assert off.returncode == 0, flat(off)
    assert not google.of("workerPools")
    assert "LIVEKIT_API_SECRET" not in google.of("secrets")
    assert applied.deployment.plan().returncode == 0


@pytest.mark.long
def test_a_grant_that_is_later_than_the_wait_is_told_until_it_is_mended(applied: Applied, google: FakeGoogle) -> None:
    """The old revision serves on, no apply says that all is well, and one command makes a new revision."""
    google.secrets["LIVEKIT_API_SECRET"] = ["one"]
    google.propagation_seconds = 600.0
    before = google.serving("next-turn")
    late = applied.change(**VOICE)

    assert late.returncode == 1
    assert "Permission denied on secret" in flat(late)
    assert google.serving("next-turn") == before

    google.propagation_seconds = 0.0
    again = applied.deployment.apply()

    assert again.returncode == 1
    assert "The newest revision of next-turn is not ready, and the one before serves on." in flat(again)
    (command,) = set(re.findall(r"`terraform apply (-replace=[\w.]+)`", flat(again)))

    mended = applied.deployment.apply(command)

    assert mended.returncode == 0, flat(mended)
    assert google.serving("next-turn") > before
    assert applied.deployment.plan().returncode == 0
    assert applied.change().returncode == 0


@pytest.mark.long
def test_a_release_that_does_not_start_is_rolled_back(applied: Applied, google: FakeGoogle) -> None:
    """By the image that ran before, which changes the services and nothing else."""
    assert applied.change().returncode == 0
    google.out_of_quota.add("next-turn")
    stuck = applied.change(functions_image=SECOND)

    assert stuck.returncode == 1
    assert "Quota exceeded" in flat(stuck)

    google.out_of_quota.clear()
    back = applied.change()

    assert back.returncode == 0, flat(back)
    assert re.search(r"Resources: 0 added, [1-6] changed, 0 destroyed", flat(back))
    assert {each["template"]["containers"][0]["image"] for each in google.of("services", "run").values()} == {FIRST}


@pytest.mark.long
def test_the_database_is_restored_as_the_runbook_says(applied: Applied, google: FakeGoogle) -> None:
    """Each line is run. The first database stays, and what was deleted since the backup is not in the second."""
    google.documents["restored"] = {KEPT, DELETED}
    google.deleted = [DELETED]
    assert applied.change().returncode == 0
    lines = runbook("Restore")
    follow(lines, applied, google, firestore_database="restored")

    assert {"(default)", "restored"} <= set(google.of("databases"))
    assert google.documents["restored"] == {KEPT}
    assert google.of("databases")["restored"]["deleteProtectionState"] == "DELETE_PROTECTION_ENABLED"
    assert {told(each)["FIRESTORE_DATABASE"] for each in google.of("services", "run").values()} == {"restored"}
    assert applied.deployment.plan().returncode == 0

    go_back(applied.deployment)


@pytest.mark.long
def test_nothing_that_holds_words_is_destroyed_by_a_slip(applied: Applied, google: FakeGoogle) -> None:
    """It takes an apply that says so; then all of it goes."""
    slip = applied.deployment.run(
        "destroy", "-auto-approve", "-target=module.interviewos.google_firestore_database.this"
    )

    assert slip.returncode == 1
    assert "(default)" in google.of("databases")

    assert applied.change(deletion_protection=False).returncode == 0
    gone = applied.deployment.run("destroy", "-auto-approve", "-parallelism=40")

    assert gone.returncode == 0, flat(gone)
    assert applied.deployment.resources() == []
    assert not google.of("services", "run")
    assert "(default)" not in google.of("databases")
