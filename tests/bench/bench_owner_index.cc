// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// What it costs to find the holder of a socket: one read, one recall, one walk. The holders are
// this process and children of it; the sockets never send anything.
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <ctime>
#include <memory>
#include <random>
#include <stdexcept>
#include <vector>

#include <benchmark/benchmark.h>

#include "attribution/describe.h"
#include "attribution/owner_index.h"
#include "attribution/owner_search.h"

namespace procwall {
namespace {

constexpr Uid kUid = 0;

void Check(bool done) {
  if (!done) throw std::runtime_error("benchmark set-up");
}

UniqueFd OpenSocket() { return UniqueFd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)); }

Inode InodeOf(int fd) {
  struct stat status {};
  Check(::fstat(fd, &status) == 0);
  return status.st_ino;
}

Holder HolderAt(Pid pid, int fd) {
  const auto process = Procfs::Open().value().OpenProcess(pid).value();
  const Description description = DescribeProcess(*process).value();
  return {.probe = ProcessProbe::Open(*process).value(),
          .fd = fd,
          .socket_uid = kUid,
          .stamp = description.stamp,
          .process = std::make_shared<const Process>(description.process)};
}

// A child that closes its socket and opens another when told to.
class Client {
 public:
  explicit Client(int descriptors) {
    std::array<int, 2> order{};
    std::array<int, 2> answer{};
    Check(::pipe2(order.data(), O_CLOEXEC) == 0 && ::pipe2(answer.data(), O_CLOEXEC) == 0);
    pid_ = ::fork();
    Check(pid_ >= 0);
    if (pid_ == 0) {
      ::dup2(order[0], 0);
      ::dup2(answer[1], 1);
      ::close_range(3, ~0U, 0);
      Live(descriptors, 0, 1);
    }
    ::close(order[0]);
    ::close(answer[1]);
    order_ = UniqueFd(order[1]);
    answer_ = UniqueFd(answer[0]);
  }
  ~Client() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  struct Opened {
    int fd = -1;
    Inode inode = 0;
  };
  Opened Reopen() {
    Opened opened;
    Check(::write(order_.UnsafeFd(), "x", 1) == 1);
    Check(::read(answer_.UnsafeFd(), &opened, sizeof(opened)) == sizeof(opened));
    return opened;
  }
  Pid GetPid() const { return pid_; }

 private:
  [[noreturn]] static void Live(int descriptors, int order, int answer) {
    for (int i = 0; i < descriptors; ++i) ::dup(order);
    UniqueFd socket;
    char byte = 0;
    while (::read(order, &byte, 1) == 1) {
      socket.Reset();
      socket = OpenSocket();
      const Opened opened{socket.UnsafeFd(), InodeOf(socket.UnsafeFd())};
      if (::write(answer, &opened, sizeof(opened)) != sizeof(opened)) break;
    }
    ::_exit(0);
  }

  pid_t pid_ = -1;
  UniqueFd order_;
  UniqueFd answer_;
};

// What this thread has used of its processor: other programs on the machine do not count.
std::chrono::duration<double> ThreadTime() {
  timespec now{};
  Check(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) == 0);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// Times Recall() alone and learns what it missed, as the finder would teach it.
class Recaller {
 public:
  explicit Recaller(benchmark::State& state) : state_(state) {}
  ~Recaller() {
    const auto calls = static_cast<double>(calls_);
    state_.counters["reads"] = static_cast<double>(index.Probes()) / calls;
    state_.counters["missed"] = static_cast<double>(missed_) / calls;
  }
  Recaller(const Recaller&) = delete;
  Recaller& operator=(const Recaller&) = delete;

  void Recall(Pid pid, int fd, Inode inode) {
    const auto begin = ThreadTime();
    const auto recalled = index.Recall(inode, kUid);
    const auto end = ThreadTime();
    state_.SetIterationTime((end - begin).count());
    ++calls_;
    if (recalled) return;
    ++missed_;
    index.Learn(inode, HolderAt(pid, fd));
  }

  OwnerIndex index;

 private:
  benchmark::State& state_;
  std::uint64_t calls_ = 0;
  std::uint64_t missed_ = 0;
};

void BmSocketAt(benchmark::State& state) {
  const UniqueFd socket = OpenSocket();
  const auto probe = HolderAt(::getpid(), socket.UnsafeFd()).probe;
  for (auto _ : state) benchmark::DoNotOptimize(probe->SocketAt(socket.UnsafeFd()));
}
BENCHMARK(BmSocketAt);

void BmSocketAtClosed(benchmark::State& state) {
  const auto probe = HolderAt(::getpid(), 0).probe;
  for (auto _ : state) benchmark::DoNotOptimize(probe->SocketAt(900));
}
BENCHMARK(BmSocketAtClosed);

void BmStamp(benchmark::State& state) {
  const auto probe = HolderAt(::getpid(), 0).probe;
  for (auto _ : state) benchmark::DoNotOptimize(probe->Stamp());
}
BENCHMARK(BmStamp);

void BmMayLive(benchmark::State& state) {
  const auto probe = HolderAt(::getpid(), 0).probe;
  for (auto _ : state) benchmark::DoNotOptimize(probe->MayLive());
}
BENCHMARK(BmMayLive);

void BmExeLink(benchmark::State& state) {
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  for (auto _ : state) benchmark::DoNotOptimize(self->ExeLink());
}
BENCHMARK(BmExeLink);

void BmDescribe(benchmark::State& state) {
  const auto self = Procfs::Open().value().OpenProcess(::getpid()).value();
  for (auto _ : state) benchmark::DoNotOptimize(DescribeProcess(*self));
}
BENCHMARK(BmDescribe);

void BmRecallSameSocket(benchmark::State& state) {
  Recaller recaller(state);
  const UniqueFd socket = OpenSocket();
  const Inode inode = InodeOf(socket.UnsafeFd());
  for (auto _ : state) recaller.Recall(::getpid(), socket.UnsafeFd(), inode);
}
BENCHMARK(BmRecallSameSocket)->UseManualTime();

void BmRecallOneSocketAtATime(benchmark::State& state) {
  Recaller recaller(state);
  for (auto _ : state) {
    const UniqueFd socket = OpenSocket();
    recaller.Recall(::getpid(), socket.UnsafeFd(), InodeOf(socket.UnsafeFd()));
  }
}
BENCHMARK(BmRecallOneSocketAtATime)->UseManualTime();

// range(0) connections at once, of which one of the oldest quarter ends next.
void BmRecallThreads(benchmark::State& state) {
  Recaller recaller(state);
  std::mt19937 random(1);
  const auto threads = static_cast<std::size_t>(state.range(0));
  std::vector<UniqueFd> sockets;
  for (auto _ : state) {
    if (sockets.size() == threads) {
      const auto ends = random() % ((threads + 3) / 4);
      sockets.erase(sockets.begin() + static_cast<std::ptrdiff_t>(ends));
    }
    sockets.push_back(OpenSocket());
    const int fd = sockets.back().UnsafeFd();
    recaller.Recall(::getpid(), fd, InodeOf(fd));
  }
}
BENCHMARK(BmRecallThreads)->UseManualTime()->Arg(8)->Arg(32);

void BmRecallTenThousandInARow(benchmark::State& state) {
  Recaller recaller(state);
  std::vector<UniqueFd> sockets;
  for (auto _ : state) {
    sockets.push_back(OpenSocket());
    const int fd = sockets.back().UnsafeFd();
    recaller.Recall(::getpid(), fd, InodeOf(fd));
  }
}
BENCHMARK(BmRecallTenThousandInARow)->UseManualTime()->Iterations(10000);

// range(0) processes; range(1): 0 one after the other, 1 at random.
void BmRecallProcesses(benchmark::State& state) {
  Recaller recaller(state);
  std::mt19937 random(1);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < state.range(0); ++i) clients.push_back(std::make_unique<Client>(0));
  std::size_t turn = 0;
  for (auto _ : state) {
    turn = state.range(1) == 0 ? (turn + 1) % clients.size() : random() % clients.size();
    Client& client = *clients[turn];
    const auto opened = client.Reopen();
    recaller.Recall(client.GetPid(), opened.fd, opened.inode);
  }
}
BENCHMARK(BmRecallProcesses)->UseManualTime()->Args({50, 0})->Args({50, 1})->Args({8, 1});

// Every connection by a new process, as a shell script makes them.
void BmRecallShortLived(benchmark::State& state) {
  Recaller recaller(state);
  for (auto _ : state) {
    Client client(0);
    const auto opened = client.Reopen();
    recaller.Recall(client.GetPid(), opened.fd, opened.inode);
  }
}
BENCHMARK(BmRecallShortLived)->UseManualTime()->Iterations(500);

// range(0) processes with range(1) descriptors each beside those of this host.
void BmWalk(benchmark::State& state) {
  const Procfs procfs = Procfs::Open().value();
  const SystemClock clock;
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < state.range(0); ++i) {
    clients.push_back(std::make_unique<Client>(static_cast<int>(state.range(1))));
  }
  Client& holder = *clients[clients.size() / 2];
  const auto thoroughness = state.range(2) == 0 ? OwnerSearch::Thoroughness::kFirstHolder
                                                : OwnerSearch::Thoroughness::kAllHolders;
  for (auto _ : state) {
    OwnerSearch search(procfs, clock);  // a new one: it knows nobody
    const OwnerSearch::Wanted wanted{holder.Reopen().inode, kUid};
    const auto found = search.Find({&wanted, 1}, thoroughness, BootTime::max());
    Check(found.front().holders.size() == 1);
  }
}
BENCHMARK(BmWalk)->Unit(benchmark::kMicrosecond)->Args({200, 50, 0})->Args({200, 50, 1});

void BmWalkOfAKnownHolder(benchmark::State& state) {
  const Procfs procfs = Procfs::Open().value();
  const SystemClock clock;
  OwnerSearch search(procfs, clock);
  Client holder(50);
  for (auto _ : state) {
    const OwnerSearch::Wanted wanted{holder.Reopen().inode, kUid};
    const auto found =
        search.Find({&wanted, 1}, OwnerSearch::Thoroughness::kFirstHolder, BootTime::max());
    Check(found.front().holders.size() == 1);
  }
}
BENCHMARK(BmWalkOfAKnownHolder)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace procwall
