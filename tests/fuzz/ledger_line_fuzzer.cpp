// Any bytes are refused with a reason or decode; no line that is read breaks the rules of the
// frame.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exporters/ledger/codec.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace smokeledger::exporters::ledger;
  static Decoder decoder;
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const auto frame = read_frame(line);
  if (!frame) return 0;
  if (line.size() > max_line_bytes || !line.starts_with("{\"v\":1,")) std::abort();
  const auto decoded = decoder.decode(*frame, line);
  if (!decoded && decoded.error().empty()) std::abort();
  return 0;
}
