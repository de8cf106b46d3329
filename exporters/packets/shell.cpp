#include "exporters/packets/shell.h"

#include <algorithm>

namespace smokeledger::exporters::packets {
namespace {

bool plain_argument(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./:+@").find(c) != std::string_view::npos;
  });
}

}  // namespace

std::string argument(std::string_view text) {
  if (plain_argument(text)) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) c == '\'' ? quoted += "'\\''" : quoted += c;
  return quoted + '\'';
}

}  // namespace smokeledger::exporters::packets
