"""How the page's sources depend on each other: down only, from the views to what they show."""

import re
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

SOURCES = Path(__file__).parents[2] / "hosting" / "src"
COMMENT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL)
IMPORT = re.compile(r"""(?:^(?:import|export)\b[^;]*?|\bimport\()["'](\.[^"']+)["']""", re.MULTILINE)
SHOWN = {"language.js", "plans.js", "problems.js", "selectors.js", "stages.js"} | {
    f"report/{name}.js" for name in ("language", "notes", "practice")
}
"""All that a view knows besides other views: sentences, and pure questions to the state. What it does it is given."""
MOST_LINES = 200


@cache
def modules() -> dict[str, set[str]]:
    """What each module imports while it runs; types that comments name are no imports."""
    paths = [path for path in SOURCES.rglob("*.js") if "vendor" not in path.parts and path.name != "old.js"]
    return {path.relative_to(SOURCES).as_posix(): imports_of(path) for path in paths}


def imports_of(path: Path) -> set[str]:
    """Read one module."""
    named = IMPORT.findall(COMMENT.sub("", path.read_text(encoding="utf-8")))
    return {(path.parent / name).resolve().relative_to(SOURCES.resolve()).as_posix() for name in named}


def folder_of(module: str) -> str:
    return PurePosixPath(module).parent.as_posix()


def views() -> list[str]:
    return sorted(name for name in modules() if name.startswith("views/"))


def test_the_reader_sees_every_kind_of_import(tmp_path: Path) -> None:
    """Static, for its effect, passed on, and on demand; not what a comment says."""
    module = SOURCES / "main.js"
    assert {"features.js", "views/page.js", "voice/controller.js", "views/voice/voice.js"} <= imports_of(module)
    assert imports_of(SOURCES / "views" / "voice" / "voice.js") == {
        f"views/voice/{name}.js" for name in ("bar", "captions", "check")
    }
    assert "microphone.js" not in imports_of(SOURCES / "state.js")


@pytest.mark.parametrize("name", views())
def test_a_view_imports_downwards_only(name: str) -> None:
    """Parts that all views share, its own folder, and what it shows; page.js alone knows which views there are."""
    others = {one for one in modules()[name] if folder_of(one) not in ("views", folder_of(name))}
    views_of_others = {one for one in others if one.startswith("views/")}
    assert views_of_others == set() or name == "views/page.js"
    assert others - views_of_others <= SHOWN | (
        {"vendor/htm.mjs", "vendor/preact.mjs"} if name == "views/html.js" else set()
    )


def test_nothing_but_the_root_imports_a_view() -> None:
    """State, storage and requests work without a document to draw in."""
    assert {name for name in modules() if not name.startswith("views/") and any(
        one.startswith("views/") for one in modules()[name])} == {"main.js"}  # fmt: skip


def test_no_module_imports_itself_by_a_detour() -> None:
    """Every module can be read after those that it imports."""
    rest = {name: set(named) & modules().keys() for name, named in modules().items()}
    while ready := [name for name, named in rest.items() if not named]:
        rest = {name: named - {*ready} for name, named in rest.items() if name not in ready}
    assert rest == {}


@pytest.mark.parametrize("name", views())
def test_a_view_is_short(name: str) -> None:
    """A longer one is two."""
    assert len((SOURCES / name).read_text(encoding="utf-8").splitlines()) <= MOST_LINES
