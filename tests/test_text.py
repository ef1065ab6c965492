"""fold, words, sentences and language: the text side of “any spelling finds it”."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text import (
    EXPECTED_LANGUAGES,
    STOP_WORDS,
    fold,
    identify_language,
    sentences,
    words,
)

ROOT = Path(__file__).parents[1]

ALIKE = [
    ("HƏMRƏYLİYİ", "həmrəyliyi"),
    ("HƏMRƏYLİYİ", "hemreyliyi"),
    ("DAYANIŞMA", "dayanışma"),
    ("Hǝmrǝylik", "Həmrəylik"),  # U+01DD, another letter for the same sound
    ("hәmrәylik", "həmrəylik"),  # Cyrillic schwa typed into a Latin text
    ("I\u0307stanbul", "İstanbul"),  # i and a combining dot
    ("s\u0327ey", "şey"),  # s and a combining cedilla
    ("всё ещё", "все еще"),
    ("Й", "и\u0306"),
    ("Azerbaïdjanais", "Azerbaidjanais"),
    ("Solidarität", "SOLIDARITAT"),
    ("Straße", "strasse"),
    ("Azerbaijanis’ day", "Azerbaijanis' day"),
    ("Azerbaijanis` day", "Azerbaijanis´ day"),
    ("آذربایجانی\u200cهای", "اذربایجانیهای"),
    ("كتابي", "کتابی"),
    ("مُحَمَّد", "محمد"),
    ("جـــهان", "جهان"),
    ("۳۱ دسامبر ٢٠٢٣", "31 دسامبر 2023"),
    ("a\u00a0 b\n\tc", "a b c"),
    ("co\u00adope\u200bration", "cooperation"),
    ("«birlik»", '"birlik"'),
    ("1991–2026", "1991-2026"),
    ("Ǣ ŵ ǖ", "ae w u"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_word_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("й", "и"), ("gün", "gen"), ("солидарность", "солидарности"), ("ї", "і")]
)
def test_different_letters_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(st.text(alphabet="aəİIıi’´ِـ\u200c \u0307\u0327ǣكيآۀ\u064f۵ﷲﹷ"))
def test_folding_twice_changes_nothing_where_it_is_hard(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "  " not in once
    assert once.strip() == once


def test_words_keep_the_form_in_which_they_are_written() -> None:
    text = "Bakı’nın 31 dekabr 2021-ci il qərarı: «İstiqlal» — 1,5 milyon, o'zbek; e_mail!"
    assert words(text) == [
        "Bakı’nın", "31", "dekabr", "2021-ci", "il", "qərarı", "İstiqlal", "1,5", "milyon",
        "o'zbek", "e", "mail",
    ]  # fmt: skip


def test_a_persian_word_is_not_parted_by_its_joiner_or_marks() -> None:
    assert words("آذربایجانی\u200cهای جهان، مُحَمَّد") == ["آذربایجانی\u200cهای", "جهان", "مُحَمَّد"]


def test_hyphens_and_quotes_at_the_edge_do_not_belong_to_a_word() -> None:
    assert words("'solidarity' -- day-") == ["solidarity", "day"]


@given(st.text())
def test_every_letter_is_in_some_word(text: str) -> None:
    letters = [c for c in text if c.isalnum()]
    assert [c for word in words(text) for c in word if c.isalnum()] == letters


SENTENCES = [
    ("31 dekabr 1991-ci ildə qərar qəbul olundu. Bu gün bayramdır.", 2),
    ("Tədbirdə prof. Əliyev, dos. Quliyeva və s. qonaqlar iştirak edib. Çıxışlar olub.", 2),
    ("Sərgi H. Əliyev adına Mərkəzdə açılıb. Giriş sərbəstdir.", 2),
    ("В г. Баку, по ул. Низами, прошло шествие. Это было 31 дек. 1989 г. на границе.", 2),
    ("Всего собралось 2,5 тыс. Человек из т.н. диаспоры ждали!", 1),
    ("Prof. Dr. A. B. Yılmaz 29. Kongrede konuştu. Salon doluydu.", 2),
    ("The U.S. embassy greeted Mr. Guliyev at 5.30 p.m. on Monday. It rained.", 2),
    ("It is marked on December 31. The day was named in 1991. Why then?", 3),
    ("Am 31. Dezember, im 20. Jahrhundert, am 3. Tag. Danach nicht mehr.", 2),
    ("«Bu bizim günümüzdür!» Natiq belə dedi.", 2),
    ("“Is it?” asked the reader. “Yes… it is.”", 2),
    ("“Really?” he asked.", 1),
    ("امروز روز همبستگی است؟ بله. فردا چه؟", 3),
    ("یہ دن ہے۔ وہ رات ہے۔", 2),
    ("1. Madde kabul edildi. 2. Madde reddedildi.", 2),
    ("今日は祝日です。明日は違います。", 2),
    ("A heading\nThe text without a stop", 2),
    ("... and so on. End", 2),
    ("", 0),
    ("\n \n", 0),
]


@pytest.mark.parametrize(("text", "number"), SENTENCES)
def test_sentences_are_counted_as_a_reader_would(text: str, number: int) -> None:
    assert len(sentences(text)) == number


@given(st.text())
def test_sentences_lose_nothing_but_blanks(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


LANGUAGES = [
    ("az", "31 dekabr Dünya Azərbaycanlılarının Həmrəyliyi Günüdür"),
    ("az", "DÜNYA AZƏRBAYCANLILARININ HƏMRƏYLİK GÜNÜ"),
    ("az", "Xalqımızın birliyi bu gün qaldırılan bayraqlarda"),
    ("az", "Дүнја Азәрбајҹанлыларынын Һәмрәјлији Ҝүнү"),
    ("az", "دونیا آذربایجانلیلارینین همرایلیک گونو قید ائدیلیر"),
    ("tr", "31 Aralık Dünya Azerbaycanlıları Dayanışma Günü"),
    ("tr", "DAYANIŞMA GÜNÜNÜZ KUTLU OLSUN"),
    ("ru", "День солидарности азербайджанцев всего мира"),
    ("uk", "День солідарності азербайджанців світу"),
    ("uk", "Наказ про затвердження порядку його відзначення"),
    ("uk", "Її відзначають в Україні"),
    ("bg", "Ден на солидарността на азербайджанците по света"),
    ("kk", "Әлем әзербайжандарының ынтымақ күні"),
    ("en", "Solidarity Day of World Azerbaijanis"),
    (
        "en",
        "The letter ə stands in Həmrəylik, which means solidarity in the language of the country",
    ),
    ("de", "Tag der Solidarität der Aserbaidschaner der Welt"),
    ("fr", "La Journée de solidarité des Azerbaïdjanais du monde"),
    ("es", "Día de la Solidaridad de los Azerbaiyanos del Mundo"),
    ("nl", "De dag van de solidariteit werd gevierd"),
    ("pl", "Dzień Solidarności Azerbejdżan Świata"),
    ("fa", "روز همبستگی آذربایجانیان جهان"),
    ("ar", "يوم تضامن أذربيجانيي العالم"),
    ("ka", "მსოფლიოს აზერბაიჯანელთა სოლიდარობის დღე"),
    ("hy", "Ադրբեջանցիների համերաշխության օր"),
    ("he", "יום הסולידריות של אזרבייג'ני העולם"),
    ("zh", "世界阿塞拜疆人团结日"),
    ("ja", "世界アゼルバイジャン人の連帯の日"),
]


@pytest.mark.parametrize(("language", "text"), LANGUAGES)
def test_headlines_are_recognised(language: str, text: str) -> None:
    assert identify_language(text) == language
    assert language in EXPECTED_LANGUAGES


ARTICLES: dict[str, dict[str, str]] = yaml.safe_load(
    (ROOT / "tests/cases/languages.yaml").read_text(encoding="utf-8")
)
PLAIN = ARTICLES["plain"]


@pytest.mark.parametrize(("language", "text"), [*PLAIN.items(), *ARTICLES["doubtful"].items()])
def test_articles_are_recognised_whatever_their_source_writes(language: str, text: str) -> None:
    assert identify_language(text) == language
    assert identify_language(text, expected=("az", "en")) == language


def test_persian_in_letters_of_an_arabic_keyboard_is_persian() -> None:
    text = (
        "به گزارش روابط عمومي اداره كل بنادر، معاون امور مسافري در مراسم افتتاح اسكله جديد با "
        "اشاره به اهميت حمل و نقل دريايي تصريح كرد: تعداد مسافرين خط كشتيراني شهرهاي ساحلي نسبت "
        "به سال قبل افزايش قابل توجهي داشته است. وي تاكيد كرد: تكميل ساختمان جديد ترمينال، تجهيز "
        "اسكله و تامين اعتبار لازم از اولويت هاي اصلي اين اداره محسوب مي شود و مسئولين امر نسبت "
        "به تسريع در اجراي آن اقدام مي كنند."
    )
    assert identify_language(text) == "fa"


def test_azerbaijani_without_its_letters_is_not_taken_for_turkish() -> None:
    text = (
        "Bu gun limanda yeni gemi ucun bir toren olub ve xalq ile qonaqlar da orada olub. Bu xett "
        "ile en cox yolcu olan il budur, cunki her gun bir cox qonaq gelir. Qeyd olunub ki, daha "
        "sonra basqa bir gemi de olacaq, ancaq o, hele yoxdur. Xalq bu gemi ile her yaxin adaya "
        "gedir ve bu, hem ucuz, hem de yaxsidir. Axsam ise yeni qapilar da aciq olacaq."
    )
    assert identify_language(text) == "az"


def test_what_is_plain_needs_no_model() -> None:
    # It takes half a second and 100 MB of each process that reads pages.
    script = (
        "import sys\n"
        "from pipeline.text import identify_language\n"
        f"for language, text in {PLAIN!r}.items():\n"
        "    assert identify_language(text) == language\n"
        "assert not {'py3langid', 'numpy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


@pytest.mark.parametrize("text", ["", "31.12.2026", "OK", "!!! ???", "Bakı"])
def test_too_little_text_has_no_language(text: str) -> None:
    assert identify_language(text) is None


def test_the_source_decides_close_calls_only() -> None:
    assert identify_language("Dan is er de dag", expected=("nl",)) == "nl"
    assert identify_language("Gün ərzində tədbirlər davam edib", expected=("tr",)) == "az"
    turkish = "Cumhurbaşkanı bugün yaptığı açıklamada dayanışma mesajı verdi"
    assert identify_language(turkish, expected=("az",)) == "tr"


def test_stop_words_are_match_forms_and_short_lists() -> None:
    assert set(STOP_WORDS) == {"az", "tr", "ru", "en", "fa", "de", "fr", "es", "ar"}
    for listed in STOP_WORDS.values():
        assert 60 <= len(listed) <= 160
        assert all(fold(word) == word for word in listed)
    assert fold("həmçinin") in STOP_WORDS["az"]
    assert fold("ещё") in STOP_WORDS["ru"]
