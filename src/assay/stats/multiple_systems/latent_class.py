"""How many are hidden, if persons are of kinds that the lists find with different ease?

Latent classes with a truncated stick-breaking prior (Manrique-Vallier 2016, Biometrics 72:1246): within a class the
lists find a person independently, and the number of classes in use is found with the rest. Sampled by Gibbs steps for
many chains, and many tables, side by side. Two further moves make up for what Gibbs alone does badly here (seven
effective draws from five thousand on the six Dutch lists): a class that is rarely found is made larger and found still
more rarely, or the reverse, with the number of hidden persons integrated out, which goes along the ridge of the
posterior instead of across it; and neighbouring classes change places.

Nothing is told unless at least four chains from dispersed starts agree: rank-normalised R-hat and effective sample
size have floors, and an estimate that misses them is refused.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, Ints, history_matrix
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.chain_diagnostics import Diagnosis, diagnose
from assay.stats.multiple_systems.hidden_estimates import Estimate

CLASSES, CHAINS = 10, 8
SHAPE, RATE = 0.25, 0.25
"""Of the gamma prior on the concentration of the sticks (Manrique-Vallier 2016)."""
WARM_UP, ROUND, ROUNDS = 2000, 4000, 6
"""Steps thrown away; steps after which the gate is tried; how often it is tried."""
MOVES = 3
"""Moves along the ridge at each step."""
R_HAT, EFFECTIVE = 1.01, 400.0
"""The gate: R-hat at most, effective draws at least (Vehtari et al. 2021)."""
MOST_HIDDEN = 1e12
LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
TINY = 1e-300


@dataclass(frozen=True)
class Latent:
    """The estimate, or its refusal; the draws of the population (draws, chains) and what they are worth."""

    estimate: Estimate
    draws: Floats
    diagnosis: Diagnosis


def latent_class(
    table: CaptureTable,
    *,
    classes: int = CLASSES,
    chains: int = CHAINS,
    rounds: int = ROUNDS,
    seed: int = 1,
) -> Latent:
    """Sample until the gate is passed, at most `rounds` times 4,000 steps a chain; refuse if it never is."""
    (found,) = latent_class_all([table], classes=classes, chains=chains, rounds=rounds, seed=seed)
    return found


def latent_class_all(
    tables: list[CaptureTable],
    *,
    classes: int = CLASSES,
    chains: int = CHAINS,
    rounds: int = ROUNDS,
    steps: int = ROUND,
    warm_up: int = WARM_UP,
    seed: int = 1,
) -> tuple[Latent, ...]:
    """`latent_class` for many tables over as many lists, side by side; those that pass the gate drop out."""
    if chains < 4:
        raise ValueError("Fewer than four chains cannot show that they disagree.")
    random = np.random.default_rng(seed)
    waiting = list(range(len(tables)))
    sampler = _Sampler(np.repeat([t.counts for t in tables], chains, axis=0), classes, chains, random)
    sampler.run(warm_up)
    draws: dict[int, list[Floats]] = {place: [] for place in waiting}
    found: dict[int, Latent] = {}
    for turn in range(rounds):
        hidden = sampler.run(steps).reshape(steps, len(waiting), chains)
        for column, place in enumerate(waiting):
            draws[place].append(hidden[:, column])
            kept = np.concatenate(draws[place])[turn * steps // 2 :] if turn else draws[place][0]
            found[place] = _told(tables[place], kept, classes)
        open_to = [column for column, place in enumerate(waiting) if found[place].estimate.refusal]
        waiting = [waiting[column] for column in open_to]
        if not waiting:
            break
        sampler.keep(np.array([column * chains + chain for column in open_to for chain in range(chains)]))
    return tuple(found[place] for place in range(len(tables)))


def _told(table: CaptureTable, hidden: Floats, classes: int) -> Latent:
    diagnosis = diagnose(np.log(table.persons + hidden))
    refusal = _refusal(diagnosis, hidden.shape)
    about = {"method": "latent classes", "seen": table.persons, "model": f"up to {classes} classes"}
    if refusal:
        estimate = Estimate(**about, refusal=refusal, fingerprint=table.fingerprint())  # type: ignore[arg-type]
        return Latent(estimate, table.persons + hidden, diagnosis)
    limits = table.persons + np.quantile(hidden, LEVELS)
    estimate = Estimate(
        **about,  # type: ignore[arg-type]
        population=float(limits[2]),
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"credible interval; median in the middle; {diagnosis.bulk:,.0f} effective draws",
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
        fingerprint=table.fingerprint(),
    )
    return Latent(estimate, table.persons + hidden, diagnosis)


def _refusal(diagnosis: Diagnosis, shape: tuple[int, ...]) -> str:
    few = min(diagnosis.bulk, diagnosis.tail)
    said = f"after {shape[0]:,} steps of each of {shape[1]} chains"
    if not diagnosis.r_hat <= R_HAT:
        return f"The chains do not agree {said}: R-hat is {diagnosis.r_hat:.3f}, and at most {R_HAT} is asked for."
    if few < EFFECTIVE:
        return f"The draws are worth too little {said}: {few:,.0f} independent ones, and {EFFECTIVE:.0f} are asked for."
    return ""


class _Sampler:
    """Chains side by side, one a row: log weights (rows, classes) and chances (rows, lists, classes).

    Weights are kept as logarithms, since those of classes that nobody is in become smaller than any float. While moves
    are tried, `odds` (rows, classes, histories) and `now`, the log posterior, follow what is taken: a move along the
    ridge changes one class and scales the others alike. The first history is that of the hidden, on no list.
    """

    def __init__(self, counts: Floats, classes: int, chains: int, random: np.random.Generator) -> None:
        held = np.append(0, 1 + np.flatnonzero((counts[:, 1:] > 0).any(axis=0)))
        history = history_matrix(int(counts.shape[1]).bit_length() - 1)
        self.random, self.classes = random, classes
        self.on = history[held].astype(float)
        self.counts: Ints = counts[:, held].astype(np.int64)
        self.persons = self.counts.sum(axis=1)
        rows, lists = len(counts), history.shape[1]
        rates = (counts @ history / np.maximum(self.persons, 1)[:, None])[:, :, None]
        spread = np.tile(np.geomspace(0.02, 1.0, chains), rows // chains)[:, None, None]
        self.chance = np.clip(rates * spread * random.uniform(0.2, 1.8, (rows, lists, classes)), 1e-4, 1 - 1e-4)
        self.alpha = np.tile(np.geomspace(0.1, 1.0, chains), rows // chains)  # from few classes to many
        self.log_weight = np.log(np.maximum(random.gamma(self.alpha[:, None], 1.0, (rows, classes)), TINY))
        self.log_weight -= np.logaddexp.reduce(self.log_weight, axis=1, keepdims=True)

    def keep(self, rows: Ints) -> None:
        """Go on with these rows alone."""
        for name in ("counts", "persons", "chance", "log_weight", "alpha"):
            setattr(self, name, getattr(self, name)[rows])

    def run(self, steps: int) -> Floats:
        """So many steps; the number of hidden persons after each, (steps, rows)."""
        hidden = np.empty((steps, len(self.counts)))
        for step in range(steps):
            self._work_out()
            for _ in range(MOVES):
                self._along_the_ridge()
            if self.classes > 1:
                self._change_places()
            hidden[step] = self._gibbs()
        return hidden

    def _work_out(self) -> None:
        """Odds and log posterior anew, from weights and chances alone."""
        self.odds = self._odds(self.log_weight, self.chance.swapaxes(1, 2))
        self.now = self._log_posterior(self.odds.sum(axis=1), self.log_weight)

    def _gibbs(self) -> Floats:
        random, total = self.random, self.odds.sum(axis=1)
        share = (self.odds / np.maximum(total, TINY)[:, None, :]).swapaxes(1, 2)
        seen_by_class = random.multinomial(self.counts[:, 1:], share[:, 1:]).astype(float)
        missed = np.clip(total[:, 0], 1e-12, 1 - 1e-12)
        hidden = random.negative_binomial(np.maximum(self.persons, 1), 1 - missed)
        hidden = np.minimum(hidden, int(MOST_HIDDEN))
        size = seen_by_class.sum(axis=1) + random.multinomial(hidden, share[:, 0]).astype(float)
        found = self.on[1:].T @ seen_by_class
        self.chance = np.clip(random.beta(1 + found, 1 + size[:, None, :] - found), 1e-12, 1 - 1e-12)
        later = size.sum(axis=1, keepdims=True) - np.cumsum(size, axis=1)
        if self.classes > 1:
            self._break_sticks(size[:, :-1], later[:, :-1])
        return np.asarray(hidden, dtype=float)

    def _break_sticks(self, size: Floats, later: Floats) -> None:
        """New weights: each stick is broken at a beta draw, made of two gammas so that its logarithm is never lost."""
        random, first = self.random, np.zeros((len(size), 1))
        part = np.log(random.standard_gamma(1.0 + size))
        shape = self.alpha[:, None] + later
        rest = np.log(random.standard_gamma(shape + 1)) + np.log(random.uniform(TINY, 1, shape.shape)) / shape
        whole = np.logaddexp(part, rest)
        left = np.cumsum(rest - whole, axis=1)
        self.log_weight = np.hstack([part - whole, first]) + np.hstack([first, left])
        self.alpha = np.maximum(random.gamma(SHAPE + self.classes - 1, 1 / (RATE - left[:, -1])), 1e-6)

    def _odds(self, log_weight: Floats, chance: Floats) -> Floats:
        """Chance of class and history together, (..., histories), of classes with chances (..., lists)."""
        off = np.log1p(-chance)
        return np.asarray(np.exp((np.log(chance) - off) @ self.on.T + (off.sum(axis=-1) + log_weight)[..., None]))

    def _log_posterior(self, total: Floats, log_weight: Floats) -> Floats:
        """With the hidden integrated out under the prior 1/N: only those seen, given that they are seen.

        `total`: chances of the histories, over all classes.
        """
        likelihood = (self.counts * np.log(np.maximum(total, TINY))).sum(axis=1)
        likelihood -= self.persons * np.log(np.maximum(1 - total[:, 0], TINY))
        return np.asarray(likelihood + self._log_prior(log_weight))

    def _log_prior(self, log_weight: Floats) -> Floats:
        """Of the weights, as density on the simplex, given the concentration of the sticks."""
        left = np.logaddexp.accumulate(log_weight[:, ::-1], axis=1)[:, ::-1]
        return np.asarray((self.alpha - 1) * (left[:, -1] - left[:, 0]) - left[:, :-1].sum(axis=1))

    def _along_the_ridge(self) -> None:
        """One class of each row made larger and harder to find by the same factor, or the reverse."""
        random, rows = self.random, np.arange(len(self.counts))
        chosen = random.integers(self.classes, size=len(rows))
        shift = random.normal(0, random.choice([0.3, 1.0, 3.0], len(rows)))
        log_weight, whole = self._reweighted(chosen, shift)
        before = self.chance[rows, :, chosen]
        moved = np.clip(1 / (1 + (1 - before) / before * np.exp(shift)[:, None]), 1e-12, 1 - 1e-12)
        change = np.log(moved * (1 - moved) / (before * (1 - before))).sum(axis=1)
        change += shift - self.classes * whole
        old, new = self.odds[rows, chosen], self._odds(log_weight[rows, chosen], moved)
        self.odds[rows, chosen] = 0.0  # the others are added up: to subtract would lose digits
        then = self._log_posterior(self.odds.sum(axis=1) * np.exp(-whole)[:, None] + new, log_weight)
        taken = np.log(random.uniform(size=len(rows))) < then - self.now + change
        self.odds *= np.exp(-np.where(taken, whole, 0.0))[:, None, None]
        self.odds[rows, chosen] = np.where(taken[:, None], new, old)
        self.log_weight[taken], self.now = log_weight[taken], np.where(taken, then, self.now)
        self.chance[rows, :, chosen] = np.where(taken[:, None], moved, before)

    def _reweighted(self, chosen: Ints, shift: Floats) -> tuple[Floats, Floats]:
        """Log weights with one of each row shifted, all scaled to add up to one; and the logarithm of the divisor."""
        rows = np.arange(len(chosen))
        log_weight = self.log_weight.copy()
        log_weight[rows, chosen] += shift
        top = log_weight.max(axis=1)
        whole = top + np.log(np.exp(log_weight - top[:, None]).sum(axis=1))
        return log_weight - whole[:, None], whole

    def _change_places(self) -> None:
        """Two neighbouring classes change places: the likelihood stays, the prior on the weights decides."""
        random, rows = self.random, np.arange(len(self.counts))
        first = random.integers(self.classes - 1, size=len(rows))
        second = first + 1
        log_weight = self.log_weight.copy()
        log_weight[rows, first], log_weight[rows, second] = self.log_weight[rows, second], self.log_weight[rows, first]
        ratio = self._log_prior(log_weight) - self._log_prior(self.log_weight)
        taken = np.log(random.uniform(size=len(rows))) < ratio
        one, other, rows = first[taken], second[taken], rows[taken]
        self.log_weight[rows] = log_weight[rows]
        self.now[taken] += ratio[taken]
        self.odds[rows, one], self.odds[rows, other] = self.odds[rows, other], self.odds[rows, one]
        self.chance[rows, :, one], self.chance[rows, :, other] = self.chance[rows, :, other], self.chance[rows, :, one]
