"""The pages of the crisis room. Start with `room.py`, the war room itself."""
