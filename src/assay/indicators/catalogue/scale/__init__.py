"""How much is there, and is it falling? From official tables: how much is recorded, which is another question.

No public table by force, quarter and offence carries the police flag for child sexual exploitation
(`reference.published_flags`), so nothing here counts exploitation: the
counts are of child sexual offences recorded by police, and of assessments that name a factor.
"""
