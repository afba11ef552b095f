# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Reject tells the program at once; deny leaves it waiting."""

import lab

TRY = """
import errno, socket, sys, time
address, kind = sys.argv[1], sys.argv[2]
family = socket.AF_INET6 if ":" in address else socket.AF_INET
client = socket.socket(family, getattr(socket, kind))
client.settimeout(5)
try:
    client.connect((address, 7))
    client.send(b"ping")
    client.recv(16)
    print("PASSED")
except TimeoutError:
    print("TIMEOUT")
except OSError as failure:
    print(errno.errorcode[failure.errno])
"""
AT_ONCE = 1.0  # seconds, interpreter included; the timeout is five


class RejectTest(lab.LabTest):
    def setUp(self):
        super().setUp()
        self.program = self.world.executable_copy(lab.PYTHON, "rejected")
        self.guard = self.daemon(rules=[
            lab.rule("no", "reject", "process.path", self.program)])

    def check(self, family, kind):
        ran = lab.run(self.program, "-I", "-c", TRY, lab.SERVER[family], kind)
        self.assertIn(ran.output.strip(), ("ECONNREFUSED", "ECONNABORTED"), ran)
        self.assertLess(ran.seconds, AT_ONCE)
        self.expect_event(self.guard, action="reject", rule="no", pid=ran.pid,
                          process_path=self.program, dst_ip=lab.SERVER[family])
        self.assertEqual(self.world.arrived(target=lab.SERVER[family], target_port=7), [])

    def test_tcp_over_ipv4(self):
        self.check(4, "SOCK_STREAM")

    def test_tcp_over_ipv6(self):
        self.check(6, "SOCK_STREAM")

    def test_udp_over_ipv4(self):
        self.check(4, "SOCK_DGRAM")

    def test_udp_over_ipv6(self):
        self.check(6, "SOCK_DGRAM")

    def test_a_v4_mapped_address(self):
        ran = lab.run(self.program, "-I", "-c", TRY, f"::ffff:{lab.SERVER4}", "SOCK_STREAM")
        self.assertIn(ran.output.strip(), ("ECONNREFUSED", "ECONNABORTED"), ran)
        self.assertLess(ran.seconds, AT_ONCE)

    def test_other_programs_keep_their_connections(self):
        ran = lab.run(lab.PYTHON, "-I", "-c", TRY, lab.SERVER4, "SOCK_STREAM")
        self.assertEqual(ran.output.strip(), "PASSED", ran)


if __name__ == "__main__":
    lab.main()
