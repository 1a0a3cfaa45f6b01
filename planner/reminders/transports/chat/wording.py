"""What a chat room reads: for whom, what, by when to look, one link. Never why, never a remark made in private."""

from django.conf import settings

from planner.reminders.transports.interface import Parcel


def title(parcel: Parcel) -> str:
    return str(parcel.card[parcel.language]["what"])


def body(parcel: Parcel) -> str:
    card = parcel.card[parcel.language]
    lines = [parcel.to, card["note"], settings.PLANNER_URL + card["link"]]
    if call := card.get("call"):
        lines.insert(1, f"{call['name']} {call['phone']}".strip())
    return "\n".join(line for line in lines if line)
