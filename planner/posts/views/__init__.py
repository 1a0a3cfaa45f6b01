"""The pages of posts, one file for each thing that people do with them. Start with `page.py`, the post itself."""
