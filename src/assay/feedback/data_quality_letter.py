"""What does the sender of a return need to know, and what is to be mended first?

A letter is only for the force whose records they are. It names tables, files, lines, columns and rules, and never
what stands in a cell; but for words of coded columns that no list knows and that stand in five rows or more, so that
they can be mapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.csv as pc
from jinja2 import Environment, PackageLoader, StrictUndefined

from assay import contract
from assay.contract.validation_rules import EFFECTS, rules
from assay.engine import Store
from assay.engine.safe_files.spreadsheet_cells import guarded_table
from assay.feedback import letter_completeness, letter_sentences
from assay.feedback.scan_summary import NO_FINDING, ScanTold
from assay.ingest.return_manifest import Cover
from assay.ingest.sql_literals import listed, quoted
from assay.reference import signs
from assay.wording import counted

CSV_COLUMNS = ("force", "table", "file", "line", "column", "rule", "what happened", "what to do")
FIRST_LINES = 10
MENDED_FIRST = 3
Counts = Mapping[tuple[str, str], int]


class ReceivedReturn(Protocol):
    """What a letter is written from."""

    @property
    def cover(self) -> Cover:
        """The cover as read."""

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """The received tables, `faults`, `aside`, `counted`, `covers`, `completeness` and `incomplete` among them."""


@dataclass(frozen=True)
class Letter:
    """A letter to one sender. `lines` is one row a fault (CSV_COLUMNS); `page` what the template is given."""

    force_code: str
    edition: int
    lines: pa.Table
    page: Mapping[str, Any]

    @property
    def counts(self) -> Counts:
        """How many faults under each (rule, table)."""
        return counts(self.lines)

    def html(self) -> str:
        """The letter as one page, with its own style and nothing from elsewhere."""
        return str(templates().get_template("letter.html").render(self.page))

    def csv(self) -> str:
        """Every fault, one a line."""
        sink = pa.BufferOutputStream()
        pc.write_csv(guarded_table(self.lines), sink)
        return str(sink.getvalue().to_pybytes(), "utf-8")


def letter(received: ReceivedReturn, previous: Letter | Path | None = None, *, name: str = "") -> Letter:
    """The letter about a return. `previous` is the letter before it, or its letter.csv; `name` is the sender's name."""
    with Store() as store:
        for table in ("faults", "aside"):
            store.table(f"sent_{table}", received.tables[table])
        store.keep("told", _told())
        lines = store.run(_lines_of(received.cover.force_code))
        groups = store.run(_groups()).to_pylist()
    before = None if previous is None else counts_before(previous)
    page = _page(received, groups, name) | {"changes": letter_sentences.changes(before, counts(lines))}
    return Letter(received.cover.force_code, received.cover.edition, lines, page)


def counts(lines: pa.Table) -> Counts:
    """How many faults under each (rule, table), of a letter's lines."""
    found = lines.select(["rule", "table"]).group_by(["rule", "table"]).aggregate([([], "count_all")]).to_pylist()
    return {(one["rule"], one["table"]): one["count_all"] for one in found}


def counts_before(previous: Letter | Path) -> Counts:
    """The same of an earlier letter, or of its letter.csv."""
    if isinstance(previous, Letter):
        return previous.counts
    text = pc.ConvertOptions(column_types={name: pa.string() for name in CSV_COLUMNS}, strings_can_be_null=False)
    options = pc.ParseOptions(newlines_in_values=True)
    return counts(pc.read_csv(previous, convert_options=text, parse_options=options))


def _told() -> str:
    """Every fault once, with what happened to its row."""
    effects = [(rule.key, rule.effect) for rule in rules().values()]
    return (
        "select distinct f.table_name, f.file, f.line, f.column_name, f.rule, case "
        "when a.line is not null and (a.rule = f.rule or r.effect = 'row') then 'row' "
        "when f.line is null and r.effect = 'row' then 'kept' else r.effect end as effect "
        f"from sent_faults as f join {listed(effects, 'r', ('rule', 'effect'))} on f.rule = r.rule "
        "left join (select distinct table_name, line, rule from sent_aside) as a "
        "on f.table_name = a.table_name and f.line = a.line"
    )


def _lines_of(force_code: str) -> str:
    """The rows of letter.csv. The order of columns keeps the answer in the order of tables, lines and rules."""
    asked = [(rule.key, table, rule.asked(table)) for rule in rules().values() for table in contract.tables()]
    mend = listed(asked, "m", ("rule", "of_table", "mend"))
    happened = listed(EFFECTS.items(), "e", ("effect", "happened"))
    return (
        f'select {quoted(force_code)} as "force", table_name as "table", file, line, column_name as "column", '
        't.rule as rule, happened as "what happened", mend as "what to do" '
        f"from told as t join {mend} on t.rule = m.rule and t.table_name = m.of_table "
        f"join {happened} on t.effect = e.effect"
    )


def _groups() -> str:
    return (
        "select rule, effect, table_name, column_name, any_value(file) as file, count(line) as lines, "
        f"min(line, {FIRST_LINES}) as first_lines from told group by rule, effect, table_name, column_name"
    )


def _page(received: ReceivedReturn, groups: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    tables, cover = received.tables, received.cover
    order = {table: place for place, table in enumerate(contract.tables())}
    scan = ScanTold(tables["scanned"], tables["signs"]) if "scanned" in tables else None
    came = letter_sentences.came(cover, tables["counted"].to_pylist(), tables["covers"].to_pylist())
    faults = [letter_sentences.fault(group) for group in groups]
    faults.sort(key=lambda one: (letter_sentences.RANK[one.effect], one.rule.key, order.get(one.table, 99), one.column))
    return {
        "cover": cover,
        "name": name or cover.force_code,
        "summary": letter_sentences.summary(came),
        "came": [one for one in came if one.here],
        "absent": letter_sentences.absent(came),
        "not_asked": letter_sentences.not_asked(came),
        "first": letter_sentences.first(faults, MENDED_FIRST),
        "sections": letter_sentences.sections(faults),
        "incomplete": sum(row is None for row in tables["incomplete"]["record_ref"].to_pylist()),
        "completeness": letter_completeness.completeness(tables["completeness"], order),
        "unmapped": letter_sentences.unmapped(tables["unmapped"].to_pylist()) if "unmapped" in tables else [],
        "scan": scan,
        "to_read": scan.lines_together(tables["summaries"]) if scan and scan.together else [],
        "no_finding": NO_FINDING,
        "signs": signs(),
        "remarks": [*cover.remarks, *getattr(received, "remarks", ())],
        "first_lines": FIRST_LINES,
        "spec_version": contract.SPEC_VERSION,
    }


@lru_cache
def templates() -> Environment:
    """Of all letters about returns.

    StrictUndefined: a name that is not given stops the letter rather than leaving a gap in it.
    """
    environment = Environment(
        loader=PackageLoader("assay.feedback", "letters"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["number"] = lambda value: f"{value:,}"
    words = letter_sentences
    for say in (words.outcome, words.changed, words.total, words.rule_text, words.sentence, words.period):
        environment.globals[say.__name__] = say
    environment.globals["plural"] = counted
    return environment
