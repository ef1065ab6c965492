"""One key for all inflected forms of a word, and the form in which people read it.

həmrəylik, həmrəyliyi and həmrəyliyinin are one term and must be counted as one. The key
(`stem`) is for counting and comparing only, and may be a stump. What is shown is the most
frequent real form (`usual_form`).

Azerbaijani and Turkish are ours. Their suffixes stand in a fixed order and take their
vowels from the word before, so all chains of suffixes of a noun (plural, possessor, case,
copula) and of a verb are written out once, each valid in itself. A word loses the longest
chain that agrees with the vowel and the sound before it, and again until nothing falls.
On the match form harmony is halved (ı is i, ə is e, ö is o, ü is u) but still tells that
-dan is no suffix in meydan. Two things that the match form hides are kept: ş, since -sı
is a suffix and -şı is not (çıxışı), and ı before -ya, since Rusiya has no suffix.

- Derived words stay apart: azərbaycanlı is neither Azərbaycan nor azərbaycanca, and
  həmrəylik is not həmrəy. Such endings (-lı, -lıq, -çı, -sız, -ca) make a word of another
  sense, and the holiday's own name is made of two of them.
- Before a vowel q becomes ğ, k becomes y, and oğul, ağız and their like lose a vowel.
- A noun that ends like a suffix (ailə, Bakı, insan) may lose it, for it does so in all its
  forms. Only where two words would fall together does a list hold them apart (ana, an).
- -ım ends too many nouns (ölüm, iqlim): it falls after two syllables only; -m never.
- A verb loses short endings (-ir, -di, -an) if its root is known, long ones always.

Words cut to four letters do as well on long nouns, but join azərbaycanlı, Azərbaycan and
azərbaycanca, and miss half of the forms of verbs.

Russian, English, German, French and Spanish: Snowball (Porter 2001), which reads the
word as written, since French endings are told by their accents. Persian, Arabic, Ukrainian
and Georgian: one ending of a list, on the match form, as Larkey, Ballesteros and Connell
(2002) found enough for searching Arabic; Snowball's Arabic and Persian know none of
the letters that the match form makes equal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from pipeline.text import fold


@lru_cache(maxsize=100_000)  # the words of a week come again and again; about 20 MB
def stem(word: str, language: str | None) -> str:
    """Return the key of ``word``, best given as written: equal for its inflected forms.

    In a language that we have no rules for it is the match form.

    >>> {stem(form, "az") for form in ("həmrəylik", "HƏMRƏYLİYİ", "hemreyliyinin")}
    {'hemreylik'}
    >>> stem("азербайджанцев", "ru") == stem("азербайджанцы", "ru")
    True
    >>> stem("Tokyo", None)
    'tokyo'
    """
    if language in _TURKIC:
        return _turkic(_readable(word), _TURKIC[language]())
    if language in _SNOWBALL:
        plain = _ELISION.sub("", word.lower()) if language == "fr" else word.lower()
        return fold(str(_snowball(_SNOWBALL[language]).stemWord(plain)))
    word = fold(word)
    return _LIGHT[language].sub("", word) if language in _LIGHT else word


def usual_form(forms: Mapping[str, int]) -> str:
    """Return the most frequent of real forms, given with how often each was seen.

    Of equals the shortest, then that with fewer capitals (titles add them), then the first
    in the alphabet. Raises ValueError if there is none.

    >>> usual_form({"Həmrəyliyi": 2, "həmrəyliyi": 2, "həmrəyliyinin": 1})
    'həmrəyliyi'
    """
    return min(forms, key=lambda f: (-forms[f], len(f), sum(map(str.isupper, f)), f))


# --- chains of suffixes, Azerbaijani and Turkish ---------------------------

_VOWELS = "aeiou"
_VOWEL_SIGNS = {"A": "ae", "I": "iu"}
#: Which vowels a suffix may have after each vowel, in the match form.
_VOWELS_AFTER = {"a": "ai", "e": "ei", "i": "aei", "o": "aeu", "u": "aeu"}
#: The last sound of -dıq and -acaq: as written, before a vowel, and in the south.
_K_SOUNDS = "qkgyx"

# In what follows A is a or e, I is i or u, D is d (in Turkish also t) and K is k or q.
_CASES = ("In", "I", "A", "DA", "DAn", "lA")
_CASES_AFTER_VOWEL = ("nIn", "nI", "yA", "DA", "DAn", "ylA")
#: After the possessive of the third person.
_CASES_OF_OWNED = ("nIn", "nI", "nA", "nDA", "nDAn", "ylA")
_OWNERS = ("Im", "ImIz", "InIz")
_OWNERS_AFTER_VOWEL = ("n", "mIz", "nIz")
_COPULAS = ("", "DIr", "DIrlAr", "sInIz")
_COPULAS_AFTER_VOWEL = ("yDI", "ymIs", "ysA", "yIK")
_COPULAS_AFTER_CONSONANT = ("idi", "imis", "ise")
_TURKISH_COPULAS = (*_COPULAS, "DI", "ken")


def _joined(starts: Iterable[str], ends: Iterable[str]) -> list[str]:
    return [start + end for start in starts for end in ends]


def _noun_patterns(
    cases: Iterable[str], owners: Iterable[str], owned: str, copulas: Iterable[str]
) -> list[str]:
    """Return what may follow a noun that takes these cases and possessives."""
    plural = _joined(("lAr",), ("", *_CASES))
    possessed = [
        *_joined((owned, "lArI"), ("", *_CASES_OF_OWNED)),
        *_joined((*owners, *_joined(("lAr",), _OWNERS)), ("", *_CASES)),
    ]
    found = ["", *cases, *plural, *possessed]
    places = [pattern + "kI" for pattern in found if pattern.endswith("DA")]
    found += _joined(places, ("", *_CASES_AFTER_VOWEL, *plural))
    return [
        *_joined(found, copulas),
        *_joined([one for one in found if one.endswith(("A", "I"))], _COPULAS_AFTER_VOWEL),
        *_joined([one for one in found if one.endswith(tuple("mnrz"))], _COPULAS_AFTER_CONSONANT),
    ]


_PERSONS = ("", "Am", "sAn", "IK", "sInIz", "lAr", "DIr", "DIrlAr")
_PASTS = _joined(("DI", "sA"), ("", "m", "n", "K", "nIz", "lAr"))
#: Endings that stand after verbs only.
_LONG_ENDINGS = (
    *_joined(("AcAK", "mAlI"), _PERSONS),
    *_joined(("mIs",), _PERSONS[1:]),
    *_joined(("AcAK", "mIs", "mAlI", "Ir", "Ar"), _PASTS),
    *("mAlIyIK", "mAlIyDI", "mAK", "mAKDA", "mAKDADIr", "ArAK", "ArkAn"),
)
#: Endings that also end nouns.
_SHORT_ENDINGS = (
    *_joined(("Ir",), _PERSONS),
    *_joined(("Ib", "Ip"), ("", "DIr", "lAr", "DIrlAr")),
    *_PASTS,
    *("ArAm", "ArsAn", "ArIK", "ArsInIz"),
    *("mIs", "An", "mA", "DIK", "IncA", "sIn", "sInlAr", "AK", "mIr", "mAz"),
)
_DENIALS = ("mA",)
_TURKISH_DENIALS = ("mA", "AmA", "yAmA")
_TURKISH_PRESENT = _joined(
    ("Iyor", "mIyor"), ("", "um", "sun", "uz", "sunuz", "lar", "du", "dular", "mus")
)


def _verb_patterns(endings: Iterable[str], denials: Iterable[str]) -> list[str]:
    """Return endings after a consonant, after a vowel (with y), and denied."""
    after_vowel = ["y" + ending if ending[0] in "AI" else ending for ending in endings]
    return [*endings, *after_vowel, *_joined(denials, after_vowel)]


def _written_out(patterns: Iterable[str], stops: str) -> frozenset[str]:
    return frozenset(chain for pattern in patterns for chain in _written(pattern, stops) if chain)


def _written(pattern: str, stops: str) -> list[str]:
    """Write out a pattern: its vowels in every harmony, its consonants in every change."""
    found = [("", _VOWELS)]
    for letter in pattern:
        vowels = _VOWEL_SIGNS.get(letter)
        choices = vowels or {"D": stops, "K": _K_SOUNDS}.get(letter, letter)
        found = [
            (done + chosen, _VOWELS_AFTER.get(chosen, allowed))
            for done, allowed in found
            for chosen in choices
            if not vowels or chosen in allowed
        ]
    return [done for done, _ in found]


# --- words, Azerbaijani and Turkish, in the match form ---------------------


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Verbs of news prose.
_ROOTS = _listed("""
    ac acikla agla al alda aldat anla apar ara arastir art artir asil at ata atil ayril azal
    azalt bagisla bagla bak barin baris bas basar basla bax begen bekle belirle belirt benze
    besle beyen bil bildir bin birak birles bit bitir bogul bol boz bozul bul bulun burax buyur
    cagir cal calis carp cat cek cekin cevir cevril cik cikar cix cixar cogal coxal coz cozul
    curut dagil dagit danis dasi davran day dayan de degis degistir dey deyis dinle dogrula dol
    doldur don dondur doy doyus dur durdur dus dusun duy duyur duz duzel duzenle ed eden ek ekle
    el ele endir et evlen ez gec gecir ged gel gelis gelistir get getir gid gir git gizle gonder
    gor gorus goster gotur gozle guclen gul guven hazirla hisset ic icir imzala inan incele
    islat isle iste it itir kac kal kaldir kalk kapa kapat karsila kat katil kavus kazan kec
    kecir kes kesil kilit kir kon konus kork koru koy koz kullan kur kurtar kurtul kutla ogren
    ogret oku okut ol olc oldur olus olustur oner ongor op otur ov ovun oxu oxut oyna oyren
    oyret qac qal qaldir qalx qapa qarsila qat qatil qayit qaytar qazan qir qirx qon qop qoru
    qorx qos qosul qoy qur qurtar qutla rastla sagla sal salamla san sas sat satil sav savun
    saxla sec secil sergile sev sevin sik sin sindir sok sondur sor sorus soyle sun sur surdur
    suren sus tamamla tani tanin tanis tanit tap tapsir temizle tik tokun topla toxun tut tutul
    ugra ugurla unut uy uyan uyar uza uzan uzat uzul ver vur vurgula yaklas yan yap yara yarat
    yaris yasa yasakla yat yatir yay yayil yayimla yaz ye yed yer yerles yet yetir yetis yig yik
    yix yol yolla yoxla yu yud yukle yuksel yukselt yuru yurut yuxla
""")
#: Roots with two spellings.
_SAME_ROOT = {
    "ed": "et", "ele": "el", "ged": "get", "gid": "git", "dey": "de", "yed": "ye", "yud": "yu",
}  # fmt: skip
#: Passive, reflexive, reciprocal, causative, and the Turkish "can".
_VOICE = re.compile("(?:y?[ae]bil|[iu][lns]|[dt][iu]r|(?<=[aeiou])[lnt]|(?<=[lr])t)$")
#: A verb made of a noun: hazır-la, güc-lən, yer-ləş-dir.
_MADE_VERB = re.compile("[a-z]{2,}l[ae](?:n|s|[ns]?[dst][iu]r|t)?(?:[iu][ln])?")

#: Nouns that a suffix would make equal to another word.
_KEPT = _listed("""
    ada aga alma ana ara ata baba baki baku bala bina bura cari cumle dava deli demir dere deve
    dolma dollar eli elma gece gelecek gence hara hava hefte icma kale kanada kasa komanda kuce
    masa mese nene oba oda ora ordu orta ova para qala qara qari qayda qisa quba rusiya sade saha
    sahe sari sene sira sura susa teze tepe turkiye usta xala yara yeni
    akin axin basin butun dusman dusmen ekin gelin insan kadin kanun kayin koyun orden oyun qadin
    qanun qazan qoyun quran roman sayin sutun turan tutun yakin yaxin yarin yayin
    edib galip qalib talib etimad istinad meqsed murad ovlad sehid sened umid
    dayanisma heves iclas kongre konqres meclis nefes polis proses status virus
""")
#: Words that lose their last vowel before a vowel (oğul, oğlu), by what is left of them.
_VOWEL_DROPPED = {
    word[:-2] + word[-1]: word
    for word in _listed("""
        agil agiz akil alin asir bagir beyin boyun burun cisim ciyin devir eyib fesil fikir gogus
        gonul heyif hukum ilim isim izin karin kayib kesif kisim metin nehir nesil ogul omuz omur
        ozur qarin qebir qisim resim sebir sekil sehir setir sinif tavir vakit zehin zulum
    """)
}
#: What is left before -yə of Azerbaijani nouns in -ək, -ik and -ük that are not in -lik.
_IN_K = _listed("""
    beze boyre boyu core cice deste dile eme eri esse gelece gereke ine iste kici kome kope mele
    orne pisi sumu ure yeme
""")
_LIK = re.compile(".{2,}l[iu]")


# --- Azerbaijani and Turkish -----------------------------------------------

#: Stand for ş, and for the y of -ıya, which the match form would make s and y.
_SHARP_S, _BACK_Y = "\u0282", "\u029d"
_FIRST_VOWEL = re.compile(f"[{_VOWELS}]")
#: After these Turkish has -tan for -dan.
_VOICELESS = f"cfhkpst{_SHARP_S}"
#: Letters of the shortest noun that ends in a vowel: one of two is no noun but "su".
_SHORTEST_ON_VOWEL = 3
_MY = re.compile("[iu]m(?!iz|uz|is)")
#: A suffix after a name: Bakı'nın, NATO'ya.
_SUFFIXED_NAME = re.compile("(?<=[^']{2})'[a-z]{0,8}$")
#: The Cyrillic letters of Azerbaijani, 1958–1991; the match form has made e of ә.
_CYRILLIC = str.maketrans(
    dict(zip("абвгғдежзиыјкҝлмноөпрстуүфхһчҹш", "abvqgdejziiykglmnooprstuufxhccs", strict=True))
    | {"ш": _SHARP_S}
)


@dataclass(frozen=True, slots=True)
class _Grammar:
    """The chains of one language."""

    nouns_on_consonant: frozenset[str]
    nouns_on_vowel: frozenset[str]
    verbs: frozenset[str]  # whose root must be known
    long_verbs: frozenset[str]
    hard: Mapping[str, str]  # the last letter of a word before a vowel → in the key
    longest: int  # characters


def _grammar(
    nouns: Iterable[Iterable[str]],
    verbs: Iterable[Iterable[str]],
    stops: str,
    hard: Mapping[str, str],
) -> _Grammar:
    on_consonant, on_vowel, short, long = (
        _written_out(patterns, stops) for patterns in (*nouns, *verbs)
    )
    return _Grammar(
        nouns_on_consonant=on_consonant,
        nouns_on_vowel=on_vowel,
        verbs=short,
        long_verbs=long,
        hard=hard,
        longest=max(map(len, on_consonant | on_vowel)),
    )


@cache  # a twentieth of a second and 3 MB: only for those who need it
def _azerbaijani() -> _Grammar:
    return _grammar(
        nouns=(
            _noun_patterns(_CASES, _OWNERS, "I", _COPULAS),
            _noun_patterns(_CASES_AFTER_VOWEL, _OWNERS_AFTER_VOWEL, "sI", _COPULAS),
        ),
        verbs=(
            _verb_patterns(_SHORT_ENDINGS, _DENIALS),
            _verb_patterns(_LONG_ENDINGS, _DENIALS),
        ),
        stops="d",
        hard={"g": "q", "y": "k"},
    )


@cache
def _turkish() -> _Grammar:
    on_vowel = (*_CASES_AFTER_VOWEL, "yI")
    return _grammar(
        nouns=(
            _noun_patterns(_CASES, _OWNERS, "I", _TURKISH_COPULAS),
            _noun_patterns(on_vowel, _OWNERS_AFTER_VOWEL, "sI", _TURKISH_COPULAS),
        ),
        verbs=(
            _verb_patterns(_SHORT_ENDINGS, _TURKISH_DENIALS),
            [*_verb_patterns(_LONG_ENDINGS, _TURKISH_DENIALS), *_TURKISH_PRESENT],
        ),
        stops="dt",
        hard={"g": "k", "b": "p", "d": "t"},
    )


_TURKIC = {"az": _azerbaijani, "tr": _turkish}


def _readable(word: str) -> str:
    """Return the match form with ş and the y of -ıya marked, in Latin letters."""
    lowered = word.replace("İ", "i").replace("I", "ı").lower()
    folded = fold(lowered.replace("ş", _SHARP_S).replace("ıya", f"i{_BACK_Y}a"))
    return _SUFFIXED_NAME.sub("", folded.translate(_CYRILLIC))


def _plain(word: str) -> str:
    return word.replace(_SHARP_S, "s").replace(_BACK_Y, "y")


def _turkic(word: str, grammar: _Grammar) -> str:
    while True:
        word = _hardened(word, grammar)
        if _plain(word) in _KEPT:
            return _plain(word)
        root = _verb_root(word, grammar)
        if root:
            return root
        shorter = _without_noun_chain(word, grammar)
        if not shorter:
            return _VOWEL_DROPPED.get(_plain(word), _plain(word))
        word = shorter


def _hardened(word: str, grammar: _Grammar) -> str:
    """Undo what a vowel did to the last sound: həmrəyliy → həmrəylik, but saray."""
    if word[-1:] not in grammar.hard or word[-2:-1] not in _VOWELS or _syllables(word) == 1:
        return word
    return word if word[-2:] in {"ay", "oy"} else word[:-1] + grammar.hard[word[-1]]


def _syllables(word: str) -> int:
    return sum(map(word.count, _VOWELS))


def _cuts(
    word: str, on_consonant: frozenset[str], on_vowel: frozenset[str], grammar: _Grammar
) -> Iterator[tuple[str, str]]:
    """Yield where a chain, the longest first, ends ``word`` and agrees with what it follows."""
    plain = _plain(word)
    for start in range(max(2, len(word) - grammar.longest), len(word)):
        chains = on_vowel if word[start - 1] in _VOWELS else on_consonant
        if plain[start:] in chains and word[start] != _SHARP_S:
            rest, chain = word[:start], word[start:]
            if _agree(rest, chain):
                yield rest, chain


def _agree(rest: str, chain: str) -> bool:
    before, after = _FIRST_VOWEL.search(rest[::-1]), _FIRST_VOWEL.search(chain)
    if not before or (chain[0] == "t" and rest[-1] not in _VOICELESS):
        return False
    return not after or after[0] in _VOWELS_AFTER[before[0]]


def _verb_root(word: str, grammar: _Grammar) -> str:
    """Return the root of a verb; empty if ``word`` shows none."""
    for rest, _ in _cuts(word, grammar.verbs, grammar.verbs, grammar):
        root = _known_root(_plain(rest))
        if root:
            return root
    for rest, _ in _cuts(word, grammar.long_verbs, grammar.long_verbs, grammar):
        plain = _plain(rest)
        # başlıyor has lost the vowel of başla.
        roots = (_known_root(plain + vowel) for vowel in ("", "a", "e"))
        return next(filter(None, roots), plain)
    return ""


def _known_root(word: str) -> str:
    """Return a known root without its voice; empty if there is none.

    >>> _known_root("yazil"), _known_root("hazirlan"), _known_root("kitab")
    ('yaz', 'hazirla', '')
    """
    root, longer = word, ""
    while root != longer:
        if root in _ROOTS:
            return _SAME_ROOT.get(root, root)
        root, longer = _VOICE.sub("", root), root
    return word if _MADE_VERB.fullmatch(word) else ""


def _without_noun_chain(word: str, grammar: _Grammar) -> str:
    """Return the noun without its longest chain, or a noun of the list; empty if neither."""
    chains = grammar.nouns_on_consonant, grammar.nouns_on_vowel
    found = [rest for rest, chain in _cuts(word, *chains, grammar) if _may_lose(rest, chain)]
    kept = next((rest for rest in found if _plain(rest) in _KEPT), "")
    return kept or _with_k(found[0] if found else "", word, grammar)


def _may_lose(rest: str, chain: str) -> bool:
    if rest[-1] in _VOWELS:
        # Countries and loans in -iya have no suffix; -lı and -çı take the dative.
        is_loan = chain.startswith("ya") and rest[-1] == "i" and rest[-2] not in "lc"
        return len(rest) >= _SHORTEST_ON_VOWEL and not is_loan
    if chain[0] == "a" and rest.endswith("iy"):
        return False
    return not _MY.match(chain) or _syllables(rest) > 1


def _with_k(rest: str, word: str, grammar: _Grammar) -> str:
    """Give back the k that has become the y of -yə: həmrəyliyə, but ailəyə."""
    lost = "y" in grammar.hard and word[len(rest) :].startswith("ye")
    return rest + "k" if lost and (_plain(rest) in _IN_K or _LIK.fullmatch(rest)) else rest


# --- other languages -------------------------------------------------------

#: l'Azerbaïdjan, qu'il.
_ELISION = re.compile("^(?:[cdjlmnst]|qu)['’ʼ`´]")
_SNOWBALL = {"ru": "russian", "en": "english", "de": "german", "fr": "french", "es": "spanish"}


@cache
def _snowball(name: str) -> Any:
    # Only for those who count words.
    import Stemmer  # noqa: PLC0415

    return Stemmer.Stemmer(name)


def _endings(endings: str, *, before: str = "") -> re.Pattern[str]:
    """Match one of ``endings``, the longest that leaves three letters, or what stands before."""
    longest_first = "|".join(sorted(endings.split(), key=len, reverse=True))
    return re.compile(f"{before}(?<=...)(?:{longest_first})$")


_LIGHT = {
    # Plurals with what is written together with them, comparison, possessors.
    "fa": _endings("های هایی هایم هایت هایش هایشان هایمان ها ان ترین تر اش شان مان"),
    # The article with what is written together with it; duals, plurals, the feminine, possessors.
    "ar": _endings("ات ون ین ان ه ها هم نا", before="^(?:[وبکفل]?ال|لل)(?=...)|"),
    "uk": _endings("""
        а я о е є и і у ю ь й ї ам ям ах ях ів їв ей ом ем єм ою ею єю ові еві єві ами ями ий ій
        ого ої ому им ими их іх ім ість ості істю остей остям остями остях ти ть тися ться в ла ло
        ли ся лася лися лося вся ати ать ять ить ють уть ає ають али ала ало ав яв ив ила или ило
        ити ував увала ували увати ують ує уються ується
    """),
    "ka": _endings("""
        ი მა ს ის ით ად ო ა მ თა ნი ას ამ ში ზე თან აში აზე ასთან სთან ისთვის ისგან ისკენ
        იდან დან ამდე მდე ებ ები ებმა ებს ების ებით ებად ებო ება ებთა ებში ებზე ებთან
        ებისთვის ებისგან ებისკენ ებიდან ებამდე
    """),
}
