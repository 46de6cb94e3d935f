"""Where does a force's published share of offences charged lie, and where do the other forces'?

The comparison of published figures, as everybody can make it: the sentence is the one that the report would say.
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
from assay.engine import Store
from assay.indicators.catalogue.responses import published_outcomes
from assay.ingest.official_statistics import Received
from assay.reference import Body
from assay.wording import percent, percents, rank
from assay.workflows.run.register_tables import source_words

OFFENCES, MEASURE = "csa11", "charged-of-closed"
OFFENCE_WORDS = "child sexual offences"
INFERRED = " In this edition some outcome codes were recovered by inference."
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """One sentence and what it cannot tell."""

    sentence: str
    cannot_tell: str = ""


def charged_beside(yearly: pa.Table, body: Body, received: Received) -> Iterator[Said]:
    """Its published charge share of the latest year, as the comparison of all forces says it, and where others lie."""
    counts = _share_counts(yearly)
    year = max(counts["financial_year"].to_pylist())
    latest = counts.filter(pc.equal(counts["financial_year"], year))
    shares = compare_shares(latest)[0].to_pylist()
    edition = source_of(received, "outcomes", year)
    found = findings(
        [row for row in shares if row["place_code"] == body.code],
        names={body.code: body.name},
        offence=OFFENCES,
        offences=OFFENCE_WORDS,
        editions={f"outcomes {year}": edition},
    )
    for one in found:
        yield Said(
            f"{one.sentence} {_others(shares, body.code)} Source: {edition}.",
            f"It cannot tell {one.cannot_tell}{INFERRED if any(latest['code_inferred'].to_pylist()) else ''}",
        )


def _share_counts(yearly: pa.Table) -> pa.Table:
    with Store() as store:
        store.table("outcomes_yearly", yearly)
        published_outcomes.open_outcomes(store)
        counts = published_outcomes.share_counts(store)
    return counts.filter(pc.and_(pc.equal(counts["measure"], MEASURE), pc.equal(counts["offence_key"], OFFENCES)))


def _others(shares: Sequence[Row], code: str) -> str:
    """Where the other forces lie: the middle half of their published shares, and the place of this one if compared."""
    compared = [row for row in shares if not is_total(row["place_code"]) and not row["not_comparable"]]
    others = sorted(row["raw_share"] for row in compared if row["place_code"] != code)
    low, high = others[len(others) // 4], others[-1 - len(others) // 4]
    middle = others[len(others) // 2]
    span = f"{percents(low, high)} ({percent(middle)} in the middle)"
    said = f"Of the {len(others)} other forces that are compared, half lie from {span}."
    mine = next((row for row in compared if row["place_code"] == code), None)
    if mine is None or mine["rank"] is None:
        return said
    place = rank(round(mine["rank"]), round(mine["rank_low"]), round(mine["rank_high"]), len(compared))
    return f"{said} Its place among them is {place}, the first having the highest share."


def source_of(received: Received, kind: str, year: str = "") -> str:
    """The source of a table of the carried figures, or of one year of it, as it is quoted."""
    table = received.tables[kind]
    rows = table.filter(pc.equal(table["financial_year"], year)) if year else table
    return source_words(rows["source"][-1].as_py(), rows["edition"][-1].as_py())
