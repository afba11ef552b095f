// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <tl/expected.hpp>

#include "base/unique_fd.h"
#include "base/wakeup.h"
#include "daemon/settings.h"

namespace procwall {

// A server's key, its certificates (its own first) and the authority of its clients, in PEM.
struct TlsTexts {
  std::string key{};
  std::string certificate{};
  std::string client_ca{};
  bool operator==(const TlsTexts&) const = default;
};

// Reads the files that the settings name. The error names the setting, the file and what is wrong,
// for people: not to be read, others may read the key, no PEM or half of it, a key that is not the
// certificate's. Keys with a passphrase are refused: nobody is there to be asked.
tl::expected<TlsTexts, std::string> ReadTlsFiles(const ApiTlsSettings& tls);

// gRPC reads key and certificates from files again and again, and takes whatever is there: a half
// written one, or one without its key, locks every client out. So it is given copies in memory,
// which are replaced when all three files are right and fit together; what is not is told of in the
// log, and the former ones stay in force. Thread rule: construct and destroy on one thread, the
// rest from any; looks at the files on a thread of its own, "tls-files".
class TlsFiles {
 public:
  // `age`: how old a copy may be.
  static tl::expected<std::unique_ptr<TlsFiles>, std::string> Open(const ApiTlsSettings& tls,
                                                                   std::chrono::milliseconds age);
  // Use Open().
  TlsFiles(ApiTlsSettings tls, TlsTexts first, std::array<UniqueFd, 3> copies, Wakeup ending,
           std::chrono::milliseconds age);
  ~TlsFiles();
  TlsFiles(const TlsFiles&) = delete;
  TlsFiles& operator=(const TlsFiles&) = delete;

  // Paths of the copies, which hold in this process while this object lives. Each is replaced as a
  // whole, with another time of change: a reader that looks at the times before and after it has
  // read several knows whether they belong together.
  std::string KeyPath() const { return PathOf(0); }
  std::string CertificatePath() const { return PathOf(1); }
  std::string ClientCaPath() const { return PathOf(2); }
  // How often the files have been looked at since Open().
  std::uint64_t Looks() const { return looks_.load(); }

 private:
  void Run();
  void Look();
  std::string PathOf(std::size_t copy) const;

  const ApiTlsSettings tls_;
  TlsTexts texts_;  // as they are in the copies
  std::string told_{};
  std::array<UniqueFd, 3> copies_;
  const Wakeup ending_;
  const std::chrono::milliseconds age_;
  std::atomic<std::uint64_t> looks_{0};
  std::atomic<bool> stopping_{false};
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace procwall
