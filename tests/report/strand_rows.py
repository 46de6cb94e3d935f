"""Sources of evidence in the synthetic report, for all forces and for two."""

CHARACTERISTICS = (
    ("kept_informed", "responses", "Victims are told in time what happens.", "Q8 Q9"),
    ("groups_known", "assessments", "The force knows the groups of offenders.", "Q12"),
    ("disrupted", "responses", "Powers to disrupt are used beside an investigation.", "Q41 Q42"),
    ("language", "attitudes", "Children are written of without blame.", "Q1 Q2 Q3"),
    ("heard", "attitudes", "What the child says is recorded.", "Q6 Q7"),
    ("risk_judged", "assessments", "The level of risk follows the child.", "Q13 Q14 Q15 Q16"),
    ("scale_known", "scale", "The force knows how much there is.", "Q20 Q22 Q24 Q25"),
    ("trend_sound", "scale", "What is said of a rise or fall holds against every series.", "Q23 Q26"),
    ("people_recorded", "data-quality", "It is recorded who victims and suspects are.", "Q27"),
    ("investigated_soon", "responses", "Cases and devices do not wait.", "Q30 Q31"),
    ("lessons_applied", "lessons", "What past reports asked for can be seen in practice.", "Q47 Q48"),
)
NOT_ASKED = "not asked"
OVERALL = {"data": ("agrees", None, "told_of_arrest"), "files": ("disagrees", 34, ""),
          "staff": ("cannot tell", 120, ""), "victims": ("agrees", None, "")}  # fmt: skip
EQUAL_CHARACTERISTICS = ("kept_informed", *(key for key, *_ in CHARACTERISTICS[3:]))
"""Of these the strands say the same, over all forces together."""
VERDICTS = {  # place, characteristic -> strand -> verdict, told, what it rests on
    **{("ALL", key): OVERALL for key in EQUAL_CHARACTERISTICS},
    ("INV01", "kept_informed"): {"data": ("agrees", None, "told_of_arrest"), "files": ("disagrees", 9, "")},
    ("INV02", "kept_informed"): {"data": ("disagrees", None, "told_of_arrest"), "files": ("disagrees", 12, "")},
    ("ALL", "groups_known"): {"documents": ("agrees", None, "")},
}  # fmt: skip
KINDS = ("data", "files", "documents", "staff", "partners", "victims")


def strand_rows():
    """The rows of both tables."""
    names = ("characteristic", "line", "text", "questions")
    rows = [
        {
            "place_code": place,
            "characteristic": key,
            "evidence_source": kind,
            "verdict": verdict,
            "answered": count,
            "evidence_keys": evidence_keys,
        }
        for place in ("ALL", "INV01", "INV02")
        for key, *_ in CHARACTERISTICS
        for kind in KINDS
        for verdict, count, evidence_keys in [VERDICTS.get((place, key), {}).get(kind, (NOT_ASKED, None, ""))]
    ]
    forms = [
        dict(zip(names, characteristic, strict=True)) | {"place": number}
        for number, characteristic in enumerate(CHARACTERISTICS, start=1)
    ]
    return {"characteristics": forms, "source_verdicts": rows}
