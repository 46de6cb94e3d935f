"""Compare published figures, and control the false discovery rate over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay import reference
from assay.compare import (
    CodeOutcomes,
    ForceFeatures,
    compare_rates,
    compare_shares,
    control_false_discovery_rate,
    count_outliers,
    funnel_table,
    load_similar_forces,
    similar_forces,
    standardise,
)
from assay.compare.previous_alerts import with_yearly_alert_status
from assay.progress import Progress

STANDARDISED = ("charged-of-closed", "suspect-identified-of-closed", "victim-does-not-support-of-closed")


def compare_published(
    indicator_tables: Mapping[str, pa.Table],
    definition: str,
    similar: Path | None,
    editions: Mapping[str, str],
    progress: Progress,
) -> dict[str, pa.Table]:
    """Return the tables shares, rates, spread, case_mix and similar, with the false discovery rate controlled.

    Shares are compared for the requested set of offences and for each of its codes; rates for the set in every full
    year, for its codes in the latest. `editions` names the source of a financial year. The false discovery rate is
    controlled over all of them together.
    """
    codes = reference.offence_codes(definition)
    offence_keys = pa.array([definition, *codes], pa.string())
    steps = 4
    progress("Comparing forces", 0, steps)
    shares, share_spread = compare_shares(
        _with_editions(_select_offences(indicator_tables["share_counts"], offence_keys), editions)
    )
    progress("Comparing forces", 1, steps)
    rates, rate_spread = compare_rates(_rate_input(indicator_tables["recorded"], definition, codes))
    progress("Comparing forces", 2, steps)
    shares, rates = (with_yearly_alert_status(table) for table in control_false_discovery_rate([shares, rates]))
    spread = count_outliers(pa.concat_tables([share_spread, rate_spread]), [shares, rates])
    progress("Comparing forces", 3, steps)
    tables = {
        "shares": shares,
        "rates": rates,
        "spread": spread,
        "funnel": funnel_table(shares, share_spread),
        "case_mix": standardise(_case_mix_input(indicator_tables["share_counts"].to_pylist(), definition, codes)),
        "similar_forces": _similar_forces(indicator_tables["recorded"], codes, similar),
    }
    progress("Comparing forces", steps, steps)
    return tables


def _with_editions(counts: pa.Table, editions: Mapping[str, str]) -> pa.Table:
    return counts.append_column(
        "edition", pa.array(
            [editions[f"outcomes {year}"] for year in counts["financial_year"].to_pylist()], pa.string())
    )  # fmt: skip


def _select_offences(table: pa.Table, offence_keys: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table["offence_key"], offence_keys))


def _rate_input(recorded: pa.Table, definition: str, codes: tuple[str, ...]) -> pa.Table:
    """Return the set in every full year, and each code in the latest full year."""
    full = recorded.filter(pc.and_(pc.equal(recorded["quarters"], 4), pc.not_equal(recorded["place_code"], "EW44")))
    set_rows = full.filter(pc.equal(full["offence_key"], definition))
    latest = full.filter(pc.equal(full["financial_year"], pc.max(set_rows["financial_year"])))
    return pa.concat_tables([set_rows, _select_offences(latest, pa.array(codes, pa.string()))])


def _case_mix_input(rows: Iterable[dict[str, Any]], definition: str, codes: tuple[str, ...]) -> list[CodeOutcomes]:
    """Return counts by single code, with the force's pending share over all codes together."""
    standardised_rows = [row for row in rows if row["measure"] in STANDARDISED]
    pending = {
        (row["place_code"], row["financial_year"]): row["pending_share"]
        for row in standardised_rows
        if row["offence_key"] == definition
    }
    return [
        CodeOutcomes(
            measure=row["measure"],
            place_code=row["place_code"],
            offence_code=row["offence_key"],
            financial_year=row["financial_year"],
            numerator=row["numerator"],
            base=row["base"],
            pending_share=pending.get((row["place_code"], row["financial_year"])),
        )
        for row in standardised_rows
        if row["offence_key"] in codes
    ]


def _similar_forces(recorded: pa.Table, codes: tuple[str, ...], official: Path | None) -> pa.Table:
    """Return the official list of similar forces, and our own grouping for forces that it leaves out."""
    own_groups = similar_forces(_features(recorded, codes))
    if official is None:
        return own_groups
    listed = load_similar_forces(official)
    is_unlisted = pc.invert(pc.is_in(own_groups["place_code"], listed["place_code"].combine_chunks()))
    return pa.concat_tables([listed, own_groups.filter(is_unlisted)])


def _features(recorded: pa.Table, codes: tuple[str, ...]) -> list[ForceFeatures]:
    """Return children, area and offence mix of each force, in the latest full published year."""
    rows = [row for row in recorded.to_pylist() if row["offence_key"] in codes and row["quarters"] == 4]
    latest = max((row["financial_year"] for row in rows), default="")
    mixes: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["financial_year"] == latest:
            mixes.setdefault(row["place_code"], {})[row["offence_key"]] = row["offences"]
    return [
        ForceFeatures(force.code, force.children_mid2020, force.area_km2, mixes[force.code])
        for force in reference.forces().territorial
        if force.code in mixes
    ]
