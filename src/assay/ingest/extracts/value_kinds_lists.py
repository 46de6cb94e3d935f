"""Translate cells to codes of three lists: nationality, relation of suspect and victim, and local authority."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assay import contract
from assay.ingest.extracts.value_kinds_coded import CodeList, code_list, plain_words, value_words
from assay.reference import authorities


def read_nationalities(texts: Sequence[str]) -> list[str | None]:
    """Return the ISO country code of each text, given a code, a country or a nationality."""
    return [_nationalities().read(text) for text in texts]


@lru_cache
def _nationalities() -> CodeList:
    codes = {code: [code] for code in contract.list_values("nationality")}
    return code_list(codes, {code: words for code, words in value_words("nationality").items() if code in codes})


def read_relationships(texts: Sequence[str]) -> list[str | None]:
    """Return the relationship of the suspect to the victim that each text names."""
    return [_relationships().read(text) for text in texts]


@lru_cache
def _relationships() -> CodeList:
    listed = {
        value: (value, *value_words("relationship").get(value, ())) for value in contract.list_values("relationship")
    }
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
    short_name = words.removesuffix(" city of").removesuffix(" county of")
    return (
        words,
        short_name,
        f"{short_name} council",
        f"{short_name} city council",
        f"{short_name} county council",
        f"{short_name} borough council",
    )


def read_suspects_known_as(texts: Sequence[str]) -> list[str | None]:
    """Return how much is known of the suspect: named, described or nothing_known."""
    return [_known_as().read(text) for text in texts]


@lru_cache
def _known_as() -> CodeList:
    return code_list({}, value_words("suspect_known_as"))
