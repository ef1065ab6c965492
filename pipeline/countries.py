"""What the domain of an address tells: a country, and the time zone of its outlets."""

from pipeline.urls import host_of

#: Domain of a country, which is its code as well, and the zone in which most
#: of its outlets write (IANA tz database). Only domains that outlets of that country use: those
#: that are sold for their sound (tv, me, ws, io …) tell nothing.
_COUNTRIES = """
    ae=Asia/Dubai al=Europe/Tirane am=Asia/Yerevan ar=America/Argentina/Buenos_Aires
    at=Europe/Vienna au=Australia/Sydney az=Asia/Baku ba=Europe/Sarajevo be=Europe/Brussels
    bg=Europe/Sofia br=America/Sao_Paulo by=Europe/Minsk ca=America/Toronto ch=Europe/Zurich
    cn=Asia/Shanghai cy=Asia/Nicosia cz=Europe/Prague de=Europe/Berlin dk=Europe/Copenhagen
    ee=Europe/Tallinn eg=Africa/Cairo es=Europe/Madrid fi=Europe/Helsinki fr=Europe/Paris
    ge=Asia/Tbilisi gr=Europe/Athens hr=Europe/Zagreb hu=Europe/Budapest id=Asia/Jakarta
    ie=Europe/Dublin il=Asia/Jerusalem in=Asia/Kolkata iq=Asia/Baghdad ir=Asia/Tehran
    it=Europe/Rome jo=Asia/Amman jp=Asia/Tokyo kg=Asia/Bishkek kr=Asia/Seoul kw=Asia/Kuwait
    kz=Asia/Almaty lt=Europe/Vilnius lu=Europe/Luxembourg lv=Europe/Riga ma=Africa/Casablanca
    md=Europe/Chisinau mk=Europe/Skopje mx=America/Mexico_City nl=Europe/Amsterdam
    no=Europe/Oslo om=Asia/Muscat pk=Asia/Karachi pl=Europe/Warsaw pt=Europe/Lisbon
    qa=Asia/Qatar ro=Europe/Bucharest rs=Europe/Belgrade ru=Europe/Moscow sa=Asia/Riyadh
    se=Europe/Stockholm si=Europe/Ljubljana sk=Europe/Bratislava tj=Asia/Dushanbe
    tm=Asia/Ashgabat tr=Europe/Istanbul ua=Europe/Kyiv gb=Europe/London us=America/New_York
    uz=Asia/Tashkent
"""
#: Country → zone.
ZONES = {code.upper(): zone for code, _, zone in (one.partition("=") for one in _COUNTRIES.split())}
#: Domains that are not the country's code: uk, and those in other scripts.
_OTHER_DOMAINS = {
    "uk": "GB",
    "xn--p1ai": "RU",  # .рф
    "xn--j1amh": "UA",  # .укр
    "xn--mgba3a4f16a": "IR",  # .ایران
}


def home_zone(url: str) -> str | None:
    """Return the time zone of the country in whose domain ``url`` lies; None if it is of none.

    >>> home_zone("https://example.az/rss"), home_zone("https://example.tv/")
    ('Asia/Baku', None)
    """
    return ZONES.get(country_of(url) or "")


def country_of(url: str) -> str | None:
    """Return the country (ISO 3166-1 alpha-2) in whose domain ``url`` lies; None if in no one's."""
    domain = host_of(url).rpartition(".")[2]
    country = _OTHER_DOMAINS.get(domain, domain.upper())
    return country if country in ZONES else None
