"""How is a figure that was counted from records put into words, and what may be said of one that is not shown?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.report.derived_numbers import worked_out
from assay.report.number_words import NOT_GIVEN, interval, rank, slug, whole, whole_percent
from assay.report.page_elements import Cell, Figure
from assay.report.pages.inspection.released_tables import ALL, Inspection
from assay.report.quotable_figures import found_figure, row_key
from assay.report.report_tables import Row

FEW, KEPT, TOO_FEW, NOT_ASKED = "fewer than 8", "kept back", "too few to say", "cannot be asked"
ONE_SIDE, FEWEST = "kept back: few on one side", 20
NOT_HERE = "not asked here: all its records are outside the question"
OUTSIDE = "outside, but so may chance be"
OUTSIDE_NOTE = (
    "\u2018Outside, but so may chance be\u2019: the share lies outside what the others predict for one force alone; "
    "once every comparison is allowed for, some do so by chance, and so it is not called higher or lower."
)
HIDDEN_NOTE = (
    "Counts are rounded to 5. \u2018Fewer than 8\u2019: a count from 1 to 7 is not shown. \u2018Kept back\u2019: left "
    "empty so that such a count cannot be worked out. \u2018Too few to say\u2019: a share on fewer than 20 "
    "records is not "
    "shown. \u2018Few on one side\u2019: enough records tell, and fewer than 8 of them met it, or did not, so that the "
    "share would give that count away."
)
SHARES = ("share", "share_lowest", "share_highest", "share_low", "share_high")
ANSWERS = ("met", "not_met", "not_known", "not_known_if_counted", "left_out", "outside")
SURE = (
    "Every figure was counted from the records that came, and outside and the five answers add up to them on every "
    "run. What a return does not hold, no figure here knows: a missing value is never taken for a no, and what could "
    "not be asked is said to be so."
)


@dataclass(frozen=True)
class Status:
    """Whether an indicator grades: a key for the page's looks, the words of its tag, and what it means."""

    key: str
    tag: str
    means: str


def status(form: Row) -> Status:
    """Graded, shown and not graded, or another body's duty."""
    if not form["holder"].startswith("police"):
        return Status(
            "system",
            "The system around the child",
            "Another body holds this duty. It is shown because the child depends on it, and it never counts for or "
            "against a police force.",
        )
    if form["graded"] and form["holder"] == "police":
        return Status("graded", "Graded", "The police hold this duty, and its standard is verified.")
    if form.get("standard") and form["holder"] == "police":
        said = "A standard stands behind it by which no force is graded: see the card. It bears on no grade."
        return Status("shown", "Shown, not graded", said)
    why = ": no standard stands behind it" if form.get("standard", "a wait has none") in ("", None) else ""
    why = ": the police share this duty with others" if form["holder"] != "police" else why
    bears = "It bears on what is proposed of a characteristic of good by a level of ours."
    return Status("shown", "Shown, not graded", f"It is no breach of a duty{why}. {bears}")


def holder_words(form: Row) -> str:
    """Whose duty it is: 'The police', 'The police with others', or another."""
    holder = str(form["holder"])
    return f"The {holder}" if holder.startswith("police") else holder[:1].upper() + holder[1:]


def is_hidden(row: Row, column: str) -> bool:
    """Whether a cell is empty because it holds fewer than 8, or rests on such a count."""
    return column in (row.get("hidden") or "").split()


def count_words(row: Row, column: str) -> str:
    """A count as it may be shown, or why it is not."""
    if row[column] is not None:
        return whole(row[column])
    if is_hidden(row, column):
        return FEW
    if f"kept-back:{column}" in (row.get("hidden") or "").split():
        return KEPT
    return NOT_ASKED if row.get("not_askable") else NOT_GIVEN


def share_words(row: Row | None, column: str = "share") -> str:
    """A share as it may be shown, or why it is not."""
    if row is None:
        return NOT_GIVEN
    if row[column] is not None:
        return whole_percent(row[column])
    if row.get("not_askable"):
        return NOT_ASKED
    if not is_hidden(row, column):
        return NOT_GIVEN
    return why_no_share(row) if column in SHARES else KEPT


def why_no_share(row: Row) -> str:
    """Why a share is hidden: too few records tell, or enough do and few of them lie on one side."""
    told = row.get("base") or max(row.get("met") or 0, row.get("not_met") or 0)
    is_few = told < FEWEST or "fewer than" in (row.get("not_comparable") or "")
    return TOO_FEW if is_few else ONE_SIDE


def is_all_outside(ladder: Row | None) -> bool:
    """Whether a body has records of the kind, and the question is about none of them."""
    if ladder is None or ladder["not_askable"] or ladder["records"] == 0:
        return False
    return all(ladder[column] == 0 for column in ANSWERS if column != "outside")


def span(row: Row | None, low: str, high: str, say: Any = whole_percent) -> str:
    """An interval as it may be shown, or why it is not."""
    if row is None or row[low] is None or row[high] is None:
        return share_words(row, low) if row is not None else NOT_GIVEN
    return interval(row[low], row[high], say)


def answer_of_one(ladder: Row | None) -> str:
    """The answer of a body that has one record alone (itself), in words; '' where there are more.

    A count of one is released only where it is of bodies and not of people.
    """
    if ladder is None or ladder["records"] != 1:
        return ""
    found = [column for column in ANSWERS if ladder[column]]
    return found[0].replace("_", " ") if found else ""


def own(ladder: Row | None, base: Row | None) -> str:
    """A body's own share and what it is of: '67% of 120'."""
    if answer := answer_of_one(ladder):
        return answer
    if is_all_outside(ladder):
        return "not asked here"
    if ladder and ladder["share"] is not None:
        of = f" of {count_words(base, 'base')}" if base and base["base"] is not None else ""
        return share_words(ladder) + of
    known = {name: base[name] for name in ("base", "not_comparable")} if base else {}
    return share_words({**ladder, **known} if ladder else None)


def estimate(row: Row | None) -> str:
    """The estimate with its interval, '66% (58% to 74%)'; of a body that is not compared, its own interval alone."""
    if row is None or (row["share_low"] is None and not is_hidden(row, "share_low")):
        return "none"
    between = span(row, "share_low", "share_high")
    if row["share"] is None or row["not_comparable"]:
        return between
    return f"{share_words(row)} ({between})"


def bounds(ladder: Row) -> str:
    """'Between 54 and 61 in 100, since 7 in 100 do not tell us'; '' where it is not shown."""
    low, high = ladder["share_lowest"], ladder["share_highest"]
    if low is None or high is None:
        return ""
    least, most = round(100 * low), round(100 * high)
    if least == most:
        return "What the records do not tell moves it by less than 1 in 100"
    do = "does" if most - least == 1 else "do"
    apart = worked_out(f"{most - least} in 100", "how far what is not known could move a share")
    return f"Between {least} and {most} in 100, since {apart} {do} not tell us"


def rank_words(site: Inspection, row: Row | None) -> str:
    """A rank with its interval, or that there is none."""
    if row and is_hidden(row, "rank") and not row["not_comparable"]:
        return KEPT
    if row is None or row["rank"] is None or row["not_comparable"]:
        return "not ranked"
    said = rank(row, site.compared_on(row["indicator"]))
    return "not ranked" if said == NOT_GIVEN else said


def is_outside(row: Row, ladder: Row | None = None) -> bool:
    """Whether its own share, or its estimate, lies outside what the others predict."""
    low, high = row["expected_low"], row["expected_high"]
    if low is None or high is None:
        return False
    shares = [row["share"], ladder["share"] if ladder else None]
    return any(share is not None and not low <= share <= high for share in shares)


def beside(row: Row | None, ladder: Row | None = None) -> tuple[str, str]:
    """Where the others lead one to expect a body, and whether it lies there: a difference, not a fault.

    `ladder` holds its own share, which must not stand outside the interval beside it and be called as predicted.
    """
    if row is None or row["not_comparable"]:
        return "none", "not compared"
    called = (row["direction"] or "unlike") if row["unusual"] else ""
    called += f", as in the records of {row['called_since']}" if called and row.get("called_since") else ""
    if is_hidden(row, "expected_low"):
        return KEPT, called or KEPT
    if row["expected_low"] is None or row["expected_high"] is None:
        return "none", called or "not compared"
    predicted = interval(row["expected_low"], row["expected_high"], whole_percent)
    if row["unusual"] is None:
        return predicted, "not compared"
    return predicted, called or (OUTSIDE if is_outside(row, ladder) else "as predicted")


def chance(probability: float) -> str:
    """A probability in whole per cent; never certainty, of which draws know nothing."""
    return "over 99%" if probability > 0.995 else "under 1%" if probability < 0.005 else whole_percent(probability)


def path_of(form: Row) -> str:
    """Where the page of an indicator or a wait stands."""
    if "indicator" in form:
        return f"indicators/{slug(form['indicator'])}.html"
    return f"waits/{slug(form['wait'])}.html"


def place_cell(site: Inspection, place: str) -> Cell:
    """A body's name, leading to its page."""
    return Cell(site.name(place), f"forces/{site.places[place]['slug']}.html" if site.has_page(place) else "")


def said_of(site: Inspection, form: Row, place: str = ALL) -> Figure | None:
    """What may be said of an indicator in one place, to be quoted: its finding, or a sentence from its answers."""
    key = form["indicator"]
    if is_all_outside(site.ladder(key, place)):
        return None
    finding = site.finding(key, place)
    if finding:
        return replace(found_figure(site, finding), anchor=slug(f"{key} {place}" if place != ALL else key))
    ladder = site.ladder(key, place)
    return _from_ladder(site, form, ladder) if ladder and ladder["share"] is not None else None


def unheaded(site: Inspection, form: Row, said: Figure, lead: str = "") -> Figure:
    """The sentence as it stands on a page whose heading already names the matter, the place and the period.

    `lead` may name the matter again. The quotation keeps all of it, for it stands alone.
    """
    head, is_cut, rest = said.label.partition(f"{site.period}): ")
    if not is_cut or not head.startswith(form["title"]):
        return said
    return replace(said, label=f"{lead}{rest}" if lead else rest[:1].upper() + rest[1:])


def _from_ladder(site: Inspection, form: Row, ladder: Row) -> Figure:
    place, told = ladder["place_code"], bounds(ladder)
    said = f"{form['title']}: {whole_percent(ladder['share'])} of the records that tell"
    said = f"{said}. {told}." if told else f"{said}."
    base = f"{count_words(ladder, 'met')} met and {count_words(ladder, 'not_met')} not met, rounded to 5"
    lead = f"{site.name(place)}. " if place != ALL else ""
    quote = (
        f"{lead}{said} Base: {base}. Period: {site.period}. Source: returns to request {site.about['request']}. "
        f"It cannot tell: {form['limits']}"
    )
    return figure(form["indicator"], place, lead + said, quote, form, "ladders", ladder)


def figure(key: str, place: str, said: str, quote: str, form: Mapping[str, Any], table: str, row: Row) -> Figure:
    """A sentence to be quoted, with the released row it stands in."""
    return Figure(
        slug(f"{key} {place}" if place != ALL else key),
        said,
        "",
        quote=quote,
        cannot_tell=form["limits"],
        leans_on=form["leans_on"],
        table=table,
        row=row_key(table, row),
    )


def brief(site: Inspection, form: Row) -> str:
    """The share of all bodies together in half a sentence, with how far what is not known could move it."""
    row = site.ladder(form["indicator"], ALL)
    if row is None or row["share"] is None:
        return "No share for all together"
    low, high = share_words(row, "share_lowest"), share_words(row, "share_highest")
    between = (
        "" if None in (row["share_lowest"], row["share_highest"]) or low == high else f", between {low} and {high}"
    )
    return f"{share_words(row)} of the records that tell{between}"
