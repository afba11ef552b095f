# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""`procwall explain`: past decisions and living connections, by the real daemon."""

import itertools
import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile

import lab


class ExplainTest(lab.LabTest):
    FLAGS = ()

    def setUp(self):
        super().setUp()
        self.guard = self.daemon(flags=self.FLAGS, rules=[
            lab.rule("no-curl", "deny", "process.path", "/usr/bin/curl")])

    def explain(self, *arguments):
        ran = self.guard.client("explain", "--json", *map(str, arguments))
        self.assertEqual(ran.code, 0, ran.errors)
        return json.loads(ran.output)

    def curl(self):
        """A denied curl, and the event it made."""
        ran = lab.run("curl", "-4", "-s", "--max-time", "1", f"http://{lab.SERVER4}/secret")
        return self.expect_event(self.guard, pid=ran.pid, dst_port=80)

    def test_a_past_decision_is_told_as_it_was(self):
        event = self.curl()
        told = self.explain(event["sequence"])
        self.assertEqual(told["event"], event | {"missed": 0})
        self.assertEqual(told["now"], {"action": "deny", "reason": "rule", "rule": "no-curl",
                                       "shadow_rules": []})
        self.assertIsNone(told["holders"])
        self.assertGreater(len(told["steps"]), 0)

    def test_the_last_decision_and_that_of_a_process_are_found(self):
        event = self.curl()
        for told in (self.explain("last"), self.explain("--pid", event["pid"])):
            self.assertEqual(told["event"]["pid"], event["pid"])  # perhaps of its second SYN
            self.assertGreaterEqual(told["event"]["sequence"], event["sequence"])

    def test_it_says_what_the_rules_would_do_now(self):
        event = self.curl()
        (self.guard.rules_path / "no-curl.json").unlink()
        lab.await_true(lambda: self.explain(event["sequence"])["now"]["action"] == "allow",
                       "the rule to be gone")
        text = self.guard.client("explain", str(event["sequence"])).output
        self.assertIn("The rules in force now say: allow", text)

    def test_a_person_can_read_it(self):
        event = self.curl()
        ran = self.guard.client("explain", str(event["sequence"]))
        self.assertEqual(ran.code, 0, ran.errors)
        self.assertIn(f"Decision {event['sequence']} at ", ran.output)
        self.assertIn(f"/usr/bin/curl (pid {event['pid']})", ran.output)
        self.assertIn("This socket does not exist any more.", ran.output)
        self.assertTrue(all(len(line) <= 100 for line in ran.output.splitlines()), ran.output)

    # Both leave the name that rules and people see to somebody who chose it.
    EXECUTE = """if True:
        import os, sys
        name, program, how = sys.argv[1], sys.argv[2], sys.argv[3]
        if how == "memfd":
            file = os.memfd_create(name)
            with open(program, "rb") as source:
                os.write(file, source.read())
        else:
            file = os.open(program, os.O_RDONLY)
        os.execve(file, [name, *sys.argv[4:]], {})
        """

    SEND_FOR_EACH_LINE = """if True:
        import socket, sys
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for port in sys.stdin:
            sender.sendto(b"x", (sys.argv[1], int(port)))
        """

    def execute(self, how):
        """The event of a program that another one executed like that. It keeps its socket."""
        with subprocess.Popen([lab.PYTHON, "-I", "-c", self.EXECUTE, "harmless",
                               lab.program("lab_sender"), how, "udp", lab.SERVER4, "53", "stay"],
                              stdin=subprocess.PIPE) as ran:
            return self.expect_event(self.guard, pid=ran.pid, dst_port=53)

    def test_a_program_that_never_was_a_file_is_told_as_such(self):
        event = self.execute("memfd")
        self.assertEqual((event["process_path"], event["process_file"]),
                         ("/memfd:harmless", "memory"))
        text = self.guard.client("explain", str(event["sequence"])).output
        self.assertIn("never was a file: it runs from memory (memfd)", text)
        table = self.guard.client("watch", "--recent", "10", "--count", "1").output
        self.assertIn("/memfd:harmless (memfd)", table)

    def test_a_program_that_was_executed_by_a_descriptor_is_told_as_such(self):
        event = self.execute("fexecve")
        self.assertEqual((event["process_path"], event["process_file"]),
                         (os.path.realpath(lab.program("lab_sender")), "same"))
        text = self.guard.client("explain", str(event["sequence"])).output
        told = "executed through an open descriptor (fexecve)"
        if event["evidence_details"]["lookup"] == "witness":
            self.assertTrue(event["process_by_descriptor"])
            self.assertIn(told, text)
        else:
            self.assertFalse(event["process_by_descriptor"])
            self.assertNotIn(told, text)

    def test_a_program_whose_file_was_replaced_is_told_as_an_old_version(self):
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder, "program")
            shutil.copy(os.path.realpath(lab.PYTHON), program)
            shutil.copy(program, f"{folder}/update")
            with subprocess.Popen([program, "-I", "-c", self.SEND_FOR_EACH_LINE, lab.SERVER4],
                                  stdin=subprocess.PIPE, text=True) as ran:
                ports = itertools.count(1000)

                def next_event():
                    port = next(ports)
                    ran.stdin.write(f"{port}\n")
                    ran.stdin.flush()
                    return self.expect_event(self.guard, pid=ran.pid, dst_port=port)

                first = next_event()
                self.assertEqual(first["process_file"], "same")
                os.rename(f"{folder}/update", program)
                if first["evidence_details"]["lookup"] != "witness":
                    # Holders that are remembered stay as they were described.
                    ran.stdin.close()
                    return
                events = []

                def is_replaced():
                    events.append(next_event())
                    return events[-1]["process_file"] == "replaced"

                lab.await_true(is_replaced, "the update to be noticed")
                ran.stdin.close()
            self.assertEqual(events[-1]["process_path"], str(program))
            text = self.guard.client("explain", str(events[-1]["sequence"])).output
            self.assertIn("an old version: another file took its place since it began", text)

    def test_a_living_connection_is_looked_up_with_all_its_holders(self):
        with socket.create_connection((lab.SERVER4, 7), 5) as client:
            with subprocess.Popen([lab.PYTHON, "-I", "-c", "input()"], stdin=subprocess.PIPE,
                                  pass_fds=[client.fileno()]) as child:  # holds it too
                told = self.explain("--from", f"{lab.HOST4}:{client.getsockname()[1]}",
                                    "--to", f"{lab.SERVER4}:7")
                child.kill()
            self.assertEqual(told["event"]["sequence"], 0)
            self.assertEqual(told["event"]["process_path"], os.path.realpath(lab.PYTHON))
            self.assertIn(told["event"]["confidence"], ("certain", "likely"))
            self.assertEqual({holder["pid"] for holder in told["holders"]["processes"]},
                             {os.getpid(), child.pid})
            self.assertTrue(told["holders"]["all_known"])

    def test_a_connection_that_is_not_there_is_unknown(self):
        told = self.explain("--from", f"{lab.HOST4}:9", "--to", f"{lab.SERVER4}:9")
        self.assertEqual((told["event"]["confidence"], told["event"]["unknown_reason"]),
                         ("unknown", "no-socket"))
        self.assertNotEqual(told["advice"], "")

    def test_what_cannot_be_explained_is_refused_with_a_reason(self):
        ran = self.guard.client("explain", "999999")
        self.assertEqual(ran.code, 1)
        self.assertRegex(ran.errors, "there is no decision 999999 yet|nothing has been decided yet")


class WithoutWitnessTest(ExplainTest):
    """The same when nothing but inet_diag and /proc can be asked."""

    FLAGS = ("-witness=off",)

    def test_the_steps_name_socket_and_search(self):
        told = self.explain(self.curl()["sequence"])
        self.assertIn("Asked the kernel for the socket of exactly this connection", told["steps"][0])
        self.assertGreater(told["event"]["evidence_details"]["socket"]["inode"], 0)

    def test_a_shared_port_names_the_socket_that_did_not_send(self):
        """Two programs share a UDP port, both have the same user, and one of them is silent."""
        other = self.world.executable_copy(lab.PYTHON, "other-python")
        sender, silent = (self.sharer(program) for program in (lab.PYTHON, other))
        sender.stdin.write("go\n")
        sender.stdin.flush()
        event = self.expect_event(self.guard, src_port=self.SHARED_PORT)
        told = self.explain(event["sequence"])
        self.assertEqual((event["confidence"], event["pid"]), ("likely", sender.pid))
        self.assertNotEqual(event["pid"], silent.pid)
        self.assertEqual([one["reason"] for one in event["evidence_details"]["alternatives"]],
                         ["nothing-under-way"])
        self.assertEqual(len(told["alternatives"]), 1)
        self.assertNotEqual(told["advice"], "")

    SHARED_PORT = 4500

    def sharer(self, program):
        """A process that has bound the shared port, and sends for every line it is told."""
        script = f"""
import socket, sys
shared = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
shared.bind(("0.0.0.0", {self.SHARED_PORT}))
print("bound", flush=True)
for line in sys.stdin:
    shared.sendto(b"x", ("{lab.SERVER4}", 7))
"""
        process = subprocess.Popen([program, "-I", "-c", script], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, process)
        self.assertEqual(process.stdout.readline(), "bound\n")
        return process


if __name__ == "__main__":
    lab.main()
