"""Write the page of a self-audit and its lists, for one force alone.

It is made from a `ToSender` and nothing else. The page uses the style of the report, and names its force at the top.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import pyarrow as pa
from markupsafe import Markup

from assay import reference
from assay.facts.duty_facts import DID_NOT_HAPPEN
from assay.feedback.letter_sentences import NO_TABLE_SUPPLIED, period
from assay.indicators.exclusion_reasons import POLICE
from assay.progress import Progress
from assay.report.internal_page import internal_context, internal_templates
from assay.report.page_elements import Cell, Grid, grid
from assay.sdc import ToSender
from assay.wording import count_phrase, format_number
from assay.workflows.selfaudit import record_answers, record_lists
from assay.workflows.selfaudit.published_context import compare_with_published
from assay.workflows.selfaudit.record_answers import FIVE_ANSWERS, IndicatorAnswer, MeasureResult
from assay.workflows.selfaudit.record_lists import File, RecordList, duty_times, write_list, write_list_workbook

# List what is urgent in a return: overdue duties of open cases, and missing children.
#
# There are three rules, each on facts alone. A case is named by its references. Nobody is scored, ranked or judged, and
# the order is by time alone. The records are as old as the extraction: check the live system first.

Row = Mapping[str, Any]
COLUMNS = ("only for", "rule", "crime", "person entry", "record", "began", "allowed", "what is missing")
ADULT = 18


@dataclass(frozen=True)
class Rule:
    """One urgent rule: its title, and its criteria in words."""

    title: str
    explanation: str


OVERDUE = Rule(
    "The time allowed is over, nothing is on record, and the crime is open",
    "A duty of the police whose verified standard sets a number; the return says that every such event is sent; the "
    "crime is not closed, cancelled or passed on, and the victim did not ask to be left in peace.",
)
MISSING = Rule(
    "A child is missing",
    "The episode has no end, and the return says that every end is sent; the child was under 18, or of unknown age.",
)
POSSIBLY_MISSING = Rule(
    "Whether the child came back is not known",
    "The episode has no end, and the return does not say that every end is sent.",
)


@dataclass(frozen=True)
class UrgentList:
    """The records that one urgent rule found: lines with `COLUMNS`, the longest open first."""

    rule: Rule
    lines: tuple[tuple[str, ...], ...]


def find_urgent(sender_tables: ToSender) -> tuple[UrgentList, ...]:
    """Return every urgent rule that found a record, in order of urgency."""
    episodes = [row for row in sender_tables.rows("missing_episode") if _is_possibly_child(row)]
    found = (
        UrgentList(
            MISSING, _episodes((row for row in episodes if row["returned"] is False), MISSING, sender_tables.mark)
        ),
        UrgentList(OVERDUE, _duties(sender_tables)),
        UrgentList(
            POSSIBLY_MISSING,
            _episodes((row for row in episodes if row["returned"] is None), POSSIBLY_MISSING, sender_tables.mark),
        ),
    )
    return tuple(group for group in found if group.lines)


def _is_possibly_child(episode: Row) -> bool:
    return episode["age_at_start"] is None or bool(episode["age_at_start"] < ADULT)


def _episodes(rows: Iterable[Row], rule: Rule, mark: str) -> tuple[tuple[str, ...], ...]:
    found = [
        (mark, rule.title, "", "", row["missing_ref"], str(row["started_day"] or ""), "", "the child's return")
        for row in rows
    ]
    return tuple(sorted(found, key=lambda line: (line[5], line[4])))


def _duties(sender_tables: ToSender) -> tuple[tuple[str, ...], ...]:
    crimes = {row["crime_ref"] for row in sender_tables.rows("crime") if _is_open(row)}
    return tuple(
        sorted(
            (_duty(row, sender_tables.mark) for row in sender_tables.rows("duty") if _is_overdue(row, crimes)),
            key=_time_order,
        )
    )


def _time_order(line: tuple[str, ...]) -> tuple[str, ...]:
    return (line[5], *line[2:])


def _is_open(crime: Row) -> bool:
    """Return True if a case is known to be open: not closed, and not known to be cancelled or passed on."""
    return crime["closed"] is False and not crime["cancelled"] and not crime["transferred"]


def _is_overdue(duty: Row, open_crimes: set[str]) -> bool:
    owed = duty["state"] == DID_NOT_HAPPEN and duty["grades"] and duty["holder"] == POLICE
    excused = duty["crime_cancelled"] or duty["no_contact_wished"] or duty["declined"]
    clock = duty["limit_number"] is not None and duty["standard_in_force"]
    return bool(owed and clock and not excused and duty["crime_ref"] in open_crimes)


def _duty(row: Row, mark: str) -> tuple[str, ...]:
    start, limit, _ = duty_times(row)
    name = reference.standards().get(row["standard"]).name
    entry, subject_ref = row["involvement_ref"] or "", row["about_ref"] or ""
    return mark, OVERDUE.title, row["crime_ref"], entry, subject_ref, start, limit, name


MAX_NOT_MET = 5
"""Graded indicators that the opening of the page names."""
GRADED_STATUS = "graded"
MAX_URGENT_LINES = 10
"""Maximum number of urgent records shown on the page; all are in the list."""
ANSWER_HEADINGS = {
    "met": "Met",
    "not_met": "Not met",
    "not_known": "Not known",
    "not_known_if_counted": "Not known if counted",
    "excluded": "Left out",
}


@dataclass(frozen=True)
class PageContent:
    """The content of the page."""

    sender_tables: ToSender
    answers: tuple[IndicatorAnswer, ...]
    lists: Mapping[str, tuple[RecordList, ...]]
    urgent: tuple[UrgentList, ...]

    @property
    def line_count(self) -> int:
        """Return the number of lines of all lists together."""
        return sum(len(record_list.lines) for indicator_lists in self.lists.values() for record_list in indicator_lists)


def page_content(sender_tables: ToSender, previous: pa.Table | None) -> PageContent:
    """Return the content of the page; `previous` has the counts of the previous run."""
    return PageContent(
        sender_tables,
        record_answers.indicator_answers(sender_tables, previous),
        record_lists.record_lists(sender_tables),
        find_urgent(sender_tables),
    )


def write_page(content: PageContent, folder: Path, *, letter: str, seal: str, progress: Progress) -> None:
    """Write `index.html` and `lists/` into `folder`.

    `letter`: the path of the letter; `seal`: the ledger head hash of the stages before.
    """
    list_files_written = list_files(content)
    (folder / "lists").mkdir()
    for done, file in enumerate(list_files_written):
        progress("Writing the lists", done, len(list_files_written))
        write_list(folder / "lists" / f"{file.name}.csv", file)
    if list_files_written:
        write_list_workbook(folder / "lists" / "all.xlsx", list_files_written)
    context = _page_context(content) | {
        "letter": letter,
        "seal": seal,
        "beside": compare_with_published(content.sender_tables, progress),
    }
    text = _templates().get_template("self-audit.html").render(context)
    (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")


def list_files(content: PageContent) -> list[File]:
    """Return the lists of records that are not empty, as files; the urgent list is first."""
    urgent_lines = [line for item in content.urgent for line in item.lines]
    first = [File("urgent", COLUMNS, urgent_lines)] if urgent_lines else []
    return first + [
        File(item.name, record_lists.COLUMNS, item.lines)
        for indicator_lists in content.lists.values()
        for item in indicator_lists
    ]


def _page_context(content: PageContent) -> dict[str, Any]:
    sender_tables = content.sender_tables
    return_row = sender_tables.rows("returns")[0]
    waits, counts = record_answers.wait_results(sender_tables), record_answers.count_results(sender_tables)
    return {
        "name": sender_tables.addressee.name,
        "mark": sender_tables.mark,
        **internal_context([sender_tables.addressee.code]),
        "request": return_row["request"],
        "period": period(return_row["period_from"], return_row["period_to"]),
        "edition": return_row["edition"],
        "came": _received_grid(sender_tables),
        "summary": _summary(sender_tables),
        "urgent": [_urgent_grid(urgent_list) for urgent_list in content.urgent],
        "pressing": sum(len(urgent_list.lines) for urgent_list in content.urgent),
        "most_not_met": _most_not_met(content.answers),
        "answer_grid": _answer_grid(content),
        "asked": [
            _indicator_context(answer, content.lists[answer.form["indicator"]])
            for answer in content.answers
            if not answer.not_askable
        ],
        "changes": _change_grid(content.answers),
        "cannot": _not_askable_reasons((*content.answers, *waits, *counts)),
        "waits": _measure_grid("Waits", ("Wait", "How long"), waits),
        "counts": _count_grid(counts),
        "has_lists": any(content.lists.values()) or bool(content.urgent),
    }


def _summary(sender_tables: ToSender) -> str:
    rows = [row for row in sender_tables.rows("counted") if row["file"]]
    if not rows:
        return NO_TABLE_SUPPLIED
    records, accepted = (sum(row[name] or 0 for row in rows) for name in ("records", "accepted"))
    known = "" if all(row["records"] is not None for row in rows) else " that could be counted"
    text = f"{count_phrase(len(rows), 'table')} with {count_phrase(records, 'record')}{known} came"
    return f"{text}{_used_text(records, accepted)}."


def _used_text(records: int, accepted: int) -> str:
    """Return '; 12 can be used, 1 was set aside'; empty if there is no record."""
    set_aside = records - accepted
    if set_aside:
        return (
            f"; {format_number(accepted)} can be used, {format_number(set_aside)} "
            f"{'was' if set_aside == 1 else 'were'} set aside"
        )
    return ("; it can be used" if records == 1 else "; every one can be used") if records else ""


def _received_grid(sender_tables: ToSender) -> Grid:
    rows = [row for row in sender_tables.rows("counted") if row["file"]]
    return grid(
        "Records of each table, and what became of them",
        ("Table", "#Records", "#Can be used", "#Set aside"),
        [(row["table_name"], *_received_cells(row)) for row in rows],
    )


def _received_cells(row: Mapping[str, Any]) -> tuple[str, str, str]:
    records = "could not be counted" if row["records"] is None else format_number(row["records"])
    if row["refused_rule"]:
        return records, "none", f"table refused ({row['refused_rule']})"
    return records, format_number(row["accepted"] or 0), format_number(row["set_aside"] or 0)


def _urgent_grid(found: UrgentList) -> Grid:
    visible_lines = [tuple(cell or "none" for cell in line[2:]) for line in found.lines[:MAX_URGENT_LINES]]
    rest = len(found.lines) - len(visible_lines)
    note = found.rule.explanation + (f" {format_number(rest)} more are in the list." if rest else "")
    column_numbers = _columns_used(visible_lines)
    headings = [COLUMNS[2:][column_number].capitalize() for column_number in column_numbers]
    rows = [[line[column_number] for column_number in column_numbers] for line in visible_lines]
    return grid(f"{found.rule.title}: {format_number(len(found.lines))}", headings, rows, note=note)


def _columns_used(rows: Sequence[tuple[str, ...]]) -> list[int]:
    return [column_number for column_number in range(len(rows[0])) if any(row[column_number] != "none" for row in rows)]


def _most_not_met(answers: Sequence[IndicatorAnswer]) -> list[tuple[str, str, str]]:
    """Return the graded indicators with the most records not met: anchor, title and counts, the most first."""
    graded = [
        answer
        for answer in answers
        if not answer.not_askable and answer.status.key == GRADED_STATUS and answer.counts["not_met"]
    ]
    graded.sort(key=lambda answer: (-answer.counts["not_met"], answer.form["title"]))
    return [(indicator_anchor(item), item.form["title"], _not_met_text(item)) for item in graded[:MAX_NOT_MET]]


def _not_met_text(answer: IndicatorAnswer) -> str:
    known = answer.counts["met"] + answer.counts["not_met"]
    unknown = f"; not known for {format_number(answer.unknown_count)}" if answer.unknown_count else ""
    return f"not met for {format_number(answer.counts['not_met'])} of {format_number(known)}{unknown}"


def _answer_grid(content: PageContent) -> Grid:
    """Return every askable indicator with its five answers."""
    rows: list[tuple[Cell | str, ...]] = [
        (
            Cell(answer.form["title"], f"#{indicator_anchor(answer)}"),
            answer.status.tag,
            *(format_number(answer.counts[name]) for name in FIVE_ANSWERS),
        )
        for answer in content.answers
        if not answer.not_askable
    ]
    headings = ("Indicator", "Stands", *(f"#{ANSWER_HEADINGS[name]}" for name in FIVE_ANSWERS))
    return grid("The five answers of every indicator that can be asked", headings, rows, dense=True)


def indicator_anchor(answered: IndicatorAnswer) -> str:
    """Return the anchor of an indicator on the page."""
    return str(answered.form["indicator"]).replace("_", "-")


def _indicator_context(answered: IndicatorAnswer, record_lists: Sequence[RecordList]) -> dict[str, Any]:
    reasons = [
        (advice, times)
        for record_list in record_lists
        if record_list.answer.startswith("not known")
        for advice, times in record_list.reasons
    ]
    return {
        "a": answered,
        "anchor": indicator_anchor(answered),
        "lists": [(f"lists/{record_list.name}.csv", _list_text(record_list)) for record_list in record_lists],
        "reasons": grid(
            f"{answered.form['title']}: why it is not known, and where to look",
            ("Why", "#Records", "Where to look"),
            [(advice.reason, format_number(times), advice.action) for advice, times in reasons],
        ) if reasons else None,
        "excluded": "; ".join(f"{reason}: {format_number(times)}" for reason, times in answered.excluded),
    }  # fmt: skip


def _list_text(record_list: RecordList) -> str:
    return f"{count_phrase(len(record_list.lines), 'record')}: {record_list.answer}"


def _change_grid(answered: Sequence[IndicatorAnswer]) -> Grid | None:
    """Return the indicators whose answers differ from last time, with both answers."""
    changed = [answer for answer in answered if answer.previous_counts]
    rows = [(answer.form["title"], *(_change_text(answer, name) for name in FIVE_ANSWERS)) for answer in changed]
    headings = ("Indicator", *(f"#{ANSWER_HEADINGS[name]}" for name in FIVE_ANSWERS))
    note = "Each cell: last time, then now. Indicators that are not here answer as they did."
    return grid("Answers, last time and now", headings, rows, note=note, dense=True) if rows else None


def _change_text(answered: IndicatorAnswer, name: str) -> str:
    previous, current = (answered.previous_counts or {})[name], answered.counts[name]
    return (
        format_number(current) if previous == current else f"{format_number(previous)} \u2192 {format_number(current)}"
    )


def _measure_grid(caption: str, headings: tuple[str, str], measured: Sequence[MeasureResult]) -> Grid | None:
    rows = [(result.title, result.sentence) for result in measured if not result.not_askable]
    return grid(caption, headings, rows) if rows else None


def _count_grid(measured: Sequence[MeasureResult]) -> Grid | None:
    rows = [(result.form["title"], result.title, result.sentence) for result in measured if not result.not_askable]
    headings = ("Definition", "What is counted", "Takes in")
    return grid("Counts, under each definition", headings, rows) if rows else None


def _not_askable_reasons(measured: Iterable[IndicatorAnswer | MeasureResult]) -> dict[str, list[str]]:
    """Return by reason the titles of indicators that are not askable."""
    found: dict[str, list[str]] = {}
    for result in measured:
        if result.not_askable:
            found.setdefault(result.not_askable, []).append(result.form["title"])
    return found


def _css_text(words: str) -> Markup:
    """Return words as a text of a style sheet: no name can end the text or the sheet."""
    return Markup('"' + re.sub(r"[^\w ().,'-]", lambda found: f"\\{ord(found[0]):x} ", words) + '"')


@lru_cache
def _templates() -> jinja2.Environment:
    environment = internal_templates("assay.workflows.selfaudit")
    environment.globals["counted"] = count_phrase
    environment.filters["css_text"] = _css_text
    return environment
