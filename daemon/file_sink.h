// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "daemon/event_sink.h"

namespace procwall {

// Events as lines of `procwall watch --json`, at the end of a file (mode 0640). When another file
// takes its name, or nobody has it any more (logrotate), the next events go to the new one. Never
// follows a symbolic link in its last part.
class FileSink final : public EventSink {
 public:
  static constexpr std::size_t kMostWaiting = std::size_t{256} << 10;

  explicit FileSink(std::string path);
  ~FileSink() override { Flush(); }

  bool Write(const v1::Event& event) override;
  void Flush() override;
  std::string Trouble() const override { return trouble_; }

 private:
  bool IsOpen();
  void WriteOut();

  const std::string path_;
  UniqueFd file_{};
  std::string waiting_{};
  std::string trouble_{};
};

}  // namespace procwall
