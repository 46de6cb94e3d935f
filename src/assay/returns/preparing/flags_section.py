"""How is a section for flags drafted, where flags stand as marks in a file of crimes and not in one of their own?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.returns.contract import FORCE_CODE
from assay.returns.flag_cells import FLAGS
from assay.returns.preparing.mappings import Written, how_written, mark_lines, quoted, unknown_words

HEAD = (
    "# {file} marks crimes, and each mark may be a flag. If so, take away each '# ' below, and say in return.toml\n"
    "# that flags are supplied. A cell that says no, or nothing, is no flag; a word mapped to \"\" is left out."
)


def draft(tables: Sequence[Written], wanted: Sequence[str]) -> str:
    """The section, as comments for a person to take; '' where flags are not asked for or have a file, or no marks stand
    anywhere."""
    if FLAGS not in wanted or any(one.name == FLAGS for one in tables):
        return ""
    marked = marked_file(tables)
    if marked is None:
        return ""
    lines = (f"# {line}" if line else "" for line in _section(marked))
    return "\n".join(("", HEAD.format(file=marked.proposal.export.file), *lines)) + "\n"


def marked_file(tables: Sequence[Written]) -> Written | None:
    """The first file with marks and a crime number."""
    return next((one for one in tables if one.marks and "crime_ref" in one.proposal.matches), None)


def _section(one: Written) -> Iterator[str]:
    yield f"[tables.{FLAGS}]"
    yield from how_written(one.proposal.export)
    yield f"fixed.{FORCE_CODE} = {quoted(one.force_code)}"
    yield from ("", f"[tables.{FLAGS}.columns]")
    yield f"crime_ref = {quoted(one.proposal.matches['crime_ref'].heading)}"
    if one.marks.several:
        yield f"flag = {quoted(one.marks.several)}"
    if one.marks.marks:
        yield from ("", f"[tables.{FLAGS}.wide]", *mark_lines(one))
    found = one.marks.words
    if found.translated or found.unmapped or found.hidden:
        yield from ("", f"[tables.{FLAGS}.values.flag]")
        yield from (f"{quoted(theirs)} = {quoted(ours)}" for theirs, ours in found.translated.items())
        yield from unknown_words("flag", found)
