"""A real mail server on loopback, which keeps what it gets."""

import asyncio
import socket
import ssl
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

#: For a name that is not recognised as this machine's, and leads to it all the same.
CERTIFICATE = Path(__file__).parent / "jobs" / "mail_server.pem"
ELSEWHERE = "127.1"

USER, PASSWORD = "digest", "s3cret:/@%"


def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@dataclass
class Received:
    sender: str | None
    recipients: list[str]
    content: bytes
    was_encrypted: bool
    was_logged_in: bool
    name: str | None


@dataclass
class Postbox:
    """Handles what the server is told; ``replies`` are what it says to some commands."""

    replies: Mapping[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)

    def log_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        given = (data.login.decode(), data.password.decode())
        if "AUTH" in self.replies:
            return AuthResult(success=False, handled=False, message=self.replies["AUTH"])
        return AuthResult(success=given == (USER, PASSWORD), handled=False)

    async def handle_MAIL(  # noqa: N802 - a hook of aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.replies.get("MAIL", "250 fine")

    async def handle_RCPT(  # noqa: N802 - a hook of aiosmtpd
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(  # noqa: N802 - likewise
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" in self.replies:
            return self.replies["DATA"]
        assert isinstance(envelope.content, bytes)
        assert server.transport
        self.received.append(
            Received(
                sender=envelope.mail_from,
                recipients=envelope.rcpt_tos,
                content=envelope.content,
                was_encrypted=server.transport.get_extra_info("ssl_object") is not None,
                was_logged_in=bool(session.authenticated),
                name=session.host_name,
            )
        )
        return "250 kept"

    async def handle_QUIT(  # noqa: N802 - likewise
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return self.replies.get("QUIT", "221 bye")


class MailServer(Controller):
    """The server on a port that is free; `start` it, `stop` it."""

    def __init__(self, box: Postbox, **options: Any) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        port = self._listening.getsockname()[1]
        super().__init__(box, hostname="127.0.0.1", port=port, **options)

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(
            self._factory_invoker, sock=self._listening, ssl=self.ssl_context
        )
