// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/completion.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

TEST(CompletionScript, IsAcceptedByBash) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "script") << CompletionScript(Shell::kBash);
  EXPECT_EQ(std::system(("bash -n " + directory / "script").c_str()), 0);
}

// Completes `words`, of which the last is being typed, in a real bash.
std::string Completed(const std::string& words) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "script")
      << CompletionScript(Shell::kBash) << "COMP_WORDS=(" << words
      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_procwall 2>&1\necho \"${COMPREPLY[*]}\"\n";
  const std::string command = "bash " + directory / "script" + " > " + directory / "out" + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream out(directory / "out");
  return {std::istreambuf_iterator<char>(out), {}};
}

TEST(CompletionScript, CompletesCommandsAndOptionsInBash) {
  EXPECT_EQ(Completed("procwall wa"), "watch\n");
  EXPECT_EQ(Completed("procwall --address unix:/x st"), "status\n");
  EXPECT_EQ(Completed("procwall rules ch"), "check\n");
  EXPECT_EQ(Completed("procwall rules re"), "remove replay\n");
  EXPECT_EQ(Completed("procwall rules add x --prec"), "--precedence\n");
  EXPECT_EQ(Completed("procwall rules why --dir"), "--direction\n");
  EXPECT_EQ(Completed("procwall rules why --direction in"), "incoming\n");
  EXPECT_EQ(Completed("procwall watch --act"), "--action\n");
  EXPECT_EQ(Completed("procwall watch --action re"), "reject\n");
  EXPECT_EQ(Completed("procwall log --sum r"), "rule\n");
  EXPECT_EQ(Completed("procwall log --si"), "--since\n");
  EXPECT_EQ(Completed("procwall completion ''"), "bash zsh fish\n");
  EXPECT_EQ(Completed("procwall completion bash procwalld"), "procwalld\n");
  EXPECT_EQ(Completed("procwall top --so"), "--sort\n");
  EXPECT_EQ(Completed("procwall top --sort de"), "denied\n");
}

TEST(CompletionScript, ExistsForEveryShell) {
  EXPECT_TRUE(CompletionScript(Shell::kZsh).starts_with("#compdef procwall\n"));
  EXPECT_TRUE(CompletionScript(Shell::kFish).starts_with("# fish completion for procwall\n"));
}

}  // namespace
}  // namespace procwall
