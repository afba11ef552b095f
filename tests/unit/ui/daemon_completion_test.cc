// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/daemon_completion.h"

#include <cstdlib>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temporary_directory.h"

namespace procwall {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Completes `words`, of which the last is being typed, in a real bash.
std::string DaemonCompleted(const std::string& words) {
  const TemporaryDirectory directory;
  std::ofstream(directory / "script")
      << DaemonCompletionScript(Shell::kBash) << "COMP_WORDS=(" << words
      << ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_procwalld 2>&1\necho \"${COMPREPLY[*]}\"\n";
  const std::string command = "bash " + directory / "script" + " > " + directory / "out" + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::ifstream out(directory / "out");
  return {std::istreambuf_iterator<char>(out), {}};
}

TEST(DaemonCompletionScript, CompletesFlagsWithOneDashOrTwoInBash) {
  EXPECT_EQ(DaemonCompleted("procwalld -rul"), "-rules-path\n");
  EXPECT_EQ(DaemonCompleted("procwalld --rul"), "--rules-path\n");
  EXPECT_EQ(DaemonCompleted("procwalld -observe --default-action re"), "reject\n");
  EXPECT_EQ(DaemonCompleted("procwalld -queue-num ''"), "\n");
}

TEST(DaemonCompletionScript, ExistsForEveryShell) {
  const std::string zsh = DaemonCompletionScript(Shell::kZsh);
  EXPECT_THAT(zsh, StartsWith("#compdef procwalld\n"));
  EXPECT_THAT(zsh, HasSubstr("'(-witness --witness)'{-witness,--witness}"
                             "'[the kernel witness]:value:(auto off)'"));
  EXPECT_THAT(DaemonCompletionScript(Shell::kFish),
              HasSubstr("complete -c procwalld -o observe -l observe -d "));
}

}  // namespace
}  // namespace procwall
