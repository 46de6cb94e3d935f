"""Small synthetic tables about areas: children's services, courts, residents and sources. Every number is synthetic."""

from collections.abc import Iterable

GRADES = ("Good", "Inadequate")
SOURCES = (
    ("recorded", "police"),
    ("outcomes", "police"),
    ("children_in_need", "children's services"),
    ("plans_started", "children's services"),
    ("looked_after", "children's services"),
    ("court_outcomes", "courts"),
    ("inspections", "inspectorates"),
    ("police_inspections", "inspectorates"),
)


def local_rows(codes: Iterable[str]) -> dict[str, list[tuple[object, ...]]]:
    """The rows of the tables about areas, for these English force areas."""
    areas = list(codes)
    return {
        "children_services": [
            row for code in ["E", *areas] for year in (2024, 2025) for row in _service_rows(code, year)
        ],
        "authorities": [row for number, code in enumerate(areas) for row in _authority_rows(number, code)],
        "residents_by_ethnicity": [
            (code, 2021, group, residents, group.partition(":")[0], residents / 1_000, broad, broad / 1_000)
            for code in areas
            for group, residents, broad in (
                ("White: Irish", 600, 900),
                ("White: Roma", 300, 900),
                ("Other: Arab", 100, 100),
            )
        ],
        "last_outcomes": [
            (code, 2016, outcome, number, 400, number / 400, 0.1, 0.9)
            for code in areas
            for outcome, number in (("Under investigation", 100), ("Local resolution", 300))
        ],
        "court_outcomes": [
            (code, 2018, outcome, number, 80, number / 80, 0.2, 0.8)
            for code in areas
            for outcome, number in (("Committed for trial", 60), ("Withdrawn", 20))
        ],
        "national_outcomes": [
            (year, basis, outcome, number, number / 10_000)
            for year in ("2023/24", "2024/25")
            for basis in ("outcomes recorded in the year", "offences recorded in the year")
            for outcome, number in (("Charged or summonsed", 1_200), ("All outcomes assigned", 10_000))
        ],
        "local_sources": [
            (
                *(key, service, key.replace("_", " "), "A publisher", f"It counts {key}."),
                *("It does not count children.", "No breaks are known.", "a file, edition January 2026"),
                *("Open Government Licence v3.0", "gov.uk"),
            )
            for key, service in SOURCES
        ],
    }


def _service_rows(code: str, year: int) -> list[tuple[object, ...]]:
    return [
        (year, code, "plans started", 50, "", 2, 10_000, 50.0, 37.1, 65.9),
        (year, code, "second or subsequent plans", None, "c", 2, 10_000, None, None, None),
        (year, code, "plans at 31 March", 40, "", 2, 10_000, 40.0, 28.6, 54.5),
        (year, code, "looked after at 31 March", 70, "", 2, 10_000, 70.0, 54.6, 88.4),
    ]


def _authority_rows(number: int, code: str) -> list[tuple[object, ...]]:
    """Two authorities of a force: one with every figure, and one whose counts were not published."""
    judged = ("2023-01-09", "2023-03-06", *(GRADES[number % 2],) * 4, None)
    known = (2025, 70, "", 10_000, 50, "", 70.0, 54.6, 88.4, 10, 40.0, 60.0, 90.0, "Northton; Southton")
    unknown = (2025, None, "c", 900, None, "c", None, None, None, None, None, None, None, "")
    return [
        (f"E0600{number:02d}01", f"Unit {number} North", code, *judged, *known),
        (f"E0600{number:02d}02", f"Unit {number} South", code, *judged, *unknown),
    ]
