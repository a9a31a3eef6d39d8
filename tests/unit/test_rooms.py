"""The plan of the functions: imports go down only, and each vendor is known to its own adapter alone."""

import sys
from pathlib import Path

import pytest

from support.imports import imports_in, imports_of

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
PACKAGE = FUNCTIONS / "interviewos"
BELOW = {
    "domain": set[str](),
    "report": {"domain"},
    "model": {"domain", "report"},
    "offline": {"domain"},
    "usecases": {"domain", "model", "offline", "report"},
    "adapters": {"domain", "model", "offline", "usecases"},
    "web": {"domain", "report", "usecases"},
}
"""Which other rooms a room may import."""
FOR_ALL = {"logs", "prewarm", "settings"}
"""Modules beside the rooms that any room but the domain may import; they import no room but the domain."""
ROOTS = {"bootstrap", "dev", "server"}
"""What joins the rooms; nothing but an entry point imports them."""
VENDORS = {
    "adapters/cloud_tasks.py": {"google"},
    "adapters/firebase.py": {"firebase_admin", "google", "jwt"},
    "adapters/firestore": {"google"},
    "adapters/gemini.py": {"google", "httpx2"},
    "adapters/livekit.py": {"jwt"},
    "bootstrap.py": {"google"},
    "dev.py": {"flask", "functions_framework", "werkzeug"},
    "logs.py": {"pythonjsonlogger"},
    "server.py": {"gunicorn"},
    "web": {"flask", "jwt", "werkzeug", "yaml"},
}
"""Who may know a vendor's name; msgspec, which only describes types, is for all rooms but the domain."""

MODULES = sorted(path for path in PACKAGE.rglob("*.py"))


PACKAGES = frozenset({"interviewos", *(f"interviewos.{room}" for room in BELOW)})


def place(path: Path) -> str:
    """The room of a module, or its own name where it stands beside the rooms."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_arrows_go_down(path: Path) -> None:
    """A module imports its own room, the rooms below, and what stands beside them for all."""
    here = place(path)
    theirs = {name.split(".")[1] for name in imports_of(path, PACKAGES) if name.startswith("interviewos.")} - {here}
    allowed = {
        "__init__": set[str](),
        **{room: below | (FOR_ALL if room != "domain" else set()) for room, below in BELOW.items()},
        **{module: {"domain"} | FOR_ALL for module in FOR_ALL},
        **{root: {*BELOW, *FOR_ALL, *ROOTS} for root in ROOTS},
    }

    assert theirs <= allowed[here]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_vendor_is_known_to_its_adapter_alone(path: Path) -> None:
    """Another store or model is another adapter, and nothing else."""
    outside = (
        {name.split(".")[0] for name in imports_of(path, PACKAGES)} - set(sys.stdlib_module_names) - {"interviewos"}
    )
    known = [
        vendors for owner, vendors in VENDORS.items() if named(path) == owner or named(path).startswith(f"{owner}/")
    ]

    assert outside <= set[str]().union(*known, set() if place(path) == "domain" else {"msgspec"})


def test_an_import_that_goes_up_is_found() -> None:
    """The reading of imports sees those within functions, and a whole room imported by name."""
    source = "def later():\n    from interviewos.web import http\nimport interviewos.bootstrap\n"

    assert set(imports_in(source, PACKAGES)) == {"interviewos.web.http", "interviewos.bootstrap"}
