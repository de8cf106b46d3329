#include "probes/core/drill.h"

#include <algorithm>
#include <limits>
#include <map>

namespace smokeledger::probes::core {
namespace {

static_assert(max_arrivals_kept == max_arrival_gaps + 1);

struct Sequence {
  std::uint64_t count = 0;
  std::vector<Arrival> arrivals;  // the first of them, in time
};

// A gap between two arrivals, and the first of them.
struct Pause {
  Milliseconds length{0};
  const Arrival* behind = nullptr;

  bool is_senders_own() const { return behind->answered_at_once && !behind->asks.wait; }
};

bool earlier(const Arrival& one, const Arrival& other) {
  return one.at < other.at;
}

// By id, because one logical request may meet several scripts.
std::vector<Sequence> sequences_of(const std::vector<LogicalRequest>& requests) {
  std::map<std::string_view, Sequence> by_id;
  for (const LogicalRequest& request : requests) {
    Sequence& sequence = by_id[request.request];
    sequence.count += request.arrivals;
    sequence.arrivals.insert(sequence.arrivals.end(), request.first.begin(), request.first.end());
  }
  std::vector<Sequence> sequences;
  for (auto& [id, sequence] : by_id) {
    std::stable_sort(sequence.arrivals.begin(), sequence.arrivals.end(), earlier);
    sequences.push_back(std::move(sequence));
  }
  return sequences;
}

// All as one. Behind the first arrival that was not kept, gaps would be wrong.
Sequence merged(const std::vector<Sequence>& sequences, std::uint64_t arrivals) {
  Sequence all{arrivals, {}};
  auto known_until = Milliseconds::max();
  for (const Sequence& one : sequences) {
    all.arrivals.insert(all.arrivals.end(), one.arrivals.begin(), one.arrivals.end());
    if (one.count > one.arrivals.size() && !one.arrivals.empty()) {
      known_until = std::min(known_until, one.arrivals.back().at);
    }
  }
  std::erase_if(all.arrivals, [&](const Arrival& one) { return one.at > known_until; });
  std::stable_sort(all.arrivals.begin(), all.arrivals.end(), earlier);
  return all;
}

// The stub has forgotten none of them.
bool are_complete(const DrillSeen& seen) {
  std::uint64_t known = 0;
  for (const LogicalRequest& request : seen.requests) known += request.arrivals;
  return known == seen.arrivals;
}

bool are_told_apart(const DrillTerms& terms,
                    const DrillSeen& seen,
                    const std::vector<Sequence>& sequences) {
  const bool all_named =
      std::none_of(seen.requests.begin(), seen.requests.end(), [](const LogicalRequest& request) {
        return request.told_by == ToldBy::nothing;
      });
  return all_named && are_complete(seen) && sequences.size() <= terms.asked;
}

std::vector<Pause> pauses_of(const Sequence& sequence) {
  std::vector<Pause> pauses;
  for (std::size_t i = 1; i < sequence.arrivals.size(); ++i) {
    const Arrival& behind = sequence.arrivals[i - 1];
    pauses.push_back({std::max(Milliseconds{0}, sequence.arrivals[i].at - behind.at), &behind});
  }
  return pauses;
}

// REQUIRES: not empty.
Milliseconds median(std::vector<Milliseconds> lengths) {
  std::sort(lengths.begin(), lengths.end());
  return (lengths[lengths.size() / 2] + lengths[(lengths.size() - 1) / 2]) / 2;
}

bool at_least(Milliseconds one, std::int64_t thousandths, Milliseconds of) {
  return one.count() * 1000 >= of.count() * thousandths;
}

bool alike(const std::vector<Milliseconds>& lengths) {
  const auto [least, most] = std::minmax_element(lengths.begin(), lengths.end());
  return *most - *least <= noise || !at_least(*most, alike_below_thousandths, *least);
}

Seen backoff_in(const std::vector<std::vector<Pause>>& all) {
  std::vector<Milliseconds> first;
  std::vector<Milliseconds> later;
  for (const auto& pauses : all) {
    std::vector<Milliseconds> own;
    for (const Pause& pause : pauses) {
      if (pause.is_senders_own()) own.push_back(pause.length);
    }
    if (own.size() < 2) continue;
    const auto half = own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2);
    first.insert(first.end(), own.begin(), half);
    later.insert(later.end(), half, own.end());
  }
  if (first.empty()) return Seen::not_exercised;
  const Milliseconds before = median(first);
  const Milliseconds after = median(later);
  const bool longer = after - before > noise;
  if (longer && at_least(after, growth_thousandths, before)) return Seen::yes;
  first.insert(first.end(), later.begin(), later.end());
  if (alike(first)) return Seen::no;
  const bool clear = !longer || !at_least(after, no_growth_thousandths, before);
  return clear && first.size() >= gaps_to_rule_out_growth ? Seen::no : Seen::not_exercised;
}

Seen jitter_in(const std::vector<std::vector<Pause>>& all) {
  std::map<std::size_t, std::vector<Milliseconds>> by_place;
  for (const auto& pauses : all) {
    for (std::size_t i = 0; i < pauses.size(); ++i) {
      if (pauses[i].is_senders_own()) by_place[i].push_back(pauses[i].length);
    }
  }
  Seen seen = Seen::not_exercised;
  for (auto& [place, lengths] : by_place) {
    if (lengths.size() < sequences_to_see_jitter) continue;
    std::sort(lengths.begin(), lengths.end());
    const Milliseconds shortest = lengths.front();
    const Milliseconds spread = lengths[lengths.size() - 2] - shortest;
    if (spread > noise && spread * 20 > shortest) return Seen::yes;
    seen = Seen::no;
  }
  return seen;
}

bool disobeys_wait(const Pause& pause) {
  return pause.behind->asks.wait && pause.length + wait_tolerance < *pause.behind->asks.wait;
}

bool disobeys_no_retry(const Pause& pause) {
  return pause.behind->asks.no_retry;
}

bool any_pause(const std::vector<std::vector<Pause>>& all, bool (*is)(const Pause&)) {
  return std::any_of(all.begin(), all.end(), [&](const auto& pauses) {
    return std::any_of(pauses.begin(), pauses.end(), is);
  });
}

// How each sequence behaved, where there are such.
void judge_behaviour(const std::vector<std::vector<Pause>>& all, DrillVerdict& verdict) {
  verdict.backoff_policy_seen = backoff_in(all);
  verdict.jitter_seen = jitter_in(all);
  if (any_pause(all, disobeys_wait)) verdict.findings.emplace_back("retry_after_not_obeyed");
  if (any_pause(all, disobeys_no_retry)) verdict.findings.emplace_back("should_retry_not_obeyed");
}

std::uint32_t at_most(std::uint64_t count) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(count, most));
}

void fill_gaps(const std::vector<std::vector<Pause>>& all, DrillVerdict& verdict) {
  for (const auto& pauses : all) {
    for (const Pause& pause : pauses) {
      if (verdict.gaps.size() == max_arrival_gaps) return;
      verdict.gaps.push_back(pause.length);
    }
  }
}

void judge_count(const DrillTerms& terms,
                 const DrillSeen& seen,
                 const std::vector<Sequence>& sequences,
                 DrillVerdict& verdict) {
  verdict.arrivals = at_most(seen.arrivals);
  if (terms.arrivals && seen.arrivals != *terms.arrivals) {
    verdict.as_expected = false;
    verdict.findings.emplace_back(arrivals_not_as_declared);
  }
  if (seen.arrivals == 0) return;
  const bool within =
      std::all_of(sequences.begin(), sequences.end(), [&](const Sequence& sequence) {
        return sequence.count <= terms.budget;
      });
  verdict.within_budget = within ? WithinBudget::yes : WithinBudget::no;
}

void judge_end(const DrillSeen& seen, DrillVerdict& verdict) {
  if (!seen.answered_at) return;
  const auto is_late = [&](const Arrival& arrival) { return arrival.at > *seen.answered_at; };
  verdict.stopped =
      std::none_of(seen.requests.begin(), seen.requests.end(), [&](const LogicalRequest& request) {
        return std::any_of(request.first.begin(), request.first.end(), is_late);
      });
  if (!verdict.stopped) verdict.findings.emplace_back(arrivals_after_answer);
}

void judge_client(const DrillTerms& terms, const DrillSeen& seen, DrillVerdict& verdict) {
  if (seen.client == ClientEnd::killed) verdict.findings.emplace_back("client_killed");
  if (seen.client == ClientEnd::not_started) verdict.findings.emplace_back("client_not_started");
  if (seen.client != ClientEnd::exited || terms.exit_codes.empty()) return;
  const auto declared = std::find_if(terms.exit_codes.begin(),
                                     terms.exit_codes.end(),
                                     [&](const auto& row) { return row.first == seen.exit_code; });
  if (declared != terms.exit_codes.end()) {
    verdict.caller_received = declared->second;
  } else {
    verdict.findings.emplace_back("exit_code_not_declared");
  }
}

}  // namespace

DrillVerdict judge_drill(const DrillTerms& terms, const DrillSeen& seen) {
  DrillVerdict verdict;
  std::vector<Sequence> sequences = sequences_of(seen.requests);
  const bool told_apart = are_told_apart(terms, seen, sequences);
  DrillTerms judged = terms;
  if (!told_apart) {
    sequences = {merged(sequences, seen.arrivals)};
    judged.budget = at_most(std::uint64_t{terms.asked} * terms.budget);
  }
  judge_count(judged, seen, sequences, verdict);
  std::vector<std::vector<Pause>> pauses;
  for (const Sequence& sequence : sequences) pauses.push_back(pauses_of(sequence));
  // Between those that are not known anything may have come.
  if (are_complete(seen)) fill_gaps(pauses, verdict);
  // What was asked once is one sequence, whatever its arrivals call themselves.
  if (told_apart || (terms.asked == 1 && are_complete(seen))) {
    judge_behaviour(pauses, verdict);
    if (seen.arrivals > 0 && sequences.size() < terms.asked) {
      verdict.findings.emplace_back("fewer_requests_than_asked");
    }
  } else {
    verdict.findings.emplace_back("arrivals_not_told_apart");
  }
  judge_end(seen, verdict);
  judge_client(terms, seen, verdict);
  return verdict;
}

}  // namespace smokeledger::probes::core
