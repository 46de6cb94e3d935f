"""What is sent to us, and can it be read?

`published`: the official tables that anyone can download: recorded crime, outcomes, children in need,
population.
"""
