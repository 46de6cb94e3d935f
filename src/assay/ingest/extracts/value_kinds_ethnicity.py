"""Which ethnicity does a cell name: as the person defined it (16+1, 18+1), or as an officer saw it (6+1)?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from assay.ingest.extracts.value_kinds_coded import (
    CODE_SEPARATOR,
    CodeList,
    code_and_label,
    code_list,
    plain_words,
    says_not_known,
)
from assay.reference import ethnicities

NOT_STATED = "NS"
SELF_LABELS: Mapping[str, tuple[str, ...]] = {
    "W1": ("british", "white british", "white english", "english", "welsh", "scottish", "northern irish", "white welsh",
           "english welsh scottish northern irish or british", "white english welsh scottish northern irish british",
           "white english welsh scottish northern irish or british", "white eng welsh scot ni british", "white uk",
           "white british english welsh scottish northern irish", "white scottish", "white northern irish"),
    "W2": ("irish", "white irish"),
    "W3": ("gypsy or irish traveller", "white gypsy or irish traveller", "gypsy irish traveller", "gypsy traveller",
           "white gypsy irish traveller", "gypsy", "irish traveller", "traveller", "white gypsy", "white irish traveller"),
    "W9": ("any other white background", "white other", "other white", "any other white", "white any other",
           "white any other white background", "other white background", "white other background", "white any other background",
           "white other white background"),
    "M1": ("white and black caribbean", "mixed white and black caribbean", "white black caribbean",
           "mixed white black caribbean", "mixed white caribbean"),
    "M2": ("white and black african", "mixed white and black african", "white black african", "mixed white black african",
           "mixed white african"),
    "M3": ("white and asian", "mixed white and asian", "white asian", "mixed white asian"),
    "M9": ("any other mixed background", "mixed other", "other mixed", "any other mixed", "mixed any other",
           "any other mixed or multiple background", "any other mixed multiple ethnic background", "other mixed background",
           "mixed any other mixed background", "mixed any other background", "mixed other mixed background",
           "any other mixed or multiple ethnic background", "mixed other background"),
    "A1": ("indian", "asian indian", "asian or asian british indian", "asian british indian"),
    "A2": ("pakistani", "asian pakistani", "asian or asian british pakistani", "asian british pakistani"),
    "A3": ("bangladeshi", "asian bangladeshi", "asian or asian british bangladeshi", "asian british bangladeshi"),
    "A4": ("chinese", "asian chinese", "asian or asian british chinese", "chinese or other ethnic group chinese",
           "chinese and other chinese", "asian british chinese", "other chinese"),
    "A9": ("any other asian background", "asian other", "other asian", "any other asian", "asian any other",
           "asian any other asian background", "asian or asian british any other asian background", "other asian background",
           "asian any other background", "asian british other", "asian or asian british other", "asian other asian background"),
    "B1": ("caribbean", "black caribbean", "black or black british caribbean", "black british caribbean"),
    "B2": ("african", "black african", "black or black british african", "black british african"),
    "B9": ("any other black background", "black other", "other black", "any other black", "black any other",
           "any other black african or caribbean background", "black any other black background", "other black background",
           "black or black british any other black background", "black any other background", "black british other",
           "black or black british other", "black other black background"),
    "O2": ("arab", "other arab", "other ethnic group arab"),
    "O9": ("any other ethnic group", "other ethnic group", "other any other ethnic group", "any other", "other other",
           "any other ethnic background", "other ethnic group any other", "chinese or other ethnic group any other",
           "other ethnicity", "any other background", "other ethnic background"),
    NOT_STATED: ("not stated", "ns", "not stated declined", "declined to state", "not stated refused", "refused to state",
                 "prefer not to say", "refused", "declined", "not stated by person", "not disclosed", "n s"),
}  # fmt: skip
"""Labels of the self-defined codes, as `plain_words`, beside those of the reference data."""
SELF_CODES: Mapping[str, tuple[str, ...]] = {"A4": ("A4", "O1"), NOT_STATED: ("NS", "N1", "N2", "N3")}
OFFICER_LABELS: Mapping[str, tuple[str, ...]] = {
    "IC1": ("white north european", "white northern european", "north european", "northern european",
            "white n european", "north european white", "white skinned european north", "n european",
            "w north european"),
    "IC2": ("white south european", "white southern european", "south european", "southern european", "dark european",
            "mediterranean", "mediterranean european", "white s european", "mediterranean hispanic", "south european white",
            "dark skinned european", "s european", "white mediterranean"),
    "IC3": ("black", "afro caribbean", "african caribbean", "black african caribbean", "black afro caribbean",
            "african or caribbean", "black african or caribbean", "african caribbean black"),
    "IC4": ("asian", "asian indian subcontinent", "asian indian sub continent", "south asian", "asian south",
            "indian subcontinent", "asian indian pakistani bangladeshi", "indian sub continent", "indian pakistani",
            "asian indian pakistani", "asian south asian", "indian pakistani bangladeshi"),
    "IC5": ("chinese japanese korean or other south east asian", "chinese japanese or south east asian", "south east asian",
            "chinese japanese se asian", "chinese japanese or se asian", "oriental", "east asian", "se asian",
            "chinese japanese or other south east asian", "chinese japanese korean", "chinese japanese south east asian",
            "chinese japanese korean se asian", "chinese or south east asian", "chinese japanese", "south east asian chinese",
            "chinese japanese korean or south east asian", "far eastern", "chinese se asian"),
    "IC6": ("arab or north african", "arabic or north african", "middle eastern", "arab", "north african", "arabic",
            "arabian", "arab north african", "middle eastern arab", "arabic north african", "middle east",
            "arab egyptian", "arabian egyptian", "egyptian or arab"),
    "IC9": ("unknown", "not known", "ic unknown", "not recorded", "not seen"),
}  # fmt: skip
"""Labels of the officer-defined codes, as `plain_words`."""
_OFFICER_NUMBER = re.compile(r"(?:i\.?c\.?)?\s*[-:#]?\s*0*([0-9])", re.I)

_OFFICER_BOTH = re.compile(_OFFICER_NUMBER.pattern + CODE_SEPARATOR + r"(\D.*)", re.I)


def read_self_defined(texts: Sequence[str]) -> list[str | None]:
    """Return the self-defined code of each text, by code or label; NS where the person was asked and did not state it."""
    return [_self_defined(text) for text in texts]


@lru_cache(maxsize=65536)
def _self_defined(text: str) -> str | None:
    words = plain_words(text)
    if words in _self_list().labels:
        return _self_list().labels[words]
    return _self_list().read(text)


@lru_cache
def _self_list() -> CodeList:
    labels: dict[str, list[str]] = {code: list(words) for code, words in SELF_LABELS.items()}
    codes: dict[str, list[str]] = {code: list(words) for code, words in SELF_CODES.items()}
    for member in ethnicities().scheme("SDE18+1", "SDE16+1"):
        code = "A4" if member.code == "O1" else member.code
        codes.setdefault(code, []).append(member.code)
        labels.setdefault(code, []).extend((member.label, f"{member.group} {member.label}"))
    return code_list(codes, labels)


def read_officer_defined(texts: Sequence[str]) -> list[str | None]:
    """Return the officer-defined code of each text (IC1 to IC6), by code or label; IC9 where the officer did not know.

    Numbers without the letters IC are read only where every text is a number from 0 to 9 with or without a label. In
    such a column 7 has no meaning that holds in all systems, and is not understood.
    """
    return [_officer_defined(text) for text in texts]


@lru_cache(maxsize=65536)
def _officer_defined(text: str) -> str | None:
    words = plain_words(text)
    by_label = _officer_labels().get(words) or _officer_labels().get(words.removeprefix("ic "))
    if by_label:
        return by_label
    if match := _OFFICER_NUMBER.fullmatch(text.strip()):
        return _officer_code(match[1])
    if match := _OFFICER_BOTH.fullmatch(text.strip()):
        return _officer_agreed(match[1], match[2])
    for code, label in code_and_label(text):
        if match := _OFFICER_NUMBER.fullmatch(code.strip()):
            return _officer_agreed(match[1], label)
    return "" if says_not_known(text) else None


def _officer_agreed(number: str, label: str) -> str | None:
    named, by_number = _officer_labels().get(plain_words(label)), _officer_code(number)
    return by_number if named is None or named == by_number else None


def _officer_code(number: str) -> str | None:
    code = f"IC{number}"
    return code if number != "7" and number != "8" else None


@lru_cache
def _officer_labels() -> Mapping[str, str]:
    return code_list({}, _with_official(OFFICER_LABELS)).labels


def _with_official(labels: Mapping[str, Iterable[str]]) -> Mapping[str, Iterable[str]]:
    official = {member.code: member.label for member in ethnicities().scheme("IC")}
    return {code: (*words, *([official[code]] if code in official else [])) for code, words in labels.items()}
