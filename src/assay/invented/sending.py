"""In which form does each invented force send its return, and what does it leave out?

Most send every table as CSV; some send Parquet, some spreadsheets, some the columns of their own system with a
mapping. Some cannot send a table, a column or a kind of event; one sends a damaged file; about half send rows that
break rules. None of this is a failing in the truth: it is what receiving must cope with.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assay.commission import event_kinds
from assay.invented.chance import Chance
from assay.invented.country import Force
from assay.invented.wall import DAY, EXTRACTED_AT, HISTORY_FROM, PERIOD_FROM, PERIOD_TO, Span
from assay.returns import contract

STYLES = {"parquet": 5, "mapped": 4, "xlsx": 3}  # how many bodies of 44 send in another way than plain CSV
DAMAGED = "missing"  # the table that arrives damaged from one body
LEFT_OUT = {
    "marks": (0.85, "not_held"),
    "court": (0.85, "not_extractable"),
    "overlap_counts": (0.85, "not_held"),
    "agencies": (0.5, "not_lawful"),
    "notes": (0.12, "not_lawful"),
    "summaries": (0.15, "not_extractable"),
    "links": (0.2, "not_extractable"),
    "aliases": (0.3, "not_extractable"),
    "exhibits": (0.12, "on_paper"),
    "assessments": (0.06, "on_paper"),
    "orders": (0.04, "on_paper"),
    "approaches": (0.1, "not_held"),
    "capacity": (0.1, "not_held"),
    "registers": (0.04, "not_lawful"),
    "groups": (0.04, "not_lawful"),
}
WITH_IT = {"assessment_items": "assessments", "group_members": "groups"}
COLUMNS = (
    ("involvements", "nationality"),
    ("crimes", "lead_trained"),
    ("crimes", "cocad_category"),
    ("exhibits", "taken_from"),
)
NOT_COMPLETE = ("flags", "orders", "referrals", "links", "registers")
# Kinds that no invented force enters in a form that a query can reach: none of them is supplied.
NEVER_SENT = {
    "earlier_closure",
    "crime_reopened",
    "decision_not_to_investigate",
    "transfer_offered",
    "transfer_accepted",
    "transfer_refused",
    "closed_case_referred",
    "independent_review_done",
    "handover",
    "early_advice_requested",
    "wcu_received_from_court",
    "wcu_received_from_cps",
    "complaint_received",
    "complaint_acknowledged",
    "complaint_answered",
    "vrr_requested",
    "vrr_acknowledged",
    "vrr_decided",
    "suspect_identified",
    "linked_child_contacted",
    "disclosure_recorded",
    "core_group_held",
    "review_conference_held",
    "la_informed",
    "trigger_plan_made",
}
MAY_LACK = (
    "needs_assessment_recorded",
    "contact_agreement_recorded",
    "written_confirmation_sent",
    "other_children_check_done",
    "return_interview_offered",
    "identification_attempted",
    "abe_summary_shared",
)
MAY_BE_INCOMPLETE = (
    "victim_contacted",
    "victim_informed",
    "supervisor_review",
    "return_interview_completed",
    "needs_assessment_recorded",
)


@dataclass(frozen=True)
class Sending:
    """How one body sends; `kinds` are the event kinds supplied and whether each is complete."""

    style: str
    span: Span
    left_out: Mapping[str, str]
    columns_left_out: Mapping[str, Mapping[str, str]]
    incomplete: frozenset[str]
    kinds: Mapping[str, bool]
    damaged: str
    dirty: bool


@lru_cache(maxsize=1)
def kinds_entered() -> tuple[str, ...]:
    """The event kinds that invented forces can send."""
    return tuple(kind.key for kind in event_kinds() if kind.home == "events" and kind.key not in NEVER_SENT)


def first_tier(sending: Sending) -> Sending:
    """The same body when it sends the first tier alone: what it holds and does is as it was."""
    later = {name: "not_extractable" for name, table in contract.tables().items() if table.tier > 1}
    return replace(sending, left_out={**later, **sending.left_out}, kinds={}, damaged="")


def sendings(forces: Sequence[Force], seed: int) -> dict[str, Sending]:
    """How each body sends, by code. The damaged file comes from a body in which nothing is planted."""
    chance = Chance(seed, "sending")
    styles = _styles(forces, chance.stream("styles"))
    sound = [force.code for force in forces if not force.failings and styles.get(force.code, "csv") == "csv"]
    damaged = chance.pick(sound) if sound else ""
    return {force.code: _sending(force, styles.get(force.code, "csv"), damaged, chance) for force in forces}


def _styles(forces: Sequence[Force], chance: Chance) -> dict[str, str]:
    """The bodies that send otherwise than as plain CSV; the largest never sends a spreadsheet."""
    codes = [force.code for force in sorted(forces, key=lambda force: -force.crimes)]
    found: dict[str, str] = {}
    for style, number in STYLES.items():
        free = [code for code in codes if code not in found]
        small = free[len(free) // 2 :] if style == "xlsx" else free
        wanted = round(number * len(codes) / 44) if len(codes) > 3 else 0
        found |= dict.fromkeys(chance.stream(style).some(small, wanted), style)
    return found


def _sending(force: Force, style: str, damaged: str, country: Chance) -> Sending:
    chance = country.stream(force.code)
    planted = bool(force.failings)
    left_out = {table: reason for table, (share, reason) in LEFT_OUT.items() if chance.stream(table).happens(share)}
    left_out |= {table: left_out[with_it] for table, with_it in WITH_IT.items() if with_it in left_out}
    if not force.welsh:
        left_out["assessment_items"] = "not_held"
    return Sending(
        style=style,
        span=Span(PERIOD_FROM, PERIOD_TO, HISTORY_FROM, _extraction(chance)),
        left_out=left_out,
        columns_left_out=_columns(left_out, chance),
        incomplete=frozenset(table for table in NOT_COMPLETE if chance.stream("complete", table).happens(0.12)),
        kinds=_kinds(planted, "exhibits" in left_out, chance.stream("kinds")),
        damaged=DAMAGED if force.code == damaged else "",
        dirty=style == "csv" and chance.stream("dirty").happens(0.6),
    )


def _extraction(chance: Chance) -> dt.datetime:
    return EXTRACTED_AT - chance.whole(0, 12) * DAY


def _columns(left_out: Mapping[str, str], chance: Chance) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column in COLUMNS:
        if table not in left_out and chance.stream(table, column).happens(0.08):
            found.setdefault(table, {})[column] = "not_extractable"
    return found


def _kinds(planted: bool, no_exhibits: bool, chance: Chance) -> dict[str, bool]:
    """Kind and whether it is complete; a body in which something is planted sends what shows it."""
    found = {}
    for kind in kinds_entered():
        draw = chance.stream(kind)
        if (kind in MAY_LACK and draw.happens(0.1)) or (kind.startswith("device_") and no_exhibits):
            continue
        found[kind] = not (kind in MAY_BE_INCOMPLETE and not planted and draw.happens(0.15))
    return found
