# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Hard cases of attribution: the right program, or an honest "I do not know", never a wrong one.

The table says what is expected where. Without a witness in the kernel the daemon only sees what is
still there when the packet has reached it, so most cases may come out unknown or ambiguous.
"""

import pathlib
import sys

import hard_cases
import lab
import stage
import truth
from truth import AMBIGUOUS, RIGHT, UNKNOWN

TIMES = 3
HONEST = {RIGHT, UNKNOWN, AMBIGUOUS}

# RIGHT where the program is still there (ALWAYS_RIGHT), else HONEST without the witness; RIGHT with
# it.
ALWAYS_RIGHT = ("stay-udp", "stay-tcp", "stay-fast-open", "stay-mptcp", "threads", "ring",
                "sendmmsg", "sendfile", "setuid", "drop-uid", "loopback", "dnat", "kernel")
# What is left in /proc points to the wrong program, and only the kernel's news of processes
# contradict it, which only root hears. Without them the claim is a weaker one: never *certain*.
MISLEADING_WITHOUT_NEWS = {"exec-early", "lend-far", "lend-gone"}

# Where root may record the kernel's tracepoints, what the sender did settles these without a
# witness: most of them, since a record may come too late or be overwritten.
SETTLED = {"pass-udp4", "pass-tcp4", "activate-udp4", "activate-gone-udp4", "lend-udp4", "lend-tcp4",
           "lend-twice-udp4", "lend-far-udp4", "lend-far-tcp4", "exec-then-send-udp4",
           "exec-then-send-tcp4", "reuse-address-udp4", "reuse-port-udp4", "close-udp4", "close-tcp4",
           "lend-udpc4", "give-connected-udpc4"}
ROUTES = pathlib.Path("/sys/kernel/tracing/events/fib/fib_table_lookup/format")

FAMILIES = {
    "stays": {"stay", "threads", "late-thread", "fork"},
    "gone": {"exit", "close", "fork-exit"},
    "handed over": {"pass", "pass-gone", "activate", "activate-gone", "give-connected",
                    "give-connected-gone", "lend", "lend-twice", "lend-far", "lend-gone"},
    "becomes another": {"exec-early", "exec-late", "exec-then-send", "exec-between", "pid-reuse",
                        "setuid", "drop-uid"},
    "shared port": {"reuse-address", "reuse-port", "reuse-gone", "port-again"},
    "unusual call": {"ring", "ring-worker", "ring-poller", "sendmmsg", "sendfile"},
    "both ends here": {"to-other", "activate-listener"},
    "kernel": {"kernel-icmp", "join-group"},
}


def part_of(case):
    return case.part or case.name


def expected(case, witness):
    return {RIGHT} if witness or case.name.startswith(ALWAYS_RIGHT) else HONEST


class HardCaseTest(lab.LabTest):
    WITNESS = "off"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = stage.Stage(cls.world)
        cls.settles = stage.is_real_root() and ROUTES.exists()
        if not cls.settles:
            print("only honesty is claimed: tracepoints, which settle doubts, are for the machine's "
                  "root and a kernel with tracefs", file=sys.stderr)

    def start_guard(self):
        return self.daemon(flags=stage.guard_flags(self.WITNESS))

    def check(self, guard, case):
        before = len(guard.events.all())
        run = self.stage.run(case, TIMES, pause=0.002)
        try:
            sent = run.truths()
            quiet = 2.0
            records = stage.await_records(
                sent, lambda: [truth.record_of_event(event) for event in
                               guard.events.all()[before:]], quiet=quiet)
        finally:
            run.end()
        self.assertEqual((len(sent), run.failures), (TIMES * case.sends, []))
        by_key = {truth.key_of(item): [] for item in sent}
        for record in records:
            by_key.setdefault(truth.key_of(record), []).append(record)
        verdicts = [self.check_one(case, item, by_key[truth.key_of(item)]) for item in sent]
        if case.name in SETTLED and self.settles:
            self.assertGreater(2 * verdicts.count(RIGHT), len(verdicts), verdicts)

    def check_one(self, case, sent, records):
        verdict = truth.judge(sent, records)
        witness = self.WITNESS == "auto"
        misleads = case.part in MISLEADING_WITHOUT_NEWS and not stage.is_real_root()
        if verdict == truth.WRONG and not witness and misleads:
            self.assertNotIn("certain", {record.confidence for record in records}, records)
            return verdict
        self.assertIn(verdict, expected(case, witness), f"{sent} was recorded as {records}")
        for record in records:
            self.assertTrue(record.programs or record.why, f"unknown, and no reason: {record}")
        return verdict

    def check_family(self, family):
        guard = self.start_guard()
        for case in hard_cases.ALL:
            if part_of(case) in FAMILIES[family]:
                with self.subTest(case.name):
                    if case.needs_root and not stage.is_real_root():
                        self.skipTest("only the machine's root has a second user")
                    self.check(guard, case)

    def test_the_program_stays(self):
        self.check_family("stays")

    def test_the_program_or_its_socket_is_gone(self):
        self.check_family("gone")

    def test_the_socket_comes_from_another_program(self):
        self.check_family("handed over")

    def test_the_process_becomes_another_program_or_user(self):
        self.check_family("becomes another")

    def test_two_programs_share_a_port(self):
        self.check_family("shared port")

    def test_unusual_calls(self):
        self.check_family("unusual call")

    def test_both_ends_are_here(self):
        self.check_family("both ends here")

    def test_the_kernel_sends_by_itself(self):
        self.check_family("kernel")

    def test_every_case_is_of_a_family(self):
        known = {part for parts in FAMILIES.values() for part in parts}
        self.assertEqual({part_of(case) for case in hard_cases.ALL}, known)


class HardCaseWithWitnessTest(stage.WithWitness, HardCaseTest):
    pass


if __name__ == "__main__":
    lab.main()
