// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
// Whatever a terminal sends: keys, and what the dialogue makes of them on a screen of any size.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "ui/ask_screen.h"
#include "ui/key_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  procwall::AskDialogue dialogue;
  procwall::AskDialogue::Time now{};
  for (std::uint64_t id = 1; id <= 3; ++id) {
    procwall::v1::QuestionsResponse asked;
    asked.mutable_asked()->set_id(id);
    asked.mutable_asked()->mutable_event()->set_dst_host(bytes.substr(0, 40));
    (void)dialogue.OnResponse(asked, now);
  }
  procwall::KeyReader reader;
  procwall::UserNames users;
  for (const procwall::Key& key : reader.Read(bytes)) {
    now += std::chrono::seconds(1);
    (void)dialogue.OnKey(key, now);
    const procwall::ScreenSize screen{static_cast<unsigned char>(key.character), size % 64};
    const auto lines = AskScreen(dialogue, screen, {}, users);
    if (lines.size() > screen.height) std::abort();
    for (const procwall::StyledText& line : lines) {
      if (line.Width() > screen.width) std::abort();
    }
  }
  return 0;
}
