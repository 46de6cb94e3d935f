"""Small synthetic tables of every kind in a report at record level. All organisations and numbers are synthetic."""

import random
from functools import lru_cache

import pyarrow as pa

from assay.reference.data_requests import SYNTHETIC
from assay.sdc import Released, declared_tables, policy, release
from assay.sdc.disclosure_control import apply_policy
from report.failing_rows import failing_rows
from report.file_rows import file_rows
from report.judged_rows import judged_rows
from report.scale_rows import scale_rows
from report.strand_rows import strand_rows
from report.voice_rows import voices_rows

REQUEST = "INV-2026"
KINDS = ("child when reported", "adult when reported", "not known")
# code, slug, name, kind, country, tile column, tile row, size
ORGANISATIONS = (
    ("INV01", "alderwick", "Alderwick (invented)", "territorial", "England", 3, 1, 900),
    ("INV02", "brackenshire", "Brackenshire (invented)", "territorial", "England", 4, 1, 420),
    ("INV03", "cloverdale", "Cloverdale (invented)", "territorial", "England", 3, 2, 610),
    ("INV04", "dunmoor", "Dunmoor (invented)", "territorial", "England", 4, 2, 240),
    ("INV05", "elmbridge-vale", "Elmbridge Vale (invented)", "territorial", "England", 5, 2, 130),
    ("INV06", "fernleigh", "Fernleigh (invented)", "territorial", "England", 4, 3, 780),
    ("INV07", "gorsemouth", "Gorsemouth (invented)", "territorial", "Wales", 2, 2, 350),
    ("INV08", "hazelford", "Hazelford (invented)", "territorial", "Wales", 2, 3, 18),
    ("INV09", "ivyholt", "Ivyholt (invented)", "territorial", "England", 5, 3, 500),
    ("INV10", "juniper-coast", "Juniper Coast (invented)", "territorial", "England", 5, 4, 0),
    ("INV44", "railways", "Railway Police (invented)", "transport", "", None, None, 60),
    ("INV45", "north-unit", "North Regional Unit (invented)", "regional unit", "England", None, None, 40),
)
UNKNOWN, NOT_ASKED, NONE_CAME, FAILS, UNIT = "INV09", "INV03", "INV10", "INV06", "INV45"
CANNOT = "This force did not send the events that record it; so it cannot be asked here."
# key, title, line, better, holder, graded, standard, share, is split
INDICATORS = (
    (
        "told_of_arrest",
        "Victims told of the arrest in time",
        "responses",
        "higher",
        "police",
        True,
        "Victims' Code, right 6: within 1 working day of the arrest (enhanced rights), within 5 otherwise.",
        0.62,
        True,
    ),
    (
        "recorded_in_24_hours",
        "Crimes recorded within 24 hours of the report",
        "responses",
        "higher",
        "police",
        True,
        "Counting Rules, section A: within 24 hours of the report.",
        0.88,
        False,
    ),
    ("charged_of_all", "Crimes with a charge, of all", "responses", "neither", "police", False, "", 0.11, False),
    (
        "told_of_charge_decision",
        "Victims told of the decision on charge",
        "responses",
        "higher",
        "police",
        False,
        "Victims' Code, right 6: within 1 working day. Not verified.",
        0.5,
        True,
    ),
    (
        "return_interview_in_72_hours",
        "Return interviews within 72 hours",
        "assessments",
        "higher",
        "the system around the child",
        False,
        "Statutory guidance: within 72 hours of the return. England.",
        0.63,
        False,
    ),
    (
        "suspect_ethnicity_self_recorded",
        "Suspects whose own description of their ethnicity is recorded",
        "assessments",
        "higher",
        "police",
        False,
        "",
        0.41,
        False,
    ),
)
WAITS = (
    ("report_to_charge", "From report to charge", "charged", "closed without charge", 0.16, 0.5),
    ("report_to_first_contact", "From report to first contact", "first contact", "closed before contact", 0.9, 0.04),
)
DEFINITIONS = (
    ("cse_crimes", "flagged", "Flagged by the force", 0.3),
    ("cse_crimes", "titled_code", "Recorded under a code titled for it", 0.12),
    ("cse_crimes", "flag_or_code", "Flagged, or under such a code", 0.36),
    ("group_crimes", "two_suspects", "Two suspects or more", 0.2),
    ("group_crimes", "linked_group", "Linked to a group that the force holds a record of", 0.06),
)


def _answers(rng, size, share, unknown):
    met = sum(rng.random() < share for _ in range(size))
    lost = round(size * unknown)
    return {
        "outside": size * 3,
        "excluded": size // 6,
        "not_known_if_counted": size // 50,
        "met": max(met - lost // 2, 0),
        "not_met": max(size - met - lost // 2, 0),
        "not_known": lost,
    }


def _ladder(key, place, when, counts):
    known, unknown = counts["met"] + counts["not_met"], counts["not_known"] + counts["not_known_if_counted"]
    row = {"indicator": key, "place_code": place, "when_reported": when, "records": sum(counts.values()), **counts}
    if place == UNIT or not known:
        return row  # a regional unit is given no rate
    low, high = counts["met"] / (known + unknown), (counts["met"] + unknown) / (known + unknown)
    return {**row, "share": counts["met"] / known, "share_lowest": low, "share_highest": high}


def _summed(parts):
    return {name: sum(part[name] for part in parts) for name in parts[0]}


def _ladders(rng):
    rows = []
    for key, *_, share, is_split in INDICATORS:
        all_rows, rows_by_kind = [], {when: [] for when in KINDS}
        for code, *_, size in ORGANISATIONS:
            if code == NONE_CAME:
                continue
            if code == NOT_ASKED and key == "told_of_arrest":
                rows.append({"indicator": key, "place_code": code, "when_reported": "all", "not_askable": CANNOT})
                continue
            here = share * 0.55 if code == FAILS else share + rng.uniform(-0.06, 0.06)
            unknown = 0.4 if code == UNKNOWN else 0.06
            sizes = (size * 3 // 4, size // 5, size // 20) if is_split else (size,)
            parts = [_answers(rng, part, here, unknown) for part in sizes]
            if is_split:
                rows += [_ladder(key, code, when, part) for when, part in zip(KINDS, parts, strict=True)]
                for when, part in zip(KINDS, parts, strict=True):
                    rows_by_kind[when].append(part)
            all_rows.append(_summed(parts))
            rows.append(_ladder(key, code, "all", all_rows[-1]))
        rows.append(_ladder(key, "ALL", "all", _summed(all_rows)))
        rows += [_ladder(key, "ALL", when, _summed(parts)) for when, parts in rows_by_kind.items() if parts]
    return rows


def _excluded_rows(ladders):
    rows = []
    for row in ladders:
        if row["when_reported"] == "all" and row.get("records"):
            late = row["excluded"] // 3
            key_fields = {"indicator": row["indicator"], "place_code": row["place_code"]}
            rows.append({**key_fields, "reason": "crime_cancelled", "records": row["excluded"] - late})
            rows.append({**key_fields, "reason": "not_yet_due", "records": late})
    places = {(row["indicator"], row["reason"]): 0 for row in rows}
    for row in rows:
        if row["place_code"] != "ALL":
            places[row["indicator"], row["reason"]] += row["records"]
    for row in rows:
        if row["place_code"] == "ALL":
            row["records"] = places[row["indicator"], row["reason"]]
    return rows


def _estimate_rows(ladders):
    kinds = {code: kind for code, _, _, kind, *_ in ORGANISATIONS}
    rows = []
    for key, *_, share, _ in INDICATORS:
        own_ladders = [r for r in ladders if r["indicator"] == key and r["when_reported"] == "all" and r.get("records")]
        compared = [
            r for r in own_ladders if kinds.get(r["place_code"]) == "territorial" and r["place_code"] != UNKNOWN
        ]
        order = sorted(compared, key=lambda r: -(r["met"] / (r["met"] + r["not_met"] or 1)))
        for row in own_ladders:
            base, code = row["met"] + row["not_met"], row["place_code"]
            if kinds.get(code) == "regional unit":
                continue
            own_share = row["met"] / base if base else None
            half = 0.9 / max(base, 1) ** 0.5
            is_compared = row in compared
            why = None if is_compared else "The transport police are not ranked." if code == "INV44" else None
            if code == UNKNOWN:
                why = "40 in 100 records do not tell, more than a quarter."
            place = order.index(row) + 1 if is_compared else None
            rows.append(
                {
                    "indicator": key,
                    "place_code": code,
                    "met": row["met"],
                    "not_met": row["not_met"],
                    "base": base,
                    "share": own_share,
                    "share_low": max(0.0, own_share - half),
                    "share_high": min(1.0, own_share + half),
                    "rank": place,
                    "rank_low": max(1, place - 2) if place else None,
                    "rank_high": min(len(compared), place + 2) if place else None,
                    "expected": share if is_compared else None,
                    "expected_low": max(0.0, share - 0.13) if is_compared else None,
                    "expected_high": min(1.0, share + 0.13) if is_compared else None,
                    "q_value": 0.01 if code == FAILS else 0.6 if is_compared else None,
                    "outlier_alert": code == FAILS if is_compared else None,
                    "direction": "lower" if code == FAILS else None,
                    "alert_status": "new" if code == FAILS else "",
                    "alerted_since": "",
                    "not_known_share": 0.4 if code == UNKNOWN else 0.07,
                    "not_comparable": why,
                    "decided_by_counts": False,
                }
            )
    return rows


def _medians(rng):
    rows, curves = [], []
    for wait, _, ends, competing, share, other in WAITS:
        parts = []
        for code, *_, size in ORGANISATIONS:
            if code == NONE_CAME:
                continue
            if code == NOT_ASKED:
                rows.append({"wait": wait, "place_code": code, "not_askable": CANNOT})
                continue
            counts = {"ended": round(size * share), "ended_otherwise": round(size * other)}
            counts["still_waiting"] = size - sum(counts.values())
            counts = {"records": size, **counts, "excluded": size // 10, "not_known": size // 15}
            parts.append(counts)
            median = 3 + rng.randrange(30) if share > 0.5 else None
            median_fields = {"median_days": median, "not_reached": median is None}
            if median:
                median_fields |= {"median_low": max(1, median - 3), "median_high": None if size < 100 else median + 4}
            median_fields["p90_not_reached"] = True
            rows.append({"wait": wait, "place_code": code, **counts, **median_fields})
            curves += _curves(wait, code, ends, competing, share * rng.uniform(0.8, 1.1), other * rng.uniform(0.7, 1))
        median_fields = {"median_days": 12, "median_low": 11, "median_high": 14, "not_reached": False}
        median_fields |= {"p90_days": 150, "p90_low": 141, "p90_high": 178, "p90_not_reached": False}
        median_fields |= {"open_180": 0.09, "open_180_low": 0.08, "open_180_high": 0.11}
        median_fields |= {"mean_days": 31, "mean_low": 28, "mean_high": 34, "mean_until": 91}
        reached = {"not_reached": True, "p90_not_reached": True}
        rows.append(
            {"wait": wait, "place_code": "ALL", **_summed(parts), **(median_fields if share > 0.5 else reached)}
        )
        curves += _curves(wait, "ALL", ends, competing, share, other)
    return rows, curves


def _curves(wait, place, ends, competing, share, other):
    return [
        {
            "wait": wait,
            "place_code": place,
            "ending": name,
            "days": day,
            "share": top * (1 - 0.99 ** (day * 0.7)),
            "share_low": max(0, top * (1 - 0.99 ** (day * 0.7)) - 0.02) if day else 0,
            "share_high": min(1, top * (1 - 0.99 ** (day * 0.7)) + 0.02) if day else 0,
        }
        for name, top in ((ends, share), (competing, other))
        for day in range(0, 421, 28)
    ]


def _counts(rng):
    rows = []
    for count, key, _, share in DEFINITIONS:
        sums = [0, 0]
        for code, *_, size in ORGANISATIONS:
            if code != NONE_CAME:
                found, uncertain = round(size * share * rng.uniform(0.6, 1.3)), size // 30
                rows.append(
                    {"count": count, "definition": key, "place_code": code, "records": found, "not_known": uncertain}
                )
                sums = [sums[0] + found, sums[1] + uncertain]
        rows.append({"count": count, "definition": key, "place_code": "ALL", "records": sums[0], "not_known": sums[1]})
    return rows


def _returned():
    rows = []
    for code, *_, size in ORGANISATIONS:
        for n, name in enumerate(("crimes", "victims", "suspects", "events", "missing_episodes", "profiles")):
            if code == NONE_CAME:
                continue
            supplied = "none" if code == NOT_ASKED and name == "events" else "part" if n == 4 else "whole"
            why = None if supplied == "whole" else "system_cannot_search"
            known = {"place_code": code, "table_name": name, "supplied": supplied, "reason": why}
            if supplied == "none":
                rows.append(known)
                continue
            rows_set_aside = {"crimes": 7, "events": 2}.get(name, 0)
            rows.append(
                {
                    **known,
                    "complete": supplied == "whole",
                    "records": size + rows_set_aside,
                    "accepted": size,
                    "set_aside": rows_set_aside,
                }
            )
    return rows


QUESTION_NUMBERS = [f"Q{number}" for number in range(1, 51)]
LACKS = "Not answerable here, because this was not sent: the table registers (on paper only)."
PARTLY = "Answerable in part: this was not sent: the events \u2018handover\u2019 (not listed in return.toml as sent)."


def _answerability():
    """Every third question in part, every seventh not at all; of the body of which nothing came, none of them."""
    rows = []
    for code, *_ in ORGANISATIONS:
        for number, question in enumerate(QUESTION_NUMBERS, start=1):
            answer = "none" if code == NONE_CAME or number % 7 == 0 else "part" if number % 3 == 0 else "whole"
            why = {"none": LACKS, "part": PARTLY, "whole": "The return holds everything that it needs."}[answer]
            why = "Not answerable here: no return of this force was accepted." if code == NONE_CAME else why
            known = {"answer": answer, "modes": f"return: {answer}", "why": why}
            rows.append({"place_code": code, "question": question, **known})
    return rows


def _questions():
    line = {"line": "responses", "line_name": "Responses", "answered": "not from published statistics"}
    return [{"number": number, "text": f"What of question {number[1:]}?", **line} for number in QUESTION_NUMBERS]


def _burden():
    """Hours by table; for crimes, three organisations reported."""
    names = ("prior_low", "prior_likely", "prior_high", "reported", "low", "likely", "high")
    hours = {
        "crimes": (8, 20, 50, 3, 6.5, 14.2, 31),
        "flags": (3, 6, 12, 0, 3, 6, 12),
        "profiles": (0.5, 1, 2, 0, 0.5, 1, 2),
    }
    rows = [
        {
            "tier": 1 if name != "profiles" else 3,
            "table_name": name,
            "work": "mapping codes to the lists",
            "evidence": "our own estimate",
        }
        | dict(zip(names, values_of_row, strict=True))
        for name, values_of_row in hours.items()
    ]
    burden_values = {1: (11, 26, 62, 3, 9.5, 20.2, 43), 2: (37, 82, 184, 0, 37, 82, 184), 3: (0.5, 1, 2, 0, 0.5, 1, 2)}
    burden_fields = {"table_name": "all", "work": "Recorded scale, outcomes and flags", "evidence": "our own estimate"}
    return [
        *(
            {"tier": tier, **burden_fields, **dict(zip(names, values_of_row, strict=True))}
            for tier, values_of_row in burden_values.items()
        ),
        *rows,
    ]


def _forms():
    indicators = [
        {
            "indicator": key,
            "title": title,
            "question": f"How many: {title[:1].lower()}{title[1:]}?",
            "why": "Whoever waits for news without hearing loses faith in those who hold it.",
            "line": line,
            "asks": "Q8 Q12",
            "record": "one duty to one person",
            "population": "Victims who were under 18 at the time of the offence.",
            "excluding": "Not yet due; the crime was cancelled.",
            "met": "The notice was given within the limit.",
            "better": better,
            "standard": standard,
            "holder": holder,
            "graded": graded,
            "limits": "Whether the victim understood, and how the news was given.",
            "assumptions": "Notices that were written down.",
            "needs": "events.suspect_arrested, involvements.birth_date",
        }
        for key, title, line, better, holder, graded, standard, _, _ in INDICATORS
    ]
    waits = [
        {
            "wait": key,
            "title": title,
            "question": f"How long is it {title[:1].lower()}{title[1:]}?",
            "why": "A long wait wears people out.",
            "line": "responses",
            "asks": "Q9",
            "starts": "The day of the report",
            "ends": ends,
            "competing": competing,
            "limits": "Why it took so long.",
            "assumptions": "Days that were written down.",
            "holder": "police",
            "graded": False,
        }
        for key, title, ends, competing, _, _ in WAITS
    ]
    return indicators, waits


PROFILE = "problem_profile_current"


def _organisation_rows():
    """An indicator whose records are the organisations themselves: the counts of organisations are not protected."""
    none = dict.fromkeys(("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known"), 0)
    sender_codes = [code for code, *_ in ORGANISATIONS if code != NONE_CAME]
    parts = {code: {**none, "met" if n % 3 else "not_met": 1} for n, code in enumerate(sender_codes)}
    rows = [_ladder(PROFILE, code, "all", counts) for code, counts in parts.items()]
    return [*rows, _ladder(PROFILE, "ALL", "all", _summed(list(parts.values())))]


def raw_tables(register=SYNTHETIC):
    """The tables as they were counted, before any policy: lists of rows by table."""
    rng = random.Random(8)
    ladders = _ladders(rng)
    medians, curves = _medians(rng)
    indicators, waits = _forms()
    keys = [key for key, *_ in INDICATORS]
    ladders += _organisation_rows()
    profile = {"indicator": PROFILE, "title": "A profile younger than 12 months", "record": "one body"}
    indicators.append({**indicators[0], **profile, "line": "assessments"})
    names = ("place_code", "slug", "name", "kind", "country", "tile_column", "tile_row")
    return {
        "places": [dict(zip(names, organisation, strict=False)) for organisation in ORGANISATIONS],
        "inspection_summary": [
            {
                "request": REQUEST,
                "title": "How the police respond to the sexual exploitation of children",
                "register": register,
                "period_from": "2025-04-01",
                "period_to": "2026-04-01",
                "bodies_asked": len(ORGANISATIONS),
                "returns_received": len(ORGANISATIONS) - 1,
                "returns_refused": 1,
            }
        ],
        "indicators": indicators,
        "indicator_examples": [
            {"indicator": keys[0], "example": 1, "facts": "In time: yes.", "answer": "met", "reason": None},
            {"indicator": keys[0], "example": 2, "facts": "In time: no.", "answer": "not met", "reason": None},
            {
                "indicator": keys[0],
                "example": 3,
                "facts": "The limit has not passed.",
                "answer": "left out",
                "reason": "not_yet_due",
            },
        ],
        "ladders": ladders,
        "excluded_records": _excluded_rows([row for row in ladders if row["indicator"] != PROFILE]),
        "force_estimates": _estimate_rows(ladders),
        "indicator_spread": [
            {
                "indicator": key,
                "forces_compared": 8,
                "overall": share,
                "between_force_sd": 0.05,
                "naive_outside_3_sigma": 3,
                "mean_z_squared": 4.2,
                "outliers": 1,
            }
            for key, *_, share, _ in INDICATORS
        ],
        "indicator_funnel": [
            {
                "indicator": key,
                "base": float(base),
                "low": max(0.0, share - 0.1 - 0.9 / base**0.5),
                "high": min(1.0, share + 0.1 + 0.9 / base**0.5),
                "naive_low": max(0.0, share - 1.4 / base**0.5),
                "naive_high": min(1.0, share + 1.4 / base**0.5),
            }
            for key, *_, share, _ in INDICATORS
            for base in (20, 50, 100, 200, 400, 600, 850)
        ],
        "waits": waits,
        "wait_curves": curves,
        "wait_medians": medians,
        "counts_by_definition": _counts(rng),
        "definitions_used": [
            {"count": count, "definition": key, "title": title, "words": f"{title}.", "source": "Statistics guidance"}
            for count, key, title, _ in DEFINITIONS
        ],
        "return_contents": _returned(),
        "questions": _questions(),
        "answerability": _answerability(),
        "burden": _burden(),
        **scale_rows(),
        **voices_rows(),
        **strand_rows(),
        **failing_rows([code for code, *_ in ORGANISATIONS if code not in (NONE_CAME, UNIT)]),
        **file_rows(),
        **judged_rows(),
    }


def arrow(rows):
    """Rows of each table as it is declared, with what a call would tell; what a row does not say is empty."""
    return {name: _arrow(table_rows, declared_tables()[name]) for name, table_rows in rows.items()}


def _arrow(table_rows, form):
    flags = [*form.alert_columns.get("disclosure_columns", {}).values()]
    flags += [name for name in form.analyst_columns if name == "decided_by_counts"]
    schema = pa.schema([*form.schema, *((name, pa.bool_()) for name in flags)])
    return pa.Table.from_pylist([{name: row.get(name) for name in schema.names} for row in table_rows], schema=schema)


@lru_cache
def record_released(register=SYNTHETIC) -> Released:
    """The synthetic tables under the policy for records, released."""
    rounding = policy("record level")
    protected_tables = apply_policy(arrow(raw_tables(register)), rounding)
    return release(protected_tables, policy=rounding, ledger_head="0" * 64, edition=f"returns to request {REQUEST}")
