/// A CVSS vector and the score that it stands for.
public struct CVSS: Sendable, Hashable {
    /// Which of the specifications the vector keeps.
    public enum Version: String, Sendable, Hashable, Comparable {
        /// A vector without a prefix.
        case two = "2.0"
        /// `CVSS:3.0/`.
        case threeZero = "3.0"
        /// `CVSS:3.1/`.
        case threeOne = "3.1"
        /// `CVSS:4.0/`.
        case four = "4.0"

        /// By number.
        public static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
    }

    /// Which specification.
    public let version: Version
    /// As it was read.
    public let vector: String
    /// From 0 to 10, one decimal. Of 2 and 3 the base score, whatever temporal and environmental metrics the vector has; of 4,
    /// which knows no score without them, with those that the vector has.
    public let score: Double

    /// Longer vectors are refused. One with every metric of CVSS 4.0 has about 220 bytes.
    static let maximumLength = 512

    /// Reads a vector; nil when it is malformed, lacks a base metric, or has an unknown or repeated one.
    public init?(_ vector: String) {
        guard vector.utf8.count <= CVSS.maximumLength else { return nil }
        let score: Double?
        if vector.hasPrefix("CVSS:4.0/") {
            version = .four
            score = CVSS4Metrics.values(vector.dropFirst(9)).map(CVSS4Metrics.score)
        } else if vector.hasPrefix("CVSS:3.0/") || vector.hasPrefix("CVSS:3.1/") {
            version = vector.hasPrefix("CVSS:3.0/") ? .threeZero : .threeOne
            score = CVSS3Metrics.values(vector.dropFirst(9)).flatMap(CVSS3Metrics.score)
        } else {
            version = .two
            score = CVSS2Metrics.values(vector[...]).flatMap(CVSS2Metrics.score)
        }
        guard let score else { return nil }
        self.vector = vector
        self.score = score
    }

    /// A vector that was read before.
    init(version: Version, vector: String, score: Double) {
        self.version = version
        self.vector = vector
        self.score = score
    }

    /// The band of the score.
    public var severity: Severity { version == .two ? Severity(version2Score: score) : Severity(score: score) }
}
