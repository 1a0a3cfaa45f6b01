"""Chat rooms of a team: Slack, Teams, Discord, Matrix, Mattermost, Rocket.Chat, ntfy."""

from planner.reminders.transports.chat.checks import check
from planner.reminders.transports.chat.sending import ChatTransport

__all__ = ["ChatTransport", "check"]
