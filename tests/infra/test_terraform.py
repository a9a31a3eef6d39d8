"""infra/terraform is good Terraform, its assertions hold, and each of them fails when what it guards is broken."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from infra.terraform import ENVIRONMENTS, INFRA, MODULES, Terraform
from support.emulators import require


def test_the_files_are_formatted(terraform: Terraform) -> None:
    """As `terraform fmt` would write them."""
    assert terraform.run("fmt", "-check", "-recursive", "-diff").stdout == ""


def test_the_configuration_is_valid(terraform: Terraform) -> None:
    """Against the provider's own schemas; a deprecation would be a warning, and is not welcome either."""
    answer = json.loads(terraform.run("validate", "-json").stdout)
    ours = [each for each in answer["diagnostics"] if "development overrides" not in each["summary"]]

    assert (answer["valid"], ours) == (True, [])


@pytest.mark.parametrize(
    "folder", ["modules/delivery", "environments/delivery", "environments/dev", "environments/prod"]
)
def test_every_folder_is_valid(folder: str, tmp_path: Path) -> None:
    """With the modules that it names."""
    require(Terraform.why_not())
    there = Terraform(tmp_path / "infra", folder)
    there.find_modules()

    test_the_configuration_is_valid(there)


def test_the_environments_differ_in_what_they_are_given_alone() -> None:
    """What is tried in one is what runs in the other."""
    dev, prod = (
        {path.name: path.read_bytes() for path in (ENVIRONMENTS / name).glob("*.tf")} for name in ("dev", "prod")
    )

    assert dev.keys() == prod.keys()
    assert [name for name in dev if dev[name] != prod[name]] == ["main.tf"]


def test_its_assertions_hold(tested: subprocess.CompletedProcess[str]) -> None:
    """The files in tests/, with a provider that only makes things up."""
    said = [json.loads(line) for line in tested.stdout.splitlines()]
    runs = {each["@testrun"]: each["test_run"]["status"] for each in said if "status" in each.get("test_run", {})}
    errors = [each["@message"] for each in said if each["@level"] == "error"]

    assert (tested.returncode, errors) == (0, [])
    assert set(runs.values()) == {"pass"}
    assert set(runs) == set(re.findall(r'^run "(\w+)"', _assertions(), re.MULTILINE))


def test_checkov_finds_nothing_that_is_not_explained(checkers: Path, tmp_path: Path) -> None:
    """Each waiver stands beside what it is for, with a reason.

    Terraform's tests are left out of a copy: checkov's `--skip-path` would look at the whole path, a clone's place too.
    """
    copy = tmp_path / "tests" / "node_modules" / "clone"
    shutil.copytree(INFRA / "terraform", copy, ignore=shutil.ignore_patterns("tests", ".terraform"))
    command = [checkers / "checkov", "-d", copy, "--framework", "terraform", "--skip-download", "-o", "json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(answer.stdout)
    failed = [f"{each['check_id']} {each['resource']}" for each in report["results"]["failed_checks"]]
    unexplained = [each for each in report["results"]["skipped_checks"] if not each["check_result"]["suppress_comment"]]

    assert (failed, unexplained) == ([], [])
    assert report["summary"]["parsing_errors"] == 0, "checkov says nothing about a file that it cannot read"
    assert report["summary"]["passed"] > 30


@dataclass(frozen=True)
class Mutant:
    """One thing broken, and the sentence that says so. `found_in` is the file of assertions; without it, `validate`."""

    file: str
    old: str
    new: str
    says: str
    found_in: str = ""


MUTANTS = {
    "a misspelled attribute": Mutant(
        "functions.tf",
        "max_instance_request_concurrency =",
        "max_instance_request_concurency =",
        'An argument named "max_instance_request_concurency" is not expected here',
    ),
    "an attribute of a wrong type": Mutant(
        "functions.tf", "cpu_idle          = true", 'cpu_idle          = "often"', "a bool is required"
    ),
    "a word that the API does not know": Mutant(
        "firestore.tf", '"FIRESTORE_NATIVE"', '"FIRESTORE_NAIVE"', "expected type to be one of"
    ),
    "a public internal function": Mutant(
        "locals.tf",
        'public        = false\n      asks          = true\n      health        = "tasks/stage_timeout',
        'public        = true\n      asks          = true\n      health        = "tasks/stage_timeout',
        "Not exactly create, messages, next_turn and token are public.",
        "text",
    ),
    "an internal function with an open door": Mutant(
        "functions.tf",
        '"INGRESS_TRAFFIC_INTERNAL_ONLY"',
        '"INGRESS_TRAFFIC_ALL"',
        "A function that is not public can be reached from the internet.",
        "text",
    ),
    "everybody may call the clock": Mutant(
        "functions.tf",
        "google_service_account.accounts[each.value].member",
        '"allUsers"',
        "stage_timeout and sweep are invoked by others than their own accounts.",
        "text",
    ),
    "an owner": Mutant(
        "locals.tf",
        '["roles/datastore.viewer"]',
        '["roles/owner"]',
        "An account has more or less on the project than it needs",
        "text",
    ),
    "a secret read by one more": Mutant(
        "locals.tf",
        'max_instances = 1\n      roles         = concat(["roles/datastore.user"], local.model_roles)\n'
        "      secrets       = concat(local.voice_secrets,",
        'max_instances = 1\n      roles         = concat(["roles/datastore.user"], local.model_roles)\n'
        "      secrets       = concat(local.caller_secrets,",
        "A secret is read by others than need it.",
        "text",
    ),
    "more requests than threads": Mutant(
        "functions.tf",
        "THREADS         = each.value.concurrency",
        "THREADS         = 8",
        "A function has more requests at once than threads",
        "text",
    ),
    "a queue without a bound": Mutant(
        "tasks.tf", "max_attempts       = 8", "max_attempts       = -1", "The queue has no bound", "text"
    ),
    "a token for somebody else": Mutant(
        "tasks.tf",
        "audience              = local.tasks_target_url",
        "audience              = local.sweep_url",
        "Cloud Scheduler does not call sweep once a minute as who may.",
        "text",
    ),
    "a database that a slip deletes": Mutant(
        "firestore.tf",
        'var.deletion_protection ? "DELETE_PROTECTION_ENABLED"',
        '!var.deletion_protection ? "DELETE_PROTECTION_ENABLED"',
        "The database can be deleted by a slip.",
        "text",
    ),
    "interviews for ever": Mutant("firestore.tf", "  ttl_config {}\n", "", "Interviews or counters are kept", "text"),
    "an alert that reaches nobody": Mutant(
        "alerts.tf",
        "notification_channels = local.channels[each.value.severity]",
        "notification_channels = []",
        "An alert reaches nobody, or does not say what to do.",
        "text",
    ),
    "everybody is woken": Mutant(
        "alerts.tf",
        "local.channels[each.value.severity]",
        'local.channels["CRITICAL"]',
        "Somebody is woken by a warning",
        "options",
    ),
    "a service that cannot be mended": Mutant(
        "functions.tf",
        "deletion_protection  = false",
        "deletion_protection  = true",
        "A service whose first revision failed can never be mended.",
        "text",
    ),
    "a secret that leaves the European Union": Mutant(
        "secrets.tf",
        "location = local.region",
        'location = "us-central1"',
        "is not where it was promised",
        "options",
    ),
    "no worker that waits": Mutant(
        "worker.tf",
        "manual_instance_count = local.fewest_workers",
        "manual_instance_count = 0",
        "No worker waits for a call",
        "voice",
    ),
    "a variable that takes anything": Mutant(
        "variables.tf",
        "condition     = var.slo_goal >= 0.5 && var.slo_goal <= 0.999",
        "condition     = var.slo_goal >= 0.5",
        "var.slo_goal, was expected to report an error but did not",
        "bad_input",
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_what_is_broken_is_found(mutant: Mutant, tmp_path: Path) -> None:
    """In a copy where it is the only thing wrong, and by the sentence that is about it."""
    require(Terraform.why_not())
    copy = Terraform(tmp_path / "infra")
    copy.change(mutant.file, mutant.old, mutant.new)
    command = ["test", f"-filter=tests/{mutant.found_in}.tftest.hcl"] if mutant.found_in else ["validate"]
    answer = copy.run(*command, "-no-color")

    assert answer.returncode == 1
    assert mutant.says in _without_frames(answer.stdout + answer.stderr)


def _without_frames(text: str) -> str:
    """Join what Terraform breaks into lines and draws a line beside."""
    return " ".join(re.sub(r"[│╷╵]", " ", text).split())


def _assertions() -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for path in (MODULES / "interviewos" / "tests").glob("*.tftest.hcl")
    )
