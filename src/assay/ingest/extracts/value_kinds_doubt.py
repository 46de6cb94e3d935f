"""Does a cell negate, withdraw or question what it names, as in 'not charged', 'CSE removed' or 'possible suspect'?

The readers of outcomes, flags, roles, answers and other lists follow one rule: words of a list that stand beside words
of doubt are not read, unless the doubt is itself part of the meaning ('victim does not support').
"""

from __future__ import annotations

import re

NEGATED, UNDONE, DECLINED, UNSURE, NO_ACTION = "negated", "undone", "declined", "unsure", "no action"
"""Kinds of doubt."""
_PHRASES = {
    NO_ACTION: ("no further action", "no further police action", "no action", "nfa", "nfad", "nfa d", "n f a"),
    UNDONE: (
        "ruled out", "in error", "error", "erroneous", "erroneously", "mistake", "mistaken", "mistakenly", "wrongly",
        "incorrect", "incorrectly", "removed", "deleted", "cancelled", "canceled", "dropped", "discontinued", "revoked",
        "rescinded", "quashed", "overturned", "reversed",
        "dismissed", "discounted", "disproved", "disproven", "excluded",
        "eliminated", "negated", "abandoned", "superseded", "voided", "downgraded", "unfounded", "unsubstantiated",
        "acquitted", "exonerated", "failed", "unsuccessful", "stopped", "halted", "annulled", "former", "formerly",
        "withdrawal", "cleared", "declassified", "lapsed", "unflagged",
    ),
    DECLINED: (
        "refused", "refuses", "refusing", "refusal", "declined", "declines", "declining", "rejected", "rejects",
        "withdrawn", "withdrew", "withdraws", "withdrawing", "retracted", "retracts", "unwilling", "denied", "denies",
    ),
    UNSURE: (
        "to be confirmed", "not known", "possible", "possibly",
        "poss", "potential", "potentially", "suspected", "suspicion",
        "query", "queried", "maybe", "may", "might",
        "perhaps", "probable", "probably", "likely", "unconfirmed", "unverified",
        "unsure", "unclear", "uncertain", "tbc", "tba", "pending", "awaiting", "awaited", "await", "considered",
        "considering", "consider", "consideration", "review",
        "reviewed", "proposed", "recommended", "requested", "sought",
        "provisional", "provisionally", "expected", "planned", "intended",
        "offered", "believed", "unknown", "n k", "nk",
        "unidentified", "undetermined", "undecided", "indicative", "if",
    ),
    NEGATED: (
        "no", "not", "non", "none", "nil", "never", "without",
        "neither", "nor", "cannot", "can t", "cant", "won t", "isn t",
        "isnt", "wasn t", "wasnt", "didn t", "doesn t", "hasn t", "aren t", "unable", "unlikely", "unauthorised",
        "unauthorized", "absent", "negative", "false", "insufficient", "uncharged",
    ),
}  # fmt: skip
_KIND_OF_PHRASE = {phrase: kind for kind, phrases in _PHRASES.items() for phrase in phrases}
_PHRASE = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _KIND_OF_PHRASE), key=len, reverse=True)) + r")\b")
_QUESTION = re.compile(r"[^\W_]\W?\?|\?[^\W_]|\?\s*[)\]]?\s*$|^\s*[(\[]?\s*\?")
_MARK_BETWEEN = re.compile(r"(?<=\s)\?(?=\s+\S)")
_NEUTRAL = frozenset({
    "a", "an", "the", "of", "is", "was", "been", "has", "to", "be", "any", "as", "yet", "currently", "now", "confirmed",
    "present", "identified", "longer", "evidence", "indication", "indicated", "involved", "at", "this", "time", "it",
})  # fmt: skip
"""Words that add nothing to words of doubt: 'not yet confirmed', 'no evidence of'."""
_RIGHT_BEFORE = re.compile(
    r"\b(no|not|non|never|without|unknown|cannot be)( (a|an|any|the|named|known|further|longer|been|yet|formally))*$"
)


def is_questioned(text: str) -> bool:
    """Return True if a cell questions what it says with a question mark: 'CSE?'.

    A mark between two spaces is what a lost dash becomes when a file changes its encoding, and asks nothing.
    """
    return bool(_QUESTION.search(_MARK_BETWEEN.sub("-", text.strip()))) and bool(re.search(r"[^\W_]", text))


def kinds_of_doubt(words: str) -> frozenset[str]:
    """Return the kinds of negation or doubt in a text, such as 'negated' or 'unsure'; none if it only states facts."""
    return frozenset(_KIND_OF_PHRASE[match[1]] for match in _PHRASE.finditer(words))


def n_doubts(words: str) -> int:
    """Count the words of negation or doubt in a text; two of them may cancel each other, as in 'not ruled out'."""
    return sum(1 for _ in _PHRASE.finditer(words))


def without_doubt(words: str) -> str:
    """Return the text without words of negation or doubt, and without neutral words such as 'the' or 'yet'."""
    return " ".join(word for word in _PHRASE.sub(" ", words).split() if word not in _NEUTRAL)


def is_only_doubt(words: str) -> bool:
    """Return True if a text consists only of words of negation or doubt: 'not confirmed', 'suspected'."""
    return bool(kinds_of_doubt(words)) and not without_doubt(words)


def affirms(words: str, phrase: str) -> bool:
    """Return True if a text contains a phrase that no negation directly precedes."""
    return any(
        not _RIGHT_BEFORE.search(words[: match.start()].strip())
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(phrase)}", words)
    )
