"""What is written down: templates, workflows, roles, channels and profiles, as bundled or as an organisation made them.

Imports the rooms from base to policy. Start with `rules.lay_out` (a workflow and a date become dated items), then
`seeds.py`, which says what each kind of file may hold.
"""
