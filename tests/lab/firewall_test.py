# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Our firewall rules: put back when somebody flushes them, several queues, what comes in, system rules."""

import concurrent.futures
import json
import os
import socket
import subprocess

import lab

KINDS = ("iptables-legacy", "iptables-nft")
PUT_BACK_SECONDS = 20.0  # a deadline: the daemon looks once a second, and other tests run beside
PORT = 8080
# Looks a name up, sends a datagram to each of its addresses, and says how many answered.
SENDS_TO_ALL_ADDRESSES = """
import socket, sys
sockets = []
for family, kind, protocol, _, where in socket.getaddrinfo(sys.argv[1], int(sys.argv[2]),
                                                           type=socket.SOCK_DGRAM):
    sockets.append(socket.socket(family, kind, protocol))
    sockets[-1].settimeout(15)
    sockets[-1].sendto(b"hello", where)
print(sum(each.recv(100) == b"hello" for each in sockets), "answers", flush=True)
"""

LISTEN = """
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET,
                  socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((sys.argv[2], int(sys.argv[3])))
if sys.argv[1] == "tcp": s.listen()
print("ready", flush=True)
while True:
    if sys.argv[1] == "tcp":
        c, peer = s.accept(); c.sendall(b"hello"); c.close()
    else:
        data, peer = s.recvfrom(100); s.sendto(b"hello", peer)
"""
# Opens the listener and becomes the program that serves it, as systemd's socket activation does.
HAND_ON = """
import os, socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if sys.argv[2] == "udp" else socket.SOCK_STREAM)
s.bind((sys.argv[3], int(sys.argv[4])))
if sys.argv[2] == "tcp": s.listen()
os.set_inheritable(s.fileno(), True)
os.execv(sys.argv[1], [sys.argv[1], "-I", "-c", sys.argv[5], *sys.argv[2:4], str(s.fileno())])
"""
SERVE = LISTEN.replace("s.bind((sys.argv[2], int(sys.argv[3])))", "").replace(
    'if sys.argv[1] == "tcp": s.listen()', "").replace(
    "s.setsockopt(", "s.close(); s = socket.socket(fileno=int(sys.argv[3])); s.setsockopt(")
# What comes in from the server's side: answered or not.
CONNECT = """
import socket, sys
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET,
                  socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM)
s.settimeout(1)
try:
    s.connect((sys.argv[2], int(sys.argv[3]))); s.send(b"x")
    sys.exit(0 if s.recv(5) == b"hello" else 1)
except OSError:
    sys.exit(1)
"""


class FirewallTest(lab.LabTest):
    count = 0

    def config(self, **top):
        FirewallTest.count += 1
        path = self.world.folder / f"firewall{FirewallTest.count}.json"
        path.write_text(json.dumps(top), encoding="utf-8")
        return "-config-file", str(path)

    def fetch(self, family=4):
        return lab.run("curl", "-s", "--max-time", "1", f"http://{lab.url_host(family)}/").code == 0

    def listen(self, protocol, address):
        program = self.world.executable_copy(lab.PYTHON, f"listener{FirewallTest.count}")
        listener = subprocess.Popen([program, "-I", "-c", LISTEN, protocol, address, str(PORT)],
                                    stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, listener)
        self.assertEqual(listener.stdout.readline().strip(), "ready")
        return program

    def comes_in(self, protocol, address):
        """True: a client of the server's side was answered by our listener."""
        return lab.run("nsenter", f"--net=/proc/{self.world.server.pid}/ns/net", lab.PYTHON, "-I",
                       "-c", CONNECT, protocol, address, str(PORT)).code == 0


class FlushTest(FirewallTest):
    def flush(self, kind):
        for tool in (kind, kind.replace("iptables", "ip6tables")):
            lab.must(tool, "-t", "mangle", "-F")
            lab.run(tool, "-t", "mangle", "-X")  # refused where the repair was faster

    def check(self, kind, flush):
        guard = self.daemon(rules=[lab.deny_all()], flags=["-firewall", kind])
        standing = lab.firewall_rules()
        self.assertFalse(self.fetch())
        flush()
        lab.await_true(lambda: guard.status()["firewall_repairs"] > 0, "the repair",
                       PUT_BACK_SECONDS)
        lab.await_true(lambda: lab.firewall_rules() == standing, "all of it", PUT_BACK_SECONDS)
        self.assertFalse(self.fetch(4) or self.fetch(6))
        status = guard.status()
        self.assertTrue(any("put back" in note for note in status["firewall_notes"]))
        self.assertIn("event=firewall_repaired", guard.log_text())
        guard.end()
        self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_all_rules_are_flushed(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check(kind, lambda which=kind: self.flush(which))

    def test_the_whole_ruleset_is_flushed(self):
        self.check("iptables-nft", lambda: lab.must("nft", "flush", "ruleset"))

    def test_only_the_jump_is_gone(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check(kind, lambda which=kind: lab.must(
                    which, "-t", "mangle", "-D", "OUTPUT", "-j", "PROCWALL-OUTPUT"))

    def test_only_our_chain_is_emptied(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check(kind, lambda which=kind: lab.must(
                    which, "-t", "mangle", "-F", "PROCWALL-OUTPUT"))

    def check_in_between(self, kind, arguments, missing):
        """Somebody removes rules while ours are put in, after the daemon has looked at them."""
        FirewallTest.count += 1
        folder = self.world.folder / f"in-between{FirewallTest.count}"
        folder.mkdir()
        program = folder / f"{kind}-restore"
        waits = folder / "waits"
        program.write_text("#!/bin/sh\n"
                           f"PATH={os.environ['PATH']}\n"
                           f"if [ -e {waits} ]; then\n"
                           f"  rm {waits}\n"
                           f"  {kind} -t mangle {arguments[0]}\n"
                           f'  {kind}-restore "$@" || exit\n'
                           f"  {kind} -t mangle {arguments[1]}\n"
                           "  exit\n"
                           "fi\n"
                           f'exec {kind}-restore "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        guard = self.daemon(rules=[lab.deny_all()], flags=["-firewall", kind],
                            prefix=("env", f"PATH={folder}:{os.environ['PATH']}"))
        standing = lab.firewall_rules()
        waits.touch()
        lab.must(kind, "-t", "mangle", "-F", "PROCWALL-INPUT")  # the repair is what it waits for
        lab.await_true(lambda: guard.status()["firewall_repairs"] >= 2, "the second repair",
                       PUT_BACK_SECONDS)
        self.assertEqual(lab.firewall_rules(), standing)
        self.assertIn(missing, guard.log_text())
        guard.end()

    def test_what_goes_while_it_is_put_back_is_put_back_too(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check_in_between(kind, ("-D OUTPUT -j PROCWALL-OUTPUT", "-S >/dev/null"),
                                      "the jump to PROCWALL-OUTPUT")

    def test_what_goes_before_the_repair_was_looked_at_is_put_back_too(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check_in_between(kind, ("-S >/dev/null", "-F"), "the rules of PROCWALL-OUTPUT")

    def test_rules_of_others_stay_as_they_are(self):
        theirs = ("-t", "mangle", "-A", "OUTPUT", "-p", "tcp", "--dport", "4444", "-j", "ACCEPT")
        for kind in KINDS:
            with self.subTest(kind):
                guard = self.daemon(flags=["-firewall", kind])
                self.flush(kind)
                lab.must(kind, *theirs)
                lab.await_true(lambda: any("PROCWALL-OUTPUT" in line
                                           for line in lab.firewall_rules()), "the repair",
                               PUT_BACK_SECONDS)
                self.assertEqual(sum("4444" in line and line.startswith(kind)
                                     for line in lab.firewall_rules()), 1)
                guard.end()
                lab.must(kind, "-t", "mangle", "-D", *theirs[3:])

    def test_nobody_who_changes_other_rules_makes_it_work(self):
        for kind in KINDS:
            with self.subTest(kind):
                guard = self.daemon(flags=["-firewall", kind])
                for _ in range(20):
                    lab.must(kind, "-t", "mangle", "-I", "OUTPUT", "-p", "udp", "-j", "ACCEPT")
                    lab.must(kind, "-t", "mangle", "-D", "OUTPUT", "-p", "udp", "-j", "ACCEPT")
                self.assertFalse(guard.log.wait(lambda line: "firewall_" in line, 1.5))
                self.assertEqual(guard.status()["firewall_repairs"], 0)
                guard.end()


class IncomingTest(FirewallTest):
    def check(self, protocol, address):
        program = self.listen(protocol, address)
        self.assertTrue(self.comes_in(protocol, address))
        deny = lab.rule("closed", "deny", "process.path", program)
        guard = self.daemon(rules=[deny], flags=self.config(Procwall={"Incoming": True}))
        self.assertFalse(self.comes_in(protocol, address))
        event = self.expect_event(guard, direction="incoming", dst_port=PORT, action="deny")
        self.assertEqual(event["process_path"], program)
        self.assertNotEqual(event["confidence"], "unknown")
        (guard.rules_path / "closed.json").unlink()
        lab.await_true(lambda: self.comes_in(protocol, address), "the listener to be open again")
        self.expect_event(guard, direction="incoming", dst_port=PORT, action="allow")

    def test_tcp_over_ipv4(self):
        self.check("tcp", lab.HOST4)

    def test_tcp_over_ipv6(self):
        self.check("tcp", lab.HOST6)

    def test_udp_over_ipv4(self):
        self.check("udp", lab.HOST4)

    def check_handed_on(self, protocol):
        opener = self.world.executable_copy(lab.PYTHON, f"opener-{protocol}")
        server = self.world.executable_copy(lab.PYTHON, f"server-{protocol}")
        guard = self.daemon(rules=[lab.rule("closed", "deny", "process.path", server)],
                            flags=self.config(Procwall={"Incoming": True}))
        listener = subprocess.Popen([opener, "-I", "-c", HAND_ON, server, protocol, lab.HOST4,
                                     str(PORT), SERVE], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, listener)
        self.assertEqual(listener.stdout.readline().strip(), "ready")
        self.assertFalse(self.comes_in(protocol, lab.HOST4))
        event = self.expect_event(guard, direction="incoming", dst_port=PORT, action="deny")
        self.assertEqual(event["process_path"], server)

    def test_a_listener_that_was_handed_on_is_its_holders(self):
        self.check_handed_on("tcp")

    def test_a_udp_socket_that_was_handed_on_is_its_holders(self):
        self.check_handed_on("udp")

    def test_a_reject_leaves_the_listener_alone(self):
        program = self.listen("tcp", lab.HOST4)
        reject = lab.rule("closed", "reject", "process.path", program)
        guard = self.daemon(rules=[reject], flags=self.config(Procwall={"Incoming": True}))
        self.assertFalse(self.comes_in("tcp", lab.HOST4))
        self.expect_event(guard, direction="incoming", dst_port=PORT, action="deny")
        guard.end()
        self.assertTrue(self.comes_in("tcp", lab.HOST4))

    def test_what_comes_in_for_nobody_is_judged_too(self):
        guard = self.daemon(default="deny", flags=self.config(Procwall={"Incoming": True}))
        self.assertFalse(self.comes_in("tcp", lab.HOST4))
        self.expect_event(guard, direction="incoming", dst_port=PORT, action="deny",
                          confidence="unknown")

    def test_without_it_nothing_that_comes_in_is_judged(self):
        self.listen("tcp", lab.HOST4)
        guard = self.daemon(default="deny")
        self.assertTrue(self.comes_in("tcp", lab.HOST4))
        self.assertEqual(guard.status()["packets"], 0)


class LoopbackTest(FirewallTest):
    def reaches_itself(self):
        return lab.run(lab.PYTHON, "-I", "-c", CONNECT, "tcp", "127.0.0.1", str(PORT)).code == 0

    def test_it_is_judged_unless_it_is_left_out(self):
        self.listen("tcp", "127.0.0.1")
        guard = self.daemon(rules=[lab.deny_all()])
        self.assertFalse(self.reaches_itself())
        guard.end()
        guard = self.daemon(rules=[lab.deny_all()], flags=self.config(Procwall={"Loopback": False}))
        self.assertTrue(self.reaches_itself())
        self.assertFalse(self.fetch())
        self.assertEqual(guard.events.wait(lambda event: event["dst_ip"] == "127.0.0.1", 0.1), None)


class QueuesTest(FirewallTest):
    ADDRESSES = [f"127.0.1.{i}" for i in range(1, 17)]

    def guard(self, queues=2, **options):
        return self.daemon(flags=self.config(Procwall={"Queues": queues, "QuestionTimeout": "60s"}),
                           **options)

    def send_everywhere(self):
        sender = lab.program("lab_sender")
        targets = self.ADDRESSES + [lab.SERVER4, lab.SERVER6]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda to: lab.run(sender, "udp", to, "7", "exit").code, targets))
        self.assertEqual(codes, [0] * len(targets))
        return len(targets)

    def test_nothing_leaks_and_both_work(self):
        for queues in (2, 16):
            with self.subTest(queues=queues):
                guard = self.guard(queues, rules=[lab.deny_all()], queue=100)
                self.world.forget()
                sent = self.send_everywhere()
                lab.await_true(lambda: guard.status()["packets"] >= sent, "all packets")
                status = guard.status()
                self.assertEqual(self.world.arrived(target_port=7), [])
                self.assertEqual(len(status["queues"]), queues)
                self.assertEqual(status["queues"][0]["number"], 100)
                self.assertGreaterEqual(sum(queue["packets"] > 0 for queue in status["queues"]), 2)
                self.assertEqual(sum(queue["packets"] for queue in status["queues"]),
                                 status["packets"])
                self.assertEqual(status["packets"], status["denied"] + status["parked"]
                                 + status["allowed"] + status["dns_answers"])
                guard.end()

    def test_questions_of_every_thread_are_answered(self):
        python = lab.rule("python", "allow", "process.path", os.path.realpath(lab.PYTHON))
        guard = self.guard(rules=[python], default="deny")
        asker, lines = self.asker(guard)
        sent = self.send_everywhere()
        questions = lines.wait_count(lambda line: line["type"] == "question", sent)
        self.assertEqual(len(questions), sent)
        self.assertEqual(len({question["id"] for question in questions}), sent)
        self.assertEqual(self.world.arrived(target_port=7), [])
        for question in questions:
            asker.stdin.write(json.dumps({"id": question["id"], "action": "allow",
                                          "duration": "once"}) + "\n")
        asker.stdin.flush()
        self.assertEqual(len(lines.wait_count(lambda line: line["type"] == "settled", sent)), sent)
        lab.await_true(lambda: len(self.world.arrived(target_port=7)) == 2, "what was allowed")
        self.assertEqual(guard.status()["questions"], 0)

    def test_the_addresses_of_one_name_are_one_question(self):
        # Which thread has which is the kernel's affair: with 16, the same one rarely.
        guard = self.guard(16, queue=100, default="deny",
                           rules=[lab.rule("dns", "allow", "dest.port", "53")])
        asker, lines = self.asker(guard)
        client = subprocess.Popen([lab.PYTHON, "-c", SENDS_TO_ALL_ADDRESSES, lab.SERVER_NAME, "7"],
                                  stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, client)
        self.addCleanup(client.kill)
        lab.await_true(lambda: guard.status()["asked"] == 2, "both packets")
        question = lines.wait(lambda line: line["type"] == "question")
        self.assertEqual(question["event"]["dst_host"], lab.SERVER_NAME)
        self.assertEqual(guard.status()["questions"], 1)
        self.assertEqual(self.world.arrived(target_port=7), [])
        asker.stdin.write(json.dumps({"id": question["id"], "action": "allow",
                                      "duration": "once"}) + "\n")
        asker.stdin.flush()
        self.assertEqual(client.communicate(timeout=20)[0], "2 answers\n")
        self.assertEqual(len(lines.wait_count(lambda line: line["type"] == "question", 2, 0.1)), 1)
        self.assertEqual(guard.status()["questions"], 0)

    def asker(self, guard):
        asker = subprocess.Popen(
            [lab.program("procwall"), "--address", guard.address, "ask", "--json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, asker)
        self.addCleanup(asker.kill)
        lines = lab.Lines(asker.stdout, json.loads)
        self.assertIsNotNone(lines.wait(lambda line: line["type"] == "welcome"))
        return asker, lines

    def test_a_second_daemon_on_one_of_its_numbers_says_so(self):
        self.guard(3, queue=200)
        second = self.daemon(queue=202, expect_ready=False)
        self.assertEqual(second.wait(), 1)
        self.assertIn("queue number 202 is taken", second.log_text())


class MarksTest(FirewallTest):
    def test_who_uses_our_bit_is_named(self):
        rule = ("-t", "mangle", "-A", "PREROUTING", "-p", "udp", "-j", "CONNMARK", "--restore-mark")
        lab.must("iptables-legacy", *rule)
        self.addCleanup(lab.must, "iptables-legacy", "-t", "mangle", "-D", *rule[3:])
        lab.must("ip", "rule", "add", "fwmark", "0xca6c", "table", "main", "priority", "1234")
        self.addCleanup(lab.must, "ip", "rule", "del", "priority", "1234")
        guard = self.daemon()
        lab.await_true(lambda: guard.status()["firewall_notes"], "notes")
        notes = " ".join(guard.status()["firewall_notes"])
        self.assertIn("iptables mangle PREROUTING copies bit 0x20000000", notes)
        self.assertIn("ip rule 1234", notes)
        doctor = guard.client("doctor")
        self.assertIn("mangle PREROUTING", " ".join(doctor.output.split()))
        guard.end()

    def test_other_bits_are_no_matter(self):
        rule = ("-t", "mangle", "-A", "PREROUTING", "-j", "CONNMARK", "--set-xmark", "0x1/0xff")
        lab.must("iptables-legacy", *rule)
        self.addCleanup(lab.must, "iptables-legacy", "-t", "mangle", "-D", *rule[3:])
        guard = self.daemon()
        self.assertEqual(guard.status()["firewall_notes"], [])
        guard.end()


def chains(*rules, kind="mangle", hook="output", policy="accept"):
    return {"Enabled": True, "Version": 1, "SystemRules": [{"Chains": [
        {"Name": "x", "Table": "opensnitch", "Family": "inet", "Type": kind, "Hook": hook,
         "Policy": policy, "Rules": list(rules)}]}]}


def statement(name, **values):
    return {"Statement": {"Op": "", "Name": name,
                          "Values": [{"Key": key, "Value": value}
                                     for key, value in values.items()]}}


class SystemRulesTest(FirewallTest):
    OLD = {"SystemRules": [{"Rule": {"Description": "Allow icmp", "Table": "mangle",
                                     "Chain": "OUTPUT", "Parameters": "-p icmp",
                                     "Target": "ACCEPT", "TargetParameters": ""}}]}
    PING = {"Enabled": True, "Target": "accept",
            "Expressions": [statement("icmp", type="echo-request,echo-reply")]}
    NO_WEB = {"Enabled": True, "Target": "drop", "Expressions": [statement("tcp", dport="80,81")]}

    def write(self, content):
        path = self.world.folder / "system-fw.json"
        fresh = path.with_suffix(".fresh")
        fresh.write_text(content if isinstance(content, str) else json.dumps(content, indent=1),
                         encoding="utf-8")
        fresh.rename(path)
        self.addCleanup(path.unlink, missing_ok=True)
        return str(path)

    def guard(self, content, kind="iptables-legacy", **options):
        file = self.write(content)
        return self.daemon(flags=["-firewall", kind,
                                  *self.config(FwOptions={"ConfigPath": file})], **options)

    def ping(self):
        """An ICMP echo by a socket of our own: ping need not be installed."""
        with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as icmp:
            icmp.settimeout(0.5)
            icmp.sendto(bytes((8, 0, 0xf7, 0xfe, 0, 1, 0, 0)), (lab.SERVER4, 0))
            try:
                icmp.recv(100)
                return True
            except OSError:
                return False

    def test_the_old_form_lets_ping_pass_unjudged(self):
        for kind in KINDS:
            with self.subTest(kind):
                guard = self.guard(self.OLD, kind, rules=[lab.deny_all()])
                self.assertTrue(self.ping())
                self.assertFalse(self.fetch())
                guard.end()
                self.assertEqual(lab.firewall_rules(), self.rules_before)

    def test_chains_do_the_same(self):
        guard = self.guard(chains(self.PING), rules=[lab.deny_all()])
        self.assertTrue(self.ping())
        self.assertFalse(self.fetch())
        self.assertEqual(guard.status()["firewall_notes"], [])

    def test_a_change_is_taken_over_at_once_and_a_bad_one_is_not(self):
        guard = self.guard(chains(self.PING))
        self.assertTrue(self.fetch())
        self.write(chains(self.NO_WEB))
        lab.await_true(lambda: not self.fetch(4) and not self.fetch(6), "the new rules")
        self.assertFalse(self.fetch())
        self.write("{\n oops")
        lab.await_true(lambda: guard.status()["firewall_notes"], "the complaint")
        self.assertIn("system-fw.json:2", guard.status()["firewall_notes"][0])
        self.assertFalse(self.fetch())
        self.write(chains(self.PING))
        lab.await_true(self.fetch, "the first rules again")

    def test_a_rule_that_cannot_be_is_named_and_the_others_stand(self):
        strange = {"Target": "drop", "Expressions": [statement("wifi", ssid="x")]}
        unknown = {"Target": "drop", "Expressions": [statement("icmp", type="no-such-type")]}
        guard = self.guard(chains(strange, unknown, self.NO_WEB))
        self.assertFalse(self.fetch())
        notes = " ".join(guard.status()["firewall_notes"])
        self.assertIn("wifi", notes)
        self.assertIn("no-such-type", notes)

    def test_a_policy_of_drop_closes_what_no_rule_opens(self):
        web = {"Target": "accept", "Expressions": [statement("tcp", dport="80")]}
        self.guard(chains(web, kind="filter", policy="drop"))
        self.assertTrue(self.fetch())
        self.assertFalse(self.ping())

    def test_they_are_put_back_too(self):
        guard = self.guard(chains(self.NO_WEB, kind="filter"))
        self.assertFalse(self.fetch())
        lab.must("iptables-legacy", "-t", "filter", "-F")
        lab.await_true(lambda: guard.status()["firewall_repairs"] == 1, "the repair",
                       PUT_BACK_SECONDS)
        self.assertFalse(self.fetch())

    def test_after_a_kill_the_next_start_cleans_up(self):
        first = self.guard(chains(self.NO_WEB, kind="filter"))
        first.signal(9)
        first.wait()
        second = self.daemon()
        self.assertTrue(self.fetch())
        second.end()
        self.assertEqual(lab.firewall_rules(), self.rules_before)


if __name__ == "__main__":
    lab.main()
