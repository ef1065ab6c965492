"""What a feed or a page says of its moment.

The strings are not what the standards say: months in seven languages, day before
month, zones named AZT or left out, epochs, `0000-00-00`. Measured, feedparser reads
`30-12-2021` as 2030, AZT and MSK as UTC, and no month but the English ones; of 41
forms that real pages of our sources show, dateparser misses eleven, and it takes
milliseconds. So the forms are read here, with a few regular expressions: find the day,
then the clock beside it, then the zone beside that.

Day before month always, unless only the other order gives a date. A moment that cannot
be (30 February, 1970, the future) is no moment: a wrong one is worse than none. The
Iranian and the Islamic calendar are left unread rather than misread.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from pipeline.model import Moment, Precision

#: A longer string is prose: its dates are what it tells of, not its own.
_LONGEST = 200
#: Clocks and zones err by some hours; what lies further ahead is an event or a typo.
_FUTURE = timedelta(hours=24)
#: Epoch 0 and less stands for "no date".
_LAST_EMPTY_YEAR = 1970


def read_moment(raw: str, *, zone: ZoneInfo, now: datetime, origin: str = "") -> Moment | None:
    """Return the moment that ``raw`` names, in UTC; None if it names none that can be.

    ``zone`` holds where the string names no zone; the latest past year where it names no
    year. A day without a clock is its first moment in ``zone``, with precision DAY.

    >>> from datetime import UTC, datetime
    >>> baku, now = ZoneInfo("Asia/Baku"), datetime(2026, 1, 2, tzinfo=UTC)
    >>> read_moment("31 dekabr, 2025 00:30", zone=baku, now=now).at.isoformat()
    '2025-12-30T20:30:00+00:00'
    >>> read_moment("30-12-2021, 11:46", zone=baku, now=now).at.isoformat()
    '2021-12-30T07:46:00+00:00'
    >>> read_moment("0000-00-00 00:00:00", zone=baku, now=now) is None
    True
    """
    text = _plain(raw)
    try:
        claim = (
            _read_digits(text, zone)
            or _read_day(text, zone, now)
            or _read_relative(text, zone, now)
        )
        if claim is None:
            return None
        at = claim[0].astimezone(UTC)
    except (ValueError, OverflowError):  # no such day, no such hour
        return None
    if at.year <= _LAST_EMPTY_YEAR or at > now + _FUTURE:
        return None
    return Moment(at=at, precision=claim[1], origin=origin)


#: A moment and how exactly it is told.
_Claim = tuple[datetime, Precision]

_LETTERS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ıəşçğöüéèêûôâäñёيكأإآ−–—’\u00a0\u202f\u3000",
    "01234567890123456789iescgoueeeuoaanеیکااا---'   ",
    "\u0307\u0308\u0327\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\ufeff",
)


def _plain(raw: str) -> str:
    text = raw[:_LONGEST].strip().replace("İ", "i").lower()
    return text if text.isascii() else text.translate(_LETTERS)


# --- digits only -----------------------------------------------------------

_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?$", re.ASCII)
_COMPACT = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(?:\.?\d{3})?(z|[+-]\d\d:?\d\d)?)?$",
    re.ASCII,
)


def _read_digits(text: str, zone: ZoneInfo) -> _Claim | None:
    """Read epochs of 10 or 13 digits and dates without separators."""
    if not text[:8].isdecimal():
        return None
    if found := _COMPACT.match(text):
        year, month, day, hour, minute, second, offset = found.groups()
        at = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=_read_offset(offset) if offset else zone,
        )  # fmt: skip
        return at, Precision.MINUTE if hour else Precision.DAY
    if found := _EPOCH.match(text):
        return datetime.fromtimestamp(int(found[1]), UTC), Precision.MINUTE
    return None


# --- a day, and the clock beside it ----------------------------------------

_YMD = re.compile(r"(?<![\d:])(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)", re.ASCII)
_DMY = re.compile(
    r"(?<![\d:.])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?![\d:])", re.ASCII
)
_YEAR = r"(\d{4}|'?\d\d(?=\s+\d{1,2}:|\s*$))"
_DAY_MONTH = re.compile(
    r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th|er|re|\.|º|°)?[\s./-]*(?:(?:de|of|d')\s+)?([^\W\d_]{2,})"
    rf"(?:[\s.,/'-]|de\b)*{_YEAR}?"
)
_MONTH_DAY = re.compile(
    rf"([^\W\d_]{{2,}})\.?[\s/-]+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])[\s,]*{_YEAR}?"
)
_LONE_YEAR = re.compile(r"(?<![\d:.+-])((?:19|20)\d\d)(?![\d:])")
_CLOCK = re.compile(
    r"(?<![\d:.,+-])(\d{1,2})\s?[:h.]\s?(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?![\d:])"
    r"(?:\s*([ap])\.?m\b)?"
)


@dataclass(frozen=True, slots=True)
class _Day:
    """Where in the string a day stands and what it says."""

    start: int
    end: int
    day: int
    month: int
    year: int | None


def _read_day(text: str, zone: ZoneInfo, now: datetime) -> _Claim | None:
    found = _find_day(text, now.year)
    if found is None:
        return None
    after, before = text[found.end :], text[: found.start]
    clock = _CLOCK.search(after) or _CLOCK.search(before)
    here = _find_zone(after if clock and clock.string == after else before, clock) or zone
    year = found.year or _find_year(after, before)
    day = (
        date(year, found.month, found.day)
        if year
        else _latest(found.month, found.day, now.astimezone(zone).date())
    )
    return _at_clock(day, clock, here)


_MONTHS_A_YEAR = 12


def _find_day(text: str, this_year: int) -> _Day | None:
    if found := _YMD.search(text):
        return _Day(found.start(), found.end(), int(found[4]), int(found[3]), int(found[1]))
    if found := _DMY.search(text):
        day, month = int(found[1]), int(found[3])
        if month > _MONTHS_A_YEAR >= day:  # only the American order gives a month
            day, month = month, day
        return _Day(*found.span(), day, month, _full_year(found[4], this_year))
    for found, day_text, name in _written_days(text):
        if name in MONTHS:
            return _Day(*found.span(), int(day_text), MONTHS[name], _full_year(found[3], this_year))
    return None


def _written_days(text: str) -> Iterator[tuple[re.Match[str], str, str]]:
    """Days with the name of a month, "31 dekabr" before "dekabrın 31-i"."""
    for found in _DAY_MONTH.finditer(text):
        yield found, found[1], found[2]
    for found in _MONTH_DAY.finditer(text):
        yield found, found[2], found[1]


def _full_year(digits: str | None, this_year: int) -> int | None:
    """Two digits stand for the year that is not in the future."""
    if not digits:
        return None
    digits = digits.lstrip("'")
    if len(digits) == len("2026"):
        return int(digits)
    year = this_year - this_year % 100 + int(digits)
    return year if year <= this_year + 1 else year - 100


def _find_year(after: str, before: str) -> int | None:
    found = _LONE_YEAR.search(after) or _LONE_YEAR.search(before)
    return int(found[1]) if found else None


#: A leap day may be eight years back: 1896 to 1904, 2096 to 2104.
_LEAP_YEARS_APART = 8


def _latest(month: int, day: int, today: date) -> date | None:
    """Return the last such day up to tomorrow; None for one that never is."""
    for year in range(today.year + 1, today.year - _LEAP_YEARS_APART - 1, -1):
        try:
            that = date(year, month, day)
        except ValueError:  # 29 February
            continue
        if that <= today + timedelta(days=1):
            return that
    return None


_NOON = 12
_LAST_SECOND = 59  # a leap second is the second before it


def _at_clock(day: date | None, clock: re.Match[str] | None, zone: tzinfo) -> _Claim | None:
    if day is None:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if clock is None:
        return midnight, Precision.DAY
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % _NOON + (_NOON if clock[4] == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601: the end of the day
        return midnight + timedelta(days=1), Precision.MINUTE
    at = midnight.replace(hour=hour, minute=minute, second=min(second, _LAST_SECOND))
    return at, Precision.MINUTE


# --- zones -----------------------------------------------------------------

_ZONE = re.compile(
    r"\s*\(?\s*(?:(?:utc|gmt|msk)\s*([+-]\s?\d{1,2}(?::?\d\d)?)(?!\d)"
    r"|([+-]\d\d(?::?\d\d)?)(?![\d/.-])|([a-z]{1,5})\b)"
)
#: Names that feeds of our sources write, by their offset in minutes. Names that mean
#: several zones (IST, AST) are left out: the source's own zone is the better guess.
_ZONES = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "mez": 60,
    "cest": 120, "mesz": 120, "eet": 120, "eest": 180, "trt": 180, "fet": 180, "msd": 240,
    "samt": 240, "azt": 240, "azst": 300, "get": 240, "gst": 240, "irst": 210, "irdt": 270,
    "uzt": 300, "yekt": 300, "almt": 360, "jst": 540, "est": -300, "edt": -240, "cst": -360,
    "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
}  # fmt: skip
#: No zone on earth is further from UTC.
_WIDEST = 14 * 60


def _find_zone(text: str, clock: re.Match[str] | None) -> tzinfo | None:
    """Return the zone that stands behind the clock; None if none does."""
    found = _ZONE.match(text, clock.end()) if clock else None
    if not found:
        return None
    if found[3] == "msk":
        return _moscow()  # UTC+4 from 2011 to 2014
    if found[3]:
        minutes = _ZONES.get(found[3])
        return None if minutes is None else timezone(timedelta(minutes=minutes))
    return _read_offset(found[1] or found[2])


@cache
def _moscow() -> ZoneInfo:
    return ZoneInfo("Europe/Moscow")


def _read_offset(offset: str) -> tzinfo | None:
    if offset == "z":
        return UTC
    digits = offset[1:].replace(":", "").strip()
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > len("04") else (digits, "0")
    total = int(hours) * 60 + int(minutes)
    if total > _WIDEST:
        return None
    return timezone(timedelta(minutes=-total if offset[0] == "-" else total))


# --- relative moments ------------------------------------------------------

_DAYS_AGO = {
    "bu gun": 0, "bugun": 0, "today": 0, "сегодня": 0, "сьогодні": 0, "heute": 0, "امروز": 0,
    "aujourd'hui": 0, "hoy": 0, "اليوم": 0,
    "dunen": 1, "dun": 1, "yesterday": 1, "вчера": 1, "вчора": 1, "gestern": 1, "hier": 1,
    "ayer": 1, "دیروز": 1, "امس": 1,
}  # fmt: skip
_NAMED_DAY = re.compile(r"(?<!\w)(" + "|".join(_DAYS_AGO) + r")(?!\w)")
#: First letters of the units → minutes.
_UNITS = {
    "saniy": 0, "sec": 0, "sek": 0, "сек": 0, "ثانیه": 0,
    "deqiq": 1, "daki": 1, "dk": 1, "min": 1, "мин": 1, "хв": 1, "دقیقه": 1, "دقیق": 1,
    "saat": 60, "hour": 60, "hr": 60, "час": 60, "годин": 60, "stund": 60, "heure": 60, "hora": 60,
    "ساعت": 60, "ساعه": 60,
    "gun": 1440, "day": 1440, "дн": 1440, "ден": 1440, "tag": 1440, "jour": 1440, "dia": 1440,
    "روز": 1440, "یوم": 1440,
    "hefte": 10080, "hafta": 10080, "week": 10080, "недел": 10080, "тижн": 10080, "woche": 10080,
    "semain": 10080, "semana": 10080, "هفته": 10080,
}  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_AGO = re.compile(
    rf"(?:(?<!\w)(?:vor|il y a|hace|قبل|منذ)\s+)?(?<!\w)(\d{{1,3}}|a|an|bir|one)\s*({_UNIT})\w*"
    r"(?:\s+(evvel|once|назад|тому|ago|پیش|قبل))?"
)
_BEFORE = re.compile(r"(?<!\w)(?:vor|il y a|hace|منذ)\s")
_MINUTES_A_DAY = 1440


def _read_relative(text: str, zone: ZoneInfo, now: datetime) -> _Claim | None:
    here = now.astimezone(zone)
    if found := _NAMED_DAY.search(text):
        day = here.date() - timedelta(days=_DAYS_AGO[found[1]])
        return _at_clock(day, _CLOCK.search(text), zone)
    found = _AGO.search(text)
    if not found or not (found[3] or _BEFORE.search(text)):
        return None
    minutes = _UNITS[found[2]] * (int(found[1]) if found[1].isdecimal() else 1)
    if minutes >= _MINUTES_A_DAY:
        return _at_clock((here - timedelta(minutes=minutes)).date(), None, zone)
    return here - timedelta(minutes=minutes), Precision.MINUTE


# --- months ----------------------------------------------------------------

#: Twelve columns a language, forms parted by "/"; Azerbaijani and Turkish stand together
#: because pages mix them.
_MONTH_NAMES = (
    "yanvar/yan fevral/fev mart/mar aprel/apr may iyun/iyn iyul/iyl avqust/avq "
    "sentyabr/sen/sent oktyabr/okt noyabr/noy dekabr/dek\n"
    "yanvarin fevralin martin aprelin mayin iyunun iyulun avqustun sentyabrin oktyabrin "
    "noyabrin dekabrin\n"
    "ocak/oca subat/sub mart nisan/nis mayis haziran/haz temmuz/tem agustos/agu eylul/eyl "
    "ekim/eki kasim/kas aralik/ara\n"
    "январь/января/янв февраль/февраля/фев/февр март/марта/мар апрель/апреля/апр май/мая "
    "июнь/июня/июн июль/июля/июл август/августа/авг сентябрь/сентября/сен/сент "
    "октябрь/октября/окт ноябрь/ноября/ноя/нояб декабрь/декабря/дек\n"
    "січень/січня лютий/лютого березень/березня квітень/квітня травень/травня червень/червня "
    "липень/липня серпень/серпня вересень/вересня жовтень/жовтня листопад/листопада "
    "грудень/грудня\n"
    "january/jan february/feb march/mar april/apr may june/jun july/jul august/aug "
    "september/sep/sept october/oct november/nov december/dec\n"
    "januar/janner februar/feber marz/mrz/maerz april mai juni juli august september "
    "oktober/okt november dezember/dez\n"
    "janvier/janv fevrier/fevr/fev mars avril/avr mai juin juillet/juil aout septembre octobre "
    "novembre decembre\n"
    "enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre "
    "noviembre diciembre/dic\n"
    "ژانویه فوریه مارس اوریل/اپریل مه/می ژوین/ژوئن/جون ژوییه/ژوئیه/جولای اوت/اگوست سپتامبر "
    "اکتبر نوامبر دسامبر\n"
    "ینایر فبرایر مارس ابریل مایو یونیو یولیو اغسطس سبتمبر اکتوبر نوفمبر دیسمبر\n"
)
MONTHS: dict[str, int] = {
    form: number
    for language in _MONTH_NAMES.splitlines()
    for number, forms in enumerate(language.split(), start=1)
    for form in forms.split("/")
}
