"""What stands around some words of a sentence: its clauses, and what takes back what they say."""

from __future__ import annotations

import re

NEGATION = re.compile(
    r"\b(?:not|never|nobody|nothing|without|neither|no)\b|n['’]t\b"
    r"|\b(?:nicht|kein\w*|nie|niemand|ohne)\b|\b(?:ne|pas|jamais|sans)\b|\bn['’]|\b(?:nunca|jamás|tampoco|nadie|sin)\b",
    re.IGNORECASE,
)
_BORDER = re.compile(
    r"[,;:—–]\s|\b(?:and|but|so|because|then|while|although|und|aber|denn|weil|y|pero|porque|et|mais|donc)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"\S+")


def around(match: re.Match[str], before: int, after: int) -> str:
    """Give some words with so many before and after them."""
    text = match.string
    begins = [word.start() for word in _WORD.finditer(text, 0, match.start())][-before:]
    ends = [word.end() for word in _WORD.finditer(text, match.end())][:after]
    return text[begins[0] if begins else match.start() : ends[-1] if ends else match.end()]


def clauses_around(match: re.Match[str]) -> str:
    """Give the clauses that some words stand in."""
    return match.string[clause_start(match.string, match.start()) : _clause_end(match.string, match.end())]


def clause_start(text: str, at: int) -> int:
    """Find where the clause begins that this place is in."""
    borders = [border.end() for border in _BORDER.finditer(text, 0, at)]
    return borders[-1] if borders else 0


def _clause_end(text: str, at: int) -> int:
    border = _BORDER.search(text, at)
    return border.start() if border else len(text)
