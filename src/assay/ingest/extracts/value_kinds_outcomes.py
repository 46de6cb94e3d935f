"""Which outcome of a crime does a cell name: by its number, by its label, or by both?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assay.ingest.extracts.value_kinds_coded import CODE_SEPARATOR, code_and_label, plain_words, says_not_known
from assay.reference import return_outcomes

PENDING = "NOA"
"""The code of the contract while no outcome is assigned."""
_NUMBERED = re.compile(
    r"(?:home\s*office|ho)?\s*(?:crime)?\s*(?:outcome|type|disposal|oc|o/c|code|to|ot|t|o)?\s*(?:type|code|no\.?|number)?"
    r"\s*[:#.-]?\s*0*(\d{1,2}\s?[abc]?)(?:\.0+)?",
    re.I,
)
_BEFORE_LABEL = re.compile(_NUMBERED.pattern + CODE_SEPARATOR + r"(\D.*)", re.I)
_AFTER_LABEL = re.compile(
    r"(.*\S)\s*(?:[\[(]\s*" + _NUMBERED.pattern + r"\s*[\])]|\s[-\u2013\u2014:|]\s*" + _NUMBERED.pattern + ")", re.I
)
COMMON_LABELS: dict[str, tuple[str, ...]] = {
    PENDING: (
        "under investigation", "not yet assigned", "no outcome assigned", "no outcome", "no outcome yet", "ongoing",
        "outcome pending", "pending", "live", "open", "investigation ongoing", "investigation continuing", "current",
        "undetected under investigation", "not yet assigned an outcome", "awaiting outcome", "outcome not assigned",
        "under investigation not yet assigned", "under investigation not yet assigned an outcome", "unassigned",
        "still under investigation", "investigation in progress", "in progress", "not assigned", "no outcome recorded",
        "active investigation", "new", "active", "u i", "open investigation", "live investigation", "noa", "nya",
        "outcome not yet assigned", "none assigned", "not finalised", "unfinalised", "not yet finalised",
        "crime under investigation", "no disposal", "not yet recorded", "outcome 0", "awaiting court outcome pending",
        "under active investigation", "yet to be assigned", "no outcome to date", "no outcome yet assigned",
    ),
    "1": (
        "charge", "charged", "charge summons", "charge summonsed", "charged summonsed", "charge or summons", "summons",
        "charged or summonsed", "charged summons", "summonsed", "charge postal requisition", "postal requisition",
        "charged postal requisition", "charge summons postal requisition", "charged summonsed postal requisition",
        "suspect charged", "offender charged", "person charged", "suspect charged or summonsed", "detected charge",
        "charge summons or postal requisition", "charged summonsed or postal requisition", "offender charged summonsed",
        "charge and summons", "charged and summonsed", "suspect charged summonsed", "charge s",
    ),
    "1A": (
        "charged alternative offence", "charge alternative offence", "charged summonsed alternative offence",
        "charge summons alternate offence", "charged or summonsed for alternative offence", "alternate offence charge",
        "charge summons alternative offence", "charged summonsed alternate offence",
    ),
    "2": ("youth caution", "caution youth", "caution youths", "youth conditional caution", "juvenile caution",
          "caution youth conditional", "caution juvenile", "caution youths conditional caution"),
    "2A": ("youth caution alternative offence", "caution youth alternative offence", "caution youth alternate offence"),
    "3": ("adult caution", "caution adult", "caution adults", "adult conditional caution", "caution adult conditional",
          "simple caution adult", "adult simple caution", "caution adults conditional caution"),
    "3A": ("adult caution alternative offence", "caution adult alternative offence", "caution adult alternate offence"),
    "4": ("tic", "taken into consideration", "tics", "offence taken into consideration", "offences tic"),
    "5": ("offender died", "offender has died", "suspect died", "suspect deceased", "offender deceased",
          "the offender has died", "death of offender", "suspect has died"),
    "6": ("penalty notice for disorder", "pnd", "penalty notice", "penalty notices for disorder"),
    "7": ("cannabis warning", "khat warning", "cannabis khat warning", "cannabis or khat warning"),
    "8": ("community resolution", "cr", "community resolution crime", "community resolutions", "local resolution",
          "community resolution restorative justice"),
    "9": ("prosecution not in the public interest cps", "not in the public interest cps", "not in public interest cps",
          "cps not in public interest", "not in public interest crown prosecution service",
          "prosecution not in the public interest", "npi cps", "cps prosecution not in public interest",
          "prosecution not in public interest cps", "prosecution not in public interest"),
    "10": ("formal action not in the public interest police", "not in the public interest police", "npi police",
           "not in public interest police", "police formal action not in public interest",
           "police decision not in public interest", "formal action not in public interest police",
           "formal action against the offender is not in the public interest police decision",
           "formal action against offender not in public interest police"),
    "11": ("suspect under age", "suspect below age of criminal responsibility", "offender under age", "suspect underage",
           "under age of criminal responsibility", "named suspect below the age of criminal responsibility",
           "prosecution prevented suspect under age", "suspect under age of criminal responsibility",
           "named suspect under age", "offender below age of criminal responsibility"),
    "12": ("suspect too ill", "suspect too ill to prosecute", "offender too ill", "suspect ill",
           "prosecution prevented suspect too ill", "named suspect too ill",
           "prosecution prevented named suspect too ill physical or mental health"),
    "13": ("victim or key witness dead or too ill", "victim key witness dead or too ill", "victim or witness too ill",
           "victim dead or too ill", "victim witness dead or ill", "victim key witness dead too ill",
           "prosecution prevented victim or key witness dead or too ill",
           "named suspect identified but victim or key witness dead or too ill"),
    "14": ("evidential difficulties suspect not identified victim does not support",
           "victim does not support suspect not identified", "victim declines suspect not identified",
           "victim declines or unable to support suspect not identified", "evidential difficulties victim based no suspect",
           "suspect not identified victim does not support further action", "victim does not support no suspect identified",
           "evidential difficulties victim based suspect not identified", "no suspect identified victim does not support",
           "victim declines to support action no named suspect", "victim declines unable to support action to identify offender",
           "evidential difficulties suspect not identified victim does not support action",
           "victim does not support suspect unknown", "no suspect victim declines", "suspect not id d victim does not support"),
    "15": ("evidential difficulties suspect identified victim supports", "evidential difficulties victim supports",
           "evidential difficulties victim supports action", "evidential difficulties named suspect identified",
           "suspect identified victim supports evidential difficulties", "named suspect evidential difficulties",
           "named suspect identified evidential difficulties", "evidential difficulties suspect identified",
           "suspect identified evidential difficulties", "evidential difficulties cps", "evidential difficulties police",
           "named suspect identified victim supports evidential difficulties",
           "suspect identified victim supports police action but evidential difficulties prevent further action",
           "evidential difficulties prevent further action victim supports police action",
           "ev diffs victim supports", "ev diff suspect id victim supports", "insufficient evidence victim supports"),
    "16": ("evidential difficulties suspect identified victim does not support", "victim does not support suspect identified",
           "suspect identified victim does not support", "named suspect victim does not support",
           "suspect identified victim does not support further action", "victim declines named suspect identified",
           "named suspect identified victim does not support", "victim declines to support named suspect",
           "victim declines withdraws support named suspect identified", "victim withdraws support suspect identified",
           "named suspect identified victim does not support police action", "victim declines suspect identified",
           "evidential difficulties victim does not support named suspect", "victim does not support named suspect",
           "evidential difficulties victim based named suspect identified", "victim based suspect identified",
           "victim does not support named suspect identified", "suspect id victim does not support",
           "evidential difficulties suspect identified victim does not support action", "victim withdrawn suspect identified",
           "ev diffs victim does not support named suspect"),
    "17": ("prosecution time limit expired", "time limit expired", "statutory time limit expired", "out of time",
           "suspect identified prosecution time limit expired", "prosecution time limit expired suspect identified",
           "statute time limit expired"),
    "18": ("investigation complete no suspect identified", "no suspect identified", "investigation complete no suspect",
           "undetected investigation complete", "investigation complete suspect not identified", "no suspect",
           "filed no suspect identified", "closed no suspect identified", "investigation complete pending further information",
           "suspect not identified investigation complete", "no named suspect", "undetected", "no suspect id",
           "investigation complete no suspect identified filed", "no suspects identified", "complete no suspect identified"),
    "19": ("national fraud intelligence bureau", "nfib", "action fraud", "passed to nfib", "referred to nfib",
           "national fraud intelligence bureau filed", "passed to action fraud"),
    "20": ("further action by another body", "action by another body", "transferred to another body", "other agency",
           "responsibility transferred to another body", "further action by another body or agency",
           "responsibility for further investigation transferred", "other body agency", "another body or agency",
           "action undertaken by another body or agency", "action taken by another body agency", "passed to another body",
           "further action resulting from the crime report will be undertaken by another body or agency",
           "action undertaken by another body agency", "other body has primacy", "transferred to external agency",
           "responsibility for further investigation transferred to another body or agency"),
    "21": ("further investigation not in the public interest", "not in public interest suspect identified",
           "further investigation not in public interest police decision", "not in the public interest police decision",
           "further investigation not in public interest", "fnpi", "further investigation npi",
           "further investigation to support formal action not in the public interest",
           "police decision further investigation not in public interest", "not in public interest further investigation",
           "further investigation not in the public interest police decision"),
    "22": ("diversionary educational or intervention activity", "diversionary activity", "educational intervention",
           "diversionary educational intervention activity", "diversion", "deferred prosecution", "diversionary",
           "deferred prosecution diversionary", "diversionary educational intervention", "education or intervention activity",
           "diversionary educational or intervention activity resulting from the crime report"),
}  # fmt: skip
"""Labels in common use for each outcome, beside the official ones, as `plain_words`."""


def read_outcomes(texts: Sequence[str]) -> list[str | None]:
    """Return the outcome code of the contract that each text names; NOA while no outcome is assigned."""
    return [read_outcome(text) for text in texts]


@lru_cache(maxsize=65536)
def read_outcome(text: str) -> str | None:
    """Return the outcome code of a cell; None if it is not understood or its number contradicts its label."""
    label = outcome_of_label(text)
    if label is not None:
        return label
    if match := _NUMBERED.fullmatch(text.strip()):
        return _code(match[1])
    if match := _BEFORE_LABEL.fullmatch(text.strip()):
        return _agreed(match[1], match[2])
    if match := _AFTER_LABEL.fullmatch(text.strip()):
        return _agreed(match[2] or match[3], match[1])
    labels = {label for pair in code_and_label(text) for part in pair if (label := outcome_of_label(part)) is not None}
    if len(labels) == 1 and not re.search(r"\d", text):
        return labels.pop()
    return "" if says_not_known(text) else None


def _agreed(number: str, label: str) -> str | None:
    """Return the outcome of a number with a label: a label that is another outcome, or holds a number, contradicts it."""
    by_number, by_label = _code(number), outcome_of_label(label)
    if by_label is not None:
        return by_number if by_label == by_number else None
    return None if re.search(r"\d", label) or not re.search(r"[a-z]{3}", label, re.I) else by_number


def _code(number: str) -> str | None:
    code = re.sub(r"\s", "", number).upper().lstrip("0") or "0"
    if code == "0":
        return PENDING
    return code if code in return_outcomes() else None


def outcome_of_label(text: str) -> str | None:
    """Return the outcome that a label names; None if it is no label of one outcome."""
    words = plain_words(text)
    return _labels().get(words) or _labels().get(_without_frame(words))


def _without_frame(words: str) -> str:
    """Return a label without words that only frame it: 'Outcome: charged' is 'charged'."""
    return re.sub(
        r"^(ho|home office|crime|outcome|disposal|finalised|filed|closed|detected|result)( outcome| type)? ", "", words
    )


@lru_cache
def _labels() -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for outcome in return_outcomes():
        for label in (outcome.label, *outcome.names_used, *COMMON_LABELS.get(outcome.code, ())):
            words = plain_words(label)
            for variant in (words, _shortened(words)):
                found.setdefault(variant, set()).add(outcome.code)
    return {words: next(iter(codes)) for words, codes in found.items() if words and len(codes) == 1}


def _shortened(words: str) -> str:
    return re.sub(r"\b(further|police) action\b", "action", re.sub(r"\bthe\b ?", "", words))
