"""What is known of the child, the suspect and the problem: assessed, written down, and kept current?

Data say whether an assessment is there and when; whether it was a good one is read in a case file.
"""
