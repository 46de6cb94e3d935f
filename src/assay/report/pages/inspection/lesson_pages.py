"""Was what past reports asked for done, is what forces say of themselves so, and by which plan was all this judged?"""

from __future__ import annotations

from collections import Counter
from typing import Any

from assay.report.derived_numbers import tallied
from assay.report.number_words import whole_percent
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import path_of
from assay.report.pages.inspection.recommendation_pages import past_name, past_path
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

SURE = (
    "A status says what the evidence shows, and not what is true: what cannot be shown may be done. A recommendation "
    "of which nobody has read the text is listed, and no force is held to it. That practice changed after a day does "
    "not show why it did."
)
LETTERS = {"applied": "A", "partly": "P", "not applied": "N", "cannot be shown": "?", "depends on others": "o",
           "listed, not tested": "-"}  # fmt: skip
VERDICT = {"better": "agrees", "worse": "disagrees"}
ANSWERED = ("points", "accepted", "disputed", "not_answered")
CSS = {"applied": "agrees", "not applied": "disagrees"}
PLAN_SURE = (
    "The hash of each edition stands in the ledger, whose last hash is printed at the foot of every page: nobody can "
    "put another plan in its place afterwards without that being seen."
)


def lessons_pages(site: Inspection) -> list[Page]:
    """The matrix, the claims and the plan; each only where there is something to show."""
    made = [_matrix(site)] if site.rows("lessons_register") else []
    made += [_claims(site)] if site.rows("claims_tested") else []
    made += [_plan(site)] if site.rows("plan_editions") else []
    return made + ([_assured(site)] if site.rows("assumptions") else [])


def of_force(site: Inspection, code: str) -> dict[str, Any] | None:
    """What of past recommendations is shown in one force, what it claims, and when practice changed."""
    rows = [row for row in site.by("lessons_applied", place_code=code) if row["rests_on"] or row["said"]]
    claims = site.by("claims_tested", place_code=code)
    changed = [row for row in site.by("practice_changed", place_code=code) if row["changed"] != "cannot be said"]
    if not rows and not claims:
        return None
    texts = {row["recommendation"]: row for row in site.rows("lessons_register")}
    told = [(Cell(past_name(texts[row["recommendation"]]), past_path(row["recommendation"])),
             Cell(row["status"], css=CSS.get(row["status"], "")), row["why"],
             f"{row['said']}, {row['said_on']}" if row["said"] else "nothing", row["beside"] or "")
            for row in rows]  # fmt: skip
    heads = ("Past recommendation", "Shown", "Why", "The force says", "Beside each other")
    return {
        "lessons": grid("Past recommendations that can be tested here", heads, told, dense=True) if told else None,
        "claims": _claims_grid(site, list(claims), force=False) if claims else None,
        "changed": _changed_grid(site, changed) if changed else None,
    }  # fmt: skip


def _matrix(site: Inspection) -> Page:
    register = sorted(site.rows("lessons_register"), key=lambda row: row["place"])
    forces = [force for force in site.forces if site.by("lessons_applied", place_code=force["place_code"])]
    tested = [row for row in register if row["text_read"] and row["owed_by"] != "others"]
    heads = ("Force", *(row["recommendation"] for row in tested))
    rows = [(Cell(force["name"], f"forces/{force['slug']}.html#lessons"),
             *(_status(site, force["place_code"], row["recommendation"]) for row in tested))
            for force in forces]  # fmt: skip
    told = {
        "matrix": grid("Each force, each recommendation that the police can apply", heads, rows, dense=True),
        "letters": "; ".join(f"{letter}: {status}" for status, letter in LETTERS.items()),
        "counts": _counts(site, tested),
        "register": [_entry(site, row) for row in register],
        "said": _said(site),
        "changed": _changed_counts(site),
        "revisited": _revisited(site),
    }
    return Page("lessons.html", "inspected/lessons.html", "Lessons applied", SURE, (), told)


def _status(site: Inspection, code: str, key: str) -> Cell:
    row = site.one("lessons_applied", place_code=code, recommendation=key)
    if row is None or site.is_held(code):
        return Cell("waits" if row else "")
    more = " (says more)" if row["beside"] == "says more than is shown" else ""
    return Cell(f"{row['status']}{more}", css=CSS.get(row["status"], ""))


def _counts(site: Inspection, tested: list[Row]) -> Grid:
    rows = []
    for row in tested:
        found = Counter(one["status"] for one in site.by("lessons_applied", recommendation=row["recommendation"]))
        rows.append((Cell(past_name(row), past_path(row["recommendation"])), row["text"],
                     *(tallied(found[status]) for status in list(LETTERS)[:4])))  # fmt: skip
    heads = ("Recommendation", "What was asked", *(f"#{status.capitalize()}" for status in list(LETTERS)[:4]))
    return grid("How many forces show it", heads, rows)


def _entry(site: Inspection, row: Row) -> dict[str, Any]:
    facts = [("Asked of", row["owner"] or "not found"), ("By", row["deadline"] or "no day was found"),
             ("Status last read", ", ".join(filter(None, (row["last_status"], row["last_status_on"])))),
             ("Test", row["test"] if row["text_read"] else "None: its text was not read in any source."),
             ("Source", row["source"])]  # fmt: skip
    way = past_path(row["recommendation"])
    return {"key": row["recommendation"], "name": past_name(row), "way": way, "text": row["text"], "facts": facts}


def _said(site: Inspection) -> Grid | None:
    """How forces' own words stand beside the evidence."""
    found = Counter(row["beside"] or "one of the two is silent" for row in site.rows("lessons_applied") if row["said"])
    rows = [(Cell(words), tallied(number)) for words, number in found.most_common()]
    heads = ("Its own words", "#Times")
    return grid("What forces say of a recommendation, beside what is shown", heads, rows) if rows else None


def _changed_counts(site: Inspection) -> Grid | None:
    found = Counter((row["changed"], row["way"] or "") for row in site.rows("practice_changed"))
    rows = [(Cell(changed), way, tallied(number)) for (changed, way), number in sorted(found.items())]
    heads = ("When practice changed", "For better or worse", "#Forces and measures")
    return grid("Did practice change, and after what?", heads, rows) if rows else None


def _changed_grid(site: Inspection, rows: list[Row]) -> Grid:
    told = []
    for row in rows:
        form = site.one("indicators", indicator=row["indicator"])
        told.append((Cell(form["title"], path_of(form)) if form else Cell(row["indicator"]), row["changed"],
                     row["way"] or "", row["why"] or ""))  # fmt: skip
    return grid("When practice changed", ("Measure", "Changed", "For better or worse", "To know"), told)


def _claims(site: Inspection) -> Page:
    rows = site.rows("claims_tested")
    found = Counter((row["about"], row["verdict"]) for row in rows)
    kinds = ("supported", "contradicted", "cannot be tested")
    counts: list[tuple[Cell | str, ...]]
    counts = [(Cell(about.capitalize()), *(tallied(found[about, kind]) for kind in kinds))
              for about in sorted({row["about"] for row in rows})]  # fmt: skip
    told = {
        "counts": grid("How statements stand", ("About", *(f"#{kind.capitalize()}" for kind in kinds)), counts),
        "table": _claims_grid(site, sorted(rows, key=lambda row: kinds.index(row["verdict"]) != 1), force=True),
    }
    return Page("claims.html", "inspected/claims.html", "What forces say of themselves", SURE, (), told)


def _claims_grid(site: Inspection, rows: list[Row], *, force: bool) -> Grid:
    heads = ("Statement", "Evidence", "Stands", "#How sure it is off", "#By how much", "Said on")
    told: list[tuple[Cell | str, ...]] = []
    for row in rows:
        place = site.places[row["place_code"]]
        first = (Cell(place["name"], f"forces/{place['slug']}.html#lessons"),) if force else ()
        css = {"contradicted": "disagrees", "supported": "agrees"}.get(row["verdict"], "")
        sure = "" if row["probability"] is None else whole_percent(row["probability"])
        told.append(
            (*first, row["says"], row["evidence"], Cell(row["verdict"], css=css), sure, _off(row), row["said_on"])
        )
    return grid("Each statement", (("Force", *heads) if force else heads), told, dense=True)


def _off(row: Row, of: str = "difference") -> str:
    """'+21 points (12 to 30)'."""
    if row[of] is None:
        return ""
    middle, low, high = (round(100 * row[name]) for name in (of, f"{of}_low", f"{of}_high"))
    return f"{middle:+d} points ({low} to {high})"


def _plan(site: Inspection) -> Page:
    rows = sorted(site.rows("plan_editions"), key=lambda row: row["edition"])
    editions = [(Cell(str(row["edition"])), row["sealed_on"], str(row["items"]), str(row["returns_before"]),
                 row["notice_on"] or "not written down", row["reason"] or "",
                 Cell(row["hash"], css="hash")) for row in rows]  # fmt: skip
    heads = ("Edition", "Sealed on", "#Items", "#Returns before", "Inspection announced", "Reason", "Hash")
    changes = [(Cell(f"{row['part']}: {row['item']}"), row["change"], row["edition"], row["changed_on"],
                row["reason"] or "", row["moved"]) for row in site.rows("plan_changes")]  # fmt: skip
    of_changes = ("Item", "What", "Edition", "On", "Reason", "What moved")
    told = {
        "editions": grid("Editions of the plan", heads, editions, dense=True),
        "changes": grid("What was changed", of_changes, changes, dense=True) if changes else None,
        "before": rows[0]["returns_before"] == 0,
        "sealed": _sealed(site),
    }
    return Page("plan.html", "inspected/plan.html", "Rules before results", PLAN_SURE, (), told)


def _sealed(site: Inspection) -> Grid | None:
    """The grades that the rules as they were first sealed would give, where they are others."""
    rows = [(Cell(site.name(row["place_code"])), row["line"], row["sealed"], row["proposed"])
            for row in site.rows("grades_sealed") if row["sealed"] != row["proposed"]]  # fmt: skip
    heads = ("Force", "Line of enquiry", "Under the sealed rules", "Under the rules in use")
    return grid("Grades that the change of rules moved", heads, rows) if rows else None


def _revisited(site: Inspection) -> Grid | None:
    rows = [(Cell(site.name(row["place_code"])), row["text"], Cell(row["verdict"], css=VERDICT.get(row["verdict"], "")),
             "" if row["probability_better"] is None else whole_percent(row["probability_better"]),
             _off(row, "change"), row["why"],
             row["reply"]) for row in site.rows("revisited") if not site.is_held(row["place_code"])]  # fmt: skip
    heads = ("Force", "What was asked", "Now", "#Probability that it is better", "#By how much", "To know", "Reply")
    return grid("What an earlier inspection asked for", heads, rows, dense=True) if rows else None


def _assured(site: Inspection) -> Page:
    weight = {"high": 0, "medium": 1, "low": 2}
    found = sorted(site.rows("assumptions"), key=lambda row: (weight[row["impact"]], -weight[row["quality"]]))
    rows = [(Cell(row["text"]), row["about"], row["quality"], row["impact"], row["checked_by"]) for row in found]
    heads = ("What is assumed", "For", "Quality of its ground", "Impact", "How it was checked")
    log = [(Cell(row["check"]), row["found"]) for row in sorted(site.rows("quality_log"), key=lambda row: row["place"])]
    answered: list[tuple[Cell | str, ...]]
    answered = [(Cell(site.name(row["place_code"])), *(str(row[name]) for name in ANSWERED))
                for row in site.rows("accuracy")]  # fmt: skip
    of_answers = ("Force", "#Points", "#Accepted", "#Disputed", "#Not answered")
    told = {
        "assumptions": grid("Assumptions, those on which most hangs first", heads, rows),
        "log": grid("Checks, and what each found", ("Check", "Found"), log),
        "answers": grid("What forces answered", of_answers, answered) if answered else None,
    }
    title = "What is assumed, and how it was checked"
    return Page("assurance.html", "inspected/assurance.html", title, PLAN_SURE, (), told)
