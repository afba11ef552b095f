// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is POSIX, not C++

namespace procwall {

// A directory of its own, removed with all that is in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "procwall-test-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  std::string Path(std::string_view name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  void Write(std::string_view name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }

 private:
  std::filesystem::path path_;
};

// The text of a rule that allows `path`, as small as it can be.
inline std::string AllowText(std::string_view name, std::string_view path) {
  return R"({"name":")" + std::string(name) +
         R"(","enabled":true,"action":"allow","duration":"always",)" +
         R"("operator":{"type":"simple","operand":"process.path","data":")" + std::string(path) +
         R"("}})";
}

}  // namespace procwall
