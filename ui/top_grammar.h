// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <string>

#include "ui/top_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace procwall {

// The command `procwall top`, and the values its options go to. Must live as long as the command
// line is being read.
class TopGrammar {
 public:
  // The command, as it was added.
  CLI::App* AddTo(CLI::App& app);
  TopOptions Chosen() const;

 private:
  TopOptions options_;
  double interval_ = 2;
  std::string sort_ = "rate";
};

}  // namespace procwall
