"""Coverage and cost of the confidence intervals from audited samples, compared with published methods.

    python benchmarks/samples.py [--write] [--quick]

Coverage is summed over every sample that a design can draw (binomial or hypergeometric). Only designs with unequal
inclusion probabilities, prediction-powered inference and the severity of raters are simulated. `--write` writes
benchmarks/samples.md; `--quick` uses a coarser grid and takes a minute.
"""

import argparse
import time
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
from scipy import special
from statsmodels.stats.inter_rater import cohens_kappa, to_table
from statsmodels.stats.proportion import proportion_confint

from assay.stats.agreement.agreement_coefficients import agreement
from assay.stats.agreement.many_facet_model import FacetRating, estimate_facets
from assay.stats.agreement.rating_table import Ratings
from assay.stats.binomial_intervals import jeffreys, mid_p, wilson
from assay.stats.samples.effective_sample_size import effective_limits
from assay.stats.samples.finite_population import count_probabilities, mid_p_limits, simple_sample_share
from assay.stats.samples.prediction_powered import prediction_powered, sampled_band
from assay.stats.samples.stratified_sampling import (
    LARGE_SAMPLING_FRACTION,
    NEARLY_PROPORTIONAL,
    Stratum,
    combined_limits,
    strata_arrays,
    stratified_share,
)
from assay.stats.samples.two_stage_sampling import TwoStageSample, two_stage_ratio
from assay.stats.samples.unequal_probability import ratio
from assay.stats.samples.unequal_probability import share as share_of_units
from assay.stats.samples.unequal_probability import unequal_probability_sample as drawn_units

PAGE = Path(__file__).with_suffix(".md")
FILES = (30, 40, 50, 60, 75, 100, 150, 200)
LINES: list[str] = []


def say(line: str = "") -> None:
    LINES.append(line)
    print(line, flush=True)


def table(head: list[str], rows: list[list[str]]) -> None:
    say("| " + " | ".join(head) + " |")
    say("|" + "---|" * len(head))
    for row in rows:
        say("| " + " | ".join(row) + " |")
    say()


def own_interval(count: int, sample_size: int, population: int | None = None) -> tuple[float, float]:
    answer = simple_sample_share(count, sample_size, population)
    return answer.low, answer.high


Interval = Callable[[int], tuple[float, float]]
IntervalOf = Callable[[int, int], tuple[float, float]]


def coverage(interval: Interval, sample_size: int, truth: np.ndarray, population: int | None = None) -> np.ndarray:
    """Return the coverage probability for each true share, or true number in the population."""
    ends = np.array([interval(count) for count in range(sample_size + 1)])
    share = truth / (population or 1)
    holds = (ends[:, :1] <= share + 1e-12) & (share - 1e-12 <= ends[:, 1:])
    return (count_probabilities(sample_size, population, truth.astype(float)) * holds).sum(axis=0)


def mean_and_least(covered: np.ndarray, shares: np.ndarray) -> str:
    lowest = int(covered.argmin())
    return f"{covered.mean():.3f}, {covered[lowest]:.3f} at {100 * shares[lowest]:.1f}%"


def one_sample(step: float) -> None:
    say("## One simple random sample from many records")
    say()
    say(f"Shares from 1% to 50% in steps of {100 * step:.1f} points. A cell: mean coverage, smallest coverage.")
    say("Target: mean 0.94 to 0.97, smallest 0.90 at 30 files and 0.92 from 100 files.")
    say()
    shares = np.arange(0.01, 0.5 + step / 2, step)
    peers = {"Wilson": wilson, "Jeffreys": jeffreys, "mid-P": mid_p}
    rows = []
    for files in FILES:
        ways = [lambda count, n=files: own_interval(count, n)]
        ways += [lambda count, n=files, peer=peer: peer(count, n) for peer in peers.values()]
        rows.append([str(files), *(mean_and_least(coverage(way, files, shares), shares) for way in ways)])
    table(["files", "ours (Blaker)", *peers], rows)
    say("The target of 0.94 to 0.97 is for this grid only. If a figure of a later table is above 0.97, the interval is")
    say("conservative: it covers the true value more often than stated.")
    say()


def few_records() -> None:
    say("## One simple random sample from few records")
    say()
    say("Every whole number of records from 1% to 50%. Wilson's interval ignores that the population is finite.")
    say()
    rows = []
    for population in (60, 100, 300, 1000):
        for files in (30, 50, 100, 200):
            if files < population:
                numbers = np.arange(int(np.ceil(0.01 * population)), population // 2 + 1)
                cells_told = [
                    coverage(
                        lambda count, n=files, size=population: own_interval(count, n, size), files, numbers, population
                    ),
                    coverage(lambda count, n=files: wilson(count, n), files, numbers, population),
                ]
                widths = [
                    np.mean([high - low for low, high in (way(count) for count in range(files + 1))])
                    for way in (
                        lambda count, n=files, size=population: own_interval(count, n, size),
                        lambda count, n=files: wilson(count, n),
                    )
                ]
                cells = [mean_and_least(interval_limits, numbers / population) for interval_limits in cells_told]
                rows.append([str(population), str(files), *cells, f"{widths[0] / widths[1]:.2f}"])
    table(["records", "files", "ours", "Wilson", "width, ours / Wilson"], rows)


def every_count(files_each: tuple[int, ...]) -> np.ndarray:
    return np.stack(np.meshgrid(*(np.arange(n + 1) for n in files_each), indexing="ij"), axis=-1).reshape(
        -1, len(files_each)
    )


@cache
def limits_of_stratum(size: int, sample_size: int) -> np.ndarray:
    return np.array([mid_p_limits(count, sample_size, size) for count in range(sample_size + 1)])


Whole = tuple[int, ...]
Limits = tuple[np.ndarray, np.ndarray]


def by_effective_files(counts: np.ndarray, sizes: Whole, sample_size: Whole) -> Limits:
    size, files = np.array(sizes, dtype=float), np.array(sample_size, dtype=float)
    weights, smoothed = size / size.sum(), (counts + 0.5) / (files + 1)
    unread = (size - files) / (size - 1)
    variance = (weights**2 * smoothed * (1 - smoothed) / files * unread).sum(axis=1)
    middle = smoothed @ weights
    return effective_limits(counts / files @ weights, middle * (1 - middle) / variance)


def by_limits_of_strata(counts: np.ndarray, sizes: Whole, sample_size: Whole) -> Limits:
    stratum_limits = [limits_of_stratum(s, n) for s, n in zip(sizes, sample_size, strict=True)]
    ends = np.stack([limits[counts[:, number]] for number, limits in enumerate(stratum_limits)], axis=1)
    return combined_limits(counts / np.array(sample_size), np.array(sizes) / sum(sizes), ends[..., 0], ends[..., 1])


def limits(counts: np.ndarray, sizes: Whole, sample_size: Whole) -> tuple[str, list[Limits]]:
    """Return the intervals for many samples of one design, by `stratified_share` and by its two candidate methods."""
    pairs = [by_effective_files(counts, sizes, sample_size), by_limits_of_strata(counts, sizes, sample_size)]
    wider = (np.minimum(pairs[0][0], pairs[1][0]), np.maximum(pairs[0][1], pairs[1][1]))
    figures = strata_arrays([Stratum(s, n, 0) for s, n in zip(sizes, sample_size, strict=True)])
    way, (low, high) = "limits of strata", pairs[1]
    if figures.weights_effect <= NEARLY_PROPORTIONAL:
        way, (low, high) = "effective files", pairs[0]
    elif sum(sample_size) > LARGE_SAMPLING_FRACTION * sum(sizes):
        way, (low, high) = "the wider", wider
    for place in np.random.default_rng(1).integers(0, len(counts), 5):
        stratum_counts = zip(sizes, sample_size, counts[place].tolist(), strict=True)
        answer = stratified_share([Stratum(*stratum_values) for stratum_values in stratum_counts])
        if not np.allclose((answer.low, answer.high), (low[place], high[place]), atol=1e-9):
            raise SystemExit("The short way and stratified_share differ: the table says nothing.")
    return way, [(low, high), *pairs]


def textbook(counts: np.ndarray, sizes: Whole, sample_size: Whole) -> Limits:
    """Return the normal-approximation interval of a stratified share, as in textbooks."""
    size, files = np.array(sizes, dtype=float), np.array(sample_size, dtype=float)
    weights, share = size / size.sum(), counts / files
    variance = (weights**2 * share * (1 - share) / (files - 1) * (1 - files / size)).sum(axis=1)
    half = special.ndtri(0.975) * np.sqrt(variance)
    return share @ weights - half, share @ weights + half


def chance_of(counts: np.ndarray, sizes: Whole, sample_size: Whole, numbers: np.ndarray) -> np.ndarray:
    chances_by_stratum = [
        count_probabilities(n, size, float(k))[:, 0] for size, n, k in zip(sizes, sample_size, numbers, strict=True)
    ]
    return np.prod([probability[counts[:, number]] for number, probability in enumerate(chances_by_stratum)], axis=0)


DESIGNS = {
    "10 of 3 equal strata": ((1000,) * 3, (10, 10, 10)),
    "in proportion, 18, 9, 3": ((1200, 600, 200), (18, 9, 3)),
    "6 of 5 equal strata": ((400,) * 5, (6,) * 5),
    "25 of 3 equal strata": ((1000,) * 3, (25, 25, 25)),
    "10 each of 1,200, 600, 200": ((1200, 600, 200), (10, 10, 10)),
    "25 each of 1,200, 600, 200": ((1200, 600, 200), (25, 25, 25)),
    "20 of 3 strata of 60": ((60, 60, 60), (20, 20, 20)),
    "20 each of 60, 40, 30": ((60, 40, 30), (20, 20, 20)),
    "20 each of 200, 100, 50": ((200, 100, 50), (20, 20, 20)),
    "20 each of 600, 100, 40": ((600, 100, 40), (20, 20, 20)),
}


def strata(quick: bool) -> None:
    say("## Strata")
    say()
    say("Shares of strata differ by 0, 1.5 and 3 in log odds from first to last, rising and falling; overall")
    say("share from 1% to 50%. The normal interval is the usual one of textbooks.")
    say()
    overall = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.35, 0.5] if not quick else [0.02, 0.1, 0.4]
    rows = []
    for name, (sizes, files_each) in DESIGNS.items():
        counts = every_count(files_each)
        way, ways = limits(counts, sizes, files_each)
        intervals = [*ways, textbook(counts, sizes, files_each)]
        coverages: list[list[float]] = [[] for _ in intervals]
        for share in overall:
            for log_odds in (-3, -1.5, 0, 1.5, 3):
                spread = special.expit(special.logit(share) + np.linspace(-log_odds / 2, log_odds / 2, len(sizes)))
                numbers = np.round(np.array(sizes) * spread)
                truth, weights = numbers.sum() / sum(sizes), chance_of(counts, sizes, files_each, numbers)
                for shares, (low, high) in zip(coverages, intervals, strict=True):
                    shares.append(float(weights @ ((low <= truth + 1e-12) & (truth - 1e-12 <= high))))
        rows.append([name, way, *(f"{np.mean(shares):.3f}, {np.min(shares):.3f}" for shares in coverages)])
    table(["design", "ours goes by", "ours: mean, least", "effective files", "limits of strata", "normal"], rows)


BANDS = (180_000, 12_000, 5_000, 2_000, 1_000)
"""200,000 records by score, the lowest score first."""
RARE = {
    "a good score": (0.0, 0.001, 0.005, 0.05, 0.3),
    "an ordinary score": (0.0002, 0.002, 0.01, 0.05, 0.2),
    "a poor score": (0.001, 0.003, 0.01, 0.03, 0.1),
    "a score that says nothing": (0.002,) * 5,
    "most of it hidden in the lowest band": (0.002, 0.0, 0.0, 0.0, 0.05),
}


def rare_held(sample_size: tuple[int, ...], numbers: np.ndarray) -> tuple[float, float]:
    """Return the exact coverage and mean width for a rare property, summed over all but negligibly likely samples."""
    weights = np.array(BANDS) / sum(BANDS)
    parts = []
    for size, n, k, weight in zip(BANDS, sample_size, numbers, weights, strict=True):
        probability = count_probabilities(n, size, float(k))[:, 0]
        likely = np.flatnonzero(probability > 2e-7)
        ends, share = limits_of_stratum(size, n)[likely], likely / n
        below, above = ((weight * (share - ends[:, side])) ** 2 for side in (0, 1))
        parts.append((probability[likely], weight * share, below, above))
    *first, last = parts
    joint_weights = first[0]
    for part in first[1:]:
        ways = [np.multiply.outer, np.add.outer, np.add.outer, np.add.outer]
        joint_weights = tuple(way(a, b).ravel() for way, a, b in zip(ways, joint_weights, part, strict=True))
    truth, covered, width = numbers.sum() / sum(BANDS), 0.0, 0.0
    for probability, share, below, above in zip(*last, strict=True):
        low = np.maximum(0, joint_weights[1] + share - np.sqrt(joint_weights[2] + below))
        high = np.minimum(1, joint_weights[1] + share + np.sqrt(joint_weights[3] + above))
        here = joint_weights[0] * probability
        covered += float(here @ ((low <= truth + 1e-12) & (truth - 1e-12 <= high)))
        width += float(here @ (high - low))
    return covered, width


def powered_held(numbers: np.ndarray, files: int, draws: int) -> float:
    """Return the coverage of prediction-powered inference when predictions equal the true share of each score band."""
    random, size = np.random.default_rng(7), np.array(BANDS)
    predicted, truth, held_in = numbers / size, numbers.sum() / size.sum(), 0
    scores, first = np.repeat(predicted, size), np.concatenate([[0], size.cumsum()[:-1]])
    for _ in range(draws):
        read = random.multivariate_hypergeometric(size, files)
        found = random.hypergeometric(numbers.astype(int), size - numbers.astype(int), read)
        marks = np.concatenate([np.repeat([1.0, 0.0], [y, n - y]) for y, n in zip(found, read, strict=True)])
        places = np.concatenate([begin + np.arange(n) for begin, n in zip(first, read, strict=True)])
        interval = prediction_powered([sampled_band(scores, places, marks)])
        held_in += interval.low <= truth <= interval.high
    return held_in / draws


def plain_held(interval: IntervalOf, number: np.ndarray, population: int) -> tuple[float, float]:
    """Return coverage and mean width of the confidence interval from a simple random sample of 1,000 files."""
    ends = [interval(count, 1000) for count in range(1001)]
    probability = count_probabilities(1000, population, number.astype(float))[:, 0]
    width = float(probability @ np.array([high - low for low, high in ends]))
    return float(coverage(lambda count: ends[count], 1000, number, population)[0]), width


def rare(quick: bool) -> None:
    say("## Rare properties: 200,000 records in five bands of a score, 1,000 files")
    say()
    say("Ours samples within bands, the others use a simple random sample. The prediction of prediction-powered")
    say(f"inference is the true share of each band ({200 if quick else 2000} draws). Target: 0.93 at 0.2%.")
    say("A cell: coverage, and mean width in percentage points. Our width comes mostly from the upper limit")
    say("in the lowest band, which has 90% of the records.")
    say()
    designs = {"200 a band": (200,) * 5, "400 lowest": (400, 150, 150, 150, 150), "800 lowest": (800, 50, 50, 50, 50)}
    rows = []
    for name, shares in RARE.items():
        for times in (0.5, 1.0, 2.5, 5.0, 10.0):
            if quick and times != 1.0:
                continue
            spread = np.minimum(np.array(shares) * times, 0.9)
            numbers = np.round(np.array(BANDS) * spread)
            coverages = [rare_held(sample_size, numbers) for sample_size in designs.values()]
            number, population = np.array([numbers.sum()]), sum(BANDS)
            plain = [plain_held(peer, number, population) for peer in (wilson, jeffreys)]
            powered = powered_held(numbers, 1000, 200 if quick else 2000) if times in (1.0, 10.0) else None
            cells = [f"{100 * number[0] / population:.2f}%"]
            cells += [f"{covered:.3f} ({100 * width:.2f})" for covered, width in coverages]
            cells += [f"{covered:.3f} ({100 * width:.2f})" for covered, width in plain]
            cells += ["" if powered is None else f"{powered:.3f}"]
            rows.append([name, *cells])
    head = [f"ours, {name}" for name in designs]
    table(["score", "share", *head, "Wilson", "Jeffreys", "prediction-powered"], rows)


def systematic(random: np.random.Generator, probability: np.ndarray) -> np.ndarray:
    """Draw units systematically, in random order, along the cumulative inclusion probabilities."""
    order = random.permutation(len(probability))
    along = probability[order].cumsum()
    return order[np.searchsorted(along, random.random() + np.arange(round(along[-1])))]


def unequal(quick: bool) -> None:
    draws = 100 if quick else 2000
    say("## Units with unequal inclusion probabilities")
    say()
    say(f"60 of 600 units drawn systematically, with probability proportional to a variable size; {draws} draws.")
    say("The share of units, and the ratio of parts to wholes with one to five members for each unit.")
    say()
    rows = []
    for share_, follows in ((0.3, 0.0), (0.3, 1.0), (0.05, 0.0), (0.05, 1.0), (0.9, 1.0), (0.8, -1.0)):
        random = np.random.default_rng(2)
        size = random.lognormal(0, 0.8, 600)
        inclusion = np.minimum(0.95, 60 * size / size.sum())
        inclusion *= 60 / inclusion.sum()
        having = (random.random(600) < special.expit(special.logit(share_) + follows * np.log(size))).astype(float)
        members = random.integers(1, 6, 600)
        parts = random.binomial(members, share_)
        found = np.zeros((draws, 2))
        for draw in range(draws):
            units = systematic(random, inclusion)
            sample = drawn_units(inclusion[units])
            unit_share, two = share_of_units(having[units], sample), ratio(parts[units], members[units], sample)
            found[draw] = (
                unit_share.low <= having.mean() <= unit_share.high,
                two.low <= parts.sum() / members.sum() <= two.high,
            )
        follows_size = {0.0: "no", 1.0: "rises", -1.0: "falls"}[follows]
        rows.append([f"{100 * having.mean():.1f}%", follows_size, *(f"{value:.3f}" for value in found.mean(axis=0))])
    table(["share", "with size", "share: coverage", "ratio: coverage"], rows)


MEMBERS = (1, 1, 1, 2, 2, 3, 5)
"""How many crimes a file reports, each as likely."""
IN_STRATA = {
    "20 each of 300, 300, 300": ((300,) * 3, (20,) * 3),
    "20 each of 1,000, 200, 50": ((1000, 200, 50), (20,) * 3),
    "30, 10, 3, 1 of 1,000, 400, 100, 60": ((1000, 400, 100, 60), (30, 10, 3, 1)),
    "3 of each of 10 of 200": ((200,) * 10, (3,) * 10),
}
RATIOS = {
    "90%, all alike": (0.9, 0.0, 0.0),
    "90%, strata and files differ": (0.9, 2.0, 1.0),
    "60%, strata and files differ": (0.6, 3.0, 1.0),
    "97%, strata differ": (0.97, 1.0, 0.0),
}


def ratio_in_strata(sizes: Whole, read: Whole, kind: tuple[float, float, float], draws: int) -> tuple[float, float]:
    """Return the coverage of a ratio from a stratified sample, with strata used and with strata ignored."""
    random, (share_, spread_between, file_effect) = np.random.default_rng(3), kind
    members = [random.choice(MEMBERS, size) for size in sizes]
    middles = special.logit(share_) + np.linspace(-spread_between / 2, spread_between / 2, len(sizes))
    parts = [
        random.binomial(m, special.expit(level + file_effect * random.normal(size=len(m))))
        for m, level in zip(members, middles, strict=True)
    ]
    truth = sum(values.sum() for values in parts) / sum(values.sum() for values in members)
    strata = np.repeat(np.arange(len(sizes)), read)
    probability = np.repeat(np.array(read) / np.array(sizes), read)
    held_in = np.zeros(2)
    for _ in range(draws):
        picked = [random.choice(size, n, replace=False) for size, n in zip(sizes, read, strict=True)]
        y, x = (
            np.concatenate([item[picked_places] for item, picked_places in zip(all_, picked, strict=True)])
            for all_ in (parts, members)
        )
        ratios_found = [ratio(y, x, drawn_units(probability, strata=item)) for item in (strata.tolist(), None)]
        held_in += [
            ratio_found.low <= truth + 1e-12 and truth - 1e-12 <= ratio_found.high for ratio_found in ratios_found
        ]
    return float(held_in[0] / draws), float(held_in[1] / draws)


def ratio_in_forces(
    share_: float, spread_between: float, force_count: int, files_each: int, draws: int
) -> tuple[float, float]:
    """Return the coverage of a ratio from forces drawn by size, with the two stages of sampling used and ignored."""
    random = np.random.default_rng(4)
    sizes = random.integers(100, 900, 43)
    members = [random.choice(MEMBERS, size) for size in sizes]
    middles = special.expit(special.logit(share_) + spread_between * random.normal(size=43))
    parts = [random.binomial(m, number) for m, number in zip(members, middles, strict=True)]
    truth = sum(part.sum() for part in parts) / sum(member.sum() for member in members)
    files_of_force = force_count * sizes / sizes.sum()
    held_in = np.zeros(2)
    for _ in range(draws):
        forces = systematic(random, files_of_force)
        picked = [random.choice(sizes[force], files_each, replace=False) for force in forces]
        pairs = list(zip(forces, picked, strict=True))
        y, x = (np.concatenate([all_[force][number] for force, number in pairs]) for all_ in (parts, members))
        probability, label = (
            np.repeat(files_of_force[forces] * files_each / sizes[forces], files_each),
            np.repeat(np.arange(force_count), files_each),
        )
        two = TwoStageSample(probability, forces=label, force_inclusion_probabilities=files_of_force[forces])
        ratios_found = [two_stage_ratio(y, x, two), ratio(y, x, drawn_units(probability))]
        held_in += [ratio_found.low <= truth <= ratio_found.high for ratio_found in ratios_found]
    return float(held_in[0] / draws), float(held_in[1] / draws)


def ratios(quick: bool) -> None:
    draws = 100 if quick else 2000
    say("## Ratios of counts, such as recording accuracy")
    say()
    say(f"Files that report one to five crimes; {draws} draws. Coverage with the design, and, after it, as if strata")
    say("or the sampling of forces were ignored.")
    say()
    rows = []
    for name, (sizes, read) in IN_STRATA.items():
        ratios = [ratio_in_strata(sizes, read, kind, draws) for kind in RATIOS.values()]
        rows.append([name, *(f"{item:.3f}, {other:.3f}" for item, other in ratios)])
    table(["strata", *RATIOS], rows)
    kinds = {"90%, forces alike": (0.9, 0.0), "90%, forces differ": (0.9, 0.5), "70%, forces differ much": (0.7, 1.0)}
    rows = []
    for force_count, files_each in ((4, 20), (8, 12), (12, 20)):
        ratios = [ratio_in_forces(*kind, force_count, files_each, draws) for kind in kinds.values()]
        rows.append(
            [f"{files_each} files in each of {force_count}", *(f"{item:.3f}, {other:.3f}" for item, other in ratios)]
        )
    table(["forces drawn of 43", *kinds], rows)


def two_readings(random: np.random.Generator, files: int, common: tuple[float, ...], difference: float) -> Ratings:
    """Return the ratings of two raters, with three answers, some of which each rater guesses."""
    truth = random.choice(3, files, p=common)
    guess, guesses = random.integers(0, 3, (files, 2)), random.random((files, 2)) < difference
    return Ratings(np.where(guesses, guess, truth[:, None]), (1, 2, 3), np.arange(1.0, 4.0))


def agreements(quick: bool) -> None:
    draws = 100 if quick else 1000
    say("## Agreement of two raters")
    say()
    say("Three answers with the given frequencies; each rater guesses some. Coverage of Gwet's t interval, and of")
    say(f"ours, on the scale log(1 - agreement); {draws} draws.")
    say()
    kinds = (("gwet", "identity"), ("gwet", "quadratic"), ("kappa", "quadratic"), ("alpha", "quadratic"))
    rows = []
    for common in ((0.4, 0.3, 0.3), (0.9, 0.07, 0.03)):
        for difference in (0.1, 0.3):
            random = np.random.default_rng(4)
            full_ratings = two_readings(random, 200_000, common, difference)
            true = [agreement(full_ratings, *kind).value for kind in kinds]
            for files in (30, 100):
                found = np.zeros((draws, len(kinds), 2))
                for draw in range(draws):
                    ratings_drawn = two_readings(random, files, common, difference)
                    for number, kind in enumerate(kinds):
                        agreements = [agreement(ratings_drawn, *kind, way) for way in ("published", "log")]
                        found[draw, number] = [
                            agreement.low is not None and agreement.low <= true[number] <= agreement.high
                            for agreement in agreements
                        ]
                share_each = ", ".join(f"{item:.0%}" for item in common)
                cells = [f"{old:.3f}, {new:.3f}" for old, new in found.mean(axis=0)]
                rows.append([share_each, f"{difference:.0%}", str(files), *cells])
    head = ["answers", "guessed", "files", "AC1", "AC2, quadratic", "kappa, quadratic", "alpha, quadratic"]
    table(head, rows)


STEPS = np.array([-0.8, 0.6])


def trial(seed: int) -> tuple[np.ndarray, np.ndarray, list[FacetRating]]:
    """Simulate eight raters and 250 files, each rated twice; return the severities and drifts, and the ratings."""
    random = np.random.default_rng(seed)
    severity, drift = random.normal(0, 0.8, 8), random.normal(0, 0.1, 8)
    ratings_given = []
    for unit, deserved in enumerate(random.normal(0, 1.5, 250)):
        question = int(random.integers(0, 2))
        for marker in random.choice(8, 2, replace=False):
            day = 10 * random.random()
            odds = deserved + (0.0, 0.7)[question] - severity[marker] - drift[marker] * (day - 5)
            probabilities = special.softmax(np.concatenate([[0.0], (odds - STEPS).cumsum()]))
            ratings_given.append(FacetRating(unit, int(marker), int(random.choice(3, p=probabilities)), question, day))
    return severity, drift, ratings_given


def severities(quick: bool) -> None:
    say("## Severity and drift of raters")
    say()
    trials = 4 if quick else 50
    say(
        f"{trials} synthetic trials of eight markers, 250 files marked twice, three answers; truths against their mean."
    )
    say()
    found = {"severity": [], "drift": []}
    for seed in range(trials):
        severity, drift, arguments = trial(seed)
        markers = estimate_facets(arguments).raters
        for name, truth in (("severity", severity), ("drift", drift)):
            answers = [getattr(marker, name) for marker in markers]
            found[name] += [
                (answer.low <= true <= answer.high, answer.high - answer.low, abs(answer.value - true))
                for answer, true in zip(answers, truth - truth.mean(), strict=True)
            ]
    rows = [
        [name, *(f"{value:.3f}" for value in np.mean(stratum_limits, axis=0))] for name, stratum_limits in found.items()
    ]
    table(["in log odds (drift: a day)", "coverage", "mean width", "mean distance from the truth"], rows)


def seconds(run: Callable[[], object], times: int) -> float:
    run()
    rows = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(times):
            run()
        rows.append((time.perf_counter() - start) / times)
    return sorted(rows)[1]


def cost() -> None:
    say("## Cost")
    say()
    say("Milliseconds for one answer. The peers do not handle finite populations or missing ratings.")
    say()
    rows = []
    for files, population in ((100, 300), (1000, 200_000)):
        own_value = seconds(lambda n=files, size=population: simple_sample_share(n // 3, n, size), 5)
        peer = seconds(lambda n=files: proportion_confint(n // 3, n, method="beta"), 50)
        name = f"one share, {files:,} of {population:,}"
        rows.append([name, f"{1e3 * own_value:.2f}", f"{1e3 * peer:.2f}", f"{own_value / peer:.0f}"])
    bands = [Stratum(size, 200, count) for size, count in zip(BANDS, (0, 1, 2, 10, 40), strict=True)]

    def afresh() -> None:
        mid_p_limits.cache_clear()
        stratified_share(bands)

    own_value = seconds(afresh, 5)
    rows.append(["five bands, 1,000 of 200,000", f"{1e3 * own_value:.2f}", "none at hand", ""])
    random = np.random.default_rng(3)
    for units in (200, 2000, 20_000):
        truth = random.integers(0, 4, units)
        reads = [np.where(random.random(units) < 0.8, truth, random.integers(0, 4, units)) for _ in range(2)]
        pairs = np.stack(reads, axis=1)
        marked = Ratings(pairs, (1, 2, 3, 4), np.arange(1.0, 5.0))
        own_value = seconds(lambda arguments=marked: agreement(arguments, "kappa", "quadratic"), 5)
        peer = seconds(lambda arguments=pairs: cohens_kappa(to_table(arguments)[0], wt="quadratic"), 5)
        their = cohens_kappa(to_table(pairs)[0], wt="quadratic").kappa
        if not np.isclose(agreement(marked, "kappa", "quadratic").value, their):
            raise SystemExit("The kappas differ: the times say nothing.")
        rows.append(
            [
                f"weighted kappa, {units:,} files",
                f"{1e3 * own_value:.2f}",
                f"{1e3 * peer:.2f}",
                f"{own_value / peer:.2f}",
            ]
        )
    table(["answer", "ours", "statsmodels", "ratio"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    say("# Coverage of the intervals of audited samples\n")
    say("How often does a 95% interval from a sample of files contain the true share, by method and sample size?\n")
    say("Written by `python benchmarks/samples.py --write`. 95% intervals. Units with unequal inclusion probabilities,")
    say("prediction-powered inference and raters are simulated; other coverage is summed over every sample.")
    say(", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "statsmodels")) + ".")
    say()
    one_sample(0.01 if options.quick else 0.001)
    few_records()
    strata(options.quick)
    rare(options.quick)
    unequal(options.quick)
    ratios(options.quick)
    agreements(options.quick)
    severities(options.quick)
    cost()
    if options.write:
        PAGE.write_text("\n".join(LINES).rstrip() + "\n", encoding="utf-8")
