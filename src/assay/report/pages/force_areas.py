"""The names of the areas of a force, by which a reader may look for it: 'London', 'Leeds', 'Birmingham'."""

from __future__ import annotations

from collections.abc import Mapping

from assay.reference import authorities, forces
from assay.report.report_tables import ReleasedTables
from assay.sdc.released_rows.published_rows import PlacesRow


def area_names(place: PlacesRow) -> tuple[str, ...]:
    """Return the region and the upper-tier local authorities of a force; none for a synthetic force.

    A synthetic force can have the code of a real one, so its name must agree too.
    """
    code = place["place_code"]
    if code not in forces() or forces().get(code).name != place["name"]:
        return ()
    force = forces().get(code)
    names = [force.region, *force.aliases, *(row.name for row in authorities() if row.force_code == code)]
    return tuple(dict.fromkeys(name for name in names if name and name != force.name))


def areas_by_page(site: ReleasedTables) -> Mapping[str, str]:
    """Return the area names of each force, by the path of its page: 'Yorkshire; Leeds; Bradford'."""
    texts = {f"forces/{place['slug']}.html": "; ".join(area_names(place)) for place in site.forces}
    return {path: text for path, text in texts.items() if text}
