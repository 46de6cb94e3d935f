"""The page on risk tiers: what followed assessments in each tier, and does the order of tiers predict later harm?"""

from __future__ import annotations

from assay.report.page_elements import Grid, Page, grid
from assay.report.pages.inspection.figure_sentences import SUPPRESSION_NOTE, count_text, interval_text, share_text
from assay.report.pages.inspection.people.page_sections import Section, people_page
from assay.report.pages.inspection.released_tables import Inspection
from assay.report.report_tables import Row
from assay.sdc.released_rows.people_rows import TierOrderRow, TiersRow

ABBREVIATIONS = ("CSE", "CE", "NRM", "MASH")
"""Abbreviations that keep their capitals in the name of a tool."""
TIERS = ("none", "low", "medium", "high", "very_high", "all")
NO_SPLIT = "everybody"
CERTAINTY_NOTE = (
    "Tiers were made to order work, not to foretell. A child in a high tier who is protected is not harmed, and then "
    "the order looks wrong where it was right. Nothing here is the chance of any child."
)


def risk_tiers_page(site: Inspection) -> Page:
    """Return the page on risk tiers, by tool."""
    lead = "Of children who were assessed: how many were victims of a crime reported within 180 days, by tier."
    parts = [_tool_section(site, tool) for tool in dict.fromkeys(row["tool"] for row in site.rows(TiersRow))]
    intro = () if parts else ("No assessment of the period with a tier was followed for 180 days.",)
    return people_page("tiers", "Risk tiers", lead, CERTAINTY_NOTE, intro, parts)


def _tool_section(site: Inspection, tool: str) -> Section:
    name = _tool_name(tool)
    heads = ("Of whom", "#A crime was reported", "#None was", "#Of 100 pairs, 95%")
    orders = [
        (_group_name(site, r), count_text(r, "harmed"), count_text(r, "not_harmed"), _concordance_text(r))
        for r in sorted(site.find_rows(TierOrderRow, tool=tool), key=lambda row: row["split"] != NO_SPLIT)
    ]
    note = (
        "Of 100 pairs of a child whom harm met later and one whom it did not: in how many the first stood in the "
        f"higher tier, ties half. 50 is what chance gives. {SUPPRESSION_NOTE}"
    )
    splits = [
        split_name
        for split_name in dict.fromkeys(r["split"] for r in site.find_rows(TiersRow, tool=tool))
        if split_name != NO_SPLIT
    ]
    folded_tables = [(f"What came after, by {split}", _tier_table(site, tool, split)) for split in splits]
    order = grid(f"{name}: the order of its tiers", heads, orders, note=note)
    return Section(name, (), [_tier_table(site, tool, NO_SPLIT), order], folded_tables)


def _tier_table(site: Inspection, tool: str, split: str) -> Grid:
    """Return the table of tiers by group of one split, with the interval of each share."""
    rows = sorted(
        site.find_rows(TiersRow, tool=tool, split=split), key=lambda row: (row["people"], TIERS.index(row["tier"]))
    )
    has_groups = split != NO_SPLIT
    cells = [
        (
            *([_group_name(site, r)] if has_groups else []),
            _tier_name(r),
            count_text(r, "harmed"),
            count_text(r, "not_harmed"),
            share_text(r),
            interval_text(r, "share_low", "share_high"),
        )
        for r in rows
    ]
    heads = ("Tier", "#A crime was reported", "#None was", "#Share of assessments", "#95%")
    caption = f"{_tool_name(tool)}: what came after, by tier" + (f" and {split}" if has_groups else "")
    return grid(caption, (*(["Of whom"] if has_groups else []), *heads), cells, note=SUPPRESSION_NOTE, dense=has_groups)


def _tier_name(row: Row) -> str:
    return "every tier" if row["tier"] == "all" else str(row["tier"].replace("_", " "))


def _tool_name(tool: str) -> str:
    """Return a readable name of a tool: 'LOCAL_CSE_TOOLKIT' is 'Local CSE toolkit'; words in lower case stay."""
    if "_" not in tool:
        return tool[:1].upper() + tool[1:]
    words = [
        word if word in ABBREVIATIONS or not word.isupper() else word.lower() for word in tool.replace("_", " ").split()
    ]
    name = " ".join(words)
    return name[:1].upper() + name[1:]


def _group_name(site: Inspection, row: Row) -> str:
    if row["split"] == NO_SPLIT:
        return "Everybody"
    return f"{site.name(row['people']) if row['split'] == 'force' else row['people']} ({row['split']})"


def _concordance_text(row: Row) -> str:
    if row["in_100_pairs"] is None:
        return "too few to say"
    return f"{round(row['in_100_pairs'])} ({round(row['low'])} to {round(row['high'])})"
