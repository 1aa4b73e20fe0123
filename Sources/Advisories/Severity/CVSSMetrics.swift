/// The metrics of one version of CVSS.
protocol CVSSMetrics {
    /// Metrics that a vector must have, each with its values.
    static var base: [Substring: [Substring]] { get }
    /// Metrics that it may have.
    static var optional: [Substring: [Substring]] { get }
}

extension CVSSMetrics {
    /// Reads `metric:value/metric:value…`; nil when a metric is unknown, repeated or missing, or a value is none of its own.
    static func values(_ text: Substring) -> [Substring: Substring]? {
        var values: [Substring: Substring] = [:]
        for field in text.split(separator: "/", omittingEmptySubsequences: false) {
            let parts = field.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let allowed = base[parts[0]] ?? optional[parts[0]], allowed.contains(parts[1])
            else {
                return nil
            }
            guard values.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        return base.keys.allSatisfy { values[$0] != nil } ? values : nil
    }
}
