"""What strands of evidence say in the invented report: three characteristics, of all forces and of two."""

CHARACTERISTICS = (
    ("kept_informed", "responses", "Victims are told in time what happens.", "Q8 Q9"),
    ("groups_known", "assessments", "The force knows the groups of offenders.", "Q12"),
    ("disrupted", "responses", "Powers to disrupt are used beside an investigation.", "Q41 Q42"),
)
NOT_ASKED = "not asked"
SAID = {  # place, characteristic -> strand -> verdict, told, what it rests on
    ("ALL", "kept_informed"): {"data": ("agrees", None, "told_of_arrest"), "files": ("disagrees", 34, ""),
                               "staff": ("cannot tell", 120, ""), "victims": ("agrees", None, "")},
    ("INV01", "kept_informed"): {"data": ("agrees", None, "told_of_arrest"), "files": ("disagrees", 9, "")},
    ("INV02", "kept_informed"): {"data": ("disagrees", None, "told_of_arrest"), "files": ("disagrees", 12, "")},
    ("ALL", "groups_known"): {"documents": ("agrees", None, "")},
}  # fmt: skip
KINDS = ("data", "files", "documents", "staff", "partners", "victims")


def strand_rows():
    """The rows of both tables."""
    names = ("characteristic", "line", "text", "questions")
    rows = [
        {"place_code": place, "characteristic": key, "strand": kind, "verdict": verdict, "told": told, "rests_on": on}
        for place in ("ALL", "INV01", "INV02")
        for key, *_ in CHARACTERISTICS
        for kind in KINDS
        for verdict, told, on in [SAID.get((place, key), {}).get(kind, (NOT_ASKED, None, ""))]
    ]
    forms = [dict(zip(names, one, strict=True)) | {"place": at} for at, one in enumerate(CHARACTERISTICS, start=1)]
    return {"characteristics": forms, "strands": rows}
