"""The last page of a report on synthetic forces: which failings were injected, and what the report says of each.

The truth is read from outside the inspection. Everything else comes from the released tables and the front page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from assay.compare.comparability import is_total
from assay.engine.provenance.content_hashes import file_hash
from assay.engine.provenance.verification import TRUTH_FOLDER
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH
from assay.indicators.catalogue.attitudes.blaming_language import BLAMING
from assay.ingest.inspection_folder import SETTINGS_FILE
from assay.reference import failure_modes
from assay.reference.data_requests import read_request
from assay.report.closing_page import ClosingPage
from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import join_list, plural, whole, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.concerns_page import KINDS
from assay.report.pages.inspection.figure_sentences import indicator_path, own_share_text, place_cell
from assay.report.pages.inspection.finding_candidates import force_name, key_findings
from assay.report.pages.inspection.measure_findings import other_forces_text
from assay.report.pages.inspection.outliers_page import PATH as OUTLIERS_PATH
from assay.report.pages.inspection.outliers_page import TEXT_MEASURES, missed_standards, outlier_alerts
from assay.report.pages.inspection.outliers_page import TITLE as OUTLIERS_TITLE
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.pages.inspection.texts_page import NO_OUTLIER
from assay.sdc.released_rows.grading_rows import ConcernsRow, GradesRow, RevisitsRow
from assay.sdc.released_rows.indicator_rows import IndicatorsRow
from assay.synthetic.earlier_inspection import CHANGES, KnownChange, read_changes
from assay.synthetic.simulation.alert_comparison import Alert, assay_alerts, comparison_alerts, force_counts
from assay.synthetic.simulation.detection_scores import false_alerts
from assay.synthetic.simulation.injected_failings import COMBINED_TEST, failings
from assay.synthetic.simulation.lesson_scores import claim_alerts, practice_alerts
from assay.synthetic.simulation.released_report import named_with_concern
from assay.synthetic.simulation.report_scores import (
    CONCERNS,
    FRONT_PAGE,
    GRADE,
    FailingInReport,
    ReportContents,
    denied_characteristics,
    is_worse_than_good,
    score_report,
)
from assay.synthetic.simulation.truth_folder import FILE, Truth, read_truth
from assay.workflows.receive.request_contract import REQUEST
from assay.workflows.run.confirmed_texts import SENSITIVITY

PATH, TITLE = "planted.html", "What was injected, and what this report says of it"
LINK, LABEL = "What was injected", "Injected"
CERTAINTY_NOTE = (
    "What was injected is known, because a program made these forces. What the report says is read from its own "
    "released tables and from its front page."
)
NO_CONCERN = "none about this failing"
CLAIMS_PAGE = ("claims.html", "What forces say of themselves")
ADVERSE_KINDS = KINDS[:-1]
"""The kinds of concern that say that something is wrong, the gravest first."""


def injection_page(truth: Path) -> ClosingPage:
    """Return the closing page of a report on the synthetic forces whose truth is in a folder."""
    known, changes = read_truth(truth / FILE), read_changes(truth)

    def make(site: Inspection, front: str) -> Page:
        return _page(_ReportOnTruth(site, front, known, changes))

    files = [path for path in (truth / FILE, truth / CHANGES) if path.is_file()]
    return ClosingPage(PATH, LINK, LABEL, make, " ".join(file_hash(path) for path in files))


def returns_folder_of(inspection: Path) -> Path:
    """Return the folder beside a demonstration that holds its returns and the truth behind them."""
    return inspection.with_name(f"{inspection.name}-sent")


def find_injection_page(folder: Path) -> ClosingPage | None:
    """Return the closing page for an inspection, or for returns as they were sent; None for real forces.

    The truth is looked for beside the inspection, then in the folder itself.
    """
    request = next((path for name in (SETTINGS_FILE, REQUEST) if (path := folder / name).is_file()), None)
    places = (returns_folder_of(folder) / TRUTH_FOLDER, folder / TRUTH_FOLDER)
    truth = next((place for place in places if (place / FILE).is_file()), None)
    if request is None or truth is None or read_request(request).register == "real":
        return None
    return injection_page(truth)


@dataclass(frozen=True)
class _ReportOnTruth:
    """A released report, its front page as written, the truth about its forces, and changes since an earlier one."""

    site: Inspection
    front: str
    truth: Truth
    changes: Sequence[KnownChange] = ()

    @cached_property
    def alerts(self) -> frozenset[Alert]:
        """Every outlier alert in the released tables, on records, texts, claims and practice."""
        rows = self.site.rows
        texts = [
            (row, BLAMING)
            for row in rows("blaming_language_rates")
            if row["measure"] == BLAMING and row["part_of"] == "all"
        ]
        texts += [(row, SENSITIVITY) for row in rows("unflagged_exploitation_rates")]
        text_alerts = {
            Alert(row["place_code"], measure, row["direction"])
            for row, measure in texts
            if row["outlier_alert"] and not is_total(row["place_code"])
        }
        lessons = claim_alerts(rows("claim_tests")) | practice_alerts(rows("practice_change_points"))
        return assay_alerts(rows("force_estimates"), rows("combined_tests")) | text_alerts | lessons

    @cached_property
    def failings(self) -> Sequence[FailingInReport]:
        """What the report says of each injected failing."""
        rows = self.site.rows
        names = {place: self.site.name(place) for place in self.places}
        contents = ReportContents(
            rows("grades"),
            rows("concerns"),
            rows("evidence"),
            {},
            named_with_concern(self.front, names),
            rows("characteristic_states"),
        )
        records = {(item.place, item.measure): item.base for item in force_counts(rows("force_estimates"))}
        return score_report(contents, self.truth, records).failings

    @cached_property
    def places(self) -> tuple[str, ...]:
        """The forces of the report, in its order."""
        return tuple(force["place_code"] for force in self.site.forces)

    @cached_property
    def clean_places(self) -> tuple[str, ...]:
        """The forces in which nothing was injected."""
        return tuple(place for place in self.places if not self.truth.failings_of_force(place))

    def alerts_on(self, item: FailingInReport) -> list[Alert]:
        """Return the alerts that show an injected failing."""
        failing = failings()[item.failing]
        return sorted(a for a in self.alerts if a.place == item.place and failing.shows(a.measure, a.direction))

    def measure_name(self, alert: Alert) -> str:
        """Return the name of what an alert is on: a measure, or all measures of a past failure together."""
        if alert.direction == COMBINED_TEST:
            failure = failure_modes().get(alert.measure).text.rstrip(".")
            return f"all measures of one failure from past inquiries together ({failure})"
        form = self.site.find_row(IndicatorsRow, indicator=alert.measure)
        return str(form["title"]) if form else alert.measure.replace("_", " ").capitalize()

    def concern(self, place: str, characteristics: Iterable[str] | None = None) -> str:
        """Return the gravest kind of concern about a force, on these characteristics or on any; '' without one."""
        rows = self.site.find_rows(ConcernsRow, place_code=place)
        kinds = {row["kind"] for row in rows if characteristics is None or row["characteristic"] in characteristics}
        return next((kind for kind in ADVERSE_KINDS if kind in kinds), "")

    def pages_that_name(self, item: FailingInReport) -> list[tuple[str, str]]:
        """Return the pages, one link from the front page, that name the force for this failing, as (path, title)."""
        failing = failings()[item.failing]
        is_listed = any(
            alert.place == item.place and failing.shows(alert.key, alert.direction or COMBINED_TEST)
            for alert in outlier_alerts(self.site)
        ) or any(
            place == item.place and finding.key in failing.shown_by for place, finding in missed_standards(self.site)
        )
        claims = any(alert.measure in failing.in_lessons for alert in self.alerts_on(item))
        concern = self.concern(item.place, denied_characteristics(item.failing))
        return [
            *([(OUTLIERS_PATH, OUTLIERS_TITLE)] if is_listed else []),
            *([("concerns.html", f"Causes of concern ({concern})")] if concern else []),
            *([CLAIMS_PAGE] if claims else []),
        ]

    def is_found(self, item: FailingInReport) -> bool:
        """Return True if an outlier alert, a grade, a concern or the front page shows the failing."""
        return (
            bool(self.alerts_on(item))
            or not {GRADE, CONCERNS}.isdisjoint(item.shown_in)
            or bool(_front_page_ways(self, item))
        )

    def is_key_finding(self, item: FailingInReport) -> bool:
        """Return True if a key finding names the force for a measure that shows the failing."""
        failing, name = failings()[item.failing], force_name(self.site, item.place)
        subjects = {*failing.shown_by, f"failure mode {failing.mode}"}
        return any(
            found.subject.removesuffix(" 2") in subjects and name in found.sentence for found in key_findings(self.site)
        )


def _page(found: _ReportOnTruth) -> Page:
    context = {
        "summary": _summary(found),
        "clean_summary": _clean_summary(found),
        "failings": _failings_table(found),
        "missed": _missed_table(found),
        "clean": _clean_table(found),
        "revisited": _revisited_table(found),
    }
    return Page(PATH, "inspected/planted.html", TITLE, CERTAINTY_NOTE, (), context)


def _summary(found: _ReportOnTruth) -> str:
    """Return how many failings were injected, and how many of them each part of the report shows."""
    number, places = len(found.failings), {item.place for item in found.failings}
    if not number:
        return f"No failing was injected in any of these {plural(len(found.places), 'synthetic force')}."
    counts = (
        (sum(bool(found.alerts_on(item)) for item in found.failings), "by an outlier alert"),
        (sum(GRADE in item.shown_in for item in found.failings), "by a grade"),
        (sum(CONCERNS in item.shown_in for item in found.failings), "by a concern"),
        (sum(bool(_front_page_ways(found, item)) for item in found.failings), "on the front page"),
    )
    missed = [item for item in found.failings if not found.is_found(item)]
    names = "; ".join(f"{force_name(found.site, item.place)}, {_lower_title(item.failing)}" for item in missed)
    ways = "; ".join(f"{row_count(count)} {words}" for count, words in counts)
    return (
        f"{plural(number, 'failing was', 'failings were')} injected in {row_count(len(places))} of "
        f"{plural(len(found.places), 'synthetic force')}. This report shows {ways}; "
        f"{row_count(len(missed))} by none{f' ({names})' if missed else ''}."
    )


def _lower_title(failing: str) -> str:
    title = failings()[failing].title
    return f"{title[:1].lower()}{title[1:]}"


def _clean_summary(found: _ReportOnTruth) -> str:
    """Return how many outlier alerts have no failing behind them, in forces without a failing and in all."""
    false = len(false_alerts(found.alerts, found.truth))
    in_clean = {alert.place for alert in comparison_alerts(found.alerts) if alert.place in found.clean_places}
    clean = plural(len(found.clean_places), "force")
    first = f"Of {clean} without a failing, {row_count(len(in_clean))} {'has' if len(in_clean) == 1 else 'have'} one."
    if not false:
        return f"No outlier alert is without a failing behind it. {first}"
    return f"{plural(false, 'outlier alert has', 'outlier alerts have')} no injected failing behind it. {first}"


def _failings_table(found: _ReportOnTruth) -> Grid:
    heads = (
        "Force",
        "Failing",
        "#Strength",
        "#Records",
        "Grade of the theme",
        "Concern",
        "Outlier alert",
        "Where it is named",
    )
    rows = [
        (
            _force_cell(found, item.place),
            failings()[item.failing].title,
            derived_number(f"{item.strength:g}", "strength of an injected failing"),
            whole(item.records) if item.records else "not shown",
            _grade_text(found, item),
            found.concern(item.place, denied_characteristics(item.failing)) or NO_CONCERN,
            _alerts_text(found, found.alerts_on(item)),
            _where_named(found, item),
        )
        for item in found.failings
    ]
    note = (
        "Strength: 1 is a serious failing, 2 is twice as far from the other forces (see below). Records: those of the "
        "measure with most records, as released, rounded to 5."
    )
    return grid("Injected failings, and what this report says", heads, rows, note=note, dense=True)


def _clean_table(found: _ReportOnTruth) -> Grid:
    alerts = comparison_alerts(found.alerts)
    rows = [
        (
            _force_cell(found, place),
            _alerts_text(found, sorted(alert for alert in alerts if alert.place == place)),
            _grades_text(found, place),
            found.concern(place) or "none",
        )
        for place in found.clean_places
    ]
    note = "A concern can rest on a standard that most forces miss. It is then right without an injected failing."
    heads = ("Force", "Outlier alert", "Grades", "Gravest concern")
    return grid("Forces in which nothing was injected", heads, rows, note=note)


def _grades_text(found: _ReportOnTruth, place: str) -> str:
    """Return the overall grade of a force, and its themes that are graded worse than good."""
    grades = {row["line"]: row["proposed"] for row in found.site.find_rows(GradesRow, place_code=place)}
    worse = [
        f"{theme['name']}: {grades[theme['line']]}"
        for theme in found.site.themes
        if is_worse_than_good(grades.get(theme["line"], NOT_ENOUGH))
    ]
    return "; ".join([f"overall: {grades.get(OVERALL, NOT_ENOUGH)}", *(worse or ["no theme is worse than good"])])


def _revisited_table(found: _ReportOnTruth) -> Grid | None:
    """Return the true change behind each recommendation of an earlier inspection, and what the revisit says of it."""
    verdicts = {(row["place_code"], row["test"]): row for row in found.site.rows(RevisitsRow)}
    rows = [
        (
            _force_cell(found, change.force_code),
            found.measure_name(Alert(change.force_code, change.test, "")),
            _true_share(change.share_then),
            _true_share(change.share_now),
            str(row["verdict"]),
        )
        for change in found.changes
        if (row := verdicts.get((change.force_code, change.test)))
    ]
    heads = ("Force", "Measure of the recommendation", "#True share then", "#True share now", "What the revisit says")
    return grid("Recommendations of the earlier inspection", heads, rows) if rows else None


def _true_share(share: float) -> str:
    return derived_number(whole_percent(share), "true share of a synthetic force")


def _force_cell(found: _ReportOnTruth, place: str) -> Cell:
    return Cell(force_name(found.site, place), place_cell(found.site, place).href)


def _grade_text(found: _ReportOnTruth, item: FailingInReport) -> str:
    names = {line["line"]: line["name"] for line in found.site.themes}
    return f"{names.get(item.theme, item.theme)}: {item.grade}"


def _alerts_text(found: _ReportOnTruth, alerts: Sequence[Alert]) -> str:
    return join_list([found.measure_name(alert) for alert in alerts]) if alerts else "none"


def _front_page_ways(found: _ReportOnTruth, item: FailingInReport) -> list[str]:
    """Return how the front page names the force for this failing: by a key finding, or by a cause of concern."""
    return [
        *(["a key finding"] if found.is_key_finding(item) else []),
        *(["a cause of concern"] if FRONT_PAGE in item.shown_in else []),
    ]


def _where_named(found: _ReportOnTruth, item: FailingInReport) -> Cell:
    """Return where the front page, or a page that it links to, names the force for this failing."""
    on_front = _front_page_ways(found, item)
    pages = found.pages_that_name(item)
    ways = [*([f"front page: {join_list(on_front)}"] if on_front else []), *(title for _, title in pages)]
    href = "index.html" if on_front else pages[0][0] if pages else ""
    return Cell("; ".join(ways) or "nowhere", href)


def _missed_table(found: _ReportOnTruth) -> Grid | None:
    """Return, for each failing without an alert, the measures that would show it, and why none has an alert."""
    rows = [
        (_force_cell(found, item.place), failings()[item.failing].title, *cells)
        for item in found.failings
        if not found.alerts_on(item)
        for cells in _measures_without_alert(found.site, item)
    ]
    heads = ("Force", "Failing", "Measure that would show it", "This force", "The other forces", "Why it has no alert")
    return grid("Failings without an outlier alert, and why", heads, rows, dense=True) if rows else None


def _measures_without_alert(site: Inspection, item: FailingInReport) -> Iterator[tuple[Cell | str, ...]]:
    failing = failings()[item.failing]
    for key in failing.shown_by:
        form, row = site.find_row(IndicatorsRow, indicator=key), site.estimate(key, item.place)
        if form is not None:
            force_text = own_share_text(site.ladder(key, item.place), row)
            comparison = other_forces_text(row) or "not compared"
            yield Cell(form["title"], indicator_path(key)), force_text, comparison, no_alert_reason(row)
    for measure in TEXT_MEASURES:
        if measure.key in failing.in_texts:
            text_row = site.find_row(measure.table, place_code=item.place, **measure.keys)
            comparison = f"all forces {measure.text(site.find_row(measure.table, place_code=ALL, **measure.keys))}"
            yield (
                Cell(measure.title, "texts.html"),
                measure.text(text_row),
                comparison,
                no_alert_reason(text_row, measure.prefix),
            )


def no_alert_reason(row: Mapping[str, Any] | None, prefix: str = "") -> str:
    """Return why a released row has no outlier alert; the names of its alert columns begin with `prefix`."""
    if row is None:
        return "no figure was released"
    if row["not_comparable"]:
        return str(row["not_comparable"])
    if row[f"{prefix}outlier_alert"] is None:
        return "whether it is an outlier would reveal a suppressed count"
    if row[f"{prefix}outlier_alert"]:
        return "an alert in the other direction"
    return f"compared, and {NO_OUTLIER}"
