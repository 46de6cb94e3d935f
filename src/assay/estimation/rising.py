"""How large is a rising factorial, without losing digits when its start is enormous?"""

import numpy as np
from scipy import special

from assay.estimation.grid import Floats

LARGE = 30.0


def log_rising(start: Floats, count: Floats) -> Floats:
    """log[ start (start + 1) ... (start + count - 1) ] - count log(start), for start > 0 and count >= 0.

    As `start` grows with `count` held this goes to 0; the difference of two log-gammas would be noise there.
    """
    start, count = np.broadcast_arrays(np.asarray(start, float), np.asarray(count, float))
    total = start + count
    with np.errstate(divide="ignore", over="ignore"):
        found = np.asarray((total - 0.5) * np.log1p(count / start) - count + _stirling(total) - _stirling(start))
    small = start <= LARGE
    low, high = start[small], total[small]
    found[small] = special.gammaln(high) - special.gammaln(low) - count[small] * np.log(low)
    return found


def _stirling(x: Floats) -> Floats:
    inverse = 1 / x
    square = inverse * inverse
    return np.asarray(inverse * (1 / 12 - square * (1 / 360 - square / 1260)))
