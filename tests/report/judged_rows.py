"""Proposals, decisions, claims and the plan in the synthetic report: two forces, every kind of row."""

from report.strand_rows import CHARACTERISTICS

FORCES = ("INV01", "INV02")
VOICES = "No victim or survivor was heard on this: it rests on what the police wrote down."
NAMES = ("outstanding", "good", "adequate", "requires improvement", "inadequate")
UNDECIDED = dict.fromkeys(("decided", "decided_why", "decided_on", "decided_upon"))


def grade(place, line, proposed, **more):
    none = proposed == "not enough evidence"
    return {"place_code": place, "line": line, "proposed": proposed, "probability": None if none else 0.8,
            "why_none": "Only 1 of 3 characteristics can be told." if none else "", "known": 1 if none else 3,
            "characteristics": 3, "expected_share": 0.5, "speaks_for": "Victims are told in time what happens.",
            "speaks_against": "", "would_change": "", "not_known": "", "voices": VOICES if line == "assessments" else "",
            "certainty": f"Under these rules: {proposed} 80 in 100.", **UNDECIDED, **more}  # fmt: skip


MOVED = {"decided": "good", "decided_why": "Files read on the visit show it in every one.", "decided_on": "2026-06-01",
         "decided_upon": "adequate"}  # fmt: skip
GRADES = [
    grade("INV01", "assessments", "adequate", **MOVED),
    grade("INV01", "responses", "requires improvement"),
    grade("INV01", "overall", "adequate"),
    grade("INV02", "assessments", "not enough evidence"),
    grade("INV02", "responses", "inadequate"),
    grade("INV02", "overall", "not enough evidence"),
]
STATES = {"kept_informed": ("not shown", 0.02, "told_of_arrest"), "disrupted": ("open", 0.5, "told_of_arrest files"),
          "heard": ("at odds", 0.9, "files"), "language": ("shown", 1.0, "files")}  # fmt: skip


def state_row(place, key):
    state, probability, rests = STATES.get(key, ("not known", None, ""))
    return {"place_code": place, "characteristic": key, "state": state, "probability": probability,
            "probability_lowest": probability, "probability_highest": None if probability is None else min(1.0, probability + 0.1),
            "evidence_keys": rests, "outlier_indicators": "", "contradicted_by": "victims" if state == "at odds" else "",
            "not_asked": "staff partners"}  # fmt: skip


PIECES = (
    ("kept_informed", "indicator", "told_of_arrest", "against", "standard", "", "Not met: told: 22% of 45 notices."),
    ("kept_informed", "combined test", "F5", "against", "alert", "", "Not met: an outlier by the combined test."),
    ("kept_informed", "documents", "documents", "neither", "", "a document shows that something is written down",
     "Documents: they agree."),
)  # fmt: skip


def evidence(place, characteristic, kind, key, direction, counts, not_counted, figure):
    """One row of `evidence`."""
    return {"place_code": place, "characteristic": characteristic, "kind": kind, "key": key, "direction": direction,
            "counts": counts, "not_counted": not_counted, "alert": "worse" if counts == "alert" else "",
            "figure": figure}  # fmt: skip


LESSON = {"report": "Inspection of the response to group-based child sexual exploitation", "owner": "Chief constables",
          "text": "Make a problem profile.", "deadline": "2024-12-31", "last_status": "incomplete",
          "last_status_on": "2025-10-24", "test": "Victim told of the suspect's arrest", "source": "A register"}  # fmt: skip
REGISTER = [
    LESSON | {"recommendation": "one", "number": "1", "owed_by": "police", "text_read": True, "place": 1},
    LESSON | {"recommendation": "two", "number": "2", "owed_by": "others", "text_read": True, "place": 2},
    LESSON | {"recommendation": "three", "number": "3", "owed_by": "police", "text_read": False, "place": 3},
]


def applied(place, key, status, rests="", sentence="", comparison=""):
    return {"place_code": place, "recommendation": key, "status": status, "why": "Not shown: a measure.",
            "evidence_keys": rests, "claimed_status": sentence, "statement_date": "2025-10-22" if sentence else "", "comparison": comparison}  # fmt: skip


def claim(number, verdict, **more):
    figures = dict.fromkeys(("probability", "difference", "difference_low", "difference_high"))
    return {"place_code": "INV01", "number": number, "subject": "indicator", "key": "told_of_arrest",
            "statement": "Victim told of the suspect's arrest: 90 in 100.", "evidence": "The records would fit it.",
            "verdict": verdict, "statement_date": "2025-10-22", **figures, **more}  # fmt: skip


def judged_rows():
    """The rows of every table that says what was judged."""
    more = "says more than is shown"
    return {
        "grades": GRADES,
        "grade_chances": [{"place_code": row["place_code"], "line": row["line"], "grade": name, "place": number,
                           "probability": 0.2} for row in GRADES for number, name in enumerate(NAMES, start=1)],
        "characteristic_states": [state_row(place, key) for place in FORCES for key, *_ in CHARACTERISTICS],
        "concerns": [
            {"place_code": "INV01", "characteristic": "kept_informed", "kind": "cause of concern",
             "statement": "This is not shown.", "recommendation": "Tell each victim in time.", "test": "told_of_arrest",
             "evidence_keys": "told_of_arrest", "rank": 1},
            {"place_code": "ALL", "characteristic": "kept_informed", "kind": "national problem",
             "statement": "Most forces miss this standard.", "recommendation": "Tell each victim in time.",
             "test": "told_of_arrest", "evidence_keys": "told_of_arrest", "rank": None},
            {"place_code": "INV02", "characteristic": "language", "kind": "promising practice", "statement": "It is shown.",
             "recommendation": "", "test": "", "evidence_keys": "files", "rank": 1},
        ],
        "evidence": [evidence(place, *piece) for place in FORCES for piece in PIECES],
        "grade_sensitivity": [{"place_code": row["place_code"], "line": row["line"], "alternative": "strict",
                   "statement": "The line at 85 in 100", "proposed": row["proposed"], "otherwise": "inadequate",
                   "steps": None} for row in GRADES],
        "grade_rules": [{"place": 1, "subject": "Shown", "rule": "Three in four."}],
        "lessons_register": REGISTER,
        "lessons_applied": [applied("INV01", "one", "not applied", "told_of_arrest", "applied", more),
                            applied("INV02", "one", "applied", "told_of_arrest"),
                            *(applied(place, "two", "depends on others") for place in FORCES),
                            *(applied(place, "three", "listed, not tested") for place in FORCES)],
        "claim_tests": [claim(1, "contradicted", probability=1.0, difference=0.3, difference_low=0.2,
                                difference_high=0.4), claim(2, "cannot be tested")],
        "practice_change_points": [{"place_code": "INV01", "indicator": "told_of_arrest", "way": "better",
                              "changed": "after the notice of the inspection", "why": "That does not show why."}],
        "plan_editions": [{"edition": 1, "sealed_on": "2026-01-02", "hash": "a" * 64, "items": 305,
                           "returns_before": 0, "notice_on": "2026-01-15", "reason": ""}],
        "plan_changes": [{"edition": "not sealed", "part": "grade rules", "item": "rules.toml", "change": "changed",
                          "changed_on": "", "reason": "", "moved": "not worked out"}],
        "sealed_grades": [{"place_code": "INV01", "line": "responses", "sealed": "good",
                           "proposed": "requires improvement"}],
        "accuracy": [{"place_code": "INV01", "points": 12, "accepted": 9, "disputed": 1, "not_answered": 2}],
        "revisits": [{"key": "INV01-1", "place_code": "INV01", "characteristic": "kept_informed",
                       "text": "Tell each victim in time.", "test": "told_of_arrest", "asked_on": "2025-06-01",
                       "revisit_on": "2026-06-01", "reply": "replied late", "verdict": "better",
                       "why": "By the same definition as then.", "probability_better": 0.99,
                       "change": 0.2, "change_low": 0.1, "change_high": 0.3}],
        "assumptions": [{"assumption": "line", "topic": "grades", "text": "Three in four is the line.",
                         "quality": "low", "impact": "high", "checked_by": "Moved on the page of grades."}],
        "quality_log": [{"place": 1, "check": "Is the ledger's chain whole?", "found": "It is."}],
    }  # fmt: skip
