"""Figures in what was told: one that counts something, and two that show together what changed."""

from __future__ import annotations

import re
from functools import cache

from interviewos.report.clauses import NEGATION, around, clauses_around

_UNITS = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|thousand|million|half|dozen"
    r"|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|\w*(?:zig|dreißig|zehn|hundert|tausend)|keine?n?"
    r"|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|cien"
    r"|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|mille"
)
_DIGITS = r"[€$£]?\d+(?:[.,:]\d+)*k?"
_N = rf"(?<![\w.,])(?:{_DIGITS}|(?:{_UNITS})(?:[- ](?:{_UNITS}))*)(?![\w])"
_PERCENT = rf"(?<![\w.,])(?:(?:{_DIGITS}|(?:{_UNITS})) ?(?:%|٪|per ?cent\b|Prozent\b|por ciento\b|pour cent\b))"
_CHANGED = (
    r"(?:went|go(?:es|ing)?|fell|fall\w*|dropp?\w*|rose|ris[ei]\w*|grew|grow\w*|increas\w+|decreas\w+|reduc\w+|cut\w*"
    r"|rais\w+|lower\w*|improv\w+|shr[aiu]nk\w*|climb\w*|jump\w*|down|up|chang\w+|halv\w+|doubl\w+|sav\w+|sped|speed\w*"
    r"|short\w*|declin\w*|became|becom\w*|only|less|more|fewer|higher|faster|slower|better|worse|than"
    r"|sank|gesenkt|gesunken|gestiegen|gespart|gesteigert|weniger|mehr|verkürzt|reduziert|runter|hoch"
    r"|bajó|bajé|bajamos|subió|subimos|pasó|pasamos|redu(?:jo|je|jimos|cido)|aument\w+|cayó|mejor\w+|menos|más"
    r"|passée?s?|baissée?|réduite?s?|montée?|tombée?|augmenté\w*|diminué\w*|moins|plus)"
)
_PLAIN = r"[^.;!?]"
_IS = (
    r"(?:,? (?:it|there|that|we|they|this|is|was|were|are|had|have|took|takes?|only|just|about|still|nur|noch|waren?"
    r"|sind|ist|es|solo|sólo|hay|eran?|fueron|seulement|de|que))*"
)
_BEFORE = (
    r"\b(?:before|previously|earlier|at first|at the start|used to|vorher|früher|antes|al principio|avant|au début)\b"
)
_AFTER = (
    r"\b(?:after(?:wards?)?|now|today|then|later|in the end|at the end|danach|nachher|jetzt|heute|am Ende"
    r"|después|ahora|al final|après|maintenant)\b"
)
_COMPARED = r"\b(?:instead of|compared (?:to|with)|up from|down from|statt|anstatt|en vez de|au lieu de)\b"


@cache
def _from_to() -> re.Pattern[str]:
    return re.compile(
        rf"\bfrom {_PLAIN}{{0,20}}?(?P<a>{_N}){_PLAIN}{{0,40}}?\bto\b {_PLAIN}{{0,15}}?(?P<b>{_N})"
        rf"|\bto {_PLAIN}{{0,15}}?(?P<c>{_N}){_PLAIN}{{0,30}}?\bfrom {_PLAIN}{{0,15}}?(?P<d>{_N})"
        rf"|\bde {_PLAIN}{{0,15}}?(?P<e>{_N}){_PLAIN}{{0,30}}?\b[aà] {_PLAIN}{{0,15}}?(?P<f>{_N})",
        re.IGNORECASE,
    )


@cache
def _then_and_now() -> re.Pattern[str]:
    return re.compile(
        rf"{_BEFORE}{_PLAIN}{{0,60}}?{_N}{_PLAIN}{{0,60}}?{_AFTER}{_IS} {_N}"
        rf"|{_N}{_PLAIN}{{0,40}}?\bbefore\b{_PLAIN}{{0,40}}?{_N}{_PLAIN}{{0,20}}?\b(?:after(?:wards)?|now)\b(?=\W*$|[,;.])"
        rf"|{_N}[^.,;!?]{{0,30}}?{_COMPARED} (?:\w+ ){{0,2}}?{_N}"
        rf"|\bvon {_PLAIN}{{0,15}}?{_N}{_PLAIN}{{0,30}}?\bauf {_PLAIN}{{0,15}}?{_N}"
        r"|从[^。；]{0,8}?[\d一二两三四五六七八九十百千万]+[^。；]{0,6}?[降升减增提缩涨][^。；]{0,4}?到[^。；]{0,3}?[\d一二两三四五六七八九十百千万]+"
        r"|(?:ارتفع|انخفض|زاد|تحسن)\w*[^.؛]{0,40}?من \d+ إلى \d+",
        re.IGNORECASE,
    )


@cache
def _share() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?!(?:only|than|more|less|fewer|higher|better|worse|mehr|más|plus)\b){_CHANGED}\b[^.,;!?]{{0,40}}?{_PERCENT}|{_PERCENT}[^.,;!?]{{0,25}}?\b(?!only\b){_CHANGED}\b",
        re.IGNORECASE,
    )


@cache
def _same_unit() -> re.Pattern[str]:
    return re.compile(
        rf"{_PERCENT}|{_N}\s*([^\W\d_]{{3,}}?)(?:s|en|n)?\b{_PLAIN}{{1,60}}?{_N}\s*\1(?:s|en|n)?\b", re.IGNORECASE
    )


_CUE = re.compile(rf"\b{_CHANGED}\b", re.IGNORECASE)
_YEAR, _ALL = re.compile(r"(?:19|20)\d\d"), re.compile(r"(?:100|110|hundred) ?(?:%|percent|per cent)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"\b(?:room|team|level|page|step|floor|gate|line|version|grade|phase|class|shop) \d", re.IGNORECASE
)
_CLOCK = re.compile(r"\s*(?:[ap]\.?m\b|o'clock|uhr\b)", re.IGNORECASE)


@cache
def _figure() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!step )(?<!level )(?<!grade )(?<!version )(?P<n>{_N})"
        r" (?!(?:and|or|to|in|on|at|of|years? (?:old|ago)|o'clock|uhr|percent more|times?)\b)[^\W\d_]{3,}",
        re.IGNORECASE,
    )


@cache
def _supposed() -> re.Pattern[str]:
    """What did not happen, or not yet, is no result."""
    return re.compile(
        r"\b(?:would|could|should|might|if|unless|hop(?:e[ds]?|ing)|wish\w*|aim\w*|targets?|goals?|expect\w*|forecast\w*"
        r"|want\w*|going to|will|need\w* to|supposed|promis\w+|propos\w+|suggest\w+|plann(?:ed|ing) (?:to|for)"
        r"|plans? (?:to|was|is)|my (?:rent|salary|pay|wages?|weight)|maybe|perhaps|impossible"
        r"|nice|ideal\w*|dream\w*)\b|['’](?:d|ll)\b"
        r"|\b(?:würde\w*|könnte\w*|sollte?n?|hätte\w*|wäre\w*|wenn|falls|ziel\w*|wollte\w*|will|möchte\w*)\b"
        r"|\b(?:voudrai\w*|devrai\w*|pourrai\w*|aurai\w*|serai\w*|objectif|quer[íe]\w*|podría\w*|debería\w*|habría\w*|meta)\b"
        r"|\bsi\b",
        re.IGNORECASE,
    )


WORDS_BEFORE, WORDS_AFTER = 15, 8
"""How far around figures it is looked for what takes them back, where a sentence does not end."""


def changed(sentence: str) -> re.Match[str] | None:
    """Find figures that show what changed: before and after, from one to another, or a share that is more or less."""
    found = (match for pattern in (_from_to(), _then_and_now(), _share()) for match in pattern.finditer(sentence))
    return next((match for match in found if _is_change(match) and _happened(match)), None)


def compared(sentence: str) -> re.Match[str] | None:
    """Find what can be compared in words about something that happened: two figures of one unit, or a percentage."""
    found = (match for match in _same_unit().finditer(sentence) if _happened(match) and not _ALL.search(match[0]))
    return changed(sentence) or next(found, None)


def figure(sentence: str) -> re.Match[str] | None:
    """Find a figure that counts something: neither a year nor a time, and none that only numbers a step."""
    found = (match for match in _figure().finditer(sentence) if not _YEAR.fullmatch(match["n"]))
    return next((match for match in found if match["n"].lower() != "one" and _happened(match)), None)


def _is_change(match: re.Match[str]) -> bool:
    """Do two figures tell a change, and no time of day, no span of years and no range?"""
    if _ALL.search(match[0]) or _NUMBERED.search(match[0]):
        return False
    if match.re is not _from_to():
        return True
    figures = [each for each in match.groups() if each]
    is_time = all(map(_YEAR.fullmatch, figures)) or _CLOCK.match(match.string, match.end())
    return not is_time and _CUE.search(around(match, before=6, after=4)) is not None


def _happened(match: re.Match[str]) -> bool:
    supposed = _supposed().search(around(match, WORDS_BEFORE, WORDS_AFTER))
    return not supposed and not NEGATION.search(clauses_around(match))
