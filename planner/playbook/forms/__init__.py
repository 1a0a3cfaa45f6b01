"""The forms of the playbook: `choosing.py` a date, a file; `editing.py` any item, built from its content."""

from planner.playbook.forms.choosing import ImportForm, WhenForm

__all__ = ["ImportForm", "WhenForm"]
