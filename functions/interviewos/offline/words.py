"""Cutting texts into words."""

from __future__ import annotations

import re


def plain(text: str) -> list[str]:
    """List the words of a text, without marks and case, to compare it with another."""
    return re.findall(r"[^\W_]+", text.casefold().replace("’", "").replace("'", ""))


def count_words(text: str) -> int:
    """Count words; two signs of a script without spaces count as one."""
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text))
    return len(text.split()) + unspaced // 2


def sentences_that_ask(text: str) -> list[str]:
    """List the questions of a text without what stands before them, lower case."""
    pieces = re.split(r"(?<=[?.!:”\n])", text)
    return [piece.strip(" ,;“”").casefold() for piece in pieces if piece.endswith("?")]
