"""How many children are on whose list, and how many are on none?

    lists       children by the lists they stand on, for one place and window: from names, or from a table of overlaps
    ready       which lists may be put together, and which stand for one another
    range       what the lists allow, from A to B: methods, linkage, and what no list can check
    changing    more or fewer than in an earlier year
    together    all places: only where those that can be estimated hold most of the children
    told        the tables that come of it

No table that leaves this room holds a middle: a range says what the lists allow, and a middle would be quoted without
it. Where the lists do not allow a range, the reason stands in its place, and which list to ask for.
"""
