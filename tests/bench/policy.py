"""What reading costs, as one table: `python -m tests.bench.policy`.

Time of the processor, so that a busy machine says the same. Nothing fails here; below 1.00 the bar is missed.
"""

import os
import time
from collections.abc import Callable

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from planner.policy import queries  # noqa: E402
from planner.policy.rules import TEXT_RULES, Context, Draft, Wording, check  # noqa: E402
from tests.policy.labels import LANGUAGES, TODAY, of_batch  # noqa: E402

WORDS_BAR_MS, GROWTH_BAR = 5.0, 25.0
SHORT, LONG = 5_000, 100_000

HOSTILE: dict[str, Callable[[str], str]] = {
    "prose": lambda prose: prose,
    "open brackets": lambda _prose: "[",
    "open comments": lambda _prose: "<!--",
    "stars": lambda _prose: "*",
    "backticks": lambda _prose: "` ",
    "quotation marks": lambda _prose: "«",
    "straight quotes": lambda _prose: '"a ',
    "digits": lambda _prose: "1 ",
    "one long word": lambda _prose: "a",
    "dots": lambda _prose: ". ",
    "marks": lambda _prose: "! ",
    "half an address": lambda _prose: "a@",
    "half an entry": lambda _prose: "ne manquez surtout ",
    "the same order": lambda _prose: "achetez ",
    "percentages": lambda _prose: "plus x, plus y, - 5 % ",
    "fences": lambda _prose: "```\n",
    "braces": lambda _prose: "{{a ",
}


def cost(text: str, language: str, times: int = 3) -> float:
    draft = Draft(texts={language: Wording(body=text)}, language=language)
    context = Context(house=queries.bundled(), today=TODAY, level=3)
    best = float("inf")
    for _time in range(times):
        start = time.process_time()
        check(draft, context, only=TEXT_RULES)
        best = min(best, time.process_time() - start)
    return best


def row(what: str, measured: float, bar: float, unit: str) -> None:
    print(f"{what:<48} {measured:>8.2f} ≤ {bar:>6.1f} {unit:<5} {bar / max(measured, 1e-9):>6.2f}")


def main() -> None:
    for language in LANGUAGES:
        prose = " ".join(text.text for text in of_batch(language, "first") if text.label in ("honest", "decent"))
        thousand = " ".join((prose.split() * 2)[:1000])
        cost(thousand, language)
        row(f"1,000 words, all text rules, {language}", 1000 * cost(thousand, language, 7), WORDS_BAR_MS, "ms")
        for what, make in HOSTILE.items():
            piece = make(prose)
            short, long = ((piece * (size // len(piece) + 1))[:size] for size in (SHORT, LONG))
            row(
                f"100,000 signs against 5,000, {what}, {language}",
                cost(long, language, 3) / cost(short, language, 9),
                GROWTH_BAR,
                "times",
            )


if __name__ == "__main__":
    main()
