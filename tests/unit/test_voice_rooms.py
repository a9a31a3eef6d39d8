"""The plan of the worker: imports go down only, and each vendor is known to its own modules alone."""

import re
import sys
from pathlib import Path

import pytest

from speech.settings import STACKS
from support.imports import imports_in, imports_of

WORKER = Path(__file__).resolve().parents[2] / "agent_service"
FLOORS = (
    {"environment"},
    {"speech.stack", "speech.pcm"},
    {f"speech.{stack}" for stack in STACKS},
    {"speech.settings"},
    {"voice.clock", "voice.transcript", "voice.notices", "voice.text_normalization", "voice.logs", "voice.settings"},
    {"voice.wire"},
    {"voice.backend", "voice.delivery"},
    {"voice.reply"},
    {"voice.llm", "voice.turn_log", "voice.conversation", "voice.attributes", "voice.recordings", "voice.turn_taking"},
    {"voice.room"},
    {"voice.behaviours"},
    {"voice.interviewer"},
    {"voice.framework"},
    {"voice.job"},
    {"voice.trial"},
    {"agent", "local_stack"},
)
"""From the ground up: a module imports its own room and lower floors."""
VENDORS = {
    "agent.py": {"livekit"},
    "local_stack.py": {"honcho", "interviewos", "yaml"},
    "speech": {"livekit"},
    "speech/google_cloud.py": {"google"},
    "speech/local": {"faster_whisper", "httpx", "numpy"},
    "speech/pcm.py": {"numpy"},
    "voice/attributes.py": {"livekit"},
    "voice/backend.py": {"httpx", "httpx_sse"},
    "voice/behaviours": {"livekit"},
    "voice/framework.py": {"livekit"},
    "voice/interviewer.py": {"livekit"},
    "voice/job.py": {"httpx", "livekit"},
    "voice/llm.py": {"livekit"},
    "voice/recordings": {"livekit"},
    "voice/room.py": {"aiohttp", "livekit"},
    "voice/trial.py": {"livekit"},
    "voice/turn_log.py": {"livekit"},
    "voice/turn_taking.py": {"livekit"},
}
"""Who may import a vendor's packages."""
SPEECH_VENDORS = re.compile(r"piper|whisper|espeak|google|gemini|chirp", re.IGNORECASE)
MODULES = sorted(WORKER.rglob("*.py"))
ROOMS = {"speech", "voice", "environment", "agent", "local_stack"}


PACKAGES = frozenset({"speech", "voice"})


def named(path: Path) -> str:
    return path.relative_to(WORKER).as_posix()


def room(name: str) -> str:
    """The room of a module by its dotted name: a folder below `speech` or `voice` is one room."""
    return ".".join(name.split(".")[: 2 if name.split(".")[0] in ("speech", "voice") else 1])


def floor(name: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room(name) in rooms)


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(WORKER).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("path", [path for path in MODULES if dotted(path) not in ("speech", "voice")], ids=named)
def test_arrows_go_down(path: Path) -> None:
    """A module imports its own room, and lower floors."""
    ours = {name for name in imports_of(path, PACKAGES) if name.split(".")[0] in ROOMS}
    here = dotted(path)
    up = [name for name in ours if room(name) != room(here) and floor(name) >= floor(here)]

    assert up == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_vendor_is_known_to_its_modules_alone(path: Path) -> None:
    """Another framework, HTTP client or speech service changes these, and nothing else."""
    outside = {name.split(".")[0] for name in imports_of(path, PACKAGES)} - set(sys.stdlib_module_names) - ROOMS
    name = named(path)

    known = [vendors for owner, vendors in VENDORS.items() if name == owner or name.startswith(f"{owner}/")]

    assert outside <= set[str]().union(*known)


@pytest.mark.parametrize("path", [path for path in MODULES if named(path).startswith("voice/")], ids=named)
def test_the_interviewer_knows_no_speech_service(path: Path) -> None:
    """Neither by import nor by name, in no comment and no text."""
    assert SPEECH_VENDORS.findall(path.read_text(encoding="utf-8")) == []


def test_the_functions_are_known_to_the_local_stack_alone() -> None:
    """The worker shares a wire contract with them, and no code."""
    assert {
        named(path) for path in MODULES for name in imports_of(path, PACKAGES) if name.startswith("interviewos")
    } == {"local_stack.py"}


def test_an_import_that_goes_up_is_found() -> None:
    """The reading of imports sees those within functions, and a room imported by name; the order of floors is one."""
    source = "def later():\n    from voice import framework\nimport speech.settings"
    order = ["voice.framework", "voice.behaviours.call", "voice.conversation", "speech.settings", "speech.local.piper"]

    assert set(imports_in(source, PACKAGES)) == {"voice.framework", "speech.settings"}
    assert sorted(order, key=floor, reverse=True) == order


def test_the_image_has_every_room() -> None:
    """What the worker imports is copied into its image, and left in by .dockerignore."""
    copied = {word for line in lines("Dockerfile") if line.startswith("COPY ") for word in line.split()[1:-1]}
    left_in = {line.removeprefix("!") for line in lines(".dockerignore") if line.startswith("!")}
    wanted = {path.name for path in WORKER.iterdir() if path.name.partition(".")[0] in ROOMS - {"local_stack"}}

    assert wanted == {"agent.py", "environment.py", "speech", "voice"}
    assert wanted <= copied
    assert wanted <= left_in


def lines(name: str) -> list[str]:
    return (WORKER / name).read_text(encoding="utf-8").splitlines()
