#include "exporters/ledger/base64.h"

#include <gtest/gtest.h>

namespace smokeledger::tests {
namespace {

using ledger_text = std::pair<const char*, const char*>;
using exporters::ledger::base64;
using exporters::ledger::bytes_from_base64;

// https://www.rfc-editor.org/rfc/rfc4648#section-10
constexpr ledger_text vectors[] = {{"", ""},
                                   {"f", "Zg=="},
                                   {"fo", "Zm8="},
                                   {"foo", "Zm9v"},
                                   {"foob", "Zm9vYg=="},
                                   {"fooba", "Zm9vYmE="},
                                   {"foobar", "Zm9vYmFy"}};

TEST(Base64, is_that_of_the_rfc) {
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(bytes_from_base64(text), bytes);
  }
}

TEST(Base64, gives_every_byte_back) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
    EXPECT_EQ(bytes_from_base64(base64(bytes)), bytes);
  }
}

TEST(Base64, has_one_text_for_each_value) {
  for (const char* other :
       {"Zg",    "Zg=",      "Zg===",    "Z",     "=",          "====",    "Zh==",
        "Zm9",   "Zm8=Zm8=", "Zm8 ",     "Zm8\n", " Zm8=",      "Zm-v",    "Zm_v",
        "Zm9v=", "Zm9vY",    "Zm9v====", "Zm9=",  "\xC3\xA9==", "Zg==Zg=="}) {
    EXPECT_FALSE(bytes_from_base64(other)) << other;
  }
}

}  // namespace
}  // namespace smokeledger::tests
