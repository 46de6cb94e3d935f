"""Where the offence itself is named child sexual exploitation, is the crime flagged as such?"""

from __future__ import annotations

from collections.abc import Mapping

from assay.enquiries.reasons import CANCELLED
from assay.measure import Indicator

_CRIME: Mapping[str, object] = {
    "in_base": True,
    "cse_titled": True,
    "cancelled": False,
    "cse_flagged": True,
    "when_reported": "child when reported",
}

cse_flag_on_cse_offence = Indicator(
    key="cse_flag_on_cse_offence",
    title="Exploitation flag where the offence is titled exploitation",
    question="How many crimes whose offence is named child sexual exploitation bear the flag for it?",
    why="If the flag is missing even here, it is missing elsewhere: every count that rests on flags is then too low.",
    line="scale",
    asks="Q20",
    record="crime",
    population="in_base and cse_titled",
    # A crime passed on to another force was this force's to flag while it had it: it stays in.
    excluding={CANCELLED: "cancelled"},
    met="cse_flagged",
    better="higher",
    limits="How many crimes under other titles are exploitation and bear no flag: most of it is recorded there.",
    leans_on="The offence code as it stands, and every flag that the crime bears or ever bore.",
    graded=False,
    needs=("flags", "crimes.cancelled_at"),
    split="when_reported",
    examples=(
        (_CRIME, "met"),
        ({**_CRIME, "cse_flagged": False}, "not met"),
        ({**_CRIME, "cse_flagged": False, "when_reported": "adult when reported"}, "not met"),
        ({**_CRIME, "cse_flagged": None}, "not known"),
        ({**_CRIME, "cancelled": True}, "left out: crime_cancelled"),
        ({**_CRIME, "cse_titled": False}, "outside"),
        ({**_CRIME, "cse_titled": None}, "not known if counted"),
    ),
)

FORMS = (cse_flag_on_cse_offence,)
