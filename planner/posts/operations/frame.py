"""The frame of a post: whom it is for, what changes for them, its people, the answers to the template's questions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from planner.base.errors import Invalid, Refused, Words
from planner.posts import rules
from planner.posts.models import Post
from planner.posts.operations import reading, writing
from planner.posts.rules import Event, Intent, Moment, PostValues, Status
from planner.work import operations as work
from planner.work.models import WorkItem
from planner.workspaces import operations as workspaces
from planner.workspaces.models import Membership
from planner.workspaces.rules import Act


class InvalidAnswers(Invalid):
    """Answers that cannot be kept; `errors` holds one sentence for each key, the form's field being `field-<key>`."""

    def __init__(self, errors: Mapping[str, Words]) -> None:
        key, words = next(iter(errors.items()))
        super().__init__(words, field=f"field-{key}")
        self.errors = dict(errors)


@transaction.atomic
def update_frame(
    *, post: Post, actor: Membership, values: PostValues, version: int | None = None, now: datetime
) -> Post:
    """Change the keys that are present in `values`; the others stay.

    Facts that conditions ask for (figures to check, regulated, lasting, answers such as the route) bring or take away
    work at once. New people take over the open work of those they follow. Links are part of the approved text. A
    scheduled post for which blocking work appears goes back to approved. Naming people needs the right to plan. Raises
    `Stale` for an old `version`.
    """
    post = writing.opened(post, actor, Act.WRITE, version)
    writing.must_be_writable(post)
    changes = read_values(post, values, actor)
    changed = {name: value for name, value in changes.items() if getattr(post, name) != value}
    if not changed:
        return post
    if changed.keys() & set(rules.PEOPLE):
        workspaces.require(actor, Act.PLAN)
    _keep_people_of_a_scheduled_post(post, changed)
    before = _named(post, now)
    writing.keep(post, now, **changed)
    _follow_people(post, before, now)
    if "links" in changed:
        writing.save_revision(post, actor, now)
    writing.relay(post, now)
    writing.write_down("post.framed", post, actor, now, changed=sorted(changed))
    _unschedule_if_blocked(post, actor, now)
    return post


def read_values(post: Post, values: PostValues, actor: Membership, waiting: Collection[int] = ()) -> dict[str, Any]:
    """Check the values for this post and give the columns to write. Raises `Invalid` with the field.

    `waiting` are the files that will be the post's once it is made.
    """
    columns: dict[str, Any] = {key: value for key, value in values.items() if key in rules.PLAIN}
    for key in ("audience", "objective", "business_objective", "key_question", "success_measure"):
        if key in columns:
            columns[key] = _sentence(key, columns[key])
    _choices(columns)
    _dates(columns)
    for key in ("sources", "links"):
        if key in columns:
            columns[key] = _references(key, columns[key] or [])
    if "fields" in values:
        columns["fields"] = _answers(post, values["fields"] or {}, actor, waiting)
        _name_people_shown(post, columns)
    _share(post, columns)
    for key in rules.PEOPLE:
        if key in values:
            columns[key] = _person(key, values.get(key), actor, getattr(post, f"{key}_id"))
    _two_different(post, columns)
    return columns


def _sentence(key: str, value: Any) -> str:
    text = str(value or "").strip()
    if len(text) > 300:
        raise Invalid(_("At most 300 characters: one sentence."), field=key)
    return text


def _choices(columns: dict[str, Any]) -> None:
    offered = {"intent": Intent.values, "customer_moment": ["", *Moment.values]}
    for key, choices in offered.items():
        if key in columns and columns[key] not in choices:
            raise Invalid(_("Choose one of the answers offered."), field=key)
    for key in ("has_claims", "is_regulated", "is_evergreen"):
        if key in columns:
            columns[key] = bool(columns[key])
    for key in ("tags", "people_shown"):
        if key in columns:
            columns[key] = list(columns[key] or [])


def _dates(columns: dict[str, Any]) -> None:
    for key in ("answer_until", "review_on"):
        value = columns.get(key)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            raise Invalid(_("Give a date, such as 2026-05-21."), field=key)
    received_at = columns.get("received_at")
    if received_at is not None and (not isinstance(received_at, datetime) or received_at.tzinfo is None):
        raise Invalid(_("Give a date and an hour, such as 2026-05-21 10:00."), field="received_at")


def _references(key: str, references: Any) -> list[dict[str, str]]:
    """Sources and links: a label and an address, as texts."""
    kept = []
    for reference in references:
        one = {str(name): str(value).strip() for name, value in dict(reference).items() if value not in (None, "")}
        if one.get("url") and not rules.is_address(one["url"]):
            raise Invalid(_("Give a complete address, beginning with https://."), field=key)
        if one:
            kept.append(one)
    return kept


def _name_people_shown(post: Post, columns: dict[str, Any]) -> None:
    """A template that asks who is shown says it for the post; whoever agreed without being named there stays."""
    if not any(question["key"] == rules.SHOWN for question in post.template_payload.get("fields", ())):
        return
    before, after = (fields.get(rules.SHOWN) or [] for fields in (post.fields or {}, columns["fields"]))
    if before != after:
        known = rules.names_shown(columns.get("people_shown", post.people_shown))
        kept = [name for name in known if name not in before]
        columns["people_shown"] = [{"name": name} for name in dict.fromkeys([*after, *kept])]


def _answers(
    post: Post, answers: Mapping[str, Any], actor: Membership, waiting: Collection[int] = ()
) -> dict[str, Any]:
    """The answers of the form over those kept already; an empty one takes the kept one away."""
    if not answers:
        return dict(post.fields or {})
    members = set(Membership.objects.active().filter(workspace=actor.workspace).values_list("pk", flat=True))
    uploads = set(post.uploads.values_list("pk", flat=True)) if post.pk else set(waiting)
    cleaned, errors = rules.validate_answers(post.template_payload, answers, members=members, uploads=uploads)
    if errors:
        raise InvalidAnswers(errors)
    kept = {key: value for key, value in (post.fields or {}).items() if key not in answers}
    return {**kept, **cleaned}


def _share(post: Post, columns: dict[str, Any]) -> None:
    """A question that the template asks and the post has anyway keeps one value."""
    asked = {question["key"] for question in post.template_payload.get("fields", ())}
    for key in set(rules.SHARED) & asked:
        fields = columns.get("fields", post.fields) or {}
        answer = columns.get(key) or fields.get(key) or ""
        if "fields" in columns and fields.get(key):
            answer = fields[key]
        if "fields" in columns or key in columns:
            columns[key] = answer
            columns["fields"] = {**fields, **({key: answer} if answer else {})}


def _person(key: str, person: Any, actor: Membership, present_id: int | None) -> Membership | None:
    if person is None:
        if key == "author":
            raise Invalid(_("Name the author."), field=key)
        return None
    if person.workspace_id != actor.workspace_id or (not person.is_active and person.pk != present_id):
        raise Invalid(_("Choose somebody who is a member here."), field=key)
    return person  # type: ignore[no-any-return]


def _two_different(post: Post, columns: dict[str, Any]) -> None:
    answerer = columns["answerer"].pk if columns.get("answerer") else None
    answerer = answerer if "answerer" in columns else post.answerer_id
    deputy = columns["deputy"].pk if columns.get("deputy") else None
    deputy = deputy if "deputy" in columns else post.deputy_id
    if answerer is not None and answerer == deputy:
        raise Invalid(_("The deputy is somebody else than the person who answers."), field="deputy")


def _keep_people_of_a_scheduled_post(post: Post, changed: Mapping[str, Any]) -> None:
    if post.status not in (Status.SCHEDULED, Status.PUBLISHED):
        return
    for key in ("answerer", "deputy"):
        if key in changed and changed[key] is None:
            raise Refused(
                _("A scheduled or published post needs both people who answer: name somebody else instead."), field=key
            )


FOLLOWED = ("author", "answerer", "deputy", "expert")
"""Roles that a post names itself: their open work follows the person named."""


def _named(post: Post, now: datetime) -> dict[str, Membership | None]:
    values = PostValues(author=post.author, answerer=post.answerer, deputy=post.deputy, fields=post.fields)
    return reading.people_of(post.workspace, values, reading.book_of(post.workspace, now))


def _follow_people(post: Post, before: Mapping[str, Membership | None], now: datetime) -> None:
    """Open work of a role goes to the new person, unless somebody else was given it by hand."""
    after = _named(post, now)
    roles = [role for role in FOLLOWED if _pk(before[role]) != _pk(after[role])]
    if not roles:
        return
    owners = {role: (None, _pk(before[role]), _pk(work.owner_of(role, before)[0])) for role in roles}
    items = [
        item
        for item in WorkItem.objects.about(post).open()
        if item.role in roles and (item.is_role_vacant or item.owner_id in owners[item.role])
    ]
    work.hand_over(items=items, to={item.pk: work.owner_of(item.role, after) for item in items}, flag={})


def _pk(person: Membership | None) -> int | None:
    return person.pk if person else None


def _unschedule_if_blocked(post: Post, actor: Membership, now: datetime) -> None:
    """New facts may ask for work that must be done before the post is scheduled."""
    if post.status != Status.SCHEDULED:
        return
    waiting = [item for item in reading.facts_of(post, now).open_work if item.blocking == "scheduled"]
    if waiting:
        writing.move_state(post, Event.UNSCHEDULE, now)
        writing.write_down("post.unscheduled", post, actor, now, because=[item.key for item in waiting])


@transaction.atomic
def change_people(
    *,
    post: Post,
    actor: Membership,
    author: Membership | None = None,
    answerer: Membership | None = None,
    deputy: Membership | None = None,
    version: int | None = None,
    now: datetime,
) -> Post:
    """Name the author, the person who answers, the deputy (None keeps the present one); needs the right to plan.

    The owner of the open work of these roles follows.
    """
    named = {key: person for key, person in zip(rules.PEOPLE, (author, answerer, deputy), strict=True) if person}
    post = writing.opened(post, actor, Act.PLAN, version)
    writing.must_be_writable(post)
    changes = read_values(post, PostValues(**named), actor)  # type: ignore[typeddict-item]
    changed = {name: value for name, value in changes.items() if getattr(post, name) != value}
    if not changed:
        return post
    before = _named(post, now)
    writing.keep(post, now, **changed)
    _follow_people(post, before, now)
    writing.write_down("post.people_changed", post, actor, now, changed={key: str(one) for key, one in changed.items()})
    return post
