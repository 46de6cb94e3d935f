"""Does a supplied age agree with the date of birth and the days of the crime? (rule R73)

Where both are given, the date of birth is used, so nothing is set aside.
"""

from __future__ import annotations

from assay.ingest.staging_store import StagingStore

BAND_LOW = "regexp_extract(age_band, '^[0-9]+')::bigint"
BAND_HIGH = "coalesce(nullif(regexp_extract(age_band, '-([0-9]+)$', 1), '')::bigint, 999)"


def check(store: StagingStore) -> None:
    """Check that each supplied age agrees with the date of birth and the days of the crime (rule R73)."""
    store.record_errors(
        "R73", "involvements", "age_at_offence",
        f"{_persons_sql()} where age_at_offence < {_age_sql('first_day')} or age_at_offence > {_age_sql('last_day')} "
        f"or (date_of_birth is null and (age_at_offence < {BAND_LOW} or age_at_offence > {BAND_HIGH}))",
    )  # fmt: skip
    store.record_errors(
        "R73", "involvements", "age_at_report", f"{_persons_sql()} where age_at_report <> {_age_sql('reported_at_day')}"
    )
    store.record_errors(
        "R73", "involvements", "age_band",
        f"{_persons_sql()} where {BAND_HIGH} < {_age_sql('first_day')} or {BAND_LOW} > {_age_sql('last_day')}",
    )  # fmt: skip


def _persons_sql() -> str:
    """Return a query for the lines of involvements with the first and last day of their crime."""
    days = (
        "select crime_ref, occurred_from_day as first_day, coalesce(occurred_to_day, occurred_from_day) as last_day, "
        "reported_at_day from crimes"
    )
    return f"select i.line from involvements as i left join ({days}) as c on i.crime_ref = c.crime_ref"


def _age_sql(day: str) -> str:
    """Return SQL for the age in whole years; a birthday on 29 February falls on 1 March (contract, section 11)."""
    before_birthday = f"month({day}) * 100 + day({day}) < month(date_of_birth) * 100 + day(date_of_birth)"
    return f"(year({day}) - year(date_of_birth) - ({before_birthday})::int)"
