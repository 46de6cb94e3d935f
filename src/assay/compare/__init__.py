"""Compare forces: shrunken estimates, ranks with intervals, and outlier alerts with a controlled false discovery rate.

    shares, spread = compare_shares(rows)                shares of offences with an outcome, force by force
    rates, rates_spread = compare_rates(rows)            offences recorded for each 1,000 resident children
    control_false_discovery_rate([shares, rates])        q-values and outlier alerts over everything compared
    standardise(outcomes)                                indirect standardisation for the mix of offences
    similar_forces(features), load_similar_forces(path)  most similar forces
    funnel_table(shares, spread)                         limits of a funnel plot

For records that forces sent: `indicator_comparison.compare_indicators` compares the forces on every indicator at once,
and `indicator_findings.findings` writes a finding for each indicator and place.
"""

from assay.compare.case_mix import CodeOutcomes, standardise
from assay.compare.comparability import PENDING_LIMIT
from assay.compare.funnel_plot import funnel_table
from assay.compare.most_similar_forces import ForceFeatures, load_similar_forces, similar_forces
from assay.compare.outlier_alerts import FALSE_DISCOVERY, control_false_discovery_rate, count_outliers
from assay.compare.rate_comparison import compare_rates
from assay.compare.share_comparison import compare_shares

__all__ = [
    "FALSE_DISCOVERY",
    "PENDING_LIMIT",
    "CodeOutcomes",
    "ForceFeatures",
    "compare_rates",
    "compare_shares",
    "control_false_discovery_rate",
    "count_outliers",
    "funnel_table",
    "load_similar_forces",
    "similar_forces",
    "standardise",
]
