"""Score one inspection against the known truth about its forces.

    score(inspection, truth)      reads files only: `force_estimates` and `combined_tests` of `comparison`, what people
                                  confirmed in texts, what was said of claims and practice, and the folder of the truth

One row for each failing: where it was injected, whether it was found, and false alerts. A failing that no measure shows
yet counts as not found. Also bias and coverage of every share with a known true share, and what the report says: grade,
concerns, brief and front page of each force with a failing, and of each theme without one (`report_scores`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from assay.errors import UsageError
from assay.synthetic.simulation.alert_comparison import Alert, Row, assay_alerts, force_counts
from assay.synthetic.simulation.detection_scores import FailingResult, false_alerts, score_failings
from assay.synthetic.simulation.estimate_errors import IntervalCoverage, compare_with_truth, interval_coverage
from assay.synthetic.simulation.lesson_scores import lesson_alerts
from assay.synthetic.simulation.network_recovery import NetworkRecovery, network_recovery, read_networks
from assay.synthetic.simulation.released_report import read_report
from assay.synthetic.simulation.report_scores import ReportScore, score_report
from assay.synthetic.simulation.text_scores import NO_RATINGS, TextScore, score_texts
from assay.synthetic.simulation.trend_statements import Statement, calibration_bins, false_certainty, statements
from assay.synthetic.simulation.truth_folder import Truth, find_truth, truth_folder
from assay.wording import count_phrase as how_many
from assay.wording import join_words


@dataclass(frozen=True)
class InspectionScore:
    """The score of one inspection: failings, false alerts, and the estimates of forces and of all forces combined."""

    folder: Path
    truth: Truth
    failings: tuple[FailingResult, ...]
    false_alerts: tuple[Alert, ...]
    force_coverage: tuple[IntervalCoverage, ...]
    overall_coverage: tuple[IntervalCoverage, ...]
    texts: TextScore
    groups: tuple[NetworkRecovery, ...] = ()
    directions: tuple[Statement, ...] = ()
    report: ReportScore | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a dictionary for JSON output."""
        return {
            "folder": str(self.folder),
            "seed": self.truth.seed,
            "world": self.truth.world,
            "failings": [_as_dict(item, self.texts) for item in self.failings],
            "false_calls": [item._asdict() for item in self.false_alerts],
            "estimates_of_forces": [item._asdict() for item in self.force_coverage],
            "estimates_of_all_forces_together": [item._asdict() for item in self.overall_coverage],
            "confirmed_in_texts": self.texts.as_dict(),
            "injected_networks": [item._asdict() for item in self.groups],
            "statements_on_series": [item._asdict() for item in self.directions],
            "report": self.report.as_dict() if self.report else None,
        }

    def summary_lines(self) -> list[str]:
        """Yield the lines to print at a terminal."""
        injected_results = [item for item in self.failings if item.injected]
        injection_count = sum(len(item.injected) for item in injected_results)
        found = sum(len(item.found) for item in injected_results)
        lines = [
            (
                f"Injected {how_many(injection_count, 'time')}, found {found}; "
                f"{how_many(len(self.false_alerts), 'false call')}."
            ),
            "",
            *(["What the report says:", *self.report.summary_lines(), ""] if self.report else []),
        ]
        lines += [_sentence(item, self.texts) for item in injected_results]
        not_injected = [item for item in self.failings if not item.injected]
        if not_injected:
            lines += [
                "",
                "Injected in no force of this inspection:",
                *(f"  {_not_injected_sentence(item, self.texts)}" for item in not_injected),
            ]
        if self.false_alerts:
            lines += [
                "",
                "False calls:",
                *(f"  {item.place}: {item.measure} {item.direction}" for item in self.false_alerts),
            ]
        lines += ["", "What people confirmed in texts:", *(f"  {line}" for line in self.texts.summary_lines())]
        if self.groups:
            lines += ["", "Injected networks:", *(f"  {_network_sentence(item)}" for item in self.groups)]
        if self.directions:
            lines += ["", "Statements on series:", *(f"  {line}" for line in _statement_lines(self.directions))]
        lines += [
            "",
            "Shares of forces against the truth:",
            *(f"  {_coverage_line(item)}" for item in self.force_coverage),
        ]
        return [
            *lines,
            "Of all forces together (a full count, so no interval is given):",
            *map(_bias_line, self.overall_coverage),
        ]


def score_inspection(inspection: Path, truth: Path | None = None) -> InspectionScore:
    """Score the inspection in a folder; UsageError if it was not run, or the truth is missing."""
    known = find_truth(inspection, truth)
    path = inspection / "comparison" / "force_estimates.parquet"
    if not path.is_file():
        raise UsageError(f"{inspection} holds no comparison to score. Run it first: assay inspect run {inspection}")
    estimate_rows = pq.read_table(path).to_pylist()
    texts = score_texts(inspection, truth_folder(inspection, truth), known.seed)
    alerts = assay_alerts(estimate_rows, _combined_rows(inspection)) | texts.alerts | lesson_alerts(inspection)
    comparisons = compare_with_truth(estimate_rows, known)
    contents = read_report(inspection)
    records = {(item.place, item.measure): item.base for item in force_counts(estimate_rows)}
    national = [comparison for comparison in comparisons if comparison.place not in known.rates]
    return InspectionScore(
        folder=inspection,
        truth=known,
        failings=score_failings(alerts, known, force_counts(estimate_rows)),
        false_alerts=tuple(sorted(false_alerts(alerts, known))),
        force_coverage=tuple(
            interval_coverage(comparison for comparison in comparisons if comparison.place in known.rates)
        ),
        overall_coverage=tuple(interval_coverage(national)),
        texts=texts,
        groups=_network_results(inspection, truth_folder(inspection, truth)),
        directions=tuple(statements(inspection, truth_folder(inspection, truth))),
        report=score_report(contents, known, records) if contents else None,
    )


def _combined_rows(inspection: Path) -> list[Row]:
    """Return the rows of the combined tests; empty for an inspection that was run before they existed."""
    path = inspection / "comparison" / "combined_tests.parquet"
    return pq.read_table(path).to_pylist() if path.is_file() else []


def _network_results(inspection: Path, truth: Path) -> tuple[NetworkRecovery, ...]:
    """Return the recovery of injected networks; empty if none was injected, or groups were not detected."""
    known_networks = read_networks(truth)
    paths = {"people": "persons", "found_persons": "groups", "found_crimes": "groups"}
    files = {name: inspection / stage / f"{name}.parquet" for name, stage in paths.items()}
    if known_networks is None or not all(path.is_file() for path in files.values()):
        return ()
    return network_recovery(known_networks, {name: pq.read_table(path) for name, path in files.items()})


def _network_sentence(recovery: NetworkRecovery) -> str:
    return (
        f"tied by {recovery.tied_by}: {recovery.pairs_found} of {how_many(recovery.pairs, 'pair')} of suspects "
        f"in one group, and "
        f"{recovery.networks_found} of {how_many(recovery.networks, 'network')} with two suspects and two children; "
        f"{how_many(recovery.wrong, 'pair')} of two networks in one group."
    )


def _statement_lines(found: Sequence[Statement]) -> Iterator[str]:
    """Yield lines on correct statements by stated probability, and on false certainty."""
    for calibration_bin in calibration_bins(found):
        yield (
            f"made with {calibration_bin.low:.0%} to {calibration_bin.high:.0%}: {calibration_bin.right} of "
            f"{calibration_bin.number} right."
        )
    sure_count, statement_count = false_certainty(found)
    yield f"where nothing was changed: {sure_count} of {statement_count} made with 90% or more."


def _is_unrated(result: FailingResult, texts: TextScore) -> bool:
    """Return True if only texts could show the failing, and no texts were rated."""
    only = result.failing.in_texts and not (result.failing.shown_by or result.failing.in_lessons)
    return bool(only) and not any(texts.rated[name] for name in result.failing.in_texts)


def _as_dict(result: FailingResult, texts: TextScore) -> dict[str, Any]:
    values = {
        "failing": result.failing.key,
        "mode": result.failing.mode,
        "title": result.failing.title,
        "not_yet": result.is_not_detectable,
    }
    values |= {"nobody_marked_texts": not result.is_not_detectable and _is_unrated(result, texts)}
    values |= {"injected": list(result.injected), "found": list(result.found), "missed": list(result.missed)}
    false = [alert._asdict() for alert in result.false_alerts]
    return {**values, "strength": result.strength, "below_standard": result.is_below_standard, "false_calls": false}


def _sentence(result: FailingResult, texts: TextScore) -> str:
    name = result.failing.name
    strength = "" if result.strength is None else f" at strength {result.strength:g}"
    head = f"{name}: injected{strength} in {join_words(list(result.injected))}"
    if result.is_not_detectable:
        return f"{head}; not found: no measure shows it yet."
    if _is_unrated(result, texts):
        return f"{head}; not found: {NO_RATINGS}."
    if result.is_below_standard is not None:
        way = (
            "found: all forces together lie below the standard"
            if result.is_below_standard
            else "not found against the standard"
        )
        return f"{head}, most of all forces; {way}."
    if not result.missed:
        return f"{head}; found in {'all of them' if len(result.injected) > 1 else 'it'}."
    if not result.found:
        return f"{head}; {'found in none of them' if len(result.injected) > 1 else 'not found there'}."
    return f"{head}; found in {join_words(list(result.found))}, not in {join_words(list(result.missed))}."


def _not_injected_sentence(result: FailingResult, texts: TextScore) -> str:
    if result.is_not_detectable:
        return f"{result.failing.name}: no measure shows it yet."
    if _is_unrated(result, texts):
        return f"{result.failing.name}: {NO_RATINGS}."
    alert_text = how_many(len(result.false_alerts), "false call") if result.false_alerts else "no call"
    return f"{result.failing.name}: {alert_text}."


def _coverage_line(coverage: IntervalCoverage) -> str:
    coverage_text = (
        f"the interval holds the truth in {coverage.covering} of {coverage.intervals}"
        if coverage.intervals
        else "no interval is given"
    )
    return (
        f"{coverage.measure}: {how_many(coverage.number, 'force')}, "
        f"{100 * coverage.bias:+.1f} points on average, {coverage_text}."
    )


def _bias_line(coverage: IntervalCoverage) -> str:
    return f"  {coverage.measure}: {100 * coverage.bias:+.1f} points."
