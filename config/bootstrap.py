"""Before Django: make `.venv`, install the lock into it, and go on inside.

Standard library only, and no syntax that an old Python cannot read, so that an old Python is told so in words.
`up` and `test` install what is missing; every other command only enters the `.venv` that is there.
`PLANNER_NO_BOOTSTRAP=1` leaves all of it to whoever packages the product.
"""

import errno
import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LOCKS = {"up": "requirements.lock", "test": "requirements-dev.lock"}
OLDEST_PYTHON = (3, 11)
ROOM_TO_INSTALL = 400 * 1024 * 1024
ALMOST_NOTHING = 5 * 1024 * 1024
ROOM_TO_RUN = 30 * 1024 * 1024
# The commands that take `--data`: it must be known before the settings are read.
WITH_DATA = ("up", "backup", "restore", "sign_in_link")

MESSAGES: "dict[str, tuple[str, str]]" = {
    "old_python": (
        "Marronnier needs Python 3.11 or newer, and this is Python {version}: install a newer one, "
        "then run it again with that one.",
        "Marronnier demande Python 3.11 ou plus récent, et celui-ci est Python {version} : installez-en un plus "
        "récent, puis relancez la commande avec lui.",
    ),
    "no_ensurepip": (
        "This Python cannot make a virtual environment: run `apt install python3-venv`, then the same command again.",
        "Ce Python ne sait pas créer d’environnement virtuel : lancez `apt install python3-venv`, "
        "puis de nouveau la même commande.",
    ),
    "no_network": (
        "The packages could not be downloaded, because the network does not answer: check the connection or the "
        "proxy, then run the same command again.",
        "Les paquets n’ont pas pu être téléchargés, car le réseau ne répond pas : vérifiez la connexion ou le "
        "proxy, puis relancez la même commande.",
    ),
    "disk_full": (
        "The disk that holds {path} is full: free some space, then run the same command again; nothing was lost.",
        "Le disque qui porte {path} est plein : libérez de la place, puis relancez la même commande ; "
        "rien n’a été perdu.",
    ),
    "not_writable": (
        "{path} cannot be written: run the command as the owner of that folder, or choose another one.",
        "{path} n’est pas accessible en écriture : lancez la commande avec le compte propriétaire de ce dossier, "
        "ou choisissez-en un autre.",
    ),
    "install_failed": (
        "The packages could not be installed. What pip said last:\n{details}",
        "Les paquets n’ont pas pu être installés. Dernières lignes de pip :\n{details}",
    ),
    "not_installed": (
        "Nothing is installed here yet: run `python3 manage.py up` first.",
        "Rien n’est encore installé ici : lancez d’abord `python3 manage.py up`.",
    ),
    "waiting": (
        "Another command is installing the packages; waiting for it.",
        "Une autre commande installe les paquets ; en attente.",
    ),
    "installing": (
        "Installing {count} packages into .venv (only when they change)…",
        "Installation de {count} paquets dans .venv (seulement quand ils changent)…",
    ),
}
NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeout",
    "ReadTimeout",
    "ProxyError",
    "Name or service not known",
    "name resolution",
    "Network is unreachable",
    "Connection refused",
    "Connection timed out",
)
DISK_SIGNS = ("No space left on device", "Errno 28", "Disk quota exceeded")


def prepare(argv: "Sequence[str]") -> None:
    """Return only inside an environment that can run this command; otherwise install, re-exec, or say why not."""
    command = argv[1] if len(argv) > 1 else ""
    refuse_old_python(sys.version_info[:3])
    if command in WITH_DATA:
        place_data(argv[2:])
    if os.environ.get("PLANNER_NO_BOOTSTRAP"):
        return
    if command in LOCKS:
        install(LOCKS[command])
    enter()


def refuse_old_python(version: "tuple[int, ...]") -> None:
    if tuple(version[:2]) < OLDEST_PYTHON:
        stop("old_python", version=".".join(str(part) for part in version))


def place_data(arguments: "Sequence[str]") -> None:
    """Turn `--data DIR` into the setting, and refuse a folder that cannot be written before anything is begun."""
    folder = data_option(arguments)
    if folder:
        os.environ["PLANNER_DATA"] = os.path.abspath(folder)
    folder = os.environ.get("PLANNER_DATA") or os.path.join(ROOT, "var")
    with in_words(folder):
        os.makedirs(folder, exist_ok=True)
    if not os.access(folder, os.W_OK):
        stop("not_writable", path=folder)
    refuse_full_disk(folder, ROOM_TO_RUN)


def data_option(arguments: "Sequence[str]") -> "str | None":
    for position, argument in enumerate(arguments):
        if argument.startswith("--data="):
            return argument[len("--data=") :]
        if argument == "--data" and position + 1 < len(arguments):
            return arguments[position + 1]
    return None


def refuse_full_disk(path: str, needed: int) -> None:
    if shutil.disk_usage(path).free < needed:
        stop("disk_full", path=path)


# ---- installing ------------------------------------------------------------------


def install(lock_name: str, root: str = ROOT) -> None:
    """Bring `.venv` to the state of the lock; does nothing, quickly, when it is there already."""
    lock = os.path.join(root, lock_name)
    digest = digest_of(lock)
    if is_installed(root, lock_name, digest):
        return
    with one_at_a_time(root), in_words(root):
        if is_installed(root, lock_name, digest):
            return
        refuse_full_disk(root, ROOM_TO_INSTALL)
        say("installing", count=packages_in(lock))
        make_venv(root)
        pip_install(root, lock)
        stamp(root, lock_name, digest)


def digest_of(path: str) -> str:
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def packages_in(lock: str) -> int:
    with open(lock, encoding="utf-8") as file:
        return sum(1 for line in file if "==" in line and not line[0].isspace())


def venv_of(root: str) -> str:
    return os.path.join(root, ".venv")


def venv_python(root: str) -> str:
    return os.path.join(venv_of(root), "bin", "python")


def stamp_path(root: str, lock_name: str) -> str:
    return os.path.join(venv_of(root), lock_name + ".installed")


def is_installed(root: str, lock_name: str, digest: str) -> bool:
    """A link to a Python that was upgraded away counts as not installed: `exists` follows it."""
    if not os.path.exists(venv_python(root)):
        return False
    try:
        with open(stamp_path(root, lock_name), encoding="ascii") as file:
            return file.read().strip() == digest
    except FileNotFoundError:
        return False


def stamp(root: str, lock_name: str, digest: str) -> None:
    """Written last: an installation that was interrupted is begun again."""
    with open(stamp_path(root, lock_name), "w", encoding="ascii") as file:
        file.write(digest + "\n")


@contextmanager
def one_at_a_time(root: str) -> "Iterator[None]":
    """Two installers in one `.venv` ruin it. The lock is on the folder itself, so no file is left behind."""
    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_venv(root: str) -> None:
    if os.path.exists(venv_python(root)) and has_pip(root):
        return
    if importlib.util.find_spec("ensurepip") is None:
        stop("no_ensurepip")
    made = run([sys.executable, "-m", "venv", "--clear", venv_of(root)])
    if made.returncode:
        explain(made.stdout, root)


def has_pip(root: str) -> bool:
    return run([venv_python(root), "-c", "import pip"]).returncode == 0


def pip_install(root: str, lock: str) -> None:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--retries", "3"]
    hashed = ["--require-hashes", "--only-binary", ":all:", "-r", lock]
    done = run([venv_python(root), "-m", "pip", "install"] + options + hashed)
    if done.returncode:
        explain(done.stdout, root)


def run(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def explain(output: str, root: str) -> NoReturn:
    """One sentence for what usually goes wrong; the tool's own last lines for the rest."""
    if any(sign in output for sign in DISK_SIGNS) or shutil.disk_usage(root).free < ALMOST_NOTHING:
        stop("disk_full", path=root)
    if "ensurepip is not available" in output:
        stop("no_ensurepip")
    if any(sign in output for sign in NETWORK_SIGNS):
        stop("no_network")
    stop("install_failed", details="\n".join(output.strip().splitlines()[-6:]))


@contextmanager
def in_words(path: str) -> "Iterator[None]":
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            stop("disk_full", path=path)
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            stop("not_writable", path=path)
        raise


# ---- entering ------------------------------------------------------------------------


def enter(root: str = ROOT) -> None:
    """Go on with the Python of `.venv`, with the same options and arguments."""
    python = venv_python(root)
    if not os.path.exists(python):
        if importlib.util.find_spec("django") is None:
            stop("not_installed")
        return
    if os.path.realpath(sys.prefix) != os.path.realpath(venv_of(root)):
        sys.stdout.flush()
        os.execv(python, [python] + sys.orig_argv[1:])


# ---- speaking --------------------------------------------------------------------------


def terminal_language() -> str:
    """That of the terminal; where it has none (C, POSIX), that of the pages before sign-in."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").partition(".")[0].lower()
        if value and value not in ("c", "posix"):
            return "fr" if value.startswith("fr") else "en"
    return "en" if os.environ.get("PLANNER_LANGUAGE", "").lower().startswith("en") else "fr"


def words(key: str, **values: object) -> str:
    english, french = MESSAGES[key]
    return (french if terminal_language() == "fr" else english).format(**values)


def say(key: str, **values: object) -> None:
    print(words(key, **values), flush=True)


def stop(key: str, **values: object) -> NoReturn:
    raise SystemExit(words(key, **values))
