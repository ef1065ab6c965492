"""A digest is handed to a real mail server, or it is said why not."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest

from pipeline.errors import ConfigError, MailError, PipelineError
from pipeline.jobs.digest import write_digests
from pipeline.jobs.mail import PartlySentError, mail_of, read_envelope, read_relay, send
from pipeline.model import Week
from pipeline.render import render_mail
from pipeline.settings import Settings
from tests.cases.digests.weeks import digest_of
from tests.jobs.conftest import World
from tests.postbox import CERTIFICATE, ELSEWHERE, PASSWORD, USER, MailServer, Postbox, server_tls

DATABASES = ("sqlite",)

LOGIN = f"{USER}:{quote(PASSWORD, safe='')}@"

NOW = datetime(2027, 1, 4, 6, 0, tzinfo=UTC)

SETTINGS = Settings(
    mail_from="Digest <digest@news.example>",
    mail_to="one@news.example, Two <two@news.example>",
)

ENVELOPE = read_envelope(SETTINGS, now=NOW)

MESSAGE = render_mail(digest_of("holiday", language="az"), ENVELOPE)

#: aiosmtpd's own warning, and the very thing that is tried.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a mail server for a `Postbox`, and return its port."""
    with ExitStack() as stack:

        def start(box: Postbox, **options: Any) -> int:
            server = MailServer(box, **options)
            server.start()
            stack.callback(server.stop)
            return server.port

        yield start


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the server's certificate one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def handed(url: str) -> None:
    send(MESSAGE, ENVELOPE, read_relay(replace(SETTINGS, smtp_url=url)), reply_time=3.0)


def refused(url: str, kind: type[PipelineError] = ConfigError) -> str:
    """Return why nothing was sent; whatever it is, it tells no secret."""
    with pytest.raises(kind) as caught:
        handed(url)
    error: BaseException | None = caught.value
    while error:
        assert PASSWORD not in str(error)
        assert quote(PASSWORD, safe="") not in str(error)
        error = None if error.__suppress_context__ else error.__context__
    return str(caught.value)


# --- it is sent ------------------------------------------------------------


def test_the_message_arrives_as_it_was_made(serve: Serve) -> None:
    box = Postbox()
    handed(f"smtp://127.0.0.1:{serve(box)}")
    [mail] = box.received
    assert mail.content == MESSAGE
    assert mail.sender == "digest@news.example"
    assert mail.recipients == ["one@news.example", "two@news.example"]
    assert mail.name == "news.example"  # not what this machine is called
    assert not mail.was_encrypted


def test_this_machine_is_encrypted_to_where_it_offers_it(serve: Serve) -> None:
    box = Postbox()
    port = serve(box, tls_context=server_tls(), authenticator=box.log_in, auth_required=True)
    handed(f"smtp://{LOGIN}localhost:{port}")
    [mail] = box.received
    assert (mail.was_encrypted, mail.was_logged_in) == (True, True)


def test_this_machine_may_take_a_login_in_the_clear(serve: Serve) -> None:
    box = Postbox()
    options = {"authenticator": box.log_in, "auth_required": True, "auth_require_tls": False}
    handed(f"smtp://{LOGIN}127.0.0.1:{serve(box, **options)}")
    [mail] = box.received
    assert (mail.was_encrypted, mail.was_logged_in) == (False, True)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(("scheme", "how"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_others_are_encrypted_to_and_have_a_certificate(
    scheme: str, how: str, serve: Serve
) -> None:
    box = Postbox()
    handed(f"{scheme}://{ELSEWHERE}:{serve(box, **{how: server_tls()})}")
    assert [(mail.content, mail.was_encrypted) for mail in box.received] == [(MESSAGE, True)]


@pytest.mark.usefixtures("trusted")
def test_a_login_is_made_after_encryption(serve: Serve) -> None:
    box = Postbox()
    port = serve(box, tls_context=server_tls(), authenticator=box.log_in, auth_required=True)
    handed(f"smtp://{LOGIN}{ELSEWHERE}:{port}")
    [mail] = box.received
    assert (mail.was_encrypted, mail.was_logged_in) == (True, True)


@pytest.mark.parametrize("offered", [False, True])
def test_a_relay_may_do_without_encryption_where_its_url_says_so(
    offered: bool, serve: Serve
) -> None:
    box = Postbox()
    port = serve(box, **({"tls_context": server_tls()} if offered else {}))
    handed(f"smtp://{ELSEWHERE}:{port}?starttls=optional")
    assert [mail.was_encrypted for mail in box.received] == [offered]


def test_a_farewell_that_fails_costs_nothing(serve: Serve) -> None:
    box = Postbox({"QUIT": "500 stay"})
    handed(f"smtp://127.0.0.1:{serve(box)}")
    assert len(box.received) == 1


# --- it is not sent --------------------------------------------------------


def test_nothing_is_sent_in_the_clear_to_others(serve: Serve) -> None:
    box = Postbox()
    options = {"authenticator": box.log_in, "auth_require_tls": False}
    said = refused(f"smtp://{LOGIN}{ELSEWHERE}:{serve(box, **options)}")
    assert "offers no STARTTLS; try smtps://" in said
    assert box.received == []


@pytest.mark.parametrize(("scheme", "how"), [("smtp", "tls_context"), ("smtps", "ssl_context")])
def test_a_certificate_that_nobody_signed_is_refused(scheme: str, how: str, serve: Serve) -> None:
    box = Postbox()
    said = refused(f"{scheme}://{ELSEWHERE}:{serve(box, **{how: server_tls()})}")
    assert "cannot be trusted: self-signed certificate" in said
    assert box.received == []


def test_a_certificate_must_be_for_the_name(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Path(__file__).parents[1] / "web" / "self_signed.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(other)
    said = refused(f"smtps://{ELSEWHERE}:{serve(Postbox(), ssl_context=context)}")
    assert "certificate is not valid for '127.1'" in said


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        ("535 5.7.8 wrong", ConfigError, "refused the login: 535 5.7.8 wrong; look at user and"),
        (f"535 you said {PASSWORD}", ConfigError, "refused the login: 535; look at user and"),
        ("454 4.7.0 not now", MailError, "said 454 4.7.0 not now; try again later"),
    ],
)
def test_a_refused_login_is_named(
    reply: str, kind: type[PipelineError], said: str, serve: Serve
) -> None:
    box = Postbox({"AUTH": reply})
    options = {"authenticator": box.log_in, "auth_required": True, "auth_require_tls": False}
    assert said in refused(f"smtp://{LOGIN}127.0.0.1:{serve(box, **options)}", kind)


def test_a_server_without_logins_is_named(serve: Serve) -> None:
    said = refused(f"smtp://{LOGIN}127.0.0.1:{serve(Postbox())}")
    assert "takes no login this way; leave user and password out" in said


@pytest.mark.parametrize(
    ("replies", "kind", "said"),
    [
        ({"MAIL": "550 not you"}, ConfigError, "refused the sender digest@news.example: 550 not"),
        ({"MAIL": "450 wait"}, MailError, "said 450 wait; try again later"),
        ({"DATA": "554 spam"}, MailError, "refused the message: 554 spam"),
        ({"DATA": "452 full"}, MailError, "said 452 full; try again later"),
    ],
)
def test_a_refused_sender_or_message_is_named(
    replies: dict[str, str], kind: type[PipelineError], said: str, serve: Serve
) -> None:
    box = Postbox(replies)
    assert said in refused(f"smtp://127.0.0.1:{serve(box)}", kind)
    assert box.received == []


def test_refused_recipients_are_named(serve: Serve) -> None:
    one, two = "one@news.example", "two@news.example"
    box = Postbox({one: "550 no such user", two: "550 \x1b[2J gone"})
    said = refused(f"smtp://127.0.0.1:{serve(box)}")
    assert f"refused the recipient {one} (550 no such user), {two} (550 " in said
    assert said.isprintable()
    assert said.endswith("look at SOLIDARITY_MAIL_TO")
    assert box.received == []


def test_the_others_get_it_where_one_recipient_is_refused(serve: Serve) -> None:
    box = Postbox({"one@news.example": "550 no such user"})
    said = refused(f"smtp://127.0.0.1:{serve(box)}")
    assert "one@news.example (550 no such user); the others have it" in said
    assert [mail.recipients for mail in box.received] == [["two@news.example"]]


def test_those_who_are_put_off_are_known_where_the_others_have_it(serve: Serve) -> None:
    box = Postbox({"one@news.example": "451 later"})
    with pytest.raises(PartlySentError, match=r"one@news.example \(451 later\); the others") as put:
        handed(f"smtp://127.0.0.1:{serve(box)}")
    assert put.value.lacking == {"one@news.example"}
    assert [mail.recipients for mail in box.received] == [["two@news.example"]]


def test_a_recipient_who_is_put_off_is_worth_another_try(serve: Serve) -> None:
    box = Postbox({"one@news.example": "451 later", "two@news.example": "451 later"})
    said = refused(f"smtp://127.0.0.1:{serve(box)}", MailError)
    assert "did not take the mail this time for one@news.example (451 later)" in said


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    said = refused(f"smtp://{LOGIN}127.0.0.1:{port}", MailError)
    assert said == f"no mail was sent: 127.0.0.1:{port}: Connection refused"


def test_tls_where_there_is_none_is_named(serve: Serve) -> None:
    assert "speaks no TLS there" in refused(f"smtps://127.0.0.1:{serve(Postbox())}", MailError)


@pytest.mark.parametrize(
    ("greeting", "said"),
    [
        (None, "took too long to answer"),
        (b"", "closed the connection"),
        (b"421 busy\r\n", "said 421 busy; try again later"),
    ],
)
def test_a_server_that_does_not_play_along_is_named(greeting: bytes | None, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, ExitStack() as stack:

        def answer() -> None:
            connection = stack.enter_context(listening.accept()[0])
            if greeting is not None:
                connection.sendall(greeting)
                connection.shutdown(socket.SHUT_WR)

        thread = Thread(target=answer)
        thread.start()
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(MailError) as caught:
            send(MESSAGE, ENVELOPE, read_relay(replace(SETTINGS, smtp_url=url)), reply_time=0.3)
        thread.join()
        assert said in str(caught.value)


# --- settings --------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "set SOLIDARITY_SMTP_URL: write smtp://user:password@host:587"),
        ("mail.example", "write smtp://"),
        ("http://digest:s3cret@mail.example", "write smtp://"),
        ("smtp://digest:s3cret/x@mail.example", "write smtp://"),
        ("smtp://digest:s3cret@mail.example:port", "write smtp://"),
        ("smtp://digest:s3cret@mail.example:99999", "write smtp://"),
        ("smtp://digest:s3cret@[mail.example", "write smtp://"),
        ("smtp://digest:s3cret@a..b", "write smtp://"),
        ("smtp://digest:s3cret@", "write smtp://"),
        ("smtp://digest@mail.example", "a login needs a user and a password"),
        ("smtp://:s3cret@mail.example", "a login needs a user and a password"),
        ("smtp://digest:s3cret%C9%99@mail.example", "must be printable ASCII"),
        ("smtp://digest:s3cret%0D%0A@mail.example", "must be printable ASCII"),
        ("smtp://mail.example?tls=no", "only starttls=optional can stand"),
        ("smtps://mail.example?starttls=optional", "only starttls=optional can stand"),
        ("smtp://digest:s3cret@mail.example?starttls=optional", "not sent without TLS"),
    ],
)
def test_a_url_that_cannot_be_used_is_named_and_not_repeated(url: str, said: str) -> None:
    with pytest.raises(ConfigError, match="SOLIDARITY_SMTP_URL") as caught:
        read_relay(Settings(smtp_url=url))
    assert said in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    ("url", "name", "needs_tls"),
    [
        ("smtp://mail.example", "mail.example:587", True),
        ("smtps://mail.example/", "mail.example:465", True),
        ("smtp://localhost:25", "localhost:25", False),
        ("smtp://[::1]:25", "[::1]:25", False),
        ("smtps://127.8.8.8", "127.8.8.8:465", False),
        ("smtp://localhost.example", "localhost.example:587", True),
        ("smtp://a:b@localhost?starttls=optional", "localhost:587", False),
    ],
)
def test_only_this_machine_may_do_without_encryption(url: str, name: str, needs_tls: bool) -> None:
    relay = read_relay(Settings(smtp_url=url))
    assert (relay.name, relay.needs_tls) == (name, needs_tls)


def test_a_relay_keeps_its_secrets() -> None:
    relay = read_relay(Settings(smtp_url=f"smtps://{LOGIN}mail.example"))
    assert (relay.user, relay.password) == (USER, PASSWORD)
    assert PASSWORD not in repr(relay)
    assert USER not in repr(relay)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"mail_to": ""}, "no recipient for the digest; set SOLIDARITY_MAIL_TO"),
        ({"mail_to": " , "}, "no recipient for the digest; set SOLIDARITY_MAIL_TO"),
        ({"mail_from": ""}, "no sender for the digest; set SOLIDARITY_MAIL_FROM"),
        ({"mail_to": "one"}, "SOLIDARITY_MAIL_TO: not a mail address in ASCII: 'one'"),
        ({"mail_from": "a@b.example, c@d.example"}, "SOLIDARITY_MAIL_FROM: one sender"),
        ({"reports_url": "javascript:x"}, "SOLIDARITY_REPORTS_URL: not an http or https address"),
    ],
)
def test_an_envelope_that_cannot_be_used_is_named(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match="SOLIDARITY_") as caught:
        read_envelope(replace(SETTINGS, **settings), now=NOW)
    assert said in str(caught.value)


# --- what is sent ----------------------------------------------------------


def test_the_newest_week_is_told_and_the_others_are_named(world: World, tmp_path: Path) -> None:
    world.collect()
    newest = Week(2026, 1)
    written = write_digests(
        world.archive,
        [newest.shifted(-2), newest.shifted(-1), newest],
        world.catalogue.topic,
        sources_hash="test",
        reports=tmp_path,
    )
    others = [(one.week, one.headline) for one in written.digests]
    assert written.newest.week == newest
    assert mail_of(written, ENVELOPE) == render_mail(
        written.newest, ENVELOPE, [others[1], others[0]]
    )
