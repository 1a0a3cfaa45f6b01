"""The rules of the house that no tool checks by itself."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from planner.management.commands import translations

ROOT = Path(settings.BASE_DIR)
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_ROOMS = {"management", "migrations", "templatetags"}
ROOMS = sorted({path.parent.name for path in (ROOT / "planner").glob("*/__init__.py")} - NOT_ROOMS)
EDGES = {"forms", "admin", "views", "urls", "tasks", "api", "feeds", "seeds"}
COMMANDS = sorted(path.stem for path in (ROOT / "planner/management/commands").glob("[a-z]*.py"))


def application_files() -> list[Path]:
    found = [path for folder in ("config", "planner") for path in (ROOT / folder).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


# ---- models -----------------------------------------------------------------------


def model_classes_in_files() -> set[type[Model]]:
    found = set()
    for path in (ROOT / "planner").glob("*/models.py"):
        module = importlib.import_module(f"planner.{path.parent.name}.models")
        for value in vars(module).values():
            is_model = inspect.isclass(value) and issubclass(value, Model) and value.__module__ == module.__name__
            if is_model and not value._meta.abstract:
                found.add(value)
    return found


def test_every_model_of_a_room_is_registered_and_so_has_its_migration():
    assert model_classes_in_files() == set(apps.get_app_config("planner").get_models())


def test_the_composition_names_every_model():
    composition = importlib.import_module("planner.models")
    assert {model.__name__ for model in model_classes_in_files()} == set(composition.__all__)


# ---- arrows --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def graph():
    return grimp.build_graph("planner", "config", exclude_type_checking_imports=True, cache_dir=None)


def edge_of(module: str) -> str | None:
    """`posts` for `planner.posts.views` and what is below it; nothing for what other rooms may import.

    Base has no way in of its own: its forms and admin are what the rooms build theirs from.
    """
    parts = module.split(".")
    is_edge = len(parts) > 2 and parts[0] == "planner" and parts[1] != "base" and parts[2] in EDGES
    return parts[1] if is_edge else None


def test_no_room_imports_an_edge_of_another_room(graph):
    wrong = []
    for module in graph.modules:
        room = edge_of(module)
        for importer in graph.find_modules_that_directly_import(module) if room else ():
            parts = importer.split(".")
            if len(parts) > 2 and parts[1] not in {room, *NOT_ROOMS}:
                wrong.append(f"{importer} -> {module}")
    assert wrong == []


def test_rules_do_not_touch_the_database(graph):
    wrong = [
        f"{module} -> {imported}"
        for module in graph.modules
        if module.endswith(".rules")
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.split(".")[-1] in ("models", "queries", "operations")
    ]
    assert wrong == []


# ---- the queue ------------------------------------------------------------------------


def test_no_message_carries_a_date_and_nothing_sleeps():
    """The row is the schedule: an `eta` is lost or runs twice, a sleep holds a worker."""
    wrong = []
    for path in application_files():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call):
                named = {keyword.arg for keyword in node.keywords}
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if named & {"eta", "countdown"} or called == "sleep":
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_no_signal_of_django_is_used():
    wrong = [
        str(path.relative_to(ROOT))
        for path in application_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom) and re.match(r"django\..*(signals|dispatch)", node.module or "")
    ]
    assert wrong == []


def test_beat_has_one_entry_for_delivery_and_all_else_has_a_queue_of_its_own():
    app = importlib.import_module("config.celery").app
    app.loader.import_default_modules()
    tasks = [entry["task"] for entry in app.conf.beat_schedule.values()]
    assert set(tasks) <= app.tasks.keys()
    queues = {task: app.conf.task_routes.get(task, {}).get("queue", app.conf.task_default_queue) for task in tasks}
    assert [task for task, queue in queues.items() if queue == "reminders"] == ["planner.reminders.tasks.tick"]
    assert all("expires" in entry["options"] for entry in app.conf.beat_schedule.values())


def test_a_tick_expires_before_the_next():
    entry = importlib.import_module("config.celery").app.conf.beat_schedule["tick"]
    assert 0 < entry["options"]["expires"] < entry["schedule"]


# ---- README --------------------------------------------------------------------------


def settings_read_from_the_environment() -> set[str]:
    names = set()
    for node in ast.walk(parsed(ROOT / "config/settings.py")):
        is_reader = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if is_reader and getattr(node.func.value, "id", "") == "env" and isinstance(node.args[0], ast.Constant):
            names.add(node.args[0].value)
    return names


@pytest.mark.parametrize("name", sorted(settings_read_from_the_environment()))
def test_every_setting_has_its_line_in_readme(name):
    assert re.search(rf"^\|.*`{name}`.*\|", README, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_line_in_readme(name):
    assert re.search(rf"`(python3 |\.venv/bin/python )?(manage\.py )?{name}\b", README)


@pytest.mark.parametrize("name", ROOMS)
def test_every_room_has_its_line_in_readme(name):
    assert re.search(rf"^\|.*`planner/{name}/`.*\|", README, re.MULTILINE)


# ---- languages ------------------------------------------------------------------------


def test_every_text_exists_in_french():
    assert list(translations.faults(translations.extract_all(ROOT), translations.catalogue_in(ROOT))) == []
