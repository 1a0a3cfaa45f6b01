"""A spreadsheet from the calendar to the month: chosen, looked at, brought in, put aside; with the keyboard alone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from planner.base import clock
from planner.posts.models import Post

pytestmark = pytest.mark.e2e


def test_a_spreadsheet_is_brought_in_and_put_aside_by_keyboard(house, look):
    page = look().page
    day = clock.now().date() + timedelta(days=9)
    lines = f"Titre;Jour;Canal\nLa cantine de printemps;{day:%d/%m/%Y};Article du site\nRaté;32/12/2026;\n"
    page.goto(f"{house.url}/w/{house.workspace.slug}/calendar/views/")
    page.get_by_role("link", name="Choisir un fichier").press("Enter")
    page.get_by_label("Le tableur").set_input_files(
        {"name": "planning.csv", "mimeType": "text/csv", "buffer": lines.encode("cp1252")}
    )
    page.get_by_role("button", name="Regarder d’abord").press("Enter")
    expect(page.get_by_text("ce jour n’existe pas")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Télécharger la ligne à corriger").press("Enter")
    assert "Raté" in download.value.path().read_text("utf-8-sig")
    page.get_by_role("button", name="Importer un contenu").press("Enter")
    expect(page.get_by_role("heading", name="Ce qui a été importé")).to_be_visible()
    page.get_by_role("button", name="Le mettre de côté").press("Enter")
    expect(page.get_by_text("1 contenu est mis de côté.")).to_be_visible()
    assert Post.objects.get(texts__title="La cantine de printemps").status == "cancelled"
