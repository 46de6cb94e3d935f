"""Which columns are asked, what for, and who reads each of them today?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assay import reference
from assay.contract import Column, Table
from assay.indicators.indicator_catalogue import forms
from assay.wording import counted
from assay.workflows.request.column_readers import BRIEF, COMPLETENESS, HIDDEN, KEY, NARRATIVES, READING, SCALE, SCAN
from assay.workflows.request.fact_columns import LINKAGE, facts_used

NAMED = 3
"""How many readers of one kind are named in a cell; the others are counted."""
NOT_ASKED = "no, until something reads it"
PEOPLE = "people"
IN_WORDS = {
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
MARK = re.compile(r"([QF])(\d+)(?:-[QF](\d+))?")


@dataclass(frozen=True)
class Field:
    """One column: the contract's words for it, `reason` (what it is for) and `read_by` (who reads it, in words)."""

    table: str
    column: str
    tier: int
    kind: str
    required: str
    identity: bool
    holds: str
    reason: str
    read_by: str
    asked: bool


def fields(tables: Mapping[str, Table]) -> tuple[Field, ...]:
    """Every column of these tables, asked or not, in the order of the contract."""
    return tuple(_field(table, column) for table in tables.values() for column in table.columns)


def marks_in(reasons: Iterable[str]) -> tuple[str, ...]:
    """The questions and failure modes that reasons name, in order: "Q4-Q6" names three."""
    found = set()
    for letter, first, last in (one for reason in reasons for one in MARK.findall(reason)):
        found |= {(letter, number) for number in range(int(first), int(last or first) + 1)}
    return tuple(f"{letter}{number}" for letter, number in sorted(found))


def marks_explained(marks: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """(mark, words) of questions and failure modes of the commission."""
    texts = {one.number: one.text for one in reference.questions()}
    texts |= {one.code: one.text for one in reference.failure_modes()}
    return tuple((mark, texts[mark]) for mark in marks if mark in texts)


def read_by(readers: Sequence[str]) -> str:
    """Readers in words: forms first, since they answer the question; then facts, checks and the rest."""
    facts = [one.removeprefix("fact ") for one in readers if one.startswith("fact ")]
    rules = [one.removeprefix("check ") for one in readers if one.startswith("check ")]
    said = [IN_WORDS[one] for one in readers if one in IN_WORDS]
    asking = sorted({key for fact in facts for key in _forms_by_fact().get(fact, ())})
    said += _listed("form", asking) + _listed("fact", facts) + _listed("check", rules)
    return "; ".join(said)


def _field(table: Table, column: Column) -> Field:
    return Field(
        table=table.name, column=column.name, tier=table.tier, kind=column.kind, required=column.required,
        identity=column.identity, holds=column.rule, reason=column.used_for, read_by=read_by(column.readers),
        asked=column.asked,
    )  # fmt: skip


def _listed(kind: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {counted(len(names) - NAMED, 'other')}" if len(names) > NAMED else ""
    return [f"{kind}{'s' if len(names) > 1 else ''} {', '.join(names[:NAMED])}{more}"]


@lru_cache
def _forms_by_fact() -> Mapping[str, tuple[str, ...]]:
    """Fact -> the indicators, waits and counts that read it; a table of facts by its name -> all that ask of it."""
    found: dict[str, list[str]] = {}
    for form in forms():
        for fact in (form.record, *facts_used(form)):
            found.setdefault(fact, []).append(form.key)
    return {fact: tuple(keys) for fact, keys in found.items()}
