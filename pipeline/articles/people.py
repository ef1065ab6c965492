"""The names in a byline.

A shown byline is half furniture: a label, a role, a date, "Follow". So names are cut out of
it, and only what is written as names of people and offices are is believed.
"""

import re
from collections.abc import Iterable, Iterator


def people_in(texts: Iterable[str]) -> list[str]:
    """Return the names in ``texts``, each of which is known to name authors.

    >>> people_in(["By Our Correspondent, science editor", "admin", "desk@courier.example"])
    ['Our Correspondent']
    """
    return [name for text in texts for name in _split(_unlabelled(text)) if _is_sound(name)]


def people_in_line(line: str) -> list[str]:
    """Return the names in a shown byline; none if it reads otherwise.

    >>> people_in_line("Submitted by City desk on 4 May"), people_in_line("4 May 2025, 11:00")
    (['City desk'], [])
    """
    rest = _unlabelled(line)
    if rest != line.strip(_EDGES):
        return [name for name in people_in([line]) if _fits(name)]
    head = _END.split(line)[0]
    is_list = not any(map(str.isdigit, head)) and len(head.split()) > 1
    return [name for name in people_in([head]) if _fits(name)] if is_list else []


#: "By" and its like, before which a blank follows; and nouns, which need a colon.
_PREPOSITIONS = (
    r"(?:article |story |text |words |written |posted |published |authored |submitted )?by"
    r"|(?:ein beitrag |verfasst |eingestellt |erstellt |geschrieben |artikel |veröffentlicht )?von"
    r"|(?:publié |rédigé |écrit )?par|(?:escrito |publicado )?por|di|scritto da|door"
    r"|(?:نشرت? |كتب )?بواسطة|نوشته|بقلم"
)
_NOUNS = (
    r"about the author|authors?|text|über den autor|autor(?:in|en|es|a)?|auteure?s?|posted"
    r"|müəllif(?:lər)?(?:i)?|hazırla(?:dı|yan)|yazar(?:ı|lar)?|yazan|haber|muhabir|mənbə müəllifi"
    r"|автор(?:ы)?|текст|подготовил[аи]?|материал подготовил[аи]?"
    r"|نویسنده|خبرنگار|گزارش|الكاتب|投稿者|著者|作者|文"
)
_LABEL = re.compile(
    rf"(?:{_PREPOSITIONS})(?:\s*[:：|]\s*|\s+(?=\S)|\s*$)"
    rf"|(?:{_NOUNS})(?:\s*[:：|]\s*|\s{{2,}}|\s*$)",
    re.IGNORECASE,
)
#: With a number before it: "4 May by" …
_INNER_BY = re.compile(r"^[^.]{0,60}?\d[^.]{0,30}?\b(?:by|von|par|por)\s+(?=\S)", re.IGNORECASE)
#: Behind these a name has ended.
_END = re.compile(
    r"\s{2,}|\s+[|•·–—-]\s+|\s*[|•·✉]\s*|\s*[\[{@]|\s*\((?=.*$)|\s+\d|\s*[:：]"
    r"|\s*,?\s+(?:is an?|is the|ist|on behalf of|from|for|für|has been|updated|published|posted|"
    r"on|contact|follow)\s",
    re.IGNORECASE,
)
#: Lists part at commas, and at an "and" between whole names: "Jobs & Hire" is one.
_COMMA = re.compile(r"\s*[,;、，]\s*(?:(?:and|und|et|и|və|ve)\s+)?|\s+/\s+", re.IGNORECASE)
_AND = re.compile(
    r"(?<=\w\s)(?<=\w{2}\s)(?:and|und|et|y|e|və|ve|и|та|with|mit|و|&)\s(?=\w+\.?\s+\w)",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:editors?|editorial|correspondents?|reporters?|writers?|journalists?|columnists?|"
    r"contribut\w+|producers?|analysts?|authors?|staff|director|professor|manager|president|head|"
    r"founder|co-?founder|fellow|expert|specialist|coordinator|consultant|md|m\.d\.?|ph\.?d\.?|"
    r"ceo|cfo|rn|mba|redakt\w+|korrespond\w+|reporterin|müxbir\w*|muhabir\w*|yazar\w*|editör\w*|"
    r"rédact\w+|journaliste|redactor\w*|periodista|корреспондент\w*|редактор\w*|журналист\w*|"
    r"обозреватель|خبرنگار|نویسنده|سردبیر)(?!\w)",
    re.IGNORECASE,
)
#: What stands where a name may, and is none.
_NO_NAME = re.compile(
    r"(?:\w?_?admin(?:istrator)?|webmaster|root|user|guest|(?:\w+ )?name|unknown|anonym(?:ous)?|"
    r"none|null|n/a|no author|undefined|default|test|follow\b.*|folgen|subscribe|share|read more|"
    r"sign in|log ?in|menu|home|view .*|more .*|mehr.*|all posts.*|zeige .*|see .*|our expert.*|"
    r"our method.*|about.*|(?:the )?authors?|(?:contributing )?writers?|guide|theme|posted|"
    r"updated.*|published.*|stand|quelle|interview|comments?|photos?|video|bio|profile|zur person|"
    r"the|by|von|əlavə .*|ətraflı.*|daha .*|подробнее.*|читать.*|beitrag)\W*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://\S*|www\.\S+|\S+@\S+\.\w+|<[^>]*>")
_LETTERS = re.compile(r"[^\W\d_]{2}|[\u3040-\u9fff\uac00-\ud7af]")
_JUNK = re.compile(r"\d{4}|[{}$<>=\\]|\w{3,}\.\w{3,}\.\w|^[0-9a-f-]{12,}$")
_EDGES = " ,;:-–—|•·*\"'"
_LONGEST_NAME = 60
_MOST_WORDS = 6


#: Characters that are looked at: of an anthology, some dozens of names.
_LONGEST = 1_000


def _unlabelled(text: str) -> str:
    text = _ADDRESS.sub(" ", text[:_LONGEST]).strip(_EDGES)
    if inner := _INNER_BY.match(text):
        return text[inner.end() :]
    while found := _LABEL.match(text):
        text = text[found.end() :].strip(_EDGES)
    return text


def _split(text: str) -> Iterator[str]:
    """Return the names of the list ``text``, without roles, degrees and places.

    >>> list(_split("Our Correspondent, science editor, and A. Second Hand  4 May 2025"))
    ['Our Correspondent', 'A. Second Hand']
    """
    first, *others = (part for item in _COMMA.split(text) for part in _AND.split(item))
    yield _END.split(first)[0].strip(_EDGES)
    for part in others:
        name = _END.split(part)[0].strip(_EDGES)
        if not _ROLE.search(part) and len(name.split()) > 1 and _fits(name):
            yield name


def _is_sound(name: str) -> bool:
    return bool(
        len(name) <= _LONGEST_NAME
        and _LETTERS.search(name)
        and not _JUNK.search(name)
        and not _NO_NAME.fullmatch(name)
    )


#: Words of a name that are written small.
_PARTICLE = re.compile(
    r"(?:von|van|der|den|de|du|da|di|del|della|dos|la|le|al|el|bin|ibn|ben|zu|ten|oğlu|qızı|и)$"
)


#: An office that signs for its people; its name may be written small but for the first letter.
_OFFICE = re.compile(
    r"[^\W\d_][\w.-]*(?: [\w.-]+){0,3}? ?(?:desk|staff|team|editorial|newsroom|şöbəsi|redaksiyası|"
    r"xidməti|bürosu|merkezi|servisi|редакция|служба|отдел\w*|redaktion|büro)"
    r"|(?:rédaction|redaktion|редакция|служба|отдел|redacción|قسم|هیئت|سرویس)(?: [\w.-]+){1,3}",
    re.IGNORECASE,
)


def is_office(text: str) -> bool:
    """Tell whether ``text`` names an office of an outlet, such as its desk for culture."""
    return len(text) <= _LONGEST_NAME and bool(_OFFICE.fullmatch(text))


def _fits(name: str) -> bool:
    """Tell whether ``name`` is written as names of people and offices are."""
    words = name.split()
    if not 0 < len(words) <= _MOST_WORDS or name.endswith(("?", "!", "…")):
        return False
    if is_office(name) and not name[0].islower():
        return True
    small = [word for word in words if word[0].islower() and not _PARTICLE.match(word)]
    return not small
