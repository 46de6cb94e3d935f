"""What does somebody inside the inspection see of linkage, on one page, without learning who anybody is?

Match weights, thresholds, the largest persons and how they hang together, what was not joined and why, and a few pairs
near the threshold: by references and by words of the form, never by a name, a date or a number.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assay.linkage.clerical_review import to_review
from assay.linkage.linkage_specification import Form
from assay.linkage.probabilistic_linkage import Linked, level_of

LARGEST, NEAR = 15, 20
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


def linkage_page(linked: Linked, used: Form) -> str:
    """The page, as HTML that needs nothing from elsewhere."""
    told = linked.told
    parts = [
        "<h1>Who is the same person</h1>",
        f"<p>{told['entries']:,} entries; exact keys tie them to {told['knots']:,} persons, and likeness to "
        f"{_persons(linked, 'main'):,}. The weights are {told['model']}. For the inspection's own people: references "
        "only, and nothing on this page has passed disclosure.</p>",
        "<h2>Match weights</h2>",
        "<p>How much each level says for one person (to the right) or against it, in powers of two.</p>",
        _wide("Match weights", weights_chart(linked.weights)),
        _thresholds(linked, used),
        _largest(linked),
        _reasons(linked),
        _blocking(told["blocking_rules"]),
        _near(linked, used),
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    head += f"<title>Who is the same person</title><style>{STYLE}</style>"
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body><main>\n'
        + "\n".join(parts)
        + ("\n</main></body></html>\n")
    )


def weights_chart(weights: pa.Table) -> str:
    """The match weights as a drawing: one bar a level."""
    rows = [row for row in weights.to_pylist() if row["m"] is not None]
    most = max((abs(row["weight"]) for row in rows), default=1.0) or 1.0
    high, middle, scale = 20, 620, 150 / most
    lines, before = [], ""
    for place, row in enumerate(rows):
        y = place * high + 14
        x = middle + min(row["weight"], 0) * scale
        says = f"{row['comparison']}: {row['says']}" if row["comparison"] != before else row["says"]
        before = row["comparison"]
        lines.append(f'<text x="455" y="{y}" text-anchor="end" font-size="11">{escape(says)}</text>')
        fill = "#1d5f8a" if row["weight"] >= 0 else "#a3460f"
        width = max(abs(row["weight"]) * scale, 0.5)
        lines.append(f'<rect x="{x:.1f}" y="{y - 10}" width="{width:.1f}" height="13" fill="{fill}"/>')
        lines.append(f'<text x="{middle + 155}" y="{y}" font-size="11">{row["weight"]:+.1f}</text>')
    size = f'viewBox="0 0 830 {len(rows) * high + 6}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} font-family="sans-serif">'
    return f"{head}<title>Match weight of each level of each comparison</title>{''.join(lines)}</svg>"


def _table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; columns of numbers stand to the right."""
    told = [[str(cell) for cell in row] for row in rows]
    kinds = [
        ' class="number"' if told and all(NUMBER.fullmatch(row[place]) for row in told) else ""
        for place in range(len(head))
    ]
    cells = "".join(f'<th scope="col"{kind}>{escape(one)}</th>' for kind, one in zip(kinds, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in told
    )
    return _wide(
        caption,
        f"<table><caption>{escape(caption)}</caption><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>",
    )


def _wide(name: str, inner: str) -> str:
    """What may be wider than a telephone: it is moved by itself, by keyboard as well."""
    return f'<div class="wide" role="region" aria-label="{escape(name)}" tabindex="0">{inner}</div>'


def _persons(linked: Linked, level: str) -> int:
    return int(pc.count_distinct(linked.tied[level]).as_py())


def _thresholds(linked: Linked, used: Form) -> str:
    rows = [
        (name, f"{used.thresholds[name]:g}", f"{_persons(linked, name):,}",
         f"{linked.joins.filter(pc.greater_equal(linked.joins['probability'], used.thresholds[name])).num_rows:,}")
        for name in ("low", "main", "high")
    ]  # fmt: skip
    head = ("threshold", "probability", "persons", "joins")
    return _table("Persons at three thresholds", head, rows) + f"<p>{escape(used.whys['thresholds'])}</p>"


def _largest(linked: Linked) -> str:
    """How the persons with most entries hang together: entries, knots, and the weakest join among them."""
    sizes = linked.tied.group_by("main").aggregate([("entry", "count")])
    sizes = sizes.sort_by([("entry_count", "descending"), ("main", "ascending")]).slice(0, LARGEST)
    tied = linked.tied.filter(pc.is_in(linked.tied["main"], value_set=sizes["main"].combine_chunks()))
    joins = linked.joins.filter(pc.is_in(linked.joins["knot"], value_set=tied["knot"].combine_chunks()))
    person = dict(zip(tied["knot"].to_pylist(), tied["main"].to_pylist(), strict=True))
    weakest: dict[str, float] = defaultdict(lambda: 1.0)
    for knot, other, share in zip(*(joins[name].to_pylist() for name in joins.column_names), strict=True):
        if person[knot] == person.get(other):
            weakest[person[knot]] = min(weakest[person[knot]], share)
    entries = Counter(tied["main"].to_pylist())
    forces: dict[str, set[str]] = defaultdict(set)
    for one, force in zip(tied["main"].to_pylist(), tied["force_code"].to_pylist(), strict=True):
        forces[one].add(force)
    knots = Counter(person.values())
    largest = sizes["main"].to_pylist()
    rows = [
        (one, entries[one], knots[one], len(forces[one]), f"{weakest[one]:.3f}" if one in weakest else "-")
        for one in largest
    ]  # fmt: skip
    head = ("person", "entries", "tied by exact keys into", "forces", "weakest join")
    return _table("The persons with most entries", head, rows)


def _reasons(linked: Linked) -> str:
    rows = [(f"{reason} (a number that ties)", number) for reason, number in linked.told["untied"].items()]
    rows += list(linked.told["not_joined"].items())
    return _table("What was likely, or tied, and was not joined", ("reason", "times"), rows)


def _blocking(rules: Sequence[dict[str, Any]]) -> str:
    rows = [
        (rule["says"], f"{rule['pairs']:,}", f"{rule['crowded_keys']:,}", "yes" if rule["used"] else "no: too many")
        for rule in rules
    ]
    return _table("Which pairs were compared", ("they share", "pairs", "keys left out", "used"), rows)


def _near(linked: Linked, used: Form) -> str:
    main, width = used.thresholds["main"], (1 - used.thresholds["main"]) / 2
    shares = linked.pairs["probability"]
    near = linked.pairs.filter(pc.and_(pc.greater_equal(shares, main - 4 * width), pc.less(shares, main + width)))
    drawn = to_review(near, used.thresholds, NEAR, SEED)
    rows = [(row["knot"], row["other_knot"], _what_fits(row, used)) for row in drawn.to_pylist()]
    return _table(f"Pairs near the threshold of {main:g}, drawn by chance", ("one", "other", "what fits"), rows)


def _what_fits(pair: dict[str, Any], used: Form) -> str:
    told = [(one.of, pair[level_of(one.of)]) for one in used.comparisons]
    return "; ".join(f"{of}: {says}" for of, says in told if not says.startswith("no "))
