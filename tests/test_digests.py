"""Which weeks are compared, what is counted, and how the finding is said."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline.digests import (
    FEW,
    WeekCounts,
    WeekMaterial,
    compared_texts,
    compared_weeks,
    count_week,
    counterpart,
    describe_change,
    down_sources,
    earlier_weeks,
    is_unreliable,
    make_digest,
    percent_change,
    recycled_share,
    season_spans,
)
from pipeline.model import PublisherKind, Season, StorySummary, Topic, Week
from pipeline.render import render_markdown
from pipeline.wording import load_words
from tests.cases.digests.weeks import (
    DOWN,
    EMPTY,
    EMPTY_DOWN,
    FIRST,
    HOLIDAY,
    HOLIDAY_WEEK,
    QUIET,
    QUIET_WEEK,
    TOPIC,
    archived,
    counts,
    digest_of,
    method,
    season,
    told,
)


def week(name: str) -> Week:
    return Week.parse(name)


@pytest.mark.parametrize(
    ("of", "before"),
    [
        # the week that holds 31 December, whatever its number and ISO year
        ("2026-W53", "2026-W01"),
        ("2026-W01", "2025-W01"),
        ("2025-W01", "2023-W52"),
        ("2021-W52", "2020-W53"),
        ("2020-W53", "2020-W01"),
        # the weeks beside it
        ("2026-W52", "2025-W52"),
        ("2027-W01", "2026-W02"),
        ("2021-W01", "2020-W02"),
        # counted from the nearer holiday: in spring the last, in autumn the next
        ("2026-W11", "2025-W11"),
        ("2027-W10", "2026-W11"),
        ("2026-W50", "2025-W50"),
        ("2021-W40", "2020-W41"),
    ],
)
def test_a_week_meets_the_one_equally_far_from_the_holiday(of: str, before: str) -> None:
    assert str(counterpart(week(of), TOPIC)) == before


@pytest.mark.parametrize("year", range(2000, 2061))
def test_holiday_weeks_meet_holiday_weeks_in_long_and_short_years(year: int) -> None:
    here = Week.holding(date(year, 12, 31))
    for back in (1, 2, 7):
        assert date(year - back, 12, 31) in counterpart(here, TOPIC, years_back=back).days
    assert date(year - 1, 12, 31) in counterpart(here.shifted(3), TOPIC).shifted(-3).days


def test_the_compared_weeks_are_the_last_and_last_year_s() -> None:
    assert compared_weeks(HOLIDAY_WEEK, TOPIC) == (Week(2026, 52), Week(2026, 1))


def test_a_holiday_on_leap_day_is_kept_on_the_28th_in_other_years() -> None:
    leap = replace(TOPIC, season=Season(start=(2, 20), day=(2, 29), end=(3, 5)))
    assert date(2023, 2, 28) in counterpart(Week.holding(date(2024, 2, 29)), leap).days


@pytest.mark.parametrize(
    ("of", "label", "first", "last"),
    [
        ("2026-W53", "2026–27", date(2026, 12, 16), date(2027, 1, 3)),  # still running
        ("2027-W02", "2026–27", date(2026, 12, 16), date(2027, 1, 10)),
        ("2026-W24", "2025–26", date(2025, 12, 16), date(2026, 1, 10)),
        ("2026-W50", "2025–26", date(2025, 12, 16), date(2026, 1, 10)),  # not yet begun
    ],
)
def test_the_latest_season_is_the_last_begun(of: str, label: str, first: date, last: date) -> None:
    spans = season_spans(week(of), TOPIC, count=3)
    assert (spans[-1].label, spans[-1].first, spans[-1].last) == (label, first, last)
    assert (spans[-1].days[0], spans[-1].days[-1]) == (first, last)
    assert [span.first.year for span in spans] == [first.year - 2, first.year - 1, first.year]


def test_a_season_within_one_year_bears_its_number() -> None:
    spring = replace(TOPIC, season=Season(start=(3, 1), day=(3, 20), end=(3, 31)))
    assert [s.label for s in season_spans(week("2026-W24"), spring, count=2)] == ["2025", "2026"]


def test_articles_texts_stories_outlets_and_languages_are_five_numbers() -> None:
    assert count_week(tuple(s.story for s in HOLIDAY.stories)) == WeekCounts(
        articles=18, texts=8, stories=5, outlets=12, languages=6
    )


def test_each_figure_stands_beside_both_weeks() -> None:
    figures = {f.name: (f.value, f.last_week, f.last_year) for f in digest_of("holiday").figures}
    assert figures == {
        "articles": (18, 4, 16),
        "texts": (8, 2, 10),
        "stories": (5, 3, None),  # that year's stories were never made
        "outlets": (12, 1, 4),
        "languages": (6, 4, 6),
    }


def test_the_parts_add_up_to_the_articles() -> None:
    digest = digest_of("holiday")
    total = digest.figures[0].value
    for part in (digest.per_day, digest.per_publisher, digest.per_language):
        assert sum(n for _, n in part) == total
    assert [day for day, _ in digest.per_day] == list(HOLIDAY_WEEK.days)
    assert digest.per_publisher[0] == (PublisherKind.PRIVATE, 10)
    assert digest.per_language[:2] == (("az", 6), ("ru", 5))


def test_days_are_those_of_the_topic_s_zone() -> None:
    late = archived(1, "Axşam", at=datetime(2026, 12, 31, 20, 30, tzinfo=UTC), language=None)
    digest = make_digest(HOLIDAY_WEEK, replace(EMPTY, stories=(told((late,)),)), TOPIC)
    assert [n for _, n in digest.per_day] == [0, 0, 0, 0, 1, 0, 0]  # 00:30 on 1 January in Baku
    assert digest.per_language == (("und", 1),)


def test_an_article_of_another_week_is_refused() -> None:
    with pytest.raises(ValueError, match="not of week 2026-W24"):
        make_digest(QUIET_WEEK, HOLIDAY, TOPIC)


def test_the_most_covered_story_comes_first_whatever_the_order_given() -> None:
    backwards = replace(HOLIDAY, stories=HOLIDAY.stories[::-1])
    digest = make_digest(HOLIDAY_WEEK, backwards, TOPIC)
    assert digest == digest_of("holiday")
    # Of two with three articles the one with more outlets, then the earlier.
    assert [s.story.articles[0].id for s in digest.stories] == [100, 400, 200, 300, 500]


def test_recycled_words_count_once_however_often_they_are_copied() -> None:
    old = archived(1, "Köhnə", text="söz " * 30, seen=1.0)
    copies = (old, archived(2, "Köhnə", text="söz " * 30, seen=1.0, copy_of=1))
    new = (archived(3, "Yeni", text="söz " * 90, seen=0.0),)
    unknown = (archived(4, "Naməlum", text="söz " * 500, seen=None),)
    stories = [told(copies, new, unknown).story]
    assert recycled_share(compared_texts(stories)) == pytest.approx(0.25)
    assert recycled_share(compared_texts([told(unknown).story])) is None
    assert recycled_share([]) is None


def test_seasons_before_the_archive_began_are_left_out() -> None:
    shown = [(one.label, one.articles) for one in digest_of("holiday").seasons]
    assert (shown[0], shown[-1]) == (("2022–23", 31), ("2026–27", 61))
    gap = (season(2023, 0), season(2024, 3), season(2025, 0))
    assert make_digest(QUIET_WEEK, replace(EMPTY, seasons=gap), TOPIC).seasons == gap[1:]
    none = replace(EMPTY, seasons=(season(2025, 0),))
    assert make_digest(QUIET_WEEK, none, TOPIC).seasons == ()


def test_the_same_week_of_all_earlier_years_stands_beside_each_figure() -> None:
    articles, texts, stories, *_ = digest_of("holiday").figures
    assert articles.earlier == ((Week(2026, 1), 16), (Week(2025, 1), 21), (Week(2023, 52), 9))
    assert [week for week, _ in texts.earlier] == [week for week, _ in articles.earlier]
    assert stories.earlier == ()  # they are not made again
    assert earlier_weeks(HOLIDAY_WEEK, TOPIC)[:3] == tuple(week for week, _ in articles.earlier)


def test_a_digest_is_of_the_last_moment_that_taught_us_something() -> None:
    run = datetime(2027, 1, 3, 18, 30, tzinfo=UTC)
    assert digest_of("holiday").as_of == run
    late = replace(archived(1, "Gec"), first_seen_at=datetime(2027, 1, 20, tzinfo=UTC))
    found = make_digest(HOLIDAY_WEEK, replace(EMPTY, stories=(told((late,)),), last_run=run), TOPIC)
    assert found.as_of == late.first_seen_at
    assert digest_of("empty").as_of is None


def many(
    n: int, *, seen: float = 0.0, at: datetime = datetime(2026, 6, 10, tzinfo=UTC)
) -> tuple[StorySummary, ...]:
    return tuple(
        told((archived(i, f"Xəbər {i}", by=f"Q{i % 30}", seen=seen, at=at),)) for i in range(n)
    )


NONE = "No article about the holiday this week"
BROUGHT = "The holiday week brought"
NEW_YEAR = datetime(2026, 12, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("of", "material", "headline"),
    [
        (
            HOLIDAY_WEEK,
            HOLIDAY,
            f"{BROUGHT} 18 articles from 12 outlets, up from 16 a year before",
        ),
        (
            HOLIDAY_WEEK,
            replace(
                HOLIDAY,
                stories=many(40, seen=0.25, at=NEW_YEAR),
                other_weeks={Week(2026, 1): counts(32)},
            ),
            (
                f"{BROUGHT} 40 articles from 30 outlets, up 25% from 32 a year before; "
                "25% of the words were printed before"
            ),
        ),
        (
            HOLIDAY_WEEK,
            replace(HOLIDAY, other_weeks={Week(2026, 52): counts(4)}),
            f"{BROUGHT} 18 articles from 12 outlets",
        ),
        (
            QUIET_WEEK,
            replace(QUIET, stories=many(30), other_weeks={Week(2026, 23): counts(40)}),
            "30 articles from 30 outlets, down 25% from 40 the week before",
        ),
        (QUIET_WEEK, QUIET, "A quiet week: 1 article from 1 outlet, down from 2 the week before"),
        (
            QUIET_WEEK,
            replace(QUIET, other_weeks={Week(2026, 23): counts(0)}),
            "A quiet week: 1 article from 1 outlet, after none the week before",
        ),
        (
            QUIET_WEEK,
            replace(QUIET, other_weeks={Week(2026, 23): counts(1)}),
            "A quiet week: 1 article from 1 outlet, as many as the week before",
        ),
        (HOLIDAY_WEEK, FIRST, "The first week in this archive: 18 articles from 12 outlets"),
        (
            HOLIDAY_WEEK,
            DOWN,
            (
                f"{BROUGHT} 18 articles from 12 outlets, up from 16 a year before; "
                "20 of 40 sources failed, so the count is too low"
            ),
        ),
        (QUIET_WEEK, EMPTY, f"{NONE}; all 40 sources answered"),
        (
            QUIET_WEEK,
            replace(EMPTY, method=method(asked=1)),
            f"{NONE}; the one source asked has answered",
        ),
        (
            QUIET_WEEK,
            replace(EMPTY, method=method(down=1)),
            f"{NONE}; 1 of 40 sources failed, so something may be missing",
        ),
        (
            QUIET_WEEK,
            EMPTY_DOWN,
            f"{NONE}; 20 of 40 sources failed, so something may be missing",
        ),
        (
            QUIET_WEEK,
            replace(EMPTY, method=method(asked=0)),
            f"{NONE}; no source was asked",
        ),
    ],
)
def test_the_headline_says_the_finding(of: Week, material: WeekMaterial, headline: str) -> None:
    assert make_digest(of, material, TOPIC).headline == headline


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        (FEW, FEW - 1, None),
        (FEW - 1, FEW, None),
        (30, 20, 50),
        (20, 30, -33),
        (1001, 1000, None),  # less than half a per cent
        (60, 20, 200),
        (61, 20, None),  # from three times on the two numbers say it better
        (20, 20, None),
    ],
)
def test_percentages_only_where_they_are_fair(now: int, before: int, change: int | None) -> None:
    assert percent_change(now, before) == change


def test_a_change_without_percentage_names_the_number_before() -> None:
    assert describe_change(load_words(), 5, 1300, "last_week") == "down from 1,300 the week before"


def test_a_source_is_down_if_it_failed_more_often_than_it_answered() -> None:
    box = method(down=4)
    edge = replace(box.failing[0], polls=10, failures=5)
    assert down_sources(replace(box, failing=(edge,))) == ()
    assert len(down_sources(box)) == 4
    assert not is_unreliable(box)
    assert is_unreliable(method(asked=40, down=10))
    assert not is_unreliable(method(asked=0))


def test_another_holiday_is_another_topic() -> None:
    spring = Topic(
        name="Spring",
        time_zone="Europe/Berlin",
        season=Season(start=(3, 1), day=(3, 20), end=(3, 31)),
        names=(),
    )
    assert str(counterpart(Week.holding(date(2026, 3, 20)), spring)) == "2025-W12"


def test_labels_are_learnt_of_too() -> None:
    late = datetime(2027, 2, 1, 9, tzinfo=UTC)
    assert make_digest(HOLIDAY_WEEK, replace(HOLIDAY, last_label=late), TOPIC).as_of == late


def test_an_older_week_is_compared_with_though_last_year_is_not_known() -> None:
    older = earlier_weeks(HOLIDAY_WEEK, TOPIC)[1]
    material = replace(HOLIDAY, other_weeks={older: counts(7)})
    digest = make_digest(HOLIDAY_WEEK, material, TOPIC)
    assert "; earlier years 7" in render_markdown(digest)


def test_a_week_that_stands_alone_is_not_the_first() -> None:
    digest = make_digest(HOLIDAY_WEEK, replace(HOLIDAY, other_weeks={}), TOPIC)
    assert digest.headline.startswith("The holiday week brought 18 articles from 12 outlets")
    assert "Nothing to compare with: no source was asked" in render_markdown(digest)
    assert "does not reach back" in render_markdown(digest_of("first"))
