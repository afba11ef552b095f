// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What it costs to know every process: one lookup, one event, one look at /proc; and the memory of
// a fork bomb.
#include <unistd.h>

#include <random>

#include <benchmark/benchmark.h>
#include <malloc.h>

#include "attribution/describe.h"
#include "attribution/process_table.h"
#include "base/clock.h"

namespace procwall {
namespace {

constexpr FileId kFile{.device = 10, .inode = 20};

ProcessExecuted Executed(Pid pid) {
  return {.id = {pid, 100},
          .parent = {1, 1},
          .exec_number = 3,
          .uid = 1000,
          .executable = kFile,
          .path = "/usr/lib/firefox-esr/firefox-esr",
          .args = {"/usr/lib/firefox-esr/firefox-esr", "-contentproc", "-childID", "17",
                   "-isForBrowser", std::string(1000, 'x')}};
}

// A full table, each process of its own program.
void FillTable(ProcessTable& table) {
  for (Pid pid = 1; pid <= static_cast<Pid>(ProcessTable::kMaxProcesses); ++pid) {
    table.Apply({.time = {}, .what = Executed(pid)});
  }
}

void Find(benchmark::State& state) {
  const SystemClock clock;
  ProcessTable table(clock);
  FillTable(table);
  const auto most = static_cast<Pid>(state.range(0));
  const auto first = static_cast<Pid>(ProcessTable::kMaxProcesses) - most + 1;
  std::minstd_rand random;
  std::uniform_int_distribution<Pid> any(first, first + most - 1);
  for (Pid pid = first; pid < first + most; ++pid) table.Find({.id = {pid, 100}});
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        table.Find({.id = {any(random), 100}, .exec_number = 3, .executable = kFile}));
  }
}
BENCHMARK(Find)->Arg(1)->Arg(100)->Arg(4000);

void FindForTheFirstTime(benchmark::State& state) {
  const SystemClock clock;
  ProcessTable table(clock);
  table.Apply({.time = {}, .what = Executed(1)});
  Pid pid = 2;
  for (auto _ : state) {
    state.PauseTiming();
    table.Apply({.time = {}, .what = ProcessForked{{++pid, 200}, {1, 100}}});
    state.ResumeTiming();
    benchmark::DoNotOptimize(table.Find({.id = {pid, 200}}));
  }
}
BENCHMARK(FindForTheFirstTime)->Iterations(10000);

void ApplyForkAndExit(benchmark::State& state) {
  const SystemClock clock;
  ProcessTable table(clock);
  FillTable(table);
  Pid pid = 100000;
  for (auto _ : state) {
    table.Apply({.time = {}, .what = ProcessForked{{++pid, 200}, {9000, 100}}});
    table.Apply({.time = {}, .what = ProcessExited{{pid, 200}, 0}});
  }
}
BENCHMARK(ApplyForkAndExit);

void ApplyExec(benchmark::State& state) {
  const SystemClock clock;
  ProcessTable table(clock);
  FillTable(table);
  const ProcessEvent event{.time = {}, .what = Executed(9000)};
  for (auto _ : state) table.Apply(event);
}
BENCHMARK(ApplyExec);

// A look at /proc, of this process.
void Describe(benchmark::State& state) {
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  const DescriptionExtent extent{.ancestors = state.range(0) != 0};
  for (auto _ : state) benchmark::DoNotOptimize(DescribeProcess(*self, extent));
}
BENCHMARK(Describe)->ArgName("ancestors")->Arg(0)->Arg(1);

// Bytes of memory for each of 10,000 children of one program, known and then asked for.
void MemoryOfAForkBomb(benchmark::State& state) {
  constexpr Pid kChildren = 10000;
  const SystemClock clock;
  for (auto _ : state) {
    ProcessTable table(clock);
    table.Apply({.time = {}, .what = Executed(1)});
    const std::size_t before = ::mallinfo2().uordblks;
    for (Pid pid = 2; pid < kChildren + 2; ++pid) {
      table.Apply({.time = {}, .what = ProcessForked{{pid, 200}, {1, 100}}});
    }
    const std::size_t known = ::mallinfo2().uordblks;
    for (Pid pid = 2; pid < kChildren + 2; ++pid) table.Find({.id = {pid, 200}});
    const std::size_t asked = ::mallinfo2().uordblks;
    state.counters["known"] = static_cast<double>(known - before) / kChildren;
    state.counters["asked"] = static_cast<double>(asked - before) / kChildren;
  }
}
BENCHMARK(MemoryOfAForkBomb)->Iterations(3);

}  // namespace
}  // namespace procwall
