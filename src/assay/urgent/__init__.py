"""Which children and suspects should somebody look at now, before the inspection is over?

It runs on one accepted return, within the hour, and is no part of the report. A rule says "check now", never "is": each
entry is read and confirmed by a person of the inspection before it leaves, goes in a letter to one named post of the
force whose records they are, and to nobody else. The force answers by a clock; what is not answered escalates; and it
is counted how often a rule was right. Nothing here grades a force, and nothing is kept after the list is closed.

    rules        the rules, each on facts alone, and the records that they name
    facts        the facts of one return, as soon as it is accepted
    register     the entries and what became of each: proposed, confirmed, sent, answered, escalated
    letter       what leaves: made from confirmed entries through `ToSender`
    standing     what is open, what is overdue, and how often each rule was right
"""
