# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A rule on one program stops that program and no other: {TCP, UDP} x {IPv4, IPv6}."""

import lab

PASSES = """
import socket, sys
address, kind = sys.argv[1], sys.argv[2]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
with socket.socket(family, getattr(socket, kind)) as client:
    client.settimeout(5)
    client.connect((address, 7))
    client.send(b"ping")
    assert client.recv(16) == b"ping"
"""


class BlockingTest(lab.LabTest):
    def setUp(self):
        super().setUp()
        self.guard = self.daemon(rules=[lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl"),
                                        lab.rule("no-dig", "deny", "process.path", "/usr/bin/dig")])

    def check_python_passes(self, family, kind):
        ran = lab.run(lab.PYTHON, "-c", PASSES, lab.SERVER[family], kind)
        self.assertEqual(ran.code, 0, ran.errors)

    def check_curl_is_denied(self, family):
        ran = lab.run("curl", "-s", "--max-time", "2", "-o", "/dev/null",
                      f"http://{lab.url_host(family)}/")
        self.assertEqual(ran.code, 28, ran)  # curl's own word for a timeout
        self.assertGreater(ran.seconds, 1.5)  # deny is silence
        self.assertEqual(self.world.arrived(target=lab.SERVER[family], target_port=80), [])
        self.expect_event(self.guard, action="deny", rule="no-curl", dst_ip=lab.SERVER[family],
                          dst_port=80, process_path="/usr/bin/curl", pid=ran.pid)
        self.check_python_passes(family, "SOCK_STREAM")

    def check_dig_is_denied(self, family):
        ran = lab.run("dig", "+tries=1", "+time=1", f"@{lab.SERVER[family]}", lab.SERVER_NAME)
        self.assertEqual(ran.code, 9, ran)  # dig's own word for no answer
        self.assertEqual(self.world.arrived(target=lab.SERVER[family], target_port=53), [])
        self.expect_event(self.guard, action="deny", rule="no-dig", dst_ip=lab.SERVER[family],
                          dst_port=53, process_path="/usr/bin/dig", pid=ran.pid)
        self.check_python_passes(family, "SOCK_DGRAM")

    def test_tcp_over_ipv4(self):
        self.check_curl_is_denied(4)

    def test_tcp_over_ipv6(self):
        self.check_curl_is_denied(6)

    def test_udp_over_ipv4(self):
        self.check_dig_is_denied(4)

    def test_udp_over_ipv6(self):
        self.check_dig_is_denied(6)

    def test_a_copy_under_another_path_is_another_program(self):
        copy = self.world.executable_copy("/usr/bin/curl", "not-curl")
        ran = lab.run(copy, "-s", "--max-time", "5", f"http://{lab.SERVER4}/")
        self.assertEqual((ran.code, ran.output), (0, "hello\n"), ran)


class ObserveTest(lab.LabTest):
    def test_observing_reports_and_lets_everything_through(self):
        guard = self.daemon(flags=["-observe"], rules=[
            lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl")])
        ran = lab.run("curl", "-s", f"http://{lab.SERVER4}/")
        self.assertEqual((ran.code, ran.output), (0, "hello\n"), ran)
        self.expect_event(guard, action="allow", rule="no-curl", pid=ran.pid)


class DefaultTest(lab.LabTest):
    def test_what_no_rule_names_gets_the_default(self):
        guard = self.daemon(default="deny", rules=[
            lab.rule("curl", "allow", "process.path", "/usr/bin/curl")])
        ran = lab.run("curl", "-s", "--max-time", "5", f"http://{lab.SERVER4}/")
        self.assertEqual((ran.code, ran.output), (0, "hello\n"), ran)
        self.world.forget()
        ran = lab.run(lab.PYTHON, "-c", PASSES, lab.SERVER4, "SOCK_DGRAM")
        self.assertNotEqual(ran.code, 0)
        self.assertEqual(self.world.arrived(target_port=7), [])
        self.expect_event(guard, action="deny", rule="", pid=ran.pid)


if __name__ == "__main__":
    lab.main()
