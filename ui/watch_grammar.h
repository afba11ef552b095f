// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ui/watch_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace procwall {

// The command `procwall watch`, and the values its options go to. Must live as long as the command
// line is being read.
class WatchGrammar {
 public:
  // The command, as it was added.
  CLI::App* AddTo(CLI::App& app);
  WatchOptions Chosen() const;

 private:
  WatchOptions options_;
  std::optional<std::uint32_t> recent_;
  std::vector<std::string> actions_;
  std::string destination_;
  bool evidence_ = false;
  bool number_ = false;
};

}  // namespace procwall
