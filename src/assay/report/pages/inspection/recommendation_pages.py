"""What does each recommendation ask for, and where is it seen: one page for each of the past, and each of our own?

The words are made by rule from what was released: how many forces show it, on which measures that rests, and how sure
each of them is. Of a force whose own page waits for a named yes nothing is said here by name either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assay.report.charts.tile_map import Tile, tiles
from assay.report.derived_numbers import tallied
from assay.report.number_words import listed, slug
from assay.report.page_elements import Cell, Figure, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, chance, count_words, own, path_of, span, status
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.quotable_figures import row_key
from assay.report.report_tables import Row

INDEX = "recommendations/index.html"
CRUMBS = (("Recommendations", INDEX),)
WAITS = "waits for a named yes"
PAST_SURE = (
    "A status says what records, files and documents show, and not what is true: what cannot be shown may be done. A "
    "test is met where three in four records meet it, whatever those that do not tell would say, and is not met where "
    "that is as sure the other way; between the two it cannot be said."
)
OWN_SURE = (
    "It is proposed to a panel by written rules, from the figures as this report shows them. The probability that a "
    "characteristic is shown is one under these rules: others give others, and the page of grades says which."
)
STATUSES = {
    "applied": ("yes", 4, "show it in practice", "shows it in practice"),
    "partly": ("partly", 2, "show a part of it", "shows a part of it"),
    "not applied": ("no", 0, "do not show it", "does not show it"),
    "cannot be shown": ("?", None, "leave it open", "leaves it open"),
}
"""Of each status that evidence can give: the word on a tile, its shade, and how it is said of several and of one."""
KINDS = {
    "accelerated cause of concern": ("urgent", 4, "an accelerated cause of concern"),
    "cause of concern": ("concern", 2, "a cause of concern"),
    "area for improvement": ("improve", 0, "an area for improvement"),
}
"""Of each kind that asks for something: the word on a tile, its shade, and how it is said."""
STRANDS = {"files": "Case files that people read", "documents": "Documents that people read",
           "past_recommendations": "Past recommendations", "claims": "What the force says of itself"}  # fmt: skip


def past_path(key: str) -> str:
    """Where the page of a past recommendation stands."""
    return f"recommendations/{slug(key)}.html"


def own_path(characteristic: str) -> str:
    """Where the page stands of what this inspection asks for under one characteristic of good."""
    return f"recommendations/asked-{slug(characteristic)}.html"


def past_name(row: Row) -> str:
    """A past recommendation by its report and number."""
    return f"{row['report']}, {row['number']}"


def recommendation_pages(site: Inspection) -> list[Page]:
    """Their index and one page each; none where neither the register nor anything of our own was released."""
    past = sorted(site.rows("lessons_register"), key=lambda row: row["place"])
    made = [*(_past(site, row) for row in past), *(_own(site, row) for row in asked_for(site))]
    return [_index(site, past), *made] if made else []


def asked_for(site: Inspection) -> list[Row]:
    """The characteristics under which this inspection asks for something, in the commission's order."""
    asked = {row["characteristic"] for row in site.rows("concerns") if row["recommendation"]}
    return sorted((r for r in site.rows("characteristics") if r["characteristic"] in asked), key=lambda r: r["place"])


def asked_by(site: Inspection, indicator: str) -> list[Cell]:
    """The recommendations, past and our own, that an indicator tests."""
    keys = {row["recommendation"] for row in site.rows("lessons_applied") if indicator in _keys(row, "rests_on")}
    past = [row for row in site.rows("lessons_register") if row["recommendation"] in keys]
    found = [Cell(past_name(row), past_path(row["recommendation"])) for row in sorted(past, key=lambda r: r["place"])]
    for one in asked_for(site):
        held = site.by("concerns", characteristic=one["characteristic"])
        if any(indicator in _keys(row, "test") for row in held):
            found.append(Cell(_asked(held).rstrip("."), own_path(one["characteristic"])))
    return found


def _index(site: Inspection, past: Sequence[Row]) -> Page:
    old = [(Cell(past_name(row), past_path(row["recommendation"])), row["text"], _tally(site, row)) for row in past]
    ours = []
    for one in asked_for(site):
        rows = site.by("concerns", characteristic=one["characteristic"])
        ours.append((Cell(_asked(rows), own_path(one["characteristic"])), _of_kinds(rows)))
    of_past, of_ours = ("Recommendation", "What was asked", "Found"), ("Recommendation", "Of how many forces")
    told = {
        "past": grid("Each past recommendation", of_past, old) if old else None,
        "ours": grid("Each recommendation of this inspection", of_ours, ours) if ours else None,
        "crumb": "Recommendations",
        "recommended": "",
    }
    return Page(INDEX, "inspected/recommendations.html", "Recommendations", PAST_SURE, (), told)


def _past(site: Inspection, row: Row) -> Page:
    key, applied = row["recommendation"], _applied(site, row)
    tests = list(dict.fromkeys(test for one in applied for test in _keys(one, "rests_on")))
    facts = [("Asked of", row["owner"] or "not found"), ("By", _day(row["deadline"]) or "no day was found"),
             ("Status last read", ", ".join(filter(None, (row["last_status"], _day(row["last_status_on"]))))),
             ("What would show it", row["test"] if row["text_read"] else "Nothing: its text was not read."),
             ("Read in", row["source"])]  # fmt: skip
    words = {status: (tile, shade) for status, (tile, shade, *_) in STATUSES.items()}
    told = {
        "recommended": "", "kicker": "Past recommendation", "asked": row["text"], "facts": facts,
        "headline": _figure(site, _tally(site, row), row["text"], len(applied), "lessons_register", row, PAST_SURE),
        "map": _map(site, applied, "status", words, past_name(row)),
        "key": [(shade, f"{tile}: {said}") for tile, shade, said, _ in STATUSES.values()],
        "tests": _tests(site, tests), "besides": [STRANDS[test] for test in tests if test in STRANDS],
        "changed": _changed(site, tests), "table": _past_table(site, applied), "revisited": None, "states": None,
    }  # fmt: skip
    return Page(past_path(key), "inspected/recommendation.html", past_name(row), PAST_SURE, CRUMBS, told)


def _own(site: Inspection, one: Row) -> Page:
    key = one["characteristic"]
    rows = [row for row in site.by("concerns", characteristic=key) if row["recommendation"]]
    tests = list(dict.fromkeys(test for row in rows for test in _keys(row, "test")))
    words = {kind: (tile, shade) for kind, (tile, shade, _) in KINDS.items()}
    judged = len(site.by("shown", characteristic=key))
    told = {
        "recommended": key, "kicker": "Recommendation of this inspection",
        "asked": f"So that this holds: {one['text']}", "facts": [],
        "headline": _figure(site, _of_kinds(rows), _asked(rows), judged, "characteristics", one, OWN_SURE),
        "map": _map(site, rows, "kind", words, _asked(rows)),
        "key": [(shade, f"{tile}: {said}") for tile, shade, said in KINDS.values()],
        "tests": _tests(site, tests), "besides": [STRANDS[test] for test in tests if test in STRANDS],
        "changed": None, "table": _own_table(site, rows), "revisited": _revisited(site, key),
        "states": _states(site, key),
    }  # fmt: skip
    return Page(own_path(key), "inspected/recommendation.html", _asked(rows).rstrip("."), OWN_SURE, CRUMBS, told)


def _day(text: str | None) -> str:
    """A day as a reader says it: '31 December 2024'; whatever is no whole day stays as it is."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return f"{day.day} {day:%B %Y}"


def _keys(row: Row, column: str) -> list[str]:
    return (row[column] or "").split()


def _asked(rows: Iterable[Row]) -> str:
    return next(str(row["recommendation"]) for row in rows if row["recommendation"])


def _applied(site: Inspection, row: Row) -> list[Row]:
    """What is shown of it force by force; nothing where it was asked of others, or nobody read its text."""
    rows = site.by("lessons_applied", recommendation=row["recommendation"])
    return [one for one in rows if one["status"] in STATUSES]


def _tally(site: Inspection, row: Row) -> str:
    """How many forces show it, in one sentence; or why no force is held to it."""
    rows = _applied(site, row)
    if not row["text_read"]:
        return "Its text was not read in any source, so no force is held to it."
    if not rows:
        return f"It was asked of others ({row['owner'] or 'of whom was not found'}), so no force is held to it."
    found = Counter(one["status"] for one in rows)
    parts = [_several(found[key], *said) for key, (_, _, *said) in STATUSES.items() if found[key]]
    return f"Of {_forces(len(rows))}, {listed(parts)}."


def _several(number: int, many: str, one: str) -> str:
    return f"{_count(number)} {one if number == 1 else many}"


def _of_kinds(rows: Sequence[Row]) -> str:
    """Of how many forces it is asked, and as what."""
    found = Counter(row["kind"] for row in rows)
    forces = _forces(sum(found[kind] for kind in KINDS))
    said_of = [(kind, said) for kind, (*_, said) in KINDS.items() if found[kind]]
    if len(said_of) == 1:
        return f"Asked of {forces}, as {said_of[0][1]}."
    return f"Asked of {forces}: {listed([f'{_count(found[kind])} as {said}' for kind, said in said_of])}."


def _count(number: int) -> str:
    return tallied(number)


def _forces(number: int) -> str:
    return f"{_count(number)} {'force' if number == 1 else 'forces'}"


def _figure(site: Inspection, said: str, asked: str, base: int, table: str, row: Row, limit: str) -> Figure:
    """The sentence of the page, as it may be quoted; `base`: how many forces were looked at for it."""
    of = f"{_forces(base)} that {'was' if base == 1 else 'were'} looked at" if base else "no force is held to it"
    quote = (
        f"{asked} {said} Base: {of}. Period: {site.period}. Source: returns to request {site.about['request']}. "
        f"It cannot tell what is true beyond them: {limit}"
    )
    return Figure("headline", said, "", quote=quote, table=table, row=row_key(table, row))


def _tests(site: Inspection, keys: Iterable[str]) -> Grid | None:
    """Each measure by which it is tested, of all bodies together: its share, how far that could move, and its base."""
    forms = [form for key in keys if (form := site.one("indicators", indicator=key))]
    rows = []
    for form in forms:
        row, base = site.ladder(form["indicator"], ALL), site.standing(form["indicator"], ALL)
        told = count_words(base, "base") if base else "not given"
        between = span(row, "share_lowest", "share_highest")
        rows.append((Cell(form["title"], path_of(form)), own(row, None), between, told, form["better"],
                     status(form).tag))  # fmt: skip
    heads = ("Measure", "#Share that meets it", "#Could be", "#Records that tell", "Which is better", "Does it grade?")
    note = f"\u2018Could be\u2019: the share if no record that does not tell met it, and if all did. {HIDDEN_NOTE}"
    return grid("The measures that test it, all bodies together", heads, rows, note=note, dense=True) if rows else None


def _map(
    site: Inspection, rows: Iterable[Row], column: str, words: Mapping[str, tuple[str, int | None]], label: str
) -> dict[str, Any] | None:
    """A tile a force; of one whose page waits the tile says that, and nothing else."""
    placed = []
    for row in rows:
        place, (said, shade) = site.places[row["place_code"]], words.get(row[column], ("", None))
        told, full = (WAITS, WAITS) if site.is_held(row["place_code"]) else (said, row[column])
        if place["tile_column"] is not None:
            placed.append(Tile(place["slug"], f"{place['name']}: {full}", place["tile_column"], place["tile_row"],
                               "waits" if told == WAITS else told, None if told == WAITS else shade,
                               f"../forces/{place['slug']}.html"))  # fmt: skip
    placed.sort(key=lambda tile: (tile.row, tile.column))
    return {"svg": tiles(placed, f"{label}: force by force"), "label": "force by force"} if placed else None


def _place(site: Inspection, code: str, spot: str) -> Cell:
    return Cell(site.name(code), f"forces/{site.places[code]['slug']}.html#{spot}")


def _past_table(site: Inspection, applied: Iterable[Row]) -> Grid | None:
    rows: list[tuple[Cell | str, ...]] = []
    css = {"applied": "agrees", "not applied": "disagrees"}
    for row in sorted(applied, key=lambda one: site.name(one["place_code"])):
        if site.is_held(row["place_code"]):
            rows.append((Cell(site.name(row["place_code"])), WAITS, "", "", ""))
            continue
        says = f"{row['said']}, {row['said_on']}" if row["said"] else "nothing"
        shown = Cell(row["status"], css=css.get(row["status"], ""))
        rows.append((_place(site, row["place_code"], "lessons"), shown, row["why"], says, row["beside"] or ""))
    heads = ("Force", "Shown", "Why", "The force says", "Beside each other")
    return grid("What is shown of each force", heads, rows, dense=True) if rows else None


def _own_table(site: Inspection, concerns: Iterable[Row]) -> Grid:
    rows: list[tuple[Cell | str, ...]] = []
    order = list(KINDS)
    for row in sorted(concerns, key=lambda one: (order.index(one["kind"]), site.name(one["place_code"]))):
        if site.is_held(row["place_code"]):
            rows.append((Cell(site.name(row["place_code"])), WAITS, "", ""))
            continue
        held = site.one("shown", place_code=row["place_code"], characteristic=row["characteristic"])
        spot = f"grade-{row['characteristic']}"
        rows.append((_place(site, row["place_code"], spot), row["kind"], _probable(held), _rests(site, row)))
    rows.sort(key=lambda row: row[1] == WAITS)
    heads = ("Force", "Proposed as", "#Probability that it is shown", "Rests on")
    return grid("What is proposed of each force", heads, rows, dense=True)


def _probable(row: Row | None) -> str:
    """The probability that a characteristic is shown, and how far the records that do not tell could move it."""
    if row is None or row["probability"] is None:
        return "nothing that counts tells"
    low, high = row["probability_lowest"], row["probability_highest"]
    between = f" ({chance(low)} to {chance(high)})" if high - low > 0.02 else ""
    return chance(row["probability"]) + between


def _rests(site: Inspection, row: Row) -> str:
    forms = ((key, site.one("indicators", indicator=key)) for key in _keys(row, "rests_on"))
    return "; ".join(form["title"] if form else STRANDS.get(key, key) for key, form in forms)


def _states(site: Inspection, key: str) -> str:
    """Of how many forces the characteristic is shown, is not, or cannot be told."""
    found = Counter(row["state"] for row in site.by("shown", characteristic=key))
    parts = [f"{state}: {_count(found[state])}" for state in ("shown", "not shown", "open", "at odds", "not known")
             if found[state]]  # fmt: skip
    return "; ".join(parts)


def _changed(site: Inspection, keys: Iterable[str]) -> Grid | None:
    """When practice changed on the measures that test it: how many forces and measures, by what it followed."""
    wanted = set(keys)
    held = [row for row in site.rows("practice_changed") if row["indicator"] in wanted]
    found = Counter((row["changed"], row["way"] or "") for row in held)
    rows = [(Cell(changed), way, _count(number)) for (changed, way), number in sorted(found.items())]
    heads = ("When practice changed", "For better or worse", "#Forces and measures")
    return grid("Did practice change, and after what?", heads, rows) if rows else None


def _revisited(site: Inspection, key: str) -> Grid | None:
    """What an earlier inspection asked for under the same characteristic, and how it stands now."""
    rows = [(Cell(site.name(row["place_code"])), row["text"], row["verdict"], row["why"], row["reply"])
            for row in site.by("revisited", characteristic=key) if not site.is_held(row["place_code"])]  # fmt: skip
    heads = ("Force", "What was asked then", "Now", "To know", "Reply")
    return grid("Each that an earlier inspection made", heads, rows, dense=True) if rows else None
