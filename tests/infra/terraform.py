"""Terraform on a copy of infra/: nothing that it leaves behind is in the tree, and a copy can be broken on purpose."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", "terraform.tfvars", "*.tfstate*")
SECONDS = 300


class Terraform:
    """Terraform in one copy of the module. `archive` is the zip file of the functions that it deploys."""

    def __init__(self, copy: Path, archive: Path) -> None:
        shutil.copytree(INFRA, copy, ignore=LEFT_BEHIND)
        self.module = copy / "terraform"
        self._environment = _environment() | {"TF_VAR_functions_archive": str(archive)}

    @staticmethod
    @functools.cache
    def why_not() -> str | None:
        """Say what this machine lacks, or nothing; the first call brings the providers where there are none yet."""
        if shutil.which("terraform") is None:
            return "infra/terraform is checked by Terraform, and there is no `terraform` here"
        return None if _providers_are_given() else _bring_providers()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Terraform; what it answers is the caller's to judge."""
        command = ["terraform", f"-chdir={self.module}", *arguments]
        return subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=SECONDS, check=False
        )

    def change(self, file: str, old: str, new: str) -> None:
        """Break the copy in one place."""
        path = self.module / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")


class Plan:
    """What Terraform would make in one `run` of its tests."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._resources = {each["address"]: each["change"]["after"] for each in plan["resource_changes"]}
        self.outputs = {name: change["after"] for name, change in plan["output_changes"].items()}

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """All resources of a type, by the key of their `for_each`, or by their name where they have none."""
        found = {address: after for address, after in self._resources.items() if address.startswith(f"{kind}.")}
        return {_key(address): after for address, after in found.items()}

    def environment(self, function: str) -> tuple[dict[str, str], set[str]]:
        """What a function is told: its variables, and the names of its secrets."""
        (container,) = self.of("google_cloud_run_v2_service")[function]["template"][0]["containers"]
        variables = {each["name"]: each["value"] for each in container["env"] if not each["value_source"]}
        return variables, {each["name"] for each in container["env"]} - set(variables)


def plans(output: str) -> Iterator[tuple[str, Plan]]:
    """Read the whole plans, by the name of their run, out of what `terraform test -json -verbose` says."""
    for line in output.splitlines():
        said = json.loads(line)
        if said["type"] == "test_plan" and "resource_changes" in said["test_plan"]:
            yield said["@testrun"], Plan(said["test_plan"])


def _key(address: str) -> str:
    return address.split('["')[1].rstrip('"]') if "[" in address else address.rpartition(".")[2]


def _environment() -> dict[str, str]:
    """What Terraform needs of this process; a configuration that is named and not there would be an error."""
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_DATA_DIR": str(_data())}
    if not Path(environment.get("TF_CLI_CONFIG_FILE", "/")).is_file():
        environment.pop("TF_CLI_CONFIG_FILE", None)
    return environment


def _data() -> Path:
    """Where the providers are kept, for all copies."""
    return ROOT / ".cache" / "terraform"


def _providers_are_given() -> bool:
    configuration = _environment().get("TF_CLI_CONFIG_FILE")
    return configuration is not None and "dev_overrides" in Path(configuration).read_text(encoding="utf-8")


def _bring_providers() -> str | None:
    with tempfile.TemporaryDirectory() as directory:
        init = Terraform(Path(directory) / "infra", Path("/")).run(
            "init", "-backend=false", "-input=false", "-no-color"
        )
    if init.returncode == 0:
        return None
    return "Terraform cannot fetch the google provider here, and TF_CLI_CONFIG_FILE names nothing that gives it one"
