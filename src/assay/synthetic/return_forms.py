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

from assay import contract
from assay.reference import event_kinds
from assay.synthetic.force_holdings import divisions
from assay.synthetic.local_time import DAY, EXTRACTED_AT, HISTORY_YEARS, PERIOD_TO, Span, birthday
from assay.synthetic.random_stream import Chance
from assay.synthetic.synthetic_country import Force, chosen_codes
from assay.synthetic.world_settings import World

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
MAY_LACK = {
    "needs_assessment_recorded": 0.1,
    "contact_agreement_recorded": 0.1,
    "written_confirmation_sent": 0.1,
    "other_children_check_done": 0.1,
    "return_interview_offered": 0.1,
    "identification_attempted": 0.1,
    "abe_summary_shared": 0.1,
    "suspect_identified": 0.15,
    "handover": 0.15,
    "decision_not_to_investigate": 0.15,
    "earlier_closure": 0.3,
    "crime_reopened": 0.15,
    "transfer_offered": 0.2,
    "transfer_refused": 0.2,
    "transfer_accepted": 0.1,
    "closed_case_referred": 0.2,
    "independent_review_done": 0.3,
    "complaint_received": 0.25,
    "complaint_acknowledged": 0.25,
    "complaint_answered": 0.25,
    "vrr_requested": 0.15,
    "vrr_acknowledged": 0.15,
    "vrr_decided": 0.15,
    "wcu_received_from_court": 0.4,
    "wcu_received_from_cps": 0.4,
    "disclosure_recorded": 0.15,
    "core_group_held": 0.3,
    "review_conference_held": 0.2,
    "la_informed": 0.15,
}
"""Kinds of event, and the share of bodies that cannot send them. Complaints and word of a court lie with others."""
MAY_BE_INCOMPLETE = (
    "victim_contacted",
    "victim_informed",
    "supervisor_review",
    "return_interview_completed",
    "needs_assessment_recorded",
    "early_advice_requested",
    "linked_child_contacted",
    "trigger_plan_made",
    "disclosure_recorded",
    "handover",
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
    unsearchable: frozenset[str] = frozenset()
    sent_twice: float = 0.0


@lru_cache(maxsize=1)
def kinds_entered() -> tuple[str, ...]:
    """The event kinds that a force sends in `events`: invented forces enter every one of them."""
    return tuple(kind.key for kind in event_kinds() if kind.home == "events")


def first_tier(sending: Sending) -> Sending:
    """The same body when it sends the first tier alone: what it holds and does is as it was."""
    later = {name: "not_extractable" for name, table in contract.tables().items() if table.tier > 1}
    return replace(sending, left_out={**later, **sending.left_out}, kinds={}, damaged="")


def span_of(world: World, extracted_at: dt.datetime = EXTRACTED_AT) -> Span:
    """The period, the history and the minute of extraction of a world."""
    read = extracted_at.replace(year=extracted_at.year + world.read_years_later)
    return Span(world.period_from, PERIOD_TO, birthday(world.period_from, -HISTORY_YEARS), read)


def sendings(world: World, forces: Sequence[Force], seed: int) -> dict[str, Sending]:
    """How each body sends, by code. The damaged file comes from a body in which nothing is planted."""
    chance = Chance(seed, "sending")
    if world.nuisances.sends_everything:
        made = {force.code: _everything(world, force, chance) for force in forces}
    else:
        made = _as_they_can(world, forces, chance)
    early = chosen_codes(world.nuisances.first_tier, len(forces), chance.stream("first tier"))
    return {code: first_tier(one) if code in early else one for code, one in made.items()}


def _everything(world: World, force: Force, country: Chance) -> Sending:
    """A body that sends every table and every kind of event, whole and clean."""
    return Sending(
        style="parquet" if _large(force) else "csv",
        span=span_of(world, _extraction(force, country.stream(force.code))),
        left_out={} if force.welsh else {"assessment_items": "not_held"},
        columns_left_out={},
        incomplete=frozenset(),
        kinds=dict.fromkeys(kinds_entered(), True),
        damaged="",
        dirty=False,
        unsearchable=_unsearchable(force, country.stream(force.code)),
        sent_twice=force.nuisances.sent_twice,
    )


def _as_they_can(world: World, forces: Sequence[Force], chance: Chance) -> dict[str, Sending]:
    styles = _styles(forces, chance.stream("styles"))
    sound = [force.code for force in forces if not force.failings and styles.get(force.code, "csv") == "csv"]
    damaged = chance.pick(sound) if sound else ""
    return {force.code: _sending(world, force, styles.get(force.code, "csv"), damaged, chance) for force in forces}


def _styles(forces: Sequence[Force], chance: Chance) -> dict[str, str]:
    """The bodies that send otherwise than as plain CSV; the largest never sends a spreadsheet."""
    codes = [force.code for force in sorted(forces, key=lambda force: -force.crimes)]
    found: dict[str, str] = {}
    for style, number in STYLES.items():
        free = [code for code in codes if code not in found]
        small = free[len(free) // 2 :] if style == "xlsx" else free
        wanted = round(number * len(codes) / 44) if len(codes) > 3 else 0
        found |= dict.fromkeys(chance.stream(style).some(small, wanted), style)
    return found | {force.code: "parquet" for force in forces if _large(force)}


def _large(force: Force) -> bool:
    """Whether its tables are written part by part."""
    return len(divisions(force.crimes)) > 1 or force.other_crimes > 0


def _sending(world: World, force: Force, style: str, damaged: str, country: Chance) -> Sending:
    chance = country.stream(force.code)
    planted = bool(force.failings)
    left_out = {table: reason for table, (share, reason) in LEFT_OUT.items() if chance.stream(table).happens(share)}
    left_out |= {table: left_out[with_it] for table, with_it in WITH_IT.items() if with_it in left_out}
    if not force.welsh:
        left_out["assessment_items"] = "not_held"
    return Sending(
        style=style,
        span=span_of(world, _extraction(force, chance)),
        left_out=left_out,
        columns_left_out=_columns(left_out, chance),
        incomplete=frozenset(table for table in NOT_COMPLETE if chance.stream("complete", table).happens(0.12)),
        kinds=_kinds(planted, "exhibits" in left_out, chance.stream("kinds")),
        damaged=DAMAGED if force.code == damaged else "",
        dirty=style == "csv" and not force.nuisances.sent_twice and chance.stream("dirty").happens(0.6),
        unsearchable=_unsearchable(force, chance),
        sent_twice=force.nuisances.sent_twice,
    )


def _extraction(force: Force, chance: Chance) -> dt.datetime:
    return EXTRACTED_AT - chance.whole(0, force.nuisances.follow_up_days) * DAY


def _unsearchable(force: Force, chance: Chance) -> frozenset[str]:
    """The tables that lie in a system which cannot be searched."""
    share = force.rate("searchable")
    return frozenset(name for name in contract.tables() if not chance.stream("searchable", name).happens(share))


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
        if (kind in MAY_LACK and draw.happens(MAY_LACK[kind])) or (kind.startswith("device_") and no_exhibits):
            continue
        found[kind] = not (kind in MAY_BE_INCOMPLETE and not planted and draw.happens(0.15))
    return found
