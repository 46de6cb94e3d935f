"""A finding: a sentence that may be published, with its figure, interval, base, source and limits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import Literal

import pyarrow as pa

from assay.errors import DefinitionError

Direction = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Measure:
    """A measure: numerator, population, denominator, better direction, and limits."""

    measure: str
    title: str
    question: str
    line: str
    unit: str
    population: str
    denominator: str
    better: Direction
    why: str
    cannot_tell: str
    assumptions: str


@dataclass(frozen=True)
class Finding:
    """One sentence with its evidence: figure, interval, base, source, assumptions and limits.

    `value`, `low` and `high` are in `unit`; `base` is the number of offences that the figure rests on. A finding
    that is a refusal has no value and says why in its sentence.
    """

    key: str
    question: str
    line: str
    place_code: str
    offence_key: str
    measure: str
    period: str
    sentence: str
    quote: str
    value: float | None
    low: float | None
    high: float | None
    base: int | None
    unit: str
    cannot_tell: str
    assumptions: str
    source: str
    receipt: str

    def __post_init__(self) -> None:
        for name in ("sentence", "period", "unit", "cannot_tell", "assumptions", "source"):
            if not getattr(self, name):
                raise DefinitionError(f"Finding {self.key} has no {name}: nothing may be said without it.")

    @classmethod
    def from_measure(
        cls, measure: Measure, *, key: str, place_code: str, period: str, sentence: str, base_text: str, source: str,
        receipt: str, value: float | None, low: float | None = None, high: float | None = None,
        base: int | None = None, offence_key: str = "",
    ) -> Finding:  # fmt: skip
        """Make a finding whose question, unit and limits are those of a measure.

        Parameters
        ----------
        measure
            The measure of the figure.
        base_text
            The base in words, for the quotation.
        source
            The edition of the source, in words.
        key, place_code, period, sentence, receipt, value, low, high, base, offence_key
            As the fields of the finding.
        """
        return cls(
            key=key,
            question=measure.question,
            line=measure.line,
            place_code=place_code,
            offence_key=offence_key,
            measure=measure.measure,
            period=period,
            sentence=sentence,
            quote=quote(sentence, base=base_text, edition=source, cannot_tell=measure.cannot_tell),
            value=value,
            low=low,
            high=high,
            base=base,
            unit=measure.unit,
            cannot_tell=measure.cannot_tell,
            assumptions=measure.assumptions,
            source=source,
            receipt=receipt,
        )


FINDING_SCHEMA = pa.schema(
    [
        (
            field.name,
            {"value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "base": pa.int64()}.get(
                field.name, pa.string()
            ),
        )
        for field in fields(Finding)
    ]
)


def findings_table(findings: Iterable[Finding]) -> pa.Table:
    """Return the findings as a table, one row each, sorted by key; raise an error for duplicate keys."""
    rows = sorted((asdict(finding) for finding in findings), key=lambda row: row["key"])
    duplicate_keys = {a["key"] for a, b in pairwise(rows) if a["key"] == b["key"]}
    if duplicate_keys:
        raise DefinitionError(f"Two findings have the same address: {', '.join(sorted(duplicate_keys))}.")
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


MEASURE_SCHEMA = pa.schema([(field.name, pa.string()) for field in fields(Measure)])


def measures_table(measures: Iterable[Measure]) -> pa.Table:
    """Return the measures as a table, one row each, in the order given."""
    return pa.Table.from_pylist([asdict(measure) for measure in measures], schema=MEASURE_SCHEMA)


def address(*parts: str) -> str:
    """Return the stable address of a finding, joined from its parts: 'charged-of-closed/csa11/E23000032/2024-25'."""
    return "/".join(part.replace("/", "-").replace(" ", "-").lower() for part in parts if part)


def quote(sentence: str, *, base: str, edition: str, cannot_tell: str) -> str:
    """Return a sentence with its base, the edition of its source, and what it does not show, ready to be quoted."""
    return f"{sentence} Base: {base}. Source: {edition}. It does not tell {cannot_tell}"
