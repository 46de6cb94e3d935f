"""Is a beta distribution, as in the model, or a logit-normal one closer to the shares of real forces?

Part of `comparison.py`, which prints it: `python benchmarks/comparison.py shapes`. It needs the reference data
(`ASSAY_REFERENCE`).
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
from scipy import optimize, special

from assay.compare.share_comparison import OUTLIER_PRIOR
from comparison_many import table

REFERENCE = Path(os.environ.get("ASSAY_REFERENCE", Path(__file__).parents[2] / "shared" / "reference")) / "data"
ENOUGH_PLACES, ENOUGH_RECORDS, ENOUGH_OF_BOTH = 20, 20, 100
"""A measure is looked at if so many places have so many records each, and so many answered yes and no in all."""
Counts = tuple[np.ndarray, np.ndarray]

OUTCOMES = """
    with counted as (select {place} as place, {offence} as offence, {outcome} as outcome,
                            sum(try_cast({number} as double)) as number
                     from '{file}' where {territorial} group by all having number >= 0),
         bases as (select place, offence, sum(number) as base from counted group by all)
    select list(coalesce(counted.number, 0) order by bases.place), list(base order by bases.place)
    from bases join (select distinct offence, outcome from counted) as kind using (offence)
    left join counted using (place, offence, outcome) where base >= {records}
    group by offence, kind.outcome order by offence, kind.outcome
"""
SOURCES = {
    "outcomes of crimes 2018/19, by offence subgroup": {
        "file": "homeoffice-outcomes-2018-19/outcomes-open-data-2018-19.csv.gz",
        "place": "force_name", "offence": "offence_subgroup", "outcome": "outcome_group",
        "number": "force_outcomes_for_offences_recorded_in_quarter",
        "territorial": "not regexp_matches(force_name, 'Transport|Action Fraud|CIFAS|UK Finance')",
    },
    "outcomes of crimes 2024/25, by offence group": {
        "file": "homeoffice-outcomes-2024-25/outcomes_2024_25.parquet",
        "place": "Force", "offence": '"Offence Group"', "outcome": '"Outcome Group"', "number": "n",
        "territorial": "territorial",
    },
}  # fmt: skip
FACTORS = "dfe-children-in-need/c3_factors_identified_at_end_of_assessment_2018_to_2025.csv"
ASSESSED = "Episodes_with_assessment_factor"


def shapes(_: int) -> None:
    if not REFERENCE.is_dir():
        sys.exit("The reference data are not here: set ASSAY_REFERENCE to the folder that holds them.")
    print("Two models of how the true shares of places lie, each with a mean and a spread, fitted to published counts")
    print("by maximum likelihood: a beta, and one that is normal on the logit scale. Above 0 the beta makes the counts")
    print("likelier. With exceptions: a place may be none of the population, with the chance that `comparison` has")
    print(f"({OUTLIER_PRIOR:g}), and any share of it as likely.")
    sources = {name: outcomes(columns_by_role) for name, columns_by_role in SOURCES.items()}
    rows = []
    for name, measures in (sources | {"children in need, factors found by assessment, 2025": factors()}).items():
        gained = np.array(
            [[beta_gains(*counts, outlier_prior) for outlier_prior in (0.0, OUTLIER_PRIOR)] for counts in measures]
        )
        gains = [f"{total:+.0f} ({better} of {len(gained)})"
                for total, better in zip(gained.sum(axis=0), (gained > 0).sum(axis=0), strict=True)]  # fmt: skip
        rows.append([name, f"{len(gained)}", *gains])
    head = "sum of the logs of likelihood ratios (the beta better in)"
    table(["published shares", "measures", head, "the same with exceptions"], rows)


def outcomes(columns_by_role: dict[str, str]) -> Iterator[Counts]:
    """Yield for each offence and outcome: crimes of each force with the outcome, and all its crimes."""
    query = OUTCOMES.format(**columns_by_role | {"file": REFERENCE / columns_by_role["file"]}, records=ENOUGH_RECORDS)
    for counts, bases in duckdb.sql(query).fetchall():
        yield from enough(np.array(counts, float), np.array(bases, float))


def factors() -> Iterator[Counts]:
    """Yield for each factor at assessment: assessments of each authority with the factor, and all its assessments."""
    query = f"from read_csv('{REFERENCE / FACTORS}', all_varchar = true) where time_period = '2025'"
    found = duckdb.sql(f"{query} and geographic_level = 'Local authority'")
    first = found.columns.index(ASSESSED)
    rows = found.project(", ".join(f'try_cast("{name}" as double)' for name in found.columns[first:])).fetchnumpy()
    assessed, *columns_read = (np.ma.filled(column, np.nan) for column in rows.values())
    for counts in columns_read:
        known = (counts >= 0) & (counts <= assessed) & (assessed >= ENOUGH_RECORDS)
        yield from enough(counts[known], assessed[known])


def enough(counts: np.ndarray, bases: np.ndarray) -> Iterator[Counts]:
    """Yield the counts and bases of a measure if it has enough places and enough records of both answers."""
    if len(bases) >= ENOUGH_PLACES and min(counts.sum(), (bases - counts).sum()) >= ENOUGH_OF_BOTH:
        yield counts, bases


def beta_gains(counts: np.ndarray, bases: np.ndarray, outlier_prior: float) -> float:
    """Return the log likelihood of the best beta distribution less that of the best logit-normal one.

    `outlier_prior`: prior probability that a place is an outlier, with every share equally likely.
    """
    any_share = special.betaln(counts + 1, bases - counts + 1)
    logits = special.logit((counts + 0.5) / (bases + 1))
    nodes = _nodes(logits, (bases / (counts + 0.5) / (bases - counts + 0.5)).min())
    log_seen = -counts[:, None] * np.logaddexp(0, -nodes) - (bases - counts)[:, None] * np.logaddexp(0, nodes)
    highest = log_seen.max(axis=1)
    seen = np.exp(log_seen - highest[:, None])

    def whole(columns_read: np.ndarray) -> float:
        return float(
            np.logaddexp(np.log1p(-outlier_prior) + columns_read, np.log(max(outlier_prior, 1e-300)) + any_share).sum()
        )

    def normal(point: np.ndarray) -> float:
        density = np.exp(-(((nodes - point[0]) / np.exp(point[1])) ** 2) / 2)
        return -whole(np.log(np.maximum(seen @ (density / density.sum()), 1e-300)) + highest)

    def beta(point: np.ndarray) -> float:
        first, second = np.exp(point[1]) * special.expit([point[0], -point[0]])
        return -whole(special.betaln(counts + first, bases - counts + second) - special.betaln(first, second))

    middle, spread = logits.mean(), max(logits.std(), 0.05)
    log_size = np.log(max(2.0, spread**-2 / special.expit(middle) / special.expit(-middle)))
    return _lowest(normal, [middle, np.log(spread)]) - _lowest(beta, [middle, log_size])


def _nodes(logits: np.ndarray, narrowest: float) -> np.ndarray:
    """Points of the logit scale, half a standard deviation of the best measured place apart."""
    low, high = min(logits.min() - 3, -3), max(logits.max() + 3, 3)
    return np.linspace(low, high, int(np.clip(2 * (high - low) / np.sqrt(narrowest), 400, 6000)))


def _lowest(objective, start: list[float]) -> float:
    return float(optimize.minimize(objective, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-4}).fun)
