"""Just enough rtnetlink to make a veth pair with link-local addresses, so that no `ip` command is needed."""

from __future__ import annotations

import errno
import os
import socket
import struct

_NLM_REQUEST_ACK = 0x1 | 0x4
_NLM_CREATE_EXCL = 0x400 | 0x200
_NLMSG_ERROR = 2
_RTM_NEWLINK, _RTM_NEWADDR = 16, 20
_IFLA_IFNAME, _IFLA_LINKINFO, _IFLA_AF_SPEC = 3, 18, 26
_IFLA_INFO_KIND, _IFLA_INFO_DATA, _VETH_INFO_PEER = 1, 2, 1
_IFLA_INET6_ADDR_GEN_MODE, _ADDR_GEN_NONE = 8, 1
_IFA_ADDRESS, _IFA_LOCAL, _IFA_FLAGS, _IFA_F_NODAD = 1, 2, 8, 0x02
_IFF_UP = 1
_RT_SCOPE_LINK = 253


def _attribute(kind: int, payload: bytes) -> bytes:
    size = 4 + len(payload)
    return struct.pack("=HH", size, kind) + payload + b"\0" * (-size % 4)


def _link_header(index: int = 0, flags: int = 0, change: int = 0) -> bytes:
    return struct.pack("=BxHiII", socket.AF_UNSPEC, 0, index, flags, change)


class Netlink:
    """One rtnetlink socket. Every method raises OSError with the kernel's errno when it is refused."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
        self._socket.settimeout(5.0)
        self._socket.bind((0, 0))
        self._sequence = 0

    def _ask(self, kind: int, flags: int, body: bytes, what: str) -> None:
        self._sequence += 1
        head = struct.pack("=IHHII", 16 + len(body), kind, _NLM_REQUEST_ACK | flags, self._sequence, 0)
        self._socket.send(head + body)
        answer = self._socket.recv(65536)
        _, answer_kind = struct.unpack_from("=IH", answer)
        code = -struct.unpack_from("=i", answer, 16)[0] if answer_kind == _NLMSG_ERROR else 0
        if code:
            raise OSError(code, f"{what}: {os.strerror(code)}")

    def add_veth(self, name: str, peer: str) -> None:
        """Create the pair `name` - `peer`, both down."""
        peer_info = _link_header() + _attribute(_IFLA_IFNAME, peer.encode() + b"\0")
        info = _attribute(_IFLA_INFO_KIND, b"veth") + _attribute(
            _IFLA_INFO_DATA, _attribute(_VETH_INFO_PEER, peer_info)
        )
        body = _link_header() + _attribute(_IFLA_IFNAME, name.encode() + b"\0")
        self._ask(_RTM_NEWLINK, _NLM_CREATE_EXCL, body + _attribute(_IFLA_LINKINFO, info), f"make {name} and {peer}")

    def no_automatic_address(self, name: str) -> None:
        """Keep the kernel from adding a link-local address of its own, which would stay tentative for seconds."""
        mode = _attribute(_IFLA_INET6_ADDR_GEN_MODE, struct.pack("=B", _ADDR_GEN_NONE))
        body = _link_header(socket.if_nametoindex(name))
        body += _attribute(_IFLA_AF_SPEC, _attribute(socket.AF_INET6, mode))
        self._ask(_RTM_NEWLINK, 0, body, f"switch automatic addresses of {name} off")

    def up(self, name: str) -> None:
        """Bring an interface up."""
        self._ask(_RTM_NEWLINK, 0, _link_header(socket.if_nametoindex(name), _IFF_UP, _IFF_UP), f"bring up {name}")

    def add_link_local(self, name: str, address: str) -> None:
        """Give an interface a link-local IPv6 address that is usable at once (no duplicate address detection)."""
        packed = socket.inet_pton(socket.AF_INET6, address)
        body = struct.pack("=BBBBi", socket.AF_INET6, 64, _IFA_F_NODAD, _RT_SCOPE_LINK, socket.if_nametoindex(name))
        body += _attribute(_IFA_LOCAL, packed) + _attribute(_IFA_ADDRESS, packed)
        body += _attribute(_IFA_FLAGS, struct.pack("=I", _IFA_F_NODAD))
        try:
            self._ask(_RTM_NEWADDR, _NLM_CREATE_EXCL, body, f"give {name} {address}")
        except OSError as error:
            if error.errno != errno.EEXIST:
                raise

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
