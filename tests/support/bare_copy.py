"""functions/ as the platform gets it: a copy of the folder alone, and an environment with its requirements alone."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
INSTALL = FUNCTIONS.parent / "agent_service" / "install-lock"
INSTALL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class BareCopy:
    """`home` has the folder functions/ and nothing beside it; `python` has what its requirements.txt names."""

    home: Path
    python: Path

    @property
    def functions(self) -> Path:
        """The copy."""
        return self.home / "functions"


def make_bare_copy(home: Path) -> BareCopy:
    """Copy and install. Raises RuntimeError where no package index is in reach."""
    shutil.copytree(FUNCTIONS, home / "functions", ignore=shutil.ignore_patterns("__pycache__"))
    copy = BareCopy(home, home / "environment" / "bin" / "python")
    command = [INSTALL, home / "environment", copy.functions / "requirements.txt"]
    env = {**os.environ, "PYTHON": sys.executable}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    if ran.returncode:
        raise RuntimeError(f"no environment with functions/requirements.txt can be made here: {ran.stderr[-500:]}")
    return copy
