"""How people ask for things: the patterns of a short answer, in English and the most common German, Spanish and French.

They are read in short answers only: "please repeat" in a story of two hundred words asks for nothing. Every repetition
in them is bounded, so that no text can keep them busy.
"""

from __future__ import annotations

from interviewos.offline.patterns import Pattern

MACHINE_MARK = Pattern(
    r"<<<.{0,60}?>>>",
    r"(?:^|\n)[^\w\n]{0,10}(?:system|assistant|interviewer|developer|agent|user)(?: prompt| message)?[ *]{0,3}:",
    r"\bcurrent stage ?:|[\"'](?:speaker|role)[\"'] ?:|</?(?:candidate|system|user|script)>|\{\{",
)
COMMAND = Pattern(
    r"\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|rules|prompts?)\b",
    r"\b(?:system prompt|your (?:instructions|prompt))\b",
)

REPEAT = Pattern(
    r"\b(?:can|could|would|will) you\b.{0,20}\b(?:repeat|say (?:that|it|this) again|ask (?:that|it|me) again)\b",
    r"\bplease (?:repeat|say (?:that|it) again)\b",
    r"^\W*(?:please )?repeat(?: (?:that|it|this|please|the question|the last question|your question)){0,3}\W*$",
    r"\brepeat (?:the|your|that|this|last) (?:last )?question\b",
    r"\bsay (?:that|it) (?:again|once more|one more time)\b",
    r"\b(?:the question|again|once more|one more time),? please\W*$",
    r"^\W*(?:again|come again|once more|one more time|pardon|pardon me|i beg your pardon|excuse me|sorry|huh|what)\W*$",
    r"\b(?:didn.?t|did not|couldn.?t|could not) (?:quite |really )?get (?:that|it|you|the question)\W*$",
    r"\b(?:didn.?t|did not|couldn.?t|could not) (?:quite |really )?(?:catch|hear) (?:that|it|you|the question)\b",
    r"\bwhat was (?:the|your|that)(?: last)? question\b",
    r"\b(?:hear|read|have|ask) the question again\b",
    r"\bwiederhol(?:en sie|e|st du)?\b.{0,25}\b(?:bitte|frage|das)\b",
    r"\b(?:bitte|frage|das|sie|du)\b.{0,25}\bwiederholen\b",
    r"^\W*(?:wie bitte|noch ?mal|noch einmal)(?: bitte)?\W*$",
    r"\bnoch ?(?:mal|einmal)\b.{0,20}\b(?:bitte|frage|sagen|fragen|stellen)\b",
    r"\bfrage\b.{0,20}\bnoch ?(?:mal|einmal)\b",
    r"\brep[eíi]t(?:ir|a|e|elo|ala|irlo|irla|es)\b.{0,25}\b(?:pregunta|favor|eso)\b",
    r"\b(?:puedes?|podrías?|favor)\b.{0,20}\brep[eíi]t(?:ir|a|e|irlo|irla|irme)\b",
    r"^\W*(?:otra vez|una vez más|cómo (?:dice|dijo|dices)|repit[ae]|perdón)(?:,? por favor)?\W*$",
    r"\br[ée]p[ée]t(?:er|ez|e)\b.{0,25}\b(?:question|pla[iî]t|ça)",
    r"\b(?:pouvez|pourriez|peux|pourrais)\b.{0,25}\br[ée]p[ée]ter\b",
    r"^\W*(?:encore une fois|r[ée]p[ée]tez|pardon|comment)(?:,? s.il (?:vous|te) pla[iî]t)?\W*$",
)

REPHRASE = Pattern(
    r"\b(?:rephrase|reword|paraphrase)\b",
    r"\b(?:put|say|ask|explain|word) (?:it|that|this|the question) (?:differently|another way|in (?:other|simple))",
    r"\bin (?:other|simpler|simple|easier|plain|plainer) words\b",
    r"\b(?:don.?t|do not|didn.?t|did not) (?:quite |really |fully )?understand"
    r"(?: (?:the|your|this|that|you|it|what)\b|\W*$)",
    r"\bwhat (?:do|did) you mean\b|\bwhat does (?:that|this|it) mean\b",
    r"\b(?:explain|clarify|simplify) (?:the |your |this )?(?:question|that|this|it)\b",
    r"\bnot sure what you.{0,4} (?:mean|asking|want)\b|\bwhat are you asking\b",
    r"\b(?:give|have|is there) (?:me )?an example\b.{0,20}\?",
    r"^\W*(?:like what|such as|for example|in what sense|how do you mean)\W*\?",
    r"\banders (?:formulieren|sagen|ausdrücken|fragen)\b|\bumformulieren\b",
    r"\bverstehe (?:die|ihre|deine) frage nicht\b|\bverstehe (?:ich |das |sie )?nicht\b|\bfrage nicht verstanden\b",
    r"\bwas (?:meinen sie|meinst du)\b",
    r"\bno (?:entiendo|entendí|he entendido|comprendo)\b|\breformul|\bde otra (?:forma|manera)\b",
    r"\bqu[ée] (?:quiere|quieres) decir\b",
    r"\b(?:comprends|compris) pas\b|\bpas compris\b|\bque voulez.vous dire\b|\bautrement dit\b",
)

WAIT = Pattern(
    r"\b(?:give me|i need|i want|can i have|may i have|wait)\b.{0,8}\b(?:moment|minute|second|sec|time)\b.{0,20}$",
    r"^\W*(?:just |hold on |wait |hang on |please |one |a ){1,4}(?:moment|minute|second|sec)?\W*(?:please)?\W*$",
    r"^\W*(?:(?:hold on|wait|hang on|hmm{0,9}|um{1,9}|uh{1,9}|er{1,9})[\s,.…]{0,9}){1,5}$",
    r"\b(?:let me|can i|may i|i need to|i have to) think\b.{0,25}$",
    r"^.{0,25}\b(?:(?:einen|ein) moment|un momento|un instant|un moment)\b.{0,15}$",
)

ASKS_WHO = Pattern(
    r"\b(?:are|r) (?:you|u)\b.{0,25}\b(?:ai|a\.i\.|(?:chat|ro)?bot|human|person|machine|real|script|gpt|gemini)\b",
    r"\b(?:talking|speaking|chatting) (?:to|with)\b.{0,20}\b(?:ai|bot|robot|human|person|machine|computer)\b.{0,12}\?",
    r"\bis (?:this|it)\b.{0,12}\b(?:ai|bot|chatbot|robot|real person|human)\b",
    r"\b(?:who|what) are you\W*$|\bwhich (?:ai )?model are you\b",
    r"\b(?:sind sie|bist du)\b.{0,20}\b(?:ki|mensch|roboter|maschine|echt|bot)\b",
    r"\b(?:eres|es usted)\b.{0,20}\b(?:ia|humano|humana|persona|robot|máquina|bot)\b",
    r"\b(?:êtes.vous|es.tu|vous êtes|tu es)\b.{0,20}\b(?:ia|humain|humaine|personne|robot|machine|bot)\b",
)

ASKS_WHAT = Pattern(
    r"\bwhat (?:exactly )?(?:would|do) you (?:like|want) (?:me )?to (?:hear|know|say|tell)\b",
    r"\b(?:where|how) (?:should|shall|do) i (?:start|begin)\b",
    r"\bwhat (?:should|shall) i (?:talk|tell you) about\b",
)

ASKS_LENGTH = Pattern(
    r"\bhow (?:long (?:will|does|is|do)|many (?:more )?(?:questions|minutes)|much (?:longer|more|time))\b.{0,40}\?",
    r"\b(?:when|how soon) (?:does|will|do|is) (?:this|it|the|we)\b.{0,25}\b(?:end|finish|over|done)\b.{0,5}\?",
)

ASKS_RATING = Pattern(
    r"\bhow (?:did|am|was) (?:i|my)\b.{0,30}\?",
    r"\b(?:was|is) (?:that|this|it|my answer) (?:a )?(?:good|right|correct|ok|okay|fine|enough|bad|wrong)\b.{0,15}\?",
    r"\bwhat (?:should|would be|is) (?:i (?:say|have said)|the (?:right|best|correct|ideal|model))\b.{0,30}\?",
    r"\b(?:did|have) i pass\b.{0,20}\?|\bdoes that (?:make sense|answer)\b.{0,25}\?",
    r"\bgive me\b.{0,15}\b(?:feedback|an? (?:model|sample) answer|rating|score)\b",
)

ASKS_JOB = Pattern(
    r"\b(?:salary|pay|wage|benefits?|holidays?|remote|vacation|perks|bonus)\b.{0,40}\?",
    r"\b(?:the|your|this) (?:company|team|job|position|role|office|firm|employer|culture|department)\b.{0,60}\?",
    r"\bwhat (?:is|are|does|do|would)\b.{0,30}\b(?:company|team|job|position|hiring|next steps?)\b.{0,40}\?",
    r"\bdo you (?:offer|pay|provide|hire)\b.{0,40}\?|\bam i hired\b|\bdo i get the job\b",
)

_THIS = r"(?: (?:it|this|that|this one|that one|one|on|the|the question|question|please|now)){0,4}\W*$"
SKIP = Pattern(
    rf"^\W*(?:please )?(?:skip|pass|next|next one|next question|another question|move on){_THIS}",
    r"\bskip (?:this|that|it|the question|this one|that one)\b",
    r"\b(?:can|could|may|shall|let.?s|let us|i.?d like to|i would like to|i want to|i will|i.?ll|i|we)"
    rf"(?: i| we)? (?:just )?(?:skip|pass|move on){_THIS}",
    r"\b(?:ask me something else|another question,? please|(?:a )?different question(?:,? please)?\W*$)",
    r"^\W*(?:weiter|überspringen|nächste frage|siguiente(?: pregunta)?|paso|pasar|passer?|je passe|question suivante)"
    r"(?:,? (?:bitte|por favor|s.il vous pla[iî]t))?\W*$",
)

UNKNOWN = Pattern(
    r"\b(?:don.?t|dont|do not) (?:really |actually |quite |honestly )?(?:know|remember|recall)\b",
    r"\b(?:can.?t|cannot|can not|couldn.?t) (?:really |quite )?(?:think of|recall|remember|come up)\b",
    r"(?:^\W*|\bi have |\bi.?ve got |\bhonestly,? )(?:really |absolutely )?no (?:idea|clue|answer|example)\b",
    r"^\W*(?:(?:i.?m|i am) )?(?:really |honestly )?not (?:really |quite |so )?sure\W*$",
    r"^\W*(?:no,? )?not (?:really|that i know)\W*$",
    r"\bnothing (?:comes|really comes) to (?:my )?mind\b",
    r"^\W*(?:there is )?nothing (?:special|to say|in particular|more)\b",
    r"^\W*(?:no|nope|none|nothing|nah|that.?s all|that is all)\W*$|\b(?:idk|dunno)\b",
    r"\bmy mind (?:is|went|has gone) (?:\w+ )?blank\b",
    r"\b(?:weiß|weiss) (?:ich )?(?:es |das )?(?:leider )?nicht\b|\bkeine ahnung\b|\bfällt mir nichts ein\b",
    r"^\W*no (?:lo )?s[ée]\b|\bni idea\b|\bno (?:me acuerdo|recuerdo)\b",
    r"\b(?:sais|souviens|rappelle) pas\b|\baucune idée\b",
)

NEVER = Pattern(r"\bnever (?:had|have|happened|done|did|seen|been in)\b.{0,35}$")

REFUSAL = Pattern(
    r"\b(?:would rather|.d rather|prefer|prefer to) not\b|\bno comment\b|\bnone of your business\b",
    r"\bi (?:won.?t|will not|refuse to|don.?t want to|do not want to|don.?t wish to|am not going to|don.?t feel like)"
    r"\b.{0,12}\b(?:answer|say|tell|talk|discuss|share|do (?:this|that))(?:ing)?\b",
    r"^\W*(?:i refuse|i decline|no way|leave me alone|shut up|go away|fuck (?:you|off|this))\b.{0,20}$",
    r"\b(?:that.?s|this is|it.?s|that is) (?:private|personal|confidential|stupid|a stupid question|ridiculous)\W*$",
    r"\bmöchte (?:ich )?(?:dazu |darüber )?(?:nichts|nicht)\b|\bprefiero no\b|\bno quiero (?:decir|hablar|contestar)",
    r"\bpréfère (?:ne )?pas\b",
)

ENDING = Pattern(
    r"\b(?:stop|end|finish|quit|abort) (?:the |this )?(?:interview|session|call)\b",
    r"\b(?:let.?s|let us|i want to|i.?d like to|can we|i need to|i have to) (?:stop|end|finish|quit|leave|go)"
    r"(?: (?:here|now|it|this|there|please)){0,3}\W*$",
    r"^\W*(?:stop|quit|exit|goodbye|bye|bye bye|i.?m done|we.?re done|enough)\W*$",
)
