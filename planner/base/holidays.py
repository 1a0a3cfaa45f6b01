"""Public holidays of the countries that the product knows: the one place that imports the `holidays` package."""

from collections.abc import Iterable
from datetime import date

import holidays
from django.utils.translation import gettext as _

from planner.base.errors import Invalid

COUNTRIES = ("FR", "BE", "CH", "CA", "LU")


class UnknownPlace(Invalid, ValueError):
    """No public holidays are known for that country or region."""


def regions(country: str) -> tuple[str, ...]:
    """The regions of a country that have holidays of their own (cantons of CH, provinces of CA)."""
    _check(country)
    return tuple(sorted(holidays.list_supported_countries()[country]))


def public_holidays(country: str, region: str, years: Iterable[int], language: str = "fr") -> dict[date, str]:
    """The public holidays of these years with their names in French or English, in the order of the calendar.

    `region` may be empty: then those of the whole country. Raises `UnknownPlace`, a ValueError.
    """
    _check(country)
    if region and region not in holidays.list_supported_countries()[country]:
        raise UnknownPlace(
            _("“%(region)s” is not a region of %(country)s whose holidays are known.")
            % {"region": region, "country": country}
        )
    spoken = "fr" if language.startswith("fr") else "en_US"
    found = holidays.country_holidays(country, subdiv=region or None, years=sorted(set(years)), language=spoken)
    return {day: _spelled(name) for day, name in sorted(found.items())}


def _spelled(name: str) -> str:
    """With our apostrophe, and in the English of Europe and Canada: the package knows that of the United States."""
    return name.replace("'", "’").replace("Labor Day", "Labour Day")


def _check(country: str) -> None:
    if country not in COUNTRIES:
        raise UnknownPlace(
            _("The public holidays of “%(country)s” are not known. Known: %(known)s.")
            % {"country": country, "known": ", ".join(COUNTRIES)}
        )
