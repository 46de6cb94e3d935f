"""What is known of the child, the suspect and the problem: assessed, written down, and kept current?

Data show whether and when an assessment was made; its quality is rated in case files.
"""
