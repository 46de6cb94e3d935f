"""Is the page for readers short, and are its figures those of the trials and of the page of all tables?"""

import math
import re
from pathlib import Path

import pytest

from assay.synthetic.simulation import study_summary, trial_tables
from assay.synthetic.simulation.estimate_errors import IntervalCoverage, TruthComparison
from assay.synthetic.simulation.study_summary import coverage_phrases, power_table, summary_page
from assay.synthetic.simulation.trial_runs import ASSAY, FUNNEL, METHODS, InjectionResult, Trial
from assay.synthetic.simulation.trial_worlds import TrialWorld

ROOT = Path(__file__).parent.parent.parent
PAGE, TABLES = ROOT / "docs" / "explanation" / "how-well-it-finds.md", ROOT / "benchmarks" / "simulation_study.md"
MEASURE = "recorded_in_24_hours"
LINES_OF_TWO_SCREENS, LETTERS_A_LINE = 62, 85


def trial(name: str, injected: tuple[InjectionResult, ...] = (), false_alerts: int = 0, nuisance: str = "") -> Trial:
    counts = {"late_recording": len(injected)} if injected else {}
    world = TrialWorld(name, 1, 6, 50, counts, 1.0 if injected else 0.0, nuisance=nuisance)
    alerts = {**dict.fromkeys(METHODS, (1, 3)), ASSAY: (1, false_alerts)}
    covered = TruthComparison(MEASURE, "INV01", 0.9, 0.85, 0.95, 0.92, has_injected_failing=False)
    missed = TruthComparison(MEASURE, "INV02", 0.8, 0.75, 0.85, 0.7, has_injected_failing=False)
    return Trial(world, injected, alerts, {}, (covered, missed), ())


def injection(failing: str, *found: str) -> InjectionResult:
    return InjectionResult(failing, 1.0, 150, found)


TRIALS = [
    trial("injected", (injection("late_recording", ASSAY, FUNNEL), injection("late_recording", FUNNEL))),
    trial("injected", (injection("few_charged", ASSAY),)),
    trial("nothing wrong"),
    trial("nothing wrong", false_alerts=1),
    trial("nothing wrong, uneven", false_alerts=2, nuisance="uneven"),
]


def test_the_page_begins_with_the_failings_found_and_the_countries_with_a_false_alert():
    page = summary_page(TRIALS, [], "2 December 2026 with version 9")
    assert "Of 3 serious failings in synthetic forces, `assay` found 2 and a plain funnel 2." in page
    assert "Of 2 countries in which nothing is wrong, `assay` raised an alert in 1 and the funnel in 2." in page
    assert "Measured on 2 December 2026 with version 9." in page
    assert "$" not in page


def test_the_failing_that_is_found_most_often_comes_first_with_the_plain_funnel_beside_it():
    assert power_table(trial_tables.trials_with_failings(TRIALS)) == [
        "| failing | assay | plain funnel |",
        "| --- | --- | --- |",
        "| F15 Few charged | 100% (21 to 100; 1) | 0% (0 to 79; 1) |",
        "| Crimes recorded late | 50% (9 to 91; 2) | 100% (34 to 100; 2) |",
    ]


def test_false_alerts_are_given_by_country_and_where_data_only_look_like_a_failing():
    quiet, false, disturbed = study_summary.false_alert_lines(TRIALS)
    assert quiet.startswith("Nothing wrong in 2 countries of 6 forces: an alert in 50% (9 to 91; 2); plain funnel 100%")
    assert "injected: 0% (0 to 66; 2); plain funnel 75%" in false  # the funnel: 2 true and 6 false alerts
    assert disturbed.endswith("1 country in which data only look like a failing: 2; plain funnel 3.")


def test_coverage_is_the_range_over_measures_and_how_many_are_low():
    """One of two intervals holds the truth in each country, so the one measure has a coverage of 50%."""
    assert coverage_phrases(TRIALS, []) == ["50% to 50% (1 of 1 under 90%) of shares without the failing"]


def test_a_median_that_the_truth_never_reaches_has_no_bias(monkeypatch: pytest.MonkeyPatch):
    waits = [
        IntervalCoverage("report_to_charge: median, days", 3, -math.inf, 3, 3, 0.4, 1.0),
        IntervalCoverage("report_to_file: median, days", 2, 1.5, 2, 2, 0.3, 1.0),
    ]
    monkeypatch.setattr(trial_tables, "interval_coverage", lambda _: waits)
    never, reached = trial_tables.repeated_draw_table([])[2:]
    assert "| no bias measured: true median not reached |" in never
    assert "| +1.50 days |" in reached


def table_rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def test_each_power_on_the_page_is_the_one_in_the_table_of_all_methods():
    text = TABLES.read_text(encoding="utf-8")
    serious = text[text.index("Every failing, injected at strength 1:") : text.index("Power by strength")]
    whole = {row[0]: (row[2], row[5]) for row in table_rows(serious)}
    short = {name: (result, peer) for name, result, peer in table_rows(PAGE.read_text(encoding="utf-8"))[2:]}
    assert len(short) == 20
    assert short == {name: whole[name] for name in short}


def test_no_stored_table_prints_an_infinite_number():
    for path in (ROOT / "benchmarks").rglob("*.md"):
        assert not re.search(r"[-+ ](inf|nan)\b", path.read_text(encoding="utf-8")), path.name


def test_the_page_fits_on_two_screens():
    """Lines of 85 letters, as the site sets them; a heading counts as two, a row of a table as one."""
    paragraphs = re.split(r"\n\n|\n(?=[-|])", PAGE.read_text(encoding="utf-8"))
    texts = [re.sub(r"\]\([^)]*\)", "]", paragraph) for paragraph in paragraphs]
    heights = {"#": 2, "|": 1}
    lines = sum(heights.get(text[0], math.ceil(len(text) / LETTERS_A_LINE)) for text in texts if "| ---" not in text)
    assert lines <= LINES_OF_TWO_SCREENS
