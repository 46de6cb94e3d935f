"""Compare what the report says of sealed ratings with counts by hand."""

import re
from collections import defaultdict
from math import floor

import pyarrow.parquet as pq

from assay.engine.provenance import read_stage
from assay.indicators.question_set_catalogue import question_set
from assay.workbench.demo_workbench import KEY, QUESTIONS

INSIDE = ("met", "partly_met", "not_met")


def on_the_page(browser, inspection, question):
    """What the report says of a question of the sample, all forces together: files marked, share, interval; by the browser."""
    page = browser.new_page()
    page.goto((inspection / "report" / "casefiles.html").as_uri())
    table = page.get_by_role("table", name=f"({KEY}): all forces together")
    cells = table.get_by_role("row").filter(has_text=question).get_by_role("cell").all_inner_texts()
    region_text = page.get_by_role("region", name=f"sample {KEY}", exact=False).first.inner_text()
    page.close()
    return re.search(r"of which (\d+) have sealed marks", region_text)[1], cells[2], cells[3]


def first_shown(browser, inspection):
    """The first question of the sample on which the report shows a share: of few files, or small counts, it shows none."""
    question_keys = [question for question in question_set(QUESTIONS).questions if "partly_met" in question.answers]
    return next(
        question_key
        for question_key in question_keys
        if on_the_page(browser, inspection, question_key.text)[1].endswith("%")
    )


def by_pencil(inspection, question):
    """How many files were marked, to the nearest five, and the share of all records: each force's part of files that were
    met, weighed by its records. It is said in the finest of a few steps that is at least one of the files that it may rest
    on, by the counts as they are shown."""
    marks = read_stage(inspection, f"casefiles/marks/{KEY}/{QUESTIONS}", "marks").to_pylist()
    answer_by_file = {
        (mark_row["force_code"], mark_row["subject_ref"]): mark_row["answer"]
        for mark_row in marks
        if mark_row["question"] == question
    }
    answers = defaultdict(list)
    for (force, _), answer in answer_by_file.items():
        answers[force].append(answer)
    strata = pq.read_table(inspection / "casefiles" / "samples" / KEY / "strata.parquet").to_pylist()
    sizes = {name: size for name, size, *_ in (tuple(row.values()) for row in strata)}
    inside = {
        force: [answer for answer in stratum_answers if answer in INSIDE] for force, stratum_answers in answers.items()
    }
    weights = {
        force: round(sizes[force] * len(stratum_answers) / len(answers[force]))
        for force, stratum_answers in inside.items()
    }
    met = sum(
        weights[force] * stratum_answers.count("met") / len(stratum_answers)
        for force, stratum_answers in inside.items()
    )
    judged = [answer for stratum_answers in inside.values() for answer in stratum_answers]
    counts = (judged.count("met"), len(judged) - judged.count("met"))
    fewest = sum(max(5 * round(count / 5) - 2, 8) for count in counts if count)
    step = next(step for step in (1, 2, 5, 10, 20, 50) if step >= 100 / fewest)
    share = step * floor(100 * met / sum(weights.values()) / step + 0.5)
    return f"{5 * round(len(answer_by_file) / 5)}", f"{share}%"
