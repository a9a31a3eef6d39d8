"""What a test replaces in the modules of others and in ours, read from its source."""

import ast
from collections.abc import Collection, Iterator, Mapping

MONKEYPATCH = {"setattr", "delattr", "setitem", "delitem"}


def patched_in(source: str, ours: Collection[str]) -> Iterator[str]:
    """What is patched in the packages `ours` or in a test's own objects, or is set on what comes from `ours`."""
    tree = ast.parse(source)
    imported = dict(_imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _patches(node.func, imported):
            target, forbidden = [*node.args, *(named.value for named in node.keywords)][0], {*ours, ""}
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del) and not _is_made(node):
            target, forbidden = node, set(ours)
        else:
            continue
        if _package(target, imported) in forbidden:
            yield ast.unparse(target)


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Each imported name with the package that it comes from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name.split(".")[0], alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, node.module.split(".")[0]) for alias in node.names)


def _patches(function: ast.expr, imported: Mapping[str, str]) -> bool:
    by_pytest = isinstance(function, ast.Attribute) and function.attr in MONKEYPATCH
    by_mock = _package(function, imported) == "unittest" and "patch" in ast.unparse(function).split(".")
    return by_pytest or by_mock


def _is_made(attribute: ast.Attribute) -> bool:
    """Whether it belongs to what a call gave, not to a module or a class."""
    return any(isinstance(part, ast.Call) for part in ast.walk(attribute))


def _package(node: ast.expr, imported: Mapping[str, str]) -> str:
    """The package of what an expression names; none for what a test made itself."""
    while not isinstance(node, ast.Name | ast.Constant):
        inner = next((child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)), None)
        if inner is None:
            return ""
        node = inner
    return str(node.value).split(".")[0] if isinstance(node, ast.Constant) else imported.get(node.id, "")
