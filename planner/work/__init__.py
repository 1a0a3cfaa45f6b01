"""What must be done, for whom, by when: WorkItem, with a generic subject (a post today) and its reminders.

Imports the rooms from base to playbook. Start with `operations.plan_items` and `operations.complete`.
"""
