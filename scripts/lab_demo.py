# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""What scripts/run shows: the real daemon, real programs, a real server, in throwaway namespaces."""

import fcntl
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests/lab"))
import lab  # noqa: E402: the path comes first

ECHO = ("import socket; c = socket.create_connection(('{host}', 7), 5); c.send(b'hello'); "
        "print(c.recv(9).decode())")
DATAGRAM = ("import socket; c = socket.socket(socket.{family}, socket.SOCK_DGRAM); c.settimeout(5); "
            "c.sendto(b'hello', ('{host}', 7)); print(c.recv(9).decode())")
NETCAT = os.path.realpath(shutil.which("nc") or "/usr/bin/nc")

INDENT = "  "
RULES = [
    lab.rule("curl-may-browse", "allow", "process.path", "/usr/bin/curl"),
    lab.rule("no-netcat", "deny", "process.path", NETCAT),
]

# What it shows, what is run, the port it is about, and whether the program must get its answer.
STEPS = [
    ("TCP over IPv4, by name",
     ["curl", "-4", "-s", "--max-time", "5", f"http://{lab.SERVER_NAME}/"], 80, True),
    ("TCP over IPv6, by name",
     ["curl", "-6", "-s", "--max-time", "5", f"http://{lab.SERVER_NAME}/"], 80, True),
    ("UDP over IPv6",
     ["dig", "+short", "+tries=1", f"@{lab.SERVER6}", lab.SERVER_NAME, "AAAA"], 53, True),
    ("UDP over IPv4",
     [lab.PYTHON, "-c", DATAGRAM.format(family="AF_INET", host=lab.SERVER4)], 7, True),
    ("TCP over IPv4, the denied program", ["nc", "-w", "1", lab.SERVER4, "7"], 7, False),
    ("UDP over IPv6, the denied program", ["nc", "-u", "-w", "1", lab.SERVER6, "7"], 7, False),
    ("the same server and port as nc, another program",
     [lab.PYTHON, "-c", ECHO.format(host=lab.SERVER4)], 7, True),
]


class Screen:
    """`procwall watch` on a terminal of its own, as wide as ours; what it shows, we show."""

    def __init__(self, guard):
        ours = sys.stdout.isatty()
        width = max(shutil.get_terminal_size((124, 40)).columns, 80) - len(INDENT)
        near, far = pty.openpty()
        fcntl.ioctl(far, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        environment = dict(os.environ) if ours else {**os.environ, "NO_COLOR": "1"}
        self.process = subprocess.Popen(
            [lab.program("procwall"), "--address", guard.address, "watch", "--evidence"],
            stdin=subprocess.DEVNULL, stdout=far, env=environment)
        guard.watchers.append(self.process)
        os.close(far)
        self.lines = lab.Lines(open(near, encoding="utf-8", errors="replace"), also=self.show)
        if self.lines.wait(lambda line: "PROGRAM" in line) is None:
            raise AssertionError("procwall watch shows nothing")

    @staticmethod
    def show(line):
        print(INDENT + line.rstrip("\r\n"), flush=True)

    def await_decisions(self, count):
        """Until as many decisions are on the screen."""
        self.lines.wait_count(lambda line: re.match(r"(\x1b\[[0-9;]*m)*\d\d:\d\d:\d\d", line), count)


def run_step(world, guard, screen, title, command, port, must_pass):
    """One program; what went wrong, or nothing."""
    world.forget()
    shown = "python3 -c '...'" if command[0] == lab.PYTHON else " ".join(command)
    print(f"\n$ {shown}    # {title}", flush=True)
    ran = lab.run(*command, feed="hello\n")
    event = guard.events.wait(lambda item: (item["pid"], item["dst_port"]) == (ran.pid, port), 5)
    screen.await_decisions(len(guard.events.all()))
    packets = len(world.arrived(target_port=port))
    answer = f"got: {' '.join(ran.output.split())}" if ran.output.strip() else "got no answer"
    print(f"  {pathlib.Path(command[0]).name} {answer}; packets that reached port {port} of the "
          f"server: {packets}", flush=True)
    if event is None:
        return f"{title}: no verdict was reported"
    if must_pass and (ran.code != 0 or not packets or event["action"] != "allow"):
        return f"{title}: should have passed ({ran.errors.strip()})"
    if not must_pass and (packets or event["action"] != "deny" or event["rule"] != "no-netcat"):
        return f"{title}: should have been denied"
    return None


def main():
    lab.enter()
    with lab.World() as world:
        print(f"""
A host and a server in two network namespaces of their own, joined by a virtual cable.
The host, {lab.HOST4} and {lab.HOST6}, is guarded by the real procwalld:""")
        guard = world.daemon(rules=RULES)
        print(f"  {' '.join(guard.command[:1])} (pid {guard.process.pid}), "
              f"firewall rules by {guard.status()['firewall']}")
        for rule in RULES:
            operator = rule["operator"]
            print(f"  rule {rule['name']}.json: {rule['action']} {operator['operand']} = "
                  f"{operator['data']}")
        print("  no rule matches: allow (-default-action)\n\nIts verdicts, as `procwall watch "
              "--evidence` shows them:", flush=True)
        screen = Screen(guard)
        failures = [run_step(world, guard, screen, *step) for step in STEPS]
        print("\n$ procwall status", flush=True)
        for line in guard.client("status").output.splitlines():
            print(INDENT + line)
        guard.end()
        left = lab.firewall_rules()
        failures += [f"a firewall rule was left behind: {rule}" for rule in left]

    failures = [failure for failure in failures if failure]
    if failures:
        print("\nNot everything was as it should be:", *failures, sep="\n  ")
        return 1
    print("""
What you saw: the first packet of each connection was held in the kernel's queue; its program was
found by asking the kernel for the packet's socket, and /proc for who holds that; it was judged by
the rule files, answered, and reported with the evidence. Not one packet of nc got out; the same
connection from python3 passed. The daemon has ended and left no firewall rule.

What to try next:
  sudo scripts/run --host        watch this host's own connections; everything is let through
  scripts/lab                    a shell in such a lab, to write rules and see them work
  build/release/bin/procwall connections     every socket of this host and who owns it
  scripts/test                   every test""")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except lab.Impossible as reason:
        sys.exit(f"run: cannot show it here: {reason}")
