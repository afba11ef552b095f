// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "rules/list_directory.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/directory_names.h"
#include "base/file.h"
#include "base/printable.h"
#include "rules/line_reader.h"
#include "rules/list_line.h"
#include "rules/trusted_file.h"

namespace procwall {
namespace {

using Reason = std::string;

// One for each kind of list: takes lines, and makes the list of them in the end.
class DomainLines {
 public:
  std::optional<Reason> Take(std::string_view line) {
    const auto read = ReadDomainLine(line, names_);
    if (!read) return Reason(read.error());
    for (const std::string_view name : names_) domains_.Add(name);
    return std::nullopt;
  }
  List Make() {
    domains_.ShrinkToFit();
    return List(std::move(domains_));
  }

 private:
  std::vector<std::string_view> names_;
  DomainSet domains_;
};

class PatternLines {
 public:
  explicit PatternLines(LetterCase letter_case) : letter_case_(letter_case) {}
  std::optional<Reason> Take(std::string_view line) {
    const std::string_view text = ReadPatternLine(line);
    if (text.empty()) return std::nullopt;
    if (patterns_.size() == kMaxListPatterns) {
      return fmt::format("more than the {} patterns a list may have", kMaxListPatterns);
    }
    if (!seen_.emplace(text).second) return std::nullopt;
    auto pattern = Pattern::Compile(text, letter_case_);
    if (!pattern) return "not a regular expression: " + Printable(pattern.error());
    patterns_.push_back(*std::move(pattern));
    return std::nullopt;
  }
  List Make() { return List(PatternSet(std::move(patterns_))); }

 private:
  LetterCase letter_case_;
  std::set<std::string> seen_;
  std::vector<Pattern> patterns_;
};

class NetworkLines {
 public:
  std::optional<Reason> Take(std::string_view line) {
    const auto read = ReadNetworkLine(line);
    if (!read) return Reason(read.error());
    if (*read) networks_.push_back(**read);
    return std::nullopt;
  }
  List Make() { return List(AddressSet(networks_)); }

 private:
  std::vector<Prefix> networks_;
};

class DigestLines {
 public:
  std::optional<Reason> Take(std::string_view line) {
    const auto read = ReadDigestLine(line);
    if (!read) return Reason(read.error());
    if (*read) digests_.push_back(**read);
    return std::nullopt;
  }
  List Make() { return List(DigestSet(std::move(digests_))); }

 private:
  std::vector<Md5> digests_;
};

bool IsListFileName(std::string_view name) {
  return !name.starts_with('.') && name.find('.') != std::string_view::npos;
}

Result<std::set<std::string>> ListFilesIn(const UniqueFd& directory) {
  std::set<std::string> names;
  PROCWALL_TRY_STATUS(VisitNames(directory, [&](const DirectoryName& name) {
    if (!name.is_directory && IsListFileName(name.text)) names.emplace(name.text);
    return true;
  }));
  return names;
}

// Reads the files of one directory, line by line.
template <typename Lines>
class Reading {
 public:
  Reading(const std::string& directory, uid_t reader, Lines& lines, ListReport& report)
      : directory_(directory), reader_(reader), lines_(lines), report_(report) {}

  void ReadAll() {
    const auto directory = OpenAt(AT_FDCWD, directory_.c_str(), O_RDONLY | O_DIRECTORY);
    if (!directory) return Miss(directory_, "cannot be read: " + directory.error().ToString());
    struct stat status {};
    if (::fstat(directory->UnsafeFd(), &status) == 0) {
      if (auto reason = WhyNotTrusted(status, reader_)) return Miss(directory_, *reason);
    }
    const auto names = ListFilesIn(*directory);
    if (!names) return Miss(directory_, "cannot be read: " + names.error().ToString());
    for (const std::string& name : *names) ReadOne(directory->UnsafeFd(), name);
  }

 private:
  void ReadOne(int directory_fd, const std::string& name) {
    const std::string path = directory_ + "/" + name;
    const auto file = OpenTrustedFile(directory_fd, name, kMaxListFileBytes, reader_);
    if (!file) return Miss(path, file.error());
    if (!*file) return;  // gone since its name was read
    ++report_.files;
    LineReader reader((*file)->UnsafeFd(), std::min(kMaxListFileBytes, kMaxListBytes - bytes_));
    for (int number = 1;; ++number) {
      const auto line = reader.Next();
      if (!line && line.error().code == Errc::kTooLarge) {
        return Miss(path, fmt::format("larger than the {} bytes the files of a list may have",
                                      kMaxListBytes));
      }
      if (!line) return Miss(path, "cannot be read: " + line.error().ToString());
      if (!*line) break;
      auto reason = (*line)->size() > LineReader::kLongestLine
                        ? fmt::format("longer than {} bytes", LineReader::kLongestLine)
                        : lines_.Take(**line);
      if (reason) PassOver({path, number, 0, *std::move(reason)});
    }
    bytes_ += reader.BytesRead();
  }

  void Miss(const std::string& path, std::string reason) {
    report_.missing.push_back({path, 0, 0, std::move(reason)});
  }
  void PassOver(RuleError line) {
    ++report_.bad_lines;
    if (report_.named.size() < kMaxNamedBadLines) report_.named.push_back(std::move(line));
  }

  const std::string& directory_;
  uid_t reader_;
  Lines& lines_;
  ListReport& report_;
  std::size_t bytes_ = 0;
};

template <typename Lines>
ReadList ReadWith(Lines lines, const std::string& directory, uid_t reader) {
  ListReport report;
  Reading(directory, reader, lines, report).ReadAll();
  auto list = std::make_shared<const List>(lines.Make());
  report.entries = list->Size();
  return {std::move(list), std::move(report)};
}

}  // namespace

ReadList ReadListDirectory(const std::string& directory, ListKind kind, uid_t reader) {
  switch (kind) {
    case ListKind::kDomains:
      return ReadWith(DomainLines(), directory, reader);
    case ListKind::kPatterns:
      return ReadWith(PatternLines(LetterCase::kIgnored), directory, reader);
    case ListKind::kSensitivePatterns:
      return ReadWith(PatternLines(LetterCase::kMatters), directory, reader);
    case ListKind::kDigests:
      return ReadWith(DigestLines(), directory, reader);
    case ListKind::kAddresses:
      break;
  }
  return ReadWith(NetworkLines(), directory, reader);
}

}  // namespace procwall
