"""Coverage, false alarms, power and speed of the comparison of forces, compared with an MCMC sampler and statsmodels.

    python benchmarks/comparison.py [coverage] [alarms] [less] [power] [alike] [many] [together] [alone] [tails]
        [shapes] [trend] [speed] [whole] [--worlds N]

Shares are compared as in `assay.compare`, including the prior probability that a force is an outlier. Every table is
printed as Markdown. Seeds are fixed, so the same package versions print the same tables (except for times).
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import special, stats

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "stats"))

from charge_rates import CHARGED, CLOSED

from assay.compare import control_false_discovery_rate
from assay.compare.alert_thresholds import Q_THRESHOLD
from assay.compare.outlier_alerts import BETTER_WEIGHT, WORSE_WEIGHT
from assay.compare.share_comparison import OUTLIER_PRIOR, _fit_estimates, compare_shares
from assay.stats.binomial_intervals import naive_funnel_z, wilson
from assay.stats.false_discovery import q_values
from assay.stats.level_changes import level_change
from assay.stats.posterior_summary import EXCLUSION_P_VALUE
from assay.stats.rates import rate_posterior
from assay.stats.share_posteriors import SharePosterior, share_posterior
from comparison_many import LEVELS, QUESTIONS, combined_tests, many_forces, table
from comparison_shapes import shapes

BASES = np.array(CLOSED)
BASES_44 = np.append(BASES, 75)


def compared(counts, bases) -> SharePosterior:
    return share_posterior(counts, bases, outlier_prior=OUTLIER_PRIOR, exclusion_p_value=EXCLUSION_P_VALUE)


def true_shares(random, mean: float, sd: float, units: int, shape: str) -> np.ndarray:
    if sd == 0:
        return np.full(units, mean)
    if shape == "beta":
        joint_alerts = mean * (1 - mean) / sd**2 - 1
        return random.beta(mean * joint_alerts, (1 - mean) * joint_alerts, units)
    return special.expit(special.logit(mean) + sd / (mean * (1 - mean)) * random.standard_normal(units))


def coverage(worlds: int) -> None:
    print(f"Coverage of 95% intervals, 43 forces with the real numbers of closed offences, {worlds} worlds a row")
    rows = []
    cases = [(m, s, "beta") for m in (0.02, 0.095, 0.40) for s in (0.0, 0.3 * m, 0.6 * m)]
    for mean, sd, shape in [*cases, (0.095, 0.0285, "logit-normal"), (0.40, 0.12, "logit-normal")]:
        hits, raw, predicted, widths, raw_widths = [], [], [], [], []
        for seed in range(worlds):
            random = np.random.default_rng([1, seed])
            truth = true_shares(random, mean, sd, 43, shape)
            counts = random.binomial(BASES, truth)
            posterior = compared(counts, BASES)
            low, high = posterior.interval()
            single_widths = np.array([wilson(y, n) for y, n in zip(counts, BASES, strict=True)])
            expected = posterior.predictive()
            hits.append((low <= truth) & (truth <= high))
            raw.append((single_widths[:, 0] <= truth) & (truth <= single_widths[:, 1]))
            predicted.append((expected.low <= counts / BASES) & (counts / BASES <= expected.high))
            widths.append(np.median(high - low))
            raw_widths.append(np.median(single_widths[:, 1] - single_widths[:, 0]))
        rows.append([f"{mean:.3f}", f"{sd:.4f}", shape, f"{np.mean(hits):.3f}", f"{np.mean(raw):.3f}",
                     f"{np.mean(predicted):.3f}", f"{np.mean(widths) / np.mean(raw_widths):.2f}"])  # fmt: skip
    table(
        [
            "mean share",
            "sd between forces",
            "shape",
            "drawn-in interval",
            "Wilson alone",
            "prediction",
            "width / Wilson",
        ],
        rows,
    )
    rows = []
    for mean, cv in ((2.0, 0.0), (2.0, 0.3), (5.0, 0.3), (0.05, 0.5)):
        hits, predicted = [], []
        for seed in range(worlds):
            random = np.random.default_rng([2, seed])
            children = BASES * 200 / 1000
            truth = np.full(43, mean) if cv == 0 else random.gamma(cv**-2, mean * cv**2, 43)
            counts = random.poisson(truth * children)
            if counts.sum() == 0:
                continue
            posterior = rate_posterior(counts, children, exclusion_p_value=EXCLUSION_P_VALUE)
            low, high = posterior.interval()
            expected = posterior.predictive()
            hits.append((low <= truth) & (truth <= high))
            predicted.append((expected.low <= counts / children) & (counts / children <= expected.high))
        rows.append([f"{mean}", f"{cv}", f"{np.mean(hits):.3f}", f"{np.mean(predicted):.3f}"])
    table(["rate per 1,000", "cv between forces", "drawn-in interval", "prediction"], rows)


def funnel_p(counts, bases, winsorise: float) -> np.ndarray:
    """Return p-values of the usual funnel plot: z-scores divided by the root of their winsorised mean square."""
    z = naive_funnel_z(counts, bases)
    scores_used = z if not winsorise else np.clip(z, *np.quantile(z, [winsorise, 1 - winsorise]))
    phi = max(1.0, float((scores_used**2).mean())) if winsorise else 1.0
    return 2 * special.ndtr(-np.abs(z) / np.sqrt(phi))


METHODS: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "ours: prediction from the others": lambda y, n: compared(y, n).p_values(),
    "winsorised funnel (10%)": lambda y, n: funnel_p(y, n, 0.1),
    "naive funnel": lambda y, n: funnel_p(y, n, 0.0),
}


def alarms(worlds: int) -> None:
    title_text = f"44 units x 12 measures, identified at a q-value threshold of {Q_THRESHOLD}, {worlds} worlds a row"
    print(f"Worlds where nothing is wrong: {title_text}")
    rows = []
    for shape, spread in (("beta", 0.3), ("logit-normal", 0.3), ("logit-normal", 0.15), ("beta", 0.0)):
        found = dict.fromkeys(METHODS, 0)
        for seed in range(worlds):
            random = np.random.default_rng([3, seed])
            p = {name: [] for name in METHODS}
            for mean in np.linspace(0.03, 0.6, 12):
                truth = true_shares(random, mean, spread * mean * (1 - mean), 44, shape)
                counts = random.binomial(BASES_44, truth)
                for name, method in METHODS.items():
                    p[name].append(method(counts, BASES_44))
            for name in METHODS:
                found[name] += bool((q_values(np.concatenate(p[name])) <= Q_THRESHOLD).any())
        rows += [[shape, f"{spread}", name, f"{count / worlds:.3f}"] for name, count in found.items()]
    table(["shape", "sd between units (logit)", "method", "worlds with an alarm"], rows)


def less(worlds: int) -> None:
    print(f"Worlds where nothing is wrong: 44 units, 22 asked 12 measures and 22 only 4 of them, {worlds} worlds")
    expected_level = np.ones((12, 44), dtype=bool)
    expected_level[4:, 22:] = False
    rows = []
    for shape, spread in (("beta", 0.3), ("logit-normal", 0.3), ("beta", 0.0)):
        raw, shrunken, alarm = np.zeros((12, 44)), np.zeros((12, 44)), 0
        for seed in range(worlds):
            random = np.random.default_rng([5, seed])
            p = np.full((12, 44), np.nan)
            for row, mean in enumerate(np.linspace(0.03, 0.6, 12)):
                truth = true_shares(random, mean, spread * mean * (1 - mean), 44, shape)[expected_level[row]]
                bases = BASES_44[::-1][expected_level[row]] if seed % 2 else BASES_44[expected_level[row]]
                p[row, expected_level[row]] = compared(random.binomial(bases, truth), bases).p_values()
            found = q_values(p[expected_level]) <= Q_THRESHOLD
            alarm += bool(found.any())
            shrunken[expected_level] += found
            raw += np.nan_to_num(p, nan=1.0) <= 0.05
        for name, measure_slice in (("12 measures", slice(0, 22)), ("4 measures", slice(22, 44))):
            test_count = expected_level[:, measure_slice].sum() * worlds
            rows.append(
                [
                    shape,
                    f"{spread}",
                    name,
                    f"{raw[:, measure_slice].sum() / test_count:.4f}",
                    f"{shrunken[:, measure_slice].sum() / test_count:.5f}",
                    f"{shrunken[:, measure_slice].sum():.0f}",
                    f"{alarm / worlds:.3f}",
                ]
            )
    table(
        ["shape", "sd between units (logit)", "asked", "p at most 0.05, of those asked", "named, of those asked",
         "named in all", "worlds with an alarm"],
        rows,
    )  # fmt: skip


def power(worlds: int) -> None:
    print(f"One force of 43 injected far below the others (share 0.095, sd 0.027); 12 measures, {worlds} worlds a row")
    rows = []
    for injected in (0.06, 0.045, 0.03, 0.015):
        found, wrong = 0, 0
        for seed in range(worlds):
            random = np.random.default_rng([4, seed])
            p = []
            for measure in range(12):
                truth = true_shares(random, 0.095, 0.027, 43, "beta")
                if measure == 0:
                    truth[7] = injected
                p.append(compared(random.binomial(BASES, truth), BASES).p_values())
            alerted = q_values(np.concatenate(p)) <= Q_THRESHOLD
            found += bool(alerted[7])
            wrong += int(alerted.sum() - alerted[7])
        rows.append([f"{injected}", f"{BASES[7]}", f"{found / worlds:.2f}", f"{wrong / worlds:.3f}"])
    table(["injected share", "its closed offences", "found", "others named a world"], rows)


MEASURES = (
    (0.91, 0.25), (0.62, 0.25), (0.78, 0.25), (0.86, 0.3), (0.68, 0.3), (0.78, 0.25), (0.78, 0.25), (0.78, 0.25),
    (0.5, 0.35), (0.63, 0.35), (0.2, 0.3), (0.35, 0.3),
)  # fmt: skip
"""Share and standard deviation between forces on the logit scale; a failing may show in the first five."""


CHOICES = ((0.0, 0.0), (0.05, 0.0), (0.02, 0.005), (0.05, 0.005), (0.05, 0.01))
"""Prior chance that a force is none of the population, and the p value under which one is excluded."""


def forces_failing_alike(worlds: int) -> None:
    print(f"43 forces, 12 measures; so many forces fail alike (serious) in each of 5; {worlds // 5} worlds a number,")
    print(f"and {worlds} worlds in which nothing is wrong")
    rows = []
    for outlier_prior, below in CHOICES:
        found = {
            number: np.array([
                failing_alike(np.random.default_rng([7, seed]), number, outlier_prior, below)
                for seed in range(worlds // 5 if number else worlds)
            ])
            for number in (0, 1, 3, 5)
        }  # fmt: skip
        for place, level in enumerate(LEVELS):
            failing, quiet = np.vstack([found[number][:, place] for number in (1, 3, 5)]), found[0][:, place]
            right, wrong = failing[:, 0].sum(), failing[:, 2].sum()
            false = (failing[:, 2] / np.maximum(failing[:, 0] + failing[:, 2], 1)).mean()
            power = ", ".join(
                f"{found[number][:, place, 0].sum() / found[number][:, place, 1].sum():.0%}" for number in (1, 3, 5)
            )
            alarms, low = (quiet[:, 2] > 0).mean(), quiet[:, 3].mean() / 43 / len(MEASURES)
            rows.append([f"{outlier_prior}", f"{below}", f"{level}", power, f"{wrong:.0f} of {right + wrong:.0f}",
                         f"{false:.1%}", f"{alarms:.1%}", f"{low:.2%}"])  # fmt: skip
    table(
        ["prior chance", "excluded below", "identified up to q", "found of 1, 3, 5 forces alike", "false of all named",
         "false a world, mean", "nothing wrong: worlds with an alarm", "nothing wrong: p below 0.01"],
        rows,
    )  # fmt: skip


def failing_alike(random, number: int, outlier_prior: float, below: float) -> np.ndarray:
    """Return, for one synthetic data set and each exclusion level: true alerts, injected failings, false alerts, and
    null p-values below 0.01."""
    p, injected = np.empty((len(MEASURES), 43)), np.zeros((len(MEASURES), 43), dtype=bool)
    for row, (mean, sd) in enumerate(MEASURES):
        truth = special.expit(special.logit(mean) + sd * random.standard_normal(43))
        bases = np.maximum(20, (250 * random.lognormal(0, 0.3, 43) * random.choice([0.2, 0.5, 1])).astype(int))
        if number and row < 5:
            where = random.choice(43, number, replace=False)
            truth[where] = np.clip(truth[where] - max(0.2, 4 * sd * mean * (1 - mean)), 0.02, 0.98)
            bases[where], injected[row, where] = np.maximum(bases[where], 100), True
        counts = random.binomial(bases, truth)
        p[row] = share_posterior(counts, bases, outlier_prior=outlier_prior, exclusion_p_value=below).p_values()
    q = q_values(p.ravel()).reshape(p.shape)
    low = ((p < 0.01) & ~injected).sum()
    return np.array([
        (((q <= level) & injected).sum(), injected.sum(), ((q <= level) & ~injected).sum(), low) for level in LEVELS
    ])  # fmt: skip


def measures_failing_alone(worlds: int) -> None:
    print("4 of 44 forces fail in so many of 85 measures and nothing else is wrong; mean and spread are known, and")
    print(f"records are endless; {worlds} worlds a row. Called over everything together, or measure by measure within")
    print("those that stand out (Benjamini and Bogomolov, J. R. Statist. Soc. B 76, 2014, 297-318)")
    rows = []
    for deviations in (4, 5, 6):
        for measures in (1, 2, 3):
            sums = np.zeros((2, 2))
            for seed in range(worlds):
                sums += failing_alone(np.random.default_rng([9, seed]), measures, deviations)
            rates = [(f"{found / (4 * worlds):.2f}", f"{wrong / worlds:.2f}") for found, wrong in sums]
            rows.append([f"{deviations}", f"{measures}", *rates[0], *rates[1]])
    wrong = "wrong names a world"
    table(["deviations", "measures", "found", wrong, "measure by measure: found", wrong], rows)
    print("How many questions an inspection may ask, if 4 of 44 forces that fail in one of them are to be found nine")
    print("times in ten, each with its own deviation on top, and of all calls at most 5 in 100 may be false")
    rows = []
    for deviations in (4, 5, 6):
        out = deviations - float(stats.norm.ppf(0.9))
        expected_level = WORSE_WEIGHT * 0.05 * 4 / (2 * float(stats.norm.sf(out)))
        rates = float(stats.norm.cdf(deviations - stats.norm.isf(WORSE_WEIGHT * 0.05 * 4 / (2 * QUESTIONS))))
        rows.append(
            [f"{deviations}", f"{out:.2f}", f"{expected_level:,.0f}", f"{expected_level / 44:.1f}", f"{rates:.2f}"]
        )
    table(
        ["deviations", "called past", "questions", "measures of 44 forces", f"found, of {QUESTIONS:,} questions"], rows
    )


def tails(worlds: int) -> None:
    print("What a population that is a beta, as the model has it, says of a share four standard deviations out on the")
    print("logit scale, where the population that it is fitted to is normal on that scale; mean and spread are known,")
    print("and records are endless. (Normal on that scale: 0.00003.) A call, where little else is, needs 0.00005.")
    rows = []
    for middle in (0.05, 0.2, 0.4, 0.8):
        for sd in (0.3, 0.5):
            share = special.expit(special.logit(middle) + sd * stats.norm.ppf((np.arange(1e5) + 0.5) / 1e5))
            joint_alerts = share.mean() * (1 - share.mean()) / share.var() - 1
            shape = stats.beta(share.mean() * joint_alerts, (1 - share.mean()) * joint_alerts)
            low, high = special.expit(special.logit(middle) + sd * np.array([-4, 4]))
            limits = (f"{low:.3f}", f"{shape.cdf(low):.5f}", f"{high:.3f}", f"{shape.sf(high):.6f}")
            rows.append([f"{middle}", f"{sd}", *limits])
    table(["middle", "sd (logit)", "four below", "chance of less", "four above", "chance of more"], rows)


def failing_alone(random, measures: int, deviations: float) -> np.ndarray:
    """Return, for one synthetic data set, how many of the four failing forces each method detects, and its false
    alerts."""
    z, fails = random.standard_normal((85, 44)), random.choice(44, 4, replace=False)
    z[:measures, fails] += deviations
    p = np.minimum(2 * stats.norm.sf(np.abs(z)) / np.where(z > 0, WORSE_WEIGHT, BETTER_WEIGHT), 1)
    joint_alerts = q_values(p.ravel()).reshape(p.shape) <= 0.05
    stand_out = q_values((np.sort(p) * 44 / np.arange(1, 45)).min(axis=1)) <= 0.05
    measure_alerts = np.array([q_values(measure_p) <= 0.05 * stand_out.mean() for measure_p in p]) & stand_out[:, None]
    return np.array([_alert_counts(alerted, measures, fails) for alerted in (joint_alerts, measure_alerts)])


def _alert_counts(alerted: np.ndarray, measures: int, fails: np.ndarray) -> tuple[int, int]:
    right = alerted[:measures, fails]
    return int(right.any(axis=0).sum()), int(alerted.sum() - right.sum())


def simulated(
    random, level: float, length: int, walk: float, noise: float, step: int | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return simulated counts around a random-walk level, and the log level without the step."""
    path = np.log(level) + np.cumsum(walk * random.standard_normal(length))
    season = np.array([0.04, -0.06, 0.05, -0.03])[np.arange(length) % 4]
    jump = 0.0 if step is None else 0.3 * (np.arange(length) >= step)
    return random.poisson(np.exp(path + season + jump + noise * random.standard_normal(length))), path


def trend(worlds: int) -> None:
    print(f"The change over three years of 54 quarters, {worlds} worlds a row")
    rows = []
    cases = [
        ("sds drawn from the prior", 400, None, None),
        ("sds drawn from the prior, a step of 35% between", 400, None, 46),
        ("a calm series", 400, (0.01, 0.02), None), ("a restless series", 400, (0.08, 0.05), None),
        ("a small series", 40, (0.03, 0.03), None), ("a very small series", 10, (0.03, 0.03), None),
    ]  # fmt: skip
    for name, level, sds, step in cases:
        hits, predictives, falls = [], [], []
        for seed in range(worlds):
            random = np.random.default_rng([5, seed])
            walk, noise = sds or np.abs(0.10 * random.standard_normal(2))
            counts, path = simulated(random, level, 54, walk, noise, step)
            truth = path[-4:].mean() - path[-16:-12].mean()
            change = level_change(list(counts), steps=() if step is None else (step,), spans=(3,)).changes[0]
            if change.step_adjusted is None:
                continue
            answer = change.step_adjusted
            hits.append(answer.low <= np.expm1(truth) <= answer.high)
            predictives.append(answer.probability_fell)
            falls.append(truth < 0)
        predictives, falls = np.array(predictives), np.array(falls)
        sure = np.maximum(predictives, 1 - predictives) >= 0.9
        right = np.where(predictives >= 0.5, falls, ~falls)
        rows.append(
            [
                name,
                f"{level}",
                f"{len(hits)}",
                f"{np.mean(hits):.3f}",
                f"{sure.mean():.2f}",
                f"{right[sure].mean():.3f}" if sure.any() else "-",
                f"{np.maximum(predictives, 1 - predictives)[sure].mean():.3f}" if sure.any() else "-",
            ]
        )
    table(
        [
            "series",
            "count a quarter",
            "answered",
            "95% interval covers",
            "part that is 90% sure",
            "of those right",
            "mean probability said",
        ],
        rows,
    )


def metropolis(counts, bases, draws: int, random) -> np.ndarray:
    """Sample (logit m, logit s) by plain random-walk Metropolis, for comparison, and return the mean of each unit."""

    def log_density(x):
        m, s = special.expit(x)
        k = 1 / s**2 - 1
        like = special.betaln(m * k + counts, (1 - m) * k + bases - counts) - special.betaln(m * k, (1 - m) * k)
        return like.sum() + np.log(m * (1 - m) * s * (1 - s))

    number = np.array([special.logit(counts.sum() / bases.sum()), -2.4])
    here, total, chain = log_density(number), np.zeros(len(counts)), np.empty((draws, 2))
    for i in range(draws):
        proposal = number + np.array([0.1, 0.25]) * random.standard_normal(2)
        proposal_density = log_density(proposal)
        if np.log(random.random()) < proposal_density - here:
            number, here = proposal, proposal_density
        m, s = special.expit(number)
        k = 1 / s**2 - 1
        total += (m * k + counts) / (k + bases)
        chain[i] = number
    return total / draws, chain


def effective(chain: np.ndarray) -> float:
    """Return the effective sample size of a chain, from the autocorrelation of its worse coordinate."""
    sizes = []
    for x in (chain - chain.mean(axis=0)).T:
        spectrum = np.abs(np.fft.rfft(x, 2 * len(x))) ** 2
        correlation = np.fft.irfft(spectrum)[: len(x)]
        correlation /= correlation[0]
        stop = np.argmax(correlation < 0.02)
        sizes.append(len(x) / (1 + 2 * correlation[1:stop].sum()))
    return min(sizes)


def _timed(fit: Callable[[], SharePosterior]) -> tuple[SharePosterior, float]:
    """A fit with its intervals, and the seconds that half of seven take at most."""
    times = []
    for _ in range(7):  # the first also pays for imports
        start = time.perf_counter()
        found = fit()
        found.interval()
        times.append(time.perf_counter() - start)
    return found, sorted(times)[3]


def speed(_: int) -> None:
    import pandas as pd
    from statsmodels.genmod.bayes_mixed_glm import BinomialBayesMixedGLM

    print("43 forces, charged of closed, 2024/25: one fit with its intervals")
    counts = np.array(CHARGED)
    posterior, ours_seconds = _timed(lambda: share_posterior(counts, BASES))
    used, used_seconds = _timed(lambda: compared(counts, BASES))
    off = np.abs(used.mean() / posterior.mean() - 1).max()
    rows = [["ours, quadrature", f"{ours_seconds:.3f}", "1", "-", "-"],
            ["ours as it is used: some may be none of the population", f"{used_seconds:.3f}",
             f"{used_seconds / ours_seconds:.1f}", "-", f"{off:.5f}"]]  # fmt: skip
    for draws in (20_000, 100_000):
        start = time.perf_counter()
        means, chain = metropolis(counts, BASES, draws, np.random.default_rng(6))
        seconds = time.perf_counter() - start
        off = np.abs(means / posterior.mean() - 1).max()
        rows.append([f"random-walk Metropolis, {draws:,} draws", f"{seconds:.2f}", f"{seconds / ours_seconds:.0f}",
                     f"{effective(chain):,.0f}", f"{off:.5f}"])  # fmt: skip
    long = pd.DataFrame({"force": np.repeat(np.arange(43), 2), "y": np.tile([1, 0], 43),
                         "n": np.column_stack([counts, BASES - counts]).ravel()})  # fmt: skip
    long = long.loc[long.index.repeat(long["n"])].reset_index(drop=True)
    start = time.perf_counter()
    glm = BinomialBayesMixedGLM.from_formula("y ~ 1", {"force": "0 + C(force)"}, long)
    fitted = glm.fit_vb()
    seconds = time.perf_counter() - start
    glm_means = special.expit(fitted.fe_mean[0] + fitted.vc_mean)
    off = np.abs(glm_means / posterior.mean() - 1).max()
    rows.append(["statsmodels BinomialBayesMixedGLM, variational, one row an offence", f"{seconds:.2f}",
                 f"{seconds / ours_seconds:.0f}", "-", f"{off:.5f}"])  # fmt: skip
    table(
        ["method", "seconds", "ratio to ours", "effective draws", "largest relative difference of a force's mean"], rows
    )


def whole(_: int) -> None:
    """Measure the time of all models of an inspection, by number of indicators, forces and draws of record linkage."""
    print("Forces x indicators x draws of linkage, in one process; a draw moves the counts of so many indicators")
    rows = []
    for forces, indicators, draws, moved in (
        (44, 60, 1, 60), (44, 60, 5, 60), (44, 60, 20, 60), (44, 15, 20, 15), (44, 30, 20, 30), (22, 60, 20, 60),
        (44, 60, 20, 20),
    ):  # fmt: skip
        wall, own_seconds = _seconds(forces, indicators, draws, moved)
        rows.append([f"{forces} x {indicators} x {draws}", f"{moved}", f"{wall:.1f}", f"{own_seconds:.1f}",
                     f"{1000 * own_seconds / (draws * moved + indicators - moved):.0f}"])  # fmt: skip
    table(["forces x indicators x draws", "moved", "seconds", "of processor time", "ms a model"], rows)
    start = time.process_time()
    metropolis(np.array(CHARGED), BASES, 20_000, np.random.default_rng(6))
    processor_seconds = time.process_time() - start
    print(
        f"The peer that samples, 20,000 draws of one model without ranks or predictions: "
        f"{1000 * processor_seconds:.0f} ms, so "
        f"{1200 * processor_seconds:.0f} s for 60 indicators in 20 draws."
    )


def _seconds(forces: int, indicators: int, draws: int, moved: int) -> tuple[float, float]:
    random = np.random.default_rng(7)
    mean, size = random.uniform(0.05, 0.95, indicators), np.exp(random.normal(4.5, 0.8, forces))
    true = [special.expit(special.logit(m) + 0.4 * random.standard_normal(forces)) for m in mean]
    still = {
        number: _drawn_shares(random, f"measure-{number}", true[number], size) for number in range(moved, indicators)
    }
    _fit_estimates.cache_clear()
    start = time.perf_counter(), time.process_time()
    for _ in range(draws):
        rows = [row for number, shares in enumerate(true)
                for row in (still.get(number) or _drawn_shares(random, f"measure-{number}", shares, size))]  # fmt: skip
        shares, _ = compare_shares(rows)
        control_false_discovery_rate([shares])
    return time.perf_counter() - start[0], time.process_time() - start[1]


def _drawn_shares(random, measure: str, shares, size) -> list[dict[str, object]]:
    """The counts of one indicator in one draw of linkage: bases differ a little from draw to draw."""
    bases = random.poisson(size) + 10
    counts = random.binomial(bases, shares)
    return [{"measure": measure, "place_code": f"INV{number:02d}", "offence_key": "", "financial_year": "",
             "numerator": int(y), "base": int(n), "pending_share": 0.1, "body_kind": "territorial"}
            for number, (y, n) in enumerate(zip(counts, bases, strict=True))]  # fmt: skip


PARTS = {
    "coverage": coverage,
    "alarms": alarms,
    "less": less,
    "power": power,
    "alike": forces_failing_alike,
    "many": many_forces,
    "together": combined_tests,
    "alone": measures_failing_alone,
    "tails": tails,
    "shapes": shapes,
    "trend": trend,
    "speed": speed,
    "whole": whole,
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="which tables to print (default: all)")
    parser.add_argument("--worlds", type=int, default=200, help="simulated worlds a row")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        PARTS[part](options.worlds)
