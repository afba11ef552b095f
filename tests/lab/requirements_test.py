# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Whether this machine can run the lab; and that the lab itself tells the truth."""

import os
import shutil
import unittest

import lab

TOOLS = ("ip", "iptables", "ip6tables", "nft", "nsenter", "setpriv", "curl", "dig", "nc")


class RequirementsTest(unittest.TestCase):
    def test_the_machine_is_out_of_reach(self):
        links = lab.must("ip", "-brief", "link").split()
        self.assertNotEqual(lab.network_namespace(), os.environ[lab.OUTSIDE])
        self.assertEqual([name for name in links if name.startswith(("eth", "en", "wl"))], [])

    def test_every_program_is_there(self):
        missing = [tool for tool in TOOLS if shutil.which(tool) is None]
        self.assertEqual(missing, [], "scripts/deps run installs them")

    def test_the_kernel_can_queue_packets(self):
        for tool in ("iptables", "ip6tables"):
            queue = ("OUTPUT", "-t", "mangle", "-p", "udp", "--dport", "9", "-j",
                     "NFQUEUE", "--queue-num", "9")
            lab.must(tool, "-A", *queue)
            lab.must(tool, "-D", *queue)

    def test_the_server_answers_and_counts(self):
        with lab.World() as world:
            for family in (4, 6):
                page = lab.run("curl", f"-{family}", "-s", f"http://{lab.SERVER_NAME}/")
                self.assertEqual((page.code, page.output), (0, "hello\n"), page)
                self.assertEqual(len(world.arrived(target=lab.SERVER[family], syn=True,
                                                   target_port=80)), 1)

    def test_what_is_dropped_does_not_count(self):
        with lab.World() as world:
            lab.must("iptables", "-A", "OUTPUT", "-p", "udp", "--dport", "7", "-j", "DROP")
            self.addCleanup(lab.must, "iptables", "-F", "OUTPUT")
            lab.run("sh", "-c", f"echo x | nc -u -w1 {lab.SERVER4} 7")
            lab.run("sh", "-c", f"echo x | nc -u -w1 {lab.SERVER6} 7")
            self.assertEqual([packet["target"] for packet in world.arrived(target_port=7,
                                                                           protocol=17)],
                             [lab.SERVER6])

    def test_our_programs_are_built(self):
        for name in ("procwalld", "procwall", "lab_sender"):
            self.assertTrue(os.access(lab.program(name), os.X_OK))


if __name__ == "__main__":
    lab.main()
