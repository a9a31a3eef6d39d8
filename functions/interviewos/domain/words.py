"""Counting words, in scripts with and without blanks between them."""

import re


def count_words(text: str) -> int:
    """Count words; two signs of a script without spaces count as one."""
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text))
    return len(text.split()) + unspaced // 2
