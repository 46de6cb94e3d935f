"""How severe is each marker, and does that change as the marking goes on?

A many-facet Rasch model (Linacre, Many-Facet Rasch Measurement, 1989) with answers in order: the log odds of one answer
over the one below it are what the file deserves, plus how easy the question is, less the marker's severity, less the
marker's drift times the time, less the step. What files deserve is a normal distribution that is integrated over, so
that files marked once count too if they were given out at random; severities and drifts are normal as well, with
spreads that the data choose, so a marker with few files is drawn towards the others. Fitted by penalised marginal
likelihood; intervals from its curvature.

Severity and drift are told against the mean of these markers: how severe all of them are together no mark can say. Only
files marked by several markers tell severity from luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from assay.stats.interval_estimates import Answer, unanswered
from assay.stats.posterior_grid import Floats
from assay.stats.refusals import Refused

NODES = 15
WEAK = 5.0
"""Standard deviation of what is believed of questions and steps beforehand: next to nothing, on log odds."""
USUAL_SPREAD, ADDED_MARKERS = 1.0, 3
"""So many markers of this spread are believed in beforehand: else few would too easily be taken as all alike."""
ROUNDS, SETTLED = 12, 0.02
STEP = 1e-4


@dataclass(frozen=True)
class Given:
    """One mark: the unit (a file, or one question of it), who marked, the answer's place, the question, when."""

    unit: int
    marker: int
    answer: int
    question: int = 0
    time: float = 0.0


@dataclass(frozen=True)
class Marker:
    """`severity` and `drift` (a unit of time) in log odds: above 0 is severe, or growing so. `share`: by how much the
    marker's mean answer, from 0 for the lowest to 1 for the highest, lies off an average marker's on the same files.
    """

    severity: Answer
    drift: Answer
    share: float
    marks: int


@dataclass(frozen=True)
class Facets:
    """Each marker in order; the standard deviation, in log odds, of what files deserve."""

    markers: list[Marker]
    file_sd: float


def facets(given: Sequence[Given], level: float = 0.95) -> Facets:
    """Severity and drift of each marker.

    Refuses marks of one answer alone, fewer than two markers, and marks of which no unit has two markers.
    """
    model = _model(given)
    spreads = np.full(2, USUAL_SPREAD)
    at, around = model.start, np.eye(0)
    for _ in range(ROUNDS):
        at = model.fitted(at, spreads)
        around = model.spread_around(at, spreads)
        moved = np.sqrt(model.mean_squares(at, around))
        settled = (np.abs(moved / spreads - 1) < SETTLED).all()
        spreads = moved
        if settled:
            break
    return _told(model, at, around, level)


@dataclass(frozen=True)
class _Model:
    """Marks as columns. Parameters in a row: markers' severities, their drifts, questions but the first, steps, log
    spread of files. Time runs from -1 to 1.
    """

    unit: NDArray[np.int64]
    marker: NDArray[np.int64]
    question: NDArray[np.int64]
    time: Floats
    answer: NDArray[np.int64]
    timespan: float
    answers: int
    nodes: Floats = field(default_factory=lambda: np.polynomial.hermite_e.hermegauss(NODES)[0])
    weights: Floats = field(default_factory=lambda: np.polynomial.hermite_e.hermegauss(NODES)[1])

    @cached_property
    def markers(self) -> int:
        return int(self.marker.max()) + 1

    @cached_property
    def columns(self) -> Floats:
        """How each mark's log odds follow the severities, drifts and questions: one row a mark."""
        rows, questions = np.arange(len(self.marker)), int(self.question.max())
        columns = np.zeros((len(rows), 2 * self.markers + questions))
        columns[rows, self.marker] = -1.0
        columns[rows, self.markers + self.marker] = -self.time
        later = self.question > 0
        columns[rows[later], 2 * self.markers + self.question[later] - 1] = 1.0
        return columns

    @cached_property
    def firsts(self) -> NDArray[np.int64]:
        """Where the marks of each unit begin; they lie together."""
        return np.flatnonzero(np.diff(self.unit, prepend=-1))

    @property
    def start(self) -> Floats:
        return np.zeros(self.columns.shape[1] + self.answers)

    def fitted(self, at: Floats, spreads: Floats) -> Floats:
        found = optimize.minimize(self.cost, at, args=(spreads,), jac=True, method="L-BFGS-B")
        return np.asarray(found.x)

    def spread_around(self, at: Floats, spreads: Floats) -> Floats:
        """The inverse of the curvature at the best point, from differences of the slope."""
        ways = STEP * np.eye(len(at))
        rows = [self.cost(at + way, spreads)[1] - self.cost(at - way, spreads)[1] for way in ways]
        curvature = np.array(rows) / (2 * STEP)
        return np.asarray(np.linalg.inv((curvature + curvature.T) / 2))

    def mean_squares(self, at: Floats, around: Floats) -> Floats:
        """The mean square of severities and of drifts, with some markers of the usual spread added."""
        squares = (at**2 + np.diag(around))[: 2 * self.markers].reshape(2, -1).sum(axis=1)
        return np.asarray((squares + ADDED_MARKERS * USUAL_SPREAD**2) / (self.markers + ADDED_MARKERS))

    def cost(self, at: Floats, spreads: Floats) -> tuple[float, Floats]:
        """Minus the log likelihood with its penalties, and its slope."""
        width = self.columns.shape[1]
        lines, steps, spread = at[:width], at[width:-1], float(np.exp(at[-1]))
        chance = self._chances((self.columns @ lines)[:, None] + spread * self.nodes, steps)
        own = np.log(np.take_along_axis(chance, self.answer[:, None, None], axis=2)[:, :, 0])
        together = np.add.reduceat(own, self.firsts, axis=0) + np.log(self.weights / self.weights.sum())
        whole = special.logsumexp(together, axis=1)
        belief = np.exp(together - whole[:, None])[self.unit]
        expected = chance @ np.arange(self.answers)
        left = belief * (self.answer[:, None] - expected)
        at_least = chance[:, :, ::-1].cumsum(axis=2)[:, :, ::-1][:, :, 1:]
        reached = self.answer[:, None] >= np.arange(1, self.answers)
        by_step = -(reached.sum(axis=0) - np.einsum("om,omk->k", belief, at_least))
        slope = np.concatenate([self.columns.T @ left.sum(axis=1), by_step, [spread * (left @ self.nodes).sum()]])
        tight = self._tightness(spreads)
        return float(tight @ at**2 / 2 - whole.sum()), tight * at - slope

    def _tightness(self, spreads: Floats) -> Floats:
        weak = np.full(len(self.start) - 2 * self.markers, WEAK**-2)
        weak[-1] = 1.0
        return np.concatenate([np.repeat(spreads**-2.0, self.markers), weak])

    def _chances(self, line: Floats, steps: Floats) -> Floats:
        """The chance of each answer: the last axis runs over answers."""
        climbed = np.concatenate([[0.0], steps.cumsum()])
        power = line[..., None] * np.arange(self.answers) - climbed
        chance = np.exp(power - power.max(axis=-1, keepdims=True))
        return np.asarray(chance / chance.sum(axis=-1, keepdims=True))

    def mean_answer(self, at: Floats, severity: float) -> float:
        """The mean answer, from 0 to 1, that a marker of this severity gives at the mean time, over all questions."""
        width = self.columns.shape[1]
        easy = np.concatenate([[0.0], at[2 * self.markers : width]])[np.unique(self.question)]
        line = easy[:, None] - severity + float(np.exp(at[-1])) * self.nodes
        mean = self._chances(line, at[width:-1]) @ np.arange(self.answers) / (self.answers - 1)
        return float((mean @ self.weights).mean() / self.weights.sum())


def _model(given: Sequence[Given]) -> _Model:
    if not given:
        raise Refused("There are no marks.")
    given = sorted(given, key=lambda one: one.unit)
    answer = np.array([one.answer for one in given], dtype=np.int64)
    if len(set(answer.tolist())) < 2 or answer.min() < 0:
        raise Refused("Every mark is the same answer: who is severe cannot be told.")
    if max(one.marker for one in given) < 1:
        raise Refused("One marker alone cannot be told to be severe or mild.")
    shared: dict[int, set[int]] = {}
    for one in given:
        shared.setdefault(one.unit, set()).add(one.marker)
    if all(len(markers) < 2 for markers in shared.values()):
        raise Refused("No file was marked by two markers: severity cannot be told from luck.")
    unit = np.unique([one.unit for one in given], return_inverse=True)[1]
    time = np.array([one.time for one in given], dtype=float)
    half = (time.max() - time.min()) / 2
    centred = (time - (time.max() + time.min()) / 2) / half if half > 0 else np.zeros(len(time))
    marker = np.array([one.marker for one in given], dtype=np.int64)
    question = np.array([one.question for one in given], dtype=np.int64)
    return _Model(unit, marker, question, centred, answer, float(half), int(answer.max()) + 1)


def _told(model: _Model, at: Floats, around: Floats, level: float) -> Facets:
    severity, drift = (_against_mean(at, around, place, model.markers, level) for place in (0, model.markers))
    middle = float(at[: model.markers].mean())
    average = model.mean_answer(at, middle)
    still = unanswered("All marks are of one time: drift cannot be told.")
    markers = [
        Marker(
            severity[one],
            _scaled(drift[one], 1 / model.timespan) if model.timespan > 0 else still,
            model.mean_answer(at, float(at[one])) - average,
            int((model.marker == one).sum()),
        )
        for one in range(model.markers)
    ]
    return Facets(markers, float(np.exp(at[-1])))


def _against_mean(at: Floats, around: Floats, first: int, many: int, level: float) -> list[Answer]:
    """Each of `many` parameters less their mean, with its interval."""
    less_mean = np.eye(many) - 1 / many
    here = slice(first, first + many)
    values = less_mean @ at[here]
    halves = float(special.ndtri((1 + level) / 2)) * np.sqrt(np.diag(less_mean @ around[here, here] @ less_mean))
    ends = zip(values.tolist(), halves.tolist(), strict=True)
    return [Answer(value, value - half, value + half) for value, half in ends]


def _scaled(answer: Answer, by: float) -> Answer:
    value, low, high = (by * (one or 0.0) for one in (answer.value, answer.low, answer.high))
    return Answer(value, low, high)
