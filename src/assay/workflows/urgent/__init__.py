"""Urgent list: check children and suspects in one accepted return at once, before the inspection ends.

The rules run on one accepted return, within the hour, and are no part of the report. A rule says "check now", never
"is". A person of the inspection reads and confirms each entry before it is sent, in a letter to one named post of the
force that holds the records, and to nobody else. The force answers by a deadline; unanswered entries are escalated; and
the precision of each rule is counted. Nothing here grades a force, and the list is destroyed when it is closed.

    `urgent_rules`            what each rule checks, means and reads
    `missing_child_rules`     rules about missing children
    `suspect_rules`           rules about suspects of crimes against several children
    `urgent_search`           facts of one return, and all rules on it: records found, or not decided
    `lost_rows`               rows set aside on receipt that may have changed the result
    `rule_coverage`           whether each rule could be applied to a return in full, in part or not at all
    `urgent_register`         the entries and their states: proposed, confirmed, sent, answered, escalated
    `urgent_letter`           the letter, made from confirmed entries through `ToSender`
    `list_status`             open and overdue entries, and the precision of each rule
"""
