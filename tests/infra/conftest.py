"""One copy of infra/ for all that only look at it, and the plans that its own tests made."""

import subprocess
from pathlib import Path

import pytest

from infra.terraform import ROOT, Plan, Terraform, plans
from support.emulators import require

CHECKERS = ROOT / ".cache" / "checkers"


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Terraform:
    """Terraform in a copy that no test changes."""
    require(Terraform.why_not())
    return Terraform(tmp_path_factory.mktemp("terraform") / "infra")


@pytest.fixture(scope="session")
def tested(terraform: Terraform) -> subprocess.CompletedProcess[str]:
    """What Terraform's own tests said, one JSON object a line."""
    return terraform.run("test", "-json", "-verbose")


@pytest.fixture(scope="session")
def planned(tested: subprocess.CompletedProcess[str]) -> dict[str, Plan]:
    """The plan of each of their runs."""
    return dict(plans(tested.stdout))


@pytest.fixture(scope="session")
def checkers() -> Path:
    """Where checkov, hadolint, kubernetes-validate and the Python that parses PromQL are."""
    installed = (CHECKERS / "bin" / "checkov").is_file() and not (CHECKERS / "unfinished").exists()
    require(None if installed else "checkov is missing: tests/install-tools installs it")
    return CHECKERS / "bin"
