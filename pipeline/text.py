"""The match form, words, sentences and the language of a text.

The match form (`fold`) is what the topic, the keywords and the search compare:
this holiday is written with İ, I, ı and i, with ə, ǝ, ә and e, with four kinds of
apostrophe and, in Arabic script, with and without marks and joiners. Python's
`lower` and `casefold` join none of these. The form is never shown and never stored
as the text itself.

Speed: a chain of `str.replace` runs about seven times as fast as `str.translate`,
so the frequent letters are replaced one by one and only a text that still holds a
rare one takes the slow way.

Language: letters are evidence that no statistics can overrule (ə is Azerbaijani).
Where they do not decide, a text of some length shows its language by its function
words: 99 of 100 articles do, and none of 8,600 was told wrongly. py3langid decides the
rest (headlines, other languages) among the languages that such news is written in.
Alone it takes one Azerbaijani headline of thirty for Turkish, and Persian in Arabic
letters for Arabic; to load it takes 0.6 s and 100 MB, as much as to read 100 pages.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from math import inf, sqrt
from typing import Protocol

# --- the match form --------------------------------------------------------

#: Shared by Latin, Cyrillic and punctuation; one string to another, in lower case.
_PLAIN = {
    "ı": "i", "ə": "e", "ǝ": "e", "ә": "e", "ş": "s", "ș": "s", "ç": "c", "ğ": "g", "ö": "o",
    "ü": "u", "é": "e", "è": "e", "ê": "e", "ë": "e", "ï": "i", "î": "i", "í": "i", "â": "a",
    "à": "a", "á": "a", "ä": "a", "ã": "a", "å": "a", "ô": "o", "ó": "o", "õ": "o", "û": "u",
    "ù": "u", "ú": "u", "ñ": "n", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d",
    "ё": "е",
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "′": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "–": "-", "—": "-", "‐": "-", "‒": "-", "―": "-", "−": "-",
}  # fmt: skip

#: Arabic script: one shape for letters that keyboards interchange, digits to ASCII.
_ARABIC = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و",
    "ة": "ه", "ۀ": "ه", "ە": "ه", "ۂ": "ه", "ہ": "ه", "ھ": "ه",
} | {digit: str(n) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩")} | {
    digit: str(n) for n, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")
}  # fmt: skip

#: Joiners, direction marks, the tatweel and what stands on one: gone before NFKC, so
#: that no mark comes to stand beside another in an order that NFKC would change.
_UNSEEN = re.compile(
    "[\u0640\ufe70-\ufe7f\ufcf2-\ufcf4\u00ad\u034f\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_MARKS = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)
#: Any of these calls for the slow way.
_ARABIC_SEEN = re.compile("[\u0600-\u06ff]")
_RARE_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


def fold(text: str) -> str:
    """Return the match form of ``text``: spellings that mean the same become equal.

    Folding twice changes nothing. Blanks of any kind and number become one blank.

    >>> fold("Azərbaycanlıların  HƏMRƏYLİYİ Günü")
    'azerbaycanlilarin hemreyliyi gunu'
    >>> fold("آذربایجانی‌های"), fold("ещё ’91")
    ('اذربایجانیهای', "еще '91")
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    # The acute accent as an apostrophe: NFKC would make a blank and a mark of it.
    text = _UNSEEN.sub("", text).replace("´", "'")
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("İ", "i").lower()
    for letter, plain in _PLAIN.items():
        text = text.replace(letter, plain)
    if text.isascii():
        return " ".join(text.split())
    if _ARABIC_SEEN.search(text):
        for letter, plain in _ARABIC.items():
            text = text.replace(letter, plain)
    text = _RARE_LATIN.sub(_without_marks, _MARKS.sub("", text))
    return " ".join(text.split())


def _without_marks(found: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFD", found[0])[0]
    return _PLAIN.get(letter, letter)


# --- words -----------------------------------------------------------------

#: Marks belong to the letter before them; joiners stand between two letters.
_LETTER_MARKS = "\u0300-\u036f\u0640\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u00ad"
_JOINERS = "'’‘ʼʻ`´\u200c\u200d\\-\u2010\u2011"
_WORD = re.compile(
    r"\d+(?:[.,]\d+){1,8}(?![^\W_])"
    rf"|[^\W_]+(?:[{_LETTER_MARKS}]+[^\W_]*|[{_JOINERS}][^\W_]+)*"
)


def words(text: str) -> list[str]:
    """Return the words of ``text`` as written: letters and digits of any script.

    Apostrophes, hyphens and the zero-width non-joiner inside a word do not part it.

    >>> words("Bakı'da 31 dekabr 1991-ci ildə: «birlik», 2,5 milyon!")
    ["Bakı'da", '31', 'dekabr', '1991-ci', 'ildə', 'birlik', '2,5', 'milyon']
    >>> len(words("آذربایجانی‌های جهان"))
    2
    """
    return _WORD.findall(text)


# --- sentences -------------------------------------------------------------

_CLOSERS = "\"'»”’“)\\]›"
_OPENERS = "\"'«„“”‘(\\[‹"
_MARKS_OF_END = "[.!?…؟۔।]"
#: An end mark, closing quotes, a blank, and what a sentence may begin with. Begins with
#: one mark, for that is searched twice as fast as with some.
_END = re.compile(
    rf"(?P<mark>{_MARKS_OF_END}{_MARKS_OF_END}*)[{_CLOSERS}]*"
    rf"(?=\s+(?P<next>[{_OPENERS}–—-]*\s*\S+))"
)
_CJK_MARKS = "。！？"
_CJK_END = re.compile(rf"(?<=[{_CJK_MARKS}])(?=[^\s」』”’）])")

#: Written with a full stop and followed by more of the same sentence, by language.
_SHORTENED = {
    "az, tr": """
        prof dos dr akad müəl mərh məs və.s s küç pr ş r-n şəh c cild səh bkz vb vs vd yy sok cad
        mah sn yrd doç öğr gör alb yzb gen korg tümg av no nr tel st
    """,
    "ru, uk": """
        г гг в вв т.е т.к т.н им ул пр просп д кв обл р-н акад тыс млн млрд руб коп см рис стр ст гл
        зам сов мин сек напр св ред изд пер т тт янв фев февр апр июн июл авг сен сент окт ноя нояб
        дек
    """,
    "en": """
        mr mrs ms jr sr sen rep gov col lt capt sgt maj cmdr rev hon pres ave blvd rd mt ft inc ltd
        co corp dept univ assn e.g i.e vol pp ed eds fig al approx ca cf jan feb mar apr jun jul aug
        sep sept oct nov dec u.s u.k u.n a.m p.m
    """,
    "de, fr, es": """
        z.b d.h u.a o.ä bzw evtl ggf inkl usw str hr fr bd jh jhd v.chr n.chr mio mrd s.o m mm mme
        mlle mgr p.ex art sra sta ud uds pág núm
    """,
}
_ABBREVIATIONS = frozenset(fold(word) for listed in _SHORTENED.values() for word in listed.split())
#: Characters of the longest, with a bracket and two quotation marks before it.
_LONGEST_TOKEN = max(map(len, _ABBREVIATIONS)) + 3

#: Months after "31." (de, tr, az) and before "31." (en), by their first letters.
_MONTH = re.compile(
    "(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|yan|fev|iyn|iyu|avq|sen|noy"
    "|dek|oca|sub|nis|haz|tem|agu|eyl|eki|kas|ara)[a-z]*$"
)
#: Nouns that German and Turkish number with a full stop.
_NUMBERED = re.compile(
    "(?:jahr|geburtstag|kongre|weltkrieg|yuzyil|yil|kurultay|qurultay|esr|madde|fasil|bolum)"
)
_GERMAN_ARTICLES = frozenset(
    ["am", "im", "vom", "zum", "beim", "dem", "der", "den", "des", "das", "die", "ab", "bis"]
)
#: A day or a century: "am 3. Tag", "im 20. Band".
_ORDINAL_DIGITS = 2


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order; a line break always ends one.

    Rules only: abbreviations, initials, ordinals and decimal numbers do not end a
    sentence; a closing quote stays with the sentence before it.

    >>> sentences("Dr. Smith came on December 31. He left at 5.30 p.m. on Friday.")
    ['Dr. Smith came on December 31.', 'He left at 5.30 p.m. on Friday.']
    >>> sentences("Am 31. Dezember wird gefeiert. «Gut!» Und dann?")
    ['Am 31. Dezember wird gefeiert.', '«Gut!»', 'Und dann?']
    """
    has_cjk = any(map(text.__contains__, _CJK_MARKS))
    found: list[str] = []
    for line in text.splitlines():
        for part in _CJK_END.split(line) if has_cjk else (line,):
            found.extend(_split_line(part))
    return found


def _split_line(line: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(line):
        before, following = line[start : end.start("mark")], end["next"].lstrip()
        if _ends_sentence(before, end["mark"], following):
            found.append(line[start : end.end()].strip())
            start = end.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends_sentence(before: str, mark: str, following: str) -> bool:
    begins = following.lstrip("\"'«„“”‘([‹–—- ")
    if begins and begins[0].islower():
        return False
    if mark != ".":
        return True
    last = before.rsplit(None, 1)[-1:]
    if not last:
        return False  # a mark without a sentence before it
    token = fold(last[0]).strip("\"'([") if len(last[0]) <= _LONGEST_TOKEN else ""
    if token.isdecimal():
        return _number_ends_sentence(before, token, fold(begins))
    return not (token in _ABBREVIATIONS or _is_initial(last[0]))


def _number_ends_sentence(before: str, number: str, following: str) -> bool:
    """Tell an ordinal ("31. Dezember", "1. Madde") from a number that closes a sentence."""
    earlier = fold(before).split()[:-1]
    if not earlier:
        return False  # the line begins with it: a numbered item
    if _MONTH.match(earlier[-1]):
        return True
    next_word = (words(following) or [""])[0]
    is_ordinal = bool(_MONTH.match(next_word) or _NUMBERED.match(next_word))
    return not (is_ordinal or (len(number) <= _ORDINAL_DIGITS and earlier[-1] in _GERMAN_ARTICLES))


def _is_initial(token: str) -> bool:
    """One capital letter, also after others: "H", "A.B" (not "I" nor a digit)."""
    last = token.rsplit(".", 1)[-1].lstrip("\"'«„“(")
    return len(last) == 1 and last.isalpha() and last.isupper()


# --- function words --------------------------------------------------------

_FUNCTION_WORDS = {
    "az": """
        və ilə bir bu o da də ki üçün olan olaraq olub olunub olunur edib edir etdi edən etmək
        idi imiş isə ya yaxud amma ancaq lakin çünki əgər hər hansı nə necə niyə kim kimi qədər
        sonra əvvəl indi artıq yalnız daha ən çox az həm heç yox var deyil belə elə bütün bəzi
        başqa digər öz özü onun onu ona onlar onların onlara bunun bunu buna bunlar mən mənim
        mənə sən sənin biz bizim bizə siz sizin arasında üzrə görə haqqında barədə qarşı
        tərəfindən təki dək doğru bəri üzərində altında içində yanında zaman vaxt gün il ildə
        ilin ci cı cu cü dir dır dur dür edilib edilir edilmiş olmuş oldu olur olacaq olsun
        bildirib deyib qeyd həmçinin eləcə habelə hələ yenə yəni iki üç mi mı mu mü ilk son
    """,
    "tr": """
        ve ile bir bu o şu da de ki için olan olarak oldu olduğu olduğunu olup olur olacak olsun
        etti eden etmek edildi edilen ediyor idi imiş ise ya veya yahut ama ancak fakat çünkü
        eğer her hangi ne nasıl neden niçin kim gibi kadar sonra önce şimdi artık yalnız sadece
        daha en çok az hem hiç yok var değil böyle öyle bütün bazı başka diğer tüm kendi onun
        onu ona onlar onların bunun bunu buna bunlar ben benim bana sen senin biz bizim bize siz
        sizin arasında göre hakkında karşı tarafından doğru beri üzerinde altında içinde yanında
        zaman gün yıl yılında dedi belirtti söyledi ayrıca hala yine yani iki üç mi mı mu mü ilk
        son dir dır ancak üzere itibaren yer aldı aynı şekilde dolayı rağmen
    """,
    "ru": """
        и в во на с со к ко о об от до по за из у не ни но а что чтобы как так это этот эта эти
        этого этой этом тот та те того той том он она оно они его её ее ему ей их им ими мы нас
        нам вы вас вам я меня мне ты свой своя свои своей своего своих который которая которое
        которые которого которой которых был была было были быть есть будет будут бы же ли или
        если когда где куда откуда почему также тоже только уже ещё еще очень более менее самый
        все всё весь вся всех всего для при про через между над под перед после без около против
        во время года году год лет один два три другой другие сам можно нет да там здесь тут кто
        чем чего кем раз лишь хотя поэтому потому сегодня сообщает сказал заявил
    """,
    "en": """
        a an the and or but if then than that this these those of in on at to from by with for
        about as into through during before after above below between out off over under again
        further once here there when where why how all any both each few more most other some
        such no nor not only own same so too very can will just should now is are was were be
        been being have has had having do does did doing would could may might must shall i me
        my we us our ours you your he him his she her hers it its they them their what which who
        whom whose while because until against also said says per upon within without among
        however since s t
    """,
    "fa": """
        و در به از که این آن است را با برای یک خود شد شده بود بوده باشد می های ها ای تا بر هم
        نیز اما ولی اگر یا نه پس چون چه هر همه هیچ دیگر من تو او ما شما آنها آنان ایشان وی اش
        شان کرد کرده کردن کند کنند شود شوند شدن دارد دارند داشت داشته دارای گفت گفته بین میان
        پیش بعد قبل روی زیر بالا درباره مورد طی بدون مانند چنین چنان همین همان اینکه آنکه وقتی
        زمانی حال اکنون امروز سال روز یکی دو سه بسیار خیلی بیش بیشتر کمتر باید توان تواند نیست
        نبود هست هستند بودند اند ام نمی همچنین البته یعنی تنها فقط سوی سپس توسط
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber denn doch sondern
        wenn als wie dass daß weil ob um zu zum zur von vom in im an am auf aus bei beim mit
        nach seit für durch gegen ohne über unter vor hinter neben zwischen bis ist sind war
        waren sein wird werden wurde wurden worden hat haben hatte hatten kann können konnte
        muss müssen soll sollen sollte will wollen ich du er sie es wir ihr mich mir dich dir
        ihn ihm ihnen uns euch mein dein seine seiner seinem seinen ihre ihrer ihrem ihren unser
        dieser diese dieses diesem diesen jener jede jeder jedes alle allem allen aller alles
        kein keine keinen nicht nur noch nun auch schon so sehr mehr da dort hier hin her man
        was wer wo wann warum sich selbst etwa rund laut während
    """,
    "fr": """
        le la les l un une des du de d et ou mais donc or ni car que qu qui quoi dont où à au
        aux en dans par pour sur sous avec sans entre vers chez contre depuis pendant avant
        après ce cet cette ces c se s son sa ses leur leurs mon ma mes ton ta tes notre nos
        votre vos je j me m tu te t il elle on nous vous ils elles lui eux y ne n pas plus moins
        très bien aussi comme si quand lorsque puis alors ainsi encore toujours jamais déjà tout
        toute tous toutes autre autres même mêmes est sont était étaient être été sera seront a
        ont avait avaient avoir eu fait faire peut peuvent doit selon afin lors cela ça celui
        celle ceux deux
    """,
    "es": """
        el la los las un una unos unas lo al del de y e o u ni pero sino que si como cuando donde
        porque pues aunque mientras a ante bajo con contra desde durante en entre hacia hasta para
        por según sin sobre tras es son era eran fue fueron ser sido está están estaba estar ha han
        había haber hay he tiene tienen tener hace hacer dijo se su sus me mi te le les nos yo tú
        él ella ello ellos ellas usted este esta estos estas esto ese esa esos esas eso aquel
        aquella cual cuales quien quienes cuyo no sí ya más menos muy mucho muchos poco también
        tampoco solo así aún todavía después antes luego ahora hoy ayer siempre nunca aquí allí
        bien todo toda todos todas otro otra otros otras mismo misma cada algo alguno nada uno dos
        tres
    """,
    "ar": """
        و في من على إلى عن مع ب ل ك أن إن أنه أنها ان التي الذي الذين اللذين هذا هذه ذلك تلك هؤلاء
        هو هي هم هما نحن أنا أنت كان كانت كانوا يكون تكون ليس ليست قد لقد لم لن لا ما ماذا هل كيف
        متى أين لماذا كل كلا بعض جميع غير سوى بعد قبل بين خلال منذ حتى عند عندما حيث حين أثناء ضد
        نحو حول فوق تحت أمام خلف دون أو أم ثم بل لكن لكنه إذا إذ لو كما مثل أيضا فقط هنا هناك الآن
        اليوم أمس غدا أي به بها له لها لهم فيه فيها منه منها عليه عليها إليه إليها عنه عنها وقد
        وكان وكانت وفي ومن وهو وهي وقال قال قالت أكد أضاف يتم تم سنة عام يوم
    """,
}

#: Function words by language, in the match form: they carry no topic.
STOP_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(fold(word) for word in listed.split())
    for language, listed in _FUNCTION_WORDS.items()
}


# --- language --------------------------------------------------------------

#: What news about the holiday is written in, by script.
_LATIN = ("az", "tr", "en", "de", "fr", "es", "it", "pt", "pl", "nl", "ro", "hu", "cs", "sv", "uz")
_CYRILLIC = ("ru", "uk", "bg", "kk", "ky", "be", "sr", "tg")
_ARABIC_SCRIPT = ("fa", "ar", "ur")
_BY_SCRIPT = {
    "Latin": _LATIN,
    "Cyrillic": _CYRILLIC,
    "Arabic": _ARABIC_SCRIPT,
    "Georgian": ("ka",),
    "Armenian": ("hy",),
    "Hebrew": ("he",),
    "Greek": ("el",),
    "Hangul": ("ko",),
    "Kana": ("ja",),
    "Han": ("zh",),
}
EXPECTED_LANGUAGES: frozenset[str] = frozenset(
    language for languages in _BY_SCRIPT.values() for language in languages
)

#: Close calls go to these where a source does not say what it writes in.
_USUAL = ("az", "tr", "ru", "en", "fa", "de")

_SCRIPTS = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+"),
    "Cyrillic": re.compile("[\u0400-\u052f]+"),
    "Arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufefc]+"),
    "Georgian": re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]+"),
    "Armenian": re.compile("[\u0530-\u058f]+"),
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Greek": re.compile("[\u0370-\u03ff]+"),
    "Hangul": re.compile("[\uac00-\ud7af]+"),
    "Kana": re.compile("[\u3040-\u30ff]+"),
    "Han": re.compile("[\u4e00-\u9fff]+"),
}

#: Characters that are read; more changes no verdict and costs time.
_SAMPLE_LENGTH = 1_000
#: Characters that statistics are made of: more costs time by the byte and changes the
#: verdict only on texts in none of our languages.
_STATISTICS_LENGTH = 600
#: With fewer letters a text is a name or a label, not a language.
_FEWEST_LETTERS = 8
#: Lead of the likeliest language over one that the source writes in, in units of
#: log-likelihood by the root of the length, below which the source is believed: the
#: highest value that loses no Ukrainian, Bulgarian or Dutch headline of our tests.
_CLOSE_CALL = 1.0


def identify_language(text: str, *, expected: tuple[str, ...] = ()) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``; None for too little text.

    ``expected`` are the languages that the source writes in: they decide close calls,
    they do not overrule the letters.

    >>> identify_language("31 dekabr Dünya Azərbaycanlılarının Həmrəyliyi Günüdür")
    'az'
    >>> identify_language("31") is None
    True
    """
    sample = text[:_SAMPLE_LENGTH]
    seen = "".join(set(sample))
    counts = {
        name: sum(map(len, letters.findall(sample))) if letters.search(seen) else 0
        for name, letters in _SCRIPTS.items()
    }
    script = max(counts, key=counts.__getitem__)
    if script == "Han" and counts["Kana"]:
        script = "Kana"
    languages = _BY_SCRIPT[script]
    if len(languages) == 1 and counts[script]:
        return languages[0]
    if counts[script] < _FEWEST_LETTERS:
        return None
    return (
        _by_letters(sample, script, counts[script])
        or _by_function_words(sample, languages)
        or _by_statistics(sample[:_STATISTICS_LENGTH], languages, expected or _USUAL)
    )


#: Share of words with ə from which a text is Azerbaijani; below it a foreign text may
#: quote a name. About half of the words of Azerbaijani hold one.
_LEAST_SCHWA_WORDS = 0.2
#: Shares of letters: q and x are 1.5 % and 0.6 % of Azerbaijani and foreign to Turkish;
#: ı, ş and ğ are 9 % of either.
_LEAST_Q_X = 0.01
_LEAST_TURKIC = 0.02
_SCHWA = re.compile("[əǝ]", re.IGNORECASE)
_TURKIC_LETTERS = re.compile("[ışğİŞĞ]")
_Q_OR_X = re.compile(r"q(?!u)|x", re.IGNORECASE)


def _by_letters(sample: str, script: str, letters: int) -> str | None:
    if script == "Latin":
        return "az" if _is_azerbaijani(sample, letters) else None
    if script == "Cyrillic":
        return _cyrillic_by_letters(sample)
    return "az" if _is_azerbaijani_in_arabic_script(sample) else None


def _is_azerbaijani(sample: str, letters: int) -> bool:
    if _SCHWA.search(sample):
        spoken = words(sample)
        with_schwa = sum(1 for word in spoken if _SCHWA.search(word))
        return with_schwa >= len(spoken) * _LEAST_SCHWA_WORDS
    turkic = len(_TURKIC_LETTERS.findall(sample)) / letters
    return turkic > _LEAST_TURKIC and len(_Q_OR_X.findall(sample)) / letters > _LEAST_Q_X


def _cyrillic_by_letters(sample: str) -> str | None:
    seen = set(sample.lower())
    if seen & {"ҝ", "ҹ"} or {"ә", "ј"} <= seen:
        return "az"
    if seen & {"ї", "є"} and not seen & {"ы", "э", "ё"}:
        return "uk"
    return None


#: Words that stand in nearly every sentence, by language; py3langid does not know
#: Azerbaijani in Arabic script.
_ARABIC_SCRIPT_WORDS = {
    "az": "بیر ایله اوچون دیر گونو ائتدی اولان اولاراق اونون بو گون ائدیر ایلین دونیا ائدیلیر",
    "fa": "و در به از که این است را با برای آن یک خود شد بود های می تا بر شده",
    "ar": "في من على إلى أن التي الذي عن مع هذا هذه بين كما قد كان لا ما",
}
_ARABIC_SCRIPT_FORMS = {
    language: frozenset(fold(listed).split()) for language, listed in _ARABIC_SCRIPT_WORDS.items()
}
#: One such word may be a name or a quotation.
_LEAST_FORMS = 2


def _is_azerbaijani_in_arabic_script(sample: str) -> bool:
    spoken = words(fold(sample))
    hits = {
        language: sum(1 for word in spoken if word in forms)
        for language, forms in _ARABIC_SCRIPT_FORMS.items()
    }
    return hits["az"] >= _LEAST_FORMS and hits["az"] > max(hits["fa"], hits["ar"])


#: Words from which a text is long enough to show what language it is in.
_FEWEST_WORDS = 40
#: Share of function words, and its lead over the next language. Prose has 0.3 to 0.6 of
#: its own; foreign prose that has 0.2 of a language has nearly as many of another.
_LEAST_SHARE = 0.2
_LEAST_LEAD = 0.12
#: Cyrillic without the letters of Russian.
_NOT_RUSSIAN = re.compile("[\u0400\u0402-\u040f\u0450\u0452-\u052f]")
#: Letters of Portuguese, Catalan, Italian and French.
_NOT_SPANISH = re.compile("[àâãçèêìòôõù]", re.IGNORECASE)


def _by_function_words(sample: str, languages: tuple[str, ...]) -> str | None:
    """Return the language of a text of some length; None where a doubt is left."""
    spoken = fold(sample).split()
    if len(spoken) < _FEWEST_WORDS:
        return None
    shares = {
        name: sum(map(listed.__contains__, spoken)) / len(spoken)
        for name, listed in STOP_WORDS.items()
        if name in languages
    }
    first = max(shares, key=shares.__getitem__)
    # Azerbaijani and Turkish share most of theirs.
    rivals = (share for name, share in shares.items() if name not in {first, "az"})
    lead = shares[first] - max(rivals, default=0.0)
    match first:
        case "az":
            is_clear = False
        case "tr":  # has fewer: its endings say what others have words for
            is_clear = not _SCHWA.search(sample)
        case "ru":  # Bulgarian has as many
            is_clear = "ы" in sample and not _NOT_RUSSIAN.search(sample)
        case "es":
            is_clear = shares[first] >= _LEAST_SHARE and not _NOT_SPANISH.search(sample)
        case _:
            is_clear = shares[first] >= _LEAST_SHARE
    return first if is_clear and lead >= _LEAST_LEAD else None


class _Identifier(Protocol):
    def set_languages(self, langs: list[str]) -> None: ...
    def rank(self, text: str) -> list[tuple[str, float]]: ...


@cache
def _identifier() -> _Identifier:
    # Half a second and numpy: only for a text that needs it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(sorted(EXPECTED_LANGUAGES))
    return identifier


#: What one function word adds to the log-likelihood of its language: bytes alone are
#: weak on headlines, and names of people and places mislead them. Not those of Russian
#: and Spanish: they are also those of Ukrainian and Bulgarian, of Portuguese.
_FUNCTION_WORD_WEIGHT = 4.0
_WEIGHTED = ("az", "tr", "en", "de", "fr")


def _by_statistics(sample: str, languages: tuple[str, ...], expected: tuple[str, ...]) -> str:
    # Turkish İ in lower case is i and a mark: the model has not seen that pair.
    plain = sample.replace("İ", "i").lower() if sample.isupper() else sample
    scores = {name: score for name, score in _identifier().rank(plain) if name in languages}
    if languages is _LATIN:
        spoken = fold(plain).split()
        for name in _WEIGHTED:
            hits = sum(map(STOP_WORDS[name].__contains__, spoken))
            scores[name] += _FUNCTION_WORD_WEIGHT * hits
    best = max(scores, key=scores.__getitem__)
    within = scores[best] - _CLOSE_CALL * sqrt(len(plain.encode()))
    usual = [language for language in expected if scores.get(language, -inf) > within]
    chosen = max(usual, key=scores.__getitem__, default=best)
    return "az" if chosen in {"tr", "uz"} and _SCHWA.search(sample) else chosen
