"""read_moment: the strings that real feeds and pages show."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import MONTHS, read_moment
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
        "۲۶ اردیبهشت ۱۳۹۶", "۱۴۰۲/۱۰/۱۰", "Yanvar", "31", "10:30", "9999-12-31T23:59:59-01:00",
    ],
)  # fmt: skip
def test_what_cannot_be_is_no_moment(raw: str) -> None:
    assert read(raw) is None


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
