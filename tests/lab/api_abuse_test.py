# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Clients that misbehave: the daemon goes on judging, answers, and has nothing left of them."""

import os
import pathlib
import random
import signal
import socket
import statistics
import subprocess
import threading
import time

import grpc

import api_client
import lab

SEED = 20260801
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
RATE, SECONDS = 100, 3  # of clients that come and vanish
MUCH = 128 << 20  # bytes that the daemon may have more meanwhile: what its transports may hold
LITTLE = 32 << 20  # bytes that it may have more soon after: code that the start did not need, pools
FEW_FDS = 8


def frame(kind, flags, stream, payload):
    return (len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
            + payload)


def literal(name, value):
    """A header of HPACK, written out."""
    return b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value


def request_headers(method, stream=1, flags=4):
    path = f"/procwall.v1.Procwall/{method}".encode()
    return frame(1, flags, stream, b"\x83\x86" + literal(b":path", path)
                 + literal(b":authority", b"x") + literal(b"content-type", b"application/grpc")
                 + literal(b"te", b"trailers"))


class Judged:
    """Connections of a program with a rule, one after the other, for as long as it lasts."""

    def __init__(self):
        self.took, self.failed, self.ended = [], 0, threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()

    def run(self):
        while not self.ended.is_set():
            begin = time.monotonic()
            try:
                socket.create_connection((lab.SERVER4, 7), timeout=5).close()
                self.took.append(time.monotonic() - begin)
            except OSError:
                self.failed += 1
            time.sleep(0.002)


class ApiAbuseTest(lab.LabTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = cls.world.folder / "modules"
        cls.modules.mkdir(exist_ok=True)
        api_client.generate(cls.modules)
        cls.pb, cls.stubs = api_client.load(cls.modules)

    def setUp(self):
        super().setUp()
        python = lab.rule("python", "allow", "process.path", os.path.realpath(lab.PYTHON))
        self.guard = self.daemon(rules=[python], default="deny")
        self.path = self.guard.address.removeprefix("unix:")

    def connect(self):
        raw = socket.socket(socket.AF_UNIX)
        raw.connect(self.path)  # waits while the backlog is full
        raw.settimeout(lab.DEADLINE)
        return raw

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.guard.process.pid}/fd"))

    def threads(self):
        return len(os.listdir(f"/proc/{self.guard.process.pid}/task"))

    def resident(self):
        statm = pathlib.Path(f"/proc/{self.guard.process.pid}/statm").read_text(encoding="ascii")
        return int(statm.split()[1]) * os.sysconf("SC_PAGESIZE")

    def abuse(self, what, rounds=8, little=LITTLE):
        """Does it again and again while packets are judged; then nothing is left of it but
        `little` bytes."""
        files, threads, memory = self.descriptors(), self.threads(), [self.resident()]
        with Judged() as judged:
            for _ in range(rounds):
                what()
                memory.append(self.resident())
        self.assertIsNone(self.guard.process.poll(), self.guard.log_text())
        self.assertEqual(judged.failed, 0)
        self.assertGreater(len(judged.took), 20)
        lab.await_true(lambda: self.descriptors() <= files + FEW_FDS, "the descriptors to be closed")
        begin = time.monotonic()
        status = self.guard.status()
        answered = time.monotonic() - begin
        self.assertEqual((status["lost_queue_full"], status["lost_buffer_full"]), (0, 0))
        lab.await_true(lambda: self.resident() < memory[0] + little, "the memory to be given back")
        print(f"{self.id().split('.')[-1]}: {len(judged.took)} connections judged meanwhile (median "
              f"{statistics.median(judged.took) * 1e3:.1f} ms, longest {max(judged.took) * 1e3:.0f} "
              f"ms), memory in MB {' '.join(f'{size / 1e6:.0f}' for size in memory)}, then "
              f"{self.resident() / 1e6:.0f}, descriptors {self.descriptors() - files:+d}, threads "
              f"{self.threads() - threads:+d}, status after {answered * 1e3:.0f} ms")
        self.assertLess(max(memory) - memory[0], MUCH)
        self.assertLess(self.threads(), threads + 16)

    # What the connections say.

    def test_garbage_ends_the_connection_and_nothing_else(self):
        dice = random.Random(SEED)
        whole = [
            lambda: dice.randbytes(4096),
            lambda: PREFACE + dice.randbytes(4096),
            lambda: PREFACE + SETTINGS + dice.randbytes(4096),
            lambda: PREFACE + SETTINGS + frame(dice.randrange(10), dice.randrange(256),
                                               dice.randrange(4), dice.randbytes(100)) * 10,
            lambda: PREFACE + SETTINGS + b"\xff\xff\xff\x00\x00\x00\x00\x00\x01" + bytes(65536),
            lambda: PREFACE + SETTINGS + frame(1, 4, 1, dice.randbytes(200)),  # HPACK
            lambda: PREFACE + SETTINGS + request_headers("Status") + frame(
                0, 1, 1, b"\x00\xff\xff\xff\xff" + bytes(100)),  # a message of 4 GB
            lambda: PREFACE + SETTINGS + request_headers("Watch") + frame(
                0, 1, 1, b"\x00\x00\x00\x00\x0a" + dice.randbytes(10)),
            lambda: PREFACE + SETTINGS + request_headers("Nothing") + frame(0, 1, 1, b""),
            lambda: b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        ]

        def once():
            for make in whole * 3:
                with self.connect() as raw:
                    try:
                        raw.sendall(make())
                        raw.shutdown(socket.SHUT_WR)
                        while raw.recv(65536):
                            pass
                    except OSError:
                        pass  # it hung up on us first
        self.abuse(once)

    def test_too_much_is_refused(self):
        def once():
            channel = grpc.insecure_channel(self.guard.address, options=(
                ("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)))
            call = channel.unary_unary("/procwall.v1.Procwall/Explain")
            for _ in range(3):
                with self.assertRaises(grpc.RpcError) as caught:
                    call(bytes(8 << 20), timeout=20)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            with self.assertRaises(grpc.RpcError):
                call(b"", timeout=20, metadata=[("x", "y" * (64 << 10))])
            channel.close()
        self.abuse(once, little=64 << 20)  # gRPC keeps some buffers of that size

    def test_clients_that_come_and_vanish(self):
        openings = (b"", PREFACE, PREFACE + SETTINGS, PREFACE + SETTINGS + request_headers("Status"),
                    PREFACE + SETTINGS + request_headers("Watch") + frame(0, 1, 1, bytes(5)),
                    PREFACE + SETTINGS + request_headers("Diagnose") + frame(0, 1, 1, bytes(5)),
                    PREFACE + SETTINGS + request_headers("ListConnections")
                    + frame(0, 1, 1, bytes(5)),
                    PREFACE + SETTINGS + request_headers("Questions")
                    + frame(0, 0, 1, b"\x00\x00\x00\x00\x04\x0a\x02\x0a\x00"))

        def once():
            begin = time.monotonic()
            for number in range(RATE * SECONDS):
                with self.connect() as raw:
                    raw.sendall(openings[number % len(openings)])
                time.sleep(max(0.0, begin + (number + 1) / RATE - time.monotonic()))
        self.abuse(once, rounds=6)
        lab.await_true(lambda: self.guard.status()["askers"] == 0, "the askers to be gone")
        lab.await_true(lambda: self.guard.status()["watchers"] == 1, "the watchers to be gone")

    def test_more_connections_than_there_may_be_are_closed(self):
        def once():
            crowd = [self.connect() for _ in range(600)]
            closed = 0
            for raw in crowd:
                raw.settimeout(0.5)
                try:
                    raw.sendall(PREFACE + SETTINGS)
                    closed += not raw.recv(1)
                except OSError:
                    closed += 1
            self.assertGreater(closed, 50)
            self.assertLess(closed, 150)
            for raw in crowd:
                raw.close()
            lab.await_true(self.answers, "room for another")
        self.abuse(once, rounds=6)

    def answers(self):
        return self.guard.client("status", "--json").code == 0

    def test_half_open_streams_and_unread_answers(self):
        def once():
            held = []
            for method in ("Watch", "Questions", "WatchProcesses", "Status", "PutRule"):
                for end in (0, 1):
                    raw = self.connect()
                    raw.sendall(PREFACE + SETTINGS + request_headers(method)
                                + frame(0, end, 1, b"\x00\x00\x00\x00"))  # of five bytes
                    held.append(raw)
            # Many calls at once, of which nobody reads an answer.
            raw = self.connect()
            raw.sendall(PREFACE + SETTINGS)
            for stream in range(1, 2001, 2):
                try:
                    raw.sendall(request_headers("ListRules", stream) + frame(0, 1, stream, bytes(5)))
                except OSError:
                    break
            held.append(raw)
            self.assertTrue(self.answers())
            for raw in held:
                raw.close()
        self.abuse(once)

    # Watchers.

    def watchers(self, count):
        command = [lab.program("procwall"), "--address", self.guard.address, "watch", "--json"]
        watching = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL) for _ in range(count)]
        for process in watching:
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
        lab.await_true(lambda: self.guard.status()["watchers"] == count + 1, "all to watch")
        return watching

    def make_decisions(self, count):
        """So many packets that are judged, no faster than they are."""
        before = self.guard.status()["packets"]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number in range(1, count + 1):
                sender.sendto(b"x", (lab.SERVER4, 20000 + number % 40000))
                if number % 1000 == 0:
                    lab.await_true(lambda sent=number:
                                   self.guard.status()["packets"] >= before + sent, "the verdicts")

    def test_slow_and_dead_watchers(self):
        def once():
            watching = self.watchers(10)
            for process in watching[:5]:
                process.send_signal(signal.SIGSTOP)
            self.make_decisions(5_000)
            self.assertTrue(self.answers())
            for process in watching:
                process.kill()
                process.wait()
            lab.await_true(lambda: self.guard.status()["watchers"] == 1, "the watchers to be gone")
        self.abuse(once, rounds=4)

    def test_a_watcher_that_does_not_read_is_told_what_it_missed(self):
        # What gRPC reads ahead is not read by us: little of it.
        channel = grpc.insecure_channel(self.guard.address, options=(
            ("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65536)))
        self.addCleanup(channel.close)
        stub = self.stubs.ProcwallStub(channel)
        calls = stub.Watch(self.pb.WatchRequest(), timeout=100)
        self.assertFalse(next(calls).events)
        self.make_decisions(8_000)
        last, missed = 0, 0
        for response in calls:
            missed += response.missed
            for number, event in enumerate(response.events):
                jump = response.missed if number == 0 else 0
                self.assertEqual(event.sequence, last + jump + 1 if last else event.sequence)
                last = event.sequence
            if missed:
                break
        calls.cancel()
        self.assertGreater(missed, 0)

    def test_a_thousand_of_every_call_at_once(self):
        def once():
            channel = grpc.insecure_channel(self.guard.address)
            stub = self.stubs.ProcwallStub(channel)
            futures = []
            for number in range(250):
                pb = self.pb
                futures += [stub.Diagnose.future(pb.DiagnoseRequest(), timeout=30),
                            stub.ListConnections.future(pb.ListConnectionsRequest(), timeout=30),
                            stub.GetConfig.future(pb.GetConfigRequest(), timeout=30),
                            stub.RemoveRule.future(pb.RemoveRuleRequest(name=f"none{number}"),
                                                   timeout=30)]
            codes = {future.code().name for future in futures}
            channel.close()
            self.assertLessEqual(codes, {"OK", "RESOURCE_EXHAUSTED", "NOT_FOUND"})
            self.assertLessEqual({"OK", "NOT_FOUND"}, codes)
        self.abuse(once, rounds=6)


if __name__ == "__main__":
    lab.main()
