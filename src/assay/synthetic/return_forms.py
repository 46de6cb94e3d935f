"""The file format of each synthetic force's return, and the data that it does not send.

Most send every table as CSV; some send Parquet, spreadsheets, or the columns of their own system with a mapping. Some
cannot send a table, a column or an event kind; one sends a damaged file; about half send rows with validation errors.
None of this is an injected failing: it tests the ingestion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assay import contract
from assay.reference import event_kinds
from assay.synthetic.force_records import divisions
from assay.synthetic.local_time import DAY, EXTRACTED_AT, HISTORY_YEARS, PERIOD_TO, Span, birthday
from assay.synthetic.random_stream import RandomStream
from assay.synthetic.synthetic_country import SyntheticForce, chosen_codes
from assay.synthetic.world_settings import World

STYLES = {"parquet": 5, "mapped": 4, "xlsx": 3}  # of 44 forces, the number that send another format than plain CSV
DAMAGED = "missing"  # the table that one force sends damaged
NOT_SENT = {
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
DEPENDENT_TABLES = {"assessment_items": "assessments", "group_members": "groups"}
COLUMNS = (
    ("involvements", "nationality"),
    ("crimes", "lead_trained"),
    ("crimes", "cocad_category"),
    ("exhibits", "taken_from"),
)
INCOMPLETE_TABLES = ("flags", "orders", "referrals", "links", "registers")
MISSING_KIND_SHARES = {
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
"""Event kinds, and the share of forces that cannot send them; complaints and court results are held by others."""
INCOMPLETE_KINDS = (
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
class ReturnForm:
    """Format and content of one force's return; `kinds` are the event kinds that it sends and whether each is
    complete."""

    style: str
    span: Span
    not_sent: Mapping[str, str]
    columns_not_sent: Mapping[str, Mapping[str, str]]
    incomplete: frozenset[str]
    kinds: Mapping[str, bool]
    damaged: str
    has_errors: bool
    unsearchable: frozenset[str] = frozenset()
    duplicate_share: float = 0.0


@lru_cache(maxsize=1)
def sent_event_kinds() -> tuple[str, ...]:
    """Return the event kinds that a force sends in `events`: synthetic forces record all of them."""
    return tuple(kind.key for kind in event_kinds() if kind.home == "events")


def first_tier(sending: ReturnForm) -> ReturnForm:
    """Return the form of a return with only the tables of the first tier; the force's records are unchanged."""
    later = {name: "not_extractable" for name, table in contract.tables().items() if table.tier > 1}
    return replace(sending, not_sent={**later, **sending.not_sent}, kinds={}, damaged="")


def world_span(world: World, extracted_at: dt.datetime = EXTRACTED_AT) -> Span:
    """Return the period, the first day of history, and the time of extraction of a synthetic world."""
    read = extracted_at.replace(year=extracted_at.year + world.read_years_later)
    return Span(world.period_from, PERIOD_TO, birthday(world.period_from, -HISTORY_YEARS), read)


def return_forms(world: World, forces: Sequence[SyntheticForce], seed: int) -> dict[str, ReturnForm]:
    """Return the format and content of each force's return, by force code.

    The damaged file comes from a force without an injected failing.
    """
    stream = RandomStream(seed, "sending")
    if world.nuisances.sends_everything:
        form_by_force = {force.code: _complete_form(world, force, stream) for force in forces}
    else:
        form_by_force = _varied_forms(world, forces, stream)
    first_tier_codes = chosen_codes(world.nuisances.first_tier, len(forces), stream.substream("first tier"))
    return {code: first_tier(form) if code in first_tier_codes else form for code, form in form_by_force.items()}


def _complete_form(world: World, force: SyntheticForce, country: RandomStream) -> ReturnForm:
    """Return the form of a force that sends every table and event kind completely and without errors."""
    return ReturnForm(
        style="parquet" if _is_large(force) else "csv",
        span=world_span(world, _extraction(force, country.substream(force.code))),
        not_sent={} if force.welsh else {"assessment_items": "not_held"},
        columns_not_sent={},
        incomplete=frozenset(),
        kinds=dict.fromkeys(sent_event_kinds(), True),
        damaged="",
        has_errors=False,
        unsearchable=_unsearchable(force, country.substream(force.code)),
        duplicate_share=force.nuisances.sent_twice,
    )


def _varied_forms(world: World, forces: Sequence[SyntheticForce], stream: RandomStream) -> dict[str, ReturnForm]:
    styles = _styles(forces, stream.substream("styles"))
    sound = [force.code for force in forces if not force.failings and styles.get(force.code, "csv") == "csv"]
    damaged = stream.pick(sound) if sound else ""
    return {force.code: _return_form(world, force, styles.get(force.code, "csv"), damaged, stream) for force in forces}


def _styles(forces: Sequence[SyntheticForce], stream: RandomStream) -> dict[str, str]:
    """Return the forces that send another format than plain CSV; the largest never sends a spreadsheet."""
    codes = [force.code for force in sorted(forces, key=lambda force: -force.crimes)]
    found: dict[str, str] = {}
    for style, number in STYLES.items():
        free = [code for code in codes if code not in found]
        small = free[len(free) // 2 :] if style == "xlsx" else free
        style_count = round(number * len(codes) / 44) if len(codes) > 3 else 0
        found |= dict.fromkeys(stream.substream(style).sample(small, style_count), style)
    return found | {force.code: "parquet" for force in forces if _is_large(force)}


def _is_large(force: SyntheticForce) -> bool:
    """Return True if its tables are written in parts."""
    return len(divisions(force.crimes)) > 1 or force.other_crimes > 0


def _return_form(world: World, force: SyntheticForce, style: str, damaged: str, country: RandomStream) -> ReturnForm:
    stream = country.substream(force.code)
    has_failings = bool(force.failings)
    not_sent = {table: reason for table, (share, reason) in NOT_SENT.items() if stream.substream(table).happens(share)}
    if force.nuisances.sends_lists:
        not_sent.pop("agencies", None)
    not_sent |= {
        table: not_sent[parent_table] for table, parent_table in DEPENDENT_TABLES.items() if parent_table in not_sent
    }
    if not force.welsh:
        not_sent["assessment_items"] = "not_held"
    return ReturnForm(
        style=style,
        span=world_span(world, _extraction(force, stream)),
        not_sent=not_sent,
        columns_not_sent=_columns(not_sent, stream),
        incomplete=frozenset(table for table in INCOMPLETE_TABLES if stream.substream("complete", table).happens(0.12)),
        kinds=_kinds(has_failings, "exhibits" in not_sent, stream.substream("kinds")),
        damaged=DAMAGED if force.code == damaged else "",
        has_errors=style == "csv" and not force.nuisances.sent_twice and stream.substream("dirty").happens(0.6),
        unsearchable=_unsearchable(force, stream),
        duplicate_share=force.nuisances.sent_twice,
    )


def _extraction(force: SyntheticForce, stream: RandomStream) -> dt.datetime:
    return EXTRACTED_AT - stream.integer(0, force.nuisances.follow_up_days) * DAY


def _unsearchable(force: SyntheticForce, stream: RandomStream) -> frozenset[str]:
    """Return the tables held in a system that cannot be searched."""
    share = force.rate("searchable")
    return frozenset(name for name in contract.tables() if not stream.substream("searchable", name).happens(share))


def _columns(not_sent: Mapping[str, str], stream: RandomStream) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for table, column in COLUMNS:
        if table not in not_sent and stream.substream(table, column).happens(0.08):
            found.setdefault(table, {})[column] = "not_extractable"
    return found


def _kinds(has_failings: bool, no_exhibits: bool, stream: RandomStream) -> dict[str, bool]:
    """Return the event kinds and whether each is complete; a force with an injected failing sends the kinds that show
    it."""
    found = {}
    for kind in sent_event_kinds():
        draw = stream.substream(kind)
        if (kind in MISSING_KIND_SHARES and draw.happens(MISSING_KIND_SHARES[kind])) or (
            kind.startswith("device_") and no_exhibits
        ):
            continue
        found[kind] = not (kind in INCOMPLETE_KINDS and not has_failings and draw.happens(0.15))
    return found
