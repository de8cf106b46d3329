#include "probes/core/json_writer.h"

#include <gtest/gtest.h>

namespace smokeledger::probes::core {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, IsAsciiWhateverComesIn) {
  EXPECT_EQ(quoted("plain"), R"("plain")");
  EXPECT_EQ(quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(quoted("\n\t\x7f"), R"("\u000a\u0009\u007f")");
  EXPECT_EQ(quoted(std::string_view("\0", 1)), R"("\u0000")");
  EXPECT_EQ(quoted("é"), R"("\u00e9")");
  EXPECT_EQ(quoted("€"), R"("\u20ac")");
  EXPECT_EQ(quoted("\xF0\x9F\x94\xA5"), R"("\ud83d\udd25")");
}

TEST(JsonString, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(quoted("\xff"), R"("\ufffd")");
  EXPECT_EQ(quoted("\xC0\xAF"), R"("\ufffd\ufffd")");            // overlong
  EXPECT_EQ(quoted("\xED\xA0\x80"), R"("\ufffd\ufffd\ufffd")");  // surrogate
  EXPECT_EQ(quoted("\xE2\x82"), R"("\ufffd\ufffd")");            // cut short
}

TEST(JsonWriter, PutsCommasBetweenAndNowhereElse) {
  JsonWriter out;
  out.begin_object().key("a").integer(-1).key("b").begin_array().boolean(true).null().end_array();
  out.key("c").begin_object().end_object().key("d").strings(std::vector<std::string>{"x", "y"});
  out.end_object();
  EXPECT_EQ(out.text(), R"({"a":-1,"b":[true,null],"c":{},"d":["x","y"]})");
}

}  // namespace
}  // namespace smokeledger::probes::core
