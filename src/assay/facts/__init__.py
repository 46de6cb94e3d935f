"""Facts derived from published statistics and from returns at record level.

From published statistics
    published_series      published counts, one row for each place, offence (or set of offences) and time
    financial_quarters    quarters of financial years

From returns at record level (`fact_tables` derives them all; each is an expression that runs on every engine)
    fact_inputs, inspection_run                        tables of the returns, reference tables, calendar of working days
    inferred_absence                                   when an absent record or value means no
    jurisdictions                                      England or Wales
    crime_base, involved_persons, person_roles         base and days of crimes; persons with roles and ages
    event_parties, case_steps, inferred_steps          whom an event is about; steps, sent or inferred
    crime_facts, crime_endings, case_transfers, case_courses, investigations
                                                       endings, transfers, courses and investigation of crimes
    suspect_pursuit, repeat_suspects                   suspects, orders, what was done about them, and court results
    victim_facts, child_suspects, exploited_children, known_children, person_characteristics
                                                       victims and children
    exploitation_flags, list_spells, risk_assessments, reports_and_episodes
                                                       flags, lists, assessments, reports, missing episodes, referrals
    detected_groups, group_matches                     groups in the records and groups that forces list
    force_facts, problem_profiles                      ways of working, tables supplied, and problem profiles
    duty_clocks, owed_duties, victim_notices, time_limits, duty_exemptions, contact_wishes, duty_facts
                                                       what was owed, to whom, and was it done in time
    redacted_texts                                     texts without the identities of the persons in the case
"""
