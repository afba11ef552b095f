# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""A client of the API in Python, made as docs/API.md tells: for the lab's tests.

As a program it tries every call of the service once and prints what became of it, as JSON:

    api_client.py FOLDER ADDRESS       FOLDER: where generate() has put the modules
"""

import importlib
import json
import subprocess
import sys

import grpc

import lab

PROTO = lab.HERE.parents[1] / "proto"
PLUGIN = "/usr/bin/grpc_python_plugin"
SHORT = 10.0  # seconds for a call


def generate(folder):
    """Writes the Python modules of the API into the folder."""
    lab.must("protoc", f"--proto_path={PROTO}", f"--python_out={folder}", f"--grpc_out={folder}",
             f"--plugin=protoc-gen-grpc={PLUGIN}", "procwall/v1/procwall.proto")


def load(folder):
    """The messages, and the stubs."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    return (importlib.import_module("procwall.v1.procwall_pb2"),
            importlib.import_module("procwall.v1.procwall_pb2_grpc"))


def try_everything(pb, grpc_module, address):
    """{name of a call: name of its status}; a stream's is OK when it begins."""
    channel = grpc.insecure_channel(address)
    stub = grpc_module.ProcwallStub(channel)
    found = {}
    for method in pb.DESCRIPTOR.services_by_name["Procwall"].methods:
        request = getattr(pb, method.input_type.name)()
        if method.name == "Questions":
            request.hello.name = "everything"
        found[method.name] = status_of(getattr(stub, method.name), request)
    channel.close()
    return found


def status_of(call, request):
    is_stream_in = isinstance(call, (grpc.StreamStreamMultiCallable, grpc.StreamUnaryMultiCallable))
    is_stream_out = isinstance(call, (grpc.StreamStreamMultiCallable, grpc.UnaryStreamMultiCallable))
    try:
        answer = call(iter([request]) if is_stream_in else request, timeout=SHORT)
        if is_stream_out:
            next(answer)
            answer.cancel()
        return "OK"
    except StopIteration:
        return "OK"
    except grpc.RpcError as error:
        return error.code().name


if __name__ == "__main__":
    print(json.dumps(try_everything(*load(sys.argv[1]), sys.argv[2])))
