"""How does a letter say what came, what was set aside and what is to be mended?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from assay import contract
from assay.contract.validation_rules import Rule, rules
from assay.ingest.return_manifest import NOT_ASKED, NOT_STATED, Cover
from assay.wording import counted as plural

RANK = {"return": 0, "table": 1, "row": 2, "value": 3, "kept": 4}
HEADINGS = {
    "table": ("Tables refused", "No row of these tables is used. What they would answer cannot be asked of you."),
    "row": ("Rows set aside", "These rows are used by nothing. They are kept, and count again once they are mended."),
    "value": ("Values set aside", "The row stays; the value is read as if the cell were empty."),
    "kept": ("Kept and counted", "Row and value stay. Some answers that lean on them may read \"not known\"."),
}  # fmt: skip
FOLLOWS = ("R05", "R58")
HARMLESS = ("R12",)
"""Rules that set rows aside and lose nothing: a copy was kept."""
NOTHING_CAME = "A cover came, and no table with it."
NOTHING_TO_DO = "Nothing needs doing"
REASONS = {
    "not_held": "not held", "not_extractable": "cannot be extracted", "on_paper": "on paper",
    "not_lawful": "may not be sent", NOT_STATED: "no reason stated", NOT_ASKED: "not asked for by this inspection",
}  # fmt: skip


@dataclass(frozen=True)
class Came:
    """One table of the return: what the cover says, and what became of its records (None: they were not counted)."""

    table: str
    file: str
    supplied: str
    reason: str
    complete: str
    records: int | None
    accepted: int
    set_aside: int
    refused_rule: str
    stated: int | None

    @property
    def here(self) -> bool:
        """True if its file came, or the cover says that it would."""
        return bool(self.file) or self.supplied != "none"

    @property
    def asked(self) -> bool:
        """Whether the inspection asked for it."""
        return self.reason != REASONS[NOT_ASKED]

    @property
    def gone(self) -> int:
        """How many records are used by nothing: those set aside, or every one of a refused table."""
        return (self.records or 0) - self.accepted if self.refused_rule else self.set_aside

    @property
    def in_words(self) -> str:
        """How many records it holds, if that is known."""
        if not self.file:
            return "no file"
        return "records not counted" if self.records is None else plural(self.records, "record")


@dataclass(frozen=True)
class Fault:
    """Faults of one rule in one column of one table; `lines` is how many, `first` the first of them."""

    rule: Rule
    effect: str
    table: str
    column: str
    lines: int
    first: tuple[int, ...]

    @property
    def mend(self) -> str:
        """What its sender is asked to do."""
        return self.rule.asked(self.table)

    @property
    def anchor(self) -> str:
        """Where it stands on the page: one heading for each effect, rule and what is asked."""
        return f"{self.effect}-{self.rule.key}{'' if self.mend == self.rule.mend else '-noticed'}"

    @property
    def where(self) -> str:
        """Table and column."""
        return f"{self.table}, {self.column}" if self.column else self.table

    @property
    def how_many(self) -> str:
        """In words: how much was hit."""
        if self.effect == "table" or not self.lines:
            return "the table"
        return plural(self.lines, "value" if self.effect == "value" else "row")


def period(first: date, after: date) -> str:
    """A half-open period by its first and its last day."""
    last = after - timedelta(days=1)
    return f"{first.day} {first:%B %Y} to {last.day} {last:%B %Y}"


def came(cover: Cover, counted: Sequence[dict[str, Any]], covers: Sequence[dict[str, Any]]) -> list[Came]:
    """Every table in the order of the contract."""
    numbers = {row["table_name"]: row for row in counted}
    return [_came(row, numbers.get(row["table_name"], {}), cover) for row in covers]


def _came(row: Mapping[str, Any], numbers: Mapping[str, Any], cover: Cover) -> Came:
    complete = {True: "yes", False: "no", None: ""}[row["complete"]]
    refused = numbers.get("refused_rule") or ""
    return Came(
        table=row["table_name"],
        file=numbers.get("file") or "",
        supplied=cover.table(row["table_name"]).supplied if refused else row["supplied"],
        reason=REASONS.get(row["reason"] or "", row["reason"] or ""),
        complete=complete,
        records=numbers.get("records"),
        accepted=numbers.get("accepted") or 0,
        set_aside=numbers.get("set_aside") or 0,
        refused_rule=refused,
        stated=numbers.get("rows_stated"),
    )


def summary(came: Sequence[Came]) -> str:
    """What came, in one sentence, and in a second one what was refused as a whole."""
    here = [one for one in came if one.file]
    if not here:
        return NOTHING_CAME
    known = [one for one in here if one.records is not None]
    records, accepted = sum(one.records or 0 for one in known), sum(one.accepted for one in known)
    aside = sum(one.gone for one in known)
    counted = "" if len(known) == len(here) else " that could be counted"
    what = f"{plural(len(here), 'table')} with {plural(records, 'record')}{counted} came"
    were = "was" if accepted == 1 else "were"
    every = "every one of them" if counted else "every record"
    rows = f"{accepted:,} {were} accepted, {aside:,} set aside" if aside else f"{every} was accepted"
    refused = ", ".join(f"{one.table} ({one.in_words})" for one in came if one.refused_rule)
    return f"{what}{f': {rows}' if records else ''}." + (f" Refused as a whole: {refused}." if refused else "")


def absent(came: Sequence[Came]) -> list[tuple[str, list[str]]]:
    """Tables that were asked for and not supplied, by reason."""
    found: dict[str, list[str]] = {}
    for one in came:
        if not one.here and one.asked:
            found.setdefault(one.reason or REASONS[NOT_STATED], []).append(one.table)
    return sorted(found.items())


def not_asked(came: Sequence[Came]) -> list[str]:
    """Tables that the inspection did not ask for and that were not sent: nothing is missing."""
    return [one.table for one in came if not one.here and not one.asked]


def fault(group: Mapping[str, Any]) -> Fault:
    """One group of faults, as counted."""
    first = tuple(sorted(group["first_lines"] or ()))
    return Fault(
        rules()[group["rule"]], group["effect"], group["table_name"], group["column_name"] or "", group["lines"], first
    )


def first(faults: Sequence[Fault], how_many: int) -> list[Fault]:
    """What to mend first: refused tables, then rows that are lost, then values; within each what hits most.

    Findings, and what follows from another fault, are left out: nothing in the file need be mended for them.
    """
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for one in faults:
        if one.rule.key not in FOLLOWS and not one.mend.startswith(NOTHING_TO_DO):
            groups.setdefault((one.rule.key, one.effect, one.table), []).append(one)
    together = [_together(group) for group in groups.values()]
    return sorted(together, key=lambda one: (_cost(one), -one.lines))[:how_many]


def _cost(one: Fault) -> int:
    return RANK["kept" if one.rule.key in HARMLESS else one.effect]


def _together(group: Sequence[Fault]) -> Fault:
    """The faults of one rule in one table as one."""
    columns = [one.column for one in group if one.column]
    named = ", ".join(columns) if len(columns) < 4 else f"{len(columns)} columns"
    return replace(group[0], column=named, lines=sum(one.lines for one in group))


def sections(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """The faults under what happened, then under their rule."""
    found = []
    for effect, (title, lead) in HEADINGS.items():
        by_rule: dict[str, list[Fault]] = {}
        for one in faults:
            if one.effect == effect:
                by_rule.setdefault(one.anchor, []).append(one)
        if by_rule:
            found.append({"effect": effect, "title": title, "lead": lead, "rules": list(by_rule.values())})
    return found


def unmapped(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Words that no list knows, by table and column: those that may be told, and how many are only counted."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        table, column = row["table_name"], row["column_name"]
        one = found.setdefault((table, column), {"table": table, "column": column, "words": [], "hidden": ""})
        if row["word"] is None:
            one["hidden"] = f"{plural(row['words'], 'more word')} in {plural(row['rows'], 'row')}, not shown"
        else:
            one["words"].append((row["word"], row["rows"], row["nearest"]))
    return list(found.values())


def outcome(one: Fault) -> str:
    """What happened, in a few words: '12 rows set aside'."""
    if one.effect == "table":
        return "the table was refused"
    if one.effect == "kept":
        return f"{plural(one.lines, 'row')} kept and counted" if one.lines else "kept and counted"
    return f"{one.how_many} set aside"


def total(group: Sequence[Fault]) -> str:
    """The same for every fault of one rule."""
    lines = sum(one.lines for one in group)
    columns = sum(bool(one.column) for one in group)
    if not lines and columns and group[0].effect != "table":
        return plural(columns, "column")
    if len(group) > 1 and group[0].effect == "kept":
        return plural(lines, "fault")  # one row may be among the faults of two columns
    return Fault(group[0].rule, group[0].effect, "", "", lines, ()).how_many if lines else "the table as a whole"


def changed(changes: Mapping[str, Any]) -> str:
    """The changes in one sentence."""
    words = {"mended": "gone", "fewer": "less often", "more": "more often", "new": "new"}
    told = [f"{changes['tally'][word]} {said}" for word, said in words.items() if changes["tally"][word]]
    same = f", and {changes['same']} as before" if changes["same"] else ""
    return f"Counted by rule and table, {', '.join(told)}{same}."


def rule_text(group: Sequence[Fault]) -> str:
    """The rule as a sentence without the marks of code, and of a long one only what is said of these tables."""
    rule, tables = group[0].rule, tuple(dict.fromkeys(one.table for one in group))
    if rule.key == "R27":
        said = " or ".join(f"a {one.column} of {one.table}" for one in group)
        return sentence(f"{said} names no accepted row")
    parts = rule.when.split(". ")
    if all(part.partition(":")[0] in contract.tables() for part in parts):
        return sentence(". ".join(part for part in parts if part.partition(":")[0] in tables))
    return sentence(rule.when)


def sentence(words: str) -> str:
    """Words of ours as a sentence, without the marks of code."""
    words = re.sub(r"`", "", words)
    return words[:1].upper() + words[1:] + ("" if words.endswith(".") else ".")


def changes(before: Mapping[tuple[str, str], int] | None, now: Mapping[tuple[str, str], int]) -> dict[str, Any] | None:
    """What differs from the last letter: rule, table, before, now, and a word for it; None if there was no letter."""
    if before is None:
        return None
    rows = [
        (rule, table, before.get((rule, table), 0), now.get((rule, table), 0), _change(before, now, (rule, table)))
        for rule, table in sorted({*before, *now})
        if before.get((rule, table), 0) != now.get((rule, table), 0)
    ]
    tally = {word: sum(row[4] == word for row in rows) for word in ("mended", "fewer", "more", "new")}
    same = sum(now.get(key) == count for key, count in before.items())
    return {"rows": rows, "tally": tally, "same": same}


def _change(before: Mapping[tuple[str, str], int], now: Mapping[tuple[str, str], int], key: tuple[str, str]) -> str:
    if key not in now:
        return "mended"
    if key not in before:
        return "new"
    return "fewer" if now[key] < before[key] else "more"
