"""Facts derived from published statistics and from returns at record level.

From published statistics
    published         what official tables say, one row a place, offence (or set of offences) and time
    children          how many children live there, and how old that figure is
    quarters          the calendar that official tables keep

From returns at record level (`facts.facts` gives them all; each is an expression that runs on every engine)
    tables            what they read: the tables of the returns, the commission's codes, the calendar
    calendar          working days, months, and when a local day begins
    absence           when a missing thing means that it did not happen
    places            whose law holds
    crime_base, persons   base, kind and days of a crime; everybody's part in it, and both ages
    parties, steps    whom an event names; what was done, wherever a return keeps it
    listed            which children came to notice as exploited, year by year, and on whose list
    worked_out        steps that follow from others
    investigations, courses, pursuit, prosecutions, devices, referrals, exploited_children, missing_known, disruption
                      what was done on each crime, about each suspect and for each child
    crimes, endings_of_crimes, victims, suspects, others, forces, sent_tables   one table of facts each, or several
    described, assessed, list_spells, known_children, profiles     what is written down of people, risk and problem
    wishes, excuses   what takes a duty out of a count, if it came in time
    clocks, owed, notices, endings, limits, duties                 what was owed, to whom, and was it done in time
"""
