"""Accuracy of outlier alerts in simulated inspections of realistic size, from single measures and combined tests.

Parts of `comparison.py`, which prints them: `python benchmarks/comparison.py many together`.
"""

import numpy as np
from scipy import special, stats

from assay.compare.alert_thresholds import FAILURE_MODE_Q_THRESHOLD, MEASURE_Q_THRESHOLD, Q_THRESHOLD
from assay.compare.outlier_alerts import BETTER_WEIGHT, WORSE_WEIGHT
from assay.compare.share_comparison import OUTLIER_PRIOR
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.stats.combined_tests import combined_p_values, stouffer_scores, z_scores
from assay.stats.false_discovery import q_values
from assay.stats.posterior_summary import EXCLUSION_P_VALUE
from assay.stats.share_posteriors import share_posterior

LEVELS = (0.05, 0.04, Q_THRESHOLD)
MANY_MEASURES, MANY_FORCES, FAIL = 85, 44, 4
SPREAD = 0.3
"""Of forces, on the logit scale."""
QUESTIONS = MANY_MEASURES * MANY_FORCES
"""What an inspection asks: each measure of each force."""
EXCLUDED = (0.0, 0.002, EXCLUSION_P_VALUE)


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def many_forces(worlds: int) -> None:
    worlds = max(1, worlds // 2)
    print(f"{MANY_FORCES} forces, {MANY_MEASURES} measures; {worlds} worlds in which nothing is wrong, and the same")
    print(f"with one measure more, in which {FAIL} forces fail, four deviations out")
    worlds_drawn = [many_p_values(np.random.default_rng([77, seed])) for seed in range(worlds)]
    rows = []
    for place, below in enumerate(EXCLUDED):
        quiet = np.concatenate([p[:-1, :, place].ravel() for p, _ in worlds_drawn])
        small = ", ".join(f"{(quiet < level).mean() / level:.1f}" for level in (0.01, 0.001, 0.0001))
        for level in LEVELS:
            alert_means = np.array([named_of_many(p[..., place], weights, level) for p, weights in worlds_drawn])
            false = (alert_means[:, 2] / np.maximum(alert_means[:, 1:].sum(axis=1), 1)).mean()
            alarms, found = (alert_means[:, 0] > 0).mean(), alert_means[:, 1].mean() / FAIL
            rows.append([f"{below}", f"{level}", f"{alarms:.1%}", f"{found:.0%}", f"{false:.1%}", small])
    table(
        ["excluded below", "identified up to q", "nothing wrong: worlds with an alarm",
         f"found of {FAIL} that fail alike", "false a world, mean", "p below 0.01, 0.001, 0.0001, times what it says"],
        rows,
    )  # fmt: skip


def many_p_values(
    random, exclusion_levels: tuple[float, ...] = EXCLUDED, *, as_beta: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Simulate a data set; return p-values (measures, forces, exclusion levels) and side weights (measures, forces).

    The last measure is the one in which forces fail.
    """
    p, weights = (
        np.empty((MANY_MEASURES + 1, MANY_FORCES, len(exclusion_levels))),
        np.empty((MANY_MEASURES + 1, MANY_FORCES)),
    )
    for measure in range(MANY_MEASURES + 1):
        mean = random.choice([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
        base, good = int(random.choice([60, 200, 600, 1200, 2400])), random.choice([1, -1])
        deviations = random.standard_normal(MANY_FORCES)
        if measure == MANY_MEASURES:
            mean, base, good = random.choice([0.4, 0.6, 0.8, 0.9]), 2400, 1
            deviations[:FAIL] -= 4
        p[measure], weights[measure] = _measure_p_values(
            random, mean, base, good, deviations, exclusion_levels, as_beta=as_beta
        )
    return p, weights


def _measure_p_values(
    random, mean: float, base: int, good: int, deviations: np.ndarray, exclusion_levels: tuple[float, ...], *,
    as_beta: bool = False,
):  # fmt: skip
    """Of one measure: the p values, (forces, apart), and the weights of the sides on which forces lie. Shares scatter
    on the logit scale, or as a beta of the same mean and spread does, as the model supposes."""
    share = _as_beta(mean, deviations) if as_beta else special.expit(special.logit(mean) + SPREAD * deviations)
    counts = random.binomial(base, share)
    bases = np.full(len(counts), base)
    fitted = [
        share_posterior(counts, bases, outlier_prior=OUTLIER_PRIOR, exclusion_p_value=below)
        for below in exclusion_levels
    ]
    worse = np.sign(counts - np.median(counts)) * good < 0
    return np.column_stack([posterior.p_values() for posterior in fitted]), np.where(worse, WORSE_WEIGHT, BETTER_WEIGHT)


def _as_beta(mean: float, deviations: np.ndarray) -> np.ndarray:
    """Shares of a beta whose forces lie so many deviations out: each as far into its tail as a normal value would."""
    like = 1 / (SPREAD**2 * mean * (1 - mean)) - 1
    return stats.beta(mean * like, (1 - mean) * like).ppf(stats.norm.cdf(deviations))


def named_of_many(p: np.ndarray, weights: np.ndarray, level: float) -> tuple[int, int, int]:
    """Return the numbers of false alerts without failings, and of true and of false alerts with failings."""
    weighted = np.minimum(p / weights, 1.0)
    quiet = q_values(weighted[:-1].ravel()) <= level
    alert_total = q_values(weighted.ravel()).reshape(p.shape) <= level
    right = int(alert_total[-1, :FAIL].sum())
    return int(quiet.sum()), right, int(alert_total.sum()) - right


RULES = (
    (Q_THRESHOLD, None, True), (0.01, 0.025, False), (0.01, 0.025, True), (0.01, FAILURE_MODE_Q_THRESHOLD, True),
    (0.01, 0.05, True), (MEASURE_Q_THRESHOLD, FAILURE_MODE_Q_THRESHOLD, True), (None, FAILURE_MODE_Q_THRESHOLD, True),
)  # fmt: skip
"""Up to which q-value a measure is named by itself and a failure of the past, none: not at all; and whether a failure
is one question however many measures it has, or sums of two or more alone are asked (decision 0151)."""
SMALL = (0.05, 0.01, 0.001, 0.0001)
SHOWN_BY = {"one of one": (0,), "one of two": (0, 2), "two of two": (0, 1), "two of three": (0, 1, 2)}
"""In which of three measures more a failing is looked for: the first two are moved by it and the third is not."""
SIZES = tuple(len(measures) for measures in MEASURES_OF_MODE.values())


def combined_tests(worlds: int) -> None:
    worlds = max(1, worlds // 2)
    print(f"{MANY_FORCES} forces, {MANY_MEASURES} measures, {sum(SIZES)} dealt to {len(SIZES)} failures; {worlds}")
    print(f"worlds in which nothing is wrong, and the same with one failure more, in which {FAIL} forces fail, 3.5")
    print("deviations out in each measure that it moves; found, and false of all that is named, mean of worlds")
    quiet = {}
    for shape, as_beta in (("on the logit scale", False), ("as the model supposes", True)):
        worlds_drawn = [_with_more(np.random.default_rng([77, seed]), as_beta=as_beta) for seed in range(worlds)]
        print(f"Shares scatter {shape}:")
        rows = [_by_rule(worlds_drawn, *rule) for rule in RULES]
        moved = [head for name in SHOWN_BY for head in (f"found, {name}", "false")]
        table(
            ["measure identified up to q", "failure up to q", "of a failure", "nothing wrong: an alarm", *moved], rows
        )
        quiet[shape] = np.array(
            [group for _, _, scores in worlds_drawn for group in _failure_p_values(scores, asked_once=True)]
        )
    print("How often the p-values of failures lie so low where nothing is wrong, times what they say: in these worlds,")
    print("and where p-values of measures are exact and the measures of a failure share so much of their variance")
    for share in (0.2, 0.5, 0.8):
        random = np.random.default_rng([78, int(10 * share)])
        quiet[f"{share} shared"] = np.array([_sharing(random, size, share) for _ in range(worlds) for size in SIZES])
    rows = [
        [name, f"{p.size:,}", *(f"{(p < level).mean() / level:.2f}" for level in SMALL)] for name, p in quiet.items()
    ]
    table(["", "p-values", *(f"below {level}" for level in SMALL)], rows)


def _by_rule(worlds_drawn: list, measure_level: float | None, failures: float | None, asked_once: bool) -> list[str]:
    """A row of the table: alarms where nothing is wrong, and by where a failing is shown what is found and false."""
    alert_means = {
        name: np.mean(
            [_alerts_in_world(*world, own_measures, measure_level, failures, asked_once) for world in worlds_drawn],
            axis=0,
        )
        for name, own_measures in {"": (), **SHOWN_BY}.items()
    }
    found = [text for name in SHOWN_BY for text in (f"{alert_means[name][1]:.0%}", f"{alert_means[name][2]:.1%}")]
    question_text = "-" if failures is None else "one question" if asked_once else "sums of several"
    return [f"{measure_level or '-'}", f"{failures or '-'}", question_text, f"{alert_means[''][0]:.1%}", *found]


def _sharing(random, size: int, share: float) -> np.ndarray:
    shared, own_scores = random.standard_normal(MANY_FORCES), random.standard_normal((size, MANY_FORCES))
    return combined_p_values(np.sqrt(share) * shared + np.sqrt(1 - share) * own_scores)


def _with_more(random, *, as_beta: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of one world with three measures more, which share a fifth of their variance: p values, weights, and how extreme
    each force lies on the worse side, all (measures, forces)."""
    p, weights = (list(found[:MANY_MEASURES]) for found in many_p_values(random, (EXCLUSION_P_VALUE,), as_beta=as_beta))
    shared = random.standard_normal(MANY_FORCES)
    for moved in (3.5, 3.5, 0):
        deviations = np.sqrt(0.2) * shared + np.sqrt(0.8) * random.standard_normal(MANY_FORCES)
        deviations[:FAIL] -= moved
        mean = random.choice([0.2, 0.4, 0.6, 0.8])
        own_p_values, sides = _measure_p_values(
            random, mean, 1200, 1, deviations, (EXCLUSION_P_VALUE,), as_beta=as_beta
        )
        p.append(own_p_values)
        weights.append(sides)
    out = z_scores(np.array(p)[..., 0], np.where(np.array(weights) == WORSE_WEIGHT, 1, -1))
    return np.array(p)[..., 0], np.array(weights), out


def _failure_p_values(scores: np.ndarray, asked_once: bool) -> list[np.ndarray]:
    """The p values of each failure, from the first measures, dealt out in order."""
    dealt = np.split(scores[: sum(SIZES)], np.cumsum(SIZES)[:-1])
    return [_failure_p_value(group_scores, asked_once) for group_scores in dealt if asked_once or len(group_scores) > 1]


def _failure_p_value(scores: np.ndarray, asked_once: bool) -> np.ndarray:
    return combined_p_values(scores) if asked_once else stats.norm.sf(stouffer_scores(scores))


def _alerts_in_world(
    p: np.ndarray, weights: np.ndarray, scores: np.ndarray, own_measures: tuple[int, ...],
    measure_level: float | None, failures: float | None, asked_once: bool,
) -> tuple[bool, float, float]:  # fmt: skip
    """Of one world in which a failing is looked for in these `own_measures` measures more (none: nothing is wrong):
    whether anything is named, which part of those that fail, and which part of all that is named falsely."""
    measures_asked = [*range(MANY_MEASURES), *(MANY_MEASURES + place for place in own_measures)]
    alerted_single = _alerted(np.minimum(p / weights, 1)[measures_asked], measure_level)
    modes = _failure_p_values(scores, asked_once)
    quiet = len(modes)
    if own_measures and (asked_once or len(own_measures) > 1):
        modes = [*modes, _failure_p_value(scores[measures_asked[MANY_MEASURES:]], asked_once)]
    joined = _alerted(np.array(modes), failures)
    moved = [MANY_MEASURES + number for number, place in enumerate(own_measures) if place < 2]
    right = np.vstack([alerted_single[moved], joined[quiet:]])[:, :FAIL]
    alert_total = alerted_single.sum() + joined.sum()
    return (
        alert_total > 0,
        right.any(axis=0).mean() if len(right) else 0.0,
        (alert_total - right.sum()) / max(alert_total, 1),
    )


def _alerted(p: np.ndarray, level: float | None) -> np.ndarray:
    return q_values(p.ravel()).reshape(p.shape) <= level if level else np.zeros(p.shape, dtype=bool)
