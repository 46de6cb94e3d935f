"""An extract with headings of one record system that no list knows, and the mapping that its force has accepted."""

SECRET = "Qqsecretqq"
HEADINGS = ("Blue", "Told", "Noted", "Kind", "Fate", "Hurt Ethn", "Hurt Born", "Remark")


def extract_text(crimes: int) -> str:
    """Crimes in a file of pipes: 'Blue' is the number, 'Told' and 'Noted' the times, 'Fate' the outcome."""
    rows = (
        (
            f"42{n:05d}/26", f"{n % 28 + 1:02d}/02/2026 09:00", f"{n % 28 + 1:02d}/02/2026 1{n % 9}:30", "88A",
            ("DET", "UND")[n % 2], "W1", f"{n % 28 + 1:02d}/05/2010", f"{SECRET} called",
        )
        for n in range(crimes)
    )  # fmt: skip
    return "\n".join("|".join(row) for row in (HEADINGS, *rows)) + "\n"


def accepted_mapping(file: str) -> str:
    """The mapping of that extract, as a person has accepted it."""
    return f"""
[[split]]
file = "{file}"
table = "involvements"
columns.crime_ref = "Blue"
columns.ethnicity_self = "Hurt Ethn"
columns.date_of_birth = "Hurt Born"
forms.date_of_birth = "DD/MM/YYYY"
fixed.role = "victim"

[[split]]
file = "{file}"
table = "crimes"
columns.crime_ref = "Blue"
columns.reported_at = "Told"
forms.reported_at = "DD/MM/YYYY HH:MM"
columns.recorded_at = "Noted"
forms.recorded_at = "DD/MM/YYYY HH:MM"
columns.offence_code = "Kind"
columns.outcome_code = "Fate"
values.outcome_code = {{"DET" = "1", "UND" = "18"}}
"""
