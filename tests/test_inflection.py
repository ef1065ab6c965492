"""All forms of a word count as one, two words as two, and a real form is shown."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.inflection import stem, usual_form


def stems(forms: str | Iterable[str], language: str) -> set[str]:
    return {stem(form, language) for form in (forms.split() if isinstance(forms, str) else forms)}


# --- one word --------------------------------------------------------------

ONE_WORD = {
    # the holiday's own
    "az həmrəylik": "həmrəylik həmrəyliyi həmrəyliyinin həmrəyliyə həmrəyliyimiz həmrəylikdir",
    "az bayram": "bayram bayramı bayramın bayramının bayramlar bayramlarımız bayramınız bayramdır",
    "az azərbaycanlı": """
        azərbaycanlı azərbaycanlılar azərbaycanlıların azərbaycanlılarının azərbaycanlıya
        azərbaycanlıyıq azərbaycanlıdır azərbaycanlısı
    """,
    "az Azərbaycan": "Azərbaycan Azərbaycanın Azərbaycanda Azərbaycanımız Azərbaycandakı",
    "az gün": "gün günü gününün günündə günlər günə gündür günlərində",
    # q to ğ, k to y, a vowel lost, a buffer between two
    "az qonaq": "qonaq qonağı qonaqlar qonağın qonaqlarımız",
    "az ürək": "ürək ürəyi ürəyə ürəklərimizdə ürəyinizdən",
    "az ağız": "ağız ağzı ağzında ağızdan",
    "az oğul": "oğul oğlu oğlunun oğullar",
    "az ailə": "ailə ailəsi ailəyə ailənin ailələrimizə ailəsində",
    "az bələdiyyə": "bələdiyyə bələdiyyənin bələdiyyəsi bələdiyyəyə",
    "az çıxış": "çıxış çıxışı çıxışında çıxışlar",
    "az Bakı": "Bakı Bakıda Bakının Bakıya Bakı'nın Bakıdakı BAKIDA",
    "az Rusiya": "Rusiya Rusiyanın Rusiyaya Rusiyada",
    "az Yaponiya": "Yaponiya Yaponiyanın Yaponiyaya Yaponiyadakı",
    "az məclis": "Məclis Məclisin Məclisi Məclisinin",
    "az keçirmək": "keçirilib keçirildi keçirilən keçirilmişdir keçiriləcək keçirmək",
    "az başlamaq": "başlayıb başladı başlanıb başlayacaq başlamalıdır",
    "tr kutlama": "kutlama kutlaması kutlamalar kutlamalarına",
    "tr dayanışma": "dayanışma dayanışması dayanışmanın dayanışmada DAYANIŞMA",
    "tr çocuk": "çocuk çocuğu çocuklar çocukların çocuğunun",
    "tr kitap": "kitap kitabı kitaplarından kitabında",
    "tr Ankara": "Ankara Ankara'da Ankara'nın Ankara'ya",
    "tr şehir": "şehir şehri şehrinde şehirler",
    "tr yapmak": "yaptı yapıldı yapılacak yapıyor yapılan yapabilir",
    "ru азербайджанец": "азербайджанцев азербайджанцы азербайджанцам азербайджанцами",
    "ru солидарность": "солидарность солидарности солидарностью",
    "en celebration": "celebration celebrations Celebration",
    "de Feiertag": "Feiertag Feiertage Feiertagen Feiertags",
    "fr célébration": "célébration célébrations l'célébration Célébration",
    "es azerbaiyano": "azerbaiyano azerbaiyanos azerbaiyana",
    "uk солідарність": "солідарність солідарності солідарністю",
    "fa جشن": "جشن جشن‌ها جشن‌های",
    "ar تضامن": "تضامن التضامن والتضامن للتضامن",
    "ka დღე": "სოლიდარობა სოლიდარობის სოლიდარობას",
}  # fmt: skip


@pytest.mark.parametrize("word", ONE_WORD)
def test_the_forms_of_a_word_are_one_term(word: str) -> None:
    assert len(stems(ONE_WORD[word], word[:2])) == 1


@pytest.mark.parametrize(
    "spelled",
    [
        "həmrəyliyinin HƏMRƏYLİYİNİN hemreyliyinin HEMREYLIYININ һәмрәјлијинин",
        "azərbaycanlıların Azerbaycanlilarin Азәрбајҹанлыларын AZƏRBAYCANLILARIN",
        "günündə gununde ҝүнүндә",
        "ürəyi ureyi үрәји",
    ],
)
def test_spellings_and_alphabets_make_no_difference(spelled: str) -> None:
    assert len(stems(spelled, "az")) == 1


# --- two words -------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("az", "Azərbaycan azərbaycanlı azərbaycanca azərbaycançılıq"),
        ("az", "həmrəylik həmrəy"),
        ("az", "ana an ata at ada ad adam"),
        ("az", "gənc Gəncə gecə gec"),
        ("az", "rus Rusiya"),
        ("az", "türk Türkiyə türkcə"),
        ("az", "yağış yağ"),
        ("az", "insan inşa"),
        ("az", "düşmən düşmək"),
        ("az", "keçib keçirib"),
        ("az", "ölüm öldü"),
        ("az", "meydan mey"),
        ("tr", "dayanışma dayan"),
        ("tr", "kadın kat"),
    ],
)
def test_different_words_are_different_terms(language: str, words: str) -> None:
    assert len(stems(words, language)) == len(words.split())


@pytest.mark.parametrize("word", ["on", "su", "o", "v", "ı", "", "31", "1991-ci", "'", "qr", "ABŞ"])
@pytest.mark.parametrize("language", ["az", "tr", "ru", "fr", "fa", "ka", "ja", None])
def test_words_without_an_ending_are_left(word: str, language: str | None) -> None:
    key = stem(word, language)
    assert bool(key) == bool(word)


def test_a_language_without_rules_has_the_match_form() -> None:
    assert stem("Ünlü", "hu") == stem("unlu", None) == "unlu"


@given(st.text(alphabet="abcçdeəfgğhxıijkqlmnoöprsştuüvyz'", min_size=1, max_size=25))
def test_a_key_is_never_empty_nor_longer_than_the_word(word: str) -> None:
    for language in ("az", "tr"):
        key = stem(word, language)
        assert 0 < len(key) <= len(word) + 1  # oğlu → ogul
        assert stem(word.replace("ə", "e"), language) == key


# --- what is shown ---------------------------------------------------------


@pytest.mark.parametrize(
    ("forms", "shown"),
    [
        ({"həmrəyliyi": 3, "həmrəylik": 2}, "həmrəyliyi"),
        ({"həmrəyliyi": 2, "həmrəylik": 2}, "həmrəylik"),  # the shortest
        ({"Bayram": 2, "bayram": 2}, "bayram"),  # titles add capitals
        ({"bayrəm": 1, "bayram": 1}, "bayram"),
    ],
)
def test_the_most_frequent_real_form_is_shown(forms: dict[str, int], shown: str) -> None:
    assert usual_form(forms) == shown


def test_there_is_no_usual_form_of_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        usual_form({})
