// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/program_store.h"

#include <iterator>
#include <string>

namespace procwall {
namespace {

// What a text needs besides its own 32 bytes.
std::size_t BytesOf(const std::string& text) {
  constexpr std::size_t kInPlace = 15;
  constexpr std::size_t kOfTheAllocator = 16;
  return text.size() <= kInPlace ? 0 : text.size() + kOfTheAllocator;
}

// The lists aside, which are shared.
std::size_t BytesOfTexts(const Process& process) {
  std::size_t bytes = sizeof(Process);
  for (const std::string* text : {&process.path, &process.script, &process.container, &process.unit,
                                  &process.working_directory, &process.comm}) {
    bytes += BytesOf(*text);
  }
  return bytes;
}

std::size_t BytesOf(const SharedList<std::string>& texts) {
  std::size_t bytes = 0;
  for (const std::string& text : texts) bytes += sizeof(std::string) + BytesOf(text);
  return bytes;
}

}  // namespace

void Image::Set(Process process) {
  process_ = std::make_shared<const Process>(std::move(process));
  total_ -= bytes_;
  bytes_ = BytesOfTexts(*process_) + BytesOf(process_->args);
  total_ += bytes_;
  ++version_;
}

ProcessPtr ProgramStore::Described(const Program& program) {
  const bool current =
      program.image != nullptr && program.described_version == program.image->Version();
  return current ? program.described : nullptr;
}

void ProgramStore::KeepDescribed(Program& program, ProcessPtr described) {
  if (described == program.image->Share()) return;
  bytes_ -= program.described_bytes;
  program.described_bytes = BytesOfTexts(*described);
  bytes_ += program.described_bytes;
  program.described = std::move(described);
  program.described_version = program.image->Version();
}

Program* ProgramStore::Latest(Pid pid) const {
  const auto found = latest_.find(pid);
  return found == latest_.end() ? nullptr : found->second;
}

Program* ProgramStore::FindSerial(Pid pid, std::uint64_t serial) const {
  Program* program = Latest(pid);
  while (program != nullptr && program->serial != serial) program = program->older;
  return program;
}

Program& ProgramStore::Insert(Program program) {
  program.serial = ++last_serial_;
  Program*& latest = latest_[program.id.pid];
  program.older = latest;
  living_.push_back(std::move(program));
  Program& inserted = living_.back();
  inserted.self = std::prev(living_.end());
  if (latest != nullptr) latest->younger = &inserted;
  latest = &inserted;
  ForgetTheOldestOf(inserted);
  return inserted;
}

// A process that does nothing but exec would make its list long, and each lookup in it.
void ProgramStore::ForgetTheOldestOf(const Program& latest) {
  Program* oldest = latest.older;
  for (std::size_t count = 2; oldest != nullptr && count <= kMaxOfOnePid; ++count) {
    oldest = oldest->older;
  }
  if (oldest == nullptr) return;
  Forget(*oldest);
  ++forgotten_;
}

void ProgramStore::End(Program& program, BootTime now) {
  if (program.is_past) return;
  program.is_past = true;
  program.ended = now;
  past_.splice(past_.end(), living_, program.self);
}

void ProgramStore::Use(Program& program) {
  if (!program.is_past) living_.splice(living_.end(), living_, program.self);
}

void ProgramStore::Forget(Program& program) {
  if (program.older != nullptr) program.older->younger = program.younger;
  if (program.younger != nullptr) {
    program.younger->older = program.older;
  } else if (program.older != nullptr) {
    latest_[program.id.pid] = program.older;
  } else {
    latest_.erase(program.id.pid);
  }
  bytes_ -= program.described_bytes;
  (program.is_past ? past_ : living_).erase(program.self);
}

void ProgramStore::Trim(BootTime before, const Program* spared) {
  while (!past_.empty() && past_.front().ended < before) Forget(past_.front());
  while (living_.size() + past_.size() > most_ || bytes_ > most_bytes_) {
    std::list<Program>& list = past_.empty() ? living_ : past_;
    if (list.empty() || &list.front() == spared) return;
    Forget(list.front());
    ++forgotten_;
  }
}

}  // namespace procwall
