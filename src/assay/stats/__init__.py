"""Statistical methods that do not depend on the police domain: posteriors, intervals, tests, samples.

    shares, rates     like units with counts: drawn-in figures, intervals, what the others lead one to expect
    ranks             places with their intervals
    discoveries       which of many comparisons stand out, few of them by chance
    levels            whether the level of a series is lower than it was
    amounts           what a piece of work takes: a guess, corrected by what was measured
    incidence         how long until it happens, while other endings compete and some still wait
    process           whether a series is doing what it has been doing (XmR)
    graph             what hangs together, and what more closely than the rest
    intervals         one share on its own; what a naive funnel would say
    multiple_systems  how many no list holds: a library of its own that imports nothing else of ours
    samples           what files drawn by chance say of all, and how many of them an answer takes
    agreement         how far markers of the same files agree, and what it does to a figure if they do not

Units have counts and bases (of which) or exposures (for which). Everything but multiple_systems is worked out by
quadrature: no figure depends on a random draw. Draws there, the communities of a graph, and an interval of agreement
where one asks for units to be drawn again follow from a seed.
"""
