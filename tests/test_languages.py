"""Which language a headline or an article is in."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline.languages import _BY_MODEL, EXPECTED_LANGUAGES, _model, identify_language

ROOT = Path(__file__).parents[1]

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
    ("zh", "新华社巴库12月31日电――阿塞拜疆人・团结日"),
    ("th", "วันแห่งความสามัคคีของชาวอาเซอร์ไบจานทั่วโลก"),
    ("az", "Dunya azerbaycanlilarinin hemreyliyi gunu qeyd olunur"),
    ("az", "Bakida yeni mekteb binasi istifadeye verilib"),
    ("az", "Hәmrәylik günü Bakıda qeyd edilib"),  # with the schwa of Cyrillic
    ("az", "Klubun 35-ci ili Parisdə"),
    ("ru", "Фиат выпустил Fiat Doblo Panorama"),
    ("ru", "Была мысль, была и сила"),
    ("mk", "Претседателот отвори нова болница во Скопје"),
    ("be", "У Мінску адкрылі новую школу"),
    ("tr", "Belediye yeni okul binasini hizmete acti"),
    ("tr", "Türkiye ve Azerbaycan arasında yeni anlaşma imzalandı"),
    ("uz", "Toshkentda yangi maktab binosi ochildi"),
    ("uz", "Тошкентда янги мактаб биноси очилди"),
    ("ky", "Бишкекте жаңы мектептин имараты ачылды"),
    ("tg", "Дар Душанбе бинои нави мактаб ифтитоҳ ёфт"),
    ("it", "Il sindaco ha aperto il nuovo ponte sul fiume"),
    ("pt", "O prefeito abriu a nova ponte sobre o rio"),
    ("ro", "Primarul a deschis noul pod peste râu"),
    ("hu", "A polgármester megnyitotta az új hidat a folyón"),
    ("sv", "Borgmästaren har öppnat den nya bron över floden"),
    ("fi", "Kaupunginjohtaja avasi uuden sillan joen yli"),
    ("lt", "Meras atidarė naują tiltą per upę"),
    ("ur", "میئر نے دریا پر نئے پل کا افتتاح کیا"),
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


def test_no_library_is_loaded_for_it() -> None:
    # A model of numpy's would take 30 MB of each process that reads pages.
    script = (
        "import sys\n"
        "from pipeline.languages import identify_language\n"
        f"for language, text in {PLAIN!r}.items():\n"
        "    assert identify_language(text) == language\n"
        "assert 'numpy' not in sys.modules\n"
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


def test_each_script_has_the_columns_that_it_says() -> None:
    for script, listed in _BY_MODEL.items():
        told = set(_model(script).columns)
        assert told == set(listed.split()) - ({"az"} if script == "Arabic" else set())


def test_the_model_stays_small() -> None:
    assert (ROOT / "pipeline/languages.json").stat().st_size < 400_000


@pytest.mark.parametrize("run", ["q", "ы", "ک"])
def test_no_sum_overflows(run: str) -> None:
    assert identify_language(run * 100_000) in EXPECTED_LANGUAGES
    assert identify_language(f"{run} " * 100_000) in EXPECTED_LANGUAGES


@given(st.text())
def test_any_text_has_a_language_that_we_expect_or_none(text: str) -> None:
    assert identify_language(text) in {None, *EXPECTED_LANGUAGES}
