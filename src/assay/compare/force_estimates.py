"""Writing the estimate, the rank and the prediction of each force on the rows that were compared."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from assay.stats.posterior_summary import Standing

Item = TypeVar("Item")
Made = TypeVar("Made")
TOO_FEW = "Not comparable: too few forces have figures that can be compared."
EMPTY_STANDING: dict[str, Any] = {"unusual": False, "direction": ""}


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
