"""Scale in the synthetic report: parts, definitions, flags, series and claims, with small counts."""

KEYS = ("flagged", "titled_code", "flag_or_code", "two_suspects")
FORCES = {"INV01": 90, "INV02": 42, "INV04": 24, "INV08": 3}
MARKED = "flagged_or_titled_cse"
PLACES = {"ALL": sum(FORCES.values()), **FORCES}
TITLES = {
    "recorded": "Crimes recorded: sexual offences against children", "marked": "Crimes marked as exploitation",
    "unflagged": "Crimes of exploitation, marked or not, as estimated", "hidden": "Children on no list, as estimated",
    "partners": "Children new on partners' lists",
}  # fmt: skip
NO_SAMPLE, NO_LISTS = "No audited sample was read.", "No partner's list came. Ask for lists of schools."


def distinct():
    shares = dict(zip((*KEYS, MARKED), (0.6, 0.3, 0.8, 0.2, 0.7), strict=True))
    return [
        {
            "place_code": place, "counting_unit": subject, "definition": key, "number": round(size * share),
            "number_low": round(size * share * 0.9), "number_high": round(size * share * 1.05),
        }
        for place, size in PLACES.items()
        for subject in ("children", "suspects", "crimes")
        for key, share in shares.items()
    ]  # fmt: skip


def distinct_counts_by_group():
    ranges = (
        ("year", "2025/26", 1.0),
        ("band", "10 to 12", 0.4),
        ("band", "16 and 17", 0.6),
        ("sex", "F", 0.7),
        ("sex", "M", 0.3),
    )
    return [
        {**{k: row[k] for k in ("place_code", "counting_unit", "definition")}, "split": split, "value": value,
         "number": round(row["number"] * share)}
        for row in distinct()
        for split, value, share in ranges
    ]  # fmt: skip


def overlaps():
    return [
        {"counting_unit": subject, "pattern": pattern, "number": number}
        for subject in ("children", "crimes")
        for pattern, number in (
            ("flagged", 60),
            ("flagged+titled_code", 31),
            ("two_suspects", 12),
            ("other patterns", 9),
        )
    ]


def flag_counts():
    removed, episodes = {"indicator": "flag_removed"}, {"indicator": "first_sign_to_flag", "split": "episodes_before"}
    rows = [
        {**removed, "place_code": p, "split": "removed_by", "value": "supervisor", "number": 12}
        for p in ("ALL", "INV01")
    ]
    rows += [
        {**removed, "place_code": p, "split": "removed_why", "value": "no_longer_applies", "number": 12}
        for p in ("ALL", "INV01")
    ]
    return rows + [
        {**episodes, "place_code": place, "value": value, "number": number}
        for place, counts in {"ALL": (80, 33, 3), "INV01": (60, 30, 3), "INV02": (20, 3, 0)}.items()
        for value, number in zip(("none", "1 or 2", "10 or more"), counts, strict=True)
    ]


def trends():
    fall_probabilities = {"recorded": 0.82, "marked": 0.5, "unflagged": None, "hidden": None, "partners": 0.31}
    return [
        {
            "place_code": place, "kind": kind, "series": TITLES[kind], "years_apart": 1, "earlier_to": "2024/25 Q4",
            "latest_to": "2025/26 Q4", "probability_fell": fall_probability, "change_low": None if fall_probability is None else -0.2,
            "change_high": None if fall_probability is None else 0.1, "refusal": "" if fall_probability else "Two years are needed.",
            "explanation": "It also moves with recording." if fall_probability else "",
        }
        for place in PLACES
        for kind, fall_probability in fall_probabilities.items()
    ]  # fmt: skip


def claims():
    values = {"statement_date": "2026-02-10", "why": "This count went the other way."}
    falling = {
        **values,
        "subject": "scale",
        "statement": "falling",
        "claim": "scale 2026-02-10",
        "verdict": "contradicted",
    }
    groups = {
        **values,
        "subject": "groups",
        "statement": "no groups",
        "claim": "groups 2026-02-10",
        "compared_with": "groups",
    }
    return [
        {**falling, "place_code": "INV02", "compared_with": "recorded", "probability_fell": 0.04},
        {
            **falling,
            "place_code": "INV02",
            "compared_with": "marked",
            "probability_fell": 0.5,
            "verdict": "cannot be said",
        },
        {**groups, "place_code": "INV01", "verdict": "contradicted", "readings": 9, "readings_with_groups": 9},
    ]


def parts():
    rows = []
    for place in PLACES:
        rows += [
            {"place_code": place, "part": "marked", "unit": "children"},
            {"place_code": place, "part": "unmarked", "unit": "crimes", "low": 40, "high": 120}
            if place == "INV01"
            else {"place_code": place, "part": "unmarked", "unit": "children", "why_not": NO_SAMPLE},
            {"place_code": place, "part": "others only", "unit": "children", "number": 3 if place == "INV08" else 21},
            {"place_code": place, "part": "police only", "unit": "children", "number": 44},
            {
                "place_code": place,
                "part": "hidden",
                "unit": "children",
                "low": 90,
                "high": 400,
                "methods": "By a factor of 3.",
            }
            if place == "INV01"
            else {"place_code": place, "part": "hidden", "unit": "children", "why_not": NO_LISTS},
        ]
    return rows


def accuracy():
    values = {"sample": "recording", "files": 96, "should_be": 120, "correctly": 100, "not_correctly": 20}
    return [
        {**values, "place_code": "ALL", "share": 0.84, "share_low": 0.77, "share_high": 0.89},
        {"sample": "recording", "place_code": "INV02", "files": 3, "should_be": 4, "correctly": 4, "not_correctly": 0,
         "why_not": "Too few files tell."},
    ]  # fmt: skip


def found(measure, place, years_apart, sentence):
    key = "/".join(("scale", measure.removeprefix("scale_"), place.lower(), *([years_apart] if years_apart else [])))
    return {
        "key": key, "question": "Q24", "line": "scale", "place_code": place, "offence_key": "", "measure": measure,
        "period": "1 April 2025 to 31 March 2026", "sentence": sentence,
        "quote": f"{sentence} Base: records of 1 April 2025 to 31 March 2026. Source: returns to request INV-2026.",
        "unit": "children", "cannot_tell": "how much there is.", "assumptions": "Records.",
        "source": "returns to request INV-2026", "receipt": "scale",
    }  # fmt: skip


def findings():
    period = "1 April 2025 to 31 March 2026"
    rows = [
        found("scale_parts", p, "", f"{p}, {period}. Known to the police and marked: 60 children.")
        for p in ("ALL", "INV01")
    ]
    rows += [
        found("scale_series", p, "", f"{p}, {period}. No clear direction: the count of crimes recorded.")
        for p in ("ALL", "INV01")
    ]
    rows.append(
        found(
            "scale_claim",
            "INV02",
            "scale-2026-02-10-falling-recorded",
            "Brackenshire (invented) said that it is falling.",
        )
    )
    rows.append(
        found(
            "scale_claim",
            "INV01",
            "groups-2026-02-10-no-groups-groups",
            "Alderwick (invented) said that there are no groups.",
        )
    )
    return rows


def scale_rows():
    """The tables of the scale, as lists of rows."""
    return {
        "distinct_counts": distinct(), "distinct_counts_by_group": distinct_counts_by_group(), "definition_overlaps": overlaps(),
        "flag_counts": flag_counts(), "scale_trends": trends(), "scale_claims": claims(), "scale_parts": parts(),
        "recording_accuracy": accuracy(), "findings": findings(),
        "scale_statements": [{"place_code": p, "statement": "No clear direction: the count of crimes recorded."} for p in PLACES],
    }  # fmt: skip
