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
    large = start > LARGE
    safe = np.where(large, LARGE, start)
    small = special.gammaln(safe + count) - special.gammaln(safe) - count * np.log(safe)
    wide = np.where(large, start, LARGE)
    total = wide + count
    series = _stirling(total) - _stirling(wide)
    return np.where(large, (total - 0.5) * np.log1p(count / wide) - count + series, small)


def _stirling(x: Floats) -> Floats:
    return np.asarray(1 / (12 * x) - 1 / (360 * x**3) + 1 / (1260 * x**5))
