"""Watch list: for each failing, forces in the order of the posterior probability that they are worse by a margin.

An outlier alert says that a force is worse than others, and must be right in public. The watch list says where to look
first, so it also orders forces that no alert names, on small bases too. It is for inspectors inside only: it is made
from exact counts, passes no disclosure control, and no table of a release holds it.

A failing is a failure mode that the inquiry of 2022 described, with all its measures, or one standard in law. Each
measure is compared with the leave-one-out expectation from the other forces; a standard also with 50%, below which most
records break it. The probability is that of the hierarchical posterior of the measure (`stats/share_posteriors.py`):
the more alike the other forces are, the more it shrinks a force towards them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

import numpy as np
import pyarrow as pa

from assay.compare.comparability import is_total
from assay.compare.comparison_tables import PROBABILITY_COLUMNS, as_table
from assay.engine.row_schemas import arrow_schema
from assay.indicators import Indicator
from assay.sdc.alert_suppression import TOO_FEW_FORCES_TEXT
from assay.stats.hierarchical_posterior import Posterior
from assay.stats.posterior_grid import Floats

ODDS_MARGIN = 1.5
"""A force is beyond the margin if the odds of its share are worse than the expected odds by this factor: where the
other forces have 50%, below 40%; where they have 90%, below 86%. A margin in points would be out of reach of rare
events."""
STANDARD_SHARE = 0.5
"""A standard asks for every record. Below this share it is broken more often than kept (`floor` of the grade rules)."""
OTHER_FORCES, STANDARD = "other forces", "standard"
ALMOST_CERTAIN, PROBABLE, LOOK_FIRST = 0.95, 0.5, 0.2
"""Probabilities from which a force is almost certainly or probably beyond the margin, or is to be looked at first."""
ORDER_DECIMALS = 6
POLICE, FORCE_RECORD = "police", "force"
LOWER, HIGHER = "lower", "higher"
Row = Mapping[str, Any]
"""A row of `force_estimates` with the columns `PROBABILITY_COLUMNS`."""


class WatchRow(TypedDict):
    """A row of the watch list: one failing, force, measure and comparison.

    `rank` is that of the force, on all its rows. `beyond` is the share at the margin, and `side` the side of it that is
    worse. A force that is not compared has a reason in `not_compared`, and no probability.
    """

    failing: str
    place_code: str
    rank: int | None
    probability: float | None
    measure: str
    comparator: str
    side: str
    share: float | None
    base: int | None
    expected: float | None
    beyond: float | None
    not_compared: str


class ForceWatchRow(WatchRow):
    """An entry of the watch list of one force, with its rank by failing."""

    ranks: dict[str, int | None]


WATCH_LIST = arrow_schema(WatchRow)


def probability_columns(posterior: Posterior, expected: Sequence[float]) -> dict[str, list[float]]:
    """Return the posterior probability that each unit is below or above the margin, or below a fixed standard."""
    shares = np.asarray(expected, dtype=float)
    values = (
        posterior.probability_below(margin_threshold(shares, LOWER)),
        1 - posterior.probability_below(margin_threshold(shares, HIGHER)),
        posterior.probability_below(np.full_like(shares, STANDARD_SHARE)),
    )
    return {name: column.tolist() for name, column in zip(PROBABILITY_COLUMNS, values, strict=True)}


def margin_threshold(expected: Floats | float, side: str) -> Floats:
    """Return the share whose odds differ from those of the expected share by the factor `ODDS_MARGIN`, on one side."""
    factor = 1 / ODDS_MARGIN if side == LOWER else ODDS_MARGIN
    shares = np.asarray(expected, dtype=float)
    return np.asarray(shares * factor / (1 - shares + shares * factor))


def watch_list(
    estimates: Iterable[Row], indicators: Sequence[Indicator], measures_by_mode: Mapping[str, Mapping[str, str]]
) -> pa.Table:
    """Return the watch list: for each failing, the probability that a force is worse by a margin.

    Parameters
    ----------
    estimates
        Rows of `force_estimates` with `PROBABILITY_COLUMNS`, also of small bases.
    measures_by_mode
        By failure mode, its measures with the side on which a force with that failure would lie.
    """
    by_measure: dict[str, list[Row]] = {}
    for row in estimates:
        if not is_total(row["place_code"]):
            by_measure.setdefault(row["indicator"], []).append(row)
    result: list[WatchRow] = []
    for mode, sides in measures_by_mode.items():
        mode_rows = [
            _comparison_row(mode, row, side) for measure, side in sides.items() for row in by_measure.get(measure, ())
        ]
        result += _in_order(mode_rows)
    for indicator in indicators:
        if has_police_standard(indicator):
            rows = by_measure.get(indicator.key, ())
            standard_rows = [_standard_row(row) for row in rows]
            result += _in_order([*standard_rows, *(_comparison_row(indicator.key, row, LOWER) for row in rows)])
    return as_table(result, WATCH_LIST)


def has_police_standard(indicator: Indicator) -> bool:
    """Return True if the indicator is a duty of the police with a standard in law, counted from records."""
    is_duty = indicator.graded and indicator.holder == POLICE and indicator.better == HIGHER
    return is_duty and indicator.record != FORCE_RECORD


def _comparison_row(failing: str, row: Row, side: str) -> WatchRow:
    """Return the row against the leave-one-out expectation from the other forces."""
    probability = row.get(f"p_beyond_{side}")
    if probability is None:
        return _uncompared_row(failing, row, OTHER_FORCES, side)
    beyond = float(margin_threshold(row["expected"], side))
    compared = _uncompared_row(failing, row, OTHER_FORCES, side)
    compared |= {"probability": probability, "expected": row["expected"], "beyond": beyond, "not_compared": ""}
    return compared


def _standard_row(row: Row) -> WatchRow:
    """Return the row against the standard."""
    probability = row.get("p_below_standard")
    if probability is None:
        return _uncompared_row(row["indicator"], row, STANDARD, LOWER)
    compared = _uncompared_row(row["indicator"], row, STANDARD, LOWER)
    compared |= {"probability": probability, "expected": 1.0, "beyond": STANDARD_SHARE, "not_compared": ""}
    return compared


def _uncompared_row(failing: str, row: Row, comparator: str, side: str) -> WatchRow:
    """Return the row of a force that is not compared; `_in_order` writes its rank."""
    met, base = row.get("met"), row.get("base")
    return {
        "failing": failing,
        "place_code": row["place_code"],
        "rank": None,
        "probability": None,
        "measure": row["indicator"],
        "comparator": comparator,
        "side": side,
        "share": met / base if base and met is not None else None,
        "base": base,
        "expected": None,
        "beyond": None,
        "not_compared": row.get("not_comparable") or TOO_FEW_FORCES_TEXT,
    }


def _in_order(rows: Sequence[WatchRow]) -> list[WatchRow]:
    """Return the rows with the rank of each force, the first rank first, and within a force the leading row first.

    A force is placed by its most probable row among those worth a look, else by its most probable row: a wide posterior
    of one measure does not hide another measure that is worse. The probability that the force is beyond the margin on
    at least one measure is no lower than that, whether or not the measures are related. Ties go to the next row. A
    force that is compared on no measure has no rank and is last.
    """
    by_place: dict[str, list[WatchRow]] = {}
    for row in rows:
        by_place.setdefault(row["place_code"], []).append(row)
    for place_rows in by_place.values():
        place_rows.sort(key=_look_order)
    places = sorted(by_place, key=lambda place: ([_look_order(row) for row in by_place[place]], place))
    ranked = [place for place in places if any(row["probability"] is not None for row in by_place[place])]
    ranks = {place: rank for rank, place in enumerate(ranked, start=1)}
    return [row | {"rank": ranks.get(place)} for place in places for row in by_place[place]]


def _look_order(row: WatchRow) -> tuple[bool, float]:
    """Return the sort key of a row: those worth a look first, then by falling probability; not compared is last."""
    probability = row["probability"]
    # Rounded, so that the error of the numerical integration does not decide the order.
    return not is_worth_a_look(row), 1.0 if probability is None else -round(probability, ORDER_DECIMALS)


def leading_rows(rows: Iterable[WatchRow]) -> list[WatchRow]:
    """Return, for each failing and force, the row of the watch list with the most probable concern."""
    found: dict[tuple[str, str], WatchRow] = {}
    for row in rows:
        key = row["failing"], row["place_code"]
        found[key] = min(found.get(key, row), row, key=_look_order)
    return list(found.values())


def force_watch_rows(rows: Iterable[WatchRow], place: str) -> list[ForceWatchRow]:
    """Return the failings for which a force is on the watch list, the most probable first.

    Failings that rest on the same measure, comparator and side are one entry; `ranks` holds its rank by failing.
    """
    found = [row for row in leading_rows(row for row in rows if row["place_code"] == place) if is_worth_a_look(row)]
    found.sort(key=lambda row: -(row["probability"] or 0))
    entries: dict[tuple[str, str, str], ForceWatchRow] = {}
    for row in found:
        entry = entries.setdefault((row["measure"], row["comparator"], row["side"]), {**row, "ranks": {}})
        entry["ranks"][row["failing"]] = row["rank"]
    return list(entries.values())


def is_worth_a_look(row: WatchRow) -> bool:
    """Return True if the probability reaches `LOOK_FIRST` and the force's share is worse than expected.

    Compared with a standard, the own share must be below `STANDARD_SHARE`. On few records a wide posterior alone can
    reach the probability, with a share that is no worse.
    """
    if row["probability"] is None or row["probability"] < LOOK_FIRST:
        return False
    limit = row["beyond"] if row["comparator"] == STANDARD else row["expected"]
    if row["share"] is None or limit is None:
        return False
    return row["share"] < limit if row["side"] == LOWER else row["share"] > limit


def watch_words(probability: float | None) -> str:
    """Return the words for a probability on the watch list; '' below `LOOK_FIRST` or without a comparison."""
    words = ((ALMOST_CERTAIN, "almost certainly"), (PROBABLE, "probably"), (LOOK_FIRST, "look first"))
    return next((word for limit, word in words if probability is not None and probability >= limit), "")
