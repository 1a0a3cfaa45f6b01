"""What every room stands on: clock, working time, errors, safe HTML, seeds, languages. Imports no room.

Start with `errors.py`, then `worktime.py`.
"""
