"""The scale of exploitation: how much there is and whether it falls; published tables show only what is recorded.

No public table by force, quarter and offence carries the police flag for child sexual exploitation
(`reference.published_flags`), so nothing here counts exploitation: the
counts are of child sexual offences recorded by police, and of assessments that name a factor.
"""
