"""What `tests/install-clients` installed, and the sentence about what is missing."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = Path(__file__).resolve().parents[2] / ".cache" / "clients"
NODE_MODULES = INSTALLED / "node_modules"
NODE_BIN = NODE_MODULES / ".bin"
PYTHON = INSTALLED / "venv" / "bin" / "python"
OAPI_CODEGEN = INSTALLED / "oapi-codegen"
OPENAPI_GENERATOR = INSTALLED / "openapi-generator.jar"

# No proxy among them: it would come between a client and 127.0.0.1.
INHERITED = ("PATH", "HOME", "JAVA_HOME", "GOFLAGS", "GOPROXY", "GOSUMDB", "GOPATH", "GOMODCACHE", "GOCACHE")


def why_not(programs: Iterable[str], paths: Iterable[Path]) -> str | None:
    """Say what this machine lacks, or nothing."""
    if missing := [name for name in programs if shutil.which(name) is None]:
        return f"this client needs {' and '.join(missing)}, and there is none here"
    if missing := [path.name for path in paths if not path.exists()]:
        return f"{' and '.join(missing)} is not installed: see tests/install-clients"
    return None


def run(command: Iterable[str | Path], where: Path, settings: Mapping[str, str] | None = None) -> str:
    """Run a tool to its end and give what it printed; what it complains of is the failure's text."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=where,
        env={**kept, "NO_COLOR": "1", **(settings or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert ran.returncode == 0, ran.stdout[-4_000:] + ran.stderr[-4_000:]
    return ran.stdout
