# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""OpenSnitch's GUI without a face: serves its methods on a unix socket, in either dialect.

The older one is spoken with the message module of Debian's own package (python3-opensnitch-ui), so
that it is theirs and not ours; for the newer one there is no package, and the messages are made of
proto/opensnitch/v16.
"""

import collections
import concurrent.futures
import importlib
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading

import grpc

import lab

ROOT = pathlib.Path(__file__).resolve().parents[2]
# The numbers of what a GUI wants, which differ between the two.
COMMANDS = {
    "1.5": {"start": 1, "stop": 2, "config": 3, "enable": 4, "disable": 5, "delete": 6,
            "change": 7, "monitor": 10, "stop-monitor": 11},
    "1.6": {"start": 1, "stop": 2, "reload-firewall": 5, "config": 6, "enable": 7, "disable": 8,
            "delete": 9, "change": 10, "monitor": 13, "stop-monitor": 14},
}
# After so long this GUI answers like one that nobody sits at.
PATIENCE = 60.0

Reply = collections.namedtuple("Reply", "ok data")


def messages(dialect):
    """The module with the messages of that dialect."""
    if dialect == "1.5":
        return importlib.import_module("opensnitch.ui_pb2")
    with tempfile.TemporaryDirectory(prefix="procwall-gui-") as folder:
        subprocess.run(["protoc", f"--proto_path={ROOT}/proto", f"--python_out={folder}",
                        "opensnitch/v16/ui.proto"], check=True)
        sys.path.insert(0, f"{folder}/opensnitch")
        try:
            return importlib.import_module("v16.ui_pb2")
        finally:
            sys.path.pop(0)


class HeadlessGui:
    """A GUI that answers each prompt with what `answer` makes of it: a dict, as rule() makes."""

    def __init__(self, path, dialect, answer=None):
        self.pb = messages(dialect)
        self.dialect = dialect
        self.answer = answer or (lambda connection: None)
        self.changed = threading.Condition()
        self.nodes, self.pings, self.events, self.asked = [], [], [], []
        self.replies = {}
        self.commands = queue.Queue()
        self.ended = threading.Event()
        self.last_id = 1000
        self.server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=10))
        self.server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(
            "protocol.UI", self.handlers()),))
        if self.server.add_insecure_port(f"unix:{path}") == 0:
            raise lab.Impossible(f"cannot listen on {path}")
        self.server.start()

    def handlers(self):
        pb = self.pb
        unary = grpc.unary_unary_rpc_method_handler
        handlers = {
            "Ping": unary(self.ping, pb.PingRequest.FromString, pb.PingReply.SerializeToString),
            "AskRule": unary(self.ask, pb.Connection.FromString, pb.Rule.SerializeToString),
            "Subscribe": unary(self.subscribe, pb.ClientConfig.FromString,
                               pb.ClientConfig.SerializeToString),
            "Notifications": grpc.stream_stream_rpc_method_handler(
                self.notifications, pb.NotificationReply.FromString,
                pb.Notification.SerializeToString)}
        if self.dialect == "1.6":
            handlers["PostAlert"] = unary(lambda alert, context: pb.MsgResponse(),
                                          pb.Alert.FromString, pb.MsgResponse.SerializeToString)
        return handlers

    # What the daemon calls, on threads of gRPC's.

    def keep(self, kept, item):
        with self.changed:
            kept.append(item)
            self.changed.notify_all()

    def ping(self, request, _context):
        for event in request.stats.events:
            self.keep(self.events, event)
        self.keep(self.pings, request)
        return self.pb.PingReply(id=request.id)

    def subscribe(self, node, _context):
        self.keep(self.nodes, node)
        return node

    def ask(self, connection, _context):
        self.keep(self.asked, connection)
        answer = self.answer(connection)
        return None if answer is None else self.rule(answer)

    def notifications(self, replies, context):
        context.add_callback(self.ended.set)
        reader = threading.Thread(target=self.read, args=(replies,), daemon=True)
        reader.start()
        while not self.ended.is_set():
            try:
                yield self.commands.get(timeout=0.1)
            except queue.Empty:
                pass

    def read(self, replies):
        try:
            for reply in replies:
                with self.changed:
                    self.replies.setdefault(reply.id, []).append(Reply(reply.code == 0, reply.data))
                    self.changed.notify_all()
        except grpc.RpcError:
            pass

    # What a test does with it.

    def rule(self, content):
        """The content of a rule file as a message."""
        rule = self.pb.Rule(name=content["name"], enabled=content["enabled"],
                            precedence=content["precedence"], action=content["action"],
                            duration=content["duration"])
        for field in ("type", "operand", "data", "sensitive"):
            setattr(rule.operator, field, content["operator"][field])
        return rule

    def wait(self, condition, what):
        with self.changed:
            if not self.changed.wait_for(condition, lab.DEADLINE):
                raise AssertionError(f"waited in vain for {what}")
            return condition()

    def node(self):
        return self.wait(lambda: self.nodes and self.nodes[-1], "a node")

    def event(self, fits):
        return self.wait(lambda: next(filter(fits, self.events), None), "an event")

    def tell(self, command, *rules, data=""):
        """Sends a command; its first reply."""
        self.last_id += 1
        wanted = self.last_id
        self.commands.put(self.pb.Notification(id=wanted, type=COMMANDS[self.dialect][command],
                                               data=data, rules=rules))
        return self.wait(lambda: self.replies.get(wanted), f"a reply to {command}")[0]

    def end(self):
        self.ended.set()
        self.server.stop(grace=None).wait()


def main():
    """A GUI in a process of its own, which nobody answers: a line for each prompt."""
    path, dialect = sys.argv[1:]

    def unanswered(connection):
        print(connection.dst_port, flush=True)
        threading.Event().wait()

    gui = HeadlessGui(pathlib.Path(path), dialect, unanswered)
    gui.wait(lambda: gui.pings, "a ping")
    print("pinged", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
