"""The page of all outlier alerts and missed standards, force by force, to which the front page links.

The front page has six key findings, so it cannot name every force with an alert (decision 0244).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assay.report.derived_numbers import derived_number, row_count
from assay.report.number_words import NOT_GIVEN, plural, whole, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.combined_alerts import clearest_measure, tested_measures
from assay.report.pages.inspection.figure_sentences import own_share_text, page_path
from assay.report.pages.inspection.finding_candidates import alerted_mode_rows, force_link, has_adverse_alert
from assay.report.pages.inspection.measure_findings import (
    CERTAINTY,
    HIGHER,
    LOWER,
    MeasureFinding,
    Priority,
    alert_certainty,
    measure_finding,
    misses_standard,
    other_forces_text,
)
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.indicator_rows import FailureModesRow

PATH, TITLE = "outliers.html", "Outliers and missed standards"
CERTAINTY_NOTE = (
    "False discoveries are controlled at 5% over all measures and forces: about one alert in twenty is expected to be "
    "one by chance. An alert says that a force differs, and not why. A force without an alert is not shown to be good: "
    "perhaps too few of its records are known. An alert that would reveal a suppressed count is not listed."
)
ALERT_HEADS = ("Force", "Measure", "This force", "The other forces", "How certain")
MISSED_HEADS = ("Force", "Standard", "This force", "The other forces", "How certain")
ALERT_NOTE = (
    "Worse: the measure is a duty with a verified standard, or belongs to a past failure. Lower or higher: any other "
    "measure."
)


@dataclass(frozen=True)
class TextMeasure:
    """A measure from rated texts: its table, columns, title, worse direction, and how its value is written.

    `unit`: what follows the value; '%' for a share.
    """

    table: str
    key: str
    value: str
    prefix: str
    title: str
    worse: str
    unit: str

    @property
    def keys(self) -> dict[str, str]:
        """The key columns by which a row of the measure is found in its table."""
        return {"measure": self.key, "part_of": "all"} if self.table == "blaming_language_rates" else {}

    def text(self, row: Row | None) -> str:
        """Return the value of a row as text: '9%', or '30 per 1,000'."""
        value = row[self.value] if row else None
        if value is None:
            return NOT_GIVEN
        return whole_percent(value) if self.unit == "%" else f"{whole(value)} {self.unit}"


TEXT_MEASURES = (
    TextMeasure("blaming_language_rates", "blaming_language", "per_1000", "", "Victim-blaming language", HIGHER,
                "per 1,000 entries"),
    TextMeasure("unflagged_exploitation_rates", "flag_sensitivity", "sensitivity", "",
                "Exploitation found in texts that bears the flag", LOWER, "%"),
    TextMeasure("unflagged_exploitation_rates", "flag_specificity", "specificity", "specificity_",
                "Other crimes in texts that bear no flag", LOWER, "%"),
)  # fmt: skip


@dataclass(frozen=True)
class OutlierAlert:
    """One outlier alert on a force, with the cells of its row; `gap` orders the rows (0 to 1)."""

    place: str
    key: str
    direction: str
    is_adverse: bool
    gap: float
    cells: tuple[Cell | str, ...]


def outliers_page(site: Inspection) -> Page:
    """Return the page of every outlier alert and every missed standard."""
    alerts, missed = outlier_alerts(site), missed_standards(site)
    adverse = [alert for alert in alerts if alert.is_adverse]
    context = {
        "counts": _counts_sentence(adverse, missed),
        "adverse": _alert_table("Outlier alerts on the worse side", adverse),
        "missed": _missed_table(site, missed),
        "others": _alert_table(
            "Outlier alerts that are not for the worse", [alert for alert in alerts if not alert.is_adverse]
        ),
    }
    return Page(PATH, "inspected/outliers.html", TITLE, CERTAINTY_NOTE, (), context)


def outliers_link(site: Inspection) -> Cell:
    """Return the front page's link to this page, with the numbers of adverse alerts and of missed standards."""
    alerts = [alert for alert in outlier_alerts(site) if alert.is_adverse]
    return Cell(f"{TITLE}: {_counts_sentence(alerts, missed_standards(site))}", PATH)


def outlier_alerts(site: Inspection) -> list[OutlierAlert]:
    """Return every released outlier alert, adverse ones first, then by the size of the gap."""
    alerts = [*_measure_alerts(site), *_combined_alerts(site), *_text_alerts(site)]
    return sorted(alerts, key=lambda item: (not item.is_adverse, -item.gap, site.name(item.place), item.key))


def missed_standards(site: Inspection) -> list[tuple[str, MeasureFinding]]:
    """Return every standard that a force misses, as (force, finding), the most certain and largest first."""
    found = [
        (force["place_code"], measure_finding(site, form, force["place_code"]))
        for form in site.indicators
        for force in site.forces
        if not site.is_withheld(force["place_code"]) and misses_standard(site, form, force["place_code"])
    ]
    return sorted(found, key=lambda pair: (pair[1].order, site.name(pair[0])))


def _measure_alerts(site: Inspection) -> Iterator[OutlierAlert]:
    for form in site.indicators:
        for row in site.estimates(form["indicator"]):
            if row["outlier_alert"] and not site.is_withheld(row["place_code"]):
                is_adverse = has_adverse_alert(site, form, row)
                ladder = site.ladder(form["indicator"], row["place_code"])
                share = ladder["share"] if ladder else None
                expected, direction = row["expected"], row["direction"] or ""
                gap = 0.0 if share is None or expected is None else abs(share - expected)
                side = "worse" if is_adverse else "better" if form["better"] == direction else direction
                yield OutlierAlert(
                    row["place_code"], form["indicator"], direction, is_adverse, gap,
                    (force_link(site, row["place_code"]), Cell(form["title"], page_path(form)),
                     own_share_text(ladder, row), other_forces_text(row) or NOT_GIVEN,
                     _short(alert_certainty(form, row, side))),
                )  # fmt: skip


def _combined_alerts(site: Inspection) -> Iterator[OutlierAlert]:
    """Yield the alerts of combined tests, each with the figure of its clearest measure."""
    for row in alerted_mode_rows(site):
        mode = site.find_row(FailureModesRow, failure_mode=row["failure_mode"])
        if mode is None:
            continue
        form = clearest_measure(site, mode, row["place_code"])
        finding = measure_finding(site, form, row["place_code"]) if form else None
        estimate = site.estimate(form["indicator"], row["place_code"]) if form else None
        tested = tested_measures(row)
        yield OutlierAlert(
            row["place_code"], row["failure_mode"], "", True, finding.gap_to_others if finding else 0.0,
            (force_link(site, row["place_code"]),
             Cell(f"Failure known from past inquiries, {tested} together: {mode['text'].rstrip('.')}",
                  f"failures.html#{mode['failure_mode'].lower()}"),
             finding.sentence.rstrip(".") if finding else NOT_GIVEN, other_forces_text(estimate) or NOT_GIVEN,
             _short(CERTAINTY[Priority.OUTLIER])),
        )  # fmt: skip


def _text_alerts(site: Inspection) -> Iterator[OutlierAlert]:
    for measure in TEXT_MEASURES:
        rows = site.find_rows(measure.table, **measure.keys)
        overall = next((row for row in rows if row["place_code"] == ALL), None)
        for row in rows:
            place, direction = row["place_code"], row[f"{measure.prefix}direction"]
            if row[f"{measure.prefix}outlier_alert"] and place != ALL and not site.is_withheld(place):
                yield OutlierAlert(
                    place, measure.key, direction, direction == measure.worse, 0.0,
                    (force_link(site, place), Cell(measure.title, "texts.html"), measure.text(row),
                     f"all forces {measure.text(overall)}", f"Almost certainly {direction}"),
                )  # fmt: skip


def _short(certainty: str) -> str:
    """Return the certainty for a column that stands beside the other forces."""
    first, *further_parts = certainty.rstrip(".").removesuffix(" than the other forces").split(". ")
    return "; ".join([first, *(text[:1].lower() + text[1:] for text in further_parts)])


def _counts_sentence(adverse: Sequence[OutlierAlert], missed: Sequence[tuple[str, MeasureFinding]]) -> str:
    """Return how many alerts and missed standards there are, and in how many forces."""
    alerts = _alerts_in_forces_text(len(adverse), {alert.place for alert in adverse}, "outlier alert")
    return f"{alerts}, and {_alerts_in_forces_text(len(missed), {place for place, _ in missed}, 'missed standard')}"


def _alerts_in_forces_text(number: int, places: set[str], noun: str) -> str:
    if not number:
        return f"no {noun}"
    forces = derived_number(plural(len(places), "force"), "rows counted")
    return f"{row_count(number)} {noun}{'' if number == 1 else 's'} in {forces}"


def _alert_table(caption: str, alerts: Sequence[OutlierAlert]) -> Grid | None:
    return grid(caption, ALERT_HEADS, [alert.cells for alert in alerts], note=ALERT_NOTE) if alerts else None


def _missed_table(site: Inspection, missed: Sequence[tuple[str, MeasureFinding]]) -> Grid | None:
    rows = []
    for place, finding in missed:
        row, ladder = site.estimate(finding.key, place), site.ladder(finding.key, place)
        figure = own_share_text(ladder, row)
        rows.append(
            (
                force_link(site, place),
                finding.more,
                figure,
                other_forces_text(row) or "not compared",
                _short(finding.certainty),
            )
        )
    return grid("Standards that forces miss, by the evidence of their grades", MISSED_HEADS, rows) if rows else None
