"""Compare a force's published charge share with those of other forces.

This is the comparison of published figures that everybody can make, with the sentence of the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.compare import compare_shares
from assay.compare.comparability import is_total
from assay.compare.outcome_findings import findings
from assay.engine import TableStore
from assay.indicators.catalogue.responses import published_outcomes
from assay.ingest.official_statistics import ReceivedStatistics
from assay.reference import Organisation
from assay.wording import percent, percent_interval, rank_phrase
from assay.workflows.run.register_tables import source_text

OFFENCES, MEASURE = "csa11", "charged-of-closed"
OFFENCE_WORDS = "child sexual offences"
INFERRED_NOTE = " In this edition some outcome codes were recovered by inference."
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """One sentence, and its limitations."""

    sentence: str
    cannot_tell: str = ""


def compare_charge_share(yearly: pa.Table, force: Organisation, received: ReceivedStatistics) -> Iterator[Statement]:
    """Yield the force's latest published charge share, with the distribution over the other forces."""
    counts = _share_counts(yearly)
    year = max(counts["financial_year"].to_pylist())
    latest = counts.filter(pc.equal(counts["financial_year"], year))
    shares = compare_shares(latest)[0].to_pylist()
    edition = source_citation(received, "outcomes", year)
    force_findings = findings(
        [row for row in shares if row["place_code"] == force.code],
        names={force.code: force.name},
        offence=OFFENCES,
        offences=OFFENCE_WORDS,
        editions={f"outcomes {year}": edition},
    )
    for finding in force_findings:
        yield Statement(
            f"{finding.sentence} {_distribution_sentence(shares, force.code)} Source: {edition}.",
            f"It cannot tell {finding.cannot_tell}{INFERRED_NOTE if any(latest['code_inferred'].to_pylist()) else ''}",
        )


def _share_counts(yearly: pa.Table) -> pa.Table:
    with TableStore() as store:
        store.table("outcomes_yearly", yearly)
        published_outcomes.open_outcomes(store)
        counts = published_outcomes.share_counts(store)
    return counts.filter(pc.and_(pc.equal(counts["measure"], MEASURE), pc.equal(counts["offence_key"], OFFENCES)))


def _distribution_sentence(shares: Sequence[Row], code: str) -> str:
    """Return the middle half of the other forces' published shares, and the rank of this one if compared."""
    compared = [row for row in shares if not is_total(row["place_code"]) and not row["not_comparable"]]
    other_shares = sorted(row["raw_share"] for row in compared if row["place_code"] != code)
    low, high = other_shares[len(other_shares) // 4], other_shares[-1 - len(other_shares) // 4]
    middle = other_shares[len(other_shares) // 2]
    span = f"{percent_interval(low, high)} ({percent(middle)} in the middle)"
    sentence = f"Of the {len(other_shares)} other forces that are compared, half lie from {span}."
    force_row = next((row for row in compared if row["place_code"] == code), None)
    if force_row is None or force_row["rank"] is None:
        return sentence
    rank_text = rank_phrase(
        round(force_row["rank"]), round(force_row["rank_low"]), round(force_row["rank_high"]), len(compared)
    )
    return f"{sentence} Its place among them is {rank_text}, the first having the highest share."


def source_citation(received: ReceivedStatistics, kind: str, year: str = "") -> str:
    """Return the source of a bundled table, or of one year of it, as it is cited."""
    table = received.tables[kind]
    rows = table.filter(pc.equal(table["financial_year"], year)) if year else table
    return source_text(rows["source"][-1].as_py(), rows["edition"][-1].as_py())
