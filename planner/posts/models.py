"""Posts, their texts (one per language) and their placements (one per channel, which carry the publication)."""

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from planner.policy.rules import Severity
from planner.posts import rules
from planner.posts.queries import (
    AlertQuerySet,
    ApplicationQuerySet,
    BlockQuerySet,
    GuestQuerySet,
    HeldQuerySet,
    HoldQuerySet,
    InitiativeQuerySet,
    OverrideQuerySet,
    PlacementQuerySet,
    PostQuerySet,
)
from planner.posts.rules import FROZEN, Decision, Intent, Moment, Release, Stage, Status
from planner.reminders.rules import Card
from planner.workspaces import operations as workspaces

if TYPE_CHECKING:
    from planner.workspaces.models import Membership

_MEMBER = "planner.Membership"


class Initiative(models.Model):
    """A campaign: an aim that one can measure, dates, somebody who answers for it, and the posts that serve it."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="initiatives", verbose_name=_("workspace")
    )
    title = models.CharField(_("title"), max_length=150)
    aim = models.CharField(_("what should be different afterwards"), max_length=300)
    metric = models.CharField(_("how one will see it"), max_length=300, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    proof_on = models.DateField(_("first proof expected on"), null=True, blank=True)
    owner = models.ForeignKey(
        _MEMBER, on_delete=models.PROTECT, related_name="initiatives", verbose_name=_("who answers for it")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage.choices, default=Stage.PREPARED)
    outcome = models.TextField(_("what it brought"), blank=True)
    created_at = models.DateTimeField(_("created at"))

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        ordering = ("starts_on", "id")
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="an_initiative_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def link(self) -> str:
        """The page of the initiative, without the host."""
        return reverse("posts:initiative", kwargs={"workspace": self.workspace.slug, "initiative": self.pk})

    def second_id_for(self, role: str) -> int | None:
        """Nobody is named beside the owner: the second person of the role stands in."""
        return None


class Post(models.Model):
    """One piece of content. `planned_at` is the earliest open placement, `published_at` the first publication."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="posts", verbose_name=_("workspace")
    )
    template = models.ForeignKey(
        "planner.PlaybookItem", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("template")
    )
    template_payload = models.JSONField(_("template as it was applied"), default=dict)
    """The template as it was when applied: its questions and body stay with the post."""
    status = models.CharField(_("state"), max_length=12, choices=Status.choices, default=Status.DRAFT)
    language = models.CharField(_("language"), max_length=2, default="fr")
    audience = models.CharField(_("who precisely, in one sentence"), max_length=300, blank=True)
    objective = models.CharField(_("what changes for them"), max_length=300, blank=True)
    business_objective = models.CharField(_("what it serves for us"), max_length=300, blank=True)
    intent = models.CharField(_("intent"), max_length=10, choices=Intent.choices, default=Intent.HELP)
    key_question = models.CharField(_("the real question this answers"), max_length=300, blank=True)
    success_measure = models.CharField(_("how we will know it worked"), max_length=300, blank=True)
    customer_moment = models.CharField(_("moment of the reader"), max_length=16, choices=Moment.choices, blank=True)
    author = models.ForeignKey(
        _MEMBER, on_delete=models.PROTECT, related_name="authored_posts", verbose_name=_("author")
    )
    answerer = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("named answerer")
    )
    deputy = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("deputy answerer")
    )
    answer_until = models.DateField(_("we answer until"), null=True, blank=True)
    fields = models.JSONField(_("answers to the questions"), default=dict)
    sources = models.JSONField(_("sources"), default=list)
    """[{"label", "url", "read_on"}]"""
    links = models.JSONField(_("links"), default=list)
    people_shown = models.JSONField(_("people shown"), default=list)
    tags = models.JSONField(_("tags"), default=list)
    has_claims = models.BooleanField(_("contains figures or claims to check"), default=False)
    is_regulated = models.BooleanField(_("regulated subject"), default=False)
    sector_pack = models.CharField(_("sector rules"), max_length=30, blank=True)
    is_evergreen = models.BooleanField(_("lasts"), default=False)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    received_at = models.DateTimeField(_("signal received"), null=True, blank=True)
    """When the question or the complaint reached us, from which `R` is counted."""
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    review_days_lost = models.PositiveSmallIntegerField(_("days of review lost"), default=0)
    derived_from = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="derivatives",
        verbose_name=_("made from"),
    )
    initiative = models.ForeignKey(
        Initiative, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts", verbose_name=_("initiative")
    )
    is_sample = models.BooleanField(_("sample"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1)
    """Counts saved changes of anything on the post; a form that carries an older one is told so."""
    created_by = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created at"))
    updated_at = models.DateTimeField(_("changed at"))

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ("planned_at", "id")
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False), name="a_published_post_has_its_hour"
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | Q(answerer__isnull=True) | ~Q(deputy=models.F("answerer")),
                name="the_deputy_is_somebody_else",
            ),
        )
        indexes = (
            models.Index(fields=["workspace", "planned_at", "status", "intent"], name="posts_by_plan"),
            models.Index(fields=["workspace", "status", "planned_at"], name="posts_by_status"),
            models.Index(
                fields=["workspace", "-updated_at", "-id", "status", "planned_at", "published_at"],
                condition=Q(planned_at__isnull=True, published_at__isnull=True),
                name="undated_posts",
            ),
            models.Index(fields=["workspace", "review_on"], name="posts_by_review"),
        )

    def __str__(self) -> str:
        return self.title()

    def title(self, language: str | None = None) -> str:
        """The title in a language, else in the post's own, else any."""
        titles = {text.language: text.title for text in self._texts() if text.title}
        return rules.title_among(titles, language or self.language, self.language)

    def _texts(self) -> "Iterable[PostText]":
        return self.texts.all()

    @property
    def link(self) -> str:
        """The page of the post, without the host."""
        return reverse("posts:detail", kwargs={"workspace": self.workspace.slug, "post": self.pk})

    @cached_property
    def is_held(self) -> bool:
        """Does an open hold cover every channel on which it has not appeared yet? Its reminders wait with it.

        Read once for each instance; `operations.holds` forgets it when it changes the answer.
        """
        if self.published_at is not None:
            return False
        open_ones = [one for one in self.placements.all() if one.is_open]
        return bool(open_ones) and all(one.held_at is not None for one in open_ones)

    @property
    def is_urgent(self) -> bool:
        """May it go out on two confirmations?"""
        return rules.is_urgent(self.template.slug if self.template else "", self.fields)

    @property
    def shown_state(self) -> str:
        """The word of its chip: its state, or `held`."""
        return "held" if self.is_held else self.status

    def second_id_for(self, role: str) -> int | None:
        """The deputy stands in for the named answerer."""
        return self.deputy_id if role == "answerer" else None

    # ---- what reminders ask of their subject: a post is one when somebody has to be told of a decision

    @classmethod
    def for_reminders(cls, ids: Iterable[int]) -> "dict[int, Post]":
        """The posts by id, with all that `card` needs."""
        found = cls.objects.filter(pk__in=list(ids)).select_related("workspace", "author__user")
        return {post.pk: post for post in found.prefetch_related("texts")}

    @classmethod
    def silent_among(cls, ids: Iterable[int]) -> set[int]:
        """Which of these posts are held: their steps wait."""
        return set(cls.objects.filter(pk__in=list(ids)).silenced().values_list("pk", flat=True))

    def card(self, language: str) -> Card:
        with translation.override(language):
            return Card(
                what=gettext("“%(post)s”") % {"post": self.title(language)},
                why="",
                minutes=5,
                link=self.link,
                action=gettext("Open the post"),
            )

    def is_open(self) -> bool:
        return self.status not in FROZEN

    def person(self, addressee: str) -> "Membership | None":
        """Who is meant: the author as `owner`, the deputy as `second`, an editorial role, or `member:<id>`."""
        if addressee in ("owner", "second"):
            return self.author if addressee == "owner" else self.deputy
        book = workspaces.roles_held(self.workspace)
        if addressee.startswith("member:"):
            return book.people.get(int(addressee.removeprefix("member:")))
        return book.first(addressee)


class PostText(models.Model):
    """Title and body (Markdown) of a post in one language."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="texts", verbose_name=_("post"))
    language = models.CharField(_("language"), max_length=2)
    title = models.CharField(_("title"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    updated_at = models.DateTimeField(_("changed at"))

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["post", "language"], name="one_text_per_language"),)

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class Placement(models.Model):
    """A post on a channel. Wall time and zone are what people meant; `planned_at` is the instant derived from them."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="+", db_index=False)
    """That of the post, so that a day of a workspace is one stretch of an index."""
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="placements", verbose_name=_("post"))
    channel = models.ForeignKey(
        "planner.Channel", on_delete=models.PROTECT, related_name="placements", verbose_name=_("channel")
    )
    planned_on = models.DateField(_("planned day"), null=True, blank=True)
    planned_time = models.TimeField(_("planned hour"), null=True, blank=True)
    planned_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    planned_at = models.DateTimeField(_("planned for"), null=True, blank=True)
    shown_at = models.DateTimeField(_("shown in the calendar at"), null=True, blank=True)
    """`published_at`, else `planned_at`: what the calendar sorts by."""
    leads = models.BooleanField(default=True)
    """The first of those that were planned for one hour of the post: the calendar shows them as one entry."""
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    address = models.URLField(_("address"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("recorded by")
    )
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True, blank=True)
    held_at = models.DateTimeField(_("held since"), null=True, blank=True)
    """Set while a decision is missing for it in at least one hold; see `HeldPlacement`."""
    text = models.JSONField(_("own text"), default=dict)
    """Own text for this channel, per language: {"fr": {"title", "body"}}; empty means the post's."""

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("planned_at", "id")
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = (
            models.UniqueConstraint(fields=["post", "channel"], name="one_placement_per_channel"),
            models.CheckConstraint(
                condition=Q(planned_at__isnull=True, planned_on__isnull=True)
                | Q(planned_at__isnull=False, planned_on__isnull=False, planned_time__isnull=False),
                name="a_planned_placement_has_its_wall_time",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(recorded_by__isnull=False),
                name="a_person_recorded_the_publication",
            ),
        )
        indexes = (
            models.Index(fields=["planned_at"], condition=Q(held_at__isnull=False), name="held_placements"),
            models.Index(
                fields=["channel", "published_at"], condition=Q(published_at__isnull=False), name="published_by_channel"
            ),
            models.Index(
                fields=["channel", "planned_at"],
                condition=Q(published_at__isnull=True, cancelled_at__isnull=True),
                name="planned_by_channel",
            ),
            # SQLite counts in a partial index alone only when it holds the columns of its condition too
            models.Index(
                fields=["workspace", "shown_at", "post", "leads", "cancelled_at"],
                condition=Q(leads=True, cancelled_at__isnull=True),
                name="entries_by_hour",
            ),
        )

    def __str__(self) -> str:
        return f"{self.post_id} / {self.channel}"

    @property
    def is_open(self) -> bool:
        """Neither out nor cancelled: the same as `open()`."""
        return self.published_at is None and self.cancelled_at is None


class Buffer(models.Model):
    """What somebody is typing, kept on the server; only Save writes a revision."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="buffers")
    person = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    base_revision = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["post", "person", "language"], name="one_buffer_per_person_and_language"),
        )

    def __str__(self) -> str:
        return f"{self.post_id} {self.person_id} {self.language}"


class Approval(models.Model):
    """A decision of a person who holds the role, on one exact revision. Voided by any later change."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="approvals", verbose_name=_("post"))
    role = models.CharField(_("editorial role"), max_length=20)
    person = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    revision_number = models.PositiveIntegerField(_("revision"))
    digest = models.CharField(_("digest of the text"), max_length=64)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision.choices)
    comment = models.TextField(_("remark"), blank=True)
    answers = models.JSONField(_("answers to the questions about the text"), default=dict, blank=True)
    """By human rule: {"H01": {"said": "yes", "comment": ""}}."""
    at = models.DateTimeField(_("at"))
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")

    def __str__(self) -> str:
        return f"{self.role}: {self.decision}"


class Override(models.Model):
    """What a rule finds counts for nothing this once, with a reason: this rule, exactly this text.

    What stops a text is let pass by an approver; what only warns is put aside by the editor. Voided by any later
    change of the text.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="overrides", verbose_name=_("post"))
    rule = models.CharField(_("rule"), max_length=5)
    severity = models.CharField(_("what it was"), max_length=5, choices=Severity.choices, default=Severity.BLOCK)
    person = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+", verbose_name=_("person"))
    revision_number = models.PositiveIntegerField(_("revision"))
    digest = models.CharField(_("digest of the text"), max_length=64)
    reason = models.CharField(_("reason"), max_length=500)
    at = models.DateTimeField(_("at"))
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        verbose_name = _("let pass")
        verbose_name_plural = _("let pass")
        constraints = (
            models.UniqueConstraint(
                fields=["post", "rule", "severity"],
                condition=Q(voided_at__isnull=True),
                name="one_override_in_force_per_rule",
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule}: {self.reason}"


class Guest(models.Model):
    """Somebody without an account who was asked to read one post, by a personal link that expires."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="guests", verbose_name=_("post"))
    name = models.CharField(_("name"), max_length=150)
    is_awaited = models.BooleanField(_("approving waits for them"), default=False)
    token_digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    invited_by = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="+", verbose_name=_("invited by"))
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("expires"))
    last_read_at = models.DateTimeField(_("last read"), null=True)
    revoked_at = models.DateTimeField(null=True)
    opinion = models.CharField(_("opinion"), max_length=6, choices=rules.Opinion.choices, blank=True)
    opinion_digest = models.CharField(max_length=64, blank=True)
    """Of the text that the opinion is about."""
    opinion_at = models.DateTimeField(_("said at"), null=True)

    objects = GuestQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "id")
        verbose_name = _("reader without an account")
        verbose_name_plural = _("readers without an account")

    def __str__(self) -> str:
        return self.name

    def agrees_with(self, digest: str) -> bool:
        return self.opinion == rules.Opinion.AGREES and self.opinion_digest == digest


class Comment(models.Model):
    """A remark of a colleague, or of somebody without an account who was asked to read."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    guest = models.ForeignKey(Guest, on_delete=models.CASCADE, null=True, related_name="+")
    is_for_guests = models.BooleanField(default=False)
    """Invited readers see it too; what is not for them stays inside."""
    body = models.TextField(_("your remark"))
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return self.body[:60]


class Application(models.Model):
    """A template that somebody is applying: what they typed, kept on the server until the post is made.

    `origin` keeps apart what starts from different things (a message received, a post to bring up to date).
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="applications")
    person = models.ForeignKey(_MEMBER, on_delete=models.CASCADE, related_name="applications")
    template = models.ForeignKey("planner.PlaybookItem", on_delete=models.CASCADE, related_name="+")
    origin = models.CharField(max_length=40, blank=True)
    answers = models.JSONField(default=dict)
    """As typed, by name of the form's field: lists of texts."""
    received_at = models.DateTimeField(null=True, blank=True)
    """When the message reached us from which this starts: `R` is counted from there."""
    source = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    """The post from which the new one is made."""
    post = models.ForeignKey(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="applications")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["person", "template", "origin"],
                condition=Q(made_at__isnull=True),
                name="one_open_application_per_person_and_template",
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.template)

    @property
    def title(self) -> str:
        """The working title, as far as it is typed."""
        return str(next(iter(self.answers.get("title") or ()), ""))


class Upload(models.Model):
    """A file, served only to members, as an attachment unless it is a raster image. It waits with an application until
    the post is made."""

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="uploads")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, null=True, related_name="uploads")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, null=True, related_name="uploads")
    file = models.FileField(upload_to="uploads/%Y/%m/")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    alt = models.JSONField(default=dict)
    """The description of an image in each language."""
    uploaded_by = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(post__isnull=False, application__isnull=True)
                | Q(post__isnull=True, application__isnull=False),
                name="a_file_belongs_to_a_post_or_waits_for_it",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Alert(models.Model):
    """Something is wrong, at a level from 1 to 4, for all that we publish or a part of it. Opened by the crisis room.

    Rules read it: what would profit from a misfortune is refused while it lasts, and looked at for 14 days after.
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="alerts")
    level = models.PositiveSmallIntegerField(_("level"))
    peak = models.PositiveSmallIntegerField(_("highest level"))
    scope = models.JSONField(_("what it covers"))
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ("-since", "-id")
        constraints = (
            models.CheckConstraint(condition=Q(level__lte=models.F("peak")), name="a_peak_is_the_highest_level"),
        )

    def __str__(self) -> str:
        return f"{self.level} @ {self.since:%Y-%m-%d %H:%M}"


class Hold(models.Model):
    """Nothing of its scope goes out. While it is open it also catches what is approved or scheduled meanwhile.

    `level` is 0 for a post held by hand. Closing it releases nothing: each post still waits for its decision.
    """

    workspace = models.ForeignKey("planner.Workspace", on_delete=models.CASCADE, related_name="holds")
    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, null=True, blank=True, related_name="holds")
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    scope = models.JSONField(_("what it covers"))
    reason = models.CharField(_("reason"), max_length=300)
    link = models.CharField(_("page where it is decided"), max_length=200, blank=True)
    opened_by = models.ForeignKey(_MEMBER, on_delete=models.PROTECT, related_name="+", verbose_name=_("opened by"))
    opened_at = models.DateTimeField(_("opened at"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    waiting = models.PositiveIntegerField(default=0)
    """How many posts wait for a decision: kept with each act, so that no page counts a hundred thousand of them."""

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("hold")
        verbose_name_plural = _("holds")
        ordering = ("-opened_at", "-id")
        indexes = (
            models.Index(fields=["workspace"], condition=Q(closed_at__isnull=True), name="open_holds_by_workspace"),
        )

    def __str__(self) -> str:
        return self.reason


class HoldException(models.Model):
    """A post that a hold lets pass, with the reason: a notice, or the crisis's own words."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="exceptions")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="hold_exceptions")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["hold", "post"], name="one_exception_per_hold_and_post"),)

    def __str__(self) -> str:
        return self.reason


class HeldPlacement(models.Model):
    """A placement under a hold: what it was, and what people decided. A placement is free when no row is undecided."""

    hold = models.ForeignKey(Hold, on_delete=models.CASCADE, related_name="held")
    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="held")
    was = models.CharField(_("state before"), max_length=12, choices=Status.choices)
    planned_at = models.DateTimeField(_("planned for"), null=True)
    held_at = models.DateTimeField(_("held since"))
    decision = models.CharField(_("decision"), max_length=8, choices=Release.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    answers = models.JSONField(_("answers to the three questions"), default=dict)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    released_at = models.DateTimeField(_("released at"), null=True)
    """Stays when the text changes and is held again: it counts among the releases of its day."""
    decided_by = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")
    seconded_by = models.ForeignKey(_MEMBER, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = HeldQuerySet.as_manager()

    class Meta:
        verbose_name = _("held placement")
        verbose_name_plural = _("held placements")
        constraints = (
            models.UniqueConstraint(fields=["hold", "placement"], name="one_row_per_hold_and_placement"),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="a_decision_has_its_hour",
            ),
        )
        indexes = (models.Index(fields=["hold", "planned_at", "id"], condition=Q(decision=""), name="queue_of_a_hold"),)

    def __str__(self) -> str:
        return f"{self.hold_id} / {self.placement_id}: {self.decision}"


class Block(models.Model):
    """A higher room refuses some events of a post, in words and with the way out, until it closes this."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="blocks")
    events = models.JSONField()
    gate = models.SlugField(max_length=20)
    reason = models.JSONField()
    """{"fr": ..., "en": ...}"""
    link = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = BlockQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["post"], condition=Q(closed_at__isnull=True), name="open_blocks_by_post"),)

    def __str__(self) -> str:
        return f"{self.gate}: {self.post_id}"


class PolicyCheck(models.Model):
    """What the policy last said of a scheduled post: by it a new failure is told from one that is known.

    `failing` names the severity of each rule that failed and that nobody had let pass.
    """

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="policy_check", verbose_name=_("post"))
    checked_at = models.DateTimeField(_("looked at"))
    failing = models.JSONField(_("rules that fail"), default=dict)

    class Meta:
        verbose_name = _("look at a scheduled post")
        verbose_name_plural = _("looks at scheduled posts")
        indexes = (models.Index(fields=["checked_at"], name="policy_checks_by_age"),)

    def __str__(self) -> str:
        return f"{self.post_id}: {', '.join(self.failing)}"


class Consent(models.Model):
    """What somebody who is shown or quoted agreed to: for what, where, until when. Read before each publication."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="consents", verbose_name=_("post"))
    person = models.CharField(_("who agreed"), max_length=150)
    scope = models.CharField(_("to what"), max_length=500)
    channels = models.JSONField(_("channels"), default=list)
    """Slugs of channels; empty means all of them."""
    given_on = models.DateField(_("given on"))
    expires_on = models.DateField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    evidence = models.ForeignKey(
        Upload,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("where it is written"),
    )
    recorded_by = models.ForeignKey(
        _MEMBER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("written down by")
    )
    created_at = models.DateTimeField(_("written down at"))

    class Meta:
        ordering = ("person", "id")
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = (
            models.CheckConstraint(
                condition=Q(expires_on__isnull=True) | Q(expires_on__gte=models.F("given_on")),
                name="a_consent_ends_after_it_was_given",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.scope}"
