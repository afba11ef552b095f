// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_family.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace procwall {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

struct ProgramFamily : testing::Test {
  Program& Put(const ProcessId& id, Pid parent, const std::string& path) {
    Process process;
    process.path = path;
    return store.Insert({.id = id, .parent = {parent, 0}, .image = store.MakeImage(process)});
  }

  ProgramStore store{100000, 100000000};
};

TEST_F(ProgramFamily, IsFoundByTheParentsNumbers) {
  Program& curl = Put({77, 300}, 50, "/bin/curl");
  Put({1, 1}, 0, "/sbin/init");
  Put({50, 200}, 1, "/bin/bash");  // filled in after its child
  EXPECT_THAT(LineageOf(store, curl)->Ancestors(),
              ElementsAre(Ancestor{50, "/bin/bash"}, Ancestor{1, "/sbin/init"}));
}

TEST_F(ProgramFamily, DoesNotTakeAYoungerProcessForTheParent) {
  Put({50, 100}, 0, "/bin/bash");
  Put({50, 400}, 0, "/bin/evil");
  EXPECT_THAT(LineageOf(store, Put({77, 300}, 50, "/bin/curl"))->Ancestors(),
              ElementsAre(Ancestor{50, "/bin/bash"}));
}

TEST_F(ProgramFamily, IsNotKnownWithoutTheParent) {
  EXPECT_EQ(LineageOf(store, Put({77, 300}, 50, "/bin/curl")), nullptr);
}

TEST_F(ProgramFamily, IsSharedByBrothers) {
  Program& shell = Put({50, 200}, 0, "/bin/bash");
  EXPECT_EQ(AsAncestor(store, shell), AsAncestor(store, shell));
}

TEST_F(ProgramFamily, OfADeepTreeHasAnEnd) {
  for (Pid pid = 1; pid <= 50000; ++pid) Put({pid, 1}, pid - 1, "/bin/bash");
  EXPECT_THAT(LineageOf(store, *store.Latest(50000))->Ancestors(), SizeIs(kMaxAncestors));
}

}  // namespace
}  // namespace procwall
