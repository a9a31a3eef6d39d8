"""What a module imports, read from its source, so that tests can hold the plan of a house."""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path


@cache
def imports_of(path: Path, packages: frozenset[str]) -> frozenset[str]:
    """Everything that a module imports, wherever in it that stands; what comes from `packages` with its own name."""
    return frozenset(imports_in(path.read_text(encoding="utf-8"), packages))


def imports_in(source: str, packages: Collection[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            whole = node.module in packages
            yield from (f"{node.module}.{alias.name}" for alias in node.names) if whole else (node.module,)
