"""Which facts does every enquiry read?

`published`: what official tables say, one row a place, offence (or set of offences) and time.
`children`: how many children live there, and how old that figure is.
`quarters`: the calendar that official tables keep.
"""
