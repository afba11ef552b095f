// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Rules on programs and users: what they match, and what comes close.
#include <gtest/gtest.h>

#include "tests/unit/rules/golden_rule.h"

namespace procwall {
namespace {

std::vector<GoldenRule> PathGoldens() {
  return {
      {R"({"type": "simple", "operand": "process.path", "sensitive": true,
           "data": "/usr/bin/curl", "list": []})",
       AsItIs,
       {{"another letter case", [](Scene& s) { s.process->path = "/usr/bin/Curl"; }},
        {"a longer name", [](Scene& s) { s.process->path = "/usr/bin/curl2"; }},
        {"its child",
         [](Scene& s) {
           s.process->path = "/usr/bin/cat";
           s.process->ancestors = {{4700, "/usr/bin/curl"}};
         }},
        {"its namesake in a container",
         [](Scene& s) {
           s.process->executable_state = ExecutableState::kNamesake;
           s.process->mount_namespace = 4026532345;
         }},
        kUnknownProgram}},
      {R"({"type": "simple", "operand": "process.path", "sensitive": false,
           "data": "/usr/bin/CURL", "list": null})",
       AsItIs,
       {{"another program", [](Scene& s) { s.process->path = "/usr/bin/curl-7"; }}}},
      // Letters of other alphabets have two cases, too.
      {R"({"type": "simple", "operand": "process.path", "data": "/opt/grün"})",
       [](Scene& s) { s.process->path = "/opt/GRÜN"; },
       {{"another letter", [](Scene& s) { s.process->path = "/opt/GRUN"; }}}},
      {R"({"type": "regexp", "operand": "process.path", "sensitive": true,
           "data": "^/usr/(s|local/)?bin/c"})",
       AsItIs,
       {{"below another directory", [](Scene& s) { s.process->path = "/home/usr/bin/curl"; }},
        {"another letter case", [](Scene& s) { s.process->path = "/usr/bin/Curl"; }},
        kUnknownProgram}},
      // Case is ignored by a flag: lower-casing the pattern would make a blank of "no blank".
      {R"({"type": "regexp", "operand": "process.path", "data": "^/OPT/\\S+/app$"})",
       [](Scene& s) { s.process->path = "/opt/My-Tools/App"; },
       {{"a blank", [](Scene& s) { s.process->path = "/opt/My Tools/App"; }}}},
      // What is not known is an empty text.
      {R"({"type": "regexp", "operand": "process.path", "data": "^$"})",
       UnknownProgram,
       {{"a program with a name", [](Scene& s) { s.process = Curl(); }}}},
      {R"({"type": "glob", "operand": "process.path", "sensitive": true,
           "data": "/opt/backup-[0-9]?/*/backup"})",
       [](Scene& s) { s.process->path = "/opt/backup-12/bin/backup"; },
       {{"one folder deeper", [](Scene& s) { s.process->path = "/opt/backup-12/a/bin/backup"; }},
        {"no digit", [](Scene& s) { s.process->path = "/opt/backup-x2/bin/backup"; }},
        {"no second character", [](Scene& s) { s.process->path = "/opt/backup-1/bin/backup"; }},
        {"more behind it", [](Scene& s) { s.process->path += "2"; }},
        {"another letter case", [](Scene& s) { s.process->path = "/opt/Backup-12/bin/backup"; }},
        kUnknownProgram}},
      {R"({"type": "glob", "operand": "process.path", "data": "/Opt/**/[!a-z]un"})",
       [](Scene& s) { s.process->path = "/opt/a/b/2un"; },
       {{"a letter of the set", [](Scene& s) { s.process->path = "/opt/a/b/run"; }},
        {"no folder", [](Scene& s) { s.process->path = "/opt/2un"; }}}},
      {R"({"type": "directory", "operand": "process.path", "sensitive": true,
           "data": "/opt/app/"})",
       [](Scene& s) { s.process->path = "/opt/app/bin/x"; },
       {{"a directory that begins so", [](Scene& s) { s.process->path = "/opt/application/x"; }},
        {"the directory itself", [](Scene& s) { s.process->path = "/opt/app"; }},
        {"another letter case", [](Scene& s) { s.process->path = "/opt/App/bin/x"; }},
        kUnknownProgram}},
      {R"({"type": "directory", "operand": "process.path", "data": "/Opt/APP"})",
       [](Scene& s) { s.process->path = "/opt/app/bin/x"; },
       {{"the directory above", [](Scene& s) { s.process->path = "/opt/bin/x"; }}}},
  };
}

std::vector<GoldenRule> RelativeGoldens() {
  return {
      {R"({"type": "simple", "operand": "process.parent.path", "sensitive": true,
           "data": "/usr/sbin/sshd"})",
       AsItIs,
       {{"itself, not a parent",
         [](Scene& s) {
           s.process->path = "/usr/sbin/sshd";
           s.process->ancestors = {{1, "/usr/bin/bash"}};
         }},
        {"no parent that is known", [](Scene& s) { s.process->ancestors = {}; }},
        {"another letter case",
         [](Scene& s) {
           s.process->ancestors = {{1, "/usr/sbin/SSHD"}};
         }},
        kUnknownProgram}},
      {R"({"type": "regexp", "operand": "process.parent.path", "data": "/(ba|z)sh$"})",
       AsItIs,
       {{"no shell",
         [](Scene& s) {
           s.process->ancestors = {{1, "/usr/bin/fish"}};
         }}}},
      {R"({"type": "directory", "operand": "process.parent.path", "data": "/usr/sbin"})",
       AsItIs,
       {{"a parent elsewhere",
         [](Scene& s) {
           s.process->ancestors = {{1, "/usr/bin/bash"}};
         }}}},
      {R"({"type": "glob", "operand": "process.parent.path", "data": "/usr/*/ssh?"})",
       AsItIs,
       {{"one character less",
         [](Scene& s) {
           s.process->ancestors = {{1, "/usr/bin/ssh"}};
         }}}},
      {R"({"type": "simple", "operand": "process.creator.path", "data": "/usr/sbin/inetd"})",
       AsItIs,
       {{"itself, made by another",
         [](Scene& s) {
           s.process->path = "/usr/sbin/inetd";
           s.creator->path = "/usr/bin/curl";
         }},
        {"nobody knows by whom", [](Scene& s) { s.creator.reset(); }}}},
      // Ours: what is not known is not even an empty text.
      {R"({"type": "regexp", "operand": "process.creator.path", "data": ".*"})",
       AsItIs,
       {{"nobody knows by whom", [](Scene& s) { s.creator.reset(); }}}},
  };
}

std::vector<GoldenRule> CommandGoldens() {
  return {
      {R"({"type": "simple", "operand": "process.command", "sensitive": true,
           "data": "curl -s https://example.net/"})",
       AsItIs,
       {{"one argument more",
         [](Scene& s) {
           s.process->args = {"curl", "-s", "https://example.net/", "-v"};
         }},
        {"another letter case",
         [](Scene& s) {
           s.process->args = {"curl", "-S", "https://example.net/"};
         }},
        kUnknownProgram}},
      {R"({"type": "regexp", "operand": "process.command", "data": "^curl .*EXAMPLE"})",
       AsItIs,
       {{"by its path",
         [](Scene& s) {
           s.process->args = {"/usr/bin/curl", "example"};
         }}}},
      {R"({"type": "glob", "operand": "process.command", "data": "curl -s **"})",
       AsItIs,
       {{"without the option",
         [](Scene& s) {
           s.process->args = {"curl", "example.net"};
         }}}},
      {R"({"type": "simple", "operand": "process.name", "sensitive": true, "data": "curl"})",
       AsItIs,
       {{"a folder of that name", [](Scene& s) { s.process->path = "/opt/curl/wget"; }},
        {"a longer name", [](Scene& s) { s.process->path = "/usr/bin/libcurl"; }},
        {"the name it gave itself",
         [](Scene& s) {
           s.process->path = "/tmp/x";
           s.process->comm = "curl";
           s.process->args = {"curl"};
         }},
        kUnknownProgram}},
      {R"({"type": "simple", "operand": "process.script", "sensitive": true,
           "data": "/usr/bin/gajim"})",
       [](Scene& s) { s.process->script = "/usr/bin/gajim"; },
       {{"another script", [](Scene& s) { s.process->script = "/usr/bin/gajim2"; }},
        {"a program of that path",
         [](Scene& s) {
           s.process->script = "";
           s.process->path = "/usr/bin/gajim";
         }},
        kUnknownProgram}},
      {R"({"type": "directory", "operand": "process.script", "data": "/home/alice"})",
       [](Scene& s) { s.process->script = "/home/alice/bin/x.py"; },
       {{"another home", [](Scene& s) { s.process->script = "/home/alice2/bin/x.py"; }}}},
      {R"({"type": "simple", "operand": "process.unit", "data": "cups.service"})",
       [](Scene& s) { s.process->unit = "cups.service"; },
       {{"its socket", [](Scene& s) { s.process->unit = "cups.socket"; }}, kUnknownProgram}},
      {R"({"type": "simple", "operand": "process.container", "data": "4f1c2a"})",
       [](Scene& s) { s.process->container = "4f1c2a"; },
       {{"on this host", [](Scene& s) { s.process->container = ""; }}, kUnknownProgram}},
      // "None" is something that is known.
      {R"({"type": "simple", "operand": "process.container", "data": ""})",
       AsItIs,
       {{"in a container", [](Scene& s) { s.process->container = "4f1c2a"; }}, kUnknownProgram}},
  };
}

std::vector<GoldenRule> NumberGoldens() {
  constexpr CloseMiss kNext{"the next pid", [](Scene& s) { s.process->id.pid = 4712; }};
  return {
      {R"({"type": "simple", "operand": "process.id", "data": "4711"})",
       AsItIs,
       {kNext,
        {"its child",
         [](Scene& s) { s.process->parent_pid = std::exchange(s.process->id.pid, 4713); }},
        kUnknownProgram}},
      {R"({"type": "simple", "operand": "process.id", "data": " 04711 "})", AsItIs, {kNext}},
      {R"({"type": "regexp", "operand": "process.id", "data": "^47"})",
       AsItIs,
       {{"in its middle", [](Scene& s) { s.process->id.pid = 1471; }}}},
      {R"({"type": "range", "operand": "process.id", "data": "1-4711"})",
       AsItIs,
       {kNext, kUnknownProgram}},  // which has pid 0
      {R"({"type": "simple", "operand": "user.id", "data": "1000"})",
       AsItIs,
       {{"the next user", [](Scene& s) { s.connection.uid = 1001; }},
        {"a packet of another than its process", [](Scene& s) { s.connection.uid = 0; }},
        {"nobody knows whose",
         [](Scene& s) {
           s.connection.uid.reset();
           s.process.reset();
         }}}},
      {R"({"type": "simple", "operand": "user.id", "data": "01000"})",
       [](Scene& s) { s.connection.uid.reset(); },  // then it is the process's
       {{"another user's process", [](Scene& s) { s.process->uid = 1001; }}}},
      {R"({"type": "range", "operand": "user.id", "data": "0 - 1000"})",
       AsItIs,
       {{"the next user", [](Scene& s) { s.connection.uid = 1001; }},
        {"nobody knows whose",
         [](Scene& s) {
           s.connection.uid.reset();
           s.process.reset();
         }}}},
      {R"({"type": "regexp", "operand": "user.id", "data": "^(1|1000)$"})",
       AsItIs,
       {{"more digits", [](Scene& s) { s.connection.uid = 10001; }}}},
      {R"({"type": "simple", "operand": "user.name", "data": "alice"})",
       AsItIs,
       {{"bob", [](Scene& s) { s.connection.uid = 1001; }}}},
      // So opensnitchd saves it.
      {R"({"type": "simple", "operand": "user.name", "data": "1000"})",
       AsItIs,
       {{"bob", [](Scene& s) { s.connection.uid = 1001; }}}},
      {R"({"type": "simple", "operand": "user.group", "data": "staff"})",
       [](Scene& s) { s.connection.uid = 7; },
       {{"bob, who is not in it", [](Scene& s) { s.connection.uid = 1001; }},
        {"nobody knows whose",
         [](Scene& s) {
           s.connection.uid.reset();
           s.process.reset();
         }}}},
  };
}

}  // namespace

std::vector<GoldenRule> ProcessGoldens() {
  std::vector<GoldenRule> all;
  for (const auto& part : {PathGoldens(), RelativeGoldens(), CommandGoldens(), NumberGoldens()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

TEST(GoldenRules, OnProgramsAndUsersDecide) { Judge(ProcessGoldens()); }

}  // namespace procwall
