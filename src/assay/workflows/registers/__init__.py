"""Bring the registers of `reference` up to date: list what is due for a check, fill in a form, and make new rows
from it."""

from assay.workflows.registers.register_form import write_form
from assay.workflows.registers.register_status import RegisterStatus, register_status
from assay.workflows.registers.register_update import RegisterUpdate, apply_form

__all__ = ["RegisterStatus", "RegisterUpdate", "apply_form", "register_status", "write_form"]
