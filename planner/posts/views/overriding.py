"""Letting a text pass in spite of a rule, and the list of all that was let pass, for the quarterly review."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planner.base import clock
from planner.base.language import pick
from planner.policy import operations as policy
from planner.policy.rules import House, Severity
from planner.posts import operations as posts
from planner.posts import rules
from planner.posts.forms import AsideForm, OverrideForm
from planner.posts.models import Override, Post
from planner.posts.operations import findings, overrides
from planner.posts.views.found import post_of
from planner.workspaces.access import MemberRequest


@require_http_methods(["GET", "HEAD", "POST"])
def override(request: MemberRequest, post: int, rule: str) -> HttpResponse:
    """What stops the text, and why it may pass this once."""
    return _answer(request, post_of(request, post), rule.upper(), Severity.BLOCK)


@require_http_methods(["GET", "HEAD", "POST"])
def put_aside(request: MemberRequest, post: int, rule: str) -> HttpResponse:
    """What the rule warns of, and why it counts for nothing this once."""
    return _answer(request, post_of(request, post), rule.upper(), Severity.WARN)


def _answer(request: MemberRequest, post: Post, rule: str, severity: Severity) -> HttpResponse:
    stops = severity == Severity.BLOCK
    call: Callable[..., Override] = posts.override if stops else posts.put_aside
    form = (OverrideForm if stops else AsideForm)(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.attempt(
        lambda: call(
            post=post,
            actor=request.membership,
            rule=rule,
            reason=form.cleaned_data["reason"],
            version=_whole(request.POST.get("version")),
            now=clock.now(),
        )
    ):
        passed = _("Let pass, for exactly this text. Any change of it asks the rule again.")
        aside = _("Put aside, for exactly this text. Any change of it asks the rule again.")
        messages.success(request, passed if stops else aside)
        return redirect(f"{post.link}#rule-{rule}")
    verdict = posts.judge(post, clock.now())
    lines = [one for one in findings.of_verdict(verdict) if one.rule == rule and one.severity == severity]
    if rule not in verdict.house.rules or not (lines or form.refusal):
        raise Http404
    may = posts.may_override if stops else posts.may_put_aside
    context = {
        "post": post,
        "form": form,
        "findings": lines,
        "stops": stops,
        "may_answer": may(post, request.membership, clock.now()),
    }
    return render(request, "planner/posts/override.html", context, status=form.refusal.status if form.refusal else 200)


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


# ---- the quarterly review


@dataclass(frozen=True)
class Quarter:
    """Three months of a year, as an address names them: `2026-2`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        year, _dash, number = text.partition("-")
        known = year.isdecimal() and len(year) == 4 and int(year) > 0 and number in ("1", "2", "3", "4")
        return cls(int(year), int(number)) if known else None

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    def moved(self, by: int) -> "Quarter":
        count = self.year * 4 + self.number - 1 + by
        return Quarter(count // 4, count % 4 + 1)


MOST_SHOWN = 500


@require_safe
def index(request: MemberRequest) -> HttpResponse:
    """All that was let pass in a quarter, rule by rule: what one reads before changing a rule that cries wolf."""
    today = timezone.localtime(clock.now()).date()
    quarter = Quarter.read(request.GET.get("quarter", "")) or Quarter.of(today)
    given = Override.objects.filter(post__workspace=request.workspace)
    shown = given.filter(at__gte=_start(quarter), at__lt=_start(quarter.moved(1)))
    listed = list(
        shown.select_related("person__user", "post").prefetch_related("post__texts").order_by("-at", "-id")[:MOST_SHOWN]
    )
    for one in listed:
        one.post.workspace = request.workspace
    counted = shown.order_by().values_list("rule").annotate(n=Count("pk")).order_by("-n", "rule")
    passed: dict[str, set[int]] = defaultdict(set)
    for rule, pk in shown.order_by().values_list("rule", "post").distinct():
        passed[rule].add(pk)
    spoken = overrides.spoken(request.workspace, _start(quarter), _start(quarter.moved(1)))
    context = {
        "quarter": quarter,
        "before": quarter.moved(-1),
        "after": quarter.moved(1) if quarter.moved(1).first <= today else None,
        "groups": _groups(listed, list(counted), policy.house_of(request.workspace), passed, spoken),
        "most": rules.WOLF_PERCENT,
        "total": sum(count for _rule, count in counted),
    }
    return render(request, "planner/posts/overrides.html", context)


def _start(quarter: Quarter) -> datetime:
    return timezone.make_aware(datetime.combine(quarter.first, time()))


@dataclass(frozen=True)
class Group:
    """A rule, how often it was let pass, and each time."""

    rule: str
    statement: str
    count: int
    overrides: list[Override]
    passed: int
    """Posts on which somebody passed over it, of those on which it was `heard`."""
    heard: int

    @property
    def cries_wolf(self) -> bool:
        return rules.cries_wolf(self.passed, self.heard)

    @property
    def percent(self) -> int:
        return round(100 * self.passed / self.heard)


def _groups(
    listed: Sequence[Override],
    counted: Sequence[tuple[str, int]],
    house: House,
    passed: Mapping[str, set[int]],
    spoken: Mapping[str, set[int]],
) -> list[Group]:
    return [
        Group(
            rule,
            pick(house.rules[rule].statement) if rule in house.rules else "",
            count,
            [one for one in listed if one.rule == rule],
            len(passed[rule]),
            len(passed[rule] | spoken.get(rule, set())),
        )
        for rule, count in counted
    ]
