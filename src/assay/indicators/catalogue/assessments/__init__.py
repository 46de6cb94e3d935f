"""Are the risk to the child, the risk from the suspect and the problem profile assessed, recorded and kept up to date?

Data show whether and when an assessment was made; its quality is rated in case files.
"""
