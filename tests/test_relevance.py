"""The judgement on the topic: labelled titles and texts, another holiday, hostile input."""

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Article, Moment, Phrase, Relevance, Season, Topic, Verdict
from pipeline.relevance import GAP_CHARACTERS, NEAR_CHARACTERS, OPENING_CHARACTERS, judge
from pipeline.sources import parse_sources
from pipeline.text import fold
from tests.labelled import ABOUT, HALVES, NAMES_IT, Labelled, score, texts, titles

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests/cases/topic"
TOPIC = parse_sources((ROOT / "sources.yaml").read_text()).topic
OTHER_TOPIC = parse_sources((CASES / "other_holiday.yaml").read_text()).topic

TITLES = [
    (verdict, language, title)
    for verdict, by_language in yaml.safe_load((CASES / "titles.yaml").read_text()).items()
    for language, titles in by_language.items()
    for title in titles
]
TEXTS = yaml.safe_load((CASES / "texts.yaml").read_text())
#: 400 characters in which nothing is said.
OTHER_MATTER = "bla " * 100

GOLD = ROOT.parent / "shared/seeds/gold.json"


def article(title: str, text: str = "", published: date | None = None) -> Article:
    at = published
    if at is not None and not isinstance(at, datetime):
        at = datetime(at.year, at.month, at.day, 9, tzinfo=UTC)
    moment = None if at is None else Moment(at=at)
    return Article(url="https://example.org/", title=title, text=text, published=moment)


@pytest.mark.parametrize(("verdict", "language", "title"), TITLES)
def test_a_title_is_judged_as_labelled(verdict: str, language: str, title: str) -> None:
    assert judge(article(title, published=date(2025, 12, 30)), TOPIC).verdict == verdict


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case["case"])
def test_a_text_is_judged_as_labelled(case: dict[str, Any]) -> None:
    text = case["text"].replace("…", OTHER_MATTER)
    relevance = judge(article(case["title"], text, case.get("published")), TOPIC)
    assert (relevance.verdict, relevance.score) == (case["verdict"], case.get("score", 0.0))


def verdict_of(one: Article) -> Verdict:
    return judge(one, TOPIC).verdict


#: Of the labelled set; what it holds stands in tests/cases/topic, by language in the bench.
FLOORS = {"precision": 0.99, "recall": 0.98}


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("read", [titles, texts])
@pytest.mark.parametrize("kinds", [ABOUT, NAMES_IT], ids=["about", "names it"])
def test_the_labelled_set_is_judged_as_well_as_promised(
    read: Callable[[str], Iterator[Labelled]], half: str, kinds: frozenset[Verdict]
) -> None:
    measured = score(read(half), verdict_of, kinds)
    assert measured.precision >= FLOORS["precision"], measured
    assert measured.recall >= FLOORS["recall"], measured


@pytest.mark.parametrize(("read", "least"), [(titles, 300), (texts, 150)])
def test_the_labelled_set_is_large_and_half_of_it_look_alikes(
    read: Callable[[str], Iterator[Labelled]], least: int
) -> None:
    cases = [case for half in HALVES for case in read(half)]
    assert len(cases) >= least
    assert len({case.language for case in cases}) >= 10
    about = sum(case.verdict is Verdict.ABOUT for case in cases)
    assert 0.35 < about / len(cases) < 0.55
    assert len({(case.article.title, case.article.text) for case in cases}) == len(cases)


def test_the_labelled_cases_cover_every_language_of_the_topic() -> None:
    assert {phrase.language for phrase in TOPIC.names} <= {language for _, language, _ in TITLES}


def test_articles_of_the_real_press_are_about_it() -> None:
    """Where the two pages of `shared/seeds` lie beside the project; else their likes do."""
    told = json.loads(GOLD.read_text()) if GOLD.exists() else [case_like_a_seed()]
    for page in told:
        published = date.fromisoformat(page["published"])
        relevance = judge(article(page["title"], page["text"], published), TOPIC)
        assert relevance.verdict == Verdict.ABOUT, page["title"]


def case_like_a_seed() -> dict[str, str]:
    text = next(case["text"] for case in TEXTS if case["title"] == "People of two homes")
    text = text.replace("…", OTHER_MATTER)
    return {"title": "People of two homes", "text": text, "published": "2014-12-29"}


def test_evidence_names_phrase_place_and_form_once() -> None:
    lead = "Həmrəylik Günü! Dünya Azərbaycanlılarının Həmrəyliyi Gününüz mübarək. "
    text = lead + OTHER_MATTER + "Həmrəylik Günü. " * 9
    relevance = judge(article("Bakı", text, date(2025, 12, 31)), TOPIC)
    found = [(evidence.where, evidence.form) for evidence in relevance.evidence]
    assert found == [
        ("lead", "hemreylik gunu"),
        ("lead", "dunya azerbaycanlilarinin hemreyliyi gununuz"),
        ("text", "hemreylik gunu"),
    ]
    assert {evidence.phrase for evidence in relevance.evidence} <= {
        phrase.pattern for phrase in TOPIC.names + TOPIC.short_names
    }


# --- where a name stands ---------------------------------------------------

NAME = "the Solidarity Day of World Azerbaijanis"


@pytest.mark.parametrize(
    ("before", "sentence", "verdict"),
    [
        (OPENING_CHARACTERS, f"The shop closes early on {NAME}.", "mention"),
        (OPENING_CHARACTERS, f"The choir sang on the occasion of {NAME}.", "about"),
        (OPENING_CHARACTERS, f"Closed on {NAME}. It celebrates {NAME}.", "mention"),
        (OPENING_CHARACTERS, f"The shop closes early on {NAME}. Later, {NAME} again.", "about"),
        (OPENING_CHARACTERS - 50, f"The shop shuts on {NAME}.", "about"),
    ],
)
def test_a_name_in_passing_is_a_mention(before: int, sentence: str, verdict: str) -> None:
    text = (OTHER_MATTER[:before].rpartition(" ")[0] + ". " + sentence).strip()
    assert judge(article("Notes", text, date(2025, 12, 30)), TOPIC).verdict == verdict


def test_a_passing_name_is_still_told_where_it_stands() -> None:
    text = OTHER_MATTER[:OPENING_CHARACTERS] + f". The shop closes early on {NAME}."
    relevance = judge(article("Notes", text), TOPIC)
    assert (relevance.score, relevance.evidence[0].where) == (0.5, "lead")


@pytest.mark.parametrize(
    ("title", "day", "verdict", "points"),
    [
        ("Azerbaijan marks Solidarity Day", None, "about", 0.8),
        ("Azerbaijan marks Solidarity Day on December 31", None, "about", 0.9),
        ("Azerbaijan marks Solidarity Day", date(2025, 12, 31), "about", 0.9),
        ("Azerbaijan marks Solidarity Day", date(2025, 6, 1), "unrelated", 0.0),
        ("Azerbaijan marks Solidarity Day, Palestine grateful", None, "unrelated", 0.0),
        ("The port marks Solidarity Day", None, "unrelated", 0.0),
    ],
)
def test_an_unknown_moment_speaks_neither_for_nor_against(
    title: str, day: date | None, verdict: str, points: float
) -> None:
    relevance = judge(article(title, published=day), TOPIC)
    assert (relevance.verdict, relevance.score) == (verdict, points)


def test_a_word_of_the_name_itself_does_not_vouch_for_it() -> None:
    title = "Dünya azərbaycanlılarının həmrəyliyi möhkəmlənir"
    assert judge(article(title, published=date(2025, 5, 2)), TOPIC).verdict == "unrelated"
    assert judge(article(title, published=date(2025, 12, 30)), TOPIC).verdict == "about"
    assert (
        judge(article(title + ": 31 dekabr", published=date(2025, 5, 2)), TOPIC).verdict == "about"
    )


@pytest.mark.parametrize(
    "title",
    [
        "Dünya Azərbaycanlılarının Həm-\nrəyliyi Günü",
        "Dünya Azərbay-\r\n  canlılarının Həmrəyliyi Günü",
        "Dünya-\nAzərbaycanlılarının Həmrəyliyi Günü",
        "Dünya Azər\u00adbaycanlılarının Həmrəyliyi Günü",
        "Day of Soli-\ndarity of World Azerbaijanis",
    ],
)
def test_a_word_parted_at_the_end_of_a_line_is_one_word(title: str) -> None:
    assert judge(article(title), TOPIC).verdict == "about"


def test_a_look_alike_may_be_a_part_of_a_full_name() -> None:
    full = "Azərbaycanlıların Beynəlxalq Həmrəylik Günü"
    assert judge(article(full), TOPIC).verdict == "about"
    assert judge(article("Azərbaycanda Beynəlxalq Həmrəylik Günü"), TOPIC).verdict == "unrelated"


# --- another holiday -------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "text", "day", "verdict"),
    [
        ("Samenes nasjonaldag feires i Tromsø", "", date(2026, 2, 6), "about"),
        ("SAAMELAISTEN KANSALLISPÄIVÄÄ juhlittiin", "", date(2026, 2, 6), "about"),
        ("Buorre sámi álbmotbeaivvi!", "", date(2026, 2, 6), "about"),
        ("Samernas nationaldag", "", None, "about"),
        ("Nasjonaldagen", "Samene møttes på torget.", date(2026, 2, 7), "about"),
        ("Nasjonaldagen", "Samene møttes på torget.", date(2026, 5, 16), "unrelated"),
        ("Nasjonaldagen", "Samene møttes til joik.", date(2026, 5, 16), "about"),
        ("Nasjonaldagen 17. mai", "Samene møttes på torget.", date(2026, 2, 7), "unrelated"),
        ("Samenes nasjonaldag: alle fridager i år", "", date(2026, 1, 2), "mention"),
        ("Torget", OTHER_MATTER[:300] + "Samenes nasjonaldag er snart.", None, "mention"),
        ("Torget", OTHER_MATTER[:300] + "Samenes nasjonaldag ble feiret.", None, "about"),
        ("Nasjonaldagen", "Samene møttes på torget.", None, "about"),
        ("Dünya Azərbaycanlılarının Həmrəyliyi Günü", "", date(2025, 12, 31), "unrelated"),
    ],
)
def test_another_topic_is_another_file(
    title: str, text: str, day: date | None, verdict: str
) -> None:
    assert judge(article(title, text, day), OTHER_TOPIC).verdict == verdict


# --- the pattern language --------------------------------------------------


def judged(pattern: str, text: str) -> Relevance:
    topic = Topic(
        name="any",
        time_zone="UTC",
        season=Season(start=(1, 1), day=(1, 2), end=(1, 3)),
        names=(Phrase(language="en", pattern=pattern),),
    )
    return judge(article(text), topic)


@pytest.mark.parametrize(
    ("pattern", "text", "form"),
    [
        ("day of joy", "The Day of Joy!", "day of joy"),
        ("day of joy", "The day-of «joy»", 'day-of "joy'),
        ("day of joy", "Mayday of joy", None),
        ("day of joy", "Day of joyful", None),
        ("day of joy", "Day of, well, joy", None),
        ("joy* day", "Joyous day", "joyous day"),
        ("joy* day", "joy’s day", "joy's day"),
        ("joy* day", "joy day", "joy day"),
        ("joy* day", "enjoy day", None),
        ("day|night* out", "Nights out", "nights out"),
        ("day|night* out", "Days out", None),
        ("day of? the? joy", "Day of joy", "day of joy"),
        ("day of? the? joy", "Day joy", "day joy"),
        ("day the? of? joy", "Day of the joy", None),
        ("merry? day", "Merry day", "merry day"),
        ("merry? day", "A day", "day"),
        ("day out?", "Day out", "day out"),
        ("İL", "il", "il"),
        ("آذربایجانی‌ها", "آذربايجانيها", "اذربایجانیها"),
        ("day of joy", "day" + "." * GAP_CHARACTERS + "of joy", "day........of joy"),
        ("day of joy", "day" + "." * (GAP_CHARACTERS + 1) + "of joy", None),
    ],
)
def test_a_pattern_finds_what_its_docstring_says(pattern: str, text: str, form: str | None) -> None:
    evidence = judged(pattern, text).evidence
    assert [found.form for found in evidence] == ([] if form is None else [form])


def test_the_longest_name_counts_once() -> None:
    assert judged("day|holiday", OTHER_MATTER).verdict == Verdict.UNRELATED
    topic = Topic(
        name="any",
        time_zone="UTC",
        season=Season(start=(1, 1), day=(1, 2), end=(1, 3)),
        names=(Phrase(language="en", pattern="joy"), Phrase(language="en", pattern="joy day")),
    )
    relevance = judge(article("", OTHER_MATTER * 2 + "joy day"), topic)
    assert (relevance.verdict, relevance.score) == (Verdict.MENTION, 0.5)
    assert [found.form for found in relevance.evidence] == ["joy day"]


@pytest.mark.parametrize(
    ("distance", "verdict"), [(NEAR_CHARACTERS, "about"), (NEAR_CHARACTERS + 1, "unrelated")]
)
def test_near_ends_where_it_says(distance: int, verdict: str) -> None:
    between = "." * (distance - 2)  # a blank before and after
    text = f"Azerbaijan {between} Solidarity Day celebrated"
    assert judge(article("", text, date(2025, 12, 31)), TOPIC).verdict == verdict


# --- hostile and ordinary input --------------------------------------------

MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "unit",
    [
        "dünya azərbaycanlılarının ",
        "dünya azərbaycanlılarının həmrəyliyi günü ",
        "həmrəyliyi günü ",
        "azərbaycan həmrəyliyi günü 31 dekabr insan həmrəyliyi günü ",
        "solidarity day ",
        "solidarity_",
        "azerbaijan'",
        "azerbaijanis",
        "solidarity day of the all world ",
        "день солидарности и единства ",
        "\u0301",
        "_" * 9,
        "solidarity" + " ." * 40,
        "يوم التضامن ",
    ],
)
def test_a_megabyte_of_almost_names_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        started = time.process_time()
        judge(article(text[:500], text, date(2025, 12, 31)), TOPIC)
        return time.process_time() - started

    seconds(100)  # compiles the topic
    # Ten times the text may take ten times as long, forty on a busy machine, not a hundred.
    assert seconds(MEGABYTE) < 40 * max(seconds(MEGABYTE // 10), 0.05)


def test_a_long_word_gives_a_short_form() -> None:
    relevance = judge(article("solidarity day of azerbaijan" + "a" * MEGABYTE), TOPIC)
    assert relevance.verdict == Verdict.UNRELATED


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_gets_a_verdict_with_its_evidence(title: str, text: str) -> None:
    relevance = judge(article(title, text), TOPIC)
    assert (relevance.verdict == Verdict.UNRELATED) == (not relevance.evidence)


@given(st.sampled_from([title for _, _, title in TITLES]))
def test_capitals_and_the_match_form_change_no_verdict(title: str) -> None:
    day = date(2025, 12, 30)
    assert judge(article(fold(title), published=day), TOPIC) == judge(
        article(title, published=day), TOPIC
    )
