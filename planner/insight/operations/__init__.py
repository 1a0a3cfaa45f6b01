"""What is done across the rooms: the sheets of Monday, and asking people to read the editorial policy."""

from planner.insight.operations.charter import ask_to_read, say_read
from planner.insight.operations.sheets import send_sheets

__all__ = ["ask_to_read", "say_read", "send_sheets"]
