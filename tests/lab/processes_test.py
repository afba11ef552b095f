# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall processes`: programs that begin and end are told of, and who started them."""

import json
import subprocess
import unittest

import lab
import stage


class ProcessesTest(lab.LabTest):
    WITNESS = "off"

    def setUp(self):
        if not stage.is_real_root():
            raise unittest.SkipTest("only the machine's root hears of processes")
        super().setUp()
        self.guard = self.daemon(default="allow", flags=(f"-witness={self.WITNESS}",))

    def watch(self, *options):
        process = subprocess.Popen(
            [lab.program("procwall"), "--address", self.guard.address, "processes", "--json",
             *options], stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        return lab.Lines(process.stdout, json.loads)

    def test_a_program_begins_and_ends(self):
        sleep = self.world.executable_copy("/bin/sleep", f"sleeper-{self.WITNESS}")
        notes = self.watch("--program", sleep)

        def lives():
            """Of processes whose begin and end were told: the watcher may have come in between."""
            seen = notes.all()
            return [(began, ended) for began in seen for ended in seen
                    if (began["event"], ended["event"]) == ("exec", "exit") and
                    began["pid"] == ended["pid"]]

        def is_told():
            lab.run(sleep, "0.3")
            return lives()
        lab.await_true(is_told, "what the program did")
        began, ended = lives()[0]
        self.assertEqual(began["process_path"], sleep)
        self.assertEqual(began["process_args"], [sleep, "0.3"])
        self.assertTrue(began["ancestors"], began)
        self.assertGreater(ended["lifetime_ms"], 200)


class ProcessesWithWitnessTest(ProcessesTest):
    WITNESS = "auto"


if __name__ == "__main__":
    lab.main()
