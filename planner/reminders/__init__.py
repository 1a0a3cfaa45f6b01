"""Something is due for someone: the row is the schedule, a message is only a nudge.

Imports base, history and workspaces. Start with `models.Reminder`, then `operations/delivery.py`. Subjects
(a work item, a post) implement `rules.Subject`; this room calls them and imports nothing of them.
"""
