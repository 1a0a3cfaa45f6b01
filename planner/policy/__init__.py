"""What an organisation allows itself: rules that read a draft and say what to mend, in both languages.

May import reminders, workspaces, history and base. Knows nothing of posts: whoever checks something makes a `Draft` and
a `Context` of it. Start with `rules/__init__.py`, then `rules/checking.py`; what is declared lives in `seeds/policy/`.
"""
