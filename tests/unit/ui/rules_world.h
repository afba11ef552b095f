// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"
#include "ui/run.h"

namespace procwall {

// A rule directory and no daemon: what `procwall rules ...` does there.
class RulesWorld : public testing::Test {
 protected:
  // The rule directory is added to the arguments.
  ExitCode Rules(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rules");
    arguments.insert(arguments.end(), {"--rules-path", directory_.Path()});
    return RunWith(arguments);
  }
  ExitCode RunWith(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--address", "unix:" + directory_ / "no-socket"});
    out_.str("");
    err_.str("");
    std::istringstream in(input_);
    const EnvironmentLookup environment = [&](const char* name) -> const char* {
      const auto found = environment_.find(name);
      return found == environment_.end() ? nullptr : found->second.c_str();
    };
    return procwall::Run(arguments, {environment, out_, err_, -1, in, -1});
  }

  void Write(const std::string& file, const std::string& text) const {
    std::ofstream(directory_ / file) << text;
  }
  std::string Read(const std::string& file) const {
    std::ifstream stream(directory_ / file);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  bool Exists(const std::string& file) const { return std::filesystem::exists(directory_ / file); }
  // A rule about a program, as a file of its name.
  void WriteRule(const std::string& name, const std::string& action,
                 const std::string& program = "/bin/sh", const char* enabled = "true") const {
    Write(name + ".json", R"({"name":")" + name + R"(","enabled":)" + enabled + R"(,"action":")" +
                              action +
                              R"(","operator":{"type":"simple","operand":"process.path",)" +
                              R"("data":")" + program + R"("}})");
  }
  // A recorded decision about curl on its way to example.net.
  static std::string EventLine(const std::string& action, const std::string& rule) {
    return R"({"sequence":7,"action":")" + action + R"(","judged_action":")" + action +
           R"(","rule":")" + rule + R"(","reason":")" + (rule.empty() ? "default-action" : "rule") +
           R"(","protocol":"tcp","direction":"outgoing","src_ip":"192.0.2.7","src_port":40000,)"
           R"("dst_ip":"203.0.113.9","dst_port":443,"dst_host":"example.net","uid":1000,"pid":4711,)"
           R"("process_path":"/usr/bin/curl","process_args":[],"process_uid":1000,)"
           R"("confidence":"certain"})"
           "\n";
  }

  TemporaryDirectory directory_;
  std::map<std::string, std::string> environment_;
  std::string input_;
  std::ostringstream out_;
  std::ostringstream err_;
};

}  // namespace procwall
