# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Packets that no program should send: they neither end the daemon nor get past it."""

import random
import socket
import struct

import lab

SEED = 20260801  # the same packets every time
PACKETS = 3000
MANY = 1500  # bytes


def queue_everything(number):
    """All outgoing packets to the server, not only those that conntrack calls new."""
    for tool, target in (("iptables", lab.SERVER4), ("ip6tables", lab.SERVER6)):
        rule = ("OUTPUT", "-t", "mangle", "-d", target, "-j", "NFQUEUE", "--queue-num", str(number))
        lab.must(tool, "-A", *rule)
        yield tool, "-D", *rule


def random_transport(dice):
    """What stands behind the IP header: cut, broken or absurd."""
    ports = struct.pack("!HH", dice.randrange(65536), dice.choice((7, 53, 80, 0, 65535)))
    whole = dice.choice((
        dice.randbytes(dice.randrange(64)),
        ports + dice.randbytes(16),                                          # TCP-sized
        ports + struct.pack("!HH", dice.randrange(65536), 0) + b"x" * 20,     # UDP, length lies
        ports + bytes(8) + bytes([dice.randrange(256), 2]) + bytes(6),        # TCP, offset lies
        b"",
    ))
    return whole[:dice.randrange(len(whole) + 1)] if dice.random() < 0.5 else whole


def ipv4(dice):
    options = dice.randbytes(4 * dice.randrange(0, 11)) if dice.random() < 0.3 else b""
    body = random_transport(dice)
    fragment = dice.choice((0, 0, 0, 0x2000, 0x2001, 0x1FFF, 0x4000))
    protocol = dice.choice((6, 17, 136, 132, 33, 1, 47, 50, 255, dice.randrange(256)))
    # No options that the kernel's own sender refuses; its parser never sees them, ours does.
    options = bytes(byte if at % 4 else 1 for at, byte in enumerate(options))
    size = 20 + len(options)
    return struct.pack("!BBHHHBBH4s4s", 0x40 | size // 4, 0, size + len(body), dice.randrange(65536),
                       fragment, 64, protocol, 0, socket.inet_aton(lab.HOST4),
                       socket.inet_aton(lab.SERVER4)) + options + body


def ipv6(dice):
    chain, following = b"", dice.choice((6, 17, 136, 132, 33, 47, 50, 59, dice.randrange(256)))
    for _ in range(dice.choice((0, 0, 1, 2, 8, 40))):
        header = dice.choice((0, 43, 44, 51, 60, 135))
        units = 0 if header == 44 else dice.choice((0, 0, 1, 255))
        chain = bytes([following, units]) + dice.randbytes(6) + chain
        following = header
    body = (chain + random_transport(dice))[:MANY - 60]
    if dice.random() < 0.3:
        body = body[:dice.randrange(len(body) + 1)]
    return struct.pack("!IHBB16s16s", 0x60000000, len(body), following, 64,
                       socket.inet_pton(socket.AF_INET6, lab.HOST6),
                       socket.inet_pton(socket.AF_INET6, lab.SERVER6)) + body


class HostileTest(lab.LabTest):
    def send_all(self, make, sock, address):
        dice, sent = random.Random(SEED), 0
        for _ in range(PACKETS):
            try:
                sock.sendto(make(dice), address)
                sent += 1
            except OSError:  # the kernel's own checks stopped it: it never reaches the queue
                pass
        return sent

    def check(self, make, sock, address):
        guard = self.daemon(default="deny", queue=77, flags=["-firewall", "none"])
        for undo in queue_everything(77):
            self.addCleanup(lab.must, *undo)
        self.world.forget()
        sent = self.send_all(make, sock, address)
        self.assertGreater(sent, PACKETS // 3)

        def answered():
            counters = lab.counters(guard.status())
            return counters["packets"] >= sent and counters["parked"] == 0
        try:
            lab.await_true(answered, "the verdicts", 10)
        except AssertionError:
            pass  # fragments are held together by the kernel: fewer packets, the same claims
        counters = lab.counters(guard.status())
        print(f"sent {sent}: " + ", ".join(f"{k} {v}" for k, v in counters.items() if v))
        self.assertIsNone(guard.process.poll(), guard.log_text())
        self.assertGreater(counters["packets"], PACKETS // 4)
        self.assertEqual(counters["allowed"], 0)
        self.assertEqual(self.world.arrived(), [])

    def test_ipv4(self):
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            self.check(ipv4, raw, (lab.SERVER4, 0))

    def test_ipv6(self):
        with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            self.check(ipv6, raw, (lab.SERVER6, 0))

    def test_hostile_answers_from_port_53(self):
        """Not DNS at all, but it answers a packet to port 53: it is let through, and nothing breaks."""
        guard = self.daemon()
        dice = random.Random(SEED)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server, \
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
            target.bind(("127.0.0.1", 5300))
            server.bind(("127.0.0.1", 53))
            for sock in (target, server):
                sock.settimeout(lab.DEADLINE)
            target.sendto(b"?", ("127.0.0.1", 53))
            self.assertEqual(server.recv(9), b"?")  # only now is what follows an answer
            for number in range(300):
                body = number.to_bytes(2, "big") + dice.randbytes(dice.randrange(200))
                udp = struct.pack("!HHHH", 53, 5300, 8 + len(body), 0) + body
                raw.sendto(struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), number, 0, 64, 17,
                                       0, socket.inet_aton("127.0.0.1"),
                                       socket.inet_aton("127.0.0.1")) + udp, ("127.0.0.1", 0))
                self.assertEqual(target.recv(4096), body)
        self.assertIsNone(guard.process.poll(), guard.log_text())
        self.assertEqual(lab.counters(guard.status())["dns_answers"], 300)


if __name__ == "__main__":
    lab.main()
