// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/known_facts.h"

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#if defined(__GNUC__) && !defined(__clang__)
// gcc 12 takes an empty std::set in a temporary for one that was never made.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace procwall {
namespace {

ProcessPtr AProcess() { return std::make_shared<const Process>(); }
ProgramFactsPtr OfPackage(const std::string& package) {
  return std::make_shared<const ProgramFacts>(
      ProgramFacts{.asked = {.package = true}, .package = package});
}
const FactsNeeded kPackage{.package = true};
const FactsNeeded kInterfaces{.interfaces = true};

TEST(KnownFacts, KnowsAProgramOnceItHasLearntOfIt) {
  KnownFacts known;
  const ProcessPtr process = AProcess();
  EXPECT_EQ(known.Find(kPackage, {.processes = {process}}), std::nullopt);
  known.Learn(process, OfPackage("curl"));
  EXPECT_EQ(known.Find(kPackage, {.processes = {process}}).value().programs[0]->package, "curl");
}

TEST(KnownFacts, OfSeveralProgramsAllMustBeKnown) {
  KnownFacts known;
  const ProcessPtr process = AProcess();
  known.Learn(process, OfPackage("curl"));
  EXPECT_EQ(known.Find(kPackage, {.processes = {process, AProcess()}}), std::nullopt);
}

TEST(KnownFacts, WhatWasNotLookedForIsNotKnown) {
  KnownFacts known;
  const ProcessPtr process = AProcess();
  known.Learn(process, OfPackage("curl"));
  EXPECT_EQ(known.Find({.md5 = true, .package = true}, {.processes = {process}}), std::nullopt);
}

TEST(KnownFacts, AProgramThatIsGoneIsNotTheNextOneAtItsAddress) {
  KnownFacts known;
  alignas(Process) std::array<std::byte, sizeof(Process)> place;
  const auto make = [&] {
    return ProcessPtr(new (place.data()) Process,
                      [](const Process* process) { process->~Process(); });
  };
  known.Learn(make(), OfPackage("curl"));
  EXPECT_EQ(known.Find(kPackage, {.processes = {make()}}), std::nullopt);
}

TEST(KnownFacts, NoProgramAndNoInterfaceNeedNothing) {
  const KnownFacts known;
  EXPECT_EQ(known.Find({.md5 = true, .interfaces = true}, {}), PacketsFacts{});
}

TEST(KnownFacts, KnowsInterfacesUntilTheyChange) {
  KnownFacts known;
  const FactsQuestion question{.in_interface = 0, .out_interface = 2};
  EXPECT_EQ(known.Find(kInterfaces, question), std::nullopt);
  known.LearnInterface(2, "eth0");
  EXPECT_EQ(known.Find(kInterfaces, question), (PacketsFacts{.out_interface = "eth0"}));
  known.ForgetInterfaces();
  EXPECT_EQ(known.Find(kInterfaces, question), std::nullopt);
}

TEST(KnownFacts, KnowsTheNetworkProfileInForce) {
  KnownFacts known;
  known.SetProfile("home");
  EXPECT_EQ(known.Find({.profile = true}, {}), (PacketsFacts{.profile = "home"}));
  EXPECT_EQ(known.Find({}, {}), PacketsFacts{});
  known.SetProfile("other");
  EXPECT_EQ(known.Find({.profile = true}, {}), (PacketsFacts{.profile = "other"}));
}

TEST(KnownFacts, ForgetsAnotherProgramWhenThereAreTooMany) {
  KnownFacts known;
  std::vector<ProcessPtr> processes;
  for (std::size_t i = 0; i <= KnownFacts::kMaxPrograms; ++i) {
    processes.push_back(AProcess());
    known.Learn(processes.back(), OfPackage("curl"));
  }
  std::size_t forgotten = 0;
  for (const ProcessPtr& process : processes) {
    forgotten += known.Find(kPackage, {.processes = {process}}) ? 0 : 1;
  }
  EXPECT_EQ(forgotten, 1U);
  EXPECT_NE(known.Find(kPackage, {.processes = {processes.back()}}), std::nullopt);
}

}  // namespace
}  // namespace procwall
