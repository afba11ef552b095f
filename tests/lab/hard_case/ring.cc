// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "tests/lab/hard_case/ring.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace procwall {
namespace {

constexpr unsigned kEntries = 4;

// One of the areas that the kernel shares with us: see io_uring_setup(2).
class Area {
 public:
  Area(int ring, std::size_t size, long offset)
      : start_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring,
                      offset)) {}
  bool IsMapped() const { return start_ != MAP_FAILED; }
  template <typename T>
  T* At(std::size_t offset) const {
    return static_cast<T*>(static_cast<void*>(static_cast<std::byte*>(start_) + offset));
  }

 private:
  void* start_;  // lives as long as the program
};

int Enter(int ring, unsigned submit, unsigned wait, unsigned flags) {
  return static_cast<int>(::syscall(SYS_io_uring_enter, ring, submit, wait, flags, nullptr, 0));
}

}  // namespace

int RunInRing(io_uring_sqe operation, RingThread thread) {
  io_uring_params params{};
  if (thread == RingThread::kPoller) {
    params.flags = IORING_SETUP_SQPOLL;
    params.sq_thread_idle = 1000;
  }
  if (thread == RingThread::kWorker) operation.flags |= IOSQE_ASYNC;
  const auto ring = static_cast<int>(::syscall(SYS_io_uring_setup, kEntries, &params));
  if (ring < 0) return -errno;
  const Area submissions(ring, params.sq_off.array + kEntries * sizeof(std::uint32_t),
                         IORING_OFF_SQ_RING);
  const Area completions(ring, params.cq_off.cqes + params.cq_entries * sizeof(io_uring_cqe),
                         IORING_OFF_CQ_RING);
  const Area entries(ring, kEntries * sizeof(io_uring_sqe), IORING_OFF_SQES);
  if (!submissions.IsMapped() || !completions.IsMapped() || !entries.IsMapped()) return -ENOMEM;

  *entries.At<io_uring_sqe>(0) = operation;
  *submissions.At<std::uint32_t>(params.sq_off.array) = 0;
  std::atomic_ref(*submissions.At<std::uint32_t>(params.sq_off.tail))
      .store(1, std::memory_order_release);
  const unsigned flags =
      IORING_ENTER_GETEVENTS | (thread == RingThread::kPoller ? IORING_ENTER_SQ_WAKEUP : 0);
  while (std::atomic_ref(*completions.At<std::uint32_t>(params.cq_off.tail))
             .load(std::memory_order_acquire) == 0) {
    if (Enter(ring, 1, 1, flags) < 0 && errno != EINTR) return -errno;
  }
  return completions.At<io_uring_cqe>(params.cq_off.cqes)->res;
}

}  // namespace procwall
