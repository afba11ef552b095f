# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Names: answers of a DNS server are read on their way in, and let through."""

import json
import pathlib
import socket
import ssl
import struct
import subprocess

import lab

MANY = 1000
# Looks a name up, waits to be told, connects.
LOOKS_UP_THEN_CONNECTS = """
import socket, sys
where = socket.getaddrinfo(sys.argv[1], 7, socket.AF_INET, socket.SOCK_STREAM)[0][4]
print("known", flush=True)
sys.stdin.readline()
socket.create_connection(where, 5).close()
"""
QUIC_PACKET = pathlib.Path(__file__).resolve().parents[1] / "golden/quic/rfc9001-a2.hex"


def query(number, name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0\0\1\0\1"


def tls_hello(server):
    """What a TLS client says first, as OpenSSL writes it."""
    said = ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), said, server_hostname=server)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return said.read()


class NamesTest(lab.LabTest):
    def test_an_answer_gives_the_destination_its_name(self):
        guard = self.daemon()
        for family in (4, 6):
            ran = lab.run("curl", f"-{family}", "-s", "--max-time", "5",
                          f"http://{lab.SERVER_NAME}/")
            self.assertEqual(ran.output, "hello\n", ran)
            self.expect_event(guard, pid=ran.pid, dst_port=80, dst_ip=lab.SERVER[family],
                              dst_host=lab.SERVER_NAME)

    def test_a_rule_can_name_the_host(self):
        guard = self.daemon(rules=[lab.rule("no-server", "deny", "dest.host", lab.SERVER_NAME)])
        ran = lab.run("curl", "-4", "-s", "--max-time", "1", f"http://{lab.SERVER_NAME}/")
        self.assertEqual(ran.code, 28, ran)
        self.expect_event(guard, action="deny", rule="no-server", pid=ran.pid,
                          dst_host=lab.SERVER_NAME)
        self.assertEqual(self.world.arrived(target_port=80, syn=True), [])

    def test_answers_pass_under_a_default_that_denies(self):
        guard = self.daemon(default="deny", rules=[
            lab.rule("dig", "allow", "process.path", "/usr/bin/dig")])
        ran = lab.run("dig", "+short", "+tries=1", "+time=5", f"@{lab.SERVER4}", lab.SERVER_NAME)
        self.assertEqual(ran.output, f"{lab.SERVER4}\n", ran)
        self.assertGreaterEqual(lab.counters(guard.status())["dns_answers"], 1)

    def test_the_first_connection_to_each_of_many_names_has_its_name(self):
        guard = self.daemon()
        ran = lab.run("curl", "-4", "-s", "-o", "/dev/null", "--max-time", "5",
                      f"http://n[0-{MANY - 1}].many.test/", timeout=120)
        self.assertEqual(ran.code, 0, ran)
        events = guard.events.wait_count(
            lambda event: event["pid"] == ran.pid and event["dst_port"] == 80, MANY, 60)
        self.assertEqual(len(events), MANY)
        for event in events:
            high, low = map(int, event["dst_ip"].split(".")[2:])
            self.assertEqual(event["dst_host"], f"n{256 * high + low}.many.test", event)
            self.assertEqual(event["dst_name_from"], "dns", event)

    def test_each_of_two_processes_sees_the_name_it_asked_for(self):
        guard = self.daemon()
        processes = {}
        for name in ("a.shared.test", "b.shared.test"):
            process = subprocess.Popen([lab.PYTHON, "-I", "-c", LOOKS_UP_THEN_CONNECTS, name],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self.addCleanup(lab.end, process)
            self.assertEqual(process.stdout.readline(), "known\n")
            processes[name] = process
        for name, process in processes.items():  # both know, and only now they connect
            process.communicate("go\n", timeout=lab.DEADLINE)
            self.expect_event(guard, pid=process.pid, dst_port=7, dst_ip=lab.SERVER4,
                              dst_host=name, dst_name_from="dns")

    def test_what_another_program_asked_for_is_called_that(self):
        guard = self.daemon()
        asked = lab.run("dig", "+short", "+tries=1", "+time=5", f"@{lab.SERVER4}", "a.shared.test")
        self.assertEqual(asked.output, f"{lab.SERVER4}\n", asked)
        ran = lab.run("curl", "-4", "-s", "--max-time", "5", f"http://{lab.SERVER4}/")
        self.expect_event(guard, pid=ran.pid, dst_port=80, dst_host="a.shared.test",
                          dst_name_from="dns-other-program")

    def test_an_answer_over_tcp_in_several_segments_gives_the_name(self):
        guard = self.daemon()
        ran = lab.run("env", "RES_OPTIONS=use-vc", "curl", "-4", "-s", "--max-time", "5",
                      f"http://{lab.SERVER_NAME}/")
        self.assertEqual(ran.output, "hello\n", ran)
        self.expect_event(guard, pid=ran.pid, protocol="tcp", dst_port=53)
        self.expect_event(guard, pid=ran.pid, dst_port=80, dst_host=lab.SERVER_NAME,
                          dst_name_from="dns")

    def test_what_resolved_tells_gives_the_name(self):
        folder = pathlib.Path("/run/systemd/resolve")
        folder.mkdir(parents=True, exist_ok=True)
        for queues in (1, 2):
            with self.subTest(queues=queues), \
                    socket.socket(socket.AF_UNIX) as resolved:  # as real_resolved.py saw it
                path = folder / "io.systemd.Resolve.Monitor"
                path.unlink(missing_ok=True)
                resolved.bind(str(path))
                resolved.listen()
                guard = self.configured(Queues=queues)
                monitor, _ = resolved.accept()
                with monitor:
                    asked = json.loads(monitor.recv(4096).rstrip(b"\0"))
                    self.assertEqual(asked["method"],
                                     "io.systemd.Resolve.Monitor.SubscribeQueryResults")
                    key = {"class": 1, "type": 1, "name": "told.example"}
                    address = list(socket.inet_aton(lab.SERVER4))
                    for said in ({"ready": True},
                                 {"state": "success", "question": [key],
                                  "answer": [{"rr": {"key": key, "address": address},
                                              "raw": "", "ifindex": 2}]}):
                        monitor.sendall(json.dumps({"parameters": said,
                                                    "continues": True}).encode() + b"\0")
                    # A name that comes after its first packet is too late for that packet.
                    lab.await_true(lambda: self.fetched(guard)["dst_host"], "the name")
                    event = self.fetched(guard)
                self.assertEqual((event["dst_host"], event["dst_name_from"]),
                                 ("told.example", "resolved"))
                guard.end()

    def fetched(self, guard):
        """What was told of a connection to the server's bare address."""
        ran = lab.run("curl", "-4", "-s", "--max-time", "5", f"http://{lab.SERVER4}/")
        self.assertEqual(ran.output, "hello\n", ran)
        return self.expect_event(guard, pid=ran.pid, dst_port=80)

    def test_every_query_of_a_socket_is_judged_by_its_name(self):
        guard = self.daemon(rules=[lab.rule("evil", "deny", "dest.host", "evil.shared.test")])
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.connect((lab.SERVER4, 53))
            sender.settimeout(lab.DEADLINE)
            for number, name in enumerate(("a.shared.test", "b.shared.test")):
                sender.send(query(number, name))
                self.assertEqual(sender.recv(512)[:2], struct.pack("!H", number))
            sender.send(query(2, "evil.shared.test"))
            self.expect_event(guard, action="deny", rule="evil", dst_host="evil.shared.test",
                              dst_name_from="query")
        self.assertEqual(len(self.world.arrived(target_port=53, protocol=17)), 2)

    def send_quic(self, port=443):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(bytes.fromhex(QUIC_PACKET.read_text("ascii").replace("\n", "")),
                          (lab.SERVER4, port))

    def test_a_quic_packet_tells_its_server_where_no_name_is_known(self):
        guard = self.daemon()
        self.send_quic()
        self.expect_event(guard, protocol="udp", dst_port=443, dst_host="example.com",
                          dst_sni="example.com", dst_name_from="sni")
        self.assertIn("the packet says so itself", guard.client("explain", "1").output)

    def test_a_rule_can_name_the_server_that_a_quic_packet_asks_for(self):
        guard = self.daemon(rules=[lab.rule("no-quic", "deny", "dest.sni", "example.com")])
        self.send_quic(port=9)
        self.expect_event(guard, action="deny", rule="no-quic", dst_port=9, dst_sni="example.com")
        self.assertEqual(self.world.arrived(target_port=9), [])

    # A TLS client names its server in the first data of a connection that is open by then.

    def connect(self, guard, address, port):
        connection = socket.create_connection((address, port), timeout=lab.DEADLINE)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.addCleanup(connection.close)
        # Where the kernel hears of marks only behind a verdict, what is said at once is missed.
        self.expect_event(guard, dst_port=port, src_port=connection.getsockname()[1])
        return connection

    def configured(self, **own):
        config = self.world.folder / "names-config.json"
        config.write_text(json.dumps({"DefaultAction": "allow", "Procwall": own}), "utf-8")
        return self.daemon(flags=("-config-file", str(config)))

    def data_arrived(self, port):
        return [packet for packet in self.world.arrived(target_port=port) if packet["size"] > 90]

    def assert_few_came_up(self, guard, before):
        """The SYN and the first data; where the kernel hears of marks only behind a verdict, what
        follows within microseconds, too."""
        came_up = lab.counters(guard.status())["packets"] - before
        self.assertGreaterEqual(came_up, 2)
        self.assertLess(came_up, 7)

    def told(self, guard, address):
        return [event for event in guard.events.all()
                if event["dst_ip"] == address and event["dst_port"] == 443]

    def say(self, connection, data):
        """The server says it back."""
        connection.sendall(data)
        heard = b""
        while len(heard) < len(data):
            heard += connection.recv(65536)
        self.assertEqual(heard, data)

    def test_a_tls_client_tells_its_server_where_no_name_is_known(self):
        guard = self.daemon()
        for address in (lab.SERVER4, lab.SERVER6):
            before = lab.counters(guard.status())["packets"]
            connection = self.connect(guard, address, 443)
            self.expect_event(guard, dst_ip=address, dst_port=443, dst_host="")
            self.say(connection, tls_hello("www.tls.test"))
            self.expect_event(guard, dst_ip=address, dst_port=443,
                              dst_host="www.tls.test", dst_sni="www.tls.test", dst_name_from="sni")
            for _ in range(20):  # nothing more of it comes up
                self.say(connection, b"more" * 100)
            self.assert_few_came_up(guard, before)
            self.assertEqual(len(self.told(guard, address)), 2)

    def test_what_is_not_tls_comes_up_once_and_says_nothing(self):
        guard = self.daemon()
        before = lab.counters(guard.status())["packets"]
        connection = self.connect(guard, lab.SERVER4, 443)
        for _ in range(20):
            self.say(connection, b"SSH-2.0-something\r\n" * 10)
        self.assert_few_came_up(guard, before)
        self.assertEqual(len(self.told(guard, lab.SERVER4)), 1)

    def test_a_rule_can_name_the_server_that_a_tls_client_asks_for(self):
        guard = self.daemon(rules=[lab.rule("no-tls", "deny", "dest.sni", "evil.tls.test")])
        for parts in (1, 2, 3):
            hello = tls_hello("evil.tls.test")
            connection = self.connect(guard, lab.SERVER4, 7)
            size = -(-len(hello) // parts)
            for at in range(0, len(hello), size):
                connection.sendall(hello[at:at + size])
            self.expect_event(guard, action="deny", rule="no-tls", dst_port=7,
                              dst_sni="evil.tls.test", src_port=connection.getsockname()[1])
            self.assertLess(sum(packet["size"] - 52 for packet in self.data_arrived(7)),
                            len(hello), "the hello arrived whole")
            self.world.forget()
            connection.close()
        self.say(self.connect(guard, lab.SERVER4, 7), tls_hello("good.tls.test"))
        self.expect_event(guard, action="allow", dst_port=7, dst_sni="good.tls.test")

    def test_a_server_name_can_be_rejected(self):
        guard = self.daemon(rules=[lab.rule("no-tls", "reject", "dest.sni", "evil.tls.test")])
        self.world.forget()
        connection = self.connect(guard, lab.SERVER6, 7)
        connection.sendall(tls_hello("evil.tls.test"))
        with self.assertRaises(ConnectionError):
            connection.recv(1)
        self.expect_event(guard, action="reject", rule="no-tls", dst_sni="evil.tls.test")
        self.assertEqual(self.data_arrived(7), [])

    def test_two_queues_look_for_server_names_as_well(self):
        guard = self.configured(Queues=2)
        for _ in range(10):
            self.say(self.connect(guard, lab.SERVER4, 443), tls_hello("www.tls.test"))
        guard.events.wait_count(lambda event: event["dst_sni"] == "www.tls.test", 10)

    def test_without_inspection_nothing_of_it_comes_up(self):
        guard = self.configured(InspectTls=False)
        before = lab.counters(guard.status())["packets"]
        self.say(self.connect(guard, lab.SERVER4, 443), tls_hello("www.tls.test"))
        self.assertEqual(lab.counters(guard.status())["packets"] - before, 1)


if __name__ == "__main__":
    lab.main()
