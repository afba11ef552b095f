// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/conntrack_watch.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/fake_clock.h"

namespace procwall {
namespace {

class ConntrackWatchTest : public testing::Test {
 protected:
  FakeClock clock;
  FirewallNotes notes;
  ConntrackWatch watch{clock, notes};
};

TEST_F(ConntrackWatchTest, WhatWasLostBeforeIsNotOurAffair) {
  watch.Take({.entries = 5, .most = 8, .dropped = 100, .forgotten = 10});
  watch.Take({.entries = 6, .most = 8, .dropped = 100, .forgotten = 10});
  EXPECT_TRUE(notes.All().empty());
}

TEST_F(ConntrackWatchTest, TellsWhatTheKernelDroppedAndForgot) {
  watch.Take({.entries = 5, .most = 8, .dropped = 100, .forgotten = 10});
  watch.Take({.entries = 8, .most = 8, .dropped = 103, .forgotten = 12});
  EXPECT_EQ(notes.All(),
            std::vector<std::string>{
                "conntrack's table has been full (8 of 8 entries now): the kernel dropped 3 "
                "packets before they could be judged and forgot 2 flows; raise "
                "net.netfilter.nf_conntrack_max"});
}

TEST_F(ConntrackWatchTest, TheNoteStaysWhenThereIsRoomAgain) {
  watch.Take({.entries = 8, .most = 8});
  watch.Take({.entries = 8, .most = 8, .dropped = 1});
  watch.Take({.entries = 2, .most = 8, .dropped = 1});
  EXPECT_EQ(notes.All().size(), 1U);
}

TEST_F(ConntrackWatchTest, LooksAtTheKernelsFiles) {
  watch.Look();  // whatever this kernel tells
  EXPECT_TRUE(notes.All().empty());
}

}  // namespace
}  // namespace procwall
