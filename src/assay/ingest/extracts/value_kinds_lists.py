"""Read cells of three smaller lists: nationalities, the relation of suspect and victim, and local authorities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from assay import contract
from assay.ingest.extracts.value_kinds_coded import CodeList, code_list, plain_words
from assay.reference import authorities

DEMONYMS: Mapping[str, tuple[str, ...]] = {
    "GBR": ("british", "uk", "united kingdom", "english", "scottish", "welsh", "great britain", "northern irish", "gb"),
    "IRL": ("irish", "ireland"), "POL": ("polish", "poland"), "ROU": ("romanian", "romania"), "IND": ("indian", "india"),
    "PAK": ("pakistani", "pakistan"), "BGD": ("bangladeshi", "bangladesh"), "LTU": ("lithuanian", "lithuania"),
    "LVA": ("latvian", "latvia"), "PRT": ("portuguese", "portugal"), "ITA": ("italian", "italy"),
    "ESP": ("spanish", "spain"), "FRA": ("french", "france"), "DEU": ("german", "germany"), "NGA": ("nigerian", "nigeria"),
    "SOM": ("somali", "somalia"), "ALB": ("albanian", "albania"), "TUR": ("turkish", "turkey"), "CHN": ("chinese", "china"),
    "IRQ": ("iraqi", "iraq"), "IRN": ("iranian", "iran"), "AFG": ("afghan", "afghanistan", "afghani"),
    "ERI": ("eritrean", "eritrea"), "SDN": ("sudanese", "sudan"), "SYR": ("syrian", "syria"), "VNM": ("vietnamese", "vietnam"),
    "BGR": ("bulgarian", "bulgaria"), "HUN": ("hungarian", "hungary"), "SVK": ("slovakian", "slovak", "slovakia"),
    "CZE": ("czech", "czech republic"), "JAM": ("jamaican", "jamaica"), "GHA": ("ghanaian", "ghana"), "USA": ("american",),
    "ZWE": ("zimbabwean", "zimbabwe"), "UKR": ("ukrainian", "ukraine"), "RUS": ("russian", "russia"), "NPL": ("nepalese",),
    "LKA": ("sri lankan", "sri lanka"), "PHL": ("filipino", "philippines"), "NLD": ("dutch", "netherlands"),
    "ETH": ("ethiopian", "ethiopia"), "KEN": ("kenyan", "kenya"), "BRA": ("brazilian", "brazil"), "AUS": ("australian",),
    "ZAF": ("south african", "south africa"), "GRC": ("greek", "greece"), "EGY": ("egyptian", "egypt"),
}  # fmt: skip
"""ISO 3166-1 alpha-3 code -> words for the nationality."""
RELATIONSHIP_WORDS: Mapping[str, tuple[str, ...]] = {
    "family": ("family", "family member", "parent", "father", "mother", "step father", "step parent", "stepfather", "uncle",
               "brother", "sister", "sibling", "cousin", "relative", "grandparent", "grandfather", "aunt", "step mother",
               "son", "daughter", "other family", "other relative", "step brother", "half brother", "familial",
               "stepmother", "stepbrother", "stepsister", "other family member", "immediate family", "extended family"),
    "partner_or_former": ("partner", "ex partner", "boyfriend", "girlfriend", "ex boyfriend", "ex girlfriend", "husband",
                          "wife", "spouse", "ex husband", "ex wife", "former partner", "current partner",
                          "intimate partner", "partner or former partner", "boyfriend girlfriend",
                          "partner ex partner", "ex spouse"),
    "person_in_trust": ("teacher", "carer", "position of trust", "person in trust", "person in position of trust",
                        "coach", "youth worker", "foster carer", "professional", "care worker", "tutor", "faith leader",
                        "person in a position of trust", "religious leader", "employer"),
    "friend_or_acquaintance": ("friend", "acquaintance", "known", "friend acquaintance", "neighbour", "colleague",
                               "friend or acquaintance", "known to victim", "friend of family", "family friend",
                               "schoolfriend", "associate", "acquaintance friend", "peer", "fellow pupil", "casual acquaintance"),
    "known_online_only": ("online", "online only", "known online only", "internet", "met online", "social media",
                          "online contact", "known online"),
    "stranger": ("stranger", "not known to victim", "no relationship", "stranger 1", "stranger 2", "unknown to victim"),
    "other": ("other",),
}  # fmt: skip
"""Relation of the suspect to the victim -> words for it."""


def read_nationalities(texts: Sequence[str]) -> list[str | None]:
    """Return the ISO code of each text, by code, country or nationality."""
    return [_nationalities().read(text) for text in texts]


@lru_cache
def _nationalities() -> CodeList:
    codes = {code: [code] for code in contract.list_values("nationality")}
    return code_list(codes, {code: words for code, words in DEMONYMS.items() if code in codes})


def read_relationships(texts: Sequence[str]) -> list[str | None]:
    """Return the relation of the suspect to the victim of each text."""
    return [_relationships().read(text) for text in texts]


@lru_cache
def _relationships() -> CodeList:
    listed = {value: (value, *RELATIONSHIP_WORDS.get(value, ())) for value in contract.list_values("relationship")}
    return code_list({}, listed)


def read_local_authorities(texts: Sequence[str]) -> list[str | None]:
    """Return the ONS code of the local authority of each text, by code or name."""
    return [_authorities().read(text) for text in texts]


@lru_cache
def _authorities() -> CodeList:
    names = {member.code: (member.code, member.name) for member in authorities()}
    return code_list({code: (code,) for code in names}, {code: _variants(name) for code, (_, name) in names.items()})


def _variants(name: str) -> tuple[str, ...]:
    words = plain_words(name)
    bare = words.removesuffix(" city of").removesuffix(" county of")
    return (words, bare, f"{bare} council", f"{bare} city council", f"{bare} county council", f"{bare} borough council")


KNOWN_AS_WORDS: Mapping[str, tuple[str, ...]] = {
    "named": ("named", "known", "identified", "named suspect", "identity known", "known suspect", "y", "yes", "name known",
              "identified suspect", "full details", "fully identified", "suspect named", "suspect identified", "nominal linked",
              "known and named", "named and identified", "suspect known", "identity confirmed"),
    "described": ("described", "description only", "description", "partial", "part identified", "partially identified",
                  "described only", "description held", "partial description", "described not named", "description known",
                  "unidentified description", "suspect described", "partial identity", "nickname only", "first name only"),
    "nothing_known": ("nothing known", "unknown", "not known", "unidentified", "not identified", "no description", "no details",
                      "unk", "n k", "n", "no", "nothing held", "unknown suspect", "no suspect details", "suspect unknown",
                      "suspect not identified", "suspect not known", "not named", "unnamed", "none"),
}  # fmt: skip
"""How much is known of a suspect -> words for it."""


def read_suspects_known_as(texts: Sequence[str]) -> list[str | None]:
    """Return how much is known of the suspect: named, described or nothing_known."""
    return [_known_as().read(text) for text in texts]


@lru_cache
def _known_as() -> CodeList:
    return code_list({}, KNOWN_AS_WORDS)
