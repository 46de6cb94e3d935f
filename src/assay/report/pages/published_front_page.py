"""What was asked, what was found, and how sure are we: in all, by line of enquiry, and question by question?"""

from collections.abc import Sequence
from itertools import zip_longest

from assay.indicators.evidence_strands import alone
from assay.report.derived_numbers import tallied
from assay.report.number_words import slug
from assay.report.page_elements import Cell, Figure, Page, grid
from assay.report.pages.published_charts import trend
from assay.report.quotable_figures import found_figure
from assay.report.report_tables import NATIONAL, Row, Site

MOST_HEADLINES = 10
SURE = (
    "Every figure rests on counts that departments have published. Estimates carry an interval, comparisons a guard "
    "against false "
    "alarms, and each figure leads to its receipt. What is never reported, or reported and not recorded, is in none "
    "of them."
)
ASKED = {
    "attitudes": "How do the police regard victims: are they believed, or blamed?",
    "assessments": "How good are the police at judging the nature and the scale of offending, and the risk to a child?",
    "scale": "How much offending is there, and does it fall, as some have held?",
    "responses": "Are responses of the right kind, adequate, and in time?",
    "lessons": "Is what past failures taught applied?",
}


def front_page(site: Site) -> Page:
    """The first page: what was asked, what was found, how sure, how to read."""
    chosen = _headlines(site)
    lines = [
        {
            **line,
            "asked": _asked(line),
            "figures": [found_figure(site, r) for r in chosen if site.line_of(r) == line["line"]],
            "counts": _answered(site, line["line"]),
        }
        for line in site.lines
    ]
    chart = trend(site, "EW", site.default)
    told = {"lines": lines, "chart": chart, "questions": len(site.rows("questions")), "forces": len(site.forces)}
    title = "Child sexual offences recorded by police in England and Wales"
    return Page("index.html", "index.html", title, SURE, (), told, (chart,) if chart else ())


def _asked(line: Row) -> str:
    words = f"{line['line']} {line['name']}".lower()
    return next((said for key, said in ASKED.items() if key in words), "")


def _headlines(site: Site) -> list[Row]:
    """At most ten, dealt out among the lines in turn: of each measure the latest, England and Wales first."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in site.headlines:
        if row["offence_key"] in (site.default, "", None):
            subject = tuple(row["key"].split("/")[:2])
            best = latest.get(subject)
            if best is None or _preferred(row) > _preferred(best):
                latest[subject] = row
    order = sorted(latest.values(), key=lambda r: (r["offence_key"] != site.default, r["value"] is None, r["key"]))
    hands = [[r for r in order if site.line_of(r) == line["line"]] for line in site.lines]
    dealt = [row for turn in zip_longest(*hands) for row in turn if row is not None][:MOST_HEADLINES]
    return [row for hand in hands for row in hand if row in dealt]


def first_and_rest(site: Site, rows: Sequence[Row]) -> tuple[list[Figure], list[Figure]]:
    """Findings to be read first (of each series the latest, England and Wales first), and the others."""
    latest: dict[tuple[str, ...], Row] = {}
    for row in rows:
        subject = tuple(row["key"].split("/")[:2])
        if subject not in latest or _preferred(row) > _preferred(latest[subject]):
            latest[subject] = row
    chosen = sorted(
        latest.values(),
        key=lambda r: (r["offence_key"] != site.default, bool(r["offence_key"]), r["value"] is None, r["key"]),
    )
    first = chosen[:MOST_HEADLINES]
    return [found_figure(site, r) for r in first], [found_figure(site, r) for r in rows if r not in first]


def _preferred(row: Row) -> tuple[str, int]:
    return row["period"] or "", -NATIONAL.index(row["place_code"])


def _answered(site: Site, line: str) -> dict[str, int]:
    asked = site.by("questions", line=line)
    return {
        "all": len(asked),
        "answered": sum(r["answered"] == "answered" for r in asked),
        "partly": sum(r["answered"] == "partly" for r in asked),
    }


def line_pages(site: Site) -> list[Page]:
    """One page for each line of enquiry."""
    return [_line(site, line) for line in site.lines]


def _line(site: Site, line: Row) -> Page:
    asked = sorted(site.by("questions", line=line["line"]), key=number)
    found = [r for r in site.headlines if site.line_of(r) == line["line"]]
    table = grid(
        f"{line['name']}: the questions, and whether published statistics answer them",
        ("Question", "What is asked", "From published statistics"),
        [(Cell(r["number"], f"questions/{r['number'].lower()}.html"), r["text"], r["answered"]) for r in asked],
    )
    first, rest = first_and_rest(site, found)
    told = {
        "line": line,
        "rest": rest,
        "asked": _asked(line),
        "figures": first,
        "table": table,
        "counts": _answered(site, line["line"]),
        "rests_on": alone("data"),
    }
    return Page(f"lines/{line['slug']}.html", "line.html", line["name"], SURE, (), told)


def number(row: Row) -> int:
    """The number of a question, to put Q2 before Q10."""
    digits = "".join(letter for letter in row["number"] if letter.isdigit())
    return int(digits or 0)


def question_pages(site: Site) -> list[Page]:
    """The index of questions, and one page a question."""
    asked = sorted(site.rows("questions"), key=number)
    table = grid(
        "The questions, by number",
        ("Question", "Line of enquiry", "What is asked", "From published statistics"),
        [
            (Cell(r["number"], f"questions/{r['number'].lower()}.html"), r["line_name"], r["text"], r["answered"])
            for r in asked
        ],
    )
    index = Page("questions/index.html", "questions.html", "Questions", SURE, (), {"table": table, "count": len(asked)})
    return [index, *(_question(site, row, asked) for row in asked)]


def _question(site: Site, row: Row, asked: list[Row]) -> Page:
    found = site.by("findings", question=row["number"])
    national, rest = first_and_rest(site, [r for r in found if r["place_code"] in NATIONAL])
    local = sorted(
        {
            (site.name(r["place_code"]), site.places[r["place_code"]]["slug"])
            for r in found
            if site.has_page(r["place_code"])
        }
    )
    place = asked.index(row)
    how, missing = split_how(row)
    told = {
        "question": row,
        "how": how,
        "missing": missing,
        "figures": national,
        "rest": rest,
        "local": local,
        "line_slug": slug(row["line_name"]),
        "before": asked[place - 1] if place else None,
        "after": asked[place + 1] if place + 1 < len(asked) else None,
    }
    return Page(
        f"questions/{row['number'].lower()}.html",
        "question.html",
        f"{row['number']}: {row['text']}",
        SURE,
        (("Questions", "questions/index.html"),),
        told,
    )


MISSING = " What is missing: "


def split_how(row: Row) -> tuple[str, str]:
    """How far published statistics answer a question, and what is missing."""
    how = row["how"] or ""
    if MISSING in how:
        told, _, missing = how.partition(MISSING)
        return told.strip(), missing.strip()
    if how.startswith(MISSING.strip()):
        return "", how.removeprefix(MISSING.strip()).strip()
    return ("", how) if row["answered"] == "not from published statistics" else (how, "")


def cannot_page(site: Site) -> Page:
    """What cannot be answered from published statistics, each with a request that is ready to be sent."""
    asked = sorted((r for r in site.rows("questions") if r["answered"] != "answered"), key=number)
    groups = [
        {"line": line, "questions": [_gap(r) for r in asked if r["line"] == line["line"]]}
        for line in site.lines
        if any(r["line"] == line["line"] for r in asked)
    ]
    told = {"groups": groups, "count": tallied(len(asked)), "all": tallied(len(site.rows("questions")))}
    return Page("cannot-be-answered.html", "cannot.html", "What published statistics cannot answer", SURE, (), told)


def _gap(row: Row) -> Row:
    how, missing = split_how(row)
    return {**row, "how": how, "missing": missing}
