"""Write the estimate, rank and leave-one-out predictive of each force to its row of the comparison tables."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from assay.stats.posterior_summary import PosteriorSummary

Item = TypeVar("Item")
Result = TypeVar("Result")
NO_ALERT: dict[str, Any] = {"outlier_alert": False, "direction": ""}


def write_estimates(
    rows: Sequence[dict[str, Any]], estimates: PosteriorSummary, figure: str, *, times: float = 1.0
) -> None:
    """Write the estimate, rank and leave-one-out predictive of each force, with intervals, on the compared rows.

    Parameters
    ----------
    rows
        The compared rows, in the order of the units of the posterior.
    estimates
        Posterior summary.
    figure
        Name of the figure in column names, for example "share".
    times
        Factor from the unit of estimation to the unit that is shown (1,000 for rates per 1,000 children).
    """
    for i, row in enumerate(rows):
        for name, values in estimates.columns.items():
            scale = 1 if name.startswith(("rank", "p_")) else times
            row[name.replace("figure", figure)] = values[i] * scale
        row |= NO_ALERT


def map_on_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Apply a function to each item on a pool of threads, one per core, and return the results in order."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(work, items))
