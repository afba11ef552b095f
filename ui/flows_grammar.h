// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <string>

#include "ui/flows_options.h"

namespace CLI {
class App;
}  // namespace CLI

namespace procwall {

// The commands `procwall flows` and `procwall flows cut`, and the values their options go to. Must
// live as long as the command line is being read.
class FlowsGrammar {
 public:
  // The outer command, as it was added.
  CLI::App* AddTo(CLI::App& app);
  CLI::App* CutCommand() const { return cut_; }

  bool IsCut() const;
  FlowsOptions Chosen() const;
  // What is wrong with it, for people; empty: nothing.
  std::string WrongCut() const;
  FlowsCutOptions ChosenCut() const;

 private:
  void AddFilter(CLI::App& command);
  v1::FlowFilter Filter() const;

  CLI::App* cut_ = nullptr;
  std::string program_;
  std::int32_t pid_ = 0;
  std::string protocol_;
  std::string network_;
  std::uint32_t port_ = 0;
  std::string host_;
  std::string rule_;
  std::uint64_t id_ = 0;
  bool watch_ = false;
  std::uint64_t count_ = 0;
  bool yes_ = false;
};

}  // namespace procwall
