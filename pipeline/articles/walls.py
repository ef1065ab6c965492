"""Pages that answer 200 and are no article: walls, errors, lists.

Judged by what they say, in the languages of our sources, and only where they say little
else: an article may well be about cookies, or about a page that was not found.
"""

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from pipeline.articles.tree import clean, text_of
from pipeline.model import Reason
from pipeline.text import fold


@dataclass(frozen=True, slots=True)
class Signs:
    """What the whole page shows, read before its furniture is cut out."""

    is_article: bool  # as the page calls itself
    headings: tuple[str, ...]  # the title's parts and the first headings, in match form
    lists_headlines: bool  # it calls itself no article, and has many links as long as headlines
    asks_password: bool


#: Characters; the walls that we know say it in fewer.
_LONGEST_HEADING = 200
#: Headings that are looked at; those further down belong to teasers.
_HEADINGS = 4
_TITLE_PARTS = re.compile(r"\s+[|·•»:–—-]+\s+|\s*[|»]\s*")
#: Words from which a link text may be a headline.
_HEADLINE_WORDS = 4


def read_signs(root: etree._Element, *, is_article: bool) -> Signs:
    """Read the signs of the tree ``root``, which may call itself an article; changes nothing."""
    title = next((text_of(e) for e in root.iter("title")), "")
    titles = _TITLE_PARTS.split(clean(title)[:_LONGEST_HEADING])
    found = islice(root.iter("h1", "h2"), _HEADINGS)
    headings = [clean(text_of(e)[:_LONGEST_HEADING]) for e in found]
    return Signs(
        is_article=is_article,
        headings=tuple(filter(None, map(fold, (*titles, *headings)))),
        lists_headlines=not is_article and _lists_headlines(root),
        asks_password=any((e.get("type") or "").lower() == "password" for e in root.iter("input")),
    )


def _lists_headlines(root: etree._Element) -> bool:
    found = (e for e in root.iter("a") if len(text_of(e).split()) >= _HEADLINE_WORDS)
    return sum(1 for _ in islice(found, _LISTED_HEADLINES)) == _LISTED_HEADLINES


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


#: All patterns are held against the match form.
_NOT_FOUND = _any(
    r"(?:(?:error|xeta|hata|ошибка|fehler|erreur|خطای?) ?)?[-:.]? ?404\b.{0,60}",
    r"(?:sorry,? )?(?:the |this )?(?:requested )?(?:page|article|content) (?:you .{0,40})?"
    r"(?:(?:was|is|could|can) )?(?:not|no longer|cannot|can't) (?:be )?"
    r"(?:found|available|exist).{0,20}",
    r"not found|page unavailable",
    r"(?:axtardiginiz )?sehife (?:tapilmadi|movcud deyil).{0,20}|(?:xeber|melumat) tapilmadi",
    r"(?:aradiginiz )?sayfa bulunamadi.{0,20}|haber bulunamadi",
    r"(?:такая |запрашиваемая )?(?:страница|статья)(?: вами)? не (?:найдена|существует).{0,20}",
    r"(?:сторінку|сторінка) не (?:знайдено|знайдена)",
    r"(?:die )?seite (?:wurde )?(?:leider )?nicht gefunden.{0,20}",
    r"(?:cette )?page (?:introuvable|non trouvee).{0,20}|pagina no encontrada.{0,20}",
    r"صفحه (?:مورد نظر )?(?:شما )?(?:یافت|پیدا) نشد.{0,20}|الصفحه غیر موجوده.{0,20}",
)
_CONSENT = _any(
    r"before you continue.{0,60}|we value your privacy|your privacy (?:choices|matters)",
    r"cookie (?:consent|settings|preferences)|privacy settings",
    r"manage (?:your )?(?:consent|cookies?|privacy).{0,30}",
    r"bevor (?:sie|du) .{0,30}fortf.{0,10}|datenschutz-?einstellungen|avant d'acceder.{0,40}",
    r"gizlilik .{0,20}onem.{0,20}|мы используем (?:файлы )?cookie.{0,20}",
)
_BLOCKED = _any(
    r"just a moment\.*|attention required!?.{0,20}|(?:403 )?forbidden",
    r"access (?:is )?(?:to this .{0,30})?(?:denied|blocked).{0,20}",
    r"are you (?:a )?(?:human|robot)\??|verify (?:that )?you are (?:a )?human.{0,20}",
    r"checking your browser.{0,30}|security check.{0,20}|ddos-guard|ddos protection.{0,20}",
    r"request (?:blocked|rejected|unsuccessful).{0,20}|pardon our interruption.{0,5}",
    r"human verification|robot deyil.{0,20}|sayta giris .{0,30}",
    r"(?:доступ (?:к .{0,40})?|сайт )(?:ограничен|заблокирован|запрещен).{0,40}",
    r"bu (?:internet )?site(?:si|ye)? .{0,40}(?:engellen|erisim).{0,40}|erisim engellendi.{0,20}",
)
_LOGIN = _any(
    r"(?:please )?(?:log|sign) ?in(?: (?:to|or) .{0,40})?|login|members? (?:only|area)",
    r"(?:sayta |hesaba )?daxil ol(?:un)?.{0,20}|giris(?: yap(?:in)?)?|uye girisi",
    r"вход(?: на сайт)?|авторизация|войти|anmelden|einloggen|se connecter|connexion",
    r"ورود(?: به .{0,20})?",
)
_CONSENT_WORDS = _any(
    r"cookie|consent|privacy|partners|personali[sz]ed|accept all|reject all",
    r"einwillig|datenschutz|zustimm|confidentialite|cerez|gizlilik|kuki|куки|согласи|конфиденциальн",
)
_BLOCK_WORDS = _any(
    r"captcha|cloudflare|ray id|unusual traffic|enable (?:javascript and )?cookies|suspected bot",
    r"роскомнадзор|5651 sayili|bilgi teknolojileri ve iletisim kurumu|mahkeme karari",
)
#: Characters. A wall explains itself; an article that quotes one goes on.
_LONGEST_WALL = 2_500
#: Words of consent, and their share of all words, from which a text asks for it.
_FEWEST_CONSENT_WORDS = 3
_CONSENT_SHARE = 0.03
_FEWEST_BLOCK_WORDS = 2
#: Links as long as headlines from which a page may be a list of them.
_LISTED_HEADLINES = 15
#: Characters that even a short news item has, and a list seldom has of its own.
_LISTING_PROSE = 500


def find_wall(signs: Signs, paragraphs: list[str]) -> tuple[Reason, str] | None:
    """Return why the page is no article, with the words that say so; None if it may be one."""
    for heading in signs.headings:
        if _NOT_FOUND.fullmatch(heading):
            return Reason.SOFT_404, heading
    if signs.is_article or sum(map(len, paragraphs)) > _LONGEST_WALL:
        return None
    return _wall_by_heading(signs) or _wall_by_text(fold("\n".join(paragraphs)))


def _wall_by_heading(signs: Signs) -> tuple[Reason, str] | None:
    for heading in signs.headings:
        if _CONSENT.fullmatch(heading):
            return Reason.CONSENT_WALL, heading
        if _BLOCKED.fullmatch(heading):
            return Reason.BLOCK_PAGE, heading
        if signs.asks_password and _LOGIN.fullmatch(heading):
            return Reason.LOGIN_WALL, heading
    return None


def _wall_by_text(text: str) -> tuple[Reason, str] | None:
    consent = _CONSENT_WORDS.findall(text)
    if len(consent) >= max(_FEWEST_CONSENT_WORDS, len(text.split()) * _CONSENT_SHARE):
        return Reason.CONSENT_WALL, consent[0]
    blocked = set(_BLOCK_WORDS.findall(text))
    if len(blocked) >= _FEWEST_BLOCK_WORDS:
        return Reason.BLOCK_PAGE, min(blocked)
    return None


def is_listing(signs: Signs, paragraphs: list[str], *, path: str) -> bool:
    """Tell whether the page at ``path`` lists articles: a front page, a section, a search."""
    is_short = path in {"", "/"} or sum(map(len, paragraphs)) < _LISTING_PROSE
    return signs.lists_headlines and is_short
