# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Flows: who moved how much, what is cut and what goes on, also behind NAT and under a flood."""

import calendar
import json
import pathlib
import socket
import subprocess
import textwrap
import time

import lab

ETHERNET = 14  # bytes of each frame's header: the interface counts them, conntrack does not
STRAYS = 4096  # ARP, neighbour discovery and the like, which are of no flow
ACCOUNTING = pathlib.Path("/proc/sys/net/netfilter/nf_conntrack_acct")
NAT_ADDRESS = "10.77.0.3"

# Holds connections, and sends what it is told to through each: says how many bytes came back.
TALKER = textwrap.dedent("""
    import json, socket, sys
    kind = socket.SOCK_DGRAM if sys.argv[1] == "udp" else socket.SOCK_STREAM
    address, count = sys.argv[2], int(sys.argv[3])
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    held = []
    for _ in range(count):
        one = socket.socket(family, kind)
        one.settimeout(5 if kind == socket.SOCK_STREAM else 0.5)
        if kind == socket.SOCK_STREAM:
            one.connect((address, 7))
        held.append(one)
    def send(one, data):
        if kind == socket.SOCK_STREAM:
            one.sendall(data)
        else:
            one.sendto(data, (address, 7))
    def tell(what):
        print(json.dumps(what), flush=True)
    tell("ready")
    for line in sys.stdin:
        command, size, times = json.loads(line)
        back = 0
        for one in held:
            try:
                for _ in range(times):
                    if command != "receive":
                        send(one, b"x" * size)
                    wanted = 0 if command == "send" else size
                    while wanted > 0:
                        got = len(one.recv(wanted))
                        if got == 0:
                            break
                        wanted -= got
                        back += got
            except OSError:
                pass
        tell(back)
""")

# As many datagrams to nobody, each from a port of its own.
FLOOD = textwrap.dedent("""
    import socket, sys
    for number in range(int(sys.argv[2])):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.bind(("", 20000 + number))
            one.sendto(b"x", (sys.argv[1], 9))
""")


class Talker:
    """A program of its own name that talks to the server's echo."""

    def __init__(self, test, name, kind, address, count=1):
        self.path = test.world.executable_copy(lab.PYTHON, name)
        self.process = subprocess.Popen(
            [self.path, "-I", "-c", TALKER, kind, address, str(count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        test.addCleanup(lab.end, self.process)
        test.assertEqual(self.answer(), "ready")

    def answer(self):
        return json.loads(self.process.stdout.readline())

    def tell(self, command, size=1, times=1):
        self.process.stdin.write(json.dumps([command, size, times]) + "\n")
        self.process.stdin.flush()

    def echo(self, size=1, times=1):
        """How many bytes came back through all of its connections."""
        self.tell("echo", size, times)
        return self.answer()


class FlowsTest(lab.LabTest):
    def guard(self, **settings):
        config = self.world.folder / "flows.json"
        config.write_text(json.dumps({"Procwall": settings}), encoding="ascii")
        return self.daemon(flags=["-config-file", str(config)])

    def flows(self, guard, *arguments):
        ran = guard.client("flows", "--json", *arguments)
        self.assertEqual(ran.code, 0, ran.errors)
        return [json.loads(line) for line in ran.output.splitlines()]

    def await_flows(self, guard, count, *arguments):
        lab.await_true(lambda: len(self.flows(guard, *arguments)) == count, f"{count} flows")
        return self.flows(guard, *arguments)

    def established(self, guard, paths):
        return sum(flow["state"] == "ESTABLISHED" and flow["process_path"] in paths
                   for flow in self.flows(guard))

    def watch(self, guard):
        process = subprocess.Popen(
            [lab.program("procwall"), "--address", guard.address, "flows", "--watch", "--json"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lab.end, process)
        return lab.Lines(process.stdout, json.loads)

    def cuts(self, guard, count):
        return guard.events.wait_count(lambda event: event["cut"], count)

    @staticmethod
    def interface():
        """Bytes and packets that pw0 has sent and received."""
        lines = pathlib.Path("/proc/net/dev").read_text("ascii").splitlines()
        fields = next(line for line in lines if line.strip().startswith("pw0:")).split(":")[1].split()
        return {"sent_bytes": int(fields[8]), "sent_packets": int(fields[9]),
                "received_bytes": int(fields[0]), "received_packets": int(fields[1])}

    def check_bytes(self, family):
        guard = self.guard(FlowAccounting=True)
        before = self.interface()
        talker = Talker(self, "mover", "tcp", lab.SERVER[family])
        self.assertEqual(talker.echo(16384, 64), 16384 * 64)
        self.await_quiet()
        flow = self.await_flows(guard, 1, "--program", "mover")[0]
        moved = {key: value - before[key] for key, value in self.interface().items()}
        self.assertEqual(flow["process_path"], talker.path)
        self.assertEqual(flow["pid"], talker.process.pid)
        self.assertEqual((flow["state"], flow["dst_ip"], flow["dst_port"]),
                         ("ESTABLISHED", lab.SERVER[family], 7))
        self.assertEqual(flow["confidence"], "certain")
        self.assertGreater(flow["sequence"], 0)
        for way in ("sent", "received"):
            expected = flow[f"{way}_bytes"] + ETHERNET * flow[f"{way}_packets"]
            stray = moved[f"{way}_bytes"] - expected
            print(f"IPv{family} {way}: the flow {flow[f'{way}_bytes']} bytes in "
                  f"{flow[f'{way}_packets']} packets, the interface {moved[f'{way}_bytes']} bytes: "
                  f"{stray} of no flow")
            self.assertGreaterEqual(flow[f"{way}_bytes"], 16384 * 64)
            self.assertTrue(0 <= stray <= STRAYS, stray)

    def await_quiet(self):
        """Until the last acknowledgement has passed: the interface counts nothing new."""
        seen = [None, self.interface()]

        def is_quiet():
            time.sleep(0.1)
            seen[:] = [seen[1], self.interface()]
            return seen[0] == seen[1]
        lab.await_true(is_quiet, "the interface to fall silent")

    def test_bytes_reconcile_with_the_interface_over_ipv4(self):
        self.check_bytes(4)

    def test_bytes_reconcile_with_the_interface_over_ipv6(self):
        self.check_bytes(6)

    def test_accounting_is_off_without_consent_and_put_back(self):
        before = ACCOUNTING.read_text("ascii")
        guard = self.guard()
        self.assertEqual(ACCOUNTING.read_text("ascii"), before)
        self.assertEqual(Talker(self, "short", "tcp", lab.SERVER4).echo(10), 10)
        self.await_flows(guard, 1, "--program", "short")
        self.assertIn("FlowAccounting", guard.client("flows").errors)
        guard.end()
        consenting = self.guard(FlowAccounting=True)
        self.assertEqual(ACCOUNTING.read_text("ascii").strip(), "1")
        self.assertFalse(any("not counted" in note
                             for note in consenting.status()["firewall_notes"]))
        consenting.end()
        self.assertEqual(ACCOUNTING.read_text("ascii"), before)

    def test_a_flow_is_told_of_from_its_beginning_to_its_end(self):
        guard = self.guard(FlowAccounting=True)
        notes = self.watch(guard)
        lab.await_true(lambda: guard.status() and self.begins(guard, notes), "the watch to begin")
        talker = Talker(self, "short", "tcp", lab.SERVER4)
        self.assertEqual(talker.echo(1000), 1000)
        self.await_flows(guard, 1, "--program", "short")
        ran = guard.client("flows", "cut", "--program", "short", "--yes")
        self.assertEqual(ran.code, 0, ran.errors)
        ended = notes.wait(lambda note: note["event"] == "ended"
                           and note["process_path"] == talker.path)
        self.assertIsNotNone(ended)
        self.assertGreaterEqual(ended["received_bytes"], 1000)
        self.assertGreaterEqual(ended["sent_bytes"], 1000)
        self.assertTrue(notes.wait(lambda note: note["event"] == "new"
                                   and note["process_path"] == talker.path))

    def begins(self, guard, notes):
        """Something is told: the watcher listens."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"x", (lab.SERVER4, 9))
        return notes.wait(lambda note: note.get("dst_port") == 9, 0.2)

    def test_a_connection_from_before_the_start_is_known_and_can_be_cut(self):
        talker = Talker(self, "early", "tcp", lab.SERVER4)
        guard = self.guard()
        self.assertEqual(talker.echo(), 1)  # conntrack sees it only now
        lab.await_true(lambda: self.flows(guard, "--program", "early"), "its owner")
        flow = self.flows(guard, "--program", "early")[0]
        self.assertEqual((flow["process_path"], flow["sequence"], flow["rule"]),
                         (talker.path, 0, ""))
        guard.write_rule(lab.rule("stop", "deny", "process.path", talker.path))
        self.assertEqual(self.cuts(guard, 1)[0]["process_path"], talker.path)
        self.assertEqual(talker.echo(), 0)

    def test_cut_needs_a_filter_and_a_yes(self):
        guard = self.guard()
        talker = Talker(self, "stays", "tcp", lab.SERVER4)
        self.assertEqual(guard.client("flows", "cut", "--yes").code, 2)
        refused = guard.client("flows", "cut", "--program", "stays")
        self.assertEqual(refused.code, 2)
        self.assertIn("--yes", refused.errors)
        self.assertEqual(guard.client("flows", "cut", "--program", "nobody", "--yes").code, 1)
        self.assertEqual(talker.echo(), 1)

    def test_a_datagram_flow_is_cut(self):
        guard = self.guard()
        bad = Talker(self, "bad-udp", "udp", lab.SERVER4)
        good = Talker(self, "good-udp", "udp", lab.SERVER4)
        self.assertEqual([bad.echo(), good.echo()], [1, 1])
        self.assertTrue(guard.events.wait(lambda event: event["process_path"] == bad.path))
        guard.write_rule(lab.rule("stop", "deny", "process.path", bad.path))
        self.assertEqual(self.cuts(guard, 1)[0]["process_path"], bad.path)
        self.assertEqual([bad.echo(), good.echo()], [0, 1])

    def check_cut_over(self, programs, each, address):
        guard = self.guard()
        talkers = [Talker(self, f"talker{number}", "tcp", address, each)
                   for number in range(programs)]
        for talker in talkers:
            self.assertEqual(talker.echo(), each)
        paths = {talker.path for talker in talkers}
        lab.await_true(lambda: self.established(guard, paths) == programs * each,
                       f"{programs * each} flows")
        for talker in talkers:
            talker.tell("send", 100)  # on its way, and not read, while others are cut
            self.assertEqual(talker.answer(), 0)
        bad, *good = talkers
        begin = time.time_ns()
        guard.write_rule(lab.rule("stop", "deny", "process.path", bad.path))
        cuts = self.cuts(guard, each)
        self.assertEqual({(cut["process_path"], cut["rule"]) for cut in cuts}, {(bad.path, "stop")})
        self.assertEqual(len({cut["src_port"] for cut in cuts}), each)
        self.assertEqual(bad.echo(), 0)
        for talker in good:
            talker.tell("receive", 100)
            self.assertEqual(talker.answer(), 100 * each)
            self.assertEqual(talker.echo(1000), 1000 * each)
        self.assertEqual(len(self.cuts(guard, each)), each)
        self.assertEqual(self.flows(guard, "--program", pathlib.Path(bad.path).name), [])
        times = sorted(self.nanoseconds(cut["time"]) for cut in cuts)
        from_save, from_first = times[-1] - begin, times[-1] - times[0]
        print(f"{each} of {programs * each} flows cut: the last {from_save / 1e6:.0f} ms after the "
              f"rule was saved, {from_first / 1e6:.1f} ms after the first")
        self.assertLess(from_first, 2e9)
        return guard, good

    @staticmethod
    def nanoseconds(stamp):
        seconds, fraction = stamp.rstrip("Z").split(".")
        parsed = time.strptime(seconds + " UTC", "%Y-%m-%dT%H:%M:%S %Z")
        return calendar.timegm(parsed) * 10**9 + int(fraction.ljust(9, "0"))

    def test_of_1000_flows_exactly_those_of_the_denied_program_are_cut(self):
        self.check_cut_over(10, 100, lab.SERVER4)

    def test_the_same_over_ipv6(self):
        self.check_cut_over(4, 25, lab.SERVER6)

    def test_the_same_behind_nat(self):
        nat = ["iptables-legacy", "-t", "nat"]
        rule = ["POSTROUTING", "-o", "pw0", "-p", "tcp", "-j", "SNAT", "--to-source", NAT_ADDRESS]
        lab.must("ip", "addr", "add", f"{NAT_ADDRESS}/24", "dev", "pw0")
        self.addCleanup(lab.run, "ip", "addr", "del", f"{NAT_ADDRESS}/24", "dev", "pw0")
        lab.must(*nat, "-A", *rule)
        self.addCleanup(lab.run, *nat, "-D", *rule)
        guard, good = self.check_cut_over(4, 25, lab.SERVER4)
        flow = self.flows(guard, "--program", pathlib.Path(good[0].path).name)[0]
        self.assertEqual((flow["nat"], flow["reply_dst_ip"]), ("source", NAT_ADDRESS))

    def test_what_the_kernel_could_not_tell_is_read_again(self):
        count = 2000
        guard = self.guard(FlowBuffer=4096)
        notes = self.watch(guard)  # else the kernel tells of ends only
        lab.await_true(lambda: self.begins(guard, notes), "the watch to begin")
        flood = subprocess.run([lab.PYTHON, "-I", "-c", FLOOD, lab.SERVER4, str(count)],
                               timeout=60, check=False)
        self.assertEqual(flood.returncode, 0)
        lab.await_true(lambda: any("faster than they were read" in note
                                   for note in guard.status()["firewall_notes"]), "an overrun")
        lab.await_true(lambda: len(self.flows(guard, "--protocol", "udp", "--port", "9")) >= count,
                       f"{count} flows")


if __name__ == "__main__":
    lab.main()
