// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "daemon/tls_files.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <spdlog/spdlog.h>

#include "base/background_thread.h"
#include "base/file.h"
#include "base/printable.h"

namespace procwall {
namespace {

constexpr std::size_t kMaxPemBytes = std::size_t{1} << 20;

using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

std::string Wrong(const char* setting, const std::string& file, const std::string& what) {
  return fmt::format("Procwall.ApiTls.{}: {}{}", setting, Printable(file), what);
}

Bio BioOf(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

int NoPassphrase(char* /*buffer*/, int /*size*/, int /*is_writing*/, void* /*unused*/) { return 0; }

Key ParseKey(const std::string& pem) {
  Key key(PEM_read_bio_PrivateKey(BioOf(pem).get(), nullptr, &NoPassphrase, nullptr),
          &EVP_PKEY_free);
  ERR_clear_error();
  return key;
}

// Nothing: the text ends in the middle of one, or one of them is damaged.
std::optional<std::vector<Certificate>> ParseCertificates(const std::string& pem) {
  std::vector<Certificate> certificates;
  const Bio bio = BioOf(pem);
  while (X509* const next = PEM_read_bio_X509(bio.get(), nullptr, &NoPassphrase, nullptr)) {
    certificates.emplace_back(next, &X509_free);
  }
  const auto error = ERR_peek_last_error();
  ERR_clear_error();
  const bool is_end =
      ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
  if (!is_end) return std::nullopt;
  return certificates;
}

// Others must not have read it, and nobody but its owner may have written it.
std::optional<std::string> WhyNotSecret(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    return Wrong("Key", file, ": " + SystemError(errno, "stat").ToString());
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    return Wrong("Key", file, fmt::format(" belongs to user {}: it must be root's", status.st_uid));
  }
  if ((status.st_mode & 0027U) == 0) return std::nullopt;
  return Wrong("Key", file,
               fmt::format(" has mode {:04o}: others may read or change it; chmod 0600",
                           status.st_mode & 07777U));
}

std::optional<std::string> Read(const char* setting, const std::string& file, std::string& text) {
  auto read = ReadFileAt(AT_FDCWD, file.c_str(), kMaxPemBytes);
  if (!read) return Wrong(setting, file, ": " + read.error().ToString());
  text = *std::move(read);
  return std::nullopt;
}

std::optional<std::string> WhyNotCertificates(const char* setting, const std::string& file,
                                              const std::string& pem) {
  const auto certificates = ParseCertificates(pem);
  if (!certificates) return Wrong(setting, file, " ends within a certificate, or one is damaged");
  if (certificates->empty()) {
    return Wrong(setting, file, " is not in PEM: it has no \"-----BEGIN CERTIFICATE-----\"");
  }
  return std::nullopt;
}

std::optional<std::string> WhyNotFitting(const ApiTlsSettings& tls, const TlsTexts& texts) {
  const Key key = ParseKey(texts.key);
  if (!key) {
    return Wrong("Key", tls.key, " is no private key in PEM, ends too early, or has a passphrase");
  }
  if (auto wrong = WhyNotCertificates("Certificate", tls.certificate, texts.certificate)) {
    return wrong;
  }
  if (auto wrong = WhyNotCertificates("ClientCa", tls.client_ca, texts.client_ca)) return wrong;
  const bool fits =
      X509_check_private_key(ParseCertificates(texts.certificate)->front().get(), key.get()) == 1;
  ERR_clear_error();
  if (fits) return std::nullopt;
  return Wrong("Key", tls.key,
               " is not the key of the first certificate in " + Printable(tls.certificate));
}

// A file in memory with this text.
Result<UniqueFd> MakeCopy(const std::string& text) {
  UniqueFd copy(::memfd_create("tls", MFD_CLOEXEC));
  if (!copy.IsOpen()) return SystemError(errno, "memfd_create");
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(copy.UnsafeFd(), text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return SystemError(errno, "write a copy");
    written += static_cast<std::size_t>(count);
  }
  return copy;
}

Result<std::array<UniqueFd, 3>> MakeCopies(const TlsTexts& texts) {
  return std::array<UniqueFd, 3>{PROCWALL_TRY(MakeCopy(texts.key)),
                                 PROCWALL_TRY(MakeCopy(texts.certificate)),
                                 PROCWALL_TRY(MakeCopy(texts.client_ca))};
}

}  // namespace

tl::expected<TlsTexts, std::string> ReadTlsFiles(const ApiTlsSettings& tls) {
  if (auto wrong = WhyNotSecret(tls.key)) return tl::unexpected(*std::move(wrong));
  TlsTexts texts;
  for (auto& wrong :
       {Read("Key", tls.key, texts.key), Read("Certificate", tls.certificate, texts.certificate),
        Read("ClientCa", tls.client_ca, texts.client_ca)}) {
    if (wrong) return tl::unexpected(*wrong);
  }
  if (auto wrong = WhyNotFitting(tls, texts)) return tl::unexpected(*std::move(wrong));
  return texts;
}

tl::expected<std::unique_ptr<TlsFiles>, std::string> TlsFiles::Open(const ApiTlsSettings& tls,
                                                                    std::chrono::milliseconds age) {
  auto texts = ReadTlsFiles(tls);
  if (!texts) return tl::unexpected(std::move(texts).error());
  auto copies = MakeCopies(*texts);
  if (!copies) return tl::unexpected(copies.error().ToString());
  auto ending = Wakeup::Create();
  if (!ending) return tl::unexpected(ending.error().ToString());
  return std::make_unique<TlsFiles>(tls, *std::move(texts), *std::move(copies), *std::move(ending),
                                    age);
}

TlsFiles::TlsFiles(ApiTlsSettings tls, TlsTexts first, std::array<UniqueFd, 3> copies,
                   Wakeup ending, std::chrono::milliseconds age)
    : tls_(std::move(tls)),
      texts_(std::move(first)),
      copies_(std::move(copies)),
      ending_(std::move(ending)),
      age_(age),
      thread_([this] { Run(); }) {}

TlsFiles::~TlsFiles() {
  stopping_.store(true);
  ending_.Wake();
  thread_.join();
}

std::string TlsFiles::PathOf(std::size_t copy) const {
  return fmt::format("/proc/self/fd/{}", copies_.at(copy).UnsafeFd());
}

void TlsFiles::Run() {
  BeginBackgroundThread("tls-files");
  while (!stopping_.load()) {
    pollfd waiting{ending_.UnsafeFd(), POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(age_.count())) < 0 && errno != EINTR) return;
    if (stopping_.load()) return;
    Look();
    looks_.fetch_add(1);
  }
}

void TlsFiles::Look() {
  auto texts = ReadTlsFiles(tls_);
  const std::string wrong = texts ? "" : texts.error();
  if (!wrong.empty() && wrong != told_) {
    spdlog::warn("event=tls_files_refused, the former ones stay in force: {}", wrong);
  }
  told_ = wrong;
  if (!texts || *texts == texts_) return;
  const auto fresh = MakeCopies(*texts);
  if (!fresh) return;  // no descriptors or no memory: another time
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    (void)::dup3(fresh->at(i).UnsafeFd(), copies_.at(i).UnsafeFd(), O_CLOEXEC);
  }
  texts_ = *std::move(texts);
  spdlog::info("event=tls_files_taken certificate=\"{}\"", Printable(tls_.certificate));
}

}  // namespace procwall
