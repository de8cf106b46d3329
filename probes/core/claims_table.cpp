#include "probes/core/claims_guard.h"

namespace smokeledger::probes::core {
namespace {

using enum ClaimSubject;

// One row is read as one: not formatted to one argument a line.
// clang-format off
constexpr std::array patterns{
    ClaimPattern{uptime, false, "~uptime"},
    ClaimPattern{uptime, false, "up time|times"},
    ClaimPattern{uptime, false, "~downtime"},
    ClaimPattern{uptime, false, "down time|times"},
    ClaimPattern{uptime, false, "~outage"},
    ClaimPattern{uptime, true, "no|zero|without ?any ~outage|~downtime"},
    ClaimPattern{uptime, true, "~uptime ?<be> ?of|at|above|over|about #"},
    ClaimPattern{uptime, true, "# percent ?of ?the ?time up|~uptime|~availab|success*|reliable"},
    ClaimPattern{uptime, true, "#9 percent"},
    ClaimPattern{uptime, true, "<count> nines|9s"},
    ClaimPattern{uptime, true, "<count> 9 s"},
    ClaimPattern{uptime, true, "<be> ?not ?never ?back ?still ?now ?all ?always up !to !for"},
    ClaimPattern{uptime, true, "<be> ?not ?never ?back ?still ?now ?all ?always down !to !by"},
    ClaimPattern{uptime, true, "<route> ?not ?back ?still up|down !to"},
    ClaimPattern{uptime, true, "<goes>|stays|stayed|remains|remained|never ?back down|up !to !by"},
    ClaimPattern{uptime, true, "up and running"},
    ClaimPattern{uptime, true, "<route> <be>|<goes> ?not ?back ?still <online>"},
    ClaimPattern{uptime, true, "never|not ?yet <be>|<goes> ?been <online>|down"},
    ClaimPattern{uptime, true, "around the clock"},

    ClaimPattern{latency, false, "~latenc"},
    ClaimPattern{latency, false, "=ttft|=ttfb|=rtt"},
    ClaimPattern{latency, false, "time|times to first|last token|byte"},
    ClaimPattern{latency, false, "response|reply|answer|roundtrip|turnaround time|times"},
    ClaimPattern{latency, false, "round trip|trips"},
    ClaimPattern{latency, false, "percentile*"},
    ClaimPattern{latency, true, "=p50|=p75|=p90|=p95|=p99|=p999 ?<be> ?of ?at ?under ?below ?about #|low|high|<good>"},
    ClaimPattern{latency, true, "p 50|75|90|95|99|99.9|999 ?<be> ?of ?at ?under ?below ?about #|low|high|<good>"},
    ClaimPattern{latency, true, "<route> .. slow*|fast*|quick*|sluggish|laggy|snappy"},
    ClaimPattern{latency, true, "slow*|fast*|quick* repl*|respon*|answer*|model*|provider*|api"},
    ClaimPattern{latency, true, "respon*|answers|answered|repl* ?<be> ?came|arrived|arrives ?back in|within|under|below|after ?about # <time>"},
    ClaimPattern{latency, true, "<route>|reply|replies|response|it|answer took|takes|needed|needs ?only ?about # <time>"},
    ClaimPattern{latency, true, "~latenc ?<be> ?of ?at ?about ?under ?below #|low|high|good|bad|<good>"},
    ClaimPattern{latency, true, "low|high|good|bad|normal|rising|falling ~latenc"},
    ClaimPattern{latency, true, "tokens per|a|each second"},

    ClaimPattern{health, false, "~health"},
    ClaimPattern{health, false, "degrad*"},
    ClaimPattern{health, true, "<route> <be> ?not ?now ?still ?all ?very <good>"},
    ClaimPattern{health, true, "<be> ?not ?now ?still ?all ?fully operational|healthy|unhealthy|degraded|impaired"},
    ClaimPattern{health, true, "all systems ?are go|normal|operational|green|nominal"},
    ClaimPattern{health, true, "<route> ?has ?have ?<be> recovered|crashed|works|broke|failing"},

    ClaimPattern{availability, false, "~availab"},
    ClaimPattern{availability, false, "success|error|failure rate*|ratio*|percentage*"},
    ClaimPattern{availability, false, "~successrate|~errorrate|~failurerate|~successratio"},
    ClaimPattern{availability, true, "<be> ?not ?always ?now ~availab"},
    ClaimPattern{availability, true, "<route> <be> ?not reachable|unreachable|accessible|inaccessible|gone"},
    ClaimPattern{availability, true, "<can> not|always ?always be reached"},
    ClaimPattern{availability, true, "# percent ?of ?all ?the requests|calls|replies ?<be> succe*|ok|pass*|usable"},

    ClaimPattern{quota, false, "=quota|=quotas|=overquota"},
    ClaimPattern{quota, false, "~quotaleft|~quotaused|~quotausage|~quotacheck|~tokenquota|~remainingquota"},
    ClaimPattern{quota, true, "=quota|=quotas ?<be> ?not ?now ?nearly ?almost used|left|full|exhausted|exceeded|fine|ok|enough"},
    ClaimPattern{quota, true, "=quota|=quotas ?<be> ?at ?of # percent|tokens|requests|calls"},
    ClaimPattern{quota, true, "over|out|enough|remaining|plenty ?of ?our ?the =quota|=quotas"},
    ClaimPattern{quota, true, "usage|account|token limit|limits ?<be> reached|exceeded|exhausted|raised"},
    ClaimPattern{quota, true, "# tokens|requests|calls|credits left|remaining|remain"},
    ClaimPattern{quota, true, "credit|credits ?<be> left|used|exhausted|remaining"},

    ClaimPattern{capacity, false, "capacity|capacities"},
    ClaimPattern{capacity, false, "~limitcapacity|~capacityleft|~sparecapacity"},
    ClaimPattern{capacity, false, "throughput|headroom"},
    ClaimPattern{capacity, true, "rate limit|limits ?<be> ?of ?at ?about #|high|low|generous|enough"},
    ClaimPattern{capacity, true, "<can>|<route> ?easily ?to handle*|sustain*|absorb*|serve|serves .. load|traffic|peak|users|requests"},
    ClaimPattern{capacity, true, "# requests|calls|tokens per|a|each second|minute|sec|min|s"},
    ClaimPattern{capacity, true, "# rps|qps|tpm|rpm"},
    ClaimPattern{capacity, true, "scales to|up|well"},
    ClaimPattern{capacity, true, "<route> <be> ?not overloaded|saturated|full"},

    ClaimPattern{price, false, "~price|~pricing"},
    ClaimPattern{price, false, "cheap*|expensive|inexpensive"},
    ClaimPattern{price, true, "$|=usd|=eur #"},
    ClaimPattern{price, true, "# $|=usd|=eur|euro|euros|dollar|dollars|cent|cents"},
    ClaimPattern{price, true, "cost|costs ?only ?about ?less ?more ?than #|$|nothing|little|half|twice"},
    ClaimPattern{price, true, "costs less|more|too"},
    ClaimPattern{price, true, "per ?1 ?one thousand|million|k|m tokens"},
    ClaimPattern{price, true, "price* <be>|went|rose|fell"},
    ClaimPattern{price, true, "free of charge"},
    ClaimPattern{price, true, "<route> <be> free"},

    ClaimPattern{billing, false, "~billing"},
    ClaimPattern{billing, false, "billed|billable|unbilled"},
    ClaimPattern{billing, false, "invoice*"},
    ClaimPattern{billing, true, "~billing <be>"},
    ClaimPattern{billing, true, "charge|charges|charged ?us ?only for|per|twice|#|$"},
    ClaimPattern{billing, true, "<be>|<get> ?not ?never ?only billed|charged|invoiced"},
    ClaimPattern{billing, true, "account <be> paid|unpaid|suspended"},

    ClaimPattern{readiness, false, "readiness"},
    ClaimPattern{readiness, true, "production|prod|launch|release|enterprise ready|grade|proof|safe"},
    ClaimPattern{readiness, true, "ready|fit|safe|approved|cleared|good for|in ?full ?real ?live ?use ?in production|prod|launch|traffic|live|rollout|promotion|release|users|customers"},
    ClaimPattern{readiness, true, "ready|safe|good|clear|cleared|set|ok to go|ship|promote|launch|roll|release|be"},
    ClaimPattern{readiness, true, "~productionready|~prodready|~readyforprod|~launchready"},
    ClaimPattern{readiness, true, "ready|cleared to take|serve|carry ?all ?full ?live ?production traffic|load|users"},

    ClaimPattern{guarantee, false, "~guarante"},
    ClaimPattern{guarantee, false, "=sla|=slas|=slo|=slos"},
    ClaimPattern{guarantee, false, "service level|levels"},
    ClaimPattern{guarantee, false, "warrant|warrants|warranty|warranties"},
    ClaimPattern{guarantee, true, "=sla|=slas|=slo|=slos ?<be> ?still ?not met|kept|breached|broken|<good>"},
    ClaimPattern{guarantee, true, "<vendor> promise*|commits|committed|ensures|assures"},
    ClaimPattern{guarantee, true, "<vendor> ?will always|never|automatically|surely retr*|fail*|drop*|throttl*|work*|answer*|respon*|reject*|recover*|time*|succeed*"},
    ClaimPattern{guarantee, true, "<vendor> will retry|recover|answer|respond|honour|honor"},
    ClaimPattern{guarantee, true, "always works|succeeds|responds|answers"},
    ClaimPattern{guarantee, true, "never fails"},
    ClaimPattern{guarantee, true, "<be> ~guarante"},
};

constexpr std::array allowed_patterns{
    ClaimAllowance{"follow|set|start|wake|back|clean|warm up|down time|times", "the `up` of a verb"},
    ClaimAllowance{"our|own|this capacity|throughput|headroom", "what we are sized for"},
    ClaimAllowance{"disk|buffer|queue|journal|ledger capacity", "of this host"},
    ClaimAllowance{"=quota error*|code|codes|script*|reply|replies|drill*", "a class of answer"},
    ClaimAllowance{"insufficient|exhausted|exceeded =quota error*|code|codes|script*|reply|replies|drill*", "the same, by the words of its code"},
    ClaimAllowance{"503 service unavailable", "the reason phrase of 503: RFC 9110"},
    ClaimAllowance{"health|~billing|pricing|=quota|=sla|~availab|~latenc|~uptime team|desk|oncall|contact|department", "people, by what they look after"},
    ClaimAllowance{"pricing|~latenc|=quota|=quotas|~availab|~uptime|~billing|health|=sla page|pages|documentation|docs", "a page, by what it is about"},
};

constexpr std::array allowed_names{
    ClaimAllowance{"/-/healthy", "Prometheus' customary name for `the process answers`"},
    ClaimAllowance{"insufficient_quota", "an error code of chat_completions and responses"},
    ClaimAllowance{"billing_error", "an error type of messages"},
    ClaimAllowance{"billing_hard_limit_reached", "an error code of chat_completions"},
    ClaimAllowance{"billing_not_active", "an error code of chat_completions"},
    ClaimAllowance{"exhausted-quota", "a script of the stub, by what it imitates"},
    ClaimAllowance{"Service Unavailable", "the reason phrase of 503: RFC 9110"},
    ClaimAllowance{"UNAVAILABLE", "the status word of 503 in google.rpc"},
};
// clang-format on

// Words of a class, apart from each other by one blank.
struct WordClass {
  std::string_view name;
  std::string_view words;
};
constexpr std::array classes{
    WordClass{"be", "is are was were be been being looks seems appears"},
    WordClass{"goes", "goes go went gone gets became becomes came"},
    WordClass{"get", "get got getting"},
    WordClass{"route",
              "provider* vendor* api apis endpoint* model models gateway* route routes upstream* "
              "backend* "
              "primary fallback openai anthropic service everything"},
    WordClass{"vendor", "provider* vendor* api gateway* upstream* openai anthropic endpoint* it"},
    WordClass{"online", "online offline alive dead live running dark"},
    WordClass{
        "good",
        "good fine ok okay stable unstable reliable unreliable flaky broken sound normal green red "
        "sick perfect great excellent struggling impaired robust solid"},
    WordClass{"count", "two three four five six 2 3 4 5 6"},
    WordClass{"time", "ms s sec* millisecond* minute* min m us microsecond* milli*"},
    WordClass{"can", "can could will able"},
    WordClass{
        "not",
        "not no never nothing neither nor none cannot without nobody nowhere refuse* decline*"},
    WordClass{
        "state",
        "assert* claim* measur* say* said state* stating promise* imply* implie* mean* tell* told "
        "show* prove* proof* infer* report* conclu* observ* know* evidence judg* guarantee* vouch* "
        "cover* record* check* test* about indicat* suggest* establish* reveal* describ* figure* "
        "metric* number* gauge* histogram* detector* assess* verdict* evaluat* express* word*"},
    WordClass{"turn", "but however yet although though except nevertheless because whereas"},
    WordClass{"ask", "whether ask asks asked asking unclear unknown question*"},
    WordClass{"only", "only just merely simply"},
};

}  // namespace

std::span<const ClaimPattern> claim_patterns() {
  return patterns;
}

std::span<const ClaimAllowance> allowed_claim_patterns() {
  return allowed_patterns;
}

std::span<const ClaimAllowance> allowed_claim_names() {
  return allowed_names;
}

std::string_view claim_word_class(std::string_view name) {
  for (const WordClass& row : classes) {
    if (row.name == name) return row.words;
  }
  return {};
}

}  // namespace smokeledger::probes::core
