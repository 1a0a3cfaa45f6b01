"""The pages of the playbook, one file for each thing that people do with it. Start with `shelves.py`, the index."""

from planner.playbook.views.advising import advice, advice_item
from planner.playbook.views.applying import template
from planner.playbook.views.carrying import export_own, import_own
from planner.playbook.views.checking import checklist
from planner.playbook.views.editing import copy, edit, own, retire, take_back, update, versions
from planner.playbook.views.exporting import export
from planner.playbook.views.following import workflow
from planner.playbook.views.shelves import index
from planner.playbook.views.showing import item, listing

__all__ = [
    "advice",
    "advice_item",
    "checklist",
    "copy",
    "edit",
    "export",
    "export_own",
    "import_own",
    "index",
    "item",
    "listing",
    "own",
    "retire",
    "take_back",
    "template",
    "update",
    "versions",
    "workflow",
]
