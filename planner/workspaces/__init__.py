"""Who and where: people, workspaces, levels, editorial roles, absences, channels, the working calendar.

Imports base and history. A newcomer starts with the table of `rules.py` (who may do what), then `operations.require`
and `access.py`, the gatekeeper through which every page of a workspace passes.
"""
