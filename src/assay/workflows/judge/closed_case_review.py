"""List closed group-based cases for review, those with the most missing steps first.

A case is on the list if it was closed with no further action and its group meets the test for review: two or more
suspects of the same crimes, more than one victim, a closed offence with contact that was not reviewed externally. The
order is by how much was undone at closure (named suspects not met, lines of enquiry without an end, no review), then by
the number of children, then by how soon it was closed. The list says where to read, and not what was wrong. Each case
shows whether it was referred to a review.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from assay import reference
from assay.engine.provenance import read_stage
from assay.engine.safe_files.spreadsheet_cells import write_csv
from assay.indicators import Condition
from assay.wording import count_phrase
from assay.workflows.judge.answer_cards import CommandResult, find_force_code, open_run_inspection

TEST = "found_for_review"
MAX_LINES = 20
YES, NO, NOT_KNOWN = "yes", "no", "not known"
REFERRAL_TEXT = {YES: "referred", NO: "not referred", NOT_KNOWN: "whether referred is not known"}


@dataclass(frozen=True)
class ClosedCase:
    """One closed crime, with the steps that were not done.

    `undone`: the number of actions that were not taken; -1 in a column: not known. `referred`: yes, no or not known.
    """

    force_code: str
    crime_ref: str
    group_ref: str
    undone: int
    named_not_met: int
    lines_left: int
    not_reviewed: int
    victims_under_18: int
    days_open: int
    referred: str

    @property
    def summary(self) -> str:
        """Return, as text, the steps that were not done or are not known, and whether the case was referred to a
        review."""
        line_text = {1: "a line of enquiry left", -1: "lines of enquiry not known"}.get(self.lines_left, "")
        review_text = {1: "no review", -1: "review not known"}.get(self.not_reviewed, "")
        not_met_text = f"{count_phrase(self.named_not_met, 'named suspect')} not met" if self.named_not_met else ""
        undone = "; ".join(part for part in (not_met_text, line_text, review_text) if part) or "nothing undone"
        return f"{undone}; {REFERRAL_TEXT[self.referred]}"

    @property
    def order(self) -> tuple[Any, ...]:
        """Return the sort key: most steps missing first, then most children, then shortest time open."""
        return -self.undone, -self.victims_under_18, self.days_open, self.force_code, self.crime_ref


def list_closed_cases(folder: Path | None, *, force: str = "", csv_path: Path | None = None) -> CommandResult:
    """Return the closed cases of all forces or of one; write the full list to `csv_path` if given."""
    inspection = open_run_inspection(folder)
    code = find_force_code(inspection.request, force)
    rows = [row for row in _closed_cases(inspection.folder) if code in ("", row.force_code)]
    names = [field.name for field in fields(ClosedCase)]
    if csv_path:
        write_csv(csv_path, names, map(astuple, rows))
    lines = [f"  {row.force_code} {row.crime_ref}: {row.summary}" for row in rows[:MAX_LINES]]
    more = [f"  and {len(rows) - MAX_LINES} more (all of them with --to)"] if len(rows) > MAX_LINES else []
    footer = [f"Written to {csv_path}."] if csv_path else []
    not_referred = sum(row.referred == NO for row in rows)
    header = (
        f"{count_phrase(len(rows), 'closed case')} of groups to be read again, {not_referred} not "
        f"referred, those with the most steps missing first:"
    )
    cases = [dict(zip(names, astuple(row), strict=True)) for row in rows]
    return CommandResult((header, *lines, *more, *footer), {"cases": cases})


def _closed_cases(folder: Path) -> list[ClosedCase]:
    groups = _groups_for_review(folder)
    crimes = read_stage(folder, "groups", "found_crimes").to_pylist()
    group_by_crime = {
        (row["force_code"], row["crime_ref"]): row["group_ref"]
        for row in crimes
        if (row["tied_by"], row["group_ref"]) in groups
    }
    not_met, children = _suspects_not_met(folder), _child_victim_counts(folder)
    cases = []
    for row in read_stage(folder, "records", "investigation").to_pylist():
        key = (row["force_code"], row["crime_ref"])
        if key in group_by_crime and row["closed_no_further"]:
            cases.append(_closed_case(row, group_by_crime[key], not_met.get(key, 0), children[key]))
    return sorted(cases, key=lambda case: case.order)


def _closed_case(row: Mapping[str, Any], group: str, not_met: int, children: int) -> ClosedCase:
    lines, review = _undone_code(row["lines_ended"]), _undone_code(row["reviewed"])
    undone = not_met + max(lines, 0) + max(review, 0)
    days = -1 if row["days_to_closed"] is None else row["days_to_closed"]
    return ClosedCase(row["force_code"], row["crime_ref"], group, undone, not_met, lines, review, children, days,
                  _referral_answer(row["referred_for_review"]))  # fmt: skip


def _referral_answer(done: bool | None) -> str:
    return NOT_KNOWN if done is None else YES if done else NO


def _undone_code(done: bool | None) -> int:
    """Return 1 if it was not done, 0 if it was, -1 if that is not known."""
    return -1 if done is None else int(not done)


def _groups_for_review(folder: Path) -> set[tuple[str, str]]:
    """Return the groups that meet the test for review, as (kind of tie, reference)."""
    test = Condition(reference.predicates().get(TEST).condition)
    rows = read_stage(folder, "records", "found_group").to_pylist()
    return {(row["tied_by"], row["group_ref"]) for row in rows if test.plain(row) is True}


def _suspects_not_met(folder: Path) -> Counter[tuple[str, str]]:
    """Return by crime the number of named suspects who are known not to have been arrested or interviewed."""
    rows = read_stage(folder, "records", "pursuit").to_pylist()
    return Counter((row["force_code"], row["crime_ref"]) for row in rows if row["named"] and row["met"] is False)


def _child_victim_counts(folder: Path) -> dict[tuple[str, str], int]:
    """Return by crime the number of victims who were under 18 at the offence."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in read_stage(folder, "records", "victim").to_pylist():
        if row["child_at_offence"]:
            found[row["force_code"], row["crime_ref"]].add(row["person_id"] or row["involvement_ref"])
    return defaultdict(int, {key: len(people) for key, people in found.items()})
