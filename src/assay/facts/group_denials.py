"""Forces that state that they have no groups, compared with the groups in their own records."""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, count_where, left_join
from assay.facts.fact_inputs import Tables
from assay.facts.inferred_absence import add_supply_indicators
from assay.facts.reports_and_episodes import latest_first_order

GROUPS, NONE_EXIST = "groups", "none_exist"
BY_CRIMES = "crimes"
MINIMUM_SUSPECTS = 2
FORCE = ["force_code"]


def add_group_denials(forces: ibis.Table, tables: Tables, found_groups: ibis.Table) -> ibis.Table:
    """Return the forces with `groups_shown` (groups of the period that the records show by the same crimes: two or more
    named suspects, a victim under 18, exploitation flagged) and `denies_groups`: what it said last of groups is that
    there are none, or the problem profile that it published last counts none.

    A force that said nothing of groups has neither denied nor named any: not known. `groups_shown` is missing where
    the table of crimes or of people was not sent, and where none is known to be one and some may be.
    """
    rows = left_join(forces, _group_counts(found_groups), FORCE)
    rows = add_supply_indicators(
        left_join(rows, _latest_group_claims(tables), FORCE), tables, "crimes_sent", "involvements_sent"
    )
    none_in_profile = rows.profile_claims_groups == 0
    is_denied = rows.said_none.fill_null(False) | none_in_profile.fill_null(False)
    has_claim = ~rows.said_none.isnull() | ~rows.profile_claims_groups.isnull()
    is_uncertain = (rows.shown == 0).fill_null(False) & (rows.unsure > 0).fill_null(False)
    is_known = rows.crimes_sent & rows.involvements_sent & ~is_uncertain
    return rows.mutate(
        groups_shown=ibis.cases((is_known, rows.shown.fill_null(0))),
        denies_groups=any_true(is_denied, has_claim),
    ).drop("shown", "unsure", "said_none", "crimes_sent", "involvements_sent")


def _group_counts(groups: ibis.Table) -> ibis.Table:
    """Return one row for each force: how many groups are known to be one, and of how many that is not known."""
    candidates = groups.filter(
        groups.in_base & (groups.tied_by == BY_CRIMES) & (groups.named_suspects >= MINIMUM_SUSPECTS)
    )
    is_one = candidates.child_victim & candidates.marked
    return candidates.group_by(FORCE).aggregate(
        shown=count_where(candidates, is_one), unsure=count_where(candidates, is_one.isnull())
    )


def _latest_group_claims(tables: Tables) -> ibis.Table:
    """Return one row for each force with a claim about groups: whether the latest claim is that there are none."""
    claims = tables["claims"].filter(tables["claims"].about_kind == GROUPS)
    latest_order = ibis.window(group_by=FORCE, order_by=latest_first_order(claims, "said_on", "claim_ref"))
    says_none = (claims.claimed_status == NONE_EXIST).fill_null(False) | (claims.claimed_value == 0).fill_null(False)
    is_none = any_true(says_none, ~claims.claimed_status.isnull() | ~claims.claimed_value.isnull())
    rows = claims.mutate(none=is_none, place=ibis.row_number().over(latest_order))
    rows = rows.filter(rows.place == 0)
    return rows.select("force_code", said_none="none")
