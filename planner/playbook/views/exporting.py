"""An item as a Markdown file, in the reader's language: to read elsewhere, to print, to keep."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from planner.base import language, wording
from planner.base.language import pick
from planner.playbook import rules
from planner.playbook.models import Kind, PlaybookItem
from planner.playbook.views.addresses import LISTED
from planner.playbook.views.advising import Row, embodied
from planner.playbook.views.applying import channels_of, example_in, workflow_of
from planner.playbook.views.showing import Shown, fields_shown, with_names
from planner.workspaces.access import MemberRequest
from planner.workspaces.models import Workspace
from planner.workspaces.rules import EditorialRole

Lines = Iterator[str]


@require_safe
def export(request: MemberRequest, kind: str, slug: str) -> HttpResponse:
    """The file, named after the slug."""
    item = PlaybookItem.objects.visible_to(request.workspace).of_kind(kind).filter(slug=slug).first()
    if item is None or kind not in (*_WRITTEN_BY, *LISTED):
        raise Http404
    parts = _WRITTEN_BY.get(kind, _any)(item, request.workspace)
    answer = HttpResponse("\n\n".join(parts) + "\n", content_type="text/markdown; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}.md"'
    return answer


def _checklist(item: PlaybookItem, workspace: Workspace) -> Lines:
    payload = item.payload
    yield from (f"# {_line(item.title)}", pick(payload["summary"]))
    yield f"**{_('When to use it')}** {_line(pick(payload['when']))}"
    yield "\n".join(
        f"- [ ] {_line(pick(entry['text']))}\n      {_line(pick(entry['help']))}" for entry in payload["items"]
    )
    yield from _advice(embodied(item, workspace))


def _template(item: PlaybookItem, workspace: Workspace) -> Lines:
    payload = item.payload
    yield from (f"# {_line(item.title)}", pick(payload["summary"]), pick(payload["purpose"]))
    yield from _part(_("When to use it"), _bullets(payload["when"]))
    yield from _part(_("Not when"), _bullets(payload.get("when_not", ())))
    yield from _part(_("The questions it asks"), _numbered(map(_question, payload["fields"])))
    yield from _part(_("The parts of the text"), _numbered(map(_block, payload["body"])))
    yield from _part(_("The work"), _work(rules.chain(workflow_of(workspace, item), payload)))
    yield from _part(_("How we will know that it worked"), _bullets(payload["success"]))
    yield from _example(example_in(payload, language.current(), channels_of(workspace, payload)))
    yield from _advice(embodied(item, workspace))


def _workflow(item: PlaybookItem, workspace: Workspace) -> Lines:
    yield from (f"# {_line(item.title)}", pick(item.payload["summary"]))
    yield from _part(_("The work"), _work(rules.chain(item.payload, {})))
    yield from _advice(embodied(item, workspace))


def _any(item: PlaybookItem, workspace: Workspace) -> Lines:
    """An item of any other kind: all that it says, field by field."""
    payload = item.payload
    yield f"# {_line(item.title)}"
    if item.kind == Kind.CHARTER:
        yield pick(payload["text"]).strip()
    else:
        yield from (text for text in (pick(payload.get("summary")), pick(payload.get("statement"))) if text)
        for one in with_names(fields_shown(item.kind, payload), workspace):
            yield from _part(str(one.label), "\n".join(_nested(one, 0)))
    yield from _advice(embodied(item, workspace))


def _nested(one: Shown, depth: int) -> Iterator[str]:
    """A field as text, its parts as a list under it."""
    if not one.parts:
        yield _line(one.text) if depth == 0 else f"{'  ' * (depth - 1)}- {_labelled(one)}"
        return
    if depth:
        yield f"{'  ' * (depth - 1)}- {_labelled(one)}"
    for part in one.parts:
        yield from _nested(part, depth + 1)


def _labelled(one: Shown) -> str:
    label = f"**{_line(str(one.label))}**" if one.label else ""
    return " ".join(text for text in (label, _line(one.text)) if text)


_WRITTEN_BY: Mapping[str, Callable[[PlaybookItem, Workspace], Lines]] = {
    Kind.TEMPLATE: _template,
    Kind.CHECKLIST: _checklist,
    Kind.WORKFLOW: _workflow,
}


def _line(text: str) -> str:
    """One line, whatever was typed: a heading or an item of a list ends where its line ends."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip()  # a no-break space stays


def _part(heading: str, text: str) -> Lines:
    if text:
        yield from (f"## {heading}", text)


def _bullets(texts: Iterable[Mapping[str, str] | str]) -> str:
    return "\n".join(f"- {_line(pick(text))}" for text in texts)


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))


def _question(field: Mapping[str, Any]) -> str:
    optional = "" if field.get("required") else f" ({_('optional')})"
    return f"**{_line(pick(field['label']))}**{optional}  \n   {_line(pick(field['help']))}"


def _block(block: Mapping[str, Any]) -> str:
    words = ""
    if block.get("max_words"):
        limits = {"least": block.get("min_words", 0), "most": block["max_words"]}
        words = " (" + _("%(least)s to %(most)s words") % limits + ")"
    return f"**{_line(pick(block['heading']))}**{words}  \n   {_line(pick(block['prompt']))}"


def _work(tasks: Iterable[rules.Task]) -> str:
    """The work as a table, marked from publication: a file has no date."""
    heads = (_("Mark"), _("Work"), _("Who"), _("Duration"))
    rows = [
        (wording.mark(task.offset), _task(task), EditorialRole(task.role).label, wording.minutes(task.minutes))
        for task in tasks
    ]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in (heads, ("---",) * 4, *rows))


def _task(task: rules.Task) -> str:
    return pick(task.title) + (f" ({_('according to the answers')})" if task.condition else "")


def _cell(text: object) -> str:
    return _line(str(text)).replace("|", "\\|")


def _example(example: Mapping[str, Any]) -> Lines:
    if not example.get("text"):
        return
    yield f"## {_('An example, filled in')}"
    yield f"### {_line(example['title'])}"
    yield "\n".join(f"- **{_line(pick(field['label']))}**{_answer(lines)}" for field, lines in example["answers"])
    for heading, text in example["text"]:
        yield from (f"#### {_line(heading)}", text.strip())
    for channel, text in example["own"]:
        yield from (f"#### {_('On %(channel)s') % {'channel': _line(str(channel))}}", text.strip())


def _answer(lines: list[str]) -> str:
    return f" {_line(lines[0])}" if len(lines) == 1 else "".join(f"\n  - {_line(line)}" for line in lines)


def _advice(rows: Iterable[Row]) -> Lines:
    yield from _part(_("The advice it stands on"), _bullets(f"{row.statement} ({row.id})" for row in rows))
