"""Which signs of exploitation may stand in the summary of a crime that nobody flagged, and in which words?

Signs for people to read by, never findings: a summary that holds one may tell of nothing, and one that holds none may
tell of much. Each comes from what forces and councils tell the public to look out for; the wording is ours, procedural,
and was measured on no force's records. The three slots are read together: a child, an adult, and something more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from assay.commission.table import Register, parts, read
from assay.errors import DefinitionError

COLUMNS = ("key", "slot", "name", "meaning", "evidence", "source")
PHRASE_COLUMNS = ("key", "sign", "forms", "evidence", "source")
SLOTS = {
    "child": "somebody under 18",
    "adult": "an adult who is not family",
    "more": "what is given, where it leads, or what keeps it quiet",
}


@dataclass(frozen=True)
class Sign:
    """One sign; `slot` is a key of `SLOTS`."""

    key: str
    slot: str
    name: str
    meaning: str
    evidence: str
    source: str


@dataclass(frozen=True)
class SignPhrase:
    """One phrase that tells of a sign, in each of its forms."""

    key: str
    sign: str
    forms: tuple[str, ...]
    evidence: str
    source: str


class Signs(Register[Sign]):
    """The signs, in the order in which they are told."""

    what = "sign"

    def together(self, found: Collection[str]) -> bool:
        """Whether every slot is filled by one of the signs found: a child, an adult and something more."""
        return {self.get(key).slot for key in found} == set(SLOTS)


class SignPhrases(Register[SignPhrase]):
    """The phrases that tell of them."""

    what = "phrase of a sign"

    @property
    def version(self) -> str:
        """Which list this is: it changes with any phrase or form (the first 12 signs of a SHA-256)."""
        told = "".join(f"{one.key}\t{one.sign}\t{'|'.join(one.forms)}\n" for one in self)
        return hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache
def signs() -> Signs:
    """The signs; refuses a slot that nobody knows."""
    found = Signs(Sign(**row) for row in read("signs", COLUMNS))
    for one in found:
        if one.slot not in SLOTS:
            raise DefinitionError(f"signs.csv, {one.key}: slot is one of {', '.join(SLOTS)}.")
    return found


@lru_cache
def sign_phrases() -> SignPhrases:
    """The phrases; refuses one of no sign, one without a form, and a form that stands twice."""
    rows = [{**row, "forms": parts(row, "forms")} for row in read("sign_phrases", PHRASE_COLUMNS)]
    found = SignPhrases(SignPhrase(**row) for row in rows)  # type: ignore[arg-type]
    forms = [form.lower() for one in found for form in one.forms]
    twice = sorted({form for form in forms if forms.count(form) > 1})
    if twice:
        raise DefinitionError(f"sign_phrases.csv: this stands twice: {', '.join(twice)}.")
    for one in found:
        signs().get(one.sign)
        if not one.forms:
            raise DefinitionError(f"sign_phrases.csv, {one.key}: no form. Say at least one way in which it is said.")
    return found
