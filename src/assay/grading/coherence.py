"""Do grades, reasons, concerns and alerts that are about to be released contradict each other?

`contradictions` reads the tables of a release and returns one sentence for each contradiction. A run that finds any
stops before the release, so that no reader sees a force graded good on a theme in which an alert names it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from assay.grading.concerns import NATIONAL, PROMISING
from assay.grading.evidence_sentences import characteristic_wordings
from assay.grading.force_evidence import ADVERSE, FAVOURABLE, POLICE, WORSE
from assay.grading.grade_proposals import NEARLY_CERTAIN, OVERALL
from assay.grading.grading_rules import NOT_ENOUGH, Rules
from assay.grading.hypothesis_register import modes_by_characteristic
from assay.indicators.indicator_catalogue import indicators, is_shown_only
from assay.reference import characteristics

Row = Mapping[str, Any]
Tables = Mapping[str, list[dict[str, Any]]]
READ = (
    "evidence",
    "grades",
    "grade_chances",
    "characteristic_states",
    "concerns",
    "force_estimates",
    "combined_tests",
    "ladders",
)
"""The tables that are compared with each other."""


def contradictions(tables: Mapping[str, pa.Table], rules: Rules) -> list[str]:
    """Return one sentence for each contradiction between the tables of a release."""
    rows = {name: tables[name].to_pylist() for name in READ}
    checks: tuple[Callable[[Tables, Rules], Iterator[str]], ...] = (
        _graded_against_an_alert,
        _good_against_a_test,
        _better_than_most_themes,
        _for_and_against,
        _met_and_not_shown,
        _standards_missed_and_shown,
        _certain_and_not_enough,
        _graded_on_nothing,
        _alerts_without_evidence,
        _concerns_without_reason,
        _alerts_without_concern,
    )
    return [sentence for check in checks for sentence in check(rows, rules)]


def _counted_alerts(rows: Tables) -> Iterable[Row]:
    return (row for row in rows["evidence"] if row["alert"] == WORSE and row["counts"])


def _themes() -> Mapping[str, str]:
    return {item.key: item.line for item in characteristics()}


def _graded_against_an_alert(rows: Tables, rules: Rules) -> Iterator[str]:
    grades = {(row["place_code"], row["line"]): row["proposed"] for row in rows["grades"]}
    allowed = rules.grade_names[rules.grade_names.index(rules.capped) :]
    for row in _counted_alerts(rows):
        theme = _themes()[row["characteristic"]]
        grade = grades.get((row["place_code"], theme))
        if grade not in allowed:
            yield f"{row['place_code']} is {grade} on {theme}, and {row['key']} names it an outlier for the worse."


def _good_against_a_test(rows: Tables, rules: Rules) -> Iterator[str]:
    grades = {(row["place_code"], row["line"]): row["proposed"] for row in rows["grades"]}
    better_grades = rules.grade_names[: rules.grade_names.index(rules.capped_doubtful or rules.grade_names[0])]
    for row in rows["evidence"]:
        theme = _themes()[row["characteristic"]]
        grade = grades.get((row["place_code"], theme))
        if row["counts"] == "test" and grade in better_grades:
            yield f"{row['place_code']} is {grade} on {theme}, and a test of {row['key']} speaks against it."


def _better_than_most_themes(rows: Tables, rules: Rules) -> Iterator[str]:
    by_force: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows["grades"]:
        if row["proposed"] != NOT_ENOUGH:
            by_force[row["place_code"]][row["line"]] = row["proposed"]
    for code, grades in by_force.items() if rules.overall_by_most_themes else ():
        overall = grades.pop(OVERALL, None)
        worse = [theme for theme, grade in grades.items() if overall and _is_worse(grade, overall, rules)]
        if 2 * len(worse) > len(grades):
            yield f"{code} is {overall} overall, and {len(worse)} of {len(grades)} graded themes are worse."


def _is_worse(grade: str, other: str, rules: Rules) -> bool:
    return rules.grade_names.index(grade) > rules.grade_names.index(other)


def _for_and_against(rows: Tables, rules: Rules) -> Iterator[str]:
    del rules
    for row in rows["evidence"]:
        if row["alert"] == WORSE and row["direction"] == FAVOURABLE:
            yield f"{row['place_code']}: {row['key']} stands for the force, and names it an outlier for the worse."


def _met_and_not_shown(rows: Tables, rules: Rules) -> Iterator[str]:
    del rules
    states = {(row["place_code"], row["characteristic"]): row["state"] for row in rows["characteristic_states"]}
    for row in rows["grades"]:
        for key, line in _themes().items():
            is_listed = f": {characteristic_wordings()[key].met}" in (row["speaks_for"] or "")
            if is_listed and line in (row["line"], *(_themes().values() if row["line"] == OVERALL else ())):
                state = states.get((row["place_code"], key))
                if state != "shown":
                    yield f"{row['place_code']}, {row['line']}: {key} is listed as met, and is {state}."


def _standards_missed_and_shown(rows: Tables, rules: Rules) -> Iterator[str]:
    states = {(row["place_code"], row["characteristic"]): row["state"] for row in rows["characteristic_states"]}
    highest = {
        (row["place_code"], row["indicator"]): row["share_highest"]
        for row in rows["ladders"]
        if row.get("when_reported", "all") == "all"
    }
    for row in rows["evidence"]:
        share = highest.get((row["place_code"], row["key"]))
        if row["counts"].startswith("standard") and row["direction"] == ADVERSE and share is not None:
            is_shown = states.get((row["place_code"], row["characteristic"])) == "shown"
            if share < rules.floor and is_shown and _wants_more(row["key"]):
                yield f"{row['place_code']}: {row['characteristic']} is shown, and {row['key']} lies below the floor."


def _wants_more(key: str) -> bool:
    return next((form.better == "higher" for form in indicators() if form.key == key), False)


def _certain_and_not_enough(rows: Tables, rules: Rules) -> Iterator[str]:
    del rules
    ungraded = {(row["place_code"], row["line"]) for row in rows["grades"] if row["proposed"] == NOT_ENOUGH}
    for row in rows["grade_chances"]:
        if (row["place_code"], row["line"]) in ungraded and row["probability"] >= NEARLY_CERTAIN:
            yield f"{row['place_code']}, {row['line']}: not enough evidence, beside {row['grade']} almost certainly."


def _graded_on_nothing(rows: Tables, rules: Rules) -> Iterator[str]:
    del rules
    evidence_themes: dict[str, set[str]] = defaultdict(set)
    for row in rows["evidence"]:
        if row["counts"]:
            evidence_themes[row["place_code"]].add(_themes()[row["characteristic"]])
    for row in rows["grades"]:
        if (
            row["proposed"] != NOT_ENOUGH
            and row["line"] != OVERALL
            and row["line"] not in evidence_themes[row["place_code"]]
        ):
            yield f"{row['place_code']}, {row['line']}: {row['proposed']} without any evidence that counts."


def _alerts_without_evidence(rows: Tables, rules: Rules) -> Iterator[str]:
    del rules
    found = {(row["place_code"], row["key"]) for row in rows["evidence"] if row["alert"] == WORSE}
    places = {row["place_code"] for row in rows["grades"]}
    worse_sides = {form.key: form.better for form in indicators() if _counts_for_police(form)}
    for row in rows["force_estimates"]:
        key, place = row["indicator"], row["place_code"]
        is_worse = row["outlier_alert"] and key in worse_sides and row["direction"] != worse_sides[key]
        if is_worse and place in places and (place, key) not in found:
            yield f"{place}: the alert of {key} is in no evidence."
    modes = {mode for keys in modes_by_characteristic().values() for mode in keys}
    for row in rows["combined_tests"]:
        mode, place = row["failure_mode"], row["place_code"]
        if row["outlier_alert"] and place in places and mode in modes and (place, mode) not in found:
            yield f"{place}: the alert of the combined test of {mode} is in no evidence."


def _counts_for_police(form: Any) -> bool:
    return bool(form.holder == POLICE and form.better != "neither" and not is_shown_only(form))


def _concerns_without_reason(rows: Tables, rules: Rules) -> Iterator[str]:
    adverse_keys = {
        (row["place_code"], row["characteristic"])
        for row in rows["evidence"]
        if row["counts"] and row["direction"] == ADVERSE
    }
    states = {(row["place_code"], row["characteristic"]): row["state"] for row in rows["characteristic_states"]}
    worse = {(row["place_code"], row["characteristic"]) for row in _counted_alerts(rows)}
    numbers = Counter(row["place_code"] for row in rows["concerns"] if row["kind"] not in (NATIONAL, PROMISING))
    for place, number in numbers.items():
        if number > rules.most_concerns:
            yield f"{place} has {number} concerns, more than {rules.most_concerns}."
    for row in rows["concerns"]:
        key = row["place_code"], row["characteristic"]
        if row["kind"] == PROMISING and key in worse:
            yield f"{key[0]}: {key[1]} is promising practice, and an alert names the force for the worse."
        if row["kind"] not in (NATIONAL, PROMISING) and key not in adverse_keys and states.get(key) != "at odds":
            yield f"{key[0]}: a concern about {key[1]} rests on no evidence against the force."


def _alerts_without_concern(rows: Tables, rules: Rules) -> Iterator[str]:
    numbers = Counter(row["place_code"] for row in rows["concerns"] if row["kind"] not in (NATIONAL, PROMISING))
    found = {(row["place_code"], row["characteristic"]) for row in rows["concerns"]}
    for row in _counted_alerts(rows):
        key = row["place_code"], row["characteristic"]
        if key not in found and numbers[key[0]] < rules.most_concerns:
            yield f"{key[0]}: the alert of {row['key']} on {key[1]} is no concern."
