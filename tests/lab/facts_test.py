# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What rules ask beyond a program's description: hashes, packages, variables, interfaces."""

import hashlib
import json
import os
import pathlib
import time

import lab


class FactsTest(lab.LabTest):
    def fetch(self, program="curl", **environment):
        """Whether that program (a curl) gets an answer."""
        command = [program, "-s", "--max-time", "2", f"http://{lab.SERVER4}/"]
        command[:0] = ["env", *(f"{name}={value}" for name, value in environment.items())]
        return lab.run(*command).code == 0

    def settled(self, path):
        """The path, once its file is old enough to be believed."""
        lab.await_true(lambda: time.time() - os.stat(path).st_ctime > 1.1, "the file to be older")
        return path

    def other_curl(self, name):
        """The same program in a file of other bytes: an ELF file may have more than it says."""
        path = self.world.executable_copy("/usr/bin/curl", name)
        with open(path, "ab") as program:
            program.write(b"one more")
        return self.settled(path)

    @staticmethod
    def sha256(path):
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()

    def test_a_hash_means_the_file_that_runs_wherever_it_lies(self):
        bad = self.settled(self.world.executable_copy("/usr/bin/curl", "anything"))
        good = self.other_curl("other")
        guard = self.daemon(rules=[
            lab.rule("known-bad", "deny", "process.hash.sha256", self.sha256(bad).upper())])
        self.assertFalse(self.fetch(bad))
        self.expect_event(guard, process_path=bad, rule="known-bad", action="deny")
        self.assertTrue(self.fetch(good))

    def test_each_kind_of_hash_decides(self):
        mine = self.settled(self.world.executable_copy("/usr/bin/curl", "hashed"))
        other = self.other_curl("hashed-other")
        data = pathlib.Path(mine).read_bytes()
        rules = [lab.rule(kind, "allow", f"process.hash.{kind}", hashlib.new(kind, data).hexdigest())
                 for kind in ("md5", "sha1", "sha256")]
        for rule in rules:
            with self.subTest(rule["name"]):
                guard = self.daemon(rules=[rule], default="deny")
                self.assertTrue(self.fetch(mine))
                self.assertFalse(self.fetch(other))
                guard.end()

    def test_a_program_that_was_replaced_is_not_taken_for_the_old_one(self):
        path = self.settled(self.world.executable_copy("/usr/bin/curl", "replaced"))
        self.daemon(rules=[lab.rule("mine", "allow", "process.hash.md5",
                                    hashlib.md5(pathlib.Path(path).read_bytes()).hexdigest())],
                    default="deny")
        self.assertTrue(self.fetch(path))
        with open(path, "r+b") as program:  # the same inode, the same size
            program.seek(-1, os.SEEK_END)
            last = program.read(1)
            program.seek(-1, os.SEEK_END)
            program.write(bytes([last[0] ^ 1]))
        self.settled(path)
        self.assertFalse(self.fetch(path))

    def test_a_package_means_the_files_it_came_with(self):
        copy = self.world.executable_copy("/usr/bin/curl", "no-package")
        guard = self.daemon(rules=[lab.rule("no-curl", "deny", "process.package", "curl")])
        self.assertFalse(self.fetch())
        self.expect_event(guard, rule="no-curl", dst_port=80)
        self.assertTrue(self.fetch(copy))

    def test_a_variable_of_the_environment_decides(self):
        self.daemon(rules=[lab.rule("preloads", "deny", "process.env.LD_DEBUG_OUTPUT", "/nowhere")])
        self.assertFalse(self.fetch(LD_DEBUG_OUTPUT="/nowhere"))
        self.assertTrue(self.fetch(LD_DEBUG_OUTPUT="/elsewhere"))
        self.assertTrue(self.fetch())

    def test_an_interface_decides_by_its_name(self):
        guard = self.daemon(rules=[lab.rule("cable", "deny", "iface.out", "pw0")])
        self.assertFalse(self.fetch())
        self.expect_event(guard, rule="cable", dst_ip=lab.SERVER4)
        self.assertEqual(guard.status()["parked"], 0)

    def test_an_interface_that_is_renamed_has_its_new_name(self):
        self.daemon(rules=[lab.rule("later", "deny", "iface.out", "pw9")])
        self.assertTrue(self.fetch())
        self.addCleanup(self.rename, "pw9", "pw0")
        self.rename("pw0", "pw9")
        lab.await_true(lambda: not self.fetch(), "the rule of its new name")

    @staticmethod
    def rename(before, after):
        """The link is down for that moment, and loses its IPv6 address."""
        lab.must("ip", "link", "set", before, "down")
        lab.must("ip", "link", "set", before, "name", after)
        lab.must("ip", "link", "set", after, "up")
        lab.must("ip", "addr", "replace", f"{lab.HOST6}/64", "dev", after, "nodad")

    def test_a_rule_on_trial_is_told_and_not_applied(self):
        guard = self.daemon(rules=[lab.rule("trial", "deny", "dest.port", "80", enforce=False)])
        self.assertTrue(self.fetch())
        event = self.expect_event(guard, dst_port=80)
        self.assertEqual(event["shadow_rules"], [{"rule": "trial", "action": "deny"}])
        listed = json.loads(guard.client("rules", "list", "--json").output)
        self.assertEqual((listed["enforce"], listed["hits"] > 0), (False, True))
        explained = guard.client("explain", str(event["sequence"])).output
        self.assertIn("trial would deny", explained)


if __name__ == "__main__":
    lab.main()
