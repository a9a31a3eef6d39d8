"""The files that tools and people read by habit are valid, and true of the project."""

from __future__ import annotations

import configparser
import re
import subprocess
from itertools import product
from pathlib import Path

import pytest
import yaml

from support.imports import imports_of
from support.patches import patched_in

ROOT = Path(__file__).parents[2]
VENDORED = ("hosting/src/vendor/", "hosting/src/fonts/", "LICENSE")
BINARY = {".png", ".wav", ".woff2"}
SLOW = {"playwright", "subprocess", "support.emulators", "support.livekit", "support.process", "support.server"}
"""What a test imports that starts something, or waits for it."""
OURS = {path.stem for folder in ("functions", "agent_service", "tests", "infra") for path in (ROOT / folder).iterdir()}
"""The packages of the project as Python imports them."""
PLANTED = {
    "tests/properties/test_histories.py": ["turns_module"],  # mistakes in the rules, which the histories must find
    "tests/voice/broken_worker.py": [  # faults in a process of its own, which no caller can reach
        "timekeeping.TICK_SECONDS",
        "InterviewRoom.on_changed",
        "PiperTTS.speak",
        "local.find_espeak",
        "WhisperSTT._recognize_impl",
        "WhisperSTT._hear",
    ],
}
"""All that tests replace in our own code: only to see that a fault is noticed."""


def written_by_us() -> list[Path]:
    """Every text file of the project that is not somebody else's."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    files = [ROOT / name for name in listed if name and not name.startswith(VENDORED)]
    return [file for file in files if file.is_file() and not file.is_symlink() and file.suffix not in BINARY]


def test_the_hooks_are_local_and_run_what_make_lint_runs() -> None:
    """No hook brings a tool of its own, so a commit and `make lint` agree."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    lint = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nlint: ")[1].split("\n\n")[0]
    entries = [hook["entry"] for repo in config["repos"] for hook in repo["hooks"]]

    assert {repo["repo"] for repo in config["repos"]} == {"local"}
    assert {hook["language"] for repo in config["repos"] for hook in repo["hooks"]} == {"system"}
    for command in re.findall(r"\$\(BIN\)/(.+?)(?: \.)?$", lint, re.MULTILINE):
        assert [entry for entry in entries if entry.startswith(f".venv/bin/{command}")]


def test_the_issue_form_has_what_a_code_host_wants() -> None:
    """A name, a description, and fields with ids of their own."""
    for form in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"):
        fields = yaml.safe_load(form.read_text(encoding="utf-8"))
        ids = [field["id"] for field in fields["body"]]

        assert fields["name"]
        assert fields["description"]
        assert len(set(ids)) == len(ids)
        assert {field["type"] for field in fields["body"]} <= {"textarea", "input", "dropdown"}
        assert all(field["attributes"]["label"] for field in fields["body"])


def test_the_changelog_keeps_its_form() -> None:
    """Keep a Changelog: versions, newest first, and within each the kinds of change in its words."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (.+)$", text, re.MULTILINE)
    kinds = set(re.findall(r"^### (.+)$", text, re.MULTILINE))

    assert versions[0] == "[Unreleased]"
    assert all(re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}", version) for version in versions[1:])
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_files_are_as_the_editorconfig_says() -> None:
    """UTF-8, one kind of line end, no blanks at the end of a line; tabs indent where a language wants them."""
    wrong = [str(file.relative_to(ROOT)) for file in written_by_us() if file.stat().st_size and not _is_tidy(file)]

    assert wrong == []


def _is_tidy(file: Path) -> bool:
    text = file.read_bytes().decode()
    lines = text.split("\n")
    indented_by_tab = any(line.startswith("\t") for line in lines)
    may_use_tabs = file.suffix in (".go", ".mod") or file.name == "Makefile"
    ends_well = text.endswith("\n") and "\r" not in text
    return ends_well and (may_use_tabs or not indented_by_tab) and all(line == line.rstrip() for line in lines)


def test_the_editorconfig_can_be_read() -> None:
    """Its form is that of an INI file with one line before the first section."""
    parsed = configparser.ConfigParser()
    parsed.read_string("[top]\n" + (ROOT / ".editorconfig").read_text(encoding="utf-8"))

    assert parsed["top"]["root"] == "true"
    assert parsed["*"]["charset"] == "utf-8"


def test_the_inner_loop_starts_nothing() -> None:
    """A unit test that starts a process, a server or a browser belongs elsewhere: these are run all the time."""
    tests = sorted((ROOT / "tests" / "unit").glob("*.py"))
    slow = {test.name: sorted(imports_of(test, frozenset({"support"})) & SLOW) for test in tests}

    assert len(slow) > 20
    assert {name: modules for name, modules in slow.items() if modules} == {}


def test_no_test_patches_our_own_code() -> None:
    """What a test needs otherwise is a parameter, or a fake of a port; only other libraries' globals are replaced."""
    tests = [file for file in written_by_us() if file.suffix == ".py" and file.is_relative_to(ROOT / "tests")]
    found = {
        str(test.relative_to(ROOT)): list(patched_in(test.read_text(encoding="utf-8"), OURS)) for test in sorted(tests)
    }

    assert {test: names for test, names in found.items() if names} == PLANTED


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("monkeypatch.setattr(sqlite, 'BUSY_SECONDS', 0)", ["sqlite"]),
        (
            "monkeypatch.setattr('interviewos.adapters.sqlite.BUSY_SECONDS', 0)",
            ["'interviewos.adapters.sqlite.BUSY_SECONDS'"],
        ),
        ("monkeypatch.setattr(type(room.store), 'read', down)", ["type(room.store)"]),
        ("with mock.patch.object(sqlite.SqliteStore, 'read'): pass", ["sqlite.SqliteStore"]),
        ("sqlite.BUSY_SECONDS, other = 0, 1", ["sqlite.BUSY_SECONDS"]),
        ("monkeypatch.setattr(socket, 'if_nameindex', list)", []),
        ("monkeypatch.setattr('google.auth.default', nobody)", []),
        ("mock.patch.dict(os.environ, clear=True)", []),
        ("monkeypatch.setenv('PATH', '')", []),
        ("sqlite.SqliteStore(':memory:', now).name = ''", []),
        ("room.turns = replace(room.turns, store=DownStore())", []),
    ],
)
def test_a_patch_of_our_own_code_is_found(line: str, found: list[str]) -> None:
    """However it is written; what belongs to another library is let through."""
    imports = "import os\nimport socket\nfrom unittest import mock\nfrom interviewos.adapters import sqlite\n"

    assert list(patched_in(imports + line, OURS)) == found


@pytest.mark.parametrize(("target", "long_ones"), [("test", False), ("test-full", True)])
def test_each_test_is_run_once(target: str, long_ones: bool) -> None:
    """However a target divides the tests into runs, none is left out or run twice; `test` has all but the long ones."""
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").split(f"\n{target}: ")[1].split("\n\n")[0]
    runs = [re.compile(r'-m "(.+)"').findall(line) for line in recipe.splitlines() if "pytest" in line]

    for long, alone in product([False, True], repeat=2):
        chosen = [eval(run, {}, {"long": long, "alone": alone}) for [run] in runs]
        assert sum(chosen) == (long_ones or not long), (long, alone)
