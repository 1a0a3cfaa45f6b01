"""Taking an organisation's playbook elsewhere: the same TOML files in a ZIP, and reading them in again."""

import base64
import binascii
import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import tomli_w
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from planner.base import clock
from planner.base.errors import Invalid, PlannerError
from planner.base.payloads import changes
from planner.history.rules import digest
from planner.playbook import operations as playbook
from planner.playbook import seeds
from planner.playbook.forms import ImportForm
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.editing import Difference, differences, named
from planner.workspaces import operations as workspaces
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace
from planner.workspaces.rules import Act

MOST_FILES = 3_000
MOST_BYTES = 60_000_000
"""What a ZIP file may hold once it is opened."""


# ---- out


@require_safe
def export_own(request: MemberRequest) -> HttpResponse:
    """All that the organisation made its own and has in use, as a ZIP of TOML files."""
    workspaces.require(request.membership, Act.PLAN)
    items = PlaybookItem.objects.own(request.workspace).in_use().of_kinds(*playbook.EDITABLE).defer("base")
    answer = HttpResponse(zipped(items), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{request.workspace.slug}-playbook.zip"'
    return answer


def zipped(items: Iterable[PlaybookItem]) -> bytes:
    """The files of these items, as the bundled ones are laid out. The same items give the same bytes."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(_files(items).items()):
            entry = zipfile.ZipInfo(name)  # without the hour
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, tomli_w.dumps(content, multiline_strings=True))
    return written.getvalue()


def _files(items: Iterable[PlaybookItem]) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    for item in items:
        kind = Kind(item.kind)
        if kind in seeds.IN_FOLDERS:
            files[f"{seeds.IN_FOLDERS[kind]}/{item.slug}.toml"] = _written(item.payload)
        else:
            name, key = seeds.IN_FILES[kind]
            files.setdefault(name, {key: []})[key].append(_written(item.payload))
    return files


def _written(value: Any) -> Any:
    """As people write a file: without the keys that say nothing."""
    if isinstance(value, Mapping):
        kept = {name: _written(entry) for name, entry in value.items()}
        return {name: entry for name, entry in kept.items() if entry not in (None, "", {}, []) or name in _ALWAYS}
    return [_written(entry) for entry in value] if isinstance(value, list) else value


_ALWAYS = ("source", "advice")
"""What every item says, if only that there is none."""


# ---- in


@dataclass(frozen=True)
class Incoming:
    """An item of the file beside what the playbook has."""

    item: seeds.SeedItem
    title: str
    is_new: bool
    differences: list[Difference]


@require_http_methods(["GET", "HEAD", "POST"])
def import_own(request: MemberRequest) -> HttpResponse:
    """First what the file would change, with every fault by file and key; then, once more, the import itself."""
    workspaces.require(request.membership, Act.PLAN)
    if request.method != "POST":
        return _page(request, ImportForm())
    if request.POST.get("content"):
        return _imported(request, request.POST["content"])
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    content = form.cleaned_data["file"]
    try:
        items, problems = read_zip(content, request.workspace)
    except Invalid as fault:
        form.add_error("file", str(fault))
        return _page(request, form, status=422)
    incoming = _beside(items, request.workspace) if not problems else []
    return _page(
        request,
        ImportForm(),
        status=422 if problems else 200,
        problems=problems,
        incoming=[one for one in incoming if one.is_new or one.differences],
        same=sum(not (one.is_new or one.differences) for one in incoming),
        content="" if problems else base64.b64encode(content).decode(),
        was_read=True,
    )


def _page(request: MemberRequest, form: ImportForm, status: int = 200, **more: Any) -> HttpResponse:
    return render(request, "planner/playbook/import.html", {"form": form, **more}, status=status)


def _imported(request: MemberRequest, content: str) -> HttpResponse:
    try:
        items, problems = read_zip(base64.b64decode(content, validate=True), request.workspace)
    except (Invalid, binascii.Error):
        items, problems = [], [_("The file cannot be read: choose it again.")]
    if problems:
        return _page(request, ImportForm(), status=422, problems=problems, was_read=True)
    try:
        counts = playbook.import_items(actor=request.membership, items=items, now=clock.now())
    except PlannerError as refusal:
        return _page(request, ImportForm(), status=refusal.status, problems=[str(refusal)], was_read=True)
    messages.success(request, _imported_words(counts))
    return redirect("playbook:own", workspace=request.workspace.slug)


def _imported_words(counts: Mapping[str, int]) -> str:
    number = counts["new"] + counts["changed"]
    return ngettext("%(number)s item imported.", "%(number)s items imported.", number) % {"number": number}


def read_zip(content: bytes, workspace: Workspace) -> tuple[list[seeds.SeedItem], list[str]]:
    """The items of a ZIP file, and every fault by file and key. Raises `Invalid` when it is not such a file at all."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "playbook"
        folder.mkdir()
        _unpack(content, folder)
        items, problems = seeds.read_own(folder, workspace)
    if not items and not problems:
        raise Invalid(_("This file holds nothing of a playbook."))
    return items, problems


def _unpack(content: bytes, folder: Path) -> None:
    """The files that we know, by names that we make ourselves: nothing of the archive decides where anything lands."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if _is_ours(entry.filename)]
            if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
                raise Invalid(_("This file holds too much for a playbook."))
            for entry in entries:
                target = folder / PurePosixPath(entry.filename)
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(archive.read(entry))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as fault:
        raise Invalid(_("This is not a ZIP file that can be read.")) from fault


def _is_ours(name: str) -> bool:
    if name in {file for file, _key in seeds.IN_FILES.values()}:
        return True
    folder, _slash, file = name.partition("/")
    return folder in seeds.IN_FOLDERS.values() and "/" not in file and "\\" not in file and file.endswith(".toml")


def _beside(items: Iterable[seeds.SeedItem], workspace: Workspace) -> list[Incoming]:
    present: dict[tuple[str, str], PlaybookItem] = {}
    for item in PlaybookItem.objects.visible_to(workspace).of_kinds(*playbook.EDITABLE):
        present[item.kind, item.slug] = item
    incoming = [_compared(item, present.get((item.kind, item.slug))) for item in items]
    named((difference for one in incoming for difference in one.differences), workspace)
    return incoming


def _compared(item: seeds.SeedItem, present: PlaybookItem | None) -> Incoming:
    title = PlaybookItem(kind=item.kind, slug=item.slug, payload=item.payload).title
    if present is None:
        return Incoming(item, title, is_new=True, differences=[])
    same = digest(present.payload) == digest(item.payload)
    return Incoming(item, title, False, [] if same else differences(changes(present.payload, item.payload)))
