# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""While people are asked nothing leaks and nobody else waits; then each flow gets its own answer.

PROCWALL_LAB_PROGRAMS (default 500) programs start at once; their questions stay open for
PROCWALL_LAB_HOLD (default 20) seconds.
"""

import json
import os
import signal
import socket
import struct
import statistics
import subprocess
import time

import headless_gui
import lab

PROGRAMS = int(os.environ.get("PROCWALL_LAB_PROGRAMS", "500"))
HOLD = float(os.environ.get("PROCWALL_LAB_HOLD", "20"))
FEW = PROGRAMS
FIRST_PORT = 20000  # program i connects there + i: what arrived tells whose it is
LONG = 60.0  # for things that happen hundreds of times


def at_99(values):
    return statistics.quantiles(values, n=100)[98]


class Asker:
    """A running `procwall ask --json`."""

    def __init__(self, guard):
        self.process = subprocess.Popen(
            [lab.program("procwall"), "--address", guard.address, "ask", "--json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.lines = lab.Lines(self.process.stdout, json.loads)
        if self.lines.wait(lambda line: line["type"] == "welcome") is None:
            raise AssertionError("nobody was welcomed")

    def questions(self, count):
        """That many questions, by the ports they are about."""
        asked = self.lines.wait_count(lambda line: line["type"] == "question", count, LONG)
        return {line["event"]["dst_port"]: line for line in asked}

    def answer(self, question, action, **more):
        self.process.stdin.write(json.dumps({"id": question["id"], "action": action, **more}) + "\n")
        self.process.stdin.flush()

    def answer_by_rule(self, question, action):
        """By a whole rule: it can also be sent when the question is settled."""
        rule = {**lab.rule("race", action, "true", ""), "duration": "once"}
        self.process.stdin.write(json.dumps({"id": question["id"], "rule": rule}) + "\n")
        self.process.stdin.flush()

    def settled(self, count):
        return self.lines.wait_count(lambda line: line["type"] == "settled", count, LONG)

    def receipts(self, count):
        return self.lines.wait_count(lambda line: line["type"] == "receipt", count, LONG)


class QuestionsTest(lab.LabTest):
    def guard(self, *flags, **own):
        """A daemon that would let everything through if it did not ask."""
        config = self.world.folder / "questions.json"
        config.write_text(json.dumps({"Procwall": {"QuestionTimeout": "120s", **own}}))
        python = lab.rule("python", "allow", "process.path", os.path.realpath(lab.PYTHON))
        return self.daemon(rules=[python], flags=("-config-file", str(config), *flags))

    def ask(self, guard):
        asker = Asker(guard)
        self.addCleanup(lab.end, asker.process)
        self.addCleanup(asker.process.kill)
        return asker

    def start(self, count):
        """So many programs, each with a path and a port of its own, at once."""
        sender = lab.program("lab_sender")
        programs = [self.world.executable_copy(sender, f"asks{i}") for i in range(count)]
        for i, program in enumerate(programs):
            process = subprocess.Popen([program, "tcp", lab.SERVER4, str(FIRST_PORT + i), "wait"],
                                       stdin=subprocess.DEVNULL)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)

    def ports_arrived(self):
        return {packet["target_port"] for packet in self.world.arrived(syn=True)
                if packet["target_port"] >= FIRST_PORT}

    def connect_for(self, seconds):
        """What connections of a program with a rule take meanwhile."""
        took, limit = [], time.monotonic() + seconds
        while not took or time.monotonic() < limit:
            begin = time.monotonic()
            with socket.create_connection((lab.SERVER4, 7), timeout=5) as connection:
                took.append(time.monotonic() - begin)
                # Reset, or 14,000 of them leave no port that connect(2) finds quickly.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return took

    def test_nothing_leaks_and_each_flow_gets_its_own_answer(self):
        guard = self.guard()
        asker = self.ask(guard)
        quiet = self.connect_for(1)
        self.start(PROGRAMS)
        questions = asker.questions(PROGRAMS)
        self.assertEqual(len(questions), PROGRAMS)
        during = self.connect_for(HOLD)
        self.assertEqual(self.ports_arrived(), set())
        status = guard.status()
        self.assertEqual((status["questions"], status["asked"]), (PROGRAMS, PROGRAMS))
        for port, question in questions.items():
            asker.answer(question, "allow" if port % 2 == 0 else "deny")
        self.assertEqual(len(asker.settled(PROGRAMS)), PROGRAMS)
        allowed = {port for port in questions if port % 2 == 0}
        lab.await_true(lambda: self.ports_arrived() >= allowed, "what was allowed")
        self.assertEqual(self.ports_arrived(), allowed)
        counters = lab.counters(guard.status())
        self.assertEqual(counters["parked"], 0)
        print(f"{PROGRAMS} open questions: a connection of another program takes "
              f"{statistics.median(quiet) * 1e6:.0f} us without them, "
              f"{statistics.median(during) * 1e6:.0f} us with them "
              f"(99 %: {at_99(quiet) * 1e6:.0f} and {at_99(during) * 1e6:.0f} us)")
        self.assertLess(statistics.median(during), 3 * statistics.median(quiet) + 0.0005)

    def test_a_ui_that_is_killed_leaves_its_questions_to_the_others(self):
        guard = self.guard(UnaskedAction="deny")
        killed, other = self.ask(guard), self.ask(guard)
        self.start(FEW)
        self.assertEqual(len(killed.questions(FEW)), FEW)
        killed.process.kill()
        questions = other.questions(FEW)
        lab.await_true(lambda: self.ask_count(guard) == 1, "one UI to be left")
        self.assertEqual(self.ports_arrived(), set())
        for question in questions.values():
            other.answer(question, "allow")
        self.assertEqual(len(other.settled(FEW)), FEW)
        lab.await_true(lambda: self.ports_arrived() == set(questions), "all of them")

    def ask_count(self, guard):
        return guard.status()["askers"]

    def test_when_the_last_ui_is_killed_the_declared_action_is_done(self):
        guard = self.guard(UnaskedAction="deny")
        asker = self.ask(guard)
        self.start(FEW)
        self.assertEqual(len(asker.questions(FEW)), FEW)
        asker.process.kill()
        lab.await_true(lambda: guard.status()["questions"] == 0, "the questions to be settled")
        lab.await_true(lambda: lab.counters(guard.status())["denied"] >= FEW, "all to be denied")
        self.assertEqual(self.ports_arrived(), set())

    def test_a_ui_that_hangs_harms_nobody(self):
        guard = self.guard()
        hung, other = self.ask(guard), self.ask(guard)
        hung.process.send_signal(signal.SIGSTOP)
        self.start(FEW)
        questions = other.questions(FEW)
        self.assertEqual(len(questions), FEW)
        self.connect_for(0.5)
        self.assertEqual(self.ports_arrived(), set())
        for question in questions.values():
            other.answer(question, "allow")
        self.assertEqual(len(other.settled(FEW)), FEW)
        lab.await_true(lambda: self.ports_arrived() == set(questions), "all of them")

    def test_an_opensnitch_gui_that_hangs_lets_nothing_through(self):
        path = self.world.folder / "hung.sock"
        hung = subprocess.Popen([lab.PYTHON, "-B", headless_gui.__file__, path, "1.6"],
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(lab.end, hung)
        self.addCleanup(hung.kill)
        said = lab.Lines(hung.stdout, str.strip)
        guard = self.guard("-ui-socket", f"unix:{path}", UnaskedAction="deny")
        self.assertIsNotNone(said.wait(lambda line: line == "pinged"), "the GUI was not found")
        quiet = self.connect_for(1)
        self.start(FEW)
        self.assertIsNotNone(said.wait(str.isdecimal), "no prompt")
        lab.await_true(lambda: guard.status()["questions"] == FEW, "all questions", LONG)
        hung.send_signal(signal.SIGSTOP)
        during = self.connect_for(5)
        self.assertEqual(self.ports_arrived(), set())
        self.assertLess(statistics.median(during), 3 * statistics.median(quiet) + 0.0005)
        hung.kill()
        lab.await_true(lambda: lab.counters(guard.status())["parked"] == 0, "all to be answered",
                       LONG)
        self.assertEqual(guard.status()["questions"], 0)
        self.assertEqual(self.ports_arrived(), set())

    def test_when_nobody_answers_the_default_is_done_at_the_deadline(self):
        config = {"QuestionTimeout": "2s"}
        guard = self.guard(**config)
        hung = self.ask(guard)
        hung.process.send_signal(signal.SIGSTOP)
        self.start(1)
        lab.await_true(lambda: guard.status()["questions"] == 1, "a question")
        self.assertEqual(self.ports_arrived(), set())
        event = self.expect_event(guard, dst_port=FIRST_PORT)
        self.assertEqual((event["action"], event["reason"]), ("allow", "no-answer"))
        lab.await_true(lambda: self.ports_arrived() == {FIRST_PORT}, "what the default allows")

    def test_of_five_racing_uis_one_answers_each_question(self):
        guard = self.guard()
        askers = [self.ask(guard) for _ in range(5)]
        self.start(FEW)
        asked = [asker.questions(FEW) for asker in askers]
        self.assertEqual([len(questions) for questions in asked], [FEW] * 5)
        for port in asked[0]:
            for asker, questions in zip(askers, asked):
                asker.answer_by_rule(questions[port], "allow" if asker is askers[0] else "deny")
        taken = {}  # by question, the UIs that were told that theirs counts
        for number, asker in enumerate(askers):
            for receipt in asker.receipts(FEW):
                if receipt["receipt"] == "taken":
                    taken.setdefault(receipt["id"], []).append(number)
        self.assertEqual(sorted(map(len, taken.values())), [1] * FEW)
        allowed = {port for port, question in asked[0].items() if taken[question["id"]] == [0]}
        lab.await_true(lambda: lab.counters(guard.status())["parked"] == 0, "all to be decided")
        lab.await_true(lambda: self.ports_arrived() >= allowed, "what was allowed")
        self.assertEqual(self.ports_arrived(), allowed)

    def test_an_answer_for_always_is_a_rule_file_and_decides_the_next_one_too(self):
        guard = self.guard()
        asker = self.ask(guard)
        self.start(1)
        (question,) = asker.questions(1).values()
        reach = next(number for number, each in enumerate(question["reaches"])
                     if each["label"].endswith("anywhere") and "port" not in each["label"])
        asker.answer(question, "allow", duration="always", reach=reach)
        (settled,) = asker.settled(1)
        self.assertEqual(settled["how"], "answered")
        lab.await_true(lambda: self.ports_arrived() == {FIRST_PORT}, "what was allowed")
        self.assertTrue((guard.rules_path / f"{settled['rule']}.json").exists())
        program = str(self.world.folder / "bin" / "asks0")
        self.assertEqual(lab.run(program, "tcp", lab.SERVER4, str(FIRST_PORT + 1), "wait").code, 0)
        self.assertEqual(self.ports_arrived(), {FIRST_PORT, FIRST_PORT + 1})
        self.assertEqual(len(asker.questions(1)), 1)

    def test_without_a_ui_nobody_is_asked(self):
        guard = self.guard()
        self.start(1)
        event = self.expect_event(guard, dst_port=FIRST_PORT)
        self.assertEqual((event["action"], event["reason"]), ("allow", "default-action"))


if __name__ == "__main__":
    lab.main()
