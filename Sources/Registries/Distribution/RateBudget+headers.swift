import Foundation

extension RateBudget {
    /// What an answer says of a rate limit: `ratelimit-limit: 100;w=21600` of Docker Hub's registry, `X-RateLimit-*` of APIs.
    /// Nil when it says nothing, which registries without a limit do.
    public init?(_ headers: OutboundHeaders) {
        for prefix in ["RateLimit-", "X-RateLimit-"] {
            guard let limit = headers[prefix + "Limit"].flatMap(RateBudget.number),
                let remaining = headers[prefix + "Remaining"].flatMap(RateBudget.number)
            else { continue }
            let window = headers[prefix + "Limit"].flatMap { text -> Int? in
                let parameter = text.split(separator: ";").dropFirst().first { $0.filter { $0 != " " }.hasPrefix("w=") }
                return parameter.flatMap { RateBudget.number($0.filter { $0 != " " }.dropFirst(2)) }
            }
            let reset = prefix == "X-RateLimit-" ? headers[prefix + "Reset"].flatMap(RateBudget.number) : nil
            self.init(
                limit: limit,
                remaining: remaining,
                windowInSeconds: window,
                resetsAt: reset.map { Date(timeIntervalSince1970: Double($0)) }
            )
            return
        }
        return nil
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8.prefix { (48...57).contains($0) }
        guard (1...12).contains(digits.count) else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
