# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""When the daemon cannot do its work it says what, where and what to do, and ends with 1 or 2."""

import lab


class RefusalTest(lab.LabTest):
    def refused(self, *words, code=1, prefix=(), **options):
        """Starts a daemon that must end by itself, with this code and these words, and no trace."""
        guard = self.daemon(expect_ready=False, prefix=prefix, **options)
        self.assertEqual(guard.wait(), code, guard.log_text())
        text = guard.log_text()
        for word in words:
            self.assertIn(word.lower(), text.lower())
        return text

    def test_a_queue_number_that_is_taken(self):
        first = self.daemon(queue=60)
        standing = lab.firewall_rules()
        self.refused("queue", "60", queue=60)
        self.assertIsNone(first.process.poll())
        self.assertEqual(lab.firewall_rules(), standing)  # the first one goes on guarding
        self.assertEqual(lab.run("curl", "-s", f"http://{lab.SERVER4}/").code, 0)

    def test_no_privileges(self):
        self.refused("CAP_NET_ADMIN", prefix=("setpriv", "--bounding-set=-all", "--inh-caps=-all"))

    def test_a_rule_directory_that_is_not_there(self):
        self.refused("/nowhere/rules", flags=["-rules-path", "/nowhere/rules"])

    def test_a_rule_directory_that_is_a_file(self):
        self.refused("/etc/hostname", flags=["-rules-path", "/etc/hostname"])

    def test_a_firewall_this_machine_does_not_have(self):
        self.refused("iptables", flags=["-firewall", "iptables-legacy"],
                     prefix=("env", "PATH=/nonexistent"))

    def test_a_kernel_without_the_queue_of_nft(self):
        if lab.run("nft", "add", "table", "inet", "probe").code == 0:
            self.addCleanup(lab.run, "nft", "delete", "table", "inet", "probe")
        lab.must("nft", "add", "chain", "inet", "probe", "out")
        if lab.run("nft", "add", "rule", "inet", "probe", "out", "queue", "num", "9").code == 0:
            lab.run("nft", "delete", "table", "inet", "probe")
            guard = self.daemon(flags=["-firewall", "nft"])  # it has one: then it must work
            self.assertEqual(guard.status()["firewall"], "nft")
            return
        lab.run("nft", "delete", "table", "inet", "probe")
        self.refused("nft", flags=["-firewall", "nft"])

    def test_an_unknown_flag(self):
        self.refused("no-such-flag", code=2, flags=["-no-such-flag"])

    def test_a_queue_number_that_is_none(self):
        self.refused("queue-num", code=2, flags=["-queue-num", "seventy"])

    def test_a_configuration_that_is_not_there(self):
        self.refused("/nowhere/config.json", code=2, flags=["-config-file", "/nowhere/config.json"])

    def test_a_broken_configuration(self):
        path = self.world.folder / "broken.json"
        path.write_text('{"DefaultAction": \n', encoding="utf-8")
        self.refused("broken.json", code=2, flags=["-config-file", str(path)])


if __name__ == "__main__":
    lab.main()
