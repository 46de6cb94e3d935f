"""What came after assessments, tier by tier, and for whom is the order of the tiers that of later harm?"""

from __future__ import annotations

from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import HIDDEN_NOTE, count_words, share_words, span
from assay.report.pages.inspection.people.page_sections import Part, page_of
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row

SHORT = ("CSE", "CE", "NRM", "MASH")
"""Abbreviations that stay so in the name of a tool."""
TIERS = ("none", "low", "medium", "high", "very_high", "all")
EVERYBODY = "everybody"
SURE_TIERS = (
    "Tiers were made to order work, not to foretell. A child in a high tier who is protected is not harmed, and then "
    "the order looks wrong where it was right. Nothing here is the chance of any child."
)


def tiers_page(site: Inspection) -> Page:
    """Tiers and their order, tool by tool."""
    lead = "Of children who were assessed: how many were victims of a crime reported within 180 days, by tier."
    parts = [_part(site, tool) for tool in dict.fromkeys(row["tool"] for row in site.rows("tiers"))]
    intro = () if parts else ("No assessment of the period with a tier was followed for 180 days.",)
    return page_of("tiers", "What the tiers came to", lead, SURE_TIERS, intro, parts)


def _part(site: Inspection, tool: str) -> Part:
    name = _name(tool)
    heads = ("Of whom", "#A crime was reported", "#None was", "#Of 100 pairs, 95%")
    orders = [
        (_who(site, r), count_words(r, "harmed"), count_words(r, "not_harmed"), _pairs(r))
        for r in sorted(site.by("tier_order", tool=tool), key=lambda row: row["split"] != EVERYBODY)
    ]
    note = (
        "Of 100 pairs of a child whom harm met later and one whom it did not: in how many the first stood in the "
        f"higher tier, ties half. 50 is what chance gives. {HIDDEN_NOTE}"
    )
    splits = [one for one in dict.fromkeys(r["split"] for r in site.by("tiers", tool=tool)) if one != EVERYBODY]
    folded = [(f"What came after, by {split}", _by_tier(site, tool, split)) for split in splits]
    order = grid(f"{name}: the order of its tiers", heads, orders, note=note)
    return Part(name, (), [_by_tier(site, tool, EVERYBODY), order], folded)


def _by_tier(site: Inspection, tool: str, split: str) -> Grid:
    """Each tier of each group of one split, with the interval of its share."""
    rows = sorted(site.by("tiers", tool=tool, split=split), key=lambda row: (row["people"], TIERS.index(row["tier"])))
    groups = split != EVERYBODY
    told = [
        (*([_who(site, r)] if groups else []), _tier(r), count_words(r, "harmed"), count_words(r, "not_harmed"),
         share_words(r), span(r, "share_low", "share_high"))
        for r in rows
    ]  # fmt: skip
    heads = ("Tier", "#A crime was reported", "#None was", "#Share of assessments", "#95%")
    caption = f"{_name(tool)}: what came after, by tier" + (f" and {split}" if groups else "")
    return grid(caption, (*(["Of whom"] if groups else []), *heads), told, note=HIDDEN_NOTE, dense=groups)


def _tier(row: Row) -> str:
    return "every tier" if row["tier"] == "all" else str(row["tier"].replace("_", " "))


def _name(tool: str) -> str:
    """The tool as one reads it: 'LOCAL_CSE_TOOLKIT' is 'Local CSE toolkit'; a word in small letters stays as it is."""
    if "_" not in tool:
        return tool[:1].upper() + tool[1:]
    words = [word if word in SHORT or not word.isupper() else word.lower() for word in tool.replace("_", " ").split()]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def _who(site: Inspection, row: Row) -> str:
    if row["split"] == EVERYBODY:
        return "Everybody"
    return f"{site.name(row['people']) if row['split'] == 'force' else row['people']} ({row['split']})"


def _pairs(row: Row) -> str:
    if row["in_100_pairs"] is None:
        return "too few to say"
    return f"{round(row['in_100_pairs'])} ({round(row['low'])} to {round(row['high'])})"
