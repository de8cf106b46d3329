#include "daemon/operator_lines.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <simdjson.h>

#include "daemon/config/readers.h"
#include "daemon/config/secrets.h"
#include "probes/core/claims_guard.h"
#include "probes/core/contract_review.h"
#include "probes/core/json_writer.h"
#include "probes/core/state.h"

namespace smokeledger::daemon {
namespace {

template <class T>
using Checked = boost::system::result<T, std::string>;
using simdjson::dom::object;

// Reads members; the first failure sticks.
class Members {
 public:
  explicit Members(object members) : members_(members) {}

  std::string text(std::string_view name) {
    std::string_view value;
    if (members_[name].get_string().get(value) != simdjson::SUCCESS) missing(name, "a text");
    return std::string(value);
  }
  std::uint64_t number(std::string_view name) {
    std::uint64_t value = 0;
    if (members_[name].get_uint64().get(value) != simdjson::SUCCESS) missing(name, "a number");
    return value;
  }
  // Empty: there is none.
  std::optional<std::uint64_t> number_if_there(std::string_view name) {
    if (members_[name].error() == simdjson::NO_SUCH_FIELD) return std::nullopt;
    return number(name);
  }
  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> list;
    simdjson::dom::array items;
    if (members_[name].get_array().get(items) != simdjson::SUCCESS) {
      missing(name, "a list");
      return list;
    }
    for (const auto item : items) {
      std::string_view value;
      if (item.get_string().get(value) != simdjson::SUCCESS) missing(name, "a list of texts");
      list.emplace_back(value);
    }
    return list;
  }
  template <core::Worded E>
  E choice(std::string_view name) {
    const auto value = core::from_word<E>(text(name));
    if (!value) {
      std::string known;
      for (const auto word : core::Words<E>::list) known += ' ' + std::string(word);
      fail(std::string(name) + " is none of" + known);
    }
    return value.value_or(E{});
  }

  void fail(std::string why) {
    if (why_.empty()) why_ = std::move(why);
  }
  const std::string& why() const { return why_; }

 private:
  void missing(std::string_view name, std::string_view what) {
    fail(std::string(name) + " is missing or not " + std::string(what));
  }

  object members_;
  std::string why_;
};

std::string initials(Members& members) {
  std::string text = members.text("operator_initials");
  if (!core::is_initials(text)) members.fail("operator_initials are 2 to 4 letters A to Z");
  return text;
}

std::string note(Members& members) {
  std::string text = members.text("operator_notes");
  if (auto objection = objection_to_note(text); !objection.empty()) members.fail(objection);
  return text;
}

std::vector<std::string> links(Members& members) {
  constexpr std::size_t longest_link = 300;
  std::vector<std::string> recorded;
  for (const auto& link : members.texts("evidence_links")) {
    auto plain = config::https_link(link);
    if (!plain || plain->size() > longest_link || config::looks_like_secret(*plain)) {
      members.fail(config::shown(link) +
                   " is not an https link of at most 300 characters, without "
                   "user and secrets");
    } else {
      recorded.push_back(std::move(*plain));  // without its query
    }
  }
  if (recorded.size() > core::max_review_links) {
    members.fail("there are more than " + std::to_string(core::max_review_links) + " links");
  }
  return recorded;
}

// A name that somebody else gave, such as a request's id. What it says is nobody's here: the claims
// guard does not read opaque identifiers.
std::string name(Members& members, std::string_view member, bool needed) {
  constexpr std::size_t longest = 128;
  std::string text = members.text(member);
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
  if (text.size() > longest || !plain || (needed && text.empty())) {
    members.fail(std::string(member) + " is " + (needed ? "1" : "0") + " to " +
                 std::to_string(longest) + " printable characters without blanks");
  }
  if (config::looks_like_secret(text)) {
    members.fail(std::string(member) + " looks like a secret; secrets are never recorded");
  }
  return text;
}

std::string shown(const core::Claim& claim) {
  return '\'' + claim.words + "', a claim about " + std::string(core::word(claim.subject));
}

// A person or a team, guarded as the configuration's owners are: `billing-oncall` is one.
std::string owner(Members& members, bool needed) {
  std::string text = name(members, "follow_up_owner", needed);
  const auto claims = core::find_claims(text, core::WordsOf::others);
  if (!claims.empty()) {
    members.fail("follow_up_owner says " + shown(claims.front()) + "; name a person or a team");
  }
  return text;
}

core::ReviewLine review(Members& members, std::optional<std::uint32_t> caller_uid) {
  core::Review review;
  review.first_seq = members.number("first_seq");
  review.last_seq = members.number("last_seq");
  if (review.last_seq < review.first_seq) members.fail("last_seq stands before first_seq");
  review.decision = members.choice<core::CheckResult>("operator_decision");
  const std::string reclassified = members.text("reclassified");
  review.planned_maintenance = reclassified == core::planned_maintenance;
  if (!reclassified.empty() && !review.planned_maintenance) {
    members.fail("reclassified is neither planned_maintenance nor empty");
  }
  review.initials = initials(members);
  review.caller_uid = caller_uid;
  review.follow_up_owner = owner(members, false);
  review.note = note(members);
  review.links = links(members);
  return {std::move(review)};
}

core::DecisionLine decision(Members& members, std::optional<std::uint32_t> caller_uid) {
  core::HumanDecision decision;
  decision.about = members.choice<core::DecisionAbout>("about");
  decision.environment = name(members, "environment", true);
  decision.family = members.choice<core::EndpointFamily>("endpoint_family");
  decision.request_id = name(members, "request_id", false);
  decision.status_class = members.choice<core::SeenStatus>("status_class");
  constexpr std::uint64_t most_retries = 1'000;
  if (const auto retries = members.number_if_there("retry_attempts")) {
    if (*retries > most_retries) members.fail("retry_attempts is more than 1000");
    decision.retry_attempts = static_cast<std::uint32_t>(std::min(*retries, most_retries));
  }
  decision.caller_received = members.choice<core::CallerReceived>("caller_received");
  decision.decision = members.choice<core::Decision>("fallback_decision");
  decision.cited_seq = members.number_if_there("cited_seq");
  decision.initials = initials(members);
  decision.caller_uid = caller_uid;
  decision.follow_up_owner = owner(members, true);
  decision.note = note(members);
  decision.evidence_links = links(members);
  return {std::move(decision)};
}

// Of a closing: like a note, each.
std::string sentence(Members& members, std::string_view member) {
  std::string text = members.text(member);
  if (auto objection = objection_to_note(text); !objection.empty()) {
    members.fail(std::string(member) + ": " + objection);
  }
  return text;
}

core::PacketLine packet(Members& members, std::optional<std::uint32_t> caller_uid) {
  core::PacketLine line;
  line.event = members.choice<core::PacketEvent>("event");
  line.packet = members.number_if_there("packet");
  line.probe = name(members, "probe", false);
  line.cited_seq = members.number_if_there("cited_seq");
  line.initials = initials(members);
  line.caller_uid = caller_uid;
  line.note = note(members);
  line.follow_up_owner = owner(members, false);
  const std::string about = members.text("question_about");
  line.question_about = core::from_word<core::QuestionAbout>(about);
  if (!about.empty() && !line.question_about) {
    members.fail("question_about is none of application documentation account provider unclear");
  }
  line.result = sentence(members, "result");
  line.changed = sentence(members, "changed");
  line.remaining_uncertainty = sentence(members, "remaining_uncertainty");
  return line;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

void write_texts(core::JsonWriter& json,
                 const std::string& initials,
                 const std::string& note,
                 const std::vector<std::string>& links) {
  json.key("operator_initials").string(initials);
  json.key("operator_notes").string(note);
  json.key("evidence_links").strings(links);
}

void write_packet(core::JsonWriter& json, const core::PacketLine& line) {
  json.key("event").string(core::word(line.event));
  if (line.packet) json.key("packet").integer(*line.packet);
  json.key("probe").string(line.probe);
  if (line.cited_seq) json.key("cited_seq").integer(*line.cited_seq);
  json.key("operator_initials").string(line.initials);
  json.key("operator_notes").string(line.note);
  json.key("follow_up_owner").string(line.follow_up_owner);
  json.key("question_about").string(line.question_about ? core::word(*line.question_about) : "");
  json.key("result").string(line.result);
  json.key("changed").string(line.changed);
  json.key("remaining_uncertainty").string(line.remaining_uncertainty);
}

}  // namespace

std::string objection_to_note(std::string_view note) {
  if (characters(note) > core::max_note_characters) {
    return "the note has " + std::to_string(characters(note)) + " characters, the most is " +
           std::to_string(core::max_note_characters);
  }
  const bool control = std::any_of(note.begin(), note.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control) return "the note holds a line break or another control character; write one line";
  if (!simdjson::validate_utf8(note.data(), note.size())) return "the note is not UTF-8";
  if (config::looks_like_secret(note, config::Digests::allowed)) {
    return "the note holds what looks like a secret; say which one it is, not what it is";
  }
  const auto claims = core::find_claims(note);
  if (claims.empty()) return {};
  return "the note says " + shown(claims.front()) +
         "; write what was observed or decided: no smoke test shows " +
         std::string(core::word(claims.front().subject));
}

Checked<core::Line> operator_line(std::string_view json, std::optional<std::uint32_t> caller_uid) {
  simdjson::dom::parser parser;
  object found;
  std::string_view kind;
  if (parser.parse(json.data(), json.size()).get_object().get(found) != simdjson::SUCCESS ||
      found["kind"].get_string().get(kind) != simdjson::SUCCESS) {
    return std::string("it is not a JSON object with a kind");
  }
  Members members(found);
  core::Line line;
  if (kind == "review") {
    line = review(members, caller_uid);
  } else if (kind == "decision") {
    line = decision(members, caller_uid);
  } else if (kind == "packet") {
    line = packet(members, caller_uid);
  } else {
    return std::string("kind is none of review, decision and packet");
  }
  if (!members.why().empty()) return members.why();
  return line;
}

std::string operator_json(const core::Line& line) {
  core::JsonWriter json;
  json.begin_object().key("kind").string(core::kind_of(line));
  if (const auto* reviewed = std::get_if<core::ReviewLine>(&line)) {
    const core::Review& review = reviewed->review;
    json.key("first_seq").integer(review.first_seq).key("last_seq").integer(review.last_seq);
    json.key("operator_decision").string(core::word(review.decision));
    json.key("reclassified").string(review.planned_maintenance ? core::planned_maintenance : "");
    json.key("follow_up_owner").string(review.follow_up_owner);
    write_texts(json, review.initials, review.note, review.links);
    return json.end_object().take();
  }
  if (const auto* packet = std::get_if<core::PacketLine>(&line)) {
    write_packet(json, *packet);
    return json.end_object().take();
  }
  const core::HumanDecision& decision = std::get<core::DecisionLine>(line).decision;
  json.key("about").string(core::word(decision.about));
  json.key("environment").string(decision.environment);
  json.key("endpoint_family").string(core::word(decision.family));
  json.key("request_id").string(decision.request_id);
  json.key("status_class").string(core::word(decision.status_class));
  if (decision.retry_attempts) json.key("retry_attempts").integer(*decision.retry_attempts);
  json.key("caller_received").string(core::word(decision.caller_received));
  json.key("fallback_decision").string(core::word(decision.decision));
  if (decision.cited_seq) json.key("cited_seq").integer(*decision.cited_seq);
  json.key("follow_up_owner").string(decision.follow_up_owner);
  write_texts(json, decision.initials, decision.note, decision.evidence_links);
  return json.end_object().take();
}

}  // namespace smokeledger::daemon
