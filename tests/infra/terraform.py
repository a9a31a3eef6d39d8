"""Terraform on a copy of infra/: nothing that it leaves behind is in the tree, and a copy can be broken on purpose."""

import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from support.google import FakeGoogle

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
MODULES = INFRA / "terraform" / "modules"
ENVIRONMENTS = INFRA / "terraform" / "environments"
LEFT_BEHIND = shutil.ignore_patterns(".terraform*", "*.tfvars", "*.tfstate*")
SECONDS = 300


class Terraform:
    """Terraform in one copy of infra/, in one of its folders."""

    def __init__(self, copy: Path, folder: str = "modules/interviewos") -> None:
        shutil.copytree(INFRA, copy, ignore=LEFT_BEHIND)
        self.module = copy / "terraform" / folder
        self._environment = environment()

    def find_modules(self) -> None:
        """Let it know the modules that the folder names; the providers are here already."""
        self._environment["TF_DATA_DIR"] = str(self.module / ".terraform")
        given = (
            ["get"] if _providers_are_given() else ["init", "-backend=false", f"-plugin-dir={_data() / 'providers'}"]
        )
        self.run(*given).check_returncode()

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


class Deployment:
    """A module that is applied to a Google of the test's own, with its state in a folder of its own."""

    def __init__(self, folder: Path, module: str, google: FakeGoogle, given: Mapping[str, Any]) -> None:
        folder.mkdir()
        self.folder, self.google = folder, google
        self.environment = environment() | google.environment | {"TF_DATA_DIR": str(folder / ".terraform")}
        self._module = MODULES / module
        self.give(given)
        self.run("get").check_returncode()

    def apply(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Make what is given true."""
        return self.run("apply", "-auto-approve", "-parallelism=40", *arguments)

    def plan(self) -> subprocess.CompletedProcess[str]:
        """Ask what is to change: 0 is nothing, 2 is something."""
        return self.run("plan", "-detailed-exitcode")

    def run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of Terraform; what it answers is the caller's to judge."""
        plain = [] if command in ("state", "import") else ["-no-color"]
        line = ["terraform", f"-chdir={self.folder}", command, *arguments, *plain]
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    def resources(self) -> list[str]:
        """The addresses of everything in its state."""
        return self.run("state", "list").stdout.splitlines()

    def output(self) -> dict[str, Any]:
        """What it says of itself."""
        said = json.loads(self.run("output", "-json").stdout)["all"]["value"]
        return dict(said)

    def give(self, given: Mapping[str, Any]) -> None:
        """Write the arguments of the module."""
        place = {"project": given["project_id"], "region": given.get("region", "us-central1")}
        provider = place | {"user_project_override": True, "default_labels": {"app": "interviewos"}}
        name = self._module.name
        root = {
            "provider": {"google": provider, "google-beta": provider},
            "module": {name: {"source": os.path.relpath(self._module, self.folder), **given}},
            "output": {"all": {"value": f"${{module.{name}}}"}},
        }
        (self.folder / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")


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


def environment() -> dict[str, str]:
    """What Terraform needs of this process; a configuration that is named and not there would be an error."""
    environment = os.environ | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_DATA_DIR": str(_data())}
    if not Path(environment.get("TF_CLI_CONFIG_FILE", "/")).is_file():
        environment.pop("TF_CLI_CONFIG_FILE", None)
    return environment


def _data() -> Path:
    """Where the providers are kept, for all copies."""
    return ROOT / ".cache" / "terraform"


def _providers_are_given() -> bool:
    configuration = environment().get("TF_CLI_CONFIG_FILE")
    return configuration is not None and "dev_overrides" in Path(configuration).read_text(encoding="utf-8")


def _bring_providers() -> str | None:
    with tempfile.TemporaryDirectory() as directory:
        init = Terraform(Path(directory) / "infra").run("init", "-backend=false", "-input=false", "-no-color")
    if init.returncode == 0:
        return None
    return "Terraform cannot fetch the google provider here, and TF_CLI_CONFIG_FILE names nothing that gives it one"
