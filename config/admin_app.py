"""Makes `planner.site.site` the default site of Django's admin."""

from django.contrib.admin.apps import AdminConfig


class PlannerAdminConfig(AdminConfig):
    default_site = "planner.site.PlannerAdminSite"
