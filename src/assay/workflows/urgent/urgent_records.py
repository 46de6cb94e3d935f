"""Which records of one return do the rules put forward, and of which could they not decide?"""

from __future__ import annotations

from datetime import date

from assay.sdc import ToSender
from assay.workflows.urgent.missing_child_rules import missing_again, missing_now
from assay.workflows.urgent.suspect_rules import suspects_of_several
from assay.workflows.urgent.urgent_rules import RULES, Found


def found(sent: ToSender) -> tuple[Found, ...]:
    """Every record that a rule names, rule by rule, the oldest first. One with `unknown` is not put forward: the rule
    could not decide."""
    rows = (*missing_now(sent), *missing_again(sent), *suspects_of_several(sent))
    order = {key: place for place, key in enumerate(RULES)}
    return tuple(sorted(rows, key=lambda one: (order[one.rule], one.record_day or date.max, one.refs)))
