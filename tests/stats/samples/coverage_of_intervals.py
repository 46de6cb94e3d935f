"""Exact coverage of intervals, summed over every possible sample; nothing is simulated."""

from collections.abc import Callable

import numpy as np

from assay.stats.samples.finite_population import count_probabilities

Interval = Callable[[int], tuple[float, float]]


def covered(interval: Interval, sample_size: int, shares, population: int | None = None):
    """The chance that the interval of a simple random sample holds each share, or whole number in a population."""
    ends = np.array([interval(count) for count in range(sample_size + 1)])
    truth = np.asarray(shares, dtype=float)
    population_size = 1 if population is None else population
    holds = (ends[:, :1] <= truth / population_size + 1e-12) & (truth / population_size - 1e-12 <= ends[:, 1:])
    return (count_probabilities(sample_size, population, truth) * holds).sum(axis=0)
