"""List the requested columns: what each is for, and who reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay import reference
from assay.contract import Column, Table
from assay.indicators.indicator_catalogue import forms
from assay.wording import count_phrase
from assay.workflows.request.column_readers import BRIEF, COMPLETENESS, HIDDEN, KEY, NARRATIVES, READING, SCALE, SCAN
from assay.workflows.request.fact_columns import LINKAGE, facts_of_form

MAX_NAMED = 3
"""Maximum number of readers of one kind named in a cell; the others are counted."""
NOT_ASKED = "no, until something reads it"
PEOPLE = "people"
READER_TEXT = {
    PEOPLE: "people, who read and mark case files",
    KEY: "the key of its table",
    LINKAGE: "linkage of persons",
    COMPLETENESS: "completeness: why a value is missing",
    SCAN: "scan of summaries for signs of exploitation",
    NARRATIVES: "a look at whether an assessment has words of its own",
    READING: "reading of every text for words that blame and exploitation nobody flagged",
    SCALE: "scale: counts, series and claims side by side",
    HIDDEN: "estimates of children on no list",
    BRIEF: "brief that inspectors read before they travel",
}
CODE_PATTERN = re.compile(r"([QF])(\d+)(?:-[QF](\d+))?")


@dataclass(frozen=True)
class Field:
    """One column: its definition in the contract, its purpose, and its readers in words."""

    table: str
    column: str
    tier: int
    kind: str
    required: str
    identity: bool
    holds: str
    reason: str
    read_by: str
    requested: bool
    origin: str


def list_fields(tables: Mapping[str, Table]) -> tuple[Field, ...]:
    """Return every column of these tables, requested or not, in the order of the contract."""
    return tuple(_field(table, column) for table in tables.values() for column in table.columns)


def codes_in(reasons: Iterable[str]) -> tuple[str, ...]:
    """Return the questions and failure modes in reasons, in order: "Q4-Q6" gives three."""
    found = set()
    for letter, first, last in (match for reason in reasons for match in CODE_PATTERN.findall(reason)):
        found |= {(letter, number) for number in range(int(first), int(last or first) + 1)}
    return tuple(f"{letter}{number}" for letter, number in sorted(found))


def explain_codes(codes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return (code, text) of questions and failure modes of the commission."""
    texts = {entry.number: entry.text for entry in reference.questions()}
    texts |= {entry.code: entry.text for entry in reference.failure_modes()}
    return tuple((code, texts[code]) for code in codes if code in texts)


def readers_text(readers: Sequence[str]) -> str:
    """Return the readers in words: forms first, then facts, checks and the rest."""
    facts = [reader.removeprefix("fact ") for reader in readers if reader.startswith("fact ")]
    rules = [reader.removeprefix("check ") for reader in readers if reader.startswith("check ")]
    phrases = [READER_TEXT[reader] for reader in readers if reader in READER_TEXT]
    form_keys = sorted({key for fact in facts for key in _forms_by_fact().get(fact, ())})
    phrases += _reader_phrase("form", form_keys) + _reader_phrase("fact", facts) + _reader_phrase("check", rules)
    return "; ".join(phrases)


def _field(table: Table, column: Column) -> Field:
    return Field(
        table=table.name, column=column.name, tier=table.tier, kind=column.kind, required=column.required,
        identity=column.identity, holds=column.rule, reason=column.used_for, read_by=readers_text(column.readers),
        requested=column.is_requested, origin=column.origin,
    )  # fmt: skip


def _reader_phrase(kind: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {count_phrase(len(names) - MAX_NAMED, 'other')}" if len(names) > MAX_NAMED else ""
    return [f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:MAX_NAMED])}{more}"]


@lru_cache
def _forms_by_fact() -> Mapping[str, tuple[str, ...]]:
    """Return by fact the indicators, waits and counts that read it; by table name, all that read the table."""
    found: dict[str, list[str]] = {}
    for form in forms():
        for fact in (form.record, *facts_of_form(form)):
            found.setdefault(fact, []).append(form.key)
    return {fact: tuple(keys) for fact, keys in found.items()}
