"""When: the month of everything planned. Imports the rooms from base to dialogue. Start with `rules.py`."""
