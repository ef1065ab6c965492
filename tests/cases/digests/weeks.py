"""Invented weeks, one for each state that a digest can be in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from pipeline.digests import WeekCounts, WeekMaterial, make_digest
from pipeline.model import (
    ArchivedArticle,
    Article,
    Claim,
    Digest,
    DisputedFact,
    DuplicateGroup,
    Keyword,
    Method,
    Moment,
    Outcome,
    Passage,
    PublisherKind,
    Relevance,
    Season,
    SeasonCounts,
    Sentence,
    Source,
    SourceHealth,
    Story,
    StorySummary,
    Topic,
    Verdict,
    Week,
)

TOPIC = Topic(
    name="Solidarity Day of World Azerbaijanis",
    time_zone="Asia/Baku",
    season=Season(start=(12, 16), day=(12, 31), end=(1, 10)),
    names=(),
)

HOLIDAY_WEEK = Week(2026, 53)  # 28 December 2026 – 3 January 2027
QUIET_WEEK = Week(2026, 24)

_KINDS = {
    "Agentlik": PublisherKind.STATE_AGENCY,
    "Komitə": PublisherKind.GOVERNMENT,
    "Xəbər Evi": PublisherKind.PRIVATE,
    "Günün Sözü": PublisherKind.PRIVATE,
    "Хроника дня": PublisherKind.PRIVATE,
    "Caspian Courier": PublisherKind.INDEPENDENT,
    "Bizim Səs": PublisherKind.INDEPENDENT,
    "Gazete Meydan": PublisherKind.PRIVATE,
    "Stadtblatt": PublisherKind.PRIVATE,
    "Community Voice": PublisherKind.DIASPORA,
    "Radio Ost": PublisherKind.PUBLIC_BROADCASTER,
    "پیام شهر": PublisherKind.PRIVATE,
}


def outlet(name: str) -> Source:
    """Return an invented outlet; a name that is not listed is a private one."""
    return Source(
        id=f"outlet-{name}",
        name=name,
        publisher=_KINDS.get(name, PublisherKind.PRIVATE),
        languages=("az",),
        time_zone="Asia/Baku",
        feeds=(),
    )


def archived(
    number: int,
    title: str,
    *,
    by: str = "Agentlik",
    language: str | None = "az",
    at: datetime = datetime(2026, 12, 31, 6, 30, tzinfo=UTC),
    text: str = "",
    seen: float | None = 0.0,
    copy_of: int | None = None,
    url: str | None = None,
) -> ArchivedArticle:
    """Return an invented article of the archive."""
    return ArchivedArticle(
        id=number,
        article=Article(
            url=f"https://news.example/{number}" if url is None else url,
            title=title,
            text=text or f"{title}. " * 30,
            published=Moment(at=at),
            language=language,
        ),
        source=outlet(by),
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=at + timedelta(hours=1),
        representative_id=number if copy_of is None else copy_of,
        share_seen_before=seen,
    )


def told(*groups: tuple[ArchivedArticle, ...], sentences: tuple[str, ...] = ()) -> StorySummary:
    """Return a story of the given copies, told by sentences of its first article."""
    first = groups[0][0]
    story = Story(groups=tuple(DuplicateGroup(representative=g[0], members=g) for g in groups))
    return StorySummary(
        story=story,
        headline=Sentence(text=first.article.title, article=first),
        sentences=tuple(Sentence(text=text, article=first) for text in sentences),
    )


def method(*, asked: int = 40, down: int = 0, stored: int = 0, seen: int = 812) -> Method:
    """Return a method box whose outcomes add up to ``seen``."""
    reasons = {"no text": 9, "a list of articles, not an article": 4, "took too long": 6}
    dropped = {Outcome.REJECTED: 13, Outcome.FAILED: 6, Outcome.MENTION: 3, Outcome.COPY: 11}
    unrelated = seen - stored - sum(dropped.values()) - 200
    health = SourceHealth(
        source_id="quiet",
        name="Bizim Səs",
        polls=168,
        failures=0,
        last_success_at=datetime(2026, 12, 31, 5, 0, tzinfo=UTC),
    )
    failing = tuple(
        replace(
            health,
            source_id=f"down-{n}",
            name=f"Qəzet {n}",
            failures=168 if n % 3 else 97,
            last_success_at=None if n % 3 else health.last_success_at,
            reason="took too long" if n % 2 else "the host has an error",
        )
        for n in range(down)
    )
    silent = (health, replace(health, source_id="radio", name="Radio Ost"))
    return Method(
        version="0.1.0",
        sources_hash="3f9a1c52b07d",
        sources_asked=asked,
        failing=failing,
        silent=silent,
        addresses_seen=seen,
        outcomes={
            Outcome.STORED: stored,
            Outcome.UNCHANGED: 200,
            Outcome.UNRELATED: unrelated,
            **dropped,
        },
        reasons=reasons,
    )


def counts(articles: int, *, stories: int | None = None) -> WeekCounts:
    """Return plausible counts of another week."""
    return WeekCounts(
        articles=articles,
        texts=articles * 2 // 3,
        outlets=articles // 4,
        languages=min(6, articles),
        stories=stories,
    )


def _spread(
    first: int, title: str, *, by: tuple[str, ...], language: str, seen: float, hours: int
) -> tuple[ArchivedArticle, ...]:
    """Return one text and its copies, each outlet an hour after the one before."""
    start = datetime(2026, 12, 28, 4, 10, tzinfo=UTC) + timedelta(hours=hours)
    return tuple(
        archived(
            first + n,
            title,
            by=name,
            language=language,
            at=start + timedelta(hours=n),
            seen=seen,
            copy_of=first if n else None,
        )
        for n, name in enumerate(by)
    )


def _holiday_stories() -> tuple[StorySummary, ...]:
    address = "Dünya Azərbaycanlılarının Həmrəyliyi Günü münasibətilə müraciət"
    agencies = ("Agentlik", "Komitə", "Xəbər Evi", "Günün Sözü", "Хроника дня", "Bizim Səs")
    return (
        told(
            _spread(100, address, by=agencies, language="az", seen=0.71, hours=50),
            _spread(
                120,
                "Обращение по случаю Дня солидарности азербайджанцев мира",
                by=("Хроника дня", "Agentlik"),
                language="ru",
                seen=0.66,
                hours=52,
            ),
            _spread(
                130,
                "Address on Solidarity Day",
                by=("Caspian Courier", "Community Voice"),
                language="en",
                seen=0.6,
                hours=55,
            ),
            sentences=(
                "Müraciətdə xaricdə yaşayan həmvətənlər bayram münasibətilə təbrik olunur.",
                "Mətndə diaspor təşkilatlarının ötən il keçirdiyi 214 tədbir xatırladılır.",
            ),
        ),
        told(
            _spread(
                200,
                "Aserbaidschanische Gemeinde lädt zum Solidaritätstag ins Rathaus",
                by=("Stadtblatt", "Radio Ost"),
                language="de",
                seen=0.0,
                hours=34,
            ),
            _spread(
                210,
                "Diaspora evinde bayram konseri",
                by=("Gazete Meydan",),
                language="tr",
                seen=0.1,
                hours=40,
            ),
            sentences=(
                "Rund 300 Gäste kamen am Dienstagabend zu Musik und kurzen Reden.",
                "Zum ersten Mal stand die Feier allen Bürgern der Stadt offen.",
            ),
        ),
        told(
            _spread(
                300,
                "روز همبستگی آذربایجانی‌های جهان در تبریز چگونه یاد شد",
                by=("پیام شهر",),
                language="fa",
                seen=0.2,
                hours=76,
            ),
            sentences=("Baku میزبان نشستی با حضور نمایندگان ۲۳ کشور بود.",),
        ),
        told(
            _spread(
                400,
                "31 декабря: как появился праздник",
                by=("Хроника дня", "Günün Sözü", "Xəbər Evi"),
                language="ru",
                seen=1.0,
                hours=8,
            ),
            sentences=("Праздник отмечается с начала девяностых годов.",),
        ),
        told(
            _spread(
                500,
                "Students meet for a two-day forum",
                by=("Community Voice",),
                language="en",
                seen=0.0,
                hours=120,
            ),
            sentences=("Delegates came from 23 countries.",),
        ),
    )


def _passages() -> tuple[Passage, ...]:
    return (
        Passage(
            text="Bu bayram bütün dünya azərbaycanlılarının birliyinin rəmzidir və hər il "
            "eyni gündə qeyd olunur.",
            language="az",
            times=14,
            first_at=datetime(2019, 12, 30, 8, 0, tzinfo=UTC),
            first_source="Agentlik",
            first_publisher=PublisherKind.STATE_AGENCY,
            first_url="https://news.example/2019/12",
        ),
        Passage(
            text="این روز هر سال گرامی داشته می‌شود.",
            language="fa",
            times=1,
            first_at=datetime(2023, 12, 31, 8, 0, tzinfo=UTC),
            first_source="پیام شهر",
            first_publisher=PublisherKind.STATE_AGENCY,
            first_url="https://payam.example/1402",
        ),
    )


def _keywords() -> tuple[Keyword, ...]:
    return (
        Keyword(term="həmrəylik", language="az", articles=9, keyness=61.4),
        Keyword(term="солидарности", language="ru", articles=5, keyness=44.2),
        Keyword(term="Rathaus", language="de", articles=2, keyness=18.9),
        Keyword(term="همبستگی", language="fa", articles=1, keyness=12.0),
        Keyword(term="forum", language=None, articles=3, keyness=8.15),
        Keyword(term="qurultay", language="az", articles=0, keyness=-7.7),
    )


_MADE_FROM = {
    "articles": "SELECT count(*) FROM articles WHERE verdict = 'about' AND week = '2026-W53'",
    "outlets": "SELECT count(DISTINCT source_id) FROM articles WHERE week = '2026-W53'",
}


def season(year: int, articles: int, *, days: int = 26) -> SeasonCounts:
    """Return a plausible season of ``days`` days, most of it on the holiday."""
    per_day = [0] * days
    for place, part in ((0, 8), (10, 5), (15, 2), (16, 4)):
        if place < days:
            per_day[place] += articles // part
    per_day[min(15, days - 1)] += articles - sum(per_day)
    return SeasonCounts(
        label=f"{year}–{(year + 1) % 100:02d}",
        first=date(year, 12, 16),
        per_day=tuple(per_day),
        is_whole=days == 26,  # 16 December to 10 January
    )


_SEASONS = (season(2021, 0), *(season(2022 + n, a) for n, a in enumerate((31, 44, 40, 52))))


def _mentions() -> tuple[ArchivedArticle, ...]:
    return tuple(
        archived(900 + n, f"Bayram günlərində iş rejimi, hissə {n + 1}", by="Xəbər Evi")
        for n in range(3)
    )


HOLIDAY = WeekMaterial(
    stories=_holiday_stories(),
    mentions=_mentions(),
    other_weeks={
        Week(2026, 52): counts(4, stories=3),
        Week(2026, 1): counts(16),
        Week(2025, 1): counts(21),
        Week(2023, 52): counts(9),
    },
    seasons=(*_SEASONS, season(2026, 61, days=19)),
    passages=_passages(),
    keywords=_keywords(),
    method=method(down=2, stored=18),
    made_from=_MADE_FROM,
    last_run=datetime(2027, 1, 3, 18, 30, tzinfo=UTC),
)

QUIET = WeekMaterial(
    stories=(
        told(
            (
                archived(
                    700,
                    "Diaspora committee sets the date of its forum",
                    by="Caspian Courier",
                    language="en",
                    at=datetime(2026, 6, 10, 9, 0, tzinfo=UTC),
                ),
            ),
            sentences=("The forum is planned for the last week of December.",),
        ),
    ),
    other_weeks={Week(2026, 23): counts(2, stories=2), Week(2025, 24): counts(0, stories=0)},
    seasons=_SEASONS,
    method=method(stored=1),
)

EMPTY = WeekMaterial(
    stories=(),
    other_weeks={Week(2026, 23): counts(3), Week(2025, 24): counts(1)},
    seasons=_SEASONS,
    method=method(),
)

FIRST = replace(
    HOLIDAY, other_weeks={}, seasons=(season(2026, 18, days=19),), passages=(), is_first=True
)

DOWN = replace(HOLIDAY, method=method(down=20, stored=18))

EMPTY_DOWN = replace(EMPTY, other_weeks={}, method=method(down=20))

DISPUTED = replace(
    HOLIDAY,
    disagreements=(
        DisputedFact(
            about="founded",
            claims=(
                Claim(
                    value="1991",
                    articles=(
                        archived(100, "Müraciət", by="Agentlik"),
                        archived(300, "روز همبستگی", by="پیام شهر", language="fa"),
                    ),
                ),
                Claim(value="1993", articles=(archived(400, "31 декабря", by="Хроника дня"),)),
            ),
        ),
        DisputedFact(
            about="Delegates at the forum",
            claims=(
                Claim(value="23", articles=(archived(500, "Forum", by="Community Voice"),)),
                Claim(value="32", articles=(archived(120, "Обращение", by="Bizim Səs"),)),
            ),
        ),
    ),
)

WEEKS = {
    "holiday": (HOLIDAY_WEEK, HOLIDAY),
    "quiet": (QUIET_WEEK, QUIET),
    "empty": (QUIET_WEEK, EMPTY),
    "first": (HOLIDAY_WEEK, FIRST),
    "disputed": (HOLIDAY_WEEK, DISPUTED),
    "down": (HOLIDAY_WEEK, DOWN),
    "empty-down": (QUIET_WEEK, EMPTY_DOWN),
}


def digest_of(state: str, *, language: str = "en") -> Digest:
    """Return the digest of one of `WEEKS`."""
    week, material = WEEKS[state]
    return make_digest(week, material, TOPIC, language=language)


def large_digest(articles: int) -> Digest:
    """Return the digest of a holiday week with about ``articles`` articles."""
    kinds = tuple(_KINDS)
    stories = []
    number = 1_000
    rank = 1
    while number - 1_000 < articles:
        size = max(1, articles // (6 * rank))
        by = tuple(f"{kinds[(rank + n) % len(kinds)]} {n}" for n in range(size))
        start = datetime(2026, 12, 28, tzinfo=UTC)
        members = tuple(
            archived(
                number + n,
                f"Bayram tədbirləri haqqında uzun və ətraflı xəbər başlığı, nömrə {rank}",
                by=name,
                language=("az", "ru", "en", "tr", "de", "fa", "fr", "ar", None)[(rank + n) % 9],
                at=start + timedelta(minutes=(n * 37 + rank * 211) % (7 * 24 * 60 - 300)),
                seen=0.4,
                text="söz " * 40,
            )
            for n, name in enumerate(by)
        )
        ordered = tuple(sorted(members, key=lambda found: found.published_at))
        sentence = "Tədbirdə müxtəlif ölkələrdən gəlmiş qonaqlar çıxış etdi, sözlər deyildi. " * 4
        stories.append(told(ordered, sentences=(sentence,) * 3))
        number += size
        rank += 1
    material = replace(
        HOLIDAY,
        stories=tuple(stories),
        mentions=_mentions() * 40,
        passages=_passages() * 50,
        keywords=_keywords() * 40,
        other_weeks={Week(2026, 52): counts(1_240, stories=300), Week(2026, 1): counts(8_614)},
        method=method(asked=300, down=60, stored=articles, seen=3 * articles),
    )
    return make_digest(HOLIDAY_WEEK, material, TOPIC)
