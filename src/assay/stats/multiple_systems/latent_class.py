"""Latent-class model with a stick-breaking prior (Manrique-Vallier 2016), by Gibbs sampling.

Latent classes with a truncated stick-breaking prior (Manrique-Vallier 2016, Biometrics 72:1246): within a class the
lists find a person independently, and the number of occupied classes is estimated with the rest. Many chains, and many
tables, are sampled at once. Two further moves are added because Gibbs sampling alone mixes badly here (seven effective
draws from five thousand on the six Dutch lists). The ridge move makes a class larger and its capture probabilities
smaller, or the reverse, with the number of hidden persons integrated out, so that it moves along the ridge of the
posterior. The swap move exchanges neighbouring classes.

An estimate is given only if at least four chains from dispersed starts agree (rank-normalised R-hat and effective
sample size); otherwise it is refused.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints, history_matrix
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.chain_diagnostics import Diagnosis, diagnose
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate

CLASSES, CHAINS = 10, 8
SHAPE, RATE = 0.25, 0.25
"""Gamma prior on the concentration of the stick-breaking process (Manrique-Vallier 2016)."""
WARM_UP, ROUND_STEPS, ROUNDS = 2000, 4000, 6
"""Steps discarded; steps between two checks of convergence; maximum number of checks."""
MOVES = 3
"""Ridge moves at each step."""
MAXIMUM_R_HAT, MINIMUM_EFFECTIVE_DRAWS = 1.01, 400.0
"""Convergence criteria: maximum R-hat and minimum effective sample size (Vehtari et al. 2021)."""
MAXIMUM_HIDDEN = 1e12
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
TINY = 1e-300


@dataclass(frozen=True)
class LatentClassEstimate:
    """Estimate (or why there is none), draws of the population of shape (draws, chains), and their diagnosis."""

    estimate: HiddenEstimate
    draws: Floats
    diagnosis: Diagnosis


def latent_class(
    table: CaptureTable,
    *,
    classes: int = CLASSES,
    chains: int = CHAINS,
    rounds: int = ROUNDS,
    seed: int = 1,
) -> LatentClassEstimate:
    """Sample until the chains converge, at most `rounds` times 4,000 steps each; without convergence, no estimate."""
    (estimate,) = latent_class_all([table], classes=classes, chains=chains, rounds=rounds, seed=seed)
    return estimate


def latent_class_all(
    tables: list[CaptureTable],
    *,
    classes: int = CLASSES,
    chains: int = CHAINS,
    rounds: int = ROUNDS,
    steps: int = ROUND_STEPS,
    warm_up: int = WARM_UP,
    seed: int = 1,
) -> tuple[LatentClassEstimate, ...]:
    """Sample many tables with the same number of lists at once; tables that have converged drop out."""
    if chains < 4:
        raise ValueError("Fewer than four chains cannot show that they disagree.")
    generator = np.random.default_rng(seed)
    open_tables = list(range(len(tables)))
    sampler = _Sampler(np.repeat([table.counts for table in tables], chains, axis=0), classes, chains, generator)
    sampler.run(warm_up)
    draws: dict[int, list[Floats]] = {number: [] for number in open_tables}
    estimates: dict[int, LatentClassEstimate] = {}
    for round_number in range(rounds):
        hidden = sampler.run(steps).reshape(steps, len(open_tables), chains)
        for column, number in enumerate(open_tables):
            draws[number].append(hidden[:, column])
            later_draws = (
                np.concatenate(draws[number])[round_number * steps // 2 :] if round_number else draws[number][0]
            )
            estimates[number] = _estimate_from_draws(tables[number], later_draws, classes)
        open_columns = [column for column, number in enumerate(open_tables) if estimates[number].estimate.refusal]
        open_tables = [open_tables[column] for column in open_columns]
        if not open_tables:
            break
        sampler.select_rows(np.array([column * chains + chain for column in open_columns for chain in range(chains)]))
    return tuple(estimates[number] for number in range(len(tables)))


def _estimate_from_draws(table: CaptureTable, hidden: Floats, classes: int) -> LatentClassEstimate:
    diagnosis = diagnose(np.log(table.persons + hidden))
    refusal = _refusal(diagnosis, hidden.shape)
    attributes = {"method": "latent classes", "seen": table.persons, "model": f"up to {classes} classes"}
    if refusal:
        estimate = HiddenEstimate(**attributes, refusal=refusal, fingerprint=table.fingerprint())  # type: ignore[arg-type]
        return LatentClassEstimate(estimate, table.persons + hidden, diagnosis)
    limits = table.persons + np.quantile(hidden, LEVELS)
    estimate = HiddenEstimate(
        **attributes,  # type: ignore[arg-type]
        population=float(limits[2]),
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"credible interval; median in the middle; {diagnosis.bulk:,.0f} effective draws",
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
        fingerprint=table.fingerprint(),
    )
    return LatentClassEstimate(estimate, table.persons + hidden, diagnosis)


def _refusal(diagnosis: Diagnosis, shape: tuple[int, ...]) -> str:
    effective_draws = min(diagnosis.bulk, diagnosis.tail)
    effort = f"after {shape[0]:,} steps of each of {shape[1]} chains"
    if not diagnosis.r_hat <= MAXIMUM_R_HAT:
        return (
            f"The chains do not agree {effort}: R-hat is {diagnosis.r_hat:.3f}, and at most {MAXIMUM_R_HAT} "
            f"is asked for."
        )
    if effective_draws < MINIMUM_EFFECTIVE_DRAWS:
        return (
            f"The draws are worth too little {effort}: {effective_draws:,.0f} independent ones, and "
            f"{MINIMUM_EFFECTIVE_DRAWS:.0f} are asked for."
        )
    return ""


class _Sampler:
    """Gibbs sampler for many chains, one in each row.

    The state is the log weights (rows, classes) and capture probabilities (rows, lists, classes). Weights are on the
    log scale, because those of empty classes underflow. `odds` (rows, classes, histories), the joint probabilities of
    class and history, and `log_posterior` are updated with each accepted move: a ridge move changes one class and
    scales the others by one factor. The first history is that of the hidden persons.
    """

    def __init__(self, counts: Floats, classes: int, chains: int, generator: np.random.Generator) -> None:
        filled = np.append(0, 1 + np.flatnonzero((counts[:, 1:] > 0).any(axis=0)))
        history = history_matrix(int(counts.shape[1]).bit_length() - 1)
        self.random, self.classes = generator, classes
        self.list_membership = history[filled].astype(float)
        self.counts: Ints = counts[:, filled].astype(np.int64)
        self.persons = self.counts.sum(axis=1)
        rows, lists = len(counts), history.shape[1]
        rates = (counts @ history / np.maximum(self.persons, 1)[:, None])[:, :, None]
        spread = np.tile(np.geomspace(0.02, 1.0, chains), rows // chains)[:, None, None]
        self.capture_probabilities = np.clip(
            rates * spread * generator.uniform(0.2, 1.8, (rows, lists, classes)), 1e-4, 1 - 1e-4
        )
        self.alpha = np.tile(np.geomspace(0.1, 1.0, chains), rows // chains)  # from few classes to many
        self.log_weight = np.log(np.maximum(generator.gamma(self.alpha[:, None], 1.0, (rows, classes)), TINY))
        self.log_weight -= np.logaddexp.reduce(self.log_weight, axis=1, keepdims=True)

    def select_rows(self, rows: Ints) -> None:
        """Keep only these rows, one chain each."""
        for name in ("counts", "persons", "capture_probabilities", "log_weight", "alpha"):
            setattr(self, name, getattr(self, name)[rows])

    def run(self, steps: int) -> Floats:
        """Run this many steps; return the number of hidden persons after each, of shape (steps, rows)."""
        hidden = np.empty((steps, len(self.counts)))
        for step in range(steps):
            self._update_odds()
            for _ in range(MOVES):
                self._ridge_move()
            if self.classes > 1:
                self._swap_classes()
            hidden[step] = self._gibbs_step()
        return hidden

    def _update_odds(self) -> None:
        """Recompute odds and log posterior from weights and capture probabilities."""
        self.odds = self._odds(self.log_weight, self.capture_probabilities.swapaxes(1, 2))
        self.log_posterior = self._log_posterior(self.odds.sum(axis=1), self.log_weight)

    def _gibbs_step(self) -> Floats:
        generator, total = self.random, self.odds.sum(axis=1)
        share = (self.odds / np.maximum(total, TINY)[:, None, :]).swapaxes(1, 2)
        seen_by_class = generator.multinomial(self.counts[:, 1:], share[:, 1:]).astype(float)
        hidden_probability = np.clip(total[:, 0], 1e-12, 1 - 1e-12)
        hidden = generator.negative_binomial(np.maximum(self.persons, 1), 1 - hidden_probability)
        hidden = np.minimum(hidden, int(MAXIMUM_HIDDEN))
        size = seen_by_class.sum(axis=1) + generator.multinomial(hidden, share[:, 0]).astype(float)
        captures = self.list_membership[1:].T @ seen_by_class
        self.capture_probabilities = np.clip(
            generator.beta(1 + captures, 1 + size[:, None, :] - captures), 1e-12, 1 - 1e-12
        )
        remaining = size.sum(axis=1, keepdims=True) - np.cumsum(size, axis=1)
        if self.classes > 1:
            self._break_sticks(size[:, :-1], remaining[:, :-1])
        return np.asarray(hidden, dtype=float)

    def _break_sticks(self, size: Floats, later: Floats) -> None:
        """Draw new weights: each stick breaks at a beta draw, computed from two log gammas to avoid underflow."""
        generator, first = self.random, np.zeros((len(size), 1))
        log_part = np.log(generator.standard_gamma(1.0 + size))
        shape = self.alpha[:, None] + later
        log_rest = np.log(generator.standard_gamma(shape + 1)) + np.log(generator.uniform(TINY, 1, shape.shape)) / shape
        log_total = np.logaddexp(log_part, log_rest)
        log_left = np.cumsum(log_rest - log_total, axis=1)
        self.log_weight = np.hstack([log_part - log_total, first]) + np.hstack([first, log_left])
        self.alpha = np.maximum(generator.gamma(SHAPE + self.classes - 1, 1 / (RATE - log_left[:, -1])), 1e-6)

    def _odds(self, log_weight: Floats, probabilities: Floats) -> Floats:
        """Return joint probabilities of class and history (..., histories) from capture probabilities (..., lists)."""
        log_missed = np.log1p(-probabilities)
        return np.asarray(
            np.exp(
                (np.log(probabilities) - log_missed) @ self.list_membership.T
                + (log_missed.sum(axis=-1) + log_weight)[..., None]
            )
        )

    def _log_posterior(self, total: Floats, log_weight: Floats) -> Floats:
        """Return the log posterior with the hidden persons integrated out under the prior 1/N.

        That is the likelihood of the persons seen, given that they are seen. `total`: probabilities of the histories,
        summed over classes.
        """
        likelihood = (self.counts * np.log(np.maximum(total, TINY))).sum(axis=1)
        likelihood -= self.persons * np.log(np.maximum(1 - total[:, 0], TINY))
        return np.asarray(likelihood + self._log_prior(log_weight))

    def _log_prior(self, log_weight: Floats) -> Floats:
        """Return the log prior density of the weights on the simplex, given the concentration."""
        log_left = np.logaddexp.accumulate(log_weight[:, ::-1], axis=1)[:, ::-1]
        return np.asarray((self.alpha - 1) * (log_left[:, -1] - log_left[:, 0]) - log_left[:, :-1].sum(axis=1))

    def _ridge_move(self) -> None:
        """Propose for one class of each row a larger weight and smaller capture odds by the same factor, or reverse."""
        generator, rows = self.random, np.arange(len(self.counts))
        class_index = generator.integers(self.classes, size=len(rows))
        shift = generator.normal(0, generator.choice([0.3, 1.0, 3.0], len(rows)))
        log_weight, log_divisor = self._shift_weights(class_index, shift)
        old_probabilities = self.capture_probabilities[rows, :, class_index]
        new_probabilities = np.clip(
            1 / (1 + (1 - old_probabilities) / old_probabilities * np.exp(shift)[:, None]), 1e-12, 1 - 1e-12
        )
        log_jacobian = np.log(
            new_probabilities * (1 - new_probabilities) / (old_probabilities * (1 - old_probabilities))
        ).sum(axis=1)
        log_jacobian += shift - self.classes * log_divisor
        old_odds, new_odds = self.odds[rows, class_index], self._odds(log_weight[rows, class_index], new_probabilities)
        self.odds[rows, class_index] = 0.0  # sum the other classes: subtraction would lose digits
        new_log_posterior = self._log_posterior(
            self.odds.sum(axis=1) * np.exp(-log_divisor)[:, None] + new_odds, log_weight
        )
        accepted = np.log(generator.uniform(size=len(rows))) < new_log_posterior - self.log_posterior + log_jacobian
        self.odds *= np.exp(-np.where(accepted, log_divisor, 0.0))[:, None, None]
        self.odds[rows, class_index] = np.where(accepted[:, None], new_odds, old_odds)
        self.log_weight[accepted], self.log_posterior = (
            log_weight[accepted],
            np.where(accepted, new_log_posterior, self.log_posterior),
        )
        self.capture_probabilities[rows, :, class_index] = np.where(
            accepted[:, None], new_probabilities, old_probabilities
        )

    def _shift_weights(self, class_index: Ints, shift: Floats) -> tuple[Floats, Floats]:
        """Return log weights with one class of each row shifted, normalised, and the log of the divisor."""
        rows = np.arange(len(class_index))
        log_weight = self.log_weight.copy()
        log_weight[rows, class_index] += shift
        maximum = log_weight.max(axis=1)
        log_divisor = maximum + np.log(np.exp(log_weight - maximum[:, None]).sum(axis=1))
        return log_weight - log_divisor[:, None], log_divisor

    def _swap_classes(self) -> None:
        """Propose to exchange two neighbouring classes: only the prior of the weights changes."""
        generator, rows = self.random, np.arange(len(self.counts))
        first = generator.integers(self.classes - 1, size=len(rows))
        second = first + 1
        log_weight = self.log_weight.copy()
        log_weight[rows, first], log_weight[rows, second] = self.log_weight[rows, second], self.log_weight[rows, first]
        ratio = self._log_prior(log_weight) - self._log_prior(self.log_weight)
        accepted = np.log(generator.uniform(size=len(rows))) < ratio
        first_class, second_class, rows = first[accepted], second[accepted], rows[accepted]
        self.log_weight[rows] = log_weight[rows]
        self.log_posterior[accepted] += ratio[accepted]
        self.odds[rows, first_class], self.odds[rows, second_class] = (
            self.odds[rows, second_class],
            self.odds[rows, first_class],
        )
        self.capture_probabilities[rows, :, first_class], self.capture_probabilities[rows, :, second_class] = (
            self.capture_probabilities[rows, :, second_class],
            self.capture_probabilities[rows, :, first_class],
        )
