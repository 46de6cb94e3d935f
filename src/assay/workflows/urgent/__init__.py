"""Urgent list: check children and suspects of one accepted return now, before the inspection ends.

It runs on one accepted return, within the hour, and is no part of the report. A rule says "check now", never "is": each
entry is read and confirmed by a person of the inspection before it leaves, goes in a letter to one named post of the
force whose records they are, and to nobody else. The force answers by a clock; what is not answered escalates; and it
is counted how often a rule was right. Nothing here grades a force, and the list is destroyed when it is closed.

    rules                 what each rule asks, means and reads
    missing_children      the children that the rules of missing children name
    suspects_of_several   the suspects of crimes against several children
    found_records         all of them: put forward, or not decided
    lost_rows             rows set aside on receipt that may have said otherwise
    rule_coverage         whether each rule was asked of a return in full, in part or not, and why
    facts                 the facts of one return, as soon as it is accepted
    register              the entries and what became of each: proposed, confirmed, sent, answered, escalated
    letter                what leaves: made from confirmed entries through `ToSender`
    standing              what is open, what is overdue, and how often each rule was right
"""
