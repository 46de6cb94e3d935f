"""Does a force say that there are no groups, and how many do its own records show?"""

from __future__ import annotations

import ibis

from assay.engine.portable_expressions import any_true, beside, number_where
from assay.facts.fact_inputs import Held
from assay.facts.inferred_absence import with_answers
from assay.facts.reports_and_episodes import latest_first

GROUPS, NONE_EXIST = "groups", "none_exist"
BY_CRIMES = "crimes"
FEWEST_SUSPECTS = 2
FORCE = ["force_code"]


def with_denials(forces: ibis.Table, held: Held, found_groups: ibis.Table) -> ibis.Table:
    """The forces with `groups_shown` (groups of the period that the records show by the same crimes: two or more named
    suspects, a victim under 18, exploitation marked) and `denies_groups`: what it said last of groups is that there are
    none, or the problem profile that it published last counts none.

    A force that said nothing of groups has neither denied nor named any: not known. `groups_shown` is missing where
    the table of crimes or of people was not sent, and where none is known to be one and some may be.
    """
    rows = beside(forces, _shown(found_groups), FORCE)
    rows = with_answers(beside(rows, _last_said(held), FORCE), held, "crimes_sent", "involvements_sent")
    none_in_profile = rows.profile_claims_groups == 0
    denied = rows.said_none.fill_null(False) | none_in_profile.fill_null(False)
    said = ~rows.said_none.isnull() | ~rows.profile_claims_groups.isnull()
    may_be = (rows.shown == 0).fill_null(False) & (rows.unsure > 0).fill_null(False)
    known = rows.crimes_sent & rows.involvements_sent & ~may_be
    return rows.mutate(
        groups_shown=ibis.cases((known, rows.shown.fill_null(0))),
        denies_groups=any_true(denied, said),
    ).drop("shown", "unsure", "said_none", "crimes_sent", "involvements_sent")


def _shown(groups: ibis.Table) -> ibis.Table:
    """One row a force: how many groups are known to be one, and of how many that is not known."""
    plain = groups.filter(groups.in_base & (groups.tied_by == BY_CRIMES) & (groups.named_suspects >= FEWEST_SUSPECTS))
    is_one = plain.child_victim & plain.marked
    return plain.group_by(FORCE).aggregate(
        shown=number_where(plain, is_one), unsure=number_where(plain, is_one.isnull())
    )


def _last_said(held: Held) -> ibis.Table:
    """One row a force that said something of groups: whether the last of it is that there are none."""
    claims = held["claims"].filter(held["claims"].about_kind == GROUPS)
    newest_first = ibis.window(group_by=FORCE, order_by=latest_first(claims, "said_on", "claim_ref"))
    says_none = (claims.claimed_status == NONE_EXIST).fill_null(False) | (claims.claimed_value == 0).fill_null(False)
    none = any_true(says_none, ~claims.claimed_status.isnull() | ~claims.claimed_value.isnull())
    rows = claims.mutate(none=none, place=ibis.row_number().over(newest_first))
    rows = rows.filter(rows.place == 0)
    return rows.select("force_code", said_none="none")
