// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/file_text.h"

#include <gtest/gtest.h>

namespace procwall {
namespace {

v1::Process WithState(const char* state, bool deleted = false, bool by_descriptor = false) {
  v1::Process process;
  process.set_file_state(state);
  process.set_path_is_deleted(deleted);
  process.set_by_descriptor(by_descriptor);
  return process;
}

TEST(FileText, SaysNothingOfAnOrdinaryFile) {
  for (const char* const state : {"", "same", "unknown", "unverified"}) {
    EXPECT_EQ(FileText(WithState(state)), "") << state;
    EXPECT_EQ(FileWord(WithState(state)), "") << state;
  }
}

TEST(FileText, TellsWhatBecameOfIt) {
  EXPECT_EQ(FileText(WithState("memory", true)), "never was a file: it runs from memory (memfd)");
  EXPECT_EQ(FileText(WithState("replaced", true)),
            "an old version: another file took its place since it began");
  EXPECT_EQ(FileText(WithState("deleted", true)), "its file was deleted");
  EXPECT_EQ(FileText(WithState("foreign")), "a file of mounts of its own, not of this host");
  EXPECT_EQ(FileText(WithState("namesake")), "a file of mounts of its own, not of this host");
  EXPECT_EQ(FileText(WithState("unknown", true)), "its file was deleted or replaced");
}

TEST(FileText, TellsFexecve) {
  EXPECT_EQ(FileText(WithState("same", false, true)),
            "executed through an open descriptor (fexecve)");
  EXPECT_EQ(FileText(WithState("deleted", true, true)),
            "its file was deleted; executed through an open descriptor (fexecve)");
  // A memfd has no other way to be executed.
  EXPECT_EQ(FileText(WithState("memory", true, true)),
            "never was a file: it runs from memory (memfd)");
}

TEST(FileWord, IsTheWorstThatIsKnown) {
  EXPECT_EQ(FileWord(WithState("memory", true, true)), "memfd");
  EXPECT_EQ(FileWord(WithState("replaced", true)), "replaced");
  EXPECT_EQ(FileWord(WithState("deleted", true)), "deleted");
  EXPECT_EQ(FileWord(WithState("", true)), "deleted");
  EXPECT_EQ(FileWord(WithState("same", false, true)), "fexecve");
}

}  // namespace
}  // namespace procwall
