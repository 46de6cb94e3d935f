"""Sentences of the data-quality letter: what was supplied, set aside and must be corrected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import PurePath
from typing import Any

from assay import contract
from assay.contract.validation_rules import Rule, rules
from assay.ingest.return_manifest import NOT_ASKED, NOT_STATED, ReturnManifest
from assay.wording import count_phrase as plural

EFFECT_RANK = {"return": 0, "table": 1, "row": 2, "value": 3, "kept": 4}
HEADINGS = {
    "table": ("Tables refused", "No row of these tables is used, so the questions that need them cannot be "
                                "answered for you."),
    "row": ("Rows set aside", "These rows are not used. They are stored, and are used once you correct them."),
    "value": ("Values set aside", "The row is used; the value is read as an empty cell."),
    "kept": ("Kept and counted", "Row and value are used. Some answers that need them may be \"not known\"."),
}  # fmt: skip
CONSEQUENT_RULES = ("R05", "R58")
HARMLESS_RULES = ("R12",)
"""Rules that set rows aside without loss, because a copy is kept."""
SECTION = re.compile(r"\bsection (\d+(?:\.\d+)?)(?! of the)")
NO_TABLE_SUPPLIED = "A manifest (return.toml) was sent, but no table."
NO_CORRECTION = "Nothing needs doing"
REASONS = {
    "not_held": "not held", "not_extractable": "cannot be extracted", "on_paper": "on paper",
    "not_lawful": "may not be sent", NOT_STATED: "no reason stated", NOT_ASKED: "not requested by this inspection",
}  # fmt: skip


@dataclass(frozen=True)
class TableReceipt:
    """One table of the return: its manifest entry and record counts (None: not counted)."""

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
    def is_present(self) -> bool:
        """True if the file of the table was supplied, or the manifest says that it was."""
        return bool(self.file) or self.supplied != "none"

    @property
    def is_requested(self) -> bool:
        """True if the inspection requested the table."""
        return self.reason != REASONS[NOT_ASKED]

    @property
    def lost_records(self) -> int:
        """The number of records that are not used: those set aside, or all records of a refused table."""
        return (self.records or 0) - self.accepted if self.refused_rule else self.set_aside

    @property
    def records_text(self) -> str:
        """The number of records as text."""
        if not self.file:
            return "no file"
        return "records not counted" if self.records is None else plural(self.records, "record")


@dataclass(frozen=True)
class ErrorGroup:
    """Validation errors of one rule in one column of one file; `lines` is their number, `first` the first lines.

    `file` is empty where the name of the table says which file it is.
    """

    rule: Rule
    effect: str
    table: str
    column: str
    lines: int
    first: tuple[int, ...]
    file: str = ""

    @property
    def correction(self) -> str:
        """The correction that the sender is asked to make."""
        return self.rule.correction_for(self.table)

    @property
    def anchor(self) -> str:
        """The HTML anchor of the group's heading, which is one for each effect, rule and correction."""
        return f"{self.effect}-{self.rule.key}{'' if self.correction == self.rule.correction else '-noticed'}"

    @property
    def where(self) -> str:
        """The table and column of the errors, and the file if its name differs from that of the table."""
        place = f"{self.table}, {self.column}" if self.column else self.table
        return f"{place} ({self.file})" if self.file else place

    @property
    def extent_text(self) -> str:
        """The number of affected rows or values as text."""
        if self.effect == "table" or not self.lines:
            return "the table"
        return plural(self.lines, "value" if self.effect == "value" else "row")


def period(first_day: date, end_day: date) -> str:
    """Return a half-open period as text, with its first and last day."""
    last_day = end_day - timedelta(days=1)
    return f"{first_day.day} {first_day:%B %Y} to {last_day.day} {last_day:%B %Y}"


def table_receipts(
    manifest: ReturnManifest, count_rows: Sequence[dict[str, Any]], manifest_rows: Sequence[dict[str, Any]]
) -> list[TableReceipt]:
    """Return the record counts of each table of the return, in the order of the contract, for the letter."""
    numbers = {row["table_name"]: row for row in count_rows}
    return [_table_receipt(row, numbers.get(row["table_name"], {}), manifest) for row in manifest_rows]


def _table_receipt(row: Mapping[str, Any], counts: Mapping[str, Any], manifest: ReturnManifest) -> TableReceipt:
    complete = {True: "yes", False: "no", None: ""}[row["complete"]]
    refused = counts.get("refused_rule") or ""
    return TableReceipt(
        table=row["table_name"],
        file=counts.get("file") or "",
        supplied=manifest.table(row["table_name"]).supplied if refused else row["supplied"],
        reason=REASONS.get(row["reason"] or "", row["reason"] or ""),
        complete=complete,
        records=counts.get("records"),
        accepted=counts.get("accepted") or 0,
        set_aside=counts.get("set_aside") or 0,
        refused_rule=refused,
        stated=counts.get("rows_stated"),
    )


def receipt_summary(receipts: Sequence[TableReceipt]) -> str:
    """Summarise in a sentence or two how many records were supplied, accepted, set aside and refused."""
    present = [receipt for receipt in receipts if receipt.file]
    if not present:
        return NO_TABLE_SUPPLIED
    with_count = [receipt for receipt in present if receipt.records is not None]
    records, accepted = (
        sum(receipt.records or 0 for receipt in with_count),
        sum(receipt.accepted for receipt in with_count),
    )
    set_aside = sum(receipt.lost_records for receipt in with_count)
    count_note = "" if len(with_count) == len(present) else " that could be counted"
    supply_text = f"{plural(len(present), 'table')} with {plural(records, 'record')}{count_note} came"
    verb = "was" if accepted == 1 else "were"
    all_records = "every one of them" if count_note else "every record"
    rows = f"{accepted:,} {verb} accepted, {set_aside:,} set aside" if set_aside else f"{all_records} was accepted"
    refused = ", ".join(f"{receipt.table} ({receipt.records_text})" for receipt in receipts if receipt.refused_rule)
    return f"{supply_text}{f': {rows}' if records else ''}." + (f" Refused as a whole: {refused}." if refused else "")


def absent_tables(receipts: Sequence[TableReceipt]) -> list[tuple[str, list[str]]]:
    """Return the tables that were requested but not supplied, by reason."""
    found: dict[str, list[str]] = {}
    for receipt in receipts:
        if not receipt.is_present and receipt.is_requested:
            found.setdefault(receipt.reason or REASONS[NOT_STATED], []).append(receipt.table)
    return sorted(found.items())


def unrequested_tables(receipts: Sequence[TableReceipt]) -> list[str]:
    """Return the tables that were neither requested nor supplied."""
    return [receipt.table for receipt in receipts if not receipt.is_present and not receipt.is_requested]


def error_group(group: Mapping[str, Any]) -> ErrorGroup:
    """Return a group of validation errors from a row that counts them."""
    first_lines = tuple(sorted(group["first_lines"] or ()))
    return ErrorGroup(
        rules()[group["rule"]],
        group["effect"],
        group["table_name"],
        group["column_name"] or "",
        group["lines"],
        first_lines,
        "" if _is_called_as(group["file"] or "", group["table_name"]) else group["file"],
    )


def _is_called_as(file: str, table: str) -> bool:
    return not file or PurePath(file).stem == table


def correction_priorities(errors: Sequence[ErrorGroup], max_groups: int) -> list[ErrorGroup]:
    """Return what to correct first: refused tables, then lost rows, then values; largest groups first.

    Observations, and errors that follow from another error, are left out: they need no correction in the file.
    """
    groups: dict[tuple[str, str, str], list[ErrorGroup]] = {}
    for error in errors:
        if error.rule.key not in CONSEQUENT_RULES and not error.correction.startswith(NO_CORRECTION):
            groups.setdefault((error.rule.key, error.effect, error.table), []).append(error)
    merged = [_merge_groups(group) for group in groups.values()]
    return sorted(merged, key=lambda error: (_severity(error), -error.lines))[:max_groups]


def _severity(error: ErrorGroup) -> int:
    return EFFECT_RANK["kept" if error.rule.key in HARMLESS_RULES else error.effect]


def _merge_groups(group: Sequence[ErrorGroup]) -> ErrorGroup:
    """Return the validation errors of one rule in one table as one group."""
    columns = list(dict.fromkeys(error.column for error in group if error.column))
    files = {error.file for error in group}
    column_text = ", ".join(columns) if len(columns) < 4 else f"{len(columns)} columns"
    return replace(
        group[0],
        column=column_text,
        lines=sum(error.lines for error in group),
        file=group[0].file if len(files) == 1 else "",
    )


@dataclass(frozen=True)
class ErrorSection:
    """The validation errors with one effect (such as rows set aside), grouped by rule and correction."""

    effect: str
    title: str
    lead: str
    rules: list[list[ErrorGroup]]


def error_sections(errors: Sequence[ErrorGroup]) -> list[ErrorSection]:
    """Return the validation errors in sections by effect, and within these by rule."""
    found = []
    for effect, (title, lead) in HEADINGS.items():
        by_rule: dict[str, list[ErrorGroup]] = {}
        for error in errors:
            if error.effect == effect:
                by_rule.setdefault(error.anchor, []).append(error)
        if by_rule:
            found.append(ErrorSection(effect, title, lead, list(by_rule.values())))
    return found


@dataclass(frozen=True)
class UnmappedColumn:
    """The words of a coded column that are in no code list.

    `words` holds (word, number of rows, nearest values); `hidden` says how many further words are not shown.
    """

    table: str
    column: str
    words: list[tuple[str, int, str]]
    hidden: str


def unmapped_words(rows: Sequence[Mapping[str, Any]]) -> list[UnmappedColumn]:
    """Return the words that are in no code list, by table and column: those shown, and the number not shown."""
    by_column: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        by_column.setdefault((row["table_name"], row["column_name"]), []).append(row)
    return [
        UnmappedColumn(
            table,
            column,
            [(row["word"], row["rows"], row["nearest"]) for row in column_rows if row["word"] is not None],
            next((_hidden_words_text(row) for row in column_rows if row["word"] is None), ""),
        )
        for (table, column), column_rows in by_column.items()
    ]


def _hidden_words_text(row: Mapping[str, Any]) -> str:
    return f"{plural(row['words'], 'more word')} in {plural(row['rows'], 'row')}, not shown"


def outcome(error: ErrorGroup) -> str:
    """Return the effect of a group of validation errors as a short phrase: '12 rows set aside'."""
    if error.effect == "table":
        return "the table was refused"
    if error.effect == "kept":
        return f"{plural(error.lines, 'row')} kept and counted" if error.lines else "kept and counted"
    return f"{error.extent_text} set aside"


def total(group: Sequence[ErrorGroup]) -> str:
    """Return the total effect of all validation errors of one rule as a short phrase."""
    lines = sum(error.lines for error in group)
    columns = sum(bool(error.column) for error in group)
    if not lines and columns and group[0].effect != "table":
        return plural(columns, "column")
    if len(group) > 1 and group[0].effect == "kept":
        return plural(lines, "error")  # one row may be among the errors of two columns
    return (
        ErrorGroup(group[0].rule, group[0].effect, "", "", lines, ()).extent_text if lines else "the table as a whole"
    )


@dataclass(frozen=True)
class CountChanges:
    """A comparison of the error counts of two letters.

    `rows` holds (rule, table, count before, count now, change) where the counts differ; `tally` is the number of rows
    by change; `n_unchanged` is the number of equal counts.
    """

    rows: list[tuple[str, str, int, int, str]]
    tally: Mapping[str, int]
    n_unchanged: int


def changed(changes: CountChanges) -> str:
    """Return the changes since the last letter as one sentence."""
    words = {"corrected": "gone", "fewer": "less often", "more": "more often", "new": "new"}
    phrases = [f"{changes.tally[word]} {label}" for word, label in words.items() if changes.tally[word]]
    unchanged = f", and {changes.n_unchanged} as before" if changes.n_unchanged else ""
    return f"Counted by rule and table, {', '.join(phrases)}{unchanged}."


def rule_text(group: Sequence[ErrorGroup]) -> str:
    """Return the rule as a sentence; of a rule with parts for many tables, only those for these tables."""
    rule, tables = group[0].rule, tuple(dict.fromkeys(error.table for error in group))
    if rule.key == "R27":
        references = " or ".join(f"a {error.column} of {error.table}" for error in group)
        return sentence(f"{references} names no accepted row")
    parts = rule.when.split(". ")
    if all(part.partition(":")[0] in contract.tables() for part in parts):
        return sentence(". ".join(part for part in parts if part.partition(":")[0] in tables))
    return sentence(rule.when)


def with_document(text: str) -> str:
    """Return the text with 'section 9' extended to 'section 9 of the data return specification', to help the reader."""
    return SECTION.sub(r"section \1 of the data return specification", text)


def sentence(text: str) -> str:
    """Return a text as a sentence, without backticks."""
    text = with_document(re.sub(r"`", "", text))
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def compare_counts(
    previous: Mapping[tuple[str, str], int] | None, current: Mapping[tuple[str, str], int]
) -> CountChanges | None:
    """Compare the error counts with those of the last letter; None if there was no letter."""
    if previous is None:
        return None
    rows = [
        (
            rule,
            table,
            previous.get((rule, table), 0),
            current.get((rule, table), 0),
            _change_word(previous, current, (rule, table)),
        )
        for rule, table in sorted({*previous, *current})
        if previous.get((rule, table), 0) != current.get((rule, table), 0)
    ]
    tally = {word: sum(row[4] == word for row in rows) for word in ("corrected", "fewer", "more", "new")}
    unchanged_count = sum(current.get(key) == count for key, count in previous.items())
    return CountChanges(rows, tally, unchanged_count)


def _change_word(
    previous: Mapping[tuple[str, str], int], current: Mapping[tuple[str, str], int], key: tuple[str, str]
) -> str:
    if key not in current:
        return "corrected"
    if key not in previous:
        return "new"
    return "fewer" if current[key] < previous[key] else "more"
