"""HTML page on the quality of linkage, for the inspection team, without identities.

Match weights, thresholds, the persons with most entries and their weakest join, refused joins with their reasons, and a
sample of pairs near the threshold. It shows references and labels of agreement levels, never a name, date or number.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.clerical_review import sample_pairs_for_review
from assay.linkage.exact_match_clusters import STORED_CLUSTER, STORED_OTHER_CLUSTER
from assay.linkage.linkage_specification import LinkageSpecification
from assay.linkage.probabilistic_linkage import LinkageResult, level_column
from assay.wording import count_phrase

LARGEST_PERSONS, PAIRS_NEAR_THRESHOLD, DISPUTED_BIRTHS = 15, 20, 200
NUMBER = re.compile(r"[\d,.]+|-")
SEED = "page"
STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b}"
    "table{border-collapse:collapse;margin:1rem 0;width:100%}caption{text-align:left;font-weight:600}"
    "th,td{border-bottom:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "th.number,td.number{text-align:right;font-variant-numeric:tabular-nums}"
    ".wide{overflow-x:auto}.wide>table{margin:.5rem 0}svg{width:100%;min-width:44rem;height:auto}"
    "@media(max-width:30rem){body{margin:1rem auto}h1{font-size:1.5rem}}"
)


def linkage_page(result: LinkageResult, specification: LinkageSpecification) -> str:
    """Return the page as self-contained HTML."""
    summary = result.summary
    parts = [
        "<h1>Record linkage: quality</h1>",
        (
            f"<p>{summary['entries']:,} entries. Exact keys link them to {summary['exact_match_clusters']:,} persons, "
            f"and match probabilities to {_count_persons(result, 'main'):,}. The weights are {summary['model']}. "
            "This page is for the inspection team only: it has references and no names, but no "
            "disclosure control was applied.</p>"
        ),
        "<h2>Match weights</h2>",
        "<p>Each bar is the evidence of one agreement level, as a power of two: to the right for one person, to the "
        "left for two.</p>",
        _scrollable_region("Match weights", weights_chart(result.weights)),
        _threshold_table(result, specification),
        _largest_persons_table(result),
        _refusals_table(result),
        _disputed_births_table(result),
        _blocking_table(summary["blocking_rules"]),
        _pairs_near_threshold_table(result, specification),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f"<title>Record linkage: quality</title><style>{STYLE}</style>"
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>\n'
        + "\n".join(parts)
        + ("\n</main></body></html>\n")
    )


def weights_chart(weights: pa.Table) -> str:
    """Return an SVG bar chart of the match weights, one bar for each level."""
    rows = [row for row in weights.to_pylist() if row["m"] is not None]
    maximum = max((abs(row["weight"]) for row in rows), default=1.0) or 1.0
    row_height, middle, scale = 20, 620, 150 / maximum
    elements, previous = [], ""
    for position, row in enumerate(rows):
        y = position * row_height + 14
        x = middle + min(row["weight"], 0) * scale
        label = f"{row['comparison']}: {row['says']}" if row["comparison"] != previous else row["says"]
        previous = row["comparison"]
        elements.append(f'<text x="455" y="{y}" text-anchor="end" font-size="11">{escape(label)}</text>')
        fill = "#1d5f8a" if row["weight"] >= 0 else "#a3460f"
        width = max(abs(row["weight"]) * scale, 0.5)
        elements.append(f'<rect x="{x:.1f}" y="{y - 10}" width="{width:.1f}" height="13" fill="{fill}"/>')
        elements.append(f'<text x="{middle + 155}" y="{y}" font-size="11">{row["weight"]:+.1f}</text>')
    size = f'viewBox="0 0 830 {len(rows) * row_height + 6}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="sans-serif">'
    return f"{head}<title>Match weight of each level of each comparison</title>{''.join(elements)}</svg>"


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return an HTML table; columns of numbers are aligned to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    classes = [
        ' class="number"' if texts and all(NUMBER.fullmatch(row[position]) for row in texts) else ""
        for position in range(len(head))
    ]
    header_cells = "".join(
        f'<th scope="col"{css_class}>{escape(heading)}</th>' for css_class, heading in zip(classes, head, strict=True)
    )
    table_rows = "".join(
        "<tr>"
        + "".join(f"<td{css_class}>{escape(cell)}</td>" for css_class, cell in zip(classes, row, strict=True))
        + "</tr>"
        for row in texts
    )
    return _scrollable_region(
        caption,
        f"<table><caption>{escape(caption)}</caption><thead><tr>{header_cells}</tr></thead><tbody>{table_rows}</tbody></table>",
    )


def _scrollable_region(name: str, content: str) -> str:
    """Wrap content that may be wider than a telephone in a region that scrolls, also by keyboard."""
    return f'<div class="wide" role="region" aria-label="{escape(name)}" tabindex="0">{content}</div>'


def _count_persons(result: LinkageResult, level: str) -> int:
    return int(pc.count_distinct(result.linked_entries[level]).as_py())


def _count_joins(result: LinkageResult, threshold: float) -> int:
    return int(result.joins.filter(pc.greater_equal(result.joins["probability"], threshold)).num_rows)


def _disputed_births_table(result: LinkageResult) -> str:
    """Return the entries whose date of birth is disputed, for review; '' if there are none."""
    disputed = result.linked_entries.filter(result.linked_entries["birth_disputed"])
    rows = disputed.select(["force_code", "ref", "main"]).to_pylist()
    if not rows:
        return ""
    caption = (
        f"{count_phrase(len(rows), 'record')} to review: the same number, names, postcode and telephone as a person's "
        "other records, and another date of birth. They are one person; ask the force which date is right"
    )
    head = ("force", "record", "person")
    return _table(caption, head, [tuple(row.values()) for row in rows[:DISPUTED_BIRTHS]])


def _threshold_table(result: LinkageResult, specification: LinkageSpecification) -> str:
    rows = [
        (
            name,
            f"{specification.thresholds[name]:g}",
            f"{_count_persons(result, name):,}",
            f"{_count_joins(result, specification.thresholds[name]):,}",
        )
        for name in ("low", "main", "high")
    ]
    head = ("threshold", "probability", "persons", "joins")
    return _table("Persons at three thresholds", head, rows) + f"<p>{escape(specification.reasons['thresholds'])}</p>"


def _largest_persons_table(result: LinkageResult) -> str:
    """Return a table of the persons with most entries: entries, clusters, forces, and the weakest join."""
    sizes = result.linked_entries.group_by("main").aggregate([("entry", "count")])
    sizes = sizes.sort_by([("entry_count", "descending"), ("main", "ascending")]).slice(0, LARGEST_PERSONS)
    linked_entries = result.linked_entries.filter(
        pc.is_in(result.linked_entries["main"], value_set=sizes["main"].combine_chunks())
    )
    joins = result.joins.filter(
        pc.is_in(result.joins[STORED_CLUSTER], value_set=linked_entries[STORED_CLUSTER].combine_chunks())
    )
    person = dict(zip(linked_entries[STORED_CLUSTER].to_pylist(), linked_entries["main"].to_pylist(), strict=True))
    weakest: dict[str, float] = defaultdict(lambda: 1.0)
    for cluster, other_cluster, probability in zip(
        *(joins[name].to_pylist() for name in joins.column_names), strict=True
    ):
        if person[cluster] == person.get(other_cluster):
            weakest[person[cluster]] = min(weakest[person[cluster]], probability)
    entry_counts = Counter(linked_entries["main"].to_pylist())
    forces: dict[str, set[str]] = defaultdict(set)
    for person_id, force in zip(
        linked_entries["main"].to_pylist(), linked_entries["force_code"].to_pylist(), strict=True
    ):
        forces[person_id].add(force)
    cluster_counts = Counter(person.values())
    largest = sizes["main"].to_pylist()
    rows = [
        (
            person_id,
            entry_counts[person_id],
            cluster_counts[person_id],
            len(forces[person_id]),
            f"{weakest[person_id]:.3f}" if person_id in weakest else "-",
        )
        for person_id in largest
    ]
    head = ("person", "entries", "exact-match clusters", "forces", "weakest join")
    return _table("The persons with most entries", head, rows)


def _refusals_table(result: LinkageResult) -> str:
    rows = [(f"{reason} (entries with the same number)", number) for reason, number in result.summary["untied"].items()]
    rows += list(result.summary["not_joined"].items())
    return _table("Likely pairs, and entries with the same number, that were not joined", ("reason", "times"), rows)


def _blocking_table(rules: Sequence[dict[str, Any]]) -> str:
    rows = [
        (rule["label"], f"{rule['pairs']:,}", f"{rule['crowded_keys']:,}", "yes" if rule["used"] else "no: too many")
        for rule in rules
    ]
    return _table("Blocking rules", ("shared keys", "pairs", "keys skipped (too common)", "used"), rows)


def _pairs_near_threshold_table(result: LinkageResult, specification: LinkageSpecification) -> str:
    main, width = specification.thresholds["main"], (1 - specification.thresholds["main"]) / 2
    probabilities = result.pairs["probability"]
    candidates = result.pairs.filter(
        pc.and_(pc.greater_equal(probabilities, main - 4 * width), pc.less(probabilities, main + width))
    )
    sample = sample_pairs_for_review(candidates, specification.thresholds, PAIRS_NEAR_THRESHOLD, SEED)
    rows = [
        (row[STORED_CLUSTER], row[STORED_OTHER_CLUSTER], _agreement_levels(row, specification))
        for row in sample.to_pylist()
    ]
    return _table(
        f"Pairs near the threshold of {main:g}, randomly sampled",
        ("first cluster", "second cluster", "agreement"),
        rows,
    )


def _agreement_levels(pair: dict[str, Any], specification: LinkageSpecification) -> str:
    levels = [(comparison.name, pair[level_column(comparison.name)]) for comparison in specification.comparisons]
    return "; ".join(f"{name}: {label}" for name, label in levels if not label.startswith("no "))
