"""Score a report against the known truth: does each section say where something is wrong, and only there?

A report has four parts: the proposed grade of a theme, the concerns of a force, the questions of its brief, and the
front page. For each injected failing the score says which of them show it. For each theme on which a force has no
failing it says which of them claim one. All is read from released tables and the evidence behind them, not from prose.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from assay.grading.concerns import ACCELERATED, CONCERN, IMPROVE
from assay.grading.force_evidence import ADVERSE, COMBINED_TEST, POLICE, TEST, relevant_indicators
from assay.grading.grade_proposals import OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, rules
from assay.grading.hypothesis_register import hypotheses, modes_by_characteristic
from assay.indicators import EVERYWHERE
from assay.indicators.indicator_catalogue import indicators
from assay.reference import characteristics
from assay.synthetic.simulation.injected_failings import InjectedFailing, failings
from assay.synthetic.simulation.truth_folder import Truth
from assay.wording import count_phrase

GRADE, CONCERNS, BRIEF, FRONT_PAGE = PARTS = ("grade", "concerns", "brief", "front page")
GOOD, NOT_SHOWN = "good", "not shown"
CAUSES_OF_CONCERN = (ACCELERATED, CONCERN)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class ReportContents:
    """The conclusions of a report about each force.

    Parameters
    ----------
    grades, concerns, evidence
        Rows of the tables of proposals.
    brief
        By force, the measures, failure modes and characteristics about which its brief asks a question.
    named_on_front_page
        The forces that the written front page names with a cause of concern; None if no page was written.
    characteristic_states
        Rows of the table that says whether each characteristic is shown.
    """

    grades: Sequence[Row]
    concerns: Sequence[Row]
    evidence: Sequence[Row]
    brief: Mapping[str, Collection[str]]
    named_on_front_page: frozenset[str] | None = None
    characteristic_states: Sequence[Row] = ()


@dataclass(frozen=True)
class FailingInReport:
    """One failing injected in one force: the grade of its theme, and the sections of the report that show it.

    `is_police_duty`: False if every measure that shows it is the duty of another organisation, which grades no force.
    """

    failing: str
    place: str
    strength: float
    records: int
    theme: str
    grade: str
    shown_in: tuple[str, ...]
    is_police_duty: bool = True

    @property
    def is_found_by_grade(self) -> bool:
        """True if the theme is graded worse than good because of the characteristic that the failing affects."""
        return GRADE in self.shown_in


@dataclass(frozen=True)
class CleanTheme:
    """One theme of one force without a failing: its grade, and the sections of the report that claim a failing."""

    place: str
    theme: str
    grade: str
    has_data: bool
    claimed_in: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """True if the theme is graded good or better."""
        return self.grade != NOT_ENOUGH and not is_worse_than_good(self.grade)


@dataclass(frozen=True)
class ReportScore:
    """The score of one report: each injected failing, each clean theme, and forces missing from the front page."""

    failings: tuple[FailingInReport, ...]
    clean_themes: tuple[CleanTheme, ...]
    has_front_page: bool
    missing_from_front_page: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The sections of the report that were scored."""
        return PARTS if self.has_front_page else PARTS[:-1]

    def as_dict(self) -> dict[str, Any]:
        """Return the values as a dictionary for JSON output."""
        return {
            "parts": list(self.parts),
            "failings": [{**vars(item), "shown_in": list(item.shown_in)} for item in self.failings],
            "clean_themes": [{**vars(item), "claimed_in": list(item.claimed_in)} for item in self.clean_themes],
            "missing_from_front_page": list(self.missing_from_front_page),
        }

    def summary_lines(self) -> list[str]:
        """Return a short table, then each failing that a section of the report does not show."""
        clean_places = {item.place for item in self.clean_themes}
        head = f"{'':34}" + "".join(f"{part:>12}" for part in self.parts)
        lines = [
            head,
            self._table_line("Injected failings shown", [item.shown_in for item in self.failings]),
            self._table_line("Clean themes with a claim", [item.claimed_in for item in self.clean_themes]),
            f"  {count_phrase(len(clean_places), 'force')} with a theme on which nothing is injected.",
        ]
        lines += [
            f"  {_missed_sentence(item, self.parts)}" for item in self.failings if not _is_whole(item, self.parts)
        ]
        if not self.has_front_page:
            lines.append("  No front page was written, so it is not scored: assay inspect report")
        lines += [f"  {place} has a cause of concern, and the front page does not name it."
                  for place in self.missing_from_front_page]  # fmt: skip
        return lines

    def _table_line(self, title: str, found: Sequence[Collection[str]]) -> str:
        counts = (f"{sum(part in parts for parts in found)} of {len(found)}" for part in self.parts)
        return f"{title:34}" + "".join(f"{text:>12}" for text in counts)


def score_report(contents: ReportContents, truth: Truth, records: Mapping[tuple[str, str], int]) -> ReportScore:
    """Return the score of a report.

    Parameters
    ----------
    records
        By force and measure, the number of records that it counts there.
    """
    index = _ReportIndex(contents)
    found = tuple(
        _failing_in_report(failings()[key], place, truth, records, index)
        for key, places in truth.injected.items()
        if key in failings()
        for place in places
        if place in index.places
    )
    clean = tuple(
        _clean_theme(place, theme, index)
        for place in sorted(index.places)
        for theme in _themes()
        if theme not in affected_themes(truth.failings_of_force(place))
    )
    listed_forces = contents.named_on_front_page
    due = {place for (place, _), kinds in index.concern_kinds.items() if kinds & set(CAUSES_OF_CONCERN)}
    return ReportScore(
        found, clean, listed_forces is not None, tuple(sorted(due - listed_forces)) if listed_forces is not None else ()
    )


class _ReportIndex:
    """The contents of a report by force, theme and characteristic."""

    def __init__(self, contents: ReportContents) -> None:
        self.grades = {(row["place_code"], row["line"]): row["proposed"] for row in contents.grades}
        self.places = {place for place, line in self.grades if line == OVERALL and place != EVERYWHERE}
        self.concern_kinds: dict[tuple[str, str], set[str]] = {}
        for row in contents.concerns:
            if row["place_code"] in self.places and row["kind"] in (*CAUSES_OF_CONCERN, IMPROVE):
                self.concern_kinds.setdefault((row["place_code"], row["characteristic"]), set()).add(row["kind"])
        themes = {item.key: item.line for item in characteristics()}
        self.themes_with_data = {
            (row["place_code"], themes[row["characteristic"]]) for row in contents.evidence if row["counts"]
        }
        self.failing = {
            (row["place_code"], row["characteristic"])
            for row in contents.characteristic_states
            if row["state"] == NOT_SHOWN
        } | {
            (row["place_code"], row["characteristic"])
            for row in contents.evidence
            if row["counts"] and row.get("kind") in (COMBINED_TEST, TEST) and row.get("direction") == ADVERSE
        }
        """The places and characteristics that are not shown, or that an alert or a test speaks against."""
        self.brief = contents.brief
        self.listed_forces = contents.named_on_front_page

    def _grade_shows(self, place: str, theme: str, keys: Collection[str]) -> bool:
        """Return True if the grade is worse than good, and one of these characteristics is a reason for it."""
        is_worse = is_worse_than_good(self.grades.get((place, theme), NOT_ENOUGH))
        return is_worse and any((place, key) in self.failing for key in keys)

    def parts(self, place: str, theme: str, keys: Collection[str], topics: Collection[str]) -> tuple[str, ...]:
        """Return the parts that say that something is wrong with one of these characteristics.

        `topics`: the measures, failure modes and characteristics of which the brief would have to speak.
        """
        kinds = {kind for key in keys for kind in self.concern_kinds.get((place, key), ())}
        is_named = (
            bool(kinds & set(CAUSES_OF_CONCERN)) and self.listed_forces is not None and place in self.listed_forces
        )
        checks = {
            GRADE: self._grade_shows(place, theme, keys),
            CONCERNS: bool(kinds),
            BRIEF: bool(set(topics) & set(self.brief.get(place, ()))),
            FRONT_PAGE: is_named,
        }
        return tuple(part for part, is_stated in checks.items() if is_stated)


def is_worse_than_good(grade: str) -> bool:
    """Return True for a grade that is worse than good; False for a good grade and for not enough evidence."""
    names = rules().grade_names
    return grade in names and names.index(grade) > names.index(GOOD)


def _failing_in_report(
    failing: InjectedFailing, place: str, truth: Truth, records: Mapping[tuple[str, str], int], index: _ReportIndex
) -> FailingInReport:
    keys = denied_characteristics(failing.key)
    theme = theme_of_failing(failing.key)
    measures = {*failing.shown_by, *failing.in_texts, *failing.in_lessons}
    topics = {*measures, *([failing.mode] if failing.mode else []), *keys}
    return FailingInReport(
        failing.key,
        place,
        truth.strength.get(failing.key, 0.0),
        max((records.get((place, measure), 0) for measure in measures), default=0),
        theme,
        index.grades.get((place, theme), NOT_ENOUGH),
        index.parts(place, theme, keys, topics),
        _is_police_duty(failing),
    )


def _is_police_duty(failing: InjectedFailing) -> bool:
    holders = {form.holder for form in indicators() if form.key in failing.shown_by}
    return not holders or POLICE in holders


def _clean_theme(place: str, theme: str, index: _ReportIndex) -> CleanTheme:
    keys = [item.key for item in characteristics() if item.line == theme]
    modes = {mode for key in keys for mode in modes_by_characteristic().get(key, ())}
    topics = {*keys, *modes, *(measure for key in keys for measure in _measures_of(key))}
    grade = index.grades.get((place, theme), NOT_ENOUGH)
    has_data = (place, theme) in index.themes_with_data
    claims = [part for part in index.parts(place, theme, keys, topics) if part != GRADE]
    claimed_by_grade = [GRADE] if is_worse_than_good(grade) else []
    return CleanTheme(place, theme, grade, has_data, (*claimed_by_grade, *claims))


@lru_cache
def denied_characteristics(failing: str) -> tuple[str, ...]:
    """Return the characteristics of a good response that a force with this failing lacks.

    They are those of its failure mode, also of a mode whose test may not grade, or else the one in `truths.toml`.
    """
    item = failings()[failing]
    denied = {row.characteristic for row in hypotheses() if item.mode and row.failure_mode == item.mode}
    if denied:
        return tuple(key for key in characteristics().keys if key in denied)
    return (item.characteristic,) if item.characteristic else ()


def theme_of_failing(failing: str) -> str:
    """Return the inspection theme of the characteristic that a force with this failing lacks."""
    return characteristics().get(denied_characteristics(failing)[0]).line


def affected_themes(failing_keys: Iterable[str]) -> frozenset[str]:
    """Return the themes on which these failings can show: of characteristics that they affect, and of measures that
    they move."""
    return frozenset(
        theme for key in failing_keys if key in failings() for theme in (theme_of_failing(key), *_moved_themes(key))
    )


@lru_cache
def _moved_themes(failing: str) -> tuple[str, ...]:
    item = failings()[failing]
    moved = {*item.shown_by, *item.moves, *item.in_texts}
    return tuple(
        characteristic.line for characteristic in characteristics() if moved & set(_measures_of(characteristic.key))
    )


@lru_cache
def _measures_of(key: str) -> tuple[str, ...]:
    return tuple(form.key for form in relevant_indicators(indicators(), characteristics().get(key), rules()))


def _themes() -> tuple[str, ...]:
    return tuple(dict.fromkeys(item.line for item in characteristics()))


def _is_whole(item: FailingInReport, parts: Sequence[str]) -> bool:
    return set(parts) <= set(item.shown_in)


def _missed_sentence(item: FailingInReport, parts: Sequence[str]) -> str:
    missing = [part for part in parts if part not in item.shown_in]
    return (
        f"{item.place}, {failings()[item.failing].name} (strength {item.strength:g}, "
        f"{count_phrase(item.records, 'record')}): not in {', '.join(missing)}; {item.theme} is {item.grade}."
    )
