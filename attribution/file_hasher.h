// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "attribution/file_id.h"
#include "attribution/hashes.h"
#include "base/result.h"
#include "base/unique_fd.h"

struct evp_md_ctx_st;

namespace procwall {

// What a file was when it was looked at: equal states have equal contents.
struct FileState {
  FileId file{};
  std::uint64_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since the epoch
  std::int64_t changed = 0;   // likewise: the inode, which nobody can set back

  friend bool operator==(const FileState&, const FileState&) = default;
};
// kUnsupported: it is no regular file.
Result<FileState> ReadFileState(int fd);

// Computes the digests of a file, one step after the other, so that its thread can do other things
// between. Thread rule: one thread only.
class FileHasher {
 public:
  static constexpr std::size_t kStepBytes = std::size_t{1} << 20;
  static constexpr std::uint64_t kMaxFileBytes = std::uint64_t{512} << 20;

  // kTooLarge: more than kMaxFileBytes. kUnsupported: no regular file, or the library has not all
  // of these kinds.
  static Result<FileHasher> Begin(UniqueFd file, HashKinds kinds);

  const FileState& State() const { return state_; }
  HashKinds Kinds() const { return kinds_; }

  // Reads at most kStepBytes on. nullopt: there is more. kBusy: the file was changed meanwhile.
  Result<std::optional<Hashes>> Step();

 private:
  struct FreeContext {
    void operator()(evp_md_ctx_st* context) const;
  };
  using Context = std::unique_ptr<evp_md_ctx_st, FreeContext>;

  FileHasher(UniqueFd file, const FileState& state, HashKinds kinds);
  Result<Hashes> Finish();

  UniqueFd file_;
  FileState state_;
  HashKinds kinds_;
  Context md5_;  // null: not wanted
  Context sha1_;
  Context sha256_;
  std::vector<unsigned char> buffer_;
  std::uint64_t position_ = 0;
};

}  // namespace procwall

template <>
struct std::hash<procwall::FileState> {
  std::size_t operator()(const procwall::FileState& state) const noexcept {
    const std::hash<std::uint64_t> hash_of;
    return hash_of(state.file.inode * 0x9e3779b97f4a7c15U + state.file.device) ^
           hash_of(static_cast<std::uint64_t>(state.changed));
  }
};
