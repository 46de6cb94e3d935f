"""In worlds of the size of an inspection: what is named of each measure by itself, and of measures taken together?

Parts of `comparison.py`, which prints them: `python benchmarks/comparison.py many together`.
"""

import numpy as np
from scipy import special, stats

from assay.comparison.called_before import BESIDE_UP_TO, NAMED_UP_TO, TOGETHER_UP_TO
from assay.comparison.discoveries import BETTER_SIDE, WORSE
from assay.comparison.shares import OUTLYING
from assay.comparison.standing import SET_APART_BELOW
from assay.enquiries.failure_modes import SHOWN_BY
from assay.estimation.discoveries import q_values
from assay.estimation.shares import share_posterior
from assay.estimation.together import scores, taken_together

LEVELS = (0.05, 0.04, NAMED_UP_TO)
MANY_MEASURES, MANY_FORCES, FAIL = 85, 44, 4
QUESTIONS = MANY_MEASURES * MANY_FORCES
"""What an inspection asks: each measure of each force."""
SET_APART = (0.0, 0.002, SET_APART_BELOW)


def table(head: list[str], rows: list[list[str]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


def many(worlds: int) -> None:
    worlds //= 2
    print(f"{MANY_FORCES} forces, {MANY_MEASURES} measures; {worlds} worlds in which nothing is wrong, and the same")
    print(f"with one measure more, in which {FAIL} forces fail, four deviations out")
    drawn = [of_many(np.random.default_rng([77, seed])) for seed in range(worlds)]
    rows = []
    for place, below in enumerate(SET_APART):
        quiet = np.concatenate([p[:-1, :, place].ravel() for p, _ in drawn])
        small = ", ".join(f"{(quiet < at).mean() / at:.1f}" for at in (0.01, 0.001, 0.0001))
        for level in LEVELS:
            told = np.array([named_of_many(p[..., place], weights, level) for p, weights in drawn])
            false = (told[:, 2] / np.maximum(told[:, 1:].sum(axis=1), 1)).mean()
            alarms, found = (told[:, 0] > 0).mean(), told[:, 1].mean() / FAIL
            rows.append([f"{below}", f"{level}", f"{alarms:.1%}", f"{found:.0%}", f"{false:.1%}", small])
    table(
        ["set apart below", "named up to q", "nothing wrong: worlds with an alarm", f"found of {FAIL} that fail alike",
         "false a world, mean", "p below 0.01, 0.001, 0.0001, times what it says"],
        rows,
    )  # fmt: skip


def of_many(random, apart: tuple[float, ...] = SET_APART) -> tuple[np.ndarray, np.ndarray]:
    """The p values of a world, (measures, forces, apart), the last measure with those that fail, and the weights of
    the sides on which forces lie, (measures, forces)."""
    p, weights = np.empty((MANY_MEASURES + 1, MANY_FORCES, len(apart))), np.empty((MANY_MEASURES + 1, MANY_FORCES))
    for measure in range(MANY_MEASURES + 1):
        mean = random.choice([0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95])
        base, good = int(random.choice([60, 200, 600, 1200, 2400])), random.choice([1, -1])
        deviations = random.standard_normal(MANY_FORCES)
        if measure == MANY_MEASURES:
            mean, base, good = random.choice([0.4, 0.6, 0.8, 0.9]), 2400, 1
            deviations[:FAIL] -= 4
        p[measure], weights[measure] = _of_one(random, mean, base, good, deviations, apart)
    return p, weights


def _of_one(random, mean: float, base: int, good: int, deviations: np.ndarray, apart: tuple[float, ...]):
    """Of one measure: the p values, (forces, apart), and the weights of the sides on which forces lie."""
    counts = random.binomial(base, special.expit(special.logit(mean) + 0.3 * deviations))
    bases = np.full(len(counts), base)
    fitted = [share_posterior(counts, bases, outlying=OUTLYING, set_apart_below=below) for below in apart]
    worse = np.sign(counts - np.median(counts)) * good < 0
    return np.column_stack([one.p_values() for one in fitted]), np.where(worse, WORSE, BETTER_SIDE)


def named_of_many(p: np.ndarray, weights: np.ndarray, level: float) -> tuple[int, int, int]:
    """How many are named where nothing is wrong; then, with the last measure, rightly and wrongly."""
    weighted = np.minimum(p / weights, 1.0)
    quiet = q_values(weighted[:-1].ravel()) <= level
    named = q_values(weighted.ravel()).reshape(p.shape) <= level
    right = int(named[-1, :FAIL].sum())
    return int(quiet.sum()), right, int(named.sum()) - right


RULES = (
    (NAMED_UP_TO, None), (BESIDE_UP_TO, None), (BESIDE_UP_TO, 0.05), (BESIDE_UP_TO, TOGETHER_UP_TO), (0.005, 0.05),
    (None, TOGETHER_UP_TO),
)  # fmt: skip
"""Up to which q-value a measure is named by itself, and several taken together; none: not at all."""
SMALL = (0.05, 0.01, 0.001, 0.0001)


def together(worlds: int) -> None:
    worlds //= 2
    sizes = [len(measures) for measures in SHOWN_BY.values()]
    print(f"{MANY_FORCES} forces, {MANY_MEASURES} measures, {sum(sizes)} of them taken together, in {len(sizes)}")
    print(f"groups; {worlds} worlds in which nothing is wrong, and the same with one group more, in which {FAIL}")
    print("forces fail, 3.5 deviations out: in both of two measures, or in two of three")
    drawn = [_with_a_group(np.random.default_rng([77, seed]), sizes) for seed in range(worlds)]
    rows = []
    for beside, several in RULES:
        told = [np.mean([_told(*world, more, beside, several) for world in drawn], axis=0) for more in (0, 2, 3)]
        found = [text for _, right, false in told[1:] for text in (f"{right:.0%}", f"{false:.1%}")]
        rows.append([f"{beside or '-'}", f"{several or '-'}", f"{told[0][0]:.1%}", *found])
    false = "false a world, mean"
    table(
        ["one named up to q", "together up to q", "nothing wrong: worlds with an alarm",
         f"found of {FAIL}, two measures of two", false, f"found of {FAIL}, two of three", false],
        rows,
    )  # fmt: skip
    print("How often the p-values of measures taken together lie so low where nothing is wrong, times what they say:")
    print("in these worlds, and where p-values are exact and the measures of a group share so much of their variance")
    quiet = {"these worlds": np.array([groups[:-2] for _, _, groups in drawn])}
    for share in (0.2, 0.5, 0.8):
        random = np.random.default_rng([78, int(10 * share)])
        quiet[f"{share} shared"] = np.array([_sharing(random, size, share) for _ in range(worlds) for size in sizes])
    rows = [[name, f"{p.size:,}", *(f"{(p < at).mean() / at:.2f}" for at in SMALL)] for name, p in quiet.items()]
    table(["", "p-values", *(f"below {at}" for at in SMALL)], rows)


def _sharing(random, size: int, share: float) -> np.ndarray:
    shared, own = random.standard_normal(MANY_FORCES), random.standard_normal((size, MANY_FORCES))
    return stats.norm.sf(taken_together(np.sqrt(share) * shared + np.sqrt(1 - share) * own))


def _with_a_group(random, sizes: list[int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of one world, with three measures more: p values and weights, (measures, forces), and the p values of groups,
    (groups, forces), of which the last but one is the first two of these three, and the last all three."""
    p, weights = (list(found[:MANY_MEASURES]) for found in of_many(random, (SET_APART_BELOW,)))
    shared = random.standard_normal(MANY_FORCES)
    for moved in (3.5, 3.5, 0):
        deviations = np.sqrt(0.2) * shared + np.sqrt(0.8) * random.standard_normal(MANY_FORCES)
        deviations[:FAIL] -= moved
        own, sides = _of_one(random, random.choice([0.2, 0.4, 0.6, 0.8]), 1200, 1, deviations, (SET_APART_BELOW,))
        p.append(own)
        weights.append(sides)
    each = scores(np.array(p)[..., 0], np.where(np.array(weights) == WORSE, 1, -1))
    groups = [*np.split(each, np.cumsum(sizes))[:-1], each[-3:-1], each[-3:]]
    return np.array(p)[..., 0], np.array(weights), stats.norm.sf([taken_together(group) for group in groups])


def _told(
    p: np.ndarray, weights: np.ndarray, groups: np.ndarray, more: int, beside: float | None, several: float | None
) -> tuple[bool, float, float]:
    """Of one world with so many measures `more`: whether anything is named, which part of those that fail, and which
    part of all that is named falsely."""
    quiet = groups[:-2]
    one = _named(np.minimum(p / weights, 1)[: MANY_MEASURES + more], beside)
    joined = _named(np.vstack([quiet, groups[more - 4]]) if more else quiet, several)
    right = np.vstack([one[MANY_MEASURES : MANY_MEASURES + 2], joined[len(quiet) :]])[:, :FAIL]
    named = one.sum() + joined.sum()
    return named > 0, right.any(axis=0).mean(), (named - right.sum()) / max(named, 1)


def _named(p: np.ndarray, level: float | None) -> np.ndarray:
    return q_values(p.ravel()).reshape(p.shape) <= level if level else np.zeros(p.shape, dtype=bool)
