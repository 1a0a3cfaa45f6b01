"""What an organisation changes in the policy, version by version, and its written charter with who has read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from planner.base.language import pick
from planner.policy.queries import CharterQuerySet, PolicyVersionQuerySet


class PolicyVersion(models.Model):
    """All that an organisation changed in lists and parameters, as it stood after one change. The last one holds."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="+", verbose_name=_("workspace")
    )
    number = models.PositiveIntegerField(_("version"))
    changes = models.JSONField(_("changes"), default=dict)
    """`{"parameters": {rule: {key: value}}, "lists": {language: {name: {"entries", "but_not"}}}}`"""
    reason = models.CharField(_("why"), max_length=300)
    made_by = models.ForeignKey(
        "planner.Membership", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    made_at = models.DateTimeField(_("changed at"))

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("version of the policy")
        verbose_name_plural = _("versions of the policy")
        constraints = (models.UniqueConstraint(fields=["workspace", "number"], name="one_policy_version_per_number"),)

    def __str__(self) -> str:
        return f"{self.workspace}, {self.number}"


class Charter(models.Model):
    """A version of the written policy. Those who write are asked to say that they have read it."""

    workspace = models.ForeignKey(
        "planner.Workspace", on_delete=models.CASCADE, related_name="+", verbose_name=_("workspace")
    )
    number = models.PositiveIntegerField(_("version"))
    text = models.JSONField(_("text"))
    """Markdown by language."""
    is_major = models.BooleanField(_("to be read again by everybody"), default=True)
    owner = models.ForeignKey(
        "planner.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("who answers for it")
    )
    review_on = models.DateField(_("next review"))
    made_by = models.ForeignKey(
        "planner.Membership", on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("written by")
    )
    made_at = models.DateTimeField(_("written at"))

    objects = CharterQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("editorial policy")
        verbose_name_plural = _("editorial policies")
        constraints = (models.UniqueConstraint(fields=["workspace", "number"], name="one_charter_per_number"),)

    def __str__(self) -> str:
        return pick(self.text).partition("\n")[0].lstrip("# ")


class Acknowledgement(models.Model):
    """A member who said that they have read a version of the charter."""

    charter = models.ForeignKey(
        Charter, on_delete=models.CASCADE, related_name="acknowledgements", verbose_name=_("editorial policy")
    )
    member = models.ForeignKey(
        "planner.Membership", on_delete=models.CASCADE, related_name="+", verbose_name=_("member")
    )
    given_at = models.DateTimeField(_("read on"))

    class Meta:
        ordering = ("given_at",)
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        constraints = (models.UniqueConstraint(fields=["charter", "member"], name="one_acknowledgement_per_member"),)

    def __str__(self) -> str:
        return f"{self.member}, {self.given_at:%Y-%m-%d}"
