"""What lasts is looked at again: still right, to be brought up to date, or retired. `review_on` is its only clock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, NotFound, Refused
from planner.playbook.models import PlaybookItem
from planner.posts import rules
from planner.posts.models import Application, Post
from planner.posts.operations import reading, writing
from planner.posts.operations.applying import start_application
from planner.posts.rules import Status
from planner.work import operations as work
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act


@transaction.atomic
def still_right(*, post: Post, actor: Membership, review_on: date | None = None, now: datetime) -> Post:
    """Somebody read it again and it holds: it is looked at again on another day, in half a year by default."""
    post = writing.opened(post, actor, Act.WRITE)
    if post.status != Status.PUBLISHED:
        raise Refused(_("Only what is out is looked at again."), link=post.link)
    today = reading.calendar_of(post.workspace, now).local(now).date()
    day = review_on or today + timedelta(days=rules.REVIEW_DAYS)
    if day <= today:
        raise Invalid(_("Choose a day to come."), field="review_on")
    writing.keep(post, now, review_on=day, is_evergreen=True)
    _follow(post, now)
    writing.write_down("post.still_right", post, actor, now, review_on=day.isoformat())
    return post


def _follow(post: Post, now: datetime) -> None:
    """The item that looks at it again is to do, on the new day."""
    work.unsettle(subject=post, keys=[reading.LASTING])
    writing.relay(post, now)


@transaction.atomic
def still_right_all(*, posts: Iterable[Post], actor: Membership, now: datetime) -> list[Post]:
    """The same for several at once; each one that cannot be stops all of them."""
    return [still_right(post=post, actor=actor, now=now) for post in posts]


def renew(post: Post, day: date | None, actor: Membership, now: datetime) -> None:
    """A new version is on its way: the original is looked at again on the day that its answers give."""
    post = writing.opened(post, actor, Act.PROPOSE)
    today = reading.calendar_of(post.workspace, now).local(now).date()
    writing.keep(post, now, review_on=day if day and day > today else today + timedelta(days=rules.REVIEW_DAYS))
    _follow(post, now)
    writing.write_down("post.renewed", post, actor, now)


@transaction.atomic
def start_refresh(*, post: Post, actor: Membership, now: datetime) -> Application:
    """Begin to bring a post up to date, with what is known of the original in the answers."""
    template = PlaybookItem.objects.visible_to(actor.workspace).templates().filter(slug=rules.REFRESH).first()
    if template is None:
        raise NotFound(_("The template for bringing a text up to date is not in the playbook: load the playbook."))
    return derive(post=post, template=template, actor=actor, now=now)


@transaction.atomic
def derive(*, post: Post, template: PlaybookItem, actor: Membership, now: datetime) -> Application:
    """Begin another post from this one: its frame and the answers that both templates ask for stand there already."""
    post = writing.opened(post, actor, Act.PROPOSE)
    today = reading.calendar_of(post.workspace, now).local(now).date()
    asked = {question["key"]: question for question in template.payload.get("fields", ())}
    shared = {key: answer for key, answer in post.fields.items() if key in asked and asked[key]["type"] != "file"}
    typed = {f"field-{key}": _typed(answer) for key, answer in {**shared, **_known_of(post, today, asked)}.items()}
    frame = {key: [getattr(post, key)] for key in ("audience", "objective", "business_objective", "key_question")}
    return start_application(
        actor=actor,
        template=template,
        answers={"title": [post.title()], "language": [post.language], **frame, **typed},
        origin=f"post-{post.pk}",
        source=post,
        now=now,
    )


def _known_of(post: Post, today: date, asked: Iterable[str]) -> dict[str, str]:
    """What `evergreen-refresh` asks of the original, where the post knows it."""
    addresses = [one.address for one in post.placements.order_by("published_at") if one.address]
    known = {
        "original": addresses[0] if addresses else "",
        "last_checked": (post.published_at or post.created_at).date().isoformat(),
        "next_review": (today + timedelta(days=rules.REVIEW_DAYS)).isoformat(),
    }
    return {key: value for key, value in known.items() if key in asked and value}


def _typed(answer: object) -> list[str]:
    if isinstance(answer, bool):
        return [str(answer).lower()]
    return ["\n".join(map(str, answer))] if isinstance(answer, list) else [str(answer)]
