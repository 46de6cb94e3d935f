"""Write the urgent letter to one role-holder of a force, with the entries that a person confirmed.

It is made from a `ToSender`, so that a row of any other force stops it. It gives the age of the data, the rule and the
record, asks the force to check, and says what the rule cannot show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

import jinja2
import pyarrow as pa

from assay.reference import Organisation
from assay.report.page_frame import SYNTHETIC_BANNER
from assay.sdc import ToSender
from assay.wording import count_phrase
from assay.workflows.urgent.urgent_register import ANSWERS, Entry
from assay.workflows.urgent.urgent_rules import RULES

RULES_FROM = date(2026, 11, 30)
"""The day on which the rules were last changed; a letter gives the age of its rules."""
ENTRY_COLUMNS = {name: pa.string() for name in ("key", "rule", "refs", "record_day", "extracted", "beside")}


@dataclass(frozen=True)
class Posting:
    """The post that a letter goes to, the deadline, and whether it is an escalation."""

    post: str
    now: datetime
    due: datetime
    is_escalation: bool = False


def for_sender(force: Organisation, entries: Sequence[Entry]) -> ToSender:
    """Return the entries as rows of their own force."""
    rows = [
        {"force_code": force.code, "key": entry.key, "rule": entry.rule, "refs": ", ".join(entry.refs),
         "record_day": entry.record_day, "extracted": entry.extracted, "beside": entry.beside, "coded": entry.coded}
        for entry in entries
    ]  # fmt: skip
    schema = pa.schema([("force_code", pa.string()), *ENTRY_COLUMNS.items(), ("coded", pa.bool_())])
    return ToSender(force, {"entries": pa.Table.from_pylist(rows, schema=schema)})


def letter_html(sender_tables: ToSender, posting: Posting) -> str:
    """Return the letter as a page; each entry says when the underlying data were extracted."""
    rows = sender_tables.rows("entries")
    read_on = sorted({date.fromisoformat(row["extracted"]) for row in rows})
    parts = [(RULES[key], [row for row in rows if row["rule"] == key]) for key in RULES]
    context = {
        "name": sender_tables.addressee.name,
        "mark": sender_tables.mark,
        "to": posting.post,
        "again": posting.is_escalation,
        "number": len(rows),
        "coded": any(row["coded"] for row in rows),
        "codes_file": f"{sender_tables.addressee.code}-codes.csv",
        "read": [(_day_text(day), count_phrase((posting.now.date() - day).days, "day")) for day in read_on],
        "read_on": {row["key"]: _day_text(date.fromisoformat(row["extracted"])) for row in rows},
        "rules_from": _day_text(RULES_FROM),
        "written": f"{_day_text(posting.now.date())}, {posting.now:%H:%M}",
        "due": f"{_day_text(posting.due.date())}, {posting.due:%H:%M}",
        "parts": [(rule, rule_rows) for rule, rule_rows in parts if rule_rows],
        "answers": ANSWERS,
        "ages": {row["key"]: _age_text(row["record_day"], posting.now.date()) for row in rows},
        "banner": SYNTHETIC_BANNER if sender_tables.addressee.code.startswith("INV") else "",
        "style": files("assay.feedback").joinpath("letters/letter.css").read_text(encoding="utf-8"),
    }
    return _templates().get_template("letter.html").render(context)


def _day_text(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _age_text(record_day: str, today: date) -> str:
    """Return '12 May 2026, 83 days ago', or 'not known'."""
    if not record_day:
        return "not known"
    day = date.fromisoformat(record_day)
    return f"{_day_text(day)}, {count_phrase((today - day).days, 'day')} ago"


@lru_cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.workflows.urgent", "pages"),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
