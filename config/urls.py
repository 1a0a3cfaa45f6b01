"""Addresses: health, accounts, admin, and the rooms' own pages."""

from django.urls import include, path

from planner.site import site

urlpatterns = [
    path("admin/", site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("planner.urls")),
]
