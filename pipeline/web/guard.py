"""Which addresses may be dialled: those of the public Internet.

Whoever writes a feed decides what we ask next, so a link must not lead into the network in
which we stand (to a router, a database, a cloud's metadata service). A host name proves
nothing: it resolves to whatever its owner likes, and to something else a second later. So
addresses are judged, after resolving, and the address judged is the one dialled
(`pipeline.web.transport`).

The standard library's ``is_global`` is not enough: it calls multicast global, and before
Python 3.11.10 several special blocks as well. IPv6 is judged by what is in use (2000::/3)
instead of by a list of what is not.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

#: IETF protocol assignments and the anycast of 6to4: RFC 6890, RFC 7526.
_SPECIAL_IPV4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
#: All that is given out as global unicast: RFC 4291, 2.4.
_GLOBAL_IPV6 = IPv6Network("2000::/3")
#: Within it: protocol assignments with Teredo and ORCHID (RFC 2928), documentation (RFC 3849,
#: RFC 9637).
_SPECIAL_IPV6 = (IPv6Network("2001::/23"), IPv6Network("2001:db8::/32"), IPv6Network("3fff::/20"))
#: The well-known prefix of translators to IPv4: RFC 6052.
_NAT64 = IPv6Network("64:ff9b::/96")


def may_be_dialled(
    address: IPv4Address | IPv6Address, allowed: Iterable[IPv4Network | IPv6Network] = ()
) -> bool:
    """Tell whether ``address`` is public or lies in one of the ``allowed`` networks.

    >>> may_be_dialled(IPv4Address("169.254.169.254")), may_be_dialled(IPv4Address("9.9.9.9"))
    (False, True)
    >>> may_be_dialled(IPv6Address("::ffff:127.0.0.1"), [IPv4Network("127.0.0.0/8")])
    True
    """
    reached = _reached(address)
    return _is_public(reached) or any(reached in network for network in allowed)


def _reached(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address to which an IPv6 address is translated, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_IPV6 and not any(address in net for net in _SPECIAL_IPV6)
    special = address.is_multicast or any(address in net for net in _SPECIAL_IPV4)
    return address.is_global and not special
