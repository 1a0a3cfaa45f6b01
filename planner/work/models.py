"""A work item: one act of one person, dated by the grammar of the playbook."""

from collections.abc import Iterable
from functools import cache, cached_property, lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.base.language import pick
from planner.reminders.rules import Card
from planner.work.queries import WorkItemQuerySet
from planner.work.rules import WorkState
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Workspace

if TYPE_CHECKING:
    from planner.workspaces.models import Membership
    from planner.workspaces.rules import RoleBook

_PAGES = {
    "post": ("posts:detail", "post"),
    "signal": ("dialogue:signal", "signal"),
    "initiative": ("posts:initiative", "initiative"),
    "crisis": ("crisis:room", "crisis"),
    "occurrence": ("calendar:occurrence", "occurrence"),
    "rhythm": ("calendar:rota", ""),
    "workspace": ("calendar:seasons", ""),
    "contacts": ("crisis:contacts", ""),
    "drill": ("crisis:declare", ""),
    "charter": ("policy:charter", ""),
}
"""The page of each kind of subject, and what its address calls it; nothing for the workspace itself. Work about a
workspace leads where the first word of its key says."""


SUGGESTING = "e-exec"
"""The profile whose messages offer what is left of the checklist, three lines at most."""


class WorkItem(models.Model):
    """Copied from the template when a post is made: later edits of the template do not move existing work."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="work_items", verbose_name=_("workspace")
    )
    subject_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, related_name="+", verbose_name=_("kind of subject")
    )
    subject_id = models.PositiveBigIntegerField(_("number of the subject"))
    subject = GenericForeignKey("subject_type", "subject_id")
    key = models.SlugField(_("key"), max_length=40)
    title = models.JSONField(_("title"))
    why = models.JSONField(_("why it matters"), default=dict)
    verb = models.JSONField(_("button"), default=dict)
    subject_title = models.JSONField(_("title of the subject"), default=dict)
    """The subject's title in each language, kept here so that lists and reminders need no join."""
    roles = models.JSONField(_("editorial roles"), default=list)
    owner = models.ForeignKey(
        "planner.Membership",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="work_items",
        verbose_name=_("person in charge"),
    )
    co_owner = models.ForeignKey(
        "planner.Membership",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="shared_work_items",
        verbose_name=_("also in charge"),
    )
    """The second person, once an answer is late: both may finish it."""
    is_role_vacant = models.BooleanField(_("role without anybody"), default=False)
    offset = models.CharField(_("mark in the calendar"), max_length=60)
    repeat = models.CharField(_("repetition"), max_length=120, blank=True)
    occurrence = models.PositiveSmallIntegerField(_("which time"), default=1)
    condition = models.CharField(_("condition"), max_length=60, blank=True)
    applies = models.BooleanField(_("applies"), default=True)
    blocking = models.CharField(_("blocks"), max_length=12, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=15)
    profile = models.SlugField(_("reminder profile"), max_length=40, blank=True)
    checklist = models.JSONField(_("checklist"), default=list)
    ticked = models.JSONField(_("ticked"), default=list)
    needs_counts = models.BooleanField(_("closes with figures"), default=False)
    counts = models.JSONField(_("figures"), default=dict)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_projection = models.BooleanField(_("counted from the publication to come"), default=False)
    is_late_start = models.BooleanField(_("late start"), default=False)
    is_pinned = models.BooleanField(_("pinned by hand"), default=False)
    flag = models.JSONField(_("remark"), default=dict)
    """A visible remark, such as a person who left: {"fr": ..., "en": ...}."""
    state = models.CharField(_("state"), max_length=8, choices=WorkState.choices, default=WorkState.OPEN)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        "planner.Membership", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("done by")
    )
    note = models.TextField(_("note"), blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("created at"))

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ("position", "id")
        verbose_name = _("work item")
        verbose_name_plural = _("work items")
        constraints = (
            models.UniqueConstraint(fields=["subject_type", "subject_id", "key"], name="one_item_per_key"),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | ~Q(state="done"), name="done_work_has_its_hour"
            ),
        )
        indexes = (
            models.Index(fields=["owner", "due_at"], condition=Q(state="open"), name="open_work_by_owner"),
            # SQLite counts in a partial index alone only when it holds the columns of its condition too
            models.Index(
                fields=["workspace", "due_at", "owner", "state", "applies", "is_projection"],
                condition=Q(state="open", applies=True, is_projection=False),
                name="actual_work_by_workspace",
            ),
            models.Index(fields=["subject_type", "subject_id"], name="work_by_subject"),
        )

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def role(self) -> str:
        """The role that owns the work."""
        return str(self.roles[0]) if self.roles else ""

    @cached_property
    def link(self) -> str:
        """The work on the page of its subject, without the host."""
        kind = ContentType.objects.get_for_id(self.subject_type_id).model
        named = self.key.partition("-")[0]
        kind = named if kind == "workspace" and named in _PAGES else kind
        return f"{_address(kind, self.workspace.slug, self.subject_id)}#work-{self.pk}"

    # ---- what reminders ask of their subject

    @classmethod
    def for_reminders(cls, ids: Iterable[int]) -> "dict[int, WorkItem]":
        """The items by id, with all that `card` and `person` need, and one role book for each workspace.

        Checklists are left out: they are read for the few whose message offers what is left of them.
        """
        told = ("title", "why", "verb", "subject_title", "minutes", "roles", "owner_id", "workspace_id", "profile")
        known_by = ("key", "subject_type_id", "subject_id", "state", "applies", "is_projection")
        items = list(cls.objects.filter(pk__among=set(ids)).only(*told, *known_by))
        houses = Workspace.objects.in_bulk({item.workspace_id for item in items})
        books = {pk: workspaces.roles_held(workspace) for pk, workspace in houses.items()}
        for item in items:
            item.workspace, item._book = houses[item.workspace_id], books[item.workspace_id]
            if item.owner_id is not None and item.owner_id in item._book.people:
                item.owner = item._book.people[item.owner_id]
        return {item.pk: item for item in items}

    def card(self, language: str) -> Card:
        work, post = pick(self.title, language), pick(self.subject_title, language)
        return Card(
            what=_work_and_post(language) % {"work": work, "post": post},
            part=work,
            whole=post,
            why=pick(self.why, language),
            minutes=self.minutes,
            link=self.link,
            action=pick(self.verb, language) or work,
            lines=self._suggestions(language) if self.profile == SUGGESTING else (),
        )

    def _suggestions(self, language: str) -> tuple[str, ...]:
        left = (line for place, line in enumerate(self.checklist) if place not in self.ticked)
        return tuple(pick(line, language) for line in islice(left, 3))

    def is_open(self) -> bool:
        return self.state == WorkState.OPEN and self.applies and not self.is_projection

    @property
    def is_begun(self) -> bool:
        """Is some of it done?"""
        return bool(self.ticked)

    def person(self, addressee: str) -> "Membership | None":
        """Who is meant, there or away: `owner`, `second`, an editorial role, `member:<id>`. None: nobody is."""
        if addressee == "owner":
            return self.owner
        if self._book is None:
            self._book = workspaces.roles_held(self.workspace)
        if addressee.startswith("member:"):
            return self._book.people.get(int(addressee.removeprefix("member:")))
        if addressee == "second":
            named = getattr(self.subject, "second_id_for", None)
            return self._book.people.get(named(self.role)) or self._book.second(self.role) if named else None
        return self._book.first(addressee)

    _book: "RoleBook[Membership] | None" = None


@lru_cache(maxsize=4096)
def _address(kind: str, workspace: str, subject_id: int) -> str:
    page, name = _PAGES[kind]
    return reverse(page, kwargs={"workspace": workspace, **({name: subject_id} if name else {})})


@cache
def _work_and_post(language: str) -> str:
    """Read once for each language: thousands of cards are made at once."""
    with translation.override(language):
        return gettext("%(work)s: “%(post)s”")
