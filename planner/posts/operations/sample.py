"""A believable month to look at: told through the same operations, at hours gone by, and taken away whole.

The people in it are invented: they cannot sign in, and their addresses lead nowhere.
"""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from planner.base.errors import NotFound, Refused
from planner.base.language import LANGUAGES, pick
from planner.base.worktime import WorkingCalendar
from planner.history import operations as history
from planner.history.models import Entry, Revision
from planner.playbook import operations as playbook
from planner.playbook.models import PlaybookItem
from planner.posts import rules
from planner.posts.models import Approval, Post, Upload
from planner.posts.operations import create, publishing, questions, reading, states, texts, upkeep, writing
from planner.posts.operations.consents import Given
from planner.posts.rules import Said, WallTime
from planner.reminders import operations as reminders
from planner.reminders.models import Reminder
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Channel, Membership, User, Workspace
from planner.workspaces.operations.roles import append_role
from planner.workspaces.operations.staff import keep_admin_door
from planner.workspaces.rules import Act, Level

DOMAIN = "@sample.invalid"
"""The addresses of invented people; mail to `.invalid` goes nowhere, by definition of that domain."""

ADDRESS = "https://val-tilleul.example/"


@lru_cache(maxsize=1)
def _month() -> dict[str, Any]:
    return tomllib.loads(Path(settings.BASE_DIR, "seeds", "sample.toml").read_text(encoding="utf-8"))


# ---- adding


@transaction.atomic
def add_sample(*, workspace: Workspace, actor: Membership, now: datetime) -> list[Post]:
    """Add the sample month around now, marked as such, with its invented people. Refused when it is there already."""
    workspaces.require(actor, Act.MANAGE_SETTINGS)
    if workspace.pk != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    workspace = workspaces.lock(workspace)
    if Post.objects.filter(workspace=workspace, is_sample=True).exists():
        raise Refused(_("The sample month is there already."))
    told = _tell(workspace, _cast(workspace, workspace.main_language, now), now)
    history.record(
        verb="sample.added", now=now, workspace=workspace, actor=actor, subject=workspace, data={"posts": len(told)}
    )
    return told


@transaction.atomic
def open_sample_workspace(*, user: User | None, language: str, now: datetime) -> Workspace:
    """A workspace of its own, marked as a sample, with the month in it; `user` manages it.

    Without a user (nobody has an account yet) an invented person does, until `join_sample`.
    """
    first = _month()["people"][0]
    founder = user or _invent(first, "new", language)
    workspace = workspaces.create_workspace(
        actor=founder, name=pick(_month()["name"], language), language=language, country="FR", now=now, is_sample=True
    )
    if user is None:
        User.objects.filter(pk=founder.pk).update(email=_address(first, workspace), is_staff=False)
    playbook.equip(workspace=workspace, now=now)
    cast = _cast(workspace, language, now)
    for one in _month()["people"]:
        for role in one["roles"]:
            if not cast[one["key"]].roles.filter(role=role).exists():
                append_role(cast[one["key"]], role)
    _tell(workspace, cast, now)
    return workspace


@transaction.atomic
def join_sample(*, user: User, now: datetime) -> list[Membership]:
    """Make a person manager of the sample workspaces that have invented people only."""
    joined = [
        Membership.objects.create(workspace=workspace, user=user, level=Level.MANAGER, joined_at=now)
        for workspace in samples_to_join()
    ]
    keep_admin_door(user)
    return joined


def samples_to_join() -> QuerySet[Workspace]:
    """The sample workspaces that have invented people only."""
    return Workspace.objects.filter(is_sample=True).exclude(memberships__in=_real_members())


def _real_members() -> Any:
    return Membership.objects.exclude(user__email__endswith=DOMAIN)


def _address(one: Mapping[str, Any], workspace: Workspace) -> str:
    return f"{one['key']}.{workspace.pk}{DOMAIN}"


def _invent(one: Mapping[str, Any], tag: str, language: str) -> User:
    return User.objects.create_user(f"{one['key']}.{tag}{DOMAIN}", None, name=one["name"], language=language)


def _cast(workspace: Workspace, language: str, now: datetime) -> dict[str, Membership]:
    """The invented people as members who plan, by their key in the month."""
    cast = {}
    for one in _month()["people"]:
        member = (
            Membership.objects.with_people().filter(workspace=workspace, user__email=_address(one, workspace)).first()
        )
        cast[one["key"]] = member or Membership.objects.create(
            workspace=workspace,
            user=_invent(one, str(workspace.pk), language),
            level=Level.PLANNER,
            job=pick(one["job"], language),
            joined_at=now,
        )
    return cast


# ---- telling


def _tell(workspace: Workspace, cast: Mapping[str, Membership], now: datetime) -> list[Post]:
    story = _Story(workspace, cast, now)
    told = [story.tell(piece) for piece in _month()["posts"]]
    Post.objects.filter(pk__in=[post.pk for post in told]).update(is_sample=True)
    for post in told:
        _settle_reminders(post, now)
    return told


def _settle_reminders(post: Post, now: datetime) -> None:
    """What the past would have told is not told now; what is to come is scheduled from now."""
    reminders.cancel(group=post, reason="subject-ended", now=now)
    post.refresh_from_db()
    if post.status not in rules.FROZEN:
        writing.relay(post, now)


class _Story:
    """Tells one post at a time, each act at an hour gone by, through the public operations."""

    def __init__(self, workspace: Workspace, cast: Mapping[str, Membership], now: datetime) -> None:
        self.workspace, self.cast, self.now = workspace, cast, now
        self.language = workspace.main_language
        self.calendar: WorkingCalendar = reading.calendar_of(workspace, now)
        self.today: date = self.calendar.local(now).date()
        self.templates = {item.slug: item for item in PlaybookItem.objects.visible_to(workspace).templates()}
        self.channels = {channel.slug: channel for channel in Channel.objects.filter(workspace=workspace)}
        self.editor, self.approver, self.community = cast["claire"], cast["nadia"], cast["etienne"]

    def tell(self, piece: Mapping[str, Any]) -> Post:
        wall = self._wall(piece)
        acts = _ACTS[piece["state"]]
        hours = self._hours(wall, len(acts) + 2, is_rushed=piece["state"] == "rushed")
        post = self._created(piece, wall, hours[0])
        self._written(piece, post, hours[1])
        for act, hour in zip(acts, hours[2:], strict=True):
            post.refresh_from_db()
            act(self, piece, post, hour)
        post.refresh_from_db()
        return post

    def _wall(self, piece: Mapping[str, Any]) -> WallTime | None:
        if "day" not in piece:
            return None
        return WallTime(self.calendar.shift(self.today, piece["day"]), time.fromisoformat(piece["at"]))

    def _hours(self, wall: WallTime | None, steps: int, *, is_rushed: bool) -> list[datetime]:
        """Evenly from ten working days before the day (four days ago at the latest) to just before it, or to now."""
        planned = self.calendar.at(wall.on, wall.at) if wall else self.now
        begun = self.calendar.at(self.calendar.shift(wall.on, -10), time(9, 30)) if wall else self.now
        start = self.now - timedelta(days=1) if is_rushed else min(begun, self.now - timedelta(days=4))
        end = min(planned - timedelta(hours=3), self.now - timedelta(minutes=30))
        return self._at_work([start + (end - start) * step / steps for step in range(steps)])

    def _at_work(self, hours: list[datetime]) -> list[datetime]:
        """The same hours in order, those at night or on a day off taken back to the afternoon before."""
        kept: list[datetime] = []
        for hour in hours:
            here = self.calendar.local(hour)
            before = self.calendar.shift(here.date(), -1) if here.time() < self.calendar.ends else here.date()
            last_day = before if self.calendar.is_working_day(before) else self.calendar.shift(before, -1)
            moment = hour if self.calendar.is_working_moment(hour) else self.calendar.at(last_day, time(15, 40))
            kept.append(max(moment, kept[-1] + timedelta(minutes=7)) if kept else moment)
        return kept

    def _created(self, piece: Mapping[str, Any], wall: WallTime | None, hour: datetime) -> Post:
        template = self.templates.get(piece["template"])
        if template is None:
            raise NotFound(_("The playbook is not loaded: load it first, then add the sample."))
        shared: dict[str, Any] = {
            "template": template,
            "channels": [self.channels[slug] for slug in piece["channels"] if slug in self.channels],
            "values": self._values(piece),
            "title": piece[self.language]["title"],
            "language": self.language,
            "consents": self._agreed(piece, hour),
            "now": hour,
        }
        if piece["state"] == "idea":
            return create.propose(actor=self.cast[piece["author"]], **shared)
        return create.create_from_template(actor=self.editor, planned=wall, **shared)

    def _agreed(self, piece: Mapping[str, Any], hour: datetime) -> list[Given]:
        """Everybody whom the piece shows has agreed, in the words of its answer."""
        answers = self._answers(piece)
        day = self.calendar.local(hour).date()
        return [Given(name, answers["consents"], given_on=day) for name in answers.get("people_shown", ())]

    def _values(self, piece: Mapping[str, Any]) -> Any:
        texts_of = {"audience": "audience", "objective": "objective", "success": "success_measure"}
        frame: dict[str, Any] = {
            column: pick(piece[key], self.language) for key, column in texts_of.items() if key in piece
        }
        people = {role: self.cast[piece[role]] if role in piece else None for role in rules.PEOPLE}
        return {**frame, **people, "fields": self._answers(piece)}

    def _answers(self, piece: Mapping[str, Any]) -> dict[str, Any]:
        answers = {}
        for key, answer in piece.get("answers", {}).items():
            answers[key] = answer.get(self.language) if isinstance(answer, dict) else answer
            if key == "expert_person":
                answers[key] = self.cast[answer]
        return answers

    def _written(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        for language in LANGUAGES:
            text = piece[language]
            is_new = text["body"].strip() or language != self.language
            if language in self.workspace.languages and is_new:
                revision = reading.revision_of(post)
                texts.save_text(
                    post=post,
                    actor=self.cast[piece["author"]],
                    language=language,
                    title=text["title"],
                    body=text["body"].strip(),
                    base_revision=revision.number if revision else 0,
                    now=hour,
                )

    # ---- acts

    def done(self, post: Post, hour: datetime, *keys: str, **counted: Any) -> None:
        for item in WorkItem.objects.about(post).open().wanted().keyed(keys):
            person = item.owner if item.owner and item.owner in self.cast.values() else self.editor
            work.complete(item=item, actor=person, now=hour, **counted)

    def drafted(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        self.done(post, hour, "frame", "draft", "interview", "workshop")

    def framed(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        self.done(post, hour, "frame")

    def submitted(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        states.submit(post=post, actor=self.cast[piece["author"]], now=hour)

    def sent_back(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        states.ask_changes(post=post, actor=self.editor, comment=pick(piece["comment"], self.language), now=hour)

    def reviewed(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        self.done(post, hour, "review", "facts", "revise", "own-words", "consents", "safety-look")

    def approved(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        """Given to the invented director, who holds no role in a real workspace."""
        revision = writing.save_revision(post, self.approver, hour)
        said = {
            one.rule: {"said": Said.YES if one.matters else Said.NOT_APPLICABLE, "comment": ""}
            for one in questions.asked_of(post)
        }
        states.grant(post, self.approver, revision, "", said, hour)

    def scheduled(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        states.schedule(post=post, actor=self.editor, now=hour)

    def checked(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        self.done(post, hour, "preflight", "brief-desk")

    def published(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        for number, placement in enumerate(post.placements.open().select_related("channel").order_by("pk")):
            planned = placement.planned_at or hour
            publishing.record_publication(
                placement=placement,
                actor=self.community,
                address=f"{ADDRESS}{placement.channel.slug}/{post.pk}",
                published_at=planned + timedelta(minutes=4 + 5 * number),
                now=planned + timedelta(minutes=30),
            )

    def answered_first(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        self._answer(post, ("answer-1h",), [5, 4, 1, 0, 0], "")

    def answered(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        counts = piece.get("counts", [3, 3, 0, 0, 0])
        note = pick(piece.get("unanswered"), self.language)
        self._answer(post, ("answer-1h", "answer-24h", "answer-72h"), counts, note)
        for item in WorkItem.objects.about(post).open().actual().keyed(["thank-manager"]):
            self.done(post, min(item.due_at or self.now, self.now), item.key)

    def _answer(self, post: Post, keys: tuple[str, ...], counts: list[int], note: str) -> None:
        names = ("received", "answered", "private", "unanswered", "complaints")
        for item in WorkItem.objects.about(post).open().actual().keyed(keys):
            hour = min(item.due_at or self.now, self.now)
            figures = dict(zip(names, counts, strict=True))
            self.done(post, hour, item.key, counts=figures, note=note)

    def retired(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        reason = pick(piece["reason"], self.language)
        states.retire(post=post, actor=self.editor, reason=reason, now=self.now - timedelta(days=1))

    def cancelled(self, piece: Mapping[str, Any], post: Post, hour: datetime) -> None:
        states.cancel(post=post, actor=self.editor, reason=pick(piece["reason"], self.language), now=hour)


_Act = Callable[[_Story, Mapping[str, Any], Post, datetime], None]
_READ = (_Story.drafted, _Story.submitted)
_APPROVED = (*_READ, _Story.reviewed, _Story.approved)
_SCHEDULED = (*_APPROVED, _Story.scheduled)
_OUT = (*_SCHEDULED, _Story.checked, _Story.published)

_ACTS: dict[str, tuple[_Act, ...]] = {
    "idea": (),
    "draft": (_Story.framed,),
    "rushed": (_Story.framed,),
    "changes": (*_READ, _Story.sent_back),
    "in_review": _READ,
    "approved": _APPROVED,
    "scheduled": _SCHEDULED,
    "published": (*_OUT, _Story.answered_first),
    "closed": (*_OUT, _Story.answered),
    "retired": (*_OUT, _Story.answered, _Story.retired),
    "cancelled": (_Story.framed, _Story.cancelled),
}
"""What happened to a post before it came to its state, in order."""


# ---- taking away


@transaction.atomic
def remove_sample(*, workspace: Workspace, actor: Membership, now: datetime) -> None:
    """Take the sample away whole: its posts, their work, reminders, revisions and history, its invented people.

    A sample workspace goes altogether, with all that was written in it.
    """
    workspaces.require(actor, Act.MANAGE_SETTINGS)
    if workspace.pk != actor.workspace_id:
        raise NotFound(_("There is no such thing in this workspace."))
    workspace = workspaces.lock(workspace)
    posts = Post.objects.filter(workspace=workspace)
    _delete(posts if workspace.is_sample else posts.filter(is_sample=True))
    if workspace.is_sample:
        invented = list(workspace.memberships.filter(user__email__endswith=DOMAIN).values_list("user", flat=True))
        workspace.delete()
        User.objects.filter(pk__in=invented, memberships__isnull=True).delete()
        keep_admin_door(actor.user)
        history.record(verb="sample.removed", now=now, workspace=None, actor=actor)
        return
    for member in Membership.objects.with_people().filter(workspace=workspace, user__email__endswith=DOMAIN):
        _dismiss(member, actor, now)
    Entry.objects.filter(workspace=workspace, verb="sample.added").delete()
    history.record(verb="sample.removed", now=now, workspace=workspace, actor=actor, subject=workspace)


def _delete(posts: Any) -> None:
    found = list(posts)
    for post in found:
        Reminder.objects.filter(_about(post, "group") | _about(post, "subject")).delete()
        WorkItem.objects.about(post).delete()
        Entry.objects.about(post).delete()
        Revision.objects.of(post).delete()
    files = [
        (upload.file.storage, str(upload.file.name)) for upload in Upload.objects.filter(post__in=found) if upload.file
    ]
    Post.objects.filter(pk__in=[post.pk for post in found]).delete()
    for storage, path in files:
        transaction.on_commit(lambda storage=storage, path=path: storage.delete(path))  # type: ignore[misc]


def _about(post: Post, relation: str) -> Q:
    kind = ContentType.objects.get_for_model(post)
    return Q(**{f"{relation}_type": kind, f"{relation}_id": post.pk})


def _dismiss(member: Membership, actor: Membership, now: datetime) -> None:
    """An invented person goes; what they were given in real posts falls to real people."""
    upkeep.hand_over_work(leaver=member, actor=actor, now=now)
    Post.objects.filter(author=member).update(author=actor)
    if Approval.objects.filter(person=member).exists():
        Membership.objects.filter(pk=member.pk).update(left_at=now)
        return
    user = member.user
    member.delete()
    user.delete()
