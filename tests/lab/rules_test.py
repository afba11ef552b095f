# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Rule files while the daemon runs: what changes, what is refused, what stays in force."""

import json

import lab


class RulesTest(lab.LabTest):
    def fetch(self):
        return lab.run("curl", "-s", "--max-time", "1", f"http://{lab.SERVER4}/")

    def await_verdict(self, passes):
        """Until a change of a file has reached the packets; a change is seen within the deadline."""
        lab.await_true(lambda: (self.fetch().code == 0) == passes,
                       "curl to pass" if passes else "curl to be denied")

    def no_curl(self, **more):
        return lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl", **more)

    def test_a_new_file_counts_at_once_and_a_deleted_one_no_more(self):
        guard = self.daemon()
        self.assertEqual(self.fetch().code, 0)
        path = guard.write_rule(self.no_curl())  # written aside and renamed into place
        self.await_verdict(False)
        path.unlink()
        self.await_verdict(True)

    def test_a_file_edited_in_place_counts(self):
        guard = self.daemon(rules=[self.no_curl()])
        self.assertNotEqual(self.fetch().code, 0)
        path = guard.rules_path / "no-curl.json"
        path.write_text(json.dumps(self.no_curl(enabled=False)), encoding="utf-8")
        self.await_verdict(True)
        path.write_text(json.dumps(self.no_curl()), encoding="utf-8")
        self.await_verdict(False)

    def test_a_broken_new_version_leaves_the_old_one_in_force(self):
        guard = self.daemon(rules=[self.no_curl()])
        (guard.rules_path / "no-curl.json").write_text('{"name": "no-curl",\n oops', encoding="utf-8")
        self.assertIsNotNone(guard.log.wait(lambda line: "no-curl.json:2" in line), guard.log_text())
        self.assertNotEqual(self.fetch().code, 0)
        self.assertIn("no-curl.json", guard.client("rules", "list").output)

    def test_bad_files_are_named_and_the_others_load(self):
        bad = {
            "broken.json": '{"name": "broken"',
            "number.json": '{"name": "number", "enabled": true, "action": 7, "operator": {}}',
            "text.json": "not json at all\n",
            "empty.json": "",
            "list.json": "[1, 2, 3]",
        }
        guard = self.daemon(rules=[self.no_curl()], files=bad)
        for name in bad:
            self.assertIsNotNone(guard.log.wait(lambda line, name=name: name in line),
                                 f"{name} is not named:\n{guard.log_text()}")
        status = guard.status()
        self.assertEqual((int(status["rules"]), int(status["refused_rule_files"])), (1, len(bad)))
        self.assertNotEqual(self.fetch().code, 0)

    def test_without_live_reload_a_change_waits_for_the_next_start(self):
        guard = self.daemon(flags=["-no-live-reload"])
        guard.write_rule(self.no_curl())
        self.assertEqual([self.fetch().code for _ in range(3)], [0, 0, 0])


if __name__ == "__main__":
    lab.main()
