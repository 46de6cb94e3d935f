"""Small synthetic tables of every kind that may be released. The names of forces are real; every number is synthetic."""

import math
import random
from functools import lru_cache

import pyarrow as pa

from assay.sdc import Released, declared_tables, policy, release
from report_local_rows import local_rows

SYNTHETIC = "SYNTHETIC figures for tests"
YEARS = [f"{year}/{(year + 1) % 100:02d}" for year in range(2012, 2026)]
FULL_YEAR = "2024/25"
FORCES = (
    # code, slug, name, country, region, tile column, tile row, children, pending share
    ("E23000046", "kent", "Kent", "England", "South East", 7, 6, 410_000, 0.08),
    ("E23000028", "essex", "Essex", "England", "East of England", 7, 5, 400_000, 0.10),
    ("E23000001", "metropolitan-police", "Metropolitan Police", "England", "London", 6, 5, 2_000_000, 0.49),
    ("E23000034", "city-of-london", "City of London", "England", "London", 6, 4, 1_500, 0.14),
    ("W15000002", "gwent", "Gwent", "Wales", "Wales", 2, 5, 125_000, 0.21),
    ("E23000013", "cleveland", "Cleveland", "England", "North East", 5, 1, 125_000, 0.12),
    ("E23000012", "humberside", "Humberside", "England", "Yorkshire and the Humber", 6, 2, 195_000, 0.47),
    ("E23000005", "greater-manchester", "Greater Manchester", "England", "North West", 4, 2, 650_000, 0.12),
)
OFFENCES = (
    (
        "csa11",
        "Child sexual offences recorded by police",
        "set",
        "17B 19D 19E 71 88A",
        True,
        "Eleven codes whose wording names a child.",
        1.0,
    ),
    ("csa11-images", "Child sexual offences and obscene publications", "set", "17B 19D 19E 71 88A 86", False, "", 1.7),
    ("all-sexual", "All sexual offences", "set", "the whole group", False, "", 3.0),
    (
        "71",
        "Abuse of children through sexual exploitation",
        "code",
        "71",
        False,
        "About a thousand a year: not the flag.",
        0.016,
    ),
    ("88A", "Sexual grooming", "code", "88A", False, "A new law in April 2017 widened it.", 0.11),
    ("19D", "Rape of a female child under 16", "code", "19D", False, "", 0.14),
)
FAMILIES = (
    "charged",
    "out_of_court",
    "evidential_victim_supports",
    "evidential_victim_does_not_support",
    "no_suspect",
    "prevented",
    "transferred",
    "other",
    "pending",
)
MEASURES = (
    ("charged-of-all", "Charged or summonsed, of all offences", "higher", 0.08),
    ("charged-of-closed", "Charged or summonsed, of closed offences", "higher", 0.095),
    ("pending", "Not yet assigned an outcome", "lower", 0.17),
    ("suspect-identified-of-closed", "Suspect identified, of closed offences", "higher", 0.6),
    (
        "victim-does-not-support-of-closed",
        "Closed: victim not supporting (official label), of closed offences",
        "lower",
        0.35,
    ),
)
LINES = (
    ("attitudes", "Attitudes"),
    ("assessments", "Assessments"),
    ("scale", "Scale"),
    ("responses", "Responses"),
    ("lessons", "Lessons"),
)
FACTORS = ("Child_sexual_exploitation", "Going_missing", "Trafficking", "Gangs", "Child_criminal_exploitation")


def _count(rng: random.Random, mean: float) -> int:
    return max(0, round(rng.gauss(mean, math.sqrt(mean) + 0.05 * mean)))


def _places(forces):
    rows = [
        dict(
            zip(
                ("place_code", "slug", "name", "country", "region", "tile_column", "tile_row", "children"),
                f,
                strict=False,
            )
        )
        for f in forces
    ]
    for row in rows:
        row |= {"kind": "territorial", "population": row["children"] * 5 if row["children"] else None}
    none = {"region": None, "tile_column": None, "tile_row": None}
    rows.append(
        {
            "place_code": "BTP",
            "slug": "british-transport-police",
            "name": "British Transport Police",
            "kind": "transport",
            "country": None,
            "children": None,
            "population": None,
            **none,
        }
    )
    rows.append(
        {
            "place_code": "EW",
            "slug": "england-and-wales",
            "name": "England and Wales",
            "kind": "sum of forces",
            "country": None,
            "children": 12_723_160,
            "population": 59_719_724,
            **none,
        }
    )
    rows.append(
        {
            "place_code": "E",
            "slug": "england",
            "name": "England",
            "kind": "sum of forces",
            "country": "England",
            "children": 12_000_000,
            "population": 56_000_000,
            **none,
        }
    )
    return rows


def _recorded(rng, forces):
    yearly, quarterly, levels = [], [], []
    codes = [(f[0], f[7], (4.8 * (f[7] or 0) / 1000) or 7) for f in forces] + [("BTP", None, 88)]
    sums: dict = {}
    for code, children, base in codes:
        for key, *_, factor in OFFENCES:
            for y, year in enumerate(YEARS):
                total, quarters = 0, 3 if year == "2025/26" else 4
                for quarter in range(1, quarters + 1):
                    level = base * factor / 4 * (0.45 + 0.55 * min(1, y / 6)) * (1.6 if key == "88A" and y >= 5 else 1)
                    n = _count(rng, level * (1.06 if quarter in (1, 2) else 0.94))
                    total += n
                    quarterly.append((code, key, year, quarter, n))
                    if code != "BTP":
                        sums[key, year, quarter] = sums.get((key, year, quarter), 0) + n
                    levels.append((code, key, year, quarter, level, level * 0.9, level * 1.1))
                resident = None if code in ("BTP", "E23000034") else children
                yearly.append(
                    (
                        code,
                        key,
                        year,
                        quarters,
                        total,
                        resident,
                        2024 if resident else None,
                        round(total / resident * 1000, 4) if resident and quarters == 4 else None,
                        "" if resident else "No resident rate: few children live here.",
                    )
                )
    national: dict = {}
    for (key, year, quarter), n in sums.items():
        quarterly.append(("EW", key, year, quarter, n))
        levels.append(("EW", key, year, quarter, float(n), n * 0.97, n * 1.03))
        national.setdefault((key, year), []).append(n)
    for (key, year), parts in national.items():
        yearly.append(
            (
                "EW",
                key,
                year,
                len(parts),
                sum(parts),
                12_723_160,
                2024,
                round(sum(parts) / 12_723_160 * 1000, 4) if len(parts) == 4 else None,
                "",
            )
        )
    return yearly, quarterly, levels


def _outcomes(rng, yearly, pending_of):
    rows = []
    for code, key, year, _, total, *_ in yearly:
        if year not in ("2018/19", FULL_YEAR) or key == "csa11-images":
            continue
        pending = pending_of.get(code, 0.15)
        weights = [0.08, 0.04, 0.22, 0.24, 0.1, 0.04, 0.06, 0.05]
        left = total - round(total * pending)
        counts = [round(left * w / sum(weights)) for w in weights[:-1]]
        counts += [left - sum(counts), total - left]
        rows += [
            (code, key, year, family, n, n / total if total else None)
            for family, n in zip(FAMILIES, counts, strict=False)
        ]
    return rows


def _shares(rng, yearly, pending_of, names):
    rows = []
    totals = {(c, k, y): n for c, k, y, _, n, *_ in yearly}
    for measure, _, _, overall in MEASURES:
        ranked = [c for c in names if c not in ("BTP", "E23000034", "EW", "E") and pending_of.get(c, 0) <= 0.25]
        for code in [*names]:
            if code == "E":
                continue
            base = totals[code, "csa11", FULL_YEAR]
            pending = pending_of.get(code, 0.15)
            if measure.endswith("closed"):
                base = round(base * (1 - pending))
            share = pending if measure == "pending" else min(0.95, overall * rng.uniform(0.6, 1.5))
            n = round(base * share)
            share, half = n / base, 2 * math.sqrt(share * (1 - share) / base)
            row_values = (
                ""
                if pending <= 0.25 or measure == "pending"
                else (
                    f"Not comparable: {round(pending * 100, 1)}% of the offences had no outcome yet. Neither good nor bad."
                )
            )
            is_ranked = code in ranked or (measure == "pending" and code not in ("EW", "BTP", "E23000034"))
            rank = 1 + (ranked.index(code) if code in ranked else 0) if is_ranked and not row_values else None
            is_outlier = code == "E23000013" and measure == "charged-of-closed"
            rows.append(
                (
                    measure,
                    code,
                    "csa11",
                    FULL_YEAR,
                    n,
                    base,
                    n / base,
                    share,
                    max(0, share - half),
                    min(1, share + half),
                    rank,
                    max(1, rank - 2) if rank else None,
                    rank + 3 if rank else None,
                    overall if rank else None,
                    overall * 0.5 if rank else None,
                    overall * 1.6 if rank else None,
                    0.0002 if is_outlier else 0.4 if rank else None,
                    0.01 if is_outlier else 0.8 if rank else None,
                    is_outlier if rank else None,
                    "higher" if is_outlier else "",
                    "new" if is_outlier else "",
                    "",
                    pending,
                    row_values,
                    "published January 2026",
                )
            )
    return rows


def _rates(yearly, forces):
    rows = []
    for code, key, year, _, total, children, mid, rate, _ in yearly:
        if year != FULL_YEAR or key not in ("csa11", "all-sexual") or code in ("EW",):
            continue
        has_rate = rate is not None
        place = [f[0] for f in forces].index(code) + 1 if has_rate else None
        rows.append(
            (
                code,
                key,
                year,
                total,
                children,
                rate,
                rate,
                rate * 0.92 if has_rate else None,
                rate * 1.08 if has_rate else None,
                place,
                max(1, place - 2) if has_rate else None,
                place + 2 if has_rate else None,
                4.8 if has_rate else None,
                2.9 if has_rate else None,
                7.1 if has_rate else None,
                0.3 if has_rate else None,
                0.7 if has_rate else None,
                False if has_rate else None,
                "",
                "",
                "",
                "" if has_rate else "Not comparable: no resident rate is given here.",
                mid,
            )
        )
    return rows


def _trends(names):
    rows = []
    partner = "Children in need with the exploitation factor, England: episodes at assessment"
    series = [(c, k, n) for c in names if c != "E" for k, n, *_ in OFFENCES[:3] if c == "EW" or k == "csa11"]
    for code, key, title in [*series, ("E", "", partner)]:
        for years_apart, fall_probability in ((1, 0.41), (3, 0.89), (5, 0.02)):
            refused = code in ("BTP", "E23000034")
            fall_released = None if refused else fall_probability
            rows.append(
                (
                    code,
                    key,
                    title,
                    years_apart,
                    "2024/25 Q4",
                    "2025/26 Q3",
                    f"{2024 - years_apart}/{25 - years_apart} Q4",
                    f"{2025 - years_apart}/{26 - years_apart} Q3",
                    fall_released,
                    fall_released and fall_released * 0.6,
                    fall_released and 0.03 - 0.1 * fall_probability,
                    fall_released and -0.1 - 0.1 * fall_probability,
                    fall_released and 0.12 - 0.1 * fall_probability,
                    "pandemic" if years_apart == 5 else "",
                    years_apart == 5,
                    "Fewer than five offences a quarter: the level cannot be said." if refused else "",
                    "A change of recording practice would show in the same way.",
                )
            )
    return rows


def _findings(shares, names):
    rows = []
    for line, text, measure, value, question in (
        (
            "scale",
            "Child sexual offences recorded by police in England and Wales: this count probably fell between the year to 2022/23 Q3 and the year to 2025/26 Q3, 9 in 10.",
            "recorded",
            0.89,
            "Q26",
        ),
        (
            "scale",
            "Police in England and Wales recorded 4.8 child sexual offences per 1,000 residents under 18 in 2024/25.",
            "per-1000-children",
            4.8,
            "Q23",
        ),
        (
            "responses",
            "8 in 100 child sexual offences recorded by police in England and Wales in 2024/25 had led to a charge or summons when the figures were drawn.",
            "charged-of-all",
            0.079,
            "Q39",
        ),
        ("responses", "17 in 100 had no outcome yet, and 3 forces of 8 passed a quarter.", "pending", 0.171, "Q39"),
    ):
        rows.append(
            (
                f"{measure}-ew",
                question,
                line,
                "EW",
                "csa11",
                measure,
                FULL_YEAR,
                text,
                f"{text} Base: 61,388 offences; Home Office, edition of January 2026; counts of offences recorded, not of children.",
                value,
                value * 0.95,
                value * 1.05,
                61_388.0,
                "share",
                "How many offences are never reported.",
                "The Home Office counts as published.",
                "Home Office, police recorded crime open data",
                f"enquiries-{line}",
            )
        )
    for measure, code, key, year, _n, base, _raw, share, low, high, _rank, *_ in shares:
        if code not in ("EW", "E") and measure == "charged-of-closed":
            text = f"{names[code]}: {round(share * 100, 1)} in 100 closed child sexual offences recorded in {year} led to a charge or summons (95% interval {round(low * 100, 1)} to {round(high * 100, 1)})."
            rows.append(
                (
                    f"{measure}-{code}",
                    "Q39",
                    "responses",
                    code,
                    key,
                    measure,
                    year,
                    text,
                    f"{text} Base: {base} offences; Home Office, edition of January 2026; pending are left out.",
                    share,
                    low,
                    high,
                    float(base),
                    "share",
                    "Whether the right decision was made in a case.",
                    "Outcome codes.",
                    "Home Office, outcomes open data",
                    "enquiries-responses",
                )
            )
    return rows


def _questions():
    rows = []
    for n in range(1, 51):
        line, name = LINES[n % 5]
        answered = {23: "answered", 26: "partly", 39: "partly"}.get(n, "not from published statistics")
        rows.append(
            (
                f"Q{n}",
                line,
                name,
                f"Is the {n}th thing that the commission asked about done, and how well?",
                "data",
                "share with interval",
                "commission",
                answered,
                "Counts by force and quarter show part of it.",
                "two forces" if n == 39 else "",
                ""
                if answered == "answered"
                else "Please provide, for each financial year 2019/20 to 2024/25, the number of crimes by force and flag. Counts, not records; suppress 1 to 4.",
            )
        )
    return rows


@lru_cache
def tables(forces=FORCES) -> dict[str, pa.Table]:
    """Every table, synthetic."""
    rng = random.Random(2026)
    places = _places(forces)
    names = {p["place_code"]: p["name"] for p in places}
    pending_of = {f[0]: f[8] for f in forces}
    yearly, quarterly, levels = _recorded(rng, forces)
    shares = _shares(rng, yearly, pending_of, names)
    tables_made = {
        "recorded": yearly,
        "recorded_quarterly": quarterly,
        "levels": levels,
        "trends": _trends(names),
        "outcomes": _outcomes(rng, yearly, pending_of),
        "shares": shares,
        "rates": _rates(yearly, forces),
        "spread": [(m, "csa11", FULL_YEAR, 41, overall, 0.024, 43, 13, 24, 11.8, 1) for m, _, _, overall in MEASURES]
        + [("per-1000-children", "csa11", FULL_YEAR, 42, 4.8, 1.1, 42, 20, 30, 25.0, 0)],
        "funnel": [
            (m, "csa11", FULL_YEAR, float(base), 0.8 * overall, 1.2 * overall, 0.9 * overall, 1.1 * overall)
            for m, _, _, overall in MEASURES
            for base in (1, 500, 1000, 2000)
        ],
        "case_mix": [("charged-of-closed", f[0], FULL_YEAR, 71.0, 80.0, 0.9, 0.75, 1.1, 900) for f in forces],
        "similar_forces": [
            (f[0], g[0], i, 0.5 * i, "ours") for f in forces for i, g in enumerate((x for x in forces if x is not f), 1)
        ],
        "process": [
            (c, k, y, q, n, 100.0, 60.0, 140.0, 1, "outside the limits" if n > 140 else "")
            for c, k, y, q, n in quarterly
            if k == "csa11" and c not in ("EW", "BTP")
        ],
        "process_control_statements": [
            (f[0], "csa11", "Stable since 2021/22 Q1: no quarter lies outside its limits.") for f in forces
        ],
        "children_in_need": [
            (
                y,
                a,
                f,
                None if a != "E" and f == "Trafficking" else 20_000 - 900 * (y - 2018),
                "c" if a != "E" and f == "Trafficking" else "",
                151 if a == "E" else 2,
            )
            for y in range(2018, 2026)
            for a in ["E", *(f[0] for f in forces if f[3] == "England")]
            for f in FACTORS
        ],
        "findings": _findings(shares, names),
        "measures": [
            (
                m,
                t,
                f"What share: {t.lower()}?",
                "responses",
                "share",
                "Child sexual offences recorded by police",
                "all or closed offences",
                b,
                "Victims wait.",
                "Whether a decision was right.",
                "Outcome codes.",
            )
            for m, t, b, _ in MEASURES
        ]
        + [
            (
                "per-1000-children",
                "Recorded per 1,000 children",
                "How many are recorded?",
                "scale",
                "per 1,000 residents under 18",
                "Child sexual offences recorded by police",
                "residents under 18",
                "neither",
                "",
                "How many are never reported.",
                "",
            )
        ],
        "questions": _questions(),
        "places": [tuple(p[c.name] for c in declared_tables()["places"].columns) for p in places],
        "offences": [o[:6] for o in OFFENCES],
        "breaks": [
            (
                "recording-2014",
                "counts",
                "*",
                "2014/15 Q3",
                "An inspection of crime recording raised recording.",
                "with care",
                "seen",
                "HMIC 2014",
            ),
            (
                "grooming-2017",
                "counts",
                "88A 71",
                "2017/18 Q1",
                "A new law on sexual communication with a child.",
                "no",
                "seen",
                "Serious Crime Act 2015, section 67",
            ),
            (
                "pandemic",
                "counts",
                "*",
                "2020/21 Q1",
                "Restrictions of the pandemic.",
                "with care",
                "seen",
                "Home Office",
            ),
            ("outcome-22", "outcomes", "*", "2019/20 Q1", "Outcome 22 began.", "with care", "seen", "Home Office"),
        ],
        "sources": [
            (
                f"{SYNTHETIC}.ods",
                "Police recorded crime open data",
                "January 2026",
                "Home Office",
                "Open Government Licence v3.0",
                "2012/13 to 2025/26 Q3",
                321_893,
                321_000,
                893,
                "ab" * 32,
                "offence codes recovered by inference",
            )
        ],
        "validation_errors": [
            (
                f"{SYNTHETIC}.ods",
                "2019-20",
                412,
                "Number of Offences",
                "count cannot be read",
                "Look at the cell and correct it.",
                3,
            )
        ],
    }
    tables_made |= local_rows(f[0] for f in forces if f[3] == "England")
    return {
        name: pa.Table.from_pylist(
            [dict(zip(form.schema.names, row, strict=True)) for row in tables_made[name]], schema=form.schema
        )
        for name, form in declared_tables().items()
        if name in tables_made
    }


@lru_cache
def released(forces=FORCES) -> Released:
    """The synthetic tables, released."""
    return release(tables(forces), policy=policy(), ledger_head="0" * 64, edition="2026-01 (synthetic)")
