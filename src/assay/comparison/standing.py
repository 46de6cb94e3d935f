"""Where does each force stand beside the others: drawn-in figure, rank, prediction, and the spread between
forces?
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assay.estimation.intervals import naive_funnel_z, naive_funnel_z_of_rates
from assay.estimation.posterior import Posterior
from assay.estimation.ranks import ranks

TOO_FEW = "Not comparable: too few forces have figures that can be compared."
EMPTY_STANDING: dict[str, Any] = {"unusual": False, "direction": ""}


def write_standing(rows: Sequence[dict[str, Any]], posterior: Posterior, figure: str, *, times: float = 1.0) -> None:
    """Write the figure with its interval, the rank with its interval, and the prediction from the others, on
    each row.

    `rows` are those compared, in the order of the posterior's units; `times` turns the unit of estimation
    into the unit that is shown (1,000 for rates per 1,000 children).
    """
    means, (lows, highs) = posterior.mean(), posterior.interval()
    places, predicted = ranks(posterior), posterior.predictive()
    for i, row in enumerate(rows):
        row |= {
            figure: times * means[i], f"{figure}_low": times * lows[i], f"{figure}_high": times * highs[i],
            "rank": int(places.middle[i]), "rank_low": int(places.low[i]), "rank_high": int(places.high[i]),
            "expected": times * predicted.expected[i], "expected_low": times * predicted.low[i],
            "expected_high": times * predicted.high[i], "p_value": float(predicted.p_value[i]),
            **EMPTY_STANDING,
        }  # fmt: skip


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
