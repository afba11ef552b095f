// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Tested by tests/lab/kernel_events_test.cc.
#include "attribution/perf_events.h"

#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>
#include <vector>

#include "attribution/perf_mapping.h"
#include "attribution/perf_record.h"
#include "base/unique_fd.h"

namespace procwall {
namespace {

// The ring of one processor.
Result<PerfMapping> OpenNews(int processor) {
  perf_event_attr wanted{};
  wanted.size = sizeof(wanted);
  wanted.type = PERF_TYPE_SOFTWARE;
  wanted.config = PERF_COUNT_SW_DUMMY;
  wanted.sample_type = PERF_SAMPLE_TIME;
  wanted.sample_id_all = 1;
  wanted.comm = 1;
  wanted.comm_exec = 1;
  wanted.task = 1;
  wanted.watermark = 1;
  wanted.wakeup_watermark = PerfEvents::kRingBytes / 2;
  wanted.use_clockid = 1;
  wanted.clockid = CLOCK_BOOTTIME;
  constexpr pid_t kAll = -1;
  UniqueFd event(static_cast<int>(
      ::syscall(SYS_perf_event_open, &wanted, kAll, processor, -1, PERF_FLAG_FD_CLOEXEC)));
  if (!event.IsOpen()) return SystemError(errno, "open perf event");
  return PerfMapping::Map(std::move(event), PerfEvents::kRingBytes,
                          PerfMapping::Access::kReadWrite);
}

// Everything up to now; it is forgotten then.
void ReadNews(const PerfMapping& ring, const std::function<void(Bytes record)>& each) {
  const std::uint64_t head = ring.Head();
  VisitPerfRecords(ring.Records(), ring.Positions().data_tail, head, each);
  __atomic_store_n(&ring.Positions().data_tail, head, __ATOMIC_RELEASE);
}

}  // namespace

struct PerfEvents::State {
  const Clock& clock;
  UniqueFd poll;
  std::vector<PerfMapping> rings;
  std::vector<ProcessEvent> later;  // younger than the last drain's begin

  Status Watch(int processor);
};

Status PerfEvents::State::Watch(int processor) {
  auto ring = OpenNews(processor);
  if (!ring && ring.error().sys_errno == ENODEV) return {};  // it is switched off
  if (!ring) return ring.error();
  epoll_event readable{};
  readable.events = EPOLLIN;
  if (::epoll_ctl(poll.UnsafeFd(), EPOLL_CTL_ADD, ring->UnsafeFd(), &readable) != 0) {
    return SystemError(errno, "poll perf event");
  }
  rings.push_back(*std::move(ring));
  return {};
}

Result<std::unique_ptr<PerfEvents>> PerfEvents::Start(const Clock& clock) {
  auto state = std::make_unique<State>(State{
      .clock = clock, .poll = UniqueFd(::epoll_create1(EPOLL_CLOEXEC)), .rings = {}, .later = {}});
  if (!state->poll.IsOpen()) return SystemError(errno, "poll perf events");
  const int processors = ::get_nprocs_conf();
  for (int i = 0; i < processors; ++i) PROCWALL_TRY_STATUS(state->Watch(i));
  return std::unique_ptr<PerfEvents>(new PerfEvents(std::move(state)));
}

PerfEvents::PerfEvents(std::unique_ptr<State> state) : state_(std::move(state)) {}
PerfEvents::~PerfEvents() = default;

int PerfEvents::UnsafeEventFd() const { return state_->poll.UnsafeFd(); }

void PerfEvents::DrainEvents(const std::function<void(ProcessEvent event)>& take) {
  // What happens while the rings are read one after the other is kept for the next time, or it
  // could overtake what happened before it on another processor.
  const BootTime begin = state_->clock.Now();
  std::vector<ProcessEvent> events = std::exchange(state_->later, {});
  for (const PerfMapping& ring : state_->rings) {
    ReadNews(ring, [&](Bytes record) {
      auto event = ParsePerfRecord(record);
      if (event && *event) events.push_back(**std::move(event));
    });
  }
  std::ranges::stable_sort(events, {}, &ProcessEvent::time);
  for (ProcessEvent& event : events) {
    if (event.time > begin) {
      state_->later.push_back(std::move(event));
    } else {
      take(std::move(event));
    }
  }
}

}  // namespace procwall
