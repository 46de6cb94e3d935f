"""Outcomes of recorded offences, and their shares, from published statistics."""

from __future__ import annotations

import pyarrow as pa

from assay import reference
from assay.engine import TableStore

OUTCOME_MIX = """
with mix as (
    select place_code, offence_key, financial_year, family as outcome_family, sum(offences)::bigint as offences
    from outcomes_yearly join outcome_codes using (outcome_code) where quarters = 4
    group by all
)
select *, case when min(offences) over everything >= 0 then offences / nullif(sum(offences) over everything, 0) end
       as share
from mix window everything as (partition by place_code, offence_key, financial_year)
"""

SHARE_COUNTS = """
with counted as (
    select place_code, offence_key, financial_year, bool_or(code_inferred) as code_inferred,
           sum(offences) as recorded,
           coalesce(sum(offences) filter (where not closed), 0) as pending,
           coalesce(sum(offences) filter (where charged), 0) as charged,
           coalesce(sum(offences) filter (where closed and suspect_identified), 0) as suspect,
           coalesce(sum(offences) filter (where closed and not suspect_identified), 0) as no_suspect,
           coalesce(sum(offences) filter (where outcome_code = '14'), 0) as unsupported_no_suspect,
           coalesce(sum(offences) filter (where outcome_code = '16'), 0) as unsupported_suspect
    from outcomes_yearly join outcome_codes using (outcome_code) where quarters = 4
    group by all
),
measured as (
    select 'charged-of-all' as measure, charged as numerator, recorded as base, * from counted
    union all by name
    select 'charged-of-closed' as measure, charged as numerator, recorded - pending as base, * from counted
    union all by name
    select 'pending' as measure, pending as numerator, recorded as base, * from counted
    union all by name
    select 'suspect-identified-of-closed' as measure, suspect as numerator, suspect + no_suspect as base, * from counted
    union all by name
    select 'victim-does-not-support-of-closed' as measure, unsupported_no_suspect + unsupported_suspect as numerator,
           recorded - pending as base, * from counted
    union all by name
    select 'victim-does-not-support-suspect-identified' as measure, unsupported_suspect as numerator,
           recorded - pending as base, * from counted
)
select measure, place_code, offence_key, financial_year, numerator::bigint as numerator, base::bigint as base,
       case when recorded > 0 then pending / recorded end as pending_share, code_inferred
from measured
"""


OUTCOME_CODES = pa.schema([
    ("outcome_code", pa.string()), ("family", pa.string()),
    *((name, pa.bool_()) for name in ("closed", "charged", "suspect_identified")),
])  # fmt: skip


def open_outcomes(store: TableStore) -> None:
    """Load the register of outcome codes into the store."""
    rows = [
        {
            "outcome_code": o.code,
            "family": o.family,
            "closed": o.closed,
            "charged": o.charged,
            "suspect_identified": o.suspect_identified,
        }
        for o in reference.outcomes().all
    ]
    store.table("outcome_codes", pa.Table.from_pylist(rows, OUTCOME_CODES))


def outcome_mix(store: TableStore) -> pa.Table:
    """(place_code, offence_key, financial_year, outcome_family, offences, share of all): full years only.

    There is no share where a count is negative (a correction larger than the count that it corrects).
    """
    return store.run(OUTCOME_MIX)


def share_counts(store: TableStore) -> pa.Table:
    """(measure, place_code, offence_key, financial_year, numerator, base, pending_share, code_inferred)."""
    return store.run(SHARE_COUNTS)
