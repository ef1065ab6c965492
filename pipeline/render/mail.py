"""Digest → a mail: HTML for mail readers, and the same in plain words.

Mail readers know little of CSS and less of SVG, and some show the plain words only. So
the HTML is tables with inline styles, 600 pixels wide at most; it asks for no picture,
no font, no script, and its links lead straight to the articles, so nobody learns who
read it. Nothing is quoted that the `Digest` does not hold.

A mail is lines of headers, and mail readers make links of what looks like an address.
So what strangers wrote stands in no header, only ASCII and no line break goes into one
(`email` encodes the rest), and what looks like an address is parted by a blank unless
it is a link of ours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from textwrap import fill
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup, escape

from pipeline.model import Digest, Week
from pipeline.render.documents import page_context, templates
from pipeline.render.quotes import clean, web_address
from pipeline.render.writing import Writer
from pipeline.wording import load_words

#: Characters of a line of plain words, so that a reply that quotes it still fits 80.
_LINE = 72

#: Characters of the subject; a list of messages shows fewer.
_SUBJECT_LENGTH = 200

#: Characters of the mark between the parts: as many as chance alone never meets.
_BOUNDARY = 32

#: Encoded lines too are kept within what RFC 2045 (6.7) allows them; `email` takes 78.
_POLICY = SMTP.clone(max_line_length=76, cte_type="7bit")

#: What goes through every mail server as it is (RFC 5321; no quoted names, no SMTPUTF8).
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = rf"{_WORD}(\.{_WORD})*@{_LABEL}(\.{_LABEL})*"

#: With or without a name. Not by `email`, which takes much for an address and stumbles over some.
_MAILBOX = re.compile(
    rf'(?P<bare>{_ADDRESS})|("(?P<quoted>[^"\\]*)"|(?P<name>[^"<>@,;:\\]*))\s*<(?P<full>{_ADDRESS})>'
)
_COMMA = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')

#: Where mail readers see an address: before it a blank is put.
_SEEN_AS_LINK = re.compile(
    r"(?<=:)(?=//)|(?<=\bwww)(?=\.)|(?<=mailto)(?=:)|(?<=\w)(?=@\w)|(?<=\w)(?=\.[a-z]{2,24}\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """From whom a mail comes, to whom it goes and when."""

    sender: Address
    recipients: tuple[Address, ...]
    sent_at: datetime
    reports_url: str | None = None  # where the pages lie; None: they are not on the web


def read_addresses(text: str) -> tuple[Address, ...]:
    """Read mail addresses, with or without names, parted by commas.

    Raises:
        ValueError: one is none; the message tells which.

    >>> [one.addr_spec for one in read_addresses("Readers <a@news.example>, b@news.example")]
    ['a@news.example', 'b@news.example']
    """
    return tuple(_mailbox(one.strip()) for one in _COMMA.split(text) if one.strip())


def _mailbox(text: str) -> Address:
    found = _MAILBOX.fullmatch(text)
    if not found or not text.isprintable():
        raise ValueError(f"not a mail address in ASCII: {clean(text, _LINE)!r}")
    name = (found["quoted"] or found["name"] or "").strip()
    return Address(name, addr_spec=found["bare"] or found["full"])


@dataclass(frozen=True, slots=True)
class _OtherWeek:
    name: str
    range: str
    headline: str
    url: str | None


def render_mail(
    digest: Digest, envelope: Envelope, others: Sequence[tuple[Week, str]] = ()
) -> bytes:
    """Return the digest as a message in ASCII, ready to be sent (RFC 5322).

    ``others`` are further weeks that it names, with their headlines. The same arguments
    give the same bytes; sent again at another moment, the message keeps its number, so
    that a mail reader can tell that it has it.
    """
    context = {
        **page_context(digest),
        "online": _page_url(envelope, digest.week),
        "others": [_other_week(digest, envelope, *other) for other in others],
    }
    text = _wrapped(_render("mail.txt", context))
    html = _render("mail.html", context)
    subject = load_words(digest.language).say(
        "mail.subject", week=str(digest.week), headline=digest.headline
    )
    return bytes(_message(digest, envelope, clean(subject, _SUBJECT_LENGTH), (text, html)))


def _message(
    digest: Digest, envelope: Envelope, subject: str, bodies: tuple[str, str]
) -> EmailMessage:
    domain = envelope.sender.domain
    number = sha256("\0".join([subject, *bodies]).encode()).hexdigest()
    message = EmailMessage(_POLICY)
    message["From"] = envelope.sender
    message["To"] = envelope.recipients
    message["Subject"] = subject
    message["Date"] = envelope.sent_at
    message["Message-ID"] = f"<{uuid5(NAMESPACE_URL, number)}@{domain}>"
    message["List-Id"] = f"<solidarity-digest.{domain}>"  # RFC 2919, for those who sort their mail
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note is wanted
    text, html = bodies
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = digest.language  # before, it would go to the first part alone
    # Of chance unless said. This one is not in what it is made of, and fits one line.
    message.set_boundary(f"=_{number[:_BOUNDARY]}")
    return message


def _render(template: str, context: dict[str, object]) -> str:
    is_html = template.endswith(".html")
    environment = templates().overlay(autoescape=is_html, finalize=_unlinked)
    # The web addresses were made safe, and stay links.
    address = escape if is_html else Markup
    text = environment.get_template(template).render(context, address=address)
    return re.sub(r"\n{3,}", "\n\n", text).lstrip()


def _unlinked(value: object) -> object:
    """Part what a mail reader would make a link of; Jinja escapes the rest."""
    return value if isinstance(value, Markup) else _SEEN_AS_LINK.sub(" ", str(value))


def _wrapped(text: str) -> str:
    """Return the text in lines of `_LINE` characters; an address is not broken."""
    lines = (
        fill(
            line,
            _LINE,
            subsequent_indent=" " * (len(line) - len(line.lstrip(" -"))),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )
    return "\n".join(lines).strip() + "\n"


def _page_url(envelope: Envelope, week: Week) -> str | None:
    base = envelope.reports_url
    return web_address(f"{base.rstrip('/')}/{week}.html") if base else None


def _other_week(digest: Digest, envelope: Envelope, week: Week, headline: str) -> _OtherWeek:
    writer = Writer(load_words(digest.language), digest.time_zone)
    return _OtherWeek(
        name=str(week),
        range=writer.week_range(week),
        headline=headline,
        url=_page_url(envelope, week),
    )
