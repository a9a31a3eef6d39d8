"""Lighthouse, as a stranger would run it on the page."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from browser.conftest import CHROMIUM
from support.emulators import require
from support.server import DevServer

LIGHTHOUSE = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
FLAGS = "--headless=new --no-sandbox --disable-gpu"


@pytest.mark.long
@pytest.mark.parametrize("form", ["mobile", "desktop"])
def test_lighthouse_finds_little_to_improve(server: DevServer, tmp_path: Path, form: str) -> None:
    """95 of 100 in every category that does not depend on how busy this machine is; the performance is printed."""
    require(None if shutil.which("node") and LIGHTHOUSE.exists() else "Lighthouse is not installed: it needs node")
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    report = tmp_path / "report.json"
    command = ["node", str(LIGHTHOUSE), server.url, "--quiet", "--output=json", f"--output-path={report}"]
    preset = ["--preset=desktop"] if form == "desktop" else []
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    subprocess.run([*command, f"--chrome-flags={FLAGS}", *preset], env=environment, check=True, timeout=180)

    scores = {name: round(100 * part["score"]) for name, part in json.loads(report.read_text())["categories"].items()}
    print(form, scores)
    assert {name: score for name, score in scores.items() if score < 95 and name != "performance"} == {}
