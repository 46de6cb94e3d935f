"""Outcomes of recorded offences in published statistics: counts, shares, and the measures made from them."""

from __future__ import annotations

import pyarrow as pa

from assay import reference
from assay.engine import TableStore
from assay.indicators.findings import Measure

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
    """Return the share of each outcome family among the outcomes of a place, offence and full financial year.

    There is no share where a count is negative (a correction larger than the count that it corrects).
    """
    return store.run(OUTCOME_MIX)


def share_counts(store: TableStore) -> pa.Table:
    """Return the numerator and base of each outcome share, by measure, place, offence and financial year."""
    return store.run(SHARE_COUNTS)


# Measures of outcome shares from published statistics: numerator, denominator and limits.

_POPULATION = "child sexual offences recorded by police in the financial year"
_SO_FAR = "outcomes so far, as they stood when the edition was published"

MEASURES = (
    Measure(
        measure="charged-of-all",
        title="Charged or summonsed, of all recorded",
        question="Q39",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="all offences recorded in the year, those pending among them",
        better="neither",
        why="It is the figure most often quoted; it is low wherever many cases are still open.",
        cannot_tell="whether the pending offences will be charged, nor whether a charge was the right outcome.",
        assumptions=f"{_SO_FAR}; pending offences count as not charged.",
    ),
    Measure(
        measure="charged-of-closed",
        title="Charged or summonsed, of those with an outcome",
        question="Q39",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="higher",
        why="Only a charge brings a case to court. A force that differs much from the others should say why.",
        cannot_tell="how good the investigation was, nor whether easier cases were closed first.",
        assumptions=f"{_SO_FAR}; the share pending, since cases that close early differ from those that close late.",
    ),
    Measure(
        measure="pending",
        title="Pending: no outcome yet",
        question="Q30",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="all offences recorded in the year",
        better="neither",
        why="A high share may be slow work, or outcomes not entered. Above a quarter, other shares are not compared.",
        cannot_tell="whether work is still going on or an outcome was not entered, nor how long anyone has waited.",
        assumptions=f"{_SO_FAR}.",
    ),
    Measure(
        measure="suspect-identified-of-closed",
        title="A suspect was identified, of those with an outcome",
        question="Q35",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences with an outcome whose code says whether a suspect was identified",
        better="higher",
        why="Without a suspect nobody can be pursued. It is read from the outcome code: the official groups mix both.",
        cannot_tell="how many suspects there were, nor whether all of them were pursued.",
        assumptions=f"{_SO_FAR}; outcomes passed to another body are left out, since their code does not say.",
    ),
    Measure(
        measure="victim-does-not-support-of-closed",
        title="Closed: victim not supporting (official label)",
        question="Q6",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="neither",
        why="A child may have good reasons, and may also have been given them: contact, delay and belief all count.",
        cannot_tell="why support ended, when, how long the victim had waited, what help was offered, or who asked.",
        assumptions=f"{_SO_FAR}; codes 14 (no suspect identified) and 16 (suspect identified) together.",
    ),
    Measure(
        measure="victim-does-not-support-suspect-identified",
        title="Suspect identified, closed: victim not supporting (official label)",
        question="Q6",
        line="responses",
        unit="share of offences",
        population=_POPULATION,
        denominator="offences recorded in the year that have been given an outcome",
        better="neither",
        why="Here somebody could have been pursued: it is the part of the above in which a suspect is known.",
        cannot_tell="why support ended, when, how long the victim had waited, what help was offered, or who asked.",
        assumptions=f"{_SO_FAR}; code 16 only.",
    ),
)

BY_KEY = {measure.measure: measure for measure in MEASURES}
