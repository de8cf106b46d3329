// The pages as HTML, without a script. Pure: the same view gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "exporters/page/view.h"

namespace smokeledger::exporters::page {

inline constexpr std::string_view content_type = "text/html; charset=utf-8";

std::string compose(const Overview&);
std::string compose(const LineView&);
std::string compose(const Refusal&);

// `/page.css`, which all of them name.
inline constexpr std::string_view style_content_type = "text/css; charset=utf-8";
std::string_view style();

}  // namespace smokeledger::exporters::page
