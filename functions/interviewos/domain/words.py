"""Counting words, in scripts with and without blanks between them."""

import re

TEXTS_KEPT = 2_048
"""Texts for which a process remembers what was worked out: an interview brings the same ones to each of its turns."""


def count_words(text: str) -> int:
    """Count words; two signs of a script without spaces count as one."""
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]", text))
    return len(text.split()) + unspaced // 2
