// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "ui/rules_transfer.h"

#include "tests/unit/ui/rules_world.h"

namespace procwall {
namespace {

class RulesTransfer : public RulesWorld {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(directory_ / "other");
    Write("other/z.json", R"({"name":"z","enabled":true,"action":"deny","mine":1,)"
                          R"("operator":{"type":"simple","operand":"dest.port","data":"25"}})");
  }
};

TEST_F(RulesTransfer, ImportsTheFilesOfADirectoryWithWhatNobodyKnows) {
  EXPECT_EQ(Rules({"import", directory_ / "other"}), kSuccess);
  EXPECT_EQ(out_.str(), "imported " + directory_ / "z.json" + " z\n");
  EXPECT_NE(Read("z.json").find("\"mine\": 1"), std::string::npos);
}

TEST_F(RulesTransfer, ImportKeepsWhatIsThere) {
  WriteRule("z", "allow");
  EXPECT_EQ(Rules({"import", directory_ / "other/z.json"}), kFailed);
  EXPECT_EQ(out_.str(),
            "kept " + directory_ / "z.json" + " it is there already; --replace replaces it\n");
  EXPECT_EQ(Rules({"import", "--replace", directory_ / "other/z.json"}), kSuccess);
  EXPECT_NE(Read("z.json").find("dest.port"), std::string::npos);
}

TEST_F(RulesTransfer, ImportRefusesWhatIsWrongAndGoesOn) {
  Write("other/a.json", "{");
  EXPECT_EQ(Rules({"import", directory_ / "other"}), kFailed);
  EXPECT_TRUE(out_.str().starts_with("refused " + directory_ / "other/a.json" + ":1:"))
      << out_.str();
  EXPECT_TRUE(Exists("z.json"));
}

TEST_F(RulesTransfer, ImportRefusesASecondSourceOfARule) {
  Write("other/z2.json", R"({"name":"z","enabled":true,"action":"allow",)"
                         R"("operator":{"type":"simple","operand":"dest.port","data":"26"}})");
  EXPECT_EQ(Rules({"import", "--replace", directory_ / "other"}), kFailed);
  EXPECT_EQ(out_.str(), "imported " + directory_ / "z.json" + " z\nrefused " +
                            directory_ / "other/z2.json" + ": " + directory_ / "other/z.json" +
                            " has the rule \"z\" too\n");
  EXPECT_NE(Read("z.json").find("\"25\""), std::string::npos);
}

// The aliases lie beside the rule directory.
TEST_F(RulesTransfer, KnowsTheNamesOfNetworks) {
  std::filesystem::create_directory(directory_ / "rules");
  Write("network_aliases.json", R"({"OFFICE": ["192.0.2.0/24"]})");
  Write("other/z.json",
        R"({"name":"z","enabled":true,"action":"deny",)"
        R"("operator":{"type":"network","operand":"dest.network","data":"OFFICE"}})");
  const auto rules = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "rules");
    arguments.insert(arguments.end(), {"--rules-path", directory_ / "rules"});
    return RunWith(arguments);
  };
  EXPECT_EQ(rules({"import", directory_ / "other/z.json"}), kSuccess) << out_.str();
  EXPECT_EQ(rules({"disable", "z"}), kSuccess) << err_.str();
  EXPECT_EQ(rules({"enable", "z"}), kSuccess) << err_.str();
}

TEST_F(RulesTransfer, ImportOnlySaysWhatItWouldDo) {
  EXPECT_EQ(Rules({"import", "--dry-run", directory_ / "other"}), kSuccess);
  EXPECT_FALSE(Exists("z.json"));
}

TEST_F(RulesTransfer, ImportSaysWhatItCannotRead) {
  EXPECT_EQ(Rules({"import", "/nowhere.json"}), kUsage);
}

TEST_F(RulesTransfer, ReadsBackWhatItExports) {
  WriteRule("a", "allow");
  WriteRule("b", "deny");
  EXPECT_EQ(Rules({"export", "b"}), kSuccess);
  input_ = out_.str();
  EXPECT_EQ(Rules({"remove", "--yes", "b"}), kSuccess);
  EXPECT_EQ(Rules({"import", "-"}), kSuccess);
  EXPECT_TRUE(Exists("b.json"));
  EXPECT_EQ(Rules({"export"}), kSuccess);
  EXPECT_EQ(out_.str().find(input_), out_.str().find('\n') + 1);
}

TEST_F(RulesTransfer, ExportsFiles) {
  WriteRule("a", "allow");
  EXPECT_EQ(Rules({"export", "--to", directory_ / "copies"}), kSuccess);
  EXPECT_TRUE(Exists("copies/a.json"));
  EXPECT_EQ(Rules({"export", "nobody"}), kFailed);
}

TEST_F(RulesTransfer, ExportsWhatNobodyKnowsToo) {
  EXPECT_EQ(Rules({"import", directory_ / "other"}), kSuccess);
  EXPECT_EQ(Rules({"export", "--to", directory_ / "copies"}), kSuccess);
  EXPECT_NE(Read("copies/z.json").find("\"mine\": 1"), std::string::npos);
}

TEST_F(RulesTransfer, TellsProgramsWhatBecameOfEach) {
  Write("other/a.json", "{");
  EXPECT_EQ(Rules({"import", directory_ / "other", "--json"}), kFailed);
  EXPECT_TRUE(out_.str().starts_with(R"({"what":"refused","name":"","file":")" +
                                     (directory_ / "other/a.json") + R"(","why":")"))
      << out_.str();
  EXPECT_NE(out_.str().find(R"({"what":"imported","name":"z","file":")" + (directory_ / "z.json")),
            std::string::npos)
      << out_.str();
  EXPECT_EQ(Rules({"export", "--to", directory_ / "copies", "--json"}), kSuccess);
  EXPECT_EQ(out_.str(), R"({"what":"exported","name":"z","file":")" +
                            (directory_ / "copies/z.json") + "\",\"why\":\"\"}\n");
}

}  // namespace
}  // namespace procwall
