"""Names as they are said."""

from __future__ import annotations

import re
import unicodedata

MOST_NAME_WORDS, MOST_NAME_CHARACTERS = 10, 64
_NAME_SIGNS = frozenset(" '’ʼ‘.,-‐‑–·・/&()\u200c\u200d\u05f3\u05f4\u0f0b\u055a\u1361´")
_TOKENS = re.compile(r"<{1,}[^<>]{0,60}>{1,}|MOVE_TO_\w*")
_LOOSE = re.compile(r"/(?=[/\s]|\Z)|(?<![^/\s])/|,(?!\s)|(?<!\S),|(?<!\s)&|&(?!\s)|\([^()]*\Z|\A[^()]*\)|\(\s*\)")


def clean_name(name: str) -> str:
    """Give a name as it was typed, in whatever script, on one line and without signs that no name has.

    What is too long for one, or has no letter, is no name.
    """
    typed = unicodedata.normalize("NFC", _TOKENS.sub(" ", name))
    words = _LOOSE.sub(" ", "".join(map(_sign_of_a_name, typed))).split()
    cleaned = " ".join(words).strip(" ,-–&/'’\u200c\u200d")
    fits = len(words) <= MOST_NAME_WORDS and len(cleaned) <= MOST_NAME_CHARACTERS
    return cleaned if fits and any(map(str.isalpha, cleaned)) else ""


def _sign_of_a_name(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] in "LMN" or sign in _NAME_SIGNS:
        return sign
    return "" if kind == "Cf" else " "
