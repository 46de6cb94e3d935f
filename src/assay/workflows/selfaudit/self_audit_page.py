"""What does a force see of its own return: one page, and beside it the lists?

Made from a `ToSender` and from nothing else; the page borrows the report's style, and says on top whose it is.
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

from assay.feedback.letter_sentences import NOTHING_CAME, period
from assay.progress import Progress
from assay.report.internal_page import around, inside_templates
from assay.report.page_elements import Cell, Grid, grid
from assay.sdc import ToSender
from assay.wording import counted, number
from assay.workflows.selfaudit import record_answers, record_lists, urgent_section
from assay.workflows.selfaudit.published_context import beside_published
from assay.workflows.selfaudit.record_answers import FIVE, Answered, Measured
from assay.workflows.selfaudit.record_files import File, write_list, write_workbook
from assay.workflows.selfaudit.record_lists import Listed

FIRST = 10
"""How many of the urgent are shown on the page; all are in the list."""
HEADS = {"met": "Met", "not_met": "Not met", "not_known": "Not known", "not_known_if_counted": "Not known if counted",
         "left_out": "Left out"}  # fmt: skip


@dataclass(frozen=True)
class Made:
    """Everything that the page says, worked out."""

    sent: ToSender
    answered: tuple[Answered, ...]
    lists: Mapping[str, tuple[Listed, ...]]
    urgent: tuple[urgent_section.Urgent, ...]

    @property
    def to_mend(self) -> int:
        """How many lines the lists hold together."""
        return sum(len(one.lines) for held in self.lists.values() for one in held)


def make(sent: ToSender, before: pa.Table | None) -> Made:
    """What a page is made of; `before` has the counts of last time."""
    return Made(sent, record_answers.answers(sent, before), record_lists.lists(sent), urgent_section.urgent(sent))


def write(made: Made, folder: Path, *, letter: str, seal: str, progress: Progress) -> None:
    """Write `index.html` and `lists/` into `folder`. `letter`: the way to the letter; `seal`: of the stages before."""
    held = files_of(made)
    (folder / "lists").mkdir()
    for done, file in enumerate(held):
        progress("Writing the lists", done, len(held))
        write_list(folder / "lists" / f"{file.name}.csv", file)
    if held:
        write_workbook(folder / "lists" / "all.xlsx", held)
    told = _told(made) | {"letter": letter, "seal": seal, "beside": beside_published(made.sent, progress)}
    text = _templates().get_template("self-audit.html").render(told)
    (folder / "index.html").write_text(text, encoding="utf-8", newline="\n")


def files_of(made: Made) -> list[File]:
    """Every list that has a line, the urgent one first."""
    pressing = [line for one in made.urgent for line in one.lines]
    first = [File("urgent", urgent_section.COLUMNS, pressing)] if pressing else []
    return first + [File(one.name, record_lists.COLUMNS, one.lines) for held in made.lists.values() for one in held]


def _told(made: Made) -> dict[str, Any]:
    sent = made.sent
    one = sent.rows("returns")[0]
    waits, counts = record_answers.waits(sent), record_answers.counts(sent)
    return {
        "name": sent.addressee.name,
        "mark": sent.mark,
        **around([sent.addressee.code]),
        "request": one["request"],
        "period": period(one["period_from"], one["period_to"]),
        "edition": one["edition"],
        "came": _came(sent),
        "summary": _summary(sent),
        "urgent": [_urgent_grid(found) for found in made.urgent],
        "pressing": sum(len(found.lines) for found in made.urgent),
        "standing": _standing(made),
        "asked": [_asked(a, made.lists[a.form["indicator"]]) for a in made.answered if not a.cannot],
        "changes": _changes(made.answered),
        "cannot": _cannot((*made.answered, *waits, *counts)),
        "waits": _measured("Waits", ("Wait", "How long"), waits),
        "counts": _counts(counts),
        "has_lists": any(made.lists.values()) or bool(made.urgent),
    }


def _summary(sent: ToSender) -> str:
    rows = [row for row in sent.rows("counted") if row["file"]]
    if not rows:
        return NOTHING_CAME
    records, kept = (sum(row[name] or 0 for row in rows) for name in ("records", "accepted"))
    known = "" if all(row["records"] is not None for row in rows) else " that could be counted"
    came = f"{counted(len(rows), 'table')} with {counted(records, 'record')}{known} came"
    return f"{came}{_used(records, kept)}."


def _used(records: int, kept: int) -> str:
    """'; 12 can be used, 1 was set aside'; nothing where there is no record."""
    aside = records - kept
    if aside:
        return f"; {number(kept)} can be used, {number(aside)} {'was' if aside == 1 else 'were'} set aside"
    return ("; it can be used" if records == 1 else "; every one can be used") if records else ""


def _came(sent: ToSender) -> Grid:
    rows = [row for row in sent.rows("counted") if row["file"]]
    return grid(
        "Records of each table, and what became of them",
        ("Table", "#Records", "#Can be used", "#Set aside"),
        [(row["table_name"], *_came_of(row)) for row in rows],
    )


def _came_of(row: Mapping[str, Any]) -> tuple[str, str, str]:
    records = "could not be counted" if row["records"] is None else number(row["records"])
    if row["refused_rule"]:
        return records, "none", f"table refused ({row['refused_rule']})"
    return records, number(row["accepted"] or 0), number(row["set_aside"] or 0)


def _urgent_grid(found: urgent_section.Urgent) -> Grid:
    shown = [tuple(cell or "none" for cell in line[2:]) for line in found.lines[:FIRST]]
    rest = len(found.lines) - len(shown)
    note = found.rule.means + (f" {number(rest)} more are in the list." if rest else "")
    kept = _columns_used(shown)
    heads = [urgent_section.COLUMNS[2:][place].capitalize() for place in kept]
    rows = [[line[place] for place in kept] for line in shown]
    return grid(f"{found.rule.title}: {number(len(found.lines))}", heads, rows, note=note)


def _columns_used(rows: Sequence[tuple[str, ...]]) -> list[int]:
    return [place for place in range(len(rows[0])) if any(row[place] != "none" for row in rows)]


def _standing(made: Made) -> Grid:
    """Every indicator that could be asked, with its five answers."""
    rows: list[tuple[Cell | str, ...]] = [
        (Cell(a.form["title"], f"#{anchor(a)}"), a.status.tag, *(number(a.counts[name]) for name in FIVE))
        for a in made.answered
        if not a.cannot
    ]
    heads = ("Indicator", "Stands", *(f"#{HEADS[name]}" for name in FIVE))
    return grid("The five answers of every indicator that can be asked", heads, rows, dense=True)


def anchor(answered: Answered) -> str:
    """Where an indicator stands on the page."""
    return str(answered.form["indicator"]).replace("_", "-")


def _asked(answered: Answered, held: Sequence[Listed]) -> dict[str, Any]:
    reasons = [(why, times) for one in held if one.answer.startswith("not known") for why, times in one.reasons]
    return {
        "a": answered,
        "anchor": anchor(answered),
        "lists": [(f"lists/{one.name}.csv", _list_words(one)) for one in held],
        "reasons": grid(
            f"{answered.form['title']}: why it is not known, and where to look",
            ("Why", "#Records", "Where to look"),
            [(why.says, number(times), why.do) for why, times in reasons],
        ) if reasons else None,
        "left_out": "; ".join(f"{reason}: {number(times)}" for reason, times in answered.left_out),
    }  # fmt: skip


def _list_words(one: Listed) -> str:
    return f"{counted(len(one.lines), 'record')}: {one.answer}"


def _changes(answered: Sequence[Answered]) -> Grid | None:
    """Indicators whose answers differ from last time: what they were, and what they are now."""
    changed = [a for a in answered if a.before]
    rows = [(a.form["title"], *(_then_now(a, name) for name in FIVE)) for a in changed]
    heads = ("Indicator", *(f"#{HEADS[name]}" for name in FIVE))
    note = "Each cell: last time, then now. Indicators that are not here answer as they did."
    return grid("Answers, last time and now", heads, rows, note=note, dense=True) if rows else None


def _then_now(answered: Answered, name: str) -> str:
    then, now = (answered.before or {})[name], answered.counts[name]
    return number(now) if then == now else f"{number(then)} \u2192 {number(now)}"


def _measured(caption: str, heads: tuple[str, str], measured: Sequence[Measured]) -> Grid | None:
    rows = [(one.title, one.said) for one in measured if not one.cannot]
    return grid(caption, heads, rows) if rows else None


def _counts(measured: Sequence[Measured]) -> Grid | None:
    rows = [(one.form["title"], one.title, one.said) for one in measured if not one.cannot]
    heads = ("Definition", "What is counted", "Takes in")
    return grid("Counts, under each definition", heads, rows) if rows else None


def _cannot(measured: Iterable[Answered | Measured]) -> dict[str, list[str]]:
    """By reason: the titles of what cannot be asked."""
    found: dict[str, list[str]] = {}
    for one in measured:
        if one.cannot:
            found.setdefault(one.cannot, []).append(one.form["title"])
    return found


def _css_text(words: str) -> Markup:
    """Words as a text in a style sheet: whatever a name holds, it ends neither the text nor the sheet."""
    return Markup('"' + re.sub(r"[^\w ().,'-]", lambda found: f"\\{ord(found[0]):x} ", words) + '"')


@lru_cache
def _templates() -> jinja2.Environment:
    environment = inside_templates("assay.workflows.selfaudit")
    environment.globals["counted"] = counted
    environment.filters["css_text"] = _css_text
    return environment
