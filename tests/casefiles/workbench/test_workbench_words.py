"""Does every word of the workbench stand in its catalogue, and does a page speak Welsh where it can?"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
PAGES = ROOT / "src" / "assay" / "workbench" / "pages"


def test_the_catalogue_holds_every_string_of_the_pages_and_the_code():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "catalogue.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_what_is_filled_into_a_string_is_filled_into_its_welsh_too():
    import polib

    catalogue = polib.pofile(str(PAGES.parent / "locale" / "cy" / "LC_MESSAGES" / "django.po"))
    wrong, placeholder_pattern = [], r"%\(\w+\)s|%%"
    for translated_entry in catalogue.translated_entries():
        translations = (
            translated_entry.msgstr_plural.values() if translated_entry.msgid_plural else [translated_entry.msgstr]
        )
        placeholders = set(re.findall(placeholder_pattern, f"{translated_entry.msgid} {translated_entry.msgid_plural}"))
        wrong += [
            translated_entry.msgid
            for translation in translations
            if set(re.findall(placeholder_pattern, translation)) != placeholders
        ]
    assert wrong == []
    assert len(catalogue.translated_entries()) > 180


def test_what_an_inspector_and_a_force_meet_first_is_welsh(enter):
    english = {"Your files", "Hard reading today", "To read", "State", "Send the answers", "What the report will say",
               "Say whether"}  # fmt: skip
    for code, path in (("M01", "/queue"), ("M01", "/keys"), ("L01", "/points"), ("L01", "/letters")):
        client = enter(code)
        client.post("/language", {"language": "cy", "next": path})
        page = client.get(path).content.decode()
        assert [sentence for sentence in english if sentence in page] == [], path


def test_no_page_says_anything_that_cannot_be_translated():
    """Words between tags stand in `_()`; the names of languages stand in themselves, and `wide` is a style."""
    translations = {}
    for path in sorted(PAGES.glob("*.html")):
        text = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        if words := set(re.findall(r"[A-Za-z]{2,}", text)) - {"English", "Cymraeg", "wide"}:
            translations[path.name] = words
    assert translations == {}


def test_a_page_is_welsh_when_it_is_asked_for_and_says_so_to_a_screen_reader(enter):
    client = enter("M01")
    assert '<html lang="en-GB">' in client.get("/queue").content.decode()
    client.post("/language", {"language": "cy", "next": "/queue"})
    page = client.get("/queue").content.decode()
    assert '<html lang="cy">' in page
    assert "Eich ffeiliau" in page
    assert "Allgofnodi" in page


def test_a_language_that_is_asked_for_leads_nowhere_else(enter):
    answer = enter("M01").post("/language", {"language": "cy", "next": "https://elsewhere.example/"})
    assert "elsewhere" not in answer["Location"]
