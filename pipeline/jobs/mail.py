"""A digest by mail, through the operator's own mail server (SMTP).

What goes over the wire is encrypted unless that server is on this machine, or its URL
says that it may do without; a password never goes in the clear. A server is believed to
be who it is by its certificate, as a browser does it. Where encryption may be done
without, whoever could forge a certificate could as well suppress the encryption, so the
certificate is not looked at there.

Nothing here ever holds the URL, the user or the password in a message or a log.
"""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from pipeline.errors import ConfigError, MailError
from pipeline.jobs.digest import WrittenReport
from pipeline.render import Envelope, read_addresses, render_mail
from pipeline.render.quotes import clean, web_address
from pipeline.settings import Settings

#: Seconds for a connection, and for each reply. RFC 5321 (4.5.3.2) would grant a server
#: minutes; nobody waits so long for a digest, and it can be sent again.
REPLY_TIME = 30.0

#: RFC 6409 and RFC 8314: where mail is handed in.
_PORTS = {"smtp": 587, "smtps": 465}

#: Characters of what a server said that are shown.
_SAID = 200

#: Replies of 500 and more are for good (RFC 5321, 4.2.1); below, it may go another time.
_FOR_GOOD = 500

_HOW = "write smtp://user:password@host:587 or smtps://user:password@host, with %XX for : / @ % ?"


class PartlySentError(MailError):
    """It was not taken this time for the addresses ``lacking``; the other recipients have it."""

    def __init__(self, said: str, lacking: frozenset[str]) -> None:
        super().__init__(said)
        self.lacking = lacking


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """The mail server that takes our mail."""

    host: str
    port: int
    user: str = field(repr=False)  # empty: no login
    password: str = field(repr=False)
    is_wrapped: bool  # TLS from the first byte, not by STARTTLS
    #: Encrypted, and believed only with its certificate. False: it is on this machine, or may
    #: do without.
    needs_tls: bool

    @property
    def name(self) -> str:
        """What it is called in messages."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_relay(settings: Settings) -> Relay:
    """Read SOLIDARITY_SMTP_URL.

    Raises:
        ConfigError: it is not set or cannot be used; the message does not repeat it.
    """
    if not settings.smtp_url:
        raise ConfigError(f"no mail server; set SOLIDARITY_SMTP_URL: {_HOW}")
    try:
        return _relay(settings.smtp_url)
    except ValueError as error:
        # What else urlsplit says may repeat what it read.
        said = str(error) if isinstance(error, _BadUrlError) else _HOW
        raise ConfigError(f"SOLIDARITY_SMTP_URL: {said}") from None


class _BadUrlError(ValueError):
    """Its message holds nothing of the URL."""


def _relay(url: str) -> Relay:
    parts = urlsplit(url.strip())
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    host = parts.hostname
    if parts.scheme not in _PORTS or not host or parts.path.strip("/") or parts.fragment:
        raise _BadUrlError(_HOW)
    host.encode("idna")  # as the system will, and raises a ValueError where it cannot
    if bool(user) != bool(password):
        raise _BadUrlError("a login needs a user and a password")
    if not (user + password).isascii() or not (user + password).isprintable():
        raise _BadUrlError("the user and the password must be printable ASCII")
    is_here = _is_loopback(host)
    if options:
        _check_options(options, parts.scheme, is_safe=is_here or not user)
    return Relay(
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        user=user,
        password=password,
        is_wrapped=parts.scheme == "smtps",
        needs_tls=not options and not is_here,
    )


def _check_options(options: Mapping[str, str], scheme: str, *, is_safe: bool) -> None:
    if scheme != "smtp" or options != {"starttls": "optional"}:
        raise _BadUrlError("after the ? only starttls=optional can stand, and only of smtp://")
    if not is_safe:
        raise _BadUrlError("a password is not sent without TLS; leave out starttls=optional")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")  # RFC 6761, 6.3


def read_envelope(settings: Settings, *, now: datetime) -> Envelope:
    """Read from whom a digest comes and to whom it goes.

    Raises:
        ConfigError: nobody is named, or one cannot be used.
    """
    senders = _addresses("SOLIDARITY_MAIL_FROM", settings.mail_from, "no sender")
    if len(senders) > 1:
        raise ConfigError("SOLIDARITY_MAIL_FROM: one sender, please")
    url = settings.reports_url
    if url and web_address(url) is None:
        raise ConfigError("SOLIDARITY_REPORTS_URL: not an http or https address")
    return Envelope(
        sender=senders[0],
        recipients=_addresses("SOLIDARITY_MAIL_TO", settings.mail_to, "no recipient"),
        sent_at=now,
        reports_url=url or None,
    )


def _addresses(variable: str, text: str, missing: str) -> tuple[Address, ...]:
    try:
        found = read_addresses(text)
    except ValueError as error:
        raise ConfigError(f"{variable}: {error}") from error
    if not found:
        raise ConfigError(f"{missing} for the digest; set {variable} to a mail address")
    return found


def mail_of(written: WrittenReport, envelope: Envelope) -> bytes:
    """Return the message about what was written: the newest week in full, the others named."""
    others = [(one.week, one.headline) for one in reversed(written.digests[:-1])]
    return render_mail(written.newest, envelope, others)


def send(
    message: bytes, envelope: Envelope, relay: Relay, *, reply_time: float = REPLY_TIME
) -> None:
    """Hand a message to the mail server.

    Raises:
        ConfigError: the server is not to be trusted, or refuses the login, the sender or a
            recipient for good; where it refuses some recipients, the others have it.
        MailError: it cannot be reached, or does not take the message this time; a
            PartlySentError where it takes it for some recipients.
    """
    with _errors_said(relay), _connected(relay, envelope.sender.domain, reply_time) as server:
        if not relay.is_wrapped:
            _encrypt(server, relay)
        if relay.user:
            server.login(relay.user, relay.password)
        recipients = [one.addr_spec for one in envelope.recipients]
        refused = server.sendmail(envelope.sender.addr_spec, recipients, message)
        with suppress(smtplib.SMTPException, OSError):  # it has the message
            server.quit()
    if refused:
        raise _refused_recipients(relay, refused, is_rest_served=True)


@contextmanager
def _connected(relay: Relay, name: str, reply_time: float) -> Iterator[smtplib.SMTP]:
    # `name` is ours; without it smtplib would ask the net what this machine is called.
    if relay.is_wrapped:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            relay.host, relay.port, name, timeout=reply_time, context=_tls(relay)
        )
    else:
        server = smtplib.SMTP(relay.host, relay.port, name, timeout=reply_time)
    try:
        yield server
    finally:
        server.close()


def _encrypt(server: smtplib.SMTP, relay: Relay) -> None:
    server.ehlo_or_helo_if_needed()
    if server.has_extn("starttls"):
        server.starttls(context=_tls(relay))
    elif relay.needs_tls:
        raise ConfigError(
            f"the mail server {relay.name} offers no STARTTLS; try smtps:// in "
            "SOLIDARITY_SMTP_URL, or add ?starttls=optional if it takes mail without a login"
        )


def _tls(relay: Relay) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not relay.needs_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


# --- what went wrong, and what to do ---------------------------------------


@contextmanager
def _errors_said(relay: Relay) -> Iterator[None]:
    """Turn what smtplib raises into an error that says what to do.

    Its own errors are not chained: a traceback might show what it was sending.
    """
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise _refused_recipients(relay, error.recipients) from None
    except smtplib.SMTPResponseException as error:
        raise _refused(relay, error) from None
    except ssl.SSLCertVerificationError as error:
        raise ConfigError(
            f"the certificate of the mail server {relay.name} cannot be trusted: "
            f"{error.verify_message}; name the host as its certificate does, or your own "
            "authority in SSL_CERT_FILE"
        ) from None
    except smtplib.SMTPServerDisconnected as error:
        raise MailError(f"no mail was sent: {relay.name}: {_why(error)}") from None
    except smtplib.SMTPException:  # what is left of them: it knows no login, or none that we know
        raise ConfigError(
            f"the mail server {relay.name} takes no login this way; leave user and password "
            "out of SOLIDARITY_SMTP_URL, or use smtps://"
        ) from None
    except OSError as error:
        raise MailError(f"no mail was sent: {relay.name}: {_why(error)}") from None


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "took too long to answer"
    if isinstance(error, ssl.SSLError):
        return "speaks no TLS there; smtps:// is for port 465, smtp:// for 587"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "closed the connection"
    # Of the system: “Connection refused”, “Name or service not known”.
    return clean(getattr(error, "strerror", None) or type(error).__name__, _SAID)


def _refused(relay: Relay, error: smtplib.SMTPResponseException) -> ConfigError | MailError:
    said = f"{error.smtp_code} {_said(relay, error.smtp_error)}".rstrip()
    if error.smtp_code < _FOR_GOOD:
        return MailError(f"no mail was sent: {relay.name} said {said}; try again later")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ConfigError(
            f"the mail server {relay.name} refused the login: {said}; "
            "look at user and password in SOLIDARITY_SMTP_URL"
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return ConfigError(
            f"the mail server {relay.name} refused the sender {error.sender}: {said}; "
            "look at SOLIDARITY_MAIL_FROM, and whether it wants a login"
        )
    return MailError(f"no mail was sent: {relay.name} refused the message: {said}")


def _refused_recipients(
    relay: Relay, refused: Mapping[str, tuple[int, bytes]], *, is_rest_served: bool = False
) -> ConfigError | MailError:
    each = ", ".join(
        f"{address} ({code} {_said(relay, said)})" for address, (code, said) in refused.items()
    )
    rest = "; the others have it" if is_rest_served else ""
    if all(code < _FOR_GOOD for code, _ in refused.values()):
        told = f"{relay.name} did not take the mail this time for {each}{rest}"
        return PartlySentError(told, frozenset(refused)) if is_rest_served else MailError(told)
    return ConfigError(
        f"the mail server {relay.name} refused the recipient {each}{rest}; "
        "look at SOLIDARITY_MAIL_TO"
    )


def _said(relay: Relay, reply: bytes | str) -> str:
    """Return what a server said, unless it repeats what was told in confidence."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    secrets = [relay.password, relay.user, f"\0{relay.user}\0{relay.password}"]
    told = [*secrets[:2], *(b64encode(one.encode()).decode() for one in secrets)]
    if relay.user and any(one in text for one in told):
        return ""
    return re.sub(r"[^\x20-\x7e]", "?", clean(text, _SAID))
