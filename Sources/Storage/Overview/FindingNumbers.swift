public import Foundation

/// How many findings there are, and how much of the truth they are.
public struct FindingNumbers: Sendable, Hashable {
    /// Findings that are to verify or confirmed, by severity.
    public var open = SeverityCounts()
    /// Findings that are resolved.
    public var resolved = 0
    /// Findings that are ignored.
    public var ignored = 0
    /// Images with a result.
    public var images = 0
    /// Of these, those that were not read whole.
    public var incompleteImages = 0

    /// None of nothing.
    public init() {}

    /// Adds `other`, or takes it away where `sign` is −1.
    mutating func add(_ other: FindingNumbers, sign: Int = 1) {
        for severity in SeverityCounts.columns { open[severity] += sign * other.open[severity] }
        resolved += sign * other.resolved
        ignored += sign * other.ignored
        images += sign * other.images
        incompleteImages += sign * other.incompleteImages
    }
}

/// A day in UTC.
public struct Day: Sendable, Hashable, Comparable {
    /// Since 1970-01-01, which is 0.
    public let number: Int

    /// The day of this number.
    public init(number: Int) { self.number = number }

    /// The day that `date` is in.
    public init(_ date: Date) { number = Int((date.timeIntervalSince1970 / 86_400).rounded(.down)) }

    /// When it begins.
    public var start: Date { Date(timeIntervalSince1970: Double(number) * 86_400) }

    /// Earlier days are less.
    public static func < (left: Day, right: Day) -> Bool { left.number < right.number }
}
