"""What went wrong: a level is declared in one act, everything is held, people speak, and release one post at a time.

Imports the rooms below. Start with `operations.declare`; what is held and how it leaves is in `posts.operations`.
"""
