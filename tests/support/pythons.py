"""The Pythons of this machine, and virtual environments of theirs with any pip."""

import functools
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[2]
INSTALL = REPOSITORY / "agent_service" / "install-lock"
SECONDS = 300
PIPS = {
    "22.3": "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab",
    "23.0.1": "236bcb61156d76c4b8a05821b988c7b8c35bf0da28a4b614e8d6ab5212c25c6f",
    "23.2.1": "7ccf472345f20d35bdc9d1841ff5f313260c2c33fe417f48c30ac46cccabf5be",
    "24.0": "ba0d021a166865d2265246961bec0152ff124de910c5cc39f1156ce3fa7c69dc",
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}
"""What the first Python 3.11, Debian 12, the first 3.12 and the last 3.11 put into environments, and the newest."""
_TELL = """
import ensurepip, json, os, platform, sys
print(json.dumps([sys.version_info[:3], {"python_version": "%d.%d" % sys.version_info[:2],
    "python_full_version": platform.python_version(), "implementation_name": sys.implementation.name}]))
"""
_LIST = """
import importlib.metadata, json
print(json.dumps({each.name: each.version for each in importlib.metadata.distributions()}))
"""


@dataclass(frozen=True, slots=True)
class Python:
    """An interpreter that can make virtual environments. `markers` are its variables for the markers of a lock."""

    path: Path
    version: tuple[int, ...]
    markers: dict[str, str]

    @property
    def name(self) -> str:
        """As it is called on a command line."""
        return "python{}.{}".format(*self.version)

    @classmethod
    def at(cls, path: Path) -> Self | None:
        """Ask it; None where it is none, or has no ensurepip."""
        asked = subprocess.run([path, "-c", _TELL], capture_output=True, text=True, timeout=SECONDS, check=False)
        if asked.returncode:
            return None
        version, markers = json.loads(asked.stdout)
        return cls(path, tuple(version), markers)


@functools.cache
def find_python(name: str) -> Python | None:
    """Look in PATH and where pyenv keeps them, for the oldest one of this name, such as `python3.11`."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    folders = [Path(folder) for folder in os.environ["PATH"].split(os.pathsep)] + sorted(pyenv.glob("*/bin"))
    found = [Python.at(folder / name) for folder in folders if os.access(folder / name, os.X_OK)]
    return min((each for each in found if each), key=lambda each: each.version, default=None)


class Environment:
    """A virtual environment that install-lock makes and fills."""

    def __init__(self, path: Path, python: Path) -> None:
        self.path = path
        self._python = python

    @classmethod
    def like(cls, other: "Environment", path: Path) -> Self:
        """Copy one that runs its pip as a module of its Python, for its scripts name the other."""
        shutil.copytree(other.path, path, symlinks=True)
        return cls(path, other._python)

    def install(self, lock: Path, env: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
        """Run the script; what it answers is the caller's to judge."""
        return self.run(
            str(INSTALL), str(self.path), str(lock), env={**env, "PYTHON": str(self._python), "PIP_NO_COMPILE": "1"}
        )

    def pip(self, *arguments: str, env: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
        """Run its pip."""
        return self.run(self._own_python, "-m", "pip", *arguments, env=env)

    def installed(self) -> dict[str, str]:
        """Versions by name; without pip and setuptools, which every environment may have."""
        listed: dict[str, str] = json.loads(self.run(self._own_python, "-c", _LIST, env={}).stdout)
        return {name: version for name, version in listed.items() if name not in ("pip", "setuptools")}

    @property
    def _own_python(self) -> str:
        return str(self.path / "bin" / "python")

    def run(self, *command: str, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a command in this environment of variables."""
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
