"""Outcome codes of recorded crime, and whether each implies an identified suspect.

Official tables give each outcome a number from 1 to 22 (23 is new in 2026), with 1A, 2A and 3A for an alternative
offence; 0 is not yet assigned. Whether a suspect was identified is read from the code, not from the official group: the
group 'victim does not support action' holds 14, where no suspect was identified, and 16, where one was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import pyarrow as pa

from assay.errors import DefinitionError, SourceError
from assay.reference.reference_data import GRADING_EVIDENCE, Register, parse_answer, read_rows, split_cell

COLUMNS = (
    "code", "label", "official_group", "names_used", "suspect_identified", "charged", "family", "closed",
    "counted_in", "note", "publisher", "evidence", "source",
)  # fmt: skip
FAMILIES = {
    "charged": "charged or summonsed",
    "out_of_court": "dealt with out of court",
    "evidential_victim_supports": "evidential difficulties; suspect identified; victim supports action",
    "evidential_victim_does_not_support": "evidential difficulties; victim does not support action",
    "no_suspect": "investigation complete; no suspect identified",
    "prevented": "prosecution prevented or not in the public interest",
    "transferred": "passed to another body",
    "other": "other outcomes",
    "pending": "not yet assigned an outcome",
}


@dataclass(frozen=True)
class Outcome:
    """One outcome code; `suspect_identified` is None if the code does not say whether a suspect was identified."""

    code: str
    label: str
    official_group: str
    names_used: tuple[str, ...]
    suspect_identified: bool | None
    charged: bool
    family: str
    closed: bool
    counted_in: str
    note: str
    publisher: str
    evidence: str
    source: str

    @property
    def key(self) -> str:
        """The outcome code as text: '0', '1', '1A' to '23'."""
        return self.code


def normalise_outcome_label(text: str) -> str:
    """Return a label without differences in case, dashes, punctuation and spaces."""
    return " ".join(re.sub(r"[^a-z0-9.]+", " ", text.casefold()).split()).strip(".")


class OutcomeRegister(Register[Outcome]):
    """The outcome codes, and the words that official tables use for them."""

    member_name = "outcome"

    def __init__(self, members: list[Outcome]) -> None:
        super().__init__(members)
        self._by_words: dict[str, Outcome] = {}
        for outcome in self.all:
            for words in (outcome.label, *outcome.names_used):
                other = self._by_words.setdefault(normalise_outcome_label(words), outcome)
                if other is not outcome:
                    raise DefinitionError(f"outcomes.csv: {words!r} names {other.code} and {outcome.code}.")

    def code_for(self, value: str | int | float) -> str:
        """Return the code for a number or label, such as 0, '0.0', ' 16 ', '1a' or 'Not yet assigned'.

        SourceError for anything else, also for a group of several codes such as 'Out-of-court (formal)'.
        """
        text = str(value).strip()
        code = re.sub(r"\.0+$", "", text).upper().lstrip("0") or ("0" if text else "")
        if code in self:
            return code
        if text and normalise_outcome_label(text) in self._by_words:
            return self._by_words[normalise_outcome_label(text)].code
        raise SourceError(
            f"The register does not know the outcome {text!r}. Outcomes are 0 to 23, 1A, 2A and 3A: "
            "check that this is the column of outcome types and not of outcome groups."
        )


@lru_cache
def outcomes() -> OutcomeRegister:
    """Return the register of outcome codes."""
    return OutcomeRegister([_outcome(row) for row in read_rows("outcomes", COLUMNS)])


RETURN_PENDING = "NOA"
"""What a return writes while no outcome is assigned; official tables write 0."""


@lru_cache
def return_outcomes() -> OutcomeRegister:
    """Return the outcomes by the codes of the data return, which has NOA (no outcome assigned) instead of 0 (section
    9.1)."""
    members = [replace(outcome, code=RETURN_PENDING) if outcome.code == "0" else outcome for outcome in outcomes()]
    return OutcomeRegister(members)


@lru_cache
def outcome_families() -> Mapping[str, Outcome]:
    """Return, for each outcome code of a data return, its `family`, `charged`, `closed` and `suspect_identified`."""
    return MappingProxyType({outcome.code: outcome for outcome in return_outcomes()})


_ANSWER_COLUMNS = ("suspect_identified", "charged", "closed")
RETURN_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("code", "label", "family")] + [(name, pa.bool_()) for name in _ANSWER_COLUMNS]
)


def return_outcomes_table() -> pa.Table:
    """Return one row for each outcome code of a return; `suspect_identified` is null if not determined.

    What a code says of a crime is null too if its meaning was not read in its own source, so that the crime's answer is
    not known and no grade rests on the code.
    """
    return pa.Table.from_pylist([_return_outcome(outcome) for outcome in return_outcomes()], RETURN_SCHEMA)


def _return_outcome(outcome: Outcome) -> dict[str, str | bool | None]:
    is_read = outcome.evidence == GRADING_EVIDENCE
    meaning = {name: getattr(outcome, name) if is_read else None for name in ("family", *_ANSWER_COLUMNS)}
    return {"code": outcome.code, "label": outcome.label, **meaning}


def _outcome(row: dict[str, str]) -> Outcome:
    if row["family"] not in FAMILIES:
        raise DefinitionError(f"outcomes.csv, outcome {row['code']}: unknown family {row['family']!r}.")
    return Outcome(
        **{column: row[column] for column in ("code", "label", "official_group", "family", "counted_in")},
        **{column: row[column] for column in ("note", "publisher", "evidence", "source")},
        names_used=split_cell(row, "names_used"),
        suspect_identified=parse_answer(row, "suspect_identified"),
        charged=parse_answer(row, "charged") is True,
        closed=parse_answer(row, "closed") is True,
    )
