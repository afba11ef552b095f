// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "ui/explain_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace procwall {

// The command `procwall explain`, and the values its options go to. Must live as long as the
// command line is being read.
class ExplainGrammar {
 public:
  // The command, as it was added.
  CLI::App* AddTo(CLI::App& app);
  ExplainOptions Chosen() const;

 private:
  std::string event_;
  std::int32_t pid_ = 0;
  std::string protocol_ = "tcp";
  std::string from_;
  std::string to_;
};

}  // namespace procwall
