"""Thresholds of outlier alerts: the largest q-values and p-values at which a force is identified as an outlier."""

FALSE_DISCOVERY = 0.05
"""The false discovery rate to be controlled."""
Q_THRESHOLD = 0.02
"""Q-value threshold of an outlier alert if single measures only are tested. It is below 5% because very small p-values
are not well calibrated (decisions 0147 and 0150)."""
MEASURE_Q_THRESHOLD, FAILURE_MODE_Q_THRESHOLD = 0.005, 0.03
"""Q-value thresholds of a single measure and of a failure mode, if failure modes are tested as well (decision 0153)."""
MAX_PERSISTING_P_VALUE = 0.05
"""An alert persists while its p-value is at most this."""
