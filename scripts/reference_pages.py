"""Writes the pages of docs/reference/ that follow from data files, so that page and program cannot differ."""

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

from assay import commission
from assay.evidence import EventKind
from assay.inspection.registers import measures

HERE = Path(__file__).parent.parent / "docs" / "reference"
MADE = "*This page is made by `make docs` from the program's own data files; change those, not the page.*"


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [list(head)]
    lines += [["---"] * len(lines[0])]
    lines += [[str(cell).replace("|", "\\|") for cell in row] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def data(package: str, name: str) -> dict[str, Any]:
    """A data file of the program, read as TOML."""
    return tomllib.loads((files(package) / name).read_text(encoding="utf-8"))


def tables_page() -> str:
    """The tables that may be released, column by column."""
    parts = [
        "# The tables of an inspection",
        MADE,
        "Missing is written as nothing (CSV) or `null` (JSON), never as 0.",
    ]
    for name, told in data("assay.disclosure", "tables.toml").items():
        columns = told["columns"].items()
        rows = [
            (f"`{c}`", of.get("unit", ""), "yes" if of.get("empty") else "", of["meaning"])
            for c, of in columns
        ]
        head = f"One row: {told['row']}. Key: {', '.join(f'`{key}`' for key in told['key'])}."
        parts += [
            f"## {name}",
            f"**{told['title']}.** {head}",
            table(("column", "unit", "may be empty", "meaning"), rows),
        ]
    return "\n\n".join(parts) + "\n"


def measures_page() -> str:
    """Every measure: what is divided by what, which way is better, and what it cannot tell."""
    parts = ["# Measures", MADE]
    for row in measures().to_pylist():
        facts = {
            "Answers": f"{row['question']} ({row['line']})",
            "Unit": row["unit"],
            "Population": row["population"],
            "Denominator": row["denominator"],
            "Better": row["better"],
            "Why": row["why"],
            "Cannot tell": row["cannot_tell"],
            "Leans on": row["leans_on"],
        }
        listed = "\n".join(f"- **{name}**: {words}" for name, words in facts.items() if words)
        parts += [f"## {row['measure']}", f"{row['title']}.", listed]
    return "\n\n".join(parts) + "\n"


def code_lists_page() -> str:
    """The registers of the commission, and the shorter ones in full."""
    lists = commission.code_lists()
    meant = {(row["file"], row["column"]): row["meaning"] for row in commission.dictionary()}
    rows = [(f"`{name}`", len(held), ", ".join(f"`{c}`" for c in held[0])) for name, held in lists.items()]
    sets = [(f"`{s.key}`", " ".join(s.codes), s.name, s.cannot_tell) for s in commission.offence_sets()]
    outcomes = [
        (f"`{o['code']}`", o["label"], o["family"], o["suspect_identified"]) for o in lists["outcomes"]
    ]
    breaks = [
        (b["starts"], b["offence_codes"], b["compare_across"], b["evidence"], b["reason"])
        for b in lists["breaks"]
    ]
    columns = [(f"`{file}`", f"`{column}`", words) for (file, column), words in meant.items()]
    kinds = [(kind.key, kind.meaning, ", ".join(kind.tells)) for kind in EventKind]
    return "\n\n".join(
        [
            "# Code lists",
            MADE,
            "Every row carries its source and a grade of evidence: `seen` in the source itself, `seen-secondary`, "
            "`recalled` (shown, never used in a calculation) or `derived` by us.",
            "## The lists",
            table(("list", "rows", "columns"), rows),
            "## Offence sets",
            table(("key", "codes", "name", "cannot tell"), sets),
            "## Outcomes",
            table(("code", "label", "family", "suspect identified"), outcomes),
            "## Breaks in series",
            table(("starts", "codes", "compare across", "evidence", "reason"), breaks),
            "## Kinds of event in the ledger",
            table(("kind", "meaning", "tells"), kinds),
            "## Dictionary",
            table(("list", "column", "meaning"), columns),
            "",
        ]
    )


def layouts_page() -> str:
    """Which headers the readers know, and which of them were seen in a file."""
    parts = [
        "# Layouts of official files",
        MADE,
        "Headers are compared without case, spaces or punctuation. *Seen* stands in a file that was read; *recalled* "
        "is from the publisher's guidance and is a guess until such a file is read. The sheet and the row of headers "
        "are found by these words, wherever they stand.",
    ]
    for name, told in data("assay.returns.published", "layouts.toml").items():
        if not isinstance(told, dict) or "column" not in told:
            continue
        columns = told["column"]
        rows = [(f"`{c['field']}`", ", ".join(c["seen"]), ", ".join(c["recalled"])) for c in columns]
        parts += [f"## {name}", f"{told['title']} ({told['publisher']})."]
        parts += [table(("field", "headers seen", "headers recalled"), rows)]
    return "\n\n".join(parts) + "\n"


PAGES = {
    "tables.md": tables_page,
    "measures.md": measures_page,
    "code-lists.md": code_lists_page,
    "file-layouts.md": layouts_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
