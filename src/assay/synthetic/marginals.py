"""Compare a synthetic country with published figures.

Each figure is measured in the returns and truth of the country, and compared with the published figure and the range in
which it should lie (`marginals.toml`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import duckdb

from assay.engine.duckdb_connections import open_connection
from assay.reference import read_request

CONTACT = ("17A", "17B", "19C", "19D", "19E", "19F", "19G", "19H", "20A", "20B", "21", "22A", "22B", "23", "71", "73")
RAPE = ("19C", "19D", "19E", "19F", "19G", "19H")


AGE = (
    "date_diff('year', date_of_birth::date, occurred_day) "
    "- (strftime(occurred_day, '%m%d') < strftime(date_of_birth::date, '%m%d'))::int"
)
_READ = {
    "crimes": "force_code, crime_ref, offence_code, occurred_from, recorded_at, outcome_code",
    "involvements": "force_code, crime_ref, role, suspect_known_as, sex, date_of_birth, ethnicity_self",
    "flags": "force_code, missing_ref",
    "missing": "force_code, missing_ref, person_ref, started_at, ended_at",
    "events": "force_code, crime_ref, missing_ref, kind, happened_at",
}
_EPISODES = "(select count(*) from sent_missing)"
_RETURNS = (
    "sent_missing m left join sent_events e on e.force_code = m.force_code and e.missing_ref = m.missing_ref "
    "and e.kind = 'return_interview_completed'"
)
_HOURS = "date_diff('minute', m.ended_at::timestamp, e.happened_at::timestamp) / 60.0"
_CHARGED = "sent_events e join recorded r using (force_code, crime_ref) where e.kind = 'suspect_charged'"
_QUERIES = {
    "crimes_a_year": "select count(*) from recorded",
    "lowest_rate": "select quantile_disc(rate, 0.05) from force_rates",
    "highest_rate": "select quantile_disc(rate, 0.95) from force_rates",
    "sexual_assault": "select avg((offence_code in ('17A', '17B', '20A', '20B'))::int) from recorded",
    "images": "select avg((offence_code = '86')::int) from recorded",
    "rape": "select avg(rape::int) from recorded",
    "flagged_contact_a_year": "select count(*) from recorded where contact and cse_flag",
    "group_based_a_year": "select count(*) from several",
    "group_exploitation_a_year": "select count(*) from several join recorded using (force_code, crime_ref) "
    "where cse_flag",
    "victims_female": "select avg((sex = 'F')::int) from sent_involvements join recorded using (force_code, crime_ref) "
    "where role = 'victim' and sex is not null",
    "suspects_male": "select avg((sex = 'M')::int) from named where sex is not null",
    "suspects_under_18": f"select avg(({AGE} < 18)::int) from named where date_of_birth is not null "
    "and occurred_day is not null",
    "flag_sensitivity": "select avg(cse_flag::int) from recorded where exploited and contact",
    "charged": "select avg((outcome_code = '1')::int) from recorded",
    "median_days_to_charge_rape": "select median(date_diff('day', r.recorded_at::timestamp, e.happened_at::timestamp)) "
    f"from {_CHARGED} and r.rape and e.happened_at::timestamp >= "
    "(select max(happened_at::timestamp) - interval 1 year from sent_events)",
    "missing_episodes_per_child": "select avg(episodes) from (select count(*) as episodes from sent_missing "
    "group by force_code, person_ref)",
    "missing_episodes_a_year": f"select {_EPISODES}",
    "missing_flagged": f"select count(distinct (force_code, missing_ref)) / {_EPISODES} from sent_flags "
    "where missing_ref is not null",
    "missing_ended_in_48_hours": "select avg((date_diff('minute', started_at::timestamp, ended_at::timestamp) "
    "<= 48 * 60)::int) from sent_missing where ended_at is not null",
    "return_interview_any": f"select avg((e.missing_ref is not null)::int) from {_RETURNS} "
    "where m.ended_at is not null",
    "return_interview_in_72_hours": f"select avg(({_HOURS} <= 72)::int) from {_RETURNS} "
    "where e.missing_ref is not null",
    "ethnicity_of_group_suspects_not_recorded": "select avg((ethnicity_self is null)::int) from named "
    "join several using (force_code, crime_ref) join recorded using (force_code, crime_ref) where cse_flag",
}


@dataclass(frozen=True)
class Marginal:
    """One figure of the synthetic country, its permitted range, and the published figure."""

    key: str
    description: str
    published: str
    source: str
    low: float
    high: float
    found: float

    @property
    def is_in_range(self) -> bool:
        """True if the figure lies in its permitted range."""
        return self.low <= self.found <= self.high


@lru_cache(maxsize=1)
def published_figures() -> dict[str, dict[str, str | float]]:
    """Return the published figures, by key."""
    return tomllib.loads(files("assay.synthetic").joinpath("marginals.toml").read_text(encoding="utf-8"))


def marginals(folder: Path, *, scale: float, years: int) -> Iterator[Marginal]:
    """Return every figure of the country in `folder`; all its forces must send all tables in the contract's columns.

    `scale`: the size of the country as a share of the nation; yearly counts are scaled up to the nation.
    """
    with open_connection() as store:
        for name, columns in _READ.items():
            _load_table(store, folder, name, columns)
        store.read_csv(str(folder / "truth" / "crimes.csv")).create("known_truth")
        force_children = [
            (force.code, force.children) for force in read_request(folder / "request.toml").organisations.values()
        ]
        store.execute("create table forces (code varchar, children integer)")
        store.executemany("insert into forces values (?, ?)", force_children)
        store.execute(_recorded_sql(years))
        for key, entry in published_figures().items():
            [(found,)] = store.execute(_QUERIES[key]).fetchall()
            value = float(found) / (scale * years if key.endswith("_a_year") else 1)
            yield Marginal(key, **entry, found=value)  # type: ignore[arg-type]


def _load_table(store: duckdb.DuckDBPyConnection, folder: Path, name: str, columns: str) -> None:
    """Load columns of a table of all forces as text, from CSV or Parquet, once for all figures."""
    kinds = {"csv": "read_csv({}, all_varchar = true, union_by_name = true)", "parquet": "read_parquet({})"}
    parts = []
    for ending, read in kinds.items():
        paths = sorted(str(path) for path in folder.glob(f"returns/*/{name}.{ending}"))
        if paths:
            parts.append(f"select columns(*)::varchar from {read.format(paths)}")
    store.execute(f"create table sent_{name} as select {columns} from ({' union all by name '.join(parts)})")


def _recorded_sql(years: int) -> str:
    """Return the SQL for the crimes of the period with their truth."""
    return f"""
    create table recorded as
    select c.*, t.exploited, t.cse_flag, t.adult_reporter, c.offence_code in ({_sql_list(CONTACT)}) as contact,
        c.offence_code in ({_sql_list(RAPE)}) as rape,
        try_cast(left(c.occurred_from, 10) as date) as occurred_day
    from sent_crimes c join known_truth t using (force_code, crime_ref) where t.in_period;
    create table named as
    select i.*, r.occurred_day from sent_involvements i join recorded r using (force_code, crime_ref)
    where i.role = 'suspect' and i.suspect_known_as = 'named';
    create table several as
    select force_code, crime_ref from sent_involvements join recorded using (force_code, crime_ref)
    where role = 'suspect' group by all having count(*) > 1;
    create table force_rates as
    select count(*) * 1000.0 / any_value(b.children) / {years} as rate
    from recorded r join forces b on r.force_code = b.code where b.children is not null group by r.force_code
    """


def _sql_list(codes: tuple[str, ...]) -> str:
    return ", ".join(f"'{code}'" for code in codes)
