"""What other than exploitation itself would explain that a count moved?"""

from __future__ import annotations

from collections.abc import Sequence

from assay import reference

ALWAYS = "willingness to report, recording practice and police effort, none of which a count can tell apart"
PARTNER = (
    "practice at assessment, the factors on offer (child criminal exploitation was added in 2022) and how many "
    "children are assessed"
)


def explanatory_breaks(breaks: Sequence[reference.Break]) -> list[reference.Break]:
    """Return the series breaks that could move a count; a calendar mark could not."""
    return [series_break for series_break in breaks if series_break.effect != "mark"]


def reasons(breaks: Sequence[reference.Break]) -> str:
    """Return the registered breaks in words, earliest first: 'from 2017/18 Q1, a new offence ...'; '' when there are
    none."""
    return "; ".join(f"from {b.starts}, {_lower(b.reason.rstrip('.'))}" for b in sorted(breaks, key=lambda b: b.starts))


def explanation(breaks: Sequence[reference.Break], *, partner: bool = False) -> str:
    """What would explain a difference: the breaks registered between the periods, and what always may."""
    always, breaks = PARTNER if partner else ALWAYS, explanatory_breaks(breaks)
    if not breaks:
        return f"No break is registered between the two periods. A difference may come from {always}."
    return f"Between the two periods: {reasons(breaks)}. A difference may also come from {always}."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text[1:2].islower() else text
