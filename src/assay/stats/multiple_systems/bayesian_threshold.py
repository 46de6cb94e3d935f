"""How many are hidden, if only interactions that stand out of their own doubt are kept?

The Bayesian threshold method (Silverman 2020, Journal of the Royal Statistical Society A 183:691). All pairs of lists
have normal priors around zero, the intercept and the lists' own effects next to none. Interactions whose posterior
mean is less than `threshold` standard deviations from zero are dropped and the rest is fitted again; with `order` 3
triples are tried whose three pairs were kept. A proper prior has a posterior also where the likelihood has no
maximum. Sampled by Metropolis steps around the mode, many chains side by side.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, closure, effects_of_order, named
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.chain_diagnostics import Diagnosis, diagnose
from assay.stats.multiple_systems.hidden_estimates import Estimate
from assay.stats.multiple_systems.hierarchical_models import Model
from assay.stats.multiple_systems.latent_class import EFFECTIVE, LEVELS, R_HAT
from assay.stats.multiple_systems.newton_fits import Ridge, columns, fit

THRESHOLD, PRIOR_VARIANCE = 2.0, 1.0
FLAT = 1e4
"""Prior variance of the intercept and of the lists' own effects."""
CHAINS, WARM_UP, STEPS = 32, 1000, 3000
FREEDOM = 5
"""Degrees of freedom of the t distribution that a fresh step is drawn from."""


@dataclass(frozen=True)
class Thresholded:
    """The estimate; the interactions kept; and how many standard deviations from zero each one tried was."""

    estimate: Estimate
    model: Model
    ratios: tuple[tuple[str, float], ...]
    diagnosis: Diagnosis


def bayesian_threshold(
    table: CaptureTable,
    *,
    threshold: float = THRESHOLD,
    order: int = 2,
    prior_variance: float = PRIOR_VARIANCE,
    seed: int = 1,
) -> Thresholded:
    """Keep what stands out, and the posterior of the population with it; `order` is 2 or 3."""
    random, lists = np.random.default_rng(seed), table.lists
    pairs = effects_of_order(len(lists), 2) if len(lists) > 2 else []
    kept, ratios = _kept(table, Model.of(lists, pairs), 2, threshold, prior_variance, random)
    if order == 3:
        triples = [t for t in effects_of_order(len(lists), 3) if _pairs_of(t) <= set(kept)]
        if triples:
            tried, more = _kept(table, Model.of(lists, [*kept, *triples]), 3, threshold, prior_variance, random)
            kept, ratios = [*kept, *tried], ratios | more
    model = Model.of(lists, kept)
    draws = _sample(table.counts, model, prior_variance, random)
    hidden = np.exp(draws[:, :, 0])
    diagnosis = diagnose(np.log(table.persons + hidden))
    told = tuple((named(effect, lists), ratio) for effect, ratio in ratios.items())
    return Thresholded(_estimate(table, model, hidden, diagnosis, threshold), model, told, diagnosis)


def _pairs_of(triple: int) -> set[int]:
    return {effect for effect in closure([triple]) if effect.bit_count() == 2}


def _kept(
    table: CaptureTable, model: Model, order: int, threshold: float, variance: float, random: np.random.Generator
) -> tuple[list[int], dict[int, float]]:
    """The effects of this order whose posterior mean is far enough from zero, and how far each is."""
    draws = _sample(table.counts, model, variance, random).reshape(-1, len(model.effects))
    ratio = np.abs(draws.mean(axis=0)) / draws.std(axis=0, ddof=1)
    of_order = {e: float(r) for e, r in zip(model.effects, ratio, strict=True) if e.bit_count() == order}
    return [effect for effect, value in of_order.items() if value >= threshold], of_order


def _sample(counts: Floats, model: Model, variance: float, random: np.random.Generator) -> Floats:
    """Draws of the coefficients, (steps, chains, effects): steps near where a chain is, and fresh ones, by turns."""
    effects = np.array(model.effects)
    cells = np.arange(1, len(counts))
    design = ((cells[:, None] & effects) == effects).astype(float)
    precision = np.where([e.bit_count() > 1 for e in model.effects], 1 / variance, 1 / FLAT)
    ridge = Ridge(np.zeros((len(effects), 1)), precision[:, None])
    mode = fit(counts[:, None], columns(model.effects, 1), ridge=ridge).coefficients[:, 0]
    weight = np.exp(design @ mode)
    root = np.linalg.cholesky(np.linalg.inv((design * weight[:, None]).T @ design + np.diag(precision)))

    def height(b: Floats) -> Floats:
        predictor = np.minimum(b @ design.T, 60)
        return np.asarray(predictor @ counts[1:] - np.exp(predictor).sum(axis=1) - (precision * b**2).sum(axis=1) / 2)

    def away(b: Floats) -> Floats:
        """The log density of a fresh step, up to a constant."""
        standard = np.linalg.solve(root, (b - mode).T)
        return np.asarray(-(FREEDOM + len(mode)) / 2 * np.log1p((standard**2).sum(axis=0) / FREEDOM))

    here = mode + 2 * random.standard_normal((CHAINS, len(mode))) @ root.T
    now, kept = height(here), np.empty((STEPS, CHAINS, len(mode)))
    for step in range(-WARM_UP, STEPS):
        near = step % 2 == 0
        noise = random.standard_normal((CHAINS, len(mode))) @ root.T
        wide = np.sqrt(FREEDOM / random.chisquare(FREEDOM, (CHAINS, 1)))
        there = here + 2.38 / np.sqrt(len(mode)) * noise if near else mode + noise * wide
        then = height(there)
        ratio = then - now + (0 if near else away(here) - away(there))
        taken = np.log(random.uniform(size=CHAINS)) < ratio
        here[taken], now[taken] = there[taken], then[taken]
        if step >= 0:
            kept[step] = here
    return kept


def _estimate(table: CaptureTable, model: Model, hidden: Floats, diagnosis: Diagnosis, threshold: float) -> Estimate:
    method = f"Bayesian threshold, {threshold:g} deviations"
    if not diagnosis.r_hat <= R_HAT or min(diagnosis.bulk, diagnosis.tail) < EFFECTIVE:
        few = min(diagnosis.bulk, diagnosis.tail)
        refusal = f"The chains do not agree: R-hat is {diagnosis.r_hat:.3f}, with {few:,.0f} effective draws."
        return Estimate(method, table.persons, model=str(model), refusal=refusal, fingerprint=table.fingerprint())
    limits = table.persons + np.quantile(hidden, LEVELS)
    return Estimate(
        method=method,
        seen=table.persons,
        population=float(limits[2]),
        low=float(limits[0]),
        high=float(limits[-1]),
        interval=f"credible interval given the model kept; median in the middle; {diagnosis.bulk:,.0f} effective draws",
        model=str(model),
        quantiles=tuple(zip(LEVELS, map(float, limits), strict=True)),
        fingerprint=table.fingerprint(),
    )
