// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

#include "attribution/lineage.h"
#include "attribution/process.h"
#include "base/clock.h"

namespace procwall {

// What a process and the children that it forked since have in common: all but number, parent and
// ancestors, which are those of the process it was told of. Counts the bytes that it holds for as
// long as it lives.
class Image {
 public:
  // `total` must outlive it.
  Image(Process process, std::size_t& total) : total_(total) { Set(std::move(process)); }
  ~Image() { total_ -= bytes_; }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;

  const Process& Get() const { return *process_; }
  const ProcessPtr& Share() const { return process_; }
  void Set(Process process);
  unsigned Version() const { return version_; }  // counts Set()

 private:
  ProcessPtr process_;
  std::size_t bytes_ = 0;
  std::size_t& total_;
  unsigned version_ = 0;
};
using ImagePtr = std::shared_ptr<Image>;

// One program that a process ran, or runs.
struct Program {
  ProcessId id{};
  ProcessId parent{};
  std::uint64_t serial = 0;       // of the store, never given twice
  std::uint64_t exec_number = 0;  // 0: not known
  FileId executable{};            // as the kernel told, see FileIdOfKernel; else not known
  ImagePtr image{};               // null: not known yet. Of an ancestor, if no exec came between
  LineagePtr lineage{};           // its parent, at its birth, and so on; null: not known
  LineagePtr as_ancestor{};       // what its children got; null: it has none yet
  BootTime since{};               // when it was heard of
  BootTime looked{};              // when /proc was looked at for it, if ever
  BootTime confirmed{};           // when it was known to live and to run this
  BootTime ended{};               // when is_past
  bool is_past = false;           // the process is dead, or runs another program
  bool args_are_told = false;     // whole, by the kernel
  bool is_forked = false;         // it was told of at its birth: it runs what its parent ran then
  bool is_traced = false;         // the image is of the file that the kernel recorded of this exec,
                                  // or of the parent's
  bool is_used = false;           // a packet's owner; see ProcessRecords::Used()

  // Managed by the store.
  ProcessPtr described{};  // once it was asked for
  unsigned described_version = 0;
  std::size_t described_bytes = 0;
  Program* older = nullptr;    // the one before it, of that pid
  Program* younger = nullptr;  // the one after it
  std::list<Program>::iterator self{};
};

// A start time of 0 is not known, and compares equal.
inline bool IsOf(const Program& program, const ProcessId& id) {
  return program.id.pid == id.pid && (id.start_time == 0 || program.id.start_time == id.start_time);
}

// Programs by pid, the latest first, within a number and a size, and at most kMaxOfOnePid of one
// pid. The longest ended go first, then those whose last use was longest ago. Pointers are valid
// until the next call that is not const. Thread rule: the caller's lock.
class ProgramStore {
 public:
  static constexpr std::size_t kMaxOfOnePid = 64;

  ProgramStore(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}
  ProgramStore(const ProgramStore&) = delete;
  ProgramStore& operator=(const ProgramStore&) = delete;

  // The latest of that pid; older ones are behind it. Null: none.
  Program* Latest(Pid pid) const;
  // Null when it is forgotten.
  Program* FindSerial(Pid pid, std::uint64_t serial) const;
  // The latest of that pid from now on.
  Program& Insert(Program program);
  ImagePtr MakeImage(Process process) {
    return std::make_shared<Image>(std::move(process), bytes_);
  }
  // What was kept, if it is still what the image says; else null.
  static ProcessPtr Described(const Program& program);
  // Unless it is its image's own.
  void KeepDescribed(Program& program, ProcessPtr described);
  void End(Program& program, BootTime now);
  void Use(Program& program);
  // Forgets those that ended before `before`, and what is too much but for `spared`.
  void Trim(BootTime before, const Program* spared);

  const std::list<Program>& Living() const { return living_; }
  const std::list<Program>& Past() const { return past_; }
  std::size_t Bytes() const { return bytes_; }
  std::uint64_t Forgotten() const { return forgotten_; }  // for want of room

 private:
  void Forget(Program& program);
  void ForgetTheOldestOf(const Program& latest);

  std::size_t most_;
  std::size_t most_bytes_;
  std::size_t bytes_ = 0;  // of all images: it outlives them
  std::uint64_t last_serial_ = 0;
  std::uint64_t forgotten_ = 0;
  std::list<Program> living_;  // least recently used first
  std::list<Program> past_;    // longest ended first
  std::unordered_map<Pid, Program*> latest_;
};

}  // namespace procwall
