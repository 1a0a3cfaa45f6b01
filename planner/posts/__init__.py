"""The pieces: Post, its texts and placements, revisions, approvals, comments, files, and the map of its states.

Imports the rooms from base to work. Start with `rules.TRANSITIONS` and `operations/create.py`.
"""
