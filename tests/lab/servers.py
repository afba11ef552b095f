# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The other side of the cable: the servers that lab tests talk to, and what really arrived.

Runs alone in the server's network namespace, in one thread. HTTP on TCP 80, echo on TCP and UDP 7,
silence on UDP 9, names on UDP and TCP 53, over IPv4 and IPv6. A packet socket sees every IP packet that comes in: the ground
truth of every test, taken below anything that could be asked to hide it.

Spoken to through stdin and stdout, a JSON value a line: ["arrived"] gives the packets since the last
["forget"]. Ends with its stdin.
"""

import json
import os
import re
import selectors
import socket
import struct
import sys

HTTP_ANSWER = b"HTTP/1.0 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n"
NEIGHBOUR_DISCOVERY = range(130, 138)  # and MLD 1: ICMPv6 that the kernel itself sends
MLD_2 = 143
TCP, UDP, ICMPV6 = 6, 17, 58


def describe(frame):
    """An Ethernet frame as {protocol, source, ...}; None for what is not the clients' doing."""
    kind = struct.unpack_from("!H", frame, 12)[0] if len(frame) >= 14 else 0
    packet = frame[14:]
    if kind == 0x0800 and len(packet) >= 20:
        protocol, start = packet[9], (packet[0] & 15) * 4
        source, target = (socket.inet_ntop(socket.AF_INET, packet[at:at + 4]) for at in (12, 16))
    elif kind == 0x86DD and len(packet) >= 40:
        protocol, start = packet[6], 40
        if protocol == 0 and len(packet) >= 48:  # MLD comes behind hop-by-hop options
            protocol, start = packet[40], 48
        source, target = (socket.inet_ntop(socket.AF_INET6, packet[at:at + 16]) for at in (8, 24))
    else:
        return None
    if protocol == ICMPV6 and len(packet) > start:
        if packet[start] in NEIGHBOUR_DISCOVERY or packet[start] == MLD_2:
            return None
    ports = packet[start:start + 4]
    has_ports = protocol in (TCP, UDP) and len(ports) == 4
    return {
        "protocol": protocol, "source": source, "target": target, "size": len(packet),
        "source_port": int.from_bytes(ports[:2], "big") if has_ports else 0,
        "target_port": int.from_bytes(ports[2:], "big") if has_ports else 0,
        "syn": protocol == TCP and len(packet) > start + 13 and packet[start + 13] & 0x12 == 0x02,
    }


def addresses_of(name, names):
    """[IPv4, IPv6] of a name, "" where it has none; None: there is no such name."""
    numbered = re.fullmatch(r"n(\d{1,4})\.many\.test", name)  # an address of its own each
    if numbered:
        number = int(numbered[1])
        return [f"10.78.{number >> 8}.{number & 255}", ""]
    if name.endswith(".shared.test"):  # many names of one address
        return [names["server.test"][0], ""]
    return names.get(name)


def answer_name(query, names):
    """A DNS answer for a query of one question; names maps a name to [IPv4, IPv6]."""
    labels, at = [], 12
    while at < len(query) and query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode("ascii", "replace").lower())
        at += 1 + query[at]
    question = query[12:at + 5]
    wanted = int.from_bytes(query[at + 1:at + 3], "big")
    known = addresses_of(".".join(labels), names)
    data = b""
    if known and wanted == 1:
        data = socket.inet_pton(socket.AF_INET, known[0])
    elif known and known[1] and wanted == 28:
        data = socket.inet_pton(socket.AF_INET6, known[1])
    record = b"\xc0\x0c" + struct.pack("!HHIH", wanted, 1, 60, len(data)) + data if data else b""
    flags = 0x8580 if known else 0x8583  # an authoritative answer, or: no such name
    return query[:2] + struct.pack("!HHHHH", flags, 1, 1 if data else 0, 0, 0) + question + record


class Servers:
    def __init__(self, names):
        self.names = names
        self.loop = selectors.DefaultSelector()
        self.seen = []
        self.sniffer = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        self.sniffer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.add(self.sniffer, self.sniff)
        for family in (socket.AF_INET, socket.AF_INET6):
            for port, accept in ((80, self.serve_http), (7, self.serve_echo),
                                 (443, self.serve_echo)):
                self.add(self.bound(family, socket.SOCK_STREAM, port),
                         lambda listener, serve=accept: self.accept(listener, serve))
            self.add(self.bound(family, socket.SOCK_DGRAM, 7), self.echo_datagram)
            self.add(self.bound(family, socket.SOCK_DGRAM, 9), self.discard)
            self.add(self.bound(family, socket.SOCK_DGRAM, 53), self.serve_names)
            self.add(self.bound(family, socket.SOCK_STREAM, 53),
                     lambda listener: self.accept(listener, self.serve_names_by_stream))

    def add(self, sock, act):
        sock.setblocking(False)
        self.loop.register(sock, selectors.EVENT_READ, act)

    @staticmethod
    def bound(family, kind, port):
        sock = socket.socket(family, kind)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(("", port))
        if kind == socket.SOCK_STREAM:
            sock.listen(1024)
        return sock

    def sniff(self, sniffer):
        while True:
            try:
                frame, address = sniffer.recvfrom(2048)
            except BlockingIOError:
                return
            incoming = address[2] in (socket.PACKET_HOST, socket.PACKET_BROADCAST,
                                      socket.PACKET_MULTICAST, socket.PACKET_OTHERHOST)
            packet = describe(frame) if incoming else None
            if packet and address[0] != "lo":
                self.seen.append(packet)

    def accept(self, listener, serve):
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        self.add(connection, serve)

    def drop(self, connection):
        self.loop.unregister(connection)
        connection.close()

    def serve_http(self, connection):
        try:
            if connection.recv(65536):
                connection.sendall(HTTP_ANSWER)
        except OSError:
            pass
        self.drop(connection)

    def serve_echo(self, connection):
        try:
            data = connection.recv(65536)
            if data:
                connection.sendall(data)
                return
        except OSError:
            pass
        self.drop(connection)

    def echo_datagram(self, sock):
        try:
            data, peer = sock.recvfrom(65536)
            sock.sendto(data, peer)
        except OSError:
            pass

    def discard(self, sock):
        try:
            sock.recv(65536)
        except OSError:
            pass

    def serve_names(self, sock):
        try:
            query, peer = sock.recvfrom(4096)
            if len(query) > 12:
                sock.sendto(answer_name(query, self.names), peer)
        except OSError:
            pass

    def serve_names_by_stream(self, connection):
        try:
            query = connection.recv(4096)
            if len(query) > 14:  # the length comes first, and here with all of the query
                answer = answer_name(query[2:], self.names)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                for part in (struct.pack("!H", len(answer)), answer[:20], answer[20:]):
                    connection.send(part)  # a segment each
                return
        except OSError:
            pass
        self.drop(connection)

    def obey(self, stdin):
        line = stdin.readline()
        if not line:
            os._exit(0)  # whoever started us is gone
        command = json.loads(line)[0]
        self.sniff(self.sniffer)  # what has arrived by now counts as arrived
        if command == "forget":
            self.seen.clear()
        print(json.dumps(self.seen if command == "arrived" else None), flush=True)

    def run(self):
        self.loop.register(sys.stdin, selectors.EVENT_READ, self.obey)
        print(json.dumps("ready"), flush=True)
        while True:
            for key, _ in self.loop.select():
                key.data(key.fileobj)


if __name__ == "__main__":
    Servers(json.loads(sys.argv[1])).run()
