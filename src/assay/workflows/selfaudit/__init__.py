"""Let a force run the stages of an inspection on its own return, offline.

A force runs the same stages on itself, offline, from one folder. Everything here is made from a `ToSender`: exact
counts and references of its own records, for that force alone.

    asked        the request, built from the cover where nobody has asked yet
    audit        the stages in order, for one return
    own          the force's own rows of what the stages left: the only maker of a `ToSender` here
    answers      each indicator, wait and count in words, with what it said last time
    lists        the records behind an answer, and what to mend: `why` it is as it is, in the words of `mend`
    urgent       duties whose time ran out while the case is open, and children missing
    beside       its place against the published figures: how many, and in `charged` what share was charged
    page         one page, and in `files` the lists as CSV and as a workbook
"""

from assay.workflows.selfaudit.self_audit import SelfAuditResult, audit

__all__ = ["SelfAuditResult", "audit"]
