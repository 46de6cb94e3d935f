"""Which missing children do the rules put forward, and of which can they not decide?

Every condition is true, false or not known. A record of which all conditions are true is put forward; one of which none
is false and some are not known is named as not decided, with what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from assay.sdc import ToSender
from assay.wording import listed
from assay.workflows.urgent.set_aside_rows import LostRows
from assay.workflows.urgent.urgent_rules import MISSING_AGAIN, MISSING_NOW, SEVERAL_TIMES, WITHIN_DAYS, Found

Row = Mapping[str, Any]
ADULT = 18


def missing_now(sent: ToSender) -> Iterator[Found]:
    """Children who are missing, and were known as exploited before."""
    lost, whole = LostRows.of(sent), _sent_whole(sent)
    for row in _episodes_of_children(sent):
        back, known = row["returned"], _known_exploited(row, lost, whole)
        if back is not True and known is not False:
            unknown = [
                *(["whether the child is back"] if back is None else []),
                *(["whether a crime of exploitation against the child had been reported"] if known is None else []),
            ]
            yield Found(
                row["force_code"], MISSING_NOW.key, (_name(row),), row["started_day"],
                unknown=listed(unknown), beside=_age(row),
            )  # fmt: skip


def missing_again(sent: ToSender) -> Iterator[Found]:
    """Children who went missing several times within so many days, at any time of the period, and bear no flag."""
    lost = LostRows.of(sent)
    begins = next((row["period_from"] for row in sent.rows("returns")), date.min)
    for mine in _by_child(sent).values():
        often = _often(mine, begins)
        if not often:
            continue
        since = [row for row in mine if row["started_day"] >= often[-1]["started_day"]]
        last, flagged = often[-1], _flagged(since, lost)
        if flagged is not True:
            yield Found(
                last["force_code"], MISSING_AGAIN.key, tuple(_name(row) for row in often), last["started_day"],
                unknown="" if flagged is False else "whether a flag for exploitation was set", beside=_age(last),
            )  # fmt: skip


def _episodes_of_children(sent: ToSender) -> list[Row]:
    """The episodes of who was under 18, or of unknown age, when they began."""
    return [row for row in sent.rows("missing_episode") if row["age_at_start"] is None or row["age_at_start"] < ADULT]


def _by_child(sent: ToSender) -> dict[tuple[str, str], list[Row]]:
    """The dated episodes of each child, in the order of time."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _episodes_of_children(sent):
        if row["started_day"] and (who := child_of(row)):
            found[who].append(row)
    return {child: sorted(rows, key=_by_time) for child, rows in found.items()}


def child_of(row: Row) -> tuple[str, str] | None:
    """Who it is: the person, or the force's own number of a child whom no crime or report names; None if not known."""
    if row["person_id"]:
        return "person", row["person_id"]
    return ("number", row["person_ref"]) if row["person_ref"] else None


def _by_time(row: Row) -> tuple[date, str]:
    return row["started_day"], row["missing_ref"]


def _often(mine: Sequence[Row], begins: date) -> list[Row]:
    """The last episodes that lie so near together and are so many; the last of them in the period or after it.

    Every window of `WITHIN_DAYS` days is looked at, and none counts back from the extraction: a child who went missing
    five times in spring is not lost because it is autumn.
    """
    for number in range(len(mine), 0, -1):
        last = mine[number - 1]["started_day"]
        near = [row for row in mine[:number] if row["started_day"] > last - timedelta(days=WITHIN_DAYS)]
        if last >= begins and len(near) >= SEVERAL_TIMES:
            return near
    return []


def _flagged(rows: Sequence[Row], lost: LostRows) -> bool | None:
    """Whether one of these episodes, or the child, bears a flag; not known if a row that may have said so was lost."""
    flags = [row["exploitation_flagged"] for row in rows]
    if any(flags):
        return True
    return None if None in flags or any(_flag_was_lost(row, lost) for row in rows) else False


def _flag_was_lost(row: Row, lost: LostRows) -> bool:
    named = (("missing_ref", row["missing_ref"]), ("person_ref", row["person_ref"]))
    return any(lost.of_table("flags", column, [ref]) for column, ref in named)


def _sent_whole(sent: ToSender) -> bool:
    """Whether every person of a crime and every flag is sent."""
    whole = {row["table_name"] for row in sent.rows("covers") if row["used"] and row["complete"]}
    return {"crimes", "involvements", "flags"} <= whole


def _known_exploited(row: Row, lost: LostRows, whole: bool) -> bool | None:
    """Whether a crime had been reported; that none had is not known if a row of the child was set aside.

    Of a child with a number whom no crime names, it is known that none had, where all are sent.
    """
    known: bool | None = row["known_exploited"]
    if known is None and whole and row["person_ref"] and not row["person_id"]:
        known = False
    number = [row["person_ref"]]
    unsure = any(lost.of_table(table, "person_ref", number) for table in ("involvements", "flags"))
    return None if known is False and unsure else known


def _age(row: Row) -> str:
    age = row["age_at_start"]
    return "age not known" if age is None else f"aged {age} when the episode began"


def _name(row: Row) -> str:
    return f"missing {row['missing_ref']}"
