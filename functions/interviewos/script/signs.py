"""The signs by which a story shows what it holds, and the small words by which a language shows.

They count what stands there and judge nothing else. All of them read lower-case text.
"""

from __future__ import annotations

import re

NUMBER = re.compile(
    r"(?<![\w.])(?!(?:19|20)\d\d(?![\d%,.]))[$€£]?\d[\d.,]*"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundreds?|thousands?|millions?|dozens?|percent|half|twice|doubled?|tripled?|halved|"
    r"zwei|drei|vier|fünf|zehn|zwanzig|hundert|tausend|prozent|dos|tres|cuatro|cinco|diez|cien|mil|"
    r"deux|trois|quatre|cinq|dix|vingt|cent|mille)\b"
)

CHANGE = re.compile(
    r"\b(?:cut|reduc\w+|decreas\w+|lower\w+|shorten\w+|dropp\w+|fell|went (?:down|up)|increas\w+|rais\w+|rose|grew|"
    r"grow\w*|sav(?:ed|ing)|improv\w+|doubled|tripled|halved|faster|cheaper|quicker|fewer|won|sold|reached|"
    r"achiev\w+|from \S+ to \S+|down to|up to|gesenkt|gesteigert|reduj\w+|aument\w+|mejor\w+|réduit|augment\w+)\b"
)

RESULT = re.compile(
    CHANGE.pattern
    + r"|\b(?:result\w*|in the end|eventually|finally|since then|passed|shipped|launched|delivered|solved|"
    r"fixed|recovered|succeed\w*|success\w*|ended up|turned out|led to|stopped|came back|stayed|renewed|signed|"
    r"went home|survived|graduated|on time|worked out|happy with|ergebnis\w*|résultat\w*|resultado\w*)\b"
)

_STATES = (
    r"(?:worked|wanted|needed|liked|loved|hated|hoped|enjoyed|graduated|joined|studied|lived|seemed|preferred|believed|"
    r"used|wished|tried|moved|learned|realized|realised|expected|supposed|looked|stayed|ended|been)\b"
)
_ACTIONS = (
    r"built|rebuilt|led|wrote|rewrote|made|ran|took|set|told|taught|spoke|brought|found|drew|kept|gave|held|"
    r"put|began|chose|sold|bought|sent|cut|grew|won|drove|fought|caught|paid|split|shut|did|read|sat down|"
    rf"(?!{_STATES})\w{{2,20}}ed"
)
OWN_ACTION = re.compile(
    r"\b(?:i|i.ve|i.d)\s+(?:(?:\w{1,12}ly|also|then|first|just|had|have|myself|once|always|even)\s+){0,2}"
    rf"(?:{_ACTIONS})\b|\bich habe?\b|\bj.ai\b|\bhe \w+(?:ado|ido)\b"
)

I_WORD = re.compile(r"\b(?:i|me|my|myself|ich|mein\w*|mir|yo|je|j|moi)\b")
WE_WORD = re.compile(r"\b(?:we|us|our|ours|wir|uns\w*|nous|nosotr[oa]s)\b")

SITUATION = re.compile(
    r"\b(?:when|while|during|last (?:year|month|week|summer|winter|spring|autumn|night)|(?:19|20)\d\d|ago|at the time|"
    r"one (?:day|night|evening|morning|shift)|once|there (?:was|were)|als|cuando|lorsque|quand)\b"
)
TASK = re.compile(
    r"\b(?:my (?:job|task|role|goal|aim|part|duty|responsib\w+)|responsible|in charge|had to|needed to|supposed to|"
    r"asked me|told me to|goal|aim|target|deadline|was to|expected|assigned|on call|musste|sollte|tenía que|devais)\b"
)
LESSON = re.compile(
    r"\b(?:learned|learnt|lesson|next time|in hindsight|looking back|since then|differently|realised|realized|"
    r"from then on|now i (?:always|never))\b"
)

ENGLISH = frozenset(
    "the and a an of to in i was we my it that with for on is are were be as at this have had but so they you".split()
)
FOREIGN = frozenset(
    "ich und der die das ist nicht ein eine mit für habe wir zu auf im den dem bin als bei mein "
    "yo el la los las que de en una con por para es mi se del como muy trabajo soy estoy pero "
    "je le les un une des et est dans pour avec pas mon ma ai du au suis mais sur nous".split()
)

OPENERS = frozenset(
    "and but so or well also then because um uh er erm hmm yes yeah yep no okay ok like just actually basically honestly "
    "that when where while if as than to of with for from by in on at since after before until "
    "it's und aber also dann weil y pero entonces et mais donc alors sí oui ja oh please".split()
)
"""Words with which a quotation should not begin."""
CLOSERS = frozenset(
    "and but so or the a an of to with for from by in on at as that which who what because if when while than then is was "
    "are were be been has had have my our their his her its your i we they it he she into about very more this these "
    "those not can could would will did do does also und oder der die das ein eine mit zu auf im y o el la los las de en "
    "con un una que por para et ou le les du des au une dans pour avec".split()
)
"""Words with which a quotation should not end when its sentence goes on."""
JOINTS = frozenset(
    "and but because so that which who when where while by with for in on at after before until since as than if "
    "und aber weil dass y pero porque que et mais parce".split()
)
"""Words before which a sentence can be cut."""
