"""Results of rated case files in the synthetic report: a share, a refusal, a small side, and forces."""

SET = {"sample": "closed", "question_set": "responses_case"}
QUESTIONS = (
    # question, text, files read twice, agreement in hundredths
    ("plan_set", "Was an investigation plan set?", 24, 71.0, 50.0, 92.0),
    ("reviewed", "Did a supervisor review it?", 6, 80.0, 40.0, 100.0),
    ("closed_rightly", "Was it closed for the right reason?", 0, None, None, None),
)
NO_FIGURE = "From at least one stratum no file is marked yet, so it could hold anything."
ANSWERS = {
    # question, place -> met, unmet, share, low, high, why
    ("plan_set", "ALL"): (43, 57, 0.412, 0.327, 0.503, ""),
    ("plan_set", "INV01"): (31, 29, 0.52, 0.39, 0.64, ""),
    ("plan_set", "INV02"): (12, 28, 0.3, 0.18, 0.45, ""),
    ("reviewed", "ALL"): (97, 3, 0.97, 0.92, 0.99, ""),
    ("reviewed", "INV01"): (58, 2, 0.97, 0.89, 1.0, ""),
    ("reviewed", "INV02"): (39, 1, 0.98, 0.87, 1.0, ""),
    ("closed_rightly", "ALL"): (40, 30, None, None, None, NO_FIGURE),
    ("closed_rightly", "INV01"): (40, 30, 0.57, 0.45, 0.69, ""),
    ("closed_rightly", "INV02"): (0, 0, None, None, None, "No file told: nothing can be said."),
}


def file_rows():
    """The rows of the three tables."""
    names = ("agreement", "agreement_low", "agreement_high")
    questions = [
        {**SET, "question": key, "place": number, "text": text, "stage": "investigation", "asks": "Q35", "best": "met",
         "read_twice": read_twice, **dict(zip(names, agreed, strict=True))}
        for number, (key, text, read_twice, *agreed) in enumerate(QUESTIONS, start=1)
    ]  # fmt: skip
    sample = {"title": "Crimes closed without a charge", "question_set_title": "How a crime was investigated", "subject": "crime",
              "records": 812, "sampled_files": 125, "marked": 120, "not_found": 4}  # fmt: skip
    return {
        "case_samples": [{**SET, **sample}],
        "case_questions": questions,
        "case_files": [
            {**SET, "question": question, "place_code": place, "answered": met + unmet, "met": met,
             "unmet": unmet, "share": share, "low": low, "high": high, "why": why,
             **dict.fromkeys(("unweighted_share_lowest", "unweighted_share_highest"), met / (met + unmet) if met + unmet else None)}
            for (question, place), (met, unmet, share, low, high, why) in ANSWERS.items()
        ],
    }  # fmt: skip
