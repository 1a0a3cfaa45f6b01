"""Writing the playbook: `loading.py` the bundled one, `owning.py` what an organisation makes of it."""

from planner.playbook.operations.loading import Bundled, Counts, equip, upsert_bundled
from planner.playbook.operations.owning import (
    COUNTED,
    EDITABLE,
    copy_item,
    import_items,
    is_editable,
    may_change,
    require_change,
    restore,
    retire,
    save_own,
    take_back,
    users_of,
)

__all__ = [
    "COUNTED",
    "EDITABLE",
    "Bundled",
    "Counts",
    "copy_item",
    "equip",
    "import_items",
    "is_editable",
    "may_change",
    "require_change",
    "restore",
    "retire",
    "save_own",
    "take_back",
    "upsert_bundled",
    "users_of",
]
