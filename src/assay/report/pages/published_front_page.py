"""The front page of the published statistics, with theme and question pages."""

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from assay.indicators.evidence_sources import single_source_statement
from assay.report.derived_numbers import row_count
from assay.report.easy_read import EasyLine
from assay.report.number_words import percent, slug, whole
from assay.report.page_elements import Cell, Figure, Page, grid
from assay.report.pages.added_table_pages import REGISTER, tables_of_question
from assay.report.pages.easy_read_page import easy_read_page
from assay.report.pages.edition_notes import recorded_note
from assay.report.pages.later_questions_section import later_question_rows
from assay.report.pages.published_charts import trend_chart
from assay.report.pages.published_key_findings import PENDING, published_key_findings
from assay.report.pages.published_trend_summary import total_table
from assay.report.pages.register_pages import GRADES
from assay.report.period_words import year_text
from assay.report.quotable_figures import finding_figure, has_small_base, published_share
from assay.report.report_tables import NATIONAL, ReleasedTables, Row
from assay.sdc.released_rows.added_table_rows import PublishedTablesRow
from assay.sdc.released_rows.published_rows import (
    FindingsRow,
    PublishedAnswersRow,
    QuestionsRow,
    RecordedRow,
    SharesRow,
)

MAX_HEADLINES = 10
CERTAINTY_NOTE = (
    "Every figure rests on counts that departments have published. Estimates have an interval. Comparisons allow for "
    "chance. Each figure has a receipt. What is never reported, or not recorded, is in none of them."
)
FRONT_NOTE = (
    "Every figure rests on counts that departments have published. What is never reported, or not recorded, is in none "
    "of them. Estimates have an interval, and each figure has a receipt."
)
THEME_QUESTIONS = {
    "attitudes": "How do the police regard victims: are they believed, or blamed?",
    "assessments": "How good are the police at judging the nature and the scale of offending, and the risk to a child?",
    "scale": "How much offending is there, and does it fall, as some have held?",
    "responses": "Are responses of the right kind, adequate, and in time?",
    "lessons": "Is what past failures taught applied?",
}


FINDINGS = "findings.html"
SHARED_FIGURES = {"Q23": "Q26"}
"""A question and the one whose figures answer it: the trend and its breaks also say whether the trend is real."""
TITLE = "Child sexual offences recorded by police in England and Wales"


def front_page(site: ReleasedTables) -> Page:
    """Return the front page: key findings, trends over one, three and five years, and a list of forces."""
    answered = Counter(row["answered"] for row in site.rows(QuestionsRow))
    context = {
        "lead": _recorded_sentence(site),
        "newer": recorded_note(site),
        "findings": published_key_findings(site),
        "trends": total_table(site),
        "forces": [(Cell(row["name"], f"forces/{row['slug']}.html"), *_pending_text(site, row)) for row in site.forces],
        "pending_note": _pending_note(site),
        "questions": row_count(sum(answered.values())),
        "unanswered": row_count(answered["not from published statistics"]),
        "whole": row_count(_answered_for(site, is_partial=False)),
        "partial": row_count(_answered_for(site, is_partial=True)),
        "themes": site.themes,
    }
    return Page("index.html", "published_front.html", TITLE, FRONT_NOTE, (), context)


def _answered_for(site: ReleasedTables, *, is_partial: bool) -> int:
    """Return how many questions have an answer, or a part of one, for England and Wales or only for a part of it."""
    rows = [row for row in site.rows(QuestionsRow) if row["answered"] != "not from published statistics"]
    return sum(bool(row["partial_area"]) == is_partial for row in rows)


def published_easy_read(site: ReleasedTables) -> Page:
    """Return the Easy Read page: the key findings of the front page in short lines, and how much has no answer."""
    answered = Counter(row["answered"] for row in site.rows(QuestionsRow))
    unanswered, questions = row_count(answered["not from published statistics"]), row_count(sum(answered.values()))
    sources = [EasyLine("We used numbers that anyone can read.", "A page with numbers")]
    gaps = [EasyLine(f"Public numbers cannot answer {unanswered} of {questions} questions.", "A question mark")]
    return easy_read_page(sources, published_key_findings(site), gaps, certainty_note=FRONT_NOTE, is_synthetic=False)


def _pending_note(site: ReleasedTables) -> str:
    """Return what stands beside each force; '' where no year is compared."""
    if not site.compared_year:
        return ""
    return f"Beside each force: offences recorded in {year_text(site.compared_year)} that were pending."


def _recorded_sentence(site: ReleasedTables) -> str:
    """Return how many offences were recorded in the latest full year; '' where not all forces are in the files."""
    row = site.find_row(RecordedRow, place_code="EW", offence_key=site.default, financial_year=site.full_year)
    if row is None or row["offences"] is None:
        return ""
    offences = site.offence(site.default).removesuffix(" recorded by police")
    return f"Police recorded {whole(row['offences'])} {offences} in {year_text(site.full_year)}."


def _pending_text(site: ReleasedTables, force: Row) -> tuple[str, str]:
    """Return the share of cases of a force without an outcome, and a CSS class: filled where it is an outlier."""
    row = site.find_row(SharesRow, measure=PENDING, place_code=force["place_code"], offence_key=site.default,
                        financial_year=site.compared_year)  # fmt: skip
    if row is None or row["raw_share"] is None:
        return "no figure", "none"
    is_high = bool(row["outlier_alert"]) and row["direction"] == "higher"
    share = published_share(row) if has_small_base(row) else percent(row["raw_share"])
    return f"{share} pending{', outlier' if is_high else ''}", "s4" if is_high else "s0"


def findings_page(site: ReleasedTables) -> Page:
    """Return the page of findings by inspection theme: what was asked, found, and how to read it."""
    headline_rows = _headlines(site)
    lines = [
        {
            **line,
            "asked": _theme_question(line),
            "figures": [finding_figure(site, r) for r in headline_rows if site.finding_theme(r) == line["line"]],
            "counts": _answer_counts(site, line["line"]),
        }
        for line in site.themes
    ]
    chart = trend_chart(site, "EW", site.default)
    context = {"lines": lines, "chart": chart, "questions": len(site.rows(QuestionsRow)), "forces": len(site.forces)}
    return Page(
        FINDINGS, "published_findings.html", "Findings by theme", CERTAINTY_NOTE, (), context, (chart,) if chart else ()
    )


def _theme_question(line: Row) -> str:
    words = f"{line['line']} {line['name']}".lower()
    return next((question for key, question in THEME_QUESTIONS.items() if key in words), "")


def _headlines(site: ReleasedTables) -> list[Row]:
    """Return at most ten headlines, taken from the themes in turn: the latest of each measure, England and Wales
    first."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in site.headlines:
        if row["offence_key"] in (site.default, "", None):
            subject = tuple(row["key"].split("/")[:2])
            best = latest.get(subject)
            if best is None or _preference(row) > _preference(best):
                latest[subject] = row
    order = sorted(latest.values(), key=lambda r: (r["offence_key"] != site.default, r["value"] is None, r["key"]))
    rows_by_theme = [[r for r in order if site.finding_theme(r) == line["line"]] for line in site.themes]
    selected = [row for round_rows in zip_longest(*rows_by_theme) for row in round_rows if row is not None][
        :MAX_HEADLINES
    ]
    return [row for theme_rows in rows_by_theme for row in theme_rows if row in selected]


def split_headlines(site: ReleasedTables, rows: Sequence[Row]) -> tuple[list[Figure], list[Figure]]:
    """Split findings into those shown first (the latest of each series, England and Wales first) and the others."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in rows:
        subject = tuple(row["key"].split("/")[:2])
        if subject not in latest or _preference(row) > _preference(latest[subject]):
            latest[subject] = row
    sorted_rows = sorted(
        latest.values(),
        key=lambda r: (r["offence_key"] != site.default, bool(r["offence_key"]), r["value"] is None, r["key"]),
    )
    first = sorted_rows[:MAX_HEADLINES]
    return [finding_figure(site, r) for r in first], [finding_figure(site, r) for r in rows if r not in first]


def _preference(row: Row) -> tuple[str, int]:
    return row["period"] or "", -NATIONAL.index(row["place_code"])


def _answer_counts(site: ReleasedTables, line: str) -> dict[str, int]:
    questions = site.find_rows(QuestionsRow, line=line)
    return {
        "all": len(questions),
        "answered": sum(r["answered"] == "answered" for r in questions),
        "partly": sum(r["answered"] == "partly" for r in questions),
    }


def theme_pages(site: ReleasedTables) -> list[Page]:
    """Yield one page for each inspection theme."""
    return [_theme_page(site, line) for line in site.themes]


def _theme_page(site: ReleasedTables, line: Row) -> Page:
    questions = sorted(site.find_rows(QuestionsRow, line=line["line"]), key=question_number)
    found = [r for r in site.headlines if site.finding_theme(r) == line["line"]]
    table = grid(
        f"{line['name']}: the questions, and whether published statistics answer them",
        ("Question", "What is asked", "From published statistics"),
        [(Cell(r["number"], f"questions/{r['number'].lower()}.html"), r["text"], _answer_text(r)) for r in questions],
    )
    first, rest = split_headlines(site, found)
    context = {
        "line": line,
        "rest": rest,
        "asked": _theme_question(line),
        "figures": first,
        "table": table,
        "counts": _answer_counts(site, line["line"]),
        "evidence_keys": single_source_statement("data"),
    }
    return Page(f"lines/{line['slug']}.html", "line.html", line["name"], CERTAINTY_NOTE, (), context)


def _answer_text(row: Row) -> str:
    """Return how far a question is answered, and for which part of the country: 'partly, only for two forces'."""
    return f"{row['answered']}, only for {row['partial_area']}" if row["partial_area"] else str(row["answered"])


def question_number(row: Row) -> int:
    """Return the number of a question as a sort key, so that Q2 comes before Q10."""
    digits = "".join(letter for letter in row["number"] if letter.isdigit())
    return int(digits or 0)


def question_pages(site: ReleasedTables) -> list[Page]:
    """Yield the index of questions, and one page for each question."""
    questions = sorted(site.rows(QuestionsRow), key=question_number)
    table = grid(
        "The questions, by number",
        ("Question", "Inspection theme", "What is asked", "From published statistics"),
        [
            (Cell(r["number"], f"questions/{r['number'].lower()}.html"), r["line_name"], r["text"], _answer_text(r))
            for r in questions
        ],
    )
    index = Page(
        "questions/index.html",
        "questions.html",
        "Questions",
        CERTAINTY_NOTE,
        (),
        {
            "table": table,
            "count": row_count(len(questions)),
            "whole": row_count(_answered_for(site, is_partial=False)),
            "partial": row_count(_answered_for(site, is_partial=True)),
            "later": later_question_rows(site),
            "register_href": REGISTER if site.rows(PublishedTablesRow) else "",
        },
    )
    return [index, *(_question(site, row, questions) for row in questions)]


def _question(site: ReleasedTables, row: Row, questions: Sequence[Row]) -> Page:
    found = site.find_rows(FindingsRow, question=SHARED_FIGURES.get(row["number"], row["number"]))
    national, rest = split_headlines(site, [r for r in found if r["place_code"] in NATIONAL])
    local = sorted(
        {
            (site.name(r["place_code"]), site.places[r["place_code"]]["slug"])
            for r in found
            if site.has_page(r["place_code"])
        }
    )
    place = questions.index(row)
    how, missing = answer_and_gap(row)
    tables = tables_of_question(site, row["number"])
    context = {
        "answers": [
            {**answer, "known": GRADES.get(answer["evidence"], answer["evidence"])}
            for answer in site.find_rows(PublishedAnswersRow, number=row["number"])
        ],
        "added": tables.added,
        "used": tables.used,
        "listed": tables.would_help,
        "question": row,
        "how": how,
        "missing": missing,
        "figures": national,
        "rest": rest,
        "local": local,
        "line_slug": slug(row["line_name"]),
        "before": questions[place - 1] if place else None,
        "after": questions[place + 1] if place + 1 < len(questions) else None,
    }
    return Page(
        f"questions/{row['number'].lower()}.html",
        "question.html",
        f"{row['number']}: {row['text']}",
        CERTAINTY_NOTE,
        (("Questions", "questions/index.html"),),
        context,
    )


MISSING = " What is missing: "


def answer_and_gap(row: Row) -> tuple[str, str]:
    """Return how far published statistics answer a question, and which data are missing."""
    how = row["how"] or ""
    if MISSING in how:
        answer, _, missing = how.partition(MISSING)
        return answer.strip(), missing.strip()
    if how.startswith(MISSING.strip()):
        return "", how.removeprefix(MISSING.strip()).strip()
    return ("", how) if row["answered"] == "not from published statistics" else (how, "")


def unanswered_page(site: ReleasedTables) -> Page:
    """Return the page of questions that published statistics do not answer, each with a data request."""
    questions = sorted((r for r in site.rows(QuestionsRow) if r["answered"] != "answered"), key=question_number)
    groups = [
        {"line": line, "questions": [_with_gap(r) for r in questions if r["line"] == line["line"]]}
        for line in site.themes
        if any(r["line"] == line["line"] for r in questions)
    ]
    context = {"groups": groups, "count": row_count(len(questions)), "all": row_count(len(site.rows(QuestionsRow)))}
    return Page(
        "cannot-be-answered.html", "cannot.html", "What published statistics cannot answer", CERTAINTY_NOTE, (), context
    )


def _with_gap(row: Row) -> Row:
    how, missing = answer_and_gap(row)
    return {**row, "how": how, "missing": missing}
