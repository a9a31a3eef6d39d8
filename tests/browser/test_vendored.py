"""What the page did not write itself is what its makers released."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "hosting" / "src" / "vendor"


def test_vendored_files_are_unchanged_and_licensed() -> None:
    """Each script has the hash that is written down beside it, a licence, and a version in the note."""
    kept = dict(reversed(line.split()) for line in (VENDOR / "SHA256SUMS").read_text().splitlines())
    scripts = sorted(VENDOR.glob("*.js"))

    assert {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in scripts} == kept
    assert "Apache License" in (VENDOR / "livekit-client-LICENSE.txt").read_text()
    assert re.search(r"livekit-client \d+\.\d+\.\d+", (VENDOR / "README.txt").read_text())
