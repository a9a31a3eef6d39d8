"""Patterns that are compiled when they are first looked for: a cold start does not wait for what may never be read."""

from __future__ import annotations

import re
from functools import cached_property


class Pattern:
    """Alternatives of which any may be found, in capitals or not."""

    def __init__(self, *alternatives: str) -> None:
        self.source = "|".join(alternatives)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.source, re.IGNORECASE)

    def found_in(self, text: str) -> bool:
        return self._compiled.search(text) is not None

    def count_in(self, text: str) -> int:
        return len(self._compiled.findall(text))

    def taken_out_of(self, text: str) -> str:
        return self._compiled.sub(" ", text)

    def spans_in(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in self._compiled.finditer(text)]
