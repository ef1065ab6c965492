"""What `digest --mail` and `schedule --mail` do with a digest that was written."""

from dataclasses import dataclass, replace

from pipeline.jobs.digest import WrittenReport
from pipeline.jobs.mail import (
    PartlySentError,
    Relay,
    mail_of,
    read_envelope,
    read_relay,
    send,
)
from pipeline.render import Envelope
from pipeline.settings import Settings
from pipeline.web.clock import utc_now


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """To whom a digest is sent, and through which server."""

    envelope: Envelope
    relay: Relay | None  # None: nothing is sent

    def deliver(self, written: WrittenReport) -> str:
        """Send what was written and return to whom; without a relay return the message.

        Raises:
            ConfigError: the mail server refuses us, the sender or a recipient.
            MailError: the mail server does not take it this time, or not for all.
        """
        message = mail_of(written, self.envelope)
        if self.relay is None:
            return message.decode("ascii").replace("\r\n", "\n")
        send(message, self.envelope, self.relay)
        to = ", ".join(one.addr_spec for one in self.envelope.recipients)
        return f"{written.newest.week}: sent to {to}"

    def only_to(self, addresses: frozenset[str]) -> "Post":
        """Return what delivers to these of the recipients."""
        chosen = tuple(one for one in self.envelope.recipients if one.addr_spec in addresses)
        return replace(self, envelope=replace(self.envelope, recipients=chosen))


class Outbox:
    """What `schedule --mail` has to send; it is kept until the mail server has taken it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._written: WrittenReport | None = None
        self._lacking: frozenset[str] | None = None  # None: all recipients

    def send(self, written: WrittenReport) -> str:
        """Send what was written, instead of what was not taken before, and return to whom.

        Raises:
            ConfigError: as `Post.deliver`.
            MailError: as `Post.deliver`; `send_again` is worth a try.
        """
        self._written, self._lacking = written, None
        return self.send_again()

    def send_again(self) -> str:
        """Send what was not taken, to those who do not have it; raises what `send` does."""
        if self._written is None:
            return "nothing is left to send"
        post = read_post(self._settings)
        if self._lacking is not None:
            post = post.only_to(self._lacking)
        try:
            sent = post.deliver(self._written)
        except PartlySentError as error:
            self._lacking = error.lacking
            raise
        self._written = None
        return sent


def read_post(settings: Settings, *, dry_run: bool = False) -> Post:
    """Read the mail settings, before anything is written.

    Raises:
        ConfigError: one is missing or cannot be used.
    """
    return Post(
        envelope=read_envelope(settings, now=utc_now()),
        relay=None if dry_run else read_relay(settings),
    )
