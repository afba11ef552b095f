#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: The Procwall authors
"""Writes the reference in docs/API.md, out of the comments of proto/procwall/v1/procwall.proto.

usage: scripts/api_reference.py            puts the reference in its place in docs/API.md
       scripts/api_reference.py --check    changes nothing; exit 1 if docs/API.md is out of date
       scripts/api_reference.py --print    the reference alone, on stdout

Needs protoc and python3-protobuf. What stands above the line `<!-- reference -->` of docs/API.md is
written by hand and left alone.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROTO = "procwall/v1/procwall.proto"
DOCUMENT = ROOT / "docs/API.md"
MARK = "<!-- reference -->\n"
# Field numbers of descriptor.proto, of which a location's path is made.
MESSAGE, ENUM, SERVICE = 4, 5, 6  # of a file
FIELD, NESTED, NESTED_ENUM = 2, 3, 4  # of a message
VALUE, METHOD = 2, 2  # of an enum, of a service
TYPES = {name.removeprefix("TYPE_").lower(): number
         for name, number in descriptor_pb2.FieldDescriptorProto.Type.items()}
TYPE_NAMES = {number: name for name, number in TYPES.items()}
OWN = ".procwall.v1."


def read_descriptors():
    """The file as protoc understands it, with its comments."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", "--proto_path=proto", f"--descriptor_set_out={out.name}",
                        "--include_source_info", PROTO], cwd=ROOT, check=True)
        files = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    return files.file[0]


def comments_of(file):
    """What stands before and behind each thing, by its path."""
    found = {}
    for location in file.source_code_info.location:
        text = " ".join(part for part in (join(location.leading_comments),
                                          join(location.trailing_comments)) if part)
        if text:
            found[tuple(location.path)] = text
    return found


def join(comment):
    """A comment's lines as one text; an empty line stays a paragraph."""
    paragraphs = re.split(r"\n\s*\n", comment.strip())
    return "\n\n".join(" ".join(line.strip() for line in part.splitlines()) for part in paragraphs)


def cell(text):
    """Text in a table: what Markdown would take for something else is escaped."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n\n", "<br>")


def link(type_name):
    if not type_name.startswith(OWN):
        return f"`{type_name.lstrip('.')}`"
    name = type_name.removeprefix(OWN)
    return f"[{name}](#{name.lower().replace('.', '')})"


def type_of(field):
    kind = link(field.type_name) if field.type_name else f"`{TYPE_NAMES[field.type]}`"
    if field.label == descriptor_pb2.FieldDescriptorProto.LABEL_REPEATED:
        return f"list of {kind}"
    return f"{kind}, optional" if field.proto3_optional else kind


class Reference:
    def __init__(self, file):
        self.file = file
        self.comments = comments_of(file)
        self.lines = []

    def say(self, *lines):
        self.lines += lines

    def comment(self, *path):
        return self.comments.get(tuple(path), "")

    def write(self):
        self.say("## Calls", "")
        for at, service in enumerate(self.file.service):
            self.service(service, (SERVICE, at))
        self.say("## Messages", "")
        for at, message in enumerate(self.file.message_type):
            self.message(message, (MESSAGE, at), message.name)
        self.say("## Enumerations", "")
        for at, enum in enumerate(self.file.enum_type):
            self.enum(enum, (ENUM, at), enum.name)
        return "\n".join(self.lines).rstrip() + "\n"

    def service(self, service, path):
        self.say(f"Service `{self.file.package}.{service.name}`. "
                 f"{cell(self.comment(*path)).replace('<br>', chr(10) * 2)}", "")
        for at, method in enumerate(service.method):
            asks = ("stream of " if method.client_streaming else "") + link(method.input_type)
            gives = ("stream of " if method.server_streaming else "") + link(method.output_type)
            self.say(f"### {method.name}", "", f"{asks} → {gives}", "",
                     self.comment(*path, METHOD, at) or "(no comment)", "")

    def message(self, message, path, name):
        self.say(f"### {name}", "")
        if text := self.comment(*path):
            self.say(text, "")
        if message.field:
            self.say("| field | type | meaning |", "|---|---|---|")
            for at, field in enumerate(message.field):
                self.say(self.field(message, field, self.comment(*path, FIELD, at)))
            self.say("")
        for at, nested in enumerate(message.nested_type):
            self.message(nested, (*path, NESTED, at), f"{name}.{nested.name}")
        for at, enum in enumerate(message.enum_type):
            self.enum(enum, (*path, NESTED_ENUM, at), f"{name}.{enum.name}")

    @staticmethod
    def field(message, field, text):
        if field.HasField("oneof_index") and not field.proto3_optional:
            of = f"one of `{message.oneof_decl[field.oneof_index].name}`"
            text = f"{of}. {text}" if text else of
        return f"| `{field.name}` ({field.number}) | {type_of(field)} | {cell(text)} |"

    def enum(self, enum, path, name):
        self.say(f"### {name}", "")
        if text := self.comment(*path):
            self.say(text, "")
        self.say("| value | number | meaning |", "|---|---|---|")
        for at, value in enumerate(enum.value):
            self.say(f"| `{value.name}` | {value.number} | "
                     f"{cell(self.comment(*path, VALUE, at))} |")
        self.say("")


def main(arguments):
    if arguments not in ([], ["--check"], ["--print"]):
        print(__doc__, file=sys.stderr)
        return 2
    reference = Reference(read_descriptors()).write()
    if arguments == ["--print"]:
        print(reference, end="")
        return 0
    old = DOCUMENT.read_text(encoding="utf-8")
    if MARK not in old:
        print(f"{DOCUMENT}: the line {MARK.strip()} is missing", file=sys.stderr)
        return 1
    new = old[:old.index(MARK) + len(MARK)] + "\n" + reference
    if arguments == ["--check"]:
        if new == old:
            return 0
        print("docs/API.md is out of date: scripts/api_reference.py", file=sys.stderr)
        return 1
    DOCUMENT.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
