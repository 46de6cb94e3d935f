"""What can be estimated from counts, and how sure is it? Statistics that know no police.

    shares, rates     like units with counts: drawn-in figures, intervals, what the others lead one to expect
    ranks             places with their intervals
    discoveries       which of many comparisons stand out, few of them by chance
    levels            whether the level of a series is lower than it was
    amounts           what a piece of work takes: a guess, corrected by what was measured
    incidence         how long until it happens, while other endings compete and some still wait
    process           whether a series is doing what it has been doing (XmR)
    intervals         one share on its own; what a naive funnel would say

Units have counts and bases (of which) or exposures (for which). Everything is worked out by quadrature: no
figure depends on a random draw.
"""
