"""Model card: training data and quality of a classifier on writers that it was not trained on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.text.classifier.linear_classifier import Model


def card(model: Model) -> Iterator[str]:
    """Yield the lines of the model card (Markdown)."""
    summary = model.card
    yield f"## {model.key}"
    yield ""
    yield (
        f"Taught by {summary['texts']:,} texts of {summary['writers']} writers, {summary['saying']:,} of which say it."
    )
    yield f"Fingerprint `{model.fingerprint}`. Each figure below is of texts by"
    yield "writers that the model was not trained on, with its 95% interval."
    yield ""
    yield "| look | area under the curve | Brier | called from | precision | recall |"
    yield "|---|---|---|---|---|---|"
    for name, found in summary["unseen_writers"].items():
        shares = " | ".join(_share_text(found[part]) for part in ("precision", "recall"))
        yield f"| {name} | {found['area']:.3f} | {found['brier']:.3f} | {found['at']:.2f} | {shares} |"
    look = next(name for name in ("full, beside rules", "full") if name in summary["unseen_writers"])
    found = summary["unseen_writers"][look]
    yield ""
    yield (
        f"Called, by kind of text ({look}): "
        + "; ".join(f"{kind.replace('_', ' ')} {_share_text(share)}" for kind, share in found["called_by_kind"].items())
        + "."
    )
    yield ""
    yield "| score | texts | mean score | share labelled yes |"
    yield "|---|---|---|---|"
    for band in found["reliability"]:
        low, high = band["interval"]
        yield (
            f"| {band['from']} to {band['to']} | {band['texts']} | {band['mean_score']:.2f} | "
            f"{band['share']:.2f} ({low:.2f} to {high:.2f}) |"
        )
    yield ""


def _share_text(share: dict[str, Any]) -> str:
    low, high = share["interval"]
    return f"{share['share']:.2f} ({low:.2f} to {high:.2f}, of {share['of']})"
