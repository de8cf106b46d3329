#include "probes/families/stream_reading.h"

#include <algorithm>

#include "probes/core/envelope.h"
#include "probes/core/json_body.h"
#include "probes/core/sse.h"
#include "probes/families/families.h"

namespace smokeledger::probes::families {
namespace {

using core::FindingCode;
using core::Reading;
using core::Verdict;
using simdjson::dom::element;

// One event costs the reader's copy of it and the parser's: it may have a part of the cap.
constexpr std::size_t events_in_memory = 4;

class StreamReading {
 public:
  StreamReading(const core::Contract& contract, std::size_t byte_cap)
      : contract_(contract),
        stream_(*contract.stream),
        order_(family(contract.family).stream_order()),
        json_(byte_cap / events_in_memory) {}

  void take(const core::ServerSentEvent&);
  Reading end();

 private:
  void take_object(const core::ServerSentEvent&, const std::string& where);
  void take_error(const element&, const std::string& where);
  bool check_by_rules(const StreamEvent&);
  std::uint32_t count_additive(const StreamEvent&) const;
  bool is_documented(std::string_view type) const;

  const core::Contract& contract_;
  const core::StreamContract& stream_;
  const std::unique_ptr<StreamOrder> order_;
  core::JsonBody json_;
  core::RuleWalk walk_;
  Reading reading_;
  bool mended_ = false;
  bool too_large_ = false;  // an event was
  bool cut_ = false;        // the stream broke off inside an event
  bool error_ = false;      // an error event came: what follows it is not judged
};

void StreamReading::take(const core::ServerSentEvent& event) {
  if (error_) return;
  const std::string where = "event[" + std::to_string(event.index) + "]";
  if (core::without_blanks_around(event.data) == "[DONE]") return order_->take_done(where, walk_);
  if (const auto problem = json_.parse(event.data)) {
    cut_ = cut_ || !event.closed;
    too_large_ = too_large_ || *problem == FindingCode::too_large;
    if (event.closed) walk_.add(*problem, where);
    return;
  }
  mended_ = mended_ || json_.mended();
  if (!json_.root().is_object()) return walk_.add(FindingCode::wrong_type, where);
  take_object(event, where);
}

void StreamReading::take_object(const core::ServerSentEvent& event, const std::string& where) {
  const element root = json_.root();
  const std::string_view type = core::text_at(root, stream_.type_path);
  if (core::names_an_error(root) || event.type == "error" || type == "error") {
    return take_error(root, where);
  }
  const bool named = event.type == type || (event.type.empty() && !stream_.event_names_required);
  if (!stream_.type_path.empty() && !named) walk_.add(FindingCode::event_name_mismatch, where);
  const StreamEvent typed{root, type, where, contract_};
  if (!is_documented(type)) {
    ++reading_.additive;  // of a type that no document names: passed over, as clients do
    return;
  }
  if (check_by_rules(typed)) reading_.additive += count_additive(typed);
  core::read_facts(stream_.facts, root, reading_);
  order_->take(typed, walk_);
}

void StreamReading::take_error(const element& root, const std::string& where) {
  error_ = true;
  if (core::names_an_error(root)) return core::read_error(contract_, root, where, walk_, reading_);
  // The same facts at the event's own level.
  reading_.object_family = core::ObjectFamily::error;
  if (core::text_at(root, "message").empty()) {
    return walk_.add(FindingCode::missing_member, where + ".message");
  }
  reading_.error_code = std::string(core::text_at(root, "code"));
  reading_.verdict = Verdict::error_object;
  walk_.add(FindingCode::error_object, where);
}

// Whether there were rules for it.
bool StreamReading::check_by_rules(const StreamEvent& event) {
  if (!order_->by_rules(event)) return false;
  for (const core::EventRules& rules : stream_.events) {
    if (rules.event.empty() || rules.event == event.type) {
      walk_.check(rules.rules, event.data, event.where);
    }
  }
  return true;
}

// Members of the event that no rule for it names.
std::uint32_t StreamReading::count_additive(const StreamEvent& event) const {
  const auto named = [&](std::string_view member) {
    return std::any_of(stream_.events.begin(), stream_.events.end(), [&](const auto& of) {
      if (!of.event.empty() && of.event != event.type) return false;
      const auto& steps = of.rules.tree().children;
      return std::any_of(
          steps.begin(), steps.end(), [&](const auto& step) { return step.member == member; });
    });
  };
  const auto& others = stream_.documented_members;
  std::uint32_t count = 0;
  for (const auto field : event.data.get_object()) {
    const bool known =
        named(field.key) || std::find(others.begin(), others.end(), field.key) != others.end();
    if (!known) ++count;
  }
  return count;
}

bool StreamReading::is_documented(std::string_view type) const {
  if (stream_.type_path.empty() || type.empty()) return true;  // a missing type breaks its rule
  return std::any_of(stream_.events.begin(),
                     stream_.events.end(),
                     [&](const auto& rules) { return rules.event == type; }) ||
         std::find(stream_.documented_events.begin(), stream_.documented_events.end(), type) !=
             stream_.documented_events.end();
}

Reading StreamReading::end() {
  reading_.additive += walk_.additive();
  if (error_) {
    reading_.findings = walk_.take_findings();
    return std::move(reading_);
  }
  const std::size_t findings_before = walk_.findings().size();
  order_->end(walk_);
  // A documented end may stand before what was cut.
  if (cut_ && walk_.findings().size() == findings_before) {
    walk_.add(FindingCode::truncated_stream, "");
  }
  if (walk_.exhausted()) walk_.add(FindingCode::unreadable_value, "");
  bool only_unseen = (walk_.exhausted() || too_large_) && walk_.findings().size() == 1;
  reading_.object_family = core::from_word<core::ObjectFamily>(contract_.object_value)
                               .value_or(core::ObjectFamily::other);
  reading_.findings = walk_.take_findings();
  if (reading_.findings.empty()) {
    reading_.verdict = Verdict::documented_shape;
    reading_.parser_result = core::ParserResult::accepted;
    reading_.failed_ending = order_->failed_ending();
    if (mended_) reading_.findings.push_back({FindingCode::unreadable_value, ""});
  }
  // Not all was seen, or seen as it is.
  if (mended_ && reading_.verdict == Verdict::documented_shape) only_unseen = true;
  if (only_unseen) reading_.parser_result = core::ParserResult::inconclusive;
  return std::move(reading_);
}

// Something else came where a stream was asked for: an error object, or not what is documented.
Reading read_other(const core::Contract& contract,
                   int http_status,
                   std::string_view content_type,
                   core::BodyView body,
                   std::size_t byte_cap) {
  Reading reading = core::check(contract, http_status, content_type, body, byte_cap);
  if (reading.verdict == Verdict::documented_shape) {
    reading.verdict = Verdict::deviant;
    reading.parser_result = core::ParserResult::rejected;
    reading.findings.push_back({FindingCode::not_an_event_stream, ""});
  }
  return reading;
}

bool is_success(int http_status) {
  return http_status >= 200 && http_status < 300;
}

}  // namespace

Reading read_stream(const core::Contract& contract,
                    int http_status,
                    std::string_view content_type,
                    core::BodyView body,
                    std::size_t byte_cap) {
  const std::string_view text =
      core::without_blanks_around(core::without_byte_order_mark(body.text));
  // No line of an event stream begins like a JSON document or a page.
  const bool other =
      text.empty() || text.front() == '{' || text.front() == '[' || text.front() == '<';
  if (other) return read_other(contract, http_status, content_type, body, byte_cap);
  if (body.text.size() > byte_cap) {
    Reading reading;
    reading.findings.push_back({FindingCode::too_large, ""});
    reading.parser_result = core::ParserResult::inconclusive;
    return reading;
  }
  StreamReading reading(contract, byte_cap);
  std::size_t events = 0;
  core::EventReader reader([&](const core::ServerSentEvent& event) {
    ++events;
    reading.take(event);
  });
  reader.feed(body.text);
  reader.end();
  Reading result = reading.end();
  if (events == 0) result.findings = {{FindingCode::not_an_event_stream, ""}};
  if (!is_success(http_status)) {
    // Only an error event says something behind such a status.
    result.parser_result = core::ParserResult::not_checked;
    if (result.verdict != Verdict::error_object) result.verdict = Verdict::deviant;
    return result;
  }
  // Clients of streams do not look at it, unless it names another kind of document.
  const bool other_kind = !content_type.empty() && (core::may_be_type(content_type, "json") ||
                                                    core::may_be_type(content_type, "html"));
  if (other_kind && result.verdict == Verdict::documented_shape) {
    result.verdict = Verdict::deviant;
    result.parser_result = core::ParserResult::rejected;
    result.findings.push_back({FindingCode::wrong_content_type, ""});
  }
  return result;
}

}  // namespace smokeledger::probes::families
