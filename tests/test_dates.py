"""read_moment: the strings that real feeds and pages show."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import MONTHS, read_moment, read_told
from pipeline.model import Moment, Precision

BAKU = ZoneInfo("Asia/Baku")
NOW = datetime(2026, 1, 2, 8, tzinfo=UTC)


def read(raw: str, zone: ZoneInfo = BAKU, now: datetime = NOW) -> Moment | None:
    return read_moment(raw, zone=zone, now=now)


#: What is written → the moment, in UTC.
MINUTES = [
    # RFC 822 and its relatives
    ("Wed, 31 Dec 2025 10:00:00 GMT", "2025-12-31 10:00"),
    ("Wed, 31 Dec 2025 10:00:00 +0400", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 -0530", "2025-12-31 15:30"),
    ("Wed, 31 Dec 2025 10:00:00 AZT", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 MSK", "2025-12-31 07:00"),
    ("Tue, 31 Dec 2013 10:00:00 MSK", "2013-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 TRT", "2025-12-31 07:00"),
    ("Wed, 31 Dec 2025 10:00:00 EST", "2025-12-31 15:00"),
    ("Wed, 31 Dec 2025 10:00:00 GMT+4", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 +0400 GMT", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 +9900", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00 XYZ", "2025-12-31 06:00"),
    ("Wed, 31 Dec 2025 10:00:00", "2025-12-31 06:00"),
    ("Mon, 31 Dec 25 10:00:00 GMT", "2025-12-31 10:00"),
    ("Fri, 31 Dec 99 10:00:00 GMT", "1999-12-31 10:00"),
    ("Thu, 3 Sept 2020 10:00:00 GMT", "2020-09-03 10:00"),
    ("Wed Dec 31 10:00:00 2025", "2025-12-31 06:00"),
    ("Wed Dec 31 2025 10:00:00 GMT+0300 (Arabian Standard Time)", "2025-12-31 07:00"),
    # ISO 8601
    ("2025-12-31T10:00:00+04:00", "2025-12-31 06:00"),
    ("2025-12-31T10:00:00.123456Z", "2025-12-31 10:00"),
    ("2025-12-31T10:15:0Z", "2025-12-31 10:15"),
    ("2025-12-31T10:00", "2025-12-31 06:00"),
    ("2025-12-31 10:00:00+04", "2025-12-31 06:00"),
    ("2025-12-31T24:00:00Z", "2026-01-01 00:00"),
    ("2025-06-30T23:59:60Z", "2025-06-30 23:59"),
    ("20251231T100000Z", "2025-12-31 10:00"),
    ("20211230104438", "2021-12-30 06:44"),
    # epochs
    ("1767124800", "2025-12-30 20:00"),
    ("1767124800123", "2025-12-30 20:00"),
    # as pages of our sources show them
    ("2025/12/31 15:07:41", "2025-12-31 11:07"),
    ("30-12-2021, 11:46", "2021-12-30 07:46"),
    ("Tarix: 30-12-2021, 11:46", "2021-12-30 07:46"),
    ("10:56 - 30 / 12 / 2021", "2021-12-30 06:56"),
    ("16:15 18.06.2021", "2021-06-18 12:15"),
    ("19.11.2018 18:25", "2018-11-19 14:25"),
    ("31 dekabr, 2025\n00:00", "2025-12-30 20:00"),
    ("31 декабря, 2025 00:00", "2025-12-30 20:00"),
    ("31 December 2023 13:00 (UTC+04:00)", "2023-12-31 09:00"),
    ("3 İyul 2007 16:57 (UTC +04:00)", "2007-07-03 12:57"),
    ("# 30 dekabr 2015 08:38 (UTC +04:00)", "2015-12-30 04:38"),
    ("28 Dekabr 2021, 15:13", "2021-12-28 11:13"),
    ("Çar, 31 Ara 2025 10:00", "2025-12-31 06:00"),
    ("Dec 29, 2014 3:05 PM", "2014-12-29 11:05"),
    ("Dec 29, 2014 12:05 a.m.", "2014-12-28 20:05"),
    ("29. Dezember 2014 um 14.25 Uhr", "2014-12-29 10:25"),
    ("le 29 décembre 2014 à 14h25", "2014-12-29 10:25"),
    ("١٥ ديسمبر ٢٠٢٤ 10:00", "2024-12-15 06:00"),
    # relative to now, 12:00 in Baku
    ("bu gün 12:30", "2026-01-02 08:30"),
    ("Сегодня, 12:30", "2026-01-02 08:30"),
    ("dünən, 23:10", "2026-01-01 19:10"),
    ("2 saat əvvəl", "2026-01-02 06:00"),
    ("15 dəqiqə əvvəl", "2026-01-02 07:45"),
    ("5 минут назад", "2026-01-02 07:55"),
    ("3 saat önce", "2026-01-02 05:00"),
    ("an hour ago", "2026-01-02 07:00"),
    ("vor 3 Stunden", "2026-01-02 05:00"),
    ("10 دقیقه پیش", "2026-01-02 07:50"),
    ("2 hours ago · 5 comments", "2026-01-02 06:00"),
    ("an hour ago 5 min read", "2026-01-02 07:00"),
    ("2024年04月24日23:52", "2024-04-24 19:52"),
    ("2025/12/31 09時05分", "2025-12-31 05:05"),
]


@pytest.mark.parametrize(("raw", "moment"), MINUTES)
def test_moments_are_read_to_the_minute(raw: str, moment: str) -> None:
    found = read(raw)
    assert found is not None
    assert found.at.strftime("%Y-%m-%d %H:%M") == moment
    assert found.at.tzinfo is UTC
    assert found.precision is Precision.MINUTE


DAYS = [
    ("2025-12-31", "2025-12-31"),
    ("20151224", "2015-12-24"),
    ("31-12-2025", "2025-12-31"),
    ("12/31/2025", "2025-12-31"),
    ("3/4/2025", "2025-04-03"),
    ("22.11.2024", "2024-11-22"),
    ("Bakı/17.11.17/Turan:", "2017-11-17"),
    ("December 29, 2014", "2014-12-29"),
    ("31st of December 2014", "2014-12-31"),
    ("25 Aralık 2018 tarihinde", "2018-12-25"),
    ("31 ARALIK 2020 ÇARŞAMBA", "2020-12-31"),
    ("3 Kasım 2021", "2021-11-03"),
    ("31 dekabr 2021-ci il", "2021-12-31"),
    ("1993-cü il dekabrın 16-sı", "1993-12-16"),
    ("Ср, 31 дек 2025", "2025-12-31"),
    ("5 травня 2021", "2021-05-05"),
    ("31 de diciembre de 2024", "2024-12-31"),
    ("1er janvier 2020", "2020-01-01"),
    ("نوامبر 22, 2018", "2018-11-22"),
    ("2024年04月24日", "2024-04-24"),
    ("2025년 1월 29일", "2025-01-29"),
    ("Thứ tư, 31/12/2025", "2025-12-31"),
    ("2025-12-31 | 14:xx", "2025-12-31"),
    ("31 dekabrda, 2021-ci ildə", "2021-12-31"),
    ("۳۱ دسامبر ۲۰۲۰", "2020-12-31"),
    # without a year: the latest that is past
    ("Bakı, 5 iyul, AZƏRTAC", "2025-07-05"),
    ("Bakou, 1er janvier, AZERTAC", "2026-01-01"),
    ("БАКУ, 31 дек — агентство", "2025-12-31"),
    ("dekabrın 31-i", "2025-12-31"),
    ("3 yanvar", "2026-01-03"),
    ("4 yanvar", "2025-01-04"),
    ("29 fevral", "2024-02-29"),
    # relative
    ("dünən", "2026-01-01"),
    ("вчера", "2026-01-01"),
    ("il y a 2 jours", "2025-12-31"),
    ("1 həftə əvvəl", "2025-12-26"),
]


@pytest.mark.parametrize(("raw", "day"), DAYS)
def test_a_day_without_a_clock_starts_at_midnight_of_the_source(raw: str, day: str) -> None:
    found = read(raw)
    assert found is not None
    assert found.at.astimezone(BAKU).strftime("%Y-%m-%d %H:%M") == f"{day} 00:00"
    assert found.precision is Precision.DAY


@pytest.mark.parametrize(
    "raw",
    [
        "", "hello", "GMT+4", "0000-00-00 00:00:00", "0000-00-00", "1970-01-01T00:00:00Z", "0",
        "30 Feb 2025", "31.04.2025", "2025-13-13", "2025-12-31T25:00:00", "30 fevral",
        "2031-01-01", "3 January 2026, 13:59", "99999999999999", "12345678", "5 saat",
        "Yanvar", "31", "10:30", "9999-12-31T23:59:59-01:00",
        # the Islamic calendar, its years read as Iranian ones are in our future
        "12 رجب 1445", "1445/07/12", "١٢/٧/١٤٤٥",
        # no such day, or no such year, in the Iranian calendar
        "31 مهر 1402", "30 اسفند 1402", "1402/12/30", "1402/13/01", "۲۶ اردیبهشت ۲۰۱۷",
        "31 دی 96",
        # numbers that are no days
        "10.12.20.21", "v1.2.2020.3", "12-34-5678", "+994 12 345-67-89", "3-1", "192.168.10.20",
        "45/46/2020", "1.500.000", "20 000", "50 milyon", "1993-1994", "2 hours", "5 min read",
        "marted 2020", "Maybe 5", "7 days a week", "Top 10", "31 azerbaijanis",
    ],
)  # fmt: skip
def test_what_cannot_be_is_no_moment(raw: str) -> None:
    assert read(raw) is None


#: The last day of October in many languages, and what else their pages write beside it.
LANGUAGES = [
    ("az", "31 oktyabr 2024"), ("az", "31 OKTYABR 2024-cü il"), ("az", "2024-cü il oktyabrın 31-i"),
    ("az in Cyrillic", "31 октјабр 2024"), ("tr", "31 Ekim 2024 Perşembe"), ("tr", "31 EKİ 2024"),
    ("ru", "31 октября 2024 г."), ("ru", "чт, 31 окт. 2024"), ("uk", "31 жовтня 2024 року"),
    ("be", "31 кастрычніка 2024"), ("bg", "31 октомври 2024 г."), ("sr", "31. октобар 2024."),
    ("kk", "31 қазан 2024"), ("en", "Thursday, October 31st, 2024"), ("en", "31 Oct '24"),
    ("de", "Donnerstag, 31. Oktober 2024"), ("de", "31. Okt. 2024"),
    ("fr", "jeudi 31 octobre 2024"), ("es", "31 de octubre de 2024"),
    ("es", "31 de octubre del 2024"), ("pt", "31 de outubro de 2024"),
    ("it", "giovedì 31 ottobre 2024"), ("ca", "31 d'octubre de 2024"), ("ro", "31 octombrie 2024"),
    ("nl", "donderdag 31 oktober 2024"), ("sv", "31 oktober 2024"), ("fi", "31. lokakuuta 2024"),
    ("pl", "31 października 2024"), ("cs", "31. října 2024"), ("sk", "31. októbra 2024"),
    ("hu", "2024. október 31."), ("id", "Kamis, 31 Oktober 2024"), ("el", "31 Οκτωβρίου 2024"),
    ("ka", "31 ოქტომბერი 2024"), ("hy", "31 հոկտեմբերի 2024"), ("he", "31 באוקטובר 2024"),
    ("fa", "۳۱ اکتبر ۲۰۲۴"), ("ar", "٣١ أكتوبر ٢٠٢٤"), ("ar of the Levant", "31 تشرين الأول 2024"),
    ("Iranian", "۱۰ آبان ۱۴۰۳"), ("Iranian", "پنجشنبه ۱۰ آبان ۱۴۰۳"), ("Iranian", "۱۴۰۳/۰۸/۱۰"),
    ("Iranian, turned", "10/08/1403"), ("Afghan", "۱۰ عقرب ۱۴۰۳"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "raw"), LANGUAGES)
def test_a_day_is_read_in_many_languages(language: str, raw: str) -> None:
    found = read(raw)
    assert found is not None, language
    assert found.at.astimezone(BAKU).date() == date(2024, 10, 31)


#: The first of Farvardin as the calendar centre in Tehran gives it; years before a leap year,
#: leap years and years after them.
NEW_YEARS = [
    (1357, "1978-03-21"), (1375, "1996-03-20"), (1376, "1997-03-21"), (1391, "2012-03-20"),
    (1395, "2016-03-20"), (1396, "2017-03-21"), (1399, "2020-03-20"), (1400, "2021-03-21"),
    (1403, "2024-03-20"), (1404, "2025-03-21"),
]  # fmt: skip


@pytest.mark.parametrize(("year", "day"), NEW_YEARS)
def test_the_iranian_year_begins_in_spring(year: int, day: str) -> None:
    found = read(f"{year}/01/01 12:00")
    assert found is not None
    assert found.at.date().isoformat() == day
    before = read(f"29 اسفند {year - 1}")
    assert before is not None
    is_leap_year = year - 1 in {1375, 1399, 1403, 1395}
    assert (found.at.date() - before.at.astimezone(BAKU).date()).days == 1 + is_leap_year


@given(st.dates(date(1971, 1, 2), date(2025, 12, 31)))
def test_days_follow_each_other_in_the_iranian_calendar(day: date) -> None:
    # Nowruz falls on 20, 21 or 22 March; the first six months have 31 days.
    year = day.year - 621
    first = read(f"{year}/1/1 12:00")
    if first is None:  # not yet
        return
    passed = (day - first.at.date()).days
    if 0 <= passed < 186:
        found = read(f"{year}/{passed // 31 + 1}/{passed % 31 + 1} 12:00")
        assert found is not None
        assert found.at.date() == day


def test_an_iranian_day_without_a_year_is_the_latest() -> None:
    found = read("۱۱ دی")  # of 1404: 1 January 2026
    earlier = read("۱۵ دی")
    assert found is not None
    assert earlier is not None
    assert found.at.astimezone(BAKU).date() == date(2026, 1, 1)
    assert earlier.at.astimezone(BAKU).date() == date(2025, 1, 4)


@pytest.mark.parametrize(
    ("raw", "month_first", "day"),
    [
        ("3/4/2020", False, "2020-04-03"),
        ("3/4/2020", True, "2020-03-04"),
        ("3/4/20 10:30 PM", True, "2020-03-04"),
        ("13/4/2020", True, "2020-04-13"),
        ("4/13/2020", False, "2020-04-13"),
        ("3.4.2020", True, "2020-04-03"),
        ("3-4-2020", True, "2020-04-03"),
        ("2020/3/4", True, "2020-03-04"),
    ],
)
def test_the_month_is_first_only_where_that_is_known(raw: str, month_first: bool, day: str) -> None:
    told = read_told(raw, zone=BAKU, now=NOW, month_first=month_first)
    assert told is not None
    assert told.day.isoformat() == day


@pytest.mark.parametrize(
    ("raw", "day", "is_whole"),
    [
        ("2025-12-31T23:30:00-05:00", "2025-12-31", True),  # in UTC and Baku the next day
        ("2025-12-31T22:30:00Z", "2025-12-31", True),
        ("Wed, 31 Dec 2025 23:30:00 EST", "2025-12-31", True),
        ("31 dekabr 2025 00:30", "2025-12-31", True),
        ("1767124800", "2025-12-30", True),
        ("31 dekabr", "2025-12-31", False),
        ("۱۰ دی", "2025-12-31", False),
        ("dünən, 23:10", "2026-01-01", False),
        ("3 saat əvvəl", "2026-01-02", False),
    ],
)
def test_the_day_is_the_one_that_is_written(raw: str, day: str, is_whole: bool) -> None:
    told = read_told(raw, zone=BAKU, now=NOW)
    assert told is not None
    assert told.day.isoformat() == day
    assert told.is_whole is is_whole
    assert told.moment("x").at == told.at.astimezone(UTC)


def test_the_source_zone_follows_its_history() -> None:
    summer_of_2015 = read("05.07.2015 12:00")
    summer_of_2025 = read("05.07.2025 12:00")
    turkey = read("05.01.2016 12:00", zone=ZoneInfo("Europe/Istanbul"))
    assert summer_of_2015 is not None
    assert summer_of_2025 is not None
    assert turkey is not None
    assert (summer_of_2015.at.hour, summer_of_2025.at.hour, turkey.at.hour) == (7, 8, 10)


def test_a_clock_that_is_a_little_ahead_is_kept() -> None:
    assert read("2 January 2026, 23:59") is not None


def test_the_caller_names_the_origin() -> None:
    found = read_moment("2025-12-31", zone=BAKU, now=NOW, origin="json-ld")
    assert found is not None
    assert found.origin == "json-ld"


def test_a_leap_day_is_found_across_a_century_without_one() -> None:
    found = read("29 fevral", now=datetime(2103, 5, 1, tzinfo=UTC))
    assert found is not None
    assert found.at.astimezone(BAKU).year == 2096


def test_every_month_is_named_in_every_language() -> None:
    assert set(MONTHS.values()) == set(range(1, 13))
    assert {MONTHS[name] for name in ("dekabr", "aralik", "декабря", "december", "dezember")} == {
        12
    }


@given(st.text(max_size=60))
def test_no_string_breaks_it(raw: str) -> None:
    found = read(raw)
    assert found is None or found.at <= NOW + timedelta(hours=24)


@given(st.from_regex(r"[0-9]{1,4}[-/. ][0-9a-z]{1,5}[-/. ][0-9]{1,4}[T ,]{1,2}[0-9:+. ZUTC]{0,14}"))
def test_no_string_of_the_right_shape_breaks_it(raw: str) -> None:
    found = read(raw)
    assert found is None or found.at.tzinfo is UTC


@given(
    st.datetimes(datetime(1991, 1, 1), datetime(2025, 12, 31)),  # noqa: DTZ001
    st.sampled_from(["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d %B %Y %H:%M", "%H:%M %d-%m-%Y"]),
)
def test_what_is_written_in_any_order_is_read_back(moment: datetime, form: str) -> None:
    found = read(moment.strftime(form))
    assert found is not None
    expected = moment.replace(second=0, microsecond=0, tzinfo=BAKU).astimezone(UTC)
    assert found.at == expected
