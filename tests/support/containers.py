"""The worker's image, built and run for real without a container engine: buildah, and a base made of Debian packages.

The base stands in for the one that the Dockerfile names, which no registry can be asked for here.
"""

import functools
import json
import os
import shutil
import signal
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from support.process import REPOSITORY
from support.worker import Worker

CACHE = REPOSITORY / ".cache" / "containers"
SOURCE = REPOSITORY / "agent_service"
DEBIAN = "bookworm"
PACKAGES = "python3,python3-pip,python3-venv,ca-certificates"
TOOLS = ("buildah", "runc", "mmdebstrap")
CERTIFICATES = Path("/etc/ssl/certs")
PIP_CONFIGURATION = "[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n"
BUILD_SECONDS = 600


@functools.cache
def why_not() -> str | None:
    """Say what this machine lacks, or nothing; the first call installs what it may."""
    if os.geteuid() != 0:
        return "images are built by root here"
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        install = f"apt-get update -qq && apt-get install -y -qq --no-install-recommends {' '.join(missing)}"
        done = subprocess.run(["sh", "-c", install], capture_output=True, text=True)
        if done.returncode:
            return f"{', '.join(missing)} cannot be installed: {done.stderr[-300:]}"
    return None


class Image:
    """The worker's image with everything that local speech needs."""

    def __init__(self, folder: Path) -> None:
        self._storage = [
            "--storage-driver",
            "overlay",
            "--root",
            str(folder / "root"),
            "--runroot",
            str(folder / "run"),
        ]
        self._folder = folder
        self.name = f"worker-{uuid.uuid4().hex[:8]}"

    def build(self, requirements: str = "requirements-local.txt") -> None:
        """Build the Dockerfile as it stands."""
        configuration = self._folder / "pip.conf"
        configuration.write_text(PIP_CONFIGURATION)
        self._import_base(base_of(SOURCE / "Dockerfile"))
        binds = [f"{CERTIFICATES}:{CERTIFICATES}:ro", f"{configuration}:/etc/pip.conf:ro"]
        options = [
            "--format",
            "docker",
            "--pull-never",
            "--isolation",
            "chroot",
            "--build-arg",
            f"REQUIREMENTS={requirements}",
        ]
        volumes = [part for bind in binds for part in ("-v", bind)]
        self._buildah("bud", *options, *volumes, "-t", self.name, str(SOURCE))

    @property
    def configuration(self) -> dict[str, Any]:
        """What the image says about itself: user, command, health check."""
        found: dict[str, Any] = json.loads(self._buildah("inspect", "--type", "image", self.name))["Docker"]["config"]
        return found

    def command(self, env: Mapping[str, str]) -> list[str]:
        """Run the image's own command as its own user, on the network of this machine."""
        container = self._buildah("from", "--pull-never", self.name).strip()
        settings = [part for name, value in env.items() for part in ("--env", f"{name}={value}")]
        where = ["--isolation", "oci", "--network", "host"]
        return ["buildah", *self._storage, "run", *where, *settings, container, "--", *self.configuration["Cmd"]]

    def _import_base(self, name: str) -> None:
        tar = CACHE / f"{DEBIAN}.tar"
        if not tar.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            fresh = tar.with_suffix(".new.tar")
            _run("mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", DEBIAN, str(fresh))
            fresh.rename(tar)
        recipe = self._folder / "base.Dockerfile"
        recipe.write_text(f"FROM scratch\nADD {tar.name} /\nENV PATH={os.environ['PATH']}\n")
        self._buildah("bud", "--isolation", "chroot", "-t", f"docker.io/library/{name}", "-f", str(recipe), str(CACHE))

    def _buildah(self, *arguments: str) -> str:
        return _run("buildah", *self._storage, *arguments)


class ContainerWorker(Worker):
    """A worker in a container, whose main process gets the signals that a platform would send."""

    def __init__(self, image: Image, env: Mapping[str, str]) -> None:
        super().__init__(env)
        self._command = image.command({**env, "HOST": "127.0.0.1", "PORT": str(self.port)})

    def main_process(self) -> int:
        """The process that the container began with, by its number on this machine."""
        return next(pid for pid in self.job_pids() if _arguments(pid)[-2:] == ["agent.py", "start"])

    def drain(self) -> None:
        """Send SIGTERM, as a deployment does."""
        os.kill(self.main_process(), signal.SIGTERM)


def base_of(dockerfile: Path) -> str:
    """The one image that all stages begin with."""
    (name,) = {line.split()[1] for line in dockerfile.read_text().splitlines() if line.startswith("FROM ")}
    return name


def _arguments(pid: int) -> Sequence[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_SECONDS)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:8])} … failed:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout
