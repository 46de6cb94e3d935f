"""The data-quality letter to a sender: what was accepted, rejected and must be corrected."""
