"""The admin in our own look: one login, one bar. Rooms register on `site` in their `admin.py`. Imports base only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class PlannerAdminSite(admin.AdminSite):
    site_header = "Marronnier"
    site_title = "Marronnier"
    index_title = _("Settings and rare edits")


site = admin.site
