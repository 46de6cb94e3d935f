"""How many exploited children are on each list, and how many are on none (capture-recapture)?

    list_overlap             capture histories: children by combination of lists, for one place and window
    list_readiness           screening: which lists can be combined, and why no estimate is possible
    hidden_range             range of the number of children over methods, alternative linkages and untestable bias
    hidden_changes           comparison of two years
    hidden_tables            the resulting tables, with a total of all places if those with an estimate hold most
                             of the known children
    hidden_sentences         the sentences on each place and year

No table that leaves this package holds a midpoint, because a midpoint would be quoted without its range. Where the
lists do not support a range, the table gives the reason and the list to request next.
"""
