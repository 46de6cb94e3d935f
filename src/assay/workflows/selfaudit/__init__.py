"""Let a force run the stages of an inspection on its own return, offline.

Everything is made from a `ToSender`: exact counts and references of the force's own records, for that force alone.

    `self_audit`           the stages in order, for one return; the request, if none was sent, from the manifest;
                           the force's own rows: the only maker of a `ToSender` here
    `record_answers`       each indicator, wait and count in words, with its previous result
    `record_lists`         the records behind an answer, and what to correct (`correction_advice`)
    `published_context`    comparison with the published figures
    `self_audit_page`      one page, with overdue duties of open cases, and missing children
"""

from assay.workflows.selfaudit.self_audit import SelfAuditResult, audit_return

__all__ = ["SelfAuditResult", "audit_return"]
