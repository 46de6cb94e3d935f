"""Responses: nature, adequacy and timeliness of the police response to recorded offences.

Published outcome tables show the outcome of an offence so far, not the investigation or its duration.
"""
