"""Many-facet Rasch model: severity and drift of each rater.

A many-facet Rasch model (Linacre, Many-Facet Rasch Measurement, 1989) of ordered answers: the log odds of an answer
against the one below are the true level of the file, plus the easiness of the question, less the rater's severity, less
the rater's drift times the time, less the step. The levels of files are normal and integrated out, so that files rated
once count too if they were assigned at random. Severities and drifts are normal with standard deviations estimated
from the data, so the estimates of raters with few files are shrunken. Fitted by penalised marginal likelihood;
intervals from its curvature.

Severity and drift are relative to the mean of these raters: their common severity cannot be estimated. Only files rated
by several raters separate severity from chance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy import special

from assay.stats.interval_estimates import IntervalEstimate, missing_estimate
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import EstimationRefused

QUADRATURE_NODES = 15
WEAK_PRIOR_SD = 5.0
"""Standard deviation of the weak prior on questions and steps, in log odds."""
USUAL_SPREAD, PRIOR_RATERS = 1.0, 3
"""Prior on the variation between raters, worth 3 raters of standard deviation 1: without it, a few raters would too
easily be estimated as identical."""
ROUNDS, CONVERGENCE_TOLERANCE = 12, 0.02
STEP = 1e-4


@dataclass(frozen=True)
class FacetRating:
    """A rating: unit (a file, or one question of it), rater, position of the answer, question, and time."""

    unit: int
    rater: int
    answer: int
    question: int = 0
    time: float = 0.0


@dataclass(frozen=True)
class RaterEstimate:
    """Severity and drift of a rater in log odds (drift per unit of time); above 0 is severe, or becoming so.

    `share`: difference of the rater's mean answer (0 lowest, 1 highest) from that of an average rater on the same
    files.
    """

    severity: IntervalEstimate
    drift: IntervalEstimate
    share: float
    ratings: int


@dataclass(frozen=True)
class FacetEstimates:
    """Estimates of the raters, in order, and the standard deviation of the true levels of files, in log odds."""

    raters: list[RaterEstimate]
    file_sd: float


def estimate_facets(ratings: Sequence[FacetRating], level: float = 0.95) -> FacetEstimates:
    """Estimate the severity and drift of each rater.

    EstimationRefused if all ratings are the same answer, there are fewer than two raters, or no unit has two raters.
    """
    model = _build_model(ratings)
    spreads = np.full(2, USUAL_SPREAD)
    parameters, covariance = model.start, np.eye(0)
    for _ in range(ROUNDS):
        parameters = model.maximise(parameters, spreads)
        covariance = model.inverse_curvature(parameters, spreads)
        new_spreads = np.sqrt(model.mean_squares(parameters, covariance))
        converged = (np.abs(new_spreads / spreads - 1) < CONVERGENCE_TOLERANCE).all()
        spreads = new_spreads
        if converged:
            break
    return _facet_estimates(model, parameters, covariance, level)


@dataclass(frozen=True)
class _FacetModel:
    """Ratings as columns, with the penalised likelihood.

    The parameter vector is: severities of raters, their drifts, questions except the first, steps, log standard
    deviation of files. Time is scaled to -1 to 1.
    """

    unit: NDArray[np.int64]
    rater: NDArray[np.int64]
    question: NDArray[np.int64]
    time: Floats
    answer: NDArray[np.int64]
    timespan: float
    answer_count: int
    nodes: Floats = field(default_factory=lambda: np.polynomial.hermite_e.hermegauss(QUADRATURE_NODES)[0])
    weights: Floats = field(default_factory=lambda: np.polynomial.hermite_e.hermegauss(QUADRATURE_NODES)[1])

    @cached_property
    def rater_count(self) -> int:
        return int(self.rater.max()) + 1

    @cached_property
    def design(self) -> Floats:
        """Design matrix of the severities, drifts and questions; one row for each rating."""
        rows, questions = np.arange(len(self.rater)), int(self.question.max())
        columns = np.zeros((len(rows), 2 * self.rater_count + questions))
        columns[rows, self.rater] = -1.0
        columns[rows, self.rater_count + self.rater] = -self.time
        later = self.question > 0
        columns[rows[later], 2 * self.rater_count + self.question[later] - 1] = 1.0
        return columns

    @cached_property
    def unit_starts(self) -> NDArray[np.int64]:
        """First rating of each unit; ratings are sorted by unit."""
        return np.flatnonzero(np.diff(self.unit, prepend=-1))

    @property
    def start(self) -> Floats:
        return np.zeros(self.design.shape[1] + self.answer_count)

    def maximise(self, start: Floats, spreads: Floats) -> Floats:
        optimum = scipy.optimize.minimize(self.cost, start, args=(spreads,), jac=True, method="L-BFGS-B")
        return np.asarray(optimum.x)

    def inverse_curvature(self, parameters: Floats, spreads: Floats) -> Floats:
        """Return the inverse curvature (covariance) at the optimum, from central differences of the gradient."""
        directions = STEP * np.eye(len(parameters))
        rows = [
            self.cost(parameters + direction, spreads)[1] - self.cost(parameters - direction, spreads)[1]
            for direction in directions
        ]
        curvature = np.array(rows) / (2 * STEP)
        return np.asarray(np.linalg.inv((curvature + curvature.T) / 2))

    def mean_squares(self, parameters: Floats, covariance: Floats) -> Floats:
        """Return the mean square of severities and of drifts, with the prior raters added."""
        squares = (parameters**2 + np.diag(covariance))[: 2 * self.rater_count].reshape(2, -1).sum(axis=1)
        return np.asarray((squares + PRIOR_RATERS * USUAL_SPREAD**2) / (self.rater_count + PRIOR_RATERS))

    def cost(self, parameters: Floats, spreads: Floats) -> tuple[float, Floats]:
        """Return the negative penalised log likelihood and its gradient."""
        width = self.design.shape[1]
        coefficients, steps, spread = parameters[:width], parameters[width:-1], float(np.exp(parameters[-1]))
        probabilities = self._answer_probabilities((self.design @ coefficients)[:, None] + spread * self.nodes, steps)
        log_likelihood = np.log(np.take_along_axis(probabilities, self.answer[:, None, None], axis=2)[:, :, 0])
        unit_log_likelihood = np.add.reduceat(log_likelihood, self.unit_starts, axis=0) + np.log(
            self.weights / self.weights.sum()
        )
        unit_marginal = special.logsumexp(unit_log_likelihood, axis=1)
        node_weights = np.exp(unit_log_likelihood - unit_marginal[:, None])[self.unit]
        expected = probabilities @ np.arange(self.answer_count)
        residuals = node_weights * (self.answer[:, None] - expected)
        at_least = probabilities[:, :, ::-1].cumsum(axis=2)[:, :, ::-1][:, :, 1:]
        reached = self.answer[:, None] >= np.arange(1, self.answer_count)
        step_slope = -(reached.sum(axis=0) - np.einsum("om,omk->k", node_weights, at_least))
        slope = np.concatenate(
            [self.design.T @ residuals.sum(axis=1), step_slope, [spread * (residuals @ self.nodes).sum()]]
        )
        precision = self._prior_precision(spreads)
        return float(precision @ parameters**2 / 2 - unit_marginal.sum()), precision * parameters - slope

    def _prior_precision(self, spreads: Floats) -> Floats:
        weak = np.full(len(self.start) - 2 * self.rater_count, WEAK_PRIOR_SD**-2)
        weak[-1] = 1.0
        return np.concatenate([np.repeat(spreads**-2.0, self.rater_count), weak])

    def _answer_probabilities(self, linear_predictor: Floats, steps: Floats) -> Floats:
        """Return the probability of each answer (last axis)."""
        step_sums = np.concatenate([[0.0], steps.cumsum()])
        power = linear_predictor[..., None] * np.arange(self.answer_count) - step_sums
        weights = np.exp(power - power.max(axis=-1, keepdims=True))
        return np.asarray(weights / weights.sum(axis=-1, keepdims=True))

    def mean_answer(self, parameters: Floats, severity: float) -> float:
        """Return the mean answer (0 to 1) of a rater of this severity at the mean time, over all questions."""
        width = self.design.shape[1]
        ease = np.concatenate([[0.0], parameters[2 * self.rater_count : width]])[np.unique(self.question)]
        linear_predictor = ease[:, None] - severity + float(np.exp(parameters[-1])) * self.nodes
        mean = (
            self._answer_probabilities(linear_predictor, parameters[width:-1])
            @ np.arange(self.answer_count)
            / (self.answer_count - 1)
        )
        return float((mean @ self.weights).mean() / self.weights.sum())


def _build_model(ratings: Sequence[FacetRating]) -> _FacetModel:
    if not ratings:
        raise EstimationRefused("There are no marks.")
    ratings = sorted(ratings, key=lambda rating: rating.unit)
    answer = np.array([rating.answer for rating in ratings], dtype=np.int64)
    if len(set(answer.tolist())) < 2 or answer.min() < 0:
        raise EstimationRefused("Every mark is the same answer: who is severe cannot be told.")
    if max(rating.rater for rating in ratings) < 1:
        raise EstimationRefused("One marker alone cannot be told to be severe or mild.")
    raters_by_unit: dict[int, set[int]] = {}
    for rating in ratings:
        raters_by_unit.setdefault(rating.unit, set()).add(rating.rater)
    if all(len(raters) < 2 for raters in raters_by_unit.values()):
        raise EstimationRefused("No file was marked by two markers: severity cannot be told from luck.")
    unit = np.unique([rating.unit for rating in ratings], return_inverse=True)[1]
    time = np.array([rating.time for rating in ratings], dtype=float)
    half = (time.max() - time.min()) / 2
    centred = (time - (time.max() + time.min()) / 2) / half if half > 0 else np.zeros(len(time))
    rater = np.array([rating.rater for rating in ratings], dtype=np.int64)
    question = np.array([rating.question for rating in ratings], dtype=np.int64)
    return _FacetModel(unit, rater, question, centred, answer, float(half), int(answer.max()) + 1)


def _facet_estimates(model: _FacetModel, parameters: Floats, covariance: Floats, level: float) -> FacetEstimates:
    severity, drift = (
        _deviations_from_mean(parameters, covariance, position, model.rater_count, level)
        for position in (0, model.rater_count)
    )
    middle = float(parameters[: model.rater_count].mean())
    average = model.mean_answer(parameters, middle)
    no_drift = missing_estimate("All marks are of one time: drift cannot be told.")
    raters = [
        RaterEstimate(
            severity[number],
            _scale_estimate(drift[number], 1 / model.timespan) if model.timespan > 0 else no_drift,
            model.mean_answer(parameters, float(parameters[number])) - average,
            int((model.rater == number).sum()),
        )
        for number in range(model.rater_count)
    ]
    return FacetEstimates(raters, float(np.exp(parameters[-1])))


def _deviations_from_mean(
    parameters: Floats, covariance: Floats, first: int, count: int, level: float
) -> list[IntervalEstimate]:
    """Return each of `count` parameters less their mean, with its interval."""
    centring = np.eye(count) - 1 / count
    block = slice(first, first + count)
    values = centring @ parameters[block]
    half_widths = float(special.ndtri((1 + level) / 2)) * np.sqrt(
        np.diag(centring @ covariance[block, block] @ centring)
    )
    ends = zip(values.tolist(), half_widths.tolist(), strict=True)
    return [IntervalEstimate(value, value - half_width, value + half_width) for value, half_width in ends]


def _scale_estimate(answer: IntervalEstimate, factor: float) -> IntervalEstimate:
    value, low, high = (factor * (number or 0.0) for number in (answer.value, answer.low, answer.high))
    return IntervalEstimate(value, low, high)
