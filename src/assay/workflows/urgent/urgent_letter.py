"""What leaves the building: a letter to one post of one force, with the entries that a person has confirmed?

It is made from a `ToSender`, so that a row of any other force stops it. It says how old the data, the rule and the
record are, asks to check, and says what the rule cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

import jinja2
import pyarrow as pa

from assay.reference import Body
from assay.report.page_frame import INVENTED
from assay.sdc import ToSender
from assay.wording import counted
from assay.workflows.urgent.urgent_register import ANSWERS, Entry
from assay.workflows.urgent.urgent_rules import RULES

RULES_FROM = date(2026, 11, 30)
"""The day on which the rules were last changed: a letter says how old its rules are."""
ADDED = {name: pa.string() for name in ("key", "rule", "refs", "record_day", "extracted", "beside")}


@dataclass(frozen=True)
class Posted:
    """To which post, until when, and whether it is a second letter, to a higher post: the first was not answered."""

    to: str
    now: datetime
    due: datetime
    again: bool = False


def for_sender(body: Body, entries: Sequence[Entry]) -> ToSender:
    """The entries as rows of their own force."""
    rows = [
        {"force_code": body.code, "key": one.key, "rule": one.rule, "refs": ", ".join(one.refs),
         "record_day": one.record_day, "extracted": one.extracted, "beside": one.beside, "coded": one.coded}
        for one in entries
    ]  # fmt: skip
    schema = pa.schema([("force_code", pa.string()), *ADDED.items(), ("coded", pa.bool_())])
    return ToSender(body, {"entries": pa.Table.from_pylist(rows, schema=schema)})


def letter(sent: ToSender, posted: Posted) -> str:
    """The letter as a page; each entry says when the data were read that it rests on."""
    rows = sent.rows("entries")
    read_on = sorted({date.fromisoformat(row["extracted"]) for row in rows})
    parts = [(RULES[key], [row for row in rows if row["rule"] == key]) for key in RULES]
    told = {
        "name": sent.addressee.name,
        "mark": sent.mark,
        "to": posted.to,
        "again": posted.again,
        "number": len(rows),
        "coded": any(row["coded"] for row in rows),
        "codes_file": f"{sent.addressee.code}-codes.csv",
        "read": [(_day(day), counted((posted.now.date() - day).days, "day")) for day in read_on],
        "read_on": {row["key"]: _day(date.fromisoformat(row["extracted"])) for row in rows},
        "rules_from": _day(RULES_FROM),
        "written": f"{_day(posted.now.date())}, {posted.now:%H:%M}",
        "due": f"{_day(posted.due.date())}, {posted.due:%H:%M}",
        "parts": [(rule, mine) for rule, mine in parts if mine],
        "answers": ANSWERS,
        "ages": {row["key"]: _age(row["record_day"], posted.now.date()) for row in rows},
        "banner": INVENTED if sent.addressee.code.startswith("INV") else "",
        "style": files("assay.feedback").joinpath("letters/letter.css").read_text(encoding="utf-8"),
    }
    return _templates().get_template("letter.html").render(told)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _age(record_day: str, today: date) -> str:
    """'12 May 2026, 83 days ago'; 'not known'."""
    if not record_day:
        return "not known"
    day = date.fromisoformat(record_day)
    return f"{_day(day)}, {counted((today - day).days, 'day')} ago"


@lru_cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("assay.workflows.urgent", "pages"),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
