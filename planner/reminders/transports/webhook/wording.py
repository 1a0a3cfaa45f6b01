"""What a program reads: one JSON object, in both languages."""

import json

from django.conf import settings

from planner.base.language import LANGUAGES
from planner.reminders.transports.interface import Parcel

_TOLD = ("what", "why", "minutes", "action", "note")


def body(parcel: Parcel) -> bytes:
    said = {
        language: {
            **{name: parcel.card[language].get(name, "") for name in _TOLD},
            "link": settings.PLANNER_URL + parcel.card[language]["link"],
        }
        for language in LANGUAGES
    }
    told = {"number": parcel.number, "kind": parcel.kind, "to": parcel.to, "at": parcel.at.isoformat(), **said}
    return json.dumps(told, ensure_ascii=False).encode()
