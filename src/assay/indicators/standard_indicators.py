"""The indicators and waiting times that measure each time standard, and why some standards have none.

Every standard gives rows of the table `duty`, unless `UNSUPPORTED_STANDARDS` says why not; a form reports them. Only
the standards with a question of the inspection have a form, so that figures nobody asked for do not hide the others.
"""

from __future__ import annotations

from collections.abc import Mapping

from assay.facts.duty_clocks import UNSUPPORTED_STANDARDS
from assay.indicators import Form, Indicator, Wait
from assay.indicators.indicator_catalogue import forms

WORKED_OUT = "Worked out only: its rows stand in the table `duty`."
OTHER_ORGANISATIONS = f"{WORKED_OUT} It is a step of another organisation, and the police hold few records of it."
WITNESS_CARE = f"{WORKED_OUT} Of what witness care must tell, the outcome is shown: see `told_of_outcome`."
NO_FORM: Mapping[str, str] = {
    "vc8_hearing": WITNESS_CARE,
    "vc8_attend": WITNESS_CARE,
    "vc8_bailhear_enh": WITNESS_CARE,
    "vc8_bailhear_std": WITNESS_CARE,
    "vc11_vcs": f"{WORKED_OUT} It is a step of probation and witness care, after the end of the case.",
    "vc12_ack": f"{WORKED_OUT} No question of the inspection asks about complaints, and the limit is recalled.",
    "vc12_reply": f"{WORKED_OUT} No question of the inspection asks about complaints, and the limit is recalled.",
    "n100": f"{WORKED_OUT} Its limit is recalled; whether there is a record at all is shown: see `n100_on_record`.",
    "cancel_avi": f"{WORKED_OUT} How many crimes are cancelled is shown: see `crime_cancelled`.",
    "rhi72_w": f"{WORKED_OUT} Its limit is recalled; that of England is shown: see `return_interview_in_72_hours`.",
    "la_1wd": OTHER_ORGANISATIONS,
    "s47": OTHER_ORGANISATIONS,
    "s47_w": OTHER_ORGANISATIONS,
    "cp_core": OTHER_ORGANISATIONS,
    "cp_core_w": OTHER_ORGANISATIONS,
    "cp_rev": OTHER_ORGANISATIONS,
    "cp_rev_w": OTHER_ORGANISATIONS,
    "epo": f"{WORKED_OUT} It is an order of a court, which may extend it.",
    "ea": f"{WORKED_OUT} Which cases are large or complex is not sent, so not every row is a duty. How often advice "
    "was asked for is shown without a standard: see `early_advice_sought`.",
    "nrm_rg": OTHER_ORGANISATIONS,
    "nrm_devolved": OTHER_ORGANISATIONS,
}
"""Derived standards that no form reads, and why."""


def forms_of_standard(standard: str) -> tuple[Form, ...]:
    """Return the indicators and waiting times that measure a standard; if none, see `reason_without_form`."""
    return tuple(form for form in forms() if isinstance(form, Indicator | Wait) and standard in form.standard)


def reason_without_form(standard: str) -> str:
    """Return why no indicator or waiting time measures a standard; '' if one does."""
    return "" if forms_of_standard(standard) else UNSUPPORTED_STANDARDS.get(standard) or NO_FORM[standard]


def grading_indicators(standard: str) -> tuple[Form, ...]:
    """Return the indicators by which a police force is graded under a standard."""
    return tuple(form for form in forms_of_standard(standard) if isinstance(form, Indicator) and form.graded)
