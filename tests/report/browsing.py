"""Open report pages in a browser, and list their accessibility barriers."""

from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WORKSPACE, PHONE = (1280, "light"), (375, "dark")
OPEN = "document.querySelectorAll('details').forEach(d => { d.open = true })"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDE = "[...document.querySelectorAll('.scroll')].filter(s => s.scrollWidth > s.clientWidth).map(s => s.innerText)"


def barriers(page, axe):
    """What axe-core finds, as (rule, where); `preload` is off since a page on disk may not read its own style sheet.

    Every rule is tried on every part. Of what passes, one example comes back: to send thousands takes seconds a page.
    A page that is searched again, at another width, has the script of axe-core already.
    """
    options = {"runOnly": {"type": "tag", "values": RULES}, "preload": False, "resultTypes": ["violations"]}
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe.axe_script)
    violations = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in violations]


def seen(window, axe, page, *, opened=False):
    """What the console said of a page, its barriers, and by how much it is wider than the window; `opened`: with all parts open."""
    window.messages.clear()
    window.goto(page.as_uri())
    if opened:
        window.evaluate(OPEN)
    return list(window.messages), barriers(window, axe), window.evaluate(OVERFLOW)
