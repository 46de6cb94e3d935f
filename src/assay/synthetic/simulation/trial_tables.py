"""How are the trials told in tables: what was found, what was false, and how far from the truth were the shares?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from assay.synthetic.simulation.detection_scores import MOST
from assay.synthetic.simulation.estimate_errors import Cover, coverage
from assay.synthetic.simulation.injected_failings import failings, measures
from assay.synthetic.simulation.repeated_draws import MEDIAN, Draw, judged
from assay.synthetic.simulation.trial_runs import METHODS, OURS, Planted, Trial
from assay.synthetic.simulation.trial_summaries import (
    ENOUGH_RECORDS,
    Share,
    any_alarm,
    at,
    below_standard,
    covers,
    false_share,
    numbers,
    planted,
    power,
    power_among,
    small_p,
    strengths,
    with_enough,
)
from assay.wording import counted

SERIOUS = 1.0
MOST_ALARMS, P_LOW, P_HIGH = 0.10, 0.005, 0.015


def quiet(trials: Iterable[Trial], name: str = "") -> list[Trial]:
    """The countries in which nothing is wrong and nothing makes it look so; of one name, if it is given."""
    plain = (trial for trial in trials if not trial.planted and not trial.world.nuisance)
    return [trial for trial in plain if name in ("", trial.world.name)]


def disturbed(trials: Iterable[Trial]) -> dict[str, list[Trial]]:
    """By nuisance, the countries in which nothing is wrong and that nuisance holds."""
    found: dict[str, list[Trial]] = {}
    for trial in trials:
        if trial.world.nuisance and not trial.planted:
            found.setdefault(trial.world.nuisance, []).append(trial)
    return found


def of_nuisances(trials: Iterable[Trial]) -> list[str]:
    """A row for every nuisance: false alarms a country, by method."""
    rows = [
        (name, str(len(mine)), *(f"{sum(one.alarms[method][1] for one in mine) / len(mine):.1f}" for method in METHODS))
        for name, mine in disturbed(trials).items()
    ]
    return markdown(("world", "countries", *METHODS), rows)


def troubled(trials: Iterable[Trial]) -> list[Trial]:
    """The countries in which something is planted, in a few forces."""
    return [trial for trial in trials if trial.planted and not in_most(trial)]


def in_most(trial: Trial) -> bool:
    """Whether something is planted in more than half of the forces of a country."""
    return any(number > MOST * trial.world.forces for number in trial.world.planted.values())


def of_most(trials: Iterable[Trial]) -> list[str]:
    """A row for every failing that was planted in most forces: in how many countries we found it, against the standard
    (or by the force's own record), and the share of the forces that each peer calls."""
    mine = [trial for trial in trials if in_most(trial)]
    rows = []
    numbers = sorted({(trial.world.planted[key], key) for trial in mine for key in trial.world.planted})
    for key, number in [(key, number) for key in planted(mine) for number, other in numbers if other == key]:
        tried = [trial for trial in mine if trial.world.planted.get(key) == number]
        found = sum(any(OURS in one.found for one in trial.planted) for trial in tried)
        peers = [power(tried, key, method).share or 0 for method in METHODS[1:]]
        forces = f"{number} of {tried[0].world.forces}"
        said = f"found in {found} of {counted(len(tried), 'country', 'countries')}"
        rows.append([failings()[key].name, forces, said, *(f"{100 * one:.0f}% of the forces called" for one in peers)])
    return markdown(("failing", "forces", *METHODS), rows)


def markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table as lines of Markdown."""
    return [_row(heads), _row(["---"] * len(heads)), *(_row(row) for row in rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def of_failings(trials: Sequence[Trial]) -> list[str]:
    """A row for every failing: how many records could show it, and the share found at the serious strength."""
    return markdown(("failing", "records", *METHODS), [_of_failing(trials, key) for key in failings()])


def _of_failing(trials: Sequence[Trial], key: str) -> list[str]:
    failing = failings()[key]
    if not failing.shown_by:
        said = "by marks of texts: see below" if failing.in_texts else "not yet: not found"
        said = "by what is said of lessons: `assay truths`" if failing.in_lessons else said
        return [failing.name, "", said, *["" for _ in METHODS[1:]]]
    tried = [one for trial in trials for one in trial.planted if one.failing == key and at(SERIOUS)(one)]
    if not tried:
        return [failing.name, "", "not planted yet", *["" for _ in METHODS[1:]]]
    enough = any(with_enough(one) for one in tried)

    def counts(one: Planted) -> bool:
        return at(SERIOUS)(one) and (not enough or with_enough(one))

    records = "one a force" if all(measures()[one].one_each for one in failing.shown_by) else _records(tried, counts)
    return [failing.name, records, *(power(trials, key, method, counts).in_words() for method in METHODS)]


def _records(tried: Sequence[Planted], counts: Callable[[Planted], bool]) -> str:
    """The median number of records that could show it, and whether that is few everywhere."""
    few = "" if any(with_enough(one) for one in tried) else f" (under {ENOUGH_RECORDS})"
    return f"{median(one.records for one in tried if counts(one)):.0f}{few}"


def by_strength(trials: Sequence[Trial]) -> list[str]:
    """A row for every failing that was planted and every strength."""
    rows = [
        [failings()[key].name, f"{strength:g}", *(power(trials, key, m, at(strength)).in_words() for m in METHODS)]
        for key in planted(trials)
        for strength in strengths(trials)
    ]
    return markdown(("failing", "strength", *METHODS), rows)


def by_number(trials: Sequence[Trial]) -> list[str]:
    """A row for every number of forces in which a failing was planted at once: serious or stronger, enough records."""

    def counts(one: Planted) -> bool:
        return one.strength >= SERIOUS and with_enough(one)

    rows = [
        [str(number), *(power_among(trials, number, method, counts).in_words() for method in METHODS)]
        for number in numbers(trials)
    ]
    return markdown(("forces that fail alike", *METHODS), rows)


def of_alarms(trials: Sequence[Trial]) -> list[str]:
    """A row for every method: how often it is wrong."""
    heads = ("method", *(f"{name}: any alarm" for name in names(trials)), "planted: alarms that are false")
    rows = [
        [method, *(any_alarm(quiet(trials, name), method).in_words() for name in names(trials)),
         false_share(troubled(trials), method).in_words()]
        for method in METHODS
    ]  # fmt: skip
    return markdown(heads, rows)


def of_tests(trials: Sequence[Trial]) -> list[str]:
    """A row for every measure, and every failure mode: how often an unadjusted p-value lies below 0.01 where nothing is
    wrong."""
    by_name = {name: small_p(quiet(trials, name)) for name in names(trials)}
    measures = [key for key in small_p(quiet(trials)) if key != "all"]
    rows = [[key, *(_fine(found.get(key, Share(0, 0))) for found in by_name.values())] for key in (*measures, "all")]
    return markdown(("p below 0.01", *by_name), rows)


def names(trials: Iterable[Trial]) -> list[str]:
    """The names of the countries in which nothing is wrong."""
    return list(dict.fromkeys(trial.world.name for trial in quiet(trials)))


def _fine(share: Share) -> str:
    if share.share is None:
        return "none tried"
    low, high = share.interval
    return f"{100 * share.share:.2f}% ({100 * low:.2f} to {100 * high:.2f}; {share.of})"


def of_estimates(trials: Sequence[Trial]) -> list[str]:
    """A row for every measure with a true share: error and coverage, by whether a failing shows there, and of all.

    Countries with a nuisance are left out: there a rate is not one number.
    """
    trials = [trial for trial in trials if not trial.world.nuisance]
    sound = {one.measure: one for one in covers(trials, lambda one: one.low is not None and not one.planted)}
    failing = {one.measure: one for one in covers(trials, lambda one: one.low is not None and one.planted)}
    whole = {one.measure: one for one in covers(trials, lambda one: one.low is None)}
    heads = ("measure", "sound: error", "sound: held", "failing: error", "failing: held", "all together: error")
    rows = [[key, *_cells(one), *_cells(failing.get(key)), _error(whole.get(key))] for key, one in sound.items()]
    return markdown(heads, rows)


def _cells(one: Cover | None) -> tuple[str, str]:
    return (_error(one), Share(one.held, one.intervals).in_words()) if one else ("", "")


def _error(one: Cover | None) -> str:
    return f"{100 * one.bias:+.1f}" if one else ""


def of_draws(draws: Sequence[Draw]) -> list[str]:
    """A row for every estimate, judged by the other draws of the same forces: the mean error, and how many held."""
    rows = [[one.measure, _error_of(one), Share(one.held, one.intervals).in_words()] for one in coverage(judged(draws))]
    return markdown(("estimate", "error", "held"), rows)


def _error_of(one: Cover) -> str:
    """Shares in points, a median in days."""
    return f"{one.bias:+.2f} days" if MEDIAN in one.measure else f"{100 * one.bias:+.1f}"


def of_standards(trials: Sequence[Trial]) -> list[str]:
    """A row for every measure: in how many countries with nothing wrong all forces together lie below the standard."""
    rows = [[measure, share.in_words()] for measure, share in below_standard(quiet(trials)).items()]
    return markdown(("measure", "below the standard"), rows)


def of_groups(trials: Iterable[Trial]) -> list[str]:
    """A row for each reading of a tie: of planted networks, pairs and networks found, and pairs joined wrongly."""
    every = [one for trial in trials for one in trial.groups]
    rows = []
    for tied_by in dict.fromkeys(one.tied_by for one in every):
        mine = [one for one in every if one.tied_by == tied_by]
        found, wrong = sum(one.pairs_found for one in mine), sum(one.wrong for one in mine)
        pairs, networks = sum(one.pairs for one in mine), sum(one.networks for one in mine)
        rows.append(
            [tied_by, Share(found, pairs).in_words(),
             Share(sum(one.networks_found for one in mine), networks).in_words(),
             Share(wrong, wrong + found).in_words()]
        )  # fmt: skip
    heads = ("tied by", "pairs of suspects found", "networks found", "of pairs joined, of two networks")
    return markdown(heads, rows)


def promises(trials: Sequence[Trial]) -> list[str]:
    """Whether what is promised of countries with nothing wrong is kept, in sentences."""
    return [line for name in names(trials) for line in _promises(name, quiet(trials, name))]


def _promises(name: str, trials: Sequence[Trial]) -> list[str]:
    alarm, tests = any_alarm(trials, OURS), small_p(trials)["all"]
    few = alarm.share is not None and alarm.share <= MOST_ALARMS
    right = tests.share is not None and P_LOW <= tests.share <= P_HIGH
    return [
        f"{name}: any alarm in at most 10 of 100 countries is {'kept' if few else 'not kept'}, {alarm.in_words()}.",
        f"{name}: an unadjusted p below 0.01 in 0.5% to 1.5% of tests is {'kept' if right else 'not kept'}, "
        f"{_fine(tests)}.",
    ]
