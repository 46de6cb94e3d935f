"""Urgent rules about missing children: conditions on one return that are true, false or not known.

Every condition is true, false or not known. A record for which all conditions are true is proposed. A record for which
none is false and some are not known is listed as undecided, with what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from assay.sdc import ToSender
from assay.wording import join_words
from assay.workflows.urgent.lost_rows import LostRows
from assay.workflows.urgent.urgent_rules import MIN_EPISODES, MISSING_AGAIN, MISSING_NOW, WINDOW_DAYS, RuleHit

Row = Mapping[str, Any]
ADULT = 18


def find_missing_now(sender_tables: ToSender) -> Iterator[RuleHit]:
    """Yield children who are missing, and were known as exploited before."""
    lost, has_complete_tables = LostRows.from_return(sender_tables), _has_complete_tables(sender_tables)
    for row in _episodes_of_children(sender_tables):
        returned, known = row["returned"], _was_known_exploited(row, lost, has_complete_tables)
        if returned is not True and known is not False:
            unknown = [
                *(["whether the child is back"] if returned is None else []),
                *(["whether a crime of exploitation against the child had been reported"] if known is None else []),
            ]
            yield RuleHit(
                row["force_code"], MISSING_NOW.key, (_episode_reference(row),), row["started_day"],
                unknown=join_words(unknown), further_facts=_age_text(row),
            )  # fmt: skip


def find_missing_again(sender_tables: ToSender) -> Iterator[RuleHit]:
    """Yield children who went missing several times within 90 days, and have no flag."""
    lost = LostRows.from_return(sender_tables)
    period_start = next((row["period_from"] for row in sender_tables.rows("returns")), date.min)
    for episodes in _by_child(sender_tables).values():
        frequent = _latest_cluster(episodes, period_start)
        if not frequent:
            continue
        later_episodes = [row for row in episodes if row["started_day"] >= frequent[-1]["started_day"]]
        last, flagged = frequent[-1], _has_flag(later_episodes, lost)
        if flagged is not True:
            yield RuleHit(
                last["force_code"],
                MISSING_AGAIN.key,
                tuple(_episode_reference(row) for row in frequent),
                last["started_day"],
                unknown="" if flagged is False else "whether a flag for exploitation was set",
                further_facts=_age_text(last),
            )


def _episodes_of_children(sender_tables: ToSender) -> list[Row]:
    """Return the episodes of persons who were under 18, or of unknown age, when they began."""
    return [
        row
        for row in sender_tables.rows("missing_episode")
        if row["age_at_start"] is None or row["age_at_start"] < ADULT
    ]


def _by_child(sender_tables: ToSender) -> dict[tuple[str, str], list[Row]]:
    """Return the dated episodes of each child, in order of time."""
    episodes: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in _episodes_of_children(sender_tables):
        if row["started_day"] and (identity := child_identity(row)):
            episodes[identity].append(row)
    return {child: sorted(rows, key=_time_order) for child, rows in episodes.items()}


def child_identity(row: Row) -> tuple[str, str] | None:
    """Return what identifies the child: the linked person, or the force's own number; None if not known."""
    if row["person_id"]:
        return "person", row["person_id"]
    return ("number", row["person_ref"]) if row["person_ref"] else None


def _time_order(row: Row) -> tuple[date, str]:
    return row["started_day"], row["missing_ref"]


def _latest_cluster(episodes: Sequence[Row], period_start: date) -> list[Row]:
    """Return the latest cluster of episodes that are close and numerous enough, ending in the period or after it.

    Every window of `WINDOW_DAYS` days is examined, and none counts back from the extraction: a child who went missing
    five times in spring is not lost because it is autumn.
    """
    for number in range(len(episodes), 0, -1):
        last = episodes[number - 1]["started_day"]
        window_episodes = [row for row in episodes[:number] if row["started_day"] > last - timedelta(days=WINDOW_DAYS)]
        if last >= period_start and len(window_episodes) >= MIN_EPISODES:
            return window_episodes
    return []


def _has_flag(rows: Sequence[Row], lost: LostRows) -> bool | None:
    """Return True if one of these episodes, or the child, has a flag; None if a row that may hold it was lost."""
    flags = [row["exploitation_flagged"] for row in rows]
    if any(flags):
        return True
    return None if None in flags or any(_flag_was_lost(row, lost) for row in rows) else False


def _flag_was_lost(row: Row, lost: LostRows) -> bool:
    references = (("missing_ref", row["missing_ref"]), ("person_ref", row["person_ref"]))
    return any(lost.has_lost("flags", column, [ref]) for column, ref in references)


def _has_complete_tables(sender_tables: ToSender) -> bool:
    """Return True if every person of a crime and every flag is supplied."""
    complete_tables = {row["table_name"] for row in sender_tables.rows("covers") if row["used"] and row["complete"]}
    return {"crimes", "involvements", "flags"} <= complete_tables


def _was_known_exploited(row: Row, lost: LostRows, has_complete_tables: bool) -> bool | None:
    """Return True if a crime had been reported; None if a row of the child that may be one was set aside.

    For a child with a nominal number but no crime it is known that there was none, if the tables are complete.
    """
    known: bool | None = row["known_exploited"]
    if known is None and has_complete_tables and row["person_ref"] and not row["person_id"]:
        known = False
    number = [row["person_ref"]]
    is_uncertain = any(lost.has_lost(table, "person_ref", number) for table in ("involvements", "flags"))
    return None if known is False and is_uncertain else known


def _age_text(row: Row) -> str:
    age = row["age_at_start"]
    return "age not known" if age is None else f"aged {age} when the episode began"


def _episode_reference(row: Row) -> str:
    return f"missing {row['missing_ref']}"
