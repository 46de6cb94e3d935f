"""Which references and codes are no longer what the record system wrote, since a spreadsheet or a program changed them?

Rule R68. One cell tells by itself that it is a number in exponent form, a number with `.0`, a date or a truth value.
That leading zeros are lost, or digits after the fifteenth, only the whole column tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from assay.returns.contract import Column, Table
from assay.returns.desk import Desk
from assay.returns.sql import quoted

_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)"
_LONG_MONTH = "(January|February|March|April|June|July|August|September|October|November|December)"
_CLOCK = r"([T ][0-9]{1,2}:[0-9]{2}.*)?"
_EXPONENT = r"[-+]?[0-9]+([.,][0-9]+)?[eE]\+[0-9]{1,3}|[-+]?[0-9]+[.,][0-9]+[eE]-?[0-9]{1,3}"
_FRACTION = r"[0-9]+[.,]0+"
_GROUPED = r"[0-9]{1,3}(,[0-9]{3})+(\.0+)?"
_NAMED_DAY = (
    rf"[0-9]{{1,2}}[- ]({_MONTH}|{_LONG_MONTH})([- ][0-9]{{2,4}})?{_CLOCK}|({_MONTH}|{_LONG_MONTH})[- ][0-9]{{1,4}}"
)
_ISO_DAY = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{_CLOCK}"
_SLASHED_DAY = (
    rf"[0-9]{{1,2}}/[0-9]{{1,2}}/([0-9]{{2}}|[0-9]{{4}}){_CLOCK}|[0-9]{{4}}/[0-9]{{1,2}}/[0-9]{{1,2}}{_CLOCK}"
)
_TRUTHS = "(?i:yes|no|true|false|oui|non|vrai|faux|ja|nein|wahr|falsch|si|s\u00ed|verdadero|falso|sim|n\u00e3o|ie|nage)"
ERRORS = (
    r"#(REF|VALUE|NUM|SPILL|CALC|FIELD|BLOCKED|CONNECT|BUSY|UNKNOWN)!|#NAME\?|#DIV/0!|#GETTING_DATA|#{3,}"
    r'|="[^"]*"'
)
"""What a spreadsheet writes into a CSV for a formula or an error (R17)."""
ENOUGH = 3
DIGITS_KEPT = 15
NAMED_SO = ("author_key", "marker_code")


def is_reference(column: Column) -> bool:
    """Whether a column holds what a record system gave to a record or a person."""
    return column.kind == "ref" and (column.name.endswith("_ref") or column.name in NAMED_SO)


def is_damaged_reference(name: str) -> str:
    """SQL that is true where a reference shows by itself what was done to it."""
    patterns = (_EXPONENT, _FRACTION, _GROUPED, _NAMED_DAY, _ISO_DAY, _TRUTHS)
    return f"regexp_full_match({name}, {quoted('|'.join(patterns))})"


def is_damaged_offence(name: str) -> str:
    """SQL that is true where an offence code has become a date or a number: `08/01` the 8th of January."""
    patterns = (_EXPONENT, _FRACTION, _NAMED_DAY, _ISO_DAY, _SLASHED_DAY, "[0-9]{1,2}[-.][0-9]{1,2}[-.][0-9]{2,4}")
    return f"regexp_full_match({name}, {quoted('|'.join(patterns))})"


def is_error(name: str) -> str:
    """SQL that is true where a cell is an error or a formula that a spreadsheet wrote out as text (R17)."""
    return f"(starts_with({name}, '#') or starts_with({name}, '=')) and regexp_full_match({name}, {quoted(ERRORS)})"


def damaged_columns(desk: Desk, table: Table, texts: str, held: Collection[str]) -> dict[str, str]:
    """By column of references, SQL that is true where the whole column tells that a cell was changed."""
    columns = [column.name for column in table.columns if is_reference(column) and column.name in held]
    if not columns:
        return {}
    found = desk.look(f"select {', '.join(part for name in columns for part in _counts(name))} from ({texts})")
    tests = {name: [*_tests(name, found), *_zeros_lost(desk, texts, name, found)] for name in columns}
    return {name: f"({' or '.join(one)})" for name, one in tests.items() if one}


def _counts(name: str) -> Iterable[str]:
    """What is looked for. Few cells begin with a zero or are longer than 15 characters: only those cost anything."""
    zero, long = f"starts_with({name}, '0') and {_digits(name)}", _is_long(name)
    yield f"count(*) filter ({zero}) as {name}_zeros"
    yield f"min(length({name})) filter ({zero}) as {name}_least"
    yield f"max(length({name})) filter ({zero}) as {name}_most"
    yield f"count(*) filter ({long}) as {name}_long"
    yield f"count(*) filter ({long} and rtrim(substr({name}, {DIGITS_KEPT + 1}), '0') = '') as {name}_cut"
    yield f"count(*) filter ({_is_slashed_day(name)}) as {name}_days"
    yield f"count(*) filter ({_is_letter(name)}) as {name}_truths"
    yield f"count({name}) as {name}_filled"


def _tests(name: str, found: Mapping[str, Any]) -> Iterable[str]:
    filled = found[f"{name}_filled"]
    if found[f"{name}_long"] >= ENOUGH and found[f"{name}_cut"] == found[f"{name}_long"]:
        yield f"({_is_long(name)})"
    if 0 < found[f"{name}_days"] * 2 < filled:
        yield f"({_is_slashed_day(name)})"
    if found[f"{name}_truths"] == filled >= ENOUGH:
        yield _is_letter(name)


def _zeros_lost(desk: Desk, texts: str, name: str, found: Mapping[str, Any]) -> Iterable[str]:
    """Numbers of one length, some with zeros in front, and a few that are shorter: those have lost their zeros."""
    width = found[f"{name}_most"]
    if not found[f"{name}_zeros"] or width != found[f"{name}_least"]:
        return
    short = f"length({name}) < {width} and not starts_with({name}, '0') and {_digits(name)}"
    numbers = desk.look(
        f"select count(*) filter ({short}) as short, count(*) as numbers, max(length({name})) as longest "
        f"from ({texts}) where {_digits(name)}"
    )
    if numbers["longest"] == width and 0 < numbers["short"] * 2 < numbers["numbers"]:
        yield f"({short})"


def _digits(name: str) -> str:
    return f"regexp_full_match({name}, '[0-9]+')"


def _is_long(name: str) -> str:
    return f"strlen({name}) > {DIGITS_KEPT} and {_digits(name)}"


def _is_slashed_day(name: str) -> str:
    return f"contains({name}, '/') and regexp_full_match({name}, {quoted(_SLASHED_DAY)})"


def _is_letter(name: str) -> str:
    return f"strlen({name}) = 1 and contains('YNTFyntf', {name})"
