"""The desk, the first page of a new organisation, and the settings whose change reaches the posts."""
