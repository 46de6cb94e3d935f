"""Who was served worse, and whose suspects were pursued less: which groups can be seen at all, and which differ?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from assay.report.number_words import NOT_GIVEN, plural, whole
from assay.report.page_elements import Cell, Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, count_words, path_of, share_words
from assay.report.pages.inspection.people.page_sections import Part, page_of
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

NOT_KNOWN = "not known"
KEPT_BACK = "kept-back:base"
FEW = 7
"""The highest count that is hidden for being small."""
AGES = (
    "The age is that at the offence; of a missing episode it is the age when it began. A child who is the victim of no "
    "crime has no age at an offence, and is described by what the return says of them elsewhere."
)
WITHOUT = (
    (NOT_KNOWN, "Not written down for {} in 100 records{}.", "How often it is not written down cannot be shown."),
    ("nobody is described", "In {} in 100 records nobody is described: no entry says who they are about{}.",
     "In how many records nobody is described cannot be shown."),
    ("no crime against them", "In {} in 100 records the child is the victim of no crime{}.",
     "In how many records the child is the victim of no crime cannot be shown."),
)  # fmt: skip
"""Records that stand in no group, and how that is said; and where their counts are kept back."""


SHOWN, NOT_SHOWN = "a difference is shown", "no difference is shown"
NO_GROUP = "not a group"
NONE_SHOWN = (
    "That no difference is shown does not mean that there is none: it means that these records, with so few people or "
    "so much left empty, do not show one."
)
BESIDE = (
    "Each group is held against all others of whom it is known, within the same force and the same kind of offence, in "
    "both directions; and over everything that was looked at, at most one named difference in twenty is chance."
)
PURSUIT = ("ethnicity, as they define it", "ethnicity, as an officer saw it")
NOT_RECORDED_NOTE = (
    "\u2018Could be\u2019: the plain difference, without regard to force and offence, if those whose group is not "
    "recorded all stood where they lower it most, and where they raise it most."
)

SURE_SERVED = (
    "A difference may come from who reports, from what is recorded, and from cases that differ in ways that no column "
    "holds. Force and kind of offence are allowed for, and nothing else is. Whose characteristic is not written down "
    "stands in no group."
)


def served_page(site: Inspection) -> Page:
    """Victims, by every characteristic."""
    rows = [row for row in site.rows("served") if row["side"] == "victim"]
    waits = [row for row in site.rows("served_waits") if row["side"] == "victim"]
    intro = (BESIDE, AGES)
    parts = [_differences(site, rows, waits), _unseen(rows), *_each_characteristic(site, rows, waits), *_left(site)]
    lead = "Every indicator and wait of victims, by sex, age, ethnicity, disability, care and nationality."
    return page_of("served", "Who was served worse", lead, SURE_SERVED, intro, parts)


def pursuit_page(site: Inspection) -> Page:
    """Suspects and victims, by ethnicity."""
    lead = "Arrest, charge, waits and closure, by the ethnicity of suspects and by that of victims."
    intro = (
        BESIDE,
        "The ethnicity that people state and the one that an officer saw are never put together. "
        "A group that is pursued more, and a group that is pursued less, both stand here.",
        NONE_SHOWN,
    )
    parts = []
    for side, words in (("suspect", "By the suspect"), ("victim", "By the victim")):
        rows = [r for r in site.rows("served") if r["side"] == side and r["characteristic"] in PURSUIT]
        waits = [r for r in site.rows("served_waits") if r["side"] == side and r["characteristic"] in PURSUIT]
        grids = [g for g in (_shares_grid(site, rows, words), _waits_grid(site, waits, words)) if g]
        shown = sum(row["verdict"] == SHOWN for row in (*rows, *waits))
        looked = sum(row["verdict"] in (SHOWN, NOT_SHOWN) for row in (*rows, *waits))
        parts.append(Part(words, (_held_against(looked, shown),), (), [(one.caption, one) for one in grids]))
    return page_of("pursuit", "Equal pursuit, equal protection", lead, SURE_SERVED, intro, parts)


def _held_against(looked: int, shown: int) -> str:
    if not looked:
        return "No group could be held against others: too few records tell, or too many do not say which group."
    figures = f"{plural(looked, 'figure')} of a group that could be held against others"
    return f"Of {figures}, {whole(shown) if shown else 'none'} {'differs' if shown == 1 else 'differ'}."


def _differences(site: Inspection, rows: list[Row], waits: list[Row]) -> Part:
    shown = sorted((r for r in rows if r["verdict"] == SHOWN), key=lambda r: -abs(r["points"] or 0))
    paced = [r for r in waits if r["verdict"] == SHOWN]
    if not shown and not paced:
        return Part("Differences that are shown", ("None.", NONE_SHOWN))
    grids = [g for g in (_shares_grid(site, shown, "Differences that are shown"),
                         _waits_grid(site, paced, "Waits that differ")) if g]  # fmt: skip
    return Part("Differences that are shown", (NONE_SHOWN.replace("no difference is", "a difference is not"),), grids)


def _unseen(rows: list[Row]) -> Part:
    """Group by group: on how many indicators it could be seen, and why not on the others."""
    told: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        if row["verdict"] != NO_GROUP:
            told.setdefault((row["characteristic"], row["people"]), Counter())[row["verdict"]] += 1
    verdicts = sorted({verdict for held in told.values() for verdict in held})
    order = sorted(told, key=lambda one: (one[0], not one[1].startswith("under"), one[1]))
    shown = [(f"{people} ({name})", *(whole(told[name, people][v]) for v in verdicts)) for name, people in order]
    said = (
        "A group of which fewer than 20 records tell, a characteristic that is empty for more than a quarter of "
        "records, or records of which too many do not say who they are about: none of these can be compared. Whatever "
        "was done to these people, these figures do not show it."
    )
    heads = ("Group", *(f"#{verdict.capitalize()}" for verdict in verdicts))
    table = grid("On how many indicators each group can be seen", heads, shown, dense=True)
    return Part("Who is too few, or too seldom recorded, to be seen", (said,), [table] if shown else ())


def _each_characteristic(site: Inspection, rows: list[Row], waits: list[Row]) -> Iterable[Part]:
    for name in dict.fromkeys(row["characteristic"] for row in (*rows, *waits)):
        mine = [row for row in rows if row["characteristic"] == name]
        paced = [row for row in waits if row["characteristic"] == name]
        grids = [g for g in (_shares_grid(site, mine, f"By {name}"), _waits_grid(site, paced, f"Waits by {name}")) if g]
        yield Part(name.capitalize(), (_unrecorded(mine),), (), [(one.caption, one) for one in grids])


def _unrecorded(rows: list[Row]) -> str:
    """How many of the records that tell stand in no group, and why: of the indicators where that is least and most."""
    if not any(row["base"] for row in rows):
        return "No record tells, or none that may be shown."
    told = []
    for people, words, kept_back in WITHOUT:
        if people != NOT_KNOWN and not any(row["people"] == people and row["base"] != 0 for row in rows):
            continue
        shares = _shares_of(rows, people)
        low, high = (min(shares), max(shares)) if shares else (0, 0)
        one_figure = (f"{low}", ", on every indicator that shows it")
        between = (f"{low} to {high}", ", by indicator") if low < high else one_figure
        told.append(words.format(*between) if shares else kept_back)
    return " ".join(told)


def _shares_of(rows: list[Row], people: str) -> list[int]:
    """Of 100 records that tell, how many stand under `people`, on each indicator that shows it: a count that is hidden
    is not none. Where another group is of fewer than 8, both with 1 and with 7 in it."""
    held: dict[str, list[Row]] = {}
    for row in rows:
        held.setdefault(row["indicator"], []).append(row)
    found = []
    for mine in held.values():
        whole_base = sum(row["base"] or 0 for row in mine)
        lost = [row["base"] for row in mine if row["people"] == people]
        shown = None not in lost and not any(KEPT_BACK in (row["hidden"] or "").split() for row in mine)
        if shown and whole_base:
            few = sum(row["base"] is None for row in mine)
            found += [round(100 * sum(lost) / (whole_base + each * few)) for each in (1, FEW)]
    return found


def _left(site: Inspection) -> Iterable[Part]:
    """The indicators and waits that no table above holds, with why."""
    rows = [(_any_form(site, row["form"]), row["reason"]) for row in site.rows("not_parted")]
    if rows:
        title = "What is not told by who the victims are"
        yield Part(title, (), (), [(f"{plural(len(rows), 'indicator or wait', 'indicators and waits')}, and why",
                                    grid(title, ("Indicator or wait", "Why"), rows))])  # fmt: skip


def _any_form(site: Inspection, key: str) -> Cell:
    table = "indicators" if site.one("indicators", indicator=key) else "waits"
    return _form_cell(site, table, key)


def _form_cell(site: Inspection, table: str, key: str) -> Cell:
    form = site.one(table, **{"indicator" if table == "indicators" else "wait": key})
    return Cell(form["title"], path_of(form)) if form else Cell(key)


def _points(row: Row) -> str:
    if row["points"] is None:
        return NOT_GIVEN
    return f"{_signed(row['points'])} ({_signed(row['points_low'])} to {_signed(row['points_high'])})"


def _signed(value: float | None) -> str:
    return NOT_GIVEN if value is None else f"{round(value):+d}".replace("+0", "0").replace("-", "\u2212")


def _could_be(row: Row) -> str:
    if row["points_least"] is None or row["points_most"] is None:
        return NOT_GIVEN
    return f"{_signed(row['points_least'])} to {_signed(row['points_most'])}"


def _shares_grid(site: Inspection, rows: list[Row], caption: str) -> Grid | None:
    told = [
        (_form_cell(site, "indicators", row["indicator"]), f"{row['people']} ({row['characteristic']})",
         count_words(row, "base"), share_words(row), _points(row), _could_be(row), row["verdict"])
        for row in rows
    ]  # fmt: skip
    heads = ("Indicator", "Group", "#Records that tell", "#Share that meets it", "#Points in 100 beside others, 95%",
             "#Could be", "What is shown")  # fmt: skip
    note = f"{NOT_RECORDED_NOTE} {HIDDEN_NOTE}"
    return grid(f"{caption}: shares", heads, told, note=note, dense=True) if told else None


def _waits_grid(site: Inspection, rows: list[Row], caption: str) -> Grid | None:
    told = [
        (_form_cell(site, "waits", row["wait"]), f"{row['people']} ({row['characteristic']})",
         count_words(row, "records"), count_words(row, "still_waiting"), _median(row), _pace(row))
        for row in rows
    ]  # fmt: skip
    heads = ("Wait", "Group", "#Records followed", "#Still waiting", "#Half had ended by day, 95%", "What is shown")
    return grid(f"{caption}: waits", heads, told, note=HIDDEN_NOTE, dense=True) if told else None


def _median(row: Row) -> str:
    if row["median_days"] is None:
        return "not reached" if row["records"] else NOT_GIVEN
    high = "not reached" if row["median_high"] is None else whole(row["median_high"])
    return f"{whole(row['median_days'])} ({whole(row['median_low'] or 0)} to {high})"


def _pace(row: Row) -> str:
    if row["verdict"] != SHOWN:
        return str(row["verdict"])
    return f"{SHOWN}: {'sooner' if row['sooner'] else 'later'} than the others"
