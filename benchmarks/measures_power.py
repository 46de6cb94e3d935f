"""Would a force at an injected rate be found by the measures, by the old definitions and by the present ones?

    python benchmarks/measures_power.py [--draws 10] [--seed 2027]

No country is generated: the answers of 44 forces are drawn from binomial distributions whose rates differ between
forces (normal on the logit scale, standard deviation `BETWEEN`). In four forces of each case the failing is injected at
the rate that `CASES` gives; `OTHERS` measures in which nothing is wrong are compared beside it, so that the false
discovery rate is controlled over as many tests as in an inspection. The rates are those that were found on countries
of another hand (share of ordinary and injected forces, usual bases); no threshold was chosen on them, and the seeds are
used for nothing else. An alert counts if it is of the measure, or of the failure mode, on the side of the failing.
"""

import argparse
from collections import Counter
from dataclasses import dataclass

import numpy as np

from assay.compare.failure_mode_tests import TOWARDS_FAILURE, compare_with_failure_modes
from assay.indicators import ALL
from assay.indicators.failure_mode_measures import MEASURES_OF_MODE
from assay.indicators.indicator_catalogue import find_form, indicators
from assay.reference import Organisation
from assay.stats.binomial_intervals import wilson

FORCES, INJECTED, OTHERS, BETWEEN = 44, 4, 70, 0.3
CODES = [f"INV{number:02}" for number in range(1, FORCES + 1)]
ORGANISATIONS = {code: Organisation(code, code, code.lower(), "territorial", "England") for code in CODES}


@dataclass(frozen=True)
class Drawn:
    """A measure: the share met ordinarily and in an injected force, and the smallest and the largest base."""

    measure: str
    ordinary: float
    injected: float
    bases: tuple[int, int]


CASES = {
    "Devices wait over a year": [Drawn("device_examined_in_365_days", 0.60, 0.20, (40, 120))],
    "Removed early, with moves down (old)": [Drawn("back_within_90_days", 0.31, 0.40, (40, 160))],
    "Removed early, alone": [Drawn("back_within_90_days", 0.18, 0.36, (25, 80))],
    "Lines left open, all crimes (old)": [Drawn("lines_ended_before_closing", 0.80, 0.775, (150, 450))],
    "Lines left open, group crimes": [Drawn("group_lines_ended_before_closing", 0.80, 0.40, (10, 30))],
    "Flags missing, on other offences alone (old)": [Drawn("cse_flag_on_other_offence", 0.12, 0.06, (150, 400))],
    "Flags missing, small bases too": [
        Drawn("cse_flag_on_other_offence", 0.12, 0.06, (150, 400)),
        Drawn("cse_flag_on_cse_offence", 0.85, 0.35, (5, 16)),
    ],
    "Victims accused, of all child victims (old)": [Drawn("children_also_suspects", 0.012, 0.03, (200, 400))],
    "Victims accused, of exploited children": [Drawn("children_also_suspects", 0.12, 0.45, (30, 70))],
    "Ethnicity missing, two measures (old)": [
        Drawn("suspect_ethnicity_self_recorded", 0.60, 0.52, (80, 250)),
        Drawn("suspect_ethnicity_officer_recorded", 0.65, 0.57, (80, 250)),
    ],
    "Ethnicity missing, any record too": [
        Drawn("suspect_ethnicity_self_recorded", 0.60, 0.52, (80, 250)),
        Drawn("suspect_ethnicity_officer_recorded", 0.65, 0.57, (80, 250)),
        Drawn("suspect_ethnicity_recorded", 0.86, 0.70, (80, 250)),
    ],
}  # fmt: skip


def ladder(measure: str, code: str, met: int, base: int) -> dict[str, object]:
    counts = {"met": met, "not_met": base - met, "not_known": 0, "not_known_if_counted": 0}
    key = {"indicator": measure, "place_code": code, "when_reported": ALL, "not_askable": "", "hidden": ""}
    return {**key, "records": base, "outside": 0, "left_out": 0, **counts, "share": met / base}


def draw(generator: np.random.Generator, drawn: Drawn) -> list[dict[str, object]]:
    shares = np.full(FORCES, drawn.ordinary)
    shares[:INJECTED] = drawn.injected
    logits = np.log(shares / (1 - shares)) + generator.normal(0, BETWEEN, FORCES)
    bases = generator.integers(drawn.bases[0], drawn.bases[1] + 1, FORCES)
    met = generator.binomial(bases, 1 / (1 + np.exp(-logits)))
    return [ladder(drawn.measure, *row) for row in zip(CODES, met.tolist(), bases.tolist(), strict=True)]


def null_rows(generator: np.random.Generator, measures: list[str]) -> list[dict[str, object]]:
    rows = []
    for measure in measures:
        share = float(generator.uniform(0.2, 0.8))
        rows += draw(generator, Drawn(measure, share, share, (40, 400)))
    return rows


def alerts(rows: list[dict[str, object]], case: list[Drawn]) -> set[str]:
    """The forces with an alert on a measure of the case, or on its failure mode, on the side of the failing."""
    forms = [find_form(key) for key in dict.fromkeys(str(row["indicator"]) for row in rows)]
    measures = {drawn.measure: "lower" if drawn.injected < drawn.ordinary else "higher" for drawn in case}
    modes = {mode: sides for mode, sides in MEASURES_OF_MODE.items() if measures.keys() & sides.keys()}
    tables = compare_with_failure_modes(forms, rows, ORGANISATIONS, MEASURES_OF_MODE)
    found = {row["place_code"] for row in tables["standing"].to_pylist()
             if row["unusual"] and row["direction"] == measures.get(row["indicator"])}  # fmt: skip
    together = [row for row in tables["taken_together"].to_pylist() if row["failure_mode"] in modes]
    return found | {row["place_code"] for row in together if row["unusual"] and row["direction"] == TOWARDS_FAILURE}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=int, default=10)
    parser.add_argument("--seed", type=int, default=2027)
    options = parser.parse_args()
    print("| injected | found (95% interval; of) | false |\n|---|---|---|")
    for title, case in CASES.items():
        counts: Counter[str] = Counter()
        for number in range(options.draws):
            generator = np.random.default_rng([options.seed, number])
            own = {drawn.measure for drawn in case}
            own |= {m for sides in MEASURES_OF_MODE.values() if own & sides.keys() for m in sides}
            beside = [form.key for form in indicators() if form.key not in own and form.record != "force"][:OTHERS]
            rows = [row for drawn in case for row in draw(generator, drawn)] + null_rows(generator, beside)
            named = alerts(rows, case)
            counts["found"] += len(named & set(CODES[:INJECTED]))
            counts["false"] += len(named - set(CODES[:INJECTED]))
        trials = options.draws * INJECTED
        low, high = wilson(counts["found"], trials)
        share = f"{counts['found'] / trials:.0%} ({low:.0%} to {high:.0%}; {trials})"
        print(f"| {title} | {share} | {counts['false']} |", flush=True)


if __name__ == "__main__":
    main()
