"""Sample the offence code of a synthetic crime, and derive the reason why it is in scope.

The codes follow the victim's age and sex, as the titles of the offences do. Scope follows the return contract, section
4.1; the code is independent of the validation rule.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from assay.synthetic.local_time import age, birthday
from assay.synthetic.random_stream import RandomStream

RAPE = {"F": ("19E", "19D", "19C"), "M": ("19H", "19G", "19F")}
ASSAULT = {"F": ("20B", "20A", "20A"), "M": ("17B", "17A", "17A")}
ACTIVITY = ("21", "22B", "22A")
ALWAYS = {"images": "86", "cse_named": "71", "position_of_trust": "73", "familial": "23"}
ANY_CODE = {"flagged": ("8R", "8L", "35", "11A", "8N"), "cse_related": ("13", "24", "36"), "trafficking": ("106", "72")}
OFFENCES_BY_CHILDREN = ("46", "8N", "92E", "58D", "105A")  # offences of which a child may be suspected
CORE = {"19D", "19E", "19G", "19H", "17B", "20B", "21", "22B", "71", "73", "88A", "13"}
NEEDS_AGE = {"19C", "19F", "17A", "20A", "22A", "23", "70", "72", "24", "36", "106"}
CONTACT = {"rape": True, "sexual_assault": True, "sexual_activity": True, "images": False, "grooming": False}
NON_RECENT = {"rape", "sexual_assault", "sexual_activity", "familial", "position_of_trust"}


def offence_code(family: str, sex: str, years: int, stream: RandomStream) -> str:
    """Sample the offence code for a victim of that sex and age at the offence."""
    band = 0 if years < 13 else 1 if years < 16 else 2
    if family in ("rape", "sexual_assault"):
        return (RAPE if family == "rape" else ASSAULT)["F" if sex == "F" else "M"][band]
    if family == "sexual_activity":
        return ACTIVITY[band]
    if family == "grooming":
        return "88A" if band < 2 else "22A"
    return ALWAYS[family] if family in ALWAYS else stream.pick(ANY_CODE[family])


def scope_reason(
    code: str, recorded: dt.date, occurred: dt.date | None, born: Sequence[dt.date | None], flagged: bool
) -> str | None:
    """Return the first row of contract section 4.1 that matches victims with these recorded dates of birth, or None."""
    if code in CORE:
        return "core_offence"
    if code in NEEDS_AGE and any(_child_or_unknown(date, occurred) for date in born):
        return "needs_age_offence"
    if code == "86" and (flagged or any(date and age(date, recorded) < 18 for date in born)):
        return "image_offence"
    return "flagged" if flagged else None


def _child_or_unknown(born: dt.date | None, occurred: dt.date | None) -> bool:
    return born is None or occurred is None or birthday(born, 18) > occurred
