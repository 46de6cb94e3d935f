"""Log rising factorial and log beta function, accurate for very large arguments."""

import numpy as np

from assay.stats.posterior_grid import Floats

STIRLING_START = 8
"""Smallest argument for which Stirling's series, with the terms below, is exact to eleven decimals."""
STIRLING_TERMS = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680)
"""The terms of Stirling's series for log gamma, by odd powers of 1/x (NIST Digital Library of Mathematical Functions,
5.11.1)."""


def log_rising_factorial(start: Floats, count: Floats) -> Floats:
    """Return log[ start (start + 1) ... (start + count - 1) ] - count log(start), for start > 0 and count >= 0.

    `start` is a number or a row, `count` a number or a column; the result has one row for each count and one column for
    each start. For fixed `count` and large `start` the value tends to 0, where the difference of two log-gamma values
    would be rounding noise.
    """
    row, column = np.atleast_1d(np.asarray(start, float)), np.asarray(count, float)
    small = row < STIRLING_START
    if not small.any():
        values = _stirling_series(row, column)
    else:
        values = np.empty(np.broadcast_shapes(row.shape, column.shape))
        values[..., small] = _shifted_series(row[small], column)
        values[..., ~small] = _stirling_series(row[~small], column)
    return values if np.ndim(start) or np.ndim(count) else np.asarray(values[0])


def log_beta(first: Floats, second: Floats) -> Floats:
    """Return the log beta function of two arrays of one shape, to eleven decimals and much faster than `betaln`."""
    is_small = (first < STIRLING_START) | (second < STIRLING_START)
    low, high = np.asarray(first)[is_small], np.asarray(second)[is_small]
    values = _log_beta_series(
        np.where(is_small, first + STIRLING_START, first), np.where(is_small, second + STIRLING_START, second)
    )
    below, above = np.ones_like(low), np.ones_like(low)
    for step in range(STIRLING_START):
        below *= (low + step) / (low + high + 2 * step) * (high + step)
        above *= low + high + 2 * step + 1
    values[is_small] += np.log(above) - np.log(below)
    return np.asarray(values)


def _log_beta_series(first: Floats, second: Floats) -> Floats:
    with np.errstate(over="ignore"):
        logs = (first - 0.5) * np.log1p(second / first) + second * np.log1p(first / second) + 0.5 * np.log(second)
    return np.asarray(0.5 * np.log(2 * np.pi) - logs + _stirling(first) + _stirling(second) - _stirling(first + second))


def _stirling_series(start: Floats, count: Floats) -> Floats:
    total = start + count
    with np.errstate(divide="ignore", over="ignore"):
        found = (total - 0.5) * np.log1p(count / start)
    found -= count
    found += _stirling(total)
    found -= _stirling(start)
    return np.asarray(found)


def _shifted_series(start: Floats, count: Floats) -> Floats:
    """Return the value for a small start: the series a few steps higher, corrected by the factors in between."""
    found = _stirling_series(start + STIRLING_START, count) + count * (np.log(start + STIRLING_START) - np.log(start))
    total, passed, above = start + count, np.ones_like(start), np.ones(found.shape)
    for step in range(STIRLING_START):
        passed = passed * (start + step)
        above *= total + step
    return np.asarray(found + np.log(passed) - np.log(above))


def _stirling(x: Floats) -> Floats:
    inverse = 1 / x
    square = inverse * inverse
    found = STIRLING_TERMS[-1] * square
    for term in STIRLING_TERMS[-2:0:-1]:
        found += term
        found *= square
    found += STIRLING_TERMS[0]
    found *= inverse
    return np.asarray(found)
