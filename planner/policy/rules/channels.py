"""The rules about channels, media, links and rhythm (R09, R10, R16, R22, R23)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from planner.policy.rules.case import Case, DoesNotApply, at_field, at_text
from planner.policy.rules.draft import ChannelLimits, Finding, OtherPost, Span, Wording
from planner.policy.rules.house import Rule
from planner.policy.rules.text import WORD, folded, normal, read, words_of

# ---- R09 --------------------------------------------------------------------------

GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_TWICE = frozenset("^{}\\[~]|€")
X_LINK = 23
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]*+")


def length(text: str, count: str) -> int:
    """How long a text is for a channel: `chars`, `graphemes`, `x`, `gsm` or `words`."""
    if count == "words":
        return len(WORD.findall(text))
    if count == "graphemes":
        return _graphemes(text)
    if count == "x":
        bare = _ADDRESS.sub("", text)
        links = len(_ADDRESS.findall(text))
        return links * X_LINK + sum(2 if _is_wide(letter) else 1 for letter in bare)
    if count == "gsm":
        return sum(2 if letter in GSM_TWICE else 1 for letter in text)
    return len(text)


def _graphemes(text: str) -> int:
    """Signs as one sees them: marks, joined and toned emoji, and pairs of flag letters count once."""
    total, is_joined, flags = 0, False, 0
    for letter in text:
        code = ord(letter)
        is_part = unicodedata.combining(letter) or code in (0x200D, 0xFE0F, 0x20E3) or 0x1F3FB <= code <= 0x1F3FF
        flags = flags + 1 if 0x1F1E6 <= code <= 0x1F1FF else 0
        if not is_part and not is_joined and flags % 2 == (1 if flags else 0):
            total += 1
        is_joined = code == 0x200D
    return total


def _is_wide(letter: str) -> bool:
    return ord(letter) > 0x10FF and unicodedata.east_asian_width(letter) in "WF"


def is_gsm(text: str) -> bool:
    """Does the text stay within the alphabet of text messages?"""
    return all(letter in GSM or letter in GSM_TWICE for letter in text)


def segments(text: str) -> int:
    """How many text messages it takes: 160 signs of the alphabet (70 otherwise), 153 (67) each when several."""
    size = length(text, "gsm") if is_gsm(text) else len(text.encode("utf-16-le")) // 2
    one, each = (160, 153) if is_gsm(text) else (70, 67)
    return 1 if size <= one else -(-size // each)


def channel_fit(case: Case, rule: Rule) -> Iterator[Finding]:
    """R09: each text against the limits of the channel that would carry it."""
    chosen = [case.context.channels[slug] for slug in case.draft.channels if slug in case.context.channels]
    if not chosen:
        raise DoesNotApply
    for channel in chosen:
        for place, wording in _texts_for(case, channel.slug):
            yield from _fit(rule, channel, place, wording)


def _texts_for(case: Case, slug: str) -> list[tuple[str, Wording]]:
    own = [(key, wording) for key, wording in case.draft.channel_texts.items() if key.partition("/")[0] == slug]
    if any(wording for _key, wording in own):
        return [(f"channel:{key}", wording) for key, wording in own if wording]
    return [(code, wording) for code, wording in case.draft.texts.items() if wording]


def _fit(rule: Rule, channel: ChannelLimits, place: str, wording: Wording) -> Iterator[Finding]:
    body, title = normal(wording.body).strip(), normal(wording.title).strip()
    if channel.count == "gsm":
        yield from _fit_message(rule, channel, place, body)
        return
    size, limits = length(body, channel.count), channel.limits
    advised = limits.get("body_advised_words_max") if channel.count == "words" else limits.get("body_advised")
    signs = len(body) if channel.count == "words" else size
    unit = _UNITS["words" if channel.count == "words" else "chars"]
    if limits.get("body_hard") and signs > limits["body_hard"]:
        yield at_field(
            rule, "block", "body_hard", f"{place}:body", channel=channel.title, n=signs, most=limits["body_hard"],
            over=signs - limits["body_hard"], unit=_UNITS["chars"],
        )  # fmt: skip
    elif advised and size > advised:
        yield at_field(
            rule, "warn", "body_advised", f"{place}:body", channel=channel.title, n=size, most=advised,
            over=size - advised, unit=unit,
        )  # fmt: skip
    for severity, key in (("block", "title_hard"), ("warn", "title_advised")):
        most = limits.get(key)
        if most and len(title) > most:
            yield at_field(
                rule, severity, key, f"{place}:title", channel=channel.title, n=len(title), most=most,
                over=len(title) - most, unit=_UNITS["chars"],
            )  # fmt: skip
            break


def _fit_message(rule: Rule, channel: ChannelLimits, place: str, body: str) -> Iterator[Finding]:
    """A text message: one segment is advised, and the letters that shorten it are named, never changed."""
    many = segments(body)
    if many > 1:
        odd = sorted({letter for letter in body if letter not in GSM and letter not in GSM_TWICE})
        key = "message_odd" if odd else "message"
        yield at_field(
            rule, "warn", key, f"{place}:body", channel=channel.title, n=len(body), segments=many, letters=" ".join(odd)
        )


_UNITS: Mapping[str, Mapping[str, str]] = {
    "words": {"fr": "mots", "en": "words"},
    "chars": {"fr": "caractères", "en": "characters"},
}

# ---- R10 --------------------------------------------------------------------------

_PICTURE = re.compile(r"!\[([^\]\n]{0,400})\]\([^)\n]{0,1000}\)")
_EMPTY_PHRASE = re.compile(r"(?:une? )?(?:image|photo|photographie|picture)s? (?:de|d'|du|des|of)\b")


def accessible_media(case: Case, rule: Rule) -> Iterator[Finding]:
    """R10: pictures are described, videos have captions or a transcript."""
    for reading in case.readings:
        for place, source in reading.sources.items():
            for found in _PICTURE.finditer(source) if "![" in source else ():
                span = Span(place, found.start(), found.end(), found.group())
                for severity, key in _alt_faults(found.group(1), rule):
                    yield at_text(rule, severity, key, [span], name=found.group(1) or "…", alt=found.group(1))
    for medium in case.draft.media:
        if medium.kind == "image" and not medium.is_decorative:
            for severity, key in _alt_faults(medium.alt, rule):
                yield at_field(rule, severity, key, "media", name=medium.name, alt=medium.alt, excerpt=medium.name)
        elif medium.kind == "video" and not medium.has_words:
            required = case.is_notice_or_crisis or any(
                case.context.channels[slug].captions_required
                for slug in case.draft.channels
                if slug in case.context.channels
            )
            yield at_field(rule, "block" if required else "warn", "captions", "media", name=medium.name)


def _alt_faults(alt: str, rule: Rule) -> Iterator[tuple[str, str]]:
    plain = folded(normal(alt)).strip()
    if not plain:
        yield "block", "no_alt"
    elif _EMPTY_PHRASE.match(plain):
        yield "warn", "alt_phrase"
    elif len(WORD.findall(plain)) < rule["least_words"]:
        yield "warn", "alt_short"


# ---- R16 --------------------------------------------------------------------------


def disclosed_links(case: Case, rule: Rule) -> Iterator[Finding]:
    """R16: what is paid or tied is said; an address shows where it leads."""
    says = bool(case.draft.disclosure.strip()) or any(case.hits(reading, "disclose") for reading in case.readings)
    for span in _addresses(case):
        address = span.excerpt
        full = address if "//" in address else f"https://{address}"
        try:
            parts = urlsplit(full)
            host, keys = (
                (parts.hostname or "").removeprefix("www."),
                {key.lower() for key, _v in parse_qsl(parts.query)},
            )
        except ValueError:
            continue
        tied = host in case.context.organisation.partners or keys & set(rule["query_keys"])
        if tied and not says:
            yield _at(rule, "block", "tied", span, host=host)
        elif host in rule["short_hosts"]:
            yield _at(rule, "warn", "short", span, host=host)
        elif parts.scheme == "http":
            yield _at(rule, "warn", "open", span, host=host)


def _at(rule: Rule, severity: str, key: str, span: Span, **values: str) -> Finding:
    if span.place == "links":
        return at_field(rule, severity, key, "links", excerpt=span.excerpt, **values)
    return at_text(rule, severity, key, [span], **values)


def _addresses(case: Case) -> Iterator[Span]:
    for reading in case.readings:
        for place, source in reading.sources.items():
            for found in _ADDRESS.finditer(source):
                bare = found.group().rstrip(".,;:!?)»\"'*_]")
                if len(bare) > len("http://"):
                    yield Span(place, found.start(), found.start() + len(bare), bare)
    for link in case.draft.links:
        yield Span("links", 0, len(link), link)


# ---- R22, R23 -----------------------------------------------------------------------


def rhythm(case: Case, rule: Rule) -> Iterator[Finding]:
    """R22: room between posts on a channel, and no text that was told already."""
    draft = case.draft
    others = [post for post in case.context.other_posts if post.is_out and post.post != draft.post]
    if draft.planned_at is not None:
        yield from _crowding(case, rule, [post for post in others if post.channels & set(draft.channels)])
    if draft.template != "evergreen-refresh":
        yield from _repeats(case, rule)


def _crowding(case: Case, rule: Rule, others: list[OtherPost]) -> Iterator[Finding]:
    at = case.draft.planned_at
    assert at is not None
    local = case.context.calendar.local if case.context.calendar else lambda instant: instant
    for slug in case.draft.channels:
        on = [(post, post.planned_at) for post in others if slug in post.channels and post.planned_at]
        near = next((post for post, moment in on if abs(moment - at) < timedelta(hours=rule["hours"])), None)
        name = case.context.channels[slug].title if slug in case.context.channels else slug
        if near:
            yield at_field(rule, "warn", "near", "planned_at", channel=name, title=near.title, hours=rule["hours"])
        same_day = 1 + sum(local(moment).date() == local(at).date() for _post, moment in on)
        if same_day > rule["a_day"]:
            yield at_field(rule, "warn", "many", "planned_at", channel=name, n=same_day, most=rule["a_day"])


def _repeats(case: Case, rule: Rule) -> Iterator[Finding]:
    words = frozenset().union(*(words_of(f"{one.title} {one.body}") for one in case.draft.texts.values()))
    if len(words) < rule["least_words"]:
        return
    at = case.draft.planned_at
    for post in case.context.other_posts:
        if post.post == case.draft.post or not post.words:
            continue
        if at and post.planned_at and not timedelta() <= at - post.planned_at <= timedelta(days=rule["days"]):
            continue
        likeness = len(words & post.words) / len(words | post.words)
        if likeness >= rule["likeness"]:
            yield at_field(
                rule, "warn", "same", case.draft.language + ":body", title=post.title, percent=round(100 * likeness)
            )


def adapt_per_channel(case: Case, rule: Rule) -> Iterator[Finding]:
    """R23: two families of channels do not get the same body."""
    bodies: dict[str, ChannelLimits] = {}
    for slug in case.draft.channels:
        channel = case.context.channels.get(slug)
        texts = _texts_for(case, slug)
        if channel is None or not texts:
            continue
        body = " ".join(read("fr", Wording(body=texts[0][1].body)).folded.split())
        first = bodies.setdefault(body, channel) if body else channel
        if first.family != channel.family:
            yield at_field(rule, "warn", "same", f"{texts[0][0]}:body", first=first.title, second=channel.title)
