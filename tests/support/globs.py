"""The globs of firebase.json, read as Firebase Hosting reads them."""

import functools
import re

_TOKENS = re.compile(
    r"(?P<repeat>[@?*+])\((?P<choices>[^()]*)\)|\{(?P<words>[^{}]*)\}|(?P<plain>\*\*/|\*\*|\*|\?|[^*?])"
)
_PLAIN = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
_REPEAT = {"@": "", "?": "?", "*": "*", "+": "+"}


@functools.cache
def pattern(glob: str) -> re.Pattern[str]:
    """Compile a glob with `*`, `**`, `?`, `{a,b}` and `@(a|b)`, `?(…)`, `*(…)`, `+(…)`.

    Raises ValueError for what Hosting knows and this does not: `!(…)`, `[…]` and choices inside choices.
    """
    if re.search(r"!\(|\[|\\", glob):
        raise ValueError(f"this glob is beyond us: {glob}")
    return re.compile(_translate(glob if glob.startswith(("/", "**")) else f"/{glob}"), re.DOTALL)


def matches(glob: str, path: str) -> bool:
    """Whether a rule with this glob is for the path, which begins with a slash."""
    return pattern(glob).fullmatch(path) is not None


def _translate(glob: str) -> str:
    translated, end = "", 0
    for token in _TOKENS.finditer(glob):
        if token.start() != end or token["plain"] in ("(", "{", "}"):
            raise ValueError(f"this glob is beyond us: {glob}")
        translated, end = translated + _part(token), token.end()
    return translated


def _part(token: re.Match[str]) -> str:
    if token["plain"] is not None:
        return _PLAIN.get(token["plain"], re.escape(token["plain"]))
    choices = token["words"].split(",") if token["words"] is not None else token["choices"].split("|")
    anyone = "|".join(_translate(choice) for choice in choices)
    return f"(?:{anyone}){_REPEAT.get(token['repeat'] or '', '')}"
