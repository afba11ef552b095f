// SPDX-License-Identifier: GPL-3.0-or-later
// SPDX-FileCopyrightText: The Procwall authors
#include "attribution/script.h"

#include <sstream>
#include <vector>

#include <gtest/gtest.h>

namespace procwall {
namespace {

// The words of a line without quotes; "~" stands for a blank within a word.
SharedList<std::string> Words(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream stream(line);
  for (std::string word; stream >> word;) {
    for (char& letter : word) letter = letter == '~' ? ' ' : letter;
    words.push_back(word);
  }
  return words;
}

std::string Script(const std::string& executable, const std::string& line) {
  return ScriptOf(executable, Words(line), "/home/u");
}

struct Case {
  const char* executable;
  const char* line;
  const char* script;
};

void Expect(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    EXPECT_EQ(Script(one.executable, one.line), one.script) << one.executable << ": " << one.line;
  }
}

TEST(ScriptOf, IsTheFirstWordAfterPythonsOptions) {
  Expect({{"/usr/bin/python3.11", "python3 /x/y.py", "/x/y.py"},
          {"/usr/bin/python3.11", "python3 -u -W ignore -Xdev /x/y.py -c 1", "/x/y.py"},
          {"/usr/bin/python3.11", "python3 -uW ignore /x/y.py", "/x/y.py"},
          {"/usr/bin/python2.7", "python -- -c", "/home/u/-c"},
          {"/opt/pypy3.10/bin/pypy3.10", "pypy3 y.py", "/home/u/y.py"}});
}

TEST(ScriptOf, IsNoneWherePythonRunsCodeOrAModule) {
  Expect({{"/usr/bin/python3.11", "python3 -c print(1) /x/y.py", ""},
          {"/usr/bin/python3.11", "python3 -Ic print(1)", ""},
          {"/usr/bin/python3.11", "python3 -m http.server", ""},
          {"/usr/bin/python3.11", "python3 -mhttp.server /x/y.py", ""},
          {"/usr/bin/python3.11", "python3 - /x/y.py", ""},
          {"/usr/bin/python3.11", "python3", ""}});
}

TEST(ScriptOf, KnowsTheShells) {
  Expect({{"/usr/bin/bash", "bash /x/run.sh a b", "/x/run.sh"},
          {"/usr/bin/bash", "bash -eo pipefail /x/run.sh", "/x/run.sh"},
          {"/usr/bin/bash", "bash +x --norc --rcfile /etc/rc run.sh", "/home/u/run.sh"},
          {"/usr/bin/dash", "/bin/sh ./install.sh", "/home/u/install.sh"},
          {"/usr/bin/bash", "bash -c curl~x", ""},
          {"/usr/bin/bash", "bash -lc curl~x", ""},
          {"/usr/bin/bash", "bash -s < /x", ""},
          {"/usr/bin/bash", "-bash", ""},
          {"/usr/bin/fish", "fish -C ls /x/y.fish", "/x/y.fish"}});
}

TEST(ScriptOf, AsksBusyboxWhatItIs) {
  Expect({{"/bin/busybox", "/bin/sh /x/run.sh", "/x/run.sh"},
          {"/bin/busybox", "busybox ash /x/run.sh", "/x/run.sh"},
          {"/bin/busybox", "wget http://x/", ""},
          {"/bin/busybox", "busybox", ""}});
}

TEST(ScriptOf, KnowsOtherInterpreters) {
  Expect(
      {{"/usr/bin/perl", "/usr/bin/perl -w~-T /x/y.pl", "/x/y.pl"},
       {"/usr/bin/perl5.36.0", "perl -Mstrict -I lib -i.bak y.pl", "/home/u/y.pl"},
       {"/usr/bin/perl", "perl -ne print /x", ""},
       {"/usr/bin/ruby3.1", "ruby -rjson y.rb", "/home/u/y.rb"},
       {"/usr/bin/ruby3.1", "ruby -e p", ""},
       {"/usr/bin/node", "node --require ./a.js --max-old-space-size=99 app.js", "/home/u/app.js"},
       {"/usr/bin/node", "node -e 1 app.js", ""},
       {"/usr/bin/node", "node --eval=1 app.js", ""},
       {"/usr/bin/php8.2", "php -d a=b -f /x/y.php", "/x/y.php"},
       {"/usr/bin/php8.2", "php -r 1", ""},
       {"/usr/bin/lua5.4", "lua -l m y.lua", "/home/u/y.lua"},
       {"/usr/bin/tclsh8.6", "tclsh y.tcl", "/home/u/y.tcl"},
       {"/usr/bin/mawk", "awk -F : -f y.awk file", "/home/u/y.awk"},
       {"/usr/bin/mawk", "awk {print} file", ""},
       {"/usr/lib/jvm/java-17/bin/java", "java -Xmx1g -cp a:b -jar app.jar", "/home/u/app.jar"},
       {"/usr/lib/jvm/java-17/bin/java", "java -cp a.jar Main", ""}});
}

TEST(ScriptOf, DoesNotGuessWhatItDoesNotUnderstand) {
  Expect({{"/usr/bin/python3", "python3 -Z /x/y.py", ""},
          {"/usr/bin/node", "node --new-option value app.js", ""},
          {"/usr/bin/bash", "bash --what /x/run.sh", ""},
          {"/usr/lib/jvm/java-17/bin/java", "java -verbose:gc -jar app.jar", ""}});
}

TEST(ScriptOf, GoesByTheExecutableAndNotByTheFirstArgument) {
  Expect({{"/usr/bin/curl", "python3 /x/y.py", ""},
          {"/usr/bin/python3.11", "curl /x/y.py", "/x/y.py"},
          {"/usr/bin/pythonic", "python3 /x/y.py", ""},
          {"", "python3 /x/y.py", ""},
          {"/usr/bin/3.11", "x y", ""}});
}

TEST(ScriptOf, NeedsTheWorkingDirectoryForARelativeName) {
  EXPECT_EQ(ScriptOf("/usr/bin/python3", {"python3", "y.py"}, ""), "");
  EXPECT_EQ(ScriptOf("/usr/bin/python3", {"python3", "y.py"}, "/"), "/y.py");
  EXPECT_EQ(ScriptOf("/usr/bin/python3", {"python3", ".//./y.py"}, "/x"), "/x/y.py");
  EXPECT_EQ(ScriptOf("/usr/bin/python3", {"python3", "../y.py"}, "/x"), "/x/../y.py");
}

}  // namespace
}  // namespace procwall
