"""How often do the intervals of audited samples hold the truth, beside those that others print, and what do they cost?

    python benchmarks/samples.py [--write] [--quick]

Coverage is summed over every sample that a design can draw (binomial or hypergeometric); simulated are only
units with a chance each, prediction-powered inference and the severity of markers. `--write` writes
benchmarks/samples.md; `--quick` takes a coarser grid, in a minute.
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


def ours(count: int, drawn: int, population: int | None = None) -> tuple[float, float]:
    answer = simple_sample_share(count, drawn, population)
    return answer.low, answer.high


Interval = Callable[[int], tuple[float, float]]
IntervalOf = Callable[[int, int], tuple[float, float]]


def held(interval: Interval, drawn: int, truth: np.ndarray, population: int | None = None) -> np.ndarray:
    """The chance that the interval holds each true share, or number in the population."""
    ends = np.array([interval(count) for count in range(drawn + 1)])
    share = truth / (population or 1)
    holds = (ends[:, :1] <= share + 1e-12) & (share - 1e-12 <= ends[:, 1:])
    return (count_probabilities(drawn, population, truth.astype(float)) * holds).sum(axis=0)


def mean_and_least(covered: np.ndarray, shares: np.ndarray) -> str:
    least = int(covered.argmin())
    return f"{covered.mean():.3f}, {covered[least]:.3f} at {100 * shares[least]:.1f}%"


def one_sample(step: float) -> None:
    say("## One simple random sample from many records")
    say()
    say(f"Shares from 1% to 50% in steps of {100 * step:.1f} points. A cell: mean coverage, least coverage and where.")
    say("Asked: mean 0.94 to 0.97, least 0.90 at 30 files and 0.92 from 100 files.")
    say()
    shares = np.arange(0.01, 0.5 + step / 2, step)
    peers = {"Wilson": wilson, "Jeffreys": jeffreys, "mid-P": mid_p}
    rows = []
    for drawn in FILES:
        ways = [lambda count, n=drawn: ours(count, n)]
        ways += [lambda count, n=drawn, peer=peer: peer(count, n) for peer in peers.values()]
        rows.append([str(drawn), *(mean_and_least(held(way, drawn, shares), shares) for way in ways)])
    table(["files", "ours (Blaker)", *peers], rows)
    say("The band from 0.94 to 0.97 is asked of this grid alone. Where a figure of a later table lies above 0.97 the")
    say("interval errs on the wide side: it holds the truth more often than it claims.")
    say()


def few_records() -> None:
    say("## One simple random sample from few records")
    say()
    say("Every whole number of records from 1% to 50%. Wilson knows nothing of how few records there are.")
    say()
    rows = []
    for population in (60, 100, 300, 1000):
        for drawn in (30, 50, 100, 200):
            if drawn < population:
                numbers = np.arange(int(np.ceil(0.01 * population)), population // 2 + 1)
                told = [
                    held(lambda count, n=drawn, size=population: ours(count, n, size), drawn, numbers, population),
                    held(lambda count, n=drawn: wilson(count, n), drawn, numbers, population),
                ]
                widths = [
                    np.mean([high - low for low, high in (way(count) for count in range(drawn + 1))])
                    for way in (
                        lambda count, n=drawn, size=population: ours(count, n, size),
                        lambda count, n=drawn: wilson(count, n),
                    )
                ]
                cells = [mean_and_least(one, numbers / population) for one in told]
                rows.append([str(population), str(drawn), *cells, f"{widths[0] / widths[1]:.2f}"])
    table(["records", "files", "ours", "Wilson", "width, ours / Wilson"], rows)


def every_count(drawn: tuple[int, ...]) -> np.ndarray:
    return np.stack(np.meshgrid(*(np.arange(n + 1) for n in drawn), indexing="ij"), axis=-1).reshape(-1, len(drawn))


@cache
def limits_of_stratum(size: int, drawn: int) -> np.ndarray:
    return np.array([mid_p_limits(count, drawn, size) for count in range(drawn + 1)])


Whole = tuple[int, ...]
Limits = tuple[np.ndarray, np.ndarray]


def by_effective_files(counts: np.ndarray, sizes: Whole, drawn: Whole) -> Limits:
    size, files = np.array(sizes, dtype=float), np.array(drawn, dtype=float)
    weights, smoothed = size / size.sum(), (counts + 0.5) / (files + 1)
    unread = (size - files) / (size - 1)
    variance = (weights**2 * smoothed * (1 - smoothed) / files * unread).sum(axis=1)
    middle = smoothed @ weights
    return effective_limits(counts / files @ weights, middle * (1 - middle) / variance)


def by_limits_of_strata(counts: np.ndarray, sizes: Whole, drawn: Whole) -> Limits:
    each = [limits_of_stratum(s, n) for s, n in zip(sizes, drawn, strict=True)]
    ends = np.stack([one[counts[:, at]] for at, one in enumerate(each)], axis=1)
    return combined_limits(counts / np.array(drawn), np.array(sizes) / sum(sizes), ends[..., 0], ends[..., 1])


def limits(counts: np.ndarray, sizes: Whole, drawn: Whole) -> tuple[str, list[Limits]]:
    """What `stratified_share` says of many samples of one design at once (some are compared with it), and both ways."""
    both = [by_effective_files(counts, sizes, drawn), by_limits_of_strata(counts, sizes, drawn)]
    wider = np.minimum(both[0][0], both[1][0]), np.maximum(both[0][1], both[1][1])
    figures = strata_arrays([Stratum(s, n, 0) for s, n in zip(sizes, drawn, strict=True)])
    way, (low, high) = "limits of strata", both[1]
    if figures.weights_effect <= NEARLY_PROPORTIONAL:
        way, (low, high) = "effective files", both[0]
    elif sum(drawn) > LARGE_SAMPLING_FRACTION * sum(sizes):
        way, (low, high) = "the wider", wider
    for place in np.random.default_rng(1).integers(0, len(counts), 5):
        each = zip(sizes, drawn, counts[place].tolist(), strict=True)
        answer = stratified_share([Stratum(*one) for one in each])
        if not np.allclose((answer.low, answer.high), (low[place], high[place]), atol=1e-9):
            raise SystemExit("The short way and stratified_share differ: the table says nothing.")
    return way, [(low, high), *both]


def textbook(counts: np.ndarray, sizes: Whole, drawn: Whole) -> Limits:
    """The normal interval of a stratified share, as textbooks print it."""
    size, files = np.array(sizes, dtype=float), np.array(drawn, dtype=float)
    weights, share = size / size.sum(), counts / files
    variance = (weights**2 * share * (1 - share) / (files - 1) * (1 - files / size)).sum(axis=1)
    half = special.ndtri(0.975) * np.sqrt(variance)
    return share @ weights - half, share @ weights + half


def chance_of(counts: np.ndarray, sizes: Whole, drawn: Whole, numbers: np.ndarray) -> np.ndarray:
    each = [count_probabilities(n, size, float(k))[:, 0] for size, n, k in zip(sizes, drawn, numbers, strict=True)]
    return np.prod([chance[counts[:, at]] for at, chance in enumerate(each)], axis=0)


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
    say("Shares of strata lie 0, 1.5 and 3 apart in log odds from the first to the last, rising and falling; overall")
    say("from 1% to 50%. The normal interval is the one that textbooks print.")
    say()
    overall = [0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.35, 0.5] if not quick else [0.02, 0.1, 0.4]
    rows = []
    for name, (sizes, drawn) in DESIGNS.items():
        counts = every_count(drawn)
        way, ways = limits(counts, sizes, drawn)
        intervals = [*ways, textbook(counts, sizes, drawn)]
        told: list[list[float]] = [[] for _ in intervals]
        for share in overall:
            for apart in (-3, -1.5, 0, 1.5, 3):
                spread = special.expit(special.logit(share) + np.linspace(-apart / 2, apart / 2, len(sizes)))
                numbers = np.round(np.array(sizes) * spread)
                truth, chance = numbers.sum() / sum(sizes), chance_of(counts, sizes, drawn, numbers)
                for each, (low, high) in zip(told, intervals, strict=True):
                    each.append(float(chance @ ((low <= truth + 1e-12) & (truth - 1e-12 <= high))))
        rows.append([name, way, *(f"{np.mean(each):.3f}, {np.min(each):.3f}" for each in told)])
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


def rare_held(drawn: tuple[int, ...], numbers: np.ndarray) -> tuple[float, float]:
    """Coverage and mean width, over all samples but those with a chance of less than one in a million in all."""
    weights = np.array(BANDS) / sum(BANDS)
    parts = []
    for size, n, k, weight in zip(BANDS, drawn, numbers, weights, strict=True):
        chance = count_probabilities(n, size, float(k))[:, 0]
        kept = np.flatnonzero(chance > 2e-7)
        ends, share = limits_of_stratum(size, n)[kept], kept / n
        below, above = ((weight * (share - ends[:, side])) ** 2 for side in (0, 1))
        parts.append((chance[kept], weight * share, below, above))
    *first, last = parts
    together = first[0]
    for part in first[1:]:
        ways = [np.multiply.outer, np.add.outer, np.add.outer, np.add.outer]
        together = tuple(way(a, b).ravel() for way, a, b in zip(ways, together, part, strict=True))
    truth, covered, width = numbers.sum() / sum(BANDS), 0.0, 0.0
    for chance, share, below, above in zip(*last, strict=True):
        low = np.maximum(0, together[1] + share - np.sqrt(together[2] + below))
        high = np.minimum(1, together[1] + share + np.sqrt(together[3] + above))
        here = together[0] * chance
        covered += float(here @ ((low <= truth + 1e-12) & (truth - 1e-12 <= high)))
        width += float(here @ (high - low))
    return covered, width


def powered_held(numbers: np.ndarray, files: int, draws: int) -> float:
    """How often prediction-powered inference holds the truth; its prediction is the true share of each band."""
    random, size = np.random.default_rng(7), np.array(BANDS)
    predicted, truth, held_in = numbers / size, numbers.sum() / size.sum(), 0
    scores, first = np.repeat(predicted, size), np.concatenate([[0], size.cumsum()[:-1]])
    for _ in range(draws):
        read = random.multivariate_hypergeometric(size, files)
        found = random.hypergeometric(numbers.astype(int), size - numbers.astype(int), read)
        marks = np.concatenate([np.repeat([1.0, 0.0], [y, n - y]) for y, n in zip(found, read, strict=True)])
        places = np.concatenate([begin + np.arange(n) for begin, n in zip(first, read, strict=True)])
        told = prediction_powered([sampled_band(scores, places, marks)])
        held_in += told.low <= truth <= told.high
    return held_in / draws


def plain_held(interval: IntervalOf, number: np.ndarray, everyone: int) -> tuple[float, float]:
    """Coverage and mean width of an interval of 1,000 files of a simple random sample."""
    ends = [interval(count, 1000) for count in range(1001)]
    chance = count_probabilities(1000, everyone, number.astype(float))[:, 0]
    width = float(chance @ np.array([high - low for low, high in ends]))
    return float(held(lambda count: ends[count], 1000, number, everyone)[0]), width


def rare(quick: bool) -> None:
    say("## Rare things: 200,000 records in five bands of a score, 1,000 files")
    say()
    say("Ours reads bands; the others a simple random sample of as many files. Prediction-powered inference has the")
    say(f"true share of each band as its prediction ({200 if quick else 2000} draws). Asked: at least 0.93 at 0.2%.")
    say("A cell: coverage, and in brackets the mean width in points. What is left possible in the lowest band, which")
    say("holds nine records in ten, decides how wide ours is.")
    say()
    designs = {"200 a band": (200,) * 5, "400 lowest": (400, 150, 150, 150, 150), "800 lowest": (800, 50, 50, 50, 50)}
    rows = []
    for name, shares in RARE.items():
        for times in (0.5, 1.0, 2.5, 5.0, 10.0):
            if quick and times != 1.0:
                continue
            spread = np.minimum(np.array(shares) * times, 0.9)
            numbers = np.round(np.array(BANDS) * spread)
            told = [rare_held(drawn, numbers) for drawn in designs.values()]
            number, everyone = np.array([numbers.sum()]), sum(BANDS)
            plain = [plain_held(peer, number, everyone) for peer in (wilson, jeffreys)]
            powered = powered_held(numbers, 1000, 200 if quick else 2000) if times in (1.0, 10.0) else None
            cells = [f"{100 * number[0] / everyone:.2f}%"]
            cells += [f"{covered:.3f} ({100 * width:.2f})" for covered, width in told]
            cells += [f"{covered:.3f} ({100 * width:.2f})" for covered, width in plain]
            cells += ["" if powered is None else f"{powered:.3f}"]
            rows.append([name, *cells])
    head = [f"ours, {name}" for name in designs]
    table(["score", "share", *head, "Wilson", "Jeffreys", "prediction-powered"], rows)


def systematic(random: np.random.Generator, chance: np.ndarray) -> np.ndarray:
    """Units in a random order, drawn at equal steps along the sum of their chances."""
    order = random.permutation(len(chance))
    along = chance[order].cumsum()
    return order[np.searchsorted(along, random.random() + np.arange(round(along[-1])))]


def unequal(quick: bool) -> None:
    draws = 100 if quick else 2000
    say("## Units with a chance each")
    say()
    say(f"60 of 600 units drawn systematically, with chances in proportion to a size that varies much; {draws} draws.")
    say("The share of units, and the ratio of parts to wholes with one to five members a unit.")
    say()
    rows = []
    for share_, follows in ((0.3, 0.0), (0.3, 1.0), (0.05, 0.0), (0.05, 1.0), (0.9, 1.0), (0.8, -1.0)):
        random = np.random.default_rng(2)
        size = random.lognormal(0, 0.8, 600)
        chance = np.minimum(0.95, 60 * size / size.sum())
        chance *= 60 / chance.sum()
        having = (random.random(600) < special.expit(special.logit(share_) + follows * np.log(size))).astype(float)
        members = random.integers(1, 6, 600)
        parts = random.binomial(members, share_)
        found = np.zeros((draws, 2))
        for draw in range(draws):
            units = systematic(random, chance)
            sample = drawn_units(chance[units])
            one, two = share_of_units(having[units], sample), ratio(parts[units], members[units], sample)
            found[draw] = (
                one.low <= having.mean() <= one.high,
                two.low <= parts.sum() / members.sum() <= two.high,
            )
        follows_size = {0.0: "no", 1.0: "rises", -1.0: "falls"}[follows]
        rows.append([f"{100 * having.mean():.1f}%", follows_size, *(f"{value:.3f}" for value in found.mean(axis=0))])
    table(["share", "with size", "share: coverage", "ratio: coverage"], rows)


MEMBERS = (1, 1, 1, 2, 2, 3, 5)
"""How many crimes a file tells of, each as likely."""
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
    """Coverage with the strata known, and as if nobody knew of them."""
    random, (share_, apart, of_file) = np.random.default_rng(3), kind
    members = [random.choice(MEMBERS, size) for size in sizes]
    middles = special.logit(share_) + np.linspace(-apart / 2, apart / 2, len(sizes))
    parts = [
        random.binomial(m, special.expit(at + of_file * random.normal(size=len(m))))
        for m, at in zip(members, middles, strict=True)
    ]
    truth = sum(one.sum() for one in parts) / sum(one.sum() for one in members)
    strata = np.repeat(np.arange(len(sizes)), read)
    chance = np.repeat(np.array(read) / np.array(sizes), read)
    held_in = np.zeros(2)
    for _ in range(draws):
        picked = [random.choice(size, n, replace=False) for size, n in zip(sizes, read, strict=True)]
        y, x = (np.concatenate([one[at] for one, at in zip(all_, picked, strict=True)]) for all_ in (parts, members))
        told = [ratio(y, x, drawn_units(chance, strata=one)) for one in (strata.tolist(), None)]
        held_in += [one.low <= truth + 1e-12 and truth - 1e-12 <= one.high for one in told]
    return float(held_in[0] / draws), float(held_in[1] / draws)


def ratio_in_forces(share_: float, between: float, many: int, each: int, draws: int) -> tuple[float, float]:
    """Coverage where forces were drawn by size and files within them, and as if files had come from all forces."""
    random = np.random.default_rng(4)
    sizes = random.integers(100, 900, 43)
    members = [random.choice(MEMBERS, size) for size in sizes]
    middles = special.expit(special.logit(share_) + between * random.normal(size=43))
    parts = [random.binomial(m, at) for m, at in zip(members, middles, strict=True)]
    truth = sum(one.sum() for one in parts) / sum(one.sum() for one in members)
    of_force = many * sizes / sizes.sum()
    held_in = np.zeros(2)
    for _ in range(draws):
        forces = systematic(random, of_force)
        picked = [random.choice(sizes[force], each, replace=False) for force in forces]
        pairs = list(zip(forces, picked, strict=True))
        y, x = (np.concatenate([all_[force][at] for force, at in pairs]) for all_ in (parts, members))
        chance, label = np.repeat(of_force[forces] * each / sizes[forces], each), np.repeat(np.arange(many), each)
        two = TwoStageSample(chance, forces=label, force_inclusion_probabilities=of_force[forces])
        told = [two_stage_ratio(y, x, two), ratio(y, x, drawn_units(chance))]
        held_in += [one.low <= truth <= one.high for one in told]
    return float(held_in[0] / draws), float(held_in[1] / draws)


def ratios(quick: bool) -> None:
    draws = 100 if quick else 2000
    say("## Ratios of counts, such as recording accuracy")
    say()
    say(f"Files that tell of one to five crimes; {draws} draws. Coverage as the case files tell it, and, after it, as")
    say("if nobody knew of the strata, or that forces were drawn first.")
    say()
    rows = []
    for name, (sizes, read) in IN_STRATA.items():
        told = [ratio_in_strata(sizes, read, kind, draws) for kind in RATIOS.values()]
        rows.append([name, *(f"{one:.3f}, {other:.3f}" for one, other in told)])
    table(["strata", *RATIOS], rows)
    kinds = {"90%, forces alike": (0.9, 0.0), "90%, forces differ": (0.9, 0.5), "70%, forces differ much": (0.7, 1.0)}
    rows = []
    for many, each in ((4, 20), (8, 12), (12, 20)):
        told = [ratio_in_forces(*kind, many, each, draws) for kind in kinds.values()]
        rows.append([f"{each} files in each of {many}", *(f"{one:.3f}, {other:.3f}" for one, other in told)])
    table(["forces drawn of 43", *kinds], rows)


def two_readings(random: np.random.Generator, files: int, common: tuple[float, ...], apart: float) -> Ratings:
    """Three answers; each of two markers guesses a part of them."""
    truth = random.choice(3, files, p=common)
    guess, guesses = random.integers(0, 3, (files, 2)), random.random((files, 2)) < apart
    return Ratings(np.where(guesses, guess, truth[:, None]), (1, 2, 3), np.arange(1.0, 4.0))


def agreements(quick: bool) -> None:
    draws = 100 if quick else 1000
    say("## Agreement of two markers")
    say()
    say("Three answers, as common as said; each marker guesses a part. Coverage of Gwet's t interval and, after it, of")
    say(f"ours, on the scale of the logarithm of what is lacking to full agreement; {draws} draws.")
    say()
    kinds = (("gwet", "identity"), ("gwet", "quadratic"), ("kappa", "quadratic"), ("alpha", "quadratic"))
    rows = []
    for common in ((0.4, 0.3, 0.3), (0.9, 0.07, 0.03)):
        for apart in (0.1, 0.3):
            random = np.random.default_rng(4)
            everyone = two_readings(random, 200_000, common, apart)
            true = [agreement(everyone, *kind).value for kind in kinds]
            for files in (30, 100):
                found = np.zeros((draws, len(kinds), 2))
                for draw in range(draws):
                    given = two_readings(random, files, common, apart)
                    for at, kind in enumerate(kinds):
                        told = [agreement(given, *kind, way) for way in ("published", "log")]
                        found[draw, at] = [one.low is not None and one.low <= true[at] <= one.high for one in told]
                share_each = ", ".join(f"{one:.0%}" for one in common)
                cells = [f"{old:.3f}, {new:.3f}" for old, new in found.mean(axis=0)]
                rows.append([share_each, f"{apart:.0%}", str(files), *cells])
    head = ["answers", "guessed", "files", "AC1", "AC2, quadratic", "kappa, quadratic", "alpha, quadratic"]
    table(head, rows)


STEPS = np.array([-0.8, 0.6])


def trial(seed: int) -> tuple[np.ndarray, np.ndarray, list[FacetRating]]:
    """Eight markers and 250 files marked twice, two questions, ten days: severities, drifts a day, marks."""
    random = np.random.default_rng(seed)
    severity, drift = random.normal(0, 0.8, 8), random.normal(0, 0.1, 8)
    given = []
    for unit, deserved in enumerate(random.normal(0, 1.5, 250)):
        question = int(random.integers(0, 2))
        for marker in random.choice(8, 2, replace=False):
            day = 10 * random.random()
            odds = deserved + (0.0, 0.7)[question] - severity[marker] - drift[marker] * (day - 5)
            chance = special.softmax(np.concatenate([[0.0], (odds - STEPS).cumsum()]))
            given.append(FacetRating(unit, int(marker), int(random.choice(3, p=chance)), question, day))
    return severity, drift, given


def severities(quick: bool) -> None:
    say("## Severity and drift of markers")
    say()
    trials = 4 if quick else 50
    say(f"{trials} invented trials of eight markers, 250 files marked twice, three answers; truths against their mean.")
    say()
    found = {"severity": [], "drift": []}
    for seed in range(trials):
        severity, drift, given = trial(seed)
        markers = estimate_facets(given).raters
        for name, truth in (("severity", severity), ("drift", drift)):
            answers = [getattr(one, name) for one in markers]
            found[name] += [
                (one.low <= true <= one.high, one.high - one.low, abs(one.value - true))
                for one, true in zip(answers, truth - truth.mean(), strict=True)
            ]
    rows = [[name, *(f"{value:.3f}" for value in np.mean(each, axis=0))] for name, each in found.items()]
    table(["in log odds (drift: a day)", "coverage", "mean width", "mean distance from the truth"], rows)


def seconds(run: Callable[[], object], times: int) -> float:
    run()
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        for _ in range(times):
            run()
        taken.append((time.perf_counter() - start) / times)
    return sorted(taken)[1]


def cost() -> None:
    say("## Cost")
    say()
    say("Milliseconds for one answer. The peers know neither how few records there are nor which marks are missing.")
    say()
    rows = []
    for files, population in ((100, 300), (1000, 200_000)):
        own = seconds(lambda n=files, size=population: simple_sample_share(n // 3, n, size), 5)
        peer = seconds(lambda n=files: proportion_confint(n // 3, n, method="beta"), 50)
        name = f"one share, {files:,} of {population:,}"
        rows.append([name, f"{1e3 * own:.2f}", f"{1e3 * peer:.2f}", f"{own / peer:.0f}"])
    bands = [Stratum(size, 200, count) for size, count in zip(BANDS, (0, 1, 2, 10, 40), strict=True)]

    def afresh() -> None:
        mid_p_limits.cache_clear()
        stratified_share(bands)

    own = seconds(afresh, 5)
    rows.append(["five bands, 1,000 of 200,000", f"{1e3 * own:.2f}", "none at hand", ""])
    random = np.random.default_rng(3)
    for units in (200, 2000, 20_000):
        truth = random.integers(0, 4, units)
        reads = [np.where(random.random(units) < 0.8, truth, random.integers(0, 4, units)) for _ in range(2)]
        pairs = np.stack(reads, axis=1)
        marked = Ratings(pairs, (1, 2, 3, 4), np.arange(1.0, 5.0))
        own = seconds(lambda given=marked: agreement(given, "kappa", "quadratic"), 5)
        peer = seconds(lambda given=pairs: cohens_kappa(to_table(given)[0], wt="quadratic"), 5)
        their = cohens_kappa(to_table(pairs)[0], wt="quadratic").kappa
        if not np.isclose(agreement(marked, "kappa", "quadratic").value, their):
            raise SystemExit("The kappas differ: the times say nothing.")
        rows.append([f"weighted kappa, {units:,} files", f"{1e3 * own:.2f}", f"{1e3 * peer:.2f}", f"{own / peer:.2f}"])
    table(["answer", "ours", "statsmodels", "ratio"], rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    say("# How often the intervals of audited samples hold the truth")
    say()
    say("Written by `python benchmarks/samples.py --write`. 95% intervals. Simulated are only units with a")
    say("chance each, prediction-powered inference and markers; all else is summed over every sample.")
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
