"""Compare forces: shrunken estimates, ranks with intervals, and outlier alerts with a controlled false discovery rate.

    shares, spread = compare_shares(rows)                shares of offences with an outcome, force by force
    rates, rates_spread = compare_rates(rows)            offences recorded for each 1,000 resident children
    shares, rates = hold_false_discovery([shares, rates])   over everything compared, at once
    standardise(rows)                                    given the mix of offences
    similar_forces(features), load_similar(path)         which forces to look at beside this one
    funnel_table(shares, spread)                         the lines of a funnel chart

From records: `indicators.compare_indicators` sets the forces side by side on every indicator at once, and
`indicator_findings.findings` says what may be said of each.
"""

from assay.compare.case_mix import standardise
from assay.compare.comparability import PENDING_LIMIT
from assay.compare.funnel_plot import funnel_table
from assay.compare.most_similar_forces import load_similar_forces, similar_forces
from assay.compare.outlier_alerts import FALSE_DISCOVERY, control_false_discovery_rate, count_outliers
from assay.compare.rate_comparison import compare_rates
from assay.compare.share_comparison import compare_shares

__all__ = [
    "FALSE_DISCOVERY",
    "PENDING_LIMIT",
    "compare_rates",
    "compare_shares",
    "control_false_discovery_rate",
    "count_outliers",
    "funnel_table",
    "load_similar_forces",
    "similar_forces",
    "standardise",
]
