// The retries that runs may still make at each provider, across runs: a token bucket that every
// further request empties and every usable reply fills a little. One success pays a fifth of a
// retry, as in the AWS SDKs (5 tokens a retry, 1 back a success),
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace smokeledger::probes::core {

// A value: the ledger's fold holds one, and so does the running process, which spends before it
// waits. Counted in thousandths of a token, as what is spent: the size of each bucket belongs to
// its provider.
class RetryTokens {
 public:
  static constexpr std::uint32_t token = 1'000;
  static constexpr std::uint32_t credit_per_success = 200;

  std::uint32_t spent(std::string_view provider) const {
    const auto found = spent_.find(provider);
    return found == spent_.end() ? 0 : found->second;
  }
  // Whole tokens left of `capacity`; nothing where there is no limit.
  std::optional<std::uint32_t> left(std::string_view provider,
                                    std::optional<std::uint32_t> capacity) const {
    if (!capacity) return std::nullopt;
    const std::uint64_t all = std::uint64_t{*capacity} * token;
    const std::uint64_t gone = std::min<std::uint64_t>(spent(provider), all);
    return static_cast<std::uint32_t>((all - gone) / token);
  }
  // One more request because this provider failed. Stops counting far above any capacity.
  void spend(std::string_view provider) {
    constexpr std::uint32_t most = 2'000'000'000;
    std::uint32_t& spent = spent_[std::string(provider)];
    spent = std::min(spent + token, most);
  }
  void credit(std::string_view provider) {
    const auto found = spent_.find(provider);
    if (found == spent_.end()) return;
    if (found->second <= credit_per_success) {
      spent_.erase(found);
    } else {
      found->second -= credit_per_success;
    }
  }
  void restore(std::string_view provider, std::uint32_t spent) {
    spent_.erase(std::string(provider));
    if (spent != 0) spent_.emplace(provider, spent);
  }

  // By provider; those that spent nothing are absent.
  const std::map<std::string, std::uint32_t, std::less<>>& all() const { return spent_; }

  bool operator==(const RetryTokens&) const = default;

 private:
  std::map<std::string, std::uint32_t, std::less<>> spent_;
};

}  // namespace smokeledger::probes::core
