"""Pages on past recommendations, on forces' claims about themselves, and on the inspection plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from assay.report.derived_numbers import row_count
from assay.report.number_words import join_list, plural, whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import page_path
from assay.report.pages.inspection.recommendation_pages import past_recommendation_name, past_recommendation_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.grading_rows import (
    AccuracyRow,
    AssumptionsRow,
    ClaimTestsRow,
    LessonsAppliedRow,
    LessonsRegisterRow,
    PlanChangesRow,
    PlanEditionsRow,
    PracticeChangePointsRow,
    QualityLogRow,
    RevisitsRow,
    SealedGradesRow,
)
from assay.sdc.released_rows.indicator_rows import IndicatorsRow

CERTAINTY_NOTE = (
    "A status says what the evidence shows, and not what is true: what cannot be shown may be done. A recommendation "
    "of which nobody has read the text is listed, and no force is held to it. That practice changed after a day does "
    "not show why it did."
)
LETTERS = {"applied": "A", "partly": "P", "not applied": "N", "cannot be shown": "?", "depends on others": "o",
           "listed, not tested": "-"}  # fmt: skip
VERDICT = {"better": "agrees", "worse": "disagrees"}
TESTED = ("applied", "partly", "not applied", "cannot be shown")
ACRONYMS = ("hmicfrs", "iicsa")
REPLY_COLUMNS = ("points", "accepted", "disputed", "not_answered")
CSS = {"applied": "agrees", "not applied": "disagrees"}
PLAN_CERTAINTY_NOTE = (
    "The hash of each edition stands in the ledger, whose last hash is printed at the foot of every page: nobody can "
    "put another plan in its place afterwards without that being seen."
)


def lessons_pages(site: Inspection) -> list[Page]:
    """Yield the pages of past recommendations, claims and the inspection plan; a page without content is left out."""
    pages = [_lessons_page(site)] if site.rows(LessonsRegisterRow) else []
    pages += [_claims_page(site)] if site.rows(ClaimTestsRow) else []
    pages += [_plan_page(site)] if site.rows(PlanEditionsRow) else []
    return pages + ([_assurance_page(site)] if site.rows(AssumptionsRow) else [])


def force_lessons(site: Inspection, code: str) -> dict[str, Any] | None:
    """Return the past recommendations, claims and changes of practice of one force."""
    rows = [
        row
        for row in site.find_rows(LessonsAppliedRow, place_code=code)
        if row["evidence_keys"] or row["claimed_status"]
    ]
    claims = site.find_rows(ClaimTestsRow, place_code=code)
    change_rows = [
        row for row in site.find_rows(PracticeChangePointsRow, place_code=code) if row["changed"] != "cannot be said"
    ]
    if not rows and not claims:
        return None
    texts = {row["recommendation"]: row for row in site.rows(LessonsRegisterRow)}
    cells = [
        (
            Cell(
                past_recommendation_name(texts[row["recommendation"]]), past_recommendation_path(row["recommendation"])
            ),
            Cell(row["status"], css=CSS.get(row["status"], "")),
            row["why"],
            f"{row['claimed_status']}, {row['statement_date']}" if row["claimed_status"] else "nothing",
            row["comparison"] or "",
        )
        for row in rows
    ]
    heads = ("Past recommendation", "Shown", "Why", "The force says", "Beside each other")
    return {
        "lessons": grid("Past recommendations that can be tested here", heads, cells, dense=True) if cells else None,
        "claims": _claims_table(site, list(claims), force=False) if claims else None,
        "changed": _change_table(site, change_rows) if change_rows else None,
    }  # fmt: skip


def _lessons_page(site: Inspection) -> Page:
    register = sorted(site.rows(LessonsRegisterRow), key=lambda row: row["place"])
    forces = [force for force in site.forces if site.find_rows(LessonsAppliedRow, place_code=force["place_code"])]
    tested = [row for row in register if row["text_read"] and row["owed_by"] != "others"]
    heads = ("Force", *(_short_name(row) for row in tested))
    rows = [(Cell(force["name"], f"forces/{force['slug']}/reasons.html#lessons"),
             *(_status(site, force["place_code"], row["recommendation"]) for row in tested))
            for force in forces]  # fmt: skip
    context = {
        "matrix": grid("Each force, each recommendation that the police can apply", heads, rows, dense=True),
        "letters": "; ".join(f"{letter}: {status}" for status, letter in LETTERS.items()),
        "answers": _answers(site, tested),
        "counts": _counts(site, tested),
        "register": [_entry(site, row) for row in register],
        "statements": _statement_counts(site),
        "changed": _change_counts(site),
        "revisited": _follow_up_table(site),
    }
    return Page("lessons.html", "inspected/lessons.html", "Lessons applied", CERTAINTY_NOTE, (), context)


def _short_name(row: Row) -> str:
    """Return the name of a past recommendation for the head of a narrow column: 'HMICFRS 2023 4'."""
    words = row["recommendation"].split("-")
    return " ".join(word.upper() if word in ACRONYMS else word.capitalize() for word in words)


def _answers(site: Inspection, tested: Sequence[Row]) -> list[str]:
    """Return the answer of the page: how often past recommendations are seen in practice, and what became of those of
    an earlier inspection. Forces whose page awaits approval are not counted."""
    keys = {row["recommendation"] for row in tested}
    statuses = Counter(
        row["status"]
        for row in site.rows("lessons_applied")
        if row["recommendation"] in keys and not site.is_withheld(row["place_code"])
    )
    verdicts = Counter(row["verdict"] for row in site.rows("revisits") if not site.is_withheld(row["place_code"]))
    answers = []
    if statuses:
        parts = join_list([f"{status} {_times(statuses[status])}" for status in TESTED if statuses[status]])
        subject = f"{plural(len(tested), 'past recommendation')} to the police, force by force"
        answers.append(f"{subject}: {parts or 'not one could be tested'}.")
    if verdicts:
        parts = join_list([f"{verdict} {_times(number)}" for verdict, number in verdicts.most_common()])
        answers.append(f"Recommendations of an earlier inspection, revisited: {parts}.")
    return answers


def _times(number: int) -> str:
    return f"{row_count(number)} {'time' if number == 1 else 'times'}"


def _status(site: Inspection, code: str, key: str) -> Cell:
    row = site.find_row(LessonsAppliedRow, place_code=code, recommendation=key)
    if row is None or site.is_withheld(code):
        return Cell("waits" if row else "")
    more = " (says more)" if row["comparison"] == "says more than is shown" else ""
    return Cell(f"{row['status']}{more}", css=CSS.get(row["status"], ""))


def _counts(site: Inspection, tested: Sequence[Row]) -> Grid:
    rows = []
    for row in tested:
        found = Counter(
            result["status"] for result in site.find_rows(LessonsAppliedRow, recommendation=row["recommendation"])
        )
        rows.append((Cell(past_recommendation_name(row), past_recommendation_path(row["recommendation"])), row["text"],
                     *(row_count(found[status]) for status in list(LETTERS)[:4])))  # fmt: skip
    heads = ("Recommendation", "What was asked", *(f"#{status.capitalize()}" for status in list(LETTERS)[:4]))
    return grid("How many forces show it", heads, rows)


def _entry(site: Inspection, row: Row) -> dict[str, Any]:
    facts = [("Asked of", row["owner"] or "not found"), ("By", row["deadline"] or "no day was found"),
             ("Status last read", ", ".join(filter(None, (row["last_status"], row["last_status_on"])))),
             ("Test", row["test"] if row["text_read"] else "None: its text was not read in any source."),
             ("Source", row["source"])]  # fmt: skip
    way = past_recommendation_path(row["recommendation"])
    return {
        "key": row["recommendation"],
        "name": past_recommendation_name(row),
        "way": way,
        "text": row["text"],
        "facts": facts,
    }


def _statement_counts(site: Inspection) -> Grid | None:
    """Count the forces' statements by how they compare with the evidence."""
    found = Counter(
        row["comparison"] or "one of the two is silent" for row in site.rows(LessonsAppliedRow) if row["claimed_status"]
    )
    rows = [(Cell(words), row_count(number)) for words, number in found.most_common()]
    heads = ("Its own words", "#Times")
    return grid("What forces say of a recommendation, beside what is shown", heads, rows) if rows else None


def _change_counts(site: Inspection) -> Grid | None:
    found = Counter((row["changed"], row["way"] or "") for row in site.rows(PracticeChangePointsRow))
    rows = [(Cell(changed), way, row_count(number)) for (changed, way), number in sorted(found.items())]
    heads = ("When practice changed", "For better or worse", "#Forces and measures")
    return grid("Did practice change, and after what?", heads, rows) if rows else None


def _change_table(site: Inspection, rows: Sequence[Row]) -> Grid:
    cells = []
    for row in rows:
        form = site.find_row(IndicatorsRow, indicator=row["indicator"])
        cells.append((Cell(form["title"], page_path(form)) if form else Cell(row["indicator"]), row["changed"],
                     row["way"] or "", row["why"] or ""))  # fmt: skip
    return grid("When practice changed", ("Measure", "Changed", "For better or worse", "To know"), cells)


def _claims_page(site: Inspection) -> Page:
    rows = site.rows(ClaimTestsRow)
    found = Counter((row["subject"], row["verdict"]) for row in rows)
    kinds = ("supported", "contradicted", "cannot be tested")
    counts: list[tuple[Cell | str, ...]]
    counts = [(Cell(subject.capitalize()), *(row_count(found[subject, kind]) for kind in kinds))
              for subject in sorted({row["subject"] for row in rows})]  # fmt: skip
    context = {
        "counts": grid("How statements stand", ("About", *(f"#{kind.capitalize()}" for kind in kinds)), counts),
        "table": _claims_table(site, sorted(rows, key=lambda row: kinds.index(row["verdict"]) != 1), force=True),
    }
    return Page("claims.html", "inspected/claims.html", "What forces say of themselves", CERTAINTY_NOTE, (), context)


def _claims_table(site: Inspection, rows: Sequence[Row], *, force: bool) -> Grid:
    heads = ("Statement", "Evidence", "Stands", "#How sure it is off", "#By how much", "Said on")
    cells: list[tuple[Cell | str, ...]] = []
    for row in rows:
        place = site.places[row["place_code"]]
        first = (Cell(place["name"], f"forces/{place['slug']}/reasons.html#lessons"),) if force else ()
        css = {"contradicted": "disagrees", "supported": "agrees"}.get(row["verdict"], "")
        probability = "" if row["probability"] is None else whole_percent(row["probability"])
        cells.append(
            (
                *first,
                row["statement"],
                row["evidence"],
                Cell(row["verdict"], css=css),
                probability,
                _difference_text(row),
                row["statement_date"],
            )
        )
    return grid("Each statement", (("Force", *heads) if force else heads), cells, dense=True)


def _difference_text(row: Row, column: str = "difference") -> str:
    """'+21 points (12 to 30)'."""
    if row[column] is None:
        return ""
    points, low, high = (round(100 * row[name]) for name in (column, f"{column}_low", f"{column}_high"))
    return f"{points:+d} points ({low} to {high})"


def _plan_page(site: Inspection) -> Page:
    rows = sorted(site.rows(PlanEditionsRow), key=lambda row: row["edition"])
    editions = [(Cell(str(row["edition"])), row["sealed_on"], str(row["items"]), str(row["returns_before"]),
                 row["notice_on"] or "not written down", row["reason"] or "",
                 Cell(row["hash"], css="hash")) for row in rows]  # fmt: skip
    heads = ("Edition", "Sealed on", "#Items", "#Returns before", "Inspection announced", "Reason", "Hash")
    changes: list[tuple[Cell | str, ...]]
    changes = [(Cell(f"{row['part']}: {row['item']}"), row["change"], row["edition"], row["changed_on"] or "",
                row["reason"] or "", row["moved"] or "") for row in site.rows(PlanChangesRow)]  # fmt: skip
    change_heads = ("Item", "What", "Edition", "On", "Reason", "What moved")
    context = {
        "editions": grid("Editions of the plan", heads, editions, dense=True),
        "changes": grid("What was changed", change_heads, changes, dense=True) if changes else None,
        "before": rows[0]["returns_before"] == 0,
        "sealed": _changed_grades_table(site),
    }
    return Page("plan.html", "inspected/plan.html", "Rules before results", PLAN_CERTAINTY_NOTE, (), context)


def _changed_grades_table(site: Inspection) -> Grid | None:
    """Return the grades under the rules as first sealed, where they differ."""
    rows = [(Cell(site.name(row["place_code"])), row["line"], row["sealed"], row["proposed"])
            for row in site.rows(SealedGradesRow) if row["sealed"] != row["proposed"]]  # fmt: skip
    heads = ("Force", "Inspection theme", "Under the rules fixed before results", "Under the rules in use")
    return grid("Grades that the change of rules moved", heads, rows) if rows else None


def _follow_up_table(site: Inspection) -> Grid | None:
    rows = [(Cell(site.name(row["place_code"])), row["text"], Cell(row["verdict"], css=VERDICT.get(row["verdict"], "")),
             "" if row["probability_better"] is None else whole_percent(row["probability_better"]),
             _difference_text(row, "change"), row["why"],
             row["reply"]) for row in site.rows(RevisitsRow) if not site.is_withheld(row["place_code"])]  # fmt: skip
    heads = ("Force", "What was asked", "Now", "#Probability that it is better", "#By how much", "To know", "Reply")
    return grid("What an earlier inspection asked for", heads, rows, dense=True) if rows else None


def _assurance_page(site: Inspection) -> Page:
    impact_order = {"high": 0, "medium": 1, "low": 2}
    found = sorted(
        site.rows(AssumptionsRow), key=lambda row: (impact_order[row["impact"]], -impact_order[row["quality"]])
    )
    rows = [(Cell(row["text"]), row["topic"], row["quality"], row["impact"], row["checked_by"]) for row in found]
    heads = ("What is assumed", "For", "Quality of its ground", "Impact", "How it was checked")
    log = [(Cell(row["check"]), row["found"]) for row in sorted(site.rows(QualityLogRow), key=lambda row: row["place"])]
    replies: list[tuple[Cell | str, ...]]
    answered: Sequence[Row] = site.rows(AccuracyRow)
    replies = [(Cell(site.name(row["place_code"])), *(str(row[name]) for name in REPLY_COLUMNS)) for row in answered]
    reply_heads = ("Force", "#Points", "#Accepted", "#Disputed", "#Not answered")
    context = {
        "assumptions": grid("Assumptions, those on which most hangs first", heads, rows),
        "log": grid("Checks, and what each found", ("Check", "Found"), log),
        "answers": grid("What forces answered", reply_heads, replies) if replies else None,
    }
    title = "What is assumed, and how it was checked"
    return Page("assurance.html", "inspected/assurance.html", title, PLAN_CERTAINTY_NOTE, (), context)
