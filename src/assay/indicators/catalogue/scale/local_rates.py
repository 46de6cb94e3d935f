"""Rates of children's services per 10,000 children, with intervals, beside those of statistical neighbours.

Intervals (95%, Garwood) hold only the chance in a count, as if it were Poisson. A rate counts children with a plan or
in care for any reason; it says nothing of exploitation.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from assay.facts.local_services import AUTHORITIES, OUTCOME_NAMES, SERVICES
from assay.stats.binomial_intervals import wilson
from assay.stats.poisson_intervals import garwood

Row = dict[str, Any]
RATE_BASE = 10_000
RATES = [(name, pa.float64()) for name in ("per_10000", "low", "high")]
SERVICE_RATES = pa.schema([*SERVICES, *RATES])
AUTHORITY_RATES = pa.schema(
    [*AUTHORITIES, *RATES, ("neighbours", pa.int64())]
    + [(name, pa.float64()) for name in ("neighbours_low", "neighbours_median", "neighbours_high")]
    + [("neighbour_names", pa.string())]
)
SHARES = [
    *(("broad_group", pa.string()), ("share", pa.float64())),
    *(("broad_residents", pa.int64()), ("broad_share", pa.float64())),
]
OUTCOME_SHARES = [("base", pa.int64()), *((name, pa.float64()) for name in ("share", "low", "high"))]
ASSIGNED = OUTCOME_NAMES["assigned"]


def rate_columns(count: int | None, children: int | None) -> Row:
    """Return the rate per 10,000 children and its limits; missing if the count or the population is."""
    if count is None or not children:
        return dict.fromkeys(("per_10000", "low", "high"))
    low, high = garwood(count)
    return {
        "per_10000": RATE_BASE * count / children,
        "low": RATE_BASE * low / children,
        "high": RATE_BASE * high / children,
    }


def service_rates(services: pa.Table) -> pa.Table:
    """Return the counts of children's services with their rates."""
    rows = [{**row, **rate_columns(row["number"], row["children"])} for row in services.to_pylist()]
    return pa.Table.from_pylist(rows, SERVICE_RATES)


def authority_rates(authorities: pa.Table, neighbours: pa.Table) -> pa.Table:
    """Return the local authorities with their rate of looked-after children and that of statistical neighbours."""
    rows = {
        row["area_code"]: {**row, **rate_columns(row["looked_after"], row["children"])}
        for row in authorities.to_pylist()
    }
    codes_by_area: dict[str, list[str]] = {}
    for row in sorted(neighbours.to_pylist(), key=lambda row: (row["area_code"], row["nearness"])):
        codes_by_area.setdefault(row["area_code"], []).append(row["neighbour_code"])
    found = [{**row, **_neighbour_columns(codes_by_area.get(code, ()), rows)} for code, row in rows.items()]
    return pa.Table.from_pylist(found, AUTHORITY_RATES)


def _neighbour_columns(codes: Sequence[str], rows: Mapping[str, Row]) -> Row:
    rates = [rows[code]["per_10000"] for code in codes if code in rows and rows[code]["per_10000"] is not None]
    return {
        "neighbours": len(rates) if codes else None,
        "neighbours_low": min(rates, default=None),
        "neighbours_median": statistics.median(rates) if rates else None,
        "neighbours_high": max(rates, default=None),
        "neighbour_names": "; ".join(rows[code]["name"] for code in codes if code in rows),
    }


def ethnicity_shares(residents: pa.Table) -> pa.Table:
    """Return residents by ethnic group with the broad group of the census, and shares of all residents."""
    rows = [{**row, "broad_group": row["ethnic_group"].partition(":")[0]} for row in residents.to_pylist()]
    totals = _sums(rows, ("place_code",), "residents")
    broad = _sums(rows, ("place_code", "broad_group"), "residents")
    shares = []
    for row in rows:
        total, broad_residents = totals[row["place_code"],], broad[row["place_code"], row["broad_group"]]
        shares.append(
            {
                **row,
                "share": row["residents"] / total if total else None,
                "broad_residents": broad_residents,
                "broad_share": broad_residents / total if total else None,
            }
        )
    return pa.Table.from_pylist(shares, pa.schema([*residents.schema, *SHARES]))


def outcome_shares(outcomes: pa.Table) -> pa.Table:
    """Return the outcomes of each force and year with their share of all outcomes, and 95% Wilson limits."""
    rows = outcomes.to_pylist()
    bases = _sums(rows, ("place_code", "year"), "number")
    shares = []
    for row in rows:
        base = bases[row["place_code"], row["year"]]
        low, high = wilson(row["number"], base)
        shares.append({**row, "base": base, "share": row["number"] / base if base else None, "low": low, "high": high})
    return pa.Table.from_pylist(shares, pa.schema([*outcomes.schema, *OUTCOME_SHARES]))


def national_shares(outcomes: pa.Table) -> pa.Table:
    """Return the national outcomes with their share of all outcomes assigned on the same basis."""
    rows = outcomes.to_pylist()
    assigned = {(row["financial_year"], row["basis"]): row["outcomes"] for row in rows if row["outcome"] == ASSIGNED}
    shares = []
    for row in rows:
        base = assigned.get((row["financial_year"], row["basis"]))
        shares.append({**row, "share": row["outcomes"] / base if base else None})
    return pa.Table.from_pylist(shares, pa.schema([*outcomes.schema, ("share", pa.float64())]))


def _sums(rows: Iterable[Row], keys: Sequence[str], value: str) -> dict[tuple[Any, ...], int]:
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in keys)
        sums[key] = sums.get(key, 0) + row[value]
    return sums


def local_indicators(facts: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return the tables about areas, with rates, shares and statistical neighbours added."""
    return {
        "children_services": service_rates(facts["children_services"]),
        "authorities": authority_rates(facts["authorities"], facts["neighbours"]),
        "residents_by_ethnicity": ethnicity_shares(facts["residents_by_ethnicity"]),
        "last_outcomes": outcome_shares(facts["last_outcomes"]),
        "court_outcomes": outcome_shares(facts["court_outcomes"]),
        "national_outcomes": national_shares(facts["national_outcomes"]),
    }
