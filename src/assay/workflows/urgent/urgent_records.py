"""Run all urgent rules on one return."""

from __future__ import annotations

from datetime import date

from assay.sdc import ToSender
from assay.workflows.urgent.missing_child_rules import find_missing_again, find_missing_now
from assay.workflows.urgent.suspect_rules import find_suspects_of_several
from assay.workflows.urgent.urgent_rules import RULES, RuleHit


def find_urgent_records(sender_tables: ToSender) -> tuple[RuleHit, ...]:
    """Return every record that a rule finds, rule by rule, the oldest first.

    A record with `unknown` is not proposed: the rule could not decide.
    """
    rows = (
        *find_missing_now(sender_tables),
        *find_missing_again(sender_tables),
        *find_suspects_of_several(sender_tables),
    )
    order = {key: position for position, key in enumerate(RULES)}
    return tuple(sorted(rows, key=lambda hit: (order[hit.rule], hit.record_day or date.max, hit.refs)))
