// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "daemon/opensnitch_wire.h"

namespace procwall {

// A wire without a GUI: notes what is called and written, and the test says what arrives.
class FakeGuiWire final : public GuiWire {
 public:
  struct Called {
    std::uint64_t number = 0;
    std::string method{};
    std::string request{};
  };

  std::uint64_t Call(const char* method, std::string request,
                     std::chrono::milliseconds /*timeout*/) override {
    calls.push_back({calls.size() + 1, method, std::move(request)});
    return calls.size();
  }
  void Cancel(std::uint64_t call) override { cancelled.push_back(call); }
  void OpenStream(const char* method) override { stream = method; }
  bool Write(std::string message) override {
    if (is_stuck) return false;
    written.push_back(std::move(message));
    return true;
  }
  std::deque<Arrival> Take() override { return std::exchange(arrivals, {}); }

  std::vector<Called> calls;
  std::vector<std::uint64_t> cancelled;
  std::string stream;
  std::vector<std::string> written;
  bool is_stuck = false;
  std::deque<Arrival> arrivals;
};

}  // namespace procwall
