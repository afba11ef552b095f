// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "ui/log_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace procwall {

// The command `procwall log`, and the values its options go to. Must live as long as the command
// line is being read.
class LogGrammar {
 public:
  // The command, as it was added.
  CLI::App* AddTo(CLI::App& app);
  LogOptions Chosen() const;

 private:
  LogOptions options_;
  std::string action_;
  std::string sum_;
  bool reverse_ = false;
};

}  // namespace procwall
