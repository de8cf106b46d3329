// The walk of a parsed document along the rules' tree. For the core and probes/families: simdjson's
// DOM stays behind these two.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "probes/core/reading.h"
#include "probes/core/rules.h"

namespace smokeledger::probes::core {

// Elements that the walks of one reply may visit, over all of them.
inline constexpr std::size_t most_elements = 20'000;

// Gathers what the rules find. One object walks any number of documents, such as the events of a
// stream; their elements need not outlive the walk.
class RuleWalk {
 public:
  RuleWalk();

  // Findings stand behind `where`, such as `event[3]`; empty for a whole reply.
  void check(const Rules&, simdjson::dom::element, std::string_view where = {});
  void add(FindingCode, std::string path);

  const std::vector<Finding>& findings() const { return findings_; }
  std::vector<Finding> take_findings() { return std::move(findings_); }
  std::uint32_t additive() const { return additive_; }
  // Members at the top of the document checked last that no rule names, once for each time. The
  // views live as long as the document.
  const std::vector<std::string_view>& unnamed() const { return unnamed_; }
  // More than most_elements: some were not looked at.
  bool exhausted() const { return exhausted_; }

 private:
  struct Step {
    std::string_view member;  // empty: an element
    std::size_t index = 0;
  };
  struct Seen {
    simdjson::dom::element value;
    std::uint32_t times = 0;
  };

  void into(const RuleNode&, simdjson::dom::element);
  void into_object(const RuleNode&, simdjson::dom::object);
  void into_array(const RuleNode&, simdjson::dom::array);
  void element_step(const RuleNode&, simdjson::dom::element);
  void judge(const RuleNode&, const Seen&, const simdjson::dom::object* parent);
  void judge_present(const ReplyRule&, simdjson::dom::element);
  void judge_string(const ReplyRule&, std::string_view);
  void judge_array(const ReplyRule&, simdjson::dom::array);
  void find(FindingCode);

  const Rules* rules_ = nullptr;
  std::string_view where_;
  std::vector<Step> path_;
  std::vector<Seen> seen_;  // of the objects under way, innermost last
  std::vector<std::string_view> unnamed_;
  std::vector<Finding> findings_;
  std::uint32_t additive_ = 0;
  std::size_t budget_ = most_elements;
  bool exhausted_ = false;
};

// What a member path (`usage.prompt_tokens`) leads to; nothing for an empty path.
std::optional<simdjson::dom::element> element_at(simdjson::dom::element, std::string_view path);
// The string there, empty when it is none. The view lives as long as the document.
std::string_view text_at(simdjson::dom::element, std::string_view path);
// The count there, when it is one that can be believed.
std::optional<std::uint64_t> count_at(simdjson::dom::element, std::string_view path);

}  // namespace smokeledger::probes::core
