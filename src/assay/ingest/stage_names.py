"""Names of stages in the folder of an inspection that more than one module uses, by what may happen to them."""

from __future__ import annotations

RELEASED_STAGES = ("disclosure", "report")
"""Stages that hold only what was let out of the building: they stay."""
JUDGEMENT, PANEL, PLAN, ACCURACY = "judgement", "panel", "plan", "accuracy"
RECOMMENDATIONS, FOLLOW_UPS = "recommended", "revisited"
PREVIOUS_ALERTS = "earlier"
ISSUED_EDITIONS = "issued"
PLUGINS, PLUGIN_FINDINGS = "plugins", "added"
"""What plug-ins say, and what was found by them."""
DECISION_STAGES = (PANEL, PLAN, RECOMMENDATIONS, FOLLOW_UPS, PREVIOUS_ALERTS, PLUGINS)
"""Stages that hold what people decided and settled, or what was called before, and of records no more than was let out:
they stay."""
RETAINED_STAGES = (*DECISION_STAGES, ACCURACY, ISSUED_EDITIONS)
"""These stay while the inspection lasts; what a force answered in its own words goes at the end, and so do the exact
counts of the editions that are out."""
OTHER_SENDERS = "others"
"""The stages of what is sent beside returns: voices, documents, lessons."""
TRIANGULATION = "triangulation"
"""What every strand says: it goes when anything that it was made of goes."""
VOICES = "voices"
"""What victims and survivors say, from every sender."""
