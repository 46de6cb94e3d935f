"""What could a force send next? Table by table, with the hours that each costs and the questions that it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay import contract, reference
from assay.contract.request_burden import EVERY_TABLE, TIERS, request_burden_table
from assay.wording import count_phrase
from assay.workflows.check.extract_contents import CRIMES, FLAGS, PERSONS
from assay.workflows.check.extract_questions import questions_gained

FLAT_EXTRACT = frozenset({CRIMES, PERSONS, FLAGS})
"""The tables that count as sent if no extract is named."""


@dataclass(frozen=True)
class TableStep:
    """A table that was not sent: its content, the hours it costs, and the questions that it would help to answer."""

    table: str
    purpose: str
    hours: tuple[float, float, float]
    work: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class TierSteps:
    """The tables of one tier that were not sent, and the questions that they would help to answer together."""

    tier: int
    subject: str
    is_begun: bool
    steps: tuple[TableStep, ...]
    questions: tuple[str, ...]

    @property
    def hours(self) -> float:
        """Return the estimated hours for all tables together."""
        return sum(step.hours[1] for step in self.steps)


def next_tiers(supplied: frozenset[str]) -> tuple[TierSteps, ...]:
    """Return the missing columns of each partly sent tier, and the first tier that was not sent at all.

    Parameters
    ----------
    supplied
        Tables, columns and kinds of event that are there already, as `supplied_needs` gives them.
    """
    rows = [row for row in request_burden_table().to_pylist() if row["table_name"] != EVERY_TABLE]
    found: list[TierSteps] = []
    for tier in sorted(TIERS):
        tier_steps = _tier_steps(tier, [row for row in rows if row["tier"] == tier], supplied)
        if tier_steps.steps:
            found.append(tier_steps)
        if not tier_steps.is_begun:
            break
    return tuple(found)


def flat_extract_needs() -> frozenset[str]:
    """Return the columns that a flat extract with every column of crimes, persons and flags supplies."""
    columns = {f"{table}.{name}" for table in FLAT_EXTRACT for name in contract.table(table).column_names}
    return FLAT_EXTRACT | columns


def next_tier_lines(tiers: Sequence[TierSteps]) -> list[str]:
    """Return the steps of the next tier, to print at a terminal."""
    if not tiers:
        return ["Every table of the contract is in the extract: there is no next tier."]
    lines = [line for tier_steps in tiers for line in _tier_lines(tier_steps)]
    return [
        *lines,
        "Hours are our own estimate, for the first return of one force; 8 in 10 forces lie in the range.",
        "Send one table or all: each is read as it comes.",
    ]


def _tier_steps(tier: int, rows: Sequence[Mapping[str, Any]], supplied: frozenset[str]) -> TierSteps:
    missing = [row for row in rows if row["table_name"] not in supplied]
    steps = tuple(_table_step(row, supplied) for row in missing)
    questions = questions_gained(supplied, [step.table for step in steps])
    return TierSteps(tier, TIERS[tier], len(missing) < len(rows), steps, questions)


def _table_step(row: Mapping[str, Any], supplied: frozenset[str]) -> TableStep:
    table = row["table_name"]
    hours = (row["low"], row["likely"], row["high"])
    return TableStep(table, contract.table(table).purpose, hours, row["work"], questions_gained(supplied, [table]))


def _tier_lines(tier_steps: TierSteps) -> list[str]:
    begun = "What is missing of tier" if tier_steps.is_begun else "Next, tier"
    tables = count_phrase(len(tier_steps.steps), "table")
    questions = count_phrase(len(tier_steps.questions), "question")
    return [
        f"{begun} {tier_steps.tier}: {tier_steps.subject}.",
        f"{tables}, about {tier_steps.hours:.0f} hours of work; together they answer {questions} further.",
        "",
        *(line for number, step in enumerate(tier_steps.steps, 1) for line in _step_lines(number, step)),
    ]


def _step_lines(number: int, step: TableStep) -> list[str]:
    low, likely, high = step.hours
    questions = [f"     {question}: {reference.questions().get(question).text}" for question in step.questions]
    return [
        f"{number}. {step.purpose}",
        f"   Hours: about {likely:.0f} ({low:.0f} to {high:.0f}), for {step.work}.",
        *(["   Questions that it answers further:", *questions] if questions else []),
        *([] if questions else ["   No question alone: it is read together with other tables."]),
        f"   Its name in the contract: {step.table}.",
        "",
    ]
