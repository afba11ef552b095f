# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Names: answers of a DNS server are read on their way in, and let through."""

import lab


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


if __name__ == "__main__":
    lab.main()
