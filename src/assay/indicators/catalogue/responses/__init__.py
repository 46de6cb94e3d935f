"""What becomes of the offences that are recorded: nature, adequacy and timeliness of the response.

Official outcome tables tell the outcome of an offence so far, not the work that was done, nor how long it took.
"""
