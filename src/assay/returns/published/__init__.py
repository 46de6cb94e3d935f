"""What do the official tables say that anyone can download?

    received = read(["prc-pfa.ods", "outcomes-2025.xlsx"])     files as published, checked row by row
    received = carried()                                       the compact figures that the project carries

Both give a `Received`: the files with their rows taken, passed on and set aside by reason; the faults; and
five tables: recorded, outcomes, children_in_need, flagged, population.
"""

from assay.returns.published.carried import carried
from assay.returns.published.children_in_need import by_force_area
from assay.returns.published.extraction import extract
from assay.returns.published.reading import read
from assay.returns.published.received import TABLES, Fault, FileRead, Received, fault_table

__all__ = [
    "TABLES",
    "Fault",
    "FileRead",
    "Received",
    "by_force_area",
    "carried",
    "extract",
    "fault_table",
    "read",
]
