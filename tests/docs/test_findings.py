"""The scripts of findings/ can be read by a shell, clean up after themselves and name the versions that they show."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

FINDINGS = Path(__file__).parents[2] / "findings"
SCRIPTS = sorted(FINDINGS.glob("*.sh"))
PINNED = re.compile(r"[\w.-]+(?:==|@)\d+(?:\.\d+)+")
HOST = re.compile(r"https?://(?!127\.0\.0\.1)")

a_script = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


@a_script
def test_a_finding_is_a_script_that_a_shell_can_read(script: Path) -> None:
    """It can be run as it is."""
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", script], check=True)


@a_script
def test_a_finding_leaves_nothing_behind_and_stops_at_an_error(script: Path) -> None:
    """Whatever it installs is in a temporary folder."""
    text = script.read_text(encoding="utf-8")

    assert "\nset -euo pipefail\nwork=$(mktemp -d)\n" in text
    assert re.search(r"^trap '.*rm -rf \"\$work\"' EXIT$", text, re.MULTILINE)


@a_script
def test_a_finding_says_which_version_it_shows_and_installs_no_other(script: Path) -> None:
    """A surprise belongs to a version; each pinned one stands in the words at the beginning, too."""
    text = script.read_text(encoding="utf-8")
    words = "".join(line for line in text.splitlines() if line.startswith("# "))
    pins = PINNED.findall(text)
    main, version = re.split("==|@", pins[0])

    assert main.removesuffix("-cli") in words
    assert version in words
    assert HOST.search(text) is None
    assert "The behaviour changed." in text
