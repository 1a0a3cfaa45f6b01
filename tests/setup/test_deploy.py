"""The examples of `deploy/` name programs, options and files that exist, start everything again, and have one beat."""

import configparser
import re
import shlex
from pathlib import Path

import click
import pytest
from celery.bin.beat import beat
from celery.bin.worker import worker
from django.core.management import get_commands
from gunicorn.config import Config

from config.celery import NIGHTLY, REMINDERS, SWEEPS, app
from tests.setup.conftest import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
PRODUCT = ("setup", "web", "worker", "nightly", "beat")
LASTING = ("web", "worker", "nightly", "beat", "postgres", "redis")
HOME = "/opt/marronnier"


def unit(path: Path) -> configparser.ConfigParser:
    """Strict: a key that stands twice in a section would be an error."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def unit_command(path: Path) -> list[str]:
    return shlex.split(unit(path)["Service"]["ExecStart"].replace("%%", "%"))


def service(name: str) -> str:
    """The lines of one service of the compose file, with those of the anchor that it takes over."""
    found = re.search(rf"^  {name}:\n((?:    .*\n|\n)+)", COMPOSE, re.MULTILINE).group(1)
    product = re.search(r"^x-product:.*\n((?:  .*\n)+)", COMPOSE, re.MULTILINE).group(1)
    return found + product if "<<: *product" in found else found


def quoted(text: str) -> list[str]:
    return re.findall(r'"([^"]*)"', text)


def service_command(name: str) -> list[str]:
    own = re.search(r"^    command: (\[.*\])$", service(name), re.MULTILINE)
    return quoted(own.group(1) if own else re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))


COMMANDS = {path.name: unit_command(path) for path in UNITS} | {
    f"compose: {name}": service_command(name) for name in PRODUCT
}


def expect_known(command: list[str]) -> None:
    """The program is one of ours, and it knows every option that it is given."""
    program, *rest = command
    match Path(program).name:
        case "gunicorn":
            Config().parser().parse_args(rest)
            assert "config.wsgi:application" in rest
        case "celery":
            before, what, options = rest[:3], rest[3], rest[4:]
            assert before == ["--quiet", "-A", "config"]
            kind = {"worker": worker, "beat": beat}[what]
            kind.make_parser(click.Context(kind)).parse_args(options)
        case "sh":
            names = re.findall(r"python manage\.py (\w+)", rest[1])
            assert names
            assert set(names) <= set(get_commands())
        case other:
            pytest.fail(f"{other} is not a program of this product")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_and_its_options_exist(name):
    expect_known(COMMANDS[name])


def test_an_option_that_does_not_exist_is_noticed():
    with pytest.raises(click.NoSuchOption):
        expect_known(["celery", "--quiet", "-A", "config", "worker", "--no-such-option"])
    with pytest.raises(SystemExit):
        expect_known(["gunicorn", "config.wsgi:application", "--no-such-option"])


def test_the_units_are_four_and_start_again_whatever_happens():
    assert [path.stem for path in UNITS] == [f"marronnier-{name}" for name in ("beat", "nightly", "web", "worker")]
    for path in UNITS:
        read = unit(path)
        assert read["Service"]["Restart"] == "always"
        assert read["Unit"]["StartLimitIntervalSec"] == "0", "never given up"
        assert read["Service"]["KillMode"] == "control-group"
        assert read["Service"]["User"] == "marronnier"
        assert unit_command(path)[0].startswith(f"{HOME}/.venv/bin/")
        assert read["Service"]["WorkingDirectory"] == HOME


@pytest.mark.parametrize("name", LASTING)
def test_a_service_of_the_compose_file_starts_again_and_says_how_it_is(name):
    assert "restart: unless-stopped" in service(name)
    assert "healthcheck:" in service(name)
    assert re.search(r"^      test: |^    healthcheck: \*answers", service(name), re.MULTILINE)


def test_there_is_one_beat_and_nobody_can_start_a_second():
    beats = {name for name, command in COMMANDS.items() if "beat" in command or "--embedded-beat" in command}
    assert beats == {"marronnier-beat.service", "compose: beat"}
    assert "container_name:" in service("beat")
    assert not (DEPLOY / "systemd" / "marronnier-beat@.service").exists()


@pytest.mark.parametrize("where", ["service", "compose"])
def test_every_queue_has_its_worker_and_the_night_is_apart(where):
    queues = [
        command[command.index("-Q") + 1] for name, command in COMMANDS.items() if where in name and "-Q" in command
    ]
    assert sorted(queues) == sorted((REMINDERS, f"{SWEEPS},{NIGHTLY}"))
    heard = [name for queue in queues for name in queue.split(",")]
    routed = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    assert routed == set(heard)


def test_what_the_image_takes_exists_and_it_does_not_run_as_root():
    for line in re.findall(r"^COPY (.*)$", DOCKERFILE, re.MULTILINE):
        *sources, _target = [word for word in line.split() if not word.startswith("--")]
        assert all((ROOT / source).exists() for source in sources), line
        let_in = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
        assert all(f"!{source}" in let_in for source in sources), line
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["marronnier"]


def test_every_variable_of_the_example_is_in_the_table_of_the_readme():
    names = re.findall(r"^(\w+)=", (DEPLOY / "environment.example").read_text(encoding="utf-8"), re.MULTILINE)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(names) > 5
    assert [name for name in names if f"| `{name}` |" not in readme] == []
