#include "exporters/packets/compose.h"

#include <algorithm>
#include <array>
#include <set>

#include "exporters/packets/shell.h"
#include "exporters/packets/uncertainty.h"
#include "probes/core/packet_alerts.h"

namespace smokeledger::exporters::packets {
namespace {

using core::QuestionAbout;
using core::Reason;

struct AboutRow {
  Reason reason;
  QuestionAbout about;
};
// In the order of the reasons.
constexpr std::array abouts{AboutRow{Reason::none, QuestionAbout::unclear},
                            AboutRow{Reason::throttled, QuestionAbout::provider},
                            AboutRow{Reason::overloaded, QuestionAbout::provider},
                            AboutRow{Reason::server_error, QuestionAbout::provider},
                            AboutRow{Reason::timeout, QuestionAbout::unclear},
                            AboutRow{Reason::dns, QuestionAbout::unclear},
                            AboutRow{Reason::connect, QuestionAbout::unclear},
                            AboutRow{Reason::tls, QuestionAbout::unclear},
                            AboutRow{Reason::redirect, QuestionAbout::unclear},
                            AboutRow{Reason::auth, QuestionAbout::account},
                            AboutRow{Reason::account_state, QuestionAbout::account},
                            AboutRow{Reason::bad_request, QuestionAbout::application},
                            AboutRow{Reason::probe_defect, QuestionAbout::application},
                            AboutRow{Reason::in_stream_error, QuestionAbout::provider},
                            AboutRow{Reason::truncated, QuestionAbout::unclear},
                            AboutRow{Reason::shape_rejected, QuestionAbout::documentation},
                            AboutRow{Reason::too_large, QuestionAbout::unclear},
                            AboutRow{Reason::protocol, QuestionAbout::unclear},
                            AboutRow{Reason::local_network, QuestionAbout::unclear},
                            AboutRow{Reason::aborted, QuestionAbout::unclear},
                            AboutRow{Reason::unknown_crash, QuestionAbout::unclear}};
constexpr bool in_order() {
  for (std::size_t i = 0; i < abouts.size(); ++i) {
    if (static_cast<std::size_t>(abouts[i].reason) != i) return false;
  }
  return abouts.size() == core::every<Reason>().size();
}
static_assert(in_order(), "one row per Reason, in the enumeration's order");

template <class Item>
void add_once(std::vector<Item>& list, const Item& item) {
  if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
}

template <class LineKind, class Records, class Use>
void each(const Records& records, Use use) {
  for (const auto& record : records) {
    if (const auto* line = std::get_if<LineKind>(&record.line())) use(record, *line);
  }
}

std::string ledger_name(const ledger::LedgerRecord& record) {
  return record.ledger_id().substr(0, record.ledger_id().rfind('-'));
}

std::string id_in(const ledger::LedgerRecord& record, std::optional<std::uint64_t> seq) {
  return seq ? ledger_name(record) + '-' + std::to_string(*seq) : std::string{};
}

std::optional<bool> in_slice(const std::optional<PacketSlice>& slice, std::uint64_t seq) {
  if (!slice) return std::nullopt;
  return slice->first_seq <= seq && seq <= slice->last_seq;
}

std::map<core::Layer, Told> retries_of(const core::Outcome& outcome) {
  std::map<core::Layer, Told> retries;
  retries[core::Layer::client] = outcome.retry_count;
  if (outcome.observed_layer == core::Layer::external_client) {
    retries[core::Layer::client].reset();
    retries[core::Layer::external_client].reset();
  }
  Told& gateway = retries[core::Layer::gateway];
  gateway = outcome.attempts.empty() ? Told{} : Told{0};
  for (const auto& attempt : outcome.attempts) {
    gateway =
        gateway && attempt.gateway_retries ? Told{*gateway + *attempt.gateway_retries} : Told{};
  }
  return retries;
}

// Attempt lines are of one run where their check_id is, and in its order by their numbers.
std::vector<PacketAttempt> attempts_of(const core::Outcome& outcome,
                                       const PacketEvidence& evidence) {
  std::vector<PacketAttempt> attempts;
  for (const auto& attempt : outcome.attempts) attempts.push_back({attempt, {}});
  each<core::AttemptLine>(evidence.attempts, [&](const auto&, const core::AttemptLine& line) {
    const bool of_it = line.check_id == outcome.check_id && line.number >= 1;
    if (!of_it || line.number > attempts.size()) return;
    attempts[line.number - 1].shape =
        RequestShape{line.method, line.path, line.auth_scheme, line.request_members};
  });
  return attempts;
}

std::optional<PacketJudgement<core::Review>> review_of(const core::JoinedReviews& reviews,
                                                       const ledger::LedgerRecord& outcome,
                                                       const std::optional<PacketSlice>& slice) {
  const core::JoinedReview* const joined = reviews.of(outcome.seq());
  if (joined == nullptr) return std::nullopt;
  return {{core::id_of(*joined, outcome.ledger_id()),
           joined->recorded_at,
           joined->review,
           in_slice(slice, joined->seq)}};
}

std::vector<PacketRun> runs_of(const PacketEvidence& evidence,
                               const std::optional<PacketSlice>& slice) {
  core::JoinedReviews reviews;
  for (const auto& review : evidence.reviews) reviews.add(review);
  std::map<std::uint64_t, PacketRun> runs;
  each<core::OutcomeLine>(evidence.outcomes, [&](const auto& record, const auto& line) {
    runs.insert_or_assign(record.seq(),
                          PacketRun{record.ledger_id(),
                                    record.recorded_at(),
                                    line.outcome,
                                    attempts_of(line.outcome, evidence),
                                    retries_of(line.outcome),
                                    review_of(reviews, record, slice)});
  });
  std::vector<PacketRun> list;
  for (auto& [seq, run] : runs) list.push_back(std::move(run));
  return list;
}

void describe_steps(Packet& packet, const PacketEvidence& evidence) {
  std::map<core::AlertIdentity, std::size_t> known;
  each<core::PacketLine>(evidence.lines, [&](const auto& record, const core::PacketLine& line) {
    packet.steps.push_back({record.ledger_id(),
                            record.recorded_at(),
                            line.event,
                            id_in(record, line.cited_seq),
                            line.initials,
                            line.note,
                            line.to,
                            line.attempts});
    if (!line.follow_up_owner.empty()) packet.follow_up_owner = line.follow_up_owner;
    if (line.question_about) packet.question_about = *line.question_about;
    packet.question_by_operator = packet.question_by_operator || line.question_about;
    if (line.event == core::PacketEvent::acknowledged) {
      packet.acknowledged_at = record.recorded_at();
      packet.acknowledged_by = line.initials;
    }
    if (line.event == core::PacketEvent::closed) {
      packet.closed = PacketResult{line.result,
                                   line.changed,
                                   id_in(record, line.cited_seq),
                                   line.initials,
                                   line.remaining_uncertainty};
    }
    if (!line.alert) return;
    const auto [place, first] = known.try_emplace(line.alert->identity, packet.alerts.size());
    if (first) packet.alerts.emplace_back();
    packet.alerts[place->second] = *line.alert;
  });
}

void describe_runs(Packet& packet, const PacketEvidence& evidence) {
  packet.runs = runs_of(evidence, packet.slice);
  const PacketRun* telling = nullptr;
  for (const auto& run : packet.runs) {
    for (const auto& [attempt, shape] : run.attempts) add_once(packet.families, attempt.family);
    for (const auto& link : run.outcome.evidence_links) add_once(packet.evidence_links, link);
    const bool escalates = run.outcome.decision == core::Decision::escalate;
    if (escalates || telling == nullptr) telling = &run;
  }
  if (telling == nullptr) return;
  if (!packet.question_by_operator) packet.question_about = question_about(telling->outcome.reason);
  if (packet.follow_up_owner.empty()) packet.follow_up_owner = follow_up_owner(*telling);
}

// A decision belongs to the packet where it names one of its lines, or a request of its runs by the
// id of either side.
void describe_decisions(Packet& packet, const PacketEvidence& evidence) {
  std::set<std::uint64_t> lines;
  std::set<std::string> requests;
  for (const auto* const records : {&evidence.lines, &evidence.outcomes}) {
    for (const auto& record : *records) lines.insert(record.seq());
  }
  each<core::PacketLine>(evidence.lines, [&](const auto&, const core::PacketLine& line) {
    if (line.cited_seq) lines.insert(*line.cited_seq);
  });
  for (const auto& run : packet.runs) {
    for (const auto& [attempt, shape] : run.attempts) {
      requests.insert({attempt.request_id, attempt.provider_request_id});
    }
  }
  requests.erase("");
  each<core::DecisionLine>(evidence.decisions, [&](const auto& record, const auto& line) {
    const core::HumanDecision& said = line.decision;
    const bool by_line = said.cited_seq && lines.contains(*said.cited_seq);
    if (!by_line && !requests.contains(said.request_id)) return;
    packet.decisions.push_back(
        {record.ledger_id(), record.recorded_at(), said, in_slice(packet.slice, record.seq())});
  });
}

void describe_contracts(Packet& packet, const PacketEvidence& evidence) {
  std::set<core::EndpointFamily> told;
  for (const auto& contract : evidence.contracts) {
    const auto& families = packet.families;
    const bool checked =
        families.empty() ||
        std::find(families.begin(), families.end(), contract->family) != families.end();
    if (!checked || !told.insert(contract->family).second) continue;
    PacketContract made{contract->family,
                        contract->version,
                        contract->accessed,
                        contract->docs_home,
                        contract->support,
                        {}};
    for (const auto& source : contract->sources) add_once(made.documentation, source.url);
    packet.contracts.push_back(std::move(made));
  }
}

void describe_slice(Packet& packet, const PacketEvidence& evidence) {
  if (!evidence.checkpoint) return;
  std::uint64_t from = evidence.lines.front().seq();
  for (const auto* const records : {&evidence.lines, &evidence.outcomes, &evidence.attempts}) {
    for (const auto& record : *records) from = std::min(from, record.seq());
  }
  packet.slice = PacketSlice{id_in(evidence.lines.front(), from),
                             evidence.checkpoint->ledger_id(),
                             packet.ledger_id + ".slice.jsonl",
                             from,
                             evidence.checkpoint->seq()};
}

void describe_commands(Packet& packet, const PacketEvidence& evidence) {
  const std::string once = "smokeledger once --config.file " + argument(evidence.config_file);
  for (const auto& run : packet.runs) {
    if (run.attempts.empty()) continue;
    packet.commands.push_back(once + " --like " + argument(run.ledger_id));
  }
  if (packet.slice) {
    packet.commands.push_back("smokeledger ledger verify --slice " + argument(packet.slice->file) +
                              " --key checkpoint-key.pub");
  }
}

}  // namespace

const std::string& follow_up_owner(const PacketRun& run) {
  const bool by_review = run.review && !run.review->said.follow_up_owner.empty();
  return by_review ? run.review->said.follow_up_owner : run.outcome.follow_up_owner;
}

std::string cited_by(const PacketJudgement<core::HumanDecision>& decision) {
  const std::string& id = decision.ledger_id;
  const auto& seq = decision.said.cited_seq;
  return seq ? id.substr(0, id.rfind('-') + 1) + std::to_string(*seq) : std::string{};
}

core::QuestionAbout question_about(core::Reason reason) {
  return abouts[static_cast<std::size_t>(reason)].about;
}

Packet compose(const PacketEvidence& evidence) {
  const ledger::LedgerRecord& opening = evidence.lines.front();
  const auto& opened = std::get<core::PacketLine>(opening.line());
  Packet packet;
  packet.ledger_id = opening.ledger_id();
  packet.state = evidence.live ? core::word(evidence.live->state()) : "closed";
  packet.opener = opened.opener;
  packet.opened_at = opening.recorded_at();
  packet.environment = opened.environment;
  packet.probe = opened.probe;
  packet.build = evidence.build;
  packet.config_sha256 = evidence.config_sha256;
  packet.question_about = QuestionAbout::unclear;
  describe_steps(packet, evidence);
  describe_slice(packet, evidence);
  describe_runs(packet, evidence);
  describe_decisions(packet, evidence);
  describe_contracts(packet, evidence);
  describe_commands(packet, evidence);
  packet.mismatches = mismatches(packet, evidence);
  packet.remaining_uncertainty = uncertainties(packet, evidence);
  return packet;
}

}  // namespace smokeledger::exporters::packets
