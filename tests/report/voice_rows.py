"""Synthetic consultations in the synthetic report: a survey, few conversations, advocates, complaints."""

WORDS = {
    "asked_of": "victims and survivors of any age", "how_asked": "through a service that supports them",
    "selection_method": "whom a service chose to invite", "consent": "each person agreed to be asked",
    "not_reached": "Children in secure homes", "began_on": "2026-01-01", "ended_on": "2026-02-28",
}  # fmt: skip
NATIONAL_VOICE, SURVEY, SMALL_VOICE, ADVOCATES, COMPLAINTS = "S/V0", "S/V1", "S/V2", "A/1", "C/1"


def voice_collections():
    rows = (
        ("ALL", NATIONAL_VOICE, "survey", None, 312),
        ("INV01", SURVEY, "survey", 60, 31),
        ("INV02", SMALL_VOICE, "conversations", 12, 7),
        ("INV01", ADVOCATES, "advocates", None, None),
        ("INV04", COMPLAINTS, "complaints", None, None),
    )
    names = ("place_code", "voice", "kind", "people_asked", "answered")
    return [{**dict(zip(names, row, strict=True)), **WORDS} for row in rows]


def voice_answer_counts():
    question_fields = {
        "question_key": "told",
        "line": "responses",
        "question": "Did somebody tell you what would happen next?",
    }
    rows = (("INV01", SURVEY, (20, 9, 2)), ("ALL", NATIONAL_VOICE, (200, 100, 12)), ("INV02", SMALL_VOICE, (4, 3, 0)))
    options = ("Every time", "Never", "No answer")
    return [
        {"place_code": code, "voice": voice, "option": option, "place": place, "people": people, **question_fields}
        for code, voice, counts in rows
        for place, (option, people) in enumerate(zip(options, counts, strict=True))
    ]


def voice_theme_counts():
    theme = {"line": "responses", "theme": "waited_long", "theme_words": "waited long for things to be done"}
    rows = (("INV01", SURVEY, 17), ("ALL", NATIONAL_VOICE, 80), ("INV02", SMALL_VOICE, 5))
    return [{"place_code": code, "voice": voice, "people": people, **theme} for code, voice, people in rows]


def voices_rows():
    """The rows of every table of voices."""
    quarter = {"quarter": "2026-01-01"}
    return {
        "voice_collections": voice_collections(),
        "voice_answer_counts": voice_answer_counts(),
        "voice_theme_counts": voice_theme_counts(),
        "published_quotations": [
            {"line": "responses", "quote": "0001", "text": "I told it from the start to four officers.",
             "consent": "recorded", "redacted": "done"}
        ],
        "advocate_support": [
            {"place_code": "INV01", "voice": ADVOCATES, "offered": 40, "taken_up": 25, "declined": 12, "no_answer": 3,
             "median_wait_days": 12, **quarter}
        ],
        "voice_complaints": [
            {"place_code": "INV04", "voice": COMPLAINTS, "kind": "complaint", "line": "attitudes", "received": 14,
             "answered_in_time": 9, "upheld": 2, **quarter}
        ],
    }  # fmt: skip
