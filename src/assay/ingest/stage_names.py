"""Names of the stages in an inspection folder that more than one module uses."""

from __future__ import annotations

RELEASED_STAGES = ("disclosure", "report")
"""Stages that hold only released tables: they stay when an inspection is retired."""
JUDGEMENT, PANEL, PLAN, ACCURACY = "judgement", "panel", "plan", "accuracy"
RECOMMENDATIONS, FOLLOW_UPS = "recommended", "revisited"
AWAITING = "awaiting"
"""Decisions of first persons of a panel that a second person is to confirm, or has confirmed."""
PREVIOUS_ALERTS = "earlier"
ISSUED_EDITIONS = "issued"
PLUGINS, PLUGIN_FINDINGS = "plugins", "added"
"""Output of plug-ins, and results derived from it."""
DECISION_STAGES = (PANEL, PLAN, RECOMMENDATIONS, FOLLOW_UPS, PREVIOUS_ALERTS, PLUGINS)
"""Stages that hold people's decisions and verdicts, or earlier outlier alerts, and of records no more than was
released: they stay."""
RETAINED_STAGES = (*DECISION_STAGES, AWAITING, ACCURACY, ISSUED_EDITIONS)
"""Stages that stay while the inspection lasts. At its end, all decisions of first persons (a confirmed decision stays
in `PANEL`), answers of forces in their own words and the exact counts of released editions are destroyed."""
OTHER_SENDERS = "others"
"""Stages of submissions by other senders: voices, documents, lessons."""
TRIANGULATION = "triangulation"
"""Evidence of every strand: deleted when any of its sources is deleted."""
VOICES = "voices"
"""Evidence from victims and survivors, from every sender."""
