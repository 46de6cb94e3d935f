"""Bayesian threshold method (Silverman 2020): keep interactions whose posterior is far from zero.

Source: Silverman 2020, Journal of the Royal Statistical Society A 183:691. Interactions of pairs of lists have normal
priors with mean zero; the intercept and the main effects have nearly flat priors. Interactions whose posterior mean is
less than `threshold` standard deviations from zero are dropped and the model is fitted again; with `order` 3, triples
are tried whose three pairs were kept. With a proper prior the posterior exists even if the likelihood has no maximum.
Sampled by Metropolis steps around the mode, in many chains at once.
"""

from dataclasses import dataclass

import numpy as np

from assay.stats.multiple_systems.capture_histories import Floats, closure, effect_name, effects_of_order
from assay.stats.multiple_systems.capture_tables import CaptureTable
from assay.stats.multiple_systems.chain_diagnostics import Diagnosis, diagnose
from assay.stats.multiple_systems.hidden_estimates import HiddenEstimate
from assay.stats.multiple_systems.hierarchical_models import LogLinearModel
from assay.stats.multiple_systems.latent_class import LEVELS, MAXIMUM_R_HAT, MINIMUM_EFFECTIVE_DRAWS
from assay.stats.multiple_systems.newton_fits import Ridge, fit_loglinear, repeat_model

THRESHOLD, PRIOR_VARIANCE = 2.0, 1.0
FLAT_PRIOR_VARIANCE = 1e4
"""Prior variance of the intercept and of the main effects of lists."""
CHAINS, WARM_UP, STEPS = 32, 1000, 3000
DEGREES_OF_FREEDOM = 5
"""Degrees of freedom of the t distribution of independent proposals."""


@dataclass(frozen=True)
class ThresholdEstimate:
    """Estimate, selected model, ratio |mean| / sd of each interaction that was tried, and convergence diagnosis."""

    estimate: HiddenEstimate
    model: LogLinearModel
    ratios: tuple[tuple[str, float], ...]
    diagnosis: Diagnosis


def bayesian_threshold(
    table: CaptureTable,
    *,
    threshold: float = THRESHOLD,
    order: int = 2,
    prior_variance: float = PRIOR_VARIANCE,
    seed: int = 1,
) -> ThresholdEstimate:
    """Select interactions by the threshold and sample the population; `order` (2 or 3) is the highest interaction."""
    generator, lists = np.random.default_rng(seed), table.lists
    pairs = effects_of_order(len(lists), 2) if len(lists) > 2 else []
    selected, ratios = _select_effects(
        table, LogLinearModel.from_effects(lists, pairs), 2, threshold, prior_variance, generator
    )
    if order == 3:
        triples = [triple for triple in effects_of_order(len(lists), 3) if _pairs_of(triple) <= set(selected)]
        if triples:
            selected_triples, triple_ratios = _select_effects(
                table,
                LogLinearModel.from_effects(lists, [*selected, *triples]),
                3,
                threshold,
                prior_variance,
                generator,
            )
            selected, ratios = [*selected, *selected_triples], ratios | triple_ratios
    model = LogLinearModel.from_effects(lists, selected)
    draws = _sample(table.counts, model, prior_variance, generator)
    hidden = np.exp(draws[:, :, 0])
    diagnosis = diagnose(np.log(table.persons + hidden))
    named_ratios = tuple((effect_name(effect, lists), ratio) for effect, ratio in ratios.items())
    return ThresholdEstimate(_estimate(table, model, hidden, diagnosis, threshold), model, named_ratios, diagnosis)


def _pairs_of(triple: int) -> set[int]:
    return {effect for effect in closure([triple]) if effect.bit_count() == 2}


def _select_effects(
    table: CaptureTable,
    model: LogLinearModel,
    order: int,
    threshold: float,
    variance: float,
    generator: np.random.Generator,
) -> tuple[list[int], dict[int, float]]:
    """Return the effects of this order above the threshold, and the ratio of each effect."""
    draws = _sample(table.counts, model, variance, generator).reshape(-1, len(model.effects))
    ratio = np.abs(draws.mean(axis=0)) / draws.std(axis=0, ddof=1)
    ratios_of_order = {
        mask: float(effect_ratio)
        for mask, effect_ratio in zip(model.effects, ratio, strict=True)
        if mask.bit_count() == order
    }
    return [effect for effect, value in ratios_of_order.items() if value >= threshold], ratios_of_order


def _sample(counts: Floats, model: LogLinearModel, variance: float, generator: np.random.Generator) -> Floats:
    """Draw the coefficients, of shape (steps, chains, effects), by alternating random-walk and independence steps."""
    effects = np.array(model.effects)
    cells = np.arange(1, len(counts))
    design = ((cells[:, None] & effects) == effects).astype(float)
    precision = np.where([effect.bit_count() > 1 for effect in model.effects], 1 / variance, 1 / FLAT_PRIOR_VARIANCE)
    ridge = Ridge(np.zeros((len(effects), 1)), precision[:, None])
    mode = fit_loglinear(counts[:, None], repeat_model(model.effects, 1), ridge=ridge).coefficients[:, 0]
    weight = np.exp(design @ mode)
    root = np.linalg.cholesky(np.linalg.inv((design * weight[:, None]).T @ design + np.diag(precision)))
    inverse_root = np.linalg.inv(root)

    def log_posterior(b: Floats) -> Floats:
        predictor = np.minimum(b @ design.T, 60)
        return np.asarray(predictor @ counts[1:] - np.exp(predictor).sum(axis=1) - (precision * b**2).sum(axis=1) / 2)

    def proposal_density(b: Floats) -> Floats:
        """Return the log density of an independent proposal, up to a constant."""
        standard = inverse_root @ (b - mode).T
        return np.asarray(
            -(DEGREES_OF_FREEDOM + len(mode)) / 2 * np.log1p((standard**2).sum(axis=0) / DEGREES_OF_FREEDOM)
        )

    current = mode + 2 * generator.standard_normal((CHAINS, len(mode))) @ root.T
    current_density, samples = log_posterior(current), np.empty((STEPS, CHAINS, len(mode)))
    for step in range(-WARM_UP, STEPS):
        is_local = step % 2 == 0
        noise = generator.standard_normal((CHAINS, len(mode))) @ root.T
        scale = np.sqrt(DEGREES_OF_FREEDOM / generator.chisquare(DEGREES_OF_FREEDOM, (CHAINS, 1)))
        proposal = current + 2.38 / np.sqrt(len(mode)) * noise if is_local else mode + noise * scale
        new_density = log_posterior(proposal)
        ratio = new_density - current_density
        if not is_local:
            at_current, at_proposal = np.split(proposal_density(np.vstack([current, proposal])), 2)
            ratio += at_current - at_proposal
        accepted = np.log(generator.uniform(size=CHAINS)) < ratio
        current[accepted], current_density[accepted] = proposal[accepted], new_density[accepted]
        if step >= 0:
            samples[step] = current
    return samples


def _estimate(
    table: CaptureTable, model: LogLinearModel, hidden: Floats, diagnosis: Diagnosis, threshold: float
) -> HiddenEstimate:
    method = f"Bayesian threshold, {threshold:g} deviations"
    if not diagnosis.r_hat <= MAXIMUM_R_HAT or min(diagnosis.bulk, diagnosis.tail) < MINIMUM_EFFECTIVE_DRAWS:
        effective_draws = min(diagnosis.bulk, diagnosis.tail)
        refusal = (
            f"The chains do not agree: R-hat is {diagnosis.r_hat:.3f}, with {effective_draws:,.0f} effective draws."
        )
        return HiddenEstimate(method, table.persons, model=str(model), refusal=refusal, fingerprint=table.fingerprint())
    limits = table.persons + np.quantile(hidden, LEVELS)
    return HiddenEstimate(
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
