"""Tell what a host is: this machine, a host of one's own network, or one where machines ask for credentials."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_PRIVATE = [IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
_UNIQUE_LOCAL = IPv6Network("fc00::/7")
OWN_ENDINGS = (".local", ".internal", ".lan", ".home.arpa", ".svc", ".cluster.local")
# Where clouds hand out the credentials of a machine, besides the link-local addresses.
METADATA = ("metadata", "metadata.google.internal", "instance-data", "instance-data.ec2.internal")
_METADATA_IPV6 = IPv6Address("fd00:ec2::254")


def is_host(host: str) -> bool:
    """Return whether a text is a host name, an IPv4 address, or an IPv6 address in brackets without a zone."""
    if host.startswith("["):
        return _ipv6(host) is not None
    return len(host) <= 253 and _HOST.fullmatch(host.lower()) is not None and ".." not in host


def is_loopback(host: str) -> bool:
    """Return whether requests to a host stay on the machine: localhost, 127.0.0.0/8, [::1]."""
    if host.lower() == "localhost":
        return True
    if host.startswith("["):
        # [::0.0.0.1], which the database does not know, is nobody's way
        return _ipv6(host) == IPv6Address(1) and "." not in host
    address = _ipv4(host)
    return address is not None and address.is_loopback


def is_own_network(host: str) -> bool:
    """Return whether a host is surely one of one's own network: a private or unique-local address, or a local name.

    A local name has no dot, or an ending that no public host has. Where clouds hand out credentials is never one.
    """
    if is_link_local(host):
        return False
    if host.startswith("["):
        ipv6 = _ipv6(host)
        return ipv6 is not None and ipv6 in _UNIQUE_LOCAL
    name = host.lower()
    if _NUMBER.fullmatch(name.rpartition(".")[2]):  # an address, in one of its notations
        ipv4 = _ipv4(name)
        return ipv4 is not None and any(ipv4 in network for network in _PRIVATE)
    return "." not in name or name.endswith(OWN_ENDINGS)


def is_link_local(host: str) -> bool:
    """Return whether a host is link-local, or another one where clouds hand out a machine's credentials."""
    if host.startswith("["):
        ipv6 = _ipv6(host)
        mapped = None if ipv6 is None else ipv6.ipv4_mapped
        return ipv6 is not None and (
            ipv6.is_link_local or ipv6 == _METADATA_IPV6 or bool(mapped and mapped.is_link_local)
        )
    ipv4 = _ipv4(host)
    return host.lower() in METADATA or (ipv4 is not None and ipv4.is_link_local)


def _ipv4(host: str) -> IPv4Address | None:
    """Return the IPv4 address that a text is in its usual notation."""
    try:
        return IPv4Address(host)
    except ValueError:
        return None


def _ipv6(host: str) -> IPv6Address | None:
    """Return the IPv6 address in brackets; None if the text is none, or has a zone."""
    try:
        return IPv6Address(host[1:-1]) if host.endswith("]") and "%" not in host else None
    except ValueError:
        return None
