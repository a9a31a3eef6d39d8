"""How well speech was understood: the word error rate, the same however a number or a contraction is written."""

import re
import unicodedata

_CONTRACTIONS = (
    (r"\bwon't\b", "will not"),
    (r"\b(can't|cannot)\b", "can not"),
    (r"n't\b", " not"),
    (r"\b(it|that|what|he|she|there|here)'s\b", r"\1 is"),
    (r"\blet's\b", "let us"),
    (r"'m\b", " am"),
    (r"'re\b", " are"),
    (r"'ve\b", " have"),
    (r"'ll\b", " will"),
    (r"'d\b", " would"),
)
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_UNITS = _SMALL.split()
_ALL_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
_TENS = _ALL_TENS.split()


def word_error_rate(reference: str, heard: str) -> float:
    """Words that must be changed, added or left out to get from one to the other, per word of the reference."""
    wanted = words(reference)
    return edits(wanted, words(heard)) / max(1, len(wanted))


def words(text: str) -> list[str]:
    """Words as they sound: without case and punctuation, contractions and numbers written out."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain).replace("%", " percent ")
    for short, long in _CONTRACTIONS:
        plain = re.sub(short, long, plain)
    plain = re.sub(r"\d{1,6}", lambda digits: f" {' '.join(_spoken(int(digits[0])))} ", plain)
    return re.findall(r"\w+", plain.replace("'", ""))


def edits(wanted: list[str], got: list[str]) -> int:
    """How many words must be changed, added or left out (Levenshtein)."""
    above = list(range(len(got) + 1))
    for row, word in enumerate(wanted, 1):
        here = [row]
        for column, other in enumerate(got, 1):
            here.append(min(above[column] + 1, here[-1] + 1, above[column - 1] + (word != other)))
        above = here
    return above[-1]


def _spoken(number: int) -> list[str]:
    """A number below a million in words."""
    for power, name in ((1000, "thousand"), (100, "hundred")):
        if number >= power:
            rest = number % power
            return [*_spoken(number // power), name, *(_spoken(rest) if rest else [])]
    if number < len(_UNITS):
        return [_UNITS[number]]
    return [_TENS[number // 10], *([_UNITS[number % 10]] if number % 10 else [])]
