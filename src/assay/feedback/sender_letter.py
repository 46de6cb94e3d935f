"""What does whoever sent voices or documents need to know, and what is to be mended?

Tables, lines, columns and rules; never what stands in a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from assay.engine.safe_files.spreadsheet_cells import as_csv
from assay.ingest.other_senders.other_table_spec import BODY, EFFECT, PLACE, list_values, meaning, rules
from assay.wording import counted

if TYPE_CHECKING:
    from assay.ingest.other_senders.other_table_reader import Fault, Taken

CSV_COLUMNS = ("sender", "table", "line", "column", "rule", "what happened", "what to do")
FIRST_LINES = 10


def letter_csv(taken: Taken) -> str:
    """Every fault, one a line."""
    rows = (
        (taken.cover.sender, one.table, one.line or "", one.column, one.rule, EFFECT[_effect(taken, one)],
         rules()[one.rule].mend)
        for one in taken.faults
    )  # fmt: skip
    return as_csv(CSV_COLUMNS, rows)


def letter_html(taken: Taken, name: str = "") -> str:
    """The letter as one page; `name` is the sender's name, if it is a body of the request."""
    return str(_templates().get_template("other.html").render(_page(taken, name)))


def _effect(taken: Taken, one: Fault) -> str:
    """What happened: a value that was needed takes its row with it."""
    effect = rules()[one.rule].effect
    gone = taken.aside.get(one.table, {}).get(one.line) == one.rule
    return "row" if effect == "value" and gone else effect


def _page(taken: Taken, name: str) -> dict[str, Any]:
    sent = [one for one in taken.forms if one in taken.records]
    came = [(one, taken.records[one], len(taken.rows.get(one, ()))) for one in sent]
    return {
        "cover": taken.cover,
        "name": name or taken.cover.sender,
        "kind": meaning("sender_kind", taken.cover.sender_kind),
        "came": came,
        "refused": sorted({one.table for one in taken.faults if one.line == 0}),
        "faults": list(_groups(taken)),
        "strangers": counted(len(taken.strangers), "other file") if taken.strangers else "",
    }


def _groups(taken: Taken) -> Iterator[dict[str, Any]]:
    groups: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for one in taken.faults:
        groups[one.rule, one.table, one.column, _effect(taken, one)].append(one.line)
    for (rule, table, column, effect), lines in groups.items():
        there = [line for line in lines if line]
        shown = ", ".join(map(str, there[:FIRST_LINES]))
        more = f" and {len(there) - FIRST_LINES} more" if len(there) > FIRST_LINES else ""
        of_column = next((one for one in taken.forms[table].columns if one.name == column), None)
        yield {
            "rule": rules()[rule],
            "where": f"{table}.csv" + (f", {column}" if column else ""),
            "lines": f"{'line' if len(there) == 1 else 'lines'} {shown}{more}" if there else "the whole table",
            "happened": EFFECT[effect],
            "allowed": _allowed(of_column) if rule == "V09" and of_column else "",
        }


def _allowed(column: Any) -> str:
    """What the column may hold, for a value that was none."""
    words = {
        "int": "whole numbers" + ("" if column.least is None else f" from {column.least} up"),
        "date": "days as 2026-04-01",
        "ref": "1 to 64 printable characters",
        "text": f"text of at most {column.most} characters" if column.most else "text",
    }
    if column.kind != "code":
        return words[column.kind]
    if column.values in (PLACE, BODY):
        return "the code of a body that the request asks" + (", or ALL" if column.values == PLACE else "")
    return ", ".join(list_values(column.values))


@lru_cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("assay.feedback", "letters"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
