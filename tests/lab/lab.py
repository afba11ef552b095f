# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""The lab: the real daemon, real programs and a real server in throwaway namespaces.

enter() moves the whole process into fresh namespaces (network, mount, process ids; as root directly,
as anyone else through a user namespace). That network namespace is the guarded host. A World adds
the server on the other end of a veth pair. Nothing here can touch the machine's own network: the
process does not see it any more, and when it ends, the kernel ends and removes everything.
"""

import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

HOST4, SERVER4 = "10.77.0.1", "10.77.0.2"
HOST6, SERVER6 = "fd77::1", "fd77::2"
MANY4 = "10.78.0.0/16"  # all of them are the server's, too: n7.many.test is 10.78.0.7
SERVER_NAME = "server.test"  # a name that nobody owns: RFC 2606
SERVER = {4: SERVER4, 6: SERVER6}
PYTHON = "/usr/bin/python3"
# How long anything may take before a test calls it broken; never a pause, only a limit.
DEADLINE = 20.0
HERE = pathlib.Path(__file__).resolve().parent
OUTSIDE = "PROCWALL_LAB_OUTSIDE"  # the network namespace we came from


class Impossible(Exception):
    """This machine cannot run the lab; the text says why."""


def program(name):
    """The path of one of our own programs: of the build that PROCWALL_BIN names, else release."""
    folder = pathlib.Path(os.environ.get("PROCWALL_BIN", HERE.parents[1] / "build/release/bin"))
    path = folder / name
    if not path.exists():
        raise Impossible(f"{path} is missing: build it with cmake --build --preset release")
    return str(path)


def network_namespace():
    return os.readlink("/proc/self/ns/net")


def enter():
    """Comes back inside throwaway namespaces: starts this program again in them when outside."""
    os.umask(0o022)  # the daemon refuses folders that a whole group may write to
    outside = os.environ.get(OUTSIDE)
    if outside is None:
        os.environ[OUTSIDE] = network_namespace()
        command = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        if os.geteuid() != 0:
            command.insert(1, "--map-root-user")
        tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            hint = ("" if os.geteuid() == 0 else
                    "; ordinary users may not make user namespaces here: try it as root")
            raise Impossible(tried.stderr.strip() + hint)
        os.execvp(command[0], [*command, "--", PYTHON, *sys.argv])
    if outside == network_namespace():
        raise Impossible("these namespaces are the machine's own: refusing to touch them")
    os.environ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY",
                     "ALL_PROXY", "PROCWALL_ADDRESS"):
        os.environ.pop(variable, None)
    # A /run of our own (sockets, the lock of xtables), and names that our server answers.
    resolv = pathlib.Path("/etc/resolv.conf").resolve()
    must("mount", "-t", "tmpfs", "lab", "/run")
    if resolv.is_relative_to("/run"):
        resolv.parent.mkdir(parents=True, exist_ok=True)
        resolv.touch()
    cover(resolv, f"nameserver {SERVER4}\noptions timeout:2 attempts:1\n")
    cover(pathlib.Path("/etc/nsswitch.conf"), "hosts: files dns\npasswd: files\ngroup: files\n")
    must("ip", "link", "set", "lo", "up")
    show_tracepoints()


def show_tracepoints():
    """Tracefs where systemd mounts it. Whether the machine did so must make no difference."""
    place = pathlib.Path("/sys/kernel/tracing")
    if place.is_dir() and not (place / "events").exists():
        run("mount", "-t", "tracefs", "lab", str(place))  # root alone may; else there is none


def cover(path, text):
    if not path.exists():
        return
    with tempfile.NamedTemporaryFile("w", dir="/run", delete=False) as mine:
        mine.write(text)
    os.chmod(mine.name, 0o644)
    must("mount", "--bind", mine.name, str(path))


def must(*command, **options):
    """Runs a program that has to succeed; its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Impossible(f"{' '.join(command)}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


Ran = collections.namedtuple("Ran", "code output errors seconds pid")


def run(*command, timeout=DEADLINE, feed=""):
    """Runs a client program to its end; a program that does not end in time has code None."""
    started = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as process:
        try:
            output, errors = process.communicate(feed, timeout=timeout)
            code = process.returncode
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            code = None
    return Ran(code, output, errors, time.monotonic() - started, process.pid)


class Lines:
    """What a running program prints, line by line, with waiting for a line that fits."""

    def __init__(self, stream, convert=str.rstrip, also=None):
        self.items = []
        self.changed = threading.Condition()
        self.ended = False
        self.thread = threading.Thread(target=self.read, args=(stream, convert, also), daemon=True)
        self.thread.start()

    def read(self, stream, convert, also):
        with stream, contextlib.suppress(OSError):  # which is how a terminal says: no more
            for line in stream:
                if also:
                    also(line)
                with self.changed:
                    self.items.append(convert(line))
                    self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait(self, fits, seconds=DEADLINE):
        """The first item that fits; None when none came in time or the program ended."""
        with self.changed:
            self.changed.wait_for(lambda: self.ended or any(map(fits, self.items)), seconds)
            return next(filter(fits, self.items), None)

    def wait_count(self, fits, count, seconds=DEADLINE):
        """All items that fit, as soon as there are `count`; fewer when that never happened."""
        with self.changed:
            self.changed.wait_for(
                lambda: self.ended or sum(map(bool, map(fits, self.items))) >= count, seconds)
            return list(filter(fits, self.items))

    def all(self):
        with self.changed:
            return list(self.items)


class World:
    """The guarded host (where we are) and a server, joined by a veth pair. A context manager."""

    def __init__(self):
        self.stack = contextlib.ExitStack()
        self.folder = None
        self.server = None

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.stack.close()
            raise
        return self

    def __exit__(self, *_):
        self.stack.close()

    def build(self):
        self.folder = pathlib.Path(self.stack.enter_context(
            tempfile.TemporaryDirectory(prefix="procwall-lab-")))
        self.folder.chmod(0o755)
        names = json.dumps({SERVER_NAME: [SERVER4, SERVER6]})
        # The outer shell waits for the interface: the servers start when both ends stand.
        setup = (f"read go && ip link set lo up && ip link set pw1 up && "
                 f"ip addr add {SERVER4}/24 dev pw1 && ip addr add {SERVER6}/64 dev pw1 nodad && "
                 f"ip route add local {MANY4} dev lo && "
                 f'exec {PYTHON} -I -B "$0" "$1"')
        self.server = subprocess.Popen(
            ["unshare", "--net", "--", "sh", "-c", setup, str(HERE / "servers.py"), names],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.stack.callback(end, self.server)
        await_true(lambda: os.readlink(f"/proc/{self.server.pid}/ns/net") != network_namespace(),
                   "the server's namespace")
        must("ip", "link", "add", "name", "pw0", "type", "veth", "peer", "name", "pw1",
             "netns", str(self.server.pid))
        self.stack.callback(lambda: run("ip", "link", "del", "pw0"))
        must("ip", "link", "set", "pw0", "up")
        must("ip", "addr", "add", f"{HOST4}/24", "dev", "pw0")
        must("ip", "addr", "add", f"{HOST6}/64", "dev", "pw0", "nodad")
        must("ip", "route", "add", MANY4, "via", SERVER4)
        self.server.stdin.write("go\n")
        self.server.stdin.flush()
        if self.server.stdout.readline().strip() != '"ready"':
            raise Impossible("the server in its namespace did not start")
        for address in (SERVER4, SERVER6):
            await_true(lambda peer=address: can_connect(peer, 7), f"a way to {address}")
        self.ask("forget")

    def ask(self, command):
        self.server.stdin.write(json.dumps([command]) + "\n")
        self.server.stdin.flush()
        return json.loads(self.server.stdout.readline())

    def arrived(self, **wanted):
        """The packets that reached the server since the last forget(), by the given fields."""
        return [packet for packet in self.ask("arrived")
                if all(packet[key] == value for key, value in wanted.items())]

    def forget(self):
        self.ask("forget")

    def daemon(self, **options):
        """A running daemon; ends with the world, or before by its own end()."""
        daemon = Daemon(self, **options)
        self.stack.callback(daemon.end)
        return daemon

    def executable_copy(self, original, name):
        """The same program under a path of its own, so that a rule can name it."""
        target = self.folder / "bin" / name
        target.parent.mkdir(exist_ok=True)
        shutil.copy(os.path.realpath(original), target)
        target.chmod(0o755)
        return str(target)


class Daemon:
    """procwalld with a rule directory and an API socket of its own, and its watcher's events."""

    count = 0

    def __init__(self, world, rules=(), files=None, default="allow", flags=(), queue=None,
                 prefix=(), expect_ready=True):
        Daemon.count += 1
        self.world = world
        self.queue = Daemon.count if queue is None else queue
        self.folder = world.folder / f"daemon{Daemon.count}"
        self.rules_path = self.folder / "rules"
        self.rules_path.mkdir(parents=True)
        self.address = f"unix:{self.folder}/api.sock"
        self.watchers = []
        for rule in rules:
            self.write_rule(rule)
        for name, text in (files or {}).items():
            (self.rules_path / name).write_text(text, encoding="utf-8")
        usual = {"-rules-path": self.rules_path, "-api-address": self.address,
                 "-queue-num": self.queue, "-default-action": default,
                 "-journal": self.folder / "journal" / "journal.db"}
        for flag in flags:
            usual.pop(flag, None)  # the test says it differently
        self.command = [*prefix, program("procwalld"), *flags]
        for flag, value in usual.items():
            self.command += [flag, str(value)]
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, errors="replace",
                                        process_group=0)
        self.log_path = self.folder / "log"
        self.log_file = self.log_path.open("w", buffering=1, encoding="utf-8")
        self.log = Lines(self.process.stderr, also=self.log_file.write)
        if expect_ready:
            if self.log.wait(lambda line: re.search(r"\bready\b", line)) is None:
                self.end()
                raise AssertionError("the daemon never got ready:\n" + self.log_text())
            self.events = self.watch()

    def log_text(self):
        return "\n".join(self.log.all())

    def write_rule(self, rule):
        path = self.rules_path / f"{rule['name']}.json"
        fresh = path.with_suffix(".fresh")
        fresh.write_text(json.dumps(rule, indent=2), encoding="utf-8")
        fresh.rename(path)
        return path

    def client(self, *command):
        return run(program("procwall"), "--address", self.address, *command)

    def status(self):
        answer = self.client("status", "--json")
        if answer.code != 0:
            raise AssertionError(f"procwall status: {answer.errors}\n{self.log_text()}")
        return json.loads(answer.output)

    def watch(self):
        """The events of one more `procwall watch --json`, recent ones first."""
        process = subprocess.Popen(
            [program("procwall"), "--address", self.address, "watch", "--json", "--recent", "4096"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.watchers.append(process)
        return Lines(process.stdout, json.loads)

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, seconds=DEADLINE):
        """The exit code; None when it goes on running."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        self.log.thread.join(DEADLINE)
        return code

    def end(self):
        for process in [*self.watchers, self.process]:
            end(process)
        self.watchers.clear()
        self.log.thread.join(DEADLINE)
        self.log_file.close()


def end(process):
    """Ends a process we started: kindly, then not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with contextlib.suppress(OSError):
                stream.close()


def await_true(condition, what, seconds=DEADLINE):
    """Waits until the condition holds; asks often, gives up loudly."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.005)


def can_connect(address, port):
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


def rule(name, action, operand, data, kind="simple", **more):
    """A rule file's content, as OpenSnitch writes it."""
    return {"name": name, "created": "2026-01-01T00:00:00Z", "enabled": True, "precedence": False,
            "action": action, "duration": "always",
            "operator": {"type": kind, "operand": operand, "data": data, "sensitive": False,
                         "list": []}, **more}


def deny_all():
    return rule("deny-all", "deny", "true", "")


def url_host(family):
    """The server's address as a URL writes it."""
    return SERVER[family] if family == 4 else f"[{SERVER[family]}]"


def counters(status):
    """What `procwall status --json` has counted."""
    names = ("packets", "allowed", "denied", "rejected", "parked", "dns_answers", "unparsable",
             "unknown", "lost_queue_full", "lost_buffer_full", "undecodable")
    return {name: status[name] for name in names}


def firewall_rules():
    """Every firewall rule of this namespace, whoever made it, sorted; table and chain heads aside."""
    rules = []
    for tool in ("iptables-nft", "ip6tables-nft", "iptables-legacy", "ip6tables-legacy"):
        for table in ("raw", "mangle", "nat", "filter"):  # only root may ask which there are
            saved = run(f"{tool}-save", "-t", table).output
            rules += [f"{tool} {table} {line}" for line in saved.splitlines()
                      if line.startswith("-A")]
    for line in run("nft", "list", "ruleset").output.splitlines():
        if not re.match(r"\s*(table|chain|type|policy|}|#|$)", line):
            rules.append("nft: " + re.sub(r"counter packets \d+ bytes \d+", "counter", line.strip()))
    return sorted(rules)


def flush_firewall():
    """Away with every rule of this namespace. Only ever of a namespace of our own: see enter()."""
    run("nft", "flush", "ruleset")
    for tool in ("iptables-legacy", "ip6tables-legacy"):
        run(tool, "-t", "mangle", "-F")
        run(tool, "-t", "mangle", "-X")


class LabTest(unittest.TestCase):
    """A test class with a world of its own, and a firewall that must be clean at its end."""

    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(World())
        cls.rules_before = firewall_rules()

    def setUp(self):
        self.addCleanup(self.assert_clean)  # the first one is called last
        self.world.forget()

    def assert_clean(self):
        left = firewall_rules()
        if left != self.rules_before:
            flush_firewall()  # so that only this test fails
        self.assertEqual(left, self.rules_before, "firewall rules were left behind")

    def daemon(self, **options):
        daemon = self.world.daemon(**options)
        self.addCleanup(self.finish, daemon)
        return daemon

    def finish(self, daemon):
        """A daemon that still runs must end when it is told to, and well: sanitizers report here."""
        was_running = daemon.process.poll() is None
        daemon.end()
        if was_running:
            self.assertEqual(daemon.process.returncode, 0, daemon.log_text())

    def expect_event(self, daemon, seconds=DEADLINE, events=None, **wanted):
        """The first event with these fields; fails with everything that came instead."""
        lines = events or daemon.events
        event = lines.wait(lambda item: all(item.get(k) == v for k, v in wanted.items()), seconds)
        if event is None:
            seen = "\n".join(json.dumps(item) for item in lines.all()[-20:])
            self.fail(f"no event with {wanted}; the last ones:\n{seen}\n"
                      f"the daemon said:\n{daemon.log_text()}")
        return event


def main():
    """What every test file of the lab calls."""
    sys.dont_write_bytecode = True
    try:
        enter()
        unittest.main()
    except Impossible as reason:
        print(f"lab: cannot run here: {reason}", file=sys.stderr)
        sys.exit(1)
