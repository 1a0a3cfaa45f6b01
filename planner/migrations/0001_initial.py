import datetime

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import planner.playbook.models
import planner.reminders.models
import planner.workspaces.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                (
                    "language",
                    models.CharField(
                        choices=[("fr", "Français"), ("en", "English")],
                        default="fr",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="phone, for urgent calls")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
            },
        ),
        migrations.CreateModel(
            name="Workspace",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, verbose_name="name of the organisation")),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="address")),
                ("languages", models.JSONField(default=list, verbose_name="languages of the texts")),
                (
                    "official_language",
                    models.CharField(blank=True, max_length=2, verbose_name="language that may never be missing"),
                ),
                ("time_zone", models.CharField(default="Europe/Paris", max_length=64, verbose_name="time zone")),
                ("country", models.CharField(default="FR", max_length=2, verbose_name="country")),
                ("region", models.CharField(blank=True, max_length=8, verbose_name="region or canton")),
                ("sectors", models.JSONField(blank=True, default=list, verbose_name="sectors")),
                (
                    "working_days",
                    models.JSONField(default=planner.workspaces.models.monday_to_friday, verbose_name="working days"),
                ),
                ("day_starts", models.TimeField(default=datetime.time(9, 0), verbose_name="the day starts at")),
                ("day_ends", models.TimeField(default=datetime.time(17, 0), verbose_name="the day ends at")),
                ("is_sample", models.BooleanField(default=False, verbose_name="sample")),
                ("is_alerted", models.BooleanField(default=False, verbose_name="alert")),
                ("created_at", models.DateTimeField(verbose_name="opened on")),
            ],
            options={
                "verbose_name": "workspace",
                "verbose_name_plural": "workspaces",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("day_starts__lt", models.F("day_ends"))),
                        name="the_day_starts_before_it_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Worker",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=150, unique=True, verbose_name="name")),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
            ],
            options={
                "verbose_name": "worker",
                "verbose_name_plural": "workers",
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="DeliveryState",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("last_tick_at", models.DateTimeField(null=True)),
                ("queues", models.JSONField(null=True)),
                ("warned_at", models.DateTimeField(null=True)),
                ("counted_until", models.DateTimeField(null=True)),
                ("is_cron", models.BooleanField(default=False)),
                ("paused_at", models.DateTimeField(null=True)),
                ("paused_by", models.CharField(blank=True, max_length=150)),
                ("pause_reason", models.CharField(blank=True, max_length=300)),
                ("draining", models.UUIDField(null=True)),
                ("draining_until", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_delivery_state")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("contributor", "Contributor"),
                            ("planner", "Planner"),
                            ("manager", "Manager"),
                        ],
                        default="contributor",
                        max_length=12,
                        verbose_name="access level",
                    ),
                ),
                ("job", models.CharField(blank=True, max_length=120, verbose_name="job")),
                ("department", models.CharField(blank=True, max_length=80, verbose_name="department")),
                ("is_shared_account", models.BooleanField(default=False, verbose_name="shared account")),
                ("joined_at", models.DateTimeField(verbose_name="joined on")),
                ("left_at", models.DateTimeField(blank=True, null=True, verbose_name="left on")),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "ordering": ("user__name",),
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "user"), name="one_membership_per_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="alerts", to="planner.workspace"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("peak", models.PositiveSmallIntegerField(verbose_name="highest level")),
                ("scope", models.JSONField(verbose_name="what it covers")),
                ("since", models.DateTimeField(verbose_name="since")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="until")),
            ],
            options={
                "verbose_name": "alert",
                "verbose_name_plural": "alerts",
                "ordering": ("-since", "-id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("level__lte", models.F("peak"))), name="a_peak_is_the_highest_level"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaybookItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("kind", models.CharField(choices=planner.playbook.models.kinds, max_length=20, verbose_name="kind")),
                ("slug", models.SlugField(max_length=60, verbose_name="short name")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("payload", models.JSONField(verbose_name="content")),
                ("checksum", models.CharField(max_length=64, verbose_name="checksum")),
                (
                    "based_on_version",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="based on version"),
                ),
                ("base", models.JSONField(blank=True, null=True, verbose_name="bundled content it was made from")),
                ("base_checksum", models.CharField(blank=True, max_length=64, verbose_name="checksum of that content")),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
                ("retired_at", models.DateTimeField(blank=True, null=True, verbose_name="retired at")),
            ],
            options={
                "verbose_name": "playbook item",
                "verbose_name_plural": "playbook items",
                "ordering": ("kind", "slug"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("workspace__isnull", True)),
                        fields=("kind", "slug"),
                        name="one_bundled_item_per_slug",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("workspace__isnull", False)),
                        fields=("workspace", "kind", "slug"),
                        name="one_own_item_per_slug",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="planner.workspace"
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("payload", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_type", "subject_id", "number"), name="one_revision_per_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind of subject",
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="number of the subject")),
                (
                    "group_type",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind of group",
                    ),
                ),
                ("group_id", models.PositiveBigIntegerField(null=True, verbose_name="number of the group")),
                ("step", models.CharField(max_length=40, verbose_name="step")),
                ("occurrence", models.PositiveIntegerField(default=0, verbose_name="occurrence")),
                ("addressee", models.CharField(max_length=40, verbose_name="addressee")),
                ("work_due_at", models.DateTimeField(verbose_name="due hour of the work")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("next_at", models.DateTimeField(verbose_name="next try")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting for its hour"),
                            ("leased", "being delivered"),
                            ("paused", "paused with its post"),
                            ("sent", "sent"),
                            ("collapsed", "told with a later one"),
                            ("missed", "missed"),
                            ("superseded", "replaced after a move"),
                            ("cancelled", "no longer needed"),
                            ("dead", "given up"),
                        ],
                        default="pending",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("profile", models.SlugField(db_index=False, max_length=40, verbose_name="reminder profile")),
                ("mode", models.CharField(default="remind", max_length=12, verbose_name="manner")),
                ("quiet", models.CharField(default="always", max_length=16, verbose_name="quiet hours")),
                ("may_join_digest", models.BooleanField(default=False, verbose_name="may join a digest")),
                ("message", models.JSONField(default=dict, verbose_name="message")),
                ("details", models.JSONField(null=True, verbose_name="details of the step")),
                ("token", models.UUIDField(null=True, verbose_name="lease")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("reason", models.JSONField(default=list, verbose_name="reason")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled at")),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("pending", "leased"))),
                        fields=["next_at"],
                        name="open_reminders_by_next",
                    ),
                    models.Index(fields=["group_type", "group_id"], name="reminders_by_group"),
                    models.Index(
                        condition=models.Q(("state__in", ["dead", "missed"])),
                        fields=["workspace", "-settled_at"],
                        name="reminders_not_told",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject_type", "subject_id", "step", "occurrence", "addressee", "work_due_at"),
                        name="one_reminder_per_step_and_due_value",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HolidayChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holiday_changes",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("closed", models.BooleanField(default=True, verbose_name="closed")),
            ],
            options={
                "verbose_name": "change of holiday",
                "verbose_name_plural": "changes of holidays",
                "ordering": ("day",),
                "constraints": [models.UniqueConstraint(fields=("workspace", "day"), name="one_change_per_day")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="planner.workspace",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("actor_name", models.CharField(blank=True, max_length=150)),
                ("verb", models.SlugField(db_index=False, max_length=60)),
                (
                    "subject_type",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField(null=True)),
                ("data", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("-at", "-id"),
                "indexes": [
                    models.Index(fields=["subject_type", "subject_id", "-at"], name="entry_by_subject"),
                    models.Index(fields=["workspace", "-at"], name="entry_by_workspace"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Blackout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blackouts",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="why, in a few words")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
            ],
            options={
                "verbose_name": "blackout window",
                "verbose_name_plural": "blackout windows",
                "ordering": ("starts_on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="a_blackout_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Audience",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="audiences",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("sentence", models.CharField(max_length=200, verbose_name="who precisely, in one sentence")),
                ("is_used", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "audience",
                "verbose_name_plural": "audiences",
                "ordering": ("sentence",),
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "sentence"), name="one_audience_per_sentence")
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holds", to="planner.workspace"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="holds",
                        to="planner.alert",
                    ),
                ),
                ("level", models.PositiveSmallIntegerField(default=0, verbose_name="level")),
                ("scope", models.JSONField(verbose_name="what it covers")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("link", models.CharField(blank=True, max_length=200, verbose_name="page where it is decided")),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="opened by",
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
                ("waiting", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name": "hold",
                "verbose_name_plural": "holds",
                "ordering": ("-opened_at", "-id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["workspace"],
                        name="open_holds_by_workspace",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Initiative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="initiatives",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="title")),
                ("aim", models.CharField(max_length=300, verbose_name="what should be different afterwards")),
                ("metric", models.CharField(blank=True, max_length=300, verbose_name="how one will see it")),
                ("starts_on", models.DateField(verbose_name="from")),
                ("ends_on", models.DateField(verbose_name="to")),
                ("proof_on", models.DateField(blank=True, null=True, verbose_name="first proof expected on")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="initiatives",
                        to="planner.membership",
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("prepared", "In preparation"),
                            ("running", "Running"),
                            ("ended", "Ended"),
                            ("stopped", "Stopped"),
                        ],
                        default="prepared",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("outcome", models.TextField(blank=True, verbose_name="what it brought")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "initiative",
                "verbose_name_plural": "initiatives",
                "ordering": ("starts_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                        name="an_initiative_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("slug", models.SlugField(max_length=40, verbose_name="short name")),
                ("title", models.JSONField(verbose_name="name")),
                ("mark", models.CharField(max_length=2, verbose_name="mark, two letters")),
                ("family", models.CharField(max_length=20, verbose_name="family")),
                ("owned", models.BooleanField(default=False, verbose_name="ours")),
                ("limits", models.JSONField(blank=True, default=dict, verbose_name="limits")),
                ("notes", models.JSONField(blank=True, default=dict, verbose_name="notes")),
                ("address", models.URLField(blank=True, verbose_name="address")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="second person",
                    ),
                ),
                ("is_used", models.BooleanField(default=True, verbose_name="we use it")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("listening", "listening"),
                            ("ready", "ready"),
                            ("testing", "trying it out"),
                            ("regular", "regular"),
                            ("community", "community"),
                        ],
                        default="regular",
                        max_length=10,
                        verbose_name="stage",
                    ),
                ),
                ("stage_since", models.DateTimeField(editable=False, null=True)),
                (
                    "pace",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (1, "every day"),
                            (4, "twice a week"),
                            (7, "every week"),
                            (14, "every two weeks"),
                            (31, "every month"),
                            (92, "every quarter"),
                        ],
                        null=True,
                        verbose_name="something appears at least",
                    ),
                ),
                ("paced_since", models.DateTimeField(editable=False, null=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
                "ordering": ("position", "id"),
                "constraints": [models.UniqueConstraint(fields=("workspace", "slug"), name="one_channel_per_slug")],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.workspace"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="whose",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("page", models.CharField(max_length=10)),
                ("query", models.CharField(blank=True, max_length=2000)),
                ("is_shared", models.BooleanField(default=False, verbose_name="shared with the workspace")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "saved view",
                "verbose_name_plural": "saved views",
                "ordering": ("name", "id"),
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="one_view_per_name_and_person")],
            },
        ),
        migrations.CreateModel(
            name="RoleAssignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="role_assignments",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("author", "Author (subject owner)"),
                            ("expert", "Expert"),
                            ("editor", "Editor"),
                            ("community", "Community manager"),
                            ("answerer", "Named answerer"),
                            ("deputy", "Deputy answerer"),
                            ("legal", "Legal and compliance"),
                            ("approver", "Communications director"),
                            ("spokesperson", "Spokesperson"),
                            ("leader", "Leader"),
                            ("analyst", "Analyst"),
                            ("crisis_lead", "Crisis lead"),
                            ("crisis_deputy", "Crisis deputy"),
                            ("log_keeper", "Log keeper"),
                        ],
                        max_length=20,
                        verbose_name="editorial role",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="planner.membership",
                        verbose_name="person",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="seconded_roles",
                        to="planner.membership",
                        verbose_name="second person",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "role held",
                "verbose_name_plural": "roles held",
                "ordering": ("role", "position", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("workspace", "role", "person"), name="one_assignment_per_role_and_person"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second__isnull", True),
                            models.Q(("second", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="the_second_is_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rhythm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.workspace"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.playbookitem",
                        verbose_name="cadence",
                    ),
                ),
                ("form", models.CharField(max_length=10)),
                ("repeat", models.CharField(max_length=200, verbose_name="repetition")),
                ("at", models.TimeField(verbose_name="hour")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="minutes")),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="who holds it",
                    ),
                ),
                (
                    "switched_on_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                ("switched_on_at", models.DateTimeField(verbose_name="switched on at")),
                ("switched_off_at", models.DateTimeField(blank=True, null=True, verbose_name="switched off at")),
                ("looked_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "cadence switched on",
                "verbose_name_plural": "cadences switched on",
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("switched_off_at__isnull", True)),
                        fields=("workspace", "item"),
                        name="one_rhythm_per_cadence",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True), ("starts_on__lte", models.F("ends_on")), _connector="OR"
                        ),
                        name="a_rhythm_ends_after_it_starts",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("changes", models.JSONField(default=dict, verbose_name="changes")),
                ("reason", models.CharField(max_length=300, verbose_name="why")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="changed by",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "version of the policy",
                "verbose_name_plural": "versions of the policy",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "number"), name="one_policy_version_per_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="Outlet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlets",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[("chat", "A chat room"), ("webhook", "A webhook: a program of ours")],
                        max_length=10,
                        verbose_name="way",
                    ),
                ),
                ("title", models.CharField(max_length=80, verbose_name="name")),
                ("address", models.TextField(verbose_name="address")),
                ("secret", models.CharField(blank=True, max_length=80, verbose_name="secret of the signatures")),
                ("kinds", models.JSONField(verbose_name="kinds of messages")),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("is_on", models.BooleanField(default=True, verbose_name="switched on")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="set up by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "outlet",
                "verbose_name_plural": "outlets",
                "ordering": ("title", "id"),
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="planner.reminder",
                        verbose_name="reminder",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="planner.membership",
                        verbose_name="recipient",
                    ),
                ),
                ("card", models.JSONField(verbose_name="what it says")),
                ("born_at", models.DateTimeField(verbose_name="told at")),
                ("seen_at", models.DateTimeField(null=True, verbose_name="seen at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="put away at")),
                ("snoozed_until", models.DateTimeField(null=True, verbose_name="put off until")),
            ],
            options={
                "ordering": ("-born_at", "-id"),
                "indexes": [models.Index(fields=["recipient", "-born_at"], name="inbox_by_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("reminder", "recipient"), name="one_notice_per_reminder_and_person")
                ],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="invitations", to="planner.workspace"
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="name")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("reader", "Reader"),
                            ("contributor", "Contributor"),
                            ("planner", "Planner"),
                            ("manager", "Manager"),
                        ],
                        default="contributor",
                        max_length=12,
                        verbose_name="access level",
                    ),
                ),
                ("roles", models.JSONField(blank=True, default=list, verbose_name="editorial roles")),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.membership"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-created_at",),
            },
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.workspace"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
                ("day", models.DateField(verbose_name="day")),
            ],
            options={
                "verbose_name": "turn of answering",
                "verbose_name_plural": "turns of answering",
                "ordering": ("day",),
                "constraints": [models.UniqueConstraint(fields=("workspace", "day"), name="one_answerer_per_day")],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="digests",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                ("on", models.DateField(verbose_name="day")),
                ("content", models.JSONField(verbose_name="what it says")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "digest",
                "verbose_name_plural": "digests",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("membership", "kind", "on"), name="one_digest_per_person_kind_and_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Charter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("text", models.JSONField(verbose_name="text")),
                ("is_major", models.BooleanField(default=True, verbose_name="to be read again by everybody")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="who answers for it",
                    ),
                ),
                ("review_on", models.DateField(verbose_name="next review")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="written by",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="written at")),
            ],
            options={
                "verbose_name": "editorial policy",
                "verbose_name_plural": "editorial policies",
                "ordering": ("-number",),
                "constraints": [models.UniqueConstraint(fields=("workspace", "number"), name="one_charter_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Absence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="first day")),
                ("ends_on", models.DateField(verbose_name="last day")),
                ("reason", models.CharField(blank=True, max_length=120, verbose_name="reason, if you wish")),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ("starts_on",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("ends_on"))),
                        name="an_absence_ends_after_it_starts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
                (
                    "by_email",
                    models.JSONField(default=planner.reminders.models._all_kinds, verbose_name="also by e-mail"),
                ),
                ("quiet_from", models.TimeField(default=datetime.time(19, 0), verbose_name="quiet from")),
                ("quiet_until", models.TimeField(default=datetime.time(7, 30), verbose_name="quiet until")),
                ("days", models.JSONField(default=list, verbose_name="days")),
                ("updated_at", models.DateTimeField(verbose_name="updated at")),
            ],
            options={
                "verbose_name": "preferences",
                "verbose_name_plural": "preferences",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quiet_until__lt", models.F("quiet_from"))),
                        name="quiet_leaves_some_of_the_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="planner.reminder",
                        verbose_name="reminder",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="planner.membership",
                        verbose_name="recipient",
                    ),
                ),
                ("channel", models.CharField(max_length=20, verbose_name="way")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("sending", "leaving"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("unknown", "in doubt"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("token", models.UUIDField(null=True, verbose_name="lease")),
                ("message_id", models.CharField(blank=True, max_length=200, verbose_name="number of the message")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("reason", models.JSONField(default=list, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["sending", "unknown"])),
                        fields=["at"],
                        name="deliveries_under_watch",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reminder", "recipient", "channel"), name="one_delivery_per_person_and_way"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="work_items",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "subject_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="contenttypes.contenttype",
                        verbose_name="kind of subject",
                    ),
                ),
                ("subject_id", models.PositiveBigIntegerField(verbose_name="number of the subject")),
                ("key", models.SlugField(max_length=40, verbose_name="key")),
                ("title", models.JSONField(verbose_name="title")),
                ("why", models.JSONField(default=dict, verbose_name="why it matters")),
                ("verb", models.JSONField(default=dict, verbose_name="button")),
                ("subject_title", models.JSONField(default=dict, verbose_name="title of the subject")),
                ("roles", models.JSONField(default=list, verbose_name="editorial roles")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="work_items",
                        to="planner.membership",
                        verbose_name="person in charge",
                    ),
                ),
                (
                    "co_owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="shared_work_items",
                        to="planner.membership",
                        verbose_name="also in charge",
                    ),
                ),
                ("is_role_vacant", models.BooleanField(default=False, verbose_name="role without anybody")),
                ("offset", models.CharField(max_length=60, verbose_name="mark in the calendar")),
                ("repeat", models.CharField(blank=True, max_length=120, verbose_name="repetition")),
                ("occurrence", models.PositiveSmallIntegerField(default=1, verbose_name="which time")),
                ("condition", models.CharField(blank=True, max_length=60, verbose_name="condition")),
                ("applies", models.BooleanField(default=True, verbose_name="applies")),
                ("blocking", models.CharField(blank=True, max_length=12, verbose_name="blocks")),
                ("minutes", models.PositiveSmallIntegerField(default=15, verbose_name="minutes")),
                ("profile", models.SlugField(blank=True, max_length=40, verbose_name="reminder profile")),
                ("checklist", models.JSONField(default=list, verbose_name="checklist")),
                ("ticked", models.JSONField(default=list, verbose_name="ticked")),
                ("needs_counts", models.BooleanField(default=False, verbose_name="closes with figures")),
                ("counts", models.JSONField(default=dict, verbose_name="figures")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "is_projection",
                    models.BooleanField(default=False, verbose_name="counted from the publication to come"),
                ),
                ("is_late_start", models.BooleanField(default=False, verbose_name="late start")),
                ("is_pinned", models.BooleanField(default=False, verbose_name="pinned by hand")),
                ("flag", models.JSONField(default=dict, verbose_name="remark")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "to do"), ("done", "done"), ("dropped", "dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="done by",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "work item",
                "verbose_name_plural": "work items",
                "ordering": ("position", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["owner", "due_at"], name="open_work_by_owner"
                    ),
                    models.Index(
                        condition=models.Q(("applies", True), ("is_projection", False), ("state", "open")),
                        fields=["workspace", "due_at", "owner", "state", "applies", "is_projection"],
                        name="actual_work_by_workspace",
                    ),
                    models.Index(fields=["subject_type", "subject_id"], name="work_by_subject"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject_type", "subject_id", "key"), name="one_item_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(("state", "done"), _negated=True),
                            _connector="OR",
                        ),
                        name="done_work_has_its_hour",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Crisis",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="crises", to="planner.workspace"
                    ),
                ),
                ("title", models.CharField(max_length=150, verbose_name="what is happening")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("level", models.PositiveSmallIntegerField(verbose_name="level")),
                ("peak", models.PositiveSmallIntegerField(verbose_name="highest level")),
                ("scope", models.JSONField(default=dict, verbose_name="what it covers")),
                ("scope_key", models.CharField(max_length=250)),
                ("triggers", models.JSONField(default=list, verbose_name="signs")),
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="crisis", to="planner.alert"
                    ),
                ),
                (
                    "hold",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="crisis",
                        to="planner.hold",
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="declared by",
                    ),
                ),
                ("declared_at", models.DateTimeField(verbose_name="declared at")),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="led by",
                    ),
                ),
                ("first_words_due_at", models.DateTimeField(null=True, verbose_name="first words due")),
                ("promised_at", models.DateTimeField(null=True, verbose_name="next words promised for")),
                ("facts_changed_at", models.DateTimeField(verbose_name="last new fact")),
                ("is_drill", models.BooleanField(default=False, verbose_name="drill")),
                ("cleared_at", models.DateTimeField(null=True, verbose_name="all clear since")),
                ("lessons", models.JSONField(default=dict, verbose_name="debrief")),
                ("debriefed_at", models.DateTimeField(null=True, verbose_name="debrief closed at")),
            ],
            options={
                "verbose_name": "crisis",
                "verbose_name_plural": "crises",
                "ordering": ("-declared_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("cleared_at__isnull", True)),
                        fields=("workspace", "scope_key"),
                        name="one_open_crisis_a_scope",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cleared_at__isnull", False), ("level", 0)),
                            models.Q(("cleared_at__isnull", True), ("level__gt", 0)),
                            _connector="OR",
                        ),
                        name="a_crisis_ends_at_level_0",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.playbookitem",
                        verbose_name="template",
                    ),
                ),
                ("template_payload", models.JSONField(default=dict, verbose_name="template as it was applied")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("idea", "Idea"),
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("language", models.CharField(default="fr", max_length=2, verbose_name="language")),
                (
                    "audience",
                    models.CharField(blank=True, max_length=300, verbose_name="who precisely, in one sentence"),
                ),
                ("objective", models.CharField(blank=True, max_length=300, verbose_name="what changes for them")),
                (
                    "business_objective",
                    models.CharField(blank=True, max_length=300, verbose_name="what it serves for us"),
                ),
                (
                    "intent",
                    models.CharField(
                        choices=[
                            ("help", "Help"),
                            ("explain", "Explain"),
                            ("tell", "Tell"),
                            ("listen", "Listen"),
                            ("serve", "Serve"),
                            ("promote", "Promote"),
                        ],
                        default="help",
                        max_length=10,
                        verbose_name="intent",
                    ),
                ),
                (
                    "key_question",
                    models.CharField(blank=True, max_length=300, verbose_name="the real question this answers"),
                ),
                (
                    "success_measure",
                    models.CharField(blank=True, max_length=300, verbose_name="how we will know it worked"),
                ),
                (
                    "customer_moment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("discovering", "discovering us"),
                            ("first_purchase", "first purchase"),
                            ("in_use", "in use"),
                            ("second_purchase", "second purchase"),
                            ("loyal", "loyal"),
                            ("leaving", "leaving"),
                            ("not_a_customer", "not a customer"),
                        ],
                        max_length=16,
                        verbose_name="moment of the reader",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authored_posts",
                        to="planner.membership",
                        verbose_name="author",
                    ),
                ),
                (
                    "answerer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="named answerer",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="deputy answerer",
                    ),
                ),
                ("answer_until", models.DateField(blank=True, null=True, verbose_name="we answer until")),
                ("fields", models.JSONField(default=dict, verbose_name="answers to the questions")),
                ("sources", models.JSONField(default=list, verbose_name="sources")),
                ("links", models.JSONField(default=list, verbose_name="links")),
                ("people_shown", models.JSONField(default=list, verbose_name="people shown")),
                ("tags", models.JSONField(default=list, verbose_name="tags")),
                ("has_claims", models.BooleanField(default=False, verbose_name="contains figures or claims to check")),
                ("is_regulated", models.BooleanField(default=False, verbose_name="regulated subject")),
                ("sector_pack", models.CharField(blank=True, max_length=30, verbose_name="sector rules")),
                ("is_evergreen", models.BooleanField(default=False, verbose_name="lasts")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="review on")),
                ("received_at", models.DateTimeField(blank=True, null=True, verbose_name="signal received")),
                ("planned_at", models.DateTimeField(blank=True, null=True, verbose_name="planned for")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("review_days_lost", models.PositiveSmallIntegerField(default=0, verbose_name="days of review lost")),
                (
                    "derived_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="derivatives",
                        to="planner.post",
                        verbose_name="made from",
                    ),
                ),
                (
                    "initiative",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to="planner.initiative",
                        verbose_name="initiative",
                    ),
                ),
                ("is_sample", models.BooleanField(default=False, verbose_name="sample")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="created by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("updated_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "verbose_name": "post",
                "verbose_name_plural": "posts",
                "ordering": ("planned_at", "id"),
                "indexes": [
                    models.Index(fields=["workspace", "planned_at", "status", "intent"], name="posts_by_plan"),
                    models.Index(fields=["workspace", "status", "planned_at"], name="posts_by_status"),
                    models.Index(
                        condition=models.Q(("planned_at__isnull", True), ("published_at__isnull", True)),
                        fields=["workspace", "-updated_at", "-id", "status", "planned_at", "published_at"],
                        name="undated_posts",
                    ),
                    models.Index(fields=["workspace", "review_on"], name="posts_by_review"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="a_published_post_has_its_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy__isnull", True),
                            ("answerer__isnull", True),
                            models.Q(("deputy", models.F("answerer")), _negated=True),
                            _connector="OR",
                        ),
                        name="the_deputy_is_somebody_else",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "view",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.savedview",
                        verbose_name="saved view",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=2)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.membership"
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("last_read_at", models.DateTimeField(null=True, verbose_name="last read")),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "public link",
                "verbose_name_plural": "public links",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="whose",
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.savedview",
                        verbose_name="saved view",
                    ),
                ),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=2)),
                (
                    "alarm_minutes",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="alarm, minutes before"),
                ),
                ("created_at", models.DateTimeField()),
                ("last_read_at", models.DateTimeField(null=True, verbose_name="last read")),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "calendar feed",
                "verbose_name_plural": "calendar feeds",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "charter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="planner.charter",
                        verbose_name="editorial policy",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="read on")),
            ],
            options={
                "verbose_name": "acknowledgement",
                "verbose_name_plural": "acknowledgements",
                "ordering": ("given_at",),
                "constraints": [
                    models.UniqueConstraint(fields=("charter", "member"), name="one_acknowledgement_per_member")
                ],
            },
        ),
        migrations.CreateModel(
            name="Errand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outlet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errands",
                        to="planner.outlet",
                        verbose_name="outlet",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="errands",
                        to="planner.reminder",
                        verbose_name="reminder",
                    ),
                ),
                ("kind", models.CharField(max_length=10, verbose_name="kind")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "waiting"),
                            ("sending", "leaving"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("unknown", "in doubt"),
                        ],
                        default="pending",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("token", models.UUIDField(null=True, verbose_name="lease")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("next_at", models.DateTimeField(null=True, verbose_name="next try")),
                ("reason", models.JSONField(default=list, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "message to an outlet",
                "verbose_name_plural": "messages to outlets",
                "indexes": [
                    models.Index(
                        condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="errands_to_carry"
                    ),
                    models.Index(fields=["outlet", "-at"], name="errands_by_outlet"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("outlet", "reminder"), name="one_errand_per_outlet_and_reminder")
                ],
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.channel"
                    ),
                ),
                ("since", models.DateTimeField(verbose_name="silent since")),
                (
                    "told",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                ("told_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "silence of a channel",
                "verbose_name_plural": "silences of channels",
                "ordering": ("-told_at", "-id"),
                "constraints": [models.UniqueConstraint(fields=("channel", "since"), name="one_telling_per_silence")],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="facts", to="planner.crisis"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("known", "Known"), ("unknown", "Not known"), ("check", "To check")],
                        max_length=8,
                        verbose_name="list",
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="in one sentence")),
                (
                    "source",
                    models.CharField(blank=True, max_length=200, verbose_name="confirmed by whom, or who checks it"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="before")),
                ("dropped_at", models.DateTimeField(blank=True, null=True, verbose_name="found wrong at")),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="planner.crisis"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="what changes")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="person in charge",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="by when")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("due_on", "id"),
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="guests",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("is_awaited", models.BooleanField(default=False, verbose_name="approving waits for them")),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("language", models.CharField(max_length=2)),
                (
                    "invited_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="invited by",
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="expires")),
                ("last_read_at", models.DateTimeField(null=True, verbose_name="last read")),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[("agrees", "agrees with this text"), ("asks", "asks for changes")],
                        max_length=6,
                        verbose_name="opinion",
                    ),
                ),
                ("opinion_digest", models.CharField(blank=True, max_length=64)),
                ("opinion_at", models.DateTimeField(null=True, verbose_name="said at")),
            ],
            options={
                "verbose_name": "reader without an account",
                "verbose_name_plural": "readers without an account",
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("role", models.CharField(max_length=20, verbose_name="editorial role")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="person",
                    ),
                ),
                ("revision_number", models.PositiveIntegerField(verbose_name="revision")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the text")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approved", "approved"), ("changes", "asked for changes")],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="remark")),
                (
                    "answers",
                    models.JSONField(blank=True, default=dict, verbose_name="answers to the questions about the text"),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="void since")),
            ],
            options={
                "verbose_name": "approval",
                "verbose_name_plural": "approvals",
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="applications", to="planner.workspace"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="applications",
                        to="planner.membership",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.playbookitem"
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=40)),
                ("answers", models.JSONField(default=dict)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.post",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="applications",
                        to="planner.post",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("made_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-saved_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("made_at__isnull", True)),
                        fields=("person", "template", "origin"),
                        name="one_open_application_per_person_and_template",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.workspace",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="placements",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="placements",
                        to="planner.channel",
                        verbose_name="channel",
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="planned day")),
                ("planned_time", models.TimeField(blank=True, null=True, verbose_name="planned hour")),
                ("planned_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("planned_at", models.DateTimeField(blank=True, null=True, verbose_name="planned for")),
                ("shown_at", models.DateTimeField(blank=True, null=True, verbose_name="shown in the calendar at")),
                ("leads", models.BooleanField(default=True)),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="published at")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="address")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="recorded by",
                    ),
                ),
                ("cancelled_at", models.DateTimeField(blank=True, null=True, verbose_name="cancelled at")),
                ("held_at", models.DateTimeField(blank=True, null=True, verbose_name="held since")),
                ("text", models.JSONField(default=dict, verbose_name="own text")),
            ],
            options={
                "verbose_name": "placement",
                "verbose_name_plural": "placements",
                "ordering": ("planned_at", "id"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("held_at__isnull", False)), fields=["planned_at"], name="held_placements"
                    ),
                    models.Index(
                        condition=models.Q(("published_at__isnull", False)),
                        fields=["channel", "published_at"],
                        name="published_by_channel",
                    ),
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("published_at__isnull", True)),
                        fields=["channel", "planned_at"],
                        name="planned_by_channel",
                    ),
                    models.Index(
                        condition=models.Q(("cancelled_at__isnull", True), ("leads", True)),
                        fields=["workspace", "shown_at", "post", "leads", "cancelled_at"],
                        name="entries_by_hour",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "channel"), name="one_placement_per_channel"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("planned_at__isnull", True), ("planned_on__isnull", True)),
                            models.Q(
                                ("planned_at__isnull", False),
                                ("planned_on__isnull", False),
                                ("planned_time__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_planned_placement_has_its_wall_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("published_at__isnull", True), ("recorded_by__isnull", False), _connector="OR"
                        ),
                        name="a_person_recorded_the_publication",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="planner.crisis"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("act", "act"), ("decision", "decision"), ("correction", "correction")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="time")),
                ("writer", models.CharField(max_length=150, verbose_name="written by")),
                ("decision", models.TextField(verbose_name="decision")),
                ("rejected", models.TextField(blank=True, verbose_name="what was set aside")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("decider", models.CharField(blank=True, max_length=150, verbose_name="who decides")),
                ("known_then", models.TextField(blank=True, verbose_name="what was known then")),
                ("review_at", models.DateTimeField(blank=True, null=True, verbose_name="when to look again")),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="corrected_by",
                        to="planner.logline",
                    ),
                ),
                ("is_sample", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "line of the log",
                "verbose_name_plural": "lines of the log",
                "ordering": ("-at", "-id"),
                "indexes": [models.Index(fields=["crisis", "-at", "-id"], name="log_of_a_crisis")],
            },
        ),
        migrations.CreateModel(
            name="CheckLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="planner.crisis"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("outside", "What Marronnier cannot stop"),
                            ("place", "Hours, listings, profiles"),
                            ("condition", "Before the all-clear"),
                            ("closing", "After the all-clear"),
                            ("drill", "The drill"),
                        ],
                        max_length=10,
                    ),
                ),
                ("key", models.SlugField(max_length=60)),
                ("text", models.JSONField()),
                ("help", models.JSONField(default=dict)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="person in charge",
                    ),
                ),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="done by",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="note")),
                ("position", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("position", "id"),
                "constraints": [models.UniqueConstraint(fields=("crisis", "kind", "key"), name="one_check_per_key")],
            },
        ),
        migrations.CreateModel(
            name="PolicyCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="policy_check",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("checked_at", models.DateTimeField(verbose_name="looked at")),
                ("failing", models.JSONField(default=dict, verbose_name="rules that fail")),
            ],
            options={
                "verbose_name": "look at a scheduled post",
                "verbose_name_plural": "looks at scheduled posts",
                "indexes": [models.Index(fields=["checked_at"], name="policy_checks_by_age")],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="overrides",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("rule", models.CharField(max_length=5, verbose_name="rule")),
                (
                    "severity",
                    models.CharField(
                        choices=[("block", "Stops it"), ("warn", "To look at"), ("info", "Good to know")],
                        default="block",
                        max_length=5,
                        verbose_name="what it was",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="person",
                    ),
                ),
                ("revision_number", models.PositiveIntegerField(verbose_name="revision")),
                ("digest", models.CharField(max_length=64, verbose_name="digest of the text")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="at")),
                ("voided_at", models.DateTimeField(blank=True, null=True, verbose_name="void since")),
            ],
            options={
                "verbose_name": "let pass",
                "verbose_name_plural": "let pass",
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("voided_at__isnull", True)),
                        fields=("post", "rule", "severity"),
                        name="one_override_in_force_per_rule",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="exceptions", to="planner.hold"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hold_exceptions", to="planner.post"
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("hold", "post"), name="one_exception_per_hold_and_post")
                ],
            },
        ),
        migrations.CreateModel(
            name="Buffer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="buffers", to="planner.post"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.membership"
                    ),
                ),
                ("language", models.CharField(max_length=2)),
                ("base_revision", models.PositiveIntegerField(default=0)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("post", "person", "language"), name="one_buffer_per_person_and_language"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="blocks", to="planner.post"
                    ),
                ),
                ("events", models.JSONField()),
                ("gate", models.SlugField(max_length=20)),
                ("reason", models.JSONField()),
                ("link", models.CharField(max_length=200)),
                ("opened_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["post"], name="open_blocks_by_post"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PostText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("body", models.TextField(blank=True, verbose_name="text")),
                ("updated_at", models.DateTimeField(verbose_name="changed at")),
            ],
            options={
                "ordering": ("id",),
                "constraints": [models.UniqueConstraint(fields=("post", "language"), name="one_text_per_language")],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="planner.crisis"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="proposals", to="planner.post"
                    ),
                ),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("release", "Release unchanged"),
                            ("rewrite", "Rewrite"),
                            ("redate", "New date"),
                            ("cancel", "Cancel"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("answers", models.JSONField(default=dict)),
                ("to_on", models.DateField(null=True, verbose_name="new day")),
                ("to_at", models.TimeField(null=True, verbose_name="hour")),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="proposed by",
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ("-proposed_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=("crisis", "post"),
                        name="one_open_proposal_per_post",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "crisis",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statements", to="planner.crisis"
                    ),
                ),
                (
                    "post",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="statement", to="planner.post"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("holding", "First words"), ("update", "Update"), ("closing", "Closing words")],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("due_at", models.DateTimeField(null=True, verbose_name="promised for")),
                ("next_at", models.DateTimeField(blank=True, null=True, verbose_name="next words promised for")),
                ("published_at", models.DateTimeField(null=True, verbose_name="published at")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("crisis", "number"), name="one_statement_per_number")],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="planner.post"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                (
                    "guest",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.guest"
                    ),
                ),
                ("is_for_guests", models.BooleanField(default=False)),
                ("body", models.TextField(verbose_name="your remark")),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to="planner.workspace"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="planner.post",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uploads",
                        to="planner.application",
                    ),
                ),
                ("file", models.FileField(upload_to="uploads/%Y/%m/")),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("alt", models.JSONField(default=dict)),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ("at", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("application__isnull", True), ("post__isnull", False)),
                            models.Q(("application__isnull", False), ("post__isnull", True)),
                            _connector="OR",
                        ),
                        name="a_file_belongs_to_a_post_or_waits_for_it",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signals",
                        to="planner.workspace",
                        verbose_name="workspace",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("complaint", "Complaint"), ("question", "Question")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="what was said")),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("phone", "By telephone"),
                            ("desk", "At the desk"),
                            ("comment", "In a comment"),
                            ("mail", "By letter or e-mail"),
                            ("other", "Elsewhere"),
                        ],
                        max_length=10,
                        verbose_name="where it reached us",
                    ),
                ),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("said_by", models.CharField(blank=True, max_length=150, verbose_name="who said it")),
                ("contact", models.CharField(blank=True, max_length=200, verbose_name="how to reach them")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "To sort"),
                            ("sorted", "Sorted, nobody yet"),
                            ("assigned", "Somebody answers"),
                            ("later", "Answer later"),
                            ("private", "In private"),
                            ("answered", "Answered"),
                            ("declined", "Not answered, with a reason"),
                            ("closed", "Closed"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=80, verbose_name="theme")),
                ("is_critical", models.BooleanField(default=False, verbose_name="critical of us")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("emergency", "Somebody is in danger: call for help at once, then the person on duty"),
                            ("private", "It is about one person’s case or data: answer in private"),
                            (
                                "moderate",
                                "Hate, threats, somebody’s private data, spam: the moderation rules, no answer",
                            ),
                            (
                                "cannot",
                                "A court case, a safety secret, somebody else’s privacy: say that we cannot, and why",
                            ),
                            ("later", "The facts are not confirmed: answer later, on a day that we give now"),
                            ("answer", "Otherwise: answer"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="who answers",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="what we answered")),
                ("address", models.URLField(blank=True, max_length=500, verbose_name="where the answer is")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="duplicates",
                        to="planner.signal",
                        verbose_name="same as",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.application",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="written down by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="written down at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")),
            ],
            options={
                "verbose_name": "signal",
                "verbose_name_plural": "signals",
                "ordering": ("-received_at", "-id"),
                "indexes": [models.Index(fields=["workspace", "state", "-received_at"], name="signals_by_state")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "closed"), _negated=True), ("closed_at__isnull", False), _connector="OR"
                        ),
                        name="a_closed_signal_has_its_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="a_signal_is_not_merged_into_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="planner.workspace"
                    ),
                ),
                (
                    "rhythm",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="occurrences", to="planner.rhythm"
                    ),
                ),
                ("day", models.DateField(verbose_name="day of the rule")),
                ("held_on", models.DateField(verbose_name="day")),
                ("held_at", models.TimeField(verbose_name="hour")),
                ("skipped_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="why it is skipped")),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.application",
                    ),
                ),
            ],
            options={
                "verbose_name": "day of a cadence",
                "verbose_name_plural": "days of cadences",
                "ordering": ("held_on", "held_at", "id"),
                "indexes": [models.Index(fields=["workspace", "held_on"], name="occurrences_by_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("rhythm", "day"), name="one_occurrence_per_rhythm_and_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="HeldPlacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "hold",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held", to="planner.hold"
                    ),
                ),
                (
                    "placement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="held", to="planner.placement"
                    ),
                ),
                (
                    "was",
                    models.CharField(
                        choices=[
                            ("idea", "Idea"),
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("scheduled", "Scheduled"),
                            ("published", "Published"),
                            ("retired", "Retired"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                        verbose_name="state before",
                    ),
                ),
                ("planned_at", models.DateTimeField(null=True, verbose_name="planned for")),
                ("held_at", models.DateTimeField(verbose_name="held since")),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("release", "Release unchanged"),
                            ("rewrite", "Rewrite"),
                            ("redate", "New date"),
                            ("cancel", "Cancel"),
                        ],
                        max_length=8,
                        verbose_name="decision",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("answers", models.JSONField(default=dict, verbose_name="answers to the three questions")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided at")),
                ("released_at", models.DateTimeField(null=True, verbose_name="released at")),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                    ),
                ),
            ],
            options={
                "verbose_name": "held placement",
                "verbose_name_plural": "held placements",
                "indexes": [
                    models.Index(
                        condition=models.Q(("decision", "")),
                        fields=["hold", "planned_at", "id"],
                        name="queue_of_a_hold",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("hold", "placement"), name="one_row_per_hold_and_placement"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("decision", "")),
                            models.Q(models.Q(("decision", ""), _negated=True), ("decided_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_decision_has_its_hour",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "occurrence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="partners", to="planner.occurrence"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="member",
                    ),
                ),
            ],
            options={
                "verbose_name": "partner of a turn",
                "verbose_name_plural": "partners of turns",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(fields=("occurrence", "person"), name="one_share_per_person_and_turn")
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="planner.post",
                        verbose_name="post",
                    ),
                ),
                ("person", models.CharField(max_length=150, verbose_name="who agreed")),
                ("scope", models.CharField(max_length=500, verbose_name="to what")),
                ("channels", models.JSONField(default=list, verbose_name="channels")),
                ("given_on", models.DateField(verbose_name="given on")),
                ("expires_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.upload",
                        verbose_name="where it is written",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="planner.membership",
                        verbose_name="written down by",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="written down at")),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "ordering": ("person", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_on__isnull", True), ("expires_on__gte", models.F("given_on")), _connector="OR"
                        ),
                        name="a_consent_ends_after_it_was_given",
                    )
                ],
            },
        ),
    ]
