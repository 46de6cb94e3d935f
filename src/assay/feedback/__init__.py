"""The data-quality letter to a sender: what was accepted, what was rejected, and what to correct."""
