"""Every command of gcloud that a person is told to type is one that gcloud knows, with its options."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from infra.terraform import INFRA, MODULES
from support.emulators import require

TOLD = [INFRA / "README.md", *MODULES.rglob("*.tf")]
END = re.compile(r"[`\n|;#]|&&|\\$|\\\n")


def commands(text: str) -> Iterator[str]:
    """Each command, up to where the shell would end it, with a word for each variable."""
    for found in re.finditer(r"(?<![\w/-])gcloud (?=[a-z])", text):
        rest = END.split(text[found.start() :], maxsplit=1)[0]
        yield re.sub(r"\$\{[^}]*\}|\$\w+|…", "x", _balanced(rest)).replace('\\"', '"').strip()


def _balanced(text: str) -> str:
    """What stands before the parenthesis that encloses the command, if one does."""
    depth = 0
    for place, sign in enumerate(text):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if depth < 0:
            return text[:place]
    return text


def test_every_command_is_known(tmp_path: Path) -> None:
    """To the gcloud of this machine."""
    require(None if shutil.which("gcloud") else "the commands of infra/README.md are checked by `gcloud`")
    told = sorted({command for path in TOLD for command in commands(path.read_text(encoding="utf-8"))})
    file = tmp_path / "commands.json"
    file.write_text(json.dumps([{"command_string": command} for command in told]), encoding="utf-8")
    linted = subprocess.run(
        ["gcloud", "meta", "lint-gcloud-commands", f"--commands-file={file}"],
        capture_output=True,
        text=True,
        check=True,
    )
    wrong = {each["command_string"]: each["error_message"] for each in json.loads(linted.stdout) if not each["success"]}

    assert wrong == {}
    assert len(told) > 20
