// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/file_hasher.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

namespace procwall {
namespace {

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

// Empty: the library failed.
std::string Digest(EVP_MD_CTX* context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned size = 0;
  if (EVP_DigestFinal_ex(context, digest.data(), &size) != 1) return {};
  std::string text;
  for (const unsigned char byte : std::span(digest).first(size)) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

}  // namespace

Result<FileState> ReadFileState(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return SystemError(errno, "look at executable");
  if (!S_ISREG(status.st_mode)) return Error{Errc::kUnsupported, 0, "hash what is no file"};
  return FileState{.file = {.device = status.st_dev, .inode = status.st_ino},
                   .size = static_cast<std::uint64_t>(status.st_size),
                   .modified = Nanoseconds(status.st_mtim),
                   .changed = Nanoseconds(status.st_ctim)};
}

void FileHasher::FreeContext::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

FileHasher::FileHasher(UniqueFd file, const FileState& state, HashKinds kinds)
    : file_(std::move(file)), state_(state), kinds_(kinds), buffer_(kStepBytes) {}

Result<FileHasher> FileHasher::Begin(UniqueFd file, HashKinds kinds) {
  const FileState state = PROCWALL_TRY(ReadFileState(file.UnsafeFd()));
  if (state.size > kMaxFileBytes) return Error{Errc::kTooLarge, 0, "hash file"};
  FileHasher hasher(std::move(file), state, kinds);
  const auto begin = [](const EVP_MD* kind) {
    Context context(EVP_MD_CTX_new());
    if (context && EVP_DigestInit_ex(context.get(), kind, nullptr) != 1) context.reset();
    return context;
  };
  if (kinds.md5) hasher.md5_ = begin(EVP_md5());
  if (kinds.sha1) hasher.sha1_ = begin(EVP_sha1());
  if (kinds.sha256) hasher.sha256_ = begin(EVP_sha256());
  const bool lacks_any = (kinds.md5 && !hasher.md5_) || (kinds.sha1 && !hasher.sha1_) ||
                         (kinds.sha256 && !hasher.sha256_);
  if (lacks_any) return Error{Errc::kUnsupported, 0, "begin digest"};  // OpenSSL in FIPS mode
  return hasher;
}

Result<std::optional<Hashes>> FileHasher::Step() {
  ssize_t n = -1;
  do {
    n = ::pread(file_.UnsafeFd(), buffer_.data(), buffer_.size(), static_cast<off_t>(position_));
  } while (n < 0 && errno == EINTR);
  if (n < 0) return SystemError(errno, "read executable");
  if (n == 0) return std::optional(PROCWALL_TRY(Finish()));
  position_ += static_cast<std::uint64_t>(n);
  if (position_ > state_.size) return Error{Errc::kBusy, 0, "hash file"};  // it grows
  for (EVP_MD_CTX* const context : {md5_.get(), sha1_.get(), sha256_.get()}) {
    if (context == nullptr) continue;
    if (EVP_DigestUpdate(context, buffer_.data(), static_cast<std::size_t>(n)) != 1) {
      return Error{Errc::kUnsupported, 0, "update digest"};
    }
  }
  return std::optional<Hashes>();
}

Result<Hashes> FileHasher::Finish() {
  const FileState now = PROCWALL_TRY(ReadFileState(file_.UnsafeFd()));
  if (now != state_ || position_ != state_.size) return Error{Errc::kBusy, 0, "hash file"};
  Hashes hashes;
  if (md5_) hashes.md5 = Digest(md5_.get());
  if (sha1_) hashes.sha1 = Digest(sha1_.get());
  if (sha256_) hashes.sha256 = Digest(sha256_.get());
  return hashes;
}

}  // namespace procwall
