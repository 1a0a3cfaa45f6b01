"""What the bootstrap decides, with its seams (pip, the disk, the Python) faked."""

import ast
import subprocess
from types import SimpleNamespace

import pytest

from config import bootstrap

LOCK = "requirements.lock"


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def root(tmp_path):
    (tmp_path / LOCK).write_text("django==5.2.19 \\\n    --hash=sha256:aa\ncelery==5.7.0 ; python_version > '3' \\\n")
    return str(tmp_path)


@pytest.fixture
def ran(monkeypatch):
    """The commands that would have run. The first word that matches a key of `answers` decides what they say."""
    commands: list[list[str]] = []
    answers: dict[str, str] = {}

    def run(command):
        commands.append(command)
        failed = [text for word, text in answers.items() if word in command]
        return subprocess.CompletedProcess(command, 1 if failed else 0, stdout="".join(failed))

    monkeypatch.setattr(bootstrap, "run", run)
    return SimpleNamespace(commands=commands, answers=answers)


def pretend_venv(root):
    """What `python -m venv` would have left."""
    folder = bootstrap.os.path.dirname(bootstrap.venv_python(root))
    bootstrap.os.makedirs(folder, exist_ok=True)
    with open(bootstrap.venv_python(root), "w", encoding="ascii"):
        pass


def test_an_old_python_is_refused_in_one_line():
    with pytest.raises(SystemExit) as refusal:
        bootstrap.refuse_old_python((3, 9, 2))
    assert "Python 3.11 or newer" in str(refusal.value)
    assert "3.9.2" in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 4), (4, 0, 0)])
def test_a_recent_python_passes(version):
    bootstrap.refuse_old_python(version)


def test_an_old_python_can_read_the_file_that_refuses_it():
    with open(bootstrap.__file__, encoding="utf-8") as file:
        tree = ast.parse(file.read(), feature_version=(3, 6))
    for node in ast.walk(tree):
        said = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        assert not any(isinstance(part, ast.Subscript | ast.BinOp) for part in said), "Python 3.6 reads it too: quote"


def test_a_missing_ensurepip_names_the_package_to_install(root, ran, monkeypatch):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        bootstrap.install(LOCK, root)
    assert ran.commands == []


@pytest.mark.parametrize(
    "pip_says",
    [
        "WARNING: Retrying ... NewConnectionError('<...>: Failed to establish a new connection')\nERROR: No matching",
        "socket.gaierror: [Errno -3] Temporary failure in name resolution",
        "ProxyError('Cannot connect to proxy.')",
    ],
)
def test_no_network_is_one_sentence(root, ran, pip_says):
    pretend_venv(root)
    ran.answers["pip"] = pip_says
    with pytest.raises(SystemExit) as refusal:
        bootstrap.install(LOCK, root)
    assert "the network does not answer" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_disk_that_fills_up_is_one_sentence(root, ran):
    pretend_venv(root)
    ran.answers["pip"] = "ERROR: Could not install packages: [Errno 28] No space left on device"
    with pytest.raises(SystemExit, match="is full"):
        bootstrap.install(LOCK, root)


def test_a_disk_that_is_full_already_is_refused_before_anything_begins(root, ran, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "disk_usage", lambda path: SimpleNamespace(free=1024))
    with pytest.raises(SystemExit, match="is full"):
        bootstrap.install(LOCK, root)
    assert ran.commands == []


def test_any_other_failure_shows_the_last_lines_of_pip(root, ran):
    pretend_venv(root)
    ran.answers["pip"] = "\n".join(f"line {number}" for number in range(20))
    with pytest.raises(SystemExit, match="line 19") as refusal:
        bootstrap.install(LOCK, root)
    assert "line 3\n" not in str(refusal.value)


def test_packages_come_with_their_hashes_and_never_run_a_build(root, ran):
    pretend_venv(root)
    bootstrap.install(LOCK, root)
    pip = next(command for command in ran.commands if "install" in command)
    assert "--require-hashes" in pip
    assert pip[pip.index("--only-binary") + 1] == ":all:"


def test_a_second_run_installs_nothing(root, ran):
    pretend_venv(root)
    bootstrap.install(LOCK, root)
    ran.commands.clear()
    bootstrap.install(LOCK, root)
    assert ran.commands == []


def test_a_changed_lock_is_installed(root, ran):
    pretend_venv(root)
    bootstrap.install(LOCK, root)
    ran.commands.clear()
    with open(bootstrap.os.path.join(root, LOCK), "a", encoding="ascii") as lock:
        lock.write("redis==8.1.0 \\\n")
    bootstrap.install(LOCK, root)
    assert any("install" in command for command in ran.commands)


def test_an_interrupted_installation_is_begun_again(root, ran):
    pretend_venv(root)
    ran.answers["pip"] = "Killed"
    with pytest.raises(SystemExit):
        bootstrap.install(LOCK, root)
    ran.answers.clear()
    ran.commands.clear()
    bootstrap.install(LOCK, root)
    assert any("install" in command for command in ran.commands)


def test_packagers_turn_it_off(monkeypatch):
    monkeypatch.setenv("PLANNER_NO_BOOTSTRAP", "1")
    monkeypatch.setattr(bootstrap, "install", lambda *_: pytest.fail("it installed"))
    monkeypatch.setattr(bootstrap, "enter", lambda *_: pytest.fail("it entered .venv"))
    bootstrap.prepare(["manage.py", "test"])


@pytest.mark.parametrize(("command", "lock"), [("up", LOCK), ("test", "requirements-dev.lock"), ("migrate", None)])
def test_only_the_two_commands_install(command, lock, tmp_path, monkeypatch):
    monkeypatch.delenv("PLANNER_NO_BOOTSTRAP", raising=False)
    monkeypatch.setenv("PLANNER_DATA", str(tmp_path))
    installed = []
    monkeypatch.setattr(bootstrap, "install", installed.append)
    monkeypatch.setattr(bootstrap, "enter", lambda: None)
    bootstrap.prepare(["manage.py", command])
    assert installed == ([lock] if lock else [])


@pytest.mark.parametrize("arguments", [["--data", "there"], ["--port", "8001", "--data=there"]])
def test_the_data_folder_is_known_before_the_settings_are_read(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PLANNER_DATA", "elsewhere")
    bootstrap.place_data(arguments)
    assert bootstrap.os.environ["PLANNER_DATA"] == str(tmp_path / "there")
    assert (tmp_path / "there").is_dir()


def test_a_data_folder_that_cannot_be_made_is_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("PLANNER_DATA", "unset by the option")
    with pytest.raises(SystemExit, match="cannot be written"):
        bootstrap.place_data(["--data", str(tmp_path / "file" / "data")])


@pytest.mark.parametrize(
    ("lang", "language"), [("fr_CA.UTF-8", "fr"), ("FR", "fr"), ("en_US", "en"), ("de_CH.UTF-8", "en")]
)
def test_the_terminal_chooses_the_language(lang, language, monkeypatch):
    monkeypatch.setenv("LANG", lang)
    monkeypatch.setenv("PLANNER_LANGUAGE", "fr" if language == "en" else "en")
    assert bootstrap.terminal_language() == language


@pytest.mark.parametrize("lang", ["C", "C.UTF-8", "POSIX", ""])
@pytest.mark.parametrize(("before_sign_in", "language"), [("en", "en"), ("fr", "fr"), ("", "fr")])
def test_a_terminal_without_a_language_speaks_that_of_the_pages(lang, before_sign_in, language, monkeypatch):
    monkeypatch.setenv("LANG", lang)
    monkeypatch.setenv("PLANNER_LANGUAGE", before_sign_in)
    assert bootstrap.terminal_language() == language


def test_every_message_exists_in_both_languages_with_the_same_values():
    for english, french in bootstrap.MESSAGES.values():
        names = [{part.split("}")[0] for part in text.split("{")[1:]} for text in (english, french)]
        assert names[0] == names[1]
        assert english != french
