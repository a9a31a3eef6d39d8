"""What the page did not write itself is what its makers released."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from support.emulators import require

HOSTING = Path(__file__).parents[2] / "hosting"
VENDOR = HOSTING / "src" / "vendor"
RELEASED = {
    "htm.mjs": "htm/dist/htm.mjs",
    "livekit-client.umd.js": "livekit-client/dist/livekit-client.umd.js",
    "preact.mjs": "preact/dist/preact.mjs",
}
"""Where each file stands in its package."""
LICENCES = {"htm": "Apache License", "livekit-client": "Apache License", "preact": "The MIT License"}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_vendored_files_are_unchanged_and_licensed() -> None:
    """Each script has the hash that is written down beside it, a licence, and its version in the note."""
    kept = dict(reversed(line.split()) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    scripts = sorted(path for path in VENDOR.iterdir() if path.suffix in (".js", ".mjs"))
    versions = json.loads((HOSTING / "package.json").read_text())["devDependencies"]
    note = (VENDOR / "README.txt").read_text()

    assert {path.name for path in scripts} == RELEASED.keys()
    assert {path.name: digest(path) for path in scripts} == kept
    for package, licence in LICENCES.items():
        assert licence in (VENDOR / f"{package}-LICENSE.txt").read_text()
        assert re.search(rf"{package} {re.escape(versions[package])}\b", note)


@pytest.mark.parametrize("name", RELEASED)
def test_a_vendored_file_is_the_one_of_its_package(name: str) -> None:
    """The package is the registry's: npm has compared it with the hash in package-lock.json."""
    package = HOSTING / "node_modules" / RELEASED[name]
    require(None if package.exists() else "the page's packages are not installed: run hosting/install")

    assert digest(VENDOR / name) == digest(package)
