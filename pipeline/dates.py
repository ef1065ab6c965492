"""What a feed or a page says of its moment.

The strings are not what the standards say: months in over thirty languages, day before month,
zones named AZT or left out, epochs, `0000-00-00`. Measured, feedparser reads
`30-12-2021` as 2030, AZT and MSK as UTC, and no month but the English ones; of 41
forms that real pages of our sources show, dateparser misses eleven, and it takes
milliseconds. So the forms are read here, with a few regular expressions: find the day,
then the clock beside it, then the zone beside that.

Day before month always, unless only the other order gives a date, or the caller knows
that the page is American. A moment that cannot be (30 February, 1970, the future) is no
moment: a wrong one is worse than none. A year from 1300 to 1500 is one of the Iranian
calendar; those of the Islamic calendar look the same but lie in our future if so read,
and its months are not known here, so it is left unread rather than misread.
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


@dataclass(frozen=True, slots=True)
class Told:
    """A moment as a string tells it."""

    at: datetime  # in the zone that is told, so its date is the day that is written
    precision: Precision
    is_whole: bool = True  # False: the year is left out, or it is told from now backwards

    @property
    def day(self) -> date:
        """The day as it is written."""
        return self.at.date()

    def moment(self, origin: str) -> Moment:
        """Return the same moment in UTC, as read at ``origin``."""
        return Moment(at=self.at.astimezone(UTC), precision=self.precision, origin=origin)


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
    told = read_told(raw, zone=zone, now=now)
    return told.moment(origin) if told else None


def read_told(raw: str, *, zone: ZoneInfo, now: datetime, month_first: bool = False) -> Told | None:
    """Return what ``raw`` tells, as `read_moment` does, in the zone that it is told in.

    With ``month_first``, 3/4/2020 is the fourth of March.

    >>> from datetime import UTC, datetime
    >>> baku, now = ZoneInfo("Asia/Baku"), datetime(2026, 1, 2, tzinfo=UTC)
    >>> read_told("2025-12-31T23:30:00-05:00", zone=baku, now=now).day.isoformat()
    '2025-12-31'
    >>> read_told("3/4/2020", zone=baku, now=now, month_first=True).day.isoformat()
    '2020-03-04'
    """
    text = _plain(raw)
    try:
        told = (
            _read_digits(text, zone)
            or _read_day(text, zone, now, month_first=month_first)
            or _read_relative(text, zone, now)
        )
        if told is None or told.at.year <= _LAST_EMPTY_YEAR:
            return None
        return told if told.at.astimezone(UTC) <= now + _FUTURE else None
    except (ValueError, OverflowError):  # no such day, no such hour
        return None


#: Letters that are read as one; the marks for year, month and day in East Asia part
#: numbers as hyphens do.
_SAME = {
    "a": "äáàâãåăą", "c": "çćč", "d": "ďđ", "e": "əéèêëěęė", "g": "ğ", "i": "ıíìîï", "l": "łľ",
    "n": "ñńňņ", "o": "öóòôõőø", "r": "řŕ", "s": "şșśš", "t": "ţțť", "u": "üúùûůűū",
    "y": "ý", "z": "žźż", "е": "ё", "ک": "ك", "ی": "يىئ", "ا": "إأآ",
    "-": "–−—‑年月년월", "'": "’ʼ`", ":": "：時时시", " ": "日일\u00a0\u2009\u202f\u3000",
    "": "\u0307\u0308\u0327\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\ufeff",
}  # fmt: skip
#: The digits nought of the Arabic, the Persian, the Hindi and the Bengali script.
_ZEROS = "٠۰०০"
_LETTERS = {ord(form): plain for plain, forms in _SAME.items() for form in forms} | {
    ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)
}
#: Months with two words, by a name with one.
_TWO_WORDS = {
    "کانون الثانی": "ینایر", "کانون الاول": "دیسمبر", "تشرین الاول": "اکتوبر",
    "تشرین الثانی": "نوفمبر",
}  # fmt: skip


def _plain(raw: str) -> str:
    text = raw[:_LONGEST].strip().replace("İ", "i").lower()
    if text.isascii():
        return text
    text = text.translate(_LETTERS)
    for name, other in _TWO_WORDS.items():
        text = text.replace(name, other)
    return text


# --- digits only -----------------------------------------------------------

_EPOCH = re.compile(r"(\d{10})(?:\d{3}|\.\d+)?$", re.ASCII)
_COMPACT = re.compile(
    r"((?:19|20)\d\d)(\d\d)(\d\d)(?:t?(\d\d)(\d\d)(\d\d)?(?:\.?\d{3})?(z|[+-]\d\d:?\d\d)?)?$",
    re.ASCII,
)


def _read_digits(text: str, zone: ZoneInfo) -> Told | None:
    """Read epochs of 10 or 13 digits and dates without separators."""
    if not text[:8].isdecimal():
        return None
    if found := _COMPACT.match(text):
        year, month, day, hour, minute, second, offset = found.groups()
        at = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            tzinfo=_read_offset(offset) if offset else zone,
        )  # fmt: skip
        return Told(at, Precision.MINUTE if hour else Precision.DAY)
    if found := _EPOCH.match(text):
        return Told(datetime.fromtimestamp(int(found[1]), UTC), Precision.MINUTE)
    return None


# --- a day, and the clock beside it ----------------------------------------

_YMD = re.compile(
    r"(?<![\d:])(?<!\d[-/.])(\d{4})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\.?\d)", re.ASCII
)
_DMY = re.compile(
    r"(?<![\d:])(?<!\d[-/.])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d\d)(?![\d:]|[-/.]\d)",
    re.ASCII,
)
_YEAR = r"(\d{4}|'?\d\d(?=\s+\d{1,2}:|\s*$))"
_DAY_MONTH = re.compile(
    r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th|er|re|\.|º|°)?[\s./-]*(?:(?:de|of)\s+|d'|ב)?"
    rf"([^\W\d_]{{2,}})(?:[\s.,/'-]|de\b|del\b)*{_YEAR}?"
)
_MONTH_DAY = re.compile(
    rf"(?!ago\b)([^\W\d_]{{2,}})\.?[\s/-]+(\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])[\s,]*{_YEAR}?"
)
_LONE_YEAR = re.compile(r"(?<![\d:.+-])((?:19|20)\d\d)(?![\d:])")
_LONE_IRANIAN_YEAR = re.compile(r"(?<![\d:.+-])(1[34]\d\d)(?![\d:])")
_CLOCK = re.compile(
    r"(?<![\d:.,+-])(\d{1,2})\s?[:h.]\s?(\d\d)(?::(\d\d?)(?:[.,]\d+)?)?(?![\d:])"
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
    is_iranian: bool


def _read_day(text: str, zone: ZoneInfo, now: datetime, *, month_first: bool) -> Told | None:
    found = _find_day(text, now.year, month_first=month_first)
    if found is None:
        return None
    after, before = text[found.end :], text[: found.start]
    clock = _CLOCK.search(after) or _CLOCK.search(before)
    here = _find_zone(after if clock and clock.string == after else before, clock) or zone
    lone = (_LONE_IRANIAN_YEAR if found.is_iranian else _LONE_YEAR).search
    year = found.year or next((int(y[1]) for y in (lone(after), lone(before)) if y), None)
    day = _date_of(found, year) if year else _latest(found, now.astimezone(zone).date())
    return _at_clock(day, clock, here, is_whole=bool(year))


def _date_of(found: _Day, year: int) -> date:
    of_calendar = _from_iranian if found.is_iranian else date
    return of_calendar(year, found.month, found.day)


_MONTHS_A_YEAR = 12


def _find_day(text: str, this_year: int, *, month_first: bool) -> _Day | None:
    if found := _YMD.search(text):
        year = int(found[1])
        return _Day(*found.span(), int(found[4]), int(found[3]), year, _is_iranian(year))
    if found := _DMY.search(text):
        day, month = int(found[1]), int(found[3])
        is_american = month_first and found[2] == "/" and day <= _MONTHS_A_YEAR
        if is_american or month > _MONTHS_A_YEAR >= day:  # or else there is no such month
            day, month = month, day
        year = _full_year(found[4], this_year) or 0
        return _Day(*found.span(), day, month, year, _is_iranian(year))
    for found, day_text, name in _written_days(text):
        for months in (MONTHS, _IRANIAN_MONTHS):
            if name in months:
                year_told = _full_year(found[3], this_year)
                is_iranian = months is _IRANIAN_MONTHS
                return _Day(*found.span(), int(day_text), months[name], year_told, is_iranian)
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


#: A leap day may be eight years back: 1896 to 1904, 2096 to 2104.
_LEAP_YEARS_APART = 8


def _latest(found: _Day, today: date) -> date | None:
    """Return the last such day up to tomorrow; None for one that never is."""
    newest = today.year + 1 - (_IRANIAN_YEARS_LESS if found.is_iranian else 0)
    for year in range(newest, newest - _LEAP_YEARS_APART - 2, -1):
        try:
            that = _date_of(found, year)
        except ValueError:  # 29 February
            continue
        if that <= today + timedelta(days=1):
            return that
    return None


_NOON = 12
_LAST_SECOND = 59  # a leap second is the second before it


def _at_clock(
    day: date | None, clock: re.Match[str] | None, zone: tzinfo, *, is_whole: bool
) -> Told | None:
    if day is None:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if clock is None:
        return Told(midnight, Precision.DAY, is_whole)
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3] or 0)
    if clock[4]:
        hour = hour % _NOON + (_NOON if clock[4] == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):  # ISO 8601: the end of the day
        return Told(midnight + timedelta(days=1), Precision.MINUTE, is_whole)
    at = midnight.replace(hour=hour, minute=minute, second=min(second, _LAST_SECOND))
    return Told(at, Precision.MINUTE, is_whole)


# --- the Iranian calendar --------------------------------------------------

#: Years that the calendar may count today; those of ours begin with 19 and 20.
_IRANIAN_YEARS = range(1300, 1501)
#: At least so many years less than ours.
_IRANIAN_YEARS_LESS = 621
#: The day before the first of Farvardin of the year 1, counted as `date.toordinal` does
#: but by the rule below, which holds for the years above: 1 Farvardin 1403 = 20 March 2024.
_BEFORE_YEAR_1 = 226_894
_LONG_MONTHS = 6  # of 31 days; the others have 30, the last 29 but in leap years


def _is_iranian(year: int) -> bool:
    return year in _IRANIAN_YEARS


def _from_iranian(year: int, month: int, day: int) -> date:
    """Return the day that 1402/10/10 stands for; raise ValueError if there is none.

    Eight of 33 years are leap years, the first of the cycle and then each fourth, with one
    step of five: Borkowski, "The Persian calendar for 3000 years", 1996, whose table it
    follows from 1210 to 1501.
    """
    is_leap = (8 * year + 29) % 33 < 8  # noqa: PLR2004 - the cycle itself
    longest = 31 if month <= _LONG_MONTHS else 30 if month < _MONTHS_A_YEAR or is_leap else 29
    if year not in _IRANIAN_YEARS or not (1 <= month <= _MONTHS_A_YEAR and 1 <= day <= longest):
        raise ValueError("no such day in the Iranian calendar")
    before_year = 365 * (year - 1) + (8 * (year - 1) + 29) // 33
    before_month = 30 * (month - 1) + min(month - 1, _LONG_MONTHS)
    return date.fromordinal(_BEFORE_YEAR_1 + before_year + before_month + day)


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


def _read_relative(text: str, zone: ZoneInfo, now: datetime) -> Told | None:
    here = now.astimezone(zone)
    if found := _NAMED_DAY.search(text):
        day = here.date() - timedelta(days=_DAYS_AGO[found[1]])
        return _at_clock(day, _CLOCK.search(text), zone, is_whole=False)
    found = _AGO.search(text)
    if not found or not (found[3] or _BEFORE.search(text)):
        return None
    minutes = _UNITS[found[2]] * (int(found[1]) if found[1].isdecimal() else 1)
    if minutes >= _MINUTES_A_DAY:
        day = (here - timedelta(minutes=minutes)).date()
        return _at_clock(day, None, zone, is_whole=False)
    return Told(here - timedelta(minutes=minutes), Precision.MINUTE, is_whole=False)


# --- months ----------------------------------------------------------------

#: Twelve columns a language, forms parted by "/", in any letters that `_plain` reads as one.
#: All languages stand together, since pages mix them: Azerbaijani texts have Turkish
#: months, and French pages English ones.
_MONTH_NAMES = """
yanvar/yan fevral/fev mart/mar aprel/apr may iyun/iyn iyul/iyl avqust/avq sentyabr/sen/sent \
oktyabr/okt noyabr/noy dekabr/dek
yanvarın fevralın martın aprelin mayın iyunun iyulun avqustun sentyabrın oktyabrın noyabrın \
dekabrın
yanvarda fevralda martda apreldə mayda iyunda iyulda avqustda sentyabrda oktyabrda noyabrda \
dekabrda
ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki \
kasım/kas aralık/ara
январь/января/янв февраль/февраля/фев/февр март/марта/мар апрель/апреля/апр май/мая \
июнь/июня/июн июль/июля/июл август/августа/авг сентябрь/сентября/сен/сент октябрь/октября/окт \
ноябрь/ноября/ноя/нояб декабрь/декабря/дек
јанвар феврал март апрел мај ијун ијул август сентјабр октјабр нојабр декабр
січень/січня/січ лютий/лютого/лют березень/березня/бер квітень/квітня/кві травень/травня/тра \
червень/червня/чер липень/липня/лип серпень/серпня/сер вересень/вересня/вер жовтень/жовтня/жов \
листопад/листопада/лис грудень/грудня/гру
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада \
снежня
януари февруари март април май юни юли август септември октомври ноември декември
јануар/јануара фебруар/фебруара март/марта април/априла мај/маја јун/јуна јул/јула \
август/августа септембар/септембра октобар/октобра новембар/новембра децембар/децембра
қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sep/sept \
october/oct november/nov december/dec
januar/jänner/jän februar/feber märz/mrz/maerz april mai juni juli august september oktober/okt \
november dezember/dez
janvier/janv février/févr/fév mars avril/avr mai juin juillet/juil août septembre octobre \
novembre décembre
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre \
noviembre diciembre/dic
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott \
novembre dicembre
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie \
decembrie
januari februari maart april mei juni juli augustus september oktober november december
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts/mars april maj/mai juni juli august september oktober november \
december/desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta \
lokakuuta marraskuuta joulukuuta
stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec \
lipca/lipiec sierpnia/sierpień września/wrzesień października/październik listopada/listopad \
grudnia/grudzień
ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec \
srpna/srpen září října/říjen listopadu prosince/prosinec
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
január február március április május június július augusztus szeptember október november \
december
januari februari maret april mei juni juli agustus september oktober november/nopember desember
ιανουαρίου/ιαν φεβρουαρίου/φεβ μαρτίου απριλίου/απρ μαΐου ιουνίου ιουλίου αυγούστου/αυγ \
σεπτεμβρίου/σεπ οκτωβρίου/οκτ νοεμβρίου/νοε δεκεμβρίου/δεκ
იანვარი/იან თებერვალი/თებ მარტი აპრილი/აპრ მაისი/მაი ივნისი ივლისი აგვისტო/აგვ სექტემბერი/სექ \
ოქტომბერი/ოქტ ნოემბერი/ნოე დეკემბერი/დეკ
հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի \
դեկտեմբերի
ינואר פברואר מרץ/מרס אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
ژانویه فوریه مارس آوریل/اپریل مه/می ژوئن/جون ژوئیه/جولای اوت/اگوست/آگوست سپتامبر اکتبر نوامبر \
دسامبر
يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر
_ شباط آذار نيسان أيار حزيران تموز آب أيلول _ _ _
"""
#: Those of Iran, then those of Afghanistan.
_IRANIAN_MONTH_NAMES = """
فروردین اردیبهشت خرداد تیر مرداد/امرداد شهریور مهر آبان آذر دی بهمن اسفند
حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت
"""


def _by_name(names: str) -> dict[str, int]:
    return {
        _plain(form): number
        for language in names.split("\n")
        for number, forms in enumerate(language.split(), start=1)
        for form in forms.split("/")
    }


MONTHS = _by_name(_MONTH_NAMES)
_IRANIAN_MONTHS = _by_name(_IRANIAN_MONTH_NAMES)
