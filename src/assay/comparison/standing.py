"""Where does each force stand beside the others: drawn-in figure, rank, prediction, and the spread between
forces?
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from assay.estimation.grid import Floats
from assay.estimation.intervals import naive_funnel_z, naive_funnel_z_of_rates
from assay.estimation.posterior import Posterior
from assay.estimation.ranks import ranks

Item = TypeVar("Item")
Made = TypeVar("Made")
SET_APART_BELOW = 0.005
"""Whoever lies out further than so rare a force would is set apart: the others are not measured by it."""
TOO_FEW = "Not comparable: too few forces have figures that can be compared."
EMPTY_STANDING: dict[str, Any] = {"unusual": False, "direction": ""}


@dataclass(frozen=True)
class Standing:
    """What is kept of a posterior: one value a force of its figure, its rank and what the others lead one to expect,
    each with its interval; and the mean and the spread of all."""

    columns: Mapping[str, Sequence[Any]]
    overall: float
    between: float


def standing_of(posterior: Posterior, also_at: tuple[Floats, Floats] | None = None) -> Standing:
    """Where each of the posterior's units stands, in the unit of estimation; `p_of_few`: had it each of these counts
    and sizes instead (last axis: units), its p-values.
    """
    (low, high), places, predicted = posterior.interval(), ranks(posterior), posterior.predictive()
    columns = {
        "figure": posterior.mean(), "figure_low": low, "figure_high": high,
        "rank": places.middle, "rank_low": places.low, "rank_high": places.high,
        "expected": predicted.expected, "expected_low": predicted.low, "expected_high": predicted.high,
        "p_value": predicted.p_value,
    }  # fmt: skip
    told = {name: values.tolist() for name, values in columns.items()}
    if also_at is not None:
        told["p_of_few"] = posterior.p_values_at(*also_at).T.tolist()
    return Standing(told, posterior.overall.mean, posterior.between_unit_sd.mean)


def write_standing(rows: Sequence[dict[str, Any]], found: Standing, figure: str, *, times: float = 1.0) -> None:
    """Write on each row its figure, its rank and the prediction from the others, with their intervals.

    `rows` are those compared, in the order of the posterior's units; `times` turns the unit of estimation
    into the unit that is shown (1,000 for rates per 1,000 children).
    """
    for i, row in enumerate(rows):
        for name, values in found.columns.items():
            scale = 1 if name.startswith(("rank", "p_")) else times
            row[name.replace("figure", figure)] = values[i] * scale
        row |= EMPTY_STANDING


def side_by_side(work: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
    """What is made of each item, in their order, on all cores: most of it is arithmetic on arrays, and meanwhile other
    threads run."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))


def naive_funnel(rows: Sequence[Mapping[str, Any]], count: str, size: str, *, of_rates: bool) -> dict[str, Any]:
    """What a funnel that supposes one value for all forces would say of the same figures.

    It looks at every territorial force that has figures, since such a funnel knows no reason to leave any
    out.
    """
    if not rows:
        return {"naive_forces": 0}
    counts, sizes = (np.array([row[column] for row in rows], dtype=float) for column in (count, size))
    if counts.sum() <= 0 or (not of_rates and counts.sum() >= sizes.sum()):
        return {"naive_forces": len(rows)}
    z = (naive_funnel_z_of_rates if of_rates else naive_funnel_z)(counts, sizes)
    return {
        "naive_forces": len(rows),
        "naive_outside_3_sigma": int((np.abs(z) > 3).sum()),
        "naive_outside_2_sigma": int((np.abs(z) > 2).sum()),
        "mean_z_squared": float((z**2).mean()),
    }
