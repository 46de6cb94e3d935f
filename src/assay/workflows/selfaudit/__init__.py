"""Let a force run the stages of an inspection on its own return, offline.

Everything is made from a `ToSender`: exact counts and references of the force's own records, for that force alone.

    `self_audit`           the stages in order, for one return; the request, if none was sent, from the manifest
    `sender_rows`          the force's own rows from the stages: the only maker of a `ToSender` here
    `record_answers`       each indicator, wait and count in words, with its previous result
    `record_lists`         the records behind an answer, and what to correct (`answer_reasons`, `correction_advice`)
    `urgent_section`       overdue duties of open cases, and missing children
    `published_context`    comparison with the published figures
    `self_audit_page`      one page; the lists are CSV files and a workbook
"""

from assay.workflows.selfaudit.self_audit import SelfAuditResult, audit

__all__ = ["SelfAuditResult", "audit"]
