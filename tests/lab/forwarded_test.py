# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Whose packets does this host forward? Containers behind a veth pair and masquerading: the program
in them is named without the witness, too, or nobody is."""

import json
import pathlib
import subprocess

import lab
import stage

ECHO, DISCARD = 7, 9
ALIAS = "10.99.0.1"  # nobody's: translated to the server

# Sends once, says so, and stays until its input ends (or ends at once).
SEND = """
import socket, sys
kind, address, port, local_port, then = sys.argv[1:]
is_udp = kind.startswith("udp")
one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM)
one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
one.bind(("", int(local_port)))
if kind == "udp":
    one.sendto(b"x", (address, int(port)))
elif kind == "udp-idle":
    pass
else:
    one.connect((address, int(port)))
    if is_udp:
        one.send(b"x")
print("done", flush=True)
if then == "stay":
    sys.stdin.read()
"""


class Container:
    """A network namespace with one way out; `inside` is how to run something there."""

    def __init__(self, world, number, via=None):
        self.address = f"10.{90 + number}.0.2"
        self.gateway = f"10.{90 + number}.0.1"
        self.process = subprocess.Popen(
            ["unshare", "--net", "--", "sh", "-c", "ip link set lo up; echo ready; read _"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        world.stack.callback(lab.end, self.process)
        self.process.stdout.readline()
        self.inside = ["nsenter", "--target", str(self.process.pid), "--net", "--"]
        outside = via.inside if via else []
        near, far = f"pc{number}", f"pd{number}"
        lab.must(*outside, "ip", "link", "add", "name", near, "type", "veth", "peer", "name", far,
                 "netns", str(self.process.pid))
        if not via:
            world.stack.callback(lambda: lab.run("ip", "link", "del", near))
        lab.must(*outside, "ip", "addr", "add", f"{self.gateway}/24", "dev", near)
        lab.must(*outside, "ip", "link", "set", near, "up")
        lab.must(*self.inside, "ip", "addr", "add", f"{self.address}/24", "dev", far)
        lab.must(*self.inside, "ip", "link", "set", far, "up")
        lab.must(*self.inside, "ip", "route", "add", "default", "via", self.gateway)


class ForwardedTest(lab.LabTest):
    WITNESS = "off"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pathlib.Path("/proc/sys/net/ipv4/ip_forward").write_text("1", encoding="ascii")
        cls.first = Container(cls.world, 1)
        cls.second = Container(cls.world, 2)
        cls.port = 42000

    def setUp(self):
        super().setUp()
        self.translate("POSTROUTING", "-s", "10.90.0.0/15", "-o", "pw0", "-j", "MASQUERADE")
        self.translate("POSTROUTING", "-s", "10.92.0.0/15", "-o", "pw0", "-j", "MASQUERADE")
        self.guard = self.daemon(flags=(f"-witness={self.WITNESS}", "-forwarded"))
        type(self).port += 1

    def translate(self, *rule):
        lab.must("iptables", "-t", "nat", "-A", *rule)
        self.addCleanup(lab.must, "iptables", "-t", "nat", "-D", *rule)

    def start(self, where, name, kind, address=lab.SERVER4, port=None, then="stay"):
        """A program of that name there, once it has sent; its path."""
        program = self.world.executable_copy("/usr/bin/python3", name)
        port = port or (DISCARD if kind.startswith("udp") else ECHO)
        process = subprocess.Popen(
            [*where.inside, program, "-I", "-c", SEND, kind, address, str(port), str(self.port),
             then],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        self.assertEqual(process.stdout.readline(), "done\n")
        return program

    def event_of(self, where, **wanted):
        return self.expect_event(self.guard, src_ip=where.address, src_port=self.port, **wanted)

    def check_right(self, event, program):
        self.assertEqual((event["process_path"], event["direction"]), (program, "forwarded"), event)

    def check_never_wrong(self, event, program):
        self.assertIn(event["process_path"], ("", program), event)
        if not event["process_path"]:
            self.assertTrue(event["unknown_reason"], event)

    def check_two_containers(self, kind):
        first = self.start(self.first, f"first-{kind}", kind)
        second = self.start(self.second, f"second-{kind}", kind)
        self.check_right(self.event_of(self.first), first)
        self.check_right(self.event_of(self.second), second)

    def test_two_containers_with_the_same_port_over_tcp(self):
        self.check_two_containers("tcp")

    def test_two_containers_with_the_same_port_over_udp(self):
        self.check_two_containers("udp")

    def test_two_containers_with_the_same_port_over_connected_udp(self):
        self.check_two_containers("udp-connected")

    def test_a_destination_that_is_translated_on_the_way(self):
        self.translate("PREROUTING", "-d", ALIAS, "-j", "DNAT", "--to-destination", lab.SERVER4)
        for kind in ("tcp", "udp"):
            with self.subTest(kind):
                type(self).port += 1
                program = self.start(self.first, f"translated-{kind}", kind, ALIAS)
                self.check_right(self.event_of(self.first), program)

    def test_a_program_that_is_gone_is_nobody_or_itself(self):
        program = self.start(self.first, "gone", "udp", then="end")
        self.check_never_wrong(self.event_of(self.first), program)

    def test_a_namespace_with_the_same_address_makes_it_no_wrong_one(self):
        decoy = Container(self.world, 3)
        lab.must(*decoy.inside, "ip", "addr", "add", f"{self.first.address}/32", "dev", "lo")
        self.start(decoy, "decoy", "udp-idle")
        program = self.start(self.first, "real", "udp")
        event = self.event_of(self.first)
        if self.WITNESS == "off":
            self.assertIn(event["confidence"], ("ambiguous", "unknown"), event)
        else:
            self.check_right(event, program)
        decoy.process.stdin.close()

    def test_a_namespace_that_forwards_for_another_is_not_blamed(self):
        """What it masquerades has its address, and the port of a program of its own."""
        router = Container(self.world, 4)
        inner = Container(self.world, 5, via=router)
        lab.must(*router.inside, "sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        lab.must(*router.inside, "iptables", "-t", "nat", "-A", "POSTROUTING", "-s",
                 "10.95.0.0/24", "-j", "MASQUERADE")
        self.translate("POSTROUTING", "-s", router.address, "-o", "pw0", "-j", "MASQUERADE")
        self.start(router, "bystander", "udp-idle")
        program = self.start(inner, "inner", "udp")
        self.check_never_wrong(self.event_of(router), program)
        inner.process.stdin.close()
        router.process.stdin.close()

    def test_namespaces_that_come_and_go_meanwhile(self):
        """Some hundreds, each with a socket of its own and an address of the same network."""
        noise, sent = [], {}
        for number in range(200):
            noise.append(subprocess.Popen(
                ["unshare", "--net", "sh", "-c",
                 "ip link set lo up; ip addr add 10.91.0.77/32 dev lo; sleep 0.2"]))
            if number % 40 == 39:
                type(self).port += 1
                sent[self.port] = self.start(self.first, f"among-noise-{number}", "udp")
            while len(noise) > 100:
                noise.pop(0).wait()
        for process in noise:
            process.wait()
        for port, program in sent.items():
            event = self.expect_event(self.guard, src_ip=self.first.address, src_port=port)
            self.check_never_wrong(event, program)
        self.assertEqual(self.guard.status()["parked"], 0)

    def test_the_program_decides(self):
        program = self.world.executable_copy("/usr/bin/python3", "denied")
        self.guard.write_rule(lab.rule("no-denied", "deny", "process.path", program))
        lab.await_true(lambda: any(rule["name"] == "no-denied" for rule in self.rules()), "the rule")
        self.start(self.first, "denied", "udp")
        self.event_of(self.first, action="deny", rule="no-denied")

    def rules(self):
        answer = self.guard.client("rules", "list", "--json")
        return [json.loads(line) for line in answer.output.splitlines()]


class ForwardedWithWitnessTest(stage.WithWitness, ForwardedTest):
    pass


if __name__ == "__main__":
    lab.main()
