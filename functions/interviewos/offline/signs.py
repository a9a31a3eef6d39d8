"""The signs by which a story shows what it holds, and the small words by which a language shows.

They count what stands there and judge nothing else.
"""

from __future__ import annotations

from interviewos.offline.patterns import Pattern

NUMBER = Pattern(
    r"(?<![\w.])(?!(?:19|20)\d\d(?![\d%,.]))[$€£]?\d[\d.,]*"
    r"|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|ninety|"
    r"hundreds?|thousands?|millions?|dozens?|percent|half|third|quarter|twice|doubled?|tripled?|halved|"
    r"zwei|drei|vier|fünf|zehn|zwanzig|hundert|tausend|prozent|dos|tres|cuatro|cinco|diez|cien|mil|"
    r"deux|trois|quatre|cinq|dix|vingt|cent|mille)\b"
)

DURATION = Pattern(
    r"\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty)\+? (?:years?|months?|jahre\w*|años|ans)\b"
)

CHANGE = Pattern(
    r"\b(?:cut|reduc\w+|decreas\w+|lower\w+|shorten\w+|dropp\w+|fell|went (?:down|up)|increas\w+|rais\w+|rose|grew|"
    r"grow\w*|sav(?:ed|ing)|improv\w+|doubled|tripled|halved|faster|cheaper|quicker|fewer|won|sold|reached|"
    r"achiev\w+|from (?:\S+ ){1,3}to \S+|more|less|down to|up to|"
    r"gesenkt|gesteigert|reduj\w+|aument\w+|mejor\w+|réduit|augment\w+)\b"
)

RESULT = Pattern(
    CHANGE.source
    + r"|\b(?:result\w*|in the end|eventually|finally|since then|passed|shipped|launched|delivered|solved|"
    r"fixed|recovered|succeed\w*|success\w*|ended up|turned out|led to|stopped|came back|stayed|renewed|signed|"
    r"went home|survived|graduated|on time|worked out|happy with|agreed|accepted|adopted|approved|arrived|thanked|"
    r"no longer|nobody|still us\w+|got better|went well|ergebnis\w*|résultat\w*|resultado\w*)\b"
)

_STATES = (
    r"(?:worked|wanted|needed|liked|loved|hated|hoped|enjoyed|graduated|joined|studied|lived|seemed|preferred|believed|"
    r"need|indeed|used|wished|tried|moved|learned|realized|realised|expected|supposed|looked|stayed|ended|been)\b"
)
_ACTIONS = (
    r"built|rebuilt|led|wrote|rewrote|made|ran|took|set|told|taught|spoke|brought|found|drew|kept|gave|held|"
    r"put|began|chose|sold|bought|sent|cut|grew|won|drove|fought|caught|paid|split|shut|did(?! not)|read|sat down|"
    rf"(?!{_STATES})\w{{2,20}}ed"
)
OWN_ACTION = Pattern(
    r"\b(?:i|i.ve|i.d)\s+(?:(?:\w{1,12}ly|also|then|first|just|had|have|myself|once|always|even)\s+){0,2}"
    rf"(?:{_ACTIONS})\b|\bich habe?\b|\bj.ai\b|\bhe \w+(?:ado|ido)\b"
)

I_WORD = Pattern(r"\b(?:i|me|my|myself|ich|mein\w*|mir|yo|je|j|moi)\b")
WE_WORD = Pattern(r"\b(?:we|us|our|ours|wir|uns\w*|nous|nosotr[oa]s)\b")

SITUATION = Pattern(
    r"\b(?:when|while|during|last (?:year|month|week|summer|winter|spring|autumn|night)|(?:19|20)\d\d|ago|at the time|"
    r"one (?:day|night|evening|morning|shift)|once|there (?:was|were)|(?:in|since|until) (?:january|february|march|"
    r"april|may|june|july|august|september|october|november|december)|on an? \w+day|als|cuando|lorsque|quand)\b"
)
TASK = Pattern(
    r"\b(?:my (?:job|task|role|goal|aim|part|duty|responsib\w+)|responsible|in charge|had to|needed to|supposed to|"
    r"asked me|told me to|goal|aim|target|deadline|was to|expected|assigned|on call|musste|sollte|tenía que|devais)\b"
)
ASKS_RESULT = Pattern(
    r"\bhow did (?:it|that|this) (?:end|turn out|go)\b|\bresults?\b|\boutcome\b|\bwhat (?:came|changed|happened)\b|"
    r"\bdifferent afterwards\b|\bin the end\b"
)
ASKS_TASK = Pattern(r"\btask\b|\basked (?:of|for)\b|\bresponsible\b|\bexpected\b|\bgoal\b|\bmeant to\b")
"""A question for it counts as an answer: who was asked how it ended has told it, in whatever words."""

LESSON = Pattern(
    r"\b(?:learned|learnt|lesson|next time|in hindsight|looking back|since then|differently|realised|realized|"
    r"from then on|now i (?:always|never)|i would|i.d)\b"
)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENGLISH = _set(
    "the and a an of to in i was we my it that with for on is are were be as at this have had but so they you"
)
FOREIGN = _set(
    "ich und der die das ist nicht ein eine mit für habe wir zu auf im den dem bin als bei mein "
    "yo el la los las que de en una con por para es mi se del como muy trabajo soy estoy pero "
    "je le les un une des et est dans pour avec pas mon ma ai du au suis mais sur nous"
)

OPENERS = _set(
    "and but so or well also then because um uh er erm hmm yes yeah yep no okay ok like just actually basically "
    "honestly that oh please it's und aber also dann weil ja y pero entonces sí et mais donc alors oui"
)
"""Words with which a quotation should not begin."""
DANGLERS = _set(
    "and but or so because the a an of to with my our und oder der die das ein eine y o el la de et ou le la du"
)
"""Words with which no quotation should end."""
CLOSERS = DANGLERS | _set(
    "for from by in on at as that which who what if when while than then is was are were be been has had have their "
    "his her its your i we they it he she into very more this these those not can could would will did do does also "
    "mit zu auf im en con un una que por para les des au une dans pour avec"
)
"""Words with which a quotation should not end when its sentence goes on."""
CONJUNCTIONS = _set("and but because so that if und aber weil dass y pero porque que et mais parce")
"""Words after which a quotation may begin, if what follows can stand alone."""
PREPOSITIONS = _set(
    "of with for from by in on at about after before into over mit für von auf en con para avec pour dans"
)
ENDS = CONJUNCTIONS - _set("that if dass que")
"""Words before which a clause is over."""
JOINTS = CONJUNCTIONS | PREPOSITIONS - {"of"} | _set("which who when where while since until as than")
"""Words before which a quotation may end."""
HEADS = _set(
    "i we he she it they you there the a an my our this these one two half most some all her his their nobody "
    "ich wir er sie es der die das ein eine mein yo él ella el la un una mi je nous il elle le les une mon ma"
)
"""Words that begin a clause or a noun with its article."""
